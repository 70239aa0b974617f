"""Means over trainings: both parts of chance count, and the intervals hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reportgen.stats.intervals import UNIT, mean_differences, mean_intervals
from reportgen.stats.statistic import Sums, sum_ratio
from reportgen.stats.trainings import METHOD, pooled_spread, reach_of_luck, training_differences, training_intervals


def sums_of(influence: np.ndarray) -> Sums:
    """The sums of one key over all samples."""
    return sum_ratio(np.zeros(len(influence), np.int64), influence, np.ones(len(influence)), 1)


def test_trainings_that_agree_add_nothing() -> None:
    """Without spread between trainings the interval is the usual one."""
    x = np.random.default_rng(1).random(300)
    sums, runs = sums_of(x - x.mean()), np.full((3, 1), x.mean())
    found, usual = training_intervals(runs, sums), mean_intervals([x.mean()], sums)

    assert (found.low[0], found.high[0]) == pytest.approx((usual.low[0], usual.high[0]))
    both = training_differences(runs, runs + 0.1, sums)
    plain = mean_differences(runs[0], runs[0] + 0.1, sums)
    assert (both.low[0], both.high[0], both.p[0]) == pytest.approx((plain.low[0], plain.high[0], plain.p[0]))


def test_the_variance_between_trainings_is_added_with_satterthwaites_degrees_of_freedom() -> None:
    """By hand: s² / n of the samples, s² / R of either version's trainings."""
    rng = np.random.default_rng(2)
    d = rng.normal(0, 1, 400)
    before, after = np.array([[0.70], [0.72], [0.75]]), np.array([[0.80], [0.86]])
    found = training_differences(before, after, sums_of(d - d.mean()), bounds=(-np.inf, np.inf))
    parts = [(d.var(ddof=1) / 400, 399), (before.var(ddof=1) / 3, 2), (after.var(ddof=1) / 2, 1)]
    whole = sum(v for v, _ in parts)
    df = whole**2 / sum(v**2 / k for v, k in parts)
    delta = after.mean() - before.mean()

    assert found.delta[0] == pytest.approx(delta)
    assert found.high[0] - delta == pytest.approx(stats.t.ppf(0.975, df) * whole**0.5)
    assert found.p[0] == pytest.approx(2 * stats.t.sf(delta / whole**0.5, df))
    assert found.method == (METHOD,)


def test_no_interval_has_width_0() -> None:
    """All right in every training: Wilson's for a share, none for a number."""
    flat, runs = sums_of(np.zeros(50)), np.ones((3, 1))
    share = training_intervals(runs, flat, bounds=UNIT)
    number = training_intervals(runs, flat)

    assert share.low[0] < 0.95
    assert share.high[0] == 1
    assert np.isnan(number.low[0])
    assert np.isnan(training_differences(runs, runs, flat).low[0])


@pytest.mark.parametrize("n_runs", [2, 3, 5])
def test_intervals_hold_over_samples_and_trainings(n_runs: int) -> None:
    """Of 1,000 worlds with their own samples and trainings, 93 to 98.5 in a hundred hold the truth."""
    rng = np.random.default_rng(n_runs)
    worlds, n = 1000, 300
    hard = rng.random((worlds, 1, n))
    skill = 0.7 + rng.normal(0, 0.02, (worlds, n_runs, 1))
    noise = rng.random((worlds, n_runs, n)) - 0.5
    right = (hard + 0.3 * noise < skill).astype(float)
    truth = 0.7  # noise is even, and skill's mean is 0.7
    held = 0
    for one in right:
        runs = one.mean(axis=1, keepdims=True)
        mean = one.mean(axis=0)
        found = training_intervals(runs, sums_of(mean - mean.mean()), bounds=UNIT)
        held += found.low[0] <= truth <= found.high[0]

    assert 0.93 <= held / worlds <= 0.985


def test_what_two_trainings_differ_by() -> None:
    """Pooled over versions that have several; one training says nothing."""
    spread, df = pooled_spread([np.array([0.70, 0.72]), np.array([0.80, 0.84, 0.82]), np.array([0.9])])

    assert (spread, df) == (pytest.approx(((0.0002 + 0.0008) / 3) ** 0.5), 3)
    assert reach_of_luck(spread, df) == pytest.approx(stats.t.ppf(0.975, 3) * 2**0.5 * spread)
    assert np.isnan(pooled_spread([np.array([0.7])])[0])
    assert np.isnan(reach_of_luck(0.1, 0))
