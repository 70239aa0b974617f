"""A figure of the tables held against a limit: the one rule that gates and beliefs share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from reportgen import numbers
from reportgen.analysis.power import smallest_drop
from reportgen.model import GateKind, Support
from reportgen.stats.distributions import normal_two_sided, two_sided_z
from reportgen.stats.significance import benjamini_hochberg

Row = dict[str, Any]
Side = Literal["within", "spans", "beyond"]

NEAR = 0.7
"""A drop or a ceiling of which more than this share is used up is near its limit."""


@dataclass(frozen=True)
class Bound:
    """What a figure may not pass: a floor or a ceiling, in the figure's own sign."""

    at: float
    is_floor: bool

    def excess(self, value: float) -> float:
        """How far a value lies beyond; below 0 within."""
        return self.at - value if self.is_floor else value - self.at

    def side(self, low: float, high: float) -> Side:
        """Where an interval lies: wholly beyond, wholly within (it may touch), or on both sides."""
        best, worst = (high, low) if self.is_floor else (low, high)
        if self.excess(best) > 0:
            return "beyond"
        return "spans" if self.excess(worst) > 0 else "within"


@dataclass(frozen=True)
class Reading:
    """A figure with its interval, as the tables have it; ``reason`` says why there is none."""

    slice: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    support: Support = "counts"
    q: float | None = None  # of no change; p where the slice stands outside every family
    decimals: int | None = None
    is_critical: bool = False
    reason: str = ""
    smallest_drop: float | None = None  # that its samples could show, of a difference alone

    @property
    def is_tested(self) -> bool:
        """Whether its number of samples bears a verdict; a critical slice always does."""
        return self.is_critical or self.support in {"test", "decide"}

    @property
    def decides(self) -> bool:
        """Whether it bears any verdict, not only one with the whole interval beyond a limit."""
        return self.is_critical or self.support == "decide"


def bound_of(kind: GateKind, limit: float, *, higher_is_better: bool) -> Bound:
    """The bound of a gate's figure: a drop is a floor under the difference where higher is better, else a ceiling."""
    if kind == "max_drop":
        return Bound(-limit, is_floor=True) if higher_is_better else Bound(limit, is_floor=False)
    return Bound(limit, is_floor=kind == "min")


def level_of(row: Row, *, is_critical: bool = False) -> Reading:
    """The reading of a line of the estimates."""
    return Reading(
        row["slice"],
        row["value"],
        row["low"],
        row["high"],
        row["n"],
        row["support"],
        None,
        None,
        is_critical,
        row["reason"] or "",
    )


def change_of(row: Row, level: float, *, is_critical: bool = False) -> Reading:
    """The reading of a line of the comparisons, whose intervals are of that level."""
    return Reading(
        row["slice"],
        row["delta"],
        row["low"],
        row["high"],
        row["n"],
        row["support"],
        row["p"] if row["q"] is None else row["q"],
        row["decimals"],
        is_critical,
        smallest_drop=smallest_drop(row, level),
    )


def is_near(kind: GateKind, limit: float, bound: Bound, reading: Reading, unit: numbers.Unit) -> bool:
    """Whether a figure that passes is near its limit: used up beyond ``NEAR``, or a floor that its interval touches.

    An interval touches a floor where its end and the floor read the same as printed.
    """
    if reading.value is None:
        return False
    if kind == "min":
        return reading.low is not None and numbers.value(reading.low, unit) == numbers.value(limit, unit)
    used = -reading.value if bound.is_floor else reading.value
    return limit > 0 and used > NEAR * limit * (1 + 1e-9)


def q_beyond(readings: Sequence[Reading], bound: Bound, level: float) -> list[float]:
    """How surely each of many figures lies beyond a bound, corrected for their number (Benjamini-Hochberg).

    The p of each follows from its interval: the distance to the bound in half-widths of the side that faces it, as a
    normal statistic. A figure without an interval has 1.
    """
    z = two_sided_z(level)
    p = np.ones(len(readings))
    for i, one in enumerate(readings):
        if one.value is None or one.low is None or one.high is None or bound.excess(one.value) <= 0:
            continue
        half = one.high - one.value if bound.is_floor else one.value - one.low
        p[i] = float(normal_two_sided(z * bound.excess(one.value) / half)) if half > 0 else 0.0
    return [float(q) for q in benjamini_hochberg(p)] if len(p) else []
