"""How often each value of an attribute occurs among samples, and of how many independent ones that is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.stats.statistic import DENSE_CELLS, Array, Floats, Ints, total


@dataclass(frozen=True, eq=False)
class Tally:
    """Samples by value: ``n`` counts them, ``w`` sums their weights (equal to n without weights), one entry a value.

    ``units`` are the groups, or without groups the samples where they have weights: of each value and unit that occur
    together ``key`` and ``unit``, and the weight ``x`` of the samples that they share. None: each sample stands for
    itself, and counts once.
    """

    n: Ints
    w: Floats
    key: Ints | None = None
    unit: Ints | None = None
    x: Floats | None = None
    n_groups: int | None = None  # null without groups

    @property
    def n_total(self) -> int:
        """Samples whose value is known."""
        return int(self.n.sum())

    @property
    def share(self) -> Floats:
        """The weighted share of each value; zeros where there are no samples."""
        whole = self.w.sum()
        return self.w / whole if whole else np.zeros(len(self.w))

    @property
    def counts(self) -> Floats:
        """The shares as counts of ``n_total`` samples."""
        return self.share * self.n_total

    def merged(self, place: Array, n_values: int) -> Tally:
        """The tally of coarser values: ``place[value]`` is the one that takes its samples, -1 drops them."""
        kept = place >= 0
        n = np.bincount(place[kept], self.n[kept], n_values).astype(np.int64)
        w = np.bincount(place[kept], self.w[kept], n_values).astype(np.float64, copy=False)
        if self.key is None or self.unit is None or self.x is None:
            return Tally(n, w)
        moved = place[self.key]
        inside = moved >= 0
        key, unit, x = _cells(moved[inside], self.unit[inside], self.x[inside], n_values)
        return Tally(n, w, key, unit, x, None if self.n_groups is None else _count(unit))

    def design_effect(self) -> float:
        """How many samples are worth one independent one, 1 or more.

        With groups or weights: the variances of the shares, linearised over the units, against those of a simple
        sample, averaged as a χ² test of the shares needs it: Σ V_i ÷ p_i · n ÷ (k − 1). Where one value alone occurs
        there is no variance to see: then n over Kish's n of the units, as though the samples of a group were one.
        Source: Rao, Scott, JASA 76:221, 1981, the first-order correction; the floor of 1 as of proportions here.
        """
        if self.key is None or self.unit is None or self.x is None or not self.n_total:
            return 1.0
        whole = float(self.w.sum())
        of_unit = np.bincount(self.unit, self.x)
        squares = float((of_unit**2).sum())
        n_units = int((of_unit > 0).sum())
        p = self.w / whole
        some = p > 0
        if some.sum() < 2 or n_units < 2:
            return max(1.0, float(self.n_total * squares / whole**2))
        xx = np.bincount(self.key, self.x**2, len(p))
        xw = np.bincount(self.key, self.x * of_unit[self.unit], len(p))
        variance = n_units / (n_units - 1) * (xx - 2 * p * xw + p**2 * squares) / whole**2
        return max(1.0, float((variance[some] / p[some]).sum() * self.n_total / (some.sum() - 1)))

    def ordered_design_effect(self) -> float:
        """The largest design effect of the cumulative shares of values that have an order (bins of a number)."""
        if self.key is None:
            return 1.0
        steps = np.arange(len(self.n))
        cuts = [self.merged((steps > cut).astype(np.int64), 2) for cut in steps[:-1]]
        return max([one.design_effect() for one in cuts], default=self.design_effect())


def tally(codes: Array, n_values: int, *, group: Array | None = None, weight: Array | None = None) -> Tally:
    """The samples by value.

    Args:
        codes: the value of each sample, 0 to n_values − 1; -1 where it is not known.
        n_values: how many there are.
        group: integer code of each sample's group, from 0.
        weight: of each sample.
    """
    known = codes >= 0
    if not known.all():
        codes = codes[known]
        group = None if group is None else group[known]
        weight = None if weight is None else weight[known]
    codes = codes.astype(np.int64, copy=False)
    n = np.bincount(codes, minlength=n_values).astype(np.int64, copy=False)
    if group is None and weight is None:
        return Tally(n, n.astype(np.float64))
    each = np.ones(len(codes)) if weight is None else weight.astype(np.float64, copy=False)
    w = n.astype(np.float64) if weight is None else total(codes, each, n_values)
    if group is None:
        return Tally(n, w, codes, np.arange(len(codes)), each)
    key, unit, x = _cells(codes, group.astype(np.int64, copy=False), each, n_values)
    return Tally(n, w, key, unit, x, _count(unit))


def _count(unit: Ints) -> int:
    """How many units occur."""
    return int(np.count_nonzero(np.bincount(unit)))


def _cells(key: Ints, unit: Ints, x: Floats, n_values: int) -> tuple[Ints, Ints, Floats]:
    """The sums of x by (value, unit), of those that occur together, in order."""
    if not len(key):
        return key, unit, x
    n_units = int(unit.max()) + 1
    code = unit * n_values + key
    if n_units * n_values <= DENSE_CELLS:
        sums = total(code, x, n_units * n_values)
        cells: Ints = np.flatnonzero(sums).astype(np.int64, copy=False)
        return cells % n_values, cells // n_values, sums[cells]
    cells, position = np.unique(code, return_inverse=True)
    return cells % n_values, cells // n_values, total(position, x, len(cells))
