"""What an inspection of the data found: frozen types alone, one module a question."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

import polars as pl

from reportgen import columns
from reportgen.inspection.attributes import AttributeChecks
from reportgen.inspection.boxes import BoxIssues
from reportgen.inspection.cards import Card, NoCard
from reportgen.inspection.duplicates import Duplicates, LookAlikes
from reportgen.inspection.labels import LabelIssues
from reportgen.inspection.parts import PartIssues
from reportgen.inspection.regions import RegionIssues
from reportgen.inspection.samples import SampleChecks
from reportgen.inspection.sets import Absent, Part, SampleSet
from reportgen.inspection.training import Training

__all__ = [
    "Absent",
    "AttributeChecks",
    "BoxIssues",
    "Duplicates",
    "Inspection",
    "LabelIssues",
    "LookAlikes",
    "Part",
    "PartIssues",
    "RegionIssues",
    "SampleChecks",
    "SampleSet",
    "Training",
]


@dataclass(frozen=True, eq=False)
class Inspection:
    """What the data themselves say. A part is none where it could not be looked at; ``absent`` says why.

    ``rates`` (``columns.SET_RATES``) hold each version's error in each set beside that in the rest.
    """

    labels: LabelIssues | None = None
    boxes: BoxIssues | None = None  # of annotated objects alone
    regions: RegionIssues | None = None  # of masks whose pixels are judged
    duplicates: Duplicates | None = None
    look_alikes: LookAlikes | None = None  # none: no embedding
    samples: SampleChecks | None = None
    attributes: AttributeChecks | None = None
    training: Training | None = None
    cards: tuple[Card, ...] = ()
    without_card: tuple[NoCard, ...] = ()  # the findings that have none
    absent: tuple[Absent, ...] = ()
    rates: pl.DataFrame = field(default_factory=columns.SET_RATES.to_frame)

    @property
    def sets(self) -> tuple[SampleSet, ...]:
        """Every set of samples that a check found, in the order of the page; their columns are ``set_{k}``."""
        parts = (
            self.labels,
            self.boxes,
            self.regions,
            self.duplicates,
            self.samples,
            self.attributes,
            self.training,
        )
        return tuple(chain.from_iterable(part.sets for part in parts if part is not None))
