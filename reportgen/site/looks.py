"""Samples worth a look: chosen by rules that stand above them, none of them twice on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ExampleSet
from reportgen.report import Report
from reportgen.site.media import Thumbnails
from reportgen.site.tiles import TileView, tile_view

LOOKS = 6
_LEAST = 3
"""A set of fewer samples has no typical one."""

Which = Literal["first", "middle"]
_RULES: tuple[tuple[str, Which], ...] = (
    ("newly_broken", "first"),
    ("surest_wrong", "first"),
    ("largest_error", "first"),
    ("newly_broken", "middle"),
    ("newly_fixed", "first"),
    ("always_wrong", "first"),
    ("newly_fixed", "middle"),
    ("surest_wrong", "middle"),
    ("largest_error", "middle"),
)
"""Set, and which of its samples; the first six that there are."""


@dataclass(frozen=True)
class Look:
    """One sample worth a look, and the rule that chose it."""

    rule: str
    tile: TileView


def choose_looks(report: Report, thumbnails: Thumbnails, used: set[int]) -> tuple[Look, ...]:
    """At most six samples of the report's sets, without the rows that the findings show."""
    ranked = _ranked(report)
    sets = {one.name: one for one in report.example_sets}
    taken = set(used)
    looks: list[Look] = []
    for name, which in _RULES:
        row = _pick(ranked.get(name, ()), which, taken)
        if row is None or len(looks) == LOOKS:
            continue
        rule = _rule(report, sets[name], which)
        if which == "first" and row != ranked[name][0]:
            rule += " not shown above"
        taken.add(row)
        looks.append(Look(rule, tile_view(report, thumbnails, row, set_name=name)))
    return tuple(looks)


def _ranked(report: Report) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for name, row in report.examples.sort("set", "rank").select("set", "row").iter_rows():
        found.setdefault(name, []).append(row)
    return found


def _pick(rows: Sequence[int], which: Which, taken: set[int]) -> int | None:
    """The first of the rows that is still free, or the first free one from the middle on."""
    if which == "middle" and len(rows) < _LEAST:
        return None
    start = len(rows) // 2 if which == "middle" else 0
    return next((row for row in rows[start:] if row not in taken), None)


def _rule(report: Report, one: ExampleSet, which: Which) -> str:
    """What stands above the sample: "Surest of the 456 newly broken", "Typical of the 40 mistakes"."""
    names = _NAMES if report.outcomes.parts is None else _NAMES_OF_PARTS
    called = names.get(one.name, sentences.lowered(one.label)).format(nouns=sentences.noun(report.outcomes))
    name = f"the {numbers.count(one.n_total)} {called}"
    if which == "first":
        return f"{_first(report, one)} of {name}"
    return f"Typical of {name}" if one.n_shown == one.n_total else f"Middle of the first {one.n_shown} of {name}"


_NAMES = {"surest_wrong": "mistakes", "largest_error": "errors"}
_NAMES_OF_PARTS = {"largest_error": "{nouns}", "newly_broken": "that got worse", "newly_fixed": "that got better"}
_FIRST_OF_VALUES = {"largest_error": "Largest", "newly_fixed": "Best"}


def _first(report: Report, one: ExampleSet) -> str:
    """What the first of a set is, by the rule that ranks it."""
    if not report.outcomes.classes:
        first = {"newly_fixed": "Best"} if report.outcomes.parts is not None else _FIRST_OF_VALUES
        return first.get(one.name, "Worst")
    candidate = next(version for version in report.versions if version.name == report.candidate)
    return "Surest" if candidate.has_confidence else "First"
