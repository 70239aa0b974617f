"""Hard examples: which samples to look at, each set ranked by a rule that the page states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.estimates import Measure
from reportgen.analysis.versions import FlipCodes
from reportgen.model import ExampleSet
from reportgen.tasks.metric import Side

SHOWN = 200
"""Examples kept per set."""


@dataclass(frozen=True, eq=False)
class Gallery:
    """The sets with their rules and totals, and their first samples (``columns.EXAMPLES``)."""

    sets: tuple[ExampleSet, ...]
    examples: pl.DataFrame


@dataclass(frozen=True, eq=False)
class _Rule:
    name: str
    label: str
    rule: str
    among: npt.NDArray[np.bool_]
    score: npt.NDArray[np.float32]


def rank_examples(
    measure: Measure, hardness: Sequence[npt.NDArray[np.float32]], flip_codes: FlipCodes, baseline: int | None,
    candidate: int,
) -> Gallery:
    """The example sets of the candidate; ties are broken by the order of ids, so that every build ranks alike."""
    outcomes = measure.outcomes
    if outcomes.classes:
        rules = _classification_rules(measure, hardness, flip_codes, baseline, candidate)
    else:
        rules = _regression_rules(measure, hardness, flip_codes, baseline, candidate)
    sets, parts = [], []
    ids = outcomes.frame[columns.ID]
    for rule in rules:
        rows = np.flatnonzero(rule.among)
        order = rows[np.argsort(-rule.score[rows], kind="stable")][:SHOWN]
        sets.append(ExampleSet(rule.name, rule.label, rule.rule, len(rows), len(order)))
        parts.append(
            pl.DataFrame(
                {
                    "set": [rule.name] * len(order),
                    "rank": np.arange(1, len(order) + 1),
                    "row": order,
                    "id": ids[order] if len(order) else [],
                    "score": rule.score[order].astype(np.float64),
                },
                schema=columns.EXAMPLES,
            )
        )
    return Gallery(tuple(sets), pl.concat(parts) if parts else columns.EXAMPLES.to_frame())


def _classification_rules(
    measure: Measure, hardness: Sequence[npt.NDArray[np.float32]], flip_codes: FlipCodes, baseline: int | None,
    candidate: int,
) -> list[_Rule]:
    names = measure.outcomes.versions
    new = names[candidate]
    side = measure.sides[candidate]
    hard = hardness[candidate]
    by_confidence = side.confidence is not None
    surest = f"surest of the wrong label first: by {new}'s confidence" if by_confidence else (
        f"in the order of ids: {new} gives no confidence to rank by"
    )
    wrong = side.scored & (side.correct == 0)
    rules = [
        _Rule("surest_wrong", "Surest mistakes" if by_confidence else "Mistakes", f"{new} has these wrong; {surest}.",
              wrong, hard)
    ]
    if baseline is not None:
        old = names[baseline]
        codes = flip_codes(measure.outcomes.frame, baseline, candidate, None)
        fixed_by = "surest of the right label first" if by_confidence else "in the order of ids"
        rules += [
            _Rule("newly_broken", "Newly broken", f"{old} had these right, {new} has them wrong; {surest}.",
                  codes == 2, hard),
            _Rule("newly_fixed", "Newly fixed", f"{old} had these wrong, {new} has them right; {fixed_by}.",
                  codes == 1, hard),
        ]
    if len(names) > 1:
        rules.append(_Rule("always_wrong", "Always wrong", _always(names, "wrong", surest),
                           _by_all(measure.sides, right=False), hard))
    return rules


def _regression_rules(
    measure: Measure, hardness: Sequence[npt.NDArray[np.float32]], flip_codes: FlipCodes, baseline: int | None,
    candidate: int,
) -> list[_Rule]:
    outcomes = measure.outcomes
    names = outcomes.versions
    new = names[candidate]
    side = measure.sides[candidate]
    hard = hardness[candidate]
    rules = [_Rule("largest_error", "Largest errors", f"Where {new} is furthest from the truth; largest error first.",
                   side.scored, hard)]
    if baseline is not None and outcomes.flip_margin is not None:
        margin = numbers.value(outcomes.flip_margin, "number")
        codes = flip_codes(outcomes.frame, baseline, candidate, outcomes.flip_margin)
        moved = np.nan_to_num(hardness[candidate] - hardness[baseline])
        rules += [
            _Rule("newly_broken", "Much worse", f"The error grew by more than {margin} from {names[baseline]} to {new}; "
                  "largest growth first.", codes == 2, moved),
            _Rule("newly_fixed", "Much better", f"The error shrank by more than {margin} from {names[baseline]} to {new}; "
                  "largest drop first.", codes == 1, -moved),
        ]
    if len(names) > 1 and outcomes.tolerance is not None:
        off = f"more than {numbers.value(outcomes.tolerance, 'number')} off"
        rules.append(_Rule("always_wrong", "Always far off", _always(names, off, f"largest error of {new} first"),
                           _by_all(measure.sides, right=False), hard))
    return rules


def _always(names: Sequence[str], what: str, order: str) -> str:
    who = "Both versions have" if len(names) == 2 else f"All {len(names)} versions have"
    return f"{who} these {what}; {order}."


def _by_all(sides: Sequence[Side], *, right: bool) -> npt.NDArray[np.bool_]:
    mark = np.ones(len(sides[0].scored), bool)
    for side in sides:
        mark &= side.scored & ((side.correct == 1) == right)
    return mark
