"""Pairs of things that are alike, and the groups that they link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of positions, ``first`` < ``second``, each once; ``likeness`` is a distance or a similarity."""

    first: Ints
    second: Ints
    likeness: Floats

    def __len__(self) -> int:
        return len(self.first)

    @classmethod
    def none(cls) -> Pairs:
        """No pair at all."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))

    @classmethod
    def collect(cls, blocks: Iterable[Pairs], most: int | None = None) -> Pairs | None:
        """The pairs of all blocks, in order of their ends; None as soon as there are more than ``most``."""
        kept: list[Pairs] = []
        n = 0
        for block in blocks:
            n += len(block)
            if most is not None and n > most:
                return None
            kept.append(block)
        if not kept:
            return cls.none()
        first, second = (np.concatenate([getattr(one, end) for one in kept]) for end in ("first", "second"))
        order = np.lexsort((second, first))
        return cls(first[order], second[order], np.concatenate([one.likeness for one in kept])[order])


def components(n: int, pairs: Pairs) -> Ints:
    """For each of ``n`` things the smallest one that pairs link it to, over any number of others; alone: itself."""
    root = np.arange(n)
    first, second = pairs.first, pairs.second
    while len(first):
        low, high = np.minimum(root[first], root[second]), np.maximum(root[first], root[second])
        apart = low != high
        first, second, low, high = first[apart], second[apart], low[apart], high[apart]
        np.minimum.at(root, high, low)
        while True:
            above = root[root]
            if (above == root).all():
                break
            root = above
    return root


def runs(keys: NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Where each run of equal keys begins, and how long it is."""
    if not len(keys):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    start = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return start, np.diff(np.append(start, len(keys)))


def ranges(begins: Ints, counts: Ints) -> Ints:
    """The numbers from each beginning on, as many as its count, one range after the other."""
    return np.repeat(begins - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))


def pairs_within(start: Ints, length: Ints) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of positions that lie in one run, in blocks: those one apart, two apart, and so on."""
    end = np.repeat(start + length, length)
    here = ranges(start, length)
    step = 1
    while True:
        reaches = here + step < end
        here, end = here[reaches], end[reaches]
        if not len(here):
            return
        yield here, here + step
        step += 1
