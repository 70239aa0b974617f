"""Nearest neighbours and near duplicates among vectors, by cosine: exact, a block of the products at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.pairs import Floats, Ints, Pairs, ranges, runs

MOST = 200_000
"""Among more vectors neighbours are not looked for: their products grow with the square."""
LEAST = 0.98
"""Vectors are near duplicates from this cosine on."""

_ROWS = 512
_COLUMNS = 8_192
_PART = 64
_LEADING = 48
_WORTH = 96  # vectors of fewer numbers are compared at once
_ROUNDING = 3e-5  # what a product of two unit vectors in single precision may be off, many times over
_SAMPLE = 5_000

Vectors = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest of each asked row, nearest first: rows × k; -1 and NaN where there are fewer."""

    rows: Ints  # positions among all vectors
    similarity: Floats  # cosine, -1 to 1


def usable(vectors: NDArray[np.floating]) -> Mask:
    """Which vectors have a direction: all numbers finite, and not all zero."""
    return np.asarray(np.isfinite(vectors).all(axis=1) & (vectors != 0).any(axis=1))


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """The vectors at length 1, in single precision; those without a direction are zero."""
    good = usable(vectors)
    found = np.zeros(vectors.shape, np.float32)
    for start in range(0, len(vectors), _COLUMNS):
        part = slice(start, start + _COLUMNS)
        block = np.where(good[part, None], vectors[part], 0).astype(np.float64)
        block /= np.maximum(np.abs(block).max(axis=1, keepdims=True, initial=0), np.finfo(np.float64).tiny)
        found[part] = block / np.maximum(np.sqrt((block**2).sum(axis=1, keepdims=True)), np.finfo(np.float64).tiny)
    return found


def neighbours(vectors: NDArray[np.floating], rows: Ints, k: int) -> Neighbours:
    """The ``k`` nearest by cosine of each of ``rows``, itself left out; equally near ones in the order of positions.

    Products in single precision find the candidates, whose cosines are then computed in double precision, so that
    neither blocks nor threads change the order. A vector without a direction has no neighbours and is nobody's.

    Args:
        vectors: one a row.
        rows: whose neighbours are asked for.
        k: how many.
    """
    units = unit(vectors)
    good = usable(vectors)
    rows = np.asarray(rows, np.int64)
    found = np.full((len(rows), k), -1, np.int64)
    similarity = np.full((len(rows), k), np.nan)
    others = np.flatnonzero(good)
    asked = np.flatnonzero(good[rows])
    if k < 1 or len(others) < 2:
        return Neighbours(found, similarity)
    held = units[others]
    size = max(1, _ROWS * _COLUMNS // len(others))
    for start in range(0, len(asked), size):
        places = asked[start : start + size]
        products = units[rows[places]] @ held.T
        products[np.arange(len(places)), np.searchsorted(others, rows[places])] = -2
        floors = np.maximum(_floors(products, k) - _ROUNDING, np.float32(-1.5))
        line, column = np.divmod(np.flatnonzero(products >= floors[:, None]), len(others))
        near = others[column]
        exact = _cosines(units, rows[places[line]], near)
        order = np.lexsort((near, -exact, line))
        begins, counts = runs(line[order])
        taken = order[ranges(begins, np.minimum(counts, k))]
        at = ranges(np.zeros(len(counts), np.int64), np.minimum(counts, k))
        found[places[line[taken]], at] = near[taken]
        similarity[places[line[taken]], at] = exact[taken]
    return Neighbours(found, similarity)


def _floors(products: Vectors, k: int) -> Vectors:
    """For each line a value that its ``k`` largest are not below: the k-th largest of the maxima of its parts.

    Those maxima are ``k`` of its values themselves. It takes one pass, where sorting for the k-th largest takes many.
    """
    n = products.shape[1]
    if n < k * _PART:
        at = max(0, n - k)
        return np.asarray(np.partition(products, at, axis=1)[:, at])
    whole = products[:, : n - n % _PART].reshape(len(products), _PART, -1).max(axis=1)
    at = whole.shape[1] - k
    return np.asarray(np.partition(whole, at, axis=1)[:, at])


def near_vectors(vectors: NDArray[np.floating], least: float = LEAST, n_first: int | None = None) -> Iterator[Pairs]:
    """All pairs of vectors whose cosine is ``least`` or more, with that, in blocks; exact.

    Long vectors are turned so that their first numbers say most (principal axes). By Cauchy and Schwarz the product of
    two is at most that of their beginnings plus that of the lengths of their ends, which is itself a product of short
    vectors: only pairs that it lets pass are computed whole.

    Args:
        vectors: one a row; equal ones are to be collapsed by the caller, since their pairs grow with the square.
        least: above 0.
        n_first: pairs of one of so many first vectors with one of the others, and no other pairs; none: all pairs.
    """
    good = np.flatnonzero(usable(vectors))
    if len(good) < 2:
        return
    units = unit(vectors)[good]
    short = _bounds(units)
    end = len(units) if n_first is None else int(np.searchsorted(good, n_first))
    for top in range(0, end, _ROWS):
        rows = short[top : min(top + _ROWS, end)]
        for left in range(top if n_first is None else end, len(units), _COLUMNS):
            products = rows @ short[left : left + _COLUMNS].T
            if products.max() < least - _ROUNDING:
                continue
            here, there = np.nonzero(products >= least - _ROUNDING)
            here, there = here + top, there + left
            above = here < there
            here, there = here[above], there[above]
            exact = _cosines(units, here, there)
            near = exact >= least
            if near.any():
                yield Pairs(good[here[near]], good[there[near]], exact[near])


def _bounds(units: Vectors) -> Vectors:
    """Vectors whose products are never below those of ``units``, and shorter where that is worth it."""
    if units.shape[1] < _WORTH:
        return units
    some = units[:: max(1, len(units) // _SAMPLE)].astype(np.float64)
    _, axes = np.linalg.eigh(some.T @ some)
    leading = (units @ axes[:, ::-1][:, :_LEADING].astype(np.float32)).astype(np.float32)
    rest = np.sqrt(np.maximum(1 - (leading.astype(np.float64) ** 2).sum(axis=1), 0))
    return np.ascontiguousarray(np.column_stack([leading, rest.astype(np.float32)]))


def _cosines(units: Vectors, here: Ints, there: Ints) -> Floats:
    found = np.empty(len(here))
    for start in range(0, len(here), _COLUMNS):
        part = slice(start, start + _COLUMNS)
        one, other = units[here[part]].astype(np.float64), units[there[part]].astype(np.float64)
        norms = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
        found[part] = np.clip((one * other).sum(axis=1) / norms, -1, 1)
    return found
