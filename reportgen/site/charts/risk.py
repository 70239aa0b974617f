"""Risk and coverage: how many of its surest samples a version gets wrong, by how many it decides itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import altair as alt

from reportgen import numbers
from reportgen.model import Limits
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, level_axis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.curves import curve, spread
from reportgen.site.charts.theme import HALF, LIGHT, NARROW

LEFT, TOP, BOTTOM = 44.0, 18.0, 46.0
HEIGHT = 264
Place = dict[str, Any]

APART = 17
"""From one name at the end of a curve to the other, in px at least."""
DIGITS = 7
"""Of a share that a script draws and prints."""
LONGEST = 96
"""The widest name of a version at the end of its curve."""


@dataclass(frozen=True)
class RiskPoint:
    """Of the share ``kept`` of its surest samples (``n``) a version gets ``wrong`` wrong; all shares are 0 to 1."""

    kept: float
    n: int
    wrong: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class RiskCurve:
    """A version's curve, the smallest share first; ``mark`` is the point that the sentence speaks of."""

    version: str
    points: tuple[RiskPoint, ...]
    mark: RiskPoint | None = None


@unchecked
def risk(
    id: str,
    label: str,
    candidate: RiskCurve,
    baseline: RiskCurve | None = None,
    *,
    noun: str = "samples",
    level: float = Limits.level,
    others: Sequence[RiskCurve] = (),
) -> Chart:
    """The chart of errors among the samples that a version decides by itself, surest first, on a scale of its own.

    ``others`` are the curves of which a script may show any two; the scale holds them all.
    """
    curves = [("candidate", candidate), *([("baseline", baseline)] if baseline else [])]
    every = [*(one for _, one in curves), *others]
    top = [v for one in every for p in one.points for v in (p.wrong, p.high if p.n >= Limits.decide else p.wrong)]
    y = level_axis([100 * v for v in top if v is not None], "rate", span=(HEIGHT, 0), most=5, zero=True)
    room = max(text.width(_end(one), 12, 600) for one in every) + 22
    rows = [row for role, one in curves for row in _rows(role, one, y)]
    rows += _ends(curves, y)
    rows += [marks.word("across", "share it decides by itself, surest first")]
    head = ("Version", "Decides itself", noun.capitalize(), "Wrong", f"{numbers.level(level)} interval")
    table = [line for _, one in curves for line in _cells(one)]
    wide, narrow = (_spec(width, room, y) for width in (HALF, NARROW))
    frame = {
        "axis": [y.low, y.high],
        "height": HEIGHT,
        "apart": APART,
        "curves": {one.version: {"points": _columns(one), "end": _end(one), "mark": _mark(one)} for one in others},
    }
    return build(
        id,
        label,
        wide,
        {"": rows},
        head,
        {"": table},
        narrow=narrow,
        live=bool(others),
        frame=frame if others else None,
    )


def _columns(one: RiskCurve) -> dict[str, list[float | None]]:
    """The points of a curve, a column a field, as precisely as anybody draws or prints them."""
    found = {name: [getattr(point, name) for point in one.points] for name in ("kept", "n", "wrong", "low", "high")}
    return {name: [None if v is None else float(f"{v:.{DIGITS}g}") for v in column] for name, column in found.items()}


def _mark(one: RiskCurve) -> Place | None:
    """The point that the sentence speaks of."""
    mark = one.mark
    if mark is None:
        return None
    return {
        "x": mark.kept * 100,
        "y": mark.wrong * 100,
        "text": numbers.rate(mark.wrong),
        "ends": [mark.low, mark.high],
    }


def _end(one: RiskCurve) -> str:
    return f"{text.fit(one.version, LONGEST, 12, 600)} {numbers.rate(one.points[-1].wrong)}"


def _cells(one: RiskCurve) -> list[tuple[str, ...]]:
    return [
        (
            one.version,
            numbers.rate(p.kept, 0),
            numbers.count(p.n),
            numbers.rate(p.wrong),
            numbers.interval(p.low, p.high, "rate"),
        )
        for p in one.points
    ]


def _rows(role: str, one: RiskCurve, y: ValueAxis) -> list[Row]:
    return [
        {
            "t": role,
            "x": p.kept * 100,
            "wrong": p.wrong * 100,
            "wrong_low": None if p.low is None else p.low * 100,
            "wrong_high": None if p.high is None else min(p.high * 100, y.high),
        }
        for p in one.points
    ]


def _ends(curves: Sequence[tuple[str, RiskCurve]], y: ValueAxis) -> list[Row]:
    """The names at the ends of the curves, apart from each other, and the points that the sentence speaks of."""
    places = [y.at(one.points[-1].wrong * 100) for _, one in curves]
    if len(places) == 2:
        places = list(spread(places[0], places[1], APART))
    rows: list[Row] = []
    for (role, one), place in zip(curves, places, strict=True):
        value = y.low + (HEIGHT - place) / HEIGHT * (y.high - y.low)
        rows.append({"t": f"end-{role}", "x": 100, "y": value, "text": _end(one)})
    marked = [(role, one.mark) for role, one in curves if one.mark is not None]
    if marked:
        rows.append({"t": "at", "x": marked[0][1].kept * 100, "y": y.low, "y2": y.high})
    upper = max(marked, key=lambda pair: pair[1].wrong, default=None)
    for role, mark in marked:
        at = {"x": mark.kept * 100, "y": mark.wrong * 100}
        side = "above" if upper is not None and role == upper[0] else "below"
        rows.append({"t": f"mark-{role}", **at})
        rows.append({"t": f"told-{side}", **at, "text": numbers.rate(mark.wrong), "role": role})
    return rows


def _spec(width: float, room: float, y: ValueAxis) -> Spec:
    plot = width - LEFT - room
    x = ValueAxis(0, 100, (0, 25, 50, 75, 100), ("0", "25", "50", "75", "100%"), (0, plot))
    y = replace(y, span=(HEIGHT, 0))
    place: Place = {"x": x.x("x", grid=False), "y": y.y("y")}

    def end(role: str, colour: str, weight: Literal[400, 600]) -> alt.Chart:
        mark = kind(f"end-{role}").mark_text(align="left", dx=16, fill=LIGHT[colour], fontWeight=weight)
        drawn: alt.Chart = mark.encode(**place, text=alt.Text("text:N"))
        return drawn

    def told(side: str, dx: float, dy: float, align: Literal["left", "right"]) -> alt.Chart:
        mark = kind(f"told-{side}").mark_text(
            align=align, dx=dx, dy=dy, stroke=LIGHT["bg"], strokeWidth=4, fill=LIGHT["ink2"]
        )
        drawn: alt.Chart = mark.encode(**place, text=alt.Text("text:N"))
        return drawn

    layers = [
        *curve(("baseline",), x, y, "wrong", baseline=True),
        *curve(("candidate",), x, y, "wrong", baseline=False),
        kind("at").mark_rule(stroke=LIGHT["control"], strokeWidth=1).encode(**place, y2=alt.Y2("y2")),
        _dot("mark-baseline", place, baseline=True),
        _dot("mark-candidate", place, baseline=False),
        told("above", -8, -10, "right"),
        told("below", 8, 14, "left"),
        _dot("end-baseline", place, baseline=True, dx=8),
        _dot("end-candidate", place, baseline=False, dx=8),
        end("baseline", "ink3", 400),
        end("candidate", "ink", 600),
        marks.caption("across", 0, HEIGHT + 36),
    ]
    return assemble(layers, width=plot, height=HEIGHT, padding=(TOP, room, BOTTOM, LEFT))


def _dot(rows: str, place: Place, *, baseline: bool, dx: float = 0) -> alt.Chart:
    """The mark of a version: the baseline's ring, the candidate's dot."""
    mark = kind(rows).mark_point(
        shape="circle",
        size=marks.circle(4 if baseline else 4.6),
        fill=LIGHT["surface" if baseline else "ink"],
        stroke=LIGHT["ink3" if baseline else "ink"],
        strokeWidth=1.6 if baseline else 0,
        opacity=1,
        xOffset=dx,
    )
    drawn: alt.Chart = mark.encode(**place)
    return drawn
