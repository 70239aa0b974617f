"""Power: the smallest drop that a number of samples can show, and the number of samples that a drop needs.

"Show" is 80 times in 100 by a two-sided test at 5 %, whatever the level of the intervals. A drop is a size, never
negative; the tests are paired, so what counts is how the two versions differ sample by sample.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.stats.distributions import normal_quantile, student_quantile, two_sided_z
from reportgen.stats.support import SIGNIFICANT

Floats = NDArray[np.float64]

POWER = 0.8
"""How often a drop of the stated size shows."""

_ALPHA = two_sided_z(1 - SIGNIFICANT)
_BETA = normal_quantile(POWER)
_ROUNDS = 20


def smallest_paired_drop(n: ArrayLike, discordance: ArrayLike) -> Floats:
    """The smallest difference of two paired proportions that n samples can show by McNemar's test; NaN where none.

    Connor's condition n·δ² = (z_α·√ψ + z_β·√(ψ − δ²))², solved for δ, with ψ = ``discordance`` + δ: a drop comes on top
    of the samples that change anyway.
    Source: Connor, Biometrics 43:207, 1987, after Miettinen, Biometrics 24:339, 1968.

    Args:
        n: samples that both versions scored.
        discordance: the share of them that one version alone has right, as observed.
    """
    n, discordance = np.asarray(n, dtype=np.float64), np.asarray(discordance, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        # of a fixed ψ the solution is reach · √ψ
        reach = (_ALPHA * np.sqrt(n) + _BETA * np.sqrt(n + _BETA**2 - _ALPHA**2)) / (n + _BETA**2)
        drop = (reach**2 + np.sqrt(reach**4 + 4 * reach**2 * discordance)) / 2
        return np.where(drop + discordance <= 1, drop, np.nan)


def paired_n(drop: ArrayLike, discordance: ArrayLike) -> Floats:
    """How many samples show a difference of two paired proportions, a whole number; method and source as above.

    Args:
        drop: the difference, above 0 and at most 1.
        discordance: the share of samples that one version alone has right, as observed.
    """
    drop = np.asarray(drop, dtype=np.float64)
    share = np.minimum(np.asarray(discordance, dtype=np.float64) + drop, 1)
    root = _ALPHA * np.sqrt(share) + _BETA * np.sqrt(share - drop**2)
    return np.asarray(np.ceil((root / drop) ** 2 - 1e-9))


def smallest_drop(error: ArrayLike, units: ArrayLike) -> Floats:
    """The smallest difference that a t-test of so many units can show; NaN below two units.

    (t_α + t_β) standard errors. Source: Cochran, Cox, Experimental Designs, 1957, section 2.2.

    Args:
        error: the standard error of the difference.
        units: samples, or groups where there are groups.
    """
    return np.asarray(_factor(units) * np.asarray(error, dtype=np.float64))


def smallest_clustered_drop(error: float, units: float, discordance: float, delta: float) -> float:
    """The same of two paired proportions, whose spread grows with the drop as that of single samples does.

    The observed standard error holds what groups and weights do (the design effect); the variance of one sample's
    difference goes from ψ − Δ² as observed to ψ + δ − δ².
    """
    observed = discordance - delta**2
    if not observed > 0:
        return float(smallest_drop(error, units))
    k = (float(_factor(units)) * error) ** 2 / observed
    return (k + math.sqrt(k**2 + 4 * (1 + k) * k * discordance)) / (2 * (1 + k))


def spread_at(drop: float, error: float, discordance: float, delta: float) -> float:
    """The standard error of two paired proportions' difference at a drop, from the observed one."""
    observed = discordance - delta**2
    if not observed > 0:
        return error
    wanted = min(1.0, discordance + drop) - drop**2
    return error * math.sqrt(max(wanted, 0.0) / observed)


def _factor(units: ArrayLike) -> Floats:
    df = np.asarray(units, dtype=np.float64) - 1
    return student_quantile(1 - SIGNIFICANT / 2, df) + student_quantile(POWER, df)


def units_needed(drop: float, error: float, units: int) -> int:
    """How many units show a difference of ``drop`` by a t-test, where ``units`` of them have this standard error.

    The error falls with the square root of the units; t falls a little too, so the number is found in rounds.
    """
    spread = error * math.sqrt(units)
    needed = max(2.0, ((_ALPHA + _BETA) * spread / drop) ** 2)
    for _ in range(_ROUNDS):
        best = max(2.0, (float(smallest_drop(spread, needed)) / drop) ** 2)
        if abs(best - needed) < 1e-6 * needed:
            break
        needed = best
    return math.ceil(needed - 1e-6 * needed)
