"""What a cut-off does: how many of a class are found and how many alarms are right, at each cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from reportgen import numbers
from reportgen.model import Limits
from reportgen.site.charts import marks
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.curves import curve, cut_offs, spread
from reportgen.site.charts.theme import LIGHT, NARROW, PANEL

LEFT, RIGHT, TOP, BOTTOM = 44.0, 100.0, 14.0, 44.0
HEIGHT = 220
LISTED = 20
"""The table has so many lines between the first cut-off and the last."""


@dataclass(frozen=True)
class Rate:
    """A share of 0 to 1 with its interval and the number of samples that it is of."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class CutoffPoint:
    """One version at one cut-off: of the class, the share found; of its alarms, the share right. Null: too few."""

    cutoff: float
    found: Rate | None
    right: Rate | None


@unchecked
def cutoff_curves(
    id: str,
    label: str,
    candidate: Sequence[CutoffPoint],
    baseline: Sequence[CutoffPoint] = (),
    *,
    read: tuple[CutoffPoint | None, CutoffPoint | None] = (None, None),
    names: tuple[str, str] = ("candidate", "baseline"),
    level: float = Limits.level,
) -> Chart:
    """The curves of two versions at the same cut-offs, with the cut-offs at which they are read; a script gives others.

    Args:
        id: of the chart.
        label: its key sentence.
        candidate: the candidate's points, the lowest cut-off first.
        baseline: the baseline's, at the same cut-offs.
        read: where the candidate and the baseline stand; not always at one of the points.
        names: of the two.
        level: of the intervals.
    """
    rows = curve_rows(candidate, baseline, read)
    heads = [f"{name}, {what}" for name in names[: 2 if baseline else 1] for what in ("found", "alarms right")]
    interval = numbers.level(level)
    head = ("Cut-off", *(cell for name in heads for cell in (f"{name}, {interval}", "of")))
    fields = ("cut", *(f"{field}{part}" for field in _FIELDS[: len(heads)] for part in ("_text", "_n")))
    table = [[str(row[field]) for field in fields] for row in rows if row["t"] == "row"]
    wide, narrow = (_spec(width) for width in (PANEL, NARROW))
    return build(id, label, wide, {"": rows}, head, {"": table}, narrow=narrow, live=True, cells=fields)


_FIELDS = ("found", "right", "base_found", "base_right")


def curve_rows(
    candidate: Sequence[CutoffPoint],
    baseline: Sequence[CutoffPoint] = (),
    read: tuple[CutoffPoint | None, CutoffPoint | None] = (None, None),
) -> list[Row]:
    """The chart's rows; ``assets/js/engine/cutoffs.js`` makes the same ones of other counts."""
    rows: list[Row] = [marks.word("across", "cut-off: how sure it has to be to say so")]
    others: Sequence[CutoffPoint | None] = baseline or [None] * len(candidate)
    step = max(1, round(len(candidate) / LISTED))
    for i, (one, other) in enumerate(zip(candidate, others, strict=True)):
        row: Row = {"t": "row" if i % step == 0 else "point", "x": one.cutoff, "cut": numbers.plain(one.cutoff, 2)}
        shares = (one.found, one.right, other.found if other else None, other.right if other else None)
        for field, share in zip(_FIELDS, shares, strict=True):
            row |= rate_fields(field, share)
        rows.append(row)
    for role, point in zip(("candidate", "baseline"), read, strict=True):
        rows += _reading(role, point)
    return [*rows, *_names(candidate)]


def rate_fields(name: str, share: Rate | None) -> Row:
    """A share as the fields of a row, under a name."""
    if share is None:
        none = {name: None, f"{name}_low": None, f"{name}_high": None}
        return {**none, f"{name}_text": numbers.MISSING, f"{name}_n": numbers.MISSING}
    told = f"{numbers.rate(share.value)} {numbers.interval(share.low, share.high, 'rate')}"
    return {
        name: share.value * 100,
        f"{name}_low": share.low * 100,
        f"{name}_high": share.high * 100,
        f"{name}_text": told,
        f"{name}_n": numbers.count(share.n),
    }


def _reading(role: str, point: CutoffPoint | None) -> list[Row]:
    """The cut-off of one version as a line, and its two shares there as dots."""
    if point is None:
        return []
    dots = [
        {"t": f"dot-{role}", "x": point.cutoff, "y": share.value * 100}
        for share in (point.found, point.right)
        if share is not None
    ]
    return [{"t": f"at-{role}", "x": point.cutoff, "y": 0, "y2": 100}, *dots]


def _names(points: Sequence[CutoffPoint]) -> list[Row]:
    """What the two curves are, beside their ends."""
    ends = []
    for shares in ([one.right for one in points], [one.found for one in points]):
        known = [share.value for share in shares if share is not None]
        ends.append(HEIGHT * (1 - (known[-1] if known else 0.0)))
    places = spread(ends[0], ends[1], 36)
    over = min(0.0, HEIGHT - 18 - max(places))  # the lower one stays beside the plot
    under = max(0.0, 10 - min(places))
    rows = []
    for place, name, term in zip(places, ("alarms right", "found"), ("precision", "recall"), strict=True):
        y = (HEIGHT - place - over - under) / HEIGHT * 100
        rows += [{"t": "name", "y": y, "text": name}, {"t": "term", "y": y, "text": term}]
    return rows


def _spec(width: float) -> Spec:
    plot = width - LEFT - RIGHT
    x = ValueAxis(0, 1, (0, 0.25, 0.5, 0.75, 1), ("0", "0.25", "0.5", "0.75", "1"), (0, plot))
    y = ValueAxis(0, 100, (0, 25, 50, 75, 100), ("0", "25", "50", "75", "100%"), (HEIGHT, 0))
    lines = [
        layer
        for field, baseline in (("base_found", True), ("base_right", True), ("found", False), ("right", False))
        for layer in curve(("row", "point"), x, y, field, baseline=baseline)
    ]

    def name(rows: str, dy: float, colour: str, weight: Literal[400, 600]) -> alt.Chart:
        mark = kind(rows).mark_text(align="left", dy=dy, x=plot + 8, fill=LIGHT[colour], fontWeight=weight)
        drawn: alt.Chart = mark.encode(y=y.y("y"), text=alt.Text("text:N"))
        return drawn

    layers = [
        *lines,
        *cut_offs(x, y),
        name("name", -8, "ink", 600),
        name("term", 8, "ink3", 400),
        marks.caption("across", 0, HEIGHT + 36),
    ]
    return assemble(layers, width=plot, height=HEIGHT, padding=(TOP, RIGHT, BOTTOM, LEFT))
