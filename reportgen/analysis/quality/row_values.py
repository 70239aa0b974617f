"""Metrics that need the rows, over any samples: what AUROC, average precision and calibration error are there."""

from __future__ import annotations

import numpy as np

from reportgen.analysis.measure import MAX_SLICED_CLASSES, Measure
from reportgen.stats import calibration, ranking
from reportgen.tasks.metric import Flags, Metric, Side


def is_dear(metric: Metric, measure: Measure) -> bool:
    """Whether a metric is sorted for once a class, and there are too many of these to do so again and again."""
    return metric.needs_rows and metric.info.per_class and len(measure.outcomes.classes) > MAX_SLICED_CLASSES


def row_value(measure: Measure, metric: Metric, side: Side, keep: Flags, klass: int | None) -> float:
    """The metric of one class, or of all, over the kept samples; NaN where it is not defined."""
    rows = np.flatnonzero(keep)
    weight = None if measure.weight is None else measure.weight[rows]
    if metric.kind == "calibration":
        assert side.confidence is not None
        group = None if measure.group is None else measure.group[rows]
        return calibration.debiased_error(side.confidence[rows], side.correct[rows], group=group, weight=weight)
    assert klass is not None
    score = side.class_score(klass)
    assert score is not None
    y = side.target[rows] == klass
    if not 0 < np.count_nonzero(y) < len(y):
        return float("nan")
    of = ranking.auroc if metric.kind == "auroc" else ranking.average_precision
    return of(y, score[rows], weight=weight)
