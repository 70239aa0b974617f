"""AUROC and average precision: exact values from scores sorted once, and the intervals of AUROC (DeLong)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.distributions import normal_two_sided, student_quantile, student_two_sided, two_sided_z
from reportgen.stats.intervals import square_and_add, wilson
from reportgen.stats.significance import mcnemar_midp
from reportgen.stats.statistic import dot, total

Floats = NDArray[np.float64]
Array = NDArray[Any]


PRIOR_DEGREES = 1.0
"""As many degrees of freedom has what is expected of an AUROC's variance before it is seen."""


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
    pulls = _Pulls.of(y, scores, group, weight)
    return pulls.values, pulls.covariance()


def auroc_interval(
    y: Array, score: Array, *, group: Array | None = None, weight: Array | None = None, level: float = 0.95
) -> tuple[float, float, float]:
    """The AUROC with its interval on the logit scale: (value, low, high).

    Near 1 few samples make all of DeLong's variance, which then is often far too small. So it is moderated: averaged
    with Hanley and McNeil's variance of such an AUROC, as though that had been seen in ``PRIOR_DEGREES`` degrees of
    freedom, and with t for z (Smyth, Stat Appl Genet Mol Biol 3:3, 2004). Its own degrees of freedom are those that
    its fourth moment gives (Satterthwaite, Biometrics Bull 2:110, 1946).
    Where the scores leave no variance (an AUROC of 0 or 1, or all scores tied) the interval is Wilson's with as many
    trials as there are disjoint pairs of a positive and a negative unit, all of which came out that way. NaN limits
    below two units of either kind.
    """
    pulls = _Pulls.of(y, score[None, :], group, weight)
    low, high = _logit_limits(pulls, 0, y, group, weight, level)
    return float(pulls.values[0]), low, high


def auroc_difference(
    y: Array, scores: Array, *, group: Array | None = None, weight: Array | None = None, level: float = 0.95
) -> RankDifference:
    """The second row's AUROC − the first's, paired: DeLong's test, and an interval from the two logit-scale intervals.

    The limits are squared and added with DeLong's correlation (Zou, Donner, Stat Med 27:1693, 2008), so that they stay
    within −1 and 1. Where the two always agree there is no interval, and p is 1 if the values are equal.
    """
    pulls = _Pulls.of(y, scores, group, weight)
    values, covariance = pulls.values, pulls.covariance()
    (before, after), pairs = values, _pairs(y, group, weight)
    delta = after - before
    variances = np.diag(covariance)
    spread = float(variances.sum() - 2 * covariance[0, 1])
    if not np.isfinite(spread):
        return RankDifference(before, after, delta, *(float("nan"),) * 3)
    limits = [_logit_limits(pulls, version, y, group, weight, level, moderated=False) for version in (0, 1)]
    scale = float(np.sqrt(variances.prod()))
    flat = spread <= 1e-12 * variances.sum()
    low = high = float("nan")
    if not flat or scale == 0:
        rho = covariance[0, 1] / scale if scale > 0 else 0.0
        _, low, high = (float(v) for v in square_and_add(before, limits[0], after, limits[1], np.clip(rho, -1, 1)))
    if not flat:
        z = delta / np.sqrt(spread)
        p = float(normal_two_sided(z) if group is None else student_two_sided(z, pulls.n_units - 1))
    elif delta == 0:
        p = 1.0
    else:
        p = float(mcnemar_midp(abs(delta) * pairs, 0)) if scale == 0 else float("nan")
    return RankDifference(float(before), float(after), float(delta), low, high, p)


@dataclass(frozen=True, eq=False)
class _Pulls:
    """What each unit adds to each AUROC through its positives, and through its negatives; shape (versions, units)."""

    values: Floats
    scores: Array
    of_positives: Floats
    of_negatives: Floats
    n_positive: int  # units that have any
    n_negative: int
    grouped: bool

    @classmethod
    def of(cls, y: Array, scores: Array, group: Array | None, weight: Array | None) -> _Pulls:
        """The units are the samples, or the groups."""
        m = len(scores)
        placed = [_place(y, score, weight) for score in scores]
        if not all(len(placement) for placement, _, _ in placed):
            nothing = np.empty((m, 0))
            return cls(np.full(m, np.nan), scores, nothing, nothing, 0, 0, group is not None)
        positive = y != 0
        share = placed[0][1]
        values = np.array([_mean(placement[positive], share[positive]) for placement, _, _ in placed])
        units, at = (len(y), np.arange(len(y))) if group is None else _codes(group)
        pulls = [share * (placement - value) for (placement, _, _), value in zip(placed, values, strict=True)]
        of_positives, of_negatives = (
            np.stack([total(at[kind], pull[kind], units) for pull in pulls]) for kind in (positive, ~positive)
        )
        n_positive, n_negative = (
            int(np.count_nonzero(np.bincount(at[kind], minlength=units))) for kind in (positive, ~positive)
        )
        return cls(values, scores, of_positives, of_negatives, n_positive, n_negative, group is not None)

    @property
    def n_units(self) -> int:
        """How many samples, or groups, there are."""
        return int(self.of_positives.shape[1])

    def covariance(self) -> Floats:
        """Of the AUROCs; NaN below two units with positives or two with negatives."""
        if min(self.n_positive, self.n_negative) < 2:
            return np.full((len(self.values),) * 2, np.nan)
        found = self.n_positive / (self.n_positive - 1) * _products(self.of_positives, self.of_positives)
        found += self.n_negative / (self.n_negative - 1) * _products(self.of_negatives, self.of_negatives)
        if self.grouped:
            cross = _products(self.of_positives, self.of_negatives)
            found += self.n_units / (self.n_units - 1) * (cross + cross.T)
        return found

    def degrees(self, version: int) -> float:
        """Of freedom of a version's variance: 2 · its square over its own variance, from the fourth moment."""
        parts = [(self.of_positives[version], self.n_positive), (self.of_negatives[version], self.n_negative)]
        if self.grouped:
            parts = [(parts[0][0] + parts[1][0], self.n_units)]
        squares = [(float((pull**2).sum()), float((pull**4).sum()), n) for pull, n in parts]
        spread = sum(fourth - square**2 / n for square, fourth, n in squares)
        most = self.n_units - 1.0
        twice = 2 * sum(square for square, _, _ in squares) ** 2
        return twice / spread if spread > twice / most else most


def _products(a: Floats, b: Floats) -> Floats:
    """The matrix of Σ a_i · b_j over the units."""
    return np.asarray(dot(a[:, None], b[None]), dtype=np.float64)


def _place(y: Array, score: Array, weight: Array | None) -> tuple[Floats, Floats, Array]:
    """Each sample's placement among the other class, its share of its own class, and its class; empty with one class.

    The placement is the part of the other class on the right side of the sample: below a positive, above a negative;
    ties count half.
    """
    positive = y != 0
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    totals = weight[positive].sum(), weight[~positive].sum()
    if min(totals) <= 0:
        return np.empty(0), np.empty(0), positive
    values, at = np.unique(score, return_inverse=True)
    of_positives = np.bincount(at[positive], weight[positive], len(values))
    of_negatives = np.bincount(at[~positive], weight[~positive], len(values))
    below = (np.cumsum(of_negatives) - of_negatives / 2) / totals[1]
    above = 1 - (np.cumsum(of_positives) - of_positives / 2) / totals[0]
    share = weight / np.where(positive, *totals)
    return np.where(positive, below[at], above[at]), share, positive


def _mean(values: Floats, share: Floats) -> float:
    """The mean by shares, which sum to about 1: exactly 1 where every value is."""
    return float(dot(share, values) / dot(share, np.ones(len(share))))


def _codes(group: Array) -> tuple[int, Array]:
    codes, at = np.unique(group, return_inverse=True)
    return len(codes), at


def _pairs(y: Array, group: Array | None, weight: Array | None) -> float:
    """How many disjoint pairs of a positive and a negative unit there are (Kish's n where they weigh differently)."""
    positive = y != 0
    weight = np.ones(len(y)) if weight is None else weight
    at = np.arange(len(y)) if group is None else _codes(group)[1]
    sizes = (np.bincount(at[kind], weight[kind]) for kind in (positive, ~positive))
    return float(min(size.sum() ** 2 / max((size**2).sum(), 1e-300) for size in sizes))


def _logit_limits(
    pulls: _Pulls,
    version: int,
    y: Array,
    group: Array | None,
    weight: Array | None,
    level: float,
    *,
    moderated: bool = True,
) -> tuple[float, float]:
    """The limits of one version's AUROC; not moderated for a difference, where both share what few samples add."""
    value, variance = float(pulls.values[version]), float(pulls.covariance()[version, version])
    if not np.isfinite(variance):
        return float("nan"), float("nan")
    if variance <= 1e-16 or not 0 < value < 1:
        pairs = _pairs(y, group, weight)
        low, high = wilson(value * pairs, pairs, level)
        return float(low), float(high)
    if not moderated:
        return _around(
            value,
            variance,
            two_sided_z(level) if group is None else float(student_quantile(0.5 + level / 2, pulls.n_units - 1.0)),
        )
    # groups widen what is expected of an AUROC as they widen what is seen of this one
    apart = pulls if group is None else _Pulls.of(y, pulls.scores, None, weight)
    alone = float(apart.covariance()[version, version])
    expected = _hanley_mcneil(value, y, weight) * max(variance / alone, 1)
    degrees = pulls.degrees(version)
    variance = (degrees * variance + PRIOR_DEGREES * max(expected, variance)) / (degrees + PRIOR_DEGREES)
    degrees = round(16 * (degrees + PRIOR_DEGREES)) / 16  # so that few different ones are looked up
    return _around(value, variance, float(student_quantile(0.5 + level / 2, degrees)))


def _around(value: float, variance: float, quantile: float) -> tuple[float, float]:
    """The limits on the logit scale."""
    centre, half = np.log(value / (1 - value)), quantile * np.sqrt(variance) / (value * (1 - value))
    low, high = 1 / (1 + np.exp(-(centre - half))), 1 / (1 + np.exp(-(centre + half)))
    return float(low), float(high)


def _hanley_mcneil(value: float, y: Array, weight: Array | None) -> float:
    """The variance of an AUROC of this value whose scores are exponential.

    Source: Hanley, McNeil, Radiology 143:29, 1982, with both classes' numbers at their mean, as Newcombe, Stat Med
    25:559, 2006, has it.
    """
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    n, m = (float(part.sum() ** 2 / (part**2).sum()) for part in (weight[y != 0], weight[y == 0]))
    more = ((n + m) / 2 - 1) * ((1 - value) / (2 - value) + value / (1 + value))
    return value * (1 - value) * (1 + more) / (n * m)
