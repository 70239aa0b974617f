"""F1, precision or recall of objects at every cut-off over all samples, as it stands on Explore before any script."""

from __future__ import annotations

import math

from reportgen import numbers
from reportgen.analysis.measure import measure
from reportgen.analysis.object_cutoffs import walk_objects
from reportgen.report import Report
from reportgen.site.charts import Chart, Rate, object_curves
from reportgen.site.metric_columns import metrics_of, sides_of

CHART = "explore-cutoffs"
MOVED = ("f1", "precision", "recall")
"""The metrics that a moved cut-off moves; averages are over all detections."""


def plan_object_curves(report: Report) -> Chart | None:
    """The candidate's curve and the baseline's, of the primary metric or else of F1; none without cut-offs."""
    outcomes = report.outcomes
    if outcomes.parts is None or not outcomes.parts.cutoffs:
        return None
    name = report.primary.name if report.primary.name in MOVED else MOVED[0]
    metric = {info.name: one for info, one in metrics_of(report, sides_of(report))}[name]
    measured = measure(outcomes, report.limits)
    names = [report.candidate, *([] if report.baseline is None else [report.baseline])]
    places = [outcomes.versions.index(name) for name in names]
    curves = []
    for v in places:
        found, sums = walk_objects(measured, metric, v)
        columns = (one.tolist() for one in (found.value, found.low, found.high, sums.n))
        curves.append(
            [
                Rate(value, low, high, n) if n >= report.limits.show and math.isfinite(low) else None
                for value, low, high, n in zip(*columns, strict=True)
            ]
        )
    cutoffs = [outcomes.parts.cutoffs[v] for v in places]
    return object_curves(
        CHART,
        f"{metric.info.label} of {' and '.join(names)}, by the score from which a detection counts.",
        curves[0],
        curves[1] if len(curves) > 1 else (),
        read=(cutoffs[0], cutoffs[1] if len(cutoffs) > 1 else None),
        names=(names[0], names[-1]),
        level=numbers.level(report.limits.level),
    )
