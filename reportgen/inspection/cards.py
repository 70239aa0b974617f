"""Data or model? The evidence about one finding, row by row; leans are never added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.model import Link

EvidenceKey = Literal[
    "seen", "rarer", "drift", "labels", "others", "look_alikes", "problems", "copies", "repeats", "trainings"
]
"""What a row asks: see ``analysis/quality/cards.py``, which has a rule for each."""


@dataclass(frozen=True)
class Evidence:
    """One row of a card: a question, what the data say of it, and which way that leans.

    ``lean`` is -3 to -1 towards the data, 1 to 3 towards the model, 0 neither way; null: it can't be told.
    """

    key: EvidenceKey
    question: str
    said: str  # one or two sentences, with n and interval
    lean: int | None
    rule: str  # by which rule it leans so; where it can't be told, what would tell
    n: int = 0  # samples that the figure rests on
    value: float | None = None  # the figure that the rule goes by, with its interval
    low: float | None = None
    high: float | None = None
    link: Link | None = None


@dataclass(frozen=True)
class Card:
    """The evidence about one finding: one slice, and the cases that fail in it."""

    finding: int  # which of the report's findings, from 1
    slice: str
    place: str  # the slice in words: "at night in the rain"
    fails: str  # what its cases are: "newly broken by v2", "that v2 gets wrong"
    n: int  # samples of the slice that were compared
    n_failed: int
    stands: bool  # it fails more often there than elsewhere, beyond chance; else nothing leans
    gap: str  # what is to be explained, in a sentence: here against elsewhere; of all samples the loss itself
    delta: float | None  # its figure, with its interval
    low: float | None
    high: float | None
    rows: tuple[Evidence, ...]
    settle: str  # what would settle it

    def leaning(self, side: Literal["data", "model"]) -> tuple[Evidence, ...]:
        """The rows that lean one way."""
        sign = -1 if side == "data" else 1
        return tuple(row for row in self.rows if row.lean is not None and row.lean * sign > 0)


@dataclass(frozen=True)
class NoCard:
    """A finding that has no card, and why."""

    finding: int
    why: str
