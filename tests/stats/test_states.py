"""Counting states gives the sums that row by row gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.states import states_of, sum_pair_states, sum_states
from reportgen.stats.statistic import PairSums, Sums, sum_pair, sum_ratio


def rows(seed, n=200):
    """Two axes of keys and the columns of two versions."""
    rng = np.random.default_rng(seed)
    axes = [(rng.integers(-1, 4, n), 4), (rng.integers(-1, 3, n), 3)]
    return axes, [rng.integers(0, 2, n).astype(float) for _ in range(4)]


def equal(one, other):
    """Whether two sums hold the same arrays."""
    for name in one.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(a, Sums):
            equal(a, b)
        else:
            np.testing.assert_array_equal(a, b)


@given(st.integers(0, 9999))
def test_states_of_one_version_sum_as_its_columns_do(seed):
    """Every sum of every axis is the same."""
    axes, (x, w, _, _) = rows(seed)
    expected = Sums.concatenate([sum_ratio(keys, x, w, k) for keys, k in axes])
    equal(sum_states(axes, states_of(x, w)), expected)


@given(st.integers(0, 9999))
def test_states_of_a_pair_sum_as_its_columns_do(seed):
    """Every sum and cross moment of every axis is the same."""
    axes, columns = rows(seed)
    expected = PairSums.concatenate([sum_pair(keys, *columns, k) for keys, k in axes])
    equal(sum_pair_states(axes, states_of(*columns)), expected)


def test_only_zeros_and_ones_have_states():
    """Any other number has none, so that the caller sums row by row."""
    assert states_of(np.array([0.0, 0.5]), np.ones(2)) is None
    assert states_of(np.array([True, False]), np.ones(2)).tolist() == [3, 1]
