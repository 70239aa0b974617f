"""By how much the mean loss of a slice exceeds that of the rest: the scores that a search ranks slices by, with bounds.

A score looks at sums alone (``FIELDS``, one row each, one column a slice), so every slice of a table is scored at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIELDS = ("n", "w", "x", "ww", "xw", "xx", "loss")
"""Of the samples of a slice, by weight w and loss l: how many, Σw, Σwl, Σw², Σw²l, Σw²l², and Σ max(wl, 0)."""

N, W, X, WW, XW, XX, LOSS = range(len(FIELDS))


@dataclass(frozen=True)
class Reach:
    """What bounds any child of a slice: of how many samples it must be, the largest loss, and the smallest weight."""

    least: int
    most: float
    lightest: float = 1.0


class Score(Protocol):
    """A score of slices; a slice is listed where it is above 0."""

    def of(self, sums: Floats, total: Floats) -> Floats:
        """The score of each slice, −∞ where it has none."""
        ...

    def bound(self, sums: Floats, total: Floats, reach: Reach) -> Floats:
        """What no child of a slice exceeds: no conjunction of its terms and more, of ``reach.least`` samples."""
        ...


@dataclass(frozen=True)
class CertainExcess:
    """The lower confidence bound of (mean loss of the slice − that of the rest), times √n.

    With ``signed`` losses (candidate − baseline) a rest that gained counts as no change: a slice must lose, not only
    gain less than others do.
    """

    z: float = 1.96
    signed: bool = False
    effect: float = 1.0
    """By what the variance exceeds that of independent samples: the design effect of groups, at least 1."""

    def of(self, sums: Floats, total: Floats) -> Floats:
        """√n · (mean − reference − z · standard error of the difference)."""
        rest = total - sums
        with np.errstate(divide="ignore", invalid="ignore"):
            other = rest[X] / rest[W]
            reference = np.maximum(other, 0) if self.signed else other
            error = np.sqrt(self.effect * (variance(sums) + variance(rest)))
            score = np.sqrt(sums[N]) * (sums[X] / sums[W] - reference - self.z * error)
        return np.where(np.isnan(score), -np.inf, score)

    def bound(self, sums: Floats, total: Floats, reach: Reach) -> Floats:
        """Sound since a child's standard error is at least 0 and its mean loss at most M(m).

        A child of m samples has Σwl ≤ L, the slice's sum of positive losses, and Σw ≥ m · the smallest weight, so its
        mean is at most M(m) = min(L ÷ (m · lightest), largest loss). Its excess over the rest is (mean − μ) · W ÷
        (W − w), which grows with its weight w, at most the slice's. √m · (M(m) − μ) grows with m until M leaves the
        largest loss, at m*; from there it is a sum of c ÷ √m and −μ · √m, which has no maximum inside an interval. So
        the best m is m* or the slice's n, and both are looked at.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total[X] / total[W]
            spread = total[W] / (total[W] - sums[W])
            best = np.zeros(sums.shape[1])
            against_none = np.zeros(sums.shape[1])
            for m in _turns(sums, reach):
                top = np.minimum(sums[LOSS] / (m * reach.lightest), reach.most)
                best = np.maximum(best, np.sqrt(m) * (top - mean) * spread)
                against_none = np.maximum(against_none, np.sqrt(m) * top)
        best = np.where(np.isnan(best), np.inf, best)
        return np.where(sums[N] < reach.least, -np.inf, np.minimum(best, against_none) if self.signed else best)


@dataclass(frozen=True)
class SliceLine:
    """σ(S) = α · (mean loss in S ÷ mean loss − 1) − (1 − α) · (n ÷ |S| − 1), for losses that are never below 0.

    Source: Sagadeeva, Boehm, SIGMOD 2021. Oracle: sliceline (``tests/oracles/test_conjunctions.py``).
    """

    alpha: float = 0.95

    def of(self, sums: Floats, total: Floats) -> Floats:
        """σ of each slice."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (sums[X] / sums[W]) / (total[X] / total[W])
            score = self.alpha * (ratio - 1) - (1 - self.alpha) * (total[W] / sums[W] - 1)
        return np.where(np.isnan(score), -np.inf, score)

    def bound(self, sums: Floats, total: Floats, reach: Reach) -> Floats:
        """As in ``CertainExcess.bound``: up to m* σ grows with m, from there it is monotone in 1 ÷ m.

        The size in σ is a weight here, at most the slice's.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total[X] / total[W]
            best = np.full(sums.shape[1], -np.inf)
            for m in _turns(sums, reach):
                top = np.minimum(sums[LOSS] / (m * reach.lightest), reach.most)
                size = np.minimum(sums[W], sums[W] / sums[N] * m) if reach.lightest == 1 else sums[W]
                best = np.maximum(best, self.alpha * (top / mean - 1) - (1 - self.alpha) * (total[W] / size - 1))
        best = np.where(np.isnan(best), np.inf, best)
        return np.where(sums[N] < reach.least, -np.inf, best)


def variance(sums: Floats) -> Floats:
    """The linearised variance of each mean Σwl ÷ Σw of independent samples; NaN below two."""
    mean = sums[X] / sums[W]
    square = np.maximum(sums[XX] - 2 * mean * sums[XW] + mean**2 * sums[WW], 0)
    n = np.where(sums[N] > 1, sums[N], np.nan)
    return np.asarray(n / (n - 1) * square / sums[W] ** 2)


def exceeds(child: Floats, parent: Floats, effect: float, z: float = 1.96) -> NDArray[np.bool_]:
    """Whether each child's mean loss is certainly above that of its parent without it.

    Not where nine tenths of the parent's samples are the child's: then they are the same slice.
    """
    rest = parent - child
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(effect * (variance(child) + variance(rest)))
        apart = child[X] / child[W] - rest[X] / rest[W] > z * error
    return np.asarray(apart & (child[N] < SAME * parent[N]))


SAME = 0.9
"""Slices that share so much of what they hold together (Jaccard) are one."""


def _turns(sums: Floats, reach: Reach) -> tuple[Floats, Floats]:
    """The sizes of a child at which a bound may be largest."""
    n = np.maximum(sums[N], reach.least)
    at = sums[LOSS] / (reach.most * reach.lightest) if reach.most > 0 else np.zeros(sums.shape[1])
    return np.clip(at, reach.least, n), n
