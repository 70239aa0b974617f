"""Sums of semantic segmentation: which pixels of an image are of which class, by the truth and as predicted."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.hashing import hash_ids
from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Ints

Codes = NDArray[np.unsignedinteger[Any]]
"""The pixels of an image, height × width: the code of each one's class from 0 on; then, above all classes, one code for
background (no class) and one for what is ignored."""

Parts = tuple[Ints, Ints, Ints, Ints, Ints]
"""Sample, class, and how many are right, false and missed, row by row."""

BOUNDARY = 0.02
"""The boundary of a mask is so wide, as a share of the image's diagonal."""

_BLOCK = 1 << 16  # pixels that are counted at once: few enough for the processor's own memory


def hash_pixels(codes: Codes, classes: Sequence[str]) -> int:
    """A 64-bit hash of a mask: which pixel is of which class by name, whatever codes the classes have here."""
    names = _hash_names(tuple(classes))
    state = blake2b(repr(codes.shape).encode(), digest_size=8)
    flat = codes.reshape(-1)
    for start in range(0, len(flat), _BLOCK):
        state.update(names[flat[start : start + _BLOCK]].tobytes())
    return int.from_bytes(state.digest(), "little")


@functools.lru_cache(maxsize=8)
def _hash_names(classes: tuple[str, ...]) -> NDArray[np.uint32]:
    """By code, what stands for each class in a hash of pixels: the same for all masks of a report."""
    return np.concatenate([hash_ids(classes), hash_ids(("background", "ignored"), seed=1)]).astype("<u4")


@dataclass(frozen=True, eq=False)
class PixelSums:
    """Counts of the pixels of one image, or of several: they add. What the truth ignores is left out everywhere."""

    confusion: Ints
    """Rows: the classes and background by the truth. Columns: the classes, background, and ignored as predicted."""
    near_true: Ints  # of each class, pixels in the boundary of the true mask
    near_predicted: Ints  # of the predicted one
    near_both: Ints  # of both

    def __add__(self, other: PixelSums) -> PixelSums:
        return PixelSums(
            self.confusion + other.confusion,
            self.near_true + other.near_true,
            self.near_predicted + other.near_predicted,
            self.near_both + other.near_both,
        )

    @property
    def n_classes(self) -> int:
        """How many classes there are, background not counted."""
        return len(self.near_true)

    @property
    def true(self) -> Ints:
        """Pixels of each class by the truth."""
        return np.asarray(self.confusion.sum(axis=1)[: self.n_classes])

    @property
    def predicted(self) -> Ints:
        """Pixels of each class as predicted."""
        return np.asarray(self.confusion.sum(axis=0)[: self.n_classes])

    @property
    def intersection(self) -> Ints:
        """Pixels of each class that truth and prediction agree on; twice this over true and predicted is Dice."""
        return np.asarray(np.diagonal(self.confusion)[: self.n_classes])

    @property
    def union(self) -> Ints:
        """Pixels of each class by the truth or as predicted."""
        return self.true + self.predicted - self.intersection

    @property
    def near_union(self) -> Ints:
        """Pixels of each class in the boundary of either mask."""
        return self.near_true + self.near_predicted - self.near_both

    @property
    def right(self) -> int:
        """Pixels whose class, or background, is predicted as it is; over ``counted`` it is pixel accuracy."""
        return int(np.trace(self.confusion))

    @property
    def counted(self) -> int:
        """Pixels that the truth does not ignore."""
        return int(self.confusion.sum())


@dataclass(frozen=True, eq=False)
class SampleSums:
    """The sums of many samples, of what is not 0 alone: a row a cell of a sample's confusion, ascending by sample.

    ``near_…`` have a row a sample and class that has a boundary, by the truth or as predicted.
    """

    n_classes: int
    sample: Ints
    true: Ints  # code: a class, or background
    predicted: Ints  # code: a class, background, or ignored
    n: Ints  # pixels
    near_sample: Ints
    near_class: Ints
    near_true: Ints  # pixels in the boundary of the true mask
    near_predicted: Ints
    near_both: Ints

    @classmethod
    def collect(cls, sums: Iterable[tuple[int, PixelSums]], n_classes: int) -> SampleSums:
        """The sums of each sample, put together; samples ascend."""
        cells, near = [np.empty((4, 0), np.int64)], [np.empty((5, 0), np.int64)]
        for sample, one in sums:
            true, predicted = np.nonzero(one.confusion)
            cells.append(np.stack([np.full(len(true), sample), true, predicted, one.confusion[true, predicted]]))
            klass = np.flatnonzero(one.near_union)
            counts = (one.near_true[klass], one.near_predicted[klass], one.near_both[klass])
            near.append(np.stack([np.full(len(klass), sample), klass, *counts]))
        return cls(n_classes, *np.concatenate(cells, axis=1), *np.concatenate(near, axis=1))

    @classmethod
    def join(cls, parts: Sequence[SampleSums], n_classes: int) -> SampleSums:
        """The sums of all parts, whose samples ascend from one to the next."""
        names = [field.name for field in fields(cls)][1:]
        none = np.empty(0, np.int64)
        return cls(n_classes, *(np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in names))

    def areas(self) -> Parts:
        """Pixels of each class in each sample that are right, false and missed; several rows of one add up."""
        is_class, said = self.true < self.n_classes, self.predicted < self.n_classes
        right = (self.true == self.predicted) & is_class
        kinds = (right, said & ~right, is_class & ~right)
        sample = np.concatenate([self.sample[kind] for kind in kinds])
        klass = np.concatenate([self.predicted[kinds[0]], self.predicted[kinds[1]], self.true[kinds[2]]])
        n = np.concatenate([self.n[kind] for kind in kinds])
        which = np.repeat(np.arange(3), [kind.sum() for kind in kinds])
        return (sample, klass, n * (which == 0), n * (which == 1), n * (which == 2))

    def boundaries(self) -> Parts:
        """The same of the pixels in boundaries: in those of both masks, of the predicted or of the true one alone."""
        both = self.near_both
        return (self.near_sample, self.near_class, both, self.near_predicted - both, self.near_true - both)


def sum_pixels(true: Codes, predicted: Codes, n_classes: int, near: Flags | None = None) -> PixelSums:
    """The sums of one image.

    Args:
        true: its codes.
        predicted: its predicted codes, of equal shape.
        n_classes: classes; background has this code, and what is ignored the next one.
        near: the boundaries of its true masks, where they are known already.
    """
    n_codes = n_classes + 2
    boundaries = (mark_boundary(true) if near is None else near, mark_boundary(predicted))
    cells = np.zeros(4 * n_codes**2, np.int64)
    step = max(1, max(_BLOCK, len(cells)) // max(1, true.shape[1]))
    for start in range(0, len(true), step):
        rows = slice(start, start + step)
        key = true[rows].astype(np.uint32)
        key *= np.uint32(n_codes)
        key += predicted[rows]
        for boundary in boundaries:
            key <<= np.uint32(1)
            key |= boundary[rows]
        cells += np.bincount(key.ravel(), minlength=len(cells))
    counts = cells.reshape(n_codes, n_codes, 2, 2)[:-1]
    near_true = counts[:n_classes, :, 1].sum(axis=(1, 2))
    near_predicted = counts[:, :n_classes, :, 1].sum(axis=(0, 2))
    same = np.arange(n_classes)
    return PixelSums(counts.sum(axis=(2, 3)), near_true, near_predicted, counts[same, same, 1, 1])


def boundary_width(height: int, width: int) -> int:
    """How wide the boundary of a mask is in an image, in pixels; at least 1. Source: Cheng et al., CVPR 2021."""
    return max(1, round(BOUNDARY * math.sqrt(height**2 + width**2)))


def mark_boundary(codes: Codes, distance: int | None = None) -> Flags:
    """Whether each pixel is in the boundary of the mask of its own class.

    It is where another class, or the outside of the image, is within ``distance`` pixels of it, diagonal steps counting
    as one: in the mask, and not in the mask eroded so often by a square of 3 × 3. Each pixel lies in one mask alone, so
    that those of all classes are eroded at once; background and what is ignored are classes in this. Source: Cheng et
    al., CVPR 2021.
    """
    height, width = codes.shape
    d = boundary_width(height, width) if distance is None else distance
    near = np.ones(codes.shape, bool)
    if min(height, width) > 2 * d:
        level = _all_of(codes[:, 1:] == codes[:, :-1], 2 * d, 1)  # a row alike from d pixels before to d behind
        middle = codes[:, d : width - d]
        upright = (middle[1:] == middle[:-1]) & level[:-1]
        np.logical_not(_all_of(upright, 2 * d, 0) & level[2 * d :], out=near[d : height - d, d : width - d])
    return near


def mark_near(flags: Flags, distance: int) -> Flags:
    """Whether a pixel that is flagged is within ``distance`` pixels of each, diagonal steps counting as one.

    Source: dilation by a square, as the complement of what is eroded.
    """
    framed = np.pad(~flags, distance, constant_values=True)
    n = 2 * distance + 1
    return np.asarray(~_all_of(_all_of(framed, n, 1), n, 0))


def _all_of(flags: Flags, n: int, axis: int) -> Flags:
    """Whether ``n`` flags in a row are all set, for each place where the row can begin, by doubling what is known."""
    length = flags.shape[axis] - n + 1

    def shifted(by: int, size: int) -> Flags:
        return flags[by : by + size] if axis == 0 else flags[:, by : by + size]

    known = 1
    while 2 * known <= n:
        size = flags.shape[axis] - known
        flags = shifted(0, size) & shifted(known, size)
        known *= 2
    return shifted(0, length) & shifted(n - known, length)
