"""Versions that were trained several times: what each training's figures are, and their mean with its influence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure, axes_for, classes_of, influence_values
from reportgen.analysis.slices import Axes, Axis
from reportgen.model import ALL, RunSpread
from reportgen.stats.statistic import Sums, sum_ratio, total
from reportgen.stats.trainings import pooled_spread, reach_of_luck
from reportgen.tasks.metric import Flags, Floats, Metric, Side, with_classes


@dataclass(frozen=True, eq=False)
class Means:
    """A metric on the slices of an axis, of all trainings of a version.

    ``influence`` is each sample's on the mean over the trainings in its own slice; it is 0 where the sample does not
    count (``used``), and its mean over those that count is 0.
    """

    runs: Floats  # trainings × slices; NaN where a training has no value
    influence: Floats
    used: Flags
    x: Floats  # the sums of numerator and denominator, means over the trainings; NaN where the metric has none
    w: Floats
    trials: Floats  # as ``Influence.trials``, the least of the trainings


def mean_influences(measure: Measure, metric: Metric, version: int, klass: int, axis: Axis, keep: Flags) -> Means:
    """The metric of every training of a version on the kept samples, and each sample's influence on their mean."""
    sides = measure.trainings[version]
    parts = [_one(measure, metric, side, klass, axis, keep) for side in sides]
    used = np.logical_or.reduce([part.used for part in parts])
    return Means(
        np.concatenate([part.runs for part in parts]),
        np.mean([part.influence for part in parts], axis=0),
        used,
        np.mean([part.x for part in parts], axis=0),
        np.mean([part.w for part in parts], axis=0),
        np.min([part.trials for part in parts], axis=0),
    )


def _one(measure: Measure, metric: Metric, side: Side, klass: int, axis: Axis, keep: Flags) -> Means:
    n_slices = len(axis.slices)
    unknown = np.full(n_slices, np.nan)
    if metric.kind == "influence":
        found = influence_values(measure, metric, side, axis, keep)
        used = keep & (axis.keys >= 0)
        influence = found.influence / np.maximum(total(axis.keys[used], used[used], n_slices), 1)[axis.keys] * used
        return Means(found.value[None, :], influence, used, unknown, unknown, found.trials)
    assert metric.terms is not None
    x, w = metric.terms(side, klass)
    used = keep & (w != 0) & (axis.keys >= 0)
    keys = axis.keys[used]
    factor = 1.0 if measure.weight is None else measure.weight[used]
    x, w = x[used] * factor, w[used] * factor
    sum_x, sum_w = total(keys, x, n_slices), total(keys, w, n_slices)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sum_x / sum_w
    influence = np.zeros(len(keep))
    influence[used] = (x - value[keys] * w) / sum_w[keys]
    return Means(value[None, :], influence, used, sum_x, sum_w, unknown)


def sum_influences(measure: Measure, axis: Axis, influence: Floats, used: Flags) -> Sums:
    """The sums of the influence of the samples that count, whose mean is 0, as intervals take them.

    ``influence`` is that of a sum over the slice: it becomes one of a mean.
    """
    n = total(axis.keys[used & (axis.keys >= 0)], np.ones(int((used & (axis.keys >= 0)).sum())), len(axis.slices))
    scaled = influence * np.append(n, 0.0)[axis.keys]
    return sum_ratio(axis.keys, scaled, used.astype(np.float64), len(axis.slices), group=measure.group)


def list_runs(measure: Measure, axes: Axes, metrics: Sequence[Metric], primary: Metric) -> pl.DataFrame:
    """The figures of each training (``columns.RUNS``) of versions that have several.

    Every metric over all samples, the primary one on the slices of single attributes too; over the samples that each
    training of the version scored. Metrics that need the rows have none: theirs is the first training's.
    """
    parts = [columns.RUNS.to_frame()]
    for version, sides in enumerate(measure.trainings):
        if len(sides) < 2:
            continue
        for metric in with_classes(metrics, len(measure.classes)):
            if metric.needs_rows or not measure.has(metric, version):
                continue
            chosen = axes_for(measure, metric, axes) if metric.name == primary.name else (axes.whole,)
            for axis in chosen:
                if axis.origin in {"all", "attribute"}:
                    parts += [_table(measure, metric, version, klass, axis) for klass in classes_of(metric, sides[0])]
    return pl.concat(parts)


def _table(measure: Measure, metric: Metric, version: int, klass: int | None, axis: Axis) -> pl.DataFrame:
    keep = measure.kept(metric, version)
    found = mean_influences(measure, metric, version, -1 if klass is None else klass, axis, keep)
    n_runs, n_slices = found.runs.shape
    n = total(axis.keys[found.used], np.ones(int(found.used.sum())), n_slices).astype(np.int64)
    k = n_runs * n_slices
    return pl.DataFrame(
        {
            "version": [measure.outcomes.versions[version]] * k,
            "run": np.repeat(np.arange(1, n_runs + 1), n_slices),
            "slice": list(axis.ids) * n_runs,
            "metric": [metric.name] * k,
            "class": pl.Series([None if klass is None else measure.classes[klass]] * k, dtype=pl.String),
            "value": found.runs.ravel(),
            "n": np.tile(n, n_runs),
        },
        schema=columns.RUNS,
    ).with_columns(pl.col("value").fill_nan(None))


def judge_spreads(
    runs: pl.DataFrame, comparisons: pl.DataFrame, primary: Metric, level: float
) -> tuple[RunSpread, ...]:
    """For each built pair: is its change of the primary metric larger than between two trainings of one version?

    Two trainings of one version differ by up to t · √2 · s, s the standard deviation between trainings, pooled over
    the two versions as far as they have several. With one training of each it can't be told.
    """
    own = columns.as_a_whole(primary.name, per_class=primary.info.per_class)
    values = {
        name: table["value"].drop_nulls().to_numpy()
        for (name,), table in runs.filter(own & (pl.col("slice") == ALL)).group_by("version", maintain_order=True)
    }
    found = []
    overall = comparisons.filter(own & (pl.col("slice") == ALL))
    for row in overall.iter_rows(named=True):
        if row["delta"] is None:
            continue
        before, after = values.get(row["baseline"]), values.get(row["candidate"])
        several = [one for one in (before, after) if one is not None]
        spread, df = pooled_spread(several)
        reach = reach_of_luck(spread, df, level)
        first, second = (
            np.array([row[end]]) if one is None else one
            for one, end in ((before, "value_baseline"), (after, "value_candidate"))
        )
        sign = 1 if primary.info.higher_is_better else -1
        found.append(
            RunSpread(
                metric=primary.name,
                baseline=row["baseline"],
                candidate=row["candidate"],
                n_runs_baseline=len(first),
                n_runs_candidate=len(second),
                delta=row["delta"],
                spread=spread if df else None,
                df=df,
                reach=reach if df else None,
                n_pairs=len(first) * len(second),
                n_pairs_better=int((sign * (second[None, :] - first[:, None]) > 0).sum()),
                state="unknown" if not df else "larger" if abs(row["delta"]) > reach else "within",
            )
        )
    return tuple(found)


def averaged_terms(measure: Measure, metric: Metric, version: int, klass: int) -> tuple[Floats, Floats]:
    """A metric's numerator and denominator a sample, means over the version's trainings; of one training its own."""
    assert metric.terms is not None
    sides = measure.trainings[version]
    if len(sides) == 1:
        return metric.terms(sides[0], klass)
    keep = measure.kept(metric, version)
    terms = [metric.terms(side, klass) for side in sides]
    x, w = (np.mean([np.where(keep, one[i], 0.0) for one in terms], axis=0) for i in (0, 1))
    return np.asarray(x), np.asarray(w)
