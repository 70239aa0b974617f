"""Mix and rate: they add up, each is 0 where it must be, and their intervals are as wide as resampling says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.mix import mix_and_rate, pool_kinds


def two_sets(seed, n=600, n_kinds=3):
    """Kinds, and x and w of two versions that scored different samples."""
    rng = np.random.default_rng(seed)
    first = rng.random(n) < 0.5
    kinds = np.where(first, rng.choice(n_kinds, n), rng.choice(n_kinds, n, p=[0.2, 0.2, 0.6]))
    x = (rng.random(n) < 0.9 - 0.15 * kinds - 0.1 * ~first).astype(float)
    return kinds, x * first, first.astype(float), x * ~first, (~first).astype(float)


@given(seed=st.integers(0, 9999), weighted=st.booleans())
def test_the_parts_add_up_to_the_difference(seed, weighted):
    """Mix + rate is the difference of the two versions' rates, and each part is inside its interval."""
    kinds, x0, w0, x1, w1 = two_sets(seed)
    weight = np.random.default_rng(seed).uniform(0.5, 2, len(kinds)) if weighted else None
    found = mix_and_rate(kinds, x0, w0, x1, w1, weight=weight)
    factor = 1 if weight is None else weight
    delta = (x1 * factor).sum() / (w1 * factor).sum() - (x0 * factor).sum() / (w0 * factor).sum()

    assert found.value.sum() == pytest.approx(delta, abs=1e-12)
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()


def test_the_same_mix_leaves_all_to_the_rate_and_the_same_rates_all_to_the_mix():
    """Equal shares of the kinds: mix 0. Equal rates within them: rate 0."""
    kinds = np.tile([0, 0, 1, 1], 50)
    first = np.repeat([1.0, 0.0], 100)
    x = (np.arange(200) % 3 > 0).astype(float)
    same_mix = mix_and_rate(kinds, x, first, x, 1 - first)
    tilted = np.repeat([0, 1, 0, 1], [80, 20, 20, 80])
    right = np.r_[np.tile([1, 1, 1, 0], 20), np.tile([1, 0, 0, 0], 5), np.tile([1, 1, 1, 0], 5)]
    right = np.r_[right, np.tile([1, 0, 0, 0], 20)].astype(float)
    same_rates = mix_and_rate(tilted, right, first, right, 1 - first)

    assert same_mix.value[0] == pytest.approx(0, abs=1e-12)
    assert same_rates.value[1] == pytest.approx(0, abs=1e-12)
    assert same_rates.value[0] == pytest.approx(-0.3)


@pytest.mark.parametrize("grouped", [False, True])
def test_intervals_are_as_wide_as_the_jackknife_says(grouped):
    """The standard errors are those of leaving out each sample, or each group, to 5 %."""
    kinds, x0, w0, x1, w1 = two_sets(4, n=400)
    group = np.arange(400) // 4
    unit = group if grouped else np.arange(400)
    found = mix_and_rate(kinds, x0, w0, x1, w1, group=group if grouped else None)
    left = np.array(
        [mix_and_rate(*(part[unit != one] for part in (kinds, x0, w0, x1, w1))).value for one in range(unit[-1] + 1)]
    )
    m = len(left)
    error = np.sqrt((m - 1) / m * ((left - left.mean(axis=0)) ** 2).sum(axis=0))

    assert (found.high - found.low) / 2 / 1.97 == pytest.approx(error, rel=0.05)


def test_rare_kinds_are_pooled_until_both_versions_have_enough():
    """Kinds that one version lacks join the rarest others; common kinds stay apart."""
    counts = np.array([[3, 40, 12, 0], [0, 30, 11, 5]])
    assert pool_kinds(np.arange(4), counts, 10).tolist() == [0, 1, 0, 0]
    assert pool_kinds(np.arange(2), np.array([[20, 30], [20, 30]]), 10).tolist() == [0, 1]
    assert pool_kinds(np.arange(2), np.array([[50, 0], [0, 50]]), 10).tolist() == [0, 0]


def test_no_part_is_farther_than_the_metric_reaches():
    """Of three samples each, t is wide: the limits end where no difference of the metric can lie beyond."""
    kinds, first = np.array([0, 1, 0, 1, 0, 1]), np.array([1.0, 1, 1, 0, 0, 0])
    x = np.array([1.0, 0, 1, 0, 0, 1])
    free = mix_and_rate(kinds, x, first, x, 1 - first)
    bound = mix_and_rate(kinds, x, first, x, 1 - first, bounds=(0.0, 1.0))

    assert free.low[1] < -1
    assert bound.low.tolist() == [free.low[0], -1]
    assert bound.high.tolist() == free.high.tolist()
