"""What the browser needs to compute any metric on any samples: which there are, and the columns that some rest on.

Most follow from targets, predictions and confidences. The others rest on probabilities, which are too much to send:
they have a column of their own, which is loaded when somebody asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from reportgen.analysis.measure import MAX_SLICED_CLASSES, classes_of
from reportgen.model import MetricInfo, PartKind
from reportgen.report import Report
from reportgen.site.packing import Chunk, pack_codes, pack_floats, pack_ranks
from reportgen.tasks import detection
from reportgen.tasks.known import task_of
from reportgen.tasks.metric import Metric, Side, side_of, with_missing_as_wrong

DERIVED = frozenset(
    {
        *("accuracy", "accuracy_missing_as_wrong", "recall", "precision", "f1", "specificity"),
        *("false_positive_rate", "false_negative_rate", "sure_wrong_rate", "cost"),
        *("mae", "bias", "mape", "smape", "within_tolerance", "within_tolerance_missing_as_wrong"),
        *("exact_match", "jaccard", "hamming_loss"),
        *("iou", "dice", "boundary_iou", "pixel_accuracy"),
        *(metric.name for metric in detection.ERRORS.values()),
    }
)
"""The ratios of sums whose terms the browser derives by itself; of any other one it gets them."""

OF_CLASSES = frozenset({"iou", "dice"})
"""Those of which it derives the terms of each class of parts, too."""

CLASS_CHUNKS: Mapping[PartKind, Mapping[str, str]] = {
    "object": dict.fromkeys(("f1", "precision", "recall"), "object-cutoffs"),
    "pixel": {"boundary_iou": "near-class-right-0"},
    "label": dict.fromkeys(("f1", "precision", "recall"), "label-state-0"),
}
"""By what parts are, those of which it derives the terms of each class once a chunk is loaded, and which one."""


def describe_metrics(report: Report) -> list[dict[str, object]]:
    """The report's metrics in its order, as the browser's engine takes them.

    ``versions`` says for each version whether it has what the metric needs (of several trainings, the first);
    ``classes`` are the class codes it is computed for, null where it is of no class, and none where it would need rank
    columns of too many; ``by_class`` those it is computed for beside the whole, and ``class_chunk`` what must be loaded
    for that; ``chunk`` whether a version's terms are a column of their own; ``missing`` whether it counts every sample,
    scored or not.
    """
    sides, parts = sides_of(report), report.outcomes.parts
    class_chunks = CLASS_CHUNKS.get(parts.kind, {}) if parts else {}
    return [
        {
            "name": info.name,
            "label": info.label,
            "plain": info.plain,
            "unit": info.unit,
            "higher": info.higher_is_better,
            "primary": info.primary,
            "per_class": info.per_class,
            "kind": metric.kind,
            "bounds": [limit if math.isfinite(limit) else None for limit in metric.reach],
            "compared": metric.compared,
            "missing": metric.counts_missing,
            "versions": [metric.available(side) for side in sides],
            "classes": _classes(metric, sides[0]),
            "by_class": _beside_the_whole(metric, sides[0], class_chunks),
            "class_chunk": class_chunks.get(metric.name),
            "chunk": has_terms(metric),
        }
        for info, metric in metrics_of(report, sides)
    ]


def metric_chunks(report: Report) -> dict[str, Chunk]:
    """What is loaded when somebody asks: ``terms-{metric}-{v}``, and ``rank-{k}-{v}`` of each class with ranks."""
    sides = sides_of(report)
    metrics = [metric for _, metric in metrics_of(report, sides)]
    sent = [(metric, v, side) for metric in metrics if has_terms(metric) for v, side in enumerate(sides)]
    chunks = {
        f"terms-{metric.name}-{v}": pack_terms(metric, side) for metric, v, side in sent if metric.available(side)
    }
    ranked = next((metric for metric in metrics if metric.kind in {"auroc", "average_precision"}), None)
    for k in (_classes(ranked, sides[0]) or []) if ranked else []:
        for v, side in enumerate(sides):
            score = side.class_score(k)
            if score is not None:
                chunks[f"rank-{k}-{v}"] = pack_ranks(np.where(side.scored, score, np.nan))
    return chunks


def pack_terms(metric: Metric, side: Side) -> Chunk:
    """What a scored sample adds to the numerator, 0 for others; to the denominator each scored one adds 1."""
    assert metric.terms is not None
    x, _ = metric.terms(side, -1)
    return pack_codes(pl.Series(x.astype(np.int8) - 1), 1) if metric.kind == "binary" else pack_floats(x, "f64")


def sides_of(report: Report) -> list[Side]:
    """Every version's outcomes as arrays; of several trainings, those of the first."""
    return [side_of(report.outcomes, v) for v in range(len(report.outcomes.versions))]


def metrics_of(report: Report, sides: Sequence[Side]) -> Iterator[tuple[MetricInfo, Metric]]:
    """The report's metrics, with how each is computed."""
    task = task_of(report.outcomes)
    known = {metric.name: metric for metric in with_missing_as_wrong(task.metrics, sides)}
    for info in report.metrics:
        yield info, known[info.name]


def has_terms(metric: Metric) -> bool:
    """Whether the browser cannot derive the terms of this ratio of sums."""
    return metric.terms is not None and not metric.info.per_class and metric.name not in DERIVED


def _classes(metric: Metric, side: Side) -> list[int] | None:
    found = [klass for klass in classes_of(metric, side) if klass is not None]
    if metric.needs_rows and len(found) > MAX_SLICED_CLASSES:
        return []
    return found if metric.info.per_class else None


def _beside_the_whole(metric: Metric, side: Side, class_chunks: Mapping[str, str]) -> list[int]:
    own = metric.by_class and (metric.kind == "objects" or metric.name in {*OF_CLASSES, *class_chunks})
    return list(range(len(side.classes))) if own and len(side.classes) > 1 else []
