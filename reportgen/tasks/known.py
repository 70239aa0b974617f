"""Which task a report is of, and what each brings: its metrics, and how samples flip and are ranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt
import polars as pl

from reportgen.model import Note, Outcomes
from reportgen.tasks import classification, detection, multilabel, regression, segmentation
from reportgen.tasks.metric import Metric, Side

FlipCodes = Callable[[pl.DataFrame, int, int, float | None], npt.NDArray[Any]]


@dataclass(frozen=True)
class Task:
    """What a task brings; ``primary`` names the metric that leads unless the manifest says otherwise."""

    metrics: tuple[Metric, ...]
    primary: str
    flip_codes: FlipCodes
    hardness: Callable[[Side], npt.NDArray[Any]]
    notes: Callable[[Side, str], Sequence[Note]]


CLASSIFICATION = Task(
    classification.METRICS,
    classification.PRIMARY,
    classification.flip_codes,
    classification.hardness,
    classification.notes,
)
REGRESSION = Task(regression.METRICS, regression.PRIMARY, regression.flip_codes, regression.hardness, regression.notes)
OF_PARTS = {
    "label": Task(multilabel.METRICS, multilabel.PRIMARY, regression.flip_codes, regression.hardness, regression.notes),
    "object": Task(detection.METRICS, detection.PRIMARY, regression.flip_codes, regression.hardness, regression.notes),
    "pixel": Task(
        segmentation.METRICS, segmentation.PRIMARY, regression.flip_codes, regression.hardness, regression.notes
    ),
}
"""A sample's loss is held against 0 as a value against the truth, so they flip and rank as values do."""


def task_of(outcomes: Outcomes) -> Task:
    """The task of a report's outcomes."""
    if outcomes.parts is not None:
        task = OF_PARTS[outcomes.parts.kind]
        several = outcomes.parts.kind == "pixel" and len(outcomes.parts.classes) > 1
        return replace(task, primary=segmentation.PRIMARY_OF_CLASSES) if several else task
    return CLASSIFICATION if outcomes.classes else REGRESSION
