"""Multilabel classification: a set of labels for each sample."""

from __future__ import annotations

import numpy as np

from reportgen.model import MetricInfo
from reportgen.tasks import parts
from reportgen.tasks.metric import Floats, Metric, Side

PRIMARY = "f1"


def _exact(side: Side, _k: int) -> tuple[Floats, Floats]:
    """Every label right, and none too many."""
    _, false, missed = parts.totals(side, -1)
    return ((false + missed) == 0) * side.scored.astype(np.float64), side.scored.astype(np.float64)


def _hamming(side: Side, _k: int) -> tuple[Floats, Floats]:
    """Wrong labels ÷ labels that could be said."""
    _, false, missed = parts.totals(side, -1)
    return false + missed, side.scored.astype(np.float64) * len(side.classes)


def _jaccard(side: Side, _k: int) -> tuple[Floats, Floats]:
    """The mean over samples of shared ÷ all labels; 1 where there is none and none is said."""
    right, false, missed = parts.totals(side, -1)
    union = right + false + missed
    share = np.ones(len(union))
    np.divide(right, union, out=share, where=union > 0)
    scored = side.scored.astype(np.float64)
    return share * scored, scored


def _info(name: str, label: str, plain: str, *, higher: bool = True) -> MetricInfo:
    return MetricInfo(name, label, plain, "rate", higher)


def _by_class(name: str, label: str, plain: str) -> MetricInfo:
    return MetricInfo(name, label, plain, "rate", True, per_class=True)


def _has_scores(side: Side) -> bool:
    return bool(side.probabilities)


METRICS: tuple[Metric, ...] = (
    *parts.averaged_metrics(
        "precision and recall of the labels in one figure, their harmonic mean",
        "of the labels that are given, the share that is right",
        "of the true labels, the share that is given",
    ),
    Metric(
        _info("exact_match", "Exact match", "share of samples with every label right and none too many"),
        "binary",
        _exact,
    ),
    Metric(
        _info(
            "jaccard", "Jaccard", "labels that truth and prediction share ÷ all that either has, averaged over samples"
        ),
        "ratio",
        _jaccard,
        bounds=(0.0, 1.0),
    ),
    Metric(
        _by_class("auroc", "AUROC", "chance that a sample with the label is ranked above one without"),
        "auroc",
        available=_has_scores,
    ),
    Metric(
        _by_class(
            "average_precision", "Average precision", "precision, averaged over the finds as the cut-off is lowered"
        ),
        "average_precision",
        available=_has_scores,
    ),
    Metric(
        _info("hamming_loss", "Hamming loss", "share of all labels, given or not, that are wrong", higher=False),
        "ratio",
        _hamming,
        bounds=(0.0, 1.0),
    ),
)
