"""What is looked up of two versions: the change over all samples, the flips, and how both are written."""

from __future__ import annotations

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Link, Unpaired
from reportgen.report import Report
from reportgen.site.pair_words import say
from reportgen.site.slice_rows import Figures


def overall_changes(report: Report) -> dict[str, Figures]:
    """Each version's change of the primary metric over all samples, by its name."""
    frame = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & columns.as_a_whole(report.primary.name, per_class=report.primary.per_class)
        & (pl.col("baseline") == report.baseline)
    )
    return {row["candidate"]: row for row in frame.iter_rows(named=True)}


def decimals_of_change(report: Report, version: str) -> int | None:
    """With how many decimals a version's overall change is printed everywhere; null: the usual."""
    row = overall_changes(report).get(version)
    return None if row is None or row["decimals"] is None else int(str(row["decimals"]))


def why_not_compared(report: Report, version: str) -> str:
    """Why the version has no difference from the baseline, in a sentence; empty where it has a paired one."""
    if report.baseline is None:
        return ""
    row, apart = overall_changes(report).get(version), unpaired_of(report, version)
    if apart is None and row is not None and row["delta"] is not None:
        return ""
    return sentences.not_compared(report.outcomes, report.primary, report.baseline, version, apart)


def unpaired_of(report: Report, version: str) -> Unpaired | None:
    """The version's unpaired difference from the baseline, where they scored different samples."""
    return next((one for one in report.unpaired if one.candidate == version), None)


def flips_of(report: Report, version: str) -> dict[str, int]:
    """What became of the samples that the baseline and the version both scored; their number is ``n``."""
    frame = report.flips.filter(
        (pl.col("slice") == ALL) & (pl.col("baseline") == report.baseline) & (pl.col("candidate") == version)
    )
    return frame.drop("slice", "baseline", "candidate").row(0, named=True)


def set_link(report: Report, version: str, name: str, n: int) -> Link:
    """A link to an example set of a version."""
    state = [("set", name)]
    if version != report.candidate:
        state.append(("version", version))
    return Link("examples", say("see"), tuple(state), n)


def change_texts(row: Figures, unit: numbers.Unit) -> tuple[str, str, str]:
    """Both ends, the difference and its interval, with the decimals in which they agree; dashes where there is none."""
    if row["delta"] is None:
        return numbers.MISSING, numbers.MISSING, numbers.MISSING
    before, after, delta = (float(str(row[name])) for name in ("value_baseline", "value_candidate", "delta"))
    decimals = int(str(row["decimals"]))
    low, high = (None if row[name] is None else float(str(row[name])) for name in ("low", "high"))
    return (
        f"{numbers.value(before, unit, decimals)} → {numbers.value(after, unit, decimals)}",
        numbers.difference(delta, unit, decimals),
        numbers.difference_interval(low, high, unit, decimals),
    )


def spoken(p: str) -> str:
    """A p or q as it follows its letter: "= 0.031", "< 0.001"."""
    return p if p.startswith("<") else f"= {p}"
