"""What one version's detections say of annotated boxes: where one is missing, badly placed, or of another class.

Tkachenko, Thyagarajan, Mueller, "ObjectLab: Automated Diagnosis of Mislabeled Images in Object Detection Data", ICML
workshop on Data-Centric Machine Learning Research, 2023. What is found here are the overlaps that its scores rest on,
without its share of a distance between centres (``alpha`` = 1 in cleanlab, against which they are checked).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.objects import Detections, Flags, Overlaps, Truths
from reportgen.stats.pairs import Floats, Ints, runs


@dataclass(frozen=True, eq=False)
class Doubts:
    """What speaks against the annotation; overlaps are intersection over union, 0 to 1."""

    beside: Floats  # of each detection, its largest overlap with any true object; of a crowd with its own area
    own: Floats  # of each true object, the largest overlap of a usable detection of its class; 0: none
    own_at: NDArray[np.int64]  # that detection; -1: none
    other: Floats  # of each true object, the largest overlap of a sure detection of another class; 0: none
    other_at: NDArray[np.int64]


def doubt_objects(detections: Detections, truths: Truths, overlaps: Overlaps, usable: Flags, sure: Flags) -> Doubts:
    """What the detections of one version say of the true objects.

    Args:
        detections: of the version.
        truths: the true objects.
        overlaps: their pairs of any classes; a detection with none of them lies beside every object.
        usable: detections that may say that a box is badly placed.
        sure: detections that may say that it is of another class.
    """
    same = truths.klass[overlaps.truth] == detections.klass[overlaps.detection]
    solid = ~truths.crowd[overlaps.truth]
    beside = np.zeros(len(detections))
    np.maximum.at(beside, overlaps.detection, overlaps.iou)
    own, own_at = largest(overlaps.where(same & solid & usable[overlaps.detection]), len(truths))
    other, other_at = largest(overlaps.where(~same & solid & sure[overlaps.detection]), len(truths))
    return Doubts(beside, own, own_at, other, other_at)


def largest(pairs: Overlaps, n: int) -> tuple[Floats, Ints]:
    """The largest overlap of each of ``n`` true objects, 0 without any, and with which detection; ties: the first."""
    order = np.lexsort((-pairs.detection, pairs.iou, pairs.truth))
    start, length = runs(pairs.truth[order])
    last = order[start + length - 1]
    most, at = np.zeros(n), np.full(n, -1, np.int64)
    most[pairs.truth[last]], at[pairs.truth[last]] = pairs.iou[last], pairs.detection[last]
    return most, at


def rank_sureness(score: Floats, right: Flags) -> Floats:
    """How sure each detection of a version is beside those that are right: the share of these that are no surer.

    0 to 1, whatever the scale of the scores; 0 where no detection is right.
    """
    known = np.sort(score[right])
    if not len(known):
        return np.zeros(len(score))
    return np.searchsorted(known, score, side="right") / len(known)
