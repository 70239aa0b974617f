"""The scorecard: every measure over all samples, every version, and the candidate's change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Figures, MetricInfo, Support, Verdict
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts.trend import Role
from reportgen.site.overview_words import say
from reportgen.site.pairs import why_not_compared

WIDTH = 208
CROWDED = 132
"""The width of the plots beside four columns of numbers or more."""
COLUMNS = 4
HEIGHT = 46
PAD = 7
_RADII = {"baseline": 4.0, "other": 3.4, "candidate": 4.6}
_LINES = {"baseline": 13.0, "other": 23.0, "candidate": 33.0}
SUPPORTS: Sequence[Support] = ("counts", "show", "test", "decide")
"""From the least that a number of samples can bear to the most."""
MANY = 4
"""Above so many versions only baseline and candidate have a line, a rule and a column of their own."""


@dataclass(frozen=True)
class Mark:
    """One version's dot and rule in a row's small plot, in pixels; without a rule ``left`` and ``right`` are equal."""

    kind: str  # baseline | other | candidate
    x: float
    y: float
    r: float
    left: float
    right: float


@dataclass(frozen=True)
class Cell:
    """One version's value, with its interval for those who do not see the plot."""

    version: str
    kind: str
    value: str
    interval: str
    why: str  # why there is no value


@dataclass(frozen=True)
class ScoreRow:
    """One measure. ``low`` and ``high`` are the ends of its own axis; the change is none where it is not compared.

    ``support`` is the lesser of the change's and the candidate's value's. A change without a verdict is not defined;
    ``why`` says why no version has a value.
    """

    label: str
    plain: str
    aside: str  # "higher is better"
    cells: tuple[Cell, ...]
    low: str
    high: str
    marks: tuple[Mark, ...]
    verdict: Verdict | None
    support: Support
    change: str
    interval: str
    word: str
    n: str
    why: str = ""


@dataclass(frozen=True)
class Scorecard:
    """All measures; ``columns`` are the versions with a column of numbers, ``n_others`` those that are dots alone."""

    columns: tuple[tuple[str, str], ...]  # name, kind
    width: int  # of the plots, in pixels
    rows: tuple[ScoreRow, ...]
    n_others: int
    against: str  # "v3 against v1"; empty where nothing is compared
    shared: str  # where the change rests on fewer samples than the values


def plan_scorecard(report: Report) -> Scorecard:
    """Rows in the order of the report's metrics, those of a class left out."""
    estimates = {
        (row["metric"], row["version"]): row
        for row in report.estimates.filter((pl.col("slice") == ALL) & pl.col("class").is_null()).iter_rows(named=True)
    }
    changes = {
        row["metric"]: row
        for row in report.comparisons.filter(
            (pl.col("slice") == ALL)
            & pl.col("class").is_null()
            & (pl.col("candidate") == report.candidate)
            & pl.lit(not why_not_compared(report, report.candidate))
        ).iter_rows(named=True)
    }
    names = [version.name for version in report.versions]
    apart = why_not_compared(report, report.candidate)
    many = len(names) > MANY
    shown = [name for name in names if not many or kind_of(report, name) != "other"]
    width = CROWDED if len(shown) >= COLUMNS else WIDTH
    rows = tuple(
        _row(
            report,
            metric,
            {name: estimates.get((metric.name, name)) for name in names},
            changes.get(metric.name),
            shown,
            many=many,
            width=width,
        )
        for metric in report.metrics
        if not metric.per_class
    )
    return Scorecard(
        columns=tuple((name, kind_of(report, name)) for name in shown),
        width=width,
        rows=rows,
        n_others=len(names) - len(shown),
        against=say("against", candidate=report.candidate, baseline=report.baseline)
        if report.baseline and not apart
        else "",
        shared=_shared(report, estimates, changes),
    )


def kind_of(report: Report, version: str) -> Role:
    """How a version is drawn: baseline, candidate, or other."""
    roles: dict[str | None, Role] = {report.candidate: "candidate", report.baseline: "baseline"}
    return roles.get(version, "other")


def _row(
    report: Report,
    metric: MetricInfo,
    found: Mapping[str, Figures | None],
    change: Figures | None,
    shown: Sequence[str],
    *,
    many: bool,
    width: int,
) -> ScoreRow:
    places = None if change is None else change["decimals"]
    known = {name: row for name, row in found.items() if row is not None and row["value"] is not None}
    ends = [v for row in known.values() for v in (row["low"], row["value"], row["high"]) if v is not None]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    low_text, _, high_text = numbers.interval(low, high, metric.unit, places).partition(numbers.ELLIPSIS)
    verdict: Verdict | None = None if change is None or change["delta"] is None else change["verdict"]
    supports = [row["support"] for row in (change, found.get(report.candidate)) if row is not None]
    support: Support = min(supports, key=SUPPORTS.index, default="decide")
    return ScoreRow(
        label=metric.label,
        plain=metric.plain,
        aside=words.direction(metric),
        cells=tuple(_cell(report, metric, name, found[name], places) for name in shown),
        low=low_text if ends else "",
        high=high_text if ends else "",
        marks=_marks(report, known, partial(_at, low=low, high=high, width=width), many=many),
        verdict=verdict,
        support=support,
        change="" if change is None else numbers.difference(change["delta"], metric.unit, places),
        interval=""
        if change is None
        else numbers.difference_interval(change["low"], change["high"], metric.unit, places),
        word=_undefined(change, known) if verdict is None else words.VERDICTS[verdict],
        n=numbers.count(change["n"] if change is not None else max((r["n"] for r in known.values()), default=0)),
        why="" if known else _why(found),
    )


def _undefined(change: Figures | None, known: Mapping[str, Figures]) -> str:
    """What stands in place of a change that is not defined; of no value at all the row says why."""
    if change is None:
        return ""
    return say("undefined") if known else numbers.MISSING


def _why(found: Mapping[str, Figures | None]) -> str:
    """Why no version has a value: "not defined: no object to find"; empty where nobody says."""
    reasons = {row["reason"] for row in found.values() if row is not None and row["reason"]}
    return " ".join(sorted(reasons))


def _cell(report: Report, metric: MetricInfo, name: str, row: Figures | None, places: int | None) -> Cell:
    if row is None or row["value"] is None:
        why = "" if row is None else row["reason"] or ""
        return Cell(name, kind_of(report, name), numbers.MISSING, "", why)
    return Cell(
        version=name,
        kind=kind_of(report, name),
        value=numbers.value(row["value"], metric.unit, places),
        interval=numbers.interval(row["low"], row["high"], metric.unit, places),
        why="",
    )


def _marks(
    report: Report, known: Mapping[str, Figures], at: Callable[[float], float], *, many: bool
) -> tuple[Mark, ...]:
    """The versions from top to bottom in their order; where there are many, the others share the line in the middle."""
    names = list(known)
    drawn = []
    for i, name in enumerate(names):
        row, kind = known[name], kind_of(report, name)
        bare = many and kind == "other"
        y = _LINES[kind] if many else HEIGHT / 2 + (i - (len(names) - 1) / 2) * 9.5
        x = at(row["value"])
        left = x if bare or row["low"] is None else at(row["low"])
        right = x if bare or row["high"] is None else at(row["high"])
        drawn.append(Mark(kind, x, round(y, 1), _RADII[kind], left, right))
    return tuple(sorted(drawn, key=lambda mark: ("other", "baseline", "candidate").index(mark.kind)))


def _at(value: float, low: float, high: float, width: int) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(PAD + share * (width - 2 * PAD), 1)


def _shared(report: Report, estimates: Mapping[tuple[str, str], Figures], changes: Mapping[str, Figures]) -> str:
    """What to say where the pair shares fewer samples than each of them scored."""
    change = changes.get(report.primary.name)
    row = estimates.get((report.primary.name, report.candidate))
    if why := why_not_compared(report, report.candidate):
        return why
    if change is None or row is None or report.baseline is None:
        return ""
    other = estimates.get((report.primary.name, report.baseline))
    if change["n"] == row["n"] and other is not None and other["n"] == row["n"]:
        return ""
    counted = sentences.counted(report.outcomes, change["n"])
    return say("shared", counted=counted, all=numbers.count(report.outcomes.frame.height))
