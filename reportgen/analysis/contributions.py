"""What a change of the overall metric is made of: how much of it each value of an attribute brings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import Axes, Axis
from reportgen.analysis.trainings import averaged_terms
from reportgen.model import ALL
from reportgen.stats import intervals
from reportgen.stats.statistic import sum_pair, total
from reportgen.tasks.metric import Floats, Metric

REST = "the rest"
"""The row of samples whose value is missing, or has too few samples to speak of by itself."""

MOST_VALUES = 30
"""Values of an attribute that have a row of their own: the largest shares."""


def find_contributions(measure: Measure, axes: Axes, metric: Metric, comparisons: pl.DataFrame) -> pl.DataFrame:
    """What each value of each attribute brings to a built pair's change of the primary metric.

    A value's contribution is its share of the samples (of their weight) times the change on them; over all values of an
    attribute they add up to the overall change. The samples are the same in both versions, so the share is a fixed
    number: the interval is that of the change on the slice, times the share, and so are verdict and q. Where versions
    scored different samples the change has two parts, mix and rate, which ``unpaired`` tells. A metric whose
    denominators differ between versions has no contributions, and neither has an average over classes.

    Returns:
        ``columns.CONTRIBUTIONS``.
    """
    parts = [columns.CONTRIBUTIONS.to_frame()]
    if metric.averaged is not None:
        return parts[0]
    overall = comparisons.filter(
        columns.as_a_whole(metric.name, per_class=metric.info.per_class) & (pl.col("slice") == ALL)
    )
    for row in overall.iter_rows(named=True):
        if row["delta"] is None:
            continue
        pair = tuple(measure.outcomes.versions.index(row[end]) for end in ("baseline", "candidate"))
        parts += _of_pair(measure, axes, metric, (pair[0], pair[1]), comparisons)
    return pl.concat(parts)


def _of_pair(
    measure: Measure, axes: Axes, metric: Metric, pair: tuple[int, int], comparisons: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    keep = measure.kept(metric, *pair)
    terms = [averaged_terms(measure, metric, v, -1) for v in pair]
    (x0, w0), (x1, w1) = ((np.where(keep, x, 0.0), w * keep) for x, w in terms)
    if not np.array_equal(w0, w1):
        return
    names = [measure.outcomes.versions[v] for v in pair]
    found = comparisons.filter(
        columns.as_a_whole(metric.name, per_class=metric.info.per_class)
        & (pl.col("baseline") == names[0])
        & (pl.col("candidate") == names[1])
    )
    rows = {row["slice"]: row for row in found.iter_rows(named=True)}
    weight = w0 if measure.weight is None else w0 * measure.weight
    for axis in axes.attributes:
        held = total(axis.keys[axis.keys >= 0], weight[axis.keys >= 0], len(axis.slices))
        whole = weight.sum()
        own = [
            k
            for k in np.argsort(-held, kind="stable")[:MOST_VALUES].tolist()
            if axis.ids[k] in rows
            and rows[axis.ids[k]]["delta"] is not None
            and rows[axis.ids[k]]["support"] != "counts"
        ]
        if not own:
            continue
        table = [_row(axis, rows[axis.ids[k]], axis.slices[k].terms[0].value, held[k] / whole) for k in sorted(own)]
        outside = ~np.isin(axis.keys, own) & (weight > 0)
        if outside.any():
            table.append(_rest(measure, metric, axis, (x0, w0, x1, w1), outside, weight[outside].sum() / whole))
        frame = pl.DataFrame(table, schema_overrides=columns.CONTRIBUTIONS, orient="row")
        yield (
            frame.with_columns(baseline=pl.lit(names[0]), candidate=pl.lit(names[1]))
            .select(*columns.CONTRIBUTIONS)
            .with_columns(pl.col("delta", "contribution", "low", "high").fill_nan(None))
        )


def _row(axis: Axis, row: dict[str, object], value: str, share: float) -> dict[str, object]:
    def times(name: str) -> float | None:
        return None if row[name] is None else share * float(row[name])  # type: ignore[arg-type]

    return {
        "attribute": axis.attributes[0],
        "value": value,
        "slice": row["slice"],
        "share": share,
        "delta": row["delta"],
        "contribution": times("delta"),
        "low": times("low"),
        "high": times("high"),
        "n": row["n"],
        "verdict": row["verdict"],
        "support": row["support"],
    }


def _rest(
    measure: Measure,
    metric: Metric,
    axis: Axis,
    terms: tuple[Floats, Floats, Floats, Floats],
    outside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    share: float,
) -> dict[str, object]:
    """All values without a row of their own, together; they are in no family of tests, and have no verdict."""
    keys = np.where(outside, 0, -1)
    sums = sum_pair(keys, *terms, 1, group=measure.group, weight=measure.weight)
    binary = metric.kind == "binary" and not measure.has_runs(*range(len(measure.sides)))
    found = intervals.difference_intervals(sums, binary=binary, level=measure.limits.level, bounds=metric.reach)
    (support,) = measure.supports(sums.n, sums.units)
    return {
        "attribute": axis.attributes[0],
        "value": REST,
        "slice": None,
        "share": share,
        "delta": float(found.delta[0]),
        "contribution": share * float(found.delta[0]),
        "low": share * float(found.low[0]),
        "high": share * float(found.high[0]),
        "n": int(sums.n[0]),
        "verdict": "too_few" if support in {"counts", "show"} else "unclear",
        "support": support,
    }


def concentration(table: pl.DataFrame) -> float:
    """How far an attribute's contributions are from even: half the sum of |contribution − share · whole|.

    Over the values that change beyond chance; where none does, over all: an attribute of many small values would seem
    uneven by chance alone.
    """
    whole = table["contribution"].sum()
    clear = table.filter(pl.col("verdict").is_in(["better", "worse"]))
    chosen = clear if clear.height else table
    apart = (chosen["contribution"] - chosen["share"] * whole).abs().sum()
    return 0.5 * float(apart) * (1.0 if clear.height else 1e-6)  # what is clear comes first
