"""Sums of metrics that are ratios of sums, for every slice in one pass; they merge, and intervals follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Array = NDArray[Any]

DENSE_CELLS = 1 << 22
"""Up to so many (key, group) cells are counted in a dense table, which is quicker than sorting."""


class _Mergeable:
    """Adds and joins dataclasses of arrays field by field; flags must agree."""

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """The keys of all parts in one, in order: intervals are quicker found for many keys at once."""
        joined: dict[str, Any] = {}
        for field in fields(cls):  # type: ignore[arg-type]
            values = [getattr(part, field.name) for part in parts]
            if isinstance(values[0], bool):
                joined[field.name] = values[0]
            elif isinstance(values[0], _Mergeable):
                joined[field.name] = type(values[0]).concatenate(values)
            else:
                joined[field.name] = np.concatenate(values)
        return cls(**joined)

    def __add__(self, other: Self) -> Self:
        """The sums over both sets of samples, which must be disjoint (of disjoint groups where grouped)."""
        merged = {}
        for field in fields(self):  # type: ignore[arg-type]
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if isinstance(mine, bool) and mine != theirs:
                raise ValueError(f"sums that differ in {field.name} do not merge")
            merged[field.name] = mine if isinstance(mine, bool) else mine + theirs
        return type(self)(**merged)


@dataclass(frozen=True, eq=False)
class Sums(_Mergeable):
    """Sums of one metric and version: arrays of one entry a key (slice).

    ``n`` counts samples with w != 0, unweighted; ``units`` counts what the moments are over: samples, or groups.
    Weights are multiplied in already; where grouped, the products are of group sums.
    """

    n: Ints
    units: Ints
    w: Floats
    x: Floats
    ww: Floats
    xw: Floats
    xx: Floats
    weighted: bool = False
    grouped: bool = False


@dataclass(frozen=True, eq=False)
class PairSums(_Mergeable):
    """Sums of one metric and pair of versions over the same samples: arrays of one entry a key (slice).

    ``n`` and ``units`` count samples, and samples or groups, with w != 0 in either version. The cross moments are
    ``xx`` = Σ x_b x_c, ``xw`` = Σ x_b w_c, ``wx`` = Σ w_b x_c, ``ww`` = Σ w_b w_c.
    """

    baseline: Sums
    candidate: Sums
    n: Ints
    units: Ints
    xx: Floats
    xw: Floats
    wx: Floats
    ww: Floats

    def discordance(self) -> Floats:
        """Of a binary metric, the share of samples that only one version has right.

        NaN where samples do not count alike: with groups, with weights, and where the versions' denominators differ.
        """
        b, c = self.baseline, self.candidate
        alike = (self.ww == b.ww) & (self.ww == c.ww) & (not (b.grouped or b.weighted)) & (b.w > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(alike, (b.x + c.x - 2 * self.xx) / b.w, np.nan)


@dataclass(frozen=True, eq=False)
class GroupedSums:
    """Partial sums, one row a (key, group) in sorted order; ``+`` merges partitions, also where a group straddles them.

    ``values`` holds x and w (for a pair x and w of the baseline, then of the candidate), weights multiplied in;
    ``counts`` the samples with w != 0 (for a pair: in either, in the baseline, in the candidate).
    """

    key: Ints
    group: Ints
    counts: tuple[Ints, ...]
    values: tuple[Floats, ...]
    n_keys: int
    weighted: bool = False

    def __add__(self, other: GroupedSums) -> GroupedSums:
        """The partial sums over both sets of samples."""
        if (self.n_keys, self.weighted, len(self.values)) != (other.n_keys, other.weighted, len(other.values)):
            raise ValueError("partial sums of different keys, weighting or versions do not merge")
        key, group, row = _cells(np.r_[self.key, other.key], np.r_[self.group, other.group], self.n_keys)

        def add(mine: Array, theirs: Array) -> Array:
            return total(row, np.concatenate((mine, theirs)), len(key))

        return GroupedSums(
            key,
            group,
            tuple(add(a, b).astype(np.int64) for a, b in zip(self.counts, other.counts, strict=True)),
            tuple(add(a, b) for a, b in zip(self.values, other.values, strict=True)),
            self.n_keys,
            self.weighted,
        )

    def moments(self) -> Sums:
        """The sums over groups, of one version."""
        (counts,), (x, w) = self.counts, self.values
        return self._version(counts, x, w)

    def pair_moments(self) -> PairSums:
        """The sums over groups, of a pair of versions."""
        (either, n0, n1), (x0, w0, x1, w1) = self.counts, self.values
        return PairSums(
            baseline=self._version(n0, x0, w0),
            candidate=self._version(n1, x1, w1),
            n=self._total(either).astype(np.int64),
            units=np.bincount(self.key[either > 0], minlength=self.n_keys),
            xx=self._total(x0 * x1),
            xw=self._total(x0 * w1),
            wx=self._total(w0 * x1),
            ww=self._total(w0 * w1),
        )

    def _total(self, values: Array) -> Floats:
        return total(self.key, values, self.n_keys)

    def _version(self, counts: Ints, x: Floats, w: Floats) -> Sums:
        return Sums(
            n=self._total(counts).astype(np.int64),
            units=np.bincount(self.key[counts > 0], minlength=self.n_keys),
            w=self._total(w),
            x=self._total(x),
            ww=self._total(w * w),
            xw=self._total(x * w),
            xx=self._total(x * x),
            weighted=self.weighted,
            grouped=True,
        )


def sum_ratio(
    keys: Array, x: Array, w: Array, n_keys: int, *, group: Array | None = None, weight: Array | None = None
) -> Sums:
    """Sums of the metric Σx / Σw for every key, in one pass.

    Args:
        keys: integer key (slice) of each sample, 0 to n_keys − 1; −1 where it is in none.
        x: numerator of each sample; ignored where w is 0.
        w: denominator of each sample; samples with w = 0 contribute nothing.
        n_keys: how many keys there are.
        group: integer code of each sample's group; the moments are then taken over groups.
        weight: weight of each sample, multiplied into x and w.
    """
    if group is not None:
        return group_ratio(keys, x, w, n_keys, group=group, weight=weight).moments()
    rows = (keys >= 0) & (w != 0)
    if not rows.all():
        keys, x, w = keys[rows], x[rows], w[rows]
    n = np.bincount(keys, minlength=n_keys)
    if weight is None and _is_binary(x) and _is_binary(w):
        # of zeros and ones every product is one of the two counts, and the counts are exact
        ones, hits = n.astype(np.float64), np.bincount(keys[x != 0], minlength=n_keys).astype(np.float64)
        return Sums(n, n, ones, hits, ones, hits, hits)
    if weight is None and (w == 1).all():  # a mean: products with w are the values themselves
        ones, of_x, xx = n.astype(np.float64), total(keys, x, n_keys), total(keys, x * x, n_keys)
        return Sums(n, n, ones, of_x, ones, of_x, xx)
    factor = None if weight is None else weight[rows]
    return _moments(keys, n, _weigh(x, factor), _weigh(w, factor), n_keys, weighted=weight is not None)


def sum_pair(
    keys: Array,
    x0: Array,
    w0: Array,
    x1: Array,
    w1: Array,
    n_keys: int,
    *,
    group: Array | None = None,
    weight: Array | None = None,
) -> PairSums:
    """Sums of a metric for a pair of versions (0 the baseline, 1 the candidate) over the same samples.

    Arguments as in ``sum_ratio``; give only samples that both versions scored.
    """
    if group is not None:
        return group_pair(keys, x0, w0, x1, w1, n_keys, group=group, weight=weight).pair_moments()
    rows = (keys >= 0) & ((w0 != 0) | (w1 != 0))
    keys, x0, w0, x1, w1 = keys[rows], x0[rows], w0[rows], x1[rows], w1[rows]
    factor = None if weight is None else weight[rows]
    n = np.bincount(keys, minlength=n_keys)
    baseline = sum_ratio(keys, x0, w0, n_keys, weight=factor)
    candidate = sum_ratio(keys, x1, w1, n_keys, weight=factor)
    if weight is None and all(map(_is_binary, (x0, w0, x1, w1))):

        def both(a: Array, b: Array) -> Floats:
            return np.bincount(keys[(a != 0) & (b != 0)], minlength=n_keys).astype(np.float64)

        x0, x1 = x0 * (w0 != 0), x1 * (w1 != 0)
        return PairSums(baseline, candidate, n, n, both(x0, x1), both(x0, w1), both(w0, x1), both(w0, w1))
    a, b = _weigh(np.where(w0 != 0, x0, 0), factor), _weigh(w0, factor)
    c, d = _weigh(np.where(w1 != 0, x1, 0), factor), _weigh(w1, factor)
    cross = (total(keys, product, n_keys) for product in (a * c, a * d, b * c, b * d))
    return PairSums(baseline, candidate, n, n, *cross)


def group_ratio(
    keys: Array, x: Array, w: Array, n_keys: int, *, group: Array, weight: Array | None = None
) -> GroupedSums:
    """Partial sums of the metric Σx / Σw by (key, group); arguments as in ``sum_ratio``."""
    rows = (keys >= 0) & (w != 0)
    return _group(keys, (), (x, w), rows, n_keys, group, weight)


def group_pair(
    keys: Array,
    x0: Array,
    w0: Array,
    x1: Array,
    w1: Array,
    n_keys: int,
    *,
    group: Array,
    weight: Array | None = None,
) -> GroupedSums:
    """Partial sums of a pair of versions by (key, group); arguments as in ``sum_pair``."""
    in0, in1 = w0 != 0, w1 != 0
    values = (np.where(in0, x0, 0), w0, np.where(in1, x1, 0), w1)
    return _group(keys, (in0, in1), values, (keys >= 0) & (in0 | in1), n_keys, group, weight)


def total(keys: Array, values: Array, n_keys: int) -> Floats:
    """The sum of the values of each key, keys from 0 to n_keys − 1."""
    return np.bincount(keys, values, n_keys).astype(np.float64, copy=False)


def dot(a: Array, b: Array) -> Any:
    """Σ a·b over the last axis, always in the same order: BLAS sums in another one with other threads."""
    return (a * b).sum(axis=-1)


def _group(
    keys: Array,
    counted: tuple[Array, ...],
    values: tuple[Array, ...],
    rows: Array,
    n_keys: int,
    group: Array,
    weight: Array | None,
) -> GroupedSums:
    key, code, cell = _cells(keys[rows], group[rows], n_keys)
    factor = None if weight is None else weight[rows]
    return GroupedSums(
        key,
        code,
        (
            np.bincount(cell, minlength=len(key)),
            *(np.bincount(cell[which[rows]], minlength=len(key)) for which in counted),
        ),
        tuple(total(cell, _weigh(value[rows], factor), len(key)) for value in values),
        n_keys,
        weight is not None,
    )


def _cells(keys: Array, group: Array, n_keys: int) -> tuple[Ints, Ints, Ints]:
    """The (key, group) pairs that occur, sorted, and the position of each row's pair among them."""
    n_groups = int(group.max()) + 1 if len(group) else 1
    code = keys.astype(np.int64) * n_groups + group
    if n_keys * n_groups <= DENSE_CELLS:
        occurs = np.zeros(n_keys * n_groups, dtype=bool)
        occurs[code] = True
        cells = np.flatnonzero(occurs)
        place = np.empty(len(occurs), np.int64)  # read where it is written alone
        place[cells] = np.arange(len(cells))
        position = place[code]
    else:
        cells, position = np.unique(code, return_inverse=True)
    return cells // n_groups, cells % n_groups, position


def _moments(keys: Array, n: Ints, x: Floats, w: Floats, n_keys: int, *, weighted: bool) -> Sums:
    of_w, of_x, ww, xw, xx = (total(keys, values, n_keys) for values in (w, x, w * w, x * w, x * x))
    return Sums(n, n, of_w, of_x, ww, xw, xx, weighted=weighted)


def _weigh(values: Array, weight: Array | None) -> Floats:
    floats = values.astype(np.float64)
    return floats if weight is None else floats * weight


def _is_binary(values: Array) -> bool:
    if values.dtype.kind == "b" or len(values) == 0:
        return True
    if values.dtype.kind in "iu":
        return bool(values.min() >= 0 and values.max() <= 1)
    return bool(((values == 0) | (values == 1)).all())
