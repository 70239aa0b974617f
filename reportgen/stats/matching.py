"""Which true object each detection finds: the greedy matching of the COCO tools, for all samples at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.objects import Detections, Flags, Overlaps, Truths
from reportgen.stats.pairs import Floats, Ints, runs

THRESHOLDS = np.linspace(0.5, 0.95, 10)
"""The overlaps at which average precision is taken."""
RANGES = {"all": (0.0, 1e10), "small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, 1e10)}
"""Areas of objects in square pixels, both ends included."""
MOST = 100
"""Of one class in one sample so many detections count, the surest ones."""

_PREFERRED = 1 << 40


@dataclass(frozen=True, eq=False)
class Matching:
    """What became of each detection and each true object.

    Arrays have an entry a range of areas, a threshold, and a detection (or, for ``ignored_truths``, a range and a
    truth).
    """

    rank: Ints  # of each detection among those of its class and sample, the surest is 0
    truth: NDArray[np.int32]  # the true object that it finds; -1: none
    ignored: Flags  # it counts neither as right nor as wrong
    ignored_truths: Flags  # a crowd, or outside of the range


def rank_within(detections: Detections, keys: Ints) -> Ints:
    """The rank of each detection among those of equal key, the surest first, equally sure ones in their order."""
    order = np.lexsort((-detections.score, keys))
    start, length = runs(keys[order])
    rank = np.empty(len(detections), np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(start, length)
    return rank


def match_objects(
    detections: Detections,
    truths: Truths,
    overlaps: Overlaps,
    *,
    thresholds: Floats = THRESHOLDS,
    ranges: tuple[tuple[float, float], ...] = tuple(RANGES.values()),
    most: int = MOST,
) -> Matching:
    """The matching by the rules of the COCO tools.

    Within a sample and class, detections choose from the surest on: the true object that overlaps most, of equal ones
    the last, among those that none has chosen yet; one that is ignored only where no other is left. A crowd can be
    chosen again and again. A detection is ignored where its true object is, or where it has none and its own area is
    outside of the range. What ranks behind ``most`` finds nothing, and is not ignored: leave it out by its rank.
    Source: Lin et al., ECCV 2014; checked against pycocotools.

    Args:
        detections: of one version.
        truths: the true objects.
        overlaps: their pairs, at or above the least threshold.
        thresholds: from which overlap on a true object is found.
        ranges: of areas.
        most: detections of one class in one sample that count.
    """
    n_classes = 1 + max(int(detections.klass.max(initial=0)), int(truths.klass.max(initial=0)))
    rank = rank_within(detections, detections.sample * n_classes + detections.klass)
    low, high = (np.array(ends)[:, None] for ends in zip(*ranges, strict=True))
    outside = (truths.area < low) | (truths.area > high)
    ignored_truths = outside | truths.crowd
    chosen = choose(
        rank,
        overlaps.where(
            (detections.klass[overlaps.detection] == truths.klass[overlaps.truth])
            & (overlaps.iou >= thresholds.min())
            & (rank[overlaps.detection] < most)
        ),
        np.tile(thresholds, len(ranges)),
        np.repeat(ignored_truths, len(thresholds), axis=0),
        truths.crowd,
        len(detections),
    ).reshape(len(ranges), len(thresholds), len(detections))
    found = chosen >= 0
    own_outside = (detections.area < low) | (detections.area > high)
    its_ignored = np.take_along_axis(
        np.concatenate([ignored_truths, np.zeros((len(ranges), 1), bool)], axis=1)[:, None, :], chosen, axis=2
    )
    return Matching(rank, chosen, np.where(found, its_ignored, own_outside[:, None, :]), ignored_truths)


def choose(rank: Ints, pairs: Overlaps, thresholds: Floats, ignored: Flags, crowd: Flags, n: int) -> NDArray[np.int32]:
    """The true object that each of ``n`` detections chooses under each rule, -1 for none; rules × detections.

    Detections of one rank choose together: no two of one sample and class have the same rank, and the pairs must be
    of one class. So there are as many rounds as the largest rank, whatever the number of samples.

    Args:
        rank: of each detection.
        pairs: that may be chosen.
        thresholds: of each rule.
        ignored: rules × truths; one that is ignored is chosen only where no other is left.
        crowd: true objects that can be chosen again.
        n: the number of detections.
    """
    order = np.lexsort((pairs.truth, pairs.iou, pairs.detection, rank[pairs.detection]))
    detection, truth, iou = pairs.detection[order], pairs.truth[order], pairs.iou[order]
    chosen = np.full((len(thresholds), n), -1, np.int32)
    free = np.ones((len(thresholds), len(crowd)), bool)
    rounds, lengths = runs(rank[detection])
    for begin, length in zip(rounds.tolist(), lengths.tolist(), strict=True):
        part = slice(begin, begin + length)
        d, t = detection[part], truth[part]
        start, count = runs(d)
        place = np.arange(len(d)) - np.repeat(start, count) + 1
        key = np.where(ignored[:, t], place, place + _PREFERRED)
        key[~free[:, t] | (iou[part] < thresholds[:, None])] = 0
        best = np.maximum.reduceat(key, start, axis=1)
        rule, at = np.nonzero(best)
        own = t[start[at] + best[rule, at] % _PREFERRED - 1]
        chosen[rule, d[start[at]]] = own
        free[rule, own] = crowd[own]
    return chosen
