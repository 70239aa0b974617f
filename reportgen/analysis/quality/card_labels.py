"""Are the labels wrong, or the samples hard? What speaks that had no part in choosing the failures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.card_properties import account_for
from reportgen.analysis.quality.cases import Background, Case, unknown
from reportgen.inspection.cards import Evidence
from reportgen.model import Link
from reportgen.tasks.metric import Flags

MOST_ALIKE = 0.5
"""Of a sample's look-alikes fewer than this share have its label: most have another."""

_CLASSES_ONLY = "This is asked of classes alone."


def ask_labels(case: Case, background: Background) -> Evidence:
    """Are the labels wrong? Samples whose label is contradicted by evidence that had no part in choosing the failures.

    Other versions say one and the same other label, and most look-alikes have another label, too, where there are
    embeddings. One version alone, without look-alikes, can err as the ones do that chose the failures.
    """
    question = "Are the labels wrong?"
    if not case.binary:
        return unknown("labels", question, "Values have no right and wrong to compare.", _CLASSES_ONLY)
    outside = _outside(case)
    other = _unlike(case, background)
    if len(outside) + (other is not None) < 2:
        said = "What speaks for the labels here are the predictions by which the failures were chosen"
        said += "." if not outside else ", and one version that can err alike."
        return unknown("labels", question, said, "A further version, or embeddings, would tell.")
    has = np.ones(len(case.among), bool)
    who = []
    if outside:
        sides = [case.measure.sides[v] for v in outside]
        first = sides[0].prediction
        has &= np.logical_and.reduce([side.scored & (side.prediction == first) for side in sides])
        has &= first != sides[0].target
        who.append(sentences.listed([case.outcomes.versions[v] for v in outside]))
    if other is not None:
        has &= other
        who.append("most look-alikes")
    what = f"{sentences.noun(case.outcomes)} whose label {sentences.listed(who)} contradict"
    return account_for(case, background, "labels", question, what, has, link=_suspects(case, background))


def ask_others(case: Case, background: Background) -> Evidence:
    """Do other versions fail on them, too? It may be the samples or the models' likeness: it leans slightly at most."""
    question = "Do other versions fail on them, too?"
    outside = _outside(case)
    if not outside or not case.binary:
        said = "There is no other version." if case.binary else "Values have no right and wrong to compare."
        why = "A version that had no part in choosing the failures would tell." if case.binary else _CLASSES_ONLY
        return unknown("others", question, said, why)
    sides = [case.measure.sides[v] for v in outside]
    wrong = np.logical_and.reduce([side.scored & (side.correct == 0) for side in sides])
    scored = np.logical_and.reduce([side.scored for side in sides])
    names = sentences.listed([case.outcomes.versions[v] for v in outside])
    what = f"{sentences.noun(case.outcomes)} that {names} get{'s' if len(outside) == 1 else ''} wrong, too"
    return account_for(
        case, background, "others", question, what, wrong, among=scored, strongest=1, link=_failures(case)
    )


def ask_look_alikes(case: Case, background: Background) -> Evidence:
    """Do look-alikes have another label? The nearest by the embedding; a label that most of them lack may be wrong."""
    question = "Do look-alikes have another label?"
    other = _unlike(case, background)
    if other is None:
        said = "There are no embeddings." if case.binary else "Values have no label to share."
        why = "Embeddings, named in the manifest, would tell." if case.binary else _CLASSES_ONLY
        return unknown("look_alikes", question, said, why)
    what = f"{sentences.noun(case.outcomes)} of whose look-alikes most have another label"
    found = account_for(case, background, "look_alikes", question, what, other)
    return replace(found, rule=f"{found.rule} If the vectors are this model's own, it says nothing.")


def _outside(case: Case) -> list[int]:
    return [v for v in range(len(case.outcomes.versions)) if v not in case.involved]


def _unlike(case: Case, background: Background) -> Flags | None:
    """The samples of whose look-alikes most have another label; none without embeddings."""
    alike = background.alike(case.outcomes.frame[columns.TARGET].to_numpy()) if case.binary else None
    return None if alike is None else np.asarray(alike < MOST_ALIKE)


def _failures(case: Case) -> Link | None:
    """To the slice's failures."""
    n = int(np.count_nonzero(case.failed & case.inside))
    return case.link(f"{numbers.count(n)} {'newly broken' if case.mode == 'change' else 'wrong'}", n) if n else None


def _suspects(case: Case, background: Background) -> Link | None:
    """To the slice's failures whose labels are on the list of suspect ones."""
    labels = background.inspection.labels
    if labels is None or not labels.sets:
        return None
    inside = np.zeros(len(case.among), bool)
    inside[labels.sets[0].rows] = True
    n = int(np.count_nonzero(case.failed & case.inside & inside))
    return case.link(f"{numbers.count(n)} on the list", n, labels.sets[0]) if n else None
