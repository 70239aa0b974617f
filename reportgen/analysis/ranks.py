"""AUROC and average precision of each class, over all samples and declared slices: levels and paired differences."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reportgen.analysis.measure import MAX_SLICED_CLASSES, SEED, Measure, classes_of
from reportgen.analysis.slices import Axis
from reportgen.model import ALL
from reportgen.stats import bootstrap, ranking
from reportgen.tasks.metric import Metric

DRAWS = 1000

ONE_CLASS = "not defined: one class alone"


@dataclass(frozen=True)
class RankFigure:
    """A level or a difference of a metric that needs the rows; NaN with a reason where it is not defined."""

    metric: Metric
    slice: str
    klass: int | None
    versions: tuple[int, ...]  # one: a level; two: the second less the first
    values: tuple[float, ...]
    delta: float
    low: float
    high: float
    p: float
    n: int
    units: int
    method: str
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Place:
    """A slice, and which samples are in it."""

    slice: str
    inside: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Task:
    """Samples that the same versions scored, the classes of one metric, and the figures to make of each."""

    metric: Metric
    place: Place
    klasses: tuple[int, ...]
    versions: tuple[int, ...]
    wants: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class _Found:
    """One class's figures: levels as (value, low, high) by position of the version, the difference where two."""

    levels: tuple[tuple[float, float, float], ...]
    delta: float
    low: float
    high: float
    p: float


def rank_all(
    measure: Measure, metrics: Sequence[Metric], baseline: int | None, declared: Sequence[Axis] = ()
) -> tuple[RankFigure, ...]:
    """Every level of every version, and every difference from the baseline, in a fixed order.

    Over all samples, and over each declared slice: the axes of ``declared`` hold one each, or are an attribute's.

    The draws of a bootstrap serve every class of a pair of versions, their levels and their difference at once, where
    both scored the same samples. Classes and blocks of draws run side by side: numpy frees the interpreter's lock.
    """
    tasks = [task for place in places_of(measure, declared) for task in _tasks(measure, metrics, baseline, place)]
    if not tasks:
        return ()
    keys = measure.draw_keys
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        return tuple(figure for task in tasks for figure in _figures(measure, task, keys, pool))


def places_of(measure: Measure, declared: Sequence[Axis]) -> list[Place]:
    """The whole and, unless there are many classes, the declared slices."""
    places = [Place(ALL, np.ones(len(measure.sides[0].scored), bool))]
    if len(measure.classes) <= MAX_SLICED_CLASSES:
        places += _declared(declared)
    return places


def _declared(axes: Sequence[Axis]) -> Iterator[Place]:
    for axis in axes:
        for key, one in enumerate(axis.slices):
            if one.origin == "declared":
                yield Place(one.id, axis.keys == key)


def _tasks(measure: Measure, metrics: Sequence[Metric], baseline: int | None, place: Place) -> Iterator[_Task]:
    for metric in metrics:
        if metric.kind not in {"auroc", "average_precision"}:
            continue
        able = [v for v, side in enumerate(measure.sides) if metric.available(side)]
        klasses = tuple(klass for klass in classes_of(metric, measure.sides[0]) if klass is not None)
        done: set[int] = set()
        for other in able:
            if baseline is None or other == baseline or baseline not in able:
                continue
            before, after = (measure.sides[v].scored & place.inside for v in (baseline, other))
            same = bool(np.array_equal(before, after))
            levels = [v for v in (baseline, other) if same and v not in done]
            done.update(levels)
            yield _Task(metric, place, klasses, (baseline, other), ((baseline, other), *((v,) for v in levels)))
        for version in able:
            if version not in done:
                yield _Task(metric, place, klasses, (version,), ((version,),))


@dataclass(frozen=True, eq=False)
class _Samples:
    """What the samples that every version of a task scored are ranked by; an entry a sample."""

    task: _Task
    measure: Measure
    rows: npt.NDArray[np.intp]
    group: npt.NDArray[Any] | None
    weight: npt.NDArray[Any] | None

    @classmethod
    def of(cls, task: _Task, measure: Measure) -> _Samples:
        scored = [measure.sides[v].scored for v in task.versions]
        rows = np.flatnonzero(np.logical_and.reduce([task.place.inside, *scored]))
        group, weight = (None if values is None else values[rows] for values in (measure.group, measure.weight))
        return cls(task, measure, rows, group, weight)

    def members(self, klass: int) -> npt.NDArray[np.bool_]:
        """Which of them are of the class."""
        return self.measure.sides[self.task.versions[0]].members(klass)[self.rows]

    def scores(self, klass: int) -> npt.NDArray[np.float64]:
        """One row a version."""
        return np.stack([_score(self.measure, v, klass)[self.rows] for v in self.task.versions])


def _figures(
    measure: Measure, task: _Task, keys: npt.NDArray[np.uint64], pool: ThreadPoolExecutor
) -> Iterator[RankFigure]:
    samples = _Samples.of(task, measure)
    n = len(samples.rows)
    units = n if samples.group is None else len(np.unique(samples.group))
    is_auroc = task.metric.kind == "auroc"
    method = ("DeLong" if samples.group is None else "Obuchowski") if is_auroc else "bootstrap"
    defined = [klass for klass in task.klasses if 0 < np.count_nonzero(samples.members(klass)) < n]
    by_class = (
        pool.map(lambda klass: _auroc(samples, klass), defined)
        if is_auroc
        else _average_precision(samples, defined, keys, pool)
    )
    found = dict(zip(defined, by_class, strict=True))
    for klass in task.klasses:
        one = found.get(klass)
        for want in task.wants:
            values: tuple[float, ...] = (np.nan,) * len(want)
            numbers = (np.nan,) * 4
            if one is not None and len(want) == 2:
                values = tuple(level[0] for level in one.levels)
                numbers = (one.delta, one.low, one.high, one.p)
            elif one is not None:
                value, low, high = one.levels[task.versions.index(want[0])]
                values, numbers = (value,), (np.nan, low, high, np.nan)
            paired = one is not None and len(want) == 2 and not is_auroc
            yield RankFigure(
                task.metric,
                task.place.slice,
                klass,
                want,
                values,
                *numbers,
                n,
                units,
                f"paired {method}" if paired else method,
                None if one is not None else ONE_CLASS,
            )


def _auroc(samples: _Samples, klass: int) -> _Found:
    y, scores = samples.members(klass), samples.scores(klass)
    group, weight, level = samples.group, samples.weight, samples.measure.limits.level
    levels = tuple(ranking.auroc_interval(y, score, group=group, weight=weight, level=level) for score in scores)
    if len(scores) == 1:
        return _Found(levels, *(np.nan,) * 4)
    d = ranking.auroc_difference(y, scores, group=group, weight=weight, level=level)
    return _Found(levels, d.delta, d.low, d.high, d.p)


def _average_precision(
    samples: _Samples, klasses: Sequence[int], keys: npt.NDArray[np.uint64], pool: ThreadPoolExecutor
) -> Iterator[_Found]:
    if not klasses:
        return
    drawn = bootstrap.average_precision_bootstrap(
        [samples.members(klass) for klass in klasses],
        [samples.scores(klass) for klass in klasses],
        keys[samples.rows],
        weight=samples.weight,
        n_draws=DRAWS,
        level=samples.measure.limits.level,
        seed=SEED,
        each=pool.map,
    )
    for d in drawn:
        levels = tuple((float(v), float(low), float(high)) for v, low, high in zip(d.value, d.low, d.high, strict=True))
        yield _Found(levels, d.delta, d.delta_low, d.delta_high, d.p)


def _score(measure: Measure, version: int, klass: int) -> npt.NDArray[np.float64]:
    score = measure.sides[version].class_score(klass)
    assert score is not None
    return score
