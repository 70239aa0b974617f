"""The five lines on stderr, to read at night: verdict, overall change, worst slice, broken and fixed, notes."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.sentences import change_text, unpaired_text, value_text
from reportgen.model import ALL, Note
from reportgen.report import Report


def five_lines(report: Report, notes: Sequence[Note]) -> tuple[str, ...]:
    """The lines, each whole on its own; figures are those of the pages."""
    return (
        f"Verdict  {_verdict(report)} {report.answer.sentence}",
        f"Overall  {_overall(report)}",
        f"Worst    {_worst(report)}",
        f"Flips    {_flips(report)}",
        f"Notes    {_notes(notes)}",
    )


def _verdict(report: Report) -> str:
    """The release's state where there are gates, else the answer's headline."""
    if report.release is None:
        return f"{report.answer.headline}:"
    return f"{report.release.headline}: {report.release.sentence}"


def _pair(report: Report, table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("candidate") == report.candidate)


def _overall(report: Report) -> str:
    metric = report.primary
    if report.baseline is None:
        return f"{metric.label} {_level(report, report.candidate)}"
    if report.answer.state == "incomparable":
        apart = next((one for one in report.unpaired if one.candidate == report.candidate), None)
        if apart is not None:
            return unpaired_text(report.outcomes, metric, apart, report.limits.level)
        levels = (f"{name} {_level(report, name)}" for name in (report.baseline, report.candidate))
        return f"{metric.label}, not compared: {'; '.join(levels)}"
    row = (
        _pair(report, report.comparisons)
        .filter((pl.col("slice") == ALL) & columns.as_a_whole(metric.name, per_class=metric.per_class))
        .row(0, named=True)
    )
    before, after = (value_text(metric, row[end], row["decimals"]) for end in ("value_baseline", "value_candidate"))
    ends = f"{before} → {after}"
    change = change_text(metric, row, report.limits.level)
    return f"{metric.label} {ends} ({change}, n = {numbers.count(row['n'])})"


def _level(report: Report, version: str) -> str:
    metric = report.primary
    rows = report.estimates.filter(
        (pl.col("slice") == ALL)
        & columns.as_a_whole(metric.name, per_class=metric.per_class)
        & (pl.col("version") == version)
    )
    row = rows.row(0, named=True)
    if row["value"] is None:
        return f"has none, n = {numbers.count(row['n'])}"
    interval = numbers.interval(row["low"], row["high"], metric.unit)
    level = numbers.level(report.limits.level)
    return f"{value_text(metric, row['value'])}, {level} {interval}, n = {numbers.count(row['n'])}"


def _worst(report: Report) -> str:
    metric = report.primary
    if report.answer.state == "incomparable":
        return "nothing to compare"
    names = {one.id: one.name for one in report.slices}
    if report.baseline is None:
        rows = report.weaknesses.filter(pl.col("verdict") == "worse").sort(-pl.col("delta").abs(), "slice")
        if not rows.height:
            return "no slice is weaker than the rest beyond chance"
        row = rows.row(0, named=True)
        return f"{names[row['slice']]}: {value_text(metric, row['value'])}, n = {numbers.count(row['n'])}"
    rows = _pair(report, report.comparisons).filter(
        columns.as_a_whole(metric.name, per_class=metric.per_class)
        & (pl.col("verdict") == "worse")
        & (pl.col("slice") != ALL)
    )
    if not rows.height:
        return "no slice got worse beyond chance"
    row = rows.sort(pl.col("delta") * (-1 if not metric.higher_is_better else 1), "slice").row(0, named=True)
    more = f"; {rows.height - 1:,} more got worse" if rows.height > 1 else ""
    change = change_text(metric, row, report.limits.level)
    return f"{names[row['slice']]}: {change}, n = {numbers.count(row['n'])}{more}"


def _flips(report: Report) -> str:
    if report.baseline is None:
        return "one version, nothing to compare"
    if report.answer.state == "incomparable":
        return "nothing to compare"
    row = _pair(report, report.flips).filter(pl.col("slice") == ALL).row(0, named=True)
    words = words_of(report.outcomes)
    broken, fixed = numbers.count(row["newly_broken"]), numbers.count(row["newly_fixed"])
    return f"{broken} {words.newly_broken}, {fixed} {words.newly_fixed}"


def _notes(notes: Sequence[Note]) -> str:
    degraded = [note for note in notes if note.severity == "degraded"]
    if not degraded:
        return "nothing was left out"
    first = degraded[0].message
    return f"{len(degraded)}: {first}" + (f"; and {len(degraded) - 1} more on the About page" if degraded[1:] else "")
