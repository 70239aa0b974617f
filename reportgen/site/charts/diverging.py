"""Slices by change: how much each slice lost or gained, with its interval and its n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen import numbers
from reportgen.model import EffectRow
from reportgen.numbers import Unit
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis, difference_axis, scale_of
from reportgen.site.charts.chart import Chart, Row, Rows, assemble, clean_rows, kind, stepped
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW, WIDE

STEP = 25
NARROW_STEP = 54
GAP = 14


@dataclass(frozen=True)
class DivergingSet:
    """The rows of one pair of versions, worst first, and the change over all samples."""

    rows: tuple[EffectRow, ...]
    overall: float | None
    candidate: str = ""


@dataclass(frozen=True)
class _Scale:
    """What all sets of a chart share."""

    unit: Unit
    higher_is_better: bool
    measure: str


def diverging(
    id: str,
    label: str,
    rows: Sequence[EffectRow],
    *,
    overall: float | None,
    unit: Unit = "rate",
    higher_is_better: bool = True,
    candidate: str = "",
    measure: str = "points",
    alternatives: Mapping[str, DivergingSet] | None = None,
) -> Chart:
    """The chart of slices by change in the rows' order, with the phone's layout.

    A row's ``label`` is the slice's name; its value is candidate minus baseline in the metric's unit (rates 0-1).
    ``overall`` is the change over all samples (the dotted line), ``candidate`` the version that the heading names,
    ``measure`` the head of the column of changes. ``alternatives`` are other pairs of versions by key; the axis and the
    columns hold them all, so that they can be compared.
    """
    sets = {"": DivergingSet(tuple(rows), overall, candidate), **(alternatives or {})}
    shared = _Scale(unit, higher_is_better, measure)
    head = ("Slice", f"Change, {measure}", "95% interval", "n", "Verdict")
    table = tuple(_cells(row, unit) for row in rows)

    def chart(id: str, drawn: tuple[dict[str, Any], dict[str, Rows]], narrow: Chart | None) -> Chart:
        spec, by_key = drawn
        others = {key: found for key, found in by_key.items() if key}
        return Chart(id, label, spec, by_key[""], head, table, bool(others), others, narrow)

    return chart(id, _wide(sets, shared), chart(f"{id}-narrow", _narrow(sets, shared), None))


def _cells(row: EffectRow, unit: Unit) -> tuple[str, ...]:
    return (
        row.label,
        numbers.difference(row.value, unit),
        numbers.difference_interval(row.low, row.high, unit),
        numbers.count(row.n),
        marks.WORDS[row.verdict],
    )


def _axis(sets: Mapping[str, DivergingSet], shared: _Scale, span: tuple[float, float], side: float) -> ValueAxis:
    """The axis that holds every change, and every interval of a slice with enough samples."""
    scale = scale_of(shared.unit)
    held: list[float] = []
    for one in sets.values():
        held += [one.overall or 0.0]
        for row in one.rows:
            ends = (row.low, row.value, row.high) if row.support == "decide" else (row.value,)
            held += [v for v in ends if v is not None]
    return difference_axis([v * scale for v in held], span=span, side=side)


def _row(index: int, row: EffectRow, axis: ValueAxis, unit: Unit, room: float, n_prefix: str = "") -> Row:
    scale = scale_of(unit)
    low, high, cut_low, cut_high = axis.cut(
        None if row.low is None else row.low * scale, None if row.high is None else row.high * scale
    )
    few = " few" if row.support in {"show", "counts"} else ""
    weight = 600 if row.verdict == "worse" else 400
    return {
        "t": "row",
        "row": index,
        "name": text.fit(row.label, room, NAME_SIZE, weight),
        "verdict": row.verdict,
        "value": None if row.value is None else row.value * scale,
        "low": low,
        "high": high,
        "cut_low": cut_low,
        "cut_high": cut_high,
        "few": row.support != "decide",
        "change": numbers.difference(row.value, unit),
        "interval": numbers.difference_interval(row.low, row.high, unit),
        "n": f"{n_prefix}{numbers.count(row.n)}{few}",
    }


def _overall(overall: float | None, unit: Unit) -> list[Row]:
    return [] if overall is None else [{"t": "overall", "value": overall * scale_of(unit)}]


def _sides(axis: ValueAxis, y: float, one: DivergingSet, shared: _Scale) -> list[Row]:
    """The words over the axis that say which side is worse."""
    zero = axis.at(0)
    worse = f"worse in {text.fit(one.candidate, 90, 12, 600)}" if one.candidate else "worse"
    if shared.higher_is_better:
        left, right, left_colour, right_colour = f"▼ {worse}", "better ▲", "worse", "better"
    else:
        left, right, left_colour, right_colour = "▲ better", f"{worse} ▼", "better", "worse"
    return [
        marks.word(left, zero - 8, y, align="right", colour=left_colour, weight=600),
        marks.word(right, zero + 8, y, colour=right_colour, weight=600),
    ]


def _every(sets: Mapping[str, DivergingSet]) -> list[EffectRow]:
    return [row for one in sets.values() for row in one.rows]


def _widest(texts: Sequence[str], least: float, size: float = 12, weight: int = 400) -> float:
    return max([least, *(text.width(t, size, weight) for t in texts)])


def _wide(sets: Mapping[str, DivergingSet], shared: _Scale) -> tuple[dict[str, Any], dict[str, Rows]]:
    rows, unit = _every(sets), shared.unit
    names = min(230.0, _widest([row.label for row in rows], 90, NAME_SIZE, 600))
    n = _widest([_cells(row, unit)[3] + (" few" if row.support in {"show", "counts"} else "") for row in rows], 24)
    ends = _widest([_cells(row, unit)[2] for row in rows], 40)
    change = _widest([_cells(row, unit)[1] for row in rows] + [shared.measure], 40, weight=600)
    right = change + ends + n + 3 * 18
    plot = WIDE - names - GAP - right
    axis = _axis(sets, shared, (0, plot), 70 / plot)
    at = (plot + 18 + change, plot + 36 + change + ends, plot + right)

    def of(one: DivergingSet) -> list[Row]:
        head = [
            marks.word(word, x, -14, align="right")
            for word, x in zip((shared.measure, "95%", "n"), at, strict=True)
        ]
        body = [_row(i, row, axis, unit, names) for i, row in enumerate(one.rows)]
        return [*body, *_overall(one.overall, unit), *_sides(axis, -14, one, shared), *head]

    by_key = {key: of(one) for key, one in sets.items()}
    layers = [
        *_lines(axis),
        *marks.interval(axis),
        marks.column("name", -GAP, align="right", size=NAME_SIZE, colour=marks.NAME, bold="datum.verdict === 'worse'"),
        marks.column("change", at[0], align="right", colour=marks.NUMBER, bold=marks.CLEAR),
        marks.column("interval", at[1], align="right"),
        marks.column("n", at[2], align="right"),
        marks.words(),
    ]
    return _finish(layers, by_key, plot, STEP, (28, right, 26, names + GAP))


def _narrow(sets: Mapping[str, DivergingSet], shared: _Scale) -> tuple[dict[str, Any], dict[str, Rows]]:
    """The name on its own line, the numbers under it, then the mark across the whole width."""
    axis = _axis(sets, shared, (0, NARROW - 8), 76 / NARROW)

    def of(one: DivergingSet) -> list[Row]:
        body = [_row(i, row, axis, shared.unit, NARROW - 4, "n ") for i, row in enumerate(one.rows)]
        return [*body, *_overall(one.overall, shared.unit), *_sides(axis, -14, one, shared)]

    by_key = {key: of(one) for key, one in sets.items()}
    layers = [
        *_lines(axis),
        *marks.interval(axis, dy=17),
        marks.column("name", 0, dy=-17, size=NAME_SIZE, colour=marks.NAME, bold="datum.verdict === 'worse'", halo=True),
        marks.column("change", 0, dy=0, colour=marks.NUMBER, bold=marks.CLEAR, halo=True),
        marks.column("interval", 72, dy=0, halo=True),
        marks.column("n", NARROW - 8, dy=0, align="right", halo=True),
        marks.words(),
    ]
    return _finish(layers, by_key, NARROW - 8, NARROW_STEP, (28, 4, 26, 4))


def _lines(axis: ValueAxis) -> list[Any]:
    """The dotted line of all samples."""
    rule = kind("overall").mark_rule(stroke=LIGHT["ink2"], strokeWidth=1.4, strokeDash=[1.5, 3])
    return [rule.encode(x=axis.x("value"))]


def _finish(
    layers: list[Any], by_key: dict[str, list[Row]], width: float, step: float, padding: tuple[float, float, float, float]
) -> tuple[dict[str, Any], dict[str, Rows]]:
    spec, _ = assemble(layers, by_key[""], width=width, height=stepped(step), padding=padding)
    return spec, {key: clean_rows(rows) for key, rows in by_key.items()}
