"""An interval and the test beside it say the same of every difference: 0 is outside exactly where p is small."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.bootstrap import average_precision_bootstrap
from reportgen.stats.complement import compare_with_rest
from reportgen.stats.hashing import hash_ids
from reportgen.stats.intervals import Floats, agreed, difference_intervals, mean_differences
from reportgen.stats.ranking import auroc_difference
from reportgen.stats.statistic import sum_pair, sum_ratio
from reportgen.stats.trainings import training_differences

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
Rng = np.random.Generator


def disagreeing(low: Any, high: Any, p: Any, level: float) -> Floats:
    """Where limits and p say two things, of those that have all three."""
    low, high, p = (np.atleast_1d(np.asarray(one, np.float64)) for one in (low, high, p))
    outside = (low > 0) | (high < 0)
    known = ~np.isnan(low + high + p)
    return np.flatnonzero(known & (outside != (p < 1 - level)))


def taken(rng: Rng, n: int, *, grouped: bool, weighted: bool) -> dict[str, Any]:
    """Groups of very different sizes, few of them at times, and weights."""
    n_groups = int(rng.integers(2, 40))
    return {
        "group": (n_groups * rng.random(n) ** 2).astype(np.int64) if grouped else None,
        "weight": rng.choice([0.5, 1.0, 3.0], n) if weighted else None,
    }


@given(seed=st.integers(0, 99_999), grouped=st.booleans(), weighted=st.booleans(), level=LEVELS)
def test_differences_of_ratios(seed: int, grouped: bool, weighted: bool, level: float) -> None:
    """Of shares and of means, between two versions and between a slice and its rest, twenty at once."""
    rng = np.random.default_rng(seed)
    n, n_keys = int(rng.integers(40, 900)), 20
    keys, given_ = rng.integers(0, n_keys, n), taken(rng, n, grouped=grouped, weighted=weighted)
    share = rng.choice([0.05, 0.5, 0.9, 0.98])
    x = [(rng.random(n) < share + own).astype(float) for own in (0.0, rng.choice([0.0, 0.02, 0.15]))]
    same, ones = rng.random(n) < 0.5, np.ones(n)
    x[1] = np.where(same, x[0], x[1])
    other = [x[0], ones, x[1] * same, same.astype(float)]  # of the second version fewer samples count
    for binary, ends in ((True, [x[0], ones, x[1], ones]), (True, other), (False, [2 * x[0], ones + x[1], x[1], ones])):
        pair = sum_pair(keys, *ends, n_keys, **given_)
        found = difference_intervals(pair, binary=binary, level=level, bounds=(0.0, 1.0))
        assert not disagreeing(found.low, found.high, found.p, level).size
        inside = same.astype(float)
        rest = sum_pair(keys, x[0] * (1 - inside), 1 - inside, x[0] * inside, inside, n_keys, **given_)
        against = compare_with_rest(rest, binary=binary, level=level, bounds=(0.0, 1.0))
        assert not disagreeing(against.low, against.high, against.p, level).size


@given(seed=st.integers(0, 99_999), grouped=st.booleans(), level=LEVELS)
def test_differences_of_what_has_influence_and_of_trainings(seed: int, grouped: bool, level: float) -> None:
    rng = np.random.default_rng(seed)
    n, n_keys = 200, 10
    keys, moved = rng.integers(0, n_keys, n), rng.normal(0.1, 1, n)
    group = taken(rng, n, grouped=True, weighted=False)["group"] if grouped else None
    sums = sum_ratio(keys, moved, np.ones(n), n_keys, group=group)
    before = rng.uniform(0.3, 0.6, n_keys)
    found = mean_differences(before, before + sums.x / sums.w, sums, level=level, bounds=(-1.0, 1.0))
    assert not disagreeing(found.low, found.high, found.p, level).size
    runs = [before + rng.normal(own, 0.05, (3, n_keys)) for own in (0.0, 0.15)]
    found = training_differences(*runs, sums, level=level, bounds=(-9.0, 9.0))
    assert not disagreeing(found.low, found.high, found.p, level).size


@given(seed=st.integers(0, 99_999), grouped=st.booleans(), weighted=st.booleans(), level=LEVELS)
def test_differences_of_auroc(seed: int, grouped: bool, weighted: bool, level: float) -> None:
    """Where groups are few, too, of which its interval and DeLong's test would say two things."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 300))
    y = rng.random(n) < 0.3
    score = y * rng.uniform(0.3, 2.5) + rng.normal(0, 1, n)
    scores = np.stack([score, score + rng.normal(0, rng.uniform(0.2, 1.5), n)])
    found = auroc_difference(y, scores, level=level, **taken(rng, n, grouped=grouped, weighted=weighted))
    assert not disagreeing(found.low, found.high, found.p, level).size


@settings(max_examples=40)
@given(seed=st.integers(0, 99_999), n_draws=st.sampled_from([40, 200]), level=LEVELS)
def test_differences_by_draws(seed: int, n_draws: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    y = rng.random(60) < 0.4
    score = y + rng.normal(0, 1, 60)
    scores = np.stack([score, score + rng.normal(0, 0.8, 60)])
    hashes = hash_ids([str(k) for k in range(60)], seed)
    (found,) = average_precision_bootstrap([y], [scores], hashes, n_draws=n_draws, level=level)
    assert not disagreeing(found.delta_low, found.delta_high, found.p, level).size


def test_the_more_careful_of_two_holds() -> None:
    """By hand: one at a time says nothing, then both do, then neither; what is not known stays so."""
    low = [0.01, -0.01, 0.01, -0.03, -0.03, np.nan, 0.01]
    high = [0.05, 0.05, 0.05, -0.01, 0.01, np.nan, 0.05]
    p = [0.06, 0.04, 0.04, 0.2, 0.3, 0.01, np.nan]
    found = agreed(np.array(low), np.array(high), np.array(p), 0.95)
    np.testing.assert_allclose(found[0], [0, -0.01, 0.01, -0.03, -0.03, np.nan, 0.01])
    np.testing.assert_allclose(found[1], [0.05, 0.05, 0.05, 0, 0.01, np.nan, 0.05])
    np.testing.assert_allclose(found[2], [0.06, 0.05, 0.04, 0.2, 0.3, 0.01, np.nan])


@pytest.mark.parametrize("groups", [3, 6])
def test_of_few_groups_it_did_happen(groups: int) -> None:
    """DeLong's test and the two intervals squared and added do differ: agreement is no matter of course."""
    touched = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        y = rng.random(60) < 0.4
        scores = np.stack([y * 1.0, y * 1.4]) + rng.normal(0, 1, (2, 60))
        found = auroc_difference(y, scores, group=rng.integers(0, groups, 60))
        touched += found.low == 0 or found.high == 0 or found.p == 1 - 0.95
    assert touched > 0
