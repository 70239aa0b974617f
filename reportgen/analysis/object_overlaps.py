"""How well found objects are placed: the overlaps of the boxes that find them, and what changed where both find one."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.model import Parts
from reportgen.stats.intervals import difference_intervals, ratio_intervals
from reportgen.stats.pairs import Floats
from reportgen.stats.statistic import sum_pair, sum_ratio

EDGES = tuple(i / 20 for i in range(10, 21))
"""Of the ranges of overlaps: from the least at which an object is found, by 0.05, to 1."""


def found_overlaps(parts: Parts, version: int) -> Floats:
    """The overlap of each true object with the detection of a version that finds it; NaN: none does, or a crowd."""
    assert parts.truths is not None
    found = np.full(parts.truths.height, np.nan)
    hit = parts.found[version] >= 0
    found[hit] = parts.detections[version]["overlap"].to_numpy()[parts.found[version][hit]]
    return found


def count_overlaps(measure: Measure) -> pl.DataFrame:
    """How many of the objects that each version finds overlap by how much (``columns.OVERLAPS``).

    A share's interval takes the objects of one sample (of one group, where there are groups) together.
    """
    parts = measure.outcomes.parts
    if parts is None or parts.truths is None:
        return columns.OVERLAPS.to_frame()
    sample, n = parts.truths["sample"].to_numpy(), len(measure.sides[0].scored)
    rows = []
    for v, name in enumerate(measure.outcomes.versions):
        overlap = found_overlaps(parts, v)
        known = np.flatnonzero(np.isfinite(overlap))
        all_found = np.bincount(sample[known], minlength=n).astype(np.float64)
        place = np.clip(np.searchsorted(EDGES, overlap[known], side="right") - 1, 0, len(EDGES) - 2)
        for k, (low, high) in enumerate(pairwise(EDGES)):
            own = np.bincount(sample[known[place == k]], minlength=n).astype(np.float64)
            sums = sum_ratio(np.zeros(n, np.int64), own, all_found, 1, group=measure.group, weight=measure.weight)
            found = ratio_intervals(sums, binary=False, level=measure.limits.level, bounds=(0.0, 1.0))
            numbers = [None if np.isnan(one[0]) else float(one[0]) for one in (found.value, found.low, found.high)]
            rows.append((name, low, high, int(own.sum()), *numbers))
    return pl.DataFrame(rows, schema=columns.OVERLAPS, orient="row")


def compare_overlaps(measure: Measure) -> pl.DataFrame:
    """The mean overlap of the objects that both of two versions find (``columns.PLACEMENTS``): any two, in order."""
    parts = measure.outcomes.parts
    if parts is None or parts.truths is None:
        return columns.PLACEMENTS.to_frame()
    sample, n = parts.truths["sample"].to_numpy(), len(measure.sides[0].scored)
    overlaps = [found_overlaps(parts, v) for v in range(len(measure.sides))]
    rows = []
    for first, second in combinations(range(len(overlaps)), 2):
        both = np.flatnonzero(np.isfinite(overlaps[first]) & np.isfinite(overlaps[second]))
        w = np.bincount(sample[both], minlength=n).astype(np.float64)
        x0, x1 = (np.bincount(sample[both], overlaps[v][both], n) for v in (first, second))
        sums = sum_pair(np.zeros(n, np.int64), x0, w, x1, w, 1, group=measure.group, weight=measure.weight)
        found = difference_intervals(sums, binary=False, level=measure.limits.level, bounds=(0.0, 1.0))
        values = (found.value_baseline, found.value_candidate, found.delta, found.low, found.high, found.p)
        numbers = [None if np.isnan(one[0]) else float(one[0]) for one in values]
        support = measure.supports(sums.n, sums.units)[0]
        names = (measure.outcomes.versions[v] for v in (first, second))
        rows.append((*names, *numbers, len(both), int(sums.n[0]), support))
    return pl.DataFrame(rows, schema=columns.PLACEMENTS, orient="row")
