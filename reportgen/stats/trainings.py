"""Intervals of a version that was trained several times: its figure is the mean over its trainings.

Two parts of chance add up: which samples there are, and how one training differs from the next (Bouthillier et al.,
Accounting for variance in machine learning benchmarks, MLSys 2021). The variance is that of the samples for the mean
over the trainings, as they are, plus the variance between the trainings' values over their number; what an interval's
t has of degrees of freedom follows from both (Satterthwaite, Biometrics Bull 2:110, 1946; Welch, Biometrika 34:28,
1947).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.distributions import student_quantile, student_two_sided
from reportgen.stats.intervals import (
    NO_BOUNDS,
    Bounds,
    Differences,
    Floats,
    Intervals,
    linearised_variance,
    mean_intervals,
)
from reportgen.stats.statistic import Sums

METHOD = "linearised, mean of trainings"


def training_intervals(
    runs: Floats, sums: Sums, *, level: float = 0.95, bounds: Bounds = NO_BOUNDS, trials: Floats | None = None
) -> Intervals:
    """The means over trainings with their intervals; where nothing varies, as ``mean_intervals`` has it.

    Args:
        runs: each training's values, trainings × keys.
        sums: of x = each sample's influence on the mean over the trainings and w = 1.
        level: of the intervals.
        bounds: of the metric.
        trials: as for ``mean_intervals``.
    """
    value = runs.mean(axis=0)
    still = mean_intervals(value, sums, level=level, bounds=bounds, trials=trials)
    variance, df = _together(_of_samples(sums), sums.units, [runs])
    with np.errstate(divide="ignore", invalid="ignore"):
        half = student_quantile(0.5 + level / 2, df) * np.sqrt(variance)
    varies = variance > 0
    low = np.where(varies, np.maximum(value - half, bounds[0]), still.low)
    high = np.where(varies, np.minimum(value + half, bounds[1]), still.high)
    return Intervals(value, low, high, tuple(np.where(varies, METHOD, still.method).tolist()))


def training_differences(
    before: Floats, after: Floats, sums: Sums, *, level: float = 0.95, bounds: Bounds = NO_BOUNDS
) -> Differences:
    """Paired differences of two versions, of which one or both were trained several times; t-test.

    Of a version with one training there is no variance between trainings: the interval has none of its luck.

    Args:
        before: each of the baseline's trainings, trainings × keys, over the samples that all trainings scored.
        after: the candidate's.
        sums: of x = the candidate's influence − the baseline's and w = 1, sample by sample.
        level: of the intervals.
        bounds: of the metric; the difference is clipped to their distance.
    """
    first, second = before.mean(axis=0), after.mean(axis=0)
    delta = second - first
    variance, df = _together(_of_samples(sums), sums.units, [before, after])
    reach = bounds[1] - bounds[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(variance > 0, np.sqrt(variance), np.nan)
        half = student_quantile(0.5 + level / 2, df) * error
        p = np.where((variance == 0) & (np.abs(delta) < 1e-15), 1.0, student_two_sided(delta / error, df))
    method = tuple(np.where(np.isnan(p), "none", METHOD).tolist())
    return Differences(
        delta, np.maximum(delta - half, -reach), np.minimum(delta + half, reach), p, method, first, second
    )


def pooled_spread(groups: Sequence[Floats]) -> tuple[float, int]:
    """The standard deviation between trainings of one version, pooled over versions, with its degrees of freedom.

    A version with one training says nothing of it; NaN and 0 where all have one.
    """
    squares = sum(float(((values - values.mean()) ** 2).sum()) for values in groups)
    df = sum(len(values) - 1 for values in groups)
    return (float(np.sqrt(squares / df)) if df else float("nan")), df


def reach_of_luck(spread: float, df: int, level: float = 0.95) -> float:
    """How far two single trainings of one version differ at most, in the given share of cases: t · √2 · spread."""
    if not df:
        return float("nan")
    return float(student_quantile(0.5 + level / 2, df) * np.sqrt(2) * spread)


def _of_samples(sums: Sums) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return linearised_variance(sums.x / sums.w, sums)


def _together(samples: Floats, units: NDArray[np.int64], versions: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The whole variance and its degrees of freedom; NaN where that of the samples is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        whole, inverse = samples.copy(), samples**2 / (units - 1)
        for runs in versions:
            if len(runs) > 1:
                part = runs.var(axis=0, ddof=1) / len(runs)
                whole, inverse = whole + part, inverse + part**2 / (len(runs) - 1)
        df = np.where(inverse > 0, whole**2 / inverse, units - 1)
        return whole, np.maximum(df, 1)  # no fewer than its parts have, but for rounding
