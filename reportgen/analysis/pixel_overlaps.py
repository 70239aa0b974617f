"""How well a version's masks cover the true ones sample by sample: the IoU of each, and what changed between two."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.model import Parts
from reportgen.stats.intervals import UNIT, difference_intervals, ratio_intervals
from reportgen.stats.pairs import Floats
from reportgen.stats.statistic import sum_pair, sum_ratio
from reportgen.tasks.metric import Flags
from reportgen.tasks.parts import by_sample

EDGES = tuple(i / 10 for i in range(11))
"""Of the ranges of a sample's IoU, by 0.1."""


def sample_ious(parts: Parts, version: int, scored: Flags) -> Floats:
    """The IoU of each sample's masks, all classes together; 1 where neither has a pixel, NaN where it is not scored."""
    right, false, missed = by_sample(parts.counts[version])
    union = right + false + missed
    found = np.divide(right, union, out=np.ones(len(union)), where=union > 0)
    return np.where(scored, found, np.nan)


def count_ious(measure: Measure) -> pl.DataFrame:
    """How many samples have masks that cover the true ones by how much, in each version (``columns.OVERLAPS``)."""
    parts = measure.outcomes.parts
    if parts is None or parts.kind != "pixel":
        return columns.OVERLAPS.to_frame()
    rows = []
    for v, (name, side) in enumerate(zip(measure.outcomes.versions, measure.sides, strict=True)):
        ious = sample_ious(parts, v, side.scored)
        place = np.clip(np.searchsorted(EDGES, np.nan_to_num(ious), side="right") - 1, 0, len(EDGES) - 2)
        one, keys = side.scored.astype(np.float64), np.zeros(len(ious), np.int64)
        for k, (low, high) in enumerate(pairwise(EDGES)):
            own = (side.scored & (place == k)).astype(np.float64)
            sums = sum_ratio(keys, own, one, 1, group=measure.group, weight=measure.weight)
            found = ratio_intervals(sums, binary=True, level=measure.limits.level, bounds=UNIT)
            numbers = [None if np.isnan(x[0]) else float(x[0]) for x in (found.value, found.low, found.high)]
            rows.append((name, low, high, int(own.sum()), *numbers))
    return pl.DataFrame(rows, schema=columns.OVERLAPS, orient="row")


def compare_ious(measure: Measure) -> pl.DataFrame:
    """The mean IoU of the samples that both of two versions scored (``columns.PLACEMENTS``): any two, in order."""
    parts = measure.outcomes.parts
    if parts is None or parts.kind != "pixel":
        return columns.PLACEMENTS.to_frame()
    ious = [sample_ious(parts, v, side.scored) for v, side in enumerate(measure.sides)]
    rows = []
    for first, second in combinations(range(len(ious)), 2):
        both = np.isfinite(ious[first]) & np.isfinite(ious[second])
        w = both.astype(np.float64)
        x0, x1 = (np.where(both, ious[v], 0.0) for v in (first, second))
        keys = np.zeros(len(both), np.int64)
        sums = sum_pair(keys, x0, w, x1, w, 1, group=measure.group, weight=measure.weight)
        found = difference_intervals(sums, binary=False, level=measure.limits.level, bounds=UNIT)
        values = (found.value_baseline, found.value_candidate, found.delta, found.low, found.high, found.p)
        numbers = [None if np.isnan(one[0]) else float(one[0]) for one in values]
        n = int(both.sum())
        names = (measure.outcomes.versions[v] for v in (first, second))
        rows.append((*names, *numbers, n, n, measure.supports(sums.n, sums.units)[0]))
    return pl.DataFrame(rows, schema=columns.PLACEMENTS, orient="row")
