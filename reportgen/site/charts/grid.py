"""A grid of cells with words in them: what the heatmap and the confusion matrix are drawn with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from reportgen.model import Verdict
from reportgen.site.charts import heat, marks, text
from reportgen.site.charts.chart import Row, Rows, assemble, clean_rows, kind, stepped
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW

Drawn = tuple[dict[str, Any], dict[str, Rows]]
"""A spec, and the rows of every set by key."""

SPACE = 2
"""Between two cells, in px."""
MARGIN = 8
"""Between the cells and their margins, in px."""
TILT = 328
"""The angle of slanted column names."""


@dataclass(frozen=True)
class Cell:
    """One cell: where it stands, its colour on the heat scale, and up to three lines of words, each line centred or not.

    ``verdict`` None: no mark before the first line. ``key`` is what the page's script knows the cell by.
    """

    row: int
    column: int
    side: heat.Side
    step: int
    lines: tuple[str, ...]
    key: str = ""
    verdict: Verdict | None = None
    bold: bool = False
    outlined: bool = False


@dataclass(frozen=True)
class Grid:
    """The cells with the names of rows and columns; ``margins``: the last row and the last column stand apart.

    ``corner`` names what the rows are, ``over`` what the columns are, ``foot`` says what full colour means.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    margins: bool = False
    corner: str = ""
    over: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Layout:
    """The sizes in px: of a cell, of the column of row names (0: names stand above their row), of the head."""

    width: float
    height: float
    names: float
    centred: bool
    slanted: bool
    line: float = 16
    above: float = 0

    @property
    def step(self) -> float:
        """The height of a row with its name, where that stands above it."""
        return self.height + self.above + SPACE


def draw(grids: Mapping[str, Grid], layout: Layout) -> Drawn:
    """The spec of the first grid, and the rows of every grid by key."""
    by_key = {key: clean_rows(_rows(grid, layout)) for key, grid in grids.items()}
    most = max(len(name) for grid in grids.values() for name in grid.columns) if layout.slanted else 0
    top = _head(grids, layout) if most else (46 if any(g.over for g in grids.values()) else 26)
    margin = MARGIN if any(grid.margins for grid in grids.values()) else 0
    right = margin + (60 if layout.slanted else 2)
    foot = 30 if any(grid.foot for grid in grids.values()) else 4
    spec, _ = assemble(
        _layers(layout),
        by_key[next(iter(by_key))],
        width=stepped(layout.width + SPACE),
        height=stepped(layout.step),
        padding=(top, right, margin + foot, layout.names),
    )
    return spec, by_key


def _head(grids: Mapping[str, Grid], layout: Layout) -> float:
    """The height that slanted column names need."""
    widest = max(text.width(_column(name, layout), 12) for grid in grids.values() for name in grid.columns)
    return 34 + widest * 0.55


def _column(name: str, layout: Layout) -> str:
    return text.fit(name, 110 if layout.slanted else layout.width - 2, 12)


def _rows(grid: Grid, layout: Layout) -> list[Row]:
    last_row, last_column = len(grid.rows) - 1, len(grid.columns) - 1

    def apart(index: int, last: int) -> float:
        return MARGIN if grid.margins and index == last else 0

    rows: list[Row] = []
    for cell in grid.cells:
        dx, dy = apart(cell.column, last_column), apart(cell.row, last_row)
        rows.append(_cell(cell, layout, dx, dy))
    names_room = (layout.names - 12) if layout.names else NARROW - 8
    for i, name in enumerate(grid.rows):
        shown = text.fit(name, names_room, NAME_SIZE)
        quiet = grid.margins and i == last_row
        dy = apart(i, last_row) + layout.above
        rows.append({"t": "name", "row": i, "dy": dy, "text": shown, "fill": LIGHT["ink3" if quiet else "ink2"]})
    for i, name in enumerate(grid.columns):
        quiet = grid.margins and i == last_column
        fill = LIGHT["ink3" if quiet else "ink2"]
        dx = apart(i, last_column) + layout.width / 2
        rows.append({"t": "column", "col": i, "dx": dx, "text": _column(name, layout), "fill": fill})
    if grid.over:
        top = -(_head({"": grid}, layout) - 10) if layout.slanted else -36
        rows.append(marks.word(grid.over, 0, top, colour="ink2", weight=600))
    if grid.corner and layout.names:
        rows.append(marks.word(grid.corner, -layout.names, -12, colour="ink2", weight=600))
    if grid.foot:
        rows.append(marks.word(grid.foot, 0, len(grid.rows) * layout.step + apart(last_row, last_row) + 16))
    return rows


def _cell(cell: Cell, layout: Layout, dx: float, dy: float) -> Row:
    first = cell.lines[0] if cell.lines else ""
    row: Row = {
        "t": "cell",
        "row": cell.row,
        "col": cell.column,
        "dx": dx,
        "dy": dy + layout.above,
        "fill": heat.cell(cell.side, cell.step),
        "ink": heat.text(cell.side, cell.step) if cell.bold else heat.quiet(cell.side, cell.step),
        "quiet": heat.quiet(cell.side, cell.step),
        "weight": 600 if cell.bold else 400,
        "outlined": cell.outlined,
        "selected": False,
        "key": cell.key,
    }
    for i in range(3):
        row[f"line{i}"] = cell.lines[i] if i < len(cell.lines) else ""
    row["verdict"] = cell.verdict or ""
    row["mark_dy"] = row["dy"] + _line_offsets(layout)[0]
    if layout.centred:
        # the mark and the text stand in the middle together; their width is estimated for a narrow face
        reach = text.width(first, 12, row["weight"]) * 0.43
        row["mark_dx"] = dx + layout.width / 2 - reach - 2
        row["shift"] = layout.width / 2 + (7 if cell.verdict else 0)
    else:
        row["mark_dx"] = dx + 17
        row["shift"] = 28 if cell.verdict else 12
    return row


def _layers(layout: Layout) -> list[alt.Chart]:
    inner = {"paddingOuter": 0}
    x_scale = alt.Scale(type="band", paddingInner=SPACE / (layout.width + SPACE), **inner)
    y_scale = alt.Scale(type="band", paddingInner=(SPACE + layout.above) / layout.step, **inner)

    x, y = alt.X("col:O", axis=None, scale=x_scale), alt.Y("row:O", axis=None, scale=y_scale)
    offset = {"xOffset": alt.XOffset("dx:Q", scale=None), "yOffset": alt.YOffset("dy:Q", scale=None)}
    place = {"x": x, "y": y, **offset}
    words = []
    for i, dy in enumerate(_line_offsets(layout)):
        first = i == 0
        words.append(
            kind("cell", f"datum.line{i} !== ''")
            .mark_text(
                align="center" if layout.centred else "left",
                dx=alt.expr("datum.shift") if first else (layout.width / 2 if layout.centred else 12),
                dy=dy,
                fontSize=14 if first and not layout.centred else 12,
                fontWeight=alt.expr("datum.weight") if first else 400,
                baseline="middle",
            )
            .encode(
                **place,
                text=alt.Text(f"line{i}:N"),
                fill=alt.Fill("ink:N" if first else "quiet:N", scale=None),
            )
        )
    shape = alt.Shape("verdict:N", scale=marks.SHAPE)
    verdict = (
        kind("cell", "datum.verdict !== ''")
        .mark_point(
            size=alt.expr(f"{marks.CLEAR} ? 150 : {marks.circle(4.4)}") if not layout.centred else 64,
            strokeWidth=alt.expr(f"{marks.CLEAR} ? 0 : 1.5"),
            opacity=1,
            fillOpacity=alt.expr(f"{marks.CLEAR} ? 1 : 0"),
        )
        .encode(
            x=x,
            y=y,
            xOffset=alt.XOffset("mark_dx:Q", scale=None),
            yOffset=alt.YOffset("mark_dy:Q", scale=None),
            fill=alt.Fill("ink:N", scale=None),
            stroke=alt.Stroke("ink:N", scale=None),
            shape=shape,
        )
    )
    outline = {"fill": "transparent", "cornerRadius": 2}
    return [
        kind("cell").mark_rect(cornerRadius=2).encode(**place, fill=alt.Fill("fill:N", scale=None)),
        kind("cell", "datum.outlined").mark_rect(stroke=LIGHT["line2"], strokeWidth=1.5, **outline).encode(**place),
        verdict,
        *words,
        kind("cell", "datum.selected").mark_rect(stroke=LIGHT["accent"], strokeWidth=3, **outline).encode(**place),
        _names(layout, y),
        _columns(layout, x),
        marks.words(),
    ]


def _line_offsets(layout: Layout) -> tuple[float, ...]:
    """Where the lines of a cell stand, in px from its upper edge."""
    count = max(1, round((layout.height - 14) / layout.line))
    return tuple(layout.height / 2 + (i - (count - 1) / 2) * layout.line for i in range(count))


def _names(layout: Layout, y: alt.Y) -> alt.Chart:
    """The rows' names, left of their row or above it."""
    left = layout.names > 0
    if left:
        mark = kind("name").mark_text(align="right", dx=-12, dy=layout.height / 2, fontSize=NAME_SIZE, baseline="middle")
    else:
        mark = kind("name").mark_text(align="left", dy=-layout.above / 2, fontSize=NAME_SIZE, baseline="middle")
    offset = alt.YOffset("dy:Q", scale=None)
    return mark.encode(x=alt.value(0), y=y, yOffset=offset, text="text:N", fill=alt.Fill("fill:N", scale=None))


def _columns(layout: Layout, x: alt.X) -> alt.Chart:
    """The columns' names above the cells, slanted where cells are narrow."""
    slanted = {"angle": TILT, "align": "left"} if layout.slanted else {"align": "center"}
    mark = kind("column").mark_text(fontSize=12, baseline="middle", **slanted)
    offset = alt.XOffset("dx:Q", scale=None)
    fill = alt.Fill("fill:N", scale=None)
    return mark.encode(x=x, xOffset=offset, y=alt.value(-12), text="text:N", fill=fill)
