"""What each type of error of detections costs in average precision, for any weights of the samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Mended
from reportgen.stats.object_errors import Error, ObjectErrors
from reportgen.stats.object_precision import areas_under, blocks_of
from reportgen.stats.objects import Detections, Truths
from reportgen.stats.pairs import Floats, Ints

RECALLS = np.arange(101) / 100
"""Where precision is read here; a recall that lies on one of them can fall on the other side of the COCO tools' own."""


def mend_errors(detections: Detections, truths: Truths, errors: ObjectErrors, n_classes: int) -> tuple[Mended, ...]:
    """The detections as they are, then with all errors of each type mended, in the order of ``Error``.

    Behind them two more: as if nothing false were detected, and as if what none finds were no object.
    To mend: a duplicate, one on nothing and one that is both are left out; a wrong class or place is put right where no
    other detection finds the object and none surer would, else left out; a missed object is taken from the truth.
    Source: Bolya, Foley, Hays, Hoffman, ECCV 2020; checked against tidecv 1.0.1.
    """
    solid = ~truths.crowd
    found = []
    for kind in Error:
        wrong = errors.detection == kind
        mended = errors.mends & wrong
        kept = np.flatnonzero(errors.counts if kind == Error.NONE else errors.counts & ~wrong | mended)
        klass = detections.klass[kept].copy()
        moved = mended[kept]
        klass[moved] = truths.klass[errors.about[kept[moved]]]
        missed = errors.truth == kind
        wanted = solid if kind == Error.NONE else solid & ~missed
        n_errors = 0 if kind == Error.NONE else int((wrong & errors.counts).sum() + missed.sum())
        found.append(_ordered(detections, kept, klass, errors.right[kept] | moved, truths, wanted, n_classes, n_errors))
    return (*found, *_without(detections, truths, errors, n_classes))


def _without(detections: Detections, truths: Truths, errors: ObjectErrors, n_classes: int) -> Iterator[Mended]:
    """Without false detections, which still say that their class is there; and without missed objects."""
    kept = np.flatnonzero(errors.counts)
    right, klass, solid = errors.right[kept], detections.klass[kept], ~truths.crowd
    last = replace(detections, score=errors.right.astype(np.float64))
    yield _ordered(last, kept, klass, right, truths, solid, n_classes, int((~right).sum()))
    missed = errors.unfound
    yield _ordered(detections, kept, klass, right, truths, solid & ~missed, n_classes, int(missed.sum()))


def _ordered(
    detections: Detections,
    kept: Ints,
    klass: Ints,
    right: NDArray[np.bool_],
    truths: Truths,
    wanted: NDArray[np.bool_],
    n_classes: int,
    n_errors: int,
) -> Mended:
    order = np.lexsort((kept, -detections.score[kept], klass))
    return Mended(
        begins=np.searchsorted(klass[order], np.arange(n_classes + 1)),
        sample=detections.sample[kept[order]],
        right=right[order],
        truth_sample=truths.sample[wanted],
        truth_class=truths.klass[wanted],
        n_errors=n_errors,
    )


_Known = dict[tuple[bytes, ...], tuple[Floats, NDArray[np.bool_]]]
"""What is known of a class by its detections, which are right, and its true objects: few types change every class."""


def error_gains(mended: Sequence[Mended], weights: NDArray[Any]) -> Floats:
    """What each of the others adds to average precision as it is, from 0 on: draws × others; NaN: no class.

    Args:
        mended: as ``mend_errors`` gives them.
        weights: samples × draws: how often each counts.
    """
    known: _Known = {}
    plain, *others = (mean_precisions(one, weights, known) for one in mended)
    return np.stack([np.maximum(0.0, one - plain) for one in others], axis=1)


def mean_precisions(mended: Mended, weights: NDArray[Any], known: _Known | None = None) -> Floats:
    """Average precision at an overlap of 0.5 in each draw.

    The mean over the classes that have a true object or a detection, so that a class that is only detected counts 0:
    otherwise than for the COCO tools. NaN without any.
    """
    known = {} if known is None else known
    drawn = np.any(weights != 0, axis=1)
    total, n = np.zeros(weights.shape[1]), np.zeros(weights.shape[1])
    for klass in range(len(mended.begins) - 1):
        part = slice(mended.begins[klass], mended.begins[klass + 1])
        some = drawn[mended.sample[part]]
        sample, right = mended.sample[part][some], mended.right[part][some]
        rows = mended.truth_sample[mended.truth_class == klass]
        key = (sample.tobytes(), right.tobytes(), rows.tobytes())
        if key not in known:
            known[key] = _area(weights, sample, right, rows)
        area, there = known[key]
        total += area
        n += there
    return np.asarray(np.divide(total, n, out=np.full(len(total), np.nan), where=n > 0))


def _area(
    weights: NDArray[Any], sample: Ints, right: NDArray[np.bool_], rows: Ints
) -> tuple[Floats, NDArray[np.bool_]]:
    """One class's average precision in each draw, 0 without true objects, and whether it has objects of either kind."""
    area, there = np.zeros(weights.shape[1]), np.zeros(weights.shape[1], bool)
    for draws in blocks_of(weights.shape[1], len(sample)):
        own = weights[sample, draws]
        sought = weights[rows, draws]
        area[draws] = np.nan_to_num(areas_under(own, right[None], None, sought, RECALLS)[0])
        there[draws] = sought.any(axis=0) | own.any(axis=0)
    return area, there
