"""Does it matter? Each version's error in the sets that the inspection found, beside its error everywhere else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure, sum_axes
from reportgen.analysis.slices import Axis
from reportgen.analysis.weaknesses import sums_with_rest
from reportgen.inspection import SampleSet
from reportgen.model import Slice
from reportgen.stats import complement, intervals
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.support import verdict
from reportgen.tasks.metric import Floats


def rate_sets(measure: Measure, sets: Sequence[SampleSet]) -> pl.DataFrame:
    """Each version's error in every set against all other samples (``columns.SET_RATES``).

    The error is the share that is wrong, or the mean absolute error of values. A family of tests is one version with
    all sets that can be tested (Benjamini-Hochberg). Of a version with several trainings it is the first one's.
    """
    axes = [_axis(one, len(measure.sides[0].scored)) for one in sets]
    tables = [_rates(measure, v, sets, axes) for v in range(len(measure.sides))] if sets else []
    return pl.concat([columns.SET_RATES.to_frame(), *tables])


def at_most(measure: Measure, version: int, rows: npt.NDArray[np.int64]) -> float:
    """What a version's error over all samples would fall by if every error in these rows vanished, and no other."""
    x, w = _errors(measure, version)
    weight = np.ones(len(x)) if measure.weight is None else measure.weight
    total = float((w * weight).sum())
    return float((x * weight)[rows].sum() / total) if total > 0 else 0.0


def _axis(one: SampleSet, n_rows: int) -> Axis:
    keys = np.full(n_rows, -1, np.int32)
    keys[one.rows] = 0
    return Axis((Slice(f"set:{one.key}", (), "declared", one.n),), keys, "declared", ())


def _errors(measure: Measure, version: int) -> tuple[Floats, Floats]:
    """What each sample adds to the error and to what it is divided by."""
    side = measure.sides[version]
    if measure.outcomes.classes:
        return (side.scored & (side.correct == 0)).astype(np.float64), side.scored.astype(np.float64)
    return np.where(side.scored, np.abs(np.nan_to_num(side.prediction - side.target)), 0.0), side.scored.astype(float)


def _rates(measure: Measure, version: int, sets: Sequence[SampleSet], axes: Sequence[Axis]) -> pl.DataFrame:
    x, w = _errors(measure, version)
    binary = bool(measure.outcomes.classes)
    parts = measure.outcomes.parts is not None
    bounds = intervals.UNIT if binary or parts else (0.0, np.inf)
    level = measure.limits.level
    sums = sum_axes(measure, x, w, axes)
    own = intervals.ratio_intervals(sums, binary=binary, level=level, bounds=bounds)
    pairs = sums_with_rest(measure, x, w, axes)
    against = complement.compare_with_rest(pairs, binary=binary, level=level, bounds=bounds)
    supports = measure.supports(sums.n, sums.units)
    # What was found by the predictions is wrong by definition: nothing is tested of it.
    asked = np.array([not one.by_predictions for one in sets])
    tested = asked & np.isin(supports, ["test", "decide"]) & np.isfinite(against.p)
    q: npt.NDArray[np.float64] = np.full(len(sets), np.nan)
    q[tested] = benjamini_hochberg(against.p[tested])
    k = len(sets)
    return pl.DataFrame(
        {
            "set": [one.key for one in sets],
            "version": [measure.outcomes.versions[version]] * k,
            "metric": ["error_rate" if binary else "loss" if parts else "mae"] * k,
            "value": own.value,
            "low": own.low,
            "high": own.high,
            "n": sums.n,
            "n_groups": pl.Series(measure.groups_or_none(sums.units), dtype=pl.Int64),
            "sum_x": sums.x,
            "rest": against.rest,
            "n_rest": int(np.count_nonzero(w)) - sums.n,
            "delta": against.delta,
            "delta_low": against.low,
            "delta_high": against.high,
            "p": np.where(asked, against.p, np.nan),
            "q": q,
            "verdict": [
                verdict(d, c, s, higher_is_better=False) for d, c, s in zip(against.delta, q, supports, strict=True)
            ],
            "support": supports,
        },
        schema=columns.SET_RATES,
    ).with_columns(pl.col(pl.Float64).fill_nan(None))
