"""What this evidence cannot show: combinations of values that lack samples, and how small a loss could show."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis import coverage_words as said
from reportgen.analysis import sentences
from reportgen.model import ALL, Combination, Link, Power
from reportgen.report import Report
from reportgen.site.charts import Chart, covered
from reportgen.site.charts.covered import keep_attributes

SHOWN = 24
"""Combinations that each list on the page names; the others are counted."""


@dataclass(frozen=True)
class Gap:
    """One combination that lacks samples: its name, or the link to its slice, and how many it has and would have."""

    name: str
    link: Link | None
    size: str  # "3, about 73 expected"


@dataclass(frozen=True)
class GapList:
    """The first combinations of a kind, and how many more there are."""

    title: str
    gaps: tuple[Gap, ...]
    more: str


@dataclass(frozen=True)
class CoverageView:
    """Coverage as the page says it; ``chart`` is null where no two attributes slice."""

    sentence: str
    key: str  # the sentence with what to see
    reading: str  # how the chart is read
    note: str  # what "none" means
    chart: Chart | None
    chart_note: str  # attributes that are not drawn
    empty: GapList | None
    few: GapList | None


@dataclass(frozen=True)
class PowerRow:
    """One line of the table of power, every figure as text."""

    name: str
    link: Link | None
    reason: str  # the gate's name, or why the slice is critical
    measure: str
    n: str
    drop: str
    limit: str
    missing: str
    lacks: bool


@dataclass(frozen=True)
class PowerView:
    """The table of power; without rows, ``sentence`` says why."""

    sentence: str
    key: str
    rows: tuple[PowerRow, ...]
    note: str = ""


def plan_coverage(report: Report) -> CoverageView:
    """The coverage of two values at once, with its matrix and its gaps."""
    coverage, outcomes = report.coverage, report.outcomes
    sentence = said.coverage_sentence(coverage, outcomes)
    if coverage is None:
        return CoverageView(sentence, "", "", "", None, "", None, None)
    key = said.gap_sentence(coverage, outcomes)
    enough = said.enough(coverage, outcomes)
    left = len(coverage.attributes) - len(keep_attributes(coverage.attributes, coverage.pairs))
    slices = {frozenset((t.attribute, t.value) for t in one.terms): one.id for one in report.slices}
    return CoverageView(
        sentence=sentence,
        key=key,
        reading="Each cell is two attributes, an outlined one the values of one alone: the share of their "
        f"combinations that have {enough}, and how many of how many. Strong cells have gaps.",
        note=said.empty_note(outcomes) if coverage.n_empty else "",
        chart=covered("about-coverage", key or sentence, coverage.attributes, coverage.pairs, enough=enough),
        chart_note=f"{left} more attributes, which lack less, stand in the table alone." if left else "",
        empty=_list(f"With no {sentences.noun(outcomes, 1)} at all", coverage.empty, coverage.n_empty, slices),
        few=_list(f"With fewer than {said.enough(coverage, outcomes, 'or')}", coverage.few, coverage.n_few, slices),
    )


def _list(
    title: str, found: tuple[Combination, ...], total: int, slices: dict[frozenset[tuple[str, str]], str]
) -> GapList | None:
    if not total:
        return None
    more = total - len(found[:SHOWN])
    listed = "them" if total == len(found) else f"the first {numbers.count(len(found))}"
    return GapList(
        f"{title}: {numbers.count(total)}",
        tuple(_gap(one, slices.get(frozenset((t.attribute, t.value) for t in one.terms))) for one in found[:SHOWN]),
        f"And {numbers.count(more)} more; report.json names {listed}." if more else "",
    )


def _gap(one: Combination, slice_id: str | None) -> Gap:
    name = said.gap_name(one)
    return Gap(
        name,
        Link("slices", name, (("slice", slice_id),)) if slice_id is not None and one.n else None,
        f"{numbers.count(one.n) + ', ' if one.n else ''}{_expected(one.n_expected)} expected",
    )


def _expected(n: float) -> str:
    return "less than 1" if n < 1 else f"about {numbers.count(round(n))}"


def plan_power(report: Report) -> PowerView:
    """How small a loss each gate and critical slice could show."""
    noun = sentences.noun(report.outcomes)
    if not report.power:
        why = "There is one version, so there is no loss to show." if report.baseline is None else ""
        return PowerView(why, "", ())
    names = {one.id: one.name for one in report.slices} | {ALL: f"all {noun}"}
    metrics = {one.name: one for one in report.metrics}
    by = "how often the two versions differ on the same" if report.baseline is not None else "the spread of these"
    return PowerView(
        sentence="The smallest loss that would show as beyond chance in 4 of 5 such test sets; a smaller one can be "
        f"there unseen. It follows from {by} {noun}. Where many slices are tested together it takes a larger one.",
        key=said.power_sentence(report.power, metrics, names, report.outcomes),
        rows=tuple(_row(one, report, names[one.slice]) for one in report.power if one.metric in metrics),
        note="" if len(report.power) > 1 else "Gates and critical slices stand here too, once the manifest names some.",
    )


def _row(one: Power, report: Report, name: str) -> PowerRow:
    metric = next(m for m in report.metrics if m.name == one.metric)
    critical = next(s.critical for s in report.slices if s.id == one.slice)
    gate = next((g for g in report.gates if g.name == one.gate), None)
    beyond = {"min": " below the floor", "max": " above the ceiling"}.get(gate.kind if gate else "", "")
    reasons = [f"gate: {one.gate}" if one.gate else "", f"critical: {critical}" if critical else ""]
    return PowerRow(
        name=name,
        link=None if one.slice == ALL else Link("slices", name, (("slice", one.slice),)),
        reason="; ".join(part for part in reasons if part),
        measure=metric.label if one.klass is None else f"{metric.label}, {one.klass}",
        n=numbers.count(one.n) + ("" if one.n_groups is None else f" in {numbers.count(one.n_groups)} groups"),
        drop=said.drop_text(metric, one.smallest_drop) + (beyond if one.smallest_drop is not None else ""),
        limit=said.drop_text(metric, one.limit),
        missing=said.missing_text(one, report.outcomes),
        lacks=bool(one.n_more),
    )
