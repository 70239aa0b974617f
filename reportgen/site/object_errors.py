"""What goes wrong with objects, by type of error: how many of each there are, and what mending them would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.object_costs import ALL_FALSE, ALL_MISSED
from reportgen.analysis.object_words import ERRORS
from reportgen.model import ALL, Figures, Link
from reportgen.report import Report
from reportgen.site.charts import Chart, Level, LevelRow, StackPart, levels, stacked
from reportgen.site.scorecard import MANY, kind_of

MISSED = "missed_error"
_TOTALS = {
    ALL_FALSE: ("All that is false", "every detection that finds no object"),
    ALL_MISSED: ("All that is missed", "every object that no detection finds"),
}


@dataclass(frozen=True)
class ErrorCell:
    """One version's errors of one type: how many, in which samples, and the gain of mending them."""

    version: str
    count: str
    samples: Link | None  # null: none has such an error
    gain: str  # "+27.5"
    interval: str
    why: str  # why there is no interval


@dataclass(frozen=True)
class ErrorRow:
    """One type of error."""

    label: str
    plain: str
    cells: tuple[ErrorCell, ...]


@dataclass(frozen=True)
class ErrorsView:
    """The section: the stacked counts, the gains, and both as a table that links to the samples."""

    key: str  # what to see
    counts: Chart
    gains: Chart
    rows: tuple[ErrorRow, ...]
    versions: tuple[tuple[str, str], ...]  # name, kind: of the table and of the gains
    nouns: str


_Found = Mapping[tuple[str, str], Figures]
"""Rows of ``columns.OBJECT_ERRORS`` by version and error."""


def plan_errors_by_type(report: Report) -> ErrorsView | None:
    """The section's view, over all samples; none where the report has no objects."""
    table = report.object_errors.filter(pl.col("slice") == ALL)
    if not table.height:
        return None
    found: _Found = {(row["version"], row["error"]): row for row in table.iter_rows(named=True)}
    labels = labels_of_errors(report)
    names = [version.name for version in report.versions]
    shown = names if len(names) <= MANY else [name for name in names if kind_of(report, name) != "other"]
    types = [name for name in labels if name not in _TOTALS]
    key = _key(report, found, labels)
    counts = stacked(
        "overview-errors",
        key,
        names,
        [
            StackPart(labels[one][0], tuple(found[v, one]["n_errors"] for v in names), hollow=one == MISSED)
            for one in types
        ],
        head="Error",
    )
    gains = levels(
        "overview-gains",
        f"What mending one type of error would add to the AP at 0.50 of {sentences.listed(shown)}",
        [_gain_row(found, one, labels[one][0], shown) for one in labels],
        [(name, kind_of(report, name)) for name in shown],
        gains=True,
        changes=False,
        heads=("Mended", "Errors"),
        level=report.limits.level,
    )
    return ErrorsView(
        key=key,
        counts=counts,
        gains=gains,
        rows=tuple(
            ErrorRow(label, plain, tuple(_cell(report, found[v, one], one) for v in shown))
            for one, (label, plain) in labels.items()
        ),
        versions=tuple((name, kind_of(report, name)) for name in shown),
        nouns=sentences.noun(report.outcomes),
    )


def labels_of_errors(report: Report) -> dict[str, tuple[str, str]]:
    """The types that the report has, with their label and their meaning; those of all that is false and missed last."""
    known = {one.name for one in report.metrics}
    return {name: (one.label, one.plain) for name, one in ERRORS.items() if name in known} | _TOTALS


def _gain_row(found: _Found, error: str, label: str, versions: Sequence[str]) -> LevelRow:
    rows = [found[version, error] for version in versions]
    n = ", ".join(numbers.count(row["n_errors_all"]) for row in rows)
    return LevelRow(label, tuple(Level(row["gain"], row["low"], row["high"]) for row in rows), None, n)


def _cell(report: Report, row: Figures, error: str) -> ErrorCell:
    n = row["n_samples"]
    known = row["gain"] is not None
    return ErrorCell(
        version=row["version"],
        count=numbers.count(row["n_errors"]),
        samples=_link(report, row["version"], error, n) if n and error not in _TOTALS else None,
        gain=numbers.difference(row["gain"], "rate") if known else numbers.MISSING,
        interval="" if row["low"] is None else numbers.interval(row["low"], row["high"], "rate"),
        why="" if row["low"] is not None else "none" if not row["n_errors_all"] else "no interval",
    )


def _link(report: Report, version: str, error: str, n: int) -> Link:
    """The samples with such an error in a version, which stands as the candidate there."""
    state = [("set", error)]
    if version == report.baseline:
        state.append(("baseline", report.candidate))
    if version != report.candidate:
        state.append(("version", version))
    return Link("examples", f"in {sentences.counted(report.outcomes, n)}", tuple(state), n)


def _key(report: Report, found: _Found, labels: Mapping[str, tuple[str, str]]) -> str:
    """Which type costs the candidate most."""
    own = [found[report.candidate, one] for one in labels if one not in _TOTALS]
    known = [row for row in own if row["gain"]]
    if not known:
        return f"{report.candidate} loses nothing to any type of error."
    worst = max(known, key=lambda row: row["gain"])
    size = numbers.difference(worst["gain"], "rate").lstrip("+")
    label = sentences.lowered(labels[str(worst["error"])][0])
    ends = ""
    if worst["low"] is not None:
        ends = f" ({numbers.level(report.limits.level)} {numbers.interval(worst['low'], worst['high'], 'rate')})"
    return (
        f"What costs {report.candidate} most is “{label}”: mended, its AP at 0.50 would be {size} points higher{ends}."
    )
