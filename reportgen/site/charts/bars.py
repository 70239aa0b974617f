"""The distribution of the samples that a filter leaves: one bar a value, the part that is wrong marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.chart import Chart, Row, assemble, clean_rows, kind, stepped
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW

STEP = 24


@dataclass(frozen=True)
class BarRow:
    """One value with its samples, and how many of those are wrong in the candidate (None: not told)."""

    name: str
    n: int
    n_wrong: int | None = None


def bars(id: str, label: str, rows: Sequence[BarRow], *, width: float = NARROW, live: bool = True, noun: str = "samples") -> Chart:
    """The chart of counts from 0, in the rows' order; the axis follows the counts shown.

    A live view is given the same rows with other counts: ``name``, ``n``, ``wrong`` and ``text`` ("1,204", "37 of 1,204").
    """
    names = min(140.0, max([48.0, *(text.width(row.name, NAME_SIZE) for row in rows)]))
    widest = max([24.0, *(text.width(_told(row)) for row in rows)])
    plot = width - names - 12 - 10 - widest
    scale = alt.Scale(domainMin=0, nice=False, zero=True, range=[0, plot])

    def bar(end: str, colour: str) -> alt.Chart:
        x = alt.X("zero:Q", axis=None, scale=scale)
        rule = kind("row", f"datum.{end} > 0").mark_rule(stroke=LIGHT[colour], strokeWidth=12)
        return rule.encode(x=x, x2=alt.X2(end), y=marks.y())

    layers = [
        kind("row").mark_point(opacity=0, size=1).encode(x=alt.X("n:Q", axis=None, scale=scale), y=marks.y()),
        bar("n", "line2"),
        bar("wrong", "worse-mark"),
        marks.column("name", -12, align="right", size=NAME_SIZE, colour="ink2"),
        marks.column("text", width - names - 12, align="right"),
    ]
    drawn = [_row(i, row, names) for i, row in enumerate(rows)]
    spec, cleaned = assemble(
        layers, drawn, width=plot, height=stepped(STEP), padding=(0, width - plot - names - 12, 0, names + 12)
    )
    wrong = any(row.n_wrong is not None for row in rows)
    head = ("Value", noun.capitalize(), "Wrong") if wrong else ("Value", noun.capitalize())
    table = tuple(
        (row.name, numbers.count(row.n), *([numbers.count(row.n_wrong or 0)] if wrong else [])) for row in rows
    )
    return Chart(id, label, spec, clean_rows(cleaned), head, table, live)


def _told(row: BarRow) -> str:
    n = numbers.count(row.n)
    return n if row.n_wrong is None else f"{numbers.count(row.n_wrong)} of {n}"


def _row(index: int, row: BarRow, names: float) -> Row:
    return {
        "t": "row",
        "row": index,
        "name": text.fit(row.name, names, NAME_SIZE),
        "zero": 0,
        "n": row.n,
        "wrong": row.n_wrong or 0,
        "text": _told(row),
    }
