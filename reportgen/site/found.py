"""What the search for slices did, in words: how many it looked at, and what of a found slice the other half says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import weak_words
from reportgen.model import Link, Search, Slice
from reportgen.report import Report
from reportgen.site.slice_words import say

Figures = Mapping[str, object]


SHOWN = 6
"""Held slices that the page lists of each search; the table has them all."""


@dataclass(frozen=True)
class Held:
    """A slice that held on the half that the search did not see: the link to it, and what it says there."""

    link: Link
    text: str


@dataclass(frozen=True)
class SearchView:
    """One search in a sentence, and the first slices that held."""

    sentence: str
    held: tuple[Held, ...]
    more: str  # how many more held


def plan_found(report: Report) -> tuple[SearchView, ...]:
    """What was searched and what held, a search each; nothing where no search was made."""
    slices = {one.id: one for one in report.slices}
    rows = [row for row in report.discoveries.iter_rows(named=True) if row["slice"] in slices]
    views = []
    for search in report.searches:
        own = [row for row in rows if (row["question"], row["version"]) == (search.question, search.version)]
        held = (Held(_link(report, slices[row["slice"]], row), _held_text(report, row)) for row in own[:SHOWN])
        more = f"And {numbers.count(len(own) - SHOWN)} more, in the table below." if len(own) > SHOWN else ""
        views.append(SearchView(search_sentence(report, search), tuple(held), more))
    return tuple(views)


def search_sentence(report: Report, search: Search) -> str:
    """How many conjunctions a search looked at, how many it took to the other half, and how many held there."""
    things = sentences.noun(report.outcomes)
    asked = _asked(report, search.question, search.version, search.baseline)
    if not search.n_searched:
        return f"No search for where {asked}: half of the {things} are too few for it."
    looked = (
        f"We looked at {numbers.count(search.n_searched)} combinations of up to three values in one half of the "
        f"{things} for where {asked}"
    )
    if not search.n_taken:
        return f"{looked}; none was suspicious enough to take to the other half."
    if search.n_taken == 1:
        ending = "held" if search.n_held else "did not hold"
        return f"{looked}, took the most suspicious one to the other half, and it {ending}."
    held = numbers.count(search.n_held) if search.n_held else "none"
    return f"{looked}, took the {numbers.count(search.n_taken)} most suspicious to the other half, and {held} held."


def found_sentences(report: Report, one: Slice, version: str) -> tuple[str, ...]:
    """How sure the report is of what a search found in a slice, for a version; empty where nothing was found there."""
    rows = [row for row in report.discoveries.iter_rows(named=True) if row["slice"] == one.id]
    own = [row for row in rows if row["version"] == version]
    said = [_sure(report, row) for row in own]
    if one.origin != "found":
        return tuple(said)
    if not own:
        others = sentences.listed(list(dict.fromkeys(str(row["version"]) for row in rows)) or ["another version"])
        said.append(f"Found by searching {others}: for {version} it is shown, and was not tested.")
    elif report.baseline is not None and all(row["question"] != "worse" for row in own):
        said.append(say("not_searched", baseline=report.baseline))
    return tuple(said)


def is_searched(report: Report, one: Slice, version: str) -> bool:
    """Whether the slice was found by a search of that version, and stands in no enumeration."""
    own = report.discoveries.filter((pl.col("slice") == one.id) & (pl.col("version") == version))
    return one.origin == "found" and own.height > 0


def _asked(report: Report, question: object, version: object, baseline: object) -> str:
    """What a search asks, as the words after "where"."""
    return {
        "weak": f"{version} {weak_words(report.outcomes)}",
        "worse": f"{version} got worse than {baseline}",
        "sure_wrong": f"{version} is wrong and sure of itself",
    }[str(question)]


def _sure(report: Report, row: Figures) -> str:
    things = sentences.noun(report.outcomes)
    n = sentences.counted(report.outcomes, int(str(row["n_confirm"])))
    groups = "" if row["n_groups_confirm"] is None else f", in {row['n_groups_confirm']} groups,"
    return (
        f"Found by searching one half of the {things} for where "
        f"{_asked(report, row['question'], row['version'], row['baseline'])}. In the other half, which the search had "
        f"not seen, {n}{groups} {_size(report, row)}: beyond chance after correcting for all that were taken there "
        f"(q {_q(row)}). Over all {numbers.count(int(str(row['n'])))} it is {_difference(report, row, 'delta')}, which "
        "counts the half that it was found in."
    )


def _held_text(report: Report, row: Figures) -> str:
    """What held, beside the slice's name."""
    n = sentences.counted(report.outcomes, int(str(row["n_confirm"])))
    return (
        f"{_difference(report, row, 'delta_confirm')} {_against(row)} ({_interval(report, row, '…')}, q {_q(row)}), "
        f"confirmed on {n} that the search had not seen"
    )


def _size(report: Report, row: Figures) -> str:
    """The verb and the difference: "differ by −9.1 points from v1 (95% −13.0 to −5.2)"."""
    return f"show {_difference(report, row, 'delta_confirm')} {_against(row)} ({_interval(report, row, ' to ')})"


def _against(row: Figures) -> str:
    """What a difference is held against."""
    return {
        "weak": "against all others",
        "worse": f"against {row['baseline']}",
        "sure_wrong": "confidence in wrong answers, against all others",
    }[str(row["question"])]


def _difference(report: Report, row: Figures, name: str) -> str:
    value = float(str(row[name]))
    if row["question"] == "sure_wrong":
        return numbers.signed(value, 2)
    unit = report.primary.unit
    return numbers.difference(value, unit) + (" points" if unit == "rate" else "")


def _interval(report: Report, row: Figures, joint: str) -> str:
    low, high = (None if row[end] is None else float(str(row[end])) for end in ("low", "high"))
    level = numbers.level(report.limits.level)
    if row["question"] == "sure_wrong":
        return f"{level} {numbers.difference_interval(low, high, 'number', 2, joint)}"
    return f"{level} {numbers.difference_interval(low, high, report.primary.unit, None, joint)}"


def _q(row: Figures) -> str:
    q = row["q"]
    return numbers.q_value(None if q is None else float(str(q)))


def _link(report: Report, one: Slice, row: Figures) -> Link:
    version = () if report.baseline is None else (("version", str(row["version"])),)
    return Link("slices", one.name, (("slice", one.id), *version))
