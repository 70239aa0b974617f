"""Annotated regions of masks that look wrong: the most suspect ones as crops, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.regions import LEAST_IOU
from reportgen.inspection import RegionIssues
from reportgen.inspection.regions import REGION_KINDS, RegionKind
from reportgen.model import Link, PixelsOfSample
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
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.overlays import upright_size
from reportgen.site.region_maps import n_codes, upright_masks
from reportgen.site.region_paths import crop_paths, hatching
from reportgen.stats.masks import decode_mask

DRAWN: Mapping[RegionKind, str] = {"overlooked": "false", "empty": "missed", "swapped": "class"}
"""How each kind is hatched: as tiles draw the mistakes that versions make there by the annotation."""
MOST = 6
"""Classes of which the smallest area is told one by one."""


def plan_regions(report: Report, thumbnails: Thumbnails) -> SuspectsView | None:
    """The section's view; none where no annotated region could be looked at."""
    regions = report.inspection.regions
    if regions is None:
        return None
    suspects = tuple(_suspect(report, thumbnails, row) for row in first_of_each(regions).iter_rows(named=True))
    there = set(regions.candidates["kind"])
    outline = "M2 2h22v12h-22z"
    legend: list[tuple[str, Paths]] = [("annotated", (("region-under", outline), ("region-true", outline)))]
    legend += [(text, _sample(DRAWN[kind], outline)) for kind, text in REGION_KINDS.items() if kind in there]
    return plan_suspects(report, regions, "regions", _words(report, regions), suspects, legend)


def region_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of annotated regions; nothing where none could be looked at."""
    regions = report.inspection.regions
    return () if regions is None else (suspect_cell(regions, "regions", _words(report, regions)),)


def suspect_region_rows(report: Report) -> list[int]:
    """The rows whose pictures the section needs."""
    regions = report.inspection.regions
    return [] if regions is None else first_of_each(regions)["row"].to_list()


def region_evidence(row: Mapping[str, Any], versions: Sequence[str]) -> str:
    """What speaks against one region (``columns.REGION_ISSUES``), in one line of plain words."""
    pixels = _pixels(row)
    names = "" if row["n_for"] == row["n_versions"] else f" ({', '.join(versions[v] for v in row['versions'])})"
    said = f"{said_by(row['n_for'], row['n_versions'])} {row['suggestion'] or 'nothing is there'}{names}"
    where = "where nothing is annotated" if row["label"] is None else f"annotated as {row['label']}"
    return f"{said}: {pixels} {where}"


def _pixels(row: Mapping[str, Any]) -> str:
    n = row["n_pixels"]
    return f"{numbers.count(n)} pixel{'' if n == 1 else 's'} ({numbers.rate(row['share'])} of the image)"


def _words(report: Report, regions: RegionIssues) -> Words:
    n = regions.n_checked
    return Words(
        "region",
        "regions",
        dict(REGION_KINDS.items()),
        looked_at=f"{numbers.count(n)} annotated region{'' if n == 1 else 's'}",
        rule=_who_speaks(report, regions),
        under="how large it is, and beside a usual annotated region of its class",
        taken="",
    )


def _who_speaks(report: Report, regions: RegionIssues) -> str:
    """How large a candidate is at least, and which versions say nothing of which classes."""
    said = []
    if len(regions.least) > MOST:
        low, high = (numbers.count(find(regions.least.values())) for find in (min, max))
        said.append(f"Large enough are, by class, {low} to {high} pixels.")
    elif regions.least:
        each = [f"{numbers.count(n)} pixel{'' if n == 1 else 's'} ({name})" for name, n in regions.least.items()]
        said.append(f"Large enough {'is' if len(each) == 1 else 'are'} {sentences.listed(each)}.")
    silent = []
    for version in report.outcomes.versions:
        own = [
            f"{name} ({numbers.MISSING if iou is None else numbers.rate(iou)})"
            for v, name, iou in regions.silent
            if v == version
        ]
        if own:
            rest = f" and {numbers.count(len(own) - MOST)} more" if len(own) > MOST else ""
            silent.append(f"{version} about {', '.join(own[:MOST]) + rest if rest else sentences.listed(own)}")
    if silent:
        least = numbers.rate(LEAST_IOU, 0)
        said.append(f"Not asked, since an IoU below {least} has too much wrong: {'; '.join(silent)}.")
    if len(report.outcomes.versions) == 1:
        said.append("With one version alone its own mistakes look like faults of the annotation.")
    return " ".join(said)


def _suspect(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> Suspect:
    kind: RegionKind = row["kind"]
    crop = _crop(report, thumbnails, row)
    who = said_by(row["n_for"], row["n_versions"])
    evidence = region_evidence(row, report.outcomes.versions)
    return Suspect(
        crop=crop,
        missing="" if crop else thumbnails.reason(row["row"]) or "picture not in the report",
        link=Link("examples", row["id"], (("set", "all"), ("sample", row["id"]))),
        spoken=f"{REGION_KINDS[kind]}: {evidence} (sample {row['id']})",
        called=REGION_KINDS[kind],
        label=row["label"] or "",
        suggestion=row["suggestion"] or "",
        who=who if row["suggestion"] else f"{who} nothing is there",
        figures=_pixels(row),
        where=f"{row['times']:.1f} × a usual region",
    )


def _crop(report: Report, thumbnails: Thumbnails, row: Mapping[str, Any]) -> CropView | None:
    """What is around the region, as one sees it."""
    outcomes, thumb = report.outcomes, picture_of(thumbnails, row["row"])
    if thumb is None or outcomes.parts is None or outcomes.parts.masks is None:
        return None

    def draw(_row: int, read: PixelsOfSample, thumb: Thumb = thumb) -> CropView:
        region = decode_mask(np.array(row["mask"], np.int64), *read[0].shape)
        true, (cells,) = upright_masks(outcomes, (read[0], (region,)), thumb)
        assert cells is not None
        width, height = upright_size(thumb)
        ends = [np.flatnonzero(cells.any(axis=axis))[[0, -1]] for axis in (0, 1)]
        box = np.array([[ends[0][0], ends[1][0], np.ptp(ends[0]) + 1, np.ptp(ends[1]) + 1]], np.float64)
        seen = window_around(box, width, height)
        part = (seen.left, seen.top, seen.width, seen.height)
        paths = crop_paths(true, cells, DRAWN[row["kind"]], n_codes(outcomes), part)
        return CropView(thumb, width, height, seen.view_box, paths)

    (found,) = outcomes.parts.masks.each([row["row"]], draw)
    return found


def _sample(kind: str, outline: str) -> Paths:
    """A region in the legend."""
    return (f"region-{kind}", outline), ("region-hatch", "".join(hatching(kind, np.ones((16, 26), bool), 1)))
