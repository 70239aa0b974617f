"""An unpaired difference in two parts: which samples each version saw (mix), and how each does on the same kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.stats.intervals import NO_BOUNDS, Bounds, Intervals, mean_intervals
from reportgen.stats.statistic import Array, Floats, Sums, sum_ratio, total


def pool_kinds(kinds: Array, counts: Array, least: int) -> Array:
    """The kinds with those pooled into one that either version has fewer than ``least`` samples of.

    Others join the pool, the rarest first, until both versions have enough of it: a rate needs samples to be a rate.

    Args:
        kinds: integer kind of each sample, 0 to k − 1.
        counts: samples of each kind by version, an array of 2 × k.
        least: samples that both versions must have of a kind.
    """
    fewest = counts.min(axis=0)
    order = np.argsort(fewest, kind="stable")
    n_pooled = int((fewest < least).sum())
    if n_pooled:
        together = counts[:, order].cumsum(axis=1).min(axis=0)
        n_pooled = max(n_pooled, int((together < least).sum()) + 1)
    place = np.empty(len(order), np.int64)
    place[order] = np.maximum(np.arange(len(order)) - max(n_pooled - 1, 0), 0)
    return np.asarray(place[kinds])


def mix_and_rate(
    kinds: Array,
    x0: Array,
    w0: Array,
    x1: Array,
    w1: Array,
    *,
    group: Array | None = None,
    weight: Array | None = None,
    level: float = 0.95,
    bounds: Bounds = NO_BOUNDS,
) -> Intervals:
    """The difference Σx1 / Σw1 − Σx0 / Σw0 as two values that add up to it: mix, and rate.

    Mix is the change of each kind's share times its mean rate; rate the change of each kind's rate times its mean
    share, so that neither version is the standard (Kitagawa, JASA 50:1168, 1955; for regressions on kinds Oaxaca, Int
    Econ Rev 14:693, 1973, and Blinder, J Hum Resour 8:436, 1973). Intervals are linearised: each sample's (or group's)
    influence on either part, over both versions, with t. Oracle: statsmodels' OaxacaBlinder, whose interaction is
    shared out evenly (``tests/oracles/test_statistics.py``).

    Args:
        kinds: integer kind of each sample, from 0 without gaps; both versions have scored samples of every one.
        x0: numerator of each sample for the baseline; likewise ``w0``, 0 where it did not score the sample.
        w0: its denominator.
        x1: the candidate's numerator.
        w1: the candidate's denominator.
        group: integer code of each sample's group.
        weight: weight of each sample.
        level: of the intervals.
        bounds: of the metric; either part is clipped to their distance.
    """
    n_kinds = int(kinds.max()) + 1
    factor = 1.0 if weight is None else weight
    w = [w0 * factor, w1 * factor]
    x = [np.where(w0 != 0, x0, 0) * factor, np.where(w1 != 0, x1, 0) * factor]
    held = np.stack([total(kinds, part, n_kinds) for part in w])
    rate = np.stack([total(kinds, part, n_kinds) for part in x]) / held
    share = held / held.sum(axis=1, keepdims=True)
    tilt, change = share[1] - share[0], rate[1] - rate[0]
    middle, weighing = rate.mean(axis=0), share.mean(axis=0)
    of_mix, of_rate = np.zeros(len(kinds)), np.zeros(len(kinds))
    for v, sign in ((0, -1.0), (1, 1.0)):
        residual = (x[v] - rate[v][kinds] * w[v]) / held[v][kinds]
        seen = w[v] / w[v].sum()
        of_mix += sign * seen * _centred(middle, share[v])[kinds] + tilt[kinds] / 2 * residual
        of_rate += seen * _centred(change / 2, share[v])[kinds] + sign * weighing[kinds] * residual
    either = ((w0 != 0) | (w1 != 0)).astype(np.float64)
    one, n = np.zeros(len(kinds), np.int64), either.sum()
    sums = [sum_ratio(one, part * n, either, 1, group=group) for part in (of_mix, of_rate)]
    parts = np.array([(tilt * middle).sum(), (change * weighing).sum()])
    found = mean_intervals(parts, Sums.concatenate(sums), level=level)
    most = bounds[1] - bounds[0]
    return replace(found, low=np.maximum(found.low, -most), high=np.minimum(found.high, most))


def _centred(values: Floats, share: Floats) -> Floats:
    return np.asarray(values - (values * share).sum())
