"""What people who looked again made of the labels that looked wrong."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.inspection.labels import Reviewed
from reportgen.model import Outcomes
from reportgen.stats.intervals import UNIT, ratio_intervals
from reportgen.stats.shares import Population


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
    low = high = n_groups = None
    if looked.height:
        group = looked["group"].rank("dense").to_numpy().astype(np.int64) - 1 if "group" in looked.columns else None
        n_groups = None if group is None else int(group.max()) + 1
        sums = Population(looked.height, group).sums(
            [looked.select(wrong.fill_null(value=False)).to_series().to_numpy()]
        )
        found = ratio_intervals(sums, binary=True, level=level, bounds=UNIT)
        low, high = float(found.low[0]), float(found.high[0])
    return Reviewed(
        file=given.reviewed_file,
        n=counts["n"],
        n_unknown=given.reviewed.height - counts["n"],
        n_candidates=counts["candidates"],
        n_wrong=counts["wrong"],
        n_suggested=counts["suggested"],
        low=low,
        high=high,
        n_others=counts["n"] - counts["candidates"],
        n_others_wrong=counts["others_wrong"],
        n_corrected=counts["corrected"],
        n_groups=n_groups,
        from_top=_from_top(candidates["id"], looked["id"]),
    )


def _from_top(ranked: pl.Series, looked: pl.Series) -> bool:
    """Whether those that were looked at, as far as they are ranked still, are the first ones, and not all."""
    done = ranked.is_in(looked.implode())
    n = int(done.sum())
    return 0 < n < len(ranked) and bool(done.head(n).all())


def _labels(outcomes: Outcomes) -> pl.Series:
    target = outcomes.frame[columns.TARGET]
    if not outcomes.classes:
        return target.cast(pl.String)
    names = pl.Series(list(outcomes.classes), dtype=pl.String)
    codes = target.cast(pl.Int64)
    return names.gather(codes.set(codes < 0, None))
