"""A finding's small chart: how large the effect is, in which slice, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow, Limits
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, level_axis, scale_of
from reportgen.site.charts.chart import Chart, Head, Row, Spec, Table, assemble, build, kind, unchecked
from reportgen.site.charts.theme import EFFECT, LIGHT, NAME_SIZE

LINE = 16
Kind = Literal["difference", "pair", "share"]


@unchecked
def effect(
    id: str,
    label: str,
    rows: Sequence[EffectRow],
    *,
    kind: Kind = "difference",
    unit: Unit = "rate",
    axis: str = "",
    versions: tuple[str, str] = ("baseline", "candidate"),
    level: float = Limits.level,
) -> Chart:
    """The chart of one finding, 300 px wide: each row's name and n, its marks, and its figures beside them.

    ``difference``: ``value`` is candidate minus baseline. ``pair``: ``baseline`` and ``value`` are the two versions'
    values, ring and dot. ``share``: ``value`` is a part of one. All in the metric's unit (rates 0-1).
    ``axis`` names what is drawn, under the axis ("change in accuracy, points"); ``versions`` head the table.
    ``level`` is that of the intervals.
    """
    word = numbers.level(level)
    if kind == "share":
        spec, drawn = _share(rows, unit, word)
    else:
        spec, drawn = (_pair if kind == "pair" else _difference)(rows, unit)
    named = [marks.word(f"axis{i}", line) for i, line in enumerate(text.wrap(axis, EFFECT)) if line]
    spec["padding"]["bottom"] += LINE * max(0, len(named) - 1)
    head, table = _table(rows, kind, unit, versions, f"{word} interval")
    return build(id, label, spec, {"": [*drawn, *named]}, head, {"": table})


def _table(
    rows: Sequence[EffectRow], kind: Kind, unit: Unit, versions: tuple[str, str], interval: str
) -> tuple[Head, Table]:
    n = [numbers.count(row.n) for row in rows]
    verdict = [marks.WORDS[row.verdict] for row in rows]
    names = [row.label for row in rows]
    after = [numbers.value(row.value, unit) for row in rows]
    after_ends = [numbers.interval(row.low, row.high, unit) for row in rows]
    if kind == "difference":
        change = [numbers.difference(row.value, unit, row.decimals) for row in rows]
        ends = [numbers.difference_interval(row.low, row.high, unit, row.decimals) for row in rows]
        head = ("Slice", "Change", interval, "n", "Verdict")
        return head, tuple(zip(names, change, ends, n, verdict, strict=True))
    if kind == "share":
        return ("Of", "Share", interval, "n"), tuple(zip(names, after, after_ends, n, strict=True))
    before = [numbers.value(row.baseline, unit) for row in rows]
    before_ends = [numbers.interval(row.baseline_low, row.baseline_high, unit) for row in rows]
    return ("Slice", versions[0], interval, versions[1], interval, "n", "Verdict"), tuple(
        zip(names, before, before_ends, after, after_ends, n, verdict, strict=True)
    )


def _named(index: int, row: EffectRow) -> Row:
    """The first line of a row: its name and its n."""
    n = f"n {marks.told(row.n, row.support)}"
    bold = 600 if row.verdict == "worse" else 400
    name = text.fit(row.label, EFFECT - text.width(n) - 12, NAME_SIZE, bold)
    return {"t": "row", "row": index, "name": name, "n": n, "verdict": row.verdict}


def _first_line(dy: float) -> list[alt.Chart]:
    return [marks.names("name", 0, dy=dy, halo=True), marks.column("n", EFFECT, dy=dy, align="right", halo=True)]


def _finish(layers: Sequence[alt.Chart], step: float, *, axis: bool = True) -> Spec:
    """The assembled spec, with the axis named under it."""
    first = 36 if axis else 8
    named = [marks.caption(f"axis{i}", 0, f"height + {first + i * LINE}") for i in (0, 1)]
    padding = (2.0, 0.0, 46.0 if axis else 18.0, 0.0)
    return assemble([*layers, *named], width=EFFECT, height=alt.Step(step), padding=padding)


def _difference(rows: Sequence[EffectRow], unit: Unit) -> tuple[Spec, list[Row]]:
    scale = scale_of(unit)
    ends = marks.widest([numbers.difference_interval(row.low, row.high, unit, row.decimals) for row in rows], 40)
    figures = marks.widest([numbers.difference(row.value, unit, row.decimals) for row in rows], 30, weight=600)
    plot = EFFECT - figures - 8 - ends - 10
    values = [marks.scaled(v, scale) for row in rows for v in (row.low, row.value, row.high)]
    line = difference_axis(values, span=(6, plot - 6), most=4)
    layers = [
        *marks.interval(line, dy=10),
        *_first_line(-9),
        marks.column("change", EFFECT - ends - 8, dy=10, align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("ends", EFFECT, dy=10, align="right"),
    ]
    drawn = [_named(i, row) | marks.change(row, line, unit) for i, row in enumerate(rows)]
    return _finish(layers, 40), drawn


def _pair(rows: Sequence[EffectRow], unit: Unit) -> tuple[Spec, list[Row]]:
    scale = scale_of(unit)
    drawn = [
        _named(i, row)
        | {
            "before": marks.scaled(row.baseline, scale),
            "before_low": marks.scaled(row.baseline_low, scale),
            "before_high": marks.scaled(row.baseline_high, scale),
            "before_figure": numbers.value(row.baseline, unit),
            "before_ends": numbers.interval(row.baseline_low, row.baseline_high, unit),
            "after": marks.scaled(row.value, scale),
            "after_low": marks.scaled(row.low, scale),
            "after_high": marks.scaled(row.high, scale),
            "after_figure": numbers.value(row.value, unit),
            "after_ends": numbers.interval(row.low, row.high, unit),
        }
        for i, row in enumerate(rows)
    ]
    ends = marks.widest([row[f"{which}_ends"] for row in drawn for which in ("before", "after")], 40)
    figures = marks.widest([row[f"{which}_figure"] for row in drawn for which in ("before", "after")], 30, weight=600)
    plot = EFFECT - figures - 8 - ends - 10
    shown = [row[f"{which}{end}"] for row in drawn for which in ("before", "after") for end in ("", "_low", "_high")]
    line = level_axis(shown, unit, span=(6, plot - 8))
    first, second, figure = 4, 19, EFFECT - ends - 8
    layers = [
        *_version(line, "before", first, "ink3", 1.5, ring=True),
        *_version(line, "after", second, "ink", 1.8, ring=False),
        *_first_line(-15),
        marks.column("before_figure", figure, dy=first, align="right"),
        marks.column("before_ends", EFFECT, dy=first, align="right"),
        marks.column("after_figure", figure, dy=second, align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("after_ends", EFFECT, dy=second, align="right"),
    ]
    return _finish(layers, 52), drawn


def _version(line: ValueAxis, which: str, dy: float, colour: str, thick: float, *, ring: bool) -> list[alt.Chart]:
    """Interval and mark of one version: the ring of the baseline, the dot of the candidate."""
    rule = kind("row", f"isValid(datum.{which}_low)").mark_rule(stroke=LIGHT[colour], strokeWidth=thick, yOffset=dy)
    mark = kind("row", f"isValid(datum.{which})").mark_point(
        shape="circle",
        size=marks.circle(4 if ring else 4.6),
        fill=LIGHT["surface" if ring else colour],
        stroke=LIGHT[colour],
        strokeWidth=1.6 if ring else 0,
        opacity=1,
        yOffset=dy,
    )
    return [
        rule.encode(x=line.x(f"{which}_low"), x2=alt.X2(f"{which}_high"), y=marks.y()),
        mark.encode(x=line.x(which), y=marks.y()),
    ]


def _share(rows: Sequence[EffectRow], unit: Unit, level: str) -> tuple[Spec, list[Row]]:
    line = ValueAxis(0, 1, (), (), (0, EFFECT))
    drawn = [
        _named(i, row)
        | {
            "zero": 0,
            "one": 1,
            "value": row.value,
            "figure": f"{numbers.value(row.value, unit)} · {level} {numbers.interval(row.low, row.high, unit)}",
        }
        for i, row in enumerate(rows)
    ]

    def bar(end: str, colour: str) -> alt.Chart:
        rule = kind("row", f"isValid(datum.{end})").mark_rule(stroke=LIGHT[colour], strokeWidth=12)
        drawn: alt.Chart = rule.encode(x=line.x("zero"), x2=alt.X2(end), y=marks.y())
        return drawn

    layers = [bar("one", "sunken"), bar("value", "mute"), *_first_line(-19), marks.column("figure", 0, dy=18)]
    return _finish(layers, 58, axis=False), drawn
