"""Hard examples: which samples to look at, each set ranked by a rule that the page states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.flips import FlipCodes
from reportgen.analysis.measure import Measure
from reportgen.analysis.sentences import margin_text, tolerance_text
from reportgen.model import ExampleSet, Outcomes
from reportgen.tasks.metric import Side

SHOWN = 200
"""Examples kept per set."""


@dataclass(frozen=True, eq=False)
class Gallery:
    """The sets with their rules and totals, and their first samples (``columns.EXAMPLES``)."""

    sets: tuple[ExampleSet, ...]
    examples: pl.DataFrame


@dataclass(frozen=True)
class SetRule:
    """What the page says of a set: its name in links, its label, and the rule that ranks it."""

    name: str
    label: str
    rule: str


def set_rules(outcomes: Outcomes, baseline: int | None, candidate: int) -> tuple[SetRule, ...]:
    """The sets that there are when ``candidate`` is held against ``baseline``, in the order of the page."""
    if outcomes.classes:
        return _classification_rules(outcomes, baseline, candidate)
    return _regression_rules(outcomes, baseline, candidate)


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
) -> dict[str, tuple[npt.NDArray[np.bool_], npt.NDArray[np.float32]]]:
    """Which samples are in each set, and what ranks them."""
    outcomes = measure.outcomes
    side = measure.sides[candidate]
    hard = hardness[candidate]
    found = {
        "surest_wrong": (side.scored & (side.correct == 0), hard),
        "largest_error": (side.scored, hard),
        "always_wrong": (_by_all(measure.sides, right=False), hard),
    }
    if baseline is not None:
        codes = flip_codes(outcomes.frame, baseline, candidate, outcomes.flip_margin)
        moved = hard if outcomes.classes else np.nan_to_num(hard - hardness[baseline])
        found["newly_broken"] = (codes == 2, moved)
        found["newly_fixed"] = (codes == 1, hard if outcomes.classes else -moved)
    return found


def _classification_rules(outcomes: Outcomes, baseline: int | None, candidate: int) -> tuple[SetRule, ...]:
    names = outcomes.versions
    new = names[candidate]
    by_confidence = columns.confidence(candidate) in outcomes.frame.columns

    def order(who: str = "it") -> str:
        if by_confidence:
            return f"Those {who} was surest of come first."
        return f"They stand in the order of ids: {new} gives no confidence to rank by."

    label = "Surest mistakes" if by_confidence else "Mistakes"
    rules = [SetRule("surest_wrong", label, f"{new} gets these wrong. {order()}")]
    if baseline is not None:
        old = names[baseline]
        rules += [
            SetRule("newly_broken", "Newly broken", f"{old} got these right, {new} gets them wrong. {order()}"),
            SetRule("newly_fixed", "Newly fixed", f"{old} got these wrong, {new} gets them right. {order()}"),
        ]
    if len(names) > 1:
        rules.append(SetRule("always_wrong", "Always wrong", _always(names, "get these wrong", order(new))))
    return tuple(rules)


def _regression_rules(outcomes: Outcomes, baseline: int | None, candidate: int) -> tuple[SetRule, ...]:
    names = outcomes.versions
    new = names[candidate]
    rules = [
        SetRule("largest_error", "Largest errors", f"How far {new} is from the truth. The largest errors come first.")
    ]
    if baseline is not None and outcomes.flip_margin is not None:
        margin = margin_text(outcomes)
        moved = f"by more than {margin} from {names[baseline]} to {new}"
        rules += [
            SetRule("newly_broken", "Much worse", f"The error grew {moved}. Where it grew most comes first."),
            SetRule("newly_fixed", "Much better", f"The error shrank {moved}. Where it shrank most comes first."),
        ]
    if len(names) > 1 and outcomes.tolerance is not None:
        off = f"are more than {tolerance_text(outcomes)} off here"
        rules.append(
            SetRule("always_wrong", "Always far off", _always(names, off, f"The largest errors of {new} come first."))
        )
    return tuple(rules)


def _always(names: Sequence[str], what: str, order: str) -> str:
    who = "Both versions" if len(names) == 2 else f"All {len(names)} versions"
    return f"{who} {what}. {order}"


def _by_all(sides: Sequence[Side], *, right: bool) -> npt.NDArray[np.bool_]:
    mark = np.ones(len(sides[0].scored), bool)
    for side in sides:
        mark &= side.scored & ((side.correct == 1) == right)
    return mark
