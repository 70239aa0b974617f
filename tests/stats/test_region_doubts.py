"""Regions that masks speak against: the rule, pixel by pixel, and what it says of shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reportgen.stats.masks import decode_mask
from reportgen.stats.pixels import boundary_width, mark_near
from reportgen.stats.region_doubts import Asked, doubt_regions, keep_of_one_mind
from tests.stats.test_connected import flood

K = 2
BACKGROUND, IGNORED = K, K + 1
SHAPE = (12, 15)
CODES = hnp.arrays(np.uint8, SHAPE, elements=st.sampled_from([0, 0, 0, 1, 2, 2, 2, 3]))
PATCHES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12), st.integers(1, 6), st.integers(0, 3)), max_size=6)
EVERY = [(t, a) for t in range(K + 1) for a in range(K + 1) if t != a]


def near_patch(flags: np.ndarray, y: int, x: int, distance: int) -> bool:
    """Whether a pixel within the distance is in a patch of 3 × 3, which may go over the border of the image."""
    framed = np.pad(flags, 1, constant_values=True)
    part = (slice(max(0, y - distance - 1), y + distance + 2), slice(max(0, x - distance - 1), x + distance + 2))
    middles = np.argwhere(flags[part]) + np.array([part[0].start, part[1].start])
    return any(framed[v : v + 3, u : u + 3].all() for v, u in middles)


def by_hand(true: np.ndarray, said: list[np.ndarray], pair: tuple[int, int], least: float) -> list[np.ndarray]:
    """The regions, pixel by pixel as the rule has it."""
    own, other = pair
    d = boundary_width(*true.shape)
    left = np.zeros(true.shape, bool)
    for y, x in np.ndindex(*true.shape):
        if true[y, x] != own or any(one[y, x] != other for one in said):
            continue
        same = near_patch(true == other, y, x, d) and other != BACKGROUND
        kept = near_patch(np.all([one == own for one in said], axis=0), y, x, d) and own != BACKGROUND
        left[y, x] = not same and not kept
    return [region for region, _ in flood(left.astype(np.uint8), 0) if region.sum() >= least]


@settings(max_examples=150, deadline=None)
@given(CODES, CODES, PATCHES, PATCHES, st.floats(0, 1), st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_the_rule_holds_by_the_pixel(
    true: np.ndarray,
    first: np.ndarray,
    annotated: list[tuple[int, int, int, int]],
    said: list[tuple[int, int, int, int]],
    alike: float,
    seed: int,
    least: int,
) -> None:
    """Noise with patches on it; the second version agrees with the first on a part of the pixels."""
    for mask, patches in ((true, annotated), (first, said)):
        for y, x, size, code in patches:
            mask[y : y + size, x : x + size] = code
    same = np.random.default_rng(seed).random(SHAPE) < alike
    second = np.where(same, first, true)
    found = doubt_regions(true, [first, None, second], {pair: Asked((0, 2), least) for pair in EVERY}, K)

    regions = [decode_mask(found.masks.of(i), *SHAPE) for i in range(len(found))]
    expected = [(pair, one) for pair in EVERY for one in by_hand(true, [first, second], pair, least)]
    assert list(zip(found.true.tolist(), found.said.tolist(), strict=True)) == [pair for pair, _ in expected]
    for region, (_, one) in zip(regions, expected, strict=True):
        assert np.array_equal(region, one)


@settings(max_examples=100, deadline=None)
@given(hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)), st.integers(1, 4))
def test_near_is_within_a_square(flags: np.ndarray, distance: int) -> None:
    found = mark_near(flags, distance)
    for y, x in np.ndindex(*flags.shape):
        part = flags[max(0, y - distance) : y + distance + 1, max(0, x - distance) : x + distance + 1]
        assert found[y, x] == part.any()


def disc(radius: float, x: int = 100, y: int = 75) -> np.ndarray:
    """A disc in an image whose boundary is five pixels wide."""
    rows, columns = np.mgrid[:150, :200]
    return np.asarray((columns - x) ** 2 + (rows - y) ** 2 <= radius * abs(radius))


def scene(inside: np.ndarray, code: int = 0) -> np.ndarray:
    return np.where(inside, code, BACKGROUND).astype(np.uint8)


@pytest.mark.parametrize(
    ("true", "said", "pixels"),
    [
        (scene(disc(-1)), scene(disc(20)), [((BACKGROUND, 0), disc(20).sum())]),
        # within five pixels of what is annotated the object may just be drawn too small; a speck is no drawing
        (scene(disc(1.5)), scene(disc(20)), [((BACKGROUND, 0), disc(20).sum() - 13**2)]),
        (scene(disc(0)), scene(disc(20)), [((BACKGROUND, 0), disc(20).sum() - 1)]),
        (scene(disc(20)), scene(disc(-1)), [((0, BACKGROUND), disc(20).sum())]),
        (scene(disc(20)), scene(disc(20), 1), [((0, 1), disc(20).sum())]),
        (scene(disc(20)), scene(disc(24)), []),  # a ring no wider than borders differ
        (scene(disc(24)), scene(disc(20)), []),
        (scene(disc(20)), scene(disc(20, 104)), []),  # moved by less than that
    ],
)
def test_whole_objects_count_and_borders_do_not(
    true: np.ndarray, said: np.ndarray, pixels: list[tuple[tuple[int, int], int]]
) -> None:
    assert boundary_width(*true.shape) == 5
    found = doubt_regions(true, [said], {pair: Asked((0,), 50) for pair in EVERY}, K)
    told = [((int(t), int(a)), int(n)) for t, a, n in zip(found.true, found.said, found.masks.area, strict=True)]
    assert told == pixels


def test_two_kinds_that_adjoin_are_two_regions_and_ignored_pixels_are_none() -> None:
    """The left half is annotated as the first class, the right one as none, both are said to be the second."""
    true = scene(np.zeros((150, 200), bool))
    true[40:110, 60:100] = 0
    true[40:60, 100:140] = IGNORED
    said = scene(np.zeros((150, 200), bool))
    said[40:110, 60:140] = 1
    found = doubt_regions(true, [said], {pair: Asked((0,), 50) for pair in EVERY}, K)

    assert sorted(zip(found.true.tolist(), found.said.tolist(), found.masks.area.tolist(), strict=True)) == [
        (0, 1, 70 * 40),
        (BACKGROUND, 1, 50 * 40),
    ]


@pytest.mark.parametrize("n_classes", [253, 254, 255, 256])
def test_as_many_classes_as_a_byte_holds(n_classes: int) -> None:
    """The code of pixels that versions do not agree on lies beyond all others."""
    true = np.zeros((30, 30), np.min_scalar_type(n_classes + 1))
    said = true + 1
    other = said.copy()
    other[:, 20:] = 2
    found = doubt_regions(true, [said, other], {(0, 1): Asked((0, 1), 1.0)}, n_classes)
    assert [decode_mask(found.masks.of(i), 30, 30).sum() for i in range(len(found))] == [30 * 20]


def test_versions_that_contradict_each_other_are_not_both_asked() -> None:
    """Of one annotated code: who says the one shares nobody with who says the other, and more say the one."""
    three, two, one = Asked((0, 1, 2), 9.0), Asked((2, 3), 9.0), Asked((3,), 9.0)
    pairs = {(0, 1): one, (0, 2): three, (0, 3): two, (1, 3): one}
    assert keep_of_one_mind(pairs) == {(0, 2): three, (0, 3): two, (1, 3): one}
    assert keep_of_one_mind({(0, 1): one, (0, 3): Asked((2,), 9.0)}) == {(0, 1): one}
