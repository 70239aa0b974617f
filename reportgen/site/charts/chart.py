"""What every chart is made of: its sentence, its rows, its spec and its table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt

from reportgen.site.charts import text

Row = dict[str, Any]
Rows = tuple[Row, ...]
Table = tuple[tuple[str, ...], ...]

DATA = "rows"
"""The name of a chart's one data set: what a live view's new rows are given to."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, eq=False)
class Chart:
    """One chart. ``label`` is the caption's key sentence; ``head`` and ``table`` are what "Show as table" shows.

    ``alternatives`` are other rows by a key of the page's choosing (a version, "rows|columns|view") that the live
    view can switch to; ``narrow`` is the phone's layout where the wide one cannot shrink.
    ``box`` is the width in px that the chart needs; below it the narrow layout stands in, or the box scrolls.
    """

    id: str
    label: str
    spec: dict[str, Any]
    rows: Rows
    head: tuple[str, ...]
    table: Table
    live: bool = False
    alternatives: Mapping[str, Rows] = field(default_factory=dict)
    narrow: Chart | None = None

    def __post_init__(self) -> None:
        """Refuse an id that could not stand in an address or a class name."""
        if not _ID.fullmatch(self.id):
            raise ValueError(f"not a chart id: {self.id!r}")

    def with_rows(self, rows: Sequence[Row]) -> Chart:
        """The same chart of other rows, as a live view shows it after they were set."""
        cleaned = clean_rows(rows)
        spec = {**self.spec, "datasets": {DATA: list(cleaned)}}
        return Chart(self.id, self.label, spec, cleaned, self.head, self.table)


def clean_rows(rows: Sequence[Row]) -> Rows:
    """The rows with every text on one line and free of control characters."""
    return tuple({key: text.clean(v) if isinstance(v, str) else v for key, v in row.items()} for row in rows)


def source() -> alt.Chart:
    """The chart's one data set, to put marks on."""
    return alt.Chart(alt.NamedData(name=DATA))


def kind(name: str, *conditions: str) -> alt.Chart:
    """The rows of one kind (their field ``t``) that meet every condition, to put marks on."""
    return source().transform_filter(" && ".join([f"datum.t === '{name}'", *conditions]))


def assemble(
    layers: Sequence[alt.Chart],
    rows: Sequence[Row],
    *,
    width: float | alt.Step,
    height: float | alt.Step,
    padding: tuple[float, float, float, float],
    independent: Sequence[str] = ("color", "fill", "stroke", "shape"),
) -> tuple[dict[str, Any], Rows]:
    """The Vega-Lite spec of the layers with its rows, and those rows. ``padding``: top, right, bottom, left in px.

    Nothing is sized from measured text (``autosize: none``), so a spec is drawn alike whatever fonts there are.
    """
    cleaned = clean_rows(rows)
    top, right, bottom, left = padding
    chart = alt.layer(
        *layers,
        width=width,
        height=height,
        padding={"top": top, "right": right, "bottom": bottom, "left": left},
        autosize=alt.AutoSizeParams(type="none"),
        datasets={DATA: list(cleaned)},
    ).resolve_scale(**dict.fromkeys(independent, "independent"))
    with alt.theme.enable("reportgen"):
        return chart.to_dict(), cleaned


def stepped(step: float) -> alt.Step:
    """As high (or wide) as its rows, each ``step`` px."""
    return alt.Step(step)
