"""Where should the cut-off be? What each class's cut-offs find and cost, and which of two versions' match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.confidence import Place
from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import Axes
from reportgen.model import ALL
from reportgen.stats import cutoffs
from reportgen.stats.cutoffs import GRID, N_CUTOFFS, NEVER, Changes
from reportgen.stats.intervals import Differences, Intervals, difference_intervals, ratio_intervals
from reportgen.stats.statistic import Floats, PairSums, Sums, sum_pair
from reportgen.stats.stepping import Stepped, step_pair_sums
from reportgen.tasks.metric import Side

MAX_CLASSES = 10
"""Of more classes, those with the most misses and false alarms of the candidate have cut-offs."""
MAX_SLICE_CLASSES = 3
"""As ``MAX_CLASSES``, on slices."""
MAX_COST_CLASSES = 3
"""As ``MAX_CLASSES``, for matches in cost."""
MAX_DECLARED = 5
"""So many declared slices have cut-offs, the first ones of the manifest."""
COST_STEP = 5
"""A match in cost is looked for at every fifth cut-off: costs go up and down, so each is a search of its own."""

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Cutoffs:
    """``columns.CUTOFFS`` and ``columns.MATCHES``."""

    table: pl.DataFrame
    matches: pl.DataFrame


def walk_cutoffs(
    measure: Measure, axes: Axes, places: Sequence[Place], baseline: int | None, candidate: int
) -> Cutoffs:
    """The cut-offs of every class that has a score, one against the rest; of a binary task, of the positive one.

    Over all samples of every version; the candidate's and the baseline's on the slice where the candidate is the most
    too sure and on declared ones. Below the cut-off a version says the likeliest other class, which is what costs go
    by. The candidate's cut-offs are held against the baseline's, the same ones and those that match in a goal, on
    the samples that both have a score for.
    """
    if not measure.outcomes.classes:
        return Cutoffs(columns.CUTOFFS.to_frame(), columns.MATCHES.to_frame())
    main = sorted({candidate, *([] if baseline is None else [baseline])})
    tables: list[pl.DataFrame] = []
    matches: list[pl.DataFrame] = []
    for place in _places(axes, places):
        whole = place.slice.id == ALL
        for klass in _classes(measure, candidate, MAX_CLASSES if whole else MAX_SLICE_CLASSES):
            for version in range(len(measure.sides)) if whole else main:
                rows = _scored(measure, (version,), klass, place)
                if len(rows):
                    tables.append(_walk(measure, version, klass, place, rows))
            if baseline is not None:
                rows = _scored(measure, (baseline, candidate), klass, place)
                if len(rows):
                    costly = klass in _classes(measure, candidate, MAX_COST_CLASSES)
                    matches += _match(measure, (baseline, candidate), klass, place, rows, by_cost=costly)
    return Cutoffs(
        pl.concat(tables) if tables else columns.CUTOFFS.to_frame(),
        pl.concat(matches) if matches else columns.MATCHES.to_frame(),
    )


def _places(axes: Axes, places: Sequence[Place]) -> Iterator[Place]:
    """The whole, the leading slice where there is one, and the first declared ones that are no pinned sets."""
    whole = axes.whole.slices[0]
    yield Place(whole, axes.whole.keys == 0)
    yield from [one for one in places[1:2] if one.slice.origin not in {"declared", "found"}]
    declared = [
        Place(one, axis.keys == key)
        for axis in axes.shared
        for key, one in enumerate(axis.slices)
        if one.origin == "declared" and one.id not in axes.pinned
    ]
    yield from declared[:MAX_DECLARED]


def _classes(measure: Measure, candidate: int, most: int) -> list[int]:
    """The positive class; else those with the most misses and false alarms of the candidate, in their order."""
    side = measure.sides[candidate]
    if side.positive is not None:
        return [side.positive]
    wrong = side.scored & (side.correct == 0)
    k = len(side.classes)
    errors = sum(np.bincount(np.maximum(one[wrong], 0), minlength=k) for one in (side.target, side.prediction))
    return sorted(np.argsort(-np.asarray(errors), kind="stable")[:most].tolist())


def _scored(measure: Measure, versions: tuple[int, ...], klass: int, place: Place) -> Rows:
    """The samples of a slice for which every one of the versions has a score of the class."""
    inside = place.inside.copy()
    for version in versions:
        side = measure.sides[version]
        if side.class_score(klass) is None:
            return np.zeros(0, np.intp)
        inside &= side.scored
    return np.flatnonzero(inside)


@dataclass(frozen=True, eq=False)
class _Scores:
    """One version's scores of a class, of some samples; costs where the class is not said, and where it is."""

    score: Floats
    is_class: npt.NDArray[np.bool_]
    costs: tuple[Floats, Floats] | None

    @classmethod
    def of(cls, side: Side, klass: int, rows: Rows) -> _Scores:
        score = side.class_score(klass)
        assert score is not None
        target = side.target[rows]
        costs = None
        if side.costs is not None:
            costs = side.costs[target, _likeliest_other(side, klass, rows)], side.costs[target, klass]
        return cls(score[rows], target == klass, costs)


def _likeliest_other(side: Side, klass: int, rows: Rows) -> npt.NDArray[Any]:
    if not side.probabilities:
        return np.full(len(rows), 1 - klass)
    table = np.stack([p[rows] for p in side.probabilities])
    table[klass] = -1
    return np.asarray(table.argmax(axis=0))


def _taken(measure: Measure, rows: Rows) -> dict[str, Any]:
    return {
        "group": None if measure.group is None else measure.group[rows],
        "weight": None if measure.weight is None else measure.weight[rows],
    }


def _walk(measure: Measure, version: int, klass: int, place: Place, rows: Rows) -> pl.DataFrame:
    scores = _Scores.of(measure.sides[version], klass, rows)
    walk = cutoffs.walk(scores.score, scores.is_class, costs=scores.costs, **_taken(measure, rows))

    def limits(sums: Sums, *, binary: bool = True) -> Intervals:
        return ratio_intervals(sums, binary=binary, level=measure.limits.level, bounds=(0.0, np.inf))

    recall, precision = limits(walk.recall), limits(walk.precision)
    cost = None if walk.cost is None else limits(walk.cost, binary=False)
    nothing = pl.Series([None] * N_CUTOFFS, dtype=pl.Float64)
    return pl.DataFrame(
        {
            "slice": [place.slice.id] * N_CUTOFFS,
            "version": [measure.outcomes.versions[version]] * N_CUTOFFS,
            "class": [measure.outcomes.classes[klass]] * N_CUTOFFS,
            "cutoff": GRID,
            "n_found": walk.n_found,
            "n_missed": walk.n_missed,
            "n_false_alarm": walk.n_false_alarm,
            "n_rest": walk.n_rest,
            "recall": recall.value,
            "recall_low": recall.low,
            "recall_high": recall.high,
            "precision": precision.value,
            "precision_low": precision.low,
            "precision_high": precision.high,
            "cost": nothing if cost is None else cost.value,
            "cost_low": nothing if cost is None else cost.low,
            "cost_high": nothing if cost is None else cost.high,
        },
        schema=columns.CUTOFFS,
    ).with_columns(pl.col(pl.Float64).fill_nan(None))


@dataclass(frozen=True, eq=False)
class _Pair:
    """Two versions' scores of one class over the same samples."""

    before: _Scores
    after: _Scores
    taken: dict[str, Any]
    level: float

    def along(self, cutoff: Floats) -> Changes:
        """Recall, false alarm rate and cost, the candidate at ``cutoff`` less the baseline on the grid.

        The cut-offs must not fall as the grid rises.
        """
        top = N_CUTOFFS - 1
        falling = -cutoffs.as_float32(cutoff[::-1])  # by step: from the highest cut-off down
        steps = (
            top - cutoffs.grid_places(self.before.score),
            np.searchsorted(falling, -cutoffs.as_float32(self.after.score), side="left").astype(np.int64),
        )

        def rate(rows: Rows) -> Differences:
            ones = np.ones(len(rows))
            said = Stepped.entering(ones)
            return self._differences(steps, (said, said), ones, rows, binary=True)

        own = self.before.is_class
        cost = None
        if self.before.costs is not None and self.after.costs is not None:
            every = np.arange(len(own))
            moving = (Stepped(*self.before.costs), Stepped(*self.after.costs))
            cost = self._differences(steps, moving, np.ones(len(own)), every, binary=False)
        return rate(np.flatnonzero(own)), rate(np.flatnonzero(~own)), cost

    def _differences(
        self,
        steps: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
        x: tuple[Stepped, Stepped],
        w: Floats,
        rows: Rows,
        *,
        binary: bool,
    ) -> Differences:
        within = {name: None if one is None else one[rows] for name, one in self.taken.items()}
        sums = step_pair_sums((steps[0][rows], steps[1][rows]), x, w, N_CUTOFFS, **within)
        found = difference_intervals(sums, binary=binary, level=self.level, bounds=(0.0, np.inf))
        return _turned(found)

    def at(self, grid: Floats, cutoff: Floats) -> tuple[Differences, Differences, Differences]:
        """Recall, false alarm rate and cost, the candidate at each cut-off less the baseline at its own."""
        assert self.before.costs is not None
        assert self.after.costs is not None
        own = self.before.is_class
        keys, ones = np.zeros(len(own), np.int64), np.ones(len(own))
        parts: tuple[list[PairSums], ...] = ([], [], [])
        for at in zip(grid.tolist(), cutoff.tolist(), strict=True):
            said = [cutoffs.says(one.score, c) for one, c in zip((self.before, self.after), at, strict=True)]
            spent = [np.where(s, c[1], c[0]) for s, c in zip(said, (self.before.costs, self.after.costs), strict=True)]
            for sums, x, w in zip(parts, (said, said, spent), (own * ones, ~own * ones, ones), strict=True):
                sums.append(sum_pair(keys, x[0] * w, w, x[1] * w, w, 1, **self.taken))
        recall, alarms, cost = (
            difference_intervals(PairSums.concatenate(sums), binary=binary, level=self.level, bounds=(0.0, np.inf))
            for sums, binary in zip(parts, (True, True, False), strict=True)
        )
        return recall, alarms, cost


def _turned(found: Differences) -> Differences:
    """The same from cut-off 0 up."""
    return Differences(**{one.name: getattr(found, one.name)[::-1] for one in fields(found)})


def _match(
    measure: Measure, pair: tuple[int, int], klass: int, place: Place, rows: Rows, *, by_cost: bool
) -> Iterator[pl.DataFrame]:
    before, after = (_Scores.of(measure.sides[v], klass, rows) for v in pair)
    taken = _taken(measure, rows)
    both = _Pair(before, after, taken, measure.limits.level)
    exact = cutoffs.Exact.of(after.score, after.is_class, costs=after.costs, weight=taken["weight"])
    walk = cutoffs.walk(before.score, before.is_class, costs=before.costs, **taken)
    found, alarms = walk.recall.x, walk.precision.w - walk.precision.x
    names = [measure.outcomes.versions[v] for v in pair]
    yield _table(measure, names, klass, place, "cutoff", GRID, GRID, before, after, both.along(GRID))
    goals: tuple[tuple[cutoffs.Goal, Floats], ...] = (
        ("recall", exact.with_recall(found)),
        ("false_alarms", exact.with_false_alarms(alarms)),
    )
    for goal, cutoff in goals:
        changes = exact.widened(goal, cutoff, both.along(cutoff))
        yield _table(measure, names, klass, place, goal, GRID, cutoff, before, after, changes)
    if by_cost and walk.cost is not None and exact.cost is not None:
        grid = np.arange(0, N_CUTOFFS, COST_STEP)
        cutoff = exact.with_cost(walk.cost.x[grid])
        found_at = exact.widened("cost", cutoff, both.at(GRID[grid], cutoff))
        yield _table(measure, names, klass, place, "cost", GRID[grid], cutoff, before, after, found_at)


def _table(
    measure: Measure,
    names: Sequence[str],
    klass: int,
    place: Place,
    goal: str,
    grid: Floats,
    cutoff: Floats,
    before: _Scores,
    after: _Scores,
    found: Changes,
) -> pl.DataFrame:
    k = len(grid)
    matched = cutoff < NEVER
    counts: dict[str, list[int | None]] = {}
    for end, one, at in (("baseline", before, grid), ("candidate", after, cutoff)):
        ordered = [np.sort(cutoffs.as_float32(one.score[mark])) for mark in (one.is_class, ~one.is_class)]
        for name, scores in zip(("n_found", "n_false_alarm"), ordered, strict=True):
            said = len(scores) - np.searchsorted(scores, cutoffs.as_float32(np.asarray(at)), side="left")
            known = (
                said.tolist() if end == "baseline" else [n if m else None for n, m in zip(said, matched, strict=True)]
            )
            counts[f"{name}_{end}"] = known
    table: dict[str, Any] = {
        "slice": [place.slice.id] * k,
        "class": [measure.outcomes.classes[klass]] * k,
        "baseline": [names[0]] * k,
        "candidate": [names[1]] * k,
        "goal": [goal] * k,
        "cutoff_baseline": grid,
        "cutoff_candidate": np.where(matched, cutoff, np.nan),
        "n_found_baseline": counts["n_found_baseline"],
        "n_found_candidate": counts["n_found_candidate"],
        "n_false_alarm_baseline": counts["n_false_alarm_baseline"],
        "n_false_alarm_candidate": counts["n_false_alarm_candidate"],
        "n_class": [int(before.is_class.sum())] * k,
        "n_other": [int((~before.is_class).sum())] * k,
    }
    for name, change in zip(("recall", "false_alarm_rate", "cost"), found, strict=True):
        for column, values in (
            (f"delta_{name}", None if change is None else change.delta),
            (f"{name}_low", None if change is None else change.low),
            (f"{name}_high", None if change is None else change.high),
        ):
            table[column] = (
                pl.Series([None] * k, dtype=pl.Float64) if values is None else np.where(matched, values, np.nan)
            )
    return pl.DataFrame(table, schema=columns.MATCHES).with_columns(pl.col(pl.Float64).fill_nan(None))
