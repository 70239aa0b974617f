"""Everything that is asked of the data themselves, in the one order in which the answers need each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.attributes import inspect_attributes
from reportgen.analysis.quality.box_corrections import measure_box_corrections
from reportgen.analysis.quality.boxes import find_box_issues, has_objects
from reportgen.analysis.quality.copies_left_out import measure_without_copies
from reportgen.analysis.quality.corrections import measure_corrections
from reportgen.analysis.quality.duplicates import find_duplicates
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.labels import find_label_issues
from reportgen.analysis.quality.look_alikes import find_look_alikes, with_look_alikes
from reportgen.analysis.quality.rates import rate_sets
from reportgen.analysis.quality.region_corrections import measure_region_corrections
from reportgen.analysis.quality.regions import find_region_issues, has_masks
from reportgen.analysis.quality.reviews import hold_reviewed, hold_reviewed_boxes, hold_reviewed_regions
from reportgen.analysis.quality.samples import inspect_samples, weigh_samples
from reportgen.analysis.quality.support import CodedTables, code_tables
from reportgen.analysis.quality.training import look_at_training
from reportgen.inspection import Absent, BoxIssues, Inspection, LabelIssues, RegionIssues, SampleSet
from reportgen.model import Limits, Outcomes
from reportgen.tasks.metric import Metric


def inspect(
    outcomes: Outcomes, given: Given, tables: CodedTables | None = None, level: float = Limits.level
) -> Inspection:
    """What can be said of the data before any figure is computed.

    ``tables`` are the training tables in codes, where a caller needs them too.
    """
    boxes = find_box_issues(outcomes, given) if has_objects(outcomes) else None
    regions = find_region_issues(outcomes, given) if has_masks(outcomes) else None
    labels = find_label_issues(outcomes, given) if boxes is None and regions is None else None
    duplicates = find_duplicates(outcomes, given)
    samples = inspect_samples(outcomes, given)
    training = look_at_training(outcomes, given, tables or code_tables(outcomes, given), level)
    look_alikes = find_look_alikes(given)
    if look_alikes is not None and isinstance(labels, LabelIssues):
        labels = with_look_alikes(labels, look_alikes, outcomes)
    if isinstance(labels, LabelIssues):
        labels = replace(labels, reviewed=hold_reviewed(outcomes, labels.candidates, given, level))
    if isinstance(boxes, BoxIssues):
        boxes = replace(boxes, reviewed=hold_reviewed_boxes(outcomes, boxes.candidates, given, level))
    if isinstance(regions, RegionIssues):
        regions = replace(regions, reviewed=hold_reviewed_regions(outcomes, regions.candidates, given, level))
    return Inspection(
        labels=None if isinstance(labels, Absent) else labels,
        boxes=None if isinstance(boxes, Absent) else boxes,
        regions=None if isinstance(regions, Absent) else regions,
        duplicates=None if isinstance(duplicates, Absent) else duplicates,
        look_alikes=look_alikes,
        samples=None if isinstance(samples, Absent) else samples,
        attributes=inspect_attributes(outcomes, given),
        training=None if isinstance(training, Absent) else training,
        absent=tuple(one for one in (labels, boxes, regions, duplicates, samples, training) if isinstance(one, Absent)),
    )


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
    boxes = inspection.boxes
    if boxes is not None:
        boxes = measure_box_corrections(measure, boxes, metrics, baseline, candidate)
    regions = inspection.regions
    if regions is not None:
        regions = measure_region_corrections(measure, regions, metrics, baseline, candidate)
    duplicates = inspection.duplicates
    if duplicates is not None:
        effects = measure_without_copies(measure, duplicates.copies, metrics, baseline, candidate)
        duplicates = replace(duplicates, effects=effects)
    training = inspection.training
    if training is not None:
        effects = measure_without_copies(measure, training.leaks["row"].to_numpy(), metrics, baseline, candidate)
        training = replace(training, effects=effects)
    samples = inspection.samples
    if samples is not None:
        samples = weigh_samples(measure, samples)
    rates = rate_sets(measure, inspection.sets)
    return replace(
        inspection,
        labels=labels,
        boxes=boxes,
        regions=regions,
        duplicates=duplicates,
        samples=samples,
        training=training,
        rates=rates,
    )
