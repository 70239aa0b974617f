"""The words of a card that are not a row's: the gap to be explained, what would settle it, and why there is no card."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import fill, words_of
from reportgen.analysis.quality.cases import Case
from reportgen.analysis.quality.contrasts import Contrast
from reportgen.inspection.cards import Evidence

WHY_NONE = {
    "none": "Nothing was found to fail, so there is nothing to explain.",
    "improvement": "A gain has no failures to explain.",
    "flips": "As a whole nothing is lost: which single {nouns} break may be chance of training, and only repeated "
    "trainings can tell.",
    "data": "It is about what was read, not about how a version does.",
    "coverage": "It is about what the {nouns} hold, not about how a version does.",
    "missed": "It is about objects: what is asked here is asked of whole {nouns}.",
    "newly_missed": "It is about objects: what is asked here is asked of whole {nouns}.",
}
"""Kinds of findings that have no card, and why."""


def gap_text(case: Case, whole: Contrast, *, without_trained: bool) -> str:
    """What is to be explained: here, elsewhere and the difference with its interval; of all samples the loss itself."""
    shown = _write(case)
    figures = f"{shown(whole.value)} here, {shown(whole.rest)} elsewhere, a gap of {_points(case, whole.delta)}"
    if case.whole:
        figures = f"{_points(case, whole.delta)} over all {sentences.noun(case.outcomes)}"
    if math.isfinite(whole.low) and math.isfinite(whole.high):
        ends = numbers.difference_interval(whole.low, whole.high, _unit(case), joint=" to ")
        figures += f" ({numbers.level(case.measure.limits.level)} {ends})"
    left = " Samples of training splits are left out." if without_trained else ""
    return f"{_subject(case)}: {figures}.{left}"


def _unit(case: Case) -> numbers.Unit:
    return "rate" if case.shares else "number"


def _points(case: Case, value: float) -> str:
    return f"{numbers.difference(value, _unit(case))}{' points' if case.shares else ''}"


def _write(case: Case) -> Callable[[float], str]:
    """How the two sides are written: a share of failures as a rate, all else as a difference."""
    if case.binary:
        return numbers.rate
    if case.mode == "weak" and not case.classes:
        return lambda value: numbers.value(value, _unit(case))
    return lambda value: _points(case, value)


def _subject(case: Case) -> str:
    new = case.outcomes.versions[case.candidate]
    old = "" if case.baseline is None else case.outcomes.versions[case.baseline]
    if case.fault.kind == "claim":
        return f"{new} claims more than it delivers"
    if case.fault.kind == "taken":
        return f"Called {case.outcomes.classes[case.fault.said]} by {new} more often than by {old}"
    if case.fault.kind == "sure":
        return f"Sure and wrong more often than {old}"
    words = words_of(case.outcomes)
    return words.gap if case.mode == "weak" else fill(words.gap_change, baseline=old)


def settle_text(case: Case, rows: Sequence[Evidence]) -> str:
    """What would settle the question, by what the rows lean towards: two steps at most."""
    name = case.outcomes.versions[case.candidate]
    things = sentences.noun(case.outcomes)
    leans = {row.key: row.lean for row in rows}
    towards = {key for key, lean in leans.items() if lean is not None and lean < 0}
    word = "labels" if case.classes else "values"
    steps = []
    if towards & {"labels", "look_alikes"}:
        steps.append(f"review the {word} of these and build again: a loss that shrinks speaks for the {word}")
    if towards & {"seen", "rarer", "drift"}:
        steps.append(
            f"train {name} again with more such {things}, three times: a loss that disappears each time speaks "
            "for the training data"
        )
    if "problems" in towards:
        steps.append(
            f"mend or leave out the {things} with a problem and build again: a loss that stays speaks against them"
        )
    if "copies" in towards:
        steps.append(f"leave out the {things} that were in training and build again: what is left speaks for the model")
    if "repeats" in towards:
        steps.append("keep one of each family of copies and build again: what is left was no repetition")
    if "others" in towards and not steps:
        steps.append(f"look at these {things}: whether a person can tell what they are")
    if case.fault.kind in {"claim", "sure"}:
        steps.append(f"fit {name}'s confidence anew on other {things} and build again: what goes was a matter of scale")
    if not steps and leans.get("seen", 0) is None:
        steps.append(f"name what {name} was trained on, and look whether it saw enough of them")
    if not steps or (leans.get("trainings", 0) is None and len(steps) < 2):
        steps.append(f"train {name} again on the same data with other seeds: a loss that goes was chance of training")
    first, *more = steps[:2]
    return first[0].upper() + first[1:] + "".join(f"; and {one}" for one in more) + "."
