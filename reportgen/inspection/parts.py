"""What is common to annotated boxes and regions that look wrong: the candidates, and what correcting them changes."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from reportgen import columns
from reportgen.inspection.labels import Reviewed
from reportgen.inspection.sets import SampleSet
from reportgen.model import Verdict


@dataclass(frozen=True, eq=False)
class PartIssues:
    """The candidates, ranked, and what correcting them would change.

    ``effects`` (``columns.PART_EFFECTS``) hold what the metrics are, and what they would be.
    """

    rule: str  # which annotations are candidates, in a few sentences
    candidates: pl.DataFrame  # ``columns.BOX_ISSUES``, or ``REGION_ISSUES``
    effects: pl.DataFrame = field(default_factory=columns.PART_EFFECTS.to_frame)
    verdict: Verdict | None = None  # of the change of the leading metric, as the annotations are
    n_checked: int = 0  # annotated objects, or regions, that were looked at
    n_samples: int = 0  # samples that they are on, or on which there is nothing
    n_in_sample: int = 0  # samples left out, since versions were trained on them
    reviewed: Reviewed | None = None
    sets: tuple[SampleSet, ...] = ()
