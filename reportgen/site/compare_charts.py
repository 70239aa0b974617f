"""The charts of the Compare page: change per class, change in confusions, and for a regression the change by target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, EffectRow
from reportgen.report import Report
from reportgen.site.charts import (
    Chart,
    ClassRow,
    ConfusionCell,
    ConfusionGrid,
    DivergingSet,
    classes,
    confusion,
    diverging,
)
from reportgen.site.charts.confusion import View
from reportgen.site.pair_words import say
from reportgen.site.slice_rows import Figures, changes_of

MOST_CLASSES = 25
BUDGET = 6_000
"""Cells of confusion matrices that the page carries in all; the built pair's come first."""

PANELS = ("recall", "precision")


def cell_key(target: str, prediction: str) -> str:
    """What the address knows a cell by."""
    return f"{quote(target, safe='')}>{quote(prediction, safe='')}"


def plan_classes(report: Report) -> Chart | None:
    """Each class's change of recall and precision, worst first; none for a binary task, whose class has metrics."""
    built = _class_rows(report, report.candidate)
    if len(built) < 2:
        return None
    shown = _most_changed(built)
    names = {row.name for row in shown}
    others = {
        str(position): [row for row in _class_rows(report, v.name) if row.name in names]
        for position, v in enumerate(report.versions)
        if v.name not in {report.baseline, report.candidate}
    }
    if others:
        others[str(_position(report, report.candidate))] = list(shown)
    return classes(
        "compare-classes",
        class_sentence(report, report.candidate),
        shown,
        alternatives=others or None,
        live=True,
        level=report.limits.level,
    )


def class_sentence(report: Report, version: str) -> str:
    """Which classes are found less often, and which more."""
    rows = [row for row in _class_rows(report, version) if row.changes[0] is not None]
    recalls = [(row, row.changes[0]) for row in rows if row.changes[0] is not None]
    worse = [(row, c) for row, c in recalls if c.verdict == "worse"]
    better = [(row, c) for row, c in reversed(recalls) if c.verdict == "better"]
    if not worse and not better:
        return say("classes_alike")
    if not worse:
        row, change = better[0]
        return say("classes_gain", name=row.name, gain=numbers.difference(change.value, "rate", change.decimals))
    return say(
        f"classes_{'many' if len(worse) > 1 else 'one'}{'_and' if better else ''}",
        n=numbers.count(len(worse)),
        names=_classes_text(worse),
        better=numbers.count(len(better)),
        gainers=_classes_text(better) if better else "",
    )


def _classes_text(rows: Sequence[tuple[ClassRow, EffectRow]]) -> str:
    one, *others = (
        say("class", name=row.name, change=numbers.difference(change.value, "rate", change.decimals))
        for row, change in rows[:2]
    )
    if not others:
        return one
    return say("two" if len(rows) == 2 else "more", one=one, other=others[0], n=str(len(rows) - 2))


def _position(report: Report, version: str) -> int:
    return report.outcomes.versions.index(version)


def _class_rows(report: Report, version: str) -> list[ClassRow]:
    """The classes by their change of recall, worst first."""
    frame = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & pl.col("metric").is_in(PANELS)
        & pl.col("class").is_not_null()
    )
    found: dict[str, dict[str, Figures]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["class"], {})[row["metric"]] = row
    rows = []
    for name in report.outcomes.classes:
        if name in found:
            changes = tuple(_effect(name, found[name].get(metric)) for metric in PANELS)
            rows.append(ClassRow(name, changes))
    return sorted(rows, key=lambda row: (0.0 if row.changes[0] is None else row.changes[0].value, row.name))


def _effect(name: str, found: Figures | None) -> EffectRow | None:
    if found is None or found["delta"] is None:
        return None
    decimals: Any = found["decimals"]
    return EffectRow.of(name, found, decimals)


def _most_changed(rows: Sequence[ClassRow]) -> list[ClassRow]:
    """The rows in their order, the 25 with most change where there are more."""
    if len(rows) <= MOST_CLASSES:
        return list(rows)

    def size(row: ClassRow) -> float:
        return max((abs(change.value) for change in row.changes if change is not None), default=0.0)

    kept = {row.name for row in sorted(rows, key=lambda row: (-size(row), row.name))[:MOST_CLASSES]}
    return [row for row in rows if row.name in kept]


def plan_confusion(report: Report, label: str) -> Chart | None:
    """The change of the confusion matrix; its keys are ``{view}-{count|share}-{version}``."""
    if not report.outcomes.classes:
        return None
    grids = dict(_within(_confusion_grids(report), BUDGET))
    if not grids:
        return None
    return confusion(
        "compare-confusion",
        label,
        next(iter(grids.values())),
        order_classes(report),
        noun=sentences.noun(report.outcomes),
        alternatives=grids if len(grids) > 1 else None,
        live=True,
        level=report.limits.level,
    )


def _confusion_grids(report: Report) -> Iterator[tuple[str, ConfusionGrid]]:
    built = report.candidate
    others = [name for _, name in report.pairs if name != built]
    cells = {name: _confusion_cells(report, name) for name in (built, *others)}
    wanted: list[tuple[View, bool, str]] = [
        (view, share, built) for share in (False, True) for view in ("change", "candidate", "baseline")
    ]
    wanted += [("change", False, name) for name in others]
    wanted += [(view, False, name) for view in ("candidate", "baseline") for name in others]
    for view, share, name in wanted:
        said = say(f"said_{view}", baseline=str(report.baseline), candidate=name)
        kind = "share" if share else "count"
        yield f"{view}-{kind}-{_position(report, name)}", ConfusionGrid(cells[name], view, share, said)


def _within(grids: Iterator[tuple[str, ConfusionGrid]], budget: int) -> Iterator[tuple[str, ConfusionGrid]]:
    used = 0
    for key, one in grids:
        # the drawn matrix has every cell, empty ones too
        drawn = min(len({c.target for c in one.cells} | {c.prediction for c in one.cells}), MOST_CLASSES) ** 2
        used += drawn
        if used > budget and used > drawn:
            return
        yield key, one


def _confusion_cells(report: Report, version: str) -> tuple[ConfusionCell, ...]:
    frame = report.confusion_changes.filter(
        (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & ((pl.col("n_baseline") > 0) | (pl.col("n_candidate") > 0))
    )
    return tuple(
        ConfusionCell(
            row["target"],
            row["prediction"],
            row["n_baseline"],
            row["n_candidate"],
            row["verdict"],
            row["low"],
            row["high"],
            cell_key(row["target"], row["prediction"]),
        )
        for row in frame.iter_rows(named=True)
    )


def order_classes(report: Report) -> tuple[str, ...]:
    """The classes so that those often confused stand together, the same for every version; numbers in their order.

    Average linkage of how often two classes are taken for each other, over all versions; ties by the classes' order.
    """
    names = report.outcomes.classes
    if len(names) < 4 or len(names) > 200 or all(_is_number(name) for name in names):
        return names
    at = {name: i for i, name in enumerate(names)}
    near = np.zeros((len(names), len(names)))
    for row in report.confusions.filter(pl.col("slice") == ALL).iter_rows(named=True):
        if row["target"] != row["prediction"] and row["target"] in at and row["prediction"] in at:
            near[at[row["target"]], at[row["prediction"]]] += row["n"]
            near[at[row["prediction"]], at[row["target"]]] += row["n"]
    clusters = [[i] for i in range(len(names))]
    while len(clusters) > 1:
        best = max(
            ((a, b) for a in range(len(clusters)) for b in range(a + 1, len(clusters))),
            key=lambda pair: (near[np.ix_(clusters[pair[0]], clusters[pair[1]])].mean(), -pair[0], -pair[1]),
        )
        clusters[best[0]] = _joined(clusters[best[0]], clusters.pop(best[1]), near)
    return tuple(names[i] for i in clusters[0])


def _joined(one: list[int], other: list[int], near: np.ndarray) -> list[int]:
    """Two clusters end to end, turned so that the ends that are confused most meet."""
    turned = [(one, other), (one, other[::-1]), (one[::-1], other), (one[::-1], other[::-1])]
    left, right = max(turned, key=lambda ends: near[ends[0][-1], ends[1][0]])
    return [*left, *right]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def plan_errors(report: Report, label: str) -> Chart | None:
    """For a regression, the change of the error by the target's bins, in their order."""
    if report.outcomes.classes:
        return None
    sets = {name: _target_set(report, name) for _, name in report.pairs}
    built = sets[report.candidate]
    if not built.rows:
        return None
    metric = report.primary
    others = {str(_position(report, name)): one for name, one in sets.items()} if len(sets) > 1 else {}
    return diverging(
        "compare-errors",
        label,
        built.rows,
        overall=built.overall,
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        candidate=report.candidate,
        measure="points" if metric.unit == "rate" else "change",
        alternatives=others or None,
        level=report.limits.level,
        versions=report.outcomes.versions,
    )


def error_sentence(report: Report, version: str) -> str:
    """In which bins of the target the error grew, and in which it shrank."""
    rows = _target_set(report, version).rows
    grown = [row.label for row in rows if row.verdict == "worse"]
    shrunk = [row.label for row in rows if row.verdict == "better"]
    if not grown and not shrunk:
        return say("errors_alike")
    parts = [say("errors_smaller", ranges=sentences.listed(shrunk))] if shrunk else []
    parts.append(say("errors_larger", ranges=sentences.listed(grown)) if grown else say("errors_none"))
    return say("errors", what=sentences.listed(parts))


def _target_set(report: Report, version: str) -> DivergingSet:
    targets = {a.name for a in report.attributes if a.kind == "target"}
    changes: Mapping[str, Figures] = changes_of(report, version)
    rows = []
    for slice_ in report.slices:
        change = changes.get(slice_.id)
        if slice_.level != 1 or slice_.terms[0].attribute not in targets:
            continue
        effect = _effect(slice_.name, change)
        if effect is not None:
            rows.append(effect)
    overall = changes.get(ALL)
    value = overall["delta"] if overall else None
    return DivergingSet(tuple(rows), float(value) if isinstance(value, int | float) else None, version)
