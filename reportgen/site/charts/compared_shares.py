"""How often each class occurs here, as a bar, and in training, as a tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import level_axis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.shares import TICK
from reportgen.site.charts.theme import HALF, LIGHT, NAME_SIZE, NARROW

STEP = 26
LONGEST = 150
GAP = 12


@dataclass(frozen=True)
class ComparedShare:
    """One class: its share here with interval and count, and its share in training (null: nobody knows it there)."""

    name: str
    n_here: int
    here: float
    low: float | None
    high: float | None
    n_there: int
    there: float
    there_low: float | None
    there_high: float | None


@unchecked
def compared_shares(id: str, label: str, rows: Sequence[ComparedShare], *, level: float, kinds: str = "Class") -> Chart:
    """The chart of shares from 0% in the rows' order, with the phone's layout."""
    word = numbers.level(level)
    head = (kinds, "n here", "Share here", word, "n in training", "Share in training", word)
    names = min(LONGEST, marks.widest([row.name for row in rows], 60, NAME_SIZE))
    small = min(96.0, names)
    drawn = [*(_row(i, row, names, small) for i, row in enumerate(rows)), *_heads()]
    wide, narrow = _spec(rows, "name", names, HALF), _spec(rows, "long", small, NARROW)
    return build(id, label, wide, {"": drawn}, head, {"": [_cells(row) for row in rows]}, narrow=narrow)


def _heads() -> list[Row]:
    return [marks.word("head-n", "n here"), marks.word("head-there", "training")]


def _cells(row: ComparedShare) -> tuple[str, ...]:
    return (
        row.name,
        numbers.count(row.n_here),
        numbers.rate(row.here),
        numbers.interval(row.low, row.high, "rate"),
        numbers.count(row.n_there),
        numbers.rate(row.there),
        numbers.interval(row.there_low, row.there_high, "rate"),
    )


def _row(index: int, row: ComparedShare, names: float, small: float) -> Row:
    name = text.clean(row.name)
    return {
        "t": "row",
        "row": index,
        "name": text.fit(name, names, NAME_SIZE),
        "long": text.fit(name, small, NAME_SIZE),
        "zero": 0,
        "here": row.here * 100,
        "low": marks.scaled(row.low, 100),
        "high": marks.scaled(row.high, 100),
        "there": row.there * 100,
        "n": numbers.count(row.n_here),
        "training": numbers.rate(row.there),
    }


def _spec(rows: Sequence[ComparedShare], field: str, names: float, width: float) -> Spec:
    n = marks.widest([numbers.count(row.n_here) for row in rows], text.width("n here"))
    there = marks.widest([numbers.rate(row.there) for row in rows], text.width("training"))
    right = width - names - GAP
    plot = right - GAP - n - GAP - there
    ends = [100 * v for row in rows for v in (row.here, row.high, row.there) if v is not None]
    axis = level_axis(ends, "rate", span=(0, plot), zero=True)
    bar = kind("row").mark_rule(strokeWidth=12, stroke=LIGHT["line2"])
    line = kind("row", "isValid(datum.low)").mark_rule(strokeWidth=1.4, stroke=LIGHT["ink3"])
    tick = kind("row").mark_point(shape=TICK, size=324, fill=LIGHT["ink"], strokeWidth=0, opacity=1)
    layers = [
        bar.encode(x=axis.x("zero"), x2=alt.X2("here"), y=marks.y()),
        line.encode(x=axis.x("low"), x2=alt.X2("high"), y=marks.y()),
        tick.encode(x=axis.x("there"), y=marks.y()),
        marks.column(field, -GAP, align="right", size=NAME_SIZE, colour="ink2"),
        marks.column("n", right - there - GAP, align="right"),
        marks.column("training", right, align="right"),
        marks.caption("head-n", right - there - GAP, -12, align="right"),
        marks.caption("head-there", right, -12, align="right"),
    ]
    return assemble(layers, width=plot, height=alt.Step(STEP), padding=(24.0, right - plot, 28.0, names + GAP))
