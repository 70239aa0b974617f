"""Masks over pictures as SVG paths: exact where there is room for all their corners, else simplified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.kept import kept
from reportgen.model import Outcomes, Parts
from reportgen.site.media import MAX_SAMPLES, Thumb, Thumbnails
from reportgen.site.overlays import SampleMasks, has_boxes, on_picture
from reportgen.stats.mask_columns import fill_column, masks_of
from reportgen.stats.outlines import Outlines, simplify_outlines, trace_masks

TOLERANCES = (0.0, 0.5, 1.5, 3.5)
"""Pixels by which points are left out: the first under which a sample's masks have room is taken; 0: they are exact."""
LETTERS = 8_000_000
"""Letters that the paths of a report may take, spread evenly over its samples."""
_LEAST, _MOST = 2_000, 20_000  # letters of one sample


def has_masks(outcomes: Outcomes) -> bool:
    """Whether the samples are pictures with objects of which any has a mask."""
    parts = outcomes.parts
    if not has_boxes(outcomes) or parts is None or parts.truths is None:
        return False
    return any(
        columns.POLYGONS in frame.columns or frame["mask"].null_count() < frame.height
        for frame in (parts.truths, *parts.detections)
    )


def sample_masks(outcomes: Outcomes, row: int, thumb: Thumb) -> SampleMasks | None:
    """The masks of one sample; None where no object has one.

    Crowds, and detections that do not count, are not drawn.
    """
    if not has_masks(outcomes) or outcomes.parts is None:
        return None
    letters = LETTERS // min(max(outcomes.frame.height, 1), MAX_SAMPLES)
    return _draw(outcomes.parts, len(outcomes.versions), row, thumb, min(max(letters, _LEAST), _MOST))


def judged_masks(outcomes: Outcomes, row: int, thumb: Thumb) -> SampleMasks | None:
    """The same where overlaps are judged by masks: then tiles show them."""
    parts = outcomes.parts
    return sample_masks(outcomes, row, thumb) if parts is not None and parts.overlap == "mask" else None


def pack_masks(outcomes: Outcomes, thumbnails: Thumbnails) -> Mapping[str, object]:
    """The masks of every sample that has a picture, in the order of the chunk ``media``; null where there are none.

    ``true`` has a path for each true object of ``boxes``, ``said`` by version one for each detection (null: it has
    none); ``within`` how far from the exact border they are drawn at most, in pixels, null where they have no room.
    """
    rows = sorted(thumbnails.by_row)
    found = [sample_masks(outcomes, row, thumbnails.by_row[row]) for row in rows]
    return {
        "true": [None if one is None else one.true for one in found],
        "said": [[None if one is None else one.said[v] for one in found] for v in range(len(outcomes.versions))],
        "within": [None if one is None else one.within for one in found],
    }


@kept
def _draw(parts: Parts, n_versions: int, row: int, thumb: Thumb, letters: int) -> SampleMasks | None:
    assert parts.truths is not None
    versions = parts.detections[:n_versions]
    told = thumb.original if parts.sizes is None or np.isnan(parts.sizes[row]).any() else parts.sizes[row]
    drawn = [(parts.truths, ~pl.col("crowd")), *((one, pl.col("counts")) for one in versions)]
    sides = [_of(frame, row, which, told) for frame, which in drawn]
    column = pl.concat(sides)
    if column.null_count() == len(column):
        return None
    width, height = (np.full(len(column), int(side), np.int64) for side in told)
    exact = trace_masks(masks_of(column, height, width))
    for tolerance in TOLERANCES:
        outlines = simplify_outlines(exact, tolerance) if tolerance else exact
        if 2 * len(outlines.points) > letters:
            continue
        paths = _paths(outlines, column, parts, row, thumb)
        if sum(len(path or "") for path in paths) <= letters:
            ends = np.cumsum([len(side) for side in sides]).tolist()
            true, *said = (tuple(paths[begin:end]) for begin, end in zip([0, *ends[:-1]], ends, strict=True))
            return SampleMasks(true, tuple(said), tolerance + 0.5 if tolerance else 0.0)
    none: list[tuple[str | None, ...]] = [(None,) * len(side) for side in sides]
    return SampleMasks(none[0], tuple(none[1:]), None)


def _of(frame: pl.DataFrame, row: int, drawn: pl.Expr, told: Sequence[float]) -> pl.Series:
    """The masks of a sample's objects that are drawn, on an image of the width and height that are told."""
    begin, end = np.searchsorted(frame["sample"].to_numpy(), [row, row + 1])
    own = frame[int(begin) : int(end)].filter(drawn)
    if columns.POLYGONS not in frame.columns:
        return own["mask"]
    width, height = (np.full(own.height, int(side), np.int64) for side in told)
    return fill_column(own["mask"], own[columns.POLYGONS], height, width)


def _paths(outlines: Outlines, column: pl.Series, parts: Parts, row: int, thumb: Thumb) -> list[str | None]:
    """The path of each mask; empty where it has no pixel, None where there is no mask."""
    flat = np.concatenate([outlines.points, np.zeros_like(outlines.points)], axis=1)
    points = on_picture(parts, row, thumb, flat)[:, :2]
    steps = np.diff(points, axis=0, prepend=points[:1])
    found: list[list[str]] = [[] for _ in range(len(column))]
    ends = outlines.begins.tolist()
    for mask, begin, end in zip(outlines.mask.tolist(), ends, ends[1:], strict=False):
        found[mask] += ring(points[begin].tolist(), steps[begin + 1 : end].tolist())
    return [None if none else "".join(one) for none, one in zip(column.is_null().to_list(), found, strict=True)]


def ring(start: Sequence[float], steps: Sequence[Sequence[float]]) -> Iterator[str]:
    """One ring as a path: where it begins, and the steps from there."""
    yield f"M{start[0]:.10g} {start[1]:.10g}"
    for x, y in steps:
        if not y:
            yield f"h{x:.10g}"
        elif not x:
            yield f"v{y:.10g}"
        else:
            yield f"l{x:.10g} {y:.10g}"
    yield "z"
