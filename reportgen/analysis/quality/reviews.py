"""What people who looked again made of the labels that looked wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.inspection.labels import Reviewed
from reportgen.model import Outcomes
from reportgen.stats.intervals import UNIT, ratio_intervals
from reportgen.stats.object_errors import FOUND
from reportgen.stats.objects import overlap_each
from reportgen.stats.shares import Population
from reportgen.tasks.objects import BOX


def hold_reviewed(outcomes: Outcomes, candidates: pl.DataFrame, given: Given, level: float) -> Reviewed | None:
    """The candidates' precision, with its interval; none without a reviewed list.

    A label was wrong where the reviewed one is another than the one that the sample had when the list was made. Samples
    of one group count as their design effect says; weights say nothing of how many labels are wrong.
    """
    if given.reviewed is None:
        return None
    frame = outcomes.frame
    now = pl.DataFrame({"id": frame[columns.ID], "now": _labels(outcomes)})
    if columns.GROUP in frame.columns:
        now = now.with_columns(frame[columns.GROUP].cast(pl.Int64).alias("group"))
    table = given.reviewed.join(now, on="id", how="inner").join(
        candidates.select("id", pl.col("suggestion").alias("suggested_now")), on="id", how="left"
    )
    # A label that was mended since is no candidate any more: what the list suggested then counts first.
    table = table.with_columns(
        pl.coalesce("label", "now").alias("then"), pl.coalesce("suggestion", "suggested_now").alias("suggestion")
    )
    wrong = pl.col("reviewed") != pl.col("then")
    counts = table.select(
        n=pl.len(),
        candidates=pl.col("suggestion").is_not_null().sum(),
        wrong=(wrong & pl.col("suggestion").is_not_null()).sum(),
        suggested=(wrong & (pl.col("reviewed") == pl.col("suggestion"))).fill_null(value=False).sum(),
        others_wrong=(wrong & pl.col("suggestion").is_null()).sum(),
        corrected=(wrong & (pl.col("reviewed") == pl.col("now"))).sum(),
    ).row(0, named=True)
    looked = table.filter(pl.col("suggestion").is_not_null())
    found = _precision(looked.with_columns(wrong=wrong.fill_null(value=False)), level)
    return Reviewed(
        file=given.reviewed_file,
        n=counts["n"],
        n_unknown=given.reviewed.height - counts["n"],
        n_candidates=counts["candidates"],
        n_wrong=counts["wrong"],
        n_suggested=counts["suggested"],
        low=found.low,
        high=found.high,
        n_others=counts["n"] - counts["candidates"],
        n_others_wrong=counts["others_wrong"],
        n_corrected=counts["corrected"],
        n_groups=found.n_groups,
        from_top=_from_top(candidates["id"].is_in(looked["id"].implode())),
    )


def hold_reviewed_boxes(outcomes: Outcomes, candidates: pl.DataFrame, given: Given, level: float) -> Reviewed | None:
    """The same of annotated boxes (``columns.BOX_ISSUES``); none without a reviewed list."""
    known = candidates.select("id", "kind", "annotation", *(pl.col(f"suggested_{name}").alias(name) for name in BOX))
    return _hold_parts(outcomes, known, given, level)


def hold_reviewed_regions(outcomes: Outcomes, candidates: pl.DataFrame, given: Given, level: float) -> Reviewed | None:
    """The same of annotated regions (``columns.REGION_ISSUES``)."""
    known = candidates.select("id", "kind", pl.lit(None, pl.String).alias("annotation"), *BOX)
    return _hold_parts(outcomes, known, given, level)


def _hold_parts(outcomes: Outcomes, candidates: pl.DataFrame, given: Given, level: float) -> Reviewed | None:
    """The precision of candidates that have a box.

    A candidate of now is one of the list where sample, kind and annotation are the same, or, where no annotation is
    named, where the boxes overlap by half.
    """
    if given.reviewed is None:
        return None
    frame = outcomes.frame
    now = frame.select(columns.ID, *([pl.col(columns.GROUP).cast(pl.Int64)] if columns.GROUP in frame.columns else []))
    table = given.reviewed.join(now, on="id", how="inner", maintain_order="left")
    table = table.with_columns(wrong=pl.col("reviewed") == "wrong")
    keys = ["id", "kind"]
    pairs = (
        candidates.with_row_index("candidate")
        .select("candidate", *keys, "annotation", *(pl.col(name).alias(f"{name}_now") for name in BOX))
        .join(table.with_row_index("line").select("line", *keys, pl.col("annotation").alias("then"), *BOX), on=keys)
    )
    boxes, others = (pairs.select(names).to_numpy() for names in (BOX, [f"{name}_now" for name in BOX]))
    near = overlap_each(boxes, others) >= FOUND if len(boxes) else np.empty(0, bool)
    same = pairs.filter(
        pl.when(pl.col("annotation").is_null())
        .then(pl.col("then").is_null() & pl.Series(near))
        .otherwise(pl.col("annotation") == pl.col("then"))
    )
    told = pl.col("listed")
    still = pl.int_range(pl.len()).is_in(same["line"].implode())
    counts = table.select(
        candidates=told.sum(),
        wrong=(pl.col("wrong") & told).sum(),
        others_wrong=(pl.col("wrong") & ~told).sum(),
        corrected=(pl.col("wrong") & told & ~still).sum(),
    ).row(0, named=True)
    found = _precision(table.filter(told), level)
    return Reviewed(
        file=given.reviewed_file,
        n=table.height,
        n_unknown=given.reviewed.height - table.height,
        n_candidates=counts["candidates"],
        n_wrong=counts["wrong"],
        n_suggested=None,
        low=found.low,
        high=found.high,
        n_others=table.height - counts["candidates"],
        n_others_wrong=counts["others_wrong"],
        n_corrected=counts["corrected"],
        n_groups=found.n_groups,
        from_top=_from_top(pl.Series(np.isin(np.arange(candidates.height), same["candidate"].to_numpy()))),
    )


@dataclass(frozen=True)
class _Precision:
    low: float | None = None
    high: float | None = None
    n_groups: int | None = None


def _precision(looked: pl.DataFrame, level: float) -> _Precision:
    """The interval of the share that is ``wrong``, by ``group`` where there is one."""
    if not looked.height:
        return _Precision()
    group = looked["group"].rank("dense").to_numpy().astype(np.int64) - 1 if "group" in looked.columns else None
    sums = Population(looked.height, group).sums([looked["wrong"].to_numpy()])
    found = ratio_intervals(sums, binary=True, level=level, bounds=UNIT)
    return _Precision(float(found.low[0]), float(found.high[0]), None if group is None else int(group.max()) + 1)


def _from_top(done: pl.Series) -> bool:
    """Whether those of the ranked candidates that were looked at are the first ones, and not all."""
    n = int(done.sum())
    return 0 < n < len(done) and bool(done.head(n).all())


def _labels(outcomes: Outcomes) -> pl.Series:
    target = outcomes.frame[columns.TARGET]
    if not outcomes.classes:
        return target.cast(pl.String)
    names = pl.Series(list(outcomes.classes), dtype=pl.String)
    codes = target.cast(pl.Int64)
    return names.gather(codes.set(codes < 0, None))
