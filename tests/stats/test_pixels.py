"""Sums of pixels beside slow ones: a mask a class, and a boundary by the erosion of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import ndimage
from sklearn.metrics import confusion_matrix, f1_score, jaccard_score

from reportgen.stats.pixels import SampleSums, boundary_width, hash_pixels, mark_boundary, sum_pixels

CLASSES = 3
NAMES = ("cell", "crystal", "dirt")
BACKGROUND, IGNORED = CLASSES, CLASSES + 1


def draw_codes(seed: int, height: int, width: int, grain: int, kind: type = np.uint8) -> np.ndarray:
    """Patches of classes, background and what is ignored, some of one pixel."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, CLASSES + 2, (height // grain + 1, width // grain + 1))
    codes = np.kron(coarse, np.ones((grain, grain), int))[:height, :width]
    return np.where(rng.random((height, width)) < 0.01, rng.integers(CLASSES), codes).astype(kind)


def boundary(mask: np.ndarray) -> np.ndarray:
    """The boundary as the paper's authors compute it: a frame of background, then so many erosions by 3 × 3."""
    height, width = mask.shape
    distance = max(1, round(0.02 * np.sqrt(height**2 + width**2)))
    framed = np.pad(mask, 1)
    eroded = ndimage.binary_erosion(framed, np.ones((3, 3)), iterations=distance, border_value=1)
    return mask & ~eroded[1:-1, 1:-1]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(1, 130),
    width=st.integers(1, 130),
    grain=st.sampled_from([1, 7, 30, 200]),
    kind=st.sampled_from([np.uint8, np.uint16]),
)
@example(seed=0, height=1, width=1, grain=1, kind=np.uint8)
@example(seed=0, height=3, width=3, grain=200, kind=np.uint8)
@example(seed=1, height=128, width=120, grain=200, kind=np.uint16)
def test_sums_are_those_of_a_mask_a_class(seed: int, height: int, width: int, grain: int, kind: type) -> None:
    true = draw_codes(seed, height, width, grain, kind)
    shift = np.roll(true, 2, axis=1)
    predicted = np.where(shift == IGNORED, draw_codes(seed + 1, height, width, grain), shift).astype(kind)
    sums = sum_pixels(true, predicted, CLASSES)
    counted = true != IGNORED
    for klass in range(CLASSES):
        one, other = true == klass, predicted == klass
        near, far = boundary(one), boundary(other)
        assert sums.intersection[klass] == (one & other).sum()
        assert sums.union[klass] == ((one | other) & counted).sum()
        assert sums.true[klass] == one.sum()
        assert sums.predicted[klass] == (other & counted).sum()
        assert sums.near_both[klass] == (near & far & counted).sum()
        assert sums.near_union[klass] == ((near | far) & counted).sum()
    assert sums.right == ((true == predicted) & counted).sum()
    assert sums.counted == counted.sum()


def test_confusion_and_ratios_are_those_of_scikit_learn() -> None:
    true, predicted = draw_codes(3, 60, 70, 9), draw_codes(4, 60, 70, 9)
    counted = true != IGNORED
    expected = confusion_matrix(true[counted], predicted[counted], labels=range(CLASSES + 2))
    sums = sum_pixels(true, predicted, CLASSES)
    np.testing.assert_array_equal(sums.confusion, expected[:-1])
    given = {"labels": range(CLASSES), "average": None}
    np.testing.assert_allclose(
        sums.intersection / sums.union, jaccard_score(true[counted], predicted[counted], **given), atol=1e-12
    )
    np.testing.assert_allclose(
        2 * sums.intersection / (sums.true + sums.predicted),
        f1_score(true[counted], predicted[counted], **given),
        atol=1e-12,
    )


def test_sums_of_images_add() -> None:
    worlds = [(draw_codes(i, 40, 50, 8), draw_codes(i + 9, 40, 50, 8)) for i in range(2)]
    first, second = (sum_pixels(*world, CLASSES) for world in worlds)
    both = first + second
    together = sum_pixels(*(np.concatenate(side) for side in zip(*worlds, strict=True)), CLASSES)
    np.testing.assert_array_equal(both.confusion, together.confusion)
    np.testing.assert_array_equal(both.near_union, first.near_union + second.near_union)


def test_sums_of_samples_are_put_together() -> None:
    worlds = [(draw_codes(i, 20, 30, 8), draw_codes(i + 9, 20, 30, 8)) for i in range(3)]
    each = {3 * i: sum_pixels(*world, CLASSES, mark_boundary(world[0])) for i, world in enumerate(worlds)}
    found = SampleSums.collect(each.items(), CLASSES)
    for parts, names in (
        (found.areas(), ("intersection", "predicted", "true")),
        (found.boundaries(), ("near_both", "near_predicted", "near_true")),
    ):
        sample, klass, *counts = parts
        right, false, missed = (np.zeros((7, CLASSES), np.int64) for _ in range(3))
        for total, n in zip((right, false, missed), counts, strict=True):
            np.add.at(total, (sample, klass), n)
        for at, sums in each.items():
            inside, said, true = (getattr(sums, name) for name in names)
            np.testing.assert_array_equal(right[at], inside)
            np.testing.assert_array_equal(false[at], said - inside)
            np.testing.assert_array_equal(missed[at], true - inside)
    cells = np.zeros((7, CLASSES + 1, CLASSES + 2), np.int64)
    cells[found.sample, found.true, found.predicted] = found.n
    np.testing.assert_array_equal(cells[3], each[3].confusion)
    assert len(SampleSums.collect([], CLASSES).areas()[0]) == 0


@pytest.mark.parametrize(("height", "width", "distance"), [(1, 1, 1), (30, 40, 1), (128, 128, 4), (1080, 1920, 44)])
def test_the_boundary_is_two_hundredths_of_the_diagonal_wide(height: int, width: int, distance: int) -> None:
    assert boundary_width(height, width) == distance


@pytest.mark.parametrize("distance", [1, 2, 3, 4, 7])
def test_a_mask_of_the_whole_image_ends_at_its_border(distance: int) -> None:
    near = mark_boundary(np.zeros((12, 15), np.uint8), distance)
    expected = np.ones((12, 15), bool)
    if 2 * distance < 12:
        expected[distance:-distance, distance:-distance] = False
    np.testing.assert_array_equal(near, expected)


@given(
    seed=st.integers(0, 2**32 - 1), height=st.integers(1, 40), width=st.integers(1, 40), grain=st.sampled_from([1, 9])
)
def test_hashes_are_of_what_the_pixels_show(seed: int, height: int, width: int, grain: int) -> None:
    """Not of the codes that classes have, nor of classes that no pixel has; one other pixel, or shape, is another."""
    codes = draw_codes(seed, height, width, grain)
    found = hash_pixels(codes, NAMES)

    turned = np.array([2, 3, 0, 4, 5], np.uint16)[codes]
    assert hash_pixels(turned, ("dirt", "a fourth", "cell", "crystal")) == found
    assert hash_pixels(codes, ("cell", "crystal", "dust")) == found or (codes == 2).any()
    assert hash_pixels(codes.reshape(1, -1), NAMES) != found or height == 1
    rng = np.random.default_rng(seed)
    other = codes.copy()
    at = rng.integers(height), rng.integers(width)
    other[at] = (other[at] + 1) % (CLASSES + 2)
    assert hash_pixels(other, NAMES) != found
