"""Masks as cells: the commonest code of each square, upright, written by their corners alone, hatched."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageOps

from reportgen.stats.regions import hatches, shrink, surprises, turn_upright

CODES = 4
MASKS = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, CODES - 1))


@settings(max_examples=60, deadline=None)
@given(MASKS, st.integers(1, 5))
def test_a_cell_is_what_most_of_its_pixels_are(codes: np.ndarray, step: int) -> None:
    found = shrink(codes, CODES, step)
    height, width = codes.shape
    assert found.shape == (-(-height // step), -(-width // step))
    for (y, x), cell in np.ndenumerate(found):
        counts = np.bincount(codes[y * step : (y + 1) * step, x * step : (x + 1) * step].ravel(), minlength=CODES)
        assert cell == np.flatnonzero(counts == counts.max())[0]


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_stored_mask_is_turned_as_its_image_is(turned: int) -> None:
    codes = np.arange(24, dtype=np.uint8).reshape(4, 6)
    image = Image.fromarray(codes)
    image.getexif()[0x0112] = turned
    assert np.array_equal(turn_upright(codes, turned), np.asarray(ImageOps.exif_transpose(image)))


@settings(max_examples=60, deadline=None)
@given(MASKS)
def test_what_neighbours_expect_and_what_is_beyond_give_the_mask_back(codes: np.ndarray) -> None:
    places, beyond = surprises(codes, CODES)
    assert (beyond > 0).all()
    told = dict(zip(places.tolist(), beyond.tolist(), strict=True))
    height, width = codes.shape
    found = np.zeros((height + 1, width + 1), int)
    for y, x in np.ndindex(height, width):
        above, left, between = found[y, x + 1], found[y + 1, x], found[y, x]
        expected = above if left == between else left
        found[y + 1, x + 1] = (expected + told.get(y * width + x, 0)) % CODES
    assert np.array_equal(found[1:, 1:], codes)


def test_a_rectangle_takes_three_corners_of_which_the_fourth_follows() -> None:
    codes = np.zeros((200, 300), np.uint8)
    codes[50:150, 100:250] = 1
    assert len(surprises(codes, CODES)[0]) == 3


@settings(max_examples=60, deadline=None)
@given(MASKS, st.integers(1, 4), st.booleans())
def test_lines_go_through_every_cell_of_every_nth_diagonal(codes: np.ndarray, every: int, down: bool) -> None:
    cells = codes == 1
    width = cells.shape[1]
    sign = 1 if down else -1
    found = [(y + i, x + sign * i) for x, y, n in hatches(cells, every, down=down) for i in range(n)]
    shift = [(x if down else width - 1 - x) - y for y, x in np.argwhere(cells)]
    wanted = {(int(y), int(x)) for (y, x), s in zip(np.argwhere(cells), shift, strict=True) if s % every == 0}
    assert sorted(found) == sorted(wanted)
