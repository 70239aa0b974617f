"""What pixels are taken for, on the Explore page before any script: over all samples, the most frequent mistakes."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.pixel_confusions import pixel_names, samples_of_cells
from reportgen.model import Limits, Link
from reportgen.report import Report
from reportgen.stats.support import support

ROWS = 8
"""Mistakes that stand in the page at once."""

_Cell = tuple[str, str]
"""Of a true class what is called another."""


@dataclass(frozen=True)
class PixelRow:
    """Pixels of a class that are called another: their share of the class's true pixels in both versions."""

    name: str
    said: str
    before: str  # empty: one version, or too few samples for a share
    after: str
    interval: str  # "3.1…7.4, n 16"
    link: Link | None  # the samples in which the candidate does so; none: there are none


@dataclass(frozen=True)
class _Part:
    """What a version has of a cell."""

    n: int  # pixels
    n_samples: int
    share: str
    ends: str


def plan_pixel_rows(report: Report) -> tuple[PixelRow, ...] | None:
    """The mistakes of either version, those of most pixels of the candidate first; none of what has no pixels."""
    parts = report.outcomes.parts
    if parts is None or parts.kind != "pixel":
        return None
    names = pixel_names(parts)
    shares = report.pixel_confusions.filter(pl.col("version").is_in([report.candidate, report.baseline or ""]))
    wrong = shares.filter((pl.col("target") != pl.col("prediction")) & (pl.col("n") > 0))
    cells: set[_Cell] = set(wrong.select("target", "prediction").iter_rows())
    now = _parts(shares.filter(version=report.candidate), cells, report.limits)
    was = None if report.baseline is None else _parts(shares.filter(version=report.baseline), cells, report.limits)
    v = report.outcomes.versions.index(report.candidate)
    held = samples_of_cells(parts.cells[v], report.outcomes.frame[columns.scored(v)].to_numpy())

    def link(is_: str, called: str) -> Link | None:
        n = held.get((names.index(is_), names.index(called)), 0)
        state = (("set", "all"), ("is", is_), ("called", called))
        return Link("examples", sentences.counted(report.outcomes, n), state, n) if n else None

    ranked = sorted(cells, key=lambda cell: (-now[cell].n, *map(names.index, cell)))
    return tuple(
        PixelRow(
            *cell,
            "" if was is None or now[cell].share == numbers.MISSING else was[cell].share,
            now[cell].share,
            ", ".join(filter(None, (now[cell].ends, f"n {numbers.count(now[cell].n_samples)}"))),
            link(*cell),
        )
        for cell in ranked[:ROWS]
    )


def _parts(shares: pl.DataFrame, cells: set[_Cell], limits: Limits) -> dict[_Cell, _Part]:
    """What a version has of each cell: of classes that it has no pixels of nothing."""
    known = {(row["target"], row["prediction"]): row for row in shares.iter_rows(named=True)}
    found = {}
    for cell in cells:
        row = known.get(cell, {"n": 0, "n_samples": 0})
        n = row["n_samples"]
        if support(n, None, limits) == "counts":
            found[cell] = _Part(row["n"], n, numbers.MISSING, "")
            continue
        ends = "" if row["low"] is None else numbers.interval(row["low"], row["high"], "rate")
        found[cell] = _Part(row["n"], n, numbers.rate(row["share"]), ends)
    return found
