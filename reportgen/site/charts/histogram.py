"""How numbers are spread: a bar a bin, the part that is wrong marked in it; a page chooses a range on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.site.charts.axis import ValueAxis, level_axis
from reportgen.site.charts.chart import Chart, Row, assemble, build, kind, unchecked
from reportgen.site.charts.theme import LIGHT

WIDTH, HEIGHT = 228.0, 48.0
LEFT, RIGHT, TOP, BOTTOM = 6.0, 6.0, 4.0, 20.0
"""The room around the plot; ``assets/css/explore.css`` finds the axis by it."""


@dataclass(frozen=True)
class HistogramBin:
    """The samples whose number lies from ``low`` to ``high``, and how many of them are wrong."""

    low: float
    high: float
    n: int
    n_wrong: int


@unchecked
def histogram(
    id: str, label: str, bins: Sequence[HistogramBin], *, probability: bool = False, noun: str = "samples"
) -> Chart:
    """The live chart of the bins, its axis from the first low to the last high; rows of other counts may be given.

    A row has ``name`` ("0.90…0.93"), ``x`` and ``x2``, ``n`` and ``wrong``.
    """
    axis = _axis(bins, probability=probability)
    height = alt.Scale(domainMin=0, nice=False, zero=True, range=[HEIGHT, 0])

    def bar(top: str, colour: str) -> alt.Chart:
        drawn: alt.Chart = (
            kind("row", f"datum.{top} > 0")
            .mark_rect(fill=LIGHT[colour], x2Offset=-0.8)
            .encode(
                x=axis.x("x", grid=False),
                x2=alt.X2("x2"),
                y=alt.Y("zero:Q", axis=None, scale=height),
                y2=alt.Y2(top),
            )
        )
        return drawn

    tallest = kind("row").mark_point(opacity=0, size=1).encode(y=alt.Y("n:Q", axis=None, scale=height))
    floor = (
        kind("floor")
        .mark_rule(stroke=LIGHT["control"])
        .encode(x=axis.x("x", grid=False), x2=alt.X2("x2"), y=alt.Y("zero:Q", axis=None, scale=height))
    )
    padding = (TOP, RIGHT, BOTTOM, LEFT)
    spec = assemble(
        [tallest, bar("n", "line2"), bar("wrong", "worse-mark"), floor],
        width=WIDTH - LEFT - RIGHT,
        height=HEIGHT,
        padding=padding,
    )
    rows: list[Row] = [{"t": "floor", "x": axis.low, "x2": axis.high, "zero": 0}]
    rows += [
        {"t": "row", "name": _name(one), "x": one.low, "x2": one.high, "zero": 0, "n": one.n, "wrong": one.n_wrong}
        for one in bins
    ]
    head = ("From…to", noun.capitalize(), "Wrong")
    table = [(_name(one), numbers.count(one.n), numbers.count(one.n_wrong)) for one in bins]
    return build(id, label, spec, {"": rows}, head, {"": table}, live=True, cells=("name", "n", "wrong"))


def _axis(bins: Sequence[HistogramBin], *, probability: bool) -> ValueAxis:
    span = (0.0, WIDTH - LEFT - RIGHT)
    if probability:
        return ValueAxis(0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0), ("0", "0.25", "0.5", "0.75", "1"), span)
    ends = (bins[0].low, bins[-1].high)
    rounded = level_axis(ends, "number", span=span, most=3)
    ticks = [(t, word) for t, word in zip(rounded.ticks, rounded.labels, strict=True) if ends[0] <= t <= ends[1]]
    return ValueAxis(*ends, tuple(t for t, _ in ticks), tuple(word for _, word in ticks), span)


def _name(one: HistogramBin) -> str:
    return f"{one.low:.6g}{numbers.ELLIPSIS}{one.high:.6g}".replace("-", numbers.MINUS)
