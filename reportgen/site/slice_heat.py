"""Two attributes at once: which pairs of attributes the heatmap can show, and the most telling of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Attribute, Slice, Term
from reportgen.report import Report
from reportgen.site.charts import Chart, HeatCell, HeatGrid, heatmap
from reportgen.site.charts.heatmap import View, heat_frame
from reportgen.site.pairs import why_not_compared
from reportgen.site.slice_rows import RIGHT, Figures, changes_of, decimals_of, estimates_of
from reportgen.site.slice_words import say

BUDGET = 8_000
"""Cells that the page carries in all; pairs beyond it are left out, the least telling first, and the page says so."""

MAX_COLUMNS = 8
"""Columns that fit beside each other on the page."""

Pair = tuple[int, int]
"""Positions of two attributes in the report: rows and columns."""


@dataclass(frozen=True)
class HeatView:
    """The heatmap of the most telling pair, and what else it can show.

    ``keys`` are the chart's alternatives, ``{rows}-{columns}-{view}-{version}`` by position; ``note`` says how many
    pairs of attributes are left out.
    """

    chart: Chart
    attributes: tuple[tuple[int, str], ...]
    rows: int
    columns: int
    pairs: tuple[Pair, ...]
    views: tuple[tuple[View, str], ...]
    prose: str
    key: str
    keys: Mapping[str, str]  # what to see in each heatmap that the page carries, by {rows}-{columns}-{version}
    frame: Mapping[str, object]  # what the script must know that makes the heatmap of any other two versions
    note: str


def plan_heat(report: Report) -> HeatView | None:
    """The heatmap; none where no two attributes slice together."""
    by_terms = {frozenset(_named(s.terms)): s for s in report.slices if s.level == 2}
    pairs = _rank_pairs(report, by_terms)
    if not pairs:
        return None
    shown = _Shown(report, {frozenset(_named(s.terms)): s for s in report.slices})
    grids = dict(_within(shown.grids(pairs), BUDGET))
    kept = tuple(dict.fromkeys(_pair_of(key) for key in grids))
    rows, columns = kept[0]
    first, grid = next(iter(grids.items()))
    metric = report.primary
    versions = [v.name for v in report.versions]
    told = {
        _place(key): _key(report, one, shown.names, versions[int(key.rsplit("-", 1)[1])])
        for key, one in grids.items()
        if one.view == grid.view
    }
    left = len(pairs) - len(kept)
    views = _views(report)
    used = sorted({at for pair in kept for at in pair})
    alternatives = grids if len(grids) > 1 else None
    how: Any = {"unit": metric.unit, "higher_is_better": metric.higher_is_better}
    chart = heatmap(
        "slices-heat", told[_place(first)], grid, alternatives=alternatives, level=report.limits.level, **how
    )
    return HeatView(
        chart=chart,
        attributes=tuple((at, report.attributes[at].name) for at in used),
        rows=rows,
        columns=columns,
        pairs=kept,
        views=views,
        prose=heat_prose(report, report.candidate)[views[0][0]],
        keys=told,
        key=told[_place(first)],
        frame={**heat_frame(grid, alternatives, **how), "names": _names(chart, grids)},
        note=f"{left} less telling pairs of attributes are not drawn here; their slices are in the table."
        if left
        else "",
    )


def _names(chart: Chart, grids: Mapping[str, HeatGrid]) -> dict[str, list[Mapping[str, object]]]:
    """The chart's rows with the names of rows and columns, by ``{rows}-{columns}``."""
    found: dict[str, list[Mapping[str, object]]] = {}
    for key in grids:
        rows = chart.alternatives.get(key, chart.rows)
        found.setdefault("-".join(key.split("-")[:2]), [row for row in rows if row["t"] in {"name", "column"}])
    return found


def _views(report: Report) -> tuple[tuple[View, str], ...]:
    if report.baseline is None:
        return (("candidate", report.candidate),)
    return (("change", "Change"), ("candidate", report.candidate), ("baseline", report.baseline))


def heat_prose(report: Report, version: str) -> dict[View, str]:
    """What the heatmap draws for a version, and how to read it, by view."""
    nouns = sentences.noun(report.outcomes)

    def level(name: str | None) -> str:
        return say("heat_level", label=report.primary.label, version=name or "", nouns=nouns)

    change = say(
        "heat_change",
        metric=sentences.lowered(report.primary.label),
        baseline=report.baseline or "",
        candidate=version,
        points=say("points") if report.primary.unit == "rate" else "",
        nouns=nouns,
    )
    return {"change": change, "candidate": level(version), "baseline": level(report.baseline)}


def _named(terms: Sequence[Term]) -> Iterator[tuple[str, str]]:
    return ((term.attribute, term.value) for term in terms)


def _pair_of(key: str) -> Pair:
    rows, columns = key.split("-")[:2]
    return int(rows), int(columns)


def _place(key: str) -> str:
    """``{rows}-{columns}-{version}`` of a grid's key."""
    rows, columns, _, version = key.split("-")
    return f"{rows}-{columns}-{version}"


def _within(grids: Iterator[tuple[str, HeatGrid]], budget: int) -> Iterator[tuple[str, HeatGrid]]:
    """The first grids that hold ``budget`` cells together, one at least."""
    used = 0
    for key, grid in grids:
        used += len(grid.cells)
        if used > budget and used > len(grid.cells):
            return
        yield key, grid


def _rank_pairs(report: Report, by_terms: Mapping[frozenset[tuple[str, str]], Slice]) -> list[Pair]:
    """The pairs of attributes that slice together, most telling first.

    Telling: the largest loss beyond chance that neither value alone shows; then the largest loss; then the largest
    slices.
    """
    changes = changes_of(report, report.candidate)
    sign = 1 if report.primary.higher_is_better else -1
    best: dict[Pair, tuple[float, float, float]] = {}
    places = {a.name: i for i, a in enumerate(report.attributes)}
    alone = {next(iter(_named(s.terms))): changes.get(s.id) for s in report.slices if s.level == 1}
    for terms, slice_ in by_terms.items():
        if any(name not in places for name, _ in terms):
            continue
        change = changes.get(slice_.id)
        loss = 0.0
        if change is not None and change["verdict"] == "worse":
            loss = -sign * float(str(change["delta"]))
        hidden = loss if all(not _is_worse(alone.get(term)) for term in terms) else 0.0
        pair = _oriented(report.attributes, *sorted(places[name] for name, _ in terms))
        best[pair] = max(best.get(pair, (0.0, 0.0, 0.0)), (hidden, loss, float(slice_.n)))
    return sorted(best, key=lambda pair: (*(-x for x in best[pair]), pair))


def _is_worse(change: Figures | None) -> bool:
    return change is not None and change["verdict"] == "worse"


def _oriented(attributes: Sequence[Attribute], one: int, other: int) -> Pair:
    """The longer attribute gives the columns, as long as they fit beside each other."""
    shorter, longer = sorted((one, other), key=lambda at: (len(attributes[at].values), at))
    return (shorter, longer) if len(attributes[longer].values) <= MAX_COLUMNS else (longer, shorter)


class _Shown:
    """What cells are made of: slices by their terms, and each version's figures, looked up once."""

    def __init__(self, report: Report, by_terms: Mapping[frozenset[tuple[str, str]], Slice]) -> None:
        self.report = report
        self.by_terms = by_terms
        self.names = {s.id: s.name for s in by_terms.values()}
        self.before = estimates_of(report, report.baseline) if report.baseline else {}
        self.after = {v.name: estimates_of(report, v.name) for v in report.versions if v.name != report.baseline}
        self.changes = {name: changes_of(report, name) for name in self.after} if report.baseline else {}

    def grids(self, pairs: Sequence[Pair]) -> Iterator[tuple[str, HeatGrid]]:
        """Every grid by key: the built pair's change first, then its levels, then the other versions."""
        names = [v.name for v in self.report.versions]
        built = self.report.candidate
        others = [name for name in self.after if name != built]
        views = [view for view, _ in _views(self.report)]
        wanted = [(view, built) for view in views] + [(view, name) for name in others for view in views[:2]]
        for view, name in wanted:
            for pair in pairs:
                yield f"{pair[0]}-{pair[1]}-{view}-{names.index(name)}", self.grid(pair, view, name)

    def grid(self, pair: Pair, view: View, version: str) -> HeatGrid:
        """The grid of two attributes with their margins."""
        rows, columns = (self.report.attributes[at] for at in pair)
        in_rows: list[str | None] = [*rows.values, None]
        in_columns: list[str | None] = [*columns.values, None]
        cells = tuple(
            cell
            for row in in_rows
            for column in in_columns
            if (cell := self._cell(version, (rows.name, row), (columns.name, column))) is not None
        )
        return HeatGrid(rows.values, columns.values, cells, "all", f"all {columns.name}", view)

    def _cell(self, version: str, row: tuple[str, str | None], column: tuple[str, str | None]) -> HeatCell | None:
        terms = frozenset((name, value) for name, value in (row, column) if value is not None)
        slice_ = self.by_terms.get(terms)
        if slice_ is None:
            return None
        after, before = self.after[version].get(slice_.id), self.before.get(slice_.id)
        change = self.changes.get(version, {}).get(slice_.id)
        figures: dict[str, Any] = {"support": "counts"}
        if after is not None:
            right = after["sum_x"]
            whole = isinstance(right, float) and right.is_integer() and _counts(self.report)
            figures = {"support": after["support"], "n_right": int(right) if whole else None}  # type: ignore[call-overload]
            figures |= {"value": _number(after, "value"), "baseline": _number(before, "value")}
        if after is not None and change is not None:
            figures |= {name: change[name] for name in ("support", "verdict")}
            figures |= {name: _number(change, name) for name in ("delta", "low", "high")}
            figures["decimals"] = decimals_of(change)
        return HeatCell(row[1], column[1], slice_.n, key="" if slice_.id == ALL else slice_.id, **figures)


def _counts(report: Report) -> bool:
    """Whether small counts of the leading metric are told in words: "6 of 8 right"."""
    return report.primary.name in RIGHT


def _number(row: Figures | None, name: str) -> float | None:
    value = row[name] if row else None
    return float(value) if isinstance(value, int | float) else None


def _key(report: Report, grid: HeatGrid, names: Mapping[str, str], version: str) -> str:
    """What to see: the worst cell beyond chance, and whether its row and column alone show it."""
    metric = report.primary
    inner = [c for c in grid.cells if c.row is not None and c.column is not None]
    if report.baseline is None:
        known = [c for c in inner if c.value is not None and c.support in {"decide", "test"}]
        if not known:
            return (
                f"No pair of values has the {report.limits.test} {sentences.noun(report.outcomes)} that a level needs."
            )
        low = (min if metric.higher_is_better else max)(known, key=lambda c: (c.value or 0.0, c.key))
        return f"Weakest is {names[low.key]}: {numbers.value(low.value, metric.unit)}, n = {numbers.count(low.n)}."
    if why := why_not_compared(report, version):
        return why
    worse = [c for c in inner if c.verdict == "worse"]
    if not worse:
        return say("heat_none")
    sign = 1 if metric.higher_is_better else -1
    worst = min(worse, key=lambda c: (sign * (c.delta or 0.0), c.key))
    margins = {(c.row, c.column): c for c in grid.cells if (c.row is None) != (c.column is None)}
    alone = [margins.get((worst.row, None)), margins.get((None, worst.column))]
    size = numbers.difference(worst.delta, metric.unit, worst.decimals)
    if metric.unit == "rate":
        size = say("size_points", size=size)
    hidden = all(cell is not None and cell.verdict != "worse" for cell in alone)
    return say("heat_hidden" if hidden else "heat_worst", name=names[worst.key], size=size)
