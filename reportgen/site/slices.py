"""The Slices page: on which kinds of samples does it fail, and how sure are we?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Slice
from reportgen.report import Report
from reportgen.site.class_measures import LabelLevels, plan_label_levels
from reportgen.site.found import SearchView, plan_found
from reportgen.site.label_errors import ErrorTable, plan_error_table
from reportgen.site.object_slices import ObjectsView, plan_objects
from reportgen.site.packing import Chunk, pack_json
from reportgen.site.pairs import why_not_compared
from reportgen.site.slice_columns import slice_columns, version_columns
from reportgen.site.slice_heat import HeatView, heat_prose, plan_heat
from reportgen.site.slice_rows import (
    BLANK,
    MAX_ROWS,
    Figures,
    Scales,
    SliceRow,
    changes_of,
    estimates_of,
    find_family,
    is_pinned,
    is_predicted,
    plan_row,
    plan_scales,
    rank_telling,
    sort_worst_first,
    usual_n,
)
from reportgen.site.slice_words import TEMPLATES, say

ABSENT = (
    "There is nothing to slice by: the manifest names no attributes and no column of the samples was found to be one. "
    "Add attributes to the manifest and build again."
)


@dataclass(frozen=True)
class Filter:
    """One switch above the table: its state in the address, its words, and how many slices it leaves."""

    key: str
    value: str
    label: str
    n: str


@dataclass(frozen=True)
class TableView:
    """The table of slices: two axes shared down their columns, and the most telling rows, worst first."""

    scales: Scales
    rows: tuple[SliceRow, ...]
    n_slices: str
    n_shown: str
    kinds: tuple[Filter, ...]
    n_changed: str  # how many slices changed beyond chance
    min_n: int
    large_n: int
    blank: SliceRow  # what the script fills for the rows that are not in the page
    level: str  # of the intervals: "95%"
    level_label: str
    change_label: str
    worst_first: Literal["ascending", "descending"]  # how the changes stand, the worst first


@dataclass(frozen=True)
class SlicesView:
    """What stands on the page; ``table`` is null where there are no slices, and ``absent`` says why."""

    prose: str
    key: str  # the sentence with what to see
    metric: str
    plain: str  # the metric's meaning
    noun: str
    nouns: str
    baseline: str | None
    candidate: str
    versions: tuple[str, ...]  # that can be held against the baseline
    heat: HeatView | None
    searches: tuple[SearchView, ...]  # what was searched for, and what held
    table: TableView | None
    absent: str
    labels: LabelLevels | None  # of sets of labels
    label_errors: ErrorTable | None  # of sets of labels
    q_note: str
    striped_note: str
    predicted_note: str
    objects: ObjectsView | None  # slices of objects, where the task has some


def plan_slices(report: Report) -> SlicesView:
    """The page's view: the counts of its key sentence are those of the tests, its rows the most telling slices."""
    changes = changes_of(report, report.candidate)
    slices = [s for s in report.slices if s.id != ALL]
    others = () if report.baseline is None else tuple(v.name for v in report.versions if v.name != report.baseline)
    decide = report.limits.decide
    return SlicesView(
        prose=_prose(report, slices),
        key=_key(report, slices, changes, report.candidate),
        metric=report.primary.label,
        plain=report.primary.plain,
        noun=sentences.noun(report.outcomes, 1),
        nouns=_noun(report),
        baseline=report.baseline,
        candidate=report.candidate,
        versions=others,
        heat=plan_heat(report),
        searches=plan_found(report),
        table=_table(report, slices, changes) if slices else None,
        absent="" if slices else ABSENT,
        labels=plan_label_levels(report),
        label_errors=plan_error_table(report),
        q_note=_q_note(report),
        striped_note=f"Striped: fewer than {numbers.count(decide)} {_noun(report)}; read with care."
        if any(report.limits.test <= s.n < decide for s in slices)
        else "",
        predicted_note="Slices by the predicted label hold other samples for each version: they show levels and are "
        "never compared."
        if any(is_predicted(s, report.attributes) for s in slices)
        else "",
        objects=plan_objects(report),
    )


def slice_chunks(report: Report, view: SlicesView) -> dict[str, Chunk]:
    """The data of the view's page: ``slices``, and ``slices-{v}`` for the version at position v of the manifest."""
    slices = [s for s in report.slices if s.id != ALL]
    others = [v.name for v in report.versions if v.name != report.baseline]
    described = slice_columns(report, usual_n(slices)) | {
        "heat": view.heat.keys if view.heat else {},
        "heat_frame": view.heat.frame if view.heat else None,
        "words": TEMPLATES,
        "heat_prose": {name: heat_prose(report, name) for name in others},
        "keys": {name: _key(report, slices, changes_of(report, name), name) for name in others},
    }
    return {"slices": pack_json(described)} | {
        f"slices-{i}": pack_json(version_columns(report, v.name)) for i, v in enumerate(report.versions)
    }


def count_verdicts(slices: Sequence[Slice], changes: Mapping[str, Figures]) -> dict[str, int]:
    """How many of the slices got better, worse, show no clear change, or are too small to test."""
    counts = dict.fromkeys(("better", "worse", "unclear", "too_few"), 0)
    for slice_ in slices:
        change = changes.get(slice_.id)
        if change is not None:
            counts[str(change["verdict"])] += 1
    return counts


def _prose(report: Report, slices: Sequence[Slice]) -> str:
    pinned = sum(is_pinned(s, report.attributes) for s in slices)
    found = sum(s.origin == "found" for s in slices)
    level = {k: sum(s.level == k and s.origin != "found" for s in slices) for k in (1, 2)}
    level[1] -= pinned
    parts = (
        (level[1], "by one attribute"),
        (level[2], "by two at once"),
        (len(slices) - level[1] - level[2] - found - pinned, "by more, which the manifest names"),
        (pinned, "that the manifest pins"),
        (found, "found by searching"),
    )
    made = sentences.listed([f"{numbers.count(n)} {how}" for n, how in parts if n] or ["none"])
    return (
        f"Where does the average hide a failure? A slice is all {_noun(report)} that share a value: "
        f"{numbers.count(len(slices))} slices, {made}."
    )


def _key(report: Report, slices: Sequence[Slice], changes: Mapping[str, Figures], version: str) -> str:
    counts = count_verdicts([s for s in slices if s.origin != "found"], changes)
    tested = counts["better"] + counts["worse"] + counts["unclear"]
    if not slices or not changes:
        return ""
    if why := why_not_compared(report, version):
        return why
    if report.baseline is None:
        return (
            f"{numbers.count(counts['worse'])} are weaker than the rest, {numbers.count(counts['better'])} stronger, "
            f"{numbers.count(counts['unclear'])} can't be told apart from it{_untested(counts, tested)}."
        )
    lead = say(
        "some_worse" if counts["worse"] else "none_worse",
        worse=numbers.count(counts["worse"]),
        better=numbers.count(counts["better"]),
    )
    return say("key", lead=lead, unclear=numbers.count(counts["unclear"]), tested=_untested(counts, tested))


def _untested(counts: Mapping[str, int], tested: int) -> str:
    few = counts["too_few"]
    name = "tested" if not few else "untested_one" if few == 1 else "untested"
    return say(name, n=numbers.count(tested), few=numbers.count(few))


def _table(report: Report, slices: Sequence[Slice], changes: Mapping[str, Figures]) -> TableView:
    scales = plan_scales(report, report.candidate)
    before = estimates_of(report, report.baseline) if report.baseline else {}
    after = estimates_of(report, report.candidate)
    chosen = rank_telling(report, changes)[:MAX_ROWS]
    ordered = sort_worst_first(chosen, changes, report.primary.higher_is_better)
    unit = ", points" if report.primary.unit == "rate" else ""
    counts = count_verdicts(slices, changes)
    return TableView(
        scales=scales,
        rows=tuple(plan_row(s, report, scales, before.get(s.id), after.get(s.id), changes.get(s.id)) for s in ordered),
        n_slices=numbers.count(len(slices)),
        n_shown=numbers.count(len(ordered)),
        kinds=_kinds(report, slices),
        n_changed=numbers.count(counts["better"] + counts["worse"]),
        min_n=usual_n(slices),
        large_n=report.limits.decide,
        blank=BLANK,
        level=numbers.level(report.limits.level),
        level_label=report.primary.label,
        change_label=f"{'Change' if report.baseline else 'Against the rest'}{unit}",
        worst_first="ascending" if report.primary.higher_is_better else "descending",
    )


def _kinds(report: Report, slices: Sequence[Slice]) -> tuple[Filter, ...]:
    """The kinds of slices that there are; by the target and by the predicted label are one-attribute slices too."""
    targets = {a.name for a in report.attributes if a.kind == "target"}
    predicted = [s for s in slices if is_predicted(s, report.attributes)]
    kinds = [
        Filter("kind", "", "All", numbers.count(len(slices))),
        *(
            Filter("kind", str(k), label, numbers.count(sum(s.level == k for s in slices)))
            for k, label in ((1, "One attribute"), (2, "Two attributes"))
        ),
        Filter("kind", "target", "By target", numbers.count(sum(_goes_by(s, targets) for s in slices))),
        Filter("kind", "predicted", "By predicted", numbers.count(len(predicted))),
        Filter("kind", "critical", "Critical", numbers.count(sum(s.critical is not None for s in slices))),
        Filter("kind", "found", "Found", numbers.count(sum(s.origin == "found" for s in slices))),
    ]
    return tuple(kind for kind in kinds if kind.n != "0")


def _goes_by(slice_: Slice, attributes: set[str]) -> bool:
    return any(term.attribute in attributes for term in slice_.terms)


def _q_note(report: Report) -> str:
    family = find_family(report, report.candidate)
    n = numbers.count(family.n_tested) if family else "0"
    spoken = "a weakness" if report.baseline is None else "a change"
    named = sum(s.origin == "declared" for s in report.slices)
    alone = f" Slices that the manifest names ({numbers.count(named)}) are tested each by itself." if named else ""
    return (
        f"q is the share of such calls that would be chance alone, corrected for {n} tests on the same data "
        f"(Benjamini–Hochberg). Below 0.05 we speak of {spoken}.{alone}"
    )


def _noun(report: Report) -> str:
    return sentences.noun(report.outcomes)
