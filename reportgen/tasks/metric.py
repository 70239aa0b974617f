"""What a metric is: its words, and the two columns whose sums it divides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.model import MetricInfo, Outcomes, PartCounts, PixelCells
from reportgen.stats import influence
from reportgen.stats.intervals import NO_BOUNDS, UNIT, Bounds

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Kind = Literal["binary", "ratio", "influence", "auroc", "average_precision", "calibration", "objects"]
"""binary: a ratio of sums of 0 and 1; ratio: any other ratio of sums; influence: a smooth function of sums with an
interval from influence values; auroc, average_precision, calibration and objects need the rows, sorted by score."""


@dataclass(frozen=True, eq=False)
class Side:
    """One version's outcomes as arrays over all samples; ``None`` where the version does not have them."""

    target: Array
    scored: Flags
    prediction: Array
    correct: npt.NDArray[np.int8]
    confidence: npt.NDArray[np.float32] | None
    score: Floats | None
    probabilities: tuple[npt.NDArray[np.float32] | Floats, ...]  # as their file has them
    classes: tuple[str, ...]
    positive: int | None
    tolerance: float | None
    costs: Floats | None = None  # costs[truth, prediction], by class code
    parts: PartCounts | None = None
    boundaries: PartCounts | None = None  # of pixels: of those in the boundary of a mask alone
    cells: PixelCells | None = None  # of pixels
    errors: npt.NDArray[np.int64] | None = None  # types × samples, of objects

    def members(self, klass: int) -> Flags:
        """The samples that truly are of a class, or have a part of it; of parts, scored samples alone are told."""
        if self.parts is None:
            return np.asarray(self.target == klass)
        counts = self.parts
        begin, end = np.searchsorted(counts.klass, [klass, klass + 1])
        true = (counts.right[begin:end] + counts.missed[begin:end]) > 0
        found = np.zeros(counts.n_samples, bool)
        found[counts.sample[begin:end][true]] = True
        return found

    def class_score(self, klass: int) -> Floats | None:
        """The score that ranks samples by how likely they are of a class."""
        if self.probabilities:
            return self.probabilities[klass].astype(np.float64)
        return self.score if klass == self.positive else None


@dataclass(frozen=True, eq=False)
class ClassTerms:
    """x and w of ratios, of which each class has its own: an entry a sample and class, others are 0."""

    sample: npt.NDArray[np.int64]
    klass: npt.NDArray[np.int64]
    x: Floats
    w: Floats


@dataclass(frozen=True)
class Metric:
    """A metric of a task: ``terms(side, class)`` gives x and w a sample, before weights; the value is Σx / Σw."""

    info: MetricInfo
    kind: Kind
    terms: Callable[[Side, int], tuple[Floats, Floats]] | None = None
    available: Callable[[Side], bool] = lambda _side: True
    compared: bool = True  # False: neither direction is better
    bounds: Bounds = NO_BOUNDS  # of a ratio; what is read anywhere is ``reach``
    counts_missing: bool = False  # over every sample, scored or not; overall alone
    by_class: bool = False  # beside the whole, of each class
    on_pairs: bool = True  # False: never on pairs of attributes
    averaged: Callable[[Side], ClassTerms] | None = None  # of an average over classes of ratios: x and w of each

    @property
    def needs_rows(self) -> bool:
        """Whether it is no function of sums."""
        return self.kind in {"auroc", "average_precision", "calibration", "objects"}

    @property
    def reach(self) -> Bounds:
        """The least and the largest value that it can have."""
        if self.kind == "binary" or self.needs_rows:
            return UNIT
        return influence.BOUNDS.get(self.name, self.bounds)

    @property
    def name(self) -> str:
        """Its one name, in the manifest, ``report.json`` and code."""
        return self.info.name


def can_lead(metric: Metric) -> bool:
    """Whether a slice can be held against its rest by it: it has terms a sample, or is an average over classes."""
    return (metric.terms is not None or metric.averaged is not None) and not metric.info.per_class


def with_classes(metrics: Iterable[Metric], n_classes: int) -> Iterator[Metric]:
    """The metrics, and behind each that is of classes beside the whole the same once more, of classes alone.

    One class alone is the whole.
    """
    for metric in metrics:
        yield metric
        if metric.by_class and n_classes > 1:
            yield replace(metric, info=replace(metric.info, per_class=True), by_class=False, on_pairs=False)


def with_missing_as_wrong(metrics: Sequence[Metric], sides: Sequence[Side]) -> tuple[Metric, ...]:
    """The metrics, and beside the share that is right the same with missing predictions counted as wrong.

    A version's other values are over the samples that it scored, so that one which skips the hard ones looks better
    than it is; where every version scored every sample there is nothing to add.
    """
    found = []
    for metric in metrics:
        found.append(metric)
        if metric.name in {"accuracy", "within_tolerance"} and not all(side.scored.all() for side in sides):
            info = replace(
                metric.info,
                name=f"{metric.name}_missing_as_wrong",
                label=f"{metric.info.label}, missing counted as wrong",
                plain=f"{metric.info.plain}, of all samples: one without a usable prediction counts as wrong",
            )
            found.append(Metric(info, "binary", _right_of_all, counts_missing=True))
    return tuple(found)


def _right_of_all(side: Side, _k: int) -> tuple[Floats, Floats]:
    return side.correct.astype(np.float64) * side.scored, np.ones(len(side.scored))


def side_of(outcomes: Outcomes, version: int) -> Side:
    """The arrays of one version, in the order of the outcome frame."""
    frame = outcomes.frame

    def optional(name: str) -> Array | None:
        return frame[name].to_numpy() if name in frame.columns else None

    parts = outcomes.parts
    classes = outcomes.classes if parts is None else parts.classes
    probabilities = tuple(
        frame[name].to_numpy()
        for k in range(len(classes))
        if (name := columns.probability(k, version)) in frame.columns
    )
    confidence = optional(columns.confidence(version))
    score = optional(columns.score(version))
    return Side(
        target=frame[columns.TARGET].to_numpy(),
        scored=frame[columns.scored(version)].to_numpy().astype(bool),
        prediction=frame[columns.prediction(version)].fill_null(np.nan).to_numpy()
        if frame[columns.prediction(version)].dtype == pl.Float64
        else frame[columns.prediction(version)].to_numpy(),
        correct=frame[columns.correct(version)].to_numpy(),
        confidence=None if confidence is None else confidence.astype(np.float32),
        score=None if score is None else score.astype(np.float64),
        probabilities=probabilities if len(probabilities) == len(classes) else (),
        classes=classes,
        positive=outcomes.classes.index(outcomes.positive) if outcomes.positive is not None else None,
        tolerance=outcomes.tolerance,
        costs=None if outcomes.costs is None else np.array(outcomes.costs, np.float64),
        parts=None if parts is None else parts.counts[version],
        boundaries=parts.boundaries[version] if parts is not None and parts.boundaries else None,
        cells=parts.cells[version] if parts is not None and parts.cells else None,
        errors=parts.errors[version] if parts is not None and parts.errors else None,
    )
