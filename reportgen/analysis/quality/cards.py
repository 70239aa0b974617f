"""Data or model? For a slice that fails, the evidence of each check, and which way it leans by a written rule.

What a row says never follows from how its cases were chosen. A card is about failures (samples that the candidate
newly broke, or gets wrong; one class taken for another; confidence that is not kept). A row takes a property that knows
nothing of the predictions by which they were chosen (the image, its copies, its look-alikes' labels, what other
versions say, how often the slice and its values occur in training), and asks how much more frequent it is in the slice,
times the harm it does: 0 for failures that have nothing to do with it. And nothing leans where the slice does not fail
more often than the rest, beyond chance: then nothing is to be explained. Of all samples, which have no rest, it is the
loss itself that is to be explained, and the harm alone that tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis import sentences
from reportgen.analysis.facts import Facts
from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.card_copies import ask_copies
from reportgen.analysis.quality.card_drift import ask_drift
from reportgen.analysis.quality.card_labels import ask_labels, ask_look_alikes, ask_others
from reportgen.analysis.quality.card_properties import ask_problems
from reportgen.analysis.quality.card_training import ask_rarer, ask_seen
from reportgen.analysis.quality.card_trainings import ask_trainings, gap_of
from reportgen.analysis.quality.card_words import WHY_NONE, gap_text, settle_text
from reportgen.analysis.quality.cases import CHANCE, Background, Case, Mode, losses
from reportgen.analysis.quality.faults import WRONG, Fault
from reportgen.inspection.cards import Card, Evidence, NoCard
from reportgen.model import ALL, Finding, Slice

_MODES: dict[str, Mode] = {
    "regression": "change",
    "critical": "change",
    "weak": "weak",
    "confusion": "change",
    "confidence": "change",
    "claim": "weak",
}
"""Kinds of findings that are about failures, and whether these are of a change."""


def make_cards(
    measure: Measure, facts: Facts, findings: Sequence[Finding], background: Background
) -> tuple[tuple[Card, ...], tuple[NoCard, ...]]:
    """The cards of the findings that are about failures, and why the others have none."""
    cards, without = [], []
    for k, one in enumerate(findings, 1):
        found = _case(measure, facts, k, one)
        if isinstance(found, Case):
            cards.append(make_card(found, background))
        else:
            without.append(NoCard(k, found))
    return tuple(cards), tuple(without)


def _case(measure: Measure, facts: Facts, number: int, finding: Finding) -> Case | str:
    """What a finding's card is about; or why it has none."""
    things = sentences.noun(facts.outcomes)
    if finding.kind not in _MODES:
        return WHY_NONE[finding.kind].format(nouns=things)
    one, fault = _slice(facts, finding), _fault(facts, finding)
    if one is None:
        return f"Which {things} are in its slice hangs on the version: they were chosen by what it says of them."
    baseline = None if facts.baseline is None else facts.outcomes.versions.index(facts.baseline)
    candidate = facts.outcomes.versions.index(facts.candidate)
    mode = "weak" if baseline is None else _MODES[finding.kind]
    loss = losses(measure, mode, baseline, candidate, fault=fault)
    return Case(measure, number, one, facts.rows(one.id), mode, baseline, candidate, loss, fault)


def _slice(facts: Facts, finding: Finding) -> Slice | None:
    """The finding's slice; of a class taken for another the samples labelled so; none where versions choose it."""
    if finding.kind == "confusion":
        label, _ = _cell(facts, finding)
        target = next((a.name for a in facts.attributes if a.kind == "target"), None)
        return next(
            (s for s in facts.slices.values() if [(t.attribute, t.value) for t in s.terms] == [(target, label)]), None
        )
    return facts.slices.get(finding.slice or ALL)


def _fault(facts: Facts, finding: Finding) -> Fault:
    """How the finding's samples fail. Of two classes each can only be taken for the other: that is any wrong answer."""
    if finding.kind == "confusion" and len(facts.outcomes.classes) > 2:
        return Fault("taken", facts.outcomes.classes.index(_cell(facts, finding)[1]))
    return {"confidence": Fault("sure"), "claim": Fault("claim")}.get(finding.kind, WRONG)


def _cell(facts: Facts, finding: Finding) -> tuple[str, str]:
    """Label and prediction of a confusion, whose key names both; a class may have any sign in its name."""
    cells = ((a, b) for a in facts.outcomes.classes for b in facts.outcomes.classes)
    return next((a, b) for a, b in cells if f"{a}>{b}" == finding.key)


def make_card(case: Case, background: Background) -> Card:
    """The card of one case; nothing leans where the slice fails no more often than the rest, beyond chance."""
    gap = gap_of(case, background)
    stands = gap.known and gap.delta > 0 and gap.p < CHANCE
    rows = ask_all(case, background)
    things = sentences.noun(case.outcomes)
    if not stands:
        than = "than before" if case.mode == "change" else "than it should"
        than = than if case.whole else "here than elsewhere"
        why = f"{case.outcomes.versions[case.candidate]} does not fail more {than}, beyond chance."
        rows = tuple(replace(row, lean=None, rule=why) for row in rows)
    return Card(
        finding=case.finding,
        slice=case.slice.id,
        place=sentences.where(case.slice, case.outcomes.attributes, things),
        fails=case.fails,
        n=int(np.count_nonzero(case.among & case.inside)),
        n_failed=int(np.count_nonzero(case.failed & case.inside)),
        stands=bool(stands),
        gap=gap_text(case, gap, without_trained=bool(background.trained.any())),
        delta=_finite(gap.delta),
        low=_finite(gap.low),
        high=_finite(gap.high),
        rows=rows,
        settle=settle_text(case, rows) if stands else f"More {things}: these can't show that there is a {case.gap}.",
    )


def ask_all(case: Case, background: Background) -> tuple[Evidence, ...]:
    """Every row of a card, each by its own rule, whether or not there is something to explain."""
    labelled = case.outcomes.parts is None  # where a sample consists of parts, it has no one label to be wrong
    rows = (
        None if case.whole else ask_seen(case, background),
        None if case.whole else ask_rarer(case, background),
        ask_drift(case, background),
        ask_labels(case, background) if labelled else None,
        ask_others(case, background),
        ask_look_alikes(case, background) if labelled else None,
        ask_problems(case, background),
        *ask_copies(case, background),
        ask_trainings(case, background),
    )
    known = (row for row in rows if row is not None)
    return tuple(replace(r, value=_finite(r.value), low=_finite(r.low), high=_finite(r.high)) for r in known)


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
