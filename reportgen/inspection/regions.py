"""Annotated regions of masks that look wrong: what speaks against them, and what correcting them would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from reportgen import columns
from reportgen.inspection.parts import PartIssues

SUSPECT_REGIONS = "suspect-regions"
"""Key of the set of samples that have candidates; its list has the candidates."""

RegionKind = Literal["overlooked", "empty", "swapped"]
"""What may be wrong: a class is not annotated where it is, or is where it is not, or should be another one."""

REGION_KINDS: Mapping[RegionKind, str] = {
    "overlooked": "overlooked",
    "empty": "nothing there",
    "swapped": "other class",
}
"""What each kind is called, on pages and in lists."""


@dataclass(frozen=True, eq=False)
class RegionIssues(PartIssues):
    """The candidates are ``columns.REGION_ISSUES``."""

    candidates: pl.DataFrame = field(default_factory=columns.REGION_ISSUES.to_frame)
    least: Mapping[str, int] = field(default_factory=dict)  # by class, pixels that a candidate has at least
    silent: tuple[tuple[str, str, float | None], ...] = ()  # version, class and IoU, too low to speak; null: no pixel
