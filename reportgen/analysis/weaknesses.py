"""Is a slice weaker than the rest? Each version's slices against their complements."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.averages import averages_with_rest
from reportgen.analysis.confirmed import with_confirmed
from reportgen.analysis.measure import Measure, deciding_supports, sum_axes
from reportgen.analysis.slices import Axes, Axis
from reportgen.analysis.trainings import averaged_terms
from reportgen.model import Family
from reportgen.stats import complement
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.statistic import PairSums, sum_ratio
from reportgen.stats.support import verdict
from reportgen.tasks.metric import Floats, Metric

QUESTION = "is it weak?"


def compare_with_rest(
    measure: Measure, axes: Axes, primary: Metric, discoveries: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, tuple[Family, ...]]:
    """Every enumerated slice against all other samples (``columns.WEAKNESSES``), a family a version.

    Found slices are in no family of these: what holds of them is in ``discoveries``.
    Declared slices stand outside it and decide by p, critical ones whatever their size.
    """
    tables, families = [], []
    for version, name in enumerate(measure.outcomes.versions):
        chosen = (*axes.attributes, *axes.pairs, *axes.declared)
        if not chosen:
            continue
        table = against_rest(measure, primary, version, chosen)
        alone = table["slice"].is_in(list(axes.declared_ids)).to_numpy()
        tested = table["support"].is_in(["test", "decide"]).to_numpy() & table["p"].is_not_null().to_numpy() & ~alone
        p = table["p"].fill_null(np.nan).to_numpy()
        q = np.full(len(p), np.nan)
        q[tested] = benjamini_hochberg(p[tested])
        decides = np.where(alone, p, q)
        state = deciding_supports(table, axes)
        words = [
            verdict(d, c, s, higher_is_better=primary.info.higher_is_better)
            for d, c, s in zip(table["delta"].fill_null(np.nan).to_list(), decides.tolist(), state, strict=True)
        ]
        tables.append(table.with_columns(pl.Series("q", q).fill_nan(None), pl.Series("verdict", words)))
        if axes.found and discoveries is not None:
            tables.append(_of_found(measure, axes, primary, version, discoveries))
        families.append(Family(primary.name, QUESTION, "", name, int(tested.sum())))
    return (pl.concat(tables) if tables else columns.WEAKNESSES.to_frame()), tuple(families)


def _of_found(measure: Measure, axes: Axes, metric: Metric, version: int, discoveries: pl.DataFrame) -> pl.DataFrame:
    """The found slices: values and n over all samples; interval and test over those that the search did not see."""
    whole = against_rest(measure, metric, version, axes.found)
    half = against_rest(measure, metric, version, axes.of_found_confirming.found, among=axes.confirming)
    name = measure.outcomes.versions[version]
    answers = discoveries.filter((pl.col("question") == "weak") & (pl.col("version") == name))
    q = dict(answers.select("slice", "q").iter_rows())
    return with_confirmed(whole, half, q, higher_is_better=metric.info.higher_is_better)


def against_rest(
    measure: Measure,
    metric: Metric,
    version: int,
    chosen: Sequence[Axis],
    *,
    among: npt.NDArray[np.bool_] | None = None,
) -> pl.DataFrame:
    """Slices against all other samples (``among`` some of them), without q and verdict."""
    if metric.averaged is not None:
        sums = averages_with_rest(measure, metric, version, chosen, among)
    else:
        x, w = averaged_terms(measure, metric, version, -1)
        sums = sums_with_rest(measure, x, w if among is None else w * among, chosen)
    binary = metric.kind == "binary" and not measure.has_runs(version)
    found = complement.compare_with_rest(sums, binary=binary, level=measure.limits.level, bounds=metric.reach)
    ids = [slice_id for axis in chosen for slice_id in axis.ids]
    k = len(ids)
    return pl.DataFrame(
        {
            "slice": ids,
            "version": [measure.outcomes.versions[version]] * k,
            "metric": [metric.name] * k,
            "value": found.value,
            "rest": found.rest,
            "delta": found.delta,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "q": pl.Series([None] * k, dtype=pl.Float64),
            "n": found.n,
            "n_groups": pl.Series(measure.groups_or_none(found.units), dtype=pl.Int64),
            "method": [found.method] * k,
            "verdict": [""] * k,
            "support": measure.supports(found.n, found.units),
        },
        schema=columns.WEAKNESSES,
    ).with_columns(pl.col("value", "rest", "delta", "low", "high", "p").fill_nan(None))


def sums_with_rest(measure: Measure, x: Floats, w: Floats, chosen: Sequence[Axis]) -> PairSums:
    """What a metric sums to in each slice, and in all other samples; groups and weights honoured."""
    if measure.group is None:
        total = sum_ratio(np.zeros(len(x), np.int64), x, w, 1, weight=measure.weight)
        return complement.with_rest(sum_axes(measure, x, w, chosen), total)
    group, weight = measure.group, measure.weight
    whole = complement.sum_all(x, w, group=group, weight=weight)
    return PairSums.concatenate(
        [
            complement.sum_with_rest(axis.keys, x, w, len(axis.slices), group=group, weight=weight, whole=whole)
            for axis in chosen
        ]
    )
