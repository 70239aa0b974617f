"""Tails and quantiles that one can check without a library; tests/oracles holds them to scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.distributions import (
    binomial_half_tail,
    normal_two_sided,
    regularised_beta,
    student_cdf,
    student_quantile,
    student_two_sided,
    two_sided_z,
)


def test_normal():
    """The z of 95 % and back."""
    assert two_sided_z(0.95) == pytest.approx(1.959963984540054, abs=1e-14)
    assert normal_two_sided([1.959963984540054, 0, np.nan])[:2] == pytest.approx([0.05, 1])


@given(st.floats(-50, 50))
def test_one_degree_of_freedom_is_cauchy(t):
    """P(T ≤ t) = 1/2 + atan(t) / π."""
    assert float(student_cdf(t, 1)) == pytest.approx(0.5 + math.atan(t) / math.pi, abs=1e-13)


@given(st.floats(0.5, 0.9999), st.integers(1, 10**6))
def test_quantile_and_tail_are_inverse(probability, df):
    """The tail beyond the quantile is what was asked for; the mirrored quantile is the negative one."""
    t = student_quantile(probability, df)
    assert float(student_two_sided(t, df)) == pytest.approx(2 * (1 - probability), abs=1e-10)
    assert float(student_quantile(1 - probability, df)) == pytest.approx(-float(t), rel=1e-6, abs=1e-9)


def test_no_degrees_of_freedom():
    """Below one degree of freedom nothing is defined, in any mixture; the shape of the input is kept."""
    assert np.isnan(student_quantile(0.975, np.array([0, -1, np.nan]))).all()
    assert np.isnan(student_two_sided([1.0, np.nan], [0, 5])).all()
    assert student_quantile(0.975, np.array([[0, 4], [9, 4]])).shape == (2, 2)
    assert float(student_quantile(0.975, np.inf)) == pytest.approx(two_sided_z(0.95))


@given(st.integers(1, 60))
def test_binomial_tail_is_the_sum_of_its_terms(n):
    """P(X ≤ k) and P(X = k) for every k equal the exact fractions."""
    k = np.arange(n + 1)
    terms = np.array([math.comb(n, i) / 2**n for i in range(n + 1)])
    at_most, exactly = binomial_half_tail(k, n)
    np.testing.assert_allclose(exactly, terms, rtol=1e-12)
    np.testing.assert_allclose(at_most, np.cumsum(terms), rtol=1e-12)


def test_a_few_at_once_are_bit_for_bit_what_they_are_among_many() -> None:
    rng = np.random.default_rng(5)
    a, b = np.exp(rng.uniform(-1, 12, (2, 500)))
    x = np.r_[0.0, 1.0, np.nan, rng.random(497)]
    many = regularised_beta(a, b, x, 1 - x)
    few = [regularised_beta(*(part[i : i + 4] for part in (a, b, x, 1 - x))) for i in range(0, 500, 4)]
    np.testing.assert_array_equal(np.concatenate(few), many)
