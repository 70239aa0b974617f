"""Masks and polygons of objects: of the image's size, and of a shape that encloses something."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.errors import Problem
from reportgen.inputs.formats.given import Array, GivenObjects
from reportgen.model import Note
from reportgen.stats.pairs import ranges

Ints = npt.NDArray[np.int64]

_BLOCK = 1 << 20  # pairs of edges that are compared at once
_MOST_PAIRS = 20_000_000  # of one polygon
_ALL_PAIRS = 400_000_000
_MOST_COLUMNS = 10_000_000  # that an object's polygons go through: the border of a mask of 4 million pixels may not
_MOST_PIXELS = 2**32


def check_masks(given: GivenObjects, sizes: Array, whose: str) -> Iterator[Problem]:
    """The problem of masks of another size than their image (RG388)."""
    height = given.frame["mask_height"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    width = given.frame["mask_width"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    there = np.isfinite(height) & np.isfinite(sizes).all(axis=1)
    wrong = np.flatnonzero(there & ((height != sizes[:, 1]) | (width != sizes[:, 0])))
    if len(wrong):
        at = int(wrong[0])
        swapped = bool(((height == sizes[:, 0]) & (width == sizes[:, 1]))[wrong].all())
        what = (
            f"{given.named(wrong.tolist())}: a mask of {width[at]:.0f} × {height[at]:.0f} pixels on an image of "
            f"{sizes[at, 0]:.0f} × {sizes[at, 1]:.0f}, among the {whose}"
        )
        mend = "write size as [height, width]" if swapped else "write masks at the image's own size"
        yield Problem("RG388", what, given.place(at, "segmentation.size"), mend=mend)


def lacking_masks(
    given: GivenObjects,
    polygons: pl.Series,
    whose: str,
    why: str = "overlaps are to be those of masks",
    otherwise: str = ", or take objects: {overlap: box}",
) -> Iterator[Problem]:
    """The problem of objects without a mask, where masks are judged (RG370), with what could be judged instead."""
    lost = (given.frame["mask"].is_null() & (polygons.list.len().fill_null(0) == 0)).arg_true().to_list()
    if lost:
        n = (
            f"none of the {len(given):,} {whose} has"
            if len(lost) == len(given)
            else f"{len(lost):,} of the {whose} lack"
        )
        what = f"{n} a mask, and {why}: {given.named(lost)}"
        mend = f"write run lengths or polygons as segmentation{otherwise}"
        yield Problem("RG370", what, given.place(lost[0], "segmentation"), mend=mend)


def check_polygons(given: GivenObjects, whose: str) -> tuple[pl.Series, list[Note]]:
    """The polygons without those that enclose nothing, and what to tell of these and of those that cross themselves.

    An object whose polygons are all left out keeps its box.
    """
    column = given.frame["polygons"]
    flat = (
        pl.DataFrame({"polygon": column})
        .with_row_index("object")
        .filter(pl.col("polygon").list.len() > 0)
        .explode("polygon")
        .with_columns(pl.col("polygon").list.len().fill_null(0).alias("n"))
    )
    notes: list[Note] = []
    few = flat.filter(pl.col("n") < 6)
    if few.height:
        rows = few["object"].unique(maintain_order=True).to_list()
        message = (
            f"{few.height:,} polygons of the {whose} have fewer than three points ({given.named(rows)}): left out, "
            "the boxes stay"
        )
        notes.append(_note(given, "RG389", message, few.height, rows))
        flat = flat.filter(pl.col("n") >= 6)
        kept = flat.group_by("object", maintain_order=True).agg("polygon")
        rows_left = pl.DataFrame({"object": pl.Series(range(len(column)), dtype=flat.schema["object"])})
        column = rows_left.join(kept, on="object", how="left", maintain_order="left")["polygon"]
    crossing = _crossing(flat)
    if len(crossing):
        rows = flat["object"].gather(crossing).unique(maintain_order=True).to_list()
        message = (
            f"{len(crossing):,} polygons of the {whose} cross themselves ({given.named(rows)}): the pixels that their "
            "lines enclose are taken as the COCO tools take them"
        )
        notes.append(_note(given, "RG390", message, len(crossing), rows))
    return column.alias("polygons"), notes


def _note(given: GivenObjects, code: str, message: str, n: int, rows: list[int]) -> Note:
    first = tuple(given.frame["mark"][at] or given.frame["image"][at] for at in rows[:5])
    return Note(code, "degraded", message, given.files[given.frame["file"][rows[0]]], "segmentation", n, first)


def endless_polygons(given: GivenObjects, polygons: pl.Series, sizes: Array, whose: str) -> Iterator[Problem]:
    """The problem of polygons that nobody drew: they go across their image ever again, or it is too large (RG388).

    Args:
        given: the objects, for the names of places.
        polygons: of each, in pixels.
        sizes: width and height of each one's image; NaN where not known.
        whose: "true objects", or "detections of NAME".
    """
    there = np.flatnonzero(polygons.list.len().fill_null(0).to_numpy() > 0)
    large = there[sizes[there].prod(axis=1) >= _MOST_PIXELS]
    if len(large):
        at = int(large[0])
        size = f"{sizes[at, 0]:.0f} × {sizes[at, 1]:.0f}"
        what = f"{given.named(large.tolist())}: an image of {size} pixels has no room for masks, among the {whose}"
        yield Problem("RG388", what, given.place(at, "segmentation"), mend="mend the image's size")
    points, owner, polygon = _points(pl.DataFrame({"polygon": polygons}).with_row_index("object").explode("polygon"))
    across = np.abs(np.diff(points[:, 0].clip(0, np.nan_to_num(sizes[owner, 0])), prepend=0))
    across[np.diff(polygon, prepend=-1) > 0] = 0
    walked = np.bincount(owner, across, len(polygons))
    far = np.flatnonzero(walked > _MOST_COLUMNS)
    if len(far):
        at = int(far[0])
        times = f"{walked[at] / sizes[at, 0]:,.0f} times"
        what = f"{given.named(far.tolist())}: polygons that go across their image {times}, among the {whose}"
        mend = "write the outline of the object, or its mask as run lengths"
        yield Problem("RG388", what, given.place(at, "segmentation"), mend=mend)


def _points(flat: pl.DataFrame) -> tuple[Array, Ints, Ints]:
    """The points of polygons one after the other, and the object and the row of ``flat`` that each belongs to."""
    counts = flat["polygon"].list.len().fill_null(0).to_numpy().astype(np.int64) // 2
    cells = flat["polygon"].drop_nulls().explode().drop_nulls().to_numpy().astype(np.float64)
    return cells.reshape(-1, 2), np.repeat(flat["object"].to_numpy(), counts), np.repeat(np.arange(len(counts)), counts)


def _crossing(flat: pl.DataFrame) -> list[int]:
    """The rows whose polygon has two edges that cross, ascending; one of endless turns is not looked at.

    Edges are compared with those that are above or below a part of them.
    """
    points, _, row = _points(flat)
    if not len(points):
        return []
    head = np.flatnonzero(np.diff(row, prepend=-1))
    after = np.arange(1, len(points) + 1)
    after[np.append(head[1:], len(points)) - 1] = head
    low, high = np.minimum(points[:, 0], points[after, 0]), np.maximum(points[:, 0], points[after, 0])
    order = np.lexsort((low, row))
    # all polygons beside each other, so that one search serves them all; the room between them is above what is rounded
    span = np.ptp(points[:, 0]) + 1
    room = span * (row[-1] + 1) * 1e-15
    shift = row[order] * (span + 2 * room)
    left, right = low[order] + shift, high[order] + shift + room
    counts = np.searchsorted(left, right, side="right") - np.arange(len(order)) - 1
    total = np.bincount(row, counts[np.argsort(order)])
    looked_at = (total <= _MOST_PAIRS) & (np.cumsum(np.where(total <= _MOST_PAIRS, total, 0)) <= _ALL_PAIRS)
    counts[~looked_at[row[order]]] = 0
    found = np.zeros(len(total), bool)
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(_BLOCK, ends[-1], _BLOCK))
    for part in np.split(np.arange(len(order)), cuts):
        first = np.repeat(part, counts[part])
        second = ranges(part + 1, counts[part])
        i, j = order[first], order[second]
        i, j = i[row[i] == row[j]], j[row[i] == row[j]]
        crosses = _apart(points, after, i, j) & _apart(points, after, j, i)
        found[row[i[crosses]]] = True
    return np.flatnonzero(found).tolist()


def _apart(points: Array, after: Ints, i: Ints, j: Ints) -> npt.NDArray[np.bool_]:
    """Whether the ends of edges ``j`` lie on two sides of edges ``i``, and not on them."""
    start = points[i]
    edge = points[after[i]] - start
    one, other = (
        edge[:, 0] * (end - start)[:, 1] - edge[:, 1] * (end - start)[:, 0] for end in (points[j], points[after[j]])
    )
    return np.asarray(np.sign(one) * np.sign(other) < 0)
