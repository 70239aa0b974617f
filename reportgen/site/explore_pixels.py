"""What pixels are taken for, on the Explore page before any script: over all samples, the most frequent mistakes."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.report import Report

ROWS = 8
"""Mistakes that stand in the page at once."""


@dataclass(frozen=True)
class PixelRow:
    """Pixels of a class that are called another: their share of the class's true pixels in both versions."""

    name: str
    said: str
    before: str  # empty: one version
    after: str
    interval: str  # "3.1…7.4, n 16"


def plan_pixel_rows(report: Report) -> tuple[PixelRow, ...] | None:
    """The candidate's mistakes, those of most pixels first; none where samples are not judged by pixels."""
    parts = report.outcomes.parts
    if parts is None or parts.kind != "pixel":
        return None
    shares = report.pixel_confusions.filter(pl.col("target") != pl.col("prediction"))
    before = {
        (row["target"], row["prediction"]): row["share"]
        for row in shares.filter(pl.col("version") == (report.baseline or "")).iter_rows(named=True)
    }
    own = shares.filter(pl.col("version") == report.candidate).sort("n", descending=True, maintain_order=True)
    return tuple(
        PixelRow(
            row["target"],
            row["prediction"],
            "" if report.baseline is None else numbers.rate(before.get((row["target"], row["prediction"]), 0.0)),
            numbers.rate(row["share"]),
            f"{numbers.interval(row['low'], row['high'], 'rate')}, n {numbers.count(row['n_samples'])}",
        )
        for row in own.head(ROWS).iter_rows(named=True)
    )
