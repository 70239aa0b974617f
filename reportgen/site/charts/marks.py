"""The marks of the look, one home for each: what a verdict looks like, and the layers that charts are made of.

Rows carry what is meant (a verdict, a name, its figures as text); where and how it is drawn stands in the spec, so that
the same rows serve the wide and the narrow layout and a script can give others.
"""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow
from reportgen.numbers import Unit
from reportgen.site import words
from reportgen.site.charts import text
from reportgen.site.charts.axis import ValueAxis, scale_of
from reportgen.site.charts.chart import Row, kind, x_at, y_at
from reportgen.site.charts.theme import AXIS_SIZE, LIGHT, NAME_SIZE

VERDICTS = ["worse", "better", "unclear", "too_few"]
WORDS = {verdict: f"{words.SIGNS[verdict]} {word}".strip() for verdict, word in words.VERDICTS.items()}
"""A verdict in words, as tables have it."""

DOWN = "M-1,-0.866L1,-0.866L0,0.866Z"
UP = "M-1,0.866L1,0.866L0,-0.866Z"
LEFT = "M0.5,-1L-1,0L0.5,1Z"
RIGHT = "M-0.5,-1L1,0L-0.5,1Z"

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
WORSE = "datum.verdict === 'worse'"


def change(row: EffectRow, axis: ValueAxis, unit: Unit) -> Row:
    """The fields of a change: value and ends as the axis shows them, cut at its ends, and the figures as text."""
    scale = scale_of(unit)
    low, high, cut_low, cut_high = axis.cut(scaled(row.low, scale), scaled(row.high, scale))
    drawn = row.support != "counts"
    return {
        "value": scaled(row.value, scale) if drawn else None,
        "low": low if drawn else None,
        "high": high if drawn else None,
        "cut_low": cut_low,
        "cut_high": cut_high,
        "few": row.support != "decide",
        "verdict": row.verdict,
        "change": numbers.difference(row.value, unit, row.decimals) if drawn else numbers.MISSING,
        "ends": numbers.difference_interval(row.low, row.high, unit, row.decimals) if drawn else "",
    }


def scaled(value: float | None, scale: float) -> float | None:
    """The value in shown units."""
    return None if value is None else value * scale


def told(n: int, support: str) -> str:
    """A count as text, with "few" where nothing is tested on it."""
    return f"{numbers.count(n)}{' few' if support in {'show', 'counts'} else ''}"


def weight(condition: str = CLEAR) -> Any:
    """Weight 600 where the condition holds, else 400."""
    return alt.expr(f"{condition} ? 600 : 400")


def y() -> alt.Y:
    """The position of a row: its band."""
    return alt.Y("row:O", axis=None)


def interval(axis: ValueAxis, *, dy: float = 0, rows: str = "row") -> list[alt.Chart]:
    """Interval and value of a change: band where there are few samples, rule, arrow heads beyond the axis, mark.

    Rows have the fields of ``change``.
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
        .mark_point(shape=path, size=80, opacity=1, strokeWidth=0, yOffset=dy)
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
    dy: float | alt.ExprRef = 0,
    size: float = AXIS_SIZE,
    colour: alt.Scale | str = "ink3",
    bold: str = "",
    halo: bool = False,
    rows: str = "row",
) -> alt.Chart:
    """The field's text at ``x`` px in every row; ``bold`` is a condition, ``colour`` a token or a scale."""
    options: dict[str, Any] = {"align": align, "dy": dy, "fontSize": size}
    if bold:
        options["fontWeight"] = weight(bold)
    if halo:
        options |= {"stroke": LIGHT["bg"], "strokeWidth": 4}
    if isinstance(colour, str):
        options["fill"] = LIGHT[colour]
    fill = {} if isinstance(colour, str) else {"fill": alt.Fill("verdict:N", scale=colour)}
    mark = kind(rows).mark_text(**options)
    texts: alt.Chart = mark.encode(x=x_at(x), y=y(), text=alt.Text(f"{field}:N"), **fill)
    return texts


def names(field: str, x: float, *, dy: float = 0, align: str = "left", halo: bool = False) -> alt.Chart:
    """The column of row names: 600 where worse, pale where no clear change."""
    return column(field, x, dy=dy, align=align, size=NAME_SIZE, colour=NAME, bold=WORSE, halo=halo)


def word(kind: str, told: str) -> Row:
    """A row that is a text of its own; where its kind stands is the layout's."""
    return {"t": kind, "text": told}


def caption(
    rows: str,
    x: float | str,
    y: float | str,
    *,
    align: str = "left",
    colour: str = "ink3",
    size: float = AXIS_SIZE,
    weight: int = 400,
    halo: bool = False,
) -> alt.Chart:
    """The texts of one kind at a place in px, or where an expression over the plot's ``width`` and ``height`` says."""
    options: dict[str, Any] = {"stroke": LIGHT["bg"], "strokeWidth": 4} if halo else {}
    options |= {name: alt.expr(at) if isinstance(at, str) else at for name, at in (("x", x), ("y", y))}
    options |= {"align": align, "fill": LIGHT[colour], "fontSize": size, "fontWeight": weight}
    texts: alt.Chart = kind(rows).mark_text(**options).encode(text=alt.Text("text:N"))
    return texts


def sign(which: str, x: float | str, y: float, *, size: float) -> alt.Chart:
    """The triangle of worse or better at a place in px, where there is a word of that kind."""
    shape = DOWN if which == "worse" else UP
    mark = kind(which).mark_point(shape=shape, size=size, fill=LIGHT[which], strokeWidth=0, opacity=1)
    drawn: alt.Chart = mark.encode(x=x_at(alt.expr(x) if isinstance(x, str) else x), y=y_at(y))
    return drawn


def widest(texts: list[str], least: float, size: float = AXIS_SIZE, weight: int = 400) -> float:
    """The room in px that a column of these texts needs."""
    return max([least, *(text.width(t, size, weight) for t in texts)])
