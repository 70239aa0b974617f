"""Pinned sets of samples: which are open, closed, back, or right in both versions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.declared import pinned_id
from reportgen.analysis.facts import Facts
from reportgen.analysis.sentences import examples_link, slice_link
from reportgen.declarations import Declarations, PinnedRule
from reportgen.model import Link, PinnedSet


def follow_pinned(facts: Facts, declarations: Declarations) -> tuple[PinnedSet, ...]:
    """What became of every pinned set in the candidate, in the manifest's order."""
    return tuple(_follow(facts, rule, k) for k, rule in enumerate(declarations.pinned))


def _follow(facts: Facts, rule: PinnedRule, position: int) -> PinnedSet:
    outcomes = facts.outcomes
    frame = outcomes.frame.filter(pl.col(columns.pinned(position)))
    names = [facts.candidate, *([facts.baseline] if facts.baseline is not None else [])]
    scored, right = (
        [frame[column(outcomes.versions.index(name))].to_numpy().astype(bool) for name in names]
        for column in (columns.scored, columns.correct)
    )
    known = np.logical_and.reduce(scored)
    now = right[0][known]
    # without a baseline what is wrong is open, and what is right is right
    before = right[1][known] if facts.baseline is not None else now
    found = PinnedSet(
        name=rule.name,
        slice=pinned_id(rule.name, outcomes.attributes),
        n=frame.height,
        n_unknown=len(rule.ids) - frame.height,
        n_open=int(np.count_nonzero(~now & ~before)),
        n_closed=int(np.count_nonzero(now & ~before)),
        n_back=int(np.count_nonzero(~now & before)),
        n_right=int(np.count_nonzero(now & before)),
        n_missing=frame.height - int(np.count_nonzero(known)),
    )
    return replace(found, links=_links(facts, found))


def _links(facts: Facts, found: PinnedSet) -> tuple[Link, ...]:
    """The samples behind each count, where the sets of Examples count the same, and the slice."""
    one = facts.slices.get(found.slice)
    if one is None:
        return ()
    version = facts.candidate if facts.baseline is not None else None
    counted = [("wrong", found.n_open, "open")]
    if facts.baseline is not None:
        counted = [
            ("both_wrong", found.n_open, "open"),
            ("newly_fixed", found.n_closed, "closed"),
            ("newly_broken", found.n_back, "back"),
        ]
    links = [
        examples_link(name, n, word, one, facts.attributes, version)
        for name, n, word in counted
        if n and facts.outcomes.classes  # of values a flip is an error that moved, whether right or not
    ]
    return (*links, slice_link(one, version))
