"""Sets of samples by their pixels: where a version misses most, marks most falsely, and loses most overlap."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen import columns
from reportgen.analysis.pixel_overlaps import sample_ious
from reportgen.kept import kept
from reportgen.model import Outcomes
from reportgen.stats.pairs import Floats
from reportgen.tasks.parts import by_sample

OF_VERSION = ("most_missed", "most_false")
OF_PAIR = ("iou_loss",)
"""Names of the sets of one version, and of those that need two."""


@kept
def scores_of(outcomes: Outcomes, version: int) -> Mapping[str, Floats]:
    """By set of a version what ranks the samples, the largest first; above 0: the sample is in the set.

    How many pixels of any class it misses, and how many it marks as a class that they are not of.
    """
    assert outcomes.parts is not None
    _, false, missed = by_sample(outcomes.parts.counts[version])
    return {"most_missed": missed.astype(np.float64), "most_false": false.astype(np.float64)}


@kept
def changes_of(outcomes: Outcomes, baseline: int, candidate: int) -> Mapping[str, Floats]:
    """The same of sets of two versions: by how much the IoU of each sample falls, 0 to 1."""
    assert outcomes.parts is not None
    before, after = (
        sample_ious(outcomes.parts, v, outcomes.frame[columns.scored(v)].to_numpy()) for v in (baseline, candidate)
    )
    return {"iou_loss": np.nan_to_num(before - after).clip(min=0)}
