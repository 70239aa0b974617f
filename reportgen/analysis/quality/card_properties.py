"""Are the samples bad, or copies? What properties that know nothing of predictions account for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.cases import CHANCE, SHARES, Background, Case, in_set, losses, unknown
from reportgen.analysis.quality.contrasts import FEWEST, Account, account, contrast
from reportgen.inspection import SampleSet
from reportgen.inspection.cards import Evidence, EvidenceKey
from reportgen.model import Link
from reportgen.tasks.metric import Flags

LEAST = 0.001
"""What is accounted for is printed from a tenth of a point on."""

MOST_ALIKE = 0.5
"""Of a sample's look-alikes fewer than this share have its label: most have another."""

_NO_LOOK = "Images or texts, named in the manifest, would tell."


def ask_properties(case: Case, background: Background) -> list[Evidence]:
    """Are the samples bad? Were copies of them seen in training? What each accounts for of the slice's failures."""
    n = len(case.among)
    bad = [one for one in background.inspection.sets if one.part == "samples"]
    copies = [one for one in background.inspection.sets if one.key == "twins-across-splits"]
    things = sentences.noun(case.outcomes)
    kind = case.outcomes.media.kind
    word = {"image": "images", "text": "texts"}.get(kind, things)
    rows = []
    question = f"Are the {word} bad?"
    if background.inspection.samples is None:
        rows.append(unknown("problems", question, f"The {word} themselves were not looked at.", _NO_LOOK))
    else:
        has = np.logical_or.reduce([in_set(one, n) for one in bad]) if bad else np.zeros(n, bool)
        rows.append(_property(case, "problems", question, f"{word} with a problem", has, bad))
    if copies:
        question = "Were copies of them in another split?"
        has = in_set(copies[0], n)
        rows.append(_property(case, "copies", question, f"{things} with a copy in another split", has, copies))
    return rows


def ask_look_alikes(case: Case, background: Background) -> Evidence:
    """Do look-alikes have another label? The nearest by the embedding; a label that most of them lack may be wrong."""
    question = "Do look-alikes have another label?"
    alike = background.alike(case.outcomes.frame[columns.TARGET].to_numpy()) if case.binary else None
    if alike is None:
        said = "There are no embeddings." if case.binary else "Values have no label to share."
        return unknown("look_alikes", question, said, "Embeddings, named in the manifest, would tell.")
    what = f"{sentences.noun(case.outcomes)} of whose look-alikes most have another label"
    return _property(case, "look_alikes", question, what, np.asarray(alike < MOST_ALIKE), ())


def _property(
    case: Case,
    key: EvidenceKey,
    question: str,
    what: str,
    has: Flags,
    sets: Sequence[SampleSet],
) -> Evidence:
    n_with = int(np.count_nonzero(has & case.inside & case.among))
    if not np.any(has & case.among):
        said = f"The checks found none of the {numbers.count(case.slice.n)} here, nor of the others."
        return Evidence(key, question, said, 1, "There is nothing of the kind to explain it.", case.slice.n)
    found = account(case.measure, case.loss, case.among, case.inside, has, binary=case.binary)
    link = _link(case, sets)
    if found is None:
        rest = int(np.count_nonzero(has & case.among)) - n_with
        said = f"{numbers.count(n_with)} here and {numbers.count(rest)} elsewhere are {what}."
        return unknown(
            key, question, said, f"Fewer than {FEWEST} with and without are too few to say what harm it does."
        )
    said = _account_words(case, found, what)
    harmful = found.harm_low > 0 and found.low > 0
    if harmful and found.share >= SHARES[0]:
        lean = -sum(found.share >= step for step in SHARES)
        rule = "They fail more often, and are more frequent here, beyond chance."
    elif found.share_high < SHARES[1]:
        lean, rule = (2 if found.share_high < SHARES[0] else 1), "They account for little of it."
    else:
        lean, rule = 0, "How much they account for can't be told apart from nothing."
    return Evidence(
        key, question, said, lean, rule, found.frequency.n, found.share, found.share_low, found.share_high, link
    )


def _link(case: Case, sets: Sequence[SampleSet]) -> Link | None:
    """To the samples of the slice that are in the set which holds most of it."""
    n = len(case.among)
    held = [int(np.count_nonzero(in_set(one, n) & case.inside)) for one in sets]
    k = int(np.argmax(held)) if held else 0
    return case.link(f"{numbers.count(held[k])} {sets[k].name}", held[k], sets[k], failed=False) if any(held) else None


def _account_words(case: Case, found: Account, what: str) -> str:
    here, there = numbers.rate(found.frequency.value), numbers.rate(found.frequency.rest)
    said = f"{here} of the {numbers.count(found.frequency.n)} here are {what}, {there} elsewhere. "
    if not case.binary:
        share = f"{max(0.0, found.share):.0%}"
        return said + f"By what harm that does, it accounts for {share} of what they are off further."
    ends = numbers.difference_interval(found.low, found.high, "rate")
    points = f"{numbers.difference(found.points, 'rate')} ({numbers.level(case.measure.limits.level)} {ends})"
    if max(abs(found.low), abs(found.high)) < LEAST:
        points = f"less than {100 * LEAST:.1f}"
    of = f"{numbers.difference(found.whole, 'rate')} points that they fail more often"
    return f"{said}By what harm that does, it accounts for {points} of the {of}."


def ask_trainings(case: Case) -> Evidence:
    """Is it one unlucky training? The same contrast for every training of the candidate."""
    question = "Is it one unlucky training run?"
    name = case.outcomes.versions[case.candidate]
    runs = case.measure.trainings[case.candidate]
    if len(runs) < 2:
        said = f"Only one training of {name} was given."
        return unknown(
            "trainings", question, said, f"Train {name} again with other seeds and name the files under runs."
        )
    found = []
    for k, side in enumerate(runs):
        among = case.among & side.scored
        loss = losses(case.measure, case.mode, case.baseline, case.candidate, k)
        found.append(contrast(case.measure, loss, among, case.inside, binary=case.binary))
    worse = sum(one.known and one.delta > 0 and one.p < CHANCE for one in found)
    said = f"It fails more often here than elsewhere in {worse} of {len(runs)} trainings of {name}."
    if worse == len(runs):
        return Evidence("trainings", question, said, 0, "It comes back: it isn't chance of training.", len(runs))
    lean = 2 if 2 * worse <= len(runs) else 1
    return Evidence("trainings", question, said, lean, "It doesn't come back each time: chance of training.", len(runs))
