"""Samples that changed outcome, grouped by what the change was: which label was taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.judged_words import words_of
from reportgen.model import Link
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.pair_words import say
from reportgen.tasks.known import task_of

Rows = npt.NDArray[np.int64]
Flip = Literal["newly_broken", "newly_fixed"]

MAX_GROUPS = 4
MAX_TILES = 6
CODES: Mapping[Flip, int] = {"newly_broken": 2, "newly_fixed": 1}


@dataclass(frozen=True)
class FlipGroup:
    """Flips of one kind. ``rows`` are samples to show, of the outcome frame; ``aside`` says what went the other way.

    A newly broken sample's group is (target → what the candidate says); newly fixed ones are grouped by target alone,
    as Examples can filter them.
    """

    name: str  # "pedestrian → cyclist"
    n: int
    text: str  # "119 newly broken"
    aside: str  # "107 were fixed the other way"
    link: Link
    rows: tuple[int, ...]


@dataclass(frozen=True)
class FlipGroups:
    """The largest groups of one kind of flip, and how many samples are in the others."""

    flip: Flip
    n: int
    groups: tuple[FlipGroup, ...]
    rest: str  # "and 40 in 14 smaller groups"


def flip_codes(report: Report, version: str) -> Rows:
    """What became of each sample between the baseline and a version, as the task codes it."""
    outcomes = report.outcomes
    assert report.baseline is not None
    task = task_of(outcomes)
    ends = (outcomes.versions.index(report.baseline), outcomes.versions.index(version))
    return np.asarray(task.flip_codes(outcomes.frame, *ends, outcomes.flip_margin), dtype=np.int64)


def group_flips(report: Report, version: str, flip: Flip) -> FlipGroups:
    """The flips between the baseline and a version by (target → prediction), the largest group first.

    For a regression there are no labels to group by: one group holds all.
    """
    codes = flip_codes(report, version)
    members = np.flatnonzero(codes == CODES[flip])
    ranked = _ranked(report, version, flip, members)
    if not report.outcomes.classes:
        return _one_group(report, version, flip, ranked)
    pairs = _by_labels(report, ranked, version)
    fixed = np.flatnonzero(codes == CODES["newly_fixed"])
    backwards = _by_labels(report, fixed, report.baseline or version)
    sizes = sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair))
    groups = tuple(
        _group(report, version, flip, pair, pairs[pair], len(backwards.get(pair, ()))) for pair in sizes[:MAX_GROUPS]
    )
    left = sum(len(pairs[pair]) for pair in sizes[MAX_GROUPS:])
    n_left = len(sizes) - len(groups)
    rest = say("rest_many" if n_left > 1 else "rest_one", n=numbers.count(left), groups=numbers.count(n_left))
    return FlipGroups(flip, len(members), groups, rest if left else "")


def _ranked(report: Report, version: str, flip: Flip, members: Rows) -> Rows:
    """The members, those of the example set first and in its order: these have pictures."""
    if version != report.candidate:
        return members
    shown = report.examples.filter(pl.col("set") == flip).sort("rank")["row"].to_numpy()
    return np.concatenate([shown, np.setdiff1d(members, shown)])


def _by_labels(report: Report, rows: Rows, said_by: str) -> dict[tuple[int, int], list[int]]:
    """The rows by (target, label that the version ``said_by`` gave)."""
    outcomes = report.outcomes
    target = outcomes.frame[columns.TARGET].to_numpy()[rows]
    said = outcomes.frame[columns.prediction(outcomes.versions.index(said_by))].to_numpy()[rows]
    found: dict[tuple[int, int], list[int]] = {}
    for row, t, p in zip(rows.tolist(), target.tolist(), said.tolist(), strict=True):
        found.setdefault((t, p), []).append(row)
    return found


def _group(report: Report, version: str, flip: Flip, pair: tuple[int, int], rows: list[int], n_back: int) -> FlipGroup:
    target, said = (report.outcomes.classes[k] if k >= 0 else numbers.MISSING for k in pair)
    broken = flip == "newly_broken"
    return FlipGroup(
        name=say("group", target=target, said=said) if broken else target,
        n=len(rows),
        text=say("group_n", n=numbers.count(len(rows)), flipped=words_of(report.outcomes).texts[flip]),
        aside=say("group_back_one" if n_back == 1 else "group_back_many", n=numbers.count(n_back))
        if broken and n_back
        else "",
        link=_link(report, version, flip, len(rows), label=target, said=said if broken else ""),
        rows=tuple(rows[:MAX_TILES]),
    )


def _one_group(report: Report, version: str, flip: Flip, rows: Rows) -> FlipGroups:
    if not len(rows):
        return FlipGroups(flip, 0, (), "")
    said = words_of(report.outcomes)
    name = words.capital(said.newly_broken if flip == "newly_broken" else said.newly_fixed)
    link = _link(report, version, flip, len(rows))
    group = FlipGroup(name, len(rows), numbers.count(len(rows)), "", link, tuple(rows[:MAX_TILES].tolist()))
    return FlipGroups(flip, len(rows), (group,), "")


def _link(report: Report, version: str, flip: Flip, n: int, *, label: str = "", said: str = "") -> Link:
    """A link to exactly these samples."""
    state: list[tuple[str, str]] = [("set", flip)]
    if version != report.candidate:
        state.append(("version", version))
    if label:
        state.append(("label", label))
    if said:
        state.append(("predicted", said))
    return Link("examples", say("see_all", n=numbers.count(n)), tuple(state), n)
