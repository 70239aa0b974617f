"""The value axis: where it begins and ends, its ticks, and how they are written."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from reportgen import numbers
from reportgen.numbers import Unit
from reportgen.site.charts.theme import DATA, LIGHT


def scale_of(unit: Unit) -> float:
    """What a metric's value is multiplied by on an axis: rates are shown in percent and points."""
    return 100.0 if unit == "rate" else 1.0


SMALLEST = 1e-6
"""Shown values that differ by less are one: no figure has so many decimals."""


@dataclass(frozen=True)
class ValueAxis:
    """A linear axis in shown units (points, percent, or the metric's own), with its ticks and their labels.

    ``span`` is where it lies, in px from the left of the plot. ``follows``: the chart's first row holds the ends, ticks
    and labels (``row``), so that each of its alternatives has its own.
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    span: tuple[float, float]
    follows: bool = False

    def row(self) -> dict[str, Any]:
        """The axis as a row of data, which has to be the first."""
        return {"t": "axis", "ends": [self.low, self.high], "ticks": list(self.ticks), "labels": list(self.labels)}

    def x(self, name: str, *, grid: bool = True) -> alt.X:
        """The horizontal position of a field on this axis; the zero line is darker than the grid."""
        return alt.X(f"{name}:Q", scale=self._scale(), axis=self._axis("bottom", grid=grid))

    def y(self, name: str, *, grid: bool = True) -> alt.Y:
        """The vertical position of a field on this axis, whose ``span`` then goes from the bottom to the top."""
        return alt.Y(f"{name}:Q", scale=self._scale(), axis=self._axis("left", grid=grid))

    def _scale(self) -> alt.Scale:
        first = f"data('{DATA}')[0]"
        ends = [alt.expr(f"{first}.ends[{i}]") for i in (0, 1)] if self.follows else [self.low, self.high]
        return alt.Scale(domain=ends, range=list(self.span), nice=False, zero=False)

    def _axis(self, orient: Literal["bottom", "left"], *, grid: bool) -> alt.Axis:
        first = f"data('{DATA}')[0]"
        places = f"{first}.ticks" if self.follows else json.dumps(self.ticks)
        words = f"{first}.labels" if self.follows else json.dumps(self.labels, ensure_ascii=False)
        colour = alt.condition("datum.value === 0", alt.value(LIGHT["control"]), alt.value(LIGHT["line"]))
        return alt.Axis(
            orient=orient,
            values=alt.expr(places) if self.follows else list(self.ticks),
            labelExpr=f"{words}[indexof({places}, datum.value)]",
            grid=grid,
            gridColor=colour,
        )

    def at(self, value: float) -> float:
        """Where a value lies, in px."""
        start, end = self.span
        return start + (value - self.low) / (self.high - self.low) * (end - start)

    def beside(self, value: float, px: float) -> float | str:
        """The place so far right of a value, in px; where the axis follows, an expression of it."""
        if not self.follows:
            return self.at(value) + px
        start, end = self.span
        low, high = (f"data('{DATA}')[0].ends[{i}]" for i in (0, 1))
        return f"{start + px} + ({value} - {low}) / ({high} - {low}) * {end - start}"

    def cut(self, low: float | None, high: float | None) -> tuple[float | None, float | None, bool, bool]:
        """The part of an interval that is on the axis, and whether it goes on below and above."""
        if low is None or high is None:
            return None, None, False, False
        return max(low, self.low), min(high, self.high), low < self.low, high > self.high


def _step(width: float, most: int) -> float:
    """The smallest round step that cuts the width into at most ``most`` parts."""
    power = 10.0 ** math.floor(math.log10(width / most))
    return next(m * power for m in (1, 2, 5, 10, 20) if width / (m * power) <= most)


def _ticks(low: float, high: float, step: float) -> tuple[tuple[float, ...], int]:
    """The multiples of a step between the ends, and their decimals."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(i * step, decimals) + 0.0 for i in range(first, last + 1)), decimals


def _signed(tick: float, decimals: int) -> str:
    """The tick with its sign, without decimals that are all zero."""
    return "0" if tick == 0 else numbers.signed(tick, 0 if tick == round(tick) else decimals)


def difference_axis(
    values: Iterable[float | None], *, span: tuple[float, float], most: int = 5, side: float = 0.12
) -> ValueAxis:
    """The axis of differences in shown units: 0 is on it, and each side of 0 has at least the share ``side``."""
    known = [v for v in values if v is not None and math.isfinite(v)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high - low < SMALLEST:
        low, high = -1.0, 1.0
    width = (high - low) * 1.04
    low, high = (low - 0.02 * width if low < 0 else 0.0), (high + 0.02 * width if high > 0 else 0.0)
    low, high = min(low, -side * width), max(high, side * width)
    step = _step(high - low, most)
    ticks, decimals = _ticks(low, high, step)
    readable = step / 2 / (high - low) * (span[1] - span[0]) >= 30
    ends = (readable and min(ticks) == 0 and low < -step / 2, readable and max(ticks) == 0 and high > step / 2)
    if any(ends):
        # a side without a tick gets the half step, so that its size can be read
        half, decimals = step / 2, _ticks(low, high, step / 2)[1]
        ticks = ((-half,) if ends[0] else ()) + ticks + ((half,) if ends[1] else ())
    labels = [_signed(t, decimals) for t in ticks]
    return ValueAxis(low, high, ticks, tuple(labels), span)


def level_axis(
    values: Iterable[float | None], unit: Unit, *, span: tuple[float, float], most: int = 4, zero: bool = False
) -> ValueAxis:
    """The axis of values in shown units: from 0 where values begin near it, or ``zero``; its ends are ticks."""
    known = [v for v in values if v is not None and math.isfinite(v)] or [0.0, 1.0]
    low, high = min(known), max(known)
    if zero or 0 <= low < 0.5 * high:
        low = 0.0
    if high - low < SMALLEST:
        around = abs(low) / 10 if abs(low) > SMALLEST else 1.0
        low, high = low - around, high + around
    step = _step(high - low, most)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if unit == "rate":
        low, high = max(low, 0.0), min(high, 100.0)
    ticks, decimals = _ticks(low, high, step)
    labels = [numbers.plain(t, decimals) for t in ticks]
    if unit == "rate":
        labels[-1] += "%"
    return ValueAxis(low, high, ticks, tuple(labels), span)
