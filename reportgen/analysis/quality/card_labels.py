"""Are the labels wrong? Failures of a slice against failures elsewhere."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.cases import SHARES, Background, Case, in_set, unknown
from reportgen.analysis.quality.contrasts import FEWEST, Contrast, contrast
from reportgen.inspection.cards import Evidence
from reportgen.model import Limits

ENOUGH = 30
"""Failures of which none has a suspect label: with so many, fewer than one in ten has (at 95 %)."""


def ask_labels(case: Case, background: Background) -> Evidence:
    """Are the labels wrong? Suspect labels among the failures here and elsewhere.

    A label counts as suspect by evidence other than the predictions by which the failures were chosen: another version
    says the suggestion, or most look-alikes have it.
    """
    question = "Are the labels wrong?"
    issues = background.inspection.labels
    if issues is None or not case.binary:
        why = "Labels were not looked at." if issues is None else "Values have no right and wrong to compare."
        return unknown("labels", question, why, "Classes, and probabilities or a further version, would tell.")
    outside = [v for v in range(len(case.outcomes.versions)) if v not in case.involved]
    rows = issues.candidates["row"].to_numpy()
    backed = np.zeros(len(rows), bool)
    suggested = issues.suggested.astype(np.int64)
    for v in outside:
        side = case.measure.sides[v]
        backed |= side.scored[rows] & (side.prediction[rows] == suggested)
    alike, n_alike = issues.candidates["look_alikes_for"], issues.candidates["n_look_alikes"]
    has_alike = n_alike.null_count() < len(n_alike)
    if has_alike:
        backed |= (alike.cast(pl.Float64) > n_alike / 2).fill_null(value=False).to_numpy()
    if not outside and not has_alike:
        said = "The failures were chosen by these versions' predictions; nothing else speaks for or against the labels."
        return unknown("labels", question, said, "A further version, embeddings or a reviewed list would tell.")
    suspect = np.zeros(len(case.among), bool)
    suspect[rows[backed]] = True
    found = contrast(case.measure, suspect.astype(np.float64), case.failed, case.inside)
    said = _shares(case, found, "have a suspect label")
    if found.value == 0 and found.n >= ENOUGH:
        return Evidence("labels", question, said, 1, "None of the failures here has a suspect label.", found.n, 0.0)
    if not found.known:
        return unknown("labels", question, said, f"Fewer than {FEWEST} failures on one side are too few to compare.")
    marked = issues.sets[0] if issues.sets else None
    n_marked = int(np.count_nonzero(case.failed & case.inside & in_set(marked, len(suspect)))) if marked else 0
    link = case.link(f"{numbers.count(n_marked)} suspect", n_marked, marked) if n_marked else None
    if found.low > 0:
        lean = -max(1, sum(found.delta >= step for step in SHARES))
        rule = "More of the failures here have a suspect label than of those elsewhere, beyond chance."
    elif found.high < SHARES[0] and found.value < SHARES[1]:
        lean, rule = 1, "Suspect labels are no more frequent here than among failures elsewhere."
    else:
        lean, rule = 0, "No clear difference."
    return Evidence("labels", question, said, lean, rule, found.n, found.delta, found.low, found.high, link)


def ask_others(case: Case) -> Evidence:
    """Do other versions fail on them, too? Those by which the failures were not chosen."""
    question = "Do other versions fail on them, too?"
    outside = [v for v in range(len(case.outcomes.versions)) if v not in case.involved]
    if not outside or not case.binary:
        said = "There is no other version." if not outside else "Values have no right and wrong to compare."
        return unknown("others", question, said, "A version that had no part in choosing the failures would tell.")
    sides = [case.measure.sides[v] for v in outside]
    wrong = np.logical_and.reduce([side.scored & (side.correct == 0) for side in sides])
    scored = np.logical_and.reduce([side.scored for side in sides])
    found = contrast(case.measure, wrong.astype(np.float64), case.failed & scored, case.inside)
    names = sentences.listed([case.outcomes.versions[v] for v in outside])
    said = _shares(case, found, f"are wrong by {names}, too")
    if not found.known:
        return unknown("others", question, said, f"Fewer than {FEWEST} failures on one side are too few to compare.")
    if found.low > 0:
        lean = -max(1, sum(found.delta >= step for step in SHARES))
        rule = "Others fail here more often than on failures elsewhere: the samples are hard, or their labels wrong."
    elif found.high < 0:
        lean = max(1, sum(-found.delta >= step for step in SHARES))
        rule = "Others fail here less often than on failures elsewhere: they can be told right."
    else:
        lean, rule = 0, "No clear difference."
    return Evidence("others", question, said, lean, rule, found.n, found.delta, found.low, found.high)


def _shares(case: Case, found: Contrast, what: str) -> str:
    if not found.n:
        return "There are no failures here to compare."
    k, m = (round(v * n) if n else 0 for v, n in ((found.value, found.n), (found.rest, found.n_rest)))
    here = f"{numbers.count(k)} of the {numbers.count(found.n)} {case.fails} here {what} ({numbers.rate(found.value)})"
    if not found.n_rest:
        return f"{here}; there are none elsewhere."
    there = f"elsewhere {numbers.count(m)} of {numbers.count(found.n_rest)} ({numbers.rate(found.rest)})"
    apart = f" Apart: {_points(found, case.measure.limits)}." if found.known else ""
    return f"{here}; {there}.{apart}"


def _points(found: Contrast, limits: Limits) -> str:
    ends = numbers.difference_interval(found.low, found.high, "rate")
    return f"{numbers.difference(found.delta, 'rate')} points, {numbers.level(limits.level)} {ends}"
