"""Change per class: small multiples that share their rows and their axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow, Limits
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, clean_rows, together, unchecked
from reportgen.site.charts.theme import NAME_SIZE, NARROW, WIDE

STEP = 28
LINE = 22
GAP = 14
CHANGE, ENDS = 40, 87
"""The least room for a change and for its interval: two digits before the point, as other versions may have."""
LONGEST = 150
"""The widest column of class names, in px."""


@dataclass(frozen=True)
class ClassRow:
    """One class, and its change in each panel's metric (None: not defined), in the metric's unit, with its own n."""

    name: str
    changes: tuple[EffectRow | None, ...]


@unchecked
def classes(
    id: str,
    label: str,
    rows: Sequence[ClassRow],
    *,
    panels: Sequence[str] = ("Recall", "Precision"),
    unit: Unit = "rate",
    alternatives: Mapping[str, Sequence[ClassRow]] | None = None,
    live: bool = False,
    level: float = Limits.level,
) -> Chart:
    """The chart of changes per class in the rows' order, one panel a metric, and the phone's layout.

    ``alternatives`` are other pairs of versions by key, each on the axis that fits it; ``level`` is that of the
    intervals.
    """
    sets = {"": tuple(rows), **{key: tuple(found) for key, found in (alternatives or {}).items()}}
    every = [row for found in sets.values() for row in found]
    columns = _Columns.of(every, panels, unit)
    interval = f"{numbers.level(level)} interval"
    head = ("Class", *(cell for name in panels for cell in (f"{name}, change", interval, "n", "Verdict")))
    tables = {key: [_cells(row, unit) for row in found] for key, found in sets.items()}
    axes = {key: _axis(found, unit, columns.span(0)) for key, found in sets.items()}
    narrow = _narrow(axes[""], columns, panels)
    drawn = {key: _rows(found, axes[key], columns, panels, unit) for key, found in sets.items()}
    frame = {
        "span": list(columns.span(0)),
        "fixed": [*clean_rows(_heads(columns, panels, unit))],
        "names": {row.name: _names(row, columns) for row in every},
        "panels": list(panels),
    }
    return build(
        id, label, _wide(axes[""], columns, panels), drawn, head, tables, narrow=narrow, live=live, frame=frame
    )


@dataclass(frozen=True)
class _Columns:
    """The widths of the columns in px, and of a panel."""

    names: float
    n: float
    change: float
    ends: float
    panel: float
    told: float  # of a class's n in each panel, on a phone

    @classmethod
    def of(cls, rows: Sequence[ClassRow], panels: Sequence[str], unit: Unit) -> _Columns:
        """Wide enough for every text."""
        changes = [change for row in rows for change in row.changes if change is not None]
        names = min(LONGEST, marks.widest([row.name for row in rows], 56, NAME_SIZE))
        n = marks.widest([_n(change) for row in rows for change in row.changes], 24)
        return cls(
            names=names,
            n=n,
            change=marks.widest([numbers.difference(c.value, unit, c.decimals) for c in changes], CHANGE, weight=600),
            ends=marks.widest([numbers.difference_interval(c.low, c.high, unit, c.decimals) for c in changes], ENDS),
            panel=(WIDE - names - GAP) / max(1, len(panels)),
            told=marks.widest([_told(row, panels) for row in rows], 0),
        )

    @property
    def left(self) -> float:
        """What stands left of the first panel."""
        return self.names + GAP

    @property
    def texts(self) -> float:
        """What stands right of a panel's plot."""
        return 12 + self.change + 10 + self.ends + 10 + self.n

    def span(self, panel: int) -> tuple[float, float]:
        """Where a panel's axis lies."""
        start = panel * self.panel
        return start + 6, start + self.panel - self.texts - GAP


def _told(row: ClassRow, panels: Sequence[str]) -> str:
    return ", ".join(f"{panel} n {_n(change)}" for panel, change in zip(panels, row.changes, strict=True))


def _names(row: ClassRow, columns: _Columns) -> dict[str, str]:
    """The class's name as it fits beside the plots, and above them."""
    name = text.clean(row.name)
    return {
        "name": text.fit(name, columns.names, NAME_SIZE),
        "long": text.fit(name, NARROW - columns.told - 12, NAME_SIZE),
    }


def _heads(columns: _Columns, panels: Sequence[str], unit: Unit) -> list[Row]:
    found: list[Row] = []
    points = " in points" if unit == "rate" else ""
    for i, panel in enumerate(panels):
        found.append(marks.word(f"head{i}", text.fit(f"{panel}, change{points}", columns.panel - GAP - 30, 12, 600)))
        found.append(marks.word(f"n{i}", "n"))
    return found


def _n(change: EffectRow | None) -> str:
    return numbers.MISSING if change is None else numbers.count(change.n)


def _cells(row: ClassRow, unit: Unit) -> tuple[str, ...]:
    cells: list[str] = [row.name]
    for change in row.changes:
        if change is None:
            cells += [numbers.MISSING] * 4
        else:
            ends = numbers.difference_interval(change.low, change.high, unit, change.decimals)
            size = numbers.difference(change.value, unit, change.decimals)
            cells += [size, ends, _n(change), marks.WORDS[change.verdict]]
    return tuple(cells)


def _axis(rows: Sequence[ClassRow], unit: Unit, span: tuple[float, float]) -> ValueAxis:
    """The axis that holds every change, and every interval with enough samples."""
    scale = scale_of(unit)
    held: list[float | None] = []
    for change in (change for row in rows for change in row.changes if change is not None):
        ends = (change.low, change.value, change.high) if change.support == "decide" else (change.value,)
        held += [marks.scaled(v, scale) for v in ends]
    return replace(difference_axis(held, span=span, side=0.06), follows=True)


def _rows(rows: Sequence[ClassRow], axis: ValueAxis, columns: _Columns, panels: Sequence[str], unit: Unit) -> list[Row]:
    found: list[Row] = [axis.row(), *_heads(columns, panels, unit)]
    for r, row in enumerate(rows):
        found.append({"t": "row", "row": r, **_names(row, columns), "n_long": _told(row, panels)})
        for i, change in enumerate(row.changes):
            none = {"value": None, "low": None, "verdict": "too_few", "change": numbers.MISSING, "ends": ""}
            fields = marks.change(change, axis, unit) if change is not None else none
            found.append({"t": f"panel{i}", "row": r, "title": panels[i], "n": _n(change), **fields})
    return found


def _figures(panel: int, change: float, ends: float, dy: float = 0) -> list[alt.Chart]:
    rows = f"panel{panel}"
    return [
        marks.column("change", change, dy=dy, align="right", colour=marks.NUMBER, bold=marks.CLEAR, rows=rows),
        marks.column("ends", ends, dy=dy, align="right", rows=rows),
    ]


def _wide(shown: ValueAxis, columns: _Columns, panels: Sequence[str]) -> Spec:
    layers: list[alt.Chart | alt.LayerSpec] = []
    for i in range(len(panels)):
        axis = replace(shown, span=columns.span(i))
        end = axis.span[1] + columns.texts
        ends = end - columns.n - 10
        layers += [together(marks.interval(axis, rows=f"panel{i}")), *_figures(i, ends - columns.ends - 10, ends)]
        layers.append(marks.column("n", end, align="right", rows=f"panel{i}"))
        layers.append(marks.caption(f"n{i}", end, -14, align="right"))
        layers.append(marks.caption(f"head{i}", axis.span[0], -14, colour="ink2", weight=600))
    layers += [
        marks.column("name", -columns.left, size=NAME_SIZE, colour="ink2"),
    ]
    width = columns.panel * len(panels)
    padding = (28.0, 0.0, 26.0, columns.left)
    return assemble(layers, width=width, height=alt.Step(STEP), padding=padding, axes="independent")


def _narrow(shown: ValueAxis, columns: _Columns, panels: Sequence[str]) -> Spec:
    """The class and its n on one line, then a line a metric: its name, its mark, its figures."""
    titles = marks.widest(list(panels), 40) + 8
    axis = replace(shown, span=(titles + 6, NARROW - columns.change - columns.ends - 22))
    step = 30 + LINE * len(panels)
    layers: list[alt.Chart] = []
    for i in range(len(panels)):
        dy = -step / 2 + 26 + LINE * (i + 0.5)
        layers += [
            *marks.interval(axis, dy=dy, rows=f"panel{i}"),
            *_figures(i, NARROW - columns.ends - 8, NARROW, dy),
            marks.column("title", 0, dy=dy, rows=f"panel{i}"),
        ]
    first = 15 - step / 2
    layers += [
        marks.column("long", 0, dy=first, size=NAME_SIZE, colour="ink2", halo=True),
        marks.column("n_long", NARROW, dy=first, align="right", halo=True),
    ]
    return assemble(layers, width=NARROW, height=alt.Step(step), padding=(2, 0, 26, 0))
