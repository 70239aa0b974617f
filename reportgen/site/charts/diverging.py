"""Slices by change: how much each slice lost or gained, with its interval and its n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow, Limits, Link
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked, x2_at, x_at
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW, WIDE

STEP = 25
NARROW_STEP = 54
GAP = 14
INSET = 18
"""Left and right of the narrow axis, so that its end labels have room."""
LONGEST = 270
"""The widest column of names, in px; the rest of a longer one is in the table."""


@dataclass(frozen=True)
class DivergingSet:
    """The rows of one pair of versions, worst first, and the change over all samples."""

    rows: tuple[EffectRow, ...]
    overall: float | None
    candidate: str = ""


@dataclass(frozen=True)
class _Measure:
    """What all sets of a chart share."""

    unit: Unit
    higher_is_better: bool
    word: str
    level: str  # of the intervals: "95%"


@unchecked
def diverging(
    id: str,
    label: str,
    rows: Sequence[EffectRow],
    *,
    overall: float | None,
    unit: Unit = "rate",
    higher_is_better: bool = True,
    candidate: str = "",
    measure: str = "points",
    alternatives: Mapping[str, DivergingSet] | None = None,
    width: float = WIDE,
    links: Sequence[Link] = (),
    level: float = Limits.level,
    versions: Sequence[str] = (),
    others: Sequence[str] = (),
) -> Chart:
    """The chart of slices by change in the rows' order, with the phone's layout.

    A row's ``label`` is the slice's name; its value is candidate minus baseline in the metric's unit (rates 0-1).
    ``overall`` is the change over all samples (the dotted line), ``candidate`` the version that the heading names,
    ``measure`` the head of the column of changes. ``alternatives`` are other pairs of versions by key; the axis and the
    columns hold them all, so that they can be compared. ``links`` are what the slices lead to, in the rows' order.
    ``level`` is that of the intervals. ``versions`` are those that a script may give rows of, on an axis of its own;
    ``others`` are texts of those rows that the columns must hold: a slice's name, its change, its interval, its n.
    """
    sets = {"": DivergingSet(tuple(rows), overall, candidate), **(alternatives or {})}
    measured = _Measure(unit, higher_is_better, measure, numbers.level(level))
    every = [row for one in sets.values() for row in one.rows]
    columns = _Columns.of(every, measured, width, others)
    axis = replace(_axis(sets, measured, (0, columns.plot)), follows=bool(versions))
    head = ("Slice", f"Change, {measure}", f"{measured.level} interval", "n", "Verdict")
    tables = {key: [_cells(row, unit) for row in one.rows] for key, one in sets.items()}
    small = (INSET, NARROW - INSET)
    narrow = _narrow(replace(axis, span=small) if versions else _axis(sets, measured, small), measured)
    first = [axis.row()] if versions else []
    drawn = {key: [*first, *_rows(one, axis, measured, columns.names)] for key, one in sets.items()}
    frame = {
        "unit": unit,
        "span": list(axis.span),
        "names": {
            name: {which: _names(name, which, columns.names) for which in marks.VERDICTS} for name in _labels(every)
        },
        "worse": {name: _worse_in(name) for name in versions},
        "better": "better",
        "measure": measure,
        "room": [columns.names, NARROW - 4],
        "size": NAME_SIZE,
        "widths": text.widths() if others else None,
    }
    return build(
        id, label, _wide(axis, measured, columns), drawn, head, tables, narrow=narrow, links=links,
        live=bool(versions), frame=frame if versions else None,
    )  # fmt: skip


def _labels(rows: Sequence[EffectRow]) -> list[str]:
    return list(dict.fromkeys(row.label for row in rows))


def _names(label: str, verdict: str, room: float) -> dict[str, str]:
    """The slice's name as it fits beside the plot, and above it."""
    weight = 600 if verdict == "worse" else 400
    name = text.clean(label)
    return {
        "name": text.fit(name, room, NAME_SIZE, weight),
        "long": text.fit(name, NARROW - 4, NAME_SIZE, weight),
    }


def _worse_in(candidate: str) -> str:
    return f"worse in {text.fit(text.clean(candidate), 90, 12, 600)}"


@dataclass(frozen=True)
class _Columns:
    """The widths of the columns in px, and of them all with the plot."""

    width: float
    names: float
    change: float
    ends: float
    n: float

    @classmethod
    def of(cls, rows: Sequence[EffectRow], measure: _Measure, width: float, others: Sequence[str]) -> _Columns:
        """Wide enough for every text."""
        cells = [_cells(row, measure.unit) for row in rows]
        name, change, ends, n = ([one] for one in others) if others else ([], [], [], [])
        return cls(
            width=width,
            names=min(LONGEST, marks.widest([row.label for row in rows] + name, 90, NAME_SIZE, 600)),
            change=marks.widest([cell[1] for cell in cells] + [measure.word] + change, 40, weight=600),
            ends=marks.widest([cell[2] for cell in cells] + ends, 40),
            n=marks.widest([marks.told(row.n, row.support) for row in rows] + n, 24),
        )

    @property
    def right(self) -> float:
        """What stands right of the plot."""
        return self.change + self.ends + self.n + 3 * 18

    @property
    def plot(self) -> float:
        """What is left for the plot."""
        return self.width - self.names - GAP - self.right


def _cells(row: EffectRow, unit: Unit) -> tuple[str, ...]:
    return (
        row.label,
        numbers.difference(row.value, unit, row.decimals),
        numbers.difference_interval(row.low, row.high, unit, row.decimals),
        numbers.count(row.n),
        marks.WORDS[row.verdict],
    )


def _axis(sets: Mapping[str, DivergingSet], measure: _Measure, span: tuple[float, float]) -> ValueAxis:
    """The axis that holds every change, and every interval of a slice with enough samples; the same at any width."""
    scale = scale_of(measure.unit)
    held: list[float] = []
    for one in sets.values():
        held += [one.overall or 0.0]
        for row in one.rows:
            ends = (row.low, row.value, row.high) if row.support == "decide" else (row.value,)
            held += [v for v in ends if v is not None]
    return difference_axis([v * scale for v in held], span=span, side=0.23)


def _rows(one: DivergingSet, axis: ValueAxis, measure: _Measure, names: float) -> list[Row]:
    rows: list[Row] = [
        {
            "t": "row",
            "row": i,
            **_names(row.label, row.verdict, names),
            "n": marks.told(row.n, row.support),
            "n_long": f"n {marks.told(row.n, row.support)}",
            **marks.change(row, axis, measure.unit),
        }
        for i, row in enumerate(one.rows)
    ]
    if one.overall is not None:
        rows.append({"t": "overall", "value": one.overall * scale_of(measure.unit)})
    worse = _worse_in(one.candidate) if one.candidate else "worse"
    return [*rows, marks.word("worse", worse), marks.word("better", "better"), marks.word("measure", measure.word)]


def _sides(axis: ValueAxis, measure: _Measure) -> list[alt.Chart]:
    """The words over the axis that say which side is worse."""
    left, right = ("worse", "better") if measure.higher_is_better else ("better", "worse")
    return [
        marks.caption(left, axis.beside(0, -22), -14, align="right", colour=left, weight=600),
        marks.caption(right, axis.beside(0, 22), -14, colour=right, weight=600),
        marks.sign(left, axis.beside(0, -13), -15, size=81),
        marks.sign(right, axis.beside(0, 13), -15, size=81),
    ]


def _ends(measure: _Measure) -> list[alt.Chart]:
    """The same on a phone, at both ends of the axis: beside its zero there is no room for a long name."""
    left, right = ("worse", "better") if measure.higher_is_better else ("better", "worse")
    return [
        marks.sign(left, 5, -15, size=81),
        marks.caption(left, 14, -14, colour=left, weight=600),
        marks.caption(right, NARROW - 14, -14, align="right", colour=right, weight=600),
        marks.sign(right, NARROW - 5, -15, size=81),
    ]


def _overall(axis: ValueAxis) -> alt.Chart:
    """The dotted line of all samples."""
    rule: alt.Chart = kind("overall").mark_rule(stroke=LIGHT["ink2"], strokeWidth=1.4, strokeDash=[1.5, 3])
    return rule.encode(x=axis.x("value"))


def _wide(axis: ValueAxis, measure: _Measure, columns: _Columns) -> Spec:
    change = columns.plot + 18 + columns.change
    ends = change + 18 + columns.ends
    n = ends + 18 + columns.n
    layers = [
        _overall(axis),
        *marks.interval(axis),
        marks.names("name", -GAP, align="right"),
        marks.column("change", change, align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("ends", ends, align="right"),
        marks.column("n", n, align="right"),
        *_sides(axis, measure),
        marks.caption("measure", change, -14, align="right"),
        kind("measure").mark_text(x=ends, y=-14, align="right", text=measure.level),
        kind("measure").mark_text(x=n, y=-14, align="right", text="n"),
    ]
    padding = (28.0, columns.right, 26.0, columns.names + GAP)
    return assemble(layers, width=columns.plot, height=alt.Step(STEP), padding=padding)


def _narrow(axis: ValueAxis, measure: _Measure) -> Spec:
    """The name on its own line, the numbers under it, then the mark across the whole width."""
    lines = kind("row").mark_rule(stroke=LIGHT["bg"], strokeWidth=36, yOffset=-9)
    layers = [
        _overall(axis),
        lines.encode(x=x_at(0), x2=x2_at(NARROW), y=marks.y()),  # no line runs through the words
        *marks.interval(axis, dy=17),
        marks.names("long", 0, dy=-17, halo=True),
        marks.column("change", 0, colour=marks.NUMBER, bold=marks.CLEAR, halo=True),
        marks.column("ends", 72, halo=True),
        marks.column("n_long", NARROW, align="right", halo=True),
        *_ends(measure),
    ]
    return assemble(layers, width=NARROW, height=alt.Step(NARROW_STEP), padding=(28, 0, 26, 0))
