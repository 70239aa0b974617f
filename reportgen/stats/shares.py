"""Shares of one population that overlap as they like: the sums from which each one's interval follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reportgen.stats.statistic import Array, Floats, Ints, Sums


@dataclass(frozen=True, eq=False)
class Population:
    """Samples with the group and the weight of each: ``group`` are codes from 0; none: each stands for itself."""

    n: int
    group: Ints | None = None
    weight: Floats | None = None

    def sums(self, parts: Iterable[Array]) -> Sums:
        """The sums of each part's share (``intervals.ratio_intervals``, binary); a part are flags, one a sample."""
        each = np.ones(self.n) if self.weight is None else self.weight
        of_unit: Floats = each if self.group is None else np.bincount(self.group, each).astype(np.float64)
        rows = [self._sum(np.flatnonzero(part), each, of_unit) for part in parts]
        x, xw, xx = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        k = len(rows)
        return Sums(
            n=np.full(k, self.n, np.int64),
            units=np.full(k, np.count_nonzero(of_unit), np.int64),
            w=np.full(k, of_unit.sum()),
            x=x,
            ww=np.full(k, (of_unit**2).sum()),
            xw=xw,
            xx=xx,
            weighted=self.weight is not None,
            grouped=self.group is not None,
        )

    def _sum(self, inside: Ints, each: Floats, of_unit: Floats) -> tuple[float, float, float]:
        x = each[inside]
        if self.group is None:
            squares = float((x**2).sum())
            return float(x.sum()), squares, squares
        mine = np.bincount(self.group[inside], x, len(of_unit))
        return float(mine.sum()), float((mine * of_unit).sum()), float((mine**2).sum())


def ratio_of_shares(
    p: Floats, p_low: Floats, p_high: Floats, q: Floats, q_low: Floats, q_high: Floats
) -> tuple[Floats, Floats, Floats]:
    """The ratio p ÷ q of two independent shares, with the interval that follows from theirs.

    NaN where q is 0; the upper limit is NaN where q may be 0. Source: MOVER-R, Newcombe, Stat Methods Med Res 25:1774,
    2016; Donner, Zou, Stat Methods Med Res 21:347, 2012.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(q > 0, p / q, np.nan)
        below = (p * q) ** 2 - p_low * q_high * (2 * p - p_low) * (2 * q - q_high)
        above = (p * q) ** 2 - p_high * q_low * (2 * p - p_high) * (2 * q - q_low)
        slope = q_high * (2 * q - q_high)
        low = np.where(
            slope == 0, p_low * (2 * p - p_low) / (2 * p * q), (p * q - np.sqrt(np.maximum(below, 0))) / slope
        )
        high = (p * q + np.sqrt(np.maximum(above, 0))) / (q_low * (2 * q - q_low))
    low = np.where(p_low > 0, low, 0.0)
    return ratio, np.where(np.isnan(ratio), np.nan, low), np.where(np.isnan(ratio) | (q_low <= 0), np.nan, high)
