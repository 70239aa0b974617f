"""Masks of run lengths: what fits an image, no mask at all, and overlaps beside those of decoded pixels."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.mask_overlaps import overlap_masks
from reportgen.stats.mask_strings import unpack_runs
from reportgen.stats.masks import Masks, decode_mask, encode_masks, shared_pixels
from reportgen.stats.objects import LEAST_OVERLAP, Detections, Truths
from reportgen.stats.pairs import Ints
from reportgen.stats.polygons import Polygons, fill_polygons
from tests.oracles.object_worlds import draw_masks, make_world

NONE = np.empty(0, np.int64)


@pytest.mark.parametrize(
    ("runs", "fits"),
    [
        ([12], True),
        ([0, 12], True),
        ([5, 0, 7], True),
        ([5, 6], False),
        ([5, 8], False),
        ([14, -2], False),
        ([], False),
    ],
)
def test_runs_fit_an_image_of_as_many_pixels(runs: list[int], fits: bool) -> None:
    twelve = np.array([12])
    masks = Masks.collect([twelve, np.array(runs, np.int64), twelve], np.full(3, 3), np.full(3, 4))
    assert masks.fits.tolist() == [True, fits, True]


def test_runs_of_length_0_change_neither_area_nor_box() -> None:
    masks = Masks.collect(
        [np.array([2, 0, 3, 2, 0, 1, 4]), np.array([5, 3, 4]), np.array([3, 0, 9])], np.full(3, 3), np.full(3, 4)
    )
    assert masks.area.tolist() == [3, 3, 0]
    assert masks.boxes.tolist() == [[1, 0, 2, 3], [1, 0, 2, 3], [0, 0, 0, 0]]
    assert shared_pixels(masks, masks, np.array([0, 0, 2]), np.array([1, 2, 1])).tolist() == [3, 0, 0]


def test_there_may_be_no_mask() -> None:
    none = encode_masks([])
    assert len(none) == len(none.boxes) == len(none.area) == len(none.fits) == 0
    assert not len(shared_pixels(none, none, NONE, NONE))
    assert not len(none.take(NONE))
    assert not len(unpack_runs([])[0])
    nothing = Polygons(np.empty((0, 2)), np.zeros(1, np.int64), NONE)
    assert len(fill_polygons(nothing, NONE, NONE)) == 0
    assert fill_polygons(nothing, np.array([3]), np.array([4])).runs.tolist() == [12]
    no_truths = Truths(NONE, NONE, np.empty((0, 4)), np.empty(0), np.empty(0, bool))
    no_detections = Detections(NONE, NONE, np.empty((0, 4)), np.empty(0), np.empty(0))
    assert not len(overlap_masks(no_detections, no_truths, none, none))


def test_polygons_that_overlap_are_united_not_subtracted() -> None:
    square = np.array([[1.0, 1], [5, 1], [5, 5], [1, 5]])
    points = np.concatenate([square, square + 2])
    size = np.array([8])
    both = fill_polygons(Polygons(points, np.array([0, 4, 8]), np.zeros(2, np.int64)), size, size)
    expected = np.zeros((8, 8), bool)
    expected[1:5, 1:5] = expected[3:7, 3:7] = True
    np.testing.assert_array_equal(decode_mask(both.of(0), 8, 8), expected)


@pytest.mark.parametrize("block", [7, 1 << 21])
def test_overlaps_are_those_of_the_pixels(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr("reportgen.stats.masks._BLOCK", block)
    truths, boxes = make_world(3, n_samples=3, objects=5.0, detected=4.0, crowds=0.3)
    detections, detected, true = draw_masks(3, truths, boxes)
    found = overlap_masks(detections, truths, detected, true)
    assert len(found) > 5
    assert truths.crowd[found.truth].any()
    first, second = pixels(detected), pixels(true)
    shared = first @ second.T
    own = first.sum(axis=1)[:, None]
    union = np.where(truths.crowd, own, own + second.sum(axis=1) - shared)
    iou = np.divide(shared, union, out=np.zeros(shared.shape), where=shared > 0)
    iou[detections.sample[:, None] != truths.sample] = 0
    d, t = np.nonzero(iou >= LEAST_OVERLAP)
    np.testing.assert_array_equal(found.detection, d)
    np.testing.assert_array_equal(found.truth, t)
    np.testing.assert_array_equal(found.iou, iou[d, t])


def pixels(masks: Masks) -> Ints:
    """Every mask decoded, a row each."""
    sizes = zip(masks.height.tolist(), masks.width.tolist(), strict=True)
    return np.stack([decode_mask(masks.of(i), *size).ravel().astype(np.int64) for i, size in enumerate(sizes)])
