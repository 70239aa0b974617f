"""Labels that go wrong together, in words and figures: how often in each version, and how that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.report import Report
from reportgen.site.class_measures import MOST_VERSIONS, MetricRow, VersionsRow
from reportgen.site.pair_words import say
from reportgen.site.pairs import change_texts
from reportgen.site.slice_rows import Figures

MOST = 12
"""Errors that a page names; ``report.json`` has all."""

_ORDER = {"worse": 0, "better": 1, "unclear": 2, "too_few": 3}


@dataclass(frozen=True)
class ErrorChanges:
    """What changed between two versions: the largest changes beyond chance first, then the most frequent errors."""

    rows: tuple[MetricRow, ...]
    key: str
    rest: str  # how many more there are; empty where there are none


@dataclass(frozen=True)
class ErrorTable:
    """The most frequent errors of the candidate, beside the other versions'."""

    versions: tuple[str, ...]
    rows: tuple[VersionsRow, ...]
    rest: str
    nouns: str
    level: str  # of the intervals: "95%"


def plan_error_changes(report: Report, version: str) -> ErrorChanges | None:
    """A version's errors against the baseline's; none where samples have no sets of labels, or none goes wrong."""
    own = (pl.col("baseline") == report.baseline) & (pl.col("candidate") == version)
    table = report.label_error_changes.filter(own & ((pl.col("n_baseline") > 0) | (pl.col("n_candidate") > 0)))
    if table.is_empty():
        return None
    rows = sorted(
        table.iter_rows(named=True),
        key=lambda row: (
            _ORDER[row["verdict"]],
            -abs(row["delta"]) if row["verdict"] in {"worse", "better"} else 0.0,
            -row["n_candidate"] - row["n_baseline"],
            row["kind"],
            row["beside"],
            row["label"],
        ),
    )
    return ErrorChanges(
        tuple(_change(row) for row in rows[:MOST]),
        _key(rows),
        say("label_errors_rest_changes", n=numbers.count(len(rows) - MOST)) if len(rows) > MOST else "",
    )


def _change(row: Figures) -> MetricRow:
    before, after, delta = (float(str(row[name])) for name in ("value_baseline", "value_candidate", "delta"))
    decimals = numbers.difference_decimals(before, after, delta, "rate")
    levels, change, interval = change_texts({**row, "decimals": decimals}, "rate")
    counts = f"{numbers.count(int(str(row['n_baseline'])))} → {numbers.count(int(str(row['n_candidate'])))}"
    return MetricRow(
        label=_asked(row),
        plain=say("label_error_counts", what=_what(row), counts=counts),
        levels=levels,
        change=change,
        interval=interval,
        n=numbers.count(int(str(row["n"]))),
        verdict=row["verdict"],  # type: ignore[arg-type]
    )


def _asked(row: Figures) -> str:
    """What was asked and what was got: "asked A and B, got A"."""
    return say(f"label_{row['kind']}", beside=str(row["beside"]), label=str(row["label"]))


def _what(row: Figures) -> str:
    return say(f"label_is_{row['kind']}", label=str(row["label"]))


def _key(rows: Sequence[Figures]) -> str:
    """How many errors grew beyond chance, and which one most of all."""
    grown = [row for row in rows if row["verdict"] == "worse"]
    shrunk = sum(row["verdict"] == "better" for row in rows)
    if not grown:
        return say("label_errors_fewer" if shrunk else "label_errors_alike", n=numbers.count(shrunk))
    name = "label_errors_one" if len(grown) == 1 else "label_errors_many"
    return say(name, n=numbers.count(len(grown)), worst=_asked(grown[0]), fewer=numbers.count(shrunk))


def plan_error_table(report: Report) -> ErrorTable | None:
    """The candidate's most frequent errors in every version; none where it makes none."""
    table = report.label_errors
    own = table.filter((pl.col("version") == report.candidate) & (pl.col("n_wrong") > 0)).sort(
        "n_wrong", "value", "kind", "beside", "label", descending=[True, True, False, False, False]
    )
    if own.is_empty():
        return None
    names = [version.name for version in report.versions]
    if len(names) > MOST_VERSIONS:
        names = [name for name in names if name in {report.baseline, report.candidate}]
    cells = {
        (row["kind"], row["label"], row["beside"], row["version"]): row
        for row in table.filter(pl.col("version").is_in(names)).iter_rows(named=True)
    }
    rows = tuple(
        VersionsRow(
            label=_asked(row),
            plain=_in_place(row),
            figures=tuple(
                _figure(cells.get((row["kind"], row["label"], row["beside"], name)), report.limits.show)
                for name in names
            ),
        )
        for row in own.head(MOST).iter_rows(named=True)
    )
    return ErrorTable(
        tuple(names),
        rows,
        say("label_errors_rest", n=numbers.count(own.height - MOST), candidate=report.candidate)
        if own.height > MOST
        else "",
        sentences.noun(report.outcomes),
        numbers.level(report.limits.level),
    )


def _in_place(row: Figures) -> str:
    """What goes wrong, and how often an added label stands where the other one is lost."""
    instead, wrong = int(str(row["n_instead"])), int(str(row["n_wrong"]))
    if row["kind"] == "lost" or not instead:
        return _what(row)
    return say(
        "label_instead",
        what=_what(row),
        n=numbers.count(instead),
        of=numbers.count(wrong),
        beside=str(row["beside"]),
    )


def _figure(row: Figures | None, show: int) -> tuple[str, str]:
    """A version's share with its interval and counts; of too few samples to show a share the counts alone."""
    if row is None or row["value"] is None:
        return numbers.MISSING, ""
    if int(str(row["n"])) < show:
        return f"{numbers.count(int(str(row['n_wrong'])))} of {numbers.count(int(str(row['n'])))}", ""
    low, high = (None if row[name] is None else float(str(row[name])) for name in ("low", "high"))
    ends = numbers.interval(low, high, "rate")
    n, wrong = (numbers.count(int(str(row[name]))) for name in ("n", "n_wrong"))
    return numbers.rate(float(str(row["value"]))), say("label_error_n", ends=ends, wrong=wrong, n=n)
