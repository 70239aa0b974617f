"""Are the labels wrong, or the samples hard? What speaks that had no part in choosing the failures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.quality.card_properties import account_for
from reportgen.analysis.quality.cases import Background, Case, in_sets, unknown
from reportgen.analysis.quality.labels import FAR, deviations
from reportgen.inspection.cards import Evidence
from reportgen.model import Link
from reportgen.tasks.metric import Flags, Floats

MOST_ALIKE = 0.5
"""Of a sample's look-alikes fewer than this share have its label: most have another."""


def ask_labels(case: Case, background: Background) -> Evidence:
    """Are the labels wrong? Samples whose label is contradicted by evidence that had no part in choosing the failures.

    Other versions say one and the same other label, and most look-alikes have another label, too, where there are
    embeddings. Of values: other versions, and the middle of the look-alikes, are all far off to one side. One version
    alone, without look-alikes, can err as the ones do that chose the failures, and several can be alike.
    """
    word = "labels" if case.classes else "values"
    question = f"Are the {word} wrong?"
    outside = _outside(case)
    alike = background.look_alikes() is not None
    if len(outside) + alike < 2:
        said = f"What speaks for the {word} here are the predictions by which the failures were chosen"
        said += "." if not outside else ", and one version that can err alike."
        return unknown("labels", question, said, "A further version, or embeddings, would tell.")
    has = _contradicted_labels(case, background) if case.classes else _contradicted_values(case, background)
    who = [sentences.listed([case.outcomes.versions[v] for v in outside])] if outside else []
    who += ["most look-alikes" if case.classes else "the look-alikes"] if alike else []
    what = f"{sentences.noun(case.outcomes)} whose {word[:-1]} {sentences.listed(who)} contradict"
    bound = _bound(case) or ("" if alike else "Versions alone can err alike, so slightly at most.")
    link = _suspects(case, background)
    found = account_for(case, background, "labels", question, what, has, strongest=1 if bound else 3, link=link)
    return _bounded(found, bound)


def ask_others(case: Case, background: Background) -> Evidence:
    """Do other versions fail on them, too? It may be the samples or the models' likeness: it leans slightly at most."""
    question = "Do other versions fail on them, too?"
    outside = _outside(case)
    if not outside:
        why = "A version that had no part in choosing the failures would tell."
        return unknown("others", question, "There is no other version.", why)
    tolerance = case.outcomes.tolerance
    if not case.classes and tolerance is None:
        return unknown("others", question, "Values have no right and wrong to compare.", "A tolerance would tell.")
    sides = [case.measure.sides[v] for v in outside]
    scored = np.logical_and.reduce([side.scored for side in sides])
    wrong = np.logical_and.reduce([side.scored & (side.correct == 0) for side in sides])
    names = sentences.listed([case.outcomes.versions[v] for v in outside])
    verb = "gets" if len(outside) == 1 else "get"
    what = f"{sentences.noun(case.outcomes)} that {names} {verb} {words_of(case.outcomes).others_wrong}"
    return account_for(
        case, background, "others", question, what, wrong, among=scored, strongest=1, link=_failures(case)
    )


def ask_look_alikes(case: Case, background: Background) -> Evidence:
    """Do look-alikes have another label? The nearest by the embedding; a label that most of them lack may be wrong."""
    word = "label" if case.classes else "value"
    question = f"Do look-alikes have another {word}?"
    if background.look_alikes() is None:
        why = "Embeddings, named in the manifest, would tell."
        return unknown("look_alikes", question, "There are no embeddings.", why)
    if case.classes:
        other, most = _unlike(case, background), "most have another label"
    else:
        other, most = np.abs(_from_look_alikes(case, background)) > FAR, "the middle value is far from its own"
    what = f"{sentences.noun(case.outcomes)} of whose look-alikes {most}"
    bound = _bound(case)
    found = account_for(case, background, "look_alikes", question, what, other, strongest=1 if bound else 3)
    found = _bounded(found, bound)
    return replace(found, rule=f"{found.rule} If the vectors are this model's own, it says nothing.")


def _bound(case: Case) -> str:
    """Why doubts in labels lean slightly at most where a card is about all samples; empty where it is not."""
    return "Hard ones fail more, and there is no elsewhere with as many, so slightly at most." if case.whole else ""


def _bounded(row: Evidence, why: str) -> Evidence:
    """A row with the reason for which it leans slightly at most, where it leans towards the data."""
    return replace(row, rule=f"{row.rule} {why}") if why and row.lean is not None and row.lean < 0 else row


def _outside(case: Case) -> list[int]:
    return [v for v in range(len(case.outcomes.versions)) if v not in case.involved]


def _contradicted_labels(case: Case, background: Background) -> Flags:
    """All others say one and the same other label, and most look-alikes have another one."""
    has = np.ones(len(case.among), bool)
    sides = [case.measure.sides[v] for v in _outside(case)]
    for side in sides:
        has &= side.scored & (side.prediction == sides[0].prediction) & (side.prediction != side.target)
    return has if background.look_alikes() is None else has & _unlike(case, background)


def _contradicted_values(case: Case, background: Background) -> Flags:
    """All others, and the middle of the look-alikes, are further than ``FAR`` robust deviations off, to one side."""
    sides = [case.measure.sides[v] for v in _outside(case)]
    usable = np.logical_and.reduce([~background.trained, *(side.scored for side in sides)])
    off = [deviations(side.target - side.prediction, usable & np.isfinite(side.target)) for side in sides]
    if background.look_alikes() is not None:
        off.append(_from_look_alikes(case, background))
    least, most = np.min(off, axis=0), np.max(off, axis=0)
    return np.asarray(usable & ((least > FAR) | (most < -FAR)))


def _unlike(case: Case, background: Background) -> Flags:
    """The samples of whose look-alikes most have another label."""
    rows = background.look_alikes()
    assert rows is not None
    target = case.outcomes.frame[columns.TARGET].to_numpy()
    n = (rows >= 0).sum(axis=1)
    same = ((target[rows] == target[:, None]) & (rows >= 0)).sum(axis=1)
    return np.asarray((n > 0) & (same < MOST_ALIKE * n))


def _from_look_alikes(case: Case, background: Background) -> Floats:
    """How far each value is from the middle of its look-alikes', in robust deviations; 0 where it has none."""
    rows = background.look_alikes()
    assert rows is not None
    target = case.outcomes.frame[columns.TARGET].to_numpy().astype(np.float64)
    known = (rows >= 0).any(axis=1)
    values = np.where(rows >= 0, target[rows], np.nan)
    middle = np.full(len(target), np.nan)
    middle[known] = np.nanmedian(values[known], axis=1)
    usable = known & np.isfinite(middle) & np.isfinite(target)
    return np.where(usable, deviations(np.nan_to_num(target - middle), usable), 0.0)


def _failures(case: Case) -> Link | None:
    """To the slice's failures."""
    n = int(np.count_nonzero(case.failed & case.inside))
    return case.link(f"{numbers.count(n)} {case.failing}", n) if n else None


def _suspects(case: Case, background: Background) -> Link | None:
    """To the slice's failures whose labels are on the list of suspect ones; of values to all its suspect ones."""
    labels = background.inspection.labels
    if labels is None or not labels.sets:
        return None
    suspect = in_sets([labels.sets[0]], len(case.among)) & case.inside
    n = int(np.count_nonzero(case.failed & suspect if case.classes else suspect))
    return case.link(f"{numbers.count(n)} on the list", n, labels.sets[0], failed=case.classes) if n else None
