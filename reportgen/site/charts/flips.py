"""What flipped: all samples in one bar, and the few that changed in a second one, since in the first they would vanish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Rows, assemble, clean_rows, kind
from reportgen.site.charts.theme import COLUMN, LIGHT, NARROW

HEIGHT = 186
TOP, TOP_HEIGHT = 22, 26
ZOOM, ZOOM_HEIGHT = 82, 36


@dataclass(frozen=True)
class FlipCounts:
    """The samples that both versions scored, by what became of them."""

    both_right: int
    broken: int
    fixed: int
    both_wrong: int
    versions: tuple[str, str] = ("baseline", "candidate")

    @property
    def total(self) -> int:
        """All of them."""
        return self.both_right + self.broken + self.fixed + self.both_wrong


def flips(
    id: str,
    label: str,
    counts: FlipCounts,
    *,
    noun: str = "samples",
    alternatives: Mapping[str, FlipCounts] | None = None,
) -> Chart:
    """The two bars of outcomes: all samples, and those that changed. ``alternatives`` are other versions' counts."""
    found = {"": counts, **(alternatives or {})}
    total = counts.total
    head = ("Outcome", noun.capitalize(), "Share")
    parts = (
        ("Both right", counts.both_right),
        ("Newly broken", counts.broken),
        ("Newly fixed", counts.fixed),
        ("Both wrong", counts.both_wrong),
    )
    table = tuple((name, numbers.count(n), numbers.rate(n / total if total else None)) for name, n in parts)

    def chart(id: str, width: float, narrow: Chart | None) -> Chart:
        rows = {key: clean_rows(_rows(one, noun, width)) for key, one in found.items()}
        others = {key: one for key, one in rows.items() if key}
        return Chart(id, label, _spec(rows[""], width), rows[""], head, table, bool(others), others, narrow)

    return chart(id, COLUMN, chart(f"{id}-narrow", NARROW, None))


def _spec(rows: Rows, width: float) -> dict[str, Any]:
    line = ValueAxis(0, 1, (), (), (0, width))
    height = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, HEIGHT], range=[0, HEIGHT], nice=False, zero=False))
    place = {"x": line.x("start"), "x2": alt.X2("end"), "y": height, "y2": alt.Y2("y2")}
    bars = kind("bar").mark_rect().encode(**place, fill=alt.Fill("fill:N", scale=None))
    zoom = kind("zoom").mark_rule(stroke=LIGHT["line2"], strokeWidth=1).encode(**place)
    spec, _ = assemble([zoom, bars, marks.words(halo=True), marks.words(rows="inside")], rows, width=width, height=HEIGHT, padding=(0, 0, 0, 0))
    return spec


def _bar(start: float, end: float, colour: str, y: float, height: float) -> Row:
    return {"t": "bar", "start": start, "end": end, "y": y, "y2": y + height, "fill": LIGHT[colour]}


def _rows(counts: FlipCounts, noun: str, width: float) -> list[Row]:
    total, changed = counts.total, counts.broken + counts.fixed
    if not total:
        return [marks.word(f"No {noun} that both versions scored", 0, 9, colour="ink2")]
    first = counts.both_right / total
    second = first + changed / total
    seam = 1.5 / width
    rows = [
        _bar(start, end - (seam if end < 1 else 0), colour, TOP, TOP_HEIGHT)
        for start, end, colour in ((0.0, first, "line2"), (first, second, "ink"), (second, 1.0, "mute"))
        if end - start > seam
    ]
    rows += _all_words(counts, noun, width)
    if not changed:
        return [*rows, marks.word(f"No {noun} changed", 0, ZOOM - 14, colour="ink2", weight=600)]
    fixed = counts.fixed / changed
    rows += [
        _bar(start, end, colour, ZOOM, ZOOM_HEIGHT)
        for start, end, colour in ((0.0, fixed - seam * (fixed < 1), "better-mark"), (fixed, 1.0, "worse-mark"))
        if end > start
    ]
    below = TOP + TOP_HEIGHT + 1
    rows += [
        {"t": "zoom", "start": first, "end": 0.0, "y": below, "y2": ZOOM - 1},
        {"t": "zoom", "start": second, "end": 1.0, "y": below, "y2": ZOOM - 1},
    ]
    return [*rows, *_changed_words(counts, width)]


def _share(n: int, total: int) -> str:
    return f"{numbers.count(n)} · {numbers.rate(n / total)}"


def _all_words(counts: FlipCounts, noun: str, width: float) -> list[Row]:
    total = counts.total
    right = f"both right {_share(counts.both_right, total)}"
    wrong = f"both wrong {_share(counts.both_wrong, total)}"
    fits = text.width(right, 12, 600) + 16 < width * counts.both_right / total
    rows = [
        marks.word(f"All {numbers.count(total)}", 0, 9, colour="ink2"),
        marks.word(wrong, width, 9, align="right"),
    ]
    if text.width(f"All {numbers.count(total)} {noun} {wrong}") + 16 < width:
        rows[0] = marks.word(f"All {numbers.count(total)} {noun}", 0, 9, colour="ink2")
    if fits:
        # inside the bar: no halo of the page's colour there
        rows.append(marks.word(right, 8, TOP + TOP_HEIGHT / 2, colour="ink", weight=600) | {"t": "inside"})
    return rows


def _changed_words(counts: FlipCounts, width: float) -> list[Row]:
    changed = counts.broken + counts.fixed
    before, after = (text.fit(name, width / 2 - 110, 12) for name in counts.versions)
    y = ZOOM + ZOOM_HEIGHT
    half = width / 2 - 8
    return [
        marks.word(f"{_share(changed, counts.total)} changed", 0, 66, colour="ink2", weight=600),
        marks.word(f"▲ {numbers.count(counts.fixed)} fixed", 0, y + 19, colour="better", size=17, weight=600),
        marks.word(
            f"▼ {numbers.count(counts.broken)} broken", width, y + 19, align="right", colour="worse", size=17, weight=600
        ),
        marks.word(text.fit(f"wrong in {before}, right in {after}", half), 0, y + 40),
        marks.word(text.fit(f"right in {before}, wrong in {after}", half), width, y + 40, align="right"),
    ]
