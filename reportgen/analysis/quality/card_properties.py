"""Are the samples bad? What a property of samples accounts for of what a slice fails more often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.quality.cases import SHARES, Background, Case, in_sets, unknown
from reportgen.analysis.quality.contrasts import FEWEST, Account, account, most_accounted
from reportgen.inspection import SampleSet
from reportgen.inspection.cards import Evidence, EvidenceKey
from reportgen.model import Link
from reportgen.tasks.metric import Flags

LEAST = 0.001
"""What is accounted for is printed from a tenth of a point on."""

_NO_LOOK = "Images or texts, named in the manifest, would tell."


def ask_problems(case: Case, background: Background) -> Evidence:
    """Are the samples bad? Those in which a check of images or texts found a problem."""
    word = {"image": "images", "text": "texts"}.get(case.outcomes.media.kind, sentences.noun(case.outcomes))
    question = f"Are the {word} bad?"
    if background.inspection.samples is None:
        return unknown("problems", question, f"The {word} themselves were not looked at.", _NO_LOOK)
    bad = [one for one in background.inspection.sets if one.part == "samples"]
    has = in_sets(bad, len(case.among))
    return account_for(case, background, "problems", question, f"{word} with a problem", has, link=link_to(case, bad))


def account_for(
    case: Case,
    background: Background,
    key: EvidenceKey,
    question: str,
    what: str,
    has: Flags,
    *,
    among: Flags | None = None,
    strongest: int = 3,
    link: Link | None = None,
) -> Evidence:
    """The row about one property: ``what`` are the samples that have it, in words.

    Samples of the splits that versions were trained on are left out: what a model knows by heart tells nothing of them.
    """
    among = case.among & ~background.trained & (True if among is None else among)
    n_here, n_there = (int(np.count_nonzero(has & among & side)) for side in (case.inside, ~case.inside))
    if not n_here + n_there:
        said = f"There are no {what}{'' if case.whole else ', neither here nor elsewhere'}."
        return Evidence(key, question, said, 1, "There is nothing of the kind to explain it.", case.slice.n)
    found = account(case.measure, case.loss, among, case.inside, has, binary=case.binary)
    if found is None:
        return _harm_unknown(case, key, question, what, has, among)
    harmful = found.low > 0 and (found.harm_low > 0 or key == "copies")  # known copies flatter the rest
    steps = sum(found.share >= step for step in SHARES)
    if harmful and steps:
        lean, rule = -min(strongest, steps), f"They make up part of the {case.gap}, beyond chance."
    elif found.share_high < SHARES[1]:
        lean, rule = (2 if found.share_high < SHARES[0] else 1), f"They account for little of the {case.gap}."
    else:
        lean, rule = 0, "How much they account for isn't clear."
    n = found.frequency.n
    said = _account_words(case, found, what)
    return Evidence(key, question, said, lean, rule, n, found.share, found.share_low, found.share_high, link)


def _harm_unknown(case: Case, key: EvidenceKey, question: str, what: str, has: Flags, among: Flags) -> Evidence:
    """The row of a property that too few have, or lack, to say what harm it does.

    Where so few have it that the worst harm could not account for much, that tells: the loss of one sample is not
    further from another's than 1, or 2 where it can be less than nothing.
    """
    here, there = (int(np.count_nonzero(has & among & side)) for side in (case.inside, ~case.inside))
    elsewhere = "" if case.whole else f" here, and {numbers.count(there) if there else 'none'} elsewhere"
    said = f"There are {numbers.count(here) if here else 'no'} {what}{elsewhere}."
    if case.classes and (
        most := most_accounted(case.measure, case.loss, among, case.inside, has, 1 + (not case.binary))
    ):
        steps = sum(most < step for step in SHARES[:2])
        if steps:
            rule = f"So few account for less than {SHARES[2 - steps]:.0%} of the {case.gap}, whatever harm they do."
            return Evidence(key, question, said, steps, rule, case.slice.n)
    why = f"Fewer than {FEWEST} with and without are too few to say what harm it does."
    return unknown(key, question, said, why)


def link_to(case: Case, sets: Sequence[SampleSet], among: Flags | None = None) -> Link | None:
    """To the samples of the slice that are in the set which holds most of it."""
    n = len(case.among)
    held = [int(np.count_nonzero(in_sets([one], n) & case.inside)) for one in sets]
    if among is not None and not (among & case.inside).any():
        return None
    k = int(np.argmax(held)) if held else 0
    return case.link(f"{numbers.count(held[k])} {sets[k].name}", held[k], sets[k], failed=False) if any(held) else None


def _account_words(case: Case, found: Account, what: str) -> str:
    here, there = numbers.rate(found.frequency.value), numbers.rate(found.frequency.rest)
    said = f"{here} of the {numbers.count(found.frequency.n)} here are {what}, {there} elsewhere."
    if case.whole:
        said = f"{here} of the {numbers.count(found.frequency.n)} are {what}."
    level = numbers.level(case.measure.limits.level)
    unit: numbers.Unit = "rate" if case.shares else "number"
    decimals = None if case.shares else numbers.scale_decimals(abs(found.whole))
    ends = numbers.difference_interval(found.low, found.high, unit, decimals)
    points = f"{numbers.difference(found.points, unit, decimals).removeprefix('+')} ({level} {ends})"
    if case.shares and max(abs(found.low), abs(found.high)) < LEAST:
        points = f"less than {100 * LEAST:.1f}"
    gap = numbers.difference(found.whole, unit, decimals).removeprefix("+") + (" points" if case.shares else "")
    return f"{said} {_were_it_not(case)}, the {case.gap} of {gap} would shrink by {points}."


def _were_it_not(case: Case) -> str:
    """The question that the account answers, as a condition."""
    if case.fault.kind == "taken":
        return f"Were these called {case.outcomes.classes[case.fault.said]} no more often than others"
    if case.fault.kind == "claim":
        return "Were the confidence in these no further off than in others"
    words = words_of(case.outcomes)
    return words.unless_change if case.mode == "change" else words.unless
