"""Rings around masks, filled by even-odd, give the masks back; with fewer points they stay near."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.stats.masks import Masks, encode_masks
from reportgen.stats.outlines import TOLERANCE, Outlines, simplify_outlines, trace_masks
from reportgen.stats.pairs import Floats
from tests.oracles.test_masks import RING, images

CHECKED = np.indices((5, 6)).sum(axis=0) % 2 == 0
FINEST = 4  # points a pixel along an edge


def filled(outlines: Outlines, mask: int, height: int, width: int) -> np.ndarray:
    """Which pixels lie in an odd number of the mask's rings: a ray to the left from the middle of each."""
    inside = np.zeros((height, width), bool)
    middle_y, middle_x = np.arange(height) + 0.5, np.arange(width) + 0.5
    for ring in outlines.of(mask):
        for (x, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            assert (x == x1) != (y0 == y1)
            rows = (middle_y > min(y0, y1)) & (middle_y < max(y0, y1))
            inside ^= rows[:, None] & (middle_x > x)
    return inside


@settings(max_examples=100, deadline=None)
@given(images())
@example([RING, ~RING, RING])
@example([CHECKED, ~CHECKED])
def test_rings_filled_by_even_odd_are_the_mask(pixels: list[np.ndarray]) -> None:
    found = trace_masks(encode_masks(pixels))
    assert (np.diff(found.mask) >= 0).all()
    for i, image in enumerate(pixels):
        np.testing.assert_array_equal(filled(found, i, *image.shape), image)
        area = sum(signed_area(ring) for ring in found.of(i))
        assert area == image.sum()  # holes go the other way round


@settings(max_examples=50, deadline=None)
@given(images())
def test_every_point_is_a_corner(pixels: list[np.ndarray]) -> None:
    found = trace_masks(encode_masks(pixels))
    for i in range(len(pixels)):
        for ring in found.of(i):
            assert len(ring) >= 4
            edge = np.roll(ring, -1, axis=0) - ring
            assert (edge * np.roll(edge, -1, axis=0) == 0).all()  # one goes across, the next one down or up


def test_runs_of_length_0_leave_no_trace() -> None:
    split = Masks.collect([np.array([1, 2, 0, 1, 0, 0, 4, 4]), np.array([0, 0, 12])], np.full(2, 3), np.full(2, 4))
    whole = Masks.collect([np.array([1, 3, 4, 4]), np.array([12])], np.full(2, 3), np.full(2, 4))
    a, b = trace_masks(split), trace_masks(whole)
    np.testing.assert_array_equal(a.points, b.points)
    np.testing.assert_array_equal(a.mask, b.mask)


def test_a_hole_and_what_touches_at_a_corner_are_rings_of_their_own() -> None:
    image = np.ones((4, 5), bool)
    image[1:3, 1:3] = False
    image[3, 4] = False
    image = np.pad(image, 1)
    image[5, 6] = image[0, 0] = True  # beyond the corner that is cut off, and in the image's own
    rings = sorted(ring.tolist() for ring in trace_masks(encode_masks([image])).of(0))
    assert sorted(map(len, rings)) == [4, 4, 4, 6]
    areas = sorted(signed_area(np.array(ring)) for ring in rings)
    assert areas == [-4, 1, 1, 19]


@settings(max_examples=25, deadline=None)
@given(images(), st.sampled_from([0.25, TOLERANCE, 2.0]))
@example([RING, ~RING, RING], TOLERANCE)
@example([CHECKED], TOLERANCE)
def test_simplified_rings_stay_within_the_tolerance(pixels: list[np.ndarray], tolerance: float) -> None:
    exact = trace_masks(encode_masks(pixels))
    found = simplify_outlines(exact, tolerance)
    np.testing.assert_array_equal(found.mask, exact.mask)
    assert (np.diff(found.begins) >= 3).all()
    assert len(found.points) <= len(exact.points)
    for i in range(len(exact)):
        own, ours = (one.points[one.begins[i] : one.begins[i + 1]] for one in (exact, found))
        most = tolerance + 0.5 + 1e-9
        assert beyond(ours, own) <= most
        assert beyond(own, ours) <= most + 1 / FINEST


def test_a_slanted_border_is_one_line_and_a_rectangle_stays_what_it_is() -> None:
    y, x = np.mgrid[:60, :100]
    wedge = simplify_outlines(trace_masks(encode_masks([3 * y + 1 < x])))
    assert len(wedge.points) <= 6
    box = np.zeros((60, 100), bool)
    box[10:12, 5:95] = box[50, 50] = True
    exact = trace_masks(encode_masks([box]))
    np.testing.assert_array_equal(simplify_outlines(exact).points, exact.points)


def test_a_megapixel_takes_tens_of_milliseconds() -> None:
    y, x = np.mgrid[:1000, :1000]
    waves = np.sin(x / 23) + np.cos(y / 31) + np.hypot(x - 500, y - 500) / 600 > 0.8
    masks = encode_masks([waves])
    start = time.process_time()
    outlines = simplify_outlines(trace_masks(masks))
    assert time.process_time() - start < 0.5  # ten times what it takes: another test may run beside
    assert len(outlines.points) > 100


def test_without_masks_or_pixels_there_is_no_ring() -> None:
    for masks in (encode_masks([]), encode_masks([np.zeros((3, 4), bool)] * 2)):
        exact = trace_masks(masks)
        assert len(exact) == len(exact.points) == len(simplify_outlines(exact)) == 0
        assert exact.of(0) == []


def signed_area(ring: Floats) -> float:
    """Of a ring, above 0 where it goes clockwise on the screen."""
    x, y = ring.T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def beyond(first: Floats, second: Floats) -> float:
    """How far the corners of one ring are from the border of the other, at most."""
    share = np.linspace(0, 1, 1 + FINEST * 50)[:, None, None]
    border = (second + share * (np.roll(second, -1, axis=0) - second)).reshape(-1, 2)
    return float(np.sqrt(((first[:, None] - border) ** 2).sum(axis=2).min(axis=1)).max())
