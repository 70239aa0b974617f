"""Confidence intervals of metrics that are ratios of sums, and of their differences between two versions.

No interval has width 0: where the data show no spread, a documented fallback stands in, or low and high are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.stats.distributions import student_quantile, student_two_sided, two_sided_z
from reportgen.stats.significance import equal_proportions, mcnemar_midp
from reportgen.stats.statistic import PairSums, Sums

Floats = NDArray[np.float64]
Bounds = tuple[float, float]

UNIT: Bounds = (0.0, 1.0)
NO_BOUNDS: Bounds = (-np.inf, np.inf)
NO_SPREAD = 1e-13
"""Squared residuals below this part of the squares that they are differences of are rounding, not spread."""
MOST_LOG = 100.0
"""No limit is further from its value than by this power of e, whatever two samples and an odd level would ask for."""


@dataclass(frozen=True, eq=False)
class Intervals:
    """Values with interval limits and the method's name, an entry a key; NaN where not defined."""

    value: Floats
    low: Floats
    high: Floats
    method: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Differences:
    """Candidate − baseline with interval limits, p and the method's name, an entry a key; NaN where not defined."""

    delta: Floats
    low: Floats
    high: Floats
    p: Floats
    method: tuple[str, ...]
    value_baseline: Floats
    value_candidate: Floats


def wilson(x: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """The score interval of a proportion x / n; NaN where n is 0.

    Source: Wilson, JASA 22:209, 1927; Brown, Cai, DasGupta, Statist Sci 16:101, 2001.
    """
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _score_limits(x / n, n, np.asarray(two_sided_z(level)))


def ratio_intervals(sums: Sums, *, binary: bool, level: float = 0.95, bounds: Bounds = NO_BOUNDS) -> Intervals:
    """The values Σx / Σw and their intervals.

    Binary: Wilson with n = Σw; with groups or weights n is divided by the design effect, the linearised variance over
    the binomial one, never below 1, and t takes the place of z (Korn, Graubard, Survey Methodol 24:193, 1998; Dean,
    Pagano, J Surv Stat Methodol 3:484, 2015). Where all samples are right (or all wrong) there is no variance to
    linearise: then n is Kish's (Σw)² / Σw² over the units, as though the samples of one group were one.
    Otherwise linearisation with t (Cochran 1977, ch. 6; Liang, Zeger, Biometrika 73:13, 1986), on the scale that the
    ``bounds`` ask for. Between finite ones it is Wilson's, whose n is that of a proportion with this variance. From 0
    upwards it is the logarithm: value ·/ exp(t · error / value), which follows the skew of a mean of errors (log-based
    intervals; Buckland et al., Introduction to Distance Sampling, 2001, ch. 3). Else it is the value's own.
    Variances and t go by Kish's n of the units, which is their number where all weigh the same, so that a few large
    groups count as few (Carter, Schnepel, Steigerwald, Rev Econ Stat 99:698, 2017).
    Values that are all equal have no spread to go by: between finite bounds they take Wilson's interval with Kish's n,
    which no values within the bounds can exceed; without bounds their limits are NaN.

    Args:
        sums: of one metric.
        binary: x and w are 0 or 1 before weights, x only where w is.
        level: of the intervals.
        bounds: of the metric, for ratios that are not binary (F1: 0 to 1; an error: 0 to infinity).
    """
    if not binary:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = sums.x / sums.w
            return _linearised(value, value, sums, level, bounds, _kish_n(sums))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sums.x / sums.w
        if not (sums.grouped or sums.weighted):
            n, quantile, method = sums.w, np.asarray(two_sided_z(level)), "wilson"
        else:
            n, quantile, method = _effective_n(value, sums), _t(_degrees(sums), level), "wilson, design effect"
        low, high = _score_limits(value, n, quantile)
    return Intervals(value, low, high, _named(low, method))


def effective_n(sums: Sums) -> Floats:
    """The n of a proportion's interval: Σw, or with groups or weights n ÷ design effect as ``ratio_intervals`` has it.

    Where a single unit leaves no design effect to see, Kish's n.
    """
    if not (sums.grouped or sums.weighted):
        return sums.w
    with np.errstate(divide="ignore", invalid="ignore"):
        n = _effective_n(sums.x / sums.w, sums)
        return np.where(np.isnan(n), _kish_n(sums), n)


def mean_intervals(
    value: ArrayLike,
    sums: Sums,
    *,
    level: float = 0.95,
    bounds: Bounds = NO_BOUNDS,
    trials: ArrayLike | None = None,
    capped: bool = False,
) -> Intervals:
    """Given values with the interval of their influence, whose mean has the value's standard error.

    Scales and the fallback are those of ``ratio_intervals``, the latter with no more than ``trials``. An average over
    classes is capped: on Wilson's scale too it has an n of no more than these, since a rare class that came out all
    right (or all wrong) leaves no influence, and yet could have come out otherwise.
    Source: Takahashi et al., Appl Intell 52:4961, 2022, for the variance of F1; the design effect that is never below
    1 of Korn, Graubard, Survey Methodol 24:193, 1998, for the cap.

    Args:
        value: the metric, an entry a key.
        sums: of x = the influence of each sample and w = 1, without weights (the influence has them already).
        level: of the intervals.
        bounds: of the metric.
        trials: the ``Influence.trials`` of each key.
        capped: the metric is one of ``influence.AVERAGES``.
    """
    value = np.asarray(value, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        n = _kish_n(sums)
        if trials is None:
            return _linearised(value, sums.x / sums.w, sums, level, bounds, n)
        most = np.asarray(trials, dtype=np.float64)
        n = n * np.fmin(most / sums.n, 1)
        return _linearised(value, sums.x / sums.w, sums, level, bounds, n, most if capped else np.inf)


def mean_differences(
    baseline: ArrayLike, candidate: ArrayLike, sums: Sums, *, level: float = 0.95, bounds: Bounds = NO_BOUNDS
) -> Differences:
    """Paired differences of metrics that have influence values; t-test.

    Args:
        baseline: the baseline's values, over the samples that both versions scored.
        candidate: the candidate's.
        sums: of x = the candidate's influence − the baseline's and w = 1, sample by sample.
        level: of the intervals.
        bounds: of the metric; the difference is clipped to their distance.
    """
    baseline, candidate = np.asarray(baseline, dtype=np.float64), np.asarray(candidate, dtype=np.float64)
    delta = candidate - baseline
    with np.errstate(divide="ignore", invalid="ignore"):
        variance, degrees = linearised_variance(sums.x / sums.w, sums), _degrees(sums)
    rounding = (NO_SPREAD * np.maximum(np.abs(baseline), np.abs(candidate))) ** 2
    variance = np.where(variance <= rounding, 0.0, variance)
    reach = bounds[1] - bounds[0]
    low, high, p = _t_limits(delta, variance, degrees, level, (-reach, reach))
    return Differences(delta, low, high, p, _named(p, "linearised"), baseline, candidate)


def newcombe_paired(
    n11: ArrayLike, n10: ArrayLike, n01: ArrayLike, n00: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Candidate − baseline of two proportions over the same samples: (delta, low, high).

    Source: Newcombe, Stat Med 17:2635, 1998, method 10 with its correction of φ.

    Args:
        n11: samples that both have right.
        n10: only the baseline.
        n01: only the candidate.
        n00: neither.
        level: of the interval.
    """
    a, b, c, d = (np.asarray(part, dtype=np.float64) for part in (n11, n10, n01, n00))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _newcombe_paired(a, b, c, d, np.asarray(two_sided_z(level)))


def newcombe_independent(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Second − first of two proportions over different samples: (delta, low, high).

    Source: Newcombe, Stat Med 17:873, 1998, method 10.
    """
    x1, n1, x2, n2 = (np.asarray(part, dtype=np.float64) for part in (x1, n1, x2, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = x1 / n1, x2 / n2
        return square_and_add(p1, wilson(x1, n1, level), p2, wilson(x2, n2, level), 0.0)


def difference_intervals(
    pair: PairSums, *, binary: bool, level: float = 0.95, bounds: Bounds = NO_BOUNDS
) -> Differences:
    """Candidate − baseline over the same samples, with interval and p.

    Binary, no groups, no weights and the same denominator sample by sample: Newcombe's paired interval and McNemar's
    mid-p. Otherwise the linearised residual difference of each unit and t, with Kish's n of the units − 1 degrees of
    freedom (of the version that has fewer).
    Where no unit differs from another there is nothing to linearise. Then, of binary metrics, one with the same
    denominators takes Newcombe and McNemar with the counts scaled to Kish's n, one with other denominators the two
    Wilson intervals combined as though independent (wider than need be) and the score test; of other metrics low
    and high are NaN, and p is 1 where the two values are equal and NaN where they are not.
    """
    b, c = pair.baseline, pair.candidate
    with np.errstate(divide="ignore", invalid="ignore"):
        before, after = b.x / b.w, c.x / c.w
        variance = _difference_variance(before, after, pair)
        clip = (-1.0, 1.0) if binary else (bounds[0] - bounds[1], bounds[1] - bounds[0])
        delta = after - before
        low, high, p = _t_limits(delta, variance, _pair_degrees(pair), level, clip)
        method = np.full(p.shape, "linearised", dtype=object)
        if binary:
            same = (pair.ww == b.ww) & (pair.ww == c.ww)
            exact = same & (not (b.grouped or b.weighted))
            flat = (variance == 0) & ~exact
            for rows, find, name in (
                (exact, _paired, "newcombe, mcnemar mid-p"),
                (flat & same, _paired, "newcombe, effective n"),
                (flat & ~same, _combined, "wilson, combined"),
            ):
                low[rows], high[rows], p[rows] = find(pair, level, rows)
                method[rows] = name
    undefined = np.isnan(delta) | np.isnan(p)
    low, high, p = (np.where(undefined, np.nan, part) for part in (low, high, p))
    method[undefined] = "none"
    return Differences(delta, low, high, p, tuple(method.tolist()), before, after)


def equal_proportions_in_groups(pair: PairSums) -> Floats:
    """The two-sided p of two proportions being equal, by the score test with groups or weights.

    The variance is that of ``equal_proportions`` times the design effect of the difference (its linearised variance
    over the binomial one, never below 1), with t for z: it stays honest where all or none of one are right. NaN below
    two units, and where either proportion is not defined. Source: Rao, Scott, Ann Statist 15:385, 1987.
    """
    b, c = pair.baseline, pair.candidate
    with np.errstate(divide="ignore", invalid="ignore"):
        before, after, pooled = b.x / b.w, c.x / c.w, (b.x + c.x) / (b.w + c.w)
        linearised = _difference_variance(before, after, pair)
        binomial = before * (1 - before) / b.n + after * (1 - after) / c.n
        # without spread in either: as though the samples of a group were one
        effect = np.where(binomial > 0, linearised / binomial, np.maximum(b.n / _kish_n(b), c.n / _kish_n(c)))
        effect = np.where(np.isnan(linearised), np.nan, np.maximum(effect, 1))
        error = np.sqrt(effect * pooled * (1 - pooled) * (1 / b.n + 1 / c.n))
        p = student_two_sided((after - before) / error, _pair_degrees(pair))
        return np.where((before == after) & ~np.isnan(effect), 1.0, p)


def rests_on(sums: Sums) -> Floats:
    """On how many of the samples (or groups) a sum of errors rests: Kish's n, with the error for the weight.

    Equal errors give all of them, exponential ones half; a heavy tail leaves few, whose luck decides the value, and of
    few no interval holds what it promises (``docs/intervals.md``). NaN where all errors are 0. Source: Kish 1965.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.minimum(sums.x**2 / sums.xx, sums.units))


def _score_limits(p: Floats, n: Floats, z: Floats) -> tuple[Floats, Floats]:
    square = z**2
    centre = (p + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * np.sqrt(p * (1 - p) / n + square / (4 * n**2))
    # at the ends the formula gives 0 and 1 but for rounding; a half that is NaN stays so
    low = np.where(p <= 0, 0 * half, np.maximum(centre - half, 0))
    return low, np.where(p >= 1, 1 + 0 * half, np.minimum(centre + half, 1))


def linearised_variance(ratio: Floats, sums: Sums) -> Floats:
    """The linearised variance of a ratio; 0 where the spread is no more than rounding, NaN below two units."""
    square = sums.xx - 2 * ratio * sums.xw + ratio**2 * sums.ww
    square = np.where(square <= NO_SPREAD * (sums.xx + ratio**2 * sums.ww), 0.0, square)
    return np.asarray(np.where(sums.units > 1, _unbiased(sums) * square / sums.w**2, np.nan))


def _difference_variance(before: Floats, after: Floats, pair: PairSums) -> Floats:
    b, c = pair.baseline, pair.candidate
    of_b = (b.xx - 2 * before * b.xw + before**2 * b.ww) / b.w**2
    of_c = (c.xx - 2 * after * c.xw + after**2 * c.ww) / c.w**2
    cross = (pair.xx - before * pair.wx - after * pair.xw + before * after * pair.ww) / (b.w * c.w)
    scale = (b.xx + before**2 * b.ww) / b.w**2 + (c.xx + after**2 * c.ww) / c.w**2
    of_both = _unbiased(b), _unbiased(c)
    square = of_both[0] * of_b + of_both[1] * of_c - 2 * np.sqrt(of_both[0] * of_both[1]) * cross
    square = np.where(square <= NO_SPREAD * scale, 0.0, square)
    return np.asarray(np.where(pair.units > 1, square, np.nan))


def _unbiased(sums: Sums) -> Floats:
    """What squared residuals from the sample's own ratio are to be multiplied with: m / (m − 1), m Kish's n."""
    m = np.maximum(_kish_n(sums), 2)
    return np.asarray(m / (m - 1))


def _degrees(sums: Sums) -> Floats:
    """Kish's n − 1 to a sixteenth, so that few different ones are looked up; 1 at least, NaN below two units."""
    return np.where(sums.units > 1, np.maximum(np.round(16 * (_kish_n(sums) - 1)) / 16, 1), np.nan)


def _pair_degrees(pair: PairSums) -> Floats:
    """The smaller of both versions' degrees of freedom; 1 where a version has a single unit."""
    least = np.fmin(_degrees(pair.baseline), _degrees(pair.candidate))
    single = (pair.baseline.units == 1) | (pair.candidate.units == 1)
    return np.where(pair.units > 1, np.where(single, 1.0, least), np.nan)


def _kish_n(sums: Sums) -> Floats:
    return sums.w**2 / sums.ww


def _effective_n(value: Floats, sums: Sums) -> Floats:
    """N ÷ design effect, at most n; Kish's n where the proportion is 0 or 1; NaN below two units."""
    variance = linearised_variance(value, sums)
    effect = variance / (value * (1 - value) / sums.n)
    n = sums.n / np.maximum(effect, 1)
    return np.where(np.isnan(variance), np.nan, np.where((value <= 0) | (value >= 1), _kish_n(sums), n))


def _linearised(
    value: Floats,
    mean: Floats,
    sums: Sums,
    level: float,
    bounds: Bounds,
    flat_n: Floats,
    most_n: Floats | float = np.inf,
) -> Intervals:
    """Limits on the scale of the bounds; ``flat_n`` is Wilson's n where there is no variance, ``most_n`` its bound."""
    variance, degrees = linearised_variance(mean, sums), _degrees(sums)
    bottom, top = bounds
    if np.isfinite(top - bottom):
        share = np.clip((value - bottom) / (top - bottom), 0, 1)
        n = np.fmin(share * (1 - share) * (top - bottom) ** 2 / variance, most_n)
        flat = variance <= (NO_SPREAD * (top - bottom)) ** 2  # influence that is rounding alone
        low, high = (
            bottom + (top - bottom) * limit
            for limit in _score_limits(share, np.where(flat, flat_n, n), _t(degrees, level))
        )
        names = np.where(flat, "wilson, effective n", "linearised, Wilson's scale")
        return Intervals(value, low, high, tuple(np.where(np.isnan(low), "none", names).tolist()))
    if bottom == 0:
        half = _t(degrees, level) * np.where(variance > (NO_SPREAD * value) ** 2, np.sqrt(variance), np.nan) / value
        factor = np.exp(np.minimum(half, MOST_LOG))
        return Intervals(value, value / factor, value * factor, _named(factor, "linearised, log scale"))
    low, high, _ = _t_limits(value, variance, degrees, level, bounds)
    return Intervals(value, low, high, _named(low, "linearised"))


def _t(degrees: Floats, level: float) -> Floats:
    return student_quantile(0.5 + level / 2, degrees)


def _t_limits(
    value: Floats, variance: Floats, degrees: Floats, level: float, bounds: Bounds
) -> tuple[Floats, Floats, Floats]:
    """Limits and p (of value = 0) by Student's t; no variance: NaN limits, and p = 1 for a value of 0."""
    spread = np.where(variance > 0, np.sqrt(variance), np.nan)
    half = _t(degrees, level) * spread
    p = np.where((variance == 0) & (np.abs(value) < 1e-15), 1.0, student_two_sided(value / spread, degrees))
    return np.maximum(value - half, bounds[0]), np.minimum(value + half, bounds[1]), p


def _newcombe_paired(a: Floats, b: Floats, c: Floats, d: Floats, z: Floats) -> tuple[Floats, Floats, Floats]:
    n = a + b + c + d
    before, after = (a + b) / n, (a + c) / n
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    surplus = a * d - b * c
    corrected = np.where(surplus > 0, np.maximum(surplus - n / 2, 0), surplus)
    phi = np.where(margins > 0, corrected / np.sqrt(np.where(margins > 0, margins, 1)), 0)
    return square_and_add(before, _score_limits(before, n, z), after, _score_limits(after, n, z), phi)


def square_and_add(
    before: Floats | float,
    before_limits: tuple[Floats | float, Floats | float],
    after: Floats | float,
    after_limits: tuple[Floats | float, Floats | float],
    phi: Floats | float,
) -> tuple[Floats, Floats, Floats]:
    """After − before with its interval from the intervals of both and their correlation: (delta, low, high)."""
    down, up = after - after_limits[0], after_limits[1] - after
    before_down, before_up = before - before_limits[0], before_limits[1] - before
    delta = after - before
    low = delta - np.sqrt(np.maximum(down**2 - 2 * phi * down * before_up + before_up**2, 0))
    high = delta + np.sqrt(np.maximum(up**2 - 2 * phi * up * before_down + before_down**2, 0))
    return np.asarray(delta), np.maximum(low, -1), np.minimum(high, 1)


def _paired(pair: PairSums, level: float, rows: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Newcombe and McNemar on the counts of the four cells, scaled to Kish's n where grouped or weighted."""
    b, c = pair.baseline, pair.candidate
    scaled = b.grouped or b.weighted
    n = b.w[rows]
    factor = _kish_n(b)[rows] / n if scaled else np.ones(len(n))
    right_b, right_c = b.x[rows], c.x[rows]
    # no unit differs from another: as many change in each as the net change says
    both = np.minimum(right_b, right_c) if scaled else pair.xx[rows]
    n11, n10, n01 = both * factor, (right_b - both) * factor, (right_c - both) * factor
    n00 = np.maximum(n - right_b - right_c + both, 0) * factor
    z = _t(_pair_degrees(pair)[rows], level) if scaled else np.asarray(two_sided_z(level))
    _, low, high = _newcombe_paired(n11, n10, n01, n00, z)
    return low, high, mcnemar_midp(n10, n01)


def _combined(pair: PairSums, level: float, rows: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Two Wilson intervals combined as though independent, and the score test of equal proportions."""
    ends = [ratio_intervals(sums, binary=True, level=level) for sums in (pair.baseline, pair.candidate)]
    before, after = (end.value[rows] for end in ends)
    limits = [(end.low[rows], end.high[rows]) for end in ends]
    _, low, high = square_and_add(before, limits[0], after, limits[1], 0.0)
    n0, n1 = _kish_n(pair.baseline)[rows], _kish_n(pair.candidate)[rows]
    return low, high, equal_proportions(before * n0, n0, after * n1, n1)


def _named(defined: Floats, method: str) -> tuple[str, ...]:
    return tuple(np.where(np.isnan(defined), "none", method).tolist())
