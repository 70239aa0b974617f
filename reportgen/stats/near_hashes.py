"""All pairs of 64-bit hashes that differ in a few bits, exactly, without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.hashing import Hashes
from reportgen.stats.pairs import Ints, Pairs, pairs_within, runs

BITS = 64
WITHIN = 4
"""Hashes are near where they differ in so many bits or fewer."""

_ENOUGH = 100_000_000
"""Comparisons that take about a second; beyond, finer tables are tried."""
_FINEST = 4
_SORTING = 30
"""What sorting one hash for one table costs, in comparisons."""
_LARGE = 512
"""Runs from this length on are compared as blocks of a matrix."""
_BLOCK = 4_000_000

Bits = NDArray[np.uint64]


def near_hashes(hashes: Hashes, within: int = WITHIN) -> Iterator[Pairs]:
    """All pairs of hashes that differ in ``within`` bits or fewer, with how many those are, in blocks.

    None is missed and none is false. The bits are cut into parts: where two hashes differ in at most d bits, and there
    are d + c parts, c parts are equal; a table for each choice of c parts sorts the hashes by them, and only runs of
    equal ones are compared (multi-index hashing: Norouzi, Punjani, Fleet, IEEE TPAMI 36:1107, 2014; several clean
    parts: Manku, Jain, Das Sarma, WWW 2007). The number of parts is the first that leaves few comparisons; hashes of
    real pictures lie in clusters, and need more of them than random ones.

    Args:
        hashes: distinct ones; equal hashes are to be collapsed by the caller, since their pairs grow with the square.
        within: the most bits, 0 to 15.
    """
    if len(hashes) < 2 or within < 1:
        return
    masks = _parts(hashes, within)
    n_clean = len(masks) - within
    for chosen in combinations(range(len(masks)), n_clean):
        yield from _matches(hashes, masks, chosen, within)


def distances(first: Hashes, second: Hashes) -> Ints:
    """How many bits differ; broadcasts."""
    return np.asarray(np.bitwise_count(first ^ second), dtype=np.int64)


def _parts(hashes: Hashes, within: int) -> list[np.uint64]:
    """The parts as masks: the fewest that leave ``_ENOUGH`` comparisons or fewer, or else those that leave fewest."""
    best: tuple[int, list[np.uint64]] | None = None
    for n_clean in range(1, _FINEST + 1):
        n_parts = within + n_clean
        masks = _dealt(hashes, n_parts)
        sorting = comb(n_parts, n_clean) * len(hashes) * _SORTING
        if best is not None and sorting >= best[0]:
            break
        cost = sorting
        for chosen in combinations(range(n_parts), n_clean):
            _, length = runs(np.sort(hashes & _union(masks, chosen)))
            cost += int((length * (length - 1) // 2).sum())
        if best is None or cost < best[0]:
            best = (cost, masks)
        if cost <= _ENOUGH:
            break
    assert best is not None
    return best[1]


def _dealt(hashes: Hashes, n_parts: int) -> list[np.uint64]:
    """The 64 bits dealt to the parts, those first that halve the hashes best, so that all parts tell as much."""
    bits = np.arange(BITS, dtype=np.uint64)
    share = np.array([((hashes >> bit) & np.uint64(1)).mean() for bit in bits])
    order = np.argsort(np.abs(share - 0.5), kind="stable")
    masks = [0] * n_parts
    for place, bit in enumerate(order.tolist()):
        there = place % (2 * n_parts)  # to and fro, so that no part has the better bit each time
        masks[min(there, 2 * n_parts - 1 - there)] |= 1 << bit
    return [np.uint64(mask) for mask in masks]


def _union(masks: Sequence[np.uint64], chosen: Sequence[int]) -> np.uint64:
    mask = np.uint64(0)
    for part in chosen:
        mask |= masks[part]
    return mask


def _matches(hashes: Hashes, masks: Sequence[np.uint64], chosen: Sequence[int], within: int) -> Iterator[Pairs]:
    """The pairs whose first equal parts are the chosen ones, so that no two tables give the same pair."""
    keys = hashes & _union(masks, chosen)
    order = np.argsort(keys, kind="stable")
    start, length = runs(keys[order])
    earlier = [masks[part] for part in range(max(chosen)) if part not in chosen]
    ordered = hashes[order]
    kept: list[tuple[Ints, Ints]] = []
    n = 0
    for here, there in _candidates(ordered, start, length, within):
        differ = ordered[here] ^ ordered[there]
        own = np.ones(len(here), bool)
        for mask in earlier:
            own &= (differ & mask) != 0
        kept.append((order[here[own]], order[there[own]]))
        n += len(kept[-1][0])
        if n >= _BLOCK:
            yield _block(hashes, kept)
            kept, n = [], 0
    if n:
        yield _block(hashes, kept)


def _candidates(ordered: Hashes, start: Ints, length: Ints, within: int) -> Iterator[tuple[Ints, Ints]]:
    """The positions in sorted order of pairs that lie in one run and are near."""
    small = (length > 1) & (length < _LARGE)
    for here, there in pairs_within(start[small], length[small]):
        near = np.bitwise_count(ordered[here] ^ ordered[there]) <= within
        yield here[near], there[near]
    large = length >= _LARGE
    for begin, n in zip(start[large].tolist(), length[large].tolist(), strict=True):
        run = ordered[begin : begin + n]
        rows = max(1, _BLOCK // n)
        for top in range(0, n, rows):
            here, there = np.nonzero(np.bitwise_count(run[top : top + rows, None] ^ run[None, top:]) <= within)
            above = here < there
            yield here[above] + (begin + top), there[above] + (begin + top)


def _block(hashes: Hashes, kept: Sequence[tuple[Ints, Ints]]) -> Pairs:
    one, other = (np.concatenate(ends) for ends in zip(*kept, strict=True))
    first, second = np.minimum(one, other), np.maximum(one, other)
    return Pairs(first, second, distances(hashes[first], hashes[second]).astype(np.float64))
