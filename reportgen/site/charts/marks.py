"""The marks of the look, one home for each: what a verdict looks like, and the layers that charts are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Row, kind
from reportgen.site.charts.theme import AXIS_SIZE, LIGHT

VERDICTS = ["worse", "better", "unclear", "too_few"]

WORDS = {"worse": "▼ worse", "better": "▲ better", "unclear": "○ no clear change", "too_few": "too few to tell"}
"""A verdict in words, as tables have it."""

DOWN = "M-1,-0.866L1,-0.866L0,0.866Z"
UP = "M-1,0.866L1,0.866L0,-0.866Z"
LEFT = "M0,-1L-1.73,0L0,1Z"
RIGHT = "M0,-1L1.73,0L0,1Z"

TRIANGLE = 100
"""Area of a triangle mark: 10 px wide."""


def circle(radius: float) -> float:
    """The size of a circle mark of a radius in px."""
    return round(math.pi * radius**2, 2)


def by_verdict(worse: str, better: str, unclear: str) -> alt.Scale:
    """The scale from verdict to colour, by token."""
    return alt.Scale(domain=VERDICTS, range=[LIGHT[worse], LIGHT[better], LIGHT[unclear], LIGHT[unclear]])


MARK = by_verdict("worse-mark", "better-mark", "mute")
FILL = by_verdict("worse-mark", "better-mark", "surface")
NUMBER = by_verdict("worse", "better", "ink3")
NAME = by_verdict("ink", "ink2", "ink3")
SHAPE = alt.Scale(domain=VERDICTS, range=[DOWN, UP, "circle", "circle"])

CLEAR = "(datum.verdict === 'worse' || datum.verdict === 'better')"
"""A change beyond chance: an expression over a row."""


def weight(condition: str = CLEAR) -> Any:
    """Weight 600 where the condition holds, else 400."""
    return alt.expr(f"{condition} ? 600 : 400")


def y(**options: Any) -> alt.Y:
    """The position of a row: its band."""
    return alt.Y("row:O", axis=None, **options)


def interval(axis: ValueAxis, *, dy: float = 0, rows: str = "row") -> list[alt.Chart]:
    """Interval and value of a change: band where there are few samples, rule, arrow heads beyond the axis, mark.

    Rows have ``low`` and ``high`` (cut at the axis), ``value``, ``verdict``, ``few``, ``cut_low`` and ``cut_high``.
    """
    colour = alt.Color("verdict:N", scale=MARK)
    ends = {"y": y(), "x": axis.x("low"), "x2": alt.X2("high")}
    ranged = "isValid(datum.low)"
    band = kind(rows, ranged, "datum.few").mark_rule(strokeWidth=8, opacity=0.16, yOffset=dy)
    rule = kind(rows, ranged).mark_rule(strokeWidth=alt.expr(f"{CLEAR} ? 1.8 : 1.4"), yOffset=dy)
    mark = kind(rows, "isValid(datum.value)").mark_point(
        size=alt.expr(f"{CLEAR} ? {TRIANGLE} : {circle(4)}"),
        strokeWidth=alt.expr(f"{CLEAR} ? 0 : 1.5"),
        opacity=1,
        yOffset=dy,
    )
    heads = [
        kind(rows, ranged, f"datum.{cut}")
        .mark_point(shape=path, size=20, opacity=1, strokeWidth=0, yOffset=dy)
        .encode(x=axis.x(end), y=y(), fill=alt.Fill("verdict:N", scale=MARK))
        for cut, end, path in (("cut_low", "low", LEFT), ("cut_high", "high", RIGHT))
    ]
    return [
        band.encode(**ends, color=colour),
        rule.encode(**ends, color=colour),
        *heads,
        mark.encode(
            x=axis.x("value"),
            y=y(),
            fill=alt.Fill("verdict:N", scale=FILL),
            stroke=alt.Stroke("verdict:N", scale=MARK),
            shape=alt.Shape("verdict:N", scale=SHAPE),
        ),
    ]


def column(
    field: str,
    x: float,
    *,
    align: str = "left",
    dy: float = 0,
    size: float = AXIS_SIZE,
    colour: alt.Scale | str = "ink3",
    bold: str | None = None,
    halo: bool = False,
    rows: str = "row",
    where: Sequence[str] = (),
) -> alt.Chart:
    """A column of texts, one a row: the field's text at ``x`` px; ``bold`` is a condition, ``colour`` a token or scale."""
    options: dict[str, Any] = {"align": align, "dy": dy, "fontSize": size, "baseline": "middle"}
    if bold:
        options["fontWeight"] = weight(bold)
    if halo:
        options |= {"stroke": LIGHT["bg"], "strokeWidth": 4}
    if isinstance(colour, str):
        options["fill"] = LIGHT[colour]
    chart = kind(rows, *where).mark_text(**options).encode(x=alt.value(x), y=y(), text=alt.Text(f"{field}:N"))
    return chart if isinstance(colour, str) else chart.encode(fill=alt.Fill("verdict:N", scale=colour))


def word(
    text: str, x: float, y: float, *, align: str = "left", colour: str = "ink3", size: float = AXIS_SIZE, weight: int = 400
) -> Row:
    """A row that is a text of its own at a place in px, drawn by ``words``."""
    return {
        "t": "word",
        "text": text,
        "x": round(x, 2),
        "y": round(y, 2),
        "align": align,
        "fill": LIGHT[colour],
        "size": size,
        "weight": weight,
    }


def words(*, halo: bool = False, angle: float = 0, rows: str = "word") -> alt.Chart:
    """The layer that draws the rows made by ``word``."""
    options: dict[str, Any] = {"stroke": LIGHT["bg"], "strokeWidth": 4} if halo else {}
    return (
        kind(rows)
        .mark_text(
            x=alt.expr("datum.x"),
            y=alt.expr("datum.y"),
            align=alt.expr("datum.align"),
            fill=alt.expr("datum.fill"),
            fontSize=alt.expr("datum.size"),
            fontWeight=alt.expr("datum.weight"),
            angle=angle,
            baseline="middle",
            **options,
        )
        .encode(text=alt.Text("text:N"))
    )
