"""Where the broken ones are: each part's share of them, against its share of all samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.theme import COLUMN, LIGHT, NAME_SIZE, NARROW

STEP = 30
TWO_LINES = 36
"""From one row to the next where a name stands on two lines."""
LONGEST = 130
"""The widest column of names, in px."""
TICK = "M-0.1,-1L0.1,-1L0.1,1L-0.1,1Z"
"""A tick 2 px wide and 20 px high, at size 400."""


@dataclass(frozen=True)
class ShareRow:
    """One part: ``n`` of the ``of`` broken samples, ``n_all`` of the ``of_all`` samples; ``stands_out``: in colour."""

    name: str
    n: int
    of: int
    n_all: int
    of_all: int
    stands_out: bool = False

    @property
    def share(self) -> float:
        """Its share of the broken ones."""
        return self.n / self.of if self.of else 0.0

    @property
    def share_of_all(self) -> float:
        """Its share of all samples."""
        return self.n_all / self.of_all if self.of_all else 0.0


@unchecked
def shares(
    id: str,
    label: str,
    rows: Sequence[ShareRow],
    *,
    broken: str = "newly broken",
    noun: str = "samples",
    alternatives: Mapping[str, Sequence[ShareRow]] | None = None,
    follows: bool = False,
) -> Chart:
    """The chart of shares: a bar for the share of the broken ones, a tick for the share of all.

    It ``follows`` where a script may give other counts of the same parts, on an axis of its own.
    """
    found = {"": tuple(rows), **{key: tuple(other) for key, other in (alternatives or {}).items()}}
    head = ("Part", broken.capitalize(), "Share of them", f"All {noun}", "Share of all")
    tables = {key: [_cells(row) for row in part] for key, part in found.items()}
    every = [row for part in found.values() for row in part]
    names = min(LONGEST, marks.widest([row.name for row in every], 60, NAME_SIZE, 600))
    drawn = {
        key: [*([_axis(every, 0).row()] if follows else []), *(_row(i, row, names) for i, row in enumerate(part))]
        for key, part in found.items()
    }
    wide, narrow = (_spec(every, names, width, follows) for width in (COLUMN, NARROW))
    frame = {"parts": [{"label": row.name, **_names(row, names)} for row in rows]}
    return build(id, label, wide, drawn, head, tables, narrow=narrow, live=follows, frame=frame if follows else None)


def _cells(row: ShareRow) -> tuple[str, ...]:
    counts = numbers.count(row.n), numbers.count(row.n_all)
    return row.name, counts[0], numbers.rate(row.share), counts[1], numbers.rate(row.share_of_all)


def _versus(row: ShareRow) -> str:
    return f"vs {numbers.rate(row.share_of_all)}"


def _name(row: ShareRow, names: float) -> tuple[str, str]:
    return text.wrap(row.name, names, NAME_SIZE, 600 if row.stands_out else 400)


def _names(row: ShareRow, names: float) -> dict[str, str | bool]:
    name, rest = _name(row, names)
    return {"name": text.clean(name), "rest": text.clean(rest), "out": row.stands_out}


def _row(index: int, row: ShareRow, names: float) -> Row:
    return {
        "t": "row",
        "row": index,
        **_names(row, names),
        "zero": 0,
        "share": row.share,
        "all": row.share_of_all,
        "figure": numbers.rate(row.share),
        "versus": _versus(row),
    }


def _axis(rows: Sequence[ShareRow], plot: float) -> ValueAxis:
    top = max([0.01, *(max(row.share, row.share_of_all) for row in rows)])
    return ValueAxis(0, top * 1.02, (), (), (0, plot))


def _spec(rows: Sequence[ShareRow], names: float, width: float, follows: bool) -> Spec:
    widest = [numbers.rate(0.999)] if follows else []
    figure = marks.widest([*(numbers.rate(row.share) for row in rows), *widest], 36, weight=600)
    versus = marks.widest([*(_versus(row) for row in rows), *(f"vs {one}" for one in widest)], 40)
    right = width - names - 12
    plot = right - 12 - figure - 6 - versus
    axis = replace(_axis(rows, plot), follows=follows)
    colour = alt.Scale(domain=[True, False], range=[LIGHT["worse-mark"], LIGHT["line2"]])
    bar = (
        kind("row")
        .mark_rule(strokeWidth=12)
        .encode(x=axis.x("zero"), x2=alt.X2("share"), y=marks.y(), color=alt.Color("out:N", scale=colour))
    )
    tick = kind("row").mark_point(shape=TICK, size=400, fill=LIGHT["ink"], strokeWidth=0, opacity=1)
    step = TWO_LINES if any(_name(row, names)[1] for row in rows) else STEP
    layers = [
        bar,
        tick.encode(x=axis.x("all"), y=marks.y()),
        *(
            marks.column(line, -names - 12, dy=alt.expr(dy), size=NAME_SIZE, colour="ink2", bold="datum.out")
            for line, dy in (("name", "datum.rest ? -8 : 0"), ("rest", "8"))
        ),
        marks.column("figure", right - versus - 6, align="right", colour="ink", bold="true"),
        marks.column("versus", right, align="right"),
    ]
    return assemble(layers, width=plot, height=alt.Step(step), padding=(0, right - plot, 0, names + 12))
