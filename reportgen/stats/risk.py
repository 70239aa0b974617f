"""Errors among what a version is surest of: the risk-coverage curve and the area under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.stats.intervals import Intervals, mean_intervals
from reportgen.stats.statistic import Array, Floats, Ints, Sums, sum_ratio
from reportgen.stats.stepping import Stepped, step_sums

SHARES = 100


@dataclass(frozen=True, eq=False)
class RiskCurve:
    """The samples kept at 1 %, 2 % … 100 %, an entry a share; ``sums`` are of wrong ones over kept ones."""

    share: Floats
    cutoff: Floats
    kept: Floats
    n_wrong: Ints
    sums: Sums


def risk_curve(
    confidence: Array, wrong: Array, *, group: Array | None = None, weight: Array | None = None
) -> RiskCurve:
    """What is kept and what of it is wrong where a version decides only what it is surest of.

    The cut-off of a share is the highest confidence that keeps at least that share of the samples (of their weight);
    all samples of that confidence are kept, so more than the share may be. Source: Geifman, El-Yaniv, NeurIPS 2017.
    """
    ones = np.ones(len(confidence))
    values, tie = np.unique(-confidence.astype(np.float64), return_inverse=True)
    mass = np.cumsum(np.bincount(tie, weight))
    share = np.arange(1, SHARES + 1) / SHARES
    # a share of 7 % of 100 samples is 7 of them: not 8 for want of the last digit
    at = np.minimum(np.searchsorted(mass, share * mass[-1] * (1 - 1e-12), side="left"), len(values) - 1)
    step = np.searchsorted(at, tie, side="left")
    sums = step_sums(
        step, Stepped.entering(wrong.astype(np.float64)), Stepped.entering(ones), SHARES, group=group, weight=weight
    )
    n_wrong = np.cumsum(np.bincount(step[wrong], minlength=SHARES)[:SHARES])
    return RiskCurve(share, -values[at], mass[at] / mass[-1], n_wrong, sums)


def area_under(
    confidence: Array,
    wrong: Array,
    *,
    group: Array | None = None,
    weight: Array | None = None,
    level: float = 0.95,
) -> Intervals:
    """The area under the risk-coverage curve: over all samples, the mean error rate of those at least as sure.

    0 best; an order by luck gives the error rate. Interval from influence values, over groups where there are any.
    Source: Geifman, Uziel, El-Yaniv, ICLR 2019; the influence is that of a mean of ratios of means.
    """
    _, tie = np.unique(-confidence.astype(np.float64), return_inverse=True)
    mass = np.ones(len(tie)) if weight is None else weight.astype(np.float64)
    own = np.bincount(tie, mass) / mass.sum()
    kept = np.cumsum(own)
    errors = np.bincount(tie, mass * wrong)
    risk = np.cumsum(errors) / mass.sum() / kept
    value = float((own * risk).sum())
    # each sample adds itself to its own place, and to the rate of every place that keeps it
    later = np.cumsum((own / kept)[::-1])[::-1]
    taken = np.cumsum((own / kept * risk)[::-1])[::-1]
    influence = risk[tie] - value + wrong * later[tie] - taken[tie]
    # one key; the influence of a weighted sample is its own times its weight over the mean weight
    scaled = influence * mass / mass.mean()
    sums = sum_ratio(np.zeros(len(tie), np.int64), scaled, np.ones(len(tie)), 1, group=group)
    return mean_intervals([value], sums, level=level, bounds=(0.0, 1.0))
