"""Over three versions and more: every metric, and every declared slice, in the manifest's order."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from reportgen.model import ALL, MetricInfo, Report
from reportgen.site.charts import TrendPoint, trend
from reportgen.site.history import Trend
from reportgen.site.scorecard import kind_of

LEAST = 3
"""Two versions are a pair, which the page says more of."""
MOST_SLICES = 12
"""Declared slices that have a trend: the first in the manifest's order."""


def plan_trends(report: Report) -> tuple[Trend, ...]:
    """The trends, the primary metric's first; none where there are fewer than three versions."""
    if len(report.versions) < LEAST:
        return ()
    found = []
    for i, (title, kind, metric, slice_id) in enumerate(_asked(report)):
        points = _points(report, metric, slice_id)
        if sum(point.value is not None for point in points) >= LEAST:
            label = f"{title} of {len(points)} versions, in the order of the manifest."
            chart = trend(f"versions-{i}", label, points, unit=metric.unit, level=report.limits.level)
            found.append(Trend(title, kind, chart))
    return tuple(found)


def _asked(report: Report) -> Iterator[tuple[str, str, MetricInfo, str]]:
    """Title, kind, metric and slice of each trend."""
    for metric in report.metrics:
        if not metric.per_class or report.outcomes.positive is not None:
            of = f", {report.outcomes.positive}" if metric.per_class else ""
            yield metric.label + of, "overall", metric, ALL
    pinned = {one.slice for one in report.pinned}
    declared = [one for one in report.slices if one.critical is not None or one.origin == "declared"]
    for one in declared[:MOST_SLICES]:
        kind = "critical slice" if one.critical is not None else "pinned set" if one.id in pinned else "declared slice"
        yield one.name, f"{report.primary.label}, {kind}", report.primary, one.id


def _points(report: Report, metric: MetricInfo, slice_id: str) -> list[TrendPoint]:
    klass = pl.col("class").is_null() if not metric.per_class else pl.col("class") == report.outcomes.positive
    table = report.estimates.filter((pl.col("metric") == metric.name) & (pl.col("slice") == slice_id) & klass)
    rows = {row["version"]: row for row in table.iter_rows(named=True)}
    points = []
    for version in report.versions:
        row = rows.get(version.name, {})
        shown = row.get("support") != "counts"  # of a handful of samples there is no percentage
        value, low, high = (row.get(name) if shown else None for name in ("value", "low", "high"))
        role = kind_of(report, version.name)
        points.append(TrendPoint(version.name, version.name, value, low, high, row.get("n"), role))  # type: ignore[arg-type]
    return points
