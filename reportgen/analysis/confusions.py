"""Which class is taken for which, and which of these mistakes became more frequent."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.versions import both_scored
from reportgen.model import ALL, Support
from reportgen.stats import intervals
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.statistic import sum_pair
from reportgen.stats.support import support, verdict
from reportgen.tasks.metric import Side


def count_confusions(measure: Measure) -> pl.DataFrame:
    """The confusion matrix of each version over all samples (``columns.CONFUSIONS``), cells with n > 0."""
    classes = measure.outcomes.classes
    if not classes:
        return columns.CONFUSIONS.to_frame()
    names = np.array(classes, dtype=object)
    parts = []
    for version, side in zip(measure.outcomes.versions, measure.sides, strict=True):
        cells = _cells(side, side.scored, len(classes))
        target, prediction = np.nonzero(cells)
        parts.append(
            pl.DataFrame(
                {
                    "slice": [ALL] * len(target),
                    "version": [version] * len(target),
                    "target": names[target].tolist(),
                    "prediction": names[prediction].tolist(),
                    "n": cells[target, prediction],
                },
                schema=columns.CONFUSIONS,
            )
        )
    return pl.concat(parts)


def _cells(side: Side, keep: npt.NDArray[np.bool_], k: int) -> npt.NDArray[np.int64]:
    keys = side.target[keep].astype(np.int64) * k + side.prediction[keep]
    return np.bincount(keys, minlength=k * k).reshape(k, k)


def compare_confusions(measure: Measure, baseline: int) -> pl.DataFrame:
    """The change of every cell that either version fills (``columns.CONFUSION_CHANGES``), over samples both scored.

    A cell's share of its target class is a paired proportion; all cells of a pair of versions are one family.
    """
    if not measure.outcomes.classes:
        return columns.CONFUSION_CHANGES.to_frame()
    parts = [_confusion_changes(measure, baseline, other) for other in range(len(measure.sides)) if other != baseline]
    return pl.concat(parts) if parts else columns.CONFUSION_CHANGES.to_frame()


def _confusion_changes(measure: Measure, baseline: int, other: int) -> pl.DataFrame:
    classes = measure.outcomes.classes
    k = len(classes)
    both = both_scored(measure, (baseline, other))
    first, second = measure.sides[baseline], measure.sides[other]
    before, after = _cells(first, both, k), _cells(second, both, k)
    rows: list[dict[str, object]] = []
    p_values: list[float] = []
    states: list[Support] = []
    for target in range(k):
        members = np.flatnonzero(both & (first.target == target))
        filled = np.flatnonzero((before[target] > 0) | (after[target] > 0))
        n = len(members)
        ones = np.ones(n)
        group = None if measure.group is None else measure.group[members]
        weight = None if measure.weight is None else measure.weight[members]
        for cell in filled:
            sums = sum_pair(
                np.zeros(n, np.int64),
                (first.prediction[members] == cell).astype(float),
                ones,
                (second.prediction[members] == cell).astype(float),
                ones,
                1,
                group=group,
                weight=weight,
            )
            found = intervals.difference_intervals(sums, binary=True, level=measure.limits.level)
            state = support(n, None if group is None else int(sums.units[0]), measure.limits)
            states.append(state)
            p_values.append(float(found.p[0]) if state in {"test", "decide"} else np.nan)
            rows.append(
                {
                    "target": classes[target],
                    "prediction": classes[cell],
                    "baseline": measure.outcomes.versions[baseline],
                    "candidate": measure.outcomes.versions[other],
                    "n_baseline": int(before[target, cell]),
                    "n_candidate": int(after[target, cell]),
                    "delta": int(after[target, cell] - before[target, cell]),
                    "low": float(found.low[0]) * n,
                    "high": float(found.high[0]) * n,
                    "n": n,
                }
            )
    q = benjamini_hochberg(np.array(p_values)) if p_values else np.zeros(0)
    for row, corrected, state in zip(rows, q, states, strict=True):
        delta = row["delta"]
        assert isinstance(delta, int)
        row["q"] = float(corrected) if np.isfinite(corrected) else None
        row["verdict"] = verdict(
            float(delta),
            float(corrected),
            state,
            higher_is_better=row["target"] == row["prediction"],
        )
    return pl.DataFrame(rows, schema=columns.CONFUSION_CHANGES).with_columns(pl.col("low", "high").fill_nan(None))
