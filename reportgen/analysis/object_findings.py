"""Findings about kinds of objects: which are missed more than others, and which more than before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import (
    COVERED,
    certain_loss,
    chance_sentence,
    difference_effect,
    q_text,
    separate_stories,
    share_of_all,
    size_effect,
)
from reportgen.analysis.regressions import CRITICAL_RATE
from reportgen.analysis.sentences import (
    OBJECTS,
    counted,
    group_noun,
    noun,
    object_state,
    opening,
    unit_word,
    value_text,
)
from reportgen.analysis.weak_spots import LARGEST_WEAK
from reportgen.columns import loss
from reportgen.model import EffectRow, Finding, Link, Outcomes, Slice

Mark = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ObjectFacts:
    """The facts of slices of objects, and the samples that they are in."""

    facts: Facts
    outcomes: Outcomes  # of the samples
    samples: npt.NDArray[np.int64]  # of each object the row of its sample

    def link(self, mark: Mark, state: str, text: str, one: Slice) -> Link:
        """A link to the samples that hold marked objects of a slice, which are those of the state."""
        n = len(np.unique(self.samples[mark]))
        said = f"{counted(self.outcomes, n)} with {text}"
        return Link("examples", said, object_state(one, self.facts.candidate, state), n)

    def hardest(self, mark: Mark, taken: set[int]) -> tuple[int, ...]:
        """Of the samples with marked objects those that hold the largest, none that is taken; they are taken then."""
        free = mark & ~np.isin(self.samples, list(taken))
        found = tuple(int(self.samples[row]) for row in self.facts.hardest(free, set()))
        taken.update(found)
        return tuple(dict.fromkeys(found))


def find_missed(objects: ObjectFacts, taken: set[int], n: int) -> list[Finding]:
    """The kinds of objects of which the candidate finds fewer than of the rest, most objects lost first.

    None whose missed objects are mostly of kinds told before.
    """
    facts = objects.facts
    table = facts.weaknesses.filter(
        (pl.col("version") == facts.candidate) & (pl.col("verdict") == "worse") & (pl.col("support") == "decide")
    )
    found: list[Finding] = []
    missing, covered = _missing(facts), np.zeros(facts.outcomes.frame.height, bool)
    for row in sorted(table.iter_rows(named=True), key=lambda row: (-certain_loss(row), row["slice"])):
        inside = facts.rows(row["slice"])
        lost = inside & missing
        if len(found) == n:
            break
        if not facts.is_told("weak", row) or inside.sum() > LARGEST_WEAK * len(inside):
            continue
        if (lost & covered).sum() >= COVERED * max(1, lost.sum()):
            continue
        covered |= inside
        found.append(_missed(objects, row, lost, taken))
    return found


def find_newly_missed(objects: ObjectFacts, taken: set[int], n: int) -> list[Finding]:
    """The kinds of objects of which the candidate finds fewer than the baseline, most objects lost first."""
    facts = objects.facts
    if facts.baseline is None or not facts.is_compared:
        return []
    worse = [row for row in facts.with_verdict("worse") if facts.is_told("change", row)]
    return [_newly_missed(objects, row, taken) for row, _ in separate_stories(facts, worse)[:n]]


def _missed(objects: ObjectFacts, row: Row, missed: Mark, taken: set[int]) -> Finding:
    facts = objects.facts
    one, metric = facts.slices[row["slice"]], facts.primary
    decimals = facts.decimals(one.id)
    value, rest = (value_text(metric, row[end], decimals) for end in ("value", "rest"))
    return Finding(
        kind="missed",
        severity="watch",
        headline=f"{facts.candidate} misses more {facts.where(one)}",
        text=f"{_level(facts, one, row['n'], value)}; of all others {rest}. The gap is beyond chance "
        f"(q {q_text(row['q'])}).",
        effect=size_effect(
            facts,
            metric,
            row,
            [EffectRow.of(one.name, row, decimals)],
            unit=f"{unit_word(metric)} of recall against the rest",
            axis="recall against all other objects, points",
        ),
        links=(objects.link(missed, "missed", "such objects missed", one), _ALL_SLICES),
        rows=objects.hardest(missed, taken),
        grounds=f"{grounds.of_weakness(facts, one)} {_units(facts)}",
        **_shared(facts, one, row),
    )


def _newly_missed(objects: ObjectFacts, row: Row, taken: set[int]) -> Finding:
    facts = objects.facts
    one, metric = facts.slices[row["slice"]], facts.primary
    before, after = (value_text(metric, row[end], row["decimals"]) for end in ("value_baseline", "value_candidate"))
    flips = facts.flipped[one.id]
    broken, fixed = numbers.count(flips["newly_broken"]), numbers.count(flips["newly_fixed"])
    assert facts.flip_codes is not None
    lost = facts.rows(one.id) & (facts.flip_codes == 2)
    near = min(abs(row["low"]), abs(row["high"]))
    return Finding(
        kind="newly_missed",
        severity="critical" if near >= CRITICAL_RATE else "watch",
        headline=f"{facts.candidate} misses more than {facts.baseline} {facts.where(one)}",
        text=f"{_level(facts, one, row['n'], after)}; {facts.baseline} found {before}. "
        f"It newly misses {broken} and newly finds {fixed}. {chance_sentence(facts, row)}",
        effect=difference_effect(facts, [row, facts.overall]),
        links=(objects.link(lost, "newly_missed", "such objects newly missed", one), _ALL_SLICES),
        rows=objects.hardest(lost, taken),
        grounds=f"{grounds.of_change(facts, one)} {_units(facts)}",
        **_shared(facts, one, row),
    )


_ALL_SLICES = Link("slices", "Slices of objects", (("at", OBJECTS),))


def _shared(facts: Facts, one: Slice, row: Row) -> dict[str, Any]:
    """What both kinds have alike: they are about no slice of samples, and known by that of objects."""
    return {
        "reason": share_of_all(facts, one),
        "slice": None,
        "objects": one.id,
        "metric": facts.primary.name,
        "weight": certain_loss(row),
        "key": one.id,
    }


def _level(facts: Facts, one: Slice, n: int, value: str) -> str:
    """How many of a kind the candidate finds: "Where objects are small, v2 finds 54.2% of 310"."""
    things = noun(facts.outcomes)
    place = opening(one, facts.attributes, things)
    said = numbers.count(n) if things in place else counted(facts.outcomes, n)
    return f"{place}, {facts.candidate} finds {value} of {said}"


def _units(facts: Facts) -> str:
    """What the interval goes by."""
    return f"Objects of one {group_noun(facts.outcomes, 1)} count together: they are no independent draws."


def _missing(facts: Facts) -> Mark:
    """Which objects the candidate misses."""
    version = facts.outcomes.versions.index(facts.candidate)
    return (facts.outcomes.frame[loss(version)] > 0).fill_null(False).to_numpy()
