"""What people who looked again made of the labels that looked wrong."""

from __future__ import annotations

import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.inspection.labels import Reviewed
from reportgen.model import Outcomes
from reportgen.stats.intervals import wilson


def hold_reviewed(outcomes: Outcomes, candidates: pl.DataFrame, given: Given, level: float) -> Reviewed | None:
    """The candidates' precision, with its interval; none without a reviewed list.

    A label was wrong where the reviewed one is another than the one that the sample had when the list was made.
    """
    if given.reviewed is None:
        return None
    now = pl.DataFrame({"id": outcomes.frame[columns.ID], "now": _labels(outcomes)})
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
    low = high = None
    if counts["candidates"]:
        low, high = (float(end) for end in wilson(counts["wrong"], counts["candidates"], level))
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
    )


def _labels(outcomes: Outcomes) -> pl.Series:
    target = outcomes.frame[columns.TARGET]
    if not outcomes.classes:
        return target.cast(pl.String)
    names = pl.Series(list(outcomes.classes), dtype=pl.String)
    codes = target.cast(pl.Int64)
    return names.gather(codes.set(codes < 0, None))
