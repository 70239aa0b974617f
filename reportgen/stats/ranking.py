"""AUROC and average precision: exact values from scores sorted once, and the intervals of AUROC (DeLong)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.distributions import normal_two_sided, student_quantile, student_two_sided, two_sided_z
from reportgen.stats.intervals import square_and_add, wilson
from reportgen.stats.significance import mcnemar_midp
from reportgen.stats.statistic import dot

Floats = NDArray[np.float64]
Array = NDArray[Any]


@dataclass(frozen=True)
class RankDifference:
    """Candidate − baseline of a rank metric with interval limits and p; NaN where not defined."""

    value_baseline: float
    value_candidate: float
    delta: float
    low: float
    high: float
    p: float


def auroc(y: Array, score: Array, *, weight: Array | None = None) -> float:
    """The area under the ROC curve: how often a positive scores above a negative, ties half; NaN with one class only.

    Args:
        y: 1 (or True) for positives.
        score: of each sample, higher for positives.
        weight: of each sample.
    """
    placement, share, _ = _place(y, score, weight)
    return _mean(placement[y != 0], share[y != 0]) if len(placement) else float("nan")


def average_precision(y: Array, score: Array, *, weight: Array | None = None) -> float:
    """Σ (recall − recall before) · precision over the distinct scores, from high to low; NaN without positives.

    Tied samples enter together, as in scikit-learn.
    """
    weight = np.ones(len(y)) if weight is None else weight
    _, cell = np.unique(-score, return_inverse=True)
    hits = np.bincount(cell, weight * (y != 0))
    found = np.cumsum(hits)
    if len(found) == 0 or found[-1] == 0:
        return float("nan")
    precision = found / np.maximum(np.cumsum(np.bincount(cell, weight)), 1e-300)
    return float(dot(hits, precision) / found[-1])


def delong(
    y: Array, scores: Array, *, group: Array | None = None, weight: Array | None = None
) -> tuple[Floats, Floats]:
    """AUROCs of several scores of the same samples and their covariance matrix, in O(n log n).

    Source: DeLong, DeLong, Clarke-Pearson, Biometrics 44:837, 1988, by ranks as Sun, Xu, IEEE SPL 21:1389, 2014;
    with groups Obuchowski, Biometrics 53:567, 1997. The covariance is NaN below two units with positives or two
    with negatives.

    Args:
        y: 1 (or True) for positives.
        scores: one row a version.
        group: integer code of each sample's group.
        weight: of each sample.
    """
    m = len(scores)
    placed = [_place(y, score, weight) for score in scores]
    if not all(len(placement) for placement, _, _ in placed):
        return np.full(m, np.nan), np.full((m, m), np.nan)
    positive = y != 0
    share = placed[0][1]
    values = np.array([_mean(placement[positive], share[positive]) for placement, _, _ in placed])
    units, at = (len(y), np.arange(len(y))) if group is None else _codes(group)
    # what each unit adds to each AUROC through its positives, and through its negatives; (m, units)
    pulls = [share * (placement - value) for (placement, _, _), value in zip(placed, values, strict=True)]
    of_positives = np.stack([np.bincount(at[positive], pull[positive], units) for pull in pulls])
    of_negatives = np.stack([np.bincount(at[~positive], pull[~positive], units) for pull in pulls])
    n_positive, n_negative = (
        np.count_nonzero(np.bincount(at[kind], minlength=units)) for kind in (positive, ~positive)
    )
    if min(n_positive, n_negative) < 2:
        return values, np.full((m, m), np.nan)
    covariance = n_positive / (n_positive - 1) * dot(of_positives[:, None], of_positives[None])
    covariance += n_negative / (n_negative - 1) * dot(of_negatives[:, None], of_negatives[None])
    if group is not None:
        cross = dot(of_positives[:, None], of_negatives[None])
        covariance += units / (units - 1) * (cross + cross.T)
    return values, covariance


def auroc_interval(
    y: Array, score: Array, *, group: Array | None = None, weight: Array | None = None, level: float = 0.95
) -> tuple[float, float, float]:
    """The AUROC with its interval on the logit scale: (value, low, high).

    With groups t with groups − 1 degrees of freedom takes the place of z. Where the scores leave no variance (an
    AUROC of 0 or 1, or all scores tied) the interval is Wilson's with as many trials as there are disjoint pairs of a
    positive and a negative unit, all of which came out that way. NaN limits below two units of either kind.
    """
    values, covariance = delong(y, score[None, :], group=group, weight=weight)
    low, high = _logit_limits(values[0], covariance[0, 0], _pairs(y, group, weight), _df(group), level)
    return float(values[0]), low, high


def auroc_difference(
    y: Array, scores: Array, *, group: Array | None = None, weight: Array | None = None, level: float = 0.95
) -> RankDifference:
    """The second row's AUROC − the first's, paired: DeLong's test, and an interval from the two logit-scale intervals.

    The limits are squared and added with DeLong's correlation (Zou, Donner, Stat Med 27:1693, 2008), so that they stay
    within −1 and 1. Where the two always agree there is no interval, and p is 1 if the values are equal.
    """
    values, covariance = delong(y, scores, group=group, weight=weight)
    (before, after), df, pairs = values, _df(group), _pairs(y, group, weight)
    delta = after - before
    variances = np.diag(covariance)
    spread = float(variances.sum() - 2 * covariance[0, 1])
    if not np.isfinite(spread):
        return RankDifference(before, after, delta, *(float("nan"),) * 3)
    limits = [_logit_limits(v, s, pairs, df, level) for v, s in zip(values, variances, strict=True)]
    scale = float(np.sqrt(variances.prod()))
    flat = spread <= 1e-12 * variances.sum()
    low = high = float("nan")
    if not flat or scale == 0:
        rho = covariance[0, 1] / scale if scale > 0 else 0.0
        _, low, high = (float(v) for v in square_and_add(before, limits[0], after, limits[1], np.clip(rho, -1, 1)))
    if not flat:
        z = delta / np.sqrt(spread)
        p = float(normal_two_sided(z) if df is None else student_two_sided(z, df))
    elif delta == 0:
        p = 1.0
    else:
        p = float(mcnemar_midp(abs(delta) * pairs, 0)) if scale == 0 else float("nan")
    return RankDifference(float(before), float(after), float(delta), low, high, p)


def _place(y: Array, score: Array, weight: Array | None) -> tuple[Floats, Floats, Array]:
    """Each sample's placement among the other class, its share of its own class, and its class; empty with one class.

    The placement is the part of the other class on the right side of the sample: below a positive, above a negative;
    ties count half.
    """
    positive = y != 0
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    total = weight[positive].sum(), weight[~positive].sum()
    if min(total) <= 0:
        return np.empty(0), np.empty(0), positive
    values, at = np.unique(score, return_inverse=True)
    of_positives = np.bincount(at[positive], weight[positive], len(values))
    of_negatives = np.bincount(at[~positive], weight[~positive], len(values))
    below = (np.cumsum(of_negatives) - of_negatives / 2) / total[1]
    above = 1 - (np.cumsum(of_positives) - of_positives / 2) / total[0]
    share = weight / np.where(positive, *total)
    return np.where(positive, below[at], above[at]), share, positive


def _mean(values: Floats, share: Floats) -> float:
    """The mean by shares, which sum to about 1: exactly 1 where every value is."""
    return float(dot(share, values) / dot(share, np.ones(len(share))))


def _codes(group: Array) -> tuple[int, Array]:
    codes, at = np.unique(group, return_inverse=True)
    return len(codes), at


def _df(group: Array | None) -> int | None:
    return None if group is None else _codes(group)[0] - 1


def _pairs(y: Array, group: Array | None, weight: Array | None) -> float:
    """How many disjoint pairs of a positive and a negative unit there are (Kish's n where they weigh differently)."""
    positive = y != 0
    weight = np.ones(len(y)) if weight is None else weight
    at = np.arange(len(y)) if group is None else _codes(group)[1]
    sizes = (np.bincount(at[kind], weight[kind]) for kind in (positive, ~positive))
    return float(min(size.sum() ** 2 / max((size**2).sum(), 1e-300) for size in sizes))


def _logit_limits(value: float, variance: float, pairs: float, df: int | None, level: float) -> tuple[float, float]:
    if not np.isfinite(variance):
        return float("nan"), float("nan")
    if variance <= 1e-16 or not 0 < value < 1:
        low, high = wilson(value * pairs, pairs, level)
        return float(low), float(high)
    quantile = two_sided_z(level) if df is None else float(student_quantile(0.5 + level / 2, df))
    centre, half = np.log(value / (1 - value)), quantile * np.sqrt(variance) / (value * (1 - value))
    low, high = 1 / (1 + np.exp(-(centre - half))), 1 / (1 + np.exp(-(centre + half)))
    return float(low), float(high)
