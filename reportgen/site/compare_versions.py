"""All versions against the baseline, a row each."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.model import ALL, Link, Verdict
from reportgen.report import Report
from reportgen.site import row_plots
from reportgen.site.pairs import change_texts, flips_of, overall_changes, set_link
from reportgen.site.row_plots import ChangePlot, Interval, Scale
from reportgen.site.slice_rows import Figures, find_family


@dataclass(frozen=True)
class VersionRow:
    """One version against the baseline, in the table of all versions."""

    name: str
    note: str
    link: Link
    levels: str
    change: str
    interval: str
    n: str
    verdict: Verdict
    plot: ChangePlot
    broken: Link
    fixed: Link
    slices: str  # "5 worse, 182 better"
    chosen: bool


@dataclass(frozen=True)
class VersionsView:
    """The table of all versions: its rows, and the axis that they share."""

    rows: tuple[VersionRow, ...]
    scale: Scale


def plan_versions(report: Report) -> VersionsView | None:
    """The table; none where only one version is held against the baseline."""
    overall = overall_changes(report)
    if len(overall) < 2:
        return None
    ends = [row[name] for row in overall.values() for name in ("low", "high", "delta")]
    scale = row_plots.change_scale(ends, report.primary.unit)  # type: ignore[arg-type]
    rows = tuple(_version_row(report, name, overall[name], scale) for _, name in report.pairs if name in overall)
    return VersionsView(rows, scale)


def _version_row(report: Report, name: str, overall: Figures, scale: Scale) -> VersionRow:
    version = next(v for v in report.versions if v.name == name)
    flips = flips_of(report, name)
    levels, change, interval = change_texts(overall, report.primary.unit)
    ends = [None if overall[c] is None else float(str(overall[c])) for c in ("delta", "low", "high")]
    drawn = None if ends[0] is None else Interval(ends[0], ends[1], ends[2])
    return VersionRow(
        name=name,
        note=version.note,
        link=Link("compare", name, (("version", name),)),
        levels=levels,
        change=change,
        interval=interval,
        n=numbers.count(int(str(overall["n"]))),
        verdict=overall["verdict"],  # type: ignore[arg-type]
        plot=row_plots.change_plot(scale, drawn, overall["verdict"], "decide"),  # type: ignore[arg-type]
        broken=_counted_link(report, name, "newly_broken", flips["newly_broken"]),
        fixed=_counted_link(report, name, "newly_fixed", flips["newly_fixed"]),
        slices=_slice_counts(report, name),
        chosen=name == report.candidate,
    )


def _counted_link(report: Report, version: str, name: str, n: int) -> Link:
    link = set_link(report, version, name, n)
    return Link(link.page, numbers.count(n), link.state, n)


def _slice_counts(report: Report, version: str) -> str:
    """How many of the tested slices got worse and better."""
    if find_family(report, version) is None:
        return ""
    frame = report.comparisons.filter(
        columns.as_a_whole(report.primary.name, per_class=report.primary.per_class)
        & (pl.col("candidate") == version)
        & (pl.col("slice") != ALL)
    )
    counts = {v: int((frame["verdict"] == v).sum()) for v in ("worse", "better")}
    return f"{numbers.count(counts['worse'])} worse, {numbers.count(counts['better'])} better"
