"""The distribution of the samples that a filter leaves: one bar a value, the part that is wrong marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.chart import Chart, Row, assemble, build, kind, unchecked
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW

STEP = 24


@dataclass(frozen=True)
class BarRow:
    """One value with its samples, and how many of those are wrong in the candidate (None: not told).

    ``told`` is the text beside the bar; empty: "1,204", or "37 of 1,204" with the wrong ones.
    """

    name: str
    n: int
    n_wrong: int | None = None
    told: str = ""


NAME_ROOM = 140.0
"""The most px that names may take."""


@unchecked
def bars(
    id: str,
    label: str,
    rows: Sequence[BarRow],
    *,
    width: float = NARROW,
    live: bool = True,
    noun: str = "samples",
    names_to_come: Sequence[str] = (),
    told_to_come: Sequence[str] = (),
) -> Chart:
    """The chart of counts from 0, in the rows' order; the axis follows the counts shown.

    A live view is given rows with other counts: ``name``, ``n``, ``wrong`` and ``text`` ("1,204", "37 of 1,204"); the
    room for its names and texts is that of the longest of ``rows`` and of those to come.
    """
    names = min(NAME_ROOM, max([48.0, *(text.width(n, NAME_SIZE) for n in [*(r.name for r in rows), *names_to_come])]))
    widest = max([24.0, *(text.width(told) for told in [*(_told(row) for row in rows), *told_to_come])])
    plot = width - names - 12 - 10 - widest
    scale = alt.Scale(domainMin=0, nice=False, zero=True, range=[0, plot])

    def bar(end: str, colour: str) -> alt.Chart:
        x = alt.X("zero:Q", axis=None, scale=scale)
        rule = kind("row", f"datum.{end} > 0").mark_rule(stroke=LIGHT[colour], strokeWidth=12)
        drawn: alt.Chart = rule.encode(x=x, x2=alt.X2(end), y=marks.y())
        return drawn

    layers = [
        kind("row").mark_point(opacity=0, size=1).encode(x=alt.X("n:Q", axis=None, scale=scale), y=marks.y()),
        bar("n", "line2"),
        bar("wrong", "worse-mark"),
        marks.column("name", -12, align="right", size=NAME_SIZE, colour="ink2"),
        marks.column("text", width - names - 12, align="right"),
    ]
    padding = (0.0, width - plot - names - 12, 0.0, names + 12)
    spec = assemble(layers, width=plot, height=alt.Step(STEP), padding=padding)
    wrong = any(row.n_wrong is not None for row in rows)
    head = ("Value", noun.capitalize(), "Wrong") if wrong else ("Value", noun.capitalize())
    table = [(row.name, numbers.count(row.n), numbers.count(row.n_wrong or 0))[: len(head)] for row in rows]
    drawn = [_row(i, row, names) for i, row in enumerate(rows)]
    fields = ("name", "n", "wrong")[: len(head)]
    return build(id, label, spec, {"": drawn}, head, {"": table}, live=live, cells=fields)


def _told(row: BarRow) -> str:
    n = numbers.count(row.n)
    if row.told:
        return row.told
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
