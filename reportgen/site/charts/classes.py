"""Change per class: small multiples that share their rows and their axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, Rows, assemble, clean_rows, stepped
from reportgen.site.charts.theme import NAME_SIZE, NARROW, WIDE

STEP = 28
LINE = 22
GAP = 14


@dataclass(frozen=True)
class ClassRow:
    """One class with n, and its change in each panel's metric (None: not defined), in the metric's unit."""

    name: str
    n: int
    changes: tuple[EffectRow | None, ...]


@dataclass(frozen=True)
class _Set:
    rows: tuple[ClassRow, ...]
    panels: tuple[str, ...]
    unit: Unit

    def every(self) -> list[EffectRow]:
        """All changes of all panels."""
        return [change for row in self.rows for change in row.changes if change is not None]


def classes(
    id: str,
    label: str,
    rows: Sequence[ClassRow],
    *,
    panels: Sequence[str] = ("Recall", "Precision"),
    unit: Unit = "rate",
    alternatives: Mapping[str, Sequence[ClassRow]] | None = None,
) -> Chart:
    """The chart of changes per class in the rows' order, one panel a metric, and the phone's layout.

    ``alternatives`` are other pairs of versions by key, on the same axis.
    """
    sets = {"": _Set(tuple(rows), tuple(panels), unit)}
    sets |= {key: replace(sets[""], rows=tuple(found)) for key, found in (alternatives or {}).items()}
    head = ("Class", "n", *(cell for name in panels for cell in (f"{name}, change", "95% interval", "Verdict")))
    table = tuple(_table_row(row, unit) for row in rows)

    def chart(id: str, drawn: tuple[dict[str, Any], dict[str, Rows]], narrow: Chart | None) -> Chart:
        spec, by_key = drawn
        others = {key: found for key, found in by_key.items() if key}
        return Chart(id, label, spec, by_key[""], head, table, bool(others), others, narrow)

    return chart(id, _wide(sets), chart(f"{id}-narrow", _narrow(sets), None))


def _table_row(row: ClassRow, unit: Unit) -> tuple[str, ...]:
    cells: list[str] = [row.name, numbers.count(row.n)]
    for change in row.changes:
        if change is None:
            cells += [numbers.MISSING] * 3
        else:
            cells += [
                numbers.difference(change.value, unit),
                numbers.difference_interval(change.low, change.high, unit),
                marks.WORDS[change.verdict],
            ]
    return tuple(cells)


def _axis(sets: Mapping[str, _Set], unit: Unit, span: tuple[float, float]) -> ValueAxis:
    scale = scale_of(unit)
    held: list[float | None] = []
    for one in sets.values():
        for change in one.every():
            ends = (change.low, change.value, change.high) if change.support == "decide" else (change.value,)
            held += [None if v is None else v * scale for v in ends]
    return difference_axis(held, span=span, most=5, side=0.06)


def _change(change: EffectRow | None, axis: ValueAxis, unit: Unit) -> Row:
    if change is None:
        nothing = {"value": None, "low": None, "high": None, "cut_low": False, "cut_high": False, "few": False}
        return {**nothing, "verdict": "too_few", "change": numbers.MISSING, "ends": ""}
    scale = scale_of(unit)
    low, high, cut_low, cut_high = axis.cut(
        None if change.low is None else change.low * scale, None if change.high is None else change.high * scale
    )
    return {
        "value": change.value * scale,
        "low": low,
        "high": high,
        "cut_low": cut_low,
        "cut_high": cut_high,
        "few": change.support != "decide",
        "verdict": change.verdict,
        "change": numbers.difference(change.value, unit),
        "ends": numbers.difference_interval(change.low, change.high, unit),
    }


def _widths(sets: Mapping[str, _Set], unit: Unit) -> tuple[float, float]:
    """The widths of the columns of changes and of intervals."""
    every = [change for one in sets.values() for change in one.every()]
    change = max([36.0, *(text.width(numbers.difference(c.value, unit), 12, 600) for c in every)])
    ends = max([40.0, *(text.width(numbers.difference_interval(c.low, c.high, unit)) for c in every)])
    return change, ends


def _wide(sets: Mapping[str, _Set]) -> tuple[dict[str, Any], dict[str, Rows]]:
    first = sets[""]
    rows = [row for one in sets.values() for row in one.rows]
    names = min(150.0, max([56.0, *(text.width(row.name, NAME_SIZE) for row in rows)]))
    n = max([24.0, *(text.width(numbers.count(row.n)) for row in rows)])
    change, ends = _widths(sets, first.unit)
    left = names + 10 + n + GAP
    panel = (WIDE - left) / len(first.panels)
    texts = 12 + change + 10 + ends
    plot = panel - texts - GAP
    axes = [_axis(sets, first.unit, (i * panel + 6, i * panel + plot)) for i in range(len(first.panels))]
    layers: list[alt.Chart] = []
    for i, axis in enumerate(axes):
        end = i * panel + plot + texts
        layers += marks.interval(axis, rows=f"panel{i}")
        layers += [
            marks.column(
                "change", end - ends - 10, align="right", colour=marks.NUMBER, bold=marks.CLEAR, rows=f"panel{i}"
            ),
            marks.column("ends", end, align="right", rows=f"panel{i}"),
        ]
    layers += [
        marks.column("name", -left, size=NAME_SIZE, colour="ink2"),
        marks.column("n", -GAP, align="right"),
        marks.words(),
    ]

    def of(one: _Set) -> Rows:
        found: list[Row] = [marks.word("n", -GAP, -14, align="right")]
        for i, title in enumerate(one.panels):
            head = text.fit(f"{title}, change{' in points' if one.unit == 'rate' else ''}", panel - GAP, 12, 600)
            found.append(marks.word(head, i * panel + 6, -14, colour="ink2", weight=600))
        for r, row in enumerate(one.rows):
            name = text.fit(row.name, names, NAME_SIZE)
            found.append({"t": "row", "row": r, "name": name, "n": numbers.count(row.n)})
            for i, item in enumerate(row.changes):
                found.append({"t": f"panel{i}", "row": r, **_change(item, axes[i], one.unit)})
        return clean_rows(found)

    by_key = {key: of(one) for key, one in sets.items()}
    width = WIDE - left
    spec, _ = assemble(
        layers,
        by_key[""],
        width=width,
        height=stepped(STEP),
        padding=(28, 0, 26, left),
        independent=("color", "fill", "stroke", "shape", "x"),
    )
    return spec, by_key


def _narrow(sets: Mapping[str, _Set]) -> tuple[dict[str, Any], dict[str, Rows]]:
    """The class and its n on one line, then a line a metric: its name, its mark, its figures."""
    first = sets[""]
    change, ends = _widths(sets, first.unit)
    titles = max(text.width(title) for title in first.panels) + 8
    texts = 8 + change + 8 + ends
    axis = _axis(sets, first.unit, (titles + 6, NARROW - texts - 6))
    step = 26 + LINE * len(first.panels) + 6
    at = [-step / 2 + 26 + LINE * (i + 0.5) for i in range(len(first.panels))]
    layers: list[alt.Chart] = []
    for i, dy in enumerate(at):
        layers += marks.interval(axis, dy=dy, rows=f"panel{i}")
        layers += [
            marks.column(
                "change",
                NARROW - ends - 8,
                dy=dy,
                align="right",
                colour=marks.NUMBER,
                bold=marks.CLEAR,
                rows=f"panel{i}",
            ),
            marks.column("ends", NARROW, dy=dy, align="right", rows=f"panel{i}"),
            marks.column("title", 0, dy=dy, rows=f"panel{i}"),
        ]
    head = -step / 2 + 15
    layers += [
        marks.column("name", 0, dy=head, size=NAME_SIZE, colour="ink2", halo=True),
        marks.column("n", NARROW, dy=head, align="right", halo=True),
    ]

    def of(one: _Set) -> Rows:
        found: list[Row] = []
        for r, row in enumerate(one.rows):
            n = f"n {numbers.count(row.n)}"
            name = text.fit(row.name, NARROW - text.width(n) - 12, NAME_SIZE)
            found.append({"t": "row", "row": r, "name": name, "n": n})
            for i, item in enumerate(row.changes):
                found.append({"t": f"panel{i}", "row": r, "title": one.panels[i], **_change(item, axis, one.unit)})
        return clean_rows(found)

    by_key = {key: of(one) for key, one in sets.items()}
    spec, _ = assemble(layers, by_key[""], width=NARROW, height=stepped(step), padding=(2, 0, 26, 0))
    return spec, by_key
