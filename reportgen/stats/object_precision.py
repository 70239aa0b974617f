"""Average precision and recall of detections, as the COCO tools define them, for any weights of the samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Judged
from reportgen.stats.matching import MOST, Matching
from reportgen.stats.objects import Detections, Truths
from reportgen.stats.pairs import Floats

RECALLS = np.linspace(0.0, 1.0, 101)
"""The recalls at which precision is read."""
FEWER = (1, 10, MOST)
"""Average recall is taken with so many detections of a class in a sample."""

_DRAWN_BYTES = 1 << 24
_WIDE = 256
"""From so many numbers a row on, a step a row is faster than numpy's own running sums, which go a number at a time."""
ROUNDING = 1e-12
"""By how much a recall of weights may come short of one that it reaches."""
_LEAST = np.finfo(np.float64).tiny


@dataclass(frozen=True, eq=False)
class Precisions:
    """Average precision and recall; NaN where a class has no true object to find.

    ``precision`` has an entry a range of areas, a threshold and a class; ``recall`` a fourth one, a number of
    detections (``FEWER``).
    """

    precision: Floats
    recall: Floats


def judge_detections(detections: Detections, truths: Truths, matching: Matching, n_classes: int) -> Judged:
    """The detections that count, those behind the most of their class and sample left out."""
    kept = np.flatnonzero(matching.rank < MOST)
    order = kept[np.lexsort((kept, -detections.score[kept], detections.klass[kept]))]
    found = matching.truth[:, :, order] >= 0
    ignored = matching.ignored[:, :, order]
    return Judged(
        begins=np.searchsorted(detections.klass[order], np.arange(n_classes + 1)),
        sample=detections.sample[order],
        score=detections.score[order],
        rank=matching.rank[order],
        right=found & ~ignored,
        ignored=ignored,
        truth_sample=truths.sample,
        truth_class=truths.klass,
        truth_ignored=matching.ignored_truths,
    )


def judge_again(judged: Judged, other: Judged, samples: NDArray[np.int64]) -> Judged:
    """The judging with that of some samples from another one, in which these are called by their place among them.

    Args:
        judged: of all samples.
        other: of the same detections on some of the samples, against other true objects; no class is new.
        samples: which these are, ascending.
    """

    def of(one: Judged, keep: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.repeat(np.arange(one.n_classes), np.diff(one.begins))[keep]

    stays, true_stays = (~np.isin(at, samples) for at in (judged.sample, judged.truth_sample))
    every = np.ones(len(other.sample), bool)
    klass = np.concatenate([of(judged, stays), of(other, every)])
    sample, score, rank = (
        np.concatenate([first, second])
        for first, second in (
            (judged.sample[stays], samples[other.sample]),
            (judged.score[stays], other.score),
            (judged.rank[stays], other.rank),
        )
    )
    order = np.lexsort((rank, sample, -score, klass))
    return Judged(
        begins=np.searchsorted(klass[order], np.arange(judged.n_classes + 1)),
        sample=sample[order],
        score=score[order],
        rank=rank[order],
        right=np.concatenate([judged.right[..., stays], other.right], axis=-1)[..., order],
        ignored=np.concatenate([judged.ignored[..., stays], other.ignored], axis=-1)[..., order],
        truth_sample=np.concatenate([judged.truth_sample[true_stays], samples[other.truth_sample]]),
        truth_class=np.concatenate([judged.truth_class[true_stays], other.truth_class]),
        truth_ignored=np.concatenate([judged.truth_ignored[:, true_stays], other.truth_ignored], axis=-1),
    )


def average_precisions(judged: Judged, weight: Floats | None = None) -> Precisions:
    """Average precision at 101 recalls, and the recall reached, of each range of areas, threshold and class.

    Precision at a recall is the largest that is reached at it or beyond. Source: Lin et al., ECCV 2014; checked
    against pycocotools.

    Args:
        judged: the detections.
        weight: of each sample, 0 or more; 0 and 1 make a selection.
    """
    n_ranges, n_thresholds, _ = judged.right.shape
    if weight is None:
        weight = np.ones(1 + max(judged.sample.max(initial=-1), judged.truth_sample.max(initial=-1)))
    recall = np.full((n_ranges, n_thresholds, judged.n_classes, len(FEWER)), np.nan)
    wanted = _wanted(judged, weight)
    for klass in range(judged.n_classes):
        part = slice(judged.begins[klass], judged.begins[klass + 1])
        own, rank = weight[judged.sample[part]], judged.rank[part]
        few = np.stack([own * (rank < most) for most in FEWER], axis=1)
        for r in np.flatnonzero(wanted[:, klass] > 0):
            recall[r, :, klass] = (judged.right[r, :, part] @ few) / wanted[r, klass]
    return Precisions(drawn_precisions(judged, weight[:, None], tuple(range(n_ranges)))[0], recall)


def drawn_precisions(judged: Judged, weights: NDArray[Any], ranges: tuple[int, ...] = (0,)) -> Floats:
    """Average precision in each draw of the bootstrap: draws × ranges × thresholds × classes; NaN as above.

    Args:
        judged: the detections.
        weights: samples × draws, how often each is drawn (times its weight, where samples have weights).
        ranges: positions of the ranges of areas to take.
    """
    n_draws, n_thresholds = weights.shape[1], judged.right.shape[1]
    found = np.full((n_draws, len(ranges), n_thresholds, judged.n_classes), np.nan)
    drawn = np.any(weights != 0, axis=1)[judged.sample]  # of a slice, the detections of other samples are in no draw
    for klass in range(judged.n_classes):
        part = slice(judged.begins[klass], judged.begins[klass + 1])
        for i, r in enumerate(ranges):
            mine = judged.truth_sample[(judged.truth_class == klass) & ~judged.truth_ignored[r]]
            counts = ~judged.ignored[r, :, part]
            some = np.flatnonzero(drawn[part] & counts.any(axis=0))
            counts, right, sample = counts[:, some], judged.right[r, :, part][:, some], judged.sample[part][some]
            every = counts.all()
            for draws in blocks_of(n_draws, len(some) * n_thresholds):
                found[draws, i, :, klass] = areas_under(
                    weights[sample, draws], right, None if every else counts, weights[mine, draws]
                ).T
    return found


def drawn_recalls(judged: Judged, weights: NDArray[Any], area: int, most: int) -> Floats:
    """Average recall in each draw, over the thresholds: draws × classes; NaN where a class has nothing to find.

    Args:
        judged: the detections.
        weights: samples × draws, how often each is drawn (times its weight, where samples have weights).
        area: position of the range of areas.
        most: position in ``FEWER``.
    """
    n_draws, n_samples = weights.shape[1], weights.shape[0]
    found = np.full((n_draws, judged.n_classes), np.nan)
    for klass in range(judged.n_classes):
        part = slice(judged.begins[klass], judged.begins[klass + 1])
        hits = judged.right[area, :, part].mean(axis=0) * (judged.rank[part] < FEWER[most])
        mine = judged.truth_sample[(judged.truth_class == klass) & ~judged.truth_ignored[area]]
        reached, wanted = (
            _drawn_sums(weights, np.bincount(rows, counts, n_samples).astype(np.float64))
            for rows, counts in ((judged.sample[part], hits), (mine, np.ones(len(mine))))
        )
        found[:, klass] = np.divide(reached, wanted, out=found[:, klass], where=wanted > 0)
    return found


def _drawn_sums(weights: NDArray[Any], counts: Floats) -> Floats:
    some = np.flatnonzero(counts)
    return np.asarray(counts[some] @ weights[some].astype(np.float64))


def blocks_of(n_draws: int, n: int) -> Iterator[slice]:
    """The draws in blocks that leave room for ``n`` numbers each."""
    size = max(1, _DRAWN_BYTES // (8 * max(n, 1)))
    return (slice(start, min(start + size, n_draws)) for start in range(0, n_draws, size))


def _wanted(judged: Judged, weight: Floats) -> Floats:
    """How many true objects count, by range and class."""
    own = weight[judged.truth_sample]
    return np.stack(
        [np.bincount(judged.truth_class, own * ~ignored, judged.n_classes) for ignored in judged.truth_ignored]
    )


def areas_under(
    own: NDArray[Any],
    right: NDArray[np.bool_],
    counts: NDArray[np.bool_] | None,
    sought: NDArray[Any],
    recalls: Floats = RECALLS,
) -> Floats:
    """Precision averaged over the recalls, thresholds × draws; NaN where no object is wanted.

    Between two hits precision only falls, so that hits say all; those of one threshold change nothing at another.

    Args:
        own: weights of the detections, the surest first: detections × draws.
        right: thresholds × detections.
        counts: which are seen, likewise; None: all.
        sought: weights of the objects there are to find: objects × draws.
        recalls: where precision is read: even steps from 0 to 1.
    """
    hits = np.flatnonzero(right.any(axis=0))
    reached = _sums_so_far(own[hits], right[:, hits])
    seen = np.maximum(_sums_so_far(own, counts)[hits], _LEAST)
    best = _run(np.maximum, (reached / seen)[::-1])[::-1]
    wanted = sought.sum(axis=0, dtype=np.float64)
    recall = np.divide(reached, np.maximum(wanted, _LEAST), out=reached)
    recall += _slack(sought)
    nearest = np.rint(recall * (len(recalls) - 1))
    passed = nearest + (recalls[nearest.astype(np.intp)] <= recall)  # so many recalls
    best[:1] *= passed[:1]
    best[1:] *= np.subtract(passed[1:], passed[:-1], out=reached[1:])
    return np.where(wanted > 0, best.sum(axis=0) / len(recalls), np.nan)


def _slack(sought: NDArray[Any]) -> Floats | float:
    """What recalls of a draw may lack by rounding: weights add up otherwise in another order, counts are exact."""
    if sought.dtype.kind in "biu":
        return 0.0
    return np.where((sought == np.rint(sought)).all(axis=0), 0.0, ROUNDING)


def _sums_so_far(own: NDArray[Any], chosen: NDArray[np.bool_] | None) -> Floats:
    """The weights of the chosen detections, summed from the first to each: detections × thresholds (or 1) × draws."""
    weights = own[:, None] if chosen is None else own[:, None] * chosen.T[:, :, None]
    return _run(np.add, weights.astype(np.float64))


def _run(operation: np.ufunc, table: Floats) -> Floats:
    """The table with the operation accumulated along its first axis, in place."""
    if table[:1].size < _WIDE:
        return np.asarray(operation.accumulate(table, axis=0, out=table))
    for before, after in pairwise(table):
        operation(before, after, out=after)
    return table
