"""Tasks whose samples consist of parts (labels, objects, pixels): counts of right, false and missed ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reportgen.model import MetricInfo, PartCounts, Parts
from reportgen.tasks.metric import Floats, Metric, Side

Ints = npt.NDArray[np.int64]


def count_parts(n_samples: int, sample: Ints, klass: Ints, right: Ints, false: Ints, missed: Ints) -> PartCounts:
    """The counts, summed to one entry a sample and class; entries come in any order, and may repeat."""
    n_classes = int(klass.max(initial=-1)) + 1
    keys, at = np.unique(klass * n_samples + sample, return_inverse=True)
    sums = [np.bincount(at, one, len(keys)).astype(np.int64) for one in (right, false, missed)]
    some = sum(sums) > 0
    assert n_classes * n_samples < 2**63
    return PartCounts(n_samples, keys[some] % n_samples, keys[some] // n_samples, *(one[some] for one in sums))


def class_begins(parts: Parts, n_versions: int) -> list[list[int]]:
    """Where the entries of each class begin among a version's counts, and the end: a list for each of the versions."""
    classes = np.arange(len(parts.classes) + 1)
    return [np.searchsorted(counts.klass, classes).tolist() for counts in parts.counts[:n_versions]]


def totals(side: Side, klass: int) -> tuple[Floats, Floats, Floats]:
    """Right, false and missed parts of each sample, of one class or (-1) of all; 0 where it is not scored."""
    assert side.parts is not None
    return counted(side.parts, side, klass)


def counted(parts: PartCounts, side: Side, klass: int) -> tuple[Floats, Floats, Floats]:
    """The same of other counts of a version's."""
    begin, end = (0, len(parts.klass)) if klass < 0 else np.searchsorted(parts.klass, [klass, klass + 1])
    own = slice(int(begin), int(end))
    right, false, missed = (
        np.bincount(parts.sample[own], one[own], parts.n_samples) * side.scored
        for one in (parts.right, parts.false, parts.missed)
    )
    return right.astype(np.float64), false.astype(np.float64), missed.astype(np.float64)


def precision(side: Side, klass: int) -> tuple[Floats, Floats]:
    """Terms of precision: right ÷ (right + false)."""
    right, false, _ = totals(side, klass)
    return right, right + false


def recall(side: Side, klass: int) -> tuple[Floats, Floats]:
    """Terms of recall: right ÷ (right + missed)."""
    right, _, missed = totals(side, klass)
    return right, right + missed


def f1(side: Side, klass: int) -> tuple[Floats, Floats]:
    """Terms of F1, which is Dice's coefficient: twice right ÷ (twice right + false + missed)."""
    right, false, missed = totals(side, klass)
    return 2 * right, 2 * right + false + missed


def jaccard(side: Side, klass: int) -> tuple[Floats, Floats]:
    """Terms of intersection over union: right ÷ (right + false + missed)."""
    right, false, missed = totals(side, klass)
    return right, right + false + missed


def by_sample(counts: PartCounts) -> tuple[Ints, Ints, Ints]:
    """Right, false and missed parts of each sample, of all classes."""
    right, false, missed = (
        np.bincount(counts.sample, one, counts.n_samples).astype(np.int64)
        for one in (counts.right, counts.false, counts.missed)
    )
    return right, false, missed


def averaged_metrics(f1_plain: str, precision_plain: str, recall_plain: str) -> tuple[Metric, ...]:
    """F1, precision and recall of a task's parts, over all classes and of each, with what each means in plain words."""
    told = (
        ("f1", "F1", f1_plain, f1),
        ("precision", "Precision", precision_plain, precision),
        ("recall", "Recall", recall_plain, recall),
    )
    return tuple(
        Metric(MetricInfo(name, label, plain, "rate", True), "ratio", terms, bounds=(0.0, 1.0), by_class=True)
        for name, label, plain, terms in told
    )


def losses(counts: PartCounts) -> Floats:
    """1 − F1 of each sample by itself, 0 to 1; 0 where there is no part at all: nothing to find, and nothing said."""
    right, false, missed = by_sample(counts)
    all_parts = 2 * right + false + missed
    return np.asarray(np.divide(false + missed, all_parts, out=np.zeros(counts.n_samples), where=all_parts > 0))
