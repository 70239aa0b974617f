"""The change of the confusion matrix, or one version's matrix, class by class."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from reportgen import numbers
from reportgen.model import Limits, Verdict
from reportgen.site.charts import grid, heat, marks, text
from reportgen.site.charts.chart import Chart, build, clean_rows, unchecked
from reportgen.site.charts.theme import AXIS_SIZE, NAME_SIZE, WIDE

MOST = 25
OTHER = "other"
CORNER = "It was…"
FOOT = "Full colour: {sign}{size} {of}"
ROW = "of the row"

View = Literal["change", "candidate", "baseline"]


@dataclass(frozen=True)
class ConfusionCell:
    """The samples of class ``target`` called ``prediction``, by each version, with the interval of the change."""

    target: str
    prediction: str
    n_baseline: int
    n_candidate: int
    verdict: Verdict = "unclear"
    low: float | None = None
    high: float | None = None
    key: str = ""

    @property
    def delta(self) -> int:
        """Candidate minus baseline, in samples."""
        return self.n_candidate - self.n_baseline


Cells = tuple[ConfusionCell, ...]
Lines = Sequence[tuple[str, ...]]
Made = TypeVar("Made")


@dataclass(frozen=True)
class ConfusionGrid:
    """One matrix: the cells that are not empty, and what is shown of them (``share``: of the row's samples)."""

    cells: Cells
    view: View = "change"
    share: bool = False
    said: str = ""  # the head over the columns: "v2.0 and v1.3 said…"


@unchecked
def confusion(
    id: str,
    label: str,
    shown: ConfusionGrid,
    classes: Sequence[str],
    *,
    noun: str = "samples",
    alternatives: Mapping[str, ConfusionGrid] | None = None,
    beside: Sequence[ConfusionGrid] = (),
    live: bool = False,
    level: float = Limits.level,
    only_called: Sequence[str] = (),
    lines: Lines | None = None,
) -> Chart:
    """The matrix with rows and columns in the order of ``classes``; past 25 of them the rest is folded into "other".

    Kept are the classes with most change. Full colour is the 99th percentile of the counts shown (of the changes beyond
    chance, where there are any), common to all ``alternatives`` of the same view and to the matrices that stand
    ``beside`` this one, and printed under the matrix.
    ``level`` is that of the intervals. ``only_called`` are those of the classes that nothing truly is: they have no
    row. ``lines`` is what ``list_cells`` makes of the cells that are shown, where that is known.
    """
    found = {"": shown, **(alternatives or {})}
    kept = _kept(classes, shown.cells)
    known = [*found.values(), *beside]
    folds = _once(lambda cells: _fold(cells, kept), known)
    scaled = [replace(one, cells=cells) for one, cells in zip(known, folds, strict=True)]
    folded = dict(zip(found, scaled, strict=False))  # without those beside, which come last
    rest = () if len(kept) == len(classes) else (OTHER,)
    true = (*(name for name in kept if name not in only_called), *rest)
    names = (*true, *(name for name in kept if name in only_called))  # so that the diagonal is one
    limits = _limits(scaled)
    grids = {key: _grid(one, true, names, limits[_kind(one)], noun) for key, one in folded.items()}
    above = grid.needed(grids.values(), beside=False)
    wide = _layout(names, grid.needed(grids.values()), above)
    rows = {key: grid.rows(one, wide) for key, one in grids.items()}
    every = list(grids.values())
    narrow = grid.spec(every, _stacked(names, above))
    head = ("It was", "Called", "Baseline", "Candidate", "Change", f"{numbers.level(level)} interval", "Verdict")
    listed = _once(
        lambda cells: list_cells(cells) if lines is None or cells is not shown.cells else lines, [*found.values()]
    )
    tables = dict(zip(found, listed, strict=True))
    frame = {
        "names": list(names),
        "rows": len(true),
        "other": OTHER if rest else None,
        "fixed": [*clean_rows([row for row in rows[""] if row["t"] in {"name", "column"}])],
        "corner": CORNER,
        "foot": FOOT,
        "nouns": {"count": noun, "share": ROW},
        "widths": {c: text.width(c, AXIS_SIZE, 600) for c in "0123456789.,%<>+·− "},
    }
    return build(id, label, grid.spec(every, wide), rows, head, tables, narrow=narrow, live=live, frame=frame)


def _once(make: Callable[[Cells], Made], every: Sequence[ConfusionGrid]) -> list[Made]:
    """What is made of the cells of each matrix: once, where several matrices show the same cells."""
    made: dict[int, Made] = {}
    for one in every:
        if id(one.cells) not in made:
            made[id(one.cells)] = make(one.cells)
    return [made[id(one.cells)] for one in every]


def _layout(names: Sequence[str], beside: float, above: float) -> grid.Layout:
    """Cells that show a mark beside the number where there is room, else the mark above it."""
    label = min(150.0, marks.widest(list(names), 64, NAME_SIZE)) + 14
    room = (WIDE - label - grid.SLANT * 0.6) // len(names) - grid.SPACE
    if room >= beside:
        width = min(66.0, room)
        slanted = marks.widest(list(names), 0) > width - 2
        return grid.Layout(width, 34, label, lines=1, centred=True, slanted=slanted, square=True)
    return replace(_stacked(names, above), names=label)


def _stacked(names: Sequence[str], need: float) -> grid.Layout:
    width = max(34.0, need)
    slanted = marks.widest(list(names), 0) > width - 2
    return grid.Layout(width, 40, 0, lines=1, centred=True, stacked=True, slanted=slanted, square=True)


def _kept(classes: Sequence[str], cells: Sequence[ConfusionCell]) -> tuple[str, ...]:
    if len(classes) <= MOST:
        return tuple(classes)
    moved = dict.fromkeys(classes, 0)
    for cell in cells:
        for name in {cell.target, cell.prediction}:
            moved[name] = moved.get(name, 0) + abs(cell.delta)
    most = sorted(classes, key=lambda name: (-moved[name], classes.index(name)))[: MOST - 1]
    return tuple(name for name in classes if name in set(most))


def _fold(cells: Sequence[ConfusionCell], kept: Sequence[str]) -> tuple[ConfusionCell, ...]:
    """The cells with every other class summed into "other", where a change is not tested."""
    known = set(kept)
    own: list[ConfusionCell] = []
    rest: dict[tuple[str, str], tuple[int, int]] = {}
    for cell in cells:
        place = tuple(name if name in known else OTHER for name in (cell.target, cell.prediction))
        if OTHER not in place:
            own.append(cell)
            continue
        before, after = rest.get((place[0], place[1]), (0, 0))
        rest[place[0], place[1]] = (before + cell.n_baseline, after + cell.n_candidate)
    return (*own, *(ConfusionCell(t, p, before, after) for (t, p), (before, after) in rest.items()))


def _count(cell: ConfusionCell, view: View) -> int:
    return {"change": cell.delta, "candidate": cell.n_candidate, "baseline": cell.n_baseline}[view]


def _totals(cells: Sequence[ConfusionCell]) -> dict[str, int]:
    """The samples of each target class, both versions' being the same."""
    found: dict[str, int] = {}
    for cell in cells:
        found[cell.target] = found.get(cell.target, 0) + cell.n_baseline
    return found


def _shown(cell: ConfusionCell, one: ConfusionGrid, totals: Mapping[str, int]) -> float:
    count = _count(cell, one.view)
    return count / totals[cell.target] if one.share and totals.get(cell.target) else float(count)


def _kind(one: ConfusionGrid) -> tuple[bool, bool]:
    """Matrices with one size of full colour: of shares or counts, of changes or of a version."""
    return one.share, one.view == "change"


def _limits(every: Iterable[ConfusionGrid]) -> dict[tuple[bool, bool], float]:
    """By kind of matrix, the size with full colour: the 99th percentile of what is shown in those of that kind."""
    sizes: dict[tuple[bool, bool], list[float]] = {}
    for one in every:
        totals = _totals(one.cells)
        clear = [c for c in one.cells if c.verdict in {"worse", "better"}] if one.view == "change" else []
        sizes.setdefault(_kind(one), []).extend(abs(_shown(cell, one, totals)) for cell in clear or one.cells)
    ordered = {kind: sorted(own) for kind, own in sizes.items()}
    return {kind: own[round(0.99 * (len(own) - 1))] if own else 1.0 for kind, own in ordered.items()}


def _grid(one: ConfusionGrid, true: Sequence[str], names: Sequence[str], limit: float, noun: str) -> grid.Grid:
    """The matrix; the true classes are the first of the names."""
    at = {name: i for i, name in enumerate(names)}
    totals = _totals(one.cells)
    drawn = {(i, j): grid.Cell(i, j, "count", 0, ("·",)) for i in range(len(true)) for j in at.values()}
    for cell in one.cells:
        i, j = at[cell.target], at[cell.prediction]
        drawn[i, j] = _cell(cell, one, totals, limit, i, j)
    return grid.Grid(
        tuple(true), tuple(names), tuple(drawn.values()), corner=CORNER, over=one.said, foot=_foot(one, limit, noun)
    )


def _foot(one: ConfusionGrid, limit: float, noun: str) -> str:
    size = numbers.rate(limit) if one.share else numbers.count(round(limit))
    return FOOT.format(sign="±" if one.view == "change" else "", size=size, of=ROW if one.share else noun)


def _cell(
    cell: ConfusionCell, one: ConfusionGrid, totals: Mapping[str, int], limit: float, i: int, j: int
) -> grid.Cell:
    value = _shown(cell, one, totals)
    if one.view != "change":
        told = numbers.rate(value, 0) if one.share else numbers.count(int(value))
        step = min(heat.STEPS, round(value / limit * heat.STEPS)) if limit else 0
        return grid.Cell(i, j, "count", step, (told,), cell.key)
    clear = cell.verdict in {"worse", "better"}
    told = numbers.signed(value * 100, 1) if one.share else numbers.signed(value, 0)
    good = cell.verdict == "better" if clear else (value > 0) == (i == j)
    step = heat.step(value, limit, clear=clear)
    side: heat.Side = "better" if good else "worse"
    verdict = cell.verdict if clear else None
    return grid.Cell(i, j, side, step, (told,), cell.key, verdict, bold=clear)


def list_cells(cells: Cells) -> Lines:
    """The cells as lines of the table; numbers are written column by column, for there may be 23,000 lines."""
    deltas = numbers.signed_wholes([cell.delta for cell in cells])
    known = [(math.nan, math.nan) if cell.low is None or cell.high is None else (cell.low, cell.high) for cell in cells]
    lows, highs = (numbers.signed_whole_ends([ends[i] for ends in known]) for i in (0, 1))
    return [
        (
            cell.target,
            cell.prediction,
            numbers.count(cell.n_baseline),
            numbers.count(cell.n_candidate),
            delta,
            numbers.MISSING if low == numbers.MISSING else f"{low}{numbers.ELLIPSIS}{high}",
            marks.WORDS[cell.verdict],
        )
        for cell, delta, low, high in zip(cells, deltas, lows, highs, strict=True)
    ]
