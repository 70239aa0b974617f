"""How far training lies from here: a bar an attribute, a line from which one looks closer, and what moved most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, level_axis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.theme import HALF, LIGHT, NAME_SIZE, NARROW

STEP, NARROW_STEP = 26, 46
LONGEST_NAME, LONGEST_TOLD = 150, 190
GAP = 12
INSET = 10
"""Where a phone's axis begins, so that its first label is whole."""
VALUE = 44
"""The room right of the furthest bar for its figure."""


@dataclass(frozen=True)
class MovedRow:
    """One attribute, or two ("time × weather"): its index with interval, null where nothing could be tested.

    ``stands_out``: in colour and bold; ``told`` is what moved most, in words, and ``shares`` how far: where both do not
    fit, the words are cut and the figures are not.
    """

    name: str
    index: float | None
    low: float | None
    high: float | None
    stands_out: bool
    told: str
    n_there: int
    n_here: int
    q: float | None
    shares: str = ""

    @property
    def most(self) -> str:
        """What moved most, and how far."""
        return f"{self.told} {self.shares}".strip()

    def fitted(self, room: float) -> str:
        """The same in so many px."""
        if not self.shares:
            return text.fit(self.told, room)
        rest = room - text.width(f" {self.shares}")
        return f"{text.fit(text.clean(self.told), rest)} {self.shares}"


@unchecked
def moved(
    id: str, label: str, rows: Sequence[MovedRow], *, threshold: float, level: float, noun: str = "samples"
) -> Chart:
    """The chart of indices from 0 in the rows' order, with the phone's layout; intervals beyond the axis are cut."""
    names = min(LONGEST_NAME, marks.widest([row.name for row in rows], 60, NAME_SIZE, 600))
    told = min(LONGEST_TOLD, marks.widest([row.most for row in rows], 60))
    plot = HALF - names - GAP - told - GAP
    axis = _axis(rows, threshold, (0, plot - VALUE))
    word = f"{numbers.level(level)} interval"
    head = (
        "Attribute",
        "Index",
        word,
        "q",
        "Moved most",
        f"{noun.capitalize()} in training",
        f"{noun.capitalize()} here",
    )
    drawn = [*(_row(i, row, axis, names, told) for i, row in enumerate(rows)), _threshold(threshold), _above()]
    wide = _wide(axis, names, told)
    narrow = _narrow(replace(axis, span=(INSET, NARROW - VALUE)))
    return build(id, label, wide, {"": drawn}, head, {"": [_cells(row) for row in rows]}, narrow=narrow)


def _axis(rows: Sequence[MovedRow], threshold: float, span: tuple[float, float]) -> ValueAxis:
    top = max([threshold * 1.2, *(row.index or 0.0 for row in rows)])
    reach = [min(row.high, 1.5 * top) for row in rows if row.high is not None]
    return level_axis([0.0, top, *reach], "number", span=span, zero=True)


def _threshold(at: float) -> Row:
    return {"t": "threshold", "value": at}


def _above() -> Row:
    return marks.word("above", "above: look closer")


def _figure(row: MovedRow) -> str:
    return "can't tell" if row.index is None else numbers.plain(row.index, 2)


def _cells(row: MovedRow) -> tuple[str, ...]:
    ends = numbers.interval(row.low, row.high, "number", 2)
    counts = numbers.count(row.n_there), numbers.count(row.n_here)
    return (row.name, _figure(row), ends, numbers.q_value(row.q), row.most, *counts)


def _row(index: int, row: MovedRow, axis: ValueAxis, names: float, told: float) -> Row:
    low, high, _, beyond = axis.cut(row.low, row.high)
    weight = 600 if row.stands_out else 400
    name = text.clean(row.name)
    return {
        "t": "row",
        "row": index,
        "name": text.fit(name, names, NAME_SIZE, weight),
        "long": text.fit(name, NARROW / 2 - 10, NAME_SIZE, weight),
        "told": row.fitted(told),
        "short": row.fitted(NARROW - 10 - min(NARROW / 2 - 10, text.width(name, NAME_SIZE, weight))),
        "zero": 0,
        "value": row.index or 0.0,
        "low": low,
        "high": high,
        "beyond": beyond,
        "end": max(row.index or 0.0, high or 0.0),
        "figure": _figure(row),
        "out": row.stands_out,
    }


def _bars(axis: ValueAxis, dy: float = 0) -> list[alt.Chart]:
    colour = alt.Scale(domain=[True, False], range=[LIGHT["worse-mark"], LIGHT["line2"]])
    bar = kind("row").mark_rule(strokeWidth=12, yOffset=dy)
    line = kind("row", "isValid(datum.high)").mark_rule(strokeWidth=1.4, stroke=LIGHT["ink3"], yOffset=dy)
    figure = kind("row").mark_text(
        align="left",
        dx=6,
        dy=dy,
        fill=LIGHT["ink2"],
        fontWeight=marks.weight("datum.out"),
        stroke=LIGHT["bg"],
        strokeWidth=4,
    )
    head = kind("row", "datum.beyond").mark_point(
        shape=marks.RIGHT, size=60, opacity=1, fill=LIGHT["ink3"], strokeWidth=0, yOffset=dy
    )
    return [
        kind("threshold")
        .mark_rule(stroke=LIGHT["control"], strokeWidth=1, strokeDash=[3, 3])
        .encode(x=axis.x("value")),
        bar.encode(x=axis.x("zero"), x2=alt.X2("value"), y=marks.y(), stroke=alt.Stroke("out:N", scale=colour)),
        line.encode(x=axis.x("low"), x2=alt.X2("high"), y=marks.y()),
        head.encode(x=axis.x("high"), y=marks.y()),
        figure.encode(x=axis.x("end"), y=marks.y(), text=alt.Text("figure:N")),
    ]


def _wide(axis: ValueAxis, names: float, told: float) -> Spec:
    right = HALF - names - GAP
    plot = right - GAP - told
    layers = [
        *_bars(axis),
        marks.column("name", -GAP, align="right", size=NAME_SIZE, colour="ink2", bold="datum.out"),
        marks.column("told", right, align="right"),
        marks.caption("above", axis.at(_mark(axis)), -12, colour="ink3"),
    ]
    return assemble(layers, width=plot, height=alt.Step(STEP), padding=(24.0, right - plot, 28.0, names + GAP))


def _mark(axis: ValueAxis) -> float:
    """Where the words above the plot begin: at the threshold, or so far left that they still fit."""
    room = text.width("above: look closer")
    start, end = axis.span
    most = axis.low + (end + VALUE + 40 - room - start) / (end - start) * (axis.high - axis.low)
    return max(axis.low, min(0.1, most))


def _narrow(axis: ValueAxis) -> Spec:
    """The name and what moved on a line of their own, the bar across the whole width under it."""
    layers = [
        *_bars(axis, dy=12),
        marks.column("long", 0, dy=-8, size=NAME_SIZE, colour="ink2", bold="datum.out", halo=True),
        marks.column("short", NARROW, dy=-8, align="right", halo=True),
        marks.caption("above", axis.at(_mark(axis)), -12, colour="ink3"),
    ]
    return assemble(layers, width=NARROW, height=alt.Step(NARROW_STEP), padding=(24, 0, 28, 0))
