"""What changed between two versions: paired differences, each family of tests corrected together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.confirmed import with_confirmed
from reportgen.analysis.measure import (
    Ints,
    Measure,
    axes_for,
    classes_of,
    deciding_supports,
    influence_values,
    sum_pair_axes,
)
from reportgen.analysis.precision import decide_decimals
from reportgen.analysis.ranks import RankFigure
from reportgen.analysis.slices import Axes, Axis
from reportgen.analysis.trainings import mean_influences, sum_influences
from reportgen.model import ALL, Family, MetricInfo
from reportgen.stats import influence, intervals, trainings
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.statistic import PairSums, Sums, sum_ratio
from reportgen.stats.support import verdict
from reportgen.tasks.metric import Floats, Metric, with_classes

QUESTION = "did it change?"

Pair = tuple[int, int]
"""The positions of the baseline and of the version held against it."""


def compare_all(
    measure: Measure,
    axes: Axes,
    metrics: Sequence[Metric],
    baseline: int,
    ranks: Sequence[RankFigure],
    discoveries: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, tuple[Family, ...]]:
    """Every comparison of the baseline with each other version (``columns.COMPARISONS``), and the families of tests.

    Both ends are recomputed over the samples that both versions scored; a metric that counts missing ones is over all.
    Found slices are in no family of these: what holds of them is in ``discoveries``.
    """
    parts, families = [], []
    for other in range(len(measure.sides)):
        if other == baseline:
            continue
        pair = (baseline, other)
        for metric in with_classes(metrics, len(measure.classes)):
            if not metric.compared or not all(measure.has(metric, v) for v in pair):
                continue
            table, family = _correct(_compare(measure, axes.without_found, metric, pair, ranks), metric.info, axes)
            parts.append(table)
            if axes.found and discoveries is not None:
                parts.append(_compare_found(measure, axes, metric, pair, ranks, discoveries))
            families += [family] if family else []
    return decide_decimals(pl.concat(parts), [metric.info for metric in metrics]), tuple(families)


def compare_other_objects(
    measure: Measure, axes: Axes, metrics: Sequence[Metric], baseline: int, ranks: Sequence[RankFigure]
) -> pl.DataFrame:
    """Average precision and recall of objects over all samples, of any two versions that are not the baseline.

    Rows are as ``compare_all`` has them, the earlier version as their baseline, but without decimals: these depend on
    what stands beside them. No row where the report has no objects, or more versions than are held against each other.
    """
    own = [one for one in ranks if one.metric.kind == "objects" and len(one.versions) == 2 and one.slice == ALL]
    whole = Axes(axes.whole, (), (), (), ())
    tables = [
        _correct(_compare(measure, whole, metric, pair, own), metric.info, whole)[0]
        for pair in sorted(
            {(first, second) for first, second in (one.versions for one in own) if baseline not in (first, second)}
        )
        for metric in with_classes([metric for metric in metrics if metric.kind == "objects"], len(measure.classes))
    ]
    without = pl.lit(None, pl.Int64).alias("decimals")
    return pl.concat([columns.COMPARISONS.to_frame(), *(table.with_columns(without) for table in tables)])


def _compare(measure: Measure, axes: Axes, metric: Metric, pair: Pair, ranks: Sequence[RankFigure]) -> pl.DataFrame:
    if metric.needs_rows:
        return _rank_differences(measure, metric, pair, ranks, axes)
    chosen = axes_for(measure, metric, axes)
    if metric.kind == "influence":
        if measure.has_runs(*pair):
            return _mean_differences(measure, metric, pair, chosen)
        return _influence_differences(measure, metric, pair, chosen)
    return compare_ratios(measure, metric, pair, chosen)


def _compare_found(
    measure: Measure,
    axes: Axes,
    metric: Metric,
    pair: Pair,
    ranks: Sequence[RankFigure],
    discoveries: pl.DataFrame,
) -> pl.DataFrame:
    """The found slices: values, difference and n over all samples; interval and test over those the search did not see.

    They were tested for what they were found for alone: elsewhere there is no q, and no clear change.
    """
    whole, half = (
        _compare(measure, chosen, metric, pair, ranks).filter(pl.col("slice") != ALL)
        for chosen in (axes.of_found, axes.of_found_confirming)
    )
    answers = discoveries.filter((pl.col("question") == "worse") & (pl.lit(metric.name) == pl.col("metric")))
    baseline, candidate = (measure.outcomes.versions[v] for v in pair)
    q = {
        row["slice"]: row["q"]
        for row in answers.iter_rows(named=True)
        if (row["baseline"], row["version"]) == (baseline, candidate)
    }
    return with_confirmed(whole, half, q, higher_is_better=metric.info.higher_is_better)


def both_scored(measure: Measure, pair: Pair) -> npt.NDArray[np.bool_]:
    """The samples that both versions scored."""
    return measure.sides[pair[0]].scored & measure.sides[pair[1]].scored


def compare_ratios(measure: Measure, metric: Metric, pair: Pair, chosen: Sequence[Axis]) -> pl.DataFrame:
    """The differences of a metric that can lead on the slices of some axes, without q and verdict."""
    if measure.has_runs(*pair):
        return _mean_differences(measure, metric, pair, chosen)
    if metric.averaged is not None:
        return _influence_differences(measure, metric, pair, chosen)
    assert metric.terms is not None
    both = np.ones(len(measure.sides[0].scored), bool) if metric.counts_missing else both_scored(measure, pair)
    ids: list[str] = []
    classes: list[str | None] = []
    parts: list[PairSums] = []
    shares: list[Floats] = []
    for klass in classes_of(metric, measure.sides[pair[1]]):
        (x0, w0), (x1, w1) = (metric.terms(measure.sides[v], -1 if klass is None else klass) for v in pair)
        parts.append(sum_pair_axes(measure, x0, w0 * both, x1, w1 * both, chosen))
        if metric.kind == "binary":
            shares.append(_discordance(measure, parts[-1], (x0, w0 * both), (x1, w1 * both), chosen))
        own = [slice_id for axis in chosen for slice_id in axis.ids]
        ids += own
        classes += [None if klass is None else measure.classes[klass]] * len(own)
    sums = PairSums.concatenate(parts)
    found = intervals.difference_intervals(
        sums, binary=metric.kind == "binary", level=measure.limits.level, bounds=metric.reach
    )
    table = _frame(measure, metric.info, ids, classes, pair, found, sums.n, sums.units, found.method)
    if not shares:
        return table
    return table.with_columns(pl.Series("discordance", np.concatenate(shares)).fill_nan(None))


def _discordance(
    measure: Measure,
    sums: PairSums,
    before: tuple[Floats, Floats],
    after: tuple[Floats, Floats],
    chosen: Sequence[Axis],
) -> Floats:
    """The share of samples that one version alone has right; NaN where the two have other denominators."""
    if measure.group is None and measure.weight is None:
        return sums.discordance()
    (x0, w0), (x1, w1) = before, after
    if not np.array_equal(w0, w1):
        return np.full(len(sums.n), np.nan)
    differs = (x0 != x1).astype(np.float64)
    found = [sum_ratio(axis.keys, differs, w0, len(axis.slices), weight=measure.weight) for axis in chosen]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.concatenate([one.x / one.w for one in found])


def _influence_differences(measure: Measure, metric: Metric, pair: Pair, chosen: Sequence[Axis]) -> pl.DataFrame:
    both = both_scored(measure, pair)
    first, second = ([influence_values(measure, metric, measure.sides[v], axis, both) for axis in chosen] for v in pair)
    sums = Sums.concatenate(
        [
            sum_ratio(
                axis.keys, new.influence - old.influence, both.astype(float), len(axis.slices), group=measure.group
            )
            for axis, old, new in zip(chosen, first, second, strict=True)
        ]
    )
    before, after = (np.concatenate([one.value for one in side]) for side in (first, second))
    found = intervals.mean_differences(before, after, sums, level=measure.limits.level, bounds=metric.reach)
    ids = [slice_id for axis in chosen for slice_id in axis.ids]
    few = [np.concatenate([one.trials for one in side]) for side in (first, second)]
    least = np.minimum(*few) if metric.name in influence.FEW_DECIDE else None
    return _frame(
        measure, metric.info, ids, [None] * len(ids), pair, found, sums.n, sums.units, "influence values", least
    )


def _mean_differences(measure: Measure, metric: Metric, pair: Pair, chosen: Sequence[Axis]) -> pl.DataFrame:
    """The differences of the means over trainings, over the samples that every training of both versions scored."""
    keep = measure.kept(metric, *pair)
    ids: list[str] = []
    classes: list[str | None] = []
    parts: list[Sums] = []
    ends: tuple[list[Floats], list[Floats]] = ([], [])
    for klass in classes_of(metric, measure.sides[pair[1]]):
        for axis in chosen:
            old, new = (mean_influences(measure, metric, v, -1 if klass is None else klass, axis, keep) for v in pair)
            parts.append(sum_influences(measure, axis, new.influence - old.influence, old.used | new.used))
            ends[0].append(old.runs)
            ends[1].append(new.runs)
            ids += axis.ids
            classes += [None if klass is None else measure.classes[klass]] * len(axis.ids)
    sums = Sums.concatenate(parts)
    before, after = (np.concatenate(side, axis=1) for side in ends)
    found = trainings.training_differences(before, after, sums, level=measure.limits.level, bounds=metric.reach)
    return _frame(measure, metric.info, ids, classes, pair, found, sums.n, sums.units, found.method)


def _rank_differences(
    measure: Measure, metric: Metric, pair: Pair, ranks: Sequence[RankFigure], axes: Axes
) -> pl.DataFrame:
    def rank(one: RankFigure) -> tuple[bool, str, int]:
        return one.slice != ALL, one.slice, one.klass or 0

    known = {ALL, *axes.declared_ids}
    of_metric = [r for r in ranks if (r.metric.name, r.klass is not None) == (metric.name, metric.info.per_class)]
    own = sorted((r for r in of_metric if r.versions == pair and r.slice in known), key=rank)

    def column(pick: Sequence[float]) -> Floats:
        return np.array(pick, dtype=np.float64)

    found = intervals.Differences(
        column([r.delta for r in own]),
        column([r.low for r in own]),
        column([r.high for r in own]),
        column([r.p for r in own]),
        tuple(r.method for r in own),
        column([r.values[0] for r in own]),
        column([r.values[1] for r in own]),
    )
    return _frame(
        measure,
        metric.info,
        [r.slice for r in own],
        [None if r.klass is None else measure.classes[r.klass] for r in own],
        pair,
        found,
        np.array([r.n for r in own], np.int64),
        np.array([r.units for r in own], np.int64),
        found.method,
    )


def _frame(
    measure: Measure,
    info: MetricInfo,
    ids: Sequence[str],
    classes: Sequence[str | None],
    pair: Pair,
    found: intervals.Differences,
    n: Ints,
    units: Ints,
    method: str | Sequence[str],
    trials: Floats | None = None,
) -> pl.DataFrame:
    k = len(ids)
    names = measure.outcomes.versions
    return pl.DataFrame(
        {
            "slice": list(ids),
            "metric": [info.name] * k,
            "class": pl.Series(classes, dtype=pl.String),
            "baseline": [names[pair[0]]] * k,
            "candidate": [names[pair[1]]] * k,
            "value_baseline": found.value_baseline,
            "value_candidate": found.value_candidate,
            "delta": found.delta,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "q": pl.Series([None] * k, dtype=pl.Float64),
            "n": n,
            "n_groups": pl.Series(measure.groups_or_none(units), dtype=pl.Int64),
            "method": [method] * k if isinstance(method, str) else list(method),
            "verdict": [""] * k,
            "support": measure.supports(n, units, trials=trials),
            "discordance": pl.Series([None] * k, dtype=pl.Float64),
            "decimals": pl.Series([None] * k, dtype=pl.Int64),
        },
        schema=columns.COMPARISONS,
    ).with_columns(pl.col("value_baseline", "value_candidate", "delta", "low", "high", "p").fill_nan(None))


def _correct(table: pl.DataFrame, info: MetricInfo, axes: Axes) -> tuple[pl.DataFrame, Family | None]:
    """The table with q and verdict: the enumerated slices with support *test* are one family, Benjamini-Hochberg.

    The whole and the declared slices stand outside and decide by p, critical ones whatever their size. But the classes
    of a per-class metric on one of them are a family of their own: many classes are many looks.
    """
    state = deciding_supports(table, axes)
    tested = np.isin(state, ("test", "decide")) & table["p"].is_not_null().to_numpy()
    outside = {ALL, *axes.declared_ids}
    alone = table["slice"].is_in(list(outside)).to_numpy()
    p = table["p"].fill_null(np.nan).to_numpy()
    q = np.full(len(p), np.nan)
    enumerated = tested & ~alone
    q[enumerated] = benjamini_hochberg(p[enumerated])
    if info.per_class:
        for one in sorted(outside):
            looks = (table["slice"] == one).to_numpy()
            if looks.sum() > 1:
                q[tested & looks] = benjamini_hochberg(p[tested & looks])
    decides = np.where(np.isfinite(q), q, np.where(alone, p, np.nan))
    delta = table["delta"].fill_null(np.nan).to_numpy()
    words = [
        verdict(float(delta[i]), float(decides[i]), state[i], higher_is_better=info.higher_is_better)
        for i in range(len(p))
    ]
    table = table.with_columns(pl.Series("q", q).fill_nan(None), pl.Series("verdict", words))
    if not enumerated.any():
        return table, None
    first = table.row(0, named=True)
    return table, Family(info.name, QUESTION, first["baseline"], first["candidate"], int(enumerated.sum()))
