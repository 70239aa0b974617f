"""Is a slice weaker than the rest? Each version's slices against their complements."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import Axes, Axis
from reportgen.model import Family
from reportgen.stats import complement
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.support import support, verdict
from reportgen.tasks.metric import Metric

QUESTION = "is it weak?"


def compare_with_rest(measure: Measure, axes: Axes, primary: Metric) -> tuple[pl.DataFrame, tuple[Family, ...]]:
    """Every enumerated slice against all other samples (``columns.WEAKNESSES``), a family a version."""
    tables, families = [], []
    for version, name in enumerate(measure.outcomes.versions):
        parts = [_against_rest(measure, primary, version, axis) for axis in (*axes.attributes, *axes.pairs)]
        if not parts:
            continue
        table = pl.concat(parts)
        tested = table["support"].is_in(["test", "decide"]).to_numpy() & table["p"].is_not_null().to_numpy()
        p = table["p"].fill_null(np.nan).to_numpy()
        q = np.full(len(p), np.nan)
        q[tested] = benjamini_hochberg(p[tested])
        words = [
            verdict(d, c, s, higher_is_better=primary.info.higher_is_better)
            for d, c, s in zip(table["delta"].fill_null(np.nan).to_list(), q.tolist(), table["support"].to_list(),
                               strict=True)
        ]
        tables.append(table.with_columns(pl.Series("q", q).fill_nan(None), pl.Series("verdict", words)))
        families.append(Family(primary.name, QUESTION, "", name, int(tested.sum())))
    return (pl.concat(tables) if tables else columns.WEAKNESSES.to_frame()), tuple(families)


def _against_rest(measure: Measure, metric: Metric, version: int, axis: Axis) -> pl.DataFrame:
    assert metric.terms is not None
    x, w = metric.terms(measure.sides[version], -1)
    found = complement.compare_with_rest(
        axis.keys, x, w, len(axis.slices), group=measure.group, weight=measure.weight,
        binary=metric.kind == "binary", level=measure.limits.level,
    )
    k = len(axis.slices)
    grouped = measure.group is not None
    return pl.DataFrame(
        {
            "slice": axis.ids,
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
            "n_groups": pl.Series(found.units.tolist() if grouped else [None] * k, dtype=pl.Int64),
            "method": [found.method] * k,
            "verdict": [""] * k,
            "support": [
                support(int(found.n[i]), int(found.units[i]) if grouped else None, measure.limits) for i in range(k)
            ],
        },
        schema=columns.WEAKNESSES,
    ).with_columns(pl.col("value", "rest", "delta", "low", "high", "p").fill_nan(None))
