"""A finding's small chart: how large the effect is, in which slice, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from reportgen import numbers
from reportgen.model import EffectRow
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, level_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, assemble, kind, stepped
from reportgen.site.charts.theme import EFFECT, LIGHT, NAME_SIZE

Kind = Literal["difference", "pair", "share"]


def effect(
    id: str,
    label: str,
    rows: Sequence[EffectRow],
    *,
    kind: Kind = "difference",
    unit: Unit = "rate",
    axis: str = "",
    versions: tuple[str, str] = ("baseline", "candidate"),
) -> Chart:
    """The chart of one finding, 300 px wide: each row's name and n, its marks, and its figures beside them.

    ``difference``: ``value`` is candidate minus baseline. ``pair``: ``baseline`` and ``value`` are the two versions'
    values, ring and dot. ``share``: ``value`` is a part of one. All in the metric's unit (rates 0-1).
    ``axis`` names what is drawn, under the axis ("change in accuracy, points").
    """
    draw = {"difference": _difference, "pair": _pair, "share": _share}[kind]
    spec, cleaned = draw(rows, unit, axis)
    head, table = _table(rows, kind, unit, versions)
    return Chart(id, label, spec, cleaned, head, table)


def _table(
    rows: Sequence[EffectRow], kind: Kind, unit: Unit, versions: tuple[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if kind == "difference":
        return ("Slice", "Change", "95% interval", "n", "Verdict"), tuple(
            (
                row.label,
                numbers.difference(row.value, unit),
                numbers.difference_interval(row.low, row.high, unit),
                numbers.count(row.n),
                marks.WORDS[row.verdict],
            )
            for row in rows
        )
    values = [
        (
            numbers.value(row.value, unit),
            numbers.interval(row.low, row.high, unit),
        )
        for row in rows
    ]
    if kind == "share":
        return ("Of", "Share", "95% interval", "n"), tuple(
            (row.label, *found, numbers.count(row.n)) for row, found in zip(rows, values, strict=True)
        )
    head = ("Slice", versions[0], "95% interval", versions[1], "95% interval", "n", "Verdict")
    return head, tuple(
        (
            row.label,
            numbers.value(row.baseline, unit),
            numbers.interval(row.baseline_low, row.baseline_high, unit),
            *found,
            numbers.count(row.n),
            marks.WORDS[row.verdict],
        )
        for row, found in zip(rows, values, strict=True)
    )


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _named(index: int, row: EffectRow) -> Row:
    """The first line of a row: its name and its n."""
    few = " few" if row.support in {"show", "counts"} else ""
    n = f"n {numbers.count(row.n)}{few}"
    weight = 600 if row.verdict == "worse" else 400
    name = text.fit(row.label, EFFECT - text.width(n) - 12, NAME_SIZE, weight)
    return {"t": "row", "row": index, "name": name, "n": n, "verdict": row.verdict, "few": row.support != "decide"}


def _first_line(dy: float) -> list[alt.Chart]:
    return [
        marks.column("name", 0, dy=dy, size=NAME_SIZE, colour=marks.NAME, bold="datum.verdict === 'worse'", halo=True),
        marks.column("n", EFFECT, dy=dy, align="right", halo=True),
    ]


def _finish(
    layers: Sequence[alt.Chart], rows: Sequence[Row], axis: str, plot: float, step: float
) -> tuple[dict[str, Any], tuple[Row, ...]]:
    """The assembled spec, with the axis named under it."""
    named = [marks.word(axis, 0, len(rows) * step + 36)] if axis else []
    padding = (2.0, EFFECT - plot, 46.0 if axis else 26.0, 0.0)
    return assemble([*layers, marks.words()], [*rows, *named], width=plot, height=stepped(step), padding=padding)


def _difference(rows: Sequence[EffectRow], unit: Unit, axis: str) -> tuple[dict[str, Any], tuple[Row, ...]]:
    scale, step = scale_of(unit), 40
    figures = [numbers.difference(row.value, unit) for row in rows]
    ends = [numbers.difference_interval(row.low, row.high, unit) for row in rows]
    ends_room = max(text.width(e) for e in ends)
    room = max(text.width(f, weight=600) for f in figures) + 8 + ends_room
    plot = EFFECT - room - 10
    values = [_times(v, scale) for row in rows for v in ((row.low, row.value, row.high))]
    line = difference_axis(values, span=(6, plot - 6), most=4)
    drawn = []
    for i, row in enumerate(rows):
        low, high, cut_low, cut_high = line.cut(_times(row.low, scale), _times(row.high, scale))
        found = {"value": _times(row.value, scale), "low": low, "high": high, "cut_low": cut_low, "cut_high": cut_high}
        drawn.append(_named(i, row) | found | {"figure": figures[i], "ends": ends[i]})
    layers = [
        *marks.interval(line, dy=10),
        *_first_line(-9),
        marks.column("figure", EFFECT - ends_room - 8, dy=10, align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("ends", EFFECT, dy=10, align="right"),
    ]
    return _finish(layers, drawn, axis, plot, step)


def _pair(rows: Sequence[EffectRow], unit: Unit, axis: str) -> tuple[dict[str, Any], tuple[Row, ...]]:
    scale, step = scale_of(unit), 52
    before = [(numbers.value(r.baseline, unit), numbers.interval(r.baseline_low, r.baseline_high, unit)) for r in rows]
    after = [(numbers.value(r.value, unit), numbers.interval(r.low, r.high, unit)) for r in rows]
    ends_room = max(text.width(e) for _, e in before + after)
    room = max(text.width(f, weight=600) for f, _ in before + after) + 8 + ends_room
    plot = EFFECT - room - 10
    values = [
        _times(v, scale)
        for r in rows
        for v in (r.low, r.value, r.high, r.baseline, r.baseline_low, r.baseline_high)
    ]
    line = level_axis(values, unit, span=(6, plot - 8))
    drawn = [
        _named(i, row)
        | {
            "value": _times(row.value, scale),
            "low": _times(row.low, scale),
            "high": _times(row.high, scale),
            "before": _times(row.baseline, scale),
            "before_low": _times(row.baseline_low, scale),
            "before_high": _times(row.baseline_high, scale),
            "figure": after[i][0],
            "ends": after[i][1],
            "before_figure": before[i][0],
            "before_ends": before[i][1],
        }
        for i, row in enumerate(rows)
    ]
    first, second = 4, 19
    figure_x = EFFECT - ends_room - 8
    layers = [
        *_version(line, "before", first, "ink3", 1.5, ring=True),
        *_version(line, "", second, "ink", 1.8, ring=False),
        *_first_line(-15),
        marks.column("before_figure", figure_x, dy=first, align="right"),
        marks.column("before_ends", EFFECT, dy=first, align="right"),
        marks.column("figure", figure_x, dy=second, align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("ends", EFFECT, dy=second, align="right"),
    ]
    return _finish(layers, drawn, axis, plot, step)


def _version(line: ValueAxis, prefix: str, dy: float, colour: str, thick: float, *, ring: bool) -> list[alt.Chart]:
    """Interval and mark of one version: the ring of the baseline, the dot of the candidate."""
    low, high = (f"{prefix}_low", f"{prefix}_high") if prefix else ("low", "high")
    value = prefix or "value"
    rule = kind("row", f"isValid(datum.{low})").mark_rule(stroke=LIGHT[colour], strokeWidth=thick, yOffset=dy)
    mark = kind("row", f"isValid(datum.{value})").mark_point(
        shape="circle",
        size=marks.circle(4 if ring else 4.6),
        fill=LIGHT["surface" if ring else colour],
        stroke=LIGHT[colour],
        strokeWidth=1.6 if ring else 0,
        opacity=1,
        yOffset=dy,
    )
    return [
        rule.encode(x=line.x(low), x2=alt.X2(high), y=marks.y()),
        mark.encode(x=line.x(value), y=marks.y()),
    ]


def _share(rows: Sequence[EffectRow], unit: Unit, axis: str) -> tuple[dict[str, Any], tuple[Row, ...]]:
    figures = [f"{numbers.value(r.value, unit)} · 95% {numbers.interval(r.low, r.high, unit)}" for r in rows]
    line = ValueAxis(0, 1, (), (), (0, EFFECT))
    drawn = [
        _named(i, row) | {"value": row.value, "zero": 0.0, "one": 1.0, "figure": figures[i]}
        for i, row in enumerate(rows)
    ]
    step = 58

    def bar(end: str, colour: str) -> alt.Chart:
        rule = kind("row", f"isValid(datum.{end})").mark_rule(stroke=LIGHT[colour], strokeWidth=12, yOffset=0)
        return rule.encode(x=line.x("zero"), x2=alt.X2(end), y=marks.y())

    layers = [bar("one", "sunken"), bar("value", "mute"), *_first_line(-19), marks.column("figure", 0, dy=18)]
    named = [marks.word(axis, 0, len(rows) * step + 8)] if axis else []
    padding = (2.0, 0.0, 20.0 if axis else 2.0, 0.0)
    return assemble([*layers, marks.words()], [*drawn, *named], width=EFFECT, height=stepped(step), padding=padding)
