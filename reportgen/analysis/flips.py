"""What became of each sample: flips, counted on every slice, and their rates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.estimates import estimate_frame
from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import Axes
from reportgen.model import ALL
from reportgen.stats import intervals
from reportgen.stats.statistic import sum_ratio

FlipCodes = Callable[[pl.DataFrame, int, int, float | None], npt.NDArray[np.int64]]
"""A task's rule: the outcome frame, baseline, other version and margin to a code a sample."""


def count_flips(measure: Measure, axes: Axes, flip_codes: FlipCodes, baseline: int) -> pl.DataFrame:
    """The flips of every slice (``columns.FLIPS``), the baseline against each other version."""
    names = measure.outcomes.versions
    parts = []
    for other in range(len(names)):
        if other == baseline:
            continue
        codes = flip_codes(measure.outcomes.frame, baseline, other, measure.outcomes.flip_margin)
        for axis in axes.shared:
            inside = (codes >= 0) & (axis.keys >= 0)
            counts = np.bincount(
                axis.keys[inside].astype(np.int64) * 4 + codes[inside], minlength=4 * len(axis.slices)
            ).reshape(-1, 4)
            parts.append(
                pl.DataFrame(
                    {
                        "slice": axis.ids,
                        "baseline": [names[baseline]] * len(axis.slices),
                        "candidate": [names[other]] * len(axis.slices),
                        "newly_broken": counts[:, 2],
                        "newly_fixed": counts[:, 1],
                        "both_right": counts[:, 3],
                        "both_wrong": counts[:, 0],
                        "n": counts.sum(axis=1),
                    },
                    schema=columns.FLIPS,
                )
            )
    return pl.concat(parts) if parts else columns.FLIPS.to_frame()


def estimate_flips(measure: Measure, flip_codes: FlipCodes, baseline: int) -> pl.DataFrame:
    """Each version's flip rates over all samples, as estimates: newly broken, newly fixed, churn, fixed per broken.

    And backward trust, both right ÷ old right: how much of what the baseline had right still is (Yan et al., CVPR
    2021; of values, right means within the tolerance).
    """
    from_counts = []
    names = measure.outcomes.versions
    frame = measure.outcomes.frame
    for other in range(len(names)):
        if other == baseline:
            continue
        codes = flip_codes(frame, baseline, other, measure.outcomes.flip_margin)
        scored = codes >= 0
        marks = {"newly_broken_rate": codes == 2, "newly_fixed_rate": codes == 1}
        if measure.outcomes.classes:
            marks["churn_rate"] = scored & (measure.sides[baseline].prediction != measure.sides[other].prediction)
        for name, mark in marks.items():
            from_counts.append(estimate_rate(measure, name, other, mark, scored))
        old, new = (scored & (measure.sides[v].correct == 1) for v in (baseline, other))
        from_counts.append(estimate_rate(measure, "backward_trust", other, old & new, old))
        from_counts.append(_fixed_per_broken(measure, other, codes))
    return pl.concat(from_counts) if from_counts else columns.ESTIMATES.to_frame()


def estimate_rate(
    measure: Measure, name: str, version: int, mark: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_]
) -> pl.DataFrame:
    """The share of the marked samples among others, over all samples, as an estimate of a version."""
    sums = sum_ratio(
        np.zeros(len(mark), np.int64),
        mark.astype(float),
        among.astype(float),
        1,
        group=measure.group,
        weight=measure.weight,
    )
    found = intervals.ratio_intervals(sums, binary=True, level=measure.limits.level)
    return estimate_frame(
        measure,
        [ALL],
        version,
        name,
        [None],
        found.value,
        found.low,
        found.high,
        sums.n,
        sums.units,
        found.method,
        sum_x=sums.x,
        sum_w=sums.w,
    )


def _fixed_per_broken(measure: Measure, version: int, codes: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Newly fixed for each newly broken: the odds of the share of fixed among the flips, and of its interval's ends."""
    share = estimate_rate(measure, "fixed_per_broken", version, codes == 1, (codes == 1) | (codes == 2))
    odds = [
        pl.when(pl.col(c) < 1).then(pl.col(c) / (1 - pl.col(c))).otherwise(None).alias(c)
        for c in ("value", "low", "high")
    ]
    return share.with_columns(odds)
