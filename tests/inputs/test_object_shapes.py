"""Polygons that cross themselves, have a million points, or go across their image ever again."""

from __future__ import annotations

import time

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reportgen.inputs.formats.given import GivenObjects, given_frame
from reportgen.inputs.object_shapes import check_polygons, endless_polygons
from reportgen.stats.mask_columns import fill_column
from tests.inputs.folders import STEADY

Points = list[tuple[int, int]]


def given_polygons(*objects: list[Points]) -> GivenObjects:
    """Objects with ids from 1 on, as a file gives their polygons."""
    n = len(objects)
    column = pl.Series([[[float(x) for point in one for x in point] for one in shapes] for shapes in objects])
    columns = {"polygons": column, "mark": [str(i + 1) for i in range(n)], "image": ["a"] * n, "row": range(1, n + 1)}
    images = pl.DataFrame({"image": ["a"]})
    return GivenObjects("COCO", given_frame(n, columns), images, ("truth.json",), "")


def crosses(points: Points) -> bool:
    """Whether two edges cross in a point inside both, edge by edge."""

    def side(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
        return int(np.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])))

    edges = list(zip(points, points[1:] + points[:1], strict=True))
    return any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for i, (a, b) in enumerate(edges)
        for c, d in edges[:i]
    )


COORDINATE = st.integers(-4, 9)
POLYGON = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=3, max_size=9)


@STEADY
@given(st.lists(st.lists(POLYGON, min_size=1, max_size=3), min_size=1, max_size=4))
def test_polygons_that_cross_themselves_are_counted_and_named(objects: list[list[Points]]) -> None:
    found = {note.code: note for note in check_polygons(given_polygons(*objects), "true objects")[1]}
    expected = [[crosses(one) for one in shapes] for shapes in objects]
    names = tuple(str(i) for i, some in enumerate(expected, 1) if any(some))
    if names:
        assert found["RG390"].n == sum(map(sum, expected))
        assert found["RG390"].examples == names[:5]
    else:
        assert not found


def test_a_million_points_are_read_and_filled() -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    far = 200 + 20 * np.sin(40 * angle)
    ring = np.stack([320 + far * np.cos(angle), 240 + far * np.sin(angle)], axis=1)
    column = pl.Series([[ring.ravel().tolist()]])
    given_ = GivenObjects("COCO", given_frame(1, {"polygons": column}), pl.DataFrame({"image": ["a"]}), ("t.json",), "")
    start = time.process_time()
    polygons, notes = check_polygons(given_, "true objects")
    assert not list(endless_polygons(given_, polygons, np.array([[640.0, 480.0]]), "true objects"))
    filled = fill_column(
        pl.Series("mask", [None], dtype=pl.List(pl.UInt32)), polygons, np.array([480]), np.array([640])
    )
    assert time.process_time() - start < 20
    assert notes == []
    area = sum(filled[0].to_list()[1::2])
    assert abs(area / (np.pi * (200**2 + 200)) - 1) < 0.01


def test_polygons_that_go_across_their_image_ever_again_are_refused() -> None:
    turns = [(640 * (i % 2), i % 480) for i in range(40_000)]
    square = [(0, 0), (9, 0), (9, 9)]
    given_ = given_polygons([square], [turns], [square, square])
    polygons, _ = check_polygons(given_, "true objects")
    (problem,) = endless_polygons(given_, polygons, np.array([[640.0, 480.0]] * 3), "true objects")
    assert problem.code == "RG388"
    assert "annotation 2: polygons that go across their image 39,999 times" in problem.what
    (problem,) = endless_polygons(given_, polygons.head(1), np.array([[65536.0, 65536.0]]), "true objects")
    assert "annotation 1: an image of 65536 × 65536 pixels has no room for masks" in problem.what
    many = given_polygons([square] * 9_000, [square])
    polygons, _ = check_polygons(many, "true objects")
    assert not list(endless_polygons(many, polygons, np.array([[5000.0, 5000.0]] * 2), "true objects"))
