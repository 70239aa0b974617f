"""What every chart is made of: its sentence, its rows, its spec and its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Literal, ParamSpec

import altair as alt
from altair.utils.schemapi import debug_mode

from reportgen.model import Link
from reportgen.site.charts import text
from reportgen.site.charts.theme import DATA, WIDE, theme

Row = dict[str, Any]
Rows = tuple[Row, ...]
Head = tuple[str, ...]
Table = tuple[tuple[str, ...], ...]
Spec = dict[str, Any]
Padding = tuple[float, float, float, float]
"""Top, right, bottom, left in px."""

Given = ParamSpec("Given")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, eq=False)
class Chart:
    """One chart. ``label`` is the caption's key sentence; ``head`` and ``table`` are what "Show as table" shows.

    ``spec`` is Vega-Lite with the one data set ``rows``. ``alternatives`` are other rows by a key of the page's
    choosing (a version, "rows-columns-view") that a live view can switch to, ``tables`` their tables. ``narrow`` is
    the phone's layout of the same rows, where the wide one cannot shrink. ``cells`` are the fields of a row that make
    a line of the table, where a script gives rows of its own; ``frame`` is what such a script must know of the layout
    (names as they fit, rows that stay). ``links`` are what the lines of ``table`` lead to. ``waiting`` takes the place
    of a chart that stands still, once a script has other rows for it: the same chart, with room for those.
    """

    id: str
    label: str
    spec: Spec
    rows: Rows
    head: Head
    table: Table
    live: bool = False
    alternatives: Mapping[str, Rows] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    narrow: Chart | None = None
    links: tuple[Link, ...] = ()
    frame: Mapping[str, Any] = field(default_factory=dict)
    waiting: Chart | None = None

    def __post_init__(self) -> None:
        """Refuse an id that could not stand in an address or a class name."""
        if not _ID.fullmatch(self.id):
            raise ValueError(f"not a chart id: {self.id!r}")

    @property
    def needs(self) -> int:
        """The room in px that the wide layout needs; below it the narrow one is seen."""
        width, padding = self.spec["width"], self.spec["padding"]
        return WIDE if isinstance(width, dict) else round(width + padding["left"] + padding["right"])

    @property
    def scrolls(self) -> bool:
        """Whether it is as wide as its columns, and scrolls inside its box where that is too wide."""
        return isinstance(self.spec["width"], dict)

    def with_rows(self, rows: Sequence[Row]) -> Chart:
        """The same chart of other rows: what a live view shows after they were set."""
        narrow = self.narrow.with_rows(rows) if self.narrow else None
        return replace(self, spec=with_data(self.spec, rows), rows=clean_rows(rows), narrow=narrow)


def build(
    id: str,
    label: str,
    spec: Spec,
    rows: Mapping[str, Sequence[Row]],
    head: Head,
    tables: Mapping[str, Iterable[Sequence[str]]],
    *,
    narrow: Spec | None = None,
    live: bool = False,
    cells: tuple[str, ...] = (),
    links: Sequence[Link] = (),
    frame: Mapping[str, Any] | None = None,
) -> Chart:
    """The chart of the rows and the table under the key "", the others as alternatives; live where there are any."""
    others = {key: clean_rows(found) for key, found in rows.items()}
    listed = {key: tuple(tuple(text.clean(cell) for cell in line) for line in table) for key, table in tables.items()}
    shown, table = others.pop(""), listed.pop("")
    small = Chart(f"{id}-narrow", label, with_data(narrow, shown), shown, head, table) if narrow else None
    live = live or bool(others)
    return Chart(
        id, label, with_data(spec, shown), shown, head, table, live, others, listed, cells, small, tuple(links),
        frame or {},
    )  # fmt: skip


def clean_rows(rows: Sequence[Row]) -> Rows:
    """The rows with every text on one line and free of control characters."""
    return tuple({key: text.clean(v) if isinstance(v, str) else v for key, v in row.items()} for row in rows)


def with_data(spec: Spec, rows: Sequence[Row]) -> Spec:
    """The spec with these rows in its data set."""
    return {**spec, "datasets": {DATA: list(clean_rows(rows))}}


def kind(name: str, *conditions: str) -> alt.Chart:
    """The rows of one kind (their field ``t``) that meet every condition, to put marks on."""
    return kinds((name,), *conditions)


def kinds(names: Sequence[str], *conditions: str) -> alt.Chart:
    """The rows of any of these kinds that meet every condition."""
    either = " || ".join(f"datum.t === '{name}'" for name in names)
    chosen = " && ".join([either if len(names) == 1 else f"({either})", *conditions])
    return alt.Chart(alt.NamedData(name=DATA)).transform_filter(chosen)


def x_at(px: float | alt.ExprRef) -> Any:
    """The place ``px`` from the left; said as a type, for Altair looks long for the type of ``alt.value``."""
    return alt.XValue(px)  # type: ignore[no-untyped-call]


def x2_at(px: float) -> Any:
    """The right end of a rule, ``px`` from the left."""
    return alt.X2Value(px)  # type: ignore[no-untyped-call]


def y_at(px: float) -> Any:
    """The place ``px`` from the top."""
    return alt.YValue(px)  # type: ignore[no-untyped-call]


def _own(**axes: Literal["shared", "independent"]) -> alt.Resolve:
    """Each layer has its own colours; places are shared unless the axes say otherwise."""
    own: dict[str, Any] = dict.fromkeys(("color", "fill", "stroke", "shape"), "independent")
    return alt.Resolve(scale=alt.ScaleResolveMap(**own, **axes))


def together(layers: Sequence[alt.Chart]) -> alt.LayerSpec:
    """The layers as one that has its own axis: a panel."""
    return alt.LayerSpec(layer=list(layers), resolve=_own())


def assemble(
    layers: Sequence[alt.Chart | alt.LayerSpec],
    *,
    width: float | alt.Step,
    height: float | alt.Step,
    padding: Padding,
    axes: Literal["shared", "independent"] = "shared",
) -> Spec:
    """The Vega-Lite spec of the layers, its data set still to be filled; ``width`` and ``height`` are the plot's.

    Nothing is sized from measured text (``autosize: none``), so a spec is drawn alike whatever fonts there are.
    ``TopLevelLayerSpec`` and not ``alt.layer``, which looks for selections in two deep copies of every layer.
    """
    top, right, bottom, left = padding
    chart = alt.TopLevelLayerSpec(
        layer=list(layers),
        width=width,
        height=height,
        padding={"top": top, "right": right, "bottom": bottom, "left": left},
        autosize=alt.AutoSizeParams(type="none"),
        resolve=_own(x=axes),
    )
    spec = chart.to_dict(validate=False, context={"top_level": False})  # a layer has no theme of its own
    return {"$schema": alt.SCHEMA_URL, **theme(), **spec}


def unchecked(make: Callable[Given, Chart]) -> Callable[Given, Chart]:
    """The function, without holding each part of its spec to the schema as it is made.

    Tests hold every kind of chart to it, which takes longer than all else of a chart.
    """

    @wraps(make)
    def made(*args: Given.args, **kwargs: Given.kwargs) -> Chart:
        with debug_mode(False):
            return make(*args, **kwargs)

    return made
