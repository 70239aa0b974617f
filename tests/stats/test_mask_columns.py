"""Masks as a column: there and back, none, and polygons filled where no run lengths are given."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen.stats.mask_columns import column_of, fill_column, masks_of
from reportgen.stats.masks import decode_mask, encode_masks

RUNS = pl.List(pl.UInt32)
SHAPES = pl.List(pl.List(pl.Float64))


def test_masks_come_back_from_a_column() -> None:
    rng = np.random.default_rng(0)
    masks = encode_masks([rng.random((5, n)) < 0.5 for n in range(1, 30)])
    column = column_of(masks)
    assert column.dtype == RUNS
    again = masks_of(column, masks.height, masks.width)
    np.testing.assert_array_equal(again.runs, masks.runs)
    np.testing.assert_array_equal(again.begins, masks.begins)
    np.testing.assert_array_equal(masks_of(column[3:7], masks.height[3:7], masks.width[3:7]).area, masks.area[3:7])


def test_an_object_of_a_box_alone_has_no_pixel() -> None:
    column = pl.Series("mask", [None, [2, 4, 6], None, [12]], dtype=RUNS)
    masks = masks_of(column, np.full(4, 3), np.full(4, 4))
    assert masks.fits.all()
    assert masks.area.tolist() == [0, 4, 0, 0]
    assert len(masks_of(column[:0], np.empty(0, np.int64), np.empty(0, np.int64))) == 0
    assert column_of(masks_of(column[:0], np.empty(0, np.int64), np.empty(0, np.int64))).to_list() == []


def test_polygons_are_filled_where_there_is_no_mask() -> None:
    square = [1.0, 1.0, 3.0, 1.0, 3.0, 3.0, 1.0, 3.0]
    column = pl.Series("mask", [None, [2, 4, 14], None, None, None], dtype=RUNS)
    polygons = pl.Series([[square, [x + 1 for x in square]], [square], None, [], [square]], dtype=SHAPES)
    height, width = np.full(5, 5), np.full(5, 4)
    found = fill_column(column, polygons, height, width)
    assert found.name == "mask"
    assert found.dtype == RUNS
    assert found.is_null().to_list() == [False, False, True, True, False]
    assert found.to_list()[1] == [2, 4, 14]
    masks = masks_of(found, height, width)
    assert masks.area.tolist() == [7, 4, 0, 0, 4]
    expected = np.zeros((5, 4), bool)
    expected[1:3, 1:3] = True
    np.testing.assert_array_equal(decode_mask(masks.of(4), 5, 4), expected)


def test_a_column_without_polygons_stays() -> None:
    column = pl.Series("mask", [[12], None], dtype=RUNS)
    none = pl.Series([None, None], dtype=SHAPES)
    assert fill_column(column, none, np.full(2, 3), np.full(2, 4)).equals(column)
