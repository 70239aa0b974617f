"""A slice against all other samples: the rest is the total less the slice, so one pass of sums gives both."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from reportgen.stats.intervals import (
    NO_BOUNDS,
    Bounds,
    difference_intervals,
    equal_proportions_in_groups,
    newcombe_independent,
)
from reportgen.stats.significance import equal_proportions
from reportgen.stats.statistic import Array, Floats, GroupedSums, Ints, PairSums, Sums, group_ratio
from reportgen.stats.statistic import total as sum_by


@dataclass(frozen=True, eq=False)
class Against:
    """Each slice against its rest: arrays of one entry a slice; ``delta`` is slice − rest, NaN where not defined."""

    value: Floats
    rest: Floats
    delta: Floats
    low: Floats
    high: Floats
    p: Floats
    n: Ints
    units: Ints
    method: str


def compare_with_rest(pair: PairSums, *, binary: bool, level: float = 0.95, bounds: Bounds = NO_BOUNDS) -> Against:
    """The metric Σx / Σw of each slice (the pair's candidate) against that of its rest (the pair's baseline).

    Proportions of independent samples have Newcombe's interval (Stat Med 17:873, 1998, method 10) and the score test;
    anything else, and anything with groups or weights, the linearised difference, of proportions with the p of
    ``equal_proportions_in_groups``: a slice of 30 right of 30 has no spread of its own, and still proves little.
    No limit lies beyond what the metric's ``bounds`` allow.
    """
    found = difference_intervals(pair, binary=False, level=level, bounds=(0.0, 1.0) if binary else bounds)
    inside, rest = pair.candidate, pair.baseline
    low, high, p, method = found.low, found.high, found.p, "linearised"
    if binary:
        p = equal_proportions_in_groups(pair)
    if binary and not (inside.grouped or inside.weighted):
        _, low, high = newcombe_independent(rest.x, rest.w, inside.x, inside.w, level)
        p = equal_proportions(rest.x, rest.w, inside.x, inside.w)
        method = "Newcombe, independent"
    defined = (inside.n > 0) & (rest.n > 0)
    return Against(
        found.value_candidate,
        found.value_baseline,
        np.where(defined, found.delta, np.nan),
        np.where(defined, low, np.nan),
        np.where(defined, high, np.nan),
        p,
        inside.n,
        inside.units,
        method,
    )


def with_rest(inside: Sums, whole: Sums) -> PairSums:
    """Slices beside their rests, from their sums and those of all samples (one key); without groups.

    A sample is in the slice or in the rest, never in both, so there are no cross moments.
    """
    none = np.zeros(len(inside.n))
    n, units = _all(whole.n, len(inside.n)), _all(whole.units, len(inside.n))
    return PairSums(_less(whole, inside), inside, n, units, none, none, none, none)


def sum_all(x: Array, w: Array, *, group: Array, weight: Array | None = None) -> GroupedSums:
    """The partial sums of all samples, under one key; arguments as in ``sum_ratio``."""
    return group_ratio(np.zeros(len(x), np.int64), x, w, 1, group=group, weight=weight)


def sum_with_rest(
    keys: Array,
    x: Array,
    w: Array,
    n_keys: int,
    *,
    group: Array,
    weight: Array | None = None,
    whole: GroupedSums | None = None,
) -> PairSums:
    """Slices beside their rests, keyless samples among these; with groups, which may lie in both.

    Arguments as in ``sum_ratio``; ``whole`` is ``sum_all`` of the same, where several keys are asked for.
    """
    whole = sum_all(x, w, group=group, weight=weight) if whole is None else whole
    parts = group_ratio(keys, x, w, n_keys, group=group, weight=weight)
    place = np.empty(1 + whole.group.max(initial=-1), np.int64)  # read where it is written alone
    place[whole.group] = np.arange(len(whole.group))
    at = place[parts.group]
    (xs, ws), (xg, wg) = parts.values, (values[at] for values in whole.values)
    (n_inside,), (n_whole,) = parts.counts, whole.counts

    def add(values: Array) -> Floats:
        return sum_by(parts.key, values, n_keys)

    total, inside = whole.moments(), parts.moments()
    emptied = np.bincount(parts.key[n_inside == n_whole[at]], minlength=n_keys)
    rest = Sums(
        n=total.n - inside.n,
        units=total.units - emptied,
        w=total.w - inside.w,
        x=total.x - inside.x,
        # of the group's total T and its part s in the slice: Σ (T − s)(T' − s')
        ww=total.ww - 2 * add(ws * wg) + inside.ww,
        xw=total.xw - add(xs * wg) - add(ws * xg) + inside.xw,
        xx=total.xx - 2 * add(xs * xg) + inside.xx,
        weighted=weight is not None,
        grouped=True,
    )
    return PairSums(
        rest,
        inside,
        _all(total.n, n_keys),
        _all(total.units, n_keys),
        xx=add((xg - xs) * xs),
        xw=add((xg - xs) * ws),
        wx=add((wg - ws) * xs),
        ww=add((wg - ws) * ws),
    )


def _less(total: Sums, inside: Sums) -> Sums:
    values = {
        f.name: getattr(total, f.name) - getattr(inside, f.name)
        for f in fields(Sums)
        if f.name not in {"weighted", "grouped"}
    }
    return Sums(**values, weighted=inside.weighted, grouped=inside.grouped)


def _all(values: Ints, n_keys: int) -> Ints:
    return np.full(n_keys, values[0])
