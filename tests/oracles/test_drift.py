"""Drift between two samples against scipy's tests and divergence."""

import numpy as np
import pytest
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

from reportgen.stats.drift import compare_numbers, compare_shares, jensen_shannon, kolmogorov_tail
from reportgen.stats.tally import tally


@pytest.mark.parametrize("n_values", [2, 5, 40])
def test_chi_squared_and_jensen_shannon(n_values):
    """Statistic, degrees of freedom and p agree with chi2_contingency, the divergence with jensenshannon squared."""
    rng = np.random.default_rng(n_values)
    shares = rng.dirichlet(np.full(n_values, 20.0), 2)
    there, here = (rng.choice(n_values, n, p=p) for n, p in zip((4000, 2500), shares, strict=True))
    counts = np.stack([np.bincount(codes, minlength=n_values) for codes in (there, here)])

    found = compare_shares(tally(there, n_values), tally(here, n_values))
    expected = stats.chi2_contingency(counts, correction=False)

    assert found.n_merged == 0
    assert (found.statistic, found.df) == pytest.approx((expected.statistic, expected.dof))
    assert found.p == pytest.approx(expected.pvalue, rel=1e-8, abs=1e-300)
    assert found.jensen_shannon == pytest.approx(jensenshannon(*counts, base=2) ** 2, abs=1e-12)


def test_jensen_shannon_ends():
    """0 of equal distributions, 1 of those without a value in common."""
    assert jensen_shannon(np.array([0.3, 0.7]), np.array([0.3, 0.7])) == pytest.approx(0, abs=1e-15)
    assert jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1


def test_kolmogorov_tail():
    """The limit distribution agrees with scipy.special.kolmogorov, on either side of where the series change."""
    x = np.array([0.05, 0.2, 0.5, 1, 1.17, 1.18, 1.19, 2, 3, 6])
    found = [kolmogorov_tail(float(one)) for one in x]
    np.testing.assert_allclose(found, special.kolmogorov(x), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(("n_there", "n_here", "shift"), [(50, 40, 0.5), (500, 400, 0.1), (20_000, 3_000, 0.02)])
@pytest.mark.parametrize("decimals", [1, 12])
def test_kolmogorov_smirnov(n_there, n_here, shift, decimals):
    """The distance is ks_2samp's, with ties too; the corrected limit's p is near that of its asymptotic mode."""
    rng = np.random.default_rng(n_there)
    there, here = rng.normal(size=n_there).round(decimals), rng.normal(shift, size=n_here).round(decimals)

    found = compare_numbers(there, here, np.array([n_there, n_here], dtype=float), (None, None))
    expected = stats.ks_2samp(there, here, method="asymp")

    assert found.statistic == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p == pytest.approx(expected.pvalue, rel=0.05)
