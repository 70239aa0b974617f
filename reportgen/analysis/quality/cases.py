"""What a card is about: a finding's slice, its failures, and what the other parts know of the samples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.analysis import sentences
from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import IN_SET, found_filter
from reportgen.inspection import Inspection, SampleSet
from reportgen.inspection.cards import Evidence, EvidenceKey
from reportgen.model import Link, Outcomes, Slice
from reportgen.tasks.metric import Flags, Floats

CHANCE = 0.05
"""The slice's failures against the rest's: below this chance there is something to explain."""

SHARES = (0.1, 0.25, 0.5)
"""From which share of what is to be explained on a row leans slightly, clearly and strongly."""

Mode = Literal["change", "weak"]


@dataclass(frozen=True, eq=False)
class Case:
    """One finding's slice and its failures: one entry a row of the outcome frame."""

    measure: Measure
    finding: int
    slice: Slice
    inside: Flags
    mode: Mode
    baseline: int | None
    candidate: int
    loss: Floats  # 1 where a sample fails, 0 else; of values how far it is off, or by how much further than before

    @property
    def outcomes(self) -> Outcomes:
        """The samples, and what the versions made of them."""
        return self.measure.outcomes

    @property
    def involved(self) -> tuple[int, ...]:
        """The versions by whose predictions the failures were chosen."""
        pair = (self.baseline, self.candidate) if self.mode == "change" else (self.candidate,)
        return tuple(v for v in pair if v is not None)

    @property
    def binary(self) -> bool:
        """Whether a sample fails or doesn't; else it is off by an amount."""
        return bool(self.outcomes.classes)

    @cached_property
    def among(self) -> Flags:
        """The samples that every involved version scored."""
        return np.asarray(np.logical_and.reduce([self.measure.sides[v].scored for v in self.involved]))

    @cached_property
    def failed(self) -> Flags:
        """The failures; none of values."""
        return np.asarray(self.among & (self.loss > 0)) if self.binary else np.zeros(len(self.among), bool)

    @property
    def fails(self) -> str:
        """What the failures are, in words."""
        name = self.outcomes.versions[self.candidate]
        if self.binary:
            return f"newly broken by {name}" if self.mode == "change" else f"that {name} gets wrong"
        return f"where {name} is off further" if self.mode == "change" else f"where {name} is off"

    @property
    def set_name(self) -> str:
        """The set of Examples that holds the failures."""
        return "newly_broken" if self.mode == "change" else "wrong"

    def link(self, text: str, count: int, found: SampleSet | None = None, *, failed: bool = True) -> Link:
        """To the slice's failures, or to all its samples; of a set that a check found, if it is given."""
        outcomes = self.outcomes
        name = outcomes.versions[self.candidate]
        state: list[tuple[str, str]] = [("set", self.set_name if failed else "all")]
        state += sentences.slice_state(self.slice, outcomes.attributes, name)
        if found is not None:
            state.append((f"a.{found_filter(found.name, outcomes.attributes)}", IN_SET))
        return Link("examples", text, tuple(state), count)


def losses(measure: Measure, mode: Mode, baseline: int | None, candidate: int, training: int = 0) -> Floats:
    """What each sample adds to the loss that a card is about, by one training of the candidate."""
    new = measure.trainings[candidate][training]
    old = None if baseline is None or mode == "weak" else measure.sides[baseline]
    if measure.outcomes.classes:
        wrong = new.scored & (new.correct == 0)
        failed = wrong if old is None else wrong & old.scored & (old.correct == 1)
        return np.asarray(failed, np.float64)
    off = np.nan_to_num(np.abs(new.prediction - new.target))
    return np.asarray(off if old is None else off - np.nan_to_num(np.abs(old.prediction - old.target)), np.float64)


@dataclass(frozen=True, eq=False)
class Background:
    """What the other parts found, as far as cards need it."""

    inspection: Inspection
    supports: pl.DataFrame  # ``columns.SUPPORTS``
    trained: Flags  # the samples of the splits that versions were trained on

    def alike(self, target: npt.NDArray[np.int64]) -> Floats | None:
        """Of each sample's look-alikes the share with its label, NaN where it has none; none without embeddings."""
        found = self.inspection.look_alikes
        if found is None:
            return None
        known = found.rows >= 0
        same = ((target[found.rows] == target[:, None]) & known).sum(axis=1)
        n = known.sum(axis=1)
        return np.asarray(np.where(n > 0, same / np.maximum(n, 1), np.nan))


def unknown(key: EvidenceKey, question: str, said: str, why: str) -> Evidence:
    """A row that can't tell: why, and what would."""
    return Evidence(key, question, said, None, why)


def in_set(one: SampleSet | None, n: int) -> Flags:
    """Which of ``n`` samples are in a set; none where there is no set."""
    inside = np.zeros(n, bool)
    if one is not None:
        inside[one.rows] = True
    return inside
