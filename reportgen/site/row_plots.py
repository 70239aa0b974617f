"""The small plots in table rows: an axis shared down the column, and the paths of its dots, rules and triangles.

Own SVG stands in table rows only; every chart with an axis of its own is an Altair chart. The browser draws the same
paths in ``assets/js/row_plots.js``; ``tests/contract/row_plots.json`` holds both to them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from reportgen import numbers
from reportgen.model import Support, Verdict
from reportgen.numbers import Unit

WIDTH_LEVEL = 168
WIDTH_CHANGE = 132
HEIGHT = 38
COUNT_WIDTH, COUNT_HEIGHT = 200, 21
PAD = 8
"""Free pixels left and right of an axis: room for a mark at its end, and for the arrow of one beyond it."""

_LETTER = 7.5
_PLUS = 3
"""By how much a plus is wider than a digit."""
_AIR = 4
_BASELINE_Y, _CANDIDATE_Y, _ALONE_Y = 13, 25, 19


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in pixels, and its label."""

    x: float
    label: str


@dataclass(frozen=True)
class Scale:
    """A linear axis: ``low`` and ``high`` in the metric's own unit, ``width`` in pixels."""

    low: float
    high: float
    width: int
    ticks: tuple[Tick, ...]

    def at(self, value: float) -> float:
        """The pixel of a value, one decimal; beyond the ends the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return _pixel(PAD + share * (self.width - 2 * PAD))

    def holds(self, value: float) -> bool:
        """Whether the value lies on the axis."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class LevelPlot:
    """SVG paths of a row's levels: the axis' grid, and for each version the rule of its interval and its mark."""

    grid: str
    baseline_rule: str
    baseline_mark: str
    rule: str
    mark: str


@dataclass(frozen=True)
class ChangePlot:
    """SVG paths of a row's change; ``band`` stands behind the rule where the slice has too few samples to decide."""

    grid: str
    zero: str
    band: str
    rule: str
    mark: str
    verdict: Verdict


def level_scale(values: Iterable[float | None], unit: Unit) -> Scale:
    """The axis that holds all levels (interval ends), its ends rounded outward; rates stay within 0 and 100 %."""
    known = [v for v in values if v is not None and math.isfinite(v)] or [0.0, 1.0]
    low, high = min(known), max(known)
    if unit == "rate":
        low, high = max(0.0, low), min(1.0, high)
        if low == high:  # a little room around the one value
            low, high = max(0.0, low - 0.01), min(1.0, high + 0.01)
    return _scale(low, high, WIDTH_LEVEL, unit, signed=False)


def change_scale(values: Iterable[float | None], unit: Unit) -> Scale:
    """The axis that holds 0 and all differences (interval ends), its ends rounded outward."""
    known = [v for v in values if v is not None and math.isfinite(v)]
    return _scale(min([0.0, *known]), max([0.0, *known]), WIDTH_CHANGE, unit, signed=True)


def _scale(low: float, high: float, width: int, unit: Unit, *, signed: bool) -> Scale:
    if high <= low:
        low, high = low - 0.005, high + 0.005
    step = _step((high - low) / 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    factor = 100 if unit == "rate" else 1
    places = max(0, -math.floor(math.log10(step * factor) + 1e-9))
    scale = Scale(first * step, last * step, width, ())
    ticks = []
    for k in range(first, last + 1):
        text = (numbers.signed if signed else numbers.plain)(k * step * factor, places)
        ticks.append(Tick(scale.at(k * step), "0" if k == 0 else text))
    shown = _thinned(ticks)
    if unit == "rate" and not signed:
        shown[-1] = Tick(shown[-1].x, shown[-1].label + "%")
    return Scale(first * step, last * step, width, tuple(shown))


def _step(rough: float) -> float:
    """The round number (1, 2 or 5 times a power of ten) next above."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= rough * 0.999)


def _thinned(ticks: list[Tick]) -> list[Tick]:
    """Both ends, "0" where it is a tick, and between them every one, every second … as far as labels have room."""
    last = len(ticks) - 1
    anchor = next((i for i, tick in enumerate(ticks) if tick.label == "0"), last)
    for every in range(1, last + 1):
        kept = [i for i in range(last + 1) if i in {0, anchor, last} or (i - anchor) % every == 0]
        boxes = [_box(ticks[i], first=i == 0, last=i == last) for i in kept]
        if all(right + _AIR <= left for (_, right), (left, _) in pairwise(boxes)):
            return [ticks[i] for i in kept]
    return [ticks[i] for i in sorted({anchor, 0 if last - anchor < anchor else last})]


def _box(tick: Tick, *, first: bool, last: bool) -> tuple[float, float]:
    """Where a label stands: in the middle under its tick, at the ends of the axis within the plot."""
    wide = len(tick.label) * _LETTER + _PLUS * tick.label.startswith("+")
    left = tick.x - (PAD if first else wide - PAD if last else wide / 2)
    return left, left + wide


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval, in the metric's own unit."""

    value: float
    low: float | None
    high: float | None


def level_plot(scale: Scale, baseline: Interval | None, candidate: Interval | None) -> LevelPlot:
    """The row of levels: baseline as a ring above, candidate as a dot below; a version alone stands in the middle."""
    above, below = (_BASELINE_Y, _CANDIDATE_Y) if baseline else (_ALONE_Y, _ALONE_Y)
    return LevelPlot(
        _grid(scale),
        _rule(scale, baseline, above) if baseline else "",
        _dot(scale, baseline, above, 4) if baseline else "",
        _rule(scale, candidate, below) if candidate else "",
        _dot(scale, candidate, below, 4.6) if candidate else "",
    )


def change_plot(scale: Scale, change: Interval | None, verdict: Verdict, support: Support) -> ChangePlot:
    """The row of the change: a triangle beyond chance, a ring otherwise, an arrow head where it runs off the axis."""
    zero = f"M{_text(scale.at(0))} 0V{HEIGHT}" if scale.holds(0) else ""
    if change is None:
        return ChangePlot(_grid(scale), zero, "", "", "", verdict)
    rule = _rule(scale, change, _ALONE_Y)
    band = ""
    if support != "decide" and change.low is not None and change.high is not None:
        left, right = _text(scale.at(change.low)), _text(scale.at(change.high))
        band = f"M{left} {_ALONE_Y - 4}H{right}V{_ALONE_Y + 4}H{left}Z"
    x = scale.at(change.value)
    if not scale.holds(change.value):
        mark = _arrow(x, _ALONE_Y, -1 if change.value < scale.low else 1)
    elif verdict == "worse":
        mark = f"M{_text(x - 5)} {_ALONE_Y - 4}h10l-5 8.6z"
    elif verdict == "better":
        mark = f"M{_text(x - 5)} {_ALONE_Y + 4}h10l-5 -8.6z"
    else:
        mark = _circle(x, _ALONE_Y, 4)
    return ChangePlot(_grid(scale), zero, band, rule, mark, verdict)


@dataclass(frozen=True)
class CountPlot:
    """SVG paths of two counts on one line from 0: the way between them, the ring before and the dot now."""

    way: str
    ring: str
    dot: str


def count_plot(most: int, before: int | None, after: int) -> CountPlot:
    """The row of a count before (none: one version alone) and now, on the axis from 0 to ``most``."""
    y = COUNT_HEIGHT / 2

    def at(n: int) -> float:
        return _pixel(PAD + n / most * (COUNT_WIDTH - 2 * PAD))

    if before is None:
        return CountPlot("", "", _circle(at(after), y, 4.6))
    return CountPlot(
        f"M{_text(at(before))} {y:g}H{_text(at(after))}", _circle(at(before), y, 4), _circle(at(after), y, 4.6)
    )


def _grid(scale: Scale) -> str:
    return "".join(f"M{_text(tick.x)} 0V{HEIGHT}" for tick in scale.ticks)


def _rule(scale: Scale, interval: Interval, y: int) -> str:
    if interval.low is None or interval.high is None:
        return ""
    path = f"M{_text(scale.at(interval.low))} {y}H{_text(scale.at(interval.high))}"
    if interval.low < scale.low and scale.holds(interval.value):
        path += _arrow(scale.at(interval.low), y, -1)
    if interval.high > scale.high and scale.holds(interval.value):
        path += _arrow(scale.at(interval.high), y, 1)
    return path


def _dot(scale: Scale, interval: Interval, y: int, radius: float) -> str:
    x = scale.at(interval.value)
    if scale.holds(interval.value):
        return _circle(x, y, radius)
    return _arrow(x, y, -1 if interval.value < scale.low else 1)


def _arrow(x: float, y: int, side: int) -> str:
    """An arrow head whose tip stands at the axis' end and points outward."""
    return f"M{_text(x + 5 * side)} {y}l{-6 * side} -3.5v7z"


def _circle(x: float, y: float, radius: float) -> str:
    r = _text(radius)
    return f"M{_text(x - radius)} {y:g}a{r} {r} 0 1 0 {_text(2 * radius)} 0a{r} {r} 0 1 0 {_text(-2 * radius)} 0z"


def _pixel(x: float) -> float:
    return math.floor(x * 10 + 0.5) / 10


def _text(x: float) -> str:
    return f"{_pixel(x) + 0.0:g}"
