"""Counts of several kinds, a bar a version: its parts stand behind each other, shaded, hollow where something lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from reportgen import numbers
from reportgen.model import Link
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.theme import LIGHT, NAME_SIZE, NARROW, WIDE

STEP, BAR = 34, 18
KEY = 20
"""The height of one line of the key."""
SWATCH = 12
SEAM = 2.0
LONGEST = 150
_SHADES = ("ink", "mute", "ink2", "line2", "ink3")
"""The fills of the parts in turn, neighbours apart; on the lighter two texts are dark."""
_LIGHT = {"mute", "line2", "surface"}


@dataclass(frozen=True)
class StackPart:
    """One kind: its name, and its count in each version. ``hollow``: what is not there."""

    name: str
    counts: tuple[int, ...]
    hollow: bool = False


@unchecked
def stacked(
    id: str,
    label: str,
    versions: Sequence[str],
    parts: Sequence[StackPart],
    *,
    head: str = "Kind",
    links: Sequence[Link] = (),
) -> Chart:
    """The bars on one scale, and the phone's layout; each part is named in the key above, in its order."""
    shades = _shades(parts)
    totals = [sum(part.counts[v] for part in parts) for v in range(len(versions))]
    most = max([1, *totals])
    names = min(LONGEST, marks.widest(list(versions), 40, NAME_SIZE))
    told = marks.widest([numbers.count(n) for n in totals], 24)
    table = [(part.name, *(numbers.count(n) for n in part.counts)) for part in parts]
    table.append(("All", *(numbers.count(n) for n in totals)))
    layouts = [_Layout(WIDE, names, told, most), _Layout(NARROW, 0, told, most)]
    keys = [_keys(parts, shades, layout.width) for layout in layouts]
    rows: list[Row] = []
    for v, version in enumerate(versions):
        name = text.clean(version)
        long = text.fit(name, NARROW - told - 12, NAME_SIZE)
        short = text.fit(name, names, NAME_SIZE)
        rows.append({"t": "row", "row": v, "name": short, "long": long, "told": numbers.count(totals[v])})
        start = 0
        for part, shade in zip(parts, shades, strict=True):
            n = part.counts[v]
            if n:
                rows.append(_bar_part(v, start, n, shade, layouts))
            start += n
    for part, shade, wide, narrow in zip(parts, shades, *keys, strict=True):
        rows.append(
            {"t": "key", "name": part.name, "x": wide[0], "line": wide[1], "x2": narrow[0], "line2": narrow[1],
             "fill": LIGHT[shade], "stroke": LIGHT["ink3" if part.hollow else shade]}
        )  # fmt: skip
    n = len(versions)
    specs = [
        _spec(layout, own[-1][1] + 1, n, is_narrow=i == 1)
        for i, (layout, own) in enumerate(zip(layouts, keys, strict=True))
    ]
    return build(id, label, specs[0], {"": rows}, (head, *versions), {"": table}, narrow=specs[1], links=links)


def _shades(parts: Sequence[StackPart]) -> list[str]:
    found, taken = [], 0
    for part in parts:
        found.append("surface" if part.hollow else _SHADES[taken % len(_SHADES)])
        taken += not part.hollow
    return found


@dataclass(frozen=True)
class _Layout:
    width: float
    names: float
    told: float
    most: int

    @property
    def left(self) -> float:
        """What stands left of the bars."""
        return self.names + 12 if self.names else 0

    @property
    def plot(self) -> float:
        """How long the longest bar is."""
        return self.width - self.left - (self.told + 10 if self.names else 0)

    def room(self, n: int) -> float:
        """How long the part of a count is."""
        return n / self.most * self.plot - SEAM


def _bar_part(v: int, start: int, n: int, shade: str, layouts: Sequence[_Layout]) -> Row:
    count = numbers.count(n)
    wide, narrow = (count if text.width(count) + 6 <= layout.room(n) else "" for layout in layouts)
    return {
        "t": "part", "row": v, "start": start, "end": start + n, "mid": start + n / 2, "fill": LIGHT[shade],
        "stroke": LIGHT["ink3" if shade == "surface" else shade], "ink": LIGHT["ink" if shade in _LIGHT else "surface"],
        "wide": wide, "narrow": narrow,
    }  # fmt: skip


def _keys(parts: Sequence[StackPart], shades: Sequence[str], width: float) -> list[tuple[float, int]]:
    """Where each name of the key stands: px from the left, and its line."""
    found, x, line = [], 0.0, 0
    for part, _ in zip(parts, shades, strict=True):
        needs = SWATCH + 6 + text.width(part.name) + 18
        if x and x + needs - 18 > width:
            x, line = 0.0, line + 1
        found.append((x, line))
        x += needs
    return found


def _spec(layout: _Layout, lines: int, n: int, *, is_narrow: bool) -> Spec:
    axis = ValueAxis(0, layout.most, (), (), (0, layout.plot))
    step = STEP + (18 if is_narrow else 0)
    dy = 9 if is_narrow else 0
    fields = ("x2", "line2", "narrow") if is_narrow else ("x", "line", "wide")
    top = lines * KEY + 10
    place = {"y": marks.y(), "x": axis.x("start", grid=False), "x2": alt.X2("end")}
    fill, stroke = alt.Fill("fill:N", scale=None), alt.Stroke("stroke:N", scale=None)
    at = {"x": alt.X("px:Q", scale=None, axis=None), "y": alt.Y("py:Q", scale=None, axis=None)}
    key = kind("key").transform_calculate(
        px=f"datum.{fields[0]} + {SWATCH / 2 - layout.left}", py=f"datum.{fields[1]} * {KEY} + {KEY / 2 - top}"
    )
    words = kind("key").transform_calculate(
        px=f"datum.{fields[0]} + {SWATCH + 6 - layout.left}", py=f"datum.{fields[1]} * {KEY} + {KEY / 2 - top}"
    )
    bar = kind("part").mark_bar(height=BAR, x2Offset=-SEAM, yOffset=dy, strokeWidth=1)
    counts = kind("part").mark_text(yOffset=dy, baseline="middle", align="center")
    layers: list[alt.Chart] = [
        key.mark_point(shape="square", size=SWATCH**2, strokeWidth=1, opacity=1).encode(**at, fill=fill, stroke=stroke),
        words.mark_text(align="left", fill=LIGHT["ink2"]).encode(**at, text=alt.Text("name:N")),
        bar.encode(**place, fill=fill, stroke=stroke),
        counts.encode(
            y=marks.y(),
            x=axis.x("mid", grid=False),
            text=alt.Text(f"{fields[2]}:N"),
            fill=alt.Fill("ink:N", scale=None),
        ),
    ]
    if is_narrow:
        layers += [
            marks.column("long", 0, dy=-12, size=NAME_SIZE, colour="ink2"),
            marks.column("told", NARROW, dy=-12, align="right"),
        ]
    else:
        layers += [
            marks.column("name", -layout.left, size=NAME_SIZE, colour="ink2"),
            marks.column("told", layout.plot + 10 + layout.told, align="right", colour="ink"),
        ]
    width = layout.width - layout.left
    return assemble(layers, width=width, height=n * step, padding=(top, 0, 4, layout.left), axes="independent")
