"""Since the last report: what is new, standing and gone, and how the figures went over past reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis.sentences import listed
from reportgen.model import Gone, History, PastFigure, PastReport
from reportgen.numbers import Unit
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, TrendPoint, trend

MOST_POINTS = 20
"""So many reports a trend shows: the newest."""
MOST_TRENDS = 9
"""So many figures have a trend on the page; ``report.json`` has all."""

GATE_STATES = {"passes": "passes", "near": "passes, near the limit", "fails": "fails", "undecided": "can't tell"}
STATES = {"gone": "gone", "unlisted": "not listed", "unknown": "can't tell"}


@dataclass(frozen=True)
class GoneRow:
    """One finding of the last report that this one lacks."""

    headline: str
    state: str
    evidence: str


@dataclass(frozen=True)
class Trend:
    """One figure over the reports, and what kind of figure it is."""

    title: str
    kind: str
    chart: Chart
    change: bool = False  # against the baseline of each report


@dataclass(frozen=True)
class HistoryView:
    """The part of the Overview. Without a past report there is its sentence alone."""

    prose: str
    key: str
    gone: tuple[GoneRow, ...]
    trends: tuple[Trend, ...]
    trend_prose: str


def plan_history(report: Report) -> HistoryView | None:
    """The part; none where the manifest keeps no history."""
    history = report.history
    if history is None:
        return None
    if history.last is None:
        prose = "This is the first report that the history keeps. The next one says here what is new and what is gone."
        return HistoryView(prose, "", (), (), "")
    shown = (*history.past, history.now)[-MOST_POINTS:]
    left = len(history.past) + 1 - len(shown)
    older = f" {words.number_word(left)} older {'one is' if left == 1 else 'ones are'} not drawn." if left else ""
    trends = tuple(_trends(report, shown))
    return HistoryView(
        prose=_prose(report, history.last),
        key=_key(report, history),
        gone=tuple(_gone(one) for one in history.gone),
        trends=trends,
        trend_prose=f"{_rest_on(trends)} Reports stand in the order of their dates.{older} "
        "They may rest on other samples: a step is no paired difference.",
    )


def _prose(report: Report, last: PastReport) -> str:
    said = f"The last report that the history keeps is of {words.date(last.created)}"
    same = (last.baseline, last.candidate) == (report.baseline, report.candidate)
    if same:
        return f"{said}, of the same versions by name."
    held = f"was of {last.candidate}" if last.baseline is None else f"held {last.candidate} against {last.baseline}"
    return f"{said}; it {held}."


def _key(report: Report, history: History) -> str:
    """How many findings are new, standing and gone."""
    new = sum(one.since == "new" for one in report.findings)
    standing = sum(one.since == "standing" for one in report.findings)
    gone = sum(one.state == "gone" for one in history.gone)
    rest = len(history.gone) - gone
    if not new + standing + len(history.gone):
        return "Neither report has a finding."
    parts = [f"{numbers.count(n)} {word}" for n, word in ((new, "new"), (standing, "standing"), (gone, "gone")) if n]
    if rest:
        parts.append(f"{numbers.count(rest)} not listed any more")
    return f"Findings: {listed(parts)}."


def _rest_on(trends: Sequence[Trend]) -> str:
    """Which samples the trends rest on: those of a change are others."""
    parts = []
    if not all(one.change for one in trends):
        parts.append("The candidate of each report over all that it scored.")
    if any(one.change for one in trends):
        parts.append("A change is over what both versions scored, each against its own report's baseline.")
    return " ".join(parts)


def _gone(one: Gone) -> GoneRow:
    return GoneRow(one.finding.headline, STATES[one.state], one.evidence)


def _trends(report: Report, shown: Sequence[PastReport]) -> Iterator[Trend]:
    """The primary metric, then gates with a value, then declared slices: those that this report has, too."""
    now = {(one.kind, one.name): one for one in shown[-1].figures}
    primary = [one for one in now.values() if one.kind == "metric" and one.name == report.primary.name]
    rest = [one for kind in ("gate", "slice") for one in now.values() if one.kind == kind and one.value is not None]
    for i, figure in enumerate([*primary, *rest][:MOST_TRENDS]):
        points = [_point(one, figure) for one in shown]
        if sum(point.value is not None for point in points) < 2:
            continue
        kind = {"metric": "overall", "gate": "gate", "slice": f"{report.primary.label}, declared slice"}[figure.kind]
        if figure.change:
            points_word = " in points" if figure.unit == "rate" else ""
            kind = f"{kind}, change{points_word}, each against its own report's baseline"
        unit: Unit = "number" if figure.unit == "count" else figure.unit
        label = f"{figure.label} over the last {len(points)} reports."
        heads = ("Gate" if figure.kind == "gate" else "Candidate", *(["Baseline"] if figure.change else []))
        yield Trend(
            figure.label,
            kind,
            trend(
                f"history-{i}",
                label,
                points,
                unit=unit,
                change=bool(figure.change),
                order="Report",
                asides=heads,
                level=report.limits.level,
            ),
            change=bool(figure.change),
        )


def _is_same(one: PastFigure, figure: PastFigure) -> bool:
    """Whether a past figure is of the kind of this one; an old file does not say what is a change."""
    same = (one.kind, one.name, one.unit) == (figure.kind, figure.name, figure.unit)
    return same and one.change in {None, figure.change}


def _point(past: PastReport, figure: PastFigure) -> TrendPoint:
    own = next((one for one in past.figures if _is_same(one, figure)), None)
    first = past.candidate if figure.kind != "gate" else GATE_STATES.get((own and own.state) or "", numbers.MISSING)
    asides = (first, *([past.baseline or numbers.MISSING] if figure.change else []))
    name, short = words.date(past.created), words.day(past.created)
    if own is None:
        return TrendPoint(name, short, None, None, None, None, asides=asides)
    return TrendPoint(name, short, own.value, own.low, own.high, own.n, "candidate", asides)
