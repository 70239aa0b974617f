"""Why detections are wrong and what is missed, in the six types of TIDE."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.matching import MOST, choose, rank_within
from reportgen.stats.objects import LEAST_OVERLAP, Detections, Flags, Overlaps, Truths
from reportgen.stats.pairs import Floats, Ints, runs

FOUND = 0.5
"""From this overlap on a true object is found."""


class Error(IntEnum):
    """What is wrong with a detection, or with a true object that none finds."""

    NONE = 0
    CLASS = 1  # on an object of another class
    LOCATION = 2  # on an object of its class, and badly placed
    BOTH = 3  # on an object of another class, and badly placed
    DUPLICATE = 4  # on an object that a surer detection has found
    BACKGROUND = 5  # on nothing
    MISSED = 6  # of a true object: no detection would find it if its class or its place were mended


@dataclass(frozen=True, eq=False)
class ObjectErrors:
    """The type of each detection and of each true object, and what links them.

    A detection that finds its object is ``Error.NONE``, and so is what does not count: ``counts`` says which do.
    """

    detection: NDArray[np.int8]
    truth: NDArray[np.int8]  # MISSED, or NONE
    counts: Flags  # detections among the most of their sample that lie in no crowd
    right: Flags  # detections that find an object of their class
    about: NDArray[np.int32]  # the true object that a detection finds, or is wrong about; -1: none
    mends: Flags  # of those who are wrong about an object that none finds, the surest: mended, it would find it
    unfound: Flags  # true objects that none finds, whether or not a mended detection would


def name_errors(detections: Detections, truths: Truths, overlaps: Overlaps) -> ObjectErrors:
    """The error type of each detection and true object.

    The surest detections of a sample, ``MOST`` of them whatever their class, find the objects of their class from an
    overlap of 0.5 on, each the one that it overlaps most. Of the others, the first that fits: badly placed (overlap of
    0.1 to 0.5 with an object of its class), of another class (0.5 or more with one of another), a duplicate, on
    nothing (less than 0.1 with any), both. Crowds only take away what lies in them.
    Source: Bolya, Foley, Hays, Hoffman, ECCV 2020; checked against tidecv 1.0.1.

    Args:
        detections: of one version.
        truths: the true objects.
        overlaps: their pairs of any classes, at or above 0.1.
    """
    n = len(detections)
    counts = rank_within(detections, detections.sample) < MOST
    counted = overlaps.where(counts[overlaps.detection])
    solid = counted.where(~truths.crowd[counted.truth])
    same = truths.klass[solid.truth] == detections.klass[solid.detection]
    own, other = solid.where(same), solid.where(~same)
    about = _first_choice(detections, truths, own)
    right = about >= 0
    taken = np.zeros(len(truths), bool)
    taken[about[right]] = True

    best, at = _largest(own, n)
    best_other, at_other = _largest(other, n)
    best_taken, _ = _largest(own.where(taken[own.truth]), n)
    wrong = np.flatnonzero(counts & ~right)
    empty = ~np.isin(detections.sample, np.unique(truths.sample[~truths.crowd]))
    cases = (
        (Error.BACKGROUND, empty),
        (Error.LOCATION, (best > 0) & (best <= FOUND)),
        (Error.CLASS, best_other >= FOUND),
        (Error.DUPLICATE, best_taken >= FOUND),
        (Error.BACKGROUND, np.maximum(best, best_other) <= LEAST_OVERLAP),
    )
    types = np.select([case[wrong] for _, case in cases], [kind for kind, _ in cases], Error.BOTH)
    detection = np.full(n, Error.NONE, np.int8)
    detection[wrong] = types
    about[wrong] = np.select([types == Error.LOCATION, types == Error.CLASS], [at[wrong], at_other[wrong]], -1)
    near = wrong[about[wrong] >= 0]
    mends = _surest_mends(detections, near[~taken[about[near]]], about)
    unfound = ~taken & ~truths.crowd
    mendable = np.zeros(len(truths), bool)
    mendable[about[mends]] = True
    return ObjectErrors(
        detection=detection,
        truth=np.where(unfound & ~mendable, Error.MISSED, Error.NONE).astype(np.int8),
        counts=counts & (right | ~_in_crowd(detections, truths, counted)),
        right=right,
        about=about,
        mends=mends,
        unfound=unfound,
    )


def _first_choice(detections: Detections, truths: Truths, own: Overlaps) -> NDArray[np.int32]:
    """The true object that each detection finds; of equally near ones the first."""
    backwards = Overlaps(own.detection, len(truths) - 1 - own.truth, own.iou).where(own.iou >= FOUND)
    n_classes = 1 + max(int(detections.klass.max(initial=0)), int(truths.klass.max(initial=0)))
    none = np.zeros((1, len(truths)), bool)
    rank = rank_within(detections, detections.sample * n_classes + detections.klass)
    chosen = choose(rank, backwards, np.array([FOUND]), none, none[0], len(detections))[0]
    return np.where(chosen >= 0, len(truths) - 1 - chosen, -1).astype(np.int32)


def _largest(pairs: Overlaps, n: int) -> tuple[Floats, NDArray[np.int32]]:
    """The largest overlap of each of ``n`` detections, 0 without any, and with which true object; ties: the first."""
    order = np.lexsort((-pairs.truth, pairs.iou, pairs.detection))
    start, length = runs(pairs.detection[order])
    last = order[start + length - 1]
    most, at = np.zeros(n), np.full(n, -1, np.int32)
    most[pairs.detection[last]], at[pairs.detection[last]] = pairs.iou[last], pairs.truth[last]
    return most, at


def _in_crowd(detections: Detections, truths: Truths, counted: Overlaps) -> Flags:
    inside = (
        truths.crowd[counted.truth]
        & (counted.iou > FOUND)
        & (truths.klass[counted.truth] == detections.klass[counted.detection])
    )
    found = np.zeros(len(detections), bool)
    found[counted.detection[inside]] = True
    return found


def _surest_mends(detections: Detections, claims: Ints, about: NDArray[np.int32]) -> Flags:
    """Of those who would find the same object if they were mended, the surest one."""
    order = claims[np.lexsort((claims, -detections.score[claims], about[claims]))]
    start, _ = runs(about[order])
    found = np.zeros(len(detections), bool)
    found[order[start]] = True
    return found
