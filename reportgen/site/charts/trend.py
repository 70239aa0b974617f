"""One figure along an order: over versions, or over reports; each value with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from reportgen import numbers
from reportgen.model import Limits
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, level_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked, y_at
from reportgen.site.charts.theme import EFFECT, LIGHT

HEIGHT = 118
TOLD = 6
"""Up to so many points each has its value beside it; of more, the first and the last have."""

Role = Literal["baseline", "candidate", "other"]


@dataclass(frozen=True)
class TrendPoint:
    """One value on the way; ``short`` stands under it, ``name`` in the table; None: there is none."""

    name: str
    short: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    role: Role = "other"
    asides: tuple[str, ...] = ()  # more cells of the table


@unchecked
def trend(
    id: str,
    label: str,
    points: Sequence[TrendPoint],
    *,
    unit: Unit = "rate",
    change: bool = False,
    counts: bool = False,
    order: str = "Version",
    asides: Sequence[str] = (),
    level: float = Limits.level,
) -> Chart:
    """The chart of the points in their order, 300 px wide, which every window has room for.

    Ring the baseline, large dot the candidate, small dots others; the line only leads the eye. ``order`` heads the
    points in the table, ``asides`` its last columns; ``level`` is that of the intervals. Of a
    ``change`` each value bears its sign, rates are points, and 0 is on the axis. ``counts`` are whole and have no
    intervals; their axis begins at 0.
    """
    scale = scale_of(unit)
    held = [marks.scaled(v, scale) for one in points for v in (one.value, one.low, one.high)]
    span = (float(HEIGHT), 0.0)
    if change:
        axis = difference_axis(held, span=span, most=3)
    else:
        # below 4 there would be ticks between whole numbers
        axis = level_axis([*held, 4.0] if counts else held, unit, span=span, most=3, zero=counts)
    left = max(28.0, *(text.width(t) for t in axis.labels)) + 10
    plot = EFFECT - left - 14
    spec = _spec(axis, left, plot)
    head = (
        order,
        "Change" if change else "Value",
        *([] if counts else [f"{numbers.level(level)} interval"]),
        "n",
        *asides,
    )
    table = [_cells(one, unit, change=change, counts=counts) for one in points]
    rows = _rows(points, unit, plot, change=change, counts=counts)
    return build(id, label, spec, {"": rows}, head, {"": table})


def _cells(one: TrendPoint, unit: Unit, *, change: bool, counts: bool) -> tuple[str, ...]:
    n = numbers.MISSING if one.n is None else numbers.count(one.n)
    ends = numbers.difference_interval if change else numbers.interval
    points = " points" if change and unit == "rate" and one.value is not None else ""
    told = f"{_told(one.value, unit, change=change, counts=counts)}{points}"
    interval = () if counts else (ends(one.low, one.high, unit),)
    return (one.name, told, *interval, n, *one.asides)


def _told(value: float | None, unit: Unit, *, change: bool, counts: bool) -> str:
    if counts:
        return numbers.MISSING if value is None else numbers.count(int(value))
    return numbers.difference(value, unit) if change else numbers.value(value, unit)


def _rows(points: Sequence[TrendPoint], unit: Unit, plot: float, *, change: bool, counts: bool) -> list[Row]:
    scale, last = scale_of(unit), len(points) - 1
    room = plot / max(1, len(points)) - 4
    widest = max([0.0, *(text.width(one.short) for one in points)])
    every = max(1, math.ceil(widest / max(1.0, room))) if len(points) > TOLD else 1
    rows = []
    for i, one in enumerate(points):
        told = one.value is not None and (len(points) <= TOLD or i in {0, last})
        rows.append(
            {
                "t": "point",
                "at": i,
                "value": marks.scaled(one.value, scale),
                "low": marks.scaled(one.low, scale),
                "high": marks.scaled(one.high, scale),
                "top": marks.scaled(one.value if one.high is None else one.high, scale),
                "name": text.fit(one.short, room * every) if i % every == 0 else "",
                "told": _told(one.value, unit, change=change, counts=counts) if told else "",
                "role": one.role,
            }
        )
    return rows


def _spec(axis: ValueAxis, left: float, plot: float) -> Spec:
    at = alt.X("at:O", axis=None, scale=alt.Scale(paddingOuter=0, paddingInner=0))
    known = kind("point", "isValid(datum.value)")
    ranged = kind("point", "isValid(datum.low)")
    leads = known.mark_line(stroke=LIGHT["line2"], strokeWidth=1.5)
    rule = ranged.mark_rule(strokeWidth=1.5, stroke=LIGHT["ink3"])
    told = [
        known.mark_text(dy=-10, stroke=LIGHT["bg"], strokeWidth=4),  # the halo, under the figures
        known.mark_text(dy=-10, fill=LIGHT["ink"]),
    ]
    layers = [
        leads.encode(x=at, y=axis.y("value"), order=alt.Order("at:Q")),
        rule.encode(x=at, y=axis.y("low"), y2=alt.Y2("high")),
        *(
            kind("point", "isValid(datum.value)", f"datum.role === '{role}'")
            .mark_point(shape="circle", size=marks.circle(size), fill=fill, stroke=stroke, strokeWidth=wide, opacity=1)
            .encode(x=at, y=axis.y("value"))
            for role, size, fill, stroke, wide in (
                ("other", 3.4, LIGHT["mute"], LIGHT["mute"], 0),
                ("baseline", 4, LIGHT["surface"], LIGHT["ink3"], 1.6),
                ("candidate", 4.6, LIGHT["ink"], LIGHT["ink"], 0),
            )
        ),
        *(mark.encode(x=at, y=axis.y("top"), text=alt.Text("told:N")) for mark in told),
        kind("point").mark_text().encode(x=at, y=y_at(HEIGHT + 18), text=alt.Text("name:N")),
    ]
    return assemble(layers, width=plot, height=HEIGHT, padding=(20.0, 14.0, 28.0, left))
