"""The cells of the confusion matrix in words: what the page says of the one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import Link, Verdict
from reportgen.report import Report
from reportgen.site.compare_charts import cell_key
from reportgen.site.pair_words import say
from reportgen.site.pairs import flips_of, spoken
from reportgen.site.slice_rows import Figures

MAX_CELLS = 2_500
"""Cells of a confusion matrix that the page can explain."""


@dataclass(frozen=True)
class CellView:
    """One cell of the confusion matrix, before and after."""

    key: str
    target: str
    prediction: str
    title: str  # "pedestrian called cyclist"
    counts: str  # "335 → 397"
    change: str  # "+62 images, 95% +31…+93, q 0.003"
    share: str  # "4.5% → 5.4% of 7,412 pedestrian"
    verdict: Verdict
    link: Link


def plan_cells(report: Report, version: str) -> tuple[CellView, ...]:
    """The cells that hold a sample of either version, worst change first."""
    frame = report.confusion_changes.filter(
        (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & ((pl.col("n_baseline") > 0) | (pl.col("n_candidate") > 0))
    )
    order = {"worse": 0, "better": 1, "unclear": 2, "too_few": 3}
    rows = sorted(
        frame.iter_rows(named=True),
        key=lambda row: (order[row["verdict"]], -abs(row["delta"]), row["target"], row["prediction"]),
    )
    # Examples counts what the version scored; the comparison, what both did
    whole = flips_of(report, version)["n"] == next(v.n_scored for v in report.versions if v.name == version)
    return tuple(_cell(report, version, row, whole=whole) for row in rows[:MAX_CELLS])


def _cell(report: Report, version: str, row: Figures, *, whole: bool) -> CellView:
    target, prediction = str(row["target"]), str(row["prediction"])
    before, after, delta, n = (int(str(row[c])) for c in ("n_baseline", "n_candidate", "delta", "n"))
    ends = [None if row[c] is None else float(str(row[c])) for c in ("low", "high")]
    interval = numbers.difference_interval(ends[0], ends[1], "number", 0)
    noun = sentences.noun(report.outcomes, abs(delta))
    change = say(
        "cell_change",
        change=numbers.signed(delta, 0),
        noun=noun,
        level=numbers.level(report.limits.level),
        ends=interval,
    )
    if row["q"] is not None:
        change = say("cell_q", said=change, q=spoken(numbers.q_value(float(str(row["q"])))))
    right = target == prediction
    title = say("cell_right" if right else "cell_wrong", target=target, prediction=prediction)
    shares = [numbers.rate(k / n) if n else numbers.MISSING for k in (before, after)]
    state = [("set", "all" if right else "wrong"), ("label", target), ("predicted", prediction)]
    if version != report.candidate:
        state.append(("version", version))
    return CellView(
        cell_key(target, prediction),
        target,
        prediction,
        title,
        f"{numbers.count(before)} → {numbers.count(after)}",
        change,
        say("cell_share", before=shares[0], after=shares[1], n=numbers.count(n), target=target),
        row["verdict"],  # type: ignore[arg-type]
        Link("examples", say("see_all", n=numbers.count(after)), tuple(state), after)
        if whole
        else Link("examples", say("see_them"), tuple(state)),
    )


def cells_sentence(cells: Sequence[CellView]) -> str:
    """How many cells go the wrong way beyond chance, and which one most of all."""
    worse = [c for c in cells if c.verdict == "worse"]
    better = sum(c.verdict == "better" for c in cells)
    if not cells:
        return ""
    if not worse and not better:
        return say("cells_alike")
    if not worse:
        return say("cells_better", n=numbers.count(better))
    worst = say("cell_worst", title=worse[0].title, counts=worse[0].counts)
    return say("cells_one" if len(worse) == 1 else "cells_many", n=numbers.count(len(worse)), worst=worst)
