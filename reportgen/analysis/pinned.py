"""Pinned sets of samples: which are open, closed, back, or right in both versions."""

from __future__ import annotations

import numpy as np

from reportgen import columns
from reportgen.analysis.declared import pinned_id, pinned_rows
from reportgen.analysis.facts import Facts
from reportgen.analysis.sentences import slice_link
from reportgen.declarations import Declarations, PinnedRule
from reportgen.model import PinnedSet


def follow_pinned(facts: Facts, declarations: Declarations) -> tuple[PinnedSet, ...]:
    """What became of every pinned set in the candidate, in the manifest's order."""
    return tuple(_follow(facts, rule) for rule in declarations.pinned)


def _follow(facts: Facts, rule: PinnedRule) -> PinnedSet:
    outcomes = facts.outcomes
    inside = pinned_rows(outcomes, rule)
    frame = outcomes.frame.filter(inside)
    names = [facts.candidate, *([facts.baseline] if facts.baseline is not None else [])]
    scored, right = (
        [frame[column(outcomes.versions.index(name))].to_numpy().astype(bool) for name in names]
        for column in (columns.scored, columns.correct)
    )
    known = np.logical_and.reduce(scored)
    now = right[0][known]
    # without a baseline what is wrong is open, and what is right is right
    before = right[1][known] if facts.baseline is not None else now
    one = facts.slices.get(pinned_id(rule.name, outcomes.attributes))
    links = () if one is None else (slice_link(one, facts.candidate if facts.baseline is not None else None),)
    return PinnedSet(
        name=rule.name,
        slice=pinned_id(rule.name, outcomes.attributes),
        n=frame.height,
        n_unknown=len(rule.ids) - frame.height,
        n_open=int(np.count_nonzero(~now & ~before)),
        n_closed=int(np.count_nonzero(now & ~before)),
        n_back=int(np.count_nonzero(~now & before)),
        n_right=int(np.count_nonzero(now & before)),
        n_missing=frame.height - int(np.count_nonzero(known)),
        links=links,
    )
