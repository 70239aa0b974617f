"""What counts as failing on a card: wrong answers, one class taken for another, confidence that is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from reportgen.tasks.classification import SURE
from reportgen.tasks.metric import Flags, Floats, Side

Kind = Literal["wrong", "taken", "sure", "claim"]


@dataclass(frozen=True)
class Fault:
    """One way to fail: wrong, a class taken for ``said``, wrong and sure of it, or claiming more than is delivered."""

    kind: Kind = "wrong"
    said: int = -1  # of a class taken for another: the other one's code

    def amounts(self, side: Side) -> Floats:
        """What each sample adds: 1 or 0, of values how far it is off, of parts the share that is wrong.

        Of a claim it is the confidence less 1 where right.
        """
        if self.kind == "claim":
            assert side.confidence is not None
            return np.where(side.scored, np.nan_to_num(side.confidence.astype(np.float64)) - (side.correct == 1), 0.0)
        if not side.classes or side.parts is not None:
            return np.where(side.scored, np.nan_to_num(np.abs(side.prediction - side.target)), 0.0)
        return self.failures(side).astype(np.float64)

    def failures(self, side: Side) -> Flags:
        """The samples that fail, of classes: those to look at."""
        if self.kind == "taken":
            return np.asarray(side.scored & (side.prediction == self.said) & (side.target != self.said))
        wrong = np.asarray(side.scored & (side.correct == 0))
        if self.kind == "sure":
            assert side.confidence is not None
            wrong &= side.confidence >= np.float32(SURE)
        return wrong

    def bears_on(self, side: Side) -> Flags:
        """The samples that can fail so: none of the class itself can be taken for it."""
        if self.kind == "taken":
            return np.asarray(side.scored & (side.target != self.said))
        return np.asarray(side.scored)


WRONG = Fault()
