"""Copies and look-alikes: samples that are the same twice, or nearly, and what they do to the figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.inspection.sets import SampleSet


@dataclass(frozen=True)
class Compared:
    """One way in which samples were compared."""

    what: Literal["images", "texts", "vectors"]
    n: int  # samples that have what is compared
    n_plain: int = 0  # images that are too plain for a near look-up: only equal ones are found among them
    untold: bool = False  # so many are near that it does not tell them apart: only equal ones are taken as twins


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Families of twins (``columns.TWIN_FAMILIES``), most telling first, and what leaving the copies out changes.

    ``copies`` are the rows that one would leave out: all of each family but the one that is kept, families apart that
    lie within one group (of frames: one sequence) and one split, where likeness is expected. Of a family over several
    sequences the one of the kept sample is kept whole.
    """

    compared: tuple[Compared, ...]
    families: pl.DataFrame = field(default_factory=columns.TWIN_FAMILIES.to_frame)
    n_pairs: int = 0  # pairs of twins that were found, copies of equal content counted once each
    copies: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    effects: pl.DataFrame = field(default_factory=columns.TWIN_EFFECTS.to_frame)
    sets: tuple[SampleSet, ...] = ()


@dataclass(frozen=True, eq=False)
class LookAlikes:
    """The nearest samples of each by the embedding, nearest first: rows of the outcome frame × k; -1: fewer."""

    rows: npt.NDArray[np.int64]
    similarity: npt.NDArray[np.float64]  # cosine; NaN: fewer

    @property
    def k(self) -> int:
        """How many nearest samples were asked for."""
        return int(self.rows.shape[1])
