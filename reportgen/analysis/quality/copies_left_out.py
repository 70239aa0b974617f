"""What leaving copies out changes: every metric over all samples, and over those that stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure, classes_of, influence_values
from reportgen.analysis.quality.row_values import is_dear, row_value
from reportgen.analysis.slices import Axis
from reportgen.model import ALL, Slice
from reportgen.stats.pairs import Ints
from reportgen.tasks.metric import Flags, Metric


def measure_without_copies(
    measure: Measure, copies: Ints, metrics: Sequence[Metric], baseline: int | None, candidate: int
) -> pl.DataFrame:
    """Each metric of baseline and candidate, and its change, with all copies and without (``columns.TWIN_EFFECTS``).

    ``copies`` are the rows to leave out: all but one of each family of twins, or those that a training table has too.
    The change is over the samples that both scored. Of a version with several trainings it is the first one's.
    """
    if not len(copies):
        return columns.TWIN_EFFECTS.to_frame()
    kept = np.ones(len(measure.sides[0].scored), bool)
    kept[copies] = False
    shown = [candidate] if baseline is None else [baseline, candidate]
    rows: list[dict[str, object]] = []
    for metric in metrics:
        if is_dear(metric, measure) or metric.counts_missing or not all(measure.has(metric, v) for v in shown):
            continue
        for v in shown:
            scored = measure.sides[v].scored
            rows += _rows(measure, metric, measure.outcomes.versions[v], [v], scored, kept)
        if baseline is not None and metric.compared:
            both = measure.sides[baseline].scored & measure.sides[candidate].scored
            rows += _rows(measure, metric, None, [baseline, candidate], both, kept)
    return pl.DataFrame(rows, schema=columns.TWIN_EFFECTS) if rows else columns.TWIN_EFFECTS.to_frame()


def _rows(
    measure: Measure, metric: Metric, version: str | None, of: Sequence[int], scored: Flags, kept: Flags
) -> Iterator[dict[str, object]]:
    """One row a class: of one version its value, of two the later one's less the earlier one's."""
    side = measure.sides[of[0]]
    for klass in classes_of(metric, side):
        value, without = (
            _last_less_first([_value(measure, metric, v, keep, klass) for v in of]) for keep in (scored, scored & kept)
        )
        yield {
            "version": version,
            "metric": metric.name,
            "class": None if klass is None else side.classes[klass],
            "value": value,
            "without": without,
            "n": int(np.count_nonzero(scored)),
            "n_left_out": int(np.count_nonzero(scored & ~kept)),
        }


def _last_less_first(values: Sequence[float]) -> float | None:
    found = values[-1] - values[0] if len(values) > 1 else values[0]
    return float(found) if np.isfinite(found) else None


def _value(measure: Measure, metric: Metric, version: int, keep: Flags, klass: int | None) -> float:
    """The metric over the kept samples; NaN where it is not defined."""
    side = measure.sides[version]
    if metric.needs_rows:
        return row_value(measure, metric, side, keep, klass)
    if metric.kind == "influence":
        whole = Axis((Slice(ALL, (), "all", 0),), np.zeros(len(keep), np.int32), "all", ())
        return float(influence_values(measure, metric, side, whole, keep).value[0])
    assert metric.terms is not None
    weight = 1.0 if measure.weight is None else measure.weight[keep]
    x, w = (float((part[keep] * weight).sum()) for part in metric.terms(side, -1 if klass is None else klass))
    return x / w if w > 0 else float("nan")
