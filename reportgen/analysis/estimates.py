"""Levels: each version's metrics on each slice, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Ints, Measure, axes_for, classes_of, influence_values, sum_axes
from reportgen.analysis.ranks import RankFigure
from reportgen.analysis.slices import Axes, Axis
from reportgen.analysis.trainings import Means, mean_influences, sum_influences
from reportgen.model import ALL
from reportgen.stats import influence, intervals, trainings
from reportgen.stats.statistic import Sums, sum_ratio
from reportgen.tasks.metric import Floats, Metric, with_classes

ERRORS = (0.0, math.inf)
"""The bounds of a mean of errors, of which a few may make all of it."""


def estimate_all(
    measure: Measure, axes: Axes, metrics: Sequence[Metric], primary: Metric, ranks: Sequence[RankFigure]
) -> pl.DataFrame:
    """Every estimate (``columns.ESTIMATES``): all metrics overall and on attributes' slices, some on pairs."""
    parts = []
    for version in range(len(measure.sides)):
        for metric in with_classes(metrics, len(measure.classes)):
            if not measure.has(metric, version) or metric.needs_rows:
                continue
            chosen = axes_for(measure, metric, axes)
            if measure.has_runs(version):
                parts.append(_mean_estimates(measure, metric, version, chosen))
            elif metric.kind == "influence":
                parts.append(_influence_estimates(measure, metric, version, chosen))
            else:
                parts.append(_ratio_estimates(measure, metric, version, chosen))
        if axes.predicted:
            parts.append(_ratio_estimates(measure, primary, version, (axes.predicted[version],)))
    parts.append(_rank_estimates(measure, ranks))
    return pl.concat(parts)


def _ratio_estimates(measure: Measure, metric: Metric, version: int, chosen: Sequence[Axis]) -> pl.DataFrame:
    """One metric of one version on many slices: all the sums first, then all their intervals at once."""
    assert metric.terms is not None
    side = measure.sides[version]
    ids: list[str] = []
    classes: list[str | None] = []
    parts: list[Sums] = []
    for klass in classes_of(metric, side):
        x, w = metric.terms(side, -1 if klass is None else klass)
        parts.append(sum_axes(measure, x, w, chosen))
        own = [slice_id for axis in chosen for slice_id in axis.ids]
        ids += own
        classes += [None if klass is None else side.classes[klass]] * len(own)
    sums = Sums.concatenate(parts)
    found = intervals.ratio_intervals(
        sums, binary=metric.kind == "binary", level=measure.limits.level, bounds=metric.reach
    )
    return estimate_frame(
        measure,
        ids,
        version,
        metric.name,
        classes,
        found.value,
        found.low,
        found.high,
        sums.n,
        sums.units,
        found.method,
        sum_x=sums.x,
        sum_w=sums.w,
        rest=intervals.rests_on(sums) if metric.kind == "ratio" and metric.bounds == ERRORS else None,
    )


def _influence_estimates(measure: Measure, metric: Metric, version: int, chosen: Sequence[Axis]) -> pl.DataFrame:
    scored = measure.sides[version].scored
    side = measure.sides[version]
    found = [influence_values(measure, metric, side, axis, scored) for axis in chosen]
    sums = Sums.concatenate(
        [
            sum_ratio(axis.keys, one.influence, scored.astype(float), len(axis.slices), group=measure.group)
            for axis, one in zip(chosen, found, strict=True)
        ]
    )
    value = np.concatenate([one.value for one in found])
    trials = np.concatenate([one.trials for one in found])
    limits = intervals.mean_intervals(
        value,
        sums,
        level=measure.limits.level,
        bounds=metric.reach,
        trials=trials,
        capped=metric.name in influence.AVERAGES,
    )
    ids = [slice_id for axis in chosen for slice_id in axis.ids]
    return estimate_frame(
        measure,
        ids,
        version,
        metric.name,
        [None] * len(ids),
        value,
        limits.low,
        limits.high,
        sums.n,
        sums.units,
        "influence values",
        reasons=[reason for one in found for reason in one.reasons],
        trials=trials if metric.name in influence.FEW_DECIDE else None,
    )


def _mean_estimates(measure: Measure, metric: Metric, version: int, chosen: Sequence[Axis]) -> pl.DataFrame:
    """The means over a version's trainings, over the samples that all of them scored."""
    keep = measure.kept(metric, version)
    ids: list[str] = []
    classes: list[str | None] = []
    parts: list[Sums] = []
    means: list[Means] = []
    side = measure.sides[version]
    for klass in classes_of(metric, side):
        for axis in chosen:
            found = mean_influences(measure, metric, version, -1 if klass is None else klass, axis, keep)
            means.append(found)
            parts.append(sum_influences(measure, axis, found.influence, found.used))
            ids += axis.ids
            classes += [None if klass is None else side.classes[klass]] * len(axis.ids)
    sums = Sums.concatenate(parts)
    limits = trainings.training_intervals(
        np.concatenate([one.runs for one in means], axis=1),
        sums,
        level=measure.limits.level,
        bounds=metric.reach,
        trials=np.concatenate([one.trials for one in means]) if metric.kind == "influence" else None,
    )
    return estimate_frame(
        measure,
        ids,
        version,
        metric.name,
        classes,
        limits.value,
        limits.low,
        limits.high,
        sums.n,
        sums.units,
        limits.method,
        sum_x=np.concatenate([one.x for one in means]),
        sum_w=np.concatenate([one.w for one in means]),
        reasons=[
            None if np.isfinite(value) else "no samples" if n == 0 else "not defined here, in one training or more"
            for value, n in zip(limits.value, sums.n, strict=True)
        ],
    )


def _rank_estimates(measure: Measure, ranks: Sequence[RankFigure]) -> pl.DataFrame:
    levels = sorted(
        (r for r in ranks if len(r.versions) == 1),
        key=lambda r: (r.versions, r.metric.name, r.slice != ALL, r.slice, r.klass or 0),
    )
    parts = [
        estimate_frame(
            measure,
            [r.slice],
            r.versions[0],
            r.metric.name,
            [None if r.klass is None else measure.classes[r.klass]],
            np.array(r.values),
            np.array([r.low]),
            np.array([r.high]),
            np.array([r.n]),
            np.array([r.units]),
            r.method,
            reasons=[r.reason],
        )
        for r in levels
    ]
    return pl.concat(parts) if parts else columns.ESTIMATES.to_frame()


def estimate_frame(
    measure: Measure,
    ids: Sequence[str],
    version: int,
    metric: str,
    classes: Sequence[str | None],
    value: Floats,
    low: Floats,
    high: Floats,
    n: Ints,
    units: Ints,
    method: str | Sequence[str],
    *,
    sum_x: Floats | None = None,
    sum_w: Floats | None = None,
    reasons: Sequence[str | None] | None = None,
    trials: Floats | None = None,
    rest: Floats | None = None,
) -> pl.DataFrame:
    """One version's estimates of one metric, an entry a slice and class, as ``columns.ESTIMATES``.

    ``trials`` and ``rest`` are those of ``Measure.supports``.
    """
    k = len(ids)
    if reasons is None:
        reasons = [
            None if np.isfinite(v) else "no samples" if m == 0 else "not defined here"
            for v, m in zip(value, n, strict=True)
        ]
    return pl.DataFrame(
        {
            "slice": list(ids),
            "version": [measure.outcomes.versions[version]] * k,
            "metric": [metric] * k,
            "class": pl.Series(classes, dtype=pl.String),
            "value": value,
            "low": low,
            "high": high,
            "n": n,
            "n_groups": pl.Series(measure.groups_or_none(units), dtype=pl.Int64),
            "sum_x": pl.Series([None] * k if sum_x is None else sum_x, dtype=pl.Float64),
            "sum_w": pl.Series([None] * k if sum_w is None else sum_w, dtype=pl.Float64),
            "method": [method] * k if isinstance(method, str) else list(method),
            "reason": pl.Series(list(reasons), dtype=pl.String),
            "support": measure.supports(n, units, trials=trials, rest=rest),
        },
        schema=columns.ESTIMATES,
    ).with_columns(pl.col("value", "low", "high", "sum_x", "sum_w").fill_nan(None))
