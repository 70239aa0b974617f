"""What a card is about: a finding's slice, its failures, and what the other parts know of the samples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.analysis import sentences
from reportgen.analysis.judged_words import fill, words_of
from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.faults import WRONG, Fault
from reportgen.analysis.quality.support import CodedTables
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
    """One finding's slice and its failures: one entry a row of the outcome frame.

    ``loss`` is what each sample adds: of a change 1 where it broke, -1 where it was fixed, else 0; of a weakness 1
    where it fails; of values how far it is off, or by how much further than before.
    """

    measure: Measure
    finding: int
    slice: Slice
    inside: Flags
    mode: Mode
    baseline: int | None
    candidate: int
    loss: Floats
    fault: Fault = WRONG

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
    def classes(self) -> bool:
        """Whether a sample is right or wrong; else it is off by an amount."""
        return bool(self.outcomes.classes)

    @property
    def shares(self) -> bool:
        """Whether the loss of a sample is a share, from 0 to 1."""
        return self.classes or self.outcomes.parts is not None

    @property
    def binary(self) -> bool:
        """Whether the loss of a sample is 0 or 1."""
        return self.classes and self.mode == "weak" and self.fault.kind != "claim"

    @property
    def whole(self) -> bool:
        """Whether it is about all samples, so that there is no elsewhere."""
        return not self.slice.terms

    @property
    def gap(self) -> str:
        """What is to be explained, in a word."""
        return "loss" if self.whole and self.fault.kind != "claim" else "gap"

    @cached_property
    def among(self) -> Flags:
        """The samples that every involved version scored, and that can fail so."""
        return np.asarray(np.logical_and.reduce([self.fault.bears_on(self.measure.sides[v]) for v in self.involved]))

    @cached_property
    def failed(self) -> Flags:
        """The failures to look at; none of values."""
        if not self.classes:
            return np.zeros(len(self.among), bool)
        failed = self.fault.failures(self.measure.sides[self.candidate])
        if self.fault.kind == "wrong" and self.mode == "change" and self.baseline is not None:
            old = self.measure.sides[self.baseline]
            failed = failed & old.scored & (old.correct == 1)
        return np.asarray(self.among & failed)

    @property
    def fails(self) -> str:
        """What the failures are, in words."""
        name = self.outcomes.versions[self.candidate]
        if self.fault.kind == "taken":
            return f"that {name} calls {self.outcomes.classes[self.fault.said]}"
        if self.fault.kind == "sure":
            return f"that {name} gets wrong and is sure of"
        words = words_of(self.outcomes)
        changed = self.mode == "change" and (self.fault is WRONG or not self.classes)
        return fill(words.fails_more if changed else words.fails, candidate=name)

    @property
    def failing(self) -> str:
        """The failures in the words of a link, after their number."""
        if self.fault.kind == "taken":
            return f"called {self.outcomes.classes[self.fault.said]}"
        return {"newly_broken": "newly broken", "sure_wrong": "sure but wrong"}.get(self._failures[0][1], "wrong")

    @property
    def _failures(self) -> tuple[tuple[str, str], ...]:
        """The state of Examples that holds the failures."""
        if self.fault.kind == "taken":
            return ("set", "all"), ("predicted", self.outcomes.classes[self.fault.said])
        if self.fault.kind == "sure":
            return (("set", "sure_wrong"),)
        return (("set", "newly_broken" if self.mode == "change" else "wrong"),)

    def link(self, text: str, count: int, found: SampleSet | None = None, *, failed: bool = True) -> Link:
        """To the slice's failures, or to all its samples; of a set that a check found, if it is given."""
        outcomes = self.outcomes
        name = outcomes.versions[self.candidate]
        state: list[tuple[str, str]] = list(self._failures) if failed else [("set", "all")]
        state += sentences.slice_state(self.slice, outcomes.attributes, name)
        if found is not None:
            state.append((f"a.{found_filter(found.name, outcomes.attributes)}", IN_SET))
        return Link("examples", text, tuple(state), count)


def losses(
    measure: Measure, mode: Mode, baseline: int | None, candidate: int, training: int = 0, fault: Fault = WRONG
) -> Floats:
    """What each sample adds to the loss that a card is about, by one training of the candidate."""
    new = measure.trainings[candidate][training]
    if baseline is None or mode == "weak":
        return fault.amounts(new)
    old = measure.sides[baseline]
    return np.where(new.scored & old.scored, fault.amounts(new) - fault.amounts(old), 0.0)


@dataclass(frozen=True, eq=False)
class Background:
    """What the other parts found, as far as cards need it."""

    inspection: Inspection
    supports: pl.DataFrame  # ``columns.SUPPORTS``
    trained: Flags  # the samples of the splits that versions were trained on
    tables: CodedTables  # what versions were trained on

    def look_alikes(self) -> npt.NDArray[np.int64] | None:
        """The rows of each sample's look-alikes, -1: fewer; none without embeddings."""
        found = self.inspection.look_alikes
        return None if found is None else found.rows


def unknown(key: EvidenceKey, question: str, said: str, why: str) -> Evidence:
    """A row that can't tell: why, and what would."""
    return Evidence(key, question, said, None, why)


def in_sets(sets: list[SampleSet], n: int) -> Flags:
    """Which of ``n`` samples are in any of the sets."""
    inside = np.zeros(n, bool)
    for one in sets:
        inside[one.rows] = True
    return inside
