"""AUROC and average precision of each class, over all samples: levels and paired differences, found together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportgen import columns
from reportgen.analysis.measure import Measure, classes_of
from reportgen.stats import bootstrap, ranking
from reportgen.stats.hashing import hash_ids
from reportgen.tasks.metric import Metric

DRAWS = 1000
SEED = 20_261_122
"""The seed of every draw; draws are keyed by id or group, never by position."""

ONE_CLASS = "not defined: one class alone"


@dataclass(frozen=True)
class RankFigure:
    """A level or a difference of one metric and class; NaN with a reason where it is not defined."""

    metric: Metric
    klass: int
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


@dataclass(frozen=True)
class _Task:
    metric: Metric
    klass: int
    versions: tuple[int, ...]
    wants: tuple[tuple[int, ...], ...]  # the figures to make of it


def rank_all(measure: Measure, metrics: Sequence[Metric], baseline: int | None) -> tuple[RankFigure, ...]:
    """Every level of every version, and every difference from the baseline, in a fixed order.

    The draws of a bootstrap serve a pair's levels and its difference at once where both versions scored the same
    samples. The tasks are independent and numpy frees the interpreter's lock, so they run side by side.
    """
    tasks = list(_tasks(measure, metrics, baseline))
    if not tasks:
        return ()
    keys = _draw_keys(measure)
    with ThreadPoolExecutor(min(len(tasks), os.cpu_count() or 1, 4)) as pool:
        found = pool.map(lambda task: _figures(measure, task, keys), tasks)
        return tuple(figure for figures in found for figure in figures)


def _tasks(measure: Measure, metrics: Sequence[Metric], baseline: int | None) -> Iterator[_Task]:
    for metric in metrics:
        if metric.kind not in {"auroc", "average_precision"}:
            continue
        able = [v for v, side in enumerate(measure.sides) if metric.available(side)]
        for klass in classes_of(metric, measure.sides[0]):
            assert klass is not None
            done: set[int] = set()
            for other in able:
                if baseline is None or other == baseline or baseline not in able:
                    continue
                same = bool(np.array_equal(measure.sides[baseline].scored, measure.sides[other].scored))
                levels = [v for v in (baseline, other) if same and v not in done]
                done.update(levels)
                yield _Task(metric, klass, (baseline, other), ((baseline, other), *((v,) for v in levels)))
            for version in able:
                if version not in done:
                    yield _Task(metric, klass, (version,), ((version,),))


def _figures(measure: Measure, task: _Task, keys: npt.NDArray[np.uint64]) -> list[RankFigure]:
    scored = np.logical_and.reduce([measure.sides[v].scored for v in task.versions])
    rows = np.flatnonzero(scored)
    y = measure.sides[task.versions[0]].target[rows] == task.klass
    group = None if measure.group is None else measure.group[rows]
    weight = None if measure.weight is None else measure.weight[rows]
    units = len(rows) if group is None else len(np.unique(group))
    is_auroc = task.metric.kind == "auroc"
    method = ("DeLong" if group is None else "Obuchowski") if is_auroc else "bootstrap"
    if not 0 < y.sum() < len(y):
        return [
            RankFigure(
                task.metric,
                task.klass,
                want,
                (np.nan,) * len(want),
                np.nan,
                np.nan,
                np.nan,
                np.nan,
                len(rows),
                units,
                method,
                ONE_CLASS,
            )
            for want in task.wants
        ]
    scores = np.stack([_score(measure, v, task.klass)[rows] for v in task.versions])
    level = measure.limits.level
    drawn = None
    if not is_auroc:
        drawn = bootstrap.average_precision_bootstrap(
            y, scores, keys[rows], weight=weight, n_draws=DRAWS, level=level, seed=SEED
        )
    figures = []
    for want in task.wants:
        if len(want) == 2:
            if drawn is not None:
                values, numbers = tuple(drawn.value), (drawn.delta, drawn.delta_low, drawn.delta_high, drawn.p)
            else:
                d = ranking.auroc_difference(y, scores, group=group, weight=weight, level=level)
                values, numbers = (d.value_baseline, d.value_candidate), (d.delta, d.low, d.high, d.p)
        else:
            at = task.versions.index(want[0])
            if drawn is not None:
                values, numbers = (drawn.value[at],), (np.nan, drawn.low[at], drawn.high[at], np.nan)
            else:
                value, low, high = ranking.auroc_interval(y, scores[at], group=group, weight=weight, level=level)
                values, numbers = (value,), (np.nan, low, high, np.nan)
        figures.append(
            RankFigure(
                task.metric,
                task.klass,
                want,
                tuple(map(float, values)),
                *numbers,
                len(rows),
                units,
                f"paired {method}" if len(want) == 2 and not is_auroc else method,
            )
        )
    return figures


def _score(measure: Measure, version: int, klass: int) -> npt.NDArray[np.float64]:
    score = measure.sides[version].class_score(klass)
    assert score is not None
    return score


def _draw_keys(measure: Measure) -> npt.NDArray[np.uint64]:
    """What draws are keyed by: a hash of the id, or of the group's name where there are groups."""
    outcomes = measure.outcomes
    if measure.group is None:
        return hash_ids(outcomes.frame[columns.ID].to_list(), SEED)
    return hash_ids(list(outcomes.group_names), SEED)[measure.group]
