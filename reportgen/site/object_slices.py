"""The slices of objects: which kinds of objects are found, and which are missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from reportgen import numbers
from reportgen.analysis import object_attributes as told
from reportgen.analysis import sentences
from reportgen.analysis.object_slices import MORE, ONE
from reportgen.model import Attribute, Link, Slice
from reportgen.report import ObjectSlices, Report
from reportgen.site.found import SearchView, plan_found
from reportgen.site.slice_rows import (
    Figures,
    Scales,
    SliceRow,
    changes_of,
    estimates_of,
    plan_row,
    plan_scales,
    rank_telling,
    sort_worst_first,
)

MAX_VALUES = 30
"""Values of an attribute that stand in the page, the most telling where there are more (``report.json`` has all)."""

MAX_PAIRS = 60
"""Slices by more than one attribute that stand in the page, the most telling ones."""

BELOW_REST = "less than the rest"
"""The tag of a slice of which the candidate finds fewer than of all other objects, beyond chance."""


@dataclass(frozen=True)
class Kinds:
    """The slices by one attribute, with how it is measured; or those by several, worst first, without a name."""

    name: str
    text: str
    rows: tuple[SliceRow, ...]


@dataclass(frozen=True)
class ObjectTable:
    """The table of slices of objects: two axes shared down their columns, and the lines."""

    scales: Scales
    by_one: tuple[Kinds, ...]  # in the order of the attributes and of their values
    by_more: Kinds
    level: str  # of the intervals: "95%"
    change_label: str


@dataclass(frozen=True)
class ObjectsView:
    """What stands in the section."""

    prose: str
    key: str
    baseline: str | None
    candidate: str
    table: ObjectTable
    searches: tuple[SearchView, ...]
    note: str


def plan_objects(report: Report) -> ObjectsView | None:
    """The section's view; none where the report has no objects, or nothing to slice them by."""
    if report.objects is None:
        return None
    objects = as_report(report, report.objects)
    return ObjectsView(
        prose=_prose(objects),
        key=_key(objects),
        baseline=objects.baseline,
        candidate=objects.candidate,
        table=_table(objects),
        searches=tuple(_to_examples(objects, one) for one in plan_found(objects)),
        note=_note(objects),
    )


def as_report(report: Report, objects: ObjectSlices) -> Report:
    """The report with objects in the place of samples, for what makes lines of slices."""
    return replace(
        report,
        metrics=(objects.metric,),
        attributes=objects.outcomes.attributes,
        slices=objects.slices,
        estimates=objects.estimates,
        comparisons=objects.comparisons,
        families=objects.families,
        searches=objects.searches,
        discoveries=objects.discoveries,
        weaknesses=objects.weaknesses,
        flips=objects.flips,
        outcomes=objects.outcomes,
    )


def _weak(objects: Report) -> frozenset[str]:
    """The slices of which the candidate finds fewer than of all other objects, beyond chance."""
    worse = (pl.col("version") == objects.candidate) & (pl.col("verdict") == "worse")
    return frozenset(objects.weaknesses.filter(worse)["slice"])


def _prose(objects: Report) -> str:
    images = sentences.group_noun(objects.outcomes)
    return (
        f"Which kinds of objects are missed? Recall ({objects.primary.plain}) by what the annotations tell of each "
        f"object. Objects of one {sentences.group_noun(objects.outcomes, 1)} are no independent draws: intervals and "
        f"tests go by {images}."
    )


def _key(objects: Report) -> str:
    """What to see: how many kinds are found more and less often than before, and than the rest."""
    weak, tested = len(_weak(objects)), _n_tested(objects)
    if not any(tested):
        return "No kind of object has enough to be tested."
    total = numbers.count(sum(tested))
    less = f"{_kinds_text(weak)} found less often than all other objects"
    if objects.baseline is None:
        return f"Of {total} kinds tested, {less} beyond chance."
    verdicts = [row["verdict"] for row in changes_of(objects, objects.candidate).values()]
    better, worse = (_or_none(verdicts.count(word)) for word in ("better", "worse"))
    return (
        f"Of {total} kinds tested, {objects.candidate} finds {better} more often than "
        f"{objects.baseline} and {worse} less often, beyond chance; {less}."
    )


def _n_tested(objects: Report) -> tuple[int, int]:
    """How many slices the change column has tested, of one attribute and of two."""
    wanted = (objects.baseline or "", objects.candidate)
    own = [one for one in objects.families if (one.baseline, one.candidate) == wanted]
    one, more = (sum(f.n_tested for f in own if f.question.endswith(level)) for level in (ONE, MORE))
    return one, more


def _or_none(n: int) -> str:
    return numbers.count(n) if n else "none"


def _kinds_text(n: int) -> str:
    return f"{numbers.count(n)} are" if n > 1 else "one is" if n else "none is"


def _table(objects: Report) -> ObjectTable:
    changes = changes_of(objects, objects.candidate)
    scales = plan_scales(_leading(objects, changes), objects.candidate)
    before = estimates_of(objects, objects.baseline) if objects.baseline else {}
    after = estimates_of(objects, objects.candidate)
    ranked = rank_telling(objects, changes)
    weak = _weak(objects)

    def lines(some: Iterable[Slice]) -> tuple[SliceRow, ...]:
        made = (
            (one, plan_row(one, objects, scales, before.get(one.id), after.get(one.id), changes.get(one.id)))
            for one in some
        )
        return tuple(
            replace(
                row,
                link=_link(objects, one),
                n_groups=_images(objects, one),
                tags=(*row.tags, BELOW_REST) if one.id in weak and objects.baseline else row.tags,
            )
            for one, row in made
        )

    def of(attribute: Attribute) -> Kinds:
        own = [one for one in ranked if one.level == 1 and one.terms[0].attribute == attribute.name]
        shown = {one.id for one in own[:MAX_VALUES]}
        text = _TEXTS.get(attribute.name, "")
        if len(own) > MAX_VALUES:
            text = f"{text} The {MAX_VALUES} most telling of {numbers.count(len(own))} values.".strip()
        return Kinds(attribute.name, text, lines(one for one in objects.slices if one.id in shown))

    more = [one for one in ranked if one.level > 1]
    worst = sort_worst_first(more[:MAX_PAIRS], changes, objects.primary.higher_is_better)
    shown = f"the {MAX_PAIRS} most telling of " if len(more) > MAX_PAIRS else ""
    title = f"Two attributes and more at once, worst first: {shown}{numbers.count(len(more))}"
    return ObjectTable(
        scales=scales,
        by_one=tuple(of(attribute) for attribute in objects.attributes),
        by_more=Kinds("", title, lines(worst)),
        level=numbers.level(objects.limits.level),
        change_label="Change" if objects.baseline else "Against the rest",
    )


def _leading(objects: Report, changes: Mapping[str, Figures]) -> Report:
    """The slices that the axes hold: those by one attribute, and others that changed beyond chance.

    The many others, of few objects each, would stretch the axes beyond what can be read off them.
    """
    held = [
        one
        for one in objects.slices
        if one.level <= 1 or (one.id in changes and changes[one.id]["verdict"] in {"better", "worse"})
    ]
    ids = [one.id for one in held]
    tables = ("estimates", "comparisons", "weaknesses")
    return replace(
        objects,
        slices=tuple(held),
        **{name: getattr(objects, name).filter(pl.col("slice").is_in(ids)) for name in tables},
    )


def _images(objects: Report, one: Slice) -> str:
    """In how many images (groups) the objects are: "12 images"."""
    n = one.n_groups or 0
    return f"{numbers.count(n)} {sentences.group_noun(objects.outcomes, n)}"


def _link(objects: Report, one: Slice) -> Link:
    """The samples with such objects, those first in which most are missed."""
    return Link("examples", one.name, (*sentences.object_state(one, objects.candidate), ("tiles", "crop")))


def _to_examples(objects: Report, search: SearchView) -> SearchView:
    """What a search found, with links to the samples that hold such objects."""
    by_id = {one.id: one for one in objects.slices}
    held = tuple(
        replace(one, link=_link(objects, by_id[value]))
        for one in search.held
        for key, value in one.link.state
        if key == "slice"
    )
    return replace(search, held=held)


_TEXTS = {
    told.SIZE: "By the annotated area: small below 32 × 32 pixels, large from 96 × 96 on, as COCO has it.",
    told.SHARE: "The annotated area, in percent of the image's.",
    told.SHAPE: f"Of the box: tall or wide where one side is {told.WIDE:g} times the other or more.",
    told.CROWDING: f"Another true object's box shares some area with its own, or is less than {told.NEAR:g} of its own "
    "size away (the root of width × height).",
    told.BORDER: f"Of the image: at it up to {told.TOUCHES:g} pixel away, near it up to {told.NEAR:g} of the own size.",
}
"""How what the boxes tell is measured."""


def _note(objects: Report) -> str:
    one, more = _n_tested(objects)
    limits = objects.limits
    return (
        f"q is corrected (Benjamini–Hochberg) for the {numbers.count(one)} tests by one attribute, and for the "
        f"{numbers.count(more)} by two: each is a family of its own. "
        f"A kind is tested from {numbers.count(limits.test)} objects in {numbers.count(limits.groups)} "
        f"{sentences.group_noun(objects.outcomes)} on; striped: fewer than {numbers.count(limits.decide)} objects. "
        "Crowds are left out."
    )
