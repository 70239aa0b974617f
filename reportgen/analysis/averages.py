"""Averages over classes as means over samples, so that sets of samples are held against each other as of any mean.

A sample's own share of an average over a set is the average plus its influence on it: their mean is the average, and
they vary as it does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import Axis
from reportgen.stats import complement, influence
from reportgen.stats.statistic import PairSums, sum_ratio
from reportgen.tasks.metric import Flags, Floats, Metric


def averaged_shares(measure: Measure, metric: Metric, version: int, keys: np.ndarray, n_keys: int) -> Floats:
    """Each sample's share of the average of its own set (``keys``; -1: none), weights included; NaN: not defined.

    Means over the version's trainings.
    """
    assert metric.averaged is not None
    found = []
    for side in measure.trainings[version]:
        own = metric.averaged(side)
        one = influence.average_ratios(own.sample, own.klass, own.x, own.w, keys, n_keys, weight=measure.weight)
        found.append(np.append(one.value, np.nan)[keys] + one.influence)
    return np.asarray(np.mean(found, axis=0))


def averages_with_rest(
    measure: Measure, metric: Metric, version: int, chosen: Sequence[Axis], among: Flags | None = None
) -> PairSums:
    """What ``sums_with_rest`` gives of a ratio, of an average over classes: slice by slice, since it is no ratio."""
    keep = measure.kept(metric, version)
    keep = keep if among is None else keep & among
    parts = []
    for axis in chosen:
        for at in range(len(axis.slices)):
            inside = np.where(axis.keys == at, 0, -1)
            keys = np.where(keep, np.where(inside == 0, 0, 1), -1)
            x = averaged_shares(measure, metric, version, keys, 2)
            defined = np.isfinite(x)
            x, w = np.where(defined, x, 0.0), defined.astype(np.float64)
            if measure.group is None:
                whole = sum_ratio(np.zeros(len(x), np.int64), x, w, 1)
                parts.append(complement.with_rest(sum_ratio(inside, x, w, 1), whole))
            else:
                parts.append(complement.sum_with_rest(inside, x, w, 1, group=measure.group))
    return PairSums.concatenate(parts)
