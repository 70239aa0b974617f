"""How values of versions are spread over ranges: a line a version, and the interval of each share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.model import Limits
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, level_axis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked, y_at
from reportgen.site.charts.theme import LIGHT, NARROW, WIDE

HEIGHT = 170
APART = 4
"""How far the two versions' rules stand from the middle of a range, in px."""


@dataclass(frozen=True)
class PlacedShare:
    """One range's share in one version; rates, None: not defined."""

    name: str  # "0.50–0.55"
    short: str  # what stands under it
    n: int
    share: float | None
    low: float | None
    high: float | None


Shares = tuple[Sequence[PlacedShare], ...]
"""The ranges of each version: of the baseline, then of the candidate; or of the one there is."""


@unchecked
def placed(
    id: str,
    label: str,
    shares: Shares,
    versions: Sequence[str],
    *,
    heads: tuple[str, str] = ("Overlap", "Objects"),
    alternatives: Mapping[str, Shares] | None = None,
    level: float = Limits.level,
) -> Chart:
    """The chart of one version, or of two: ring and dashed line the baseline, dot and line the candidate."""
    sets = {"": shares, **(alternatives or {})}
    held = [v * 100 for found in sets.values() for own in found for one in own for v in (one.share, one.high) if v]
    axis = level_axis(held, "rate", span=(float(HEIGHT), 0.0), most=4, zero=True)
    first, counted = heads
    told = [cell for name in versions for cell in (name, f"{numbers.level(level)} interval", f"{counted}, {name}")]
    tables = {key: _cells(found) for key, found in sets.items()}
    rows = {key: _rows(found) for key, found in sets.items()}
    left = max(28.0, *(text.width(t) for t in axis.labels)) + 10
    specs = [_spec(axis, len(shares), left, width, every) for width, every in ((WIDE, 1), (NARROW, 2))]
    return build(id, label, specs[0], rows, (first, *told), tables, narrow=specs[1], live=bool(alternatives))


def _cells(shares: Shares) -> list[tuple[str, ...]]:
    return [
        (
            own[0].name,
            *(
                cell
                for one in own
                for cell in (
                    numbers.rate(one.share),
                    numbers.interval(one.low, one.high, "rate"),
                    numbers.count(one.n),
                )
            ),
        )
        for own in zip(*shares, strict=True)
    ]


def _rows(shares: Shares) -> list[Row]:
    return [
        {
            "t": f"side{v}",
            "at": i,
            "name": one.short,
            **{
                field: None if value is None else value * 100
                for field, value in (("value", one.share), ("low", one.low), ("high", one.high))
            },
        }
        for v, own in enumerate(shares)
        for i, one in enumerate(own)
    ]


def _spec(axis: ValueAxis, n: int, left: float, width: float, every: int) -> Spec:
    plot = width - left - 14
    at = alt.X("at:O", axis=None, scale=alt.Scale(paddingOuter=0, paddingInner=0))
    layers: list[alt.Chart] = []
    for v in range(n):
        is_candidate = v == n - 1
        shift = 0 if n == 1 else APART * (1 if is_candidate else -1)
        layers += _side(axis, at, v, shift, is_candidate=is_candidate)
    labels = kind("side0", f"datum.at % {every} === 0").mark_text(align="center")
    layers.append(labels.encode(x=at, y=y_at(HEIGHT + 18), text=alt.Text("name:N")))
    return assemble(layers, width=plot, height=HEIGHT, padding=(12.0, 14.0, 28.0, left))


def _side(axis: ValueAxis, at: alt.X, v: int, shift: float, *, is_candidate: bool) -> list[alt.Chart]:
    known, ranged = kind(f"side{v}", "isValid(datum.value)"), kind(f"side{v}", "isValid(datum.low)")
    colour = LIGHT["ink" if is_candidate else "ink3"]
    line = known.mark_line(
        stroke=LIGHT["ink" if is_candidate else "mute"],
        strokeWidth=2.2 if is_candidate else 1.5,
        strokeDash=[1, 0] if is_candidate else [4, 3],
        xOffset=shift,
    )
    rule = ranged.mark_rule(stroke=colour, strokeWidth=1.5, xOffset=shift)
    dot = known.mark_point(
        shape="circle",
        size=marks.circle(4.6 if is_candidate else 4),
        fill=colour if is_candidate else LIGHT["surface"],
        stroke=colour,
        strokeWidth=0 if is_candidate else 1.6,
        opacity=1,
        xOffset=shift,
    )
    return [
        line.encode(x=at, y=axis.y("value"), order=alt.Order("at:Q")),
        rule.encode(x=at, y=axis.y("low"), y2=alt.Y2("high")),
        dot.encode(x=at, y=axis.y("value")),
    ]
