"""Detection: boxes with a class and a score, found where they overlap a true object by half or more."""

from __future__ import annotations

from reportgen.model import MetricInfo
from reportgen.stats.object_errors import Error
from reportgen.tasks import parts
from reportgen.tasks.metric import Floats, Metric, Side

PRIMARY = "f1"


def _average(name: str, label: str, plain: str, *, by_class: bool = False) -> Metric:
    return Metric(
        MetricInfo(name, label, plain, "rate", True),
        "objects",
        available=lambda side: side.parts is not None,
        by_class=by_class,
    )


_OF_TWO_CLASSES = (Error.CLASS, Error.BOTH)
"""Errors that need another class."""


def _error(kind: Error, name: str, label: str, plain: str) -> Metric:
    def terms(side: Side, _k: int) -> tuple[Floats, Floats]:
        assert side.errors is not None
        right, false, missed = parts.totals(side, -1)
        of = right + (missed if kind == Error.MISSED else false)
        return (side.errors[kind - 1] * side.scored).astype(float), of

    return Metric(
        MetricInfo(name, label, plain, "rate", False),
        "ratio",
        terms,
        available=lambda side: side.errors is not None and (len(side.classes) > 1 or kind not in _OF_TWO_CLASSES),
        bounds=(0.0, 1.0),
        on_pairs=False,
    )


ERRORS: dict[Error, Metric] = {
    kind: _error(kind, name, label, f"of the {of}")
    for kind, name, label, of in (
        (Error.CLASS, "classification_error", "Wrong class", "detections, the share on an object of another class"),
        (
            Error.LOCATION,
            "localisation_error",
            "Badly placed",
            "detections, the share that overlaps an object of its class by less than half",
        ),
        (
            Error.BOTH,
            "both_error",
            "Wrong class and place",
            "detections, the share that only touches an object of another class",
        ),
        (
            Error.DUPLICATE,
            "duplicate_error",
            "Found twice",
            "detections, the share on an object that a surer one has found",
        ),
        (Error.BACKGROUND, "background_error", "On nothing", "detections, the share where no object is"),
        (
            Error.MISSED,
            "missed_error",
            "Missed outright",
            "true objects, the share that no detection finds, nor would if its class or place were put right",
        ),
    )
}
"""The share of errors of each type: the five of detections and precision add up to 1; of true objects the last."""

_AVERAGED = "precision, averaged over the finds as the cut-off is lowered"

METRICS: tuple[Metric, ...] = (
    *parts.averaged_metrics(
        "precision and recall of the objects in one figure, their harmonic mean",
        "of the detections, the share that is on an object of its class",
        "of the true objects, the share that is found",
    ),
    _average("ap", "AP", f"{_AVERAGED}, over overlaps from 0.50 to 0.95 and over classes", by_class=True),
    _average("ap50", "AP at 0.50", f"{_AVERAGED}, at an overlap of 0.50", by_class=True),
    _average("ap75", "AP at 0.75", f"{_AVERAGED}, at an overlap of 0.75"),
    _average("ap_small", "AP, small objects", "AP over objects of up to 32 × 32 pixels"),
    _average("ap_medium", "AP, medium objects", "AP over objects between 32 × 32 and 96 × 96 pixels"),
    _average("ap_large", "AP, large objects", "AP over objects from 96 × 96 pixels on"),
    _average("ar1", "AR, 1 detection", "recall over overlaps from 0.50 to 0.95, one detection a class and image"),
    _average("ar10", "AR, 10 detections", "recall over overlaps from 0.50 to 0.95, ten detections a class and image"),
    _average("ar100", "AR, 100 detections", "recall over overlaps from 0.50 to 0.95, a hundred a class and image"),
    _average("ar_small", "AR, small objects", "average recall over objects of up to 32 × 32 pixels"),
    _average("ar_medium", "AR, medium objects", "average recall over objects between 32 × 32 and 96 × 96 pixels"),
    _average("ar_large", "AR, large objects", "average recall over objects from 96 × 96 pixels on"),
    *ERRORS.values(),
)
