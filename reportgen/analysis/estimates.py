"""Levels: each version's metrics on each slice, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.slices import Axes, Axis
from reportgen.model import Limits, Outcomes
from reportgen.stats import bootstrap, influence, intervals, ranking, statistic
from reportgen.stats.hashing import hash_ids
from reportgen.stats.support import support
from reportgen.tasks.metric import Floats, Metric, Side, side_of

Ints = npt.NDArray[np.int64]
Group = npt.NDArray[np.int32] | None

BOOTSTRAP_DRAWS = 1000
SEED = 20_261_122
"""The seed of every draw; draws are keyed by id or group, never by position."""

MAX_SLICED_CLASSES = 25
"""Classes up to which per-class metrics are computed on every one-attribute slice; overall they always are."""


@dataclass(frozen=True, eq=False)
class Measure:
    """What estimating needs: the arrays of every version, the groups, the weights, the limits."""

    outcomes: Outcomes
    sides: tuple[Side, ...]
    group: Group
    weight: Floats | None
    limits: Limits

    @property
    def plain(self) -> bool:
        """Neither groups nor weights: every sample counts as one."""
        return self.group is None and self.weight is None


def measure(outcomes: Outcomes, limits: Limits) -> Measure:
    """The outcome frame as arrays, once."""
    frame = outcomes.frame
    return Measure(
        outcomes,
        tuple(side_of(outcomes, v) for v in range(len(outcomes.versions))),
        frame[columns.GROUP].to_numpy() if columns.GROUP in frame.columns else None,
        frame[columns.WEIGHT].to_numpy() if columns.WEIGHT in frame.columns else None,
        limits,
    )


def estimate_all(measure: Measure, axes: Axes, metrics: Sequence[Metric], primary: Metric) -> pl.DataFrame:
    """Every estimate (``columns.ESTIMATES``): all metrics overall and on attributes' slices, the primary on pairs."""
    parts = []
    for version, side in enumerate(measure.sides):
        usable = [metric for metric in metrics if metric.available(side)]
        for metric in usable:
            for klass in classes_of(metric, side):
                for axis in _axes_for(metric, axes, primary, side):
                    parts.append(_estimate(measure, metric, klass, version, axis))
        if axes.predicted:
            parts.append(_estimate(measure, primary, None, version, axes.predicted[version]))
    return pl.concat(parts)


def classes_of(metric: Metric, side: Side) -> Iterator[int | None]:
    """The classes a metric is computed for: none, all, or the positive one of a binary task."""
    if not metric.info.per_class:
        yield None
    elif side.positive is not None:
        yield side.positive
    else:
        yield from range(len(side.classes))


def _axes_for(metric: Metric, axes: Axes, primary: Metric, side: Side) -> Sequence[Axis]:
    if metric.name == primary.name:
        return axes.shared
    if metric.kind in {"auroc", "average_precision"}:
        return (axes.whole,)
    if metric.info.per_class and len(side.classes) > MAX_SLICED_CLASSES:
        return (axes.whole,)
    return (axes.whole, *axes.attributes)


def _estimate(measure: Measure, metric: Metric, klass: int | None, version: int, axis: Axis) -> pl.DataFrame:
    side = measure.sides[version]
    name = None if klass is None else side.classes[klass]
    if metric.kind == "influence":
        return _influence_estimates(measure, metric, version, axis)
    if metric.kind in {"auroc", "average_precision"}:
        return _rank_estimate(measure, metric, klass, version, axis)
    assert metric.terms is not None
    x, w = metric.terms(side, -1 if klass is None else klass)
    sums = statistic.sum_ratio(axis.keys, x, w, len(axis.slices), group=measure.group, weight=measure.weight)
    found = intervals.ratio_intervals(
        sums, binary=metric.kind == "binary", level=measure.limits.level, bounds=metric.bounds
    )
    return _frame(
        measure, axis.ids, version, metric.name, name, found.value, found.low, found.high, sums.n,
        sums.units if measure.group is not None else None, found.method, sum_x=sums.x, sum_w=sums.w,
    )


def _frame(
    measure: Measure,
    ids: Sequence[str],
    version: int,
    metric: str,
    klass: str | None,
    value: Floats,
    low: Floats,
    high: Floats,
    n: Ints,
    n_groups: Ints | None,
    method: str | Sequence[str],
    *,
    sum_x: Floats | None = None,
    sum_w: Floats | None = None,
    reason: Sequence[str | None] | None = None,
) -> pl.DataFrame:
    k = len(ids)
    states = [
        support(int(n[i]), None if n_groups is None else int(n_groups[i]), measure.limits) for i in range(k)
    ]
    reasons = reason or [
        None if np.isfinite(value[i]) else ("no samples" if n[i] == 0 else "not defined here") for i in range(k)
    ]
    return pl.DataFrame(
        {
            "slice": list(ids),
            "version": [measure.outcomes.versions[version]] * k,
            "metric": [metric] * k,
            "class": pl.Series([klass] * k, dtype=pl.String),
            "value": value,
            "low": low,
            "high": high,
            "n": n,
            "n_groups": pl.Series([None] * k if n_groups is None else n_groups.tolist(), dtype=pl.Int64),
            "sum_x": pl.Series([None] * k if sum_x is None else sum_x, dtype=pl.Float64),
            "sum_w": pl.Series([None] * k if sum_w is None else sum_w, dtype=pl.Float64),
            "method": [method] * k if isinstance(method, str) else list(method),
            "reason": pl.Series(list(reasons), dtype=pl.String),
            "support": states,
        },
        schema=columns.ESTIMATES,
    ).with_columns(pl.col("value", "low", "high").fill_nan(None))


@dataclass(frozen=True, eq=False)
class Influences:
    """A smooth metric by slice (NaN and a reason where not defined), and each sample's influence on its own slice."""

    value: Floats
    influence: Floats
    reasons: list[str | None]


def _influence(measure: Measure, metric: Metric, version: int, rows: npt.NDArray[np.intp]) -> influence.Influence:
    """The value and influence values of a smooth metric over some rows."""
    side = measure.sides[version]
    weight = None if measure.weight is None else measure.weight[rows]
    if side.classes:
        return influence.influence(
            metric.name, side.target[rows], side.prediction[rows], n_classes=len(side.classes), weight=weight
        )
    return influence.influence(metric.name, side.target[rows], side.prediction[rows], weight=weight)


def _rows_by_slice(axis: Axis, keep: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.intp]]:
    """The kept rows of each slice, in ascending order."""
    rows = np.flatnonzero(keep & (axis.keys >= 0))
    keys = axis.keys[rows]
    order = np.argsort(keys, kind="stable")
    bounds = np.searchsorted(keys[order], np.arange(len(axis.slices) + 1))
    return [rows[order[a:b]] for a, b in zip(bounds[:-1], bounds[1:], strict=True)]


def influence_values(
    measure: Measure, metric: Metric, version: int, axis: Axis, keep: npt.NDArray[np.bool_]
) -> Influences:
    """A smooth metric on every slice of an axis, with the influence of each kept sample on its slice's value."""
    k = len(axis.slices)
    value = np.full(k, np.nan)
    reasons: list[str | None] = [None] * k
    influences = np.zeros(len(keep))
    for i, rows in enumerate(_rows_by_slice(axis, keep)):
        found = _influence(measure, metric, version, rows)
        value[i], reasons[i] = found.value, found.reason
        if found.reason is None:
            influences[rows] = found.influence
    return Influences(value, influences, reasons)


def _influence_estimates(measure: Measure, metric: Metric, version: int, axis: Axis) -> pl.DataFrame:
    scored = measure.sides[version].scored
    found = influence_values(measure, metric, version, axis, scored)
    sums = statistic.sum_ratio(axis.keys, found.influence, scored.astype(float), len(axis.slices), group=measure.group)
    limits = intervals.mean_intervals(
        found.value, sums, level=measure.limits.level, bounds=influence.BOUNDS[metric.name]
    )
    return _frame(
        measure, axis.ids, version, metric.name, None, found.value, limits.low, limits.high, sums.n,
        sums.units if measure.group is not None else None, "influence values", reason=found.reasons,
    )


def _rank_estimate(measure: Measure, metric: Metric, klass: int | None, version: int, axis: Axis) -> pl.DataFrame:
    assert klass is not None
    side = measure.sides[version]
    score = side.class_score(klass)
    assert score is not None
    rows = np.flatnonzero(side.scored)
    y = side.target[rows] == klass
    value = low = high = np.nan
    reason = None if 0 < y.sum() < len(y) else "not defined: one class alone"
    group = None if measure.group is None else measure.group[rows]
    weight = None if measure.weight is None else measure.weight[rows]
    if reason is None and metric.kind == "auroc":
        value, low, high = ranking.auroc_interval(
            y, score[rows], group=group, weight=weight, level=measure.limits.level
        )
        method = "DeLong" if group is None else "Obuchowski"
    elif reason is None:
        found = bootstrap.average_precision_bootstrap(
            y, score[rows][None, :], draw_keys(measure)[rows], weight=weight, n_draws=BOOTSTRAP_DRAWS,
            level=measure.limits.level,
        )
        value, low, high = found.value[0], found.low[0], found.high[0]
    method = ("DeLong" if group is None else "Obuchowski") if metric.kind == "auroc" else "bootstrap"
    return _frame(
        measure, axis.ids, version, metric.name, side.classes[klass], np.array([value]), np.array([low]),
        np.array([high]), np.array([len(rows)]),
        None if group is None else np.array([len(np.unique(group))]), method, reason=[reason],
    )


def draw_keys(measure: Measure) -> npt.NDArray[np.uint64]:
    """What draws are keyed by: a hash of the id, or of the group's name where there are groups."""
    outcomes = measure.outcomes
    if measure.group is None:
        return hash_ids(outcomes.frame[columns.ID].to_list(), SEED)
    return hash_ids(list(outcomes.group_names), SEED)[measure.group]
