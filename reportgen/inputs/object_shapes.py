"""Masks and polygons of objects: of the image's size, and of a shape that encloses something."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.errors import Problem
from reportgen.inputs.formats.given import Array, GivenObjects
from reportgen.model import Note

_BLOCK = 1 << 22  # pairs of edges that are compared at once


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


def _crossing(flat: pl.DataFrame) -> list[int]:
    """The rows whose polygon has two edges that cross, ascending."""
    found: list[int] = []
    numbered = flat.with_row_index("row")
    for (n,), group in numbered.group_by("n", maintain_order=True):
        points = int(n) // 2
        if points < 4 or int(n) % 2:
            continue
        xy = group["polygon"].explode().to_numpy().reshape(-1, points, 2)
        step = max(1, _BLOCK // points**2)
        for begin in range(0, len(xy), step):
            crosses = _crosses(xy[begin : begin + step])
            found += group["row"].gather(np.flatnonzero(crosses) + begin).to_list()
    return sorted(found)


def _crosses(xy: Array) -> npt.NDArray[np.bool_]:
    """Whether two edges of each polygon cross in a point inside both; polygons × points × 2."""
    after = np.roll(xy, -1, axis=1)
    edge = after - xy
    # on which side of edge i lie the ends of edge j
    dx, dy = xy[:, None, :, 0] - xy[:, :, None, 0], xy[:, None, :, 1] - xy[:, :, None, 1]
    side = np.sign(edge[:, :, None, 0] * dy - edge[:, :, None, 1] * dx)
    apart = side * np.roll(side, -1, axis=2) < 0
    return np.asarray((apart & apart.transpose(0, 2, 1)).any(axis=(1, 2)))
