"""Sums of zeros and ones: each sample is in one of a few states, and one count of (key, state) gives every sum.

The kernel behind ``sum_ratio`` and ``sum_pair`` where there are neither groups nor weights; it gives the same numbers
for a fraction of the passes over the samples.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.statistic import Array, Floats, Ints, PairSums, Sums

States = NDArray[np.uint8]


def states_of(*columns: Array) -> States | None:
    """Each sample's state, its columns as the bits of a number, the first one highest; None where one is not 0 or 1."""
    code = np.zeros(len(columns[0]), np.uint8)
    for column in columns:
        bit = column != 0
        if column.dtype.kind != "b" and not np.array_equal(bit, column):
            return None
        code = (code << 1) | bit.view(np.uint8)
    return code


def sum_states(axes: Sequence[tuple[Array, int]], states: States) -> Sums:
    """``sum_ratio`` over the keys of every axis, joined in order. The states are of x and w, x only where w is."""
    table = _count(axes, states, 4)
    n = table[:, 1] + table[:, 3]
    ones, hits = n.astype(np.float64), table[:, 3].astype(np.float64)
    return Sums(n, n, ones, hits, ones, hits, hits)


def sum_pair_states(axes: Sequence[tuple[Array, int]], states: States) -> PairSums:
    """``sum_pair`` over the keys of every axis, joined in order. The states are of x0, w0, x1 and w1."""
    table = _count(axes, states, 16)
    bits = np.arange(16)
    x0, w0, x1, w1 = ((bits >> shift) & 1 for shift in (3, 2, 1, 0))
    x0, x1 = x0 & w0, x1 & w1

    def total(of: Ints) -> Ints:
        return np.asarray(table[:, of != 0].sum(axis=1))

    def version(x: Ints, w: Ints) -> Sums:
        n, hits = total(w), total(x).astype(np.float64)
        ones = n.astype(np.float64)
        return Sums(n, n, ones, hits, ones, hits, hits)

    def both(a: Ints, b: Ints) -> Floats:
        return total(a & b).astype(np.float64)

    n = total(w0 | w1)
    return PairSums(version(x0, w0), version(x1, w1), n, n, both(x0, x1), both(x0, w1), both(w0, x1), both(w0, w1))


def _count(axes: Sequence[tuple[Array, int]], states: States, n_states: int) -> Ints:
    """Counts, one row a key of every axis and one column a state; samples in no key are left out."""
    tables = []
    for keys, n_keys in axes:
        # key −1 becomes the first row, which is dropped
        cells = (keys.astype(np.int64) + 1) * n_states + states
        tables.append(np.bincount(cells, minlength=(n_keys + 1) * n_states).reshape(-1, n_states)[1:])
    return np.concatenate(tables)
