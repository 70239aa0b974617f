"""Two attributes at once: the change, or one version's value, in every pair of their values, with the margins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from reportgen import numbers
from reportgen.model import Limits, Support, Verdict
from reportgen.numbers import Unit
from reportgen.site.charts import grid, heat, marks, text
from reportgen.site.charts.axis import scale_of
from reportgen.site.charts.chart import Chart, build, unchecked
from reportgen.site.charts.theme import AXIS_SIZE, NAME_SIZE, NARROW, WIDE

ROOMY = 112
"""The width of a cell in px from which value and n stand on one line."""

View = Literal["change", "candidate", "baseline"]

FIGURES = f"0123456789.,%<> +{numbers.MINUS}{numbers.MISSING}"
"""The letters that a figure is written with."""


@dataclass(frozen=True)
class HeatCell:
    """The samples of one pair of values; ``row`` or ``column`` None is that margin. Values in the metric's unit.

    ``n_right`` is for cells of a handful of samples, of which only counts are told. ``key`` is the slice's id.
    """

    row: str | None
    column: str | None
    n: int
    support: Support = "decide"
    verdict: Verdict = "too_few"
    delta: float | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    baseline: float | None = None
    n_right: int | None = None
    key: str = ""
    decimals: int | None = None  # with which its figures are printed everywhere; null: the usual


@dataclass(frozen=True)
class HeatGrid:
    """One heatmap: the values of the two attributes in order, the cells, the margins' words, and what is shown."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[HeatCell, ...]
    all_rows: str = "all"
    all_columns: str = "all"
    view: View = "change"


@dataclass(frozen=True)
class _Scale:
    """How values become steps: the limit of the changes, and the ends of the values."""

    unit: Unit
    higher_is_better: bool
    limit: float
    ends: tuple[float, float]


@unchecked
def heatmap(
    id: str,
    label: str,
    shown: HeatGrid,
    *,
    unit: Unit = "rate",
    higher_is_better: bool = True,
    limit: float | None = None,
    alternatives: Mapping[str, HeatGrid] | None = None,
    level: float = Limits.level,
) -> Chart:
    """The heatmap with its margins, and the phone's layout.

    ``limit`` is the change with full colour, in the metric's unit. Default: 8 points for rates, else the largest change
    beyond chance. ``alternatives`` are other pairs of attributes or views by key; limit and sizes are common to all.
    ``level`` is that of the intervals.
    """
    found = {"": shown, **(alternatives or {})}
    scale = _scale(found, unit, higher_is_better, limit)
    grids = {key: _grid(one, scale) for key, one in found.items()}
    need = grid.needed(grids.values())
    wide = _wide(found, need)
    rows = {key: grid.rows(one, wide) for key, one in grids.items()}
    every = list(grids.values())
    narrow = grid.spec(every, _narrow(found, need))
    compared = any(cell.delta is not None for one in found.values() for cell in one.cells)
    interval = f"{numbers.level(level)} interval"
    head = ("Row", "Column", "Value", "n", "Baseline", "Change", interval, "Verdict")[: 8 if compared else 4]
    tables = {key: [_cells(cell, one, unit)[: len(head)] for cell in one.cells] for key, one in found.items()}
    return build(id, label, grid.spec(every, wide), rows, head, tables, narrow=narrow)


def heat_frame(
    shown: HeatGrid, alternatives: Mapping[str, HeatGrid] | None, *, unit: Unit = "rate", higher_is_better: bool = True
) -> dict[str, object]:
    """What a script must know that makes rows for the heatmap of the same grids.

    The change of full colour and the ends of the levels, what stands under each view, and how wide the letters of
    figures are.
    """
    scale = _scale({"": shown, **(alternatives or {})}, unit, higher_is_better, None)
    return {
        "limit": scale.limit,
        "ends": scale.ends,
        "feet": {view: _foot(replace(shown, view=view), scale) for view in get_args(View)},
        "widths": {letter: text.width(letter, AXIS_SIZE, 600) for letter in FIGURES},
    }


def _scale(found: Mapping[str, HeatGrid], unit: Unit, higher_is_better: bool, limit: float | None) -> _Scale:
    cells = [cell for one in found.values() for cell in one.cells]
    changes = [abs(c.delta) for c in cells if c.delta is not None and c.verdict in {"worse", "better"}]
    values = [v for c in cells if c.support in {"decide", "test"} for v in (c.value, c.baseline) if v is not None]
    limit = limit or (0.08 if unit == "rate" else max(changes, default=1.0))
    return _Scale(unit, higher_is_better, limit, (min(values, default=0.0), max(values, default=1.0)))


def _wide(found: Mapping[str, HeatGrid], need: float) -> grid.Layout:
    names = [name for one in found.values() for name in (*one.rows, one.all_rows)]
    label = min(150.0, max(48.0, *(text.width(name, NAME_SIZE) for name in names))) + 14
    columns = max(len(one.columns) + 1 for one in found.values())
    room = (WIDE - label - grid.MARGIN) // columns - grid.SPACE
    if room < ROOMY:
        return grid.Layout(max(need, room), 62, label, lines=3, centred=True)
    return grid.Layout(min(136.0, room), 56, label)


def _narrow(found: Mapping[str, HeatGrid], need: float) -> grid.Layout:
    columns = max(len(one.columns) + 1 for one in found.values())
    width = max(need, (NARROW - grid.MARGIN - 2) // columns - grid.SPACE)
    return grid.Layout(width, 58, 0, lines=3, centred=True)


def _grid(one: HeatGrid, scale: _Scale) -> grid.Grid:
    rows, columns = (*one.rows, None), (*one.columns, None)
    row_at, column_at = ({name: i for i, name in enumerate(names)} for names in (rows, columns))
    cells = {(cell.row, cell.column): cell for cell in one.cells}
    drawn = []
    for row in rows:
        for column in columns:
            cell = cells.get((row, column), HeatCell(row, column, 0, "counts"))
            drawn.append(replace(_cell(cell, one.view, scale), row=row_at[row], column=column_at[column]))
    return grid.Grid(
        (*one.rows, one.all_rows), (*one.columns, one.all_columns), tuple(drawn), margins=True, foot=_foot(one, scale)
    )


def _foot(one: HeatGrid, scale: _Scale) -> str:
    if one.view == "change":
        words = "points" if scale.unit == "rate" else ""
        limit = numbers.difference(scale.limit, scale.unit, 0 if scale.limit * scale_of(scale.unit) >= 1 else None)
        return f"Full colour: {limit.replace('+', '±')} {words}".rstrip()
    low, high = (numbers.value(v, scale.unit) for v in scale.ends)
    return f"Faint: {low}. Strong: {high}"


def _cell(cell: HeatCell, view: View, scale: _Scale) -> grid.Cell:
    n = numbers.count(cell.n)
    if cell.n == 0:
        return grid.Cell(0, 0, "count", 0, ("·",), cell.key)
    if cell.support == "counts":
        told = (f"{cell.n_right} of {n}", "right") if cell.n_right is not None else (f"n {n}",)
        return grid.Cell(0, 0, "count", 0, told, cell.key)
    shown = cell.baseline if view == "baseline" else cell.value
    value = numbers.value(shown, scale.unit, cell.decimals)
    if view != "change" or cell.support == "show" or cell.delta is None:
        few = " few" if cell.support == "show" else ""
        step = _value_step(shown, scale) if view != "change" and not few else 0
        return grid.Cell(0, 0, "count", step, (value, f"n {n}{few}"), cell.key, bold=not few)
    clear = cell.verdict in {"worse", "better"}
    up = (cell.delta > 0) == scale.higher_is_better
    side: heat.Side = "better" if (cell.verdict == "better" or (not clear and up)) else "worse"
    change = numbers.difference(cell.delta, scale.unit, cell.decimals)
    step = heat.step(cell.delta, scale.limit, clear=clear)
    return grid.Cell(0, 0, side, step, (change, value, f"n {n}"), cell.key, cell.verdict, bold=clear)


def _value_step(value: float | None, scale: _Scale) -> int:
    low, high = scale.ends
    return round((value - low) / (high - low) * heat.STEPS) if value is not None and high > low else 0


def _cells(cell: HeatCell, one: HeatGrid, unit: Unit) -> tuple[str, ...]:
    """A cell as a line of the table."""
    told, tested = cell.support != "counts", cell.support in {"decide", "test"}
    return (
        cell.row if cell.row is not None else one.all_rows,
        cell.column if cell.column is not None else one.all_columns,
        numbers.value(cell.value if told else None, unit, cell.decimals),
        numbers.count(cell.n),
        numbers.value(cell.baseline if told else None, unit, cell.decimals),
        numbers.difference(cell.delta if tested else None, unit, cell.decimals),
        numbers.difference_interval(cell.low if tested else None, cell.high, unit, cell.decimals),
        marks.WORDS[cell.verdict],
    )
