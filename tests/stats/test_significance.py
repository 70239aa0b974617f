"""McNemar's mid-p and the false discovery rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.significance import benjamini_hochberg, equal_proportions, mcnemar_midp, select_families

p_values = st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=40)


def test_midp_by_hand():
    """1 broken and 7 fixed: 2 · (1/256 + 8/256) − 8/256; Fagerland, Lydersen, Laake 2013 print 0.039."""
    assert mcnemar_midp(1, 7) == pytest.approx(10 / 256)
    assert mcnemar_midp([6, 0, 3], [16, 0, 3]) == pytest.approx([0.0347, 1, 1], abs=5e-5)


def test_midp_of_large_counts():
    """A million changes that are ten standard deviations apart are told from nothing, and even ones are not."""
    assert mcnemar_midp(500_000, 500_000) == pytest.approx(1, abs=1e-10)
    assert 0 < mcnemar_midp(495_000, 505_000) < 1e-22


@given(st.integers(0, 500), st.integers(0, 500))
def test_midp_does_not_care_which_version_is_which(b, c):
    """Exchanging broken and fixed gives the same p, within 0 and 1."""
    assert mcnemar_midp(b, c) == mcnemar_midp(c, b)
    assert 0 <= mcnemar_midp(b, c) <= 1


def test_equal_proportions_at_the_ends():
    """All right in both is no difference; all right against none is one; no samples have no p."""
    p = equal_proportions([5, 0, 0], [5, 20, 0], [9, 20, 3], [9, 20, 5])
    assert p[0] == 1
    assert p[1] < 1e-9
    assert np.isnan(p[2])


def test_q_by_hand():
    """Four tests: p · 4 / rank, never falling with p."""
    assert benjamini_hochberg([0.04, 0.01, 0.03, 0.5]).tolist() == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])


@given(p_values)
def test_q_is_no_less_than_p_and_keeps_its_order(p):
    """A q is at least its p and at most 1, in the order of p; NaN passes through and counts as no test."""
    p = np.array(p, dtype=float)
    q = benjamini_hochberg(p)
    tested = ~np.isnan(p)
    assert (np.isnan(q) == ~tested).all()
    assert (q[tested] >= p[tested]).all()
    assert (q[tested] <= 1).all()
    assert (np.diff(q[tested][np.argsort(p[tested])]) >= 0).all()
    np.testing.assert_array_equal(benjamini_hochberg(p[tested]), q[tested])


@given(p_values, st.integers(0, 99))
def test_q_does_not_depend_on_the_order_of_tests(p, seed):
    """Shuffled p-values have their q shuffled likewise."""
    p = np.array(p, dtype=float)
    order = np.random.default_rng(seed).permutation(len(p))
    np.testing.assert_array_equal(benjamini_hochberg(p[order]), benjamini_hochberg(p)[order])


def test_families_are_selected_before_their_tests_are_told():
    """Of m families R are selected, and their tests are told below level · R ÷ m; the paper's rule, worked by hand."""
    smallest = {"a": 0.001, "b": 0.04, "c": 0.02, "d": 0.9}
    assert select_families(smallest, 0.05) == {"a": 0.025, "b": 0, "c": 0.025, "d": 0}
    assert select_families({"a": 0.04}, 0.05) == {"a": 0.05}
    assert select_families({"a": 0.03, "b": 0.9}, 0.05) == {"a": 0, "b": 0}
    assert select_families({}, 0.05) == {}


def test_with_nothing_to_find_the_level_holds_over_all_families():
    """Families without anything in them tell something in no more than the level's share of worlds."""
    rng = np.random.default_rng(8)
    told = 0
    for _ in range(4000):
        q = [benjamini_hochberg(rng.random(size)) for size in (1, 5, 40)]
        below = select_families({str(i): float(one.min()) for i, one in enumerate(q)}, 0.05)
        told += any((one < below[str(i)]).any() for i, one in enumerate(q))

    assert told / 4000 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)
