"""Tests of change, and the correction for having run many of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.stats.distributions import binomial_half_tail, chi_squared_tail, normal_two_sided

Floats = NDArray[np.float64]


def mcnemar_midp(b: ArrayLike, c: ArrayLike) -> Floats:
    """The two-sided mid-p of McNemar's test, an entry a pair of counts; 1 where nothing changed.

    Source: Fagerland, Lydersen, Laake, BMC Med Res Methodol 13:91, 2013.

    Args:
        b: samples that only the baseline has right, ≥ 0 (scaled counts need not be whole).
        c: samples that only the candidate has right, ≥ 0.
    """
    b, c = np.broadcast_arrays(np.asarray(b, dtype=np.float64), np.asarray(c, dtype=np.float64))
    p = np.where(np.isnan(b + c), np.nan, 1.0)
    changed = b + c > 0
    at_most, exactly = binomial_half_tail(np.minimum(b, c)[changed], (b + c)[changed])
    p[changed] = np.minimum(2 * at_most - exactly, 1)
    return p


def cochran_q(right: NDArray[np.bool_]) -> tuple[float, float]:
    """Cochran's Q of versions (rows) over the same samples (columns), and its p; NaN where all versions agree on each.

    Source: Cochran, Biometrika 37:256, 1950. Oracle: statsmodels' cochrans_q (``tests/oracles/test_statistics.py``).
    """
    k = len(right)
    by_version, by_sample = right.sum(axis=1), right.sum(axis=0)
    total = int(by_version.sum())
    spread = int((by_sample * (k - by_sample)).sum())
    if not spread:
        return np.nan, np.nan
    q = (k - 1) * (k * int((by_version**2).sum()) - total**2) / spread
    return q, chi_squared_tail(q, k - 1)


def equal_proportions(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Floats:
    """The two-sided p of two proportions of independent samples, by the score test; NaN where either n is 0.

    Unlike the test with each proportion's own variance it stays honest where all or none are right. Where all or none
    are in both, p is 1. Source: Fagerland, Lydersen, Laake, Stat Methods Med Res 24:224, 2015 (Pearson's χ²).
    """
    x1, n1, x2, n2 = (np.asarray(part, dtype=np.float64) for part in (x1, n1, x2, n2))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (x1 + x2) / (n1 + n2)
        delta = x2 / n2 - x1 / n1
        z = delta / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        return np.where(np.isnan(delta), np.nan, np.where(delta == 0, 1.0, normal_two_sided(z)))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """The q of each p: the smallest false discovery rate at which it is still a discovery.

    NaN passes through and does not count as a test. Source: Benjamini, Hochberg, JRSS B 57:289, 1995.
    """
    p = np.asarray(p, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * (len(order) / np.arange(1, len(order) + 1))  # a factor of 1 or more: no q below its p
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return q


def select_families(smallest: Mapping[str, float], level: float) -> dict[str, float]:
    """Of several families of tests, the level below which the q of each may be told.

    A family counts as one test, whose p is its smallest q (Simes). With R of m families selected by Benjamini-Hochberg
    at the level, the tests of these are told below level · R ÷ m, and none of the others is: where nothing is true in
    any family, anything is told with at most the level's chance, however many families there are; else the false
    discovery rate, averaged over the selected families, is at most the level.
    Source: Benjamini, Bogomolov, JRSS B 76:297, 2014.

    Args:
        smallest: of each family the smallest q; 1 where none of its tests says anything.
        level: of all families together.
    """
    if not smallest:
        return {}
    q = benjamini_hochberg(list(smallest.values()))
    selected = q < level
    below = level * float(selected.sum()) / len(q)
    return {name: below if told else 0.0 for name, told in zip(smallest, selected.tolist(), strict=True)}
