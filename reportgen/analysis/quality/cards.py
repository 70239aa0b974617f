"""Data or model? For a slice that fails, the evidence of each check, and which way it leans by a written rule.

What a row says never follows from how its cases were chosen. A card is about failures (samples that the candidate
newly broke, or gets wrong). A row takes a property that knows nothing of the predictions by which they were chosen (the
image, its copies, its look-alikes' labels, what other versions say, how often the slice occurs in training), and asks
how much more frequent it is in the slice, times the harm it does: 0 for failures that have nothing to do with it. And
nothing leans where the slice does not fail more often than the rest, beyond chance: then nothing is to be explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analysis import sentences
from reportgen.analysis.facts import Facts
from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.card_labels import ask_labels, ask_look_alikes, ask_others
from reportgen.analysis.quality.card_properties import ask_properties, ask_trainings
from reportgen.analysis.quality.card_training import ask_rarer, ask_seen
from reportgen.analysis.quality.cases import CHANCE, Background, Case, Mode, losses
from reportgen.analysis.quality.contrasts import contrast
from reportgen.inspection.cards import Card, Evidence
from reportgen.model import ALL, Finding

MOST = 5
"""Cards in a report: of the first findings that speak of a slice."""


def make_cards(measure: Measure, facts: Facts, findings: Sequence[Finding], background: Background) -> tuple[Card, ...]:
    """The cards of the first findings that say where the candidate got worse, or is weak."""
    names = facts.outcomes.versions
    baseline = None if facts.baseline is None else names.index(facts.baseline)
    candidate = names.index(facts.candidate)
    modes: dict[str, Mode] = {"regression": "change", "critical": "change", "weak": "weak"}
    cards = []
    for k, one in enumerate(findings, 1):
        if one.slice in (None, ALL) or one.kind not in modes or one.slice not in facts.slices:
            continue
        mode = "weak" if baseline is None else modes[one.kind]
        inside, loss = facts.rows(one.slice), losses(measure, mode, baseline, candidate)
        case = Case(measure, k, facts.slices[one.slice], inside, mode, baseline, candidate, loss)
        cards.append(make_card(case, background))
        if len(cards) == MOST:
            break
    return tuple(cards)


def make_card(case: Case, background: Background) -> Card:
    """The card of one case; nothing leans where the slice fails no more often than the rest, beyond chance."""
    whole = contrast(case.measure, case.loss, case.among, case.inside, binary=case.binary)
    stands = whole.known and whole.delta > 0 and whole.p < CHANCE
    rows = ask_all(case, background)
    if not stands:
        why = f"{case.outcomes.versions[case.candidate]} does not fail more often here than elsewhere, beyond chance."
        rows = tuple(replace(row, lean=None, rule=why) for row in rows)
    things = sentences.noun(case.outcomes)
    return Card(
        finding=case.finding,
        slice=case.slice.id,
        place=sentences.where(case.slice, case.outcomes.attributes, things),
        fails=case.fails,
        n=int(np.count_nonzero(case.among & case.inside)),
        n_failed=int(np.count_nonzero(case.failed & case.inside)),
        stands=bool(stands),
        rows=rows,
        settle=_settle(case, rows)
        if stands
        else f"More {things} of this slice: these can't show that it fails more often.",
    )


def ask_all(case: Case, background: Background) -> tuple[Evidence, ...]:
    """Every row of a card, each by its own rule, whether or not there is something to explain."""
    rows = (
        ask_seen(case, background),
        ask_rarer(case, background),
        ask_labels(case, background),
        ask_others(case, background),
        ask_look_alikes(case, background),
        *ask_properties(case, background),
        ask_trainings(case),
    )
    known = (row for row in rows if row is not None)
    return tuple(replace(r, value=_finite(r.value), low=_finite(r.low), high=_finite(r.high)) for r in known)


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _settle(case: Case, rows: Sequence[Evidence]) -> str:
    name = case.outcomes.versions[case.candidate]
    things = sentences.noun(case.outcomes)
    leans = {row.key: row.lean for row in rows}
    towards = {key for key, lean in leans.items() if lean is not None and lean < 0}
    steps = []
    if towards & {"labels", "look_alikes"}:
        steps.append("review the labels of these failures and build again: a loss that shrinks speaks for the labels")
    if towards & {"seen", "rarer"}:
        steps.append(
            f"train {name} again with more such {things}, three times: a loss that disappears each time speaks "
            "for the training data"
        )
    if "problems" in towards:
        steps.append(
            f"mend or leave out the {things} with a problem and build again: a loss that stays speaks against them"
        )
    if "copies" in towards:
        steps.append(
            f"leave out the {things} with a copy in another split and build again: what is left speaks for the model"
        )
    if "others" in towards and not steps:
        steps.append(f"look at these {things}: whether a person can tell what they are")
    if not steps and leans.get("seen", 0) is None:
        steps.append(f"name what {name} was trained on, and look whether it saw enough of them")
    if not steps or (leans.get("trainings", 0) is None and len(steps) < 2):
        steps.append(f"train {name} again on the same data with other seeds: a loss that goes was chance of training")
    first, *more = steps[:2]
    return first[0].upper() + first[1:] + "".join(f"; and {one}" for one in more) + "."
