"""What is odd in the attributes: missing, constant, id-like, imbalanced, or another one under a new name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.inspection.sets import SampleSet


@dataclass(frozen=True)
class AttributeCheck:
    """One column that slices or could have."""

    name: str
    n_values: int  # different ones, missing ones apart
    n_missing: int
    shape: Literal["empty", "constant", "id-like", "imbalanced", "varied"]
    is_sliced: bool  # whether the report has slices by it
    top: str = ""  # the most frequent of the values that slice; a bin where numbers are binned
    top_share: float = 0.0  # of the samples that have a value
    effective: float = 0.0  # of how many equally frequent values it has the variety; 0 where it is not sliced


@dataclass(frozen=True)
class Determined:
    """Two attributes of which one tells the other.

    ``forth`` is the share of samples whose value of ``other`` is told by their value of ``name``: it is the one that
    most other samples with that value have. ``back`` is the share of the other way.
    """

    name: str
    other: str
    forth: float
    back: float
    mutual: bool  # each tells the other: a slice by one is a slice by the other under another name
    n: int  # samples that have both


@dataclass(frozen=True, eq=False)
class AttributeChecks:
    """Every column that was looked at, in the table's order, and the pairs in which one tells the other."""

    columns: tuple[AttributeCheck, ...]
    pairs: tuple[Determined, ...]
    n: int  # samples
    n_missing: int  # samples that lack a value of a column that others have
    sets: tuple[SampleSet, ...] = ()  # one a column with values and without
