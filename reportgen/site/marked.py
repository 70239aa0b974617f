"""Sets of samples that pages filter by: what the manifest pins, and what the inspection of the data found."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen import columns
from reportgen.analysis.slices import found_filter, pinned_filter
from reportgen.report import Report


@dataclass(frozen=True)
class Marked:
    """One such set: the name of its filter, the column that says which samples are in it, and its slice, if any."""

    name: str
    column: str
    slice: str | None
    by_predictions: bool = False  # chosen by what versions say: nothing to explain their mistakes by


def marked_sets(report: Report) -> tuple[Marked, ...]:
    """The sets that hold a sample: pinned ones in the manifest's order, then those that checks found."""
    attributes = report.attributes
    pinned = [
        Marked(pinned_filter(one.name, attributes), columns.pinned(k), one.slice)
        for k, one in enumerate(report.pinned)
        if one.n
    ]
    found = [
        Marked(found_filter(one.name, attributes), columns.found_set(k), None, by_predictions=one.by_predictions)
        for k, one in enumerate(report.inspection.sets)
    ]
    return (*pinned, *found)
