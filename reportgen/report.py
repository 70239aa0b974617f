"""The one complete result, from which the site, ``report.json``, the summary and the exit code are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.inspection import Inspection
from reportgen.model import (
    Answer,
    Attribute,
    Belief,
    Counts,
    Coverage,
    ExampleSet,
    Family,
    Finding,
    Gate,
    History,
    InputFile,
    Limits,
    MetricInfo,
    Note,
    Outcomes,
    PinnedSet,
    Power,
    Release,
    RunSpread,
    Search,
    Slice,
    Trace,
    Unpaired,
    Version,
)


@dataclass(frozen=True, eq=False)
class ObjectSlices:
    """Slices of the true objects (no crowds): how many of each kind a version finds.

    ``outcomes`` has a row an object, whose group is its sample, or that one's group; right means found. The tables
    follow the schemas of ``columns.py`` with objects for samples; of all objects together they say nothing, for that is
    the samples' recall.
    """

    metric: MetricInfo
    outcomes: Outcomes
    samples: npt.NDArray[np.int64]  # of each object the row of its sample, ascending
    slices: tuple[Slice, ...]
    estimates: pl.DataFrame
    comparisons: pl.DataFrame
    families: tuple[Family, ...]
    weaknesses: pl.DataFrame
    flips: pl.DataFrame
    searches: tuple[Search, ...]
    discoveries: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Report:
    """The one complete result. Frames follow the schemas of ``columns.py``."""

    title: str
    task: str
    created: datetime
    baseline: str | None  # None: one version
    candidate: str
    manifest_path: str
    manifest_sha256: str
    manifest_inferred: bool
    inputs: tuple[InputFile, ...]
    sampled: int | None  # --sample N
    counts: Counts
    versions: tuple[Version, ...]
    metrics: tuple[MetricInfo, ...]
    attributes: tuple[Attribute, ...]
    limits: Limits
    slices: tuple[Slice, ...]
    estimates: pl.DataFrame
    comparisons: pl.DataFrame
    families: tuple[Family, ...]
    weaknesses: pl.DataFrame
    flips: pl.DataFrame
    confusions: pl.DataFrame
    confusion_changes: pl.DataFrame
    example_sets: tuple[ExampleSet, ...]
    examples: pl.DataFrame
    answer: Answer
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    outcomes: Outcomes
    unpaired: tuple[Unpaired, ...] = ()  # built pairs whose versions scored different samples
    trace: Trace | None = None
    runs: pl.DataFrame = field(default_factory=columns.RUNS.to_frame)
    supports: pl.DataFrame = field(default_factory=columns.SUPPORTS.to_frame)
    contributions: pl.DataFrame = field(default_factory=columns.CONTRIBUTIONS.to_frame)
    spreads: tuple[RunSpread, ...] = ()  # one a built pair that is compared
    history: History | None = None  # none: the manifest keeps none, or this is a quick look
    gates: tuple[Gate, ...] = ()
    release: Release | None = None  # none: the manifest has no gates
    beliefs: tuple[Belief, ...] = ()
    pinned: tuple[PinnedSet, ...] = ()
    searches: tuple[Search, ...] = ()
    coverage: Coverage | None = None  # none: no two attributes slice
    power: tuple[Power, ...] = ()
    confidence_bins: pl.DataFrame = field(default_factory=columns.CONFIDENCE_BINS.to_frame)
    calibrations: pl.DataFrame = field(default_factory=columns.CALIBRATIONS.to_frame)
    claims: pl.DataFrame = field(default_factory=columns.CLAIMS.to_frame)
    risks: pl.DataFrame = field(default_factory=columns.RISKS.to_frame)
    cutoffs: pl.DataFrame = field(default_factory=columns.CUTOFFS.to_frame)
    matches: pl.DataFrame = field(default_factory=columns.MATCHES.to_frame)
    discoveries: pl.DataFrame = field(default_factory=columns.DISCOVERIES.to_frame)
    object_errors: pl.DataFrame = field(default_factory=columns.OBJECT_ERRORS.to_frame)
    object_comparisons: pl.DataFrame = field(default_factory=columns.COMPARISONS.to_frame)
    """As ``comparisons``, of average precision and recall of objects over all samples between the versions that are not
    the baseline: the earlier one of two is held against. Their ``decimals`` are null."""
    object_gain_changes: pl.DataFrame = field(default_factory=columns.OBJECT_GAIN_CHANGES.to_frame)
    object_changes: pl.DataFrame = field(default_factory=columns.OBJECT_CHANGES.to_frame)
    overlaps: pl.DataFrame = field(default_factory=columns.OVERLAPS.to_frame)
    placements: pl.DataFrame = field(default_factory=columns.PLACEMENTS.to_frame)
    sequences: pl.DataFrame = field(default_factory=columns.SEQUENCES.to_frame)
    inspection: Inspection = field(default_factory=Inspection)
    pixel_confusions: pl.DataFrame = field(default_factory=columns.PIXEL_CONFUSIONS.to_frame)
    pixel_changes: pl.DataFrame = field(default_factory=columns.PIXEL_CHANGES.to_frame)
    objects: ObjectSlices | None = None  # none: no task of objects, or nothing to slice them by
    label_errors: pl.DataFrame = field(default_factory=columns.LABEL_ERRORS.to_frame)
    label_error_changes: pl.DataFrame = field(default_factory=columns.LABEL_ERROR_CHANGES.to_frame)

    @property
    def primary(self) -> MetricInfo:
        """The metric that leads: the manifest's first, or the task's."""
        return next(metric for metric in self.metrics if metric.primary)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The built pairs: the baseline with each other version."""
        return tuple((self.baseline, v.name) for v in self.versions if self.baseline and v.name != self.baseline)
