"""Masks as a column of a frame, and polygons beside them filled."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from reportgen.stats.masks import Masks
from reportgen.stats.pairs import Ints
from reportgen.stats.polygons import Polygons, fill_polygons

_RUNS = pl.List(pl.UInt32)


def masks_of(column: pl.Series, height: Ints, width: Ints) -> Masks:
    """The masks of a column of run lengths (``columns.OBJECTS``); without a pixel where it is null.

    Args:
        column: run lengths of each object.
        height: of the image of each.
        width: of it.
    """
    counts = column.list.len().fill_null(1).to_numpy().astype(np.int64)
    begins = np.concatenate([[0], np.cumsum(counts)])
    runs = np.empty(begins[-1], np.int64)
    none = column.is_null().to_numpy()
    absent = begins[:-1][none]
    runs[absent] = (height * width)[none]
    given = np.ones(len(runs), bool)
    given[absent] = False
    runs[given] = column.drop_nulls().explode().drop_nulls().to_numpy()
    return Masks(runs, begins, height, width)


def column_of(masks: Masks) -> pl.Series:
    """The run lengths of each mask, as a column."""
    lists = pa.LargeListArray.from_arrays(pa.array(masks.begins), pa.array(masks.runs.astype(np.uint32)))
    return pl.Series("mask", lists, dtype=_RUNS)


def fill_column(column: pl.Series, polygons: pl.Series, height: Ints, width: Ints) -> pl.Series:
    """The column of run lengths with those of the polygons wherever it has none.

    Args:
        column: run lengths of each object, null where it has none.
        polygons: of each object, each polygon as x, y, x, y … in pixels, of three points or more; null or no polygon
            leaves the column as it is.
        height: of the image of each.
        width: of it.
    """
    wanted = np.flatnonzero((column.is_null() & (polygons.list.len().fill_null(0) > 0)).to_numpy())
    if not len(wanted):
        return column
    own = polygons.gather(wanted)
    each = own.explode()
    sizes = each.list.len().to_numpy().astype(np.int64) // 2
    shapes = Polygons(
        points=each.explode().to_numpy().astype(np.float64).reshape(-1, 2),
        begins=np.concatenate([[0], np.cumsum(sizes)]),
        mask=np.repeat(np.arange(len(wanted)), own.list.len().to_numpy()),
    )
    filled = column_of(fill_polygons(shapes, height[wanted], width[wanted]))
    place = np.full(len(column), len(filled), np.int64)
    place[wanted] = np.arange(len(wanted))
    beside = pl.concat([filled, pl.Series("mask", [None], dtype=_RUNS)]).gather(place)
    return column.zip_with(column.is_not_null(), beside)
