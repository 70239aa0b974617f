"""Where objects stand in their image, against loops that look at one pair after the other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reportgen.stats import objects
from reportgen.stats.object_places import border_gaps, find_neighbours
from tests.oracles.object_worlds import make_world

Box = tuple[float, float, float, float]


def apart(a: Box, b: Box) -> float:
    """The distance of two boxes: that of the origin from all differences of a point of one and a point of the other."""
    far = [(b[k] - a[k] - a[k + 2], b[k] + b[k + 2] - a[k]) for k in (0, 1)]
    return math.hypot(*(min(max(0.0, low), high) for low, high in far))


def share(a: Box, b: Box) -> bool:
    """Whether two boxes share some area: the middle of what both span lies within each, on either axis."""
    spans = [(max(a[k], b[k]), min(a[k] + a[k + 2], b[k] + b[k + 2])) for k in (0, 1)]
    return all(low < high for low, high in spans)


@pytest.mark.parametrize("seed", range(6))
def test_neighbours_are_those_that_loops_find(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_BLOCK", 37)  # an image may fill several blocks
    truths, _ = make_world(seed, n_samples=9, objects=8.0)
    found = find_neighbours(truths.sample, truths.boxes)
    boxes = [tuple(box) for box in truths.boxes.tolist()]
    for i, box in enumerate(boxes):
        others = [boxes[j] for j in np.flatnonzero(truths.sample == truths.sample[i]) if j != i]
        assert found.gap[i] == pytest.approx(min((apart(box, one) for one in others), default=math.inf))
        assert found.overlapped[i] == any(share(box, one) for one in others)
    assert found.overlapped.any()
    assert (found.gap[found.overlapped] == 0).all()


def test_what_touches_shares_nothing_and_what_has_no_area_overlaps_nothing() -> None:
    boxes = np.array([(0, 0, 10, 10), (10, 0, 10, 10), (23, 4, 5, 5), (2, 2, 0, 5)], float)
    found = find_neighbours(np.array([0, 0, 0, 0]), boxes)
    assert found.overlapped.tolist() == [False, False, False, False]
    assert found.gap.tolist() == [0, 0, 3, 0]
    alone = find_neighbours(np.array([0, 1]), boxes[:2])
    assert alone.gap.tolist() == [math.inf, math.inf]
    assert not len(find_neighbours(np.empty(0, np.int64), np.empty((0, 4))).gap)


def test_the_border_is_the_nearest_of_four() -> None:
    boxes = np.array(
        [(3, 9, 10, 10), (9, 2, 10, 10), (85, 9, 10, 10), (30, 37, 10, 10), (-4, 9, 10, 10), (95, 9, 9, 9)]
    )
    size = np.array([100.0, 50.0])
    gaps = border_gaps(boxes.astype(float), np.tile(size, (6, 1)))
    assert gaps.tolist() == [3, 2, 5, 3, -4, -4]
    assert np.isnan(border_gaps(boxes[:1].astype(float), np.full((1, 2), np.nan))).all()
