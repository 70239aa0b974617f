"""Are the samples bad, or copies? What a property of samples accounts for of what a slice fails more often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.cases import CHANCE, SHARES, Background, Case, in_set, losses, unknown
from reportgen.analysis.quality.contrasts import FEWEST, Account, account, contrast
from reportgen.inspection import SampleSet
from reportgen.inspection.cards import Evidence, EvidenceKey
from reportgen.inspection.training import IN_TRAINING
from reportgen.model import Link
from reportgen.tasks.metric import Flags

LEAST = 0.001
"""What is accounted for is printed from a tenth of a point on."""

_WHERE = {"twins-across-splits": "another split", IN_TRAINING: "training"}
"""Where copies of samples were found, by the set of these samples."""
_NO_LOOK = "Images or texts, named in the manifest, would tell."


def ask_properties(case: Case, background: Background) -> list[Evidence]:
    """Are the samples bad? Were copies of them in another split?"""
    n = len(case.among)
    bad = [one for one in background.inspection.sets if one.part == "samples"]
    copies = [one for one in background.inspection.sets if one.key in _WHERE]
    things = sentences.noun(case.outcomes)
    word = {"image": "images", "text": "texts"}.get(case.outcomes.media.kind, things)
    rows = []
    question = f"Are the {word} bad?"
    if background.inspection.samples is None:
        rows.append(unknown("problems", question, f"The {word} themselves were not looked at.", _NO_LOOK))
    else:
        has = np.logical_or.reduce([in_set(one, n) for one in bad]) if bad else np.zeros(n, bool)
        what = f"{word} with a problem"
        rows.append(account_for(case, background, "problems", question, what, has, link=_link(case, bad)))
    if copies:
        where = " or ".join(_WHERE[one.key] for one in copies)
        question, what = f"Were copies of them in {where}?", f"{things} with a copy in {where}"
        has = np.logical_or.reduce([in_set(one, n) for one in copies])
        rows.append(account_for(case, background, "copies", question, what, has, link=_link(case, copies)))
    return rows


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
        said = f"There are no {what}, neither here nor elsewhere."
        return Evidence(key, question, said, 1, "There is nothing of the kind to explain it.", case.slice.n)
    found = account(case.measure, case.loss, among, case.inside, has, binary=case.binary)
    if found is None:
        said = f"There are {numbers.count(n_here)} {what} here, and {numbers.count(n_there)} elsewhere."
        why = f"Fewer than {FEWEST} with and without are too few to say what harm it does."
        return unknown(key, question, said, why)
    harmful = found.low > 0 and (found.harm_low > 0 or key == "copies")  # known copies flatter the rest
    steps = sum(found.share >= step for step in SHARES)
    if harmful and steps:
        lean, rule = -min(strongest, steps), "They make up part of the gap, beyond chance."
    elif found.share_high < SHARES[1]:
        lean, rule = (2 if found.share_high < SHARES[0] else 1), "They account for little of the gap."
    else:
        lean, rule = 0, "How much they account for isn't clear."
    n = found.frequency.n
    said = _account_words(case, found, what)
    return Evidence(key, question, said, lean, rule, n, found.share, found.share_low, found.share_high, link)


def _link(case: Case, sets: Sequence[SampleSet]) -> Link | None:
    """To the samples of the slice that are in the set which holds most of it."""
    n = len(case.among)
    held = [int(np.count_nonzero(in_set(one, n) & case.inside)) for one in sets]
    k = int(np.argmax(held)) if held else 0
    return case.link(f"{numbers.count(held[k])} {sets[k].name}", held[k], sets[k], failed=False) if any(held) else None


def _account_words(case: Case, found: Account, what: str) -> str:
    here, there = numbers.rate(found.frequency.value), numbers.rate(found.frequency.rest)
    said = f"{here} of the {numbers.count(found.frequency.n)} here are {what}, {there} elsewhere."
    level = numbers.level(case.measure.limits.level)
    if not case.binary:
        ends = (
            "" if not np.isfinite(found.share_high) else f" ({level} {found.share_low:.0%} to {found.share_high:.0%})"
        )
        return f"{said} Were these no further off than others, the gap would shrink by {found.share:.0%}{ends}."
    ends = numbers.difference_interval(found.low, found.high, "rate")
    points = f"{numbers.difference(found.points, 'rate')} ({level} {ends})"
    if max(abs(found.low), abs(found.high)) < LEAST:
        points = f"less than {100 * LEAST:.1f}"
    gap = numbers.difference(found.whole, "rate")
    return f"{said} Did these fail no more often than others, the gap of {gap} points would shrink by {points}."


def ask_trainings(case: Case) -> Evidence:
    """Is it one unlucky training? The same contrast for every training of the candidate."""
    question = "Is it one unlucky training run?"
    name = case.outcomes.versions[case.candidate]
    runs = case.measure.trainings[case.candidate]
    if len(runs) < 2:
        said = f"Only one training of {name} was given."
        why = f"Train {name} again with other seeds and name the files under runs."
        return unknown("trainings", question, said, why)
    found = []
    for k, side in enumerate(runs):
        among = case.among & side.scored
        loss = losses(case.measure, case.mode, case.baseline, case.candidate, k)
        found.append(contrast(case.measure, loss, among, case.inside, binary=case.binary))
    more = sum(one.delta > 0 for one in found)
    sure = sum(one.known and one.delta > 0 and one.p < CHANCE for one in found)
    said = (
        f"It fails more often here than elsewhere in {more} of {len(runs)} trainings of {name}, "
        f"in {sure} beyond chance."
    )
    if more == len(runs):
        return Evidence("trainings", question, said, 0, "It comes back each time: not one unlucky run.", len(runs))
    if 2 * more <= len(runs):
        return Evidence("trainings", question, said, 1, "It mostly doesn't come back: chance of training.", len(runs))
    return unknown("trainings", question, said, "More trainings would tell whether it comes back.")
