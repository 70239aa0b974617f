"""What the charts of curves share: two versions told apart by ink and dash, each with the band of its intervals."""

from __future__ import annotations

from typing import Any

import altair as alt

from reportgen.site.charts import marks
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import kind, kinds
from reportgen.site.charts.theme import LIGHT


def curve(rows: tuple[str, ...], x: ValueAxis, y: ValueAxis, field: str, *, baseline: bool) -> list[alt.Chart]:
    """The line of a field and the band from its ``_low`` to its ``_high`` behind it; rows without it are left out.

    The baseline is dashed and pale, the candidate solid ink.
    """
    colour = LIGHT["mute"] if baseline else LIGHT["ink"]
    known = f"isValid(datum.{field})"
    band = kinds(rows, known, f"isValid(datum.{field}_low)").mark_area(fill=colour, opacity=0.12)
    dash: dict[str, Any] = {"strokeDash": [4, 3]} if baseline else {}
    line = kinds(rows, known).mark_line(stroke=colour, strokeWidth=1.5 if baseline else 2.2, **dash)
    across = x.x("x", grid=False)
    drawn: list[alt.Chart] = [
        band.encode(x=across, y=y.y(f"{field}_low"), y2=alt.Y2(f"{field}_high")),
        line.encode(x=across, y=y.y(field)),
    ]
    return drawn


def cut_offs(x: ValueAxis, y: ValueAxis) -> list[alt.Chart]:
    """What marks the cut-offs that are read: a line across each (rows ``at-…``), and dots on the curves (``dot-…``).

    The baseline's are dashed and hollow.
    """
    place = {"x": x.x("x", grid=False), "y": y.y("y")}
    across = {**place, "y2": alt.Y2("y2")}

    def dot(role: str, fill: str, stroke: str) -> alt.Chart:
        mark = kind(f"dot-{role}").mark_point(
            shape="circle", size=marks.circle(5), fill=LIGHT[fill], stroke=LIGHT[stroke], strokeWidth=1.6, opacity=1
        )
        drawn: alt.Chart = mark.encode(**place)
        return drawn

    return [
        kind("at-baseline").mark_rule(stroke=LIGHT["accent"], strokeWidth=1.2, strokeDash=[4, 3]).encode(**across),
        kind("at-candidate").mark_rule(stroke=LIGHT["accent"], strokeWidth=1.6).encode(**across),
        dot("baseline", "surface", "accent"),
        dot("candidate", "accent", "surface"),
    ]


def spread(first: float, second: float, least: float) -> tuple[float, float]:
    """Two heights in px at least ``least`` apart, moved by the same amount each; equal ones: the first above."""
    missing = least - abs(first - second)
    if missing <= 0:
        return first, second
    up = missing / 2 if first <= second else -missing / 2
    return first - up, second + up
