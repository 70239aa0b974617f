"""What mending each type of error would give back in two versions, and how that changed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.object_errors import labels_of_errors


@dataclass(frozen=True)
class GainRow:
    """One type of error: how many each version has, over all detections, and what mending them would give back."""

    label: str
    plain: str
    counts: str  # "120 → 98"
    levels: str  # "+27.5 → +20.1"
    change: str
    interval: str


def gain_rows(report: Report, baseline: str, candidate: str) -> tuple[GainRow, ...]:
    """A row a type of which either version has any; none where errors have no types."""
    if not report.object_errors.height:
        return ()
    whole = report.object_errors.filter(pl.col("slice") == ALL)
    found = {(row["version"], row["error"]): row for row in whole.iter_rows(named=True)}
    changes = _changes(report, baseline, candidate)
    rows = []
    for error, (label, plain) in labels_of_errors(report).items():
        old, new = found[baseline, error], found[candidate, error]
        delta, low, high = changes[error]
        if delta is None or not old["n_errors_all"] + new["n_errors_all"]:
            continue
        decimals = numbers.difference_decimals(old["gain"], new["gain"], delta, "rate")
        rows.append(
            GainRow(
                label,
                plain,
                f"{numbers.count(old['n_errors_all'])} → {numbers.count(new['n_errors_all'])}",
                " → ".join(numbers.difference(one["gain"], "rate", decimals) for one in (old, new)),
                numbers.difference(delta, "rate", decimals),
                numbers.difference_interval(low, high, "rate", decimals),
            )
        )
    return tuple(rows)


_Change = tuple[float | None, float | None, float | None]
"""Delta, low and high."""


def _changes(report: Report, baseline: str, candidate: str) -> dict[str, _Change]:
    """By type the change of the gain; of a pair that the table has the other way round, turned."""
    found: dict[str, _Change] = {}
    names = ("baseline", "candidate", "error", "delta", "low", "high")
    for before, after, error, delta, low, high in report.object_gain_changes.select(names).iter_rows():
        if (before, after) == (baseline, candidate):
            found[error] = (delta, low, high)
        elif (after, before) == (baseline, candidate):
            found[error] = (_less(delta), _less(high), _less(low))
    return found


def _less(value: float | None) -> float | None:
    return None if value is None else -value
