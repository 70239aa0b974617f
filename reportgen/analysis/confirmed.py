"""Rows of found slices: figures over all samples, interval and verdict from those that the search did not see."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from reportgen.stats.support import verdict


def with_confirmed(
    whole: pl.DataFrame, half: pl.DataFrame, q: Mapping[str, float], *, higher_is_better: bool
) -> pl.DataFrame:
    """The table over all samples with low, high, p, method and support of the half that confirms, q and verdict.

    Args:
        whole: a row a found slice, over all samples, as ``columns.COMPARISONS`` or ``columns.WEAKNESSES``.
        half: the same rows over the samples that the search did not see.
        q: of the slices that were found for this question; the others have no q, and are unclear.
        higher_is_better: the metric's direction.
    """
    corrected = [q.get(one) for one in whole["slice"]]
    words = [
        verdict(
            np.nan if row["delta"] is None else row["delta"],
            np.nan if found is None else found,
            row["support"],
            higher_is_better,
        )
        for row, found in zip(half.iter_rows(named=True), corrected, strict=True)
    ]
    return whole.with_columns(
        *(half[name] for name in ("low", "high", "p", "method", "support")),
        pl.Series("q", corrected, dtype=pl.Float64),
        pl.Series("verdict", words, dtype=pl.String),
    )
