"""Drift inside a slice: values that are rarer in training than here, and what they account for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.card_properties import account_for
from reportgen.analysis.quality.cases import Background, Case, unknown
from reportgen.analysis.quality.contrasts import FEWEST
from reportgen.analysis.quality.support import Coded
from reportgen.inspection.cards import Evidence
from reportgen.model import Link
from reportgen.stats.intervals import ratio_intervals
from reportgen.stats.shares import Population, ratio_of_shares
from reportgen.tasks.metric import Flags

RARER = 0.8
"""A value is rarer in training where its share there is less than this part of its share here, for certain."""

_DRIFT = Link("data", "Drift", (("at", "drift"),))


@dataclass(frozen=True)
class _Rare:
    """A value that is rarer among a side's rows of training than among its samples here."""

    attribute: str
    value: str
    rows: npt.NDArray[np.int64]  # of the samples here that have it
    there: float
    here: float


def ask_drift(case: Case, background: Background) -> Evidence | None:
    """Is their mix another than in training? Samples with a value that is rarer there, of attributes but the slice's.

    Rarer is asked of the slice and of the rest each by itself, so that a value can be drift in the one and not in the
    other. Which samples have such values hangs on the tables alone. Without a training table the row before says so.
    """
    question = "Is their mix another than in training?"
    name = case.outcomes.versions[case.candidate]
    table = background.tables.tables.get(name)
    if table is None:
        return None
    there = np.ones(table.people.n, bool) if case.whole else table.inside(case.slice.terms)
    others = _others(case, background, table)
    if there is None or not others:
        said = f"{name}'s training table has no column that tells {'this slice' if there is None else 'more of them'}."
        return unknown("drift", question, said, "Such a column in the training table would tell.")
    n_there = int(np.count_nonzero(there))
    if n_there < FEWEST:
        said = f"{name}'s training set has {numbers.count(n_there)} of them: too few to have a mix."
        return unknown("drift", question, said, "More of them in training would tell.")
    here = case.inside[background.tables.kept]
    has = np.zeros(len(case.among), bool)
    inside = list(_rarer(case, background, table, others, (there, here)))
    outside = list(_rarer(case, background, table, others, (~there, ~here)))
    for one in (*inside, *outside):
        has[one.rows] = True
    what = f"{sentences.noun(case.outcomes)} with a value that is rarer in training"
    # Of a change in training that is the same for both versions, the mix is at most what brought it out.
    same = case.mode == "change" and case.baseline is not None and _same_table(case, background)
    found = account_for(
        case, background, "drift", question, what, has, strongest=1 if same else 3, link=_DRIFT if inside else None
    )
    decide = case.measure.limits.decide
    if found.lean is not None and found.lean > 0 and n_there < decide:
        why = f"Fewer than {decide} of them in training are too few to say that their mix is the same."
        return unknown("drift", question, found.said, why)
    if inside:
        most = max(inside, key=lambda one: (one.here - one.there, one.attribute, one.value))
        rates = f"{numbers.rate(most.there)} of them in {name}'s training, {numbers.rate(most.here)} here"
        found = replace(found, said=f"{most.attribute} {most.value}: {rates}. {found.said}")
    if same and found.lean == -1:
        found = replace(found, rule=f"{found.rule} Both versions had it, so slightly at most.")
    return found


def _others(case: Case, background: Background, table: Coded) -> list[str]:
    """The attributes that both sides have, but those that make the slice."""
    own = {term.attribute for term in case.slice.terms}
    return [name for name in table.codes if name in background.tables.here.codes and name not in own]


def _same_table(case: Case, background: Background) -> bool:
    tables = background.tables.tables
    names = [case.outcomes.versions[v] for v in case.involved]
    return all(name in tables for name in names) and len({id(tables[name]) for name in names}) == 1


def _rarer(
    case: Case, background: Background, table: Coded, others: list[str], sides: tuple[Flags, Flags]
) -> Iterator[_Rare]:
    """The values that are rarer in training, among one side's rows whose value is known."""
    level = case.measure.limits.level
    for name in others:
        shares, rows = [], np.empty(0, np.int64)
        values = background.tables.here.values[name]
        for coded, side in zip((table, background.tables.here), sides, strict=True):
            rows = np.flatnonzero(side & (coded.codes[name] >= 0))
            codes = coded.codes[name][rows]
            parts = [codes == k for k in range(len(values))]
            sums = _among(coded.people, rows).sums(parts)
            shares.append(ratio_intervals(sums, binary=True, level=level, bounds=(0.0, 1.0)))
            if len(rows) < FEWEST:
                break
        if len(shares) < 2 or len(rows) < FEWEST:
            continue
        own, mine = shares
        _, _, high = ratio_of_shares(own.value, own.low, own.high, mine.value, mine.low, mine.high)
        for k in np.flatnonzero(high < RARER):
            held = background.tables.kept[rows[codes == k]]
            yield _Rare(name, values[k], held, float(own.value[k]), float(mine.value[k]))


def _among(people: Population, rows: npt.NDArray[np.int64]) -> Population:
    """Some of a population's samples, with their groups counted anew."""
    group = None if people.group is None else np.unique(people.group[rows], return_inverse=True)[1].astype(np.int64)
    return Population(len(rows), group, None if people.weight is None else people.weight[rows])
