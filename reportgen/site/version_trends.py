"""Over three versions and more: every metric, and every declared slice, in the manifest's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from reportgen.model import ALL, MetricInfo
from reportgen.report import Report
from reportgen.site.charts import TrendPoint, trend
from reportgen.site.history import Trend
from reportgen.site.scorecard import kind_of

LEAST = 3
"""Two versions are a pair, which the page says more of."""
MOST_SLICES = 12
"""Declared slices that have a trend: the first in the manifest's order."""


@dataclass(frozen=True)
class Trends:
    """Of the primary metric, overall and in declared slices; and of the other metrics, which a reader may open."""

    leading: tuple[Trend, ...] = ()
    others: tuple[Trend, ...] = ()


def plan_trends(report: Report) -> Trends:
    """The trends; none where there are fewer than three versions."""
    if len(report.versions) < LEAST:
        return Trends()
    overall = [one for one in report.metrics if not one.per_class or report.outcomes.positive is not None]
    primary = [one for one in overall if one.name == report.primary.name]
    leading = [*(_overall(report, one) for one in primary), *_declared(report)]
    others = [_overall(report, one) for one in overall if one not in primary]
    drawn = _drawn(report, [*leading, *others])
    return Trends(
        tuple(one for asked in leading if (one := drawn.get(asked))),
        tuple(one for asked in others if (one := drawn.get(asked))),
    )


class _Asked(NamedTuple):
    title: str
    kind: str
    metric: MetricInfo
    slice_id: str


def _overall(report: Report, metric: MetricInfo) -> _Asked:
    of = f", {report.outcomes.positive}" if metric.per_class else ""
    return _Asked(metric.label + of, "overall", metric, ALL)


def _declared(report: Report) -> Iterator[_Asked]:
    pinned = {one.slice for one in report.pinned}
    declared = [one for one in report.slices if one.critical is not None or one.origin == "declared"]
    for one in declared[:MOST_SLICES]:
        kind = "critical slice" if one.critical is not None else "pinned set" if one.id in pinned else "declared slice"
        yield _Asked(one.name, f"{report.primary.label}, {kind}", report.primary, one.id)


def _drawn(report: Report, asked: Sequence[_Asked]) -> dict[_Asked, Trend]:
    """Those that have values of at least three versions."""
    found = {}
    for i, one in enumerate(asked):
        points = _points(report, one.metric, one.slice_id)
        if sum(point.value is not None for point in points) >= LEAST:
            label = f"{one.title} of {len(points)} versions, in the order of the manifest."
            chart = trend(f"versions-{i}", label, points, unit=one.metric.unit, level=report.limits.level)
            found[one] = Trend(one.title, one.kind, chart)
    return found


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
        points.append(TrendPoint(version.name, version.name, value, low, high, row.get("n"), role))
    return points
