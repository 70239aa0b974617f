"""Labels that look wrong: what speaks against them, and what correcting them would change."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.inspection.sets import SampleSet

SUSPECT_LABELS = "suspect-labels"
"""Key of the set that holds the candidates, in their order."""


@dataclass(frozen=True, eq=False)
class ClassNoise:
    """What confident learning says of one version: arrays by class code.

    ``joint[given][likely]`` is the estimated share of all samples with a given label whose likely one is another.
    """

    version: str
    n: int  # samples with probabilities and a label
    thresholds: npt.NDArray[np.float64]  # mean probability of a class over the samples labelled so
    joint: npt.NDArray[np.float64]  # sums to 1
    n_candidates: int

    @property
    def n_estimated(self) -> float:
        """How many labels the joint says are wrong: all that is off its diagonal, in samples."""
        return float(self.n * (1 - np.trace(self.joint)))


@dataclass(frozen=True)
class Reviewed:
    """What people who looked again made of the candidates, as far as the manifest's list has them."""

    file: str
    n: int  # samples that the list has
    n_unknown: int  # ids of the list that no sample has
    n_candidates: int  # of the candidates, those that were reviewed
    n_wrong: int  # of these, those whose label was wrong indeed
    n_suggested: int | None  # of these, those whose right label is the suggested one; null: of boxes, nobody is asked
    low: float | None  # the precision's interval (Wilson, with groups by their design effect); null: nothing reviewed
    high: float | None
    n_others: int  # reviewed samples that are no candidates
    n_others_wrong: int
    n_corrected: int  # of the labels that were wrong, those that the samples have right by now; of boxes, those that
    # are no candidates any more
    n_groups: int | None = None  # of the reviewed candidates; null: no groups
    from_top: bool = False  # candidates were reviewed from the first on, and others are left: it speaks of those alone

    @property
    def precision(self) -> float | None:
        """Of the reviewed candidates, the share whose label was wrong."""
        return self.n_wrong / self.n_candidates if self.n_candidates else None


@dataclass(frozen=True, eq=False)
class LabelIssues:
    """The candidates, ranked (``columns.LABEL_ISSUES``), and what correcting them would change.

    ``effects`` (``columns.LABEL_EFFECTS``) hold for each metric what it is, and what it would be at least and at most.
    """

    rule: str  # one sentence: which labels are candidates
    method: str  # "confident learning" | "agreement" | "shared residuals"
    candidates: pl.DataFrame = field(default_factory=columns.LABEL_ISSUES.to_frame)
    noise: tuple[ClassNoise, ...] = ()  # one a version with probabilities
    kinds: tuple[tuple[str, str, int], ...] = ()  # label, suggestion and how many, most first
    effects: pl.DataFrame = field(default_factory=columns.LABEL_EFFECTS.to_frame)
    n_checked: int = 0  # samples whose label was looked at
    n_in_sample: int = 0  # samples left out, since versions were trained on them
    reviewed: Reviewed | None = None
    suggested: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # regression: unrounded, by rank
    sets: tuple[SampleSet, ...] = ()
