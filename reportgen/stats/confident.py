"""Confident learning: which labels the probabilities of a model that never saw them speak against.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021: thresholds
and the confident joint (section 3.1), its calibration (eq. 3), pruning by noise rate (section 3.2), and the order by
self-confidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SLACK = 1e-6
"""How far below its threshold a probability still counts as confident, and by how much the given label wins a tie."""
_NEVER = 2.0
"""The threshold of a class that no sample is labelled as: no probability reaches it."""


@dataclass(frozen=True, eq=False)
class Noise:
    """What the probabilities say of the labels; classes are positions in ``thresholds``.

    ``joint[given, likely]`` is in samples, whole numbers, its rows sum to the label counts; ``picked`` marks the
    candidates, ``order`` has their positions, the least probable given label first (ties in the order of samples).
    """

    thresholds: Floats
    joint: Ints
    picked: Flags
    order: Ints


def learn_noise(labels: Ints, probabilities: Floats) -> Noise:
    """The confident joint of the labels and the candidates that it brings.

    Args:
        labels: a class code a sample, 0 to K-1.
        probabilities: samples × K, each row of a model that was not trained on the sample; finite, 0-1.
    """
    n, k = probabilities.shape
    counts = np.bincount(labels, minlength=k)
    own = probabilities[np.arange(n), labels]
    sums = np.bincount(labels, own, minlength=k)
    thresholds = np.where(counts > 0, sums / np.maximum(counts, 1), _NEVER)
    thresholds = np.maximum(thresholds, 2 * _SLACK)
    joint = _calibrated(_confident_counts(labels, probabilities, thresholds), counts)
    picked = _prune(labels, probabilities, joint)
    rows = np.flatnonzero(picked)
    return Noise(thresholds, joint, picked, rows[np.argsort(own[rows], kind="stable")])


def _confident_counts(labels: Ints, probabilities: Floats, thresholds: Floats) -> Ints:
    """How many samples of each label are confidently of each class; at least one of each class is taken as right."""
    k = len(thresholds)
    confident = probabilities >= thresholds - _SLACK
    n_confident = confident.sum(axis=1)
    likely = np.where(n_confident > 1, probabilities.argmax(axis=1), confident.argmax(axis=1))
    known = n_confident > 0
    counts = np.bincount(labels[known] * k + likely[known], minlength=k * k).reshape(k, k)
    np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1))
    return counts


def _calibrated(counts: Ints, n_labels: Ints) -> Ints:
    """The counts so that each row sums to the number of samples labelled so."""
    rows = (counts.T / np.maximum(counts.sum(axis=1), 1) * n_labels).T
    total = rows.sum()
    return _rounded_rows(rows / total * n_labels.sum() if total else rows)


def _rounded_rows(matrix: Floats) -> Ints:
    """Whole numbers that keep each row's sum: those that rounding moved furthest are moved back."""
    return np.stack([_rounded(row) for row in matrix])


def _rounded(row: Floats) -> Ints:
    whole = row.round()
    missing = int(row.sum().round() - whole.sum())
    while missing:
        step = 1 if missing > 0 else -1
        order = np.argsort(row - whole, kind="stable")[::-step]
        changed = order[: min(abs(missing), len(row))]
        whole[changed] += step
        missing -= step * len(changed)
    return whole.astype(np.int64)


def _prune(labels: Ints, probabilities: Floats, joint: Ints) -> Flags:
    """Of each label and each other class, as many samples as the joint says, the largest margin first."""
    n, k = probabilities.shape
    wanted = _keep_one_a_class(joint)
    picked = np.zeros(n, bool)
    for given in range(k):
        rows = np.flatnonzero(labels == given)
        if len(rows) <= 1:
            continue
        for likely in range(k):
            if likely == given or wanted[given, likely] <= 0:
                continue
            margin = probabilities[rows, likely] - probabilities[rows, given]
            picked[rows[np.argsort(-margin, kind="stable")[: wanted[given, likely]]]] = True
    leaning = probabilities.copy()
    leaning[np.arange(n), labels] += _SLACK
    return np.asarray(picked & (leaning.argmax(axis=1) != labels))


def _keep_one_a_class(joint: Ints) -> Ints:
    """The joint, with at least one sample of each label taken as right, at the cost of what is taken as wrong."""
    diagonal = np.maximum(joint.diagonal(), 1)
    lacking = diagonal - joint.diagonal()
    n_kinds = np.maximum((joint != 0).sum(axis=1) - 1, 1)
    found = np.maximum(joint - (lacking / n_kinds)[:, None], 0.0)
    np.fill_diagonal(found, diagonal)
    return _rounded_rows(found.T).T
