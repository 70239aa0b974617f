"""What the candidate is against the baseline at a cut-off: at the same one, or where it is no worse in a goal."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import Figures
from reportgen.report import Report
from reportgen.site.cutoff_readings import CutoffRow, is_weighted, versions_of
from reportgen.site.cutoff_words import SENTENCES, cutoff_text, fill
from reportgen.site.reliability import slice_name

SAME = "cutoff"
GOALS = {
    SAME: "At the same cut-off",
    "recall": "Finding as many",
    "false_alarms": "At as many false alarms",
    "cost": "At equal cost",
}
"""What the versions can be held against each other at; the same cut-off first."""
WEIGHED = ("recall", "false_alarms")
"""The goals whose sentence is of counts; with weights it is of weighted shares, which may go another way."""
COUNTS = ("n_found", "n_missed", "n_false_alarm", "n_rest")
"""Of a version at a cut-off: together all samples that it has a score for."""


def goals_of(report: Report) -> tuple[tuple[str, str], ...]:
    if report.baseline is None or not report.matches.height:
        return ()
    known = set(report.matches["goal"])
    weighted = is_weighted(report)
    return tuple(
        (name, f"{label}, by weight" if weighted and name in WEIGHED else label)
        for name, label in GOALS.items()
        if name in known
    )


def start_trade(report: Report, klass: str, slice_id: str, cutoff: float) -> str:
    """The candidate against the baseline at the same cut-off, and where it would raise as many false alarms."""
    told = (trade_sentence(report, klass, slice_id, cutoff, goal) for goal in (SAME, "false_alarms"))
    return " ".join(part for part in told if part)


def trade_sentence(report: Report, klass: str, slice_id: str, cutoff: float, goal: str) -> str:
    """What the candidate is against the baseline at the same cut-off, or where it is no worse in the goal."""
    row = match_of(report, klass, slice_id, cutoff, goal)
    if row is None:
        return ""
    names = {"baseline": row["baseline"], "candidate": row["candidate"], "both": _both(report, row)}
    if row["cutoff_candidate"] is None:
        return fill("unasked" if goal == "recall" and not row["n_found_baseline"] else "unreached", **names)
    return fill(
        f"{goal}_weighted" if goal in WEIGHED and is_weighted(report) else goal,
        **names,
        things=sentences.noun(report.outcomes),
        more_found=numbers.more_or_fewer(row["n_found_candidate"] - row["n_found_baseline"]),
        more_false=numbers.more_or_fewer(row["n_false_alarm_candidate"] - row["n_false_alarm_baseline"]),
        found_change=_change(report, "found_change", row, "recall", row["n_class"]),
        false_change=_change(report, "false_change", row, "false_alarm_rate", row["n_other"]),
        cutoff=cutoff_text(row["cutoff_candidate"]),
        n_false=numbers.count(row["n_false_alarm_baseline"]),
    )


def match_of(report: Report, klass: str, slice_id: str, cutoff: float, goal: str) -> Figures | None:
    """The row of ``columns.MATCHES`` at a cut-off of the baseline."""
    rows = report.matches.filter(
        (pl.col("slice") == slice_id)
        & (pl.col("class") == klass)
        & (pl.col("candidate") == report.candidate)
        & (pl.col("goal") == goal)
        & ((pl.col("cutoff_baseline") - cutoff).abs() < 1e-9)
    )
    return rows.row(0, named=True) if rows.height else None


def _both(report: Report, row: Figures) -> str:
    """Which samples a match is over, where one of the versions has a score for more: its own lines count those too."""
    n = row["n_class"] + row["n_other"]
    if not is_apart(report, row["class"], row["slice"], n):
        return ""
    return fill("both", n=numbers.count(n), things=sentences.noun(report.outcomes))


def is_apart(report: Report, klass: str, slice_id: str, n: int) -> bool:
    """Whether a version has a score for other samples than the ``n`` that both have one for."""
    rows = report.cutoffs.filter((pl.col("class") == klass) & (pl.col("slice") == slice_id))
    own = rows.filter(pl.col("version").is_in(versions_of(report, klass, slice_id)))
    return bool((own.select(pl.sum_horizontal(COUNTS)).to_series() != n).any())


def _change(report: Report, sentence: str, row: Figures, name: str, n: int) -> str:
    """The difference of a share with n, and with its interval where it has one; of too few samples n alone."""
    found = _difference(report, row, name, n)
    if found is None:
        return fill("few" if n else "none", n=numbers.count(n))
    return fill(
        sentence if found.ends else f"{sentence}_alone",
        delta=numbers.difference(found.delta, "rate"),
        weighted=SENTENCES["weighted"] if is_weighted(report) else "",
        things=sentences.noun(report.outcomes),
        level=numbers.level(report.limits.level),
        interval=_interval(found, "rate"),
        n=numbers.count(n),
        clear=SENTENCES["unclear"] if found.ends and found.ends[0] <= 0 <= found.ends[1] else "",
    )


def change_row(report: Report, klass: str, slice_id: str, cutoff: float, goal: str) -> CutoffRow | None:
    """The candidate less the baseline as a line of the table; none where the goal is not reached."""
    row = match_of(report, klass, slice_id, cutoff, goal)
    if row is None or row["cutoff_candidate"] is None:
        return None
    ends = {end: cutoff_text(row[f"cutoff_{end}"]) for end in ("baseline", "candidate")}
    found = row["n_found_candidate"] - row["n_found_baseline"]
    n_class, n_other = row["n_class"], row["n_other"]
    recall = _difference(report, row, "recall", n_class)
    false = _difference(report, row, "false_alarm_rate", n_other)
    cost = _difference(report, row, "cost", n_class + n_other)
    return CutoffRow(
        role="change",
        version=SENTENCES["change"],
        where=f"{slice_name(report, slice_id)}{_both(report, row)}",
        cutoff=fill("ends", **ends) if len(set(ends.values())) > 1 else ends["candidate"],
        found=_points(recall, found) if n_class else numbers.MISSING,
        found_interval=_interval(recall, "rate"),
        missed=numbers.more_or_fewer(-found) if n_class else numbers.MISSING,
        false=numbers.more_or_fewer(row["n_false_alarm_candidate"] - row["n_false_alarm_baseline"]),
        false_interval=(
            ""
            if false is None
            else fill(
                "false_ends" if false.ends else "false_ends_alone",
                delta=numbers.difference(false.delta, "rate"),
                interval=_interval(false, "rate"),
                n=numbers.count(n_other),
            )
        ),
        right=numbers.MISSING,
        right_interval="",
        n=numbers.count(n_class),
        cost=numbers.MISSING if cost is None else numbers.difference(cost.delta, "number"),
        cost_interval=_interval(cost, "number"),
    )


@dataclass(frozen=True)
class _Difference:
    """The candidate less the baseline. What the versions are matched in has no interval: it is held equal."""

    delta: float
    ends: tuple[float, float] | None


def _difference(report: Report, row: Figures, name: str, n: int) -> _Difference | None:
    """A difference of ``columns.MATCHES``; none where it is not defined or rests on too few samples."""
    delta, low, high = row[f"delta_{name}"], row[f"{name}_low"], row[f"{name}_high"]
    if delta is None or n < report.limits.show:
        return None
    return _Difference(delta, None if low is None or high is None else (low, high))


def _interval(found: _Difference | None, unit: numbers.Unit) -> str:
    return numbers.difference_interval(*found.ends, unit) if found and found.ends else ""


def _points(found: _Difference | None, count: int) -> str:
    """The difference of a share in points, or that of the counts alone where there are too few."""
    if found is None:
        return numbers.more_or_fewer(count)
    return fill("points", delta=numbers.difference(found.delta, "rate"))
