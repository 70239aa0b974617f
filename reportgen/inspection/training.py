"""What versions were trained on: how it differs from the samples here, and from one version to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.inspection.sets import SampleSet

Test = Literal["chi-squared", "Kolmogorov-Smirnov"]
Relation = Literal["same rows", "contains", "within", "overlap", "apart", "unknown"]
"""What the later of two training tables is to the earlier one, by ids; unknown without ids, or where they repeat."""


@dataclass(frozen=True, eq=False)
class TrainingTable:
    """A training table as it is read: the columns that slice, with types as the samples have them.

    ``ids``, ``groups`` and ``texts`` are text, a row each, null where a row has none; none where the table has no such
    column. ``vectors`` have a row each, NaN where a row has none.
    """

    path: str
    sha256: str
    n_rows: int
    frame: pl.DataFrame
    ids: pl.Series | None = None
    groups: pl.Series | None = None
    texts: pl.Series | None = None
    vectors: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class ValueShare:
    """A value, or values of a pair, in training and here: counts, and shares of the samples whose value is known.

    ``expected``, of a pair: the share that it would have here, did the two hang together as they do in training.
    """

    values: tuple[str, ...]
    n_there: int
    n_here: int
    there: float
    here: float
    expected: float | None = None


@dataclass(frozen=True)
class Moved:
    """How far one attribute, or the mix of two, lies apart in training and here (``stats.drift.Drift``).

    ``moved``: q is below 0.05 and the index above ``THRESHOLD``. What could not be tested is null.
    """

    attributes: tuple[str, ...]  # one or two
    test: Test
    n_there: int  # rows of training whose value is known
    n_here: int
    psi: float | None  # the population stability index less what chance gives
    low: float | None
    high: float | None
    plain_psi: float | None
    chance: float | None
    jensen_shannon: float | None
    statistic: float | None
    df: int
    p: float | None
    q: float | None
    n_merged: int  # values that were too rare to stand for themselves
    moved: bool
    most: ValueShare | None  # what adds most to the index
    middles: tuple[float, float] | None = None  # of a number, its median in training and here

    @property
    def clear(self) -> bool:
        """Whether the difference is beyond chance, small as it may be."""
        return self.q is not None and self.q < CLEAR


IN_TRAINING = "in-training"
"""The key of the set of samples that a training table has too: by id, or by content."""
THRESHOLD = 0.1
"""From this index on, less what chance gives, one looks closer (Lewis 1994)."""
CLEAR = 0.05


@dataclass(frozen=True)
class TargetShare:
    """How often a class, or a bin of the target, occurs here and in training, each with its interval."""

    value: str
    n_here: int
    here: float | None
    here_low: float | None
    here_high: float | None
    n_there: int
    there: float | None
    there_low: float | None
    there_high: float | None


@dataclass(frozen=True)
class Unseen:
    """Values of an attribute that samples here have and no row of training has, with their counts here."""

    attribute: str
    values: tuple[tuple[str, int], ...]
    n: int  # samples that have any of them
    key: str | None = None  # of the set of these samples; null: the table in question is another


@dataclass(frozen=True)
class ContentCompared:
    """One way in which the content of samples here was looked for in a training table.

    ``n_same`` and ``n_near`` are samples here that it has too, each counted once: by id first, then by equal content.
    """

    what: Literal["texts", "vectors"]
    n_here: int  # samples that have what is compared
    n_there: int
    n_same: int = 0
    n_near: int = 0
    untold: bool = False  # so many are near that it doesn't tell them apart: only equal ones count
    too_many: bool = False  # more than are compared in one build: only equal ones count


@dataclass(frozen=True)
class TrainingSet:
    """One training table beside the samples here; ``versions`` are those that were trained on it."""

    versions: tuple[str, ...]
    n: int
    n_here: int  # samples it is held against: those of no split that versions were trained on
    lacking: tuple[str, ...]  # attributes of which it has no column
    attributes: tuple[Moved, ...] = ()  # in their order, the target among them
    pairs: tuple[Moved, ...] = ()  # of two attributes each, as far as there is a mix to tell
    target: tuple[TargetShare, ...] = ()  # in the order of the classes or bins; empty where it has no target
    unseen: tuple[Unseen, ...] = ()
    n_trained_on: int | None = None
    """Samples here that it has too: by id, and by every value that both tell. Null without ids."""
    content: tuple[ContentCompared, ...] = ()  # empty where the table has neither texts nor vectors
    other: tuple[tuple[str, int], ...] = ()  # attribute, and how many of its rows have a value that no sample here has

    @property
    def compared(self) -> tuple[Moved, ...]:
        """The attributes that could be tested."""
        return tuple(one for one in self.attributes if one.p is not None)


@dataclass(frozen=True)
class TrainingChange:
    """From one version's training table to another's. Rows are told apart by id; null where they can't be."""

    before: str
    after: str
    n_before: int
    n_after: int
    relation: Relation
    n_added: int | None = None
    n_removed: int | None = None
    n_relabelled: int | None = None  # of the rows that both have; null where either has no target
    relabelled: tuple[tuple[str, str, int], ...] = ()  # label before, label after and how many, most first


@dataclass(frozen=True, eq=False)
class Training:
    """Every table that versions name, each once, and what changed from the baseline's to each other version's.

    ``leaks`` (``columns.LEAKS``) are the samples here that any of the tables has too, most telling first; ``effects``
    (``columns.TWIN_EFFECTS``) what leaving them out changes.
    """

    tables: tuple[TrainingSet, ...]
    changes: tuple[TrainingChange, ...] = ()
    sets: tuple[SampleSet, ...] = field(default=())
    leaks: pl.DataFrame = field(default_factory=columns.LEAKS.to_frame)
    effects: pl.DataFrame = field(default_factory=columns.TWIN_EFFECTS.to_frame)

    def of(self, version: str | None) -> TrainingSet | None:
        """The table that a version was trained on; none where it names none."""
        return next((one for one in self.tables if version in one.versions), None)
