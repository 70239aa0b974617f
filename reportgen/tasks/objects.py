"""Detections held against true objects: what each is, what is missed, and the counts and figures that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen.model import Judged, Mended, PartCounts
from reportgen.stats.error_costs import mend_errors
from reportgen.stats.mask_columns import masks_of
from reportgen.stats.mask_overlaps import overlap_masks
from reportgen.stats.masks import Masks
from reportgen.stats.matching import match_objects
from reportgen.stats.object_errors import Error, name_errors
from reportgen.stats.object_precision import judge_detections
from reportgen.stats.objects import Detections, Overlaps, Truths, overlap_boxes
from reportgen.stats.pairs import Floats
from reportgen.tasks.parts import count_parts

STEPS = 100
"""Cut-offs are looked for on a grid of so many steps from 0 to 1."""

BOX = ("left", "top", "width", "height")


@dataclass(frozen=True, eq=False)
class Held:
    """One version's detections held against the truth.

    ``detections`` has the rows of the frame given, with ``state`` (Int8, an ``Error``), ``about`` (Int32: the row of
    the true object that it finds, or is wrong about; -1: none), ``overlap`` (Float64: with that object; null: none),
    ``right`` and ``counts`` (Boolean; at the cut-off).
    ``finds`` and ``weighs`` (Boolean) are the same without any cut-off: who is surer chooses first, so that at any
    cut-off a detection from it on is right where it ``finds``, and counts where it ``weighs``.
    ``found`` says of each true object the row of the detection that finds it, -1: none; ``missed`` its ``Error``.
    ``errors`` counts those of each type (from ``Error.CLASS`` on) in each sample: of the detections that count, and
    ``Error.MISSED`` of the true objects. ``mended`` is over all detections, as average precision is.
    """

    detections: pl.DataFrame
    found: np.ndarray
    missed: np.ndarray
    counts: PartCounts
    errors: np.ndarray
    judged: Judged
    mended: tuple[Mended, ...]
    cutoff: float


def truths_of(frame: pl.DataFrame) -> Truths:
    """The true objects of a frame (``columns.OBJECTS``) as arrays."""
    return Truths(
        frame["sample"].to_numpy(),
        frame["class"].to_numpy().astype(np.int64),
        frame.select(BOX).to_numpy(),
        frame["area"].to_numpy(),
        frame["crowd"].to_numpy(),
    )


def detections_of(frame: pl.DataFrame) -> Detections:
    """The detections of a frame (``columns.OBJECTS``) as arrays."""
    return Detections(
        frame["sample"].to_numpy(),
        frame["class"].to_numpy().astype(np.int64),
        frame.select(BOX).to_numpy(),
        frame["area"].to_numpy(),
        frame["score"].to_numpy(),
    )


def overlap_objects(detected: pl.DataFrame, truth: pl.DataFrame, sizes: Floats | None) -> Overlaps:
    """The pairs of two frames of objects (``columns.OBJECTS``) that overlap by 0.1 or more, within a sample.

    Args:
        detected: those whose own area counts where the other one is a crowd.
        truth: the others.
        sizes: width and height of each sample's image, where masks are compared; None: boxes are.
    """
    truths, detections = truths_of(truth), detections_of(detected)
    if sizes is None:
        return overlap_boxes(detections, truths)
    own, other = (_masks(frame, sizes) for frame in (detected, truth))
    return overlap_masks(detections, truths, own, other)


def _masks(frame: pl.DataFrame, sizes: Floats) -> Masks:
    width, height = np.nan_to_num(sizes[frame["sample"].to_numpy()]).astype(np.int64).reshape(-1, 2).T
    return masks_of(frame["mask"], height, width)


def hold(
    truth: pl.DataFrame,
    detected: pl.DataFrame,
    n_samples: int,
    n_classes: int,
    cutoff: float | None = None,
    sizes: Floats | None = None,
) -> Held:
    """One version's detections held against the true objects, one by one.

    Average precision is over all detections; everything else over those from the cut-off on.

    Args:
        truth: ``columns.OBJECTS``, ascending by sample.
        detected: likewise, with scores.
        n_samples: rows of the outcome frame.
        n_classes: how many classes there are.
        cutoff: the score from which a detection counts; by default the one at which F1 is highest.
        sizes: as ``overlap_objects`` takes them.
    """
    truths, detections = truths_of(truth), detections_of(detected)
    overlaps = overlap_objects(detected, truth, sizes)
    judged = judge_detections(detections, truths, match_objects(detections, truths, overlaps), n_classes)
    chosen = best_cutoff(judged) if cutoff is None else cutoff
    sure = np.flatnonzero(detections.score >= chosen)
    place = np.full(len(detections), -1)
    place[sure] = np.arange(len(sure))
    kept = place[overlaps.detection] >= 0
    own = Overlaps(place[overlaps.detection[kept]], overlaps.truth[kept], overlaps.iou[kept])
    errors = name_errors(Detections(*(part[sure] for part in vars(detections).values())), truths, own)

    state = np.full(len(detections), Error.NONE, np.int8)
    about = np.full(len(detections), -1, np.int32)
    right, counts = np.zeros(len(detections), bool), np.zeros(len(detections), bool)
    state[sure], about[sure], right[sure], counts[sure] = errors.detection, errors.about, errors.right, errors.counts
    found = np.full(len(truths), -1, np.int64)
    found[about[right]] = np.flatnonzero(right)
    false = counts & ~right
    every = name_errors(detections, truths, overlaps)
    missed = np.flatnonzero(errors.unfound)
    times = (int(right.sum()), int(false.sum()), len(missed))
    one_each = np.repeat(np.eye(3, dtype=np.int64), times, axis=0)
    return Held(
        detected.with_columns(
            pl.Series("state", state),
            pl.Series("about", about),
            pl.Series("overlap", _overlap_with(about, overlaps, len(truths))).fill_nan(None),
            pl.Series("right", right),
            pl.Series("counts", counts),
            pl.Series("finds", every.right),
            pl.Series("weighs", every.counts),
        ),
        found,
        errors.truth,
        count_parts(
            n_samples,
            np.concatenate([detections.sample[right], detections.sample[false], truths.sample[missed]]),
            np.concatenate([detections.klass[right], detections.klass[false], truths.klass[missed]]),
            *one_each.T,
        ),
        _count_errors(n_samples, detections.sample[false], state[false], truths.sample, errors.truth),
        judged,
        mend_errors(detections, truths, every, n_classes),
        chosen,
    )


def _overlap_with(about: np.ndarray, overlaps: Overlaps, n_truths: int) -> np.ndarray:
    """How much each detection overlaps the true object that it is about; NaN without one."""
    found = np.full(len(about), np.nan)
    at = np.flatnonzero(about >= 0)
    pairs = overlaps.detection * n_truths + overlaps.truth
    found[at] = overlaps.iou[np.searchsorted(pairs, at * n_truths + about[at])]
    return found


def _count_errors(
    n_samples: int, sample: np.ndarray, state: np.ndarray, truth_sample: np.ndarray, truth_state: np.ndarray
) -> np.ndarray:
    """How many errors of each type there are in each sample, types × samples."""
    rows, kinds = np.concatenate([sample, truth_sample]), np.concatenate([state, truth_state]).astype(np.int64)
    some = kinds != Error.NONE
    n_kinds = len(Error) - 1
    keys = (kinds[some] - 1) * n_samples + rows[some]
    return np.bincount(keys, minlength=n_kinds * n_samples).reshape(n_kinds, n_samples)


def best_cutoff(judged: Judged) -> float:
    """The cut-off, in hundredths, at which F1 (at an overlap of 0.5) is highest; of several the highest; none: 0."""
    steps = np.searchsorted(np.arange(STEPS + 1) / STEPS, judged.score, side="right") - 1
    counted = ~judged.ignored[0, 0]
    right, seen = (
        np.bincount(steps[kept], minlength=STEPS + 1)[::-1].cumsum()[::-1] for kept in (judged.right[0, 0], counted)
    )
    wanted = int((~judged.truth_ignored[0]).sum())
    f1 = 2 * right / np.maximum(seen + wanted, 1)
    best = np.flatnonzero(f1 == f1.max())[-1]
    return float(best) / STEPS if f1.max() > 0 else 0.0
