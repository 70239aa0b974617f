"""Shares that overlap, and their ratio."""

import numpy as np
import pytest

from reportgen.stats.intervals import ratio_intervals, wilson
from reportgen.stats.shares import Population, ratio_of_shares
from reportgen.stats.statistic import sum_ratio


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_share_is_the_mean_of_its_flags(grouped, weighted):
    """Value and interval are those that any other rate of the same samples has."""
    rng = np.random.default_rng(4)
    group = rng.integers(0, 25, 500) if grouped else None
    weight = rng.uniform(0.5, 2, 500) if weighted else None
    parts = [rng.random(500) < p for p in (0.1, 0.5)]

    found = ratio_intervals(Population(500, group, weight).sums(parts), binary=True)

    for k, part in enumerate(parts):
        sums = sum_ratio(np.zeros(500, np.int64), part.astype(float), np.ones(500), 1, group=group, weight=weight)
        alone = ratio_intervals(sums, binary=True)
        assert (found.value[k], found.low[k], found.high[k]) == pytest.approx(
            (alone.value[0], alone.low[0], alone.high[0])
        )


def test_no_parts():
    """Nothing asked, nothing told."""
    assert len(Population(10).sums([]).n) == 0


def _ratio(x, n, y, m):
    p, q = x / n, y / m
    (p_low, p_high), (q_low, q_high) = wilson(x, n), wilson(y, m)
    return [float(one) for one in ratio_of_shares(*(np.array(v, float) for v in (p, p_low, p_high, q, q_low, q_high)))]


def test_interval_of_a_ratio_holds():
    """It holds the true ratio about 19 times in 20, of common and of rare shares."""
    rng = np.random.default_rng(8)
    for p, q in ((0.3, 0.2), (0.02, 0.05)):
        draws = zip(rng.binomial(800, p, 600), rng.binomial(400, q, 600), strict=True)
        ends = [_ratio(x, 800, y, 400)[1:] for x, y in draws if y]
        assert 0.93 < np.mean([low <= p / q <= high for low, high in ends]) < 0.98


def test_ratios_at_the_ends():
    """Nobody in training is a ratio of 0; nobody here is none; a share that may be 0 here has no upper end."""
    assert _ratio(0, 100, 10, 100)[:2] == [0, 0]
    assert _ratio(0, 100, 10, 100)[2] > 0
    assert np.isnan(_ratio(5, 100, 0, 100)).all()
    value, low, high = _ratio(1, 100, 1, 100)
    assert value == 1
    assert 0 < low < 0.2
    assert high > 5
