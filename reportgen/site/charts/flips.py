"""What flipped: all samples in one bar, and in a second one the few that changed, which would vanish in the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import altair as alt

from reportgen import numbers
from reportgen.site.charts import marks, text
from reportgen.site.charts.axis import ValueAxis
from reportgen.site.charts.chart import Chart, Row, Spec, assemble, build, kind, unchecked
from reportgen.site.charts.theme import COLUMN, LIGHT, NARROW

TOP, TOP_HEIGHT = 22, 26
ZOOM, ZOOM_HEIGHT = 82, 36
BELOW = ZOOM + ZOOM_HEIGHT
HEIGHT = BELOW + 50
LINE = 16
"""What a line of captions takes."""
NAMED = 100
"""The room of a version's name, in px."""
_FILLS = {name: LIGHT[name] for name in ("line2", "ink", "mute", "better-mark", "worse-mark")}
SEAM = 1.5 / NARROW
"""The gap between two bars, as a part of the width."""


@dataclass(frozen=True)
class FlipWords:
    """What the four outcomes are called: as a table has them, and what fixed and broken mean."""

    both_right: str
    broken: str
    fixed: str
    both_wrong: str
    how_broken: str
    how_fixed: str


@dataclass(frozen=True)
class FlipCounts:
    """The samples that both versions scored, by what became of them."""

    both_right: int
    broken: int
    fixed: int
    both_wrong: int
    versions: tuple[str, str] = ("baseline", "candidate")
    words: FlipWords | None = None  # null: right and wrong

    @property
    def said(self) -> FlipWords:
        """Its words, those of right and wrong where it has none of its own."""
        if self.words is not None:
            return self.words
        before, after = (text.fit(name, NAMED) for name in self.versions)
        how = (f"right in {before}, wrong in {after}", f"wrong in {before}, right in {after}")
        return FlipWords("both right", "broken", "fixed", "both wrong", *how)

    @property
    def total(self) -> int:
        """All of them."""
        return self.both_right + self.broken + self.fixed + self.both_wrong


@unchecked
def flips(
    id: str,
    label: str,
    counts: FlipCounts,
    *,
    noun: str = "samples",
    alternatives: Mapping[str, FlipCounts] | None = None,
    versions: Sequence[str] = (),
) -> Chart:
    """The two bars of outcomes: all samples, and those that changed. ``alternatives`` are other versions' counts.

    ``versions`` are those of which a script may give counts, any two.
    """
    found = {"": counts, **(alternatives or {})}
    tables = {key: _cells(one) for key, one in found.items()}
    rows = {key: _rows(one, noun) for key, one in found.items()}
    head = ("Outcome", noun.capitalize(), "Share")
    said = [one.said for one in found.values()]
    how = max(text.width(told.how_fixed) + text.width(told.how_broken) for told in said)
    names = {name: text.fit(text.clean(name), NAMED) for name in versions}
    if counts.words is None and len(names) > 1:
        longest = sorted(names.values(), key=text.width)[-2:]
        how = max(how, 2 * text.width(f"right in {longest[0]}, wrong in {longest[1]}"))
    ends = max(text.width(f"{told.both_right}{told.both_wrong}: 100.0%: 100.0%") for told in said)
    specs = [_spec(width, stacked=ends + 12 > width, two_lines=how + 16 > width) for width in (COLUMN, NARROW)]
    frame = {"names": names, "said": asdict(said[0]), "room": NARROW, "widths": text.widths(), "fills": _FILLS}
    return build(
        id, label, specs[0], rows, head, tables, narrow=specs[1], live=bool(versions), frame=frame if versions else None
    )


def _cells(counts: FlipCounts) -> list[tuple[str, ...]]:
    said = counts.said
    new = "newly " if counts.words is None else ""
    names = (said.both_right, new + said.broken, new + said.fixed, said.both_wrong)
    parts = zip(names, (counts.both_right, counts.broken, counts.fixed, counts.both_wrong), strict=True)
    return [
        (name.capitalize(), numbers.count(n), numbers.rate(n / counts.total if counts.total else None))
        for name, n in parts
    ]


def _spec(width: float, *, stacked: bool, two_lines: bool) -> Spec:
    """The bars with their captions; ``stacked``: those of the first bar's ends stand one above the other."""
    line = ValueAxis(0, 1, (), (), (0, width))
    height = HEIGHT + (18 if two_lines else 0)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False))
    place = {"x": line.x("start"), "x2": alt.X2("end"), "y": y, "y2": alt.Y2("y2")}

    layers = [
        kind("zoom").mark_rule(stroke=LIGHT["line2"], strokeWidth=1).encode(**place),
        kind("bar").mark_rect().encode(**place, fill=alt.Fill("fill:N", scale=None)),
        marks.caption("all", 0, 9 - LINE * stacked, colour="ink2"),
        marks.caption("wrong", width, 9, align="right"),
        marks.caption("inside", 8, TOP + TOP_HEIGHT / 2, colour="ink", weight=600),
        marks.caption("changed", 0, 66, colour="ink2", weight=600, halo=True),
        marks.sign("better", 8, BELOW + 19, size=190),
        marks.sign("worse", width - 8, BELOW + 19, size=190),
        marks.caption("better", 22, BELOW + 19, colour="better", size=17, weight=600),
        marks.caption("worse", width - 22, BELOW + 19, align="right", colour="worse", size=17, weight=600),
        marks.caption("how-better", 0, BELOW + 40),
        marks.caption("how-worse", width, BELOW + (58 if two_lines else 40), align="right"),
    ]
    return assemble(layers, width=width, height=height, padding=(LINE * stacked, 0, 0, 0))


def _bar(start: float, end: float, colour: str, y: float, height: float) -> Row:
    return {"t": "bar", "start": start, "end": end, "y": y, "y2": y + height, "fill": _FILLS[colour]}


def _share(n: int, total: int) -> str:
    return f"{numbers.count(n)} · {numbers.rate(n / total)}"


def _rows(counts: FlipCounts, noun: str) -> list[Row]:
    total, changed = counts.total, counts.broken + counts.fixed
    if not total:
        return [marks.word("all", f"No {noun} that both versions scored")]
    first, second = counts.both_right / total, (counts.both_right + changed) / total
    rows = [
        _bar(start, end - (SEAM if end < 1 else 0), colour, TOP, TOP_HEIGHT)
        for start, end, colour in ((0.0, first, "line2"), (first, second, "ink"), (second, 1.0, "mute"))
        if end - start > SEAM
    ]
    rows += _captions(counts, noun, NARROW * first)
    if not changed:
        return [*rows, marks.word("changed", f"No {noun} changed")]
    return [*rows, *_changed(counts, first, second)]


def _captions(counts: FlipCounts, noun: str, room: float) -> list[Row]:
    """What the ends of the first bar are: the longer part inside it where it has room, else both above it."""
    total, said = counts.total, counts.said
    right = f"{said.both_right}: {_share(counts.both_right, total)}"
    wrong = f"{said.both_wrong}: {_share(counts.both_wrong, total)}"
    if text.width(right, 12, 600) + 16 < room:
        whole = f"All {numbers.count(total)} {noun}"
        return [marks.word("all", whole), marks.word("inside", right), marks.word("wrong", wrong)]
    if text.width(right) + text.width(wrong) + 12 > NARROW:
        right = f"{said.both_right}: {numbers.rate(counts.both_right / total)}"
        wrong = f"{said.both_wrong}: {numbers.rate(counts.both_wrong / total)}"
    return [marks.word("all", right), marks.word("wrong", wrong)]


def _changed(counts: FlipCounts, first: float, second: float) -> list[Row]:
    changed = counts.broken + counts.fixed
    fixed = counts.fixed / changed
    sides = ((0.0, fixed - SEAM * (fixed < 1), "better-mark"), (fixed, 1.0, "worse-mark"))
    said = counts.said
    return [
        *(_bar(start, end, colour, ZOOM, ZOOM_HEIGHT) for start, end, colour in sides if end > start),
        *(
            {"t": "zoom", "start": start, "end": end, "y": TOP + TOP_HEIGHT + 1, "y2": ZOOM - 1}
            for start, end in ((first, 0), (second, 1))
        ),
        marks.word("changed", f"{numbers.count(changed)} changed · {numbers.rate(changed / counts.total)}"),
        marks.word("better", f"{numbers.count(counts.fixed)} {said.fixed}"),
        marks.word("worse", f"{numbers.count(counts.broken)} {said.broken}"),
        marks.word("how-better", said.how_fixed),
        marks.word("how-worse", said.how_broken),
    ]
