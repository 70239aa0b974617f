"""Repeated trainings: each version's values side by side, and their mean with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.model import Limits
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import level_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, assemble, build, kind, unchecked
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW

STEP = 52


@dataclass(frozen=True)
class TrainingRow:
    """One version: the value of each of its trainings, and their mean with its interval."""

    name: str
    values: tuple[float, ...]
    mean: float | None
    low: float | None
    high: float | None
    n: int


@unchecked
def trainings(
    id: str, label: str, rows: Sequence[TrainingRow], *, unit: Unit = "rate", level: float = Limits.level
) -> Chart:
    """The chart, 328 px wide: small rings are trainings, the dot with its interval is their mean.

    ``level`` is that of the intervals.
    """
    scale, word = scale_of(unit), numbers.level(level)
    held = [marks.scaled(v, scale) for row in rows for v in (*row.values, row.mean, row.low, row.high)]
    axis = level_axis(held, unit, span=(8, NARROW - 24), most=4)
    mean = kind("row", "isValid(datum.value)")
    layers = [
        kind("row", "isValid(datum.low)")
        .mark_rule(stroke=LIGHT["ink"], strokeWidth=1.8, yOffset=4)
        .encode(x=axis.x("low"), x2=alt.X2("high"), y=marks.y()),
        mean.mark_point(shape="circle", size=marks.circle(4.6), fill=LIGHT["ink"], opacity=1, yOffset=4).encode(
            x=axis.x("value"), y=marks.y()
        ),
        kind("training")
        .mark_point(
            shape="circle",
            size=marks.circle(3.4),
            fill=LIGHT["surface"],
            stroke=LIGHT["ink3"],
            strokeWidth=1.4,
            opacity=1,
            yOffset=15,
        )
        .encode(x=axis.x("value"), y=marks.y()),
        marks.column("name", 0, dy=-14, size=NAME_SIZE, colour="ink2", halo=True),
        marks.column("name", 0, dy=-14, size=NAME_SIZE, colour="ink2"),
        marks.column("figure", NARROW, dy=-14, align="right", colour="ink"),
    ]
    spec = assemble(layers, width=NARROW, height=alt.Step(STEP), padding=(2, 0, 26, 0))
    head = ("Version", "Mean", f"{word} interval", "n", "Each training")
    return build(id, label, spec, {"": _rows(rows, unit)}, head, {"": [_cells(row, unit) for row in rows]})


def _cells(row: TrainingRow, unit: Unit) -> tuple[str, ...]:
    each = ", ".join(numbers.value(value, unit) for value in row.values)
    ends = numbers.interval(row.low, row.high, unit)
    return row.name, numbers.value(row.mean, unit), ends, numbers.count(row.n), each


def _rows(rows: Sequence[TrainingRow], unit: Unit) -> list[Row]:
    scale = scale_of(unit)
    found: list[Row] = []
    for i, row in enumerate(rows):
        figure = f"{numbers.value(row.mean, unit)} · {numbers.interval(row.low, row.high, unit)}"
        found.append(
            {
                "t": "row",
                "row": i,
                "name": text.fit(row.name, NARROW - text.width(figure) - 12, NAME_SIZE),
                "figure": figure,
                "value": marks.scaled(row.mean, scale),
                "low": marks.scaled(row.low, scale),
                "high": marks.scaled(row.high, scale),
            }
        )
        found += [{"t": "training", "row": i, "value": marks.scaled(value, scale)} for value in row.values]
    return found
