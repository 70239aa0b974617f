"""Which class is taken for which, and which of these mistakes became more frequent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.versions import both_scored
from reportgen.model import ALL, Support
from reportgen.stats import intervals
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.statistic import PairSums, sum_pair
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
    names = np.array(classes, dtype=object)
    targets, cells = np.nonzero((before > 0) | (after > 0))
    if not len(cells):
        return columns.CONFUSION_CHANGES.to_frame()
    sums = PairSums.concatenate(
        [
            pair
            for target in np.unique(targets)
            for pair in _pair_sums(
                measure, first, second, np.flatnonzero(both & (first.target == target)), cells[targets == target]
            )
        ]
    )
    found = intervals.difference_intervals(sums, binary=True, level=measure.limits.level)
    units = [None] * len(cells) if measure.group is None else sums.units.tolist()
    states: list[Support] = [support(n, u, measure.limits) for n, u in zip(sums.n.tolist(), units, strict=True)]
    tested = np.array([state in {"test", "decide"} for state in states])
    q = benjamini_hochberg(np.where(tested, found.p, np.nan))
    delta = after[targets, cells] - before[targets, cells]
    verdicts = [
        verdict(float(change), float(corrected), state, higher_is_better=bool(target == cell))
        for change, corrected, state, target, cell in zip(delta, q, states, targets, cells, strict=True)
    ]
    return pl.DataFrame(
        {
            "target": names[targets].tolist(),
            "prediction": names[cells].tolist(),
            "baseline": [measure.outcomes.versions[baseline]] * len(cells),
            "candidate": [measure.outcomes.versions[other]] * len(cells),
            "n_baseline": before[targets, cells],
            "n_candidate": after[targets, cells],
            "delta": delta,
            "low": found.low * sums.n,
            "high": found.high * sums.n,
            "n": sums.n,
            "q": q,
            "verdict": verdicts,
        },
        schema=columns.CONFUSION_CHANGES,
    ).with_columns(pl.col("low", "high", "q").fill_nan(None))


def _pair_sums(
    measure: Measure, first: Side, second: Side, members: npt.NDArray[np.intp], cells: npt.NDArray[np.intp]
) -> Iterator[PairSums]:
    """For each cell of one target class, the sums of being predicted so; ``members`` are the samples of that class."""
    n = len(members)
    keys, ones = np.zeros(n, np.int64), np.ones(n)
    before, after = first.prediction[members], second.prediction[members]
    group = None if measure.group is None else measure.group[members]
    weight = None if measure.weight is None else measure.weight[members]
    for cell in cells:
        yield sum_pair(keys, before == cell, ones, after == cell, ones, 1, group=group, weight=weight)
