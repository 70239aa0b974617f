"""Run lengths, their text, polygons and overlaps of masks against pycocotools, on drawn masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as tool  # type: ignore[import-untyped]

from reportgen.stats.mask_strings import pack_runs, unpack_runs
from reportgen.stats.masks import Masks, decode_mask, encode_masks, shared_pixels
from reportgen.stats.polygons import Polygons, fill_polygons

SIDES = st.integers(1, 40)
RING = np.pad(np.zeros((3, 4), bool), 2, constant_values=True)  # a hole


@st.composite
def images(draw: st.DrawFn) -> list[np.ndarray]:
    """Masks of one size: noise, rectangles with holes, full and empty ones, and single pixels."""
    height, width = draw(SIDES), draw(SIDES)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    found = [np.zeros((height, width), bool), np.ones((height, width), bool)]
    found += [rng.random((height, width)) < share for share in (0.02, 0.5, 0.95)]
    for _ in range(2):
        y, x = np.sort(rng.integers(0, height + 1, (2, 2)), axis=0), np.sort(rng.integers(0, width + 1, (2, 2)), axis=0)
        one = np.zeros((height, width), bool)
        one[y[0, 0] : y[1, 0], x[0, 0] : x[1, 0]] = True
        one[y[0, 1] : y[1, 1], x[0, 1] : x[1, 1]] ^= True
        found.append(one)
    one = np.zeros((height, width), bool)
    one[rng.integers(height), rng.integers(width)] = True
    return [*found, one]


def theirs(image: np.ndarray) -> dict[str, Any]:
    """What the tool makes of the pixels."""
    return tool.encode(np.asfortranarray(image, np.uint8))


@settings(max_examples=60, deadline=None)
@given(images())
@example([RING, ~RING, RING])
def test_run_lengths_are_those_of_pycocotools(pixels: list[np.ndarray]) -> None:
    masks = encode_masks(pixels)
    expected = [theirs(image) for image in pixels]
    assert masks.fits.all()
    assert [pack_runs(masks.of(i)) for i in range(len(masks))] == [one["counts"].decode() for one in expected]
    np.testing.assert_array_equal(masks.area, tool.area(expected))
    np.testing.assert_array_equal(masks.boxes, tool.toBbox(expected))
    for i, image in enumerate(pixels):
        np.testing.assert_array_equal(decode_mask(masks.of(i), *image.shape), image)
    runs, begins, readable = unpack_runs([one["counts"].decode() for one in expected])
    assert readable.all()
    np.testing.assert_array_equal(runs, masks.runs)
    np.testing.assert_array_equal(begins, masks.begins)


@settings(max_examples=60, deadline=None)
@given(images())
@example([RING, ~RING, RING])
def test_shared_pixels_are_counted_without_decoding(pixels: list[np.ndarray]) -> None:
    masks, n = encode_masks(pixels), len(pixels)
    i, j = np.divmod(np.arange(n * n), n)
    shared = shared_pixels(masks, masks.take(np.arange(n)[::-1]), i, n - 1 - j)
    np.testing.assert_array_equal(shared, [(pixels[a] & pixels[b]).sum() for a, b in zip(i, j, strict=True)])
    expected = [theirs(image) for image in pixels]
    union = masks.area[i] + masks.area[j] - shared
    iou = np.divide(shared, union, out=np.zeros(n * n), where=shared > 0)
    np.testing.assert_array_equal(iou.reshape(n, n), tool.iou(expected, expected, [0] * n))


@settings(max_examples=40, deadline=None)
@given(arrays.arrays(np.int64, st.integers(1, 30), elements=st.integers(0, 2**31 - 1)))
def test_texts_of_any_lengths_come_back(runs: np.ndarray) -> None:
    text = pack_runs(runs)
    found, begins, readable = unpack_runs([text, "", text])
    np.testing.assert_array_equal(found, np.concatenate([runs, runs]))
    np.testing.assert_array_equal(begins, [0, len(runs), len(runs), 2 * len(runs)])
    assert readable.tolist() == [True, False, True]


@st.composite
def outlines(draw: st.DrawFn) -> tuple[int, int, list[list[np.ndarray]]]:
    """A size, and masks of polygons: within, over the borders, on whole and any coordinates, crossing themselves."""
    height, width = draw(SIDES), draw(SIDES)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    beyond = draw(st.sampled_from([0.0, 0.6]))
    steps = draw(st.sampled_from([1.0, 2.0, 10.0, 1e6]))
    found = []
    for _ in range(draw(st.integers(1, 4))):
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            points = rng.uniform(-beyond, 1 + beyond, (draw(st.integers(3, 9)), 2)) * (width, height)
            points = np.round(points * steps) / steps
            if draw(st.booleans()):
                points = np.concatenate([points, points[-1:], points[:1]])  # points that stand twice
            parts.append(points)
        found.append(parts)
    return height, width, found


def filled(masks: list[list[np.ndarray]], height: int, width: int) -> Masks:
    """The masks of polygons by our own function."""
    parts = [part for parts in masks for part in parts]
    owner = np.repeat(np.arange(len(masks)), [len(parts) for parts in masks])
    begins = np.cumsum([0, *(len(part) for part in parts)])
    size = np.ones(len(masks), np.int64)
    return fill_polygons(Polygons(np.concatenate(parts), begins, owner), height * size, width * size)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # within the tool
@settings(max_examples=300, deadline=None)
@given(outlines())
@example((10, 10, [[np.array([[0.0, 0.0], [0.0, 10.0], [10.0, 10.0], [10.0, 0.0]])]]))
@example((10, 10, [[np.array([[-5.0, -5.0], [20.0, -5.0], [20.0, 20.0], [-5.0, 20.0]])]]))
def test_polygons_are_filled_as_pycocotools_fills_them(case: tuple[int, int, list[list[np.ndarray]]]) -> None:
    height, width, masks = case
    found = filled(masks, height, width)
    for i, parts in enumerate(masks):
        each = tool.frPyObjects([part.ravel().tolist() for part in parts], height, width)
        expected = tool.decode(tool.merge(each)).astype(bool)
        np.testing.assert_array_equal(decode_mask(found.of(i), height, width), expected)
    assert found.fits.all()


def test_the_text_is_the_one_of_the_tool_for_large_polygons() -> None:
    angles = np.linspace(0, 2 * np.pi, 500)
    points = np.stack([640 + 500 * np.cos(angles) * np.sin(5 * angles), 360 + 300 * np.sin(angles)], axis=1)
    expected = tool.frPyObjects([points.ravel().tolist()], 720, 1280)[0]["counts"].decode()
    assert pack_runs(filled([[points]], 720, 1280).of(0)) == expected


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # within the tool
def test_many_turns_of_one_polygon_are_filled_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.stats.polygons._BLOCK", 50)
    rng = np.random.default_rng(0)
    masks = [[rng.uniform(-5, 45, (60, 2)).round(1) for _ in range(2)] for _ in range(3)]
    found = filled(masks, 30, 40)
    for i, parts in enumerate(masks):
        expected = tool.merge(tool.frPyObjects([part.ravel().tolist() for part in parts], 30, 40))
        assert pack_runs(found.of(i)) == expected["counts"].decode()


@pytest.mark.parametrize("text", ["", "0 0", "ü1", "P", "oooooooooo0"])
def test_a_text_that_is_none_is_not_readable(text: str) -> None:
    _, _, readable = unpack_runs(["52", text, "52"])
    assert readable.tolist() == [True, False, True]
