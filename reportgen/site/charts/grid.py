"""A grid of cells with words in them: what the heatmap and the confusion matrix are drawn with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from reportgen.model import Verdict
from reportgen.site.charts import heat, marks, text
from reportgen.site.charts.chart import Row, Spec, assemble, kind, x_at, y_at
from reportgen.site.charts.theme import AXIS_SIZE, LIGHT, NAME_SIZE, NARROW

SPACE = 2
"""Between two cells, in px."""
MARGIN = 8
"""Between the cells and their margins, in px."""
TILT = 328
"""The angle of slanted column names: 32 degrees upwards."""
SHORT = 60
"""The longest line of a column's name on a phone, in px; it has two."""
SLANT = 110
"""The longest slanted column name, in px."""


@dataclass(frozen=True)
class Cell:
    """One cell: where it stands, its colour on the heat scale, and up to three texts.

    ``verdict`` None: no mark before the first text. ``key`` is what the page's script knows the cell by.
    """

    row: int
    column: int
    side: heat.Side
    step: int
    texts: tuple[str, ...]
    key: str = ""
    verdict: Verdict | None = None
    bold: bool = False


@dataclass(frozen=True)
class Grid:
    """The cells with the names of rows and columns; ``margins``: the last row and the last column stand apart.

    ``over`` names what the columns are, ``corner`` what the rows are, ``foot`` says what full colour means.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    margins: bool = False
    over: str = ""
    corner: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Layout:
    """Sizes in px: of a cell, and of the column of row names (0: a name stands above its row).

    ``lines``: with three, the texts of a cell stand below each other; with two, the third stands behind the second.
    ``stacked``: the mark stands above its text. ``slanted``: the names of columns are. ``square``: rows and columns are
    the same things, and the diagonal is outlined.
    """

    width: float
    height: float
    names: float
    lines: int = 2
    centred: bool = False
    stacked: bool = False
    slanted: bool = False
    square: bool = False

    @property
    def above(self) -> float:
        """The room for a row's name above it."""
        return 0 if self.names else 22

    @property
    def step(self) -> float:
        """From one row to the next."""
        return self.height + self.above + SPACE

    def offsets(self) -> tuple[float, ...]:
        """Where the lines of a cell stand, from its upper edge."""
        apart = 15 if self.centred else 19
        return tuple(self.height / 2 + (i - (self.lines - 1) / 2) * apart for i in range(self.lines))


def rows(grid: Grid, layout: Layout) -> list[Row]:
    """The grid's rows of data; they serve every layout, and ``layout`` is the wide one."""
    last_row, last_column = len(grid.rows) - 1, len(grid.columns) - 1
    found: list[Row] = [_cell(cell, grid, last_row, last_column) for cell in grid.cells]
    for i, name in enumerate(grid.rows):
        room = layout.names - 12
        fits = {"text": text.fit(name, room, NAME_SIZE), "long": text.fit(name, NARROW, NAME_SIZE)}
        found.append({"t": "name", "row": i, **fits} | ({"low": True} if grid.margins and i == last_row else {}))
    for i, name in enumerate(grid.columns):
        room = SLANT if layout.slanted else layout.width - 2
        short, rest = text.wrap(name, SHORT)
        row = {"t": "column", "col": i, "text": text.fit(name, room), "short": short, "rest": rest}
        found.append(row | ({"far": True} if grid.margins and i == last_column else {}))
    spoken = (("over", grid.over), ("corner", grid.corner), ("foot", grid.foot))
    return [*found, *(marks.word(which, told) for which, told in spoken if told)]


def _cell(cell: Cell, grid: Grid, last_row: int, last_column: int) -> Row:
    row: Row = {"t": "cell", "row": cell.row, "col": cell.column, "heat": heat.code(cell.side, cell.step)}
    row |= {f"text{i}": told for i, told in enumerate(cell.texts)}
    if cell.verdict:
        row["verdict"] = cell.verdict
        # how far the first text reaches from its middle
        row["reach"] = round(text.width(cell.texts[0], AXIS_SIZE, 600) / 2, 1)
    flags = {
        "bold": cell.bold,
        "low": grid.margins and cell.row == last_row,
        "far": grid.margins and cell.column == last_column,
        "key": cell.key,
    }
    return row | {name: flag for name, flag in flags.items() if flag}


def needed(grids: Iterable[Grid], *, beside: bool = True) -> float:
    """The width in px that centred texts need in a cell, with the mark ``beside`` the first one or above it."""
    widest = 0.0
    for cell in (cell for grid in grids for cell in grid.cells):
        mark = 16 if cell.verdict and beside else 0
        widest = max(widest, mark + text.width(cell.texts[0], AXIS_SIZE, 600 if cell.bold else 400))
        widest = max([widest, *(text.width(told) for told in cell.texts[1:])])
    return widest + 4


def spec(grids: Sequence[Grid], layout: Layout) -> Spec:
    """The spec of a layout that has room for each of the grids."""
    margin = MARGIN if any(grid.margins for grid in grids) else 0
    over, foot = (any(getattr(grid, which) for grid in grids) for which in ("over", "foot"))
    top = 22.0
    if layout.slanted:
        widest = marks.widest([text.fit(name, SLANT) for grid in grids for name in grid.columns], 0)
        top = 22 + 0.55 * widest
    elif not layout.names and any(text.wrap(name, SHORT)[1] for grid in grids for name in grid.columns):
        top += 15
    below = margin + layout.above
    padding = (
        top + (22 if over else 0),
        margin + (SLANT * 0.6 if layout.slanted else 2),
        below + (28 if foot else 2),
        layout.names,
    )
    layers = [
        *_cells(layout),
        *_names(layout),
        marks.caption("over", 0, -top - 8, colour="ink2", weight=600),
        *([marks.caption("corner", -layout.names, -14, colour="ink2", weight=600)] if layout.names else []),
        marks.caption("foot", 0, f"height + {below + 16}"),
    ]
    return assemble(layers, width=alt.Step(layout.width + SPACE), height=alt.Step(layout.step), padding=padding)


def _place(layout: Layout) -> dict[str, Any]:
    """The left upper edge of a cell; margins stand apart."""
    x_scale = alt.Scale(type="band", paddingInner=SPACE / (layout.width + SPACE), paddingOuter=0)
    y_scale = alt.Scale(type="band", paddingInner=(SPACE + layout.above) / layout.step, paddingOuter=0)
    return {
        "x": alt.X("col:O", axis=None, scale=x_scale),
        "y": alt.Y("row:O", axis=None, scale=y_scale),
        "xOffset": alt.XOffset("dx:Q", scale=None),
        "yOffset": alt.YOffset("dy:Q", scale=None),
    }


def _kind(layout: Layout, which: str, *conditions: str, dx: str = "0", dy: str = "0") -> alt.Chart:
    """The rows of one kind with their offset in px from the cell's left upper edge."""
    x, y = f"(datum.far ? {MARGIN} : 0) + {dx}", f"(datum.low ? {MARGIN} : 0) + {layout.above} + {dy}"
    rows: alt.Chart = kind(which, *conditions).transform_calculate(dx=x, dy=y)
    return rows


def _cells(layout: Layout) -> list[alt.Chart]:
    place = _place(layout)
    frame: dict[str, Any] = {"fill": "transparent", "cornerRadius": 2}
    layers = [
        _kind(layout, "cell")
        .mark_rect(cornerRadius=2)
        .encode(**place, fill=alt.Fill("heat:N", scale=alt.Scale(domain=heat.CODES, range=heat.cells())))
    ]
    if layout.square:
        diagonal = _kind(layout, "cell", "datum.row === datum.col").mark_rect(stroke=LIGHT["control"], **frame)
        layers.append(diagonal.encode(**place))
    chosen = _kind(layout, "cell", "datum.selected").mark_rect(stroke=LIGHT["accent"], strokeWidth=3, **frame)
    return [*layers, _verdict(layout, place), *_texts(layout, place), chosen.encode(**place)]


def _verdict(layout: Layout, place: Mapping[str, Any]) -> alt.Chart:
    """The mark of the verdict: before the first text, or above it."""
    first = layout.offsets()[0]
    middle = layout.width / 2
    dx, dy = "17", first
    if layout.stacked:
        dx, dy = f"{middle}", first - 8
    elif layout.centred:
        dx = f"{middle} - datum.reach - 1"
    small = layout.centred or layout.stacked
    clear, ring = (72, marks.circle(3.4)) if small else (150, marks.circle(4.4))
    solid, line = (alt.Scale(domain=heat.CODES, range=heat.inks_of(which)) for which in ("text", "quiet"))
    mark: alt.Chart = (
        _kind(layout, "cell", "isValid(datum.verdict)", dx=dx, dy=f"{dy}")
        .mark_point(
            size=alt.expr(f"{marks.CLEAR} ? {clear} : {ring}"),
            strokeWidth=alt.expr(f"{marks.CLEAR} ? 0 : 1.5"),
            fillOpacity=alt.expr(f"{marks.CLEAR} ? 1 : 0"),
            opacity=1,
        )
        .encode(
            **place,
            fill=alt.Fill("heat:N", scale=solid),
            stroke=alt.Stroke("heat:N", scale=line),
            shape=alt.Shape("verdict:N", scale=marks.SHAPE),
        )
    )
    return mark


def _texts(layout: Layout, place: Mapping[str, Any]) -> list[alt.Chart]:
    """The texts of a cell, the first of them 600 where it is a change beyond chance or the value itself."""
    offsets = layout.offsets()
    middle = f"{layout.width / 2}"
    align: Literal["center", "left"] = "center" if layout.centred else "left"
    if layout.stacked:
        dx, first = middle, f"(isValid(datum.verdict) ? {offsets[0] + 8} : {offsets[0]})"
    elif layout.centred:
        dx, first = f"{middle} + (isValid(datum.verdict) ? 7 : 0)", f"{offsets[0]}"
    else:
        dx, first = "(isValid(datum.verdict) ? 28 : 12)", f"{offsets[0]}"
    size = AXIS_SIZE if layout.centred else 14

    def line(i: int, dx: str, dy: str, **options: Any) -> alt.Chart:
        shown = _kind(layout, "cell", f"isValid(datum.text{i})", dx=dx, dy=dy)
        texts: alt.Chart = shown.mark_text(align=align, **options)
        return texts

    def ink(which: Literal["text", "quiet"]) -> alt.Fill:
        return alt.Fill("heat:N", scale=alt.Scale(domain=heat.CODES, range=heat.inks_of(which)))

    bold, plain = (
        line(0, dx, first, fontSize=size, fontWeight=weight).transform_filter(condition)
        for weight, condition in ((600, "datum.bold"), (400, "!datum.bold"))
    )
    layers = [
        bold.encode(**place, text=alt.Text("text0:N"), fill=ink("text")),
        plain.encode(**place, text=alt.Text("text0:N"), fill=ink("quiet")),
    ]
    if layout.lines == 3:
        layers += [
            line(i, middle, f"{offsets[i]}").encode(**place, text=alt.Text(f"text{i}:N"), fill=ink("quiet"))
            for i in (1, 2)
        ]
    elif layout.lines == 2:
        second = line(1, middle if layout.centred else "12", f"{offsets[1]}").transform_calculate(
            both="datum.text1 + (isValid(datum.text2) ? ' · ' + datum.text2 : '')"
        )
        layers.append(second.encode(**place, text=alt.Text("both:N"), fill=ink("quiet")))
    return layers


def _names(layout: Layout) -> list[alt.Chart]:
    """The names of the rows, left of their row or above it, and of the columns, slanted where cells are narrow."""
    place = _place(layout)
    tone = alt.Scale(domain=[True, False], range=[LIGHT["ink3"], LIGHT["ink2"]])
    left = layout.names > 0
    row = (
        _kind(layout, "name", dy=f"{layout.height / 2}" if left else "-11")
        .transform_calculate(margin="!!datum.low")
        .mark_text(align="right" if left else "left", dx=-12 if left else 0, fontSize=NAME_SIZE)
        .encode(
            x=x_at(0),
            y=place["y"],
            yOffset=place["yOffset"],
            text=alt.Text("text:N" if left else "long:N"),
            fill=alt.Fill("margin:N", scale=tone),
        )
    )
    slanted: dict[str, Any] = {"angle": TILT, "align": "left"} if layout.slanted else {"align": "center"}
    whole = left or layout.slanted
    lines = [("text", "0")] if whole else [("short", "datum.rest ? -15 : 0"), ("rest", "0")]
    columns = [
        _kind(layout, "column", dx=f"{layout.width / 2}")
        .transform_calculate(margin="!!datum.far")
        .mark_text(**slanted, dy=alt.expr(dy))
        .encode(
            x=place["x"],
            xOffset=place["xOffset"],
            y=y_at(-12),
            text=alt.Text(f"{line}:N"),
            fill=alt.Fill("margin:N", scale=tone),
        )
        for line, dy in lines
    ]
    return [row, *columns]
