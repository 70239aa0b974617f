"""A slice against the rest equals the comparison made with the rest's own rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.complement import compare_with_rest, sum_with_rest, with_rest
from reportgen.stats.intervals import difference_intervals, equal_proportions_in_groups, newcombe_independent
from reportgen.stats.significance import equal_proportions
from reportgen.stats.statistic import sum_pair, sum_ratio


def against_rest(keys, x, w, n_keys, group=None):
    """Slices against their rests, from rows."""
    if group is not None:
        pair = sum_with_rest(keys, x, w, n_keys, group=group)
    else:
        pair = with_rest(sum_ratio(keys, x, w, n_keys), sum_ratio(keys * 0, x, w, 1))
    return compare_with_rest(pair, binary=True)


@pytest.mark.parametrize("grouped", [False, True])
@given(seed=st.integers(0, 9999))
def test_slice_minus_rest_is_the_difference_of_two_selections(grouped, seed):
    """Values, limits and p are those of a pair whose baseline is everything outside the slice."""
    rng = np.random.default_rng(seed)
    n = 50
    keys, x, w = rng.integers(-1, 3, n), rng.integers(0, 2, n), rng.integers(0, 2, n)
    extra = {"group": rng.integers(0, 9, n)} if grouped else {}
    got = against_rest(keys, x, w, 3, **extra)
    for k in range(3):
        inside = keys == k
        alone = sum_pair(np.zeros(n, int), x * w, w * ~inside, x * w, w * inside, 1, **extra)
        expected = difference_intervals(alone, binary=False)
        if np.isnan(expected.low[0]):
            continue
        assert got.delta[k] == pytest.approx(expected.delta[0], abs=1e-12)
        assert (got.n[k], got.units[k]) == (alone.candidate.n[0], alone.candidate.units[0])
        if grouped:
            assert got.low[k] == pytest.approx(max(-1.0, expected.low[0]), abs=1e-9)
            assert got.high[k] == pytest.approx(min(1.0, expected.high[0]), abs=1e-9)
            assert got.p[k] == pytest.approx(equal_proportions_in_groups(alone)[0], abs=1e-9)
        else:
            rest, mine = alone.baseline, alone.candidate
            _, low, high = newcombe_independent(rest.x, rest.w, mine.x, mine.w)
            assert (got.low[k], got.high[k]) == pytest.approx((float(low[0]), float(high[0])))
            assert got.p[k] == pytest.approx(equal_proportions(rest.x, rest.w, mine.x, mine.w)[0])


def test_the_whole_has_no_rest():
    """A slice that holds every sample has nothing to be compared with."""
    ones = np.ones(40, int)
    got = against_rest(ones * 0, np.arange(40) % 2, ones, 1)
    assert got.value[0] == 0.5
    assert np.isnan([got.delta[0], got.low[0], got.high[0]]).all()


@pytest.mark.parametrize("grouped", [False, True])
def test_a_slice_without_errors_proves_little(grouped):
    """Thirty right of thirty against nine of ten elsewhere are no clear difference, though their variance is 0."""
    keys = np.repeat([0, -1], [30, 3000])
    right = np.r_[np.ones(30, int), np.arange(3000) % 10 > 0]
    extra = {"group": np.arange(3030)} if grouped else {}
    got = against_rest(keys, right, np.ones(3030, int), 1, **extra)
    assert 0.05 < got.p[0] < 0.1
