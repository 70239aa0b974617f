"""What a change is made of: a bar for each value of an attribute, which together are the whole change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import altair as alt

from reportgen import numbers
from reportgen.model import Limits, Support, Verdict
from reportgen.numbers import Unit
from reportgen.site import words
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked, x2_at, x_at
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW, WIDE

STEP, NARROW_STEP = 28, 56
GAP, ROOM = 14, 18
INSET = 18
LONGEST = 220

BAR = marks.by_verdict("worse-mark", "better-mark", "line2")


@dataclass(frozen=True)
class ContributionRow:
    """One value: its share of the samples, what it brings with interval, and the change on it."""

    name: str
    share: float
    value: float
    low: float | None
    high: float | None
    delta: float
    n: int
    verdict: Verdict
    support: Support


@unchecked
def contributions(
    id: str,
    label: str,
    rows: Sequence[ContributionRow],
    *,
    unit: Unit = "rate",
    measure: str = "points",
    noun: str = "samples",
    alternatives: Mapping[str, Sequence[ContributionRow]] | None = None,
    level: float = Limits.level,
) -> Chart:
    """The chart of one attribute's values in the rows' order, with the phone's layout.

    ``alternatives`` are those of other attributes and versions by key; axis and columns hold them all. ``measure`` is
    what changes are counted in, ``level`` that of the intervals.
    """
    sets = {"": rows, **(alternatives or {})}
    every = [row for found in sets.values() for row in found]
    cells = [_cells(row, unit) for row in every]
    names = min(LONGEST, marks.widest([row.name for row in every], 80, NAME_SIZE))
    widths = [
        marks.widest([_signed(row, unit) for row in every], 44, weight=600),
        marks.widest([cell[2] for cell in cells], 44),
        marks.widest([cell[3] for cell in cells], 44),
        marks.widest([marks.told(row.n, row.support) for row in every], 24),
    ]
    right = sum(widths) + ROOM * len(widths)
    plot = WIDE - names - GAP - right
    word = numbers.level(level)
    brings, change = f"Contribution, {measure}", f"Change, {measure}"
    head = ("Value", brings, f"{word} interval", f"Share of {noun}", change, "n", "Verdict")
    axis = _axis(every, unit, (0, plot))
    drawn = {key: [axis.row(), *_rows(found, unit, names)] for key, found in sets.items()}
    tables = {key: [_cells(row, unit) for row in found] for key, found in sets.items()}
    wide = _wide(axis, word, plot, right, names, widths)
    narrow = _narrow(replace(axis, span=(INSET, NARROW - INSET)))
    frame = {
        "unit": unit,
        "span": list(axis.span),
        "fixed": _heads(),
        "names": {row.name: _names(row, names) for row in every},
    }
    return build(id, label, wide, drawn, head, tables, narrow=narrow, live=True, frame=frame)


def _axis(rows: Sequence[ContributionRow], unit: Unit, span: tuple[float, float]) -> ValueAxis:
    scale = scale_of(unit)
    ends = [marks.scaled(v, scale) for row in rows for v in (row.low, row.value, row.high)]
    return replace(difference_axis(ends, span=span), follows=True)


def _names(row: ContributionRow, room: float) -> dict[str, str]:
    """The value's name as it fits beside the bars, and above them."""
    name = text.clean(row.name)
    return {"name": text.fit(name, room, NAME_SIZE), "long": text.fit(name, NARROW - 4, NAME_SIZE)}


def _heads() -> list[Row]:
    return [marks.word(f"head-{name}", told) for name, told in (("brings", "brings"), ("share", "share"), ("n", "n"))]


def _cells(row: ContributionRow, unit: Unit) -> tuple[str, ...]:
    return (
        row.name,
        numbers.difference(row.value, unit),
        numbers.difference_interval(row.low, row.high, unit),
        numbers.rate(row.share),
        numbers.difference(row.delta, unit),
        numbers.count(row.n),
        marks.WORDS[row.verdict],
    )


def _signed(row: ContributionRow, unit: Unit) -> str:
    """The contribution behind its verdict's sign, which the bar's colour only repeats."""
    return f"{words.SIGNS[row.verdict]} {numbers.difference(row.value, unit)}".strip()


def _rows(rows: Sequence[ContributionRow], unit: Unit, names: float) -> list[Row]:
    scale = scale_of(unit)
    found: list[Row] = [
        {
            "t": "row",
            "row": i,
            **_names(row, names),
            "zero": 0,
            "value": marks.scaled(row.value, scale),
            "low": marks.scaled(row.low, scale),
            "high": marks.scaled(row.high, scale),
            "verdict": row.verdict,
            "change": _signed(row, unit),
            "ends": numbers.difference_interval(row.low, row.high, unit),
            "share": numbers.rate(row.share),
            "n": marks.told(row.n, row.support),
            "n_long": f"{numbers.rate(row.share)} · n {marks.told(row.n, row.support)}",
        }
        for i, row in enumerate(rows)
    ]
    return [*found, *_heads()]


def _bars(axis: ValueAxis, dy: float = 0) -> list[alt.Chart]:
    colour = alt.Stroke("verdict:N", scale=BAR)
    bar = kind("row").mark_rule(strokeWidth=12, yOffset=dy)
    line = kind("row", "isValid(datum.low)").mark_rule(strokeWidth=1.4, stroke=LIGHT["ink"], yOffset=dy)
    return [
        bar.encode(x=axis.x("zero"), x2=alt.X2("value"), y=marks.y(), stroke=colour),
        line.encode(x=axis.x("low"), x2=alt.X2("high"), y=marks.y()),
    ]


def _wide(axis: ValueAxis, word: str, plot: float, right: float, names: float, widths: Sequence[float]) -> Spec:
    places, at = [], plot
    for width in widths:
        at += ROOM + width
        places.append(at)
    change, ends, share, n = places
    layers = [
        *_bars(axis),
        marks.column("name", -GAP, align="right", size=NAME_SIZE, colour="ink2"),
        marks.column("change", change, align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("ends", ends, align="right"),
        marks.column("share", share, align="right"),
        marks.column("n", n, align="right"),
        marks.caption("head-brings", change, -14, align="right"),
        kind("head-brings").mark_text(x=ends, y=-14, align="right", text=word),
        marks.caption("head-share", share, -14, align="right"),
        marks.caption("head-n", n, -14, align="right"),
    ]
    return assemble(layers, width=plot, height=alt.Step(STEP), padding=(28.0, right, 26.0, names + GAP))


def _narrow(axis: ValueAxis) -> Spec:
    """The name on its own line, the numbers under it, then the bar across the whole width."""
    clear = kind("row").mark_rule(stroke=LIGHT["bg"], strokeWidth=36, yOffset=-9)
    layers = [
        clear.encode(x=x_at(0), x2=x2_at(NARROW), y=marks.y()),
        *_bars(axis, dy=18),
        marks.column("long", 0, dy=-18, size=NAME_SIZE, colour="ink2", halo=True),
        marks.column("change", 0, dy=-1, colour=marks.NUMBER, bold=marks.CLEAR, halo=True),
        marks.column("ends", 76, dy=-1, halo=True),
        marks.column("n_long", NARROW, dy=-1, align="right", halo=True),
    ]
    return assemble(layers, width=NARROW, height=alt.Step(NARROW_STEP), padding=(8, 0, 26, 0))
