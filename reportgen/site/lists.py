"""What one takes away to act on: the samples of every set that a check of the data found, as lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from reportgen import columns, numbers
from reportgen.inspection import BoxIssues, LabelIssues, RegionIssues, SampleSet
from reportgen.inspection.boxes import BOX_KINDS, SUSPECT_BOXES
from reportgen.inspection.labels import SUSPECT_LABELS
from reportgen.inspection.regions import REGION_KINDS, SUSPECT_REGIONS
from reportgen.model import Link
from reportgen.report import Report
from reportgen.site.data.boxes import box_evidence
from reportgen.site.data.labels import said_by
from reportgen.site.data.regions import region_evidence
from reportgen.site.data.set_rates import see_set
from reportgen.site.tiles import n_parts
from reportgen.spreadsheet import Value, write

Rows = Iterator[tuple[Value, ...]]

LABELS_HEAD = ("id", "label", "suggestion", "evidence", "reviewed")
"""Of labels to correct. ``reviewed`` is empty: whoever looks again fills it, and the manifest takes the file back."""
BOXES_HEAD = (
    "id", "annotation", "kind", "label", "x", "y", "width", "height",
    "suggestion", "suggested_x", "suggested_y", "suggested_width", "suggested_height", "evidence", "reviewed",
)  # fmt: skip
"""Of annotated boxes, in pixels of the file's own; ``reviewed`` as above: "wrong" or "right"."""
REGIONS_HEAD = (
    "id", "kind", "label", "suggestion", "x", "y", "width", "height", "pixels", "share", "evidence", "reviewed"
)  # fmt: skip
"""Of annotated regions, with the box around each in pixels of the mask; ``share`` of the image."""
HEAD = ("id", "label", "action", "reason")
"""Of any other list, those that the pages make (``assets/js/engine/lists.js``) among them."""


@dataclass(frozen=True)
class ListRow:
    """A list as the page names it; its file is ``{key}.csv``."""

    key: str
    name: str
    action: str
    reason: str
    see: Link


def plan_lists(report: Report) -> tuple[ListRow, ...]:
    """Every list that the report gives, in the order of the page."""
    return tuple(ListRow(one.key, one.name, one.action, one.rule, _see(report, one)) for one in report.inspection.sets)


def list_files(report: Report) -> dict[str, str]:
    """The lists as CSV, by key, each in the order in which to look at its samples."""
    files = {one.key: write(set_rows(report, one)) for one in report.inspection.sets}
    labels = report.inspection.labels
    if labels is not None and SUSPECT_LABELS in files:
        files[SUSPECT_LABELS] = write(label_rows(labels, values=not report.outcomes.classes))
    boxes = report.inspection.boxes
    if boxes is not None and SUSPECT_BOXES in files:
        files[SUSPECT_BOXES] = write(box_rows(boxes, report.outcomes.versions))
    regions = report.inspection.regions
    if regions is not None and SUSPECT_REGIONS in files:
        files[SUSPECT_REGIONS] = write(region_rows(regions, report.outcomes.versions))
    return files


def set_rows(report: Report, one: SampleSet) -> Rows:
    """The samples of a set, each with what to do and why."""
    yield HEAD
    frame = report.outcomes.frame
    labels = labels_of(frame[columns.TARGET].gather(one.rows), report.outcomes.classes)
    if report.outcomes.parts is not None:
        labels = [n_parts(report.outcomes, row) for row in one.rows.tolist()]
    for name, label in zip(frame[columns.ID].gather(one.rows).to_list(), labels, strict=True):
        yield name, label, one.action, one.rule


def labels_of(target: pl.Series, classes: tuple[str, ...]) -> list[Value]:
    """Targets as a user wrote them: names of classes, or values; none where there is none."""
    if not classes:
        return target.cast(pl.Float64).fill_nan(None).to_list()
    return [classes[code] if code is not None and code >= 0 else None for code in target.cast(pl.Int64).to_list()]


def label_rows(labels: LabelIssues, *, values: bool) -> Rows:
    """The labels that look wrong, each with what should stand there, and what speaks for it."""
    yield LABELS_HEAD
    for row in labels.candidates.iter_rows(named=True):
        label, suggestion = (float(row[one]) if values else row[one] for one in ("label", "suggestion"))
        yield row["id"], label, suggestion, evidence(row), None


def box_rows(boxes: BoxIssues, versions: Sequence[str]) -> Rows:
    """The annotated boxes that look wrong, or are missing, each with what should stand there and what speaks for it."""
    yield BOXES_HEAD
    sides = ("left", "top", "width", "height")
    for row in boxes.candidates.iter_rows(named=True):
        own = (row["annotation"], BOX_KINDS[row["kind"]], row["label"], *(row[name] for name in sides))
        suggested = (row["suggestion"], *(row[f"suggested_{name}"] for name in sides))
        yield row["id"], *own, *suggested, box_evidence(row, versions), None


def region_rows(regions: RegionIssues, versions: Sequence[str]) -> Rows:
    """The annotated regions that look wrong, each with what should stand there and what speaks for it."""
    yield REGIONS_HEAD
    for row in regions.candidates.iter_rows(named=True):
        said = (REGION_KINDS[row["kind"]], row["label"], row["suggestion"])
        place = (*(row[name] for name in ("left", "top", "width", "height")), row["n_pixels"], row["share"])
        yield row["id"], *said, *place, region_evidence(row, versions), None


def evidence(row: Mapping[str, Any]) -> str:
    """What speaks against one label (``columns.LABEL_ISSUES``), in one line of plain words."""
    said = f"{said_by(row['n_for'], row['n_versions'])} {row['suggestion']}"
    if row["residual"] is not None:
        way = "above" if row["residual"] > 0 else "below"
        middle = f"{said_by(row['n_for'], row['n_versions'])} about {row['suggestion']}"
        return f"{middle}; the label is {abs(row['residual']):.1f} usual deviations {way}"
    parts = [said]
    if row["confidence"] is not None:
        own, other = (numbers.probability(row[one]) for one in ("label_confidence", "confidence"))
        parts.append(f"probability of the label {own}, of {row['suggestion']} {other}")
    if row["n_look_alikes"]:
        verb = "is" if row["look_alikes_for"] == 1 else "are"
        alike = f"{numbers.count(row['look_alikes_for'])} of {numbers.count(row['n_look_alikes'])} look-alikes"
        parts.append(f"{alike} {verb} {row['suggestion']}")
    return "; ".join(parts)


def _see(report: Report, one: SampleSet) -> Link:
    return see_set(report, one, numbers.count(one.n))
