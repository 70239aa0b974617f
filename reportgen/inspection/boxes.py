"""Annotated boxes that look wrong: what speaks against them, and what correcting them would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from reportgen import columns
from reportgen.inspection.labels import Reviewed
from reportgen.inspection.sets import SampleSet
from reportgen.model import Verdict

SUSPECT_BOXES = "suspect-boxes"
"""Key of the set of samples that have candidates; its list has the candidates."""

BoxKind = Literal["overlooked", "misplaced", "swapped"]
"""What may be wrong: no box where an object is, a box in the wrong place, a box of the wrong class."""

BOX_KINDS: Mapping[BoxKind, str] = {"overlooked": "overlooked", "misplaced": "badly placed", "swapped": "other class"}
"""What each kind is called, on pages and in lists."""


@dataclass(frozen=True, eq=False)
class BoxIssues:
    """The candidates, ranked (``columns.BOX_ISSUES``), and what correcting them would change.

    ``effects`` (``columns.BOX_EFFECTS``) hold what F1, precision, recall and AP are, and what they would be.
    """

    rule: str  # which annotations are candidates, in a few sentences
    candidates: pl.DataFrame = field(default_factory=columns.BOX_ISSUES.to_frame)
    effects: pl.DataFrame = field(default_factory=columns.BOX_EFFECTS.to_frame)
    verdict: Verdict | None = None  # of the change of the leading metric, as the annotations are
    n_checked: int = 0  # annotated objects that were looked at
    n_samples: int = 0  # samples that they are on, or on which there is nothing
    n_in_sample: int = 0  # samples left out, since versions were trained on them
    limits: Mapping[str, float] = field(default_factory=dict)  # by version: below this overlap a box is placed oddly
    n_found: Mapping[str, int] = field(default_factory=dict)  # by version that was asked: objects that it finds
    reviewed: Reviewed | None = None
    sets: tuple[SampleSet, ...] = ()
