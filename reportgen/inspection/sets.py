"""What a check of the data finds, a set of samples, or cannot find."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Part = Literal["labels", "boxes", "regions", "duplicates", "samples", "attributes", "training"]
"""Which question of the inspection a set answers."""


@dataclass(frozen=True, eq=False)
class SampleSet:
    """Samples that a check found: a filter of the pages, a counted link, and a list to take away.

    ``rows`` are rows of the outcome frame in the order in which to look at them, each once; never empty.
    """

    key: str  # "very-dark": letters, digits and hyphens; its own among all sets; names files and columns of tables
    name: str  # "very dark": how filters call it; its own among all sets
    part: Part
    rule: str  # one sentence: why a sample is in it, thresholds included
    rows: npt.NDArray[np.int64]
    action: Literal["relabel", "review", "exclude"] = "review"  # what one would do with the list

    @property
    def n(self) -> int:
        """How many samples it holds."""
        return len(self.rows)

    @property
    def by_predictions(self) -> bool:
        """Whether they were chosen by what versions say: nothing to explain their mistakes by."""
        return self.part in {"labels", "boxes", "regions"}


@dataclass(frozen=True)
class Absent:
    """Something that could not be looked at: what, why, and what would bring it."""

    what: str
    why: str


def key_of(kind: str, name: str, taken: set[str], nameless: str) -> str:
    """A set's key of its kind and a column's letters and digits; its own among those taken, which it joins."""
    base = f"{kind}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or nameless}"
    key, k = base, 2
    while key in taken:
        key, k = f"{base}-{k}", k + 1
    taken.add(key)
    return key
