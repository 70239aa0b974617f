"""Tests of change, and the correction for having run many of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.stats.distributions import binomial_half_tail

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


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """The q of each p: the smallest false discovery rate at which it is still a discovery.

    NaN passes through and does not count as a test. Source: Benjamini, Hochberg, JRSS B 57:289, 1995.
    """
    p = np.asarray(p, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return q
