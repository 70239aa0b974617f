"""Levels of versions in rows, each with its interval, and beside them what changed between baseline and candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow, Limits
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, level_axis, scale_of
from reportgen.site.charts.chart import Chart, Head, Row, Spec, assemble, build, kind, together, unchecked
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW, WIDE
from reportgen.site.charts.trend import Role

LINE = 10
"""From one version to the next, in px."""
ROOM = 16
"""Beside the lines of one row."""
GAP = 14
LONGEST = 170
"""The widest column of names, in px."""
_RADII: Mapping[Role, float] = {"other": 3.4, "baseline": 4.0, "candidate": 4.6}
_FILLS: Mapping[Role, str] = {"other": "mute", "baseline": "surface", "candidate": "ink"}
_STROKES: Mapping[Role, str] = {"other": "mute", "baseline": "ink3", "candidate": "ink"}


@dataclass(frozen=True)
class Level:
    """One version's value; None: not defined, or without an interval."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LevelRow:
    """One row: a level a version, and the change (None: not told), with what stands for n in the table."""

    name: str
    levels: tuple[Level, ...]
    change: EffectRow | None
    n: str


@unchecked
def levels(
    id: str,
    label: str,
    rows: Sequence[LevelRow],
    versions: Sequence[tuple[str, Role]],
    *,
    unit: Unit = "rate",
    gains: bool = False,
    changes: bool = True,
    alternatives: Mapping[str, Sequence[LevelRow]] | None = None,
    heads: tuple[str, str] = ("Objects", "n"),
    level: float = Limits.level,
) -> Chart:
    """The chart of the rows in their order, and the phone's layout.

    ``versions`` name the levels in the table, by the roles that they are drawn in. ``alternatives`` are the same rows
    of other versions in these roles; all have the same axes. ``gains``: the levels are
    differences, with their signs. ``changes``: a second panel shows them.
    """
    sets = {"": tuple(rows), **{key: tuple(found) for key, found in (alternatives or {}).items()}}
    every = [row for found in sets.values() for row in found]
    form = _Form(unit, gains)
    columns = _Columns.of(every, form, changes=changes)
    roles = [role for _, role in versions]
    drawn = {key: _rows(found, columns, form) for key, found in sets.items()}
    tables = {key: [_cells(row, form, changes=changes) for row in found] for key, found in sets.items()}
    wide = _wide(columns, roles, changes=changes)
    narrow = _narrow(columns, roles, changes=changes)
    head = _head(versions, heads, level, changes=changes)
    return build(id, label, wide, drawn, head, tables, narrow=narrow, live=bool(alternatives))


@dataclass(frozen=True)
class _Form:
    """How the levels are written: values of a unit, or differences of it."""

    unit: Unit
    gains: bool

    def value(self, value: float | None, places: int | None) -> str:
        return (numbers.difference if self.gains else numbers.value)(value, self.unit, places)

    def interval(self, low: float | None, high: float | None, places: int | None) -> str:
        return (numbers.difference_interval if self.gains else numbers.interval)(low, high, self.unit, places)


@dataclass(frozen=True)
class _Columns:
    """The widths of the columns in px, and the axes of both panels, of which the layouts choose the place."""

    names: float
    told: float
    change: float
    ends: float
    axis: ValueAxis
    moved: ValueAxis

    @classmethod
    def of(cls, rows: Sequence[LevelRow], form: _Form, *, changes: bool) -> _Columns:
        """Wide enough for every text."""
        unit = form.unit
        scale = scale_of(unit)
        held = [marks.scaled(v, scale) for row in rows for one in row.levels for v in (one.value, one.low, one.high)]
        moved = [row.change for row in rows if row.change is not None] if changes else []
        ends = [marks.scaled(v, scale) for one in moved for v in (one.low, one.value, one.high)]
        return cls(
            names=min(LONGEST, marks.widest([row.name for row in rows], 56, NAME_SIZE)),
            told=marks.widest([_told(row, form) for row in rows], 40),
            change=marks.widest([numbers.difference(c.value, unit, c.decimals) for c in moved], 40, weight=600),
            ends=marks.widest([numbers.difference_interval(c.low, c.high, unit, c.decimals) for c in moved], 87),
            axis=level_axis(held, "number" if form.gains else unit, span=(0, 1)),
            moved=difference_axis(ends, span=(0, 1), most=4, side=0.06),
        )


def _told(row: LevelRow, form: _Form) -> str:
    """The values of a row: "18.8% → 28.1%", or "+18.8 → +28.1"."""
    places = None if row.change is None else row.change.decimals
    return " → ".join(form.value(one.value, places) for one in row.levels)


def _head(versions: Sequence[tuple[str, Role]], heads: tuple[str, str], level: float, *, changes: bool) -> Head:
    first, last = heads
    interval = f"{numbers.level(level)} interval"
    told = [cell for name, _ in versions for cell in (name, interval)]
    return (first, *told, *(("Change", interval, "Verdict") if changes else ()), last)


def _cells(row: LevelRow, form: _Form, *, changes: bool) -> tuple[str, ...]:
    unit = form.unit
    places = None if row.change is None else row.change.decimals
    cells = [row.name]
    for one in row.levels:
        cells += [form.value(one.value, places), form.interval(one.low, one.high, places)]
    if changes:
        c = row.change
        cells += (
            [numbers.MISSING] * 3
            if c is None
            else [
                numbers.difference(c.value, unit, c.decimals),
                numbers.difference_interval(c.low, c.high, unit, c.decimals),
                marks.WORDS[c.verdict],
            ]
        )
    return (*cells, row.n)


def _rows(rows: Sequence[LevelRow], columns: _Columns, form: _Form) -> list[Row]:
    unit = form.unit
    scale = scale_of(unit)
    found: list[Row] = []
    for r, row in enumerate(rows):
        name = text.clean(row.name)
        long = text.fit(name, NARROW - columns.told - 12, NAME_SIZE)
        found.append(
            {
                "t": "row",
                "row": r,
                "name": text.fit(name, columns.names, NAME_SIZE),
                "long": long,
                "told": _told(row, form),
            }
        )
        for v, one in enumerate(row.levels):
            low, value, high = (marks.scaled(x, scale) for x in (one.low, one.value, one.high))
            found.append({"t": f"level{v}", "row": r, "low": low, "value": value, "high": high})
        none = {"value": None, "low": None, "verdict": "too_few", "change": numbers.MISSING, "ends": ""}
        found.append(
            {"t": "change", "row": r, **(none if row.change is None else marks.change(row.change, columns.moved, unit))}
        )
    return found


def _dots(axis: ValueAxis, roles: Sequence[Role], dy: float = 0) -> list[alt.Chart]:
    """Every version's rule and dot, one below the other in a row."""
    found: list[alt.Chart] = []
    for v, role in enumerate(roles):
        at = dy + (v - (len(roles) - 1) / 2) * LINE
        rows = f"level{v}"
        width = 1.8 if role == "candidate" else 1.4
        rule = kind(rows, "isValid(datum.low)").mark_rule(strokeWidth=width, stroke=LIGHT[_STROKES[role]], yOffset=at)
        dot = kind(rows, "isValid(datum.value)").mark_point(
            shape="circle",
            size=marks.circle(_RADII[role]),
            fill=LIGHT[_FILLS[role]],
            stroke=LIGHT[_STROKES[role]],
            strokeWidth=1.6 if role == "baseline" else 0,
            opacity=1,
            yOffset=at,
        )
        found += [
            rule.encode(y=marks.y(), x=axis.x("low"), x2=alt.X2("high")),
            dot.encode(y=marks.y(), x=axis.x("value")),
        ]
    return found


def _step(roles: Sequence[Role]) -> float:
    return LINE * len(roles) + ROOM


def _figures(change: float, ends: float, dy: float = 0) -> list[alt.Chart]:
    return [
        marks.column("change", change, dy=dy, align="right", colour=marks.NUMBER, bold=marks.CLEAR, rows="change"),
        marks.column("ends", ends, dy=dy, align="right", rows="change"),
    ]


def _wide(columns: _Columns, roles: Sequence[Role], *, changes: bool) -> Spec:
    left = columns.names + GAP
    width = WIDE - left
    right = columns.change + columns.ends + 2 * GAP if changes else 0
    plots = width - columns.told - GAP - right
    first = plots * (0.5 if changes else 1) - GAP
    axis = replace(columns.axis, span=(6, first))
    layers: list[alt.Chart | alt.LayerSpec] = [
        together(_dots(axis, roles)),
        marks.column("name", -left, size=NAME_SIZE, colour="ink2"),
        marks.column("told", first + GAP + columns.told, align="right", colour="ink"),
    ]
    if changes:
        start = first + 2 * GAP + columns.told
        moved = replace(columns.moved, span=(start, start + plots - first - GAP))
        layers += [together(marks.interval(moved, rows="change")), *_figures(width - columns.ends - GAP, width)]
    return assemble(layers, width=width, height=alt.Step(_step(roles)), padding=(4, 0, 26, left), axes="independent")


def _narrow(columns: _Columns, roles: Sequence[Role], *, changes: bool) -> Spec:
    """The name and the values on one line, then the versions' marks, then the change with its figures."""
    lines = LINE * len(roles) + 6
    step = 26 + lines + (24 if changes else 0)
    axis = replace(columns.axis, span=(6, NARROW - 20))
    first = -step / 2
    layers: list[alt.Chart | alt.LayerSpec] = [
        together(_dots(axis, roles, first + 24 + lines / 2)),
        marks.column("long", 0, dy=first + 14, size=NAME_SIZE, colour="ink2", halo=True),
        marks.column("told", NARROW, dy=first + 14, align="right", colour="ink", halo=True),
    ]
    if changes:
        layers += _figures(columns.change, columns.change + 10 + columns.ends, first + 24 + lines + 10)
    return assemble(layers, width=NARROW, height=alt.Step(step), padding=(2, 0, 26, 0), axes="independent")
