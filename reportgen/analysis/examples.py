"""Hard examples: which samples to look at, each set ranked by a rule that the page states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
        replace(one, rule=re.sub(r"\{(baseline|candidate)\}", lambda side: names[side[1]], one.rule))
        for one in set_templates(outcomes, sure=sure)
        if baseline is not None or not one.paired
    )


def set_templates(outcomes: Outcomes, *, sure: bool) -> tuple[SetRule, ...]:
    """The sets of any two versions; ``sure``: the candidate gives a confidence to rank by."""
    if outcomes.classes:
        return _classification_rules(len(outcomes.versions), sure)
    return _regression_rules(outcomes)


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


def _classification_rules(n_versions: int, sure: bool) -> tuple[SetRule, ...]:
    def order(who: str = "it") -> str:
        if sure:
            return f"Those {who} was surest of come first."
        return "They stand in the order of ids: {candidate} gives no confidence to rank by."

    label = "Surest mistakes" if sure else "Mistakes"
    broken = "{baseline} got these right, {candidate} gets them wrong. "
    fixed = "{baseline} got these wrong, {candidate} gets them right. "
    rules = [
        SetRule("surest_wrong", label, f"{{candidate}} gets these wrong. {order()}"),
        SetRule("newly_broken", "Newly broken", broken + order(), paired=True),
        SetRule("newly_fixed", "Newly fixed", fixed + order(), paired=True),
    ]
    if n_versions > 1:
        everyone = _always(n_versions, "get these wrong", order("{candidate}"))
        rules.append(SetRule("always_wrong", "Always wrong", everyone))
    return tuple(rules)


def _regression_rules(outcomes: Outcomes) -> tuple[SetRule, ...]:
    far = "How far {candidate} is from the truth. The largest errors come first."
    rules = [SetRule("largest_error", "Largest errors", far)]
    if outcomes.flip_margin is not None:
        moved = f"by more than {margin_text(outcomes)} from {{baseline}} to {{candidate}}"
        worse = f"The error grew {moved}. Where it grew most comes first."
        better = f"The error shrank {moved}. Where it shrank most comes first."
        rules += [
            SetRule("newly_broken", "Much worse", worse, paired=True),
            SetRule("newly_fixed", "Much better", better, paired=True),
        ]
    if len(outcomes.versions) > 1 and outcomes.tolerance is not None:
        off = f"are more than {tolerance_text(outcomes)} off here"
        everyone = _always(len(outcomes.versions), off, "The largest errors of {candidate} come first.")
        rules.append(SetRule("always_wrong", "Always far off", everyone))
    return tuple(rules)


def _always(n_versions: int, what: str, order: str) -> str:
    who = "Both versions" if n_versions == 2 else f"All {n_versions} versions"
    return f"{who} {what}. {order}"


def _by_all(sides: Sequence[Side], *, right: bool) -> npt.NDArray[np.bool_]:
    mark = np.ones(len(sides[0].scored), bool)
    for side in sides:
        mark &= side.scored & ((side.correct == 1) == right)
    return mark
