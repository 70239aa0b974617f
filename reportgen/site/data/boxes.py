"""Annotated boxes that look wrong: the most suspect ones as crops, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.boxes import FEWEST
from reportgen.inspection import BoxIssues
from reportgen.inspection.boxes import BOX_KINDS, BoxKind
from reportgen.model import Link
from reportgen.report import Report
from reportgen.site.data.labels import said_by
from reportgen.site.data.strip import StripCell
from reportgen.site.data.suspects import (
    CropView,
    Paths,
    Suspect,
    SuspectsView,
    Words,
    first_of_each,
    picture_of,
    plan_suspects,
    suspect_cell,
    window_around,
)
from reportgen.site.media import Thumbnails
from reportgen.site.overlays import Floats, on_picture, outlines, upright_size
from reportgen.tasks.objects import BOX

_SAMPLE = "M4 3h18v10h-18z"
"""A box in the legend."""


def plan_boxes(report: Report, thumbnails: Thumbnails) -> SuspectsView | None:
    """The section's view; none where no annotated box could be looked at."""
    boxes = report.inspection.boxes
    if boxes is None:
        return None
    suspects = tuple(_suspect(report, thumbnails, row) for row in first_of_each(boxes).iter_rows(named=True))
    drawn = (("annotated", "annotated"), ("suggested", "each version’s own"), ("beside", "other annotated objects"))
    legend = [(text, _outlined(kind, _SAMPLE)) for kind, text in drawn]
    return plan_suspects(report, boxes, "boxes", _words(report, boxes), suspects, legend)


def box_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of annotated boxes; nothing where none could be looked at."""
    boxes = report.inspection.boxes
    return () if boxes is None else (suspect_cell(boxes, "boxes", _words(report, boxes)),)


def suspect_box_rows(report: Report) -> list[int]:
    """The rows whose pictures the section needs."""
    boxes = report.inspection.boxes
    return [] if boxes is None else first_of_each(boxes)["row"].to_list()


def _words(report: Report, boxes: BoxIssues) -> Words:
    parts = report.outcomes.parts
    masked = parts is not None and parts.overlap == "mask"
    noun, nouns = ("mask", "masks") if masked else ("box", "boxes")
    return Words(
        noun,
        nouns,
        dict(BOX_KINDS.items()),
        looked_at=f"{numbers.count(boxes.n_checked)} annotated object{'' if boxes.n_checked == 1 else 's'}",
        rule=_placed(boxes, nouns),
        under="the versions’ scores, and how much their box and the annotated one overlap",
        taken=", at the same cut-offs",
    )


def box_evidence(row: Mapping[str, Any], versions: Sequence[str]) -> str:
    """What speaks against one annotation (``columns.BOX_ISSUES``), in one line of plain words."""
    scores = ", ".join(
        f"{name} {numbers.probability(score)}"
        for name, score in zip(versions, row["scores"], strict=True)
        if score is not None
    )
    who = said_by(row["n_for"], row["n_versions"])
    if row["kind"] == "overlooked":
        return f"{who} {row['suggestion']} ({scores}) where nothing is annotated"
    overlap = numbers.probability(row["iou"])
    if row["kind"] == "swapped":
        return f"{who} {row['suggestion']} ({scores}), overlap with what is annotated {overlap}"
    return f"{_places(row['n_for'], row['n_versions'])} ({scores}), overlap with what is annotated {overlap}"


def _places(n_for: int, n: int) -> str:
    """Who places a box elsewhere: so many of the versions."""
    who = said_by(n_for, n).removesuffix(" says").removesuffix(" say")
    return f"{who} {'places' if n == 1 else 'place'} it elsewhere"


def _placed(boxes: BoxIssues, noun: str) -> str:
    """Below which overlap a place is odd for each version, and why others can't tell."""
    few = [name for name, n in boxes.n_found.items() if n < FEWEST]
    wide = [name for name in boxes.n_found if name not in boxes.limits and name not in few]
    said = []
    if boxes.limits:
        limits = [f"{numbers.probability(limit)} ({name})" for name, limit in boxes.limits.items()]
        said.append(f"Badly placed means an overlap below {sentences.listed(limits)}, far from what is usual there.")
    elif boxes.n_found:
        said.append(f"Whether {noun} are badly placed can't be told here.")
    if few:
        find = f"{sentences.listed(few)} {'finds' if len(few) == 1 else 'find'}"
        said.append(f"{find} fewer than {FEWEST} objects: too few to know how much {noun} usually overlap.")
    if wide:
        said.append(f"The overlaps of {sentences.listed(wide)} lie so far apart that no place is odd.")
    return " ".join(said)


def _suspect(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> Suspect:
    kind: BoxKind = row["kind"]
    crop = _crop(report, thumbnails, row)
    figures = " · ".join(numbers.probability(score) for score in row["scores"] if score is not None)
    if kind != "overlooked":
        figures += f"; overlap {numbers.probability(row['iou'])}"
    who = _places if kind == "misplaced" else said_by
    evidence = box_evidence(row, report.outcomes.versions)
    state = (("set", "all"), ("sample", row["id"]))
    label = row["label"] or ""
    return Suspect(
        crop=crop,
        missing="" if crop else thumbnails.reason(row["row"]) or "picture not in the report",
        link=Link("examples", row["id"], state),
        spoken=f"{BOX_KINDS[kind]}{f', annotated {label}' if label else ''}: {evidence} (sample {row['id']})",
        called=BOX_KINDS[kind],
        label=label,
        suggestion="" if kind == "misplaced" else row["suggestion"],
        who=who(row["n_for"], row["n_versions"]),
        figures=figures,
        where=_annotation(row["annotation"]),
    )


def _annotation(mark: str | None) -> str:
    """The annotation by what its file calls it."""
    if mark is None:
        return ""
    return mark if mark.startswith(("entry ", "line ")) else f"annotation {mark}"


def _crop(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> CropView | None:
    """What is around the annotated box and the versions' own."""
    at, parts = row["row"], report.outcomes.parts
    thumb = picture_of(thumbnails, at)
    if thumb is None or parts is None or parts.truths is None:
        return None

    def placed(frame: pl.DataFrame) -> Floats:
        return on_picture(parts, at, thumb, frame.select(BOX).to_numpy())

    begin, end = np.searchsorted(parts.truths["sample"].to_numpy(), [at, at + 1])
    rows = np.arange(begin, end)
    rows = rows[~parts.truths["crowd"].to_numpy()[rows]]
    own = rows[rows == (-1 if row["object"] is None else row["object"])]
    said = [frame[[d]] for frame, d in zip(parts.detections, row["detections"], strict=False) if d >= 0]
    annotated, others = placed(parts.truths[own]), placed(parts.truths[np.setdiff1d(rows, own)])
    suggested = placed(pl.concat(said))
    width, height = upright_size(thumb)
    seen = window_around(np.concatenate([annotated, suggested]), width, height).view_box
    drawn = (("beside", others), ("annotated", annotated), ("suggested", suggested))
    paths = [path for kind, boxes in drawn if len(boxes) for path in _outlined(kind, outlines(boxes))]
    return CropView(thumb, width, height, seen, tuple(paths))


def _outlined(kind: str, path: str) -> Paths:
    """Light on a dark line."""
    return ("box-under", path), (f"box-{kind}", path)
