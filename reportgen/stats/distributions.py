"""Normal, Student-t and binomial probabilities over arrays, to 1e-10, without scipy."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_erfc = np.frompyfunc(math.erfc, 1, 1)
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_SHIFT = 10  # the Stirling series holds to 1e-16 above this argument
_MOST_STEPS = 20_000
_SMALL, _NEAR = 1e-300, 1e-14


def normal_quantile(probability: float) -> float:
    """The standard normal quantile of a probability in (0, 1)."""
    return NormalDist().inv_cdf(probability)


def two_sided_z(level: float) -> float:
    """The z of a two-sided interval at a level (1.96 for 0.95)."""
    return normal_quantile(0.5 + level / 2)


def normal_two_sided(z: ArrayLike) -> Floats:
    """The two-sided p of a standard normal statistic; NaN passes through."""
    return np.asarray(_erfc(np.abs(np.asarray(z, dtype=np.float64)) / math.sqrt(2)), dtype=np.float64)


def student_two_sided(t: ArrayLike, df: ArrayLike) -> Floats:
    """The two-sided p of a t statistic with ``df`` degrees of freedom; NaN where df is below 1."""
    t, df = np.broadcast_arrays(np.asarray(t, dtype=np.float64), np.asarray(df, dtype=np.float64))
    p = np.full(t.shape, np.nan)
    p[(df >= 1) & np.isinf(t)] = 0.0
    known = (df >= 1) & np.isfinite(df) & np.isfinite(t)
    square, degrees = t[known] ** 2, df[known]
    p[known] = regularised_beta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square))
    return p


def chi_squared_tail(x: float, df: int) -> float:
    """P(X ≥ x) of X ~ χ² with ``df`` degrees of freedom, a whole number; Abramowitz, Stegun 26.4.4-5."""
    if x <= 0:
        return 1.0
    half, odd = x / 2, df % 2
    terms = (k + odd / 2 for k in range(df // 2))
    tail = sum(math.exp(k * math.log(half) - half - math.lgamma(k + 1)) for k in terms)
    return min(tail + (math.erfc(math.sqrt(half)) if odd else 0.0), 1.0)


def student_cdf(t: ArrayLike, df: ArrayLike) -> Floats:
    """P(T ≤ t) with ``df`` degrees of freedom."""
    t = np.asarray(t, dtype=np.float64)
    tail = student_two_sided(t, df) / 2
    return np.where(t < 0, tail, 1 - tail)


def student_quantile(probability: float, df: ArrayLike) -> Floats:
    """The quantiles of Student's t at one probability in (0, 1), an entry a ``df``; NaN where df is below 1."""
    df = np.asarray(df, dtype=np.float64)
    degrees, position = np.unique(df, return_inverse=True)
    tail = 2 * min(probability, 1 - probability)
    t = np.full(degrees.shape, np.nan)
    t[degrees >= 1] = 0.0
    if tail < 1:
        z = -normal_quantile(tail / 2)
        far = degrees >= (2_000 if z < 4 else 1e7)
        t[far] = _expand(z, degrees[far])
        near = (degrees >= 1) & ~far
        t[near] = _climbed(tail, z, degrees[near])
    signed: Floats = np.copysign(t, probability - 0.5)
    return signed[position].reshape(df.shape)


_CLIMBED: dict[tuple[float, float], float] = {}
_MOST_CLIMBED = 100_000


def _climbed(tail: float, z: float, degrees: Floats) -> Floats:
    """As ``_climb``, which is slow for a single number, and the same degrees of freedom are asked for again."""
    asked = [(tail, d) for d in degrees.tolist()]
    new = np.array([d for key in asked if key not in _CLIMBED for d in key[1:]])
    if len(new):
        if len(_CLIMBED) > _MOST_CLIMBED:
            _CLIMBED.clear()
            new = degrees
        _CLIMBED.update(zip(((tail, d) for d in new.tolist()), _climb(tail, z, new).tolist(), strict=True))
    return np.array([_CLIMBED[key] for key in asked])


def _expand(z: float, degrees: Floats) -> Floats:
    """The quantile from the normal one; Abramowitz, Stegun 26.7.5."""
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    quantile: Floats = np.polyval(terms[::-1], 1 / degrees)
    return quantile


def _climb(tail: float, z: float, degrees: Floats) -> Floats:
    """Newton's method on the two-sided tail, which is convex: from below it cannot overshoot."""
    t = np.where(degrees < 8 + z**2, z, _expand(z, degrees))
    moving = np.ones(t.shape, dtype=bool)
    for _ in range(200):
        if not moving.any():
            break
        at, d = t[moving], degrees[moving]
        x, y = d / (d + at**2), at**2 / (d + at**2)
        step = (regularised_beta(d / 2, 0.5, x, y) - tail) / (2 * np.exp(_log_beta_term(d / 2, 0.5, x, y)) / at)
        t[moving] = at + step
        moving[moving] = np.abs(step) > 1e-12 * at  # smaller ones are rounding, and would go on for ever
    return t


def binomial_half_tail(k: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """P(X ≤ k) and P(X = k) of X ~ Binomial(n, 1/2), for 0 ≤ k ≤ n of any size (also between the integers)."""
    k, n = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64))
    at_most = np.ones(k.shape)
    below = k < n
    at_most[below] = regularised_beta(n[below] - k[below], k[below] + 1, 0.5, 0.5)
    # x^a y^b / B(a, b) at a = n - k + 1, b = k + 1 is the binomial term times (n + 1) / 4
    exactly = np.exp(_log_beta_term(n - k + 1, k + 1, 0.5, 0.5)) * 4 / (n + 1)
    return at_most, exactly


def regularised_beta(a: ArrayLike, b: ArrayLike, x: ArrayLike, y: ArrayLike) -> Floats:
    """The regularised incomplete beta function I_x(a, b); ``y`` is 1 − x, given so that no digits are lost.

    Source: the continued fraction DLMF 8.17.22 by the modified Lentz method.
    """
    first, second, at, rest = (np.asarray(part, dtype=np.float64) for part in np.broadcast_arrays(a, b, x, y))
    swap = at > (first + 1) / (first + second + 2)  # the fraction converges fast on the near side of the mean
    first, second = np.where(swap, second, first), np.where(swap, first, second)
    at, rest = np.where(swap, rest, at), np.where(swap, at, rest)
    with np.errstate(divide="ignore"):
        part = np.exp(_log_beta_term(first, second, at, rest)) / first * _beta_fraction(first, second, at)
    return np.clip(np.where(swap, 1 - part, part), 0, 1)


def _beta_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    shape = a.shape
    a, b, x = (np.ravel(part) for part in (a, b, x))
    result: Floats = np.ones(len(a))
    rows: NDArray[np.int64] = np.arange(len(a))
    c: Floats = np.ones(len(a))
    d = _inverse(1 - (a + b) * x / (a + 1))
    h: Floats = d.copy()
    for m in range(1, _MOST_STEPS):
        if len(rows) == 0:
            break
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = _inverse(1 + even * d), _away_from_zero(1 + even / c)
        h = h * d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = _inverse(1 + odd * d), _away_from_zero(1 + odd / c)
        h = h * d * c
        on = np.abs(d * c - 1) > _NEAR
        if not on.all():
            result[rows[~on]] = h[~on]
            rows = rows[on]
            a, b, x, c, d, h = (part[on] for part in (a, b, x, c, d, h))
    result[rows] = h
    return result.reshape(shape)


def _away_from_zero(values: Floats) -> Floats:
    return np.where(np.abs(values) < _SMALL, _SMALL, values)


def _inverse(values: Floats) -> Floats:
    return 1 / _away_from_zero(values)


def _log_beta_term(a: ArrayLike, b: ArrayLike, x: ArrayLike, y: ArrayLike) -> Floats:
    """Log of x^a y^b / B(a, b), with x + y = 1.

    The large parts of the log-gammas cancel on paper instead of in floats (after Loader 2000), so that counts of
    millions keep their digits.
    """
    a, b, x, y = (np.asarray(part, dtype=np.float64) for part in (a, b, x, y))
    off = x * b - y * a
    with np.errstate(divide="ignore"):
        return np.asarray(
            a * _log_near_one(x * (a + b) / a, off / a)
            + b * _log_near_one(y * (a + b) / b, -off / b)
            + 0.5 * np.log(a * b / ((a + b) * 2 * np.pi))
            + _stirling_rest(a + b)
            - _stirling_rest(a)
            - _stirling_rest(b)
        )


def _log_near_one(ratio: Floats, excess: Floats) -> Floats:
    near = np.abs(excess) < 0.5
    return np.where(near, np.log1p(np.where(near, excess, 0)), np.log(np.where(near, 1, ratio)))


def _stirling_rest(z: Floats) -> Floats:
    """Log Γ(z) − ((z − ½) log z − z + ½ log 2π), for z > 0."""
    shape, z = np.shape(z), np.array(z, dtype=np.float64).ravel()
    rest = np.zeros(z.shape)
    small = z < _SHIFT
    while small.any():
        at = z[small]
        rest[small] += (at + 0.5) * np.log1p(1 / at) - 1
        z[small] = at + 1
        small = z < _SHIFT
    inverse = 1 / z
    power = inverse
    for coefficient in _STIRLING:
        rest += coefficient * power
        power = power * inverse**2
    return rest.reshape(shape)
