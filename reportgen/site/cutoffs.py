"""Choose a cut-off: the section as it stands in the page, at the cut-off to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.charts import Chart, CutoffPoint, cutoff_curves
from reportgen.site.cutoff_changes import SAME, change_row, goals_of, start_trade
from reportgen.site.cutoff_readings import (
    CutoffRow,
    Reading,
    Said,
    classes_of,
    cutoff_row,
    is_weighted,
    points_of,
    read,
    said,
    second_sentence,
    slices_of,
    start_of,
    versions_of,
)
from reportgen.site.cutoff_words import cutoff_text, fill
from reportgen.site.reliability import slice_name, worst_slice

OTHERS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""The cut-offs that are listed where scripts are off."""
KEY = "No cut-off is right by itself: this shows what each one trades, and people choose."
DOT, GAP = 9.0, 4.0
"""The size of one of the hundred dots in px, and the room between two."""


@dataclass(frozen=True)
class Dots:
    """A hundred dots as two paths of an SVG, and their words: how many are well, how many are not."""

    title: str
    well: str
    ill: str
    well_path: str
    ill_path: str


@dataclass(frozen=True)
class Matrix:
    """The four counts of one version: of the class and not, said so and not."""

    version: str
    role: str
    found: str
    missed: str
    false: str
    rest: str


@dataclass(frozen=True)
class CutoffsView:
    """The section at the cut-off to begin with; the browser shows every other from the data."""

    prose: str
    key: str
    cutoff: str
    value: float
    classes: tuple[str, ...]
    slices: tuple[tuple[str, str], ...]  # id, name
    start: tuple[str, str]  # class, slice id
    goals: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    trade: str
    second: str
    dots: tuple[Dots, ...]
    rows: tuple[CutoffRow, ...]
    others: tuple[CutoffRow, ...]
    matrices: tuple[Matrix, ...]
    chart: Chart
    things: str
    costs: bool
    note: str
    side: float  # of the square of dots, in px
    show: int  # fewer samples have no share
    blank: tuple[CutoffRow, ...]  # a line a version and one of their change, without words, for the script to copy


def plan_cutoffs(report: Report) -> CutoffsView | None:
    """The section's view; none where no version has a score that a cut-off could be laid on."""
    start = start_of(report)
    if start is None:
        return None
    klass, slice_id, cutoff = start
    versions = versions_of(report, klass, slice_id)
    readings = [read(report, version, klass, slice_id, cutoff) for version in versions]
    shown = [one for one in readings if one is not None]
    second = _second(report, klass, slice_id)
    wheres = [slice_id, *([second] if second is not None else [])]
    things = sentences.noun(report.outcomes)
    trade = start_trade(report, klass, slice_id, cutoff)
    return CutoffsView(
        prose=fill("prose", **{"class": klass}),
        key=KEY,
        cutoff=cutoff_text(cutoff),
        value=cutoff,
        classes=classes_of(report),
        slices=tuple((one.id, slice_name(report, one.id)) for one in slices_of(report)),
        start=(klass, slice_id),
        goals=goals_of(report),
        said=tuple(said(report, one, klass) for one in shown),
        trade=trade,
        second="" if second is None else second_sentence(report, klass, second, cutoff),
        dots=_dots(shown[0], klass, things) if shown else (),
        rows=_rows(report, klass, wheres, [cutoff]),
        others=_rows(report, klass, [slice_id], [c for c in OTHERS if c != cutoff]),
        matrices=tuple(_matrix(report, one) for one in shown),
        chart=_chart(report, klass, slice_id, cutoff, trade),
        things=things,
        costs=report.outcomes.costs is not None,
        note=_note(report),
        side=10 * DOT + 9 * GAP,
        show=report.limits.show,
        blank=tuple(CutoffRow(role, *[""] * 13) for role in ("candidate", "baseline", "change")),
    )


def _second(report: Report, klass: str, slice_id: str) -> str | None:
    """The slice that stands beside the chosen one: where the candidate is most too sure, or else the whole."""
    worst = worst_slice(report)
    known = set(report.cutoffs.filter(pl.col("class") == klass)["slice"])
    for one in (worst.id if worst is not None else None, ALL):
        if one is not None and one != slice_id and one in known:
            return one
    return None


def _rows(report: Report, klass: str, slices: Iterable[str], cutoffs: Iterable[float]) -> tuple[CutoffRow, ...]:
    """The lines of the table: for each cut-off and slice the candidate, then the baseline, then their change."""
    places = [(cutoff, slice_id) for cutoff in cutoffs for slice_id in slices]
    return tuple(row for cutoff, slice_id in places for row in _lines(report, klass, slice_id, cutoff))


def _lines(report: Report, klass: str, slice_id: str, cutoff: float) -> Iterator[CutoffRow]:
    for version in versions_of(report, klass, slice_id):
        if (one := read(report, version, klass, slice_id, cutoff)) is not None:
            yield cutoff_row(report, slice_id, one)
    if (change := change_row(report, klass, slice_id, cutoff, SAME)) is not None:
        yield change


def _dots(one: Reading, klass: str, things: str) -> tuple[Dots, ...]:
    """A hundred of the class, and a hundred alarms, rounded from the shares; none where there are too few."""
    found = []
    for title, words, rate in (
        (fill("hundred", **{"things": things, "class": klass}), ("are found", "missed"), one.found),
        (fill("hundred_alarms"), ("are right", "false"), one.right),
    ):
        well = None if rate is None else round_half_up(rate.value * 100)
        texts = ("", "") if well is None else (f"{well} {words[0]}", f"{100 - well} {words[1]}")
        found.append(Dots(title, *texts, *dot_paths(0 if well is None else well, 0 if well is None else 100)))
    return tuple(found)


def round_half_up(value: float) -> int:
    """To the nearest whole number, halves up, as the browser rounds."""
    return int(value + 0.5)


def dot_paths(well: int, total: int = 100) -> tuple[str, str]:
    """The path of the first dots as circles, and that of the rest as crosses, ten in a line."""
    circles, crosses = [], []
    for i in range(total):
        x, y = (i % 10) * (DOT + GAP), (i // 10) * (DOT + GAP)
        if i < well:
            circles.append(f"M{x:g} {y + 4.5:g}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z")
        else:
            crosses.append(f"M{x + 1:g} {y + 1:g}l7 7M{x + 8:g} {y + 1:g}l-7 7")
    return "".join(circles), "".join(crosses)


def _matrix(report: Report, one: Reading) -> Matrix:
    role = "candidate" if one.version == report.candidate else "baseline"
    counts = (numbers.count(n) for n in (one.n_found, one.n_missed, one.n_false, one.n_rest))
    return Matrix(one.version, role, *counts)


def _chart(report: Report, klass: str, slice_id: str, cutoff: float, label: str) -> Chart:
    candidate, baseline = (points_of(report, v, klass, slice_id) for v in (report.candidate, report.baseline))

    def at(points: tuple[CutoffPoint, ...]) -> CutoffPoint | None:
        return next((one for one in points if abs(one.cutoff - cutoff) < 1e-9), None)

    return cutoff_curves(
        "confidence-cutoffs",
        label or f"What {report.candidate} finds and how many of its alarms are right, at each cut-off.",
        candidate,
        baseline,
        read=(at(candidate), at(baseline)),
        names=(report.candidate, report.baseline or ""),
        level=report.limits.level,
    )


def _note(report: Report) -> str:
    """What the reader must know of the figures: whether weights count, and which of a change are not there."""
    parts = ["Dots are rounded from the share; the table has the exact counts."]
    if is_weighted(report):
        parts.append(f"Counts are of {sentences.noun(report.outcomes)}; shares are weighted.")
    if len(report.outcomes.classes) > 2:
        parts.append("Each class is cut off by its own probability, whatever the others are.")
    goals = {name for name, _ in goals_of(report)}
    if goals:
        parts.append(
            "A change has no share of alarms right: the two versions' alarms are not the same samples; compare the "
            "intervals of their two lines."
        )
    if goals - {SAME}:
        parts.append("What the versions are matched in has no interval: the cut-off is chosen to hold it equal.")
    return " ".join(parts)
