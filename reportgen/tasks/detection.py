"""Detection: boxes with a class and a score, found where they overlap a true object by half or more."""

from __future__ import annotations

from reportgen.model import MetricInfo
from reportgen.tasks import parts
from reportgen.tasks.metric import Metric

PRIMARY = "f1"


def _average(name: str, label: str, plain: str, *, by_class: bool = False) -> Metric:
    return Metric(
        MetricInfo(name, label, plain, "rate", True),
        "objects",
        available=lambda side: side.parts is not None,
        by_class=by_class,
    )


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
)
