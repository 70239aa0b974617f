"""Everything that is asked of the data themselves, in the one order in which the answers need each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.corrections import measure_corrections
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.labels import find_label_issues
from reportgen.analysis.quality.rates import rate_sets
from reportgen.inspection import Absent, Inspection, SampleSet
from reportgen.model import Note, Outcomes
from reportgen.tasks.metric import Metric


def inspect(outcomes: Outcomes, given: Given) -> tuple[Inspection, tuple[Note, ...]]:
    """What can be said of the data before any figure is computed, and notes of what is worth knowing beside it."""
    found = [find_label_issues(outcomes, given)]
    absent = tuple(one for one in found if isinstance(one, Absent))
    (labels,) = (None if isinstance(one, Absent) else one for one in found)
    return Inspection(labels=labels, absent=absent), ()


def mark_sets(outcomes: Outcomes, sets: Sequence[SampleSet]) -> Outcomes:
    """The outcomes with a column ``set_{k}`` for each set, in their order."""
    added = []
    for k, one in enumerate(sets):
        inside = np.zeros(outcomes.frame.height, bool)
        inside[one.rows] = True
        added.append(pl.Series(columns.found_set(k), inside))
    return replace(outcomes, frame=outcomes.frame.with_columns(added))


def weigh(
    inspection: Inspection, measure: Measure, metrics: Sequence[Metric], baseline: int | None, candidate: int
) -> Inspection:
    """The inspection with what its findings mean for the figures: errors in its sets, and what mending would change."""
    labels = inspection.labels
    if labels is not None:
        labels = replace(labels, effects=measure_corrections(measure, labels, metrics, baseline, candidate))
    return replace(inspection, labels=labels, rates=rate_sets(measure, inspection.sets))
