"""Simulated errors that come in groups: with the group column intervals widen as they must, and cover the truth."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from reportgen.stats.influence import influence
from reportgen.stats.intervals import difference_intervals, mean_intervals, ratio_intervals
from reportgen.stats.ranking import auroc_interval
from reportgen.stats.statistic import sum_pair, sum_ratio

N_TRIALS, N_GROUPS, SIZE, RATE, CORRELATION = 500, 60, 20, 0.85, 0.2
DESIGN_EFFECT = 1 + (SIZE - 1) * CORRELATION


def simulate(rng):
    """Right (1) and wrong (0) of every trial, group and sample: beta-binomial, so that groups differ in their rate."""
    spread = (1 - CORRELATION) / CORRELATION
    rates = rng.beta(RATE * spread, (1 - RATE) * spread, (N_TRIALS, N_GROUPS, 1))
    return (rng.random((N_TRIALS, N_GROUPS, SIZE)) < rates).astype(np.int8)


def codes():
    """The trial, as key, and the group of each sample."""
    trial, group, _ = np.indices((N_TRIALS, N_GROUPS, SIZE))
    return trial.ravel(), group.ravel()


def covered(low, high, truth):
    """The share of trials whose interval holds the truth."""
    return float(((low <= truth) & (truth <= high)).mean())


def test_groups_widen_a_proportion_by_the_root_of_the_design_effect():
    """Mean width grows by √(1 + (20 − 1) · 0.2) and coverage is at least 93 %; without groups it is far below."""
    keys, group = codes()
    right = simulate(np.random.default_rng(20)).ravel()
    ones = np.ones(len(right), np.int8)
    plain = ratio_intervals(sum_ratio(keys, right, ones, N_TRIALS), binary=True)
    grouped = ratio_intervals(sum_ratio(keys, right, ones, N_TRIALS, group=group), binary=True)
    growth = (grouped.high - grouped.low).mean() / (plain.high - plain.low).mean()
    assert growth == pytest.approx(np.sqrt(DESIGN_EFFECT), rel=0.08)
    assert covered(grouped.low, grouped.high, RATE) >= 0.93
    assert covered(plain.low, plain.high, RATE) < 0.75


def test_without_groups_intervals_equal_statsmodels():
    """Every trial's interval without groups is statsmodels' Wilson interval."""
    keys, _ = codes()
    right = simulate(np.random.default_rng(21)).ravel()
    sums = sum_ratio(keys, right, np.ones(len(right), np.int8), N_TRIALS)
    got = ratio_intervals(sums, binary=True)
    low, high = proportion_confint(sums.x, sums.n, method="wilson")
    np.testing.assert_allclose(got.low, low, atol=1e-12)
    np.testing.assert_allclose(got.high, high, atol=1e-12)


def test_groups_widen_a_paired_difference():
    """The difference of two versions with grouped errors covers the truth with the group column, not without it."""
    rng = np.random.default_rng(22)
    keys, group = codes()
    before, after = simulate(rng).ravel(), simulate(rng).ravel()
    ones = np.ones(len(before), np.int8)
    plain = difference_intervals(sum_pair(keys, before, ones, after, ones, N_TRIALS), binary=True)
    grouped = difference_intervals(sum_pair(keys, before, ones, after, ones, N_TRIALS, group=group), binary=True)
    growth = (grouped.high - grouped.low).mean() / (plain.high - plain.low).mean()
    assert growth == pytest.approx(np.sqrt(DESIGN_EFFECT), rel=0.08)
    assert covered(grouped.low, grouped.high, 0) >= 0.93
    assert (grouped.p < 0.05).mean() < 0.07
    assert (plain.p < 0.05).mean() > 0.2


def test_groups_widen_a_mean():
    """Mean errors that share a group's offset are covered with the group column, not without it."""
    rng = np.random.default_rng(23)
    keys, group = codes()
    offsets = rng.normal(scale=0.5, size=(N_TRIALS, N_GROUPS, 1))
    errors = (2 + offsets + rng.normal(size=(N_TRIALS, N_GROUPS, SIZE))).ravel()
    ones = np.ones(len(errors))
    grouped = ratio_intervals(sum_ratio(keys, errors, ones, N_TRIALS, group=group), binary=False)
    plain = ratio_intervals(sum_ratio(keys, errors, ones, N_TRIALS), binary=False)
    assert covered(grouped.low, grouped.high, 2) >= 0.93
    assert covered(plain.low, plain.high, 2) < 0.75


def test_groups_widen_influence_and_rank_metrics():
    """Balanced accuracy and AUROC of samples that each came five times are as sure as of the samples once."""
    rng = np.random.default_rng(24)
    target = rng.integers(0, 2, 300)
    score = target + rng.normal(size=300)
    group = np.tile(np.arange(300), 5)

    def limits(times, **extra):
        y, s = np.tile(target, times), np.tile(score, times)
        found = influence("balanced_accuracy", y, (s > 0.5).astype(int), n_classes=2)
        sums = sum_ratio(y * 0, found.influence, np.ones(len(y)), 1, **extra)
        balanced = mean_intervals([found.value], sums)
        return [balanced.low[0], balanced.high[0], *auroc_interval(y, s, **extra)[1:]]

    once, copied, told = limits(1), limits(5), limits(5, group=group)
    assert told == pytest.approx(once, abs=2e-3)
    assert copied[1] - copied[0] < 0.5 * (once[1] - once[0])
    assert copied[3] - copied[2] < 0.5 * (once[3] - once[2])
