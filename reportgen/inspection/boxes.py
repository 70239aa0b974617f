"""Annotated boxes that look wrong: what speaks against them, and what correcting them would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from reportgen import columns
from reportgen.inspection.parts import PartIssues

SUSPECT_BOXES = "suspect-boxes"
"""Key of the set of samples that have candidates; its list has the candidates."""

BoxKind = Literal["overlooked", "misplaced", "swapped"]
"""What may be wrong: no box where an object is, a box in the wrong place, a box of the wrong class."""

BOX_KINDS: Mapping[BoxKind, str] = {"overlooked": "overlooked", "misplaced": "badly placed", "swapped": "other class"}
"""What each kind is called, on pages and in lists."""


@dataclass(frozen=True, eq=False)
class BoxIssues(PartIssues):
    """The candidates are ``columns.BOX_ISSUES``."""

    candidates: pl.DataFrame = field(default_factory=columns.BOX_ISSUES.to_frame)
    limits: Mapping[str, float] = field(default_factory=dict)  # by version: below this overlap a box is placed oddly
    n_found: Mapping[str, int] = field(default_factory=dict)  # by version that was asked: objects that it finds
