"""Where the broken ones are: each part's share of them, against its share of all samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Rows, assemble, clean_rows, kind, stepped
from reportgen.site.charts.theme import COLUMN, LIGHT, NAME_SIZE, NARROW

STEP = 30


@dataclass(frozen=True)
class ShareRow:
    """One part: ``n`` of the ``of`` broken samples, ``n_all`` of the ``of_all`` samples; ``stands_out`` colours its bar."""

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


def shares(
    id: str,
    label: str,
    rows: Sequence[ShareRow],
    *,
    broken: str = "newly broken",
    noun: str = "samples",
    alternatives: Mapping[str, Sequence[ShareRow]] | None = None,
) -> Chart:
    """The chart of shares: a bar for the share of the broken ones, a tick for the share of all."""
    found = {"": tuple(rows), **{key: tuple(other) for key, other in (alternatives or {}).items()}}
    head = ("Part", broken.capitalize(), "Share of them", f"All {noun}", "Share of all")
    table = tuple(
        (
            row.name,
            numbers.count(row.n),
            _percent(row.share),
            numbers.count(row.n_all),
            _percent(row.share_of_all),
        )
        for row in rows
    )

    def chart(id: str, width: float, narrow: Chart | None) -> Chart:
        drawn = _draw(found, width)
        others = {key: one for key, one in drawn[1].items() if key}
        return Chart(id, label, drawn[0], drawn[1][""], head, table, bool(others), others, narrow)

    return chart(id, COLUMN, chart(f"{id}-narrow", NARROW, None))


def _percent(share: float) -> str:
    """Whole percent from ten on: "19%", "1.7%"."""
    return numbers.rate(share, 0 if share >= 0.0995 else 1)


def _draw(found: Mapping[str, Sequence[ShareRow]], width: float) -> tuple[dict[str, Any], dict[str, Rows]]:
    every = [row for rows in found.values() for row in rows]
    names = min(130.0, max([60.0, *(text.width(row.name, NAME_SIZE, 600) for row in every)]))
    figure = max([36.0, *(text.width(_percent(row.share), 12, 600) for row in every)])
    versus = max([40.0, *(text.width(f"vs {_percent(row.share_of_all)}") for row in every)])
    plot = width - names - 12 - 12 - figure - 6 - versus
    top = max([0.01, *(max(row.share, row.share_of_all) for row in every)])
    axis = ValueAxis(0, top * 1.02, (), (), (0, plot))
    right = width - names - 12

    def of(rows: Sequence[ShareRow]) -> Rows:
        return clean_rows(
            [
                {
                    "t": "row",
                    "row": i,
                    "name": text.fit(row.name, names, NAME_SIZE, 600 if row.stands_out else 400),
                    "zero": 0,
                    "share": row.share,
                    "all": row.share_of_all,
                    "out": row.stands_out,
                    "figure": _percent(row.share),
                    "versus": f"vs {_percent(row.share_of_all)}",
                }
                for i, row in enumerate(rows)
            ]
        )

    by_key = {key: of(rows) for key, rows in found.items()}
    layers = [
        kind("row").mark_rule(strokeWidth=12).encode(
            x=axis.x("zero"),
            x2=alt.X2("share"),
            y=marks.y(),
            color=alt.Color("out:N", scale=alt.Scale(domain=[True, False], range=[LIGHT["worse-mark"], LIGHT["line2"]])),
        ),
        kind("row").mark_point(shape="stroke", angle=90, size=400, stroke=LIGHT["ink"], strokeWidth=2, opacity=1).encode(
            x=axis.x("all"), y=marks.y()
        ),
        marks.column("name", -names - 12, size=NAME_SIZE, colour="ink2", bold="datum.out"),
        marks.column("figure", right - versus - 6, align="right", colour="ink", bold="true"),
        marks.column("versus", right, align="right"),
    ]
    spec, _ = assemble(
        layers, by_key[""], width=plot, height=stepped(STEP), padding=(0, width - plot - names - 12, 0, names + 12)
    )
    return spec, by_key
