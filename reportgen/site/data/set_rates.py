"""A set of samples as a row of a table: how many, how often a version errs there and elsewhere, and what that says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.slices import IN_SET, found_filter
from reportgen.inspection import SampleSet
from reportgen.model import Link, Verdict
from reportgen.numbers import Unit
from reportgen.report import Report


@dataclass(frozen=True)
class RateCells:
    """The cells of one set and version; a set of which no sample was scored has dashes."""

    value: str  # "17.9%"; "2 of 8" where there are too few for a share
    span: str  # the interval, or empty
    rest: str
    verdict: Verdict
    said: str


@dataclass(frozen=True)
class ProblemRow:
    """One check, or several that found nothing; then there are neither rates nor a link."""

    name: str
    rule: str
    n: str
    rates: RateCells | None
    see: Link | None


def problem_row(report: Report, one: SampleSet, name: str) -> ProblemRow:
    """The row of a check that found samples."""
    rates = rate_cells(report, report.inspection.rates, one.key)
    return ProblemRow(name, one.rule, numbers.count(one.n), rates, see_set(report, one))


def clean_row(name: str, rule: str) -> ProblemRow:
    """The row of checks that found nothing."""
    return ProblemRow(name, rule, "0", None, None)


def rate_cells(report: Report, table: pl.DataFrame, key: str) -> RateCells | None:
    """The candidate's error in one set of a table of rates (``columns.SET_RATES``); none where the table lacks it."""
    found = table.filter((pl.col("set") == key) & (pl.col("version") == report.candidate))
    if not found.height:
        return None
    row: Mapping[str, Any] = found.row(0, named=True)
    unit: Unit = "number" if row["metric"] == "mae" else "rate"
    weighted = columns.WEIGHT in report.outcomes.frame.columns
    counted = row["support"] == "counts" and row["metric"] == "error_rate" and not weighted
    value = f"{row['sum_x']:.0f} of {numbers.count(row['n'])}" if counted else numbers.value(row["value"], unit)
    span = "" if row["low"] is None or counted else numbers.interval(row["low"], row["high"], unit)
    return RateCells(value, span, numbers.value(row["rest"], unit), row["verdict"], set_verdict(report, row["verdict"]))


def set_verdict(report: Report, verdict: Verdict) -> str:
    """What a set's verdict says: its error beside that of all other samples."""
    words = words_of(report.outcomes)
    said: Mapping[Verdict, str] = {
        "worse": words.set_worse,
        "better": words.set_better,
        "unclear": "no clear difference",
        "too_few": "too few to tell",
    }
    return said[verdict]


def error_name(report: Report) -> str:
    """The head of a column of such rates: "v2.0 wrong", or "v2.0 mean error"."""
    return f"{report.candidate} {words_of(report.outcomes).mean_wrong}"


def of_the_whole(report: Report) -> pl.Expr:
    """The rows of effects that are not of one class of many: of two classes, the positive one's stand for both."""
    positive = report.outcomes.positive
    whole = pl.col("class").is_null()
    return whole if positive is None else whole | (pl.col("class") == positive)


def see_set(report: Report, one: SampleSet, text: str = "") -> Link:
    """The link to all samples of a set, in words that have their count: "See 12" where none are given."""
    name = found_filter(one.name, report.attributes)
    shown = text or f"See {numbers.count(one.n)}"
    return Link("examples", shown, (("set", "all"), (f"a.{name}", IN_SET)), one.n)
