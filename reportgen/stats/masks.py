"""Masks of objects as COCO's run lengths: to and from pixels, their areas and boxes, and what two have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Floats, Ints, ranges

_BLOCK = 1 << 17  # ends of runs that are looked up at once


@dataclass(frozen=True, eq=False)
class Masks:
    """One mask an object, each with one run length or more.

    Pixels are counted column by column. Runs of background and of the object take turns; the first is background, and
    is 0 long where the object has the first pixel.
    """

    runs: Ints  # lengths in pixels, those of one mask after those of the other
    begins: Ints  # where those of each mask begin, and the end
    height: Ints
    width: Ints

    def __len__(self) -> int:
        return len(self.height)

    @classmethod
    def collect(cls, runs: Iterable[Ints], height: Ints, width: Ints) -> Masks:
        """The masks of given run lengths and sizes."""
        each = [np.asarray(one, np.int64) for one in runs]
        begins = np.cumsum([0, *(len(one) for one in each)])
        return cls(np.concatenate([np.empty(0, np.int64), *each]), begins, height, width)

    @classmethod
    def join(cls, parts: Sequence[Masks]) -> Masks:
        """The masks of all parts, in their order."""
        none = np.empty(0, np.int64)
        runs, height, width = (
            np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in ("runs", "height", "width")
        )
        counts = np.concatenate([none, *(np.diff(part.begins) for part in parts)])
        return cls(runs, np.concatenate([[0], np.cumsum(counts)]), height, width)

    def take(self, chosen: Ints) -> Masks:
        """The chosen masks, in the order chosen."""
        counts = np.diff(self.begins)[chosen]
        begins = np.concatenate([[0], np.cumsum(counts)])
        return Masks(self.runs[ranges(self.begins[chosen], counts)], begins, self.height[chosen], self.width[chosen])

    def of(self, mask: int) -> Ints:
        """The run lengths of one mask."""
        return self.runs[self.begins[mask] : self.begins[mask + 1]]

    @cached_property
    def ends(self) -> Ints:
        """The pixels up to the end of each run, those of all masks before it included."""
        return np.cumsum(self.runs)

    @cached_property
    def inside(self) -> Flags:
        """Whether each run is of the object, not of the background."""
        first = np.repeat(self.begins[:-1], np.diff(self.begins))
        return np.asarray((np.arange(len(self.runs)) - first) % 2 == 1)

    @cached_property
    def area(self) -> Ints:
        """Pixels of each object."""
        within = np.concatenate([[0], np.cumsum(self.runs * self.inside)])
        return np.diff(within[self.begins])

    @cached_property
    def fits(self) -> Flags:
        """Whether the lengths of each mask are what they must be: 0 or more, and as many pixels as the image."""
        total = np.diff(np.concatenate([[0], self.ends])[self.begins])
        below = np.diff(np.concatenate([[0], np.cumsum(self.runs < 0)])[self.begins])
        return np.asarray((total == self.height * self.width) & (below == 0) & (np.diff(self.begins) > 0))

    @cached_property
    def boxes(self) -> Floats:
        """The smallest box around each object, n × 4: left, top, width, height; zeros where it has no pixel."""
        own = np.flatnonzero(self.inside & (self.runs > 0))
        mask = np.searchsorted(self.begins, own, side="right") - 1
        before = np.concatenate([[0], np.cumsum(self.height * self.width)])[mask]
        high = self.height[mask]
        last = self.ends[own] - 1 - before
        first = last - self.runs[own] + 1
        over = first // high < last // high  # the run goes over the lower border, so that it is as high as the image
        boxes = np.zeros((len(self), 4), np.int64)
        start = np.flatnonzero(np.concatenate([[True], mask[1:] != mask[:-1]])) if len(mask) else own
        if len(start):
            found = mask[start]
            left, right = (first // high)[start], np.maximum.reduceat(last // high, start)
            top = np.minimum.reduceat(np.where(over, 0, first % high), start)
            low = np.maximum.reduceat(np.where(over, high - 1, last % high), start)
            boxes[found] = np.stack([left, top, right - left + 1, low - top + 1], axis=1)
        return boxes.astype(np.float64)


def masks_of_changes(mask: Ints, position: Ints, height: Ints, width: Ints) -> Masks:
    """Masks of given sizes from where pixels change between background and object.

    Args:
        mask: to which mask each change belongs, ascending.
        position: of the first pixel that differs from the one before it, ascending within a mask, below its size; the
            pixel before the first one is background.
        height: of each mask.
        width: of each mask.
    """
    begins = np.concatenate([[0], np.cumsum(np.bincount(mask, minlength=len(height)) + 1)])
    ends = np.empty(begins[-1], np.int64)
    ends[np.arange(len(mask)) + mask] = position
    ends[begins[1:] - 1] = height * width
    runs = np.diff(ends, prepend=0)
    runs[begins[:-1]] = ends[begins[:-1]]
    return Masks(runs, begins, height, width)


def encode_masks(images: Sequence[NDArray[np.generic]]) -> Masks:
    """The masks of images of pixels, each of which is of the object where it is not 0."""
    height, width = (np.array([image.shape[axis] for image in images], np.int64) for axis in (0, 1))
    changes = []
    for image in images:
        pixels = np.asarray(image, bool).ravel(order="F")
        changes.append(np.flatnonzero(np.diff(pixels, prepend=False)))
    mask = np.repeat(np.arange(len(images)), [len(one) for one in changes])
    return masks_of_changes(mask, np.concatenate([np.empty(0, np.int64), *changes]), height, width)


def decode_mask(runs: Ints, height: int, width: int) -> Flags:
    """The pixels of one mask, height × width."""
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, runs).reshape((height, width), order="F")


def shared_pixels(first: Masks, second: Masks, i: Ints, j: Ints) -> Ints:
    """How many pixels each pair has in common: mask ``i`` of the first and ``j`` of the second, of one size.

    No mask is decoded: the pixels of the second up to the start and to the end of each run of the first are looked up.
    """
    counts = np.diff(first.begins)[i] // 2 * 2  # the background behind the object shares nothing
    shared = np.empty(len(i), np.int64)
    before = np.concatenate([[0], np.cumsum(first.height * first.width)])
    offset = np.concatenate([[0], np.cumsum(second.height * second.width)])
    covered = np.concatenate([[0], np.cumsum(second.runs * second.inside)])
    starts = np.concatenate([[0], second.ends])
    inside = np.concatenate([second.inside, [False]])
    total = np.cumsum(counts)
    begin = 0
    while begin < len(i):
        stop = max(begin + 1, int(np.searchsorted(total, (total[begin - 1] if begin else 0) + _BLOCK, side="right")))
        part = slice(begin, stop)
        own = counts[part]
        place = ranges(first.begins[i[part]], own)
        at = first.ends[place] + np.repeat(offset[j[part]] - before[i[part]], own)
        run = np.searchsorted(second.ends, at, side="right")
        under = covered[run] + np.where(inside[run], at - starts[run], 0)
        sums = np.concatenate([[0], np.cumsum(np.where(first.inside[place], under, -under))])
        shared[part] = np.diff(sums[np.concatenate([[0], np.cumsum(own)])])
        begin = stop
    return shared
