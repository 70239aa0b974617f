"""Connected regions of pixels: held against a flood that goes from pixel to pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reportgen.stats.connected import join_regions, measure_regions, regions_on, split_regions, usual_areas
from reportgen.stats.masks import decode_mask

KEYS = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 3))


def flood(keys: np.ndarray, none: int) -> list[tuple[np.ndarray, int]]:
    """The pixels and the key of each region, in the order of their first pixels, column by column."""
    seen = keys == none
    found = []
    for x, y in np.ndindex(*keys.T.shape):
        if seen[y, x]:
            continue
        region, waiting = np.zeros(keys.shape, bool), [(y, x)]
        seen[y, x] = region[y, x] = True
        while waiting:
            v, u = waiting.pop()
            for near in np.ndindex(3, 3):
                to = (v + near[0] - 1, u + near[1] - 1)
                inside = 0 <= to[0] < keys.shape[0] and 0 <= to[1] < keys.shape[1]
                if inside and not seen[to] and keys[to] == keys[y, x]:
                    seen[to] = region[to] = True
                    waiting.append(to)
        found.append((region, int(keys[y, x])))
    return found


@settings(max_examples=300, deadline=None)
@given(KEYS)
def test_regions_are_those_of_a_flood(keys: np.ndarray) -> None:
    masks, key = split_regions(keys, 0)
    expected = flood(keys, 0)

    assert key.tolist() == [one for _, one in expected]
    assert masks.fits.all()
    for i, (region, _) in enumerate(expected):
        assert np.array_equal(decode_mask(masks.of(i), *keys.shape), region)
        assert masks.area[i] == region.sum()


@settings(max_examples=100, deadline=None)
@given(KEYS, st.tuples(*(st.integers(0, 5) for _ in range(4))))
def test_regions_of_a_part_stand_where_they_are_in_the_whole(keys: np.ndarray, beyond: tuple[int, ...]) -> None:
    above, below, left, right = beyond
    framed = np.pad(keys, ((above, below), (left, right)))
    parts, key = split_regions(keys, 0, (above, left), framed.shape)
    whole, same = split_regions(framed, 0)
    assert key.tolist() == same.tolist()
    assert np.array_equal(parts.runs, whole.runs)
    assert np.array_equal(parts.begins, whole.begins)


def test_regions_touch_at_corners_and_end_at_the_border() -> None:
    """A chain over corners is one; what ends at the lower border does not go on at the top of the next column."""
    chain = np.eye(50, dtype=np.uint8)
    assert len(split_regions(chain, 0)[0]) == 1
    apart = np.array([[0, 1], [0, 0], [1, 0]], np.uint8)
    assert len(split_regions(apart, 0)[0]) == 2
    assert len(split_regions(np.zeros((4, 5), np.uint8), 0)[0]) == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=4))
def test_areas_are_counted_by_sample_and_class(masks: list[np.ndarray]) -> None:
    """Of two classes, background (2) and what is ignored (3): only classes have regions."""
    found = join_regions([measure_regions(i, codes, 2) for i, codes in enumerate(masks)])
    expected = sorted((i, key, int(region.sum())) for i, codes in enumerate(masks) for region, key in flood(codes, 9))
    expected = [one for one in expected if one[1] < 2]

    each = zip(found.sample.tolist(), found.klass.tolist(), found.area.tolist(), found.n.tolist(), strict=True)
    assert [one for *one, n in each for _ in range(n)] == [list(one) for one in expected]
    first = regions_on(found, np.arange(len(masks)) == 0)
    assert first.n.sum() == sum(one[0] == 0 for one in expected)
    for share in (0.5, 0.9, 1.0):
        usual = usual_areas(found, share, 2)
        for k in range(2):
            areas = [area for _, key, area in expected if key == k]
            if not areas:
                assert usual[k] == np.inf
                continue
            held = {a: sum(b for b in areas if b >= a) / sum(areas) for a in areas}
            assert usual[k] == max(a for a, part in held.items() if part >= share - 1e-12)


@pytest.mark.parametrize(("share", "area"), [(0.5, 100), (0.86, 100), (0.9, 10), (0.95, 1)])
def test_specks_do_not_make_the_usual_region_small(share: float, area: int) -> None:
    """A hundred specks of a pixel beside ten regions of a hundred and five of ten."""
    codes = np.ones((400, 60), np.uint8)
    for i in range(10):
        codes[20 * i : 20 * i + 10, :10] = 0
    for i in range(5):
        codes[20 * i : 20 * i + 2, 20:25] = 0
    codes[:200:2, 40] = 0
    assert usual_areas(measure_regions(0, codes, 1), share, 1)[0] == area
