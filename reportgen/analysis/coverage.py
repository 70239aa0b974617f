"""Coverage: which combinations of attribute values the samples hold often enough, and which not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from reportgen import columns
from reportgen.analysis.slices import Axes, Axis, shown_values, term_of
from reportgen.model import Attribute, Combination, Coverage, Limits, Outcomes, PairCoverage, Slice

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

MAX_LISTED = 200
"""Combinations listed of those with no samples, and of those with too few; the others are counted."""

MAX_LOOKS = 30_000_000
"""Samples times triples of attributes up to which combinations of three values are counted."""

MAX_TRIPLES = 1_000_000
"""Combinations of three values up to which they are counted."""


@dataclass(frozen=True, eq=False)
class _Table:
    """Two attributes crossed: samples of every combination of their values, and which have enough."""

    first: Attribute
    second: Attribute
    n: Ints  # values of the first × values of the second
    groups: Mapping[tuple[str, str], int | None]
    covered: npt.NDArray[np.bool_]

    @property
    def expected(self) -> npt.NDArray[np.float64]:
        """The samples of each combination if the attributes had nothing to do with each other."""
        return np.outer(self.n.sum(axis=1), self.n.sum(axis=0)) / max(1, int(self.n.sum()))


def measure_coverage(outcomes: Outcomes, axes: Axes, limits: Limits) -> Coverage | None:
    """The share of all combinations of two attribute values that have enough samples; none below two attributes.

    Attributes are those that slice, the target among them; a missing value is no value, and every value that an
    attribute has makes combinations, whether any sample has it or not. Enough is what a slice needs to be tested:
    ``limits.test`` samples, and ``limits.groups`` groups where there are groups. A combination without samples may be
    one that nobody examined, or one that cannot be: the samples do not tell.
    Source: Kuhn, Kacker, Lei, NIST SP 800-142, 2010, ch. 7 (there: total variable-value configuration coverage).
    """
    attributes = outcomes.attributes
    if len(attributes) < 2:
        return None
    frame = outcomes.frame
    codes = [frame[columns.attribute(a.index)].to_numpy() for a in attributes]
    group = frame[columns.GROUP].to_numpy() if columns.GROUP in frame.columns else None
    pairs_of = list(combinations(range(len(attributes)), 2))
    is_limited = any(note.code == "RG403" for note in axes.notes)  # small pairs are not listed
    tables = [
        _cross(attributes[i], attributes[j], axis, (codes[i], codes[j]) if is_limited else None, limits)
        for (i, j), axis in zip(pairs_of, axes.pairs, strict=True)
    ]
    alone = [_alone(a, axis, limits) for a, axis in zip(attributes, axes.attributes, strict=True)]
    pairs = [
        PairCoverage((t.first.name, t.second.name), t.n.size, int(t.covered.sum()), int((t.n == 0).sum()))
        for t in tables
    ]
    n_triples, n_triples_covered = _count_triples([len(a.values) for a in attributes], codes, group, limits)
    return Coverage(
        attributes=tuple(a.name for a in attributes),
        min_samples=limits.test,
        min_groups=None if group is None else limits.groups,
        n_combinations=sum(one.n_combinations for one in pairs),
        n_covered=sum(one.n_covered for one in pairs),
        n_empty=sum(one.n_empty for one in pairs),
        pairs=(*pairs, *alone),
        empty=_listed(attributes, tables, grouped=group is not None, empty=True),
        few=_listed(attributes, tables, grouped=group is not None, empty=False),
        n_triples=n_triples,
        n_triples_covered=n_triples_covered,
    )


def _cross(
    first: Attribute, second: Attribute, axis: Axis, codes: tuple[Codes, Codes] | None, limits: Limits
) -> _Table:
    """Two attributes crossed, from their slices; from the samples' ``codes`` where small slices are left out there."""
    rows, across = ({value: k for k, value in enumerate(one.values)} for one in (first, second))
    n = np.zeros((len(rows), len(across)), np.int64)
    covered = np.zeros(n.shape, bool)
    groups: dict[tuple[str, str], int | None] = {}
    for one in axis.slices:
        values = one.terms[0].value, one.terms[1].value
        place = rows[values[0]], across[values[1]]
        n[place], covered[place] = one.n, _is_enough(one, limits)
        groups[values] = one.n_groups
    if codes is not None:
        known = (codes[0] >= 0) & (codes[1] >= 0)
        n = np.bincount(codes[0][known].astype(np.int64) * n.shape[1] + codes[1][known], minlength=n.size)
        n = n.reshape(covered.shape)
    return _Table(first, second, n, groups, covered)


def _is_enough(one: Slice, limits: Limits) -> bool:
    return one.n >= limits.test and (one.n_groups is None or one.n_groups >= limits.groups)


def _alone(attribute: Attribute, axis: Axis, limits: Limits) -> PairCoverage:
    values = [one for one in axis.slices if one.terms[0].value in attribute.values]
    enough = sum(_is_enough(one, limits) for one in values)
    total = len(attribute.values)
    return PairCoverage((attribute.name, attribute.name), total, enough, total - len(values))


def _listed(
    attributes: Sequence[Attribute], tables: Sequence[_Table], *, grouped: bool, empty: bool
) -> tuple[Combination, ...]:
    """The first combinations without samples, or with too few: those that lack most against what is expected."""
    found = sorted(_lacking(tables, empty=empty), key=lambda one: one[0])[:MAX_LISTED]
    shown = shown_values(attributes)
    return tuple(
        Combination(
            (term_of(t.first, t.first.values[i], shown), term_of(t.second, t.second.values[j], shown)),
            int(t.n[i, j]),
            t.groups.get((t.first.values[i], t.second.values[j]), 0) if grouped else None,
            float(t.expected[i, j]),
        )
        for _, t, i, j in found
    )


def _lacking(tables: Sequence[_Table], *, empty: bool) -> Iterator[tuple[tuple[float, int, int], _Table, int, int]]:
    """Each table's own first combinations, with what they are ordered by; equal ones in the attributes' order."""
    for place, table in enumerate(tables):
        wanted = np.flatnonzero(table.n == 0 if empty else (table.n > 0) & ~table.covered)
        gap = (table.expected - table.n).ravel()[wanted]
        for at in np.argsort(-gap, kind="stable")[:MAX_LISTED]:
            i, j = divmod(int(wanted[at]), len(table.second.values))
            yield (-round(float(gap[at]), 9), place, int(wanted[at])), table, i, j


def _count_triples(
    sizes: Sequence[int], codes: Sequence[Codes], group: Codes | None, limits: Limits
) -> tuple[int | None, int | None]:
    """How many combinations of three values there are, and how many have enough; null where that takes too long."""
    triples = list(combinations(range(len(sizes)), 3))
    total = sum(sizes[i] * sizes[j] * sizes[k] for i, j, k in triples)
    looks = len(triples) * len(codes[0]) * (1 if group is None else 10)  # groups have to be sorted
    if not triples or total > MAX_TRIPLES or looks > MAX_LOOKS:
        return None, None
    covered = 0
    for i, j, k in triples:
        known = (codes[i] >= 0) & (codes[j] >= 0) & (codes[k] >= 0)
        keys = (codes[i].astype(np.int64) * sizes[j] + codes[j]) * sizes[k] + codes[k]
        enough = np.bincount(keys[known], minlength=sizes[i] * sizes[j] * sizes[k]) >= limits.test
        if group is not None:
            rows = np.flatnonzero(known)[enough[keys[known]]]
            n_groups = int(group.max(initial=0)) + 1
            distinct = np.unique(keys[rows] * n_groups + group[rows]) // n_groups
            enough &= np.bincount(distinct, minlength=len(enough)) >= limits.groups
        covered += int(enough.sum())
    return total, covered
