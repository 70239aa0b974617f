"""Reliability: how sure a version says it is, against how often it is right, with the number of samples below."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from reportgen import numbers
from reportgen.model import Limits
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.theme import LIGHT, NARROW, THIRD

CLEARLY = 0.02
"""A version is too sure of a group where its whole interval lies further than this below the line."""
FEW = 50
"""Groups of fewer samples are drawn pale."""
LEAST = 5
"""Groups of fewer samples are not drawn; they stay in the bars."""

Honesty = Literal["too_sure", "honest", "few"]
WORDS: Mapping[Honesty, str] = {"too_sure": "▼ too sure", "honest": "no clear gap", "few": "few"}

LEFT, RIGHT, TOP, BOTTOM = 44.0, 18.0, 24.0, 42.0
FLOOR, TALLEST = -24.0, 14.0
"""Where the bars stand, and the height of the largest, in the units of the axis."""
NOTICED = 0.8
"""A bar higher than its neighbour by this hides the part of the neighbour's count that reaches over it."""
_KINDS = ["too_sure", "honest", "few"]


@dataclass(frozen=True)
class ReliabilityBin:
    """The samples of which a version was as sure as ``low`` to ``high``; all but the counts are 0 to 1."""

    low: float
    high: float
    n: int
    confidence: float | None  # the mean, null where there is none
    right: float | None
    right_low: float | None
    right_high: float | None

    @property
    def honesty(self) -> Honesty:
        """Whether the version claims more than it delivers."""
        if self.n < FEW or self.confidence is None or self.right_high is None:
            return "few"
        return "too_sure" if self.right_high < self.confidence - CLEARLY else "honest"


@unchecked
def reliability(
    id: str,
    label: str,
    bins: Sequence[ReliabilityBin],
    *,
    noun: str = "samples",
    alternatives: Mapping[str, Sequence[ReliabilityBin]] | None = None,
    level: float = Limits.level,
) -> Chart:
    """The diagram of one version in one slice; ``alternatives`` are other slices' bins by key."""
    found = {"": tuple(bins), **{key: tuple(other) for key, other in (alternatives or {}).items()}}
    head = ("Says it is sure", noun.capitalize(), "Mean", "Is right", f"{numbers.level(level)} interval", "Reads")
    tables = {key: [_cells(one) for one in part if one.n] for key, part in found.items()}
    rows = {key: _rows(part) for key, part in found.items()}
    return build(id, label, _spec(THIRD), rows, head, tables, narrow=_spec(NARROW))


def _cells(one: ReliabilityBin) -> tuple[str, ...]:
    return (
        f"{numbers.plain(one.low * 100, 0)}{numbers.ELLIPSIS}{numbers.rate(one.high, 0)}",
        numbers.count(one.n),
        numbers.rate(one.confidence),
        numbers.rate(one.right) if one.n >= LEAST else numbers.MISSING,
        numbers.interval(one.right_low, one.right_high, "rate") if one.n >= LEAST else numbers.MISSING,
        WORDS[one.honesty],
    )


def _rows(bins: Sequence[ReliabilityBin]) -> list[Row]:
    most = max([1, *(one.n for one in bins)])
    named = _named(bins)
    found: list[Row] = [
        {"t": "line", "x": 0, "y": 0, "x2": 100, "y2": 100},
        {"t": "along", "x": 26, "y": 26, "text": "as sure as right"},
        marks.word("across", "how sure it says it is"),
        marks.word("up", "how often it is right"),
    ]
    for i, one in enumerate(bins):
        if not one.n:
            continue
        height = TALLEST * one.n / most
        found.append(
            {
                "t": "bar",
                "x": one.low * 100 + 0.15,
                "x2": one.high * 100 - 0.15,
                "middle": (one.low + one.high) * 50,
                "y": FLOOR,
                "y2": FLOOR + height,
                "text": numbers.short_count(one.n) if i in named else "",
            }
        )
        if one.n >= LEAST and one.confidence is not None and one.right is not None:
            found.append(
                {
                    "t": "bin",
                    "kind": one.honesty,
                    "x": one.confidence * 100,
                    "y": one.right * 100,
                    "low": marks.scaled(one.right_low, 100),
                    "high": marks.scaled(one.right_high, 100),
                }
            )
    return found


def _named(bins: Sequence[ReliabilityBin]) -> set[int]:
    """The bars whose count is written: the largest first, and then all that have room beside those."""
    plot = NARROW - LEFT - RIGHT
    most = max([1, *(one.n for one in bins)])
    taken: list[tuple[float, float]] = []
    named: set[int] = set()
    for i in sorted(range(len(bins)), key=lambda i: (-bins[i].n, i)):
        one = bins[i]
        middle, half = (one.low + one.high) / 2 * plot, text.width(numbers.short_count(one.n)) / 2 + 2
        taller = max((bins[j].n for j in (i - 1, i + 1) if 0 <= j < len(bins)), default=0) - one.n
        hides = TALLEST * taller / most > NOTICED and half > (one.high - one.low) / 2 * plot
        if one.n and not hides and all(middle + half <= start or middle - half >= end for start, end in taken):
            named.add(i)
            taken.append((middle - half, middle + half))
    return named


def _by_kind(too_sure: str, honest: str, few: str) -> alt.Scale:
    return alt.Scale(domain=_KINDS, range=[LIGHT[too_sure], LIGHT[honest], LIGHT[few]])


def _spec(width: float) -> Spec:
    plot = width - LEFT - RIGHT
    height = round(plot * 1.06)
    x = ValueAxis(0, 100, (0, 25, 50, 75, 100), ("0", "25", "50", "75", "100%"), (0, plot))
    y = ValueAxis(FLOOR, 100, (0, 25, 50, 75, 100), ("0", "25", "50", "75", "100%"), (height, 0))
    slope = 360 - _angle(plot, height * 100 / (100 - FLOOR))

    ends = {"x": x.x("x", grid=False), "y": y.y("y"), "x2": alt.X2("x2"), "y2": alt.Y2("y2")}
    shape = alt.Scale(domain=_KINDS, range=[marks.DOWN, "circle", "circle"])
    layers = [
        kind("bar").mark_rect(fill=LIGHT["line2"]).encode(**ends),
        kind("bar", "datum.text")
        .mark_text(dy=-8, fill=LIGHT["ink3"])
        .encode(x=x.x("middle", grid=False), y=y.y("y2"), text=alt.Text("text:N")),
        kind("line").mark_rule(stroke=LIGHT["control"], strokeWidth=1, strokeDash=[2, 3]).encode(**ends),
        kind("along")
        .mark_text(angle=slope, dy=-9, fill=LIGHT["ink3"], stroke=LIGHT["bg"], strokeWidth=4)
        .encode(x=x.x("x", grid=False), y=y.y("y"), text=alt.Text("text:N")),
        kind("bin", "isValid(datum.low)")
        .mark_rule(strokeWidth=1.8)
        .encode(
            x=x.x("x", grid=False),
            y=y.y("low"),
            y2=alt.Y2("high"),
            stroke=alt.Stroke("kind:N", scale=_by_kind("worse-mark", "ink", "mute")),
        ),
        kind("bin")
        .mark_point(
            size=alt.expr(f"datum.kind === 'too_sure' ? {marks.TRIANGLE} : {marks.circle(4)}"),
            strokeWidth=alt.expr("datum.kind === 'few' ? 1.5 : 0"),
            opacity=1,
        )
        .encode(
            x=x.x("x", grid=False),
            y=y.y("y"),
            shape=alt.Shape("kind:N", scale=shape),
            fill=alt.Fill("kind:N", scale=_by_kind("worse-mark", "ink", "surface")),
            stroke=alt.Stroke("kind:N", scale=_by_kind("worse-mark", "ink", "mute")),
        ),
        marks.caption("across", 0, height + 32),
        marks.caption("up", -LEFT, -14),
    ]
    return assemble(layers, width=plot, height=height, padding=(TOP, RIGHT, BOTTOM, LEFT))


def _angle(width: float, height: float) -> float:
    """The slope of the diagonal in degrees, to one decimal."""
    return round(math.degrees(math.atan2(height, width)), 1)
