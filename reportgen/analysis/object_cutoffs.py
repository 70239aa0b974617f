"""What versions find where their detections count from any cut-off on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from reportgen.analysis.measure import Measure
from reportgen.model import PartCounts
from reportgen.stats.intervals import Intervals, ratio_intervals
from reportgen.stats.statistic import Sums, sum_ratio
from reportgen.tasks.metric import Metric
from reportgen.tasks.objects import STEPS

CUTOFFS = np.arange(STEPS + 1) / STEPS
"""The scores from which detections count, the lowest first."""


def walk_objects(measure: Measure, metric: Metric, version: int) -> tuple[Intervals, Sums]:
    """A ratio of right, false and missed objects over all samples, and its sums; an entry each of ``CUTOFFS``."""
    side, outcomes = measure.sides[version], measure.outcomes
    assert outcomes.parts is not None
    assert side.parts is not None
    assert metric.terms is not None
    n = outcomes.frame.height
    wanted = np.bincount(side.parts.sample, side.parts.right + side.parts.missed, n).astype(np.int64)
    told = outcomes.parts.detections[version].filter("weighs")
    parts = []
    for cutoff in CUTOFFS:
        sure = told.filter(pl.col("score") >= cutoff)
        right, false = (np.bincount(sure.filter(one)["sample"], minlength=n) for one in ("finds", ~pl.col("finds")))
        counts = PartCounts(n, np.arange(n), np.zeros(n, np.int64), right, false, wanted - right)
        x, w = metric.terms(replace(side, parts=counts), -1)
        parts.append(sum_ratio(np.zeros(n, np.int64), x, w, 1, group=measure.group, weight=measure.weight))
    sums = Sums.concatenate(parts)
    return ratio_intervals(sums, binary=False, level=measure.limits.level, bounds=metric.reach), sums
