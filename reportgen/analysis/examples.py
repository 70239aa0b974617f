"""Hard examples: which samples to look at, each set ranked by a rule that the page states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.flips import FlipCodes
from reportgen.analysis.judged_words import fill, ranked_sets
from reportgen.analysis.measure import Measure
from reportgen.analysis.part_sets import changes_of, scores_of
from reportgen.model import ExampleSet, Outcomes
from reportgen.tasks.metric import Side

SHOWN = 200
"""Examples kept per set."""
PAIRED = ("newly_broken", "newly_fixed", "overlap_loss", "newly_missed", "iou_loss")
"""Sets that need two versions."""


_Members = tuple[npt.NDArray[np.bool_], npt.NDArray[np.floating]]


@dataclass(frozen=True, eq=False)
class Gallery:
    """The sets with their rules and totals, and their first samples (``columns.EXAMPLES``)."""

    sets: tuple[ExampleSet, ...]
    examples: pl.DataFrame


@dataclass(frozen=True)
class SetRule:
    """What the page says of a set: its name in links, its label, and the rule that ranks it.

    In a template the rule has ``{baseline}`` and ``{candidate}`` where the names go, which may hold anything; the
    browser fills it likewise (``assets/js/engine/query.js``). ``paired``: it needs two versions to compare.
    """

    name: str
    label: str
    rule: str
    paired: bool = False


def set_rules(outcomes: Outcomes, baseline: int | None, candidate: int) -> tuple[SetRule, ...]:
    """The sets that there are when ``candidate`` is held against ``baseline``, in the order of the page."""
    sure = columns.confidence(candidate) in outcomes.frame.columns
    names = {
        "baseline": "" if baseline is None else outcomes.versions[baseline],
        "candidate": outcomes.versions[candidate],
    }
    return tuple(
        replace(one, rule=fill(one.rule, **names))
        for one in set_templates(outcomes, sure=sure)
        if baseline is not None or not one.paired
    )


def set_templates(outcomes: Outcomes, *, sure: bool) -> tuple[SetRule, ...]:
    """The sets of any two versions; ``sure``: the candidate gives a confidence to rank by."""
    return tuple(
        SetRule(name, label, rule, paired=name in PAIRED)
        for name, (label, rule) in ranked_sets(outcomes, sure=sure).items()
    )


def rank_examples(
    measure: Measure,
    hardness: Sequence[npt.NDArray[np.float32]],
    flip_codes: FlipCodes,
    baseline: int | None,
    candidate: int,
) -> Gallery:
    """The example sets of the candidate; ties are broken by the order of ids, so that every build ranks alike."""
    outcomes = measure.outcomes
    members = _members(measure, hardness, flip_codes, baseline, candidate)
    sets, parts = [], []
    ids = outcomes.frame[columns.ID]
    for rule in set_rules(outcomes, baseline, candidate):
        among, score = members[rule.name]
        rows = np.flatnonzero(among)
        order = rows[np.argsort(-score[rows], kind="stable")][:SHOWN]
        sets.append(ExampleSet(rule.name, rule.label, rule.rule, len(rows), len(order)))
        parts.append(
            pl.DataFrame(
                {
                    "set": [rule.name] * len(order),
                    "rank": np.arange(1, len(order) + 1),
                    "row": order,
                    "id": ids[order] if len(order) else [],
                    "score": score[order].astype(np.float64),
                },
                schema=columns.EXAMPLES,
            )
        )
    return Gallery(tuple(sets), pl.concat(parts) if parts else columns.EXAMPLES.to_frame())


def _members(
    measure: Measure,
    hardness: Sequence[npt.NDArray[np.float32]],
    flip_codes: FlipCodes,
    baseline: int | None,
    candidate: int,
) -> dict[str, _Members]:
    """Which samples are in each set, and what ranks them."""
    outcomes = measure.outcomes
    side = measure.sides[candidate]
    hard = hardness[candidate]
    found: dict[str, _Members] = {
        "surest_wrong": (side.scored & (side.correct == 0), hard),
        "largest_error": (side.scored, hard),
        "always_wrong": (_by_all(measure.sides, right=False), hard),
    }
    if baseline is not None:
        codes = flip_codes(outcomes.frame, baseline, candidate, outcomes.flip_margin)
        moved = hard if outcomes.classes else np.nan_to_num(hard - hardness[baseline])
        found["newly_broken"] = (codes == 2, moved)
        found["newly_fixed"] = (codes == 1, hard if outcomes.classes else -moved)
    scores = dict(scores_of(outcomes, candidate))
    if baseline is not None:
        scores |= changes_of(outcomes, baseline, candidate)
    return found | {name: (one > 0, one) for name, one in scores.items()}


def _by_all(sides: Sequence[Side], *, right: bool) -> npt.NDArray[np.bool_]:
    mark = np.ones(len(sides[0].scored), bool)
    for side in sides:
        mark &= side.scored & ((side.correct == 1) == right)
    return mark
