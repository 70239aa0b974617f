"""Samples that are odd in themselves: what their images or texts were checked for, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from reportgen import columns
from reportgen.inspection.sets import SampleSet


@dataclass(frozen=True)
class Check:
    """One thing that images or texts were checked for."""

    key: str  # of its set
    name: str  # "very dark"
    rule: str  # one sentence: which samples have it
    n: int
    n_checked: int  # samples of which it can be said
    unreadable: bool = False  # whether it says why there is nothing to look at

    @property
    def is_usual(self) -> bool:
        """Whether more than half have it: then it describes the data set, and is no problem of single samples."""
        return not self.unreadable and 2 * self.n > self.n_checked


@dataclass(frozen=True, eq=False)
class SampleChecks:
    """Every check in the order of the page, those that found nothing too.

    ``sets`` hold the samples of each check that found some and is not usual; ``together`` (``columns.SET_RATES``, the
    set ``TOGETHER``) each version's error in all of them at once.
    """

    kind: Literal["image", "text"]
    checks: tuple[Check, ...]
    n: int  # all samples
    n_unlooked: int = 0  # images beyond the budget of the pass
    sets: tuple[SampleSet, ...] = ()
    n_found: int = 0  # samples in any of the sets
    together: pl.DataFrame = field(default_factory=columns.SET_RATES.to_frame)
    at_most: tuple[tuple[str, float], ...] = ()
    """By version, what its error over all samples would fall by if every error in the sets vanished; a bound."""


TOGETHER = "sample-problems"
"""The key under which all samples with a problem are one set."""
