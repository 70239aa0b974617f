"""Segmentation: a class for each pixel of an image, or none."""

from __future__ import annotations

import numpy as np

from reportgen.model import MetricInfo, PartCounts, PixelCells
from reportgen.stats.pixels import SampleSums
from reportgen.tasks import parts
from reportgen.tasks.metric import ClassTerms, Floats, Metric, Side

PRIMARY = "iou"
PRIMARY_OF_CLASSES = "mean_iou"
"""What leads where there are several classes."""


def count_areas(sums: SampleSums, n_samples: int) -> PartCounts:
    """How many pixels of each class are right, false and missed in each sample."""
    return parts.count_parts(n_samples, *sums.areas())


def count_boundaries(sums: SampleSums, n_samples: int) -> PartCounts:
    """The same of the pixels in the boundaries of masks alone."""
    return parts.count_parts(n_samples, *sums.boundaries())


def count_cells(sums: SampleSums, n_samples: int) -> PixelCells:
    """The confusion of pixels of each sample."""
    return PixelCells(n_samples, sums.sample, sums.true, sums.predicted, sums.n)


def agreed_and_counted(cells: PixelCells) -> tuple[parts.Ints, parts.Ints]:
    """Pixels of each sample of which the class, or background, is right, and all that the truth does not ignore."""
    right = cells.n * (cells.target == cells.prediction)
    found = [np.bincount(cells.sample, one, cells.n_samples).astype(np.int64) for one in (right, cells.n)]
    return found[0], found[1]


def _boundary_iou(side: Side, klass: int) -> tuple[Floats, Floats]:
    """Terms of intersection over union of the boundaries; Cheng et al., CVPR 2021."""
    assert side.boundaries is not None
    right, false, missed = parts.counted(side.boundaries, side, klass)
    return right, right + false + missed


def _pixel_accuracy(side: Side, _k: int) -> tuple[Floats, Floats]:
    """Pixels whose class, or background, is right ÷ all that the truth does not ignore."""
    assert side.cells is not None
    agreed, counted = (one * side.scored for one in agreed_and_counted(side.cells))
    return agreed.astype(np.float64), counted.astype(np.float64)


def _by_class(side: Side) -> ClassTerms:
    """Intersection and union of each class in each sample that is scored."""
    counts = side.parts
    assert counts is not None
    own = side.scored[counts.sample]
    right, union = counts.right[own], (counts.right + counts.false + counts.missed)[own]
    return ClassTerms(counts.sample[own], counts.klass[own], right.astype(np.float64), union.astype(np.float64))


def _info(name: str, label: str, plain: str) -> MetricInfo:
    return MetricInfo(name, label, plain, "rate", True)


_OVER = "pixels of a class that truth and prediction share ÷ all that either has"

METRICS: tuple[Metric, ...] = (
    Metric(_info("iou", "IoU", _OVER), "ratio", parts.jaccard, bounds=(0.0, 1.0), by_class=True),
    Metric(
        _info(PRIMARY_OF_CLASSES, "Mean IoU", f"{_OVER}, averaged over classes, each counting the same"),
        "influence",
        available=lambda side: len(side.classes) > 1,
        bounds=(0.0, 1.0),
        averaged=_by_class,
    ),
    Metric(
        _info("dice", "Dice", "twice the pixels that truth and prediction share ÷ those of the one and of the other"),
        "ratio",
        parts.f1,
        bounds=(0.0, 1.0),
        by_class=True,
    ),
    Metric(
        _info("boundary_iou", "Boundary IoU", "IoU of the pixels along the borders of the masks alone"),
        "ratio",
        _boundary_iou,
        bounds=(0.0, 1.0),
        by_class=True,
    ),
    Metric(
        _info("pixel_accuracy", "Pixel accuracy", "share of all pixels, background too, whose class is right"),
        "ratio",
        _pixel_accuracy,
        bounds=(0.0, 1.0),
    ),
)
