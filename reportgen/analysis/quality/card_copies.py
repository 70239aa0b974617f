"""Copies: had versions seen these samples in training, and are failures counted again and again?"""

from __future__ import annotations

import numpy as np

from reportgen.analysis import sentences
from reportgen.analysis.quality.card_properties import account_for, link_to
from reportgen.analysis.quality.cases import Background, Case, in_sets
from reportgen.inspection.cards import Evidence
from reportgen.inspection.training import IN_TRAINING

_ACROSS = "twins-across-splits"
_AGAIN = ("exact-copies", "near-copies")


def ask_copies(case: Case, background: Background) -> list[Evidence]:
    """Two rows, each where it could be looked for: copies in another split or in training, and copies among these."""
    inspection, n = background.inspection, len(case.among)
    things = sentences.noun(case.outcomes)
    elsewhere = [one for one in inspection.sets if one.key in (_ACROSS, IN_TRAINING)]
    leaked = in_sets(elsewhere, n)
    rows = []
    if where := _where(case, background):
        question, what = f"Were copies of them in {where}?", f"{things} with a copy in {where}"
        link = link_to(case, elsewhere)
        rows.append(account_for(case, background, "copies", question, what, leaked, link=link))
    if inspection.duplicates is not None:
        question, what = "Are some the same again?", f"{things} that are the same as another one"
        again = np.zeros(n, bool)
        again[inspection.duplicates.copies] = True
        sets = [one for one in inspection.sets if one.key in _AGAIN]
        again &= ~leaked
        rows.append(account_for(case, background, "repeats", question, what, again, link=link_to(case, sets, again)))
    return rows


def _where(case: Case, background: Background) -> str:
    """Where copies could be looked for; empty: nowhere."""
    inspection, split = background.inspection, case.outcomes.split
    parts = []
    if inspection.duplicates is not None and split is not None:
        parts += ["another split"] if case.outcomes.samples[split].drop_nulls().n_unique() > 1 else []
    tables = () if inspection.training is None else inspection.training.tables
    parts += ["training"] if any(one.n_trained_on is not None or one.content for one in tables) else []
    return " or ".join(parts)
