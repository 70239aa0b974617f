"""What if it may say "not sure"? How errors fall where a version hands its least sure samples to a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.charts import Chart, RiskCurve, RiskPoint, risk
from reportgen.site.confidence_words import say
from reportgen.site.reliability import slice_name, worst_slice

KEPT = 0.9
"""The share that the sentences speak of: all but the least sure 10%."""


@dataclass(frozen=True)
class RiskPanel:
    """One chart with what it says of each version."""

    title: str
    detail: str  # "n = 48,210"
    key: str
    others: str
    chart: Chart


@dataclass(frozen=True)
class HandingView:
    """All samples, and the slice where the candidate is most too sure, each on a scale of its own."""

    panels: tuple[RiskPanel, ...]
    nouns: str


def plan_handing(report: Report) -> HandingView | None:
    """The section's view; none where no curve is known."""
    worst = worst_slice(report)
    panels = [_panel(report, ALL, "")]
    if worst is not None:
        panels.append(_panel(report, worst.id, "mind the other scale"))
    found = tuple(panel for panel in panels if panel is not None)
    return HandingView(found, sentences.noun(report.outcomes)) if found else None


def _panel(report: Report, slice_id: str, remark: str) -> RiskPanel | None:
    curves = {version: _curve(report, version, slice_id) for version in (report.candidate, report.baseline) if version}
    candidate = curves[report.candidate]
    baseline = curves.get(report.baseline or "")
    if candidate is None:
        return None
    key = hand_sentence(report, report.candidate, slice_id)
    n = candidate.points[-1].n
    draw = partial(
        risk,
        "confidence-risk-all" if slice_id == ALL else "confidence-risk-slice",
        key,
        candidate,
        baseline,
        noun=sentences.noun(report.outcomes),
        level=report.limits.level,
    )
    chart = draw()
    if slice_id == ALL and report.baseline is not None:
        known = (_curve(report, version, ALL) for version in report.outcomes.versions)
        chart = replace(chart, waiting=draw(others=[one for one in known if one is not None]))
    name = slice_name(report, slice_id)
    return RiskPanel(
        title=name[:1].upper() + name[1:] if slice_id == ALL else name,
        detail=f"n = {numbers.count(n)}" + (f"; {remark}" if remark else ""),
        key=key,
        others=" ".join(
            part
            for part in (
                hand_sentence(report, report.baseline, slice_id) if report.baseline and baseline else "",
                _apart(report, candidate, baseline),
            )
            if part
        ),
        chart=chart,
    )


def _curve(report: Report, version: str, slice_id: str) -> RiskCurve | None:
    rows = report.risks.filter((pl.col("version") == version) & (pl.col("slice") == slice_id)).sort("share")
    points = tuple(
        RiskPoint(row["kept_rate"], row["n"], row["wrong_rate"], row["low"], row["high"])
        for row in rows.unique("kept_rate", keep="first", maintain_order=True).iter_rows(named=True)
        if row["n"] >= report.limits.show
    )
    return RiskCurve(version, points, _marked(points)) if points else None


def _marked(points: tuple[RiskPoint, ...]) -> RiskPoint | None:
    """The point that decides at least 90% and not all; none where so many samples tie that there is no such one."""
    found = next((point for point in points if point.kept >= KEPT - 1e-9), None)
    return found if found is not None and found.kept < 1 - 1e-9 else None


def hand_sentence(report: Report, version: str, slice_id: str) -> str:
    """What handing the least sure 10% to a person does to a version's errors, with both rates, intervals and n."""
    curve = _curve(report, version, slice_id)
    if curve is None:
        return ""
    things = sentences.noun(report.outcomes)
    before, after = curve.points[-1], curve.mark
    if after is None:
        return (
            f"{version} is as sure of so many {things} that the least sure 10% can't be told from the rest; it gets "
            f"{_rate(report, before)} wrong."
        )
    handed = numbers.rate(1 - after.kept).replace(".0%", "%")
    moved = "fall" if after.wrong < before.wrong else "don't fall: they go"
    return (
        f"Hand the least sure {handed} to a person, and {version}'s errors among the rest {moved} from "
        f"{_rate(report, before)} to {_rate(report, after)}."
    )


def _rate(report: Report, point: RiskPoint) -> str:
    ends = numbers.interval(point.low, point.high, "rate", joint=" to ")
    return f"{numbers.rate(point.wrong)} ({numbers.level(report.limits.level)} {ends}, n = {numbers.count(point.n)})"


def _apart(report: Report, candidate: RiskCurve, baseline: RiskCurve | None) -> str:
    """Which version makes fewer errors at the share spoken of; only intervals that are apart tell."""
    one, other = candidate.mark, baseline.mark if baseline else None
    if one is None or other is None or None in (one.low, one.high, other.low, other.high):
        return ""
    pair = {"candidate": report.candidate, "baseline": report.baseline}
    if one.high < other.low:  # type: ignore[operator]
        return say("risks_fewer", **pair)
    if one.low > other.high:  # type: ignore[operator]
        return say("risks_more", **pair)
    return say("risks_overlap")
