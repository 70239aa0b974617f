"""Objects in images, true or detected, and how much two of one image overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.pairs import Floats, Ints, ranges

Flags = NDArray[np.bool_]

LEAST_OVERLAP = 0.1
"""Two objects that overlap less than this have nothing to do with each other: the background's limit of TIDE."""

_BLOCK = 1 << 21  # pairs that are looked at at once


@dataclass(frozen=True, eq=False)
class Truths:
    """The true objects, ascending by sample; within one in the order of their file."""

    sample: Ints
    klass: Ints
    boxes: Floats  # n × 4: left, top, width, height, in pixels
    area: Floats  # as annotated, in pixels: of the object, which may be less than of its box
    crowd: Flags  # a region of many objects, in which nothing is wrong

    def __len__(self) -> int:
        return len(self.sample)


@dataclass(frozen=True, eq=False)
class Detections:
    """The objects that one version detects, ascending by sample; within one in the order of their file."""

    sample: Ints
    klass: Ints
    boxes: Floats
    area: Floats  # of the box, or of the mask
    score: Floats

    def __len__(self) -> int:
        return len(self.sample)


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Pairs of a detection and a true object of one sample, of any classes, ascending by detection, then by truth.

    ``iou`` is intersection over union, 0 to 1; of a crowd, intersection over the detection's own area.
    """

    detection: Ints
    truth: Ints
    iou: Floats

    def __len__(self) -> int:
        return len(self.detection)

    def where(self, chosen: Flags) -> Overlaps:
        """The chosen pairs."""
        return Overlaps(self.detection[chosen], self.truth[chosen], self.iou[chosen])

    @classmethod
    def collect(cls, blocks: Iterable[Overlaps]) -> Overlaps:
        """The pairs of all blocks, in their order."""
        parts = list(blocks)
        none = np.empty(0, np.int64)
        return cls(
            np.concatenate([none, *(one.detection for one in parts)]),
            np.concatenate([none, *(one.truth for one in parts)]),
            np.concatenate([np.empty(0), *(one.iou for one in parts)]),
        )


def overlap_boxes(detections: Detections, truths: Truths, least: float = LEAST_OVERLAP) -> Overlaps:
    """The pairs of one sample whose boxes overlap by ``least`` or more; a box without area overlaps nothing."""
    found = []
    for d, t in pairs_by_sample(detections.sample, truths.sample):
        iou = _iou(detections.boxes[d], truths.boxes[t], truths.crowd[t])
        near = iou >= least
        found.append(Overlaps(d[near], t[near], iou[near]))
    return Overlaps.collect(found)


def pairs_by_sample(detected: Ints, true: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Positions of all pairs that lie in one sample, in blocks; both sides ascend."""
    begins = np.searchsorted(true, detected, side="left")
    counts = np.searchsorted(true, detected, side="right") - begins
    ends = np.cumsum(counts)
    start = 0
    while start < len(detected):
        before = ends[start] - counts[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + _BLOCK, side="right")))
        part = slice(start, stop)
        yield np.repeat(np.arange(start, stop), counts[part]), ranges(begins[part], counts[part])
        start = stop


def overlap_each(first: Floats, second: Floats) -> Floats:
    """Intersection over union of boxes row by row (either may be one for all); a box without area overlaps nothing."""
    first, second = (one.reshape(-1, 4) for one in (first, second))
    return _iou(first, second, np.zeros(max(len(first), len(second)), bool))


def _iou(first: Floats, second: Floats, crowd: Flags) -> Floats:
    """Intersection over union of boxes row by row, in the order of operations of the COCO tools."""
    low = np.maximum(first[:, :2], second[:, :2])
    high = np.minimum(first[:, :2] + first[:, 2:], second[:, :2] + second[:, 2:])
    side = np.maximum(high - low, 0)
    inter = side[:, 0] * side[:, 1]
    own = first[:, 2] * first[:, 3]
    union = np.where(crowd, own, own + second[:, 2] * second[:, 3] - inter)
    return np.asarray(np.divide(inter, union, out=np.zeros(len(inter)), where=inter > 0))
