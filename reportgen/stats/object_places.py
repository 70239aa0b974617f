"""Where objects stand in their image: how near the next one is, and how far the border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.objects import Flags, pairs_by_sample
from reportgen.stats.pairs import Floats, Ints, runs


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Of each object whether another one's box shares some of its area, and the gap to the nearest box in pixels.

    A gap is 0 where boxes meet, and infinite where an object is alone in its image.
    """

    overlapped: Flags
    gap: Floats


def find_neighbours(sample: Ints, boxes: Floats) -> Neighbours:
    """The nearest neighbour of each object in its image.

    Args:
        sample: the image of each object, ascending.
        boxes: n × 4: left, top, width, height.
    """
    overlapped: Flags = np.zeros(len(sample), bool)
    gap = np.full(len(sample), np.inf)
    low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    for one, other in pairs_by_sample(sample, sample):
        common = np.minimum(high[one], high[other]) - np.maximum(low[one], low[other])  # below 0: they are so far apart
        distance = np.hypot(*np.maximum(-common, 0).T)
        shares = np.asarray((common > 0).all(axis=1))
        itself = one == other
        distance[itself], shares[itself] = np.inf, False
        begins, _ = runs(one)  # a block holds all pairs of each of its objects
        gap[one[begins]] = np.minimum.reduceat(distance, begins)
        overlapped[one[shares]] = True
    return Neighbours(overlapped, gap)


def border_gaps(boxes: Floats, sizes: NDArray[np.float64]) -> Floats:
    """How far each box is from the nearest border of its image, in pixels; below 0 where it goes beyond, NaN unknown.

    Args:
        boxes: n × 4: left, top, width, height.
        sizes: width and height of each object's image; NaN where nobody told.
    """
    far = sizes - boxes[:, :2] - boxes[:, 2:]
    return np.asarray(np.minimum(boxes[:, :2], far).min(axis=1), dtype=np.float64)
