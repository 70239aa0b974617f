"""What changed between two versions, box by box."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analysis.object_changes import SAME, STILL, object_changes
from reportgen.model import Parts
from reportgen.tasks.objects import hold
from tests.tasks.test_objects import objects

Row = tuple[int, int, float, float, float, float, float | None]


def parts_of(true: list[Row], *versions: list[Row]) -> Parts:
    """Objects of ten samples and two classes, as the versions detect them at the cut-off 0.1."""
    truth = objects(*true)
    held = [hold(truth, objects(*rows), 10, 2, cutoff=0.1) for rows in versions]
    return Parts(
        "object",
        ("cat", "dog"),
        tuple(h.counts for h in held),
        truths=truth,
        detections=tuple(h.detections for h in held),
        found=tuple(h.found for h in held),
    )


ALL = np.arange(10)
TRUE: list[Row] = [
    (0, 0, 0, 0, 20, 20, None),
    (0, 0, 40, 0, 20, 20, None),
    (0, 0, 80, 0, 20, 20, None),
    (1, 1, 0, 0, 20, 20, None),
]
OLD: list[Row] = [
    (0, 0, 0, 0, 20, 20, 0.9),  # stays
    (0, 0, 40, 0, 20, 20, 0.9),  # will be missed
    (0, 1, 120, 0, 9, 9, 0.8),  # on nothing, and will be gone
    (0, 1, 160, 0, 9, 9, 0.8),  # on nothing, and stays
    (1, 1, 0, 0, 20, 20, 0.9),  # will be of another class
    (2, 0, 0, 0, 9, 9, 0.05),  # does not count
]
NEW: list[Row] = [
    (0, 0, 3, 0, 20, 20, 0.9),  # overlap of 0.74 with the old one
    (0, 0, 80, 0, 20, 20, 0.9),  # newly found
    (0, 1, 160, 1, 9, 9, 0.8),
    (0, 1, 200, 0, 9, 9, 0.7),  # newly on nothing
    (1, 0, 0, 0, 20, 20, 0.9),
]


def test_each_change_is_told_once_at_its_box() -> None:
    found = object_changes(parts_of(TRUE, OLD, NEW), 0, 1, ALL)
    assert {name: rows.tolist() for name, rows in vars(found).items()} == {
        "newly_missed": [1, 3],
        "newly_found": [2],
        "moved": [0],
        "label_changed": [[4, 4]],
        "newly_false": [3],
        "no_longer_false": [2],
    }
    assert list(found.counts.values()) == [2, 1, 1, 1, 1, 1]


def test_only_the_samples_asked_for_are_looked_at() -> None:
    found = object_changes(parts_of(TRUE, OLD, NEW), 0, 1, np.array([1]))
    assert found.counts == {
        "newly_missed": 1,
        "newly_found": 0,
        "moved": 0,
        "label_changed": 1,
        "newly_false": 0,
        "no_longer_false": 0,
    }


def test_a_version_without_detections_changes_everything() -> None:
    found = object_changes(parts_of(TRUE, OLD, []), 0, 1, ALL)
    assert list(found.counts.values()) == [3, 0, 0, 0, 0, 2]


def slowly(parts: Parts) -> dict[str, list[object]]:
    """The same by loops, one box after the other."""
    assert parts.truths is not None
    old, new = ([{**row, "row": i} for i, row in enumerate(frame.to_dicts())] for frame in parts.detections)

    def iou(a: dict[str, float], b: dict[str, float]) -> float:
        if a["sample"] != b["sample"]:
            return 0.0
        wide = min(a["left"] + a["width"], b["left"] + b["width"]) - max(a["left"], b["left"])
        high = min(a["top"] + a["height"], b["top"] + b["height"]) - max(a["top"], b["top"])
        inside = max(wide, 0) * max(high, 0)
        return inside / (a["width"] * a["height"] + b["width"] * b["height"] - inside)

    had, has = ([int(row) for row in found] for found in parts.found)
    links = {o: n for o, n in zip(had, has, strict=True) if o >= 0 and n >= 0}
    near = sorted(
        (-iou(a, b), a["row"], b["row"]) for a in old for b in new if a["counts"] and b["counts"] and iou(a, b) >= SAME
    )
    for alike in (True, False):
        for _, o, n in near:
            if (old[o]["class"] == new[n]["class"]) is alike and o not in links and n not in links.values():
                links[o] = n
    labels = [[o, n] for o, n in links.items() if old[o]["class"] != new[n]["class"]]
    kept = [[o, n] for o, n in links.items() if not old[o]["right"] and not new[n]["right"]]
    told = [{pair[side] for pair in labels + kept} for side in (0, 1)]
    wrong = [[r["row"] for r in side if r["counts"] and not r["right"]] for side in (old, new)]
    return {
        "newly_missed": [t for t, (o, n) in enumerate(zip(had, has, strict=True)) if o >= 0 > n],
        "newly_found": [t for t, (o, n) in enumerate(zip(had, has, strict=True)) if n >= 0 > o],
        "moved": [
            t for t, (o, n) in enumerate(zip(had, has, strict=True)) if min(o, n) >= 0 and iou(old[o], new[n]) < STILL
        ],
        "label_changed": sorted(labels, key=lambda pair: pair[1]),
        "newly_false": [row for row in wrong[1] if row not in told[1]],
        "no_longer_false": [row for row in wrong[0] if row not in told[0]],
    }


@pytest.mark.parametrize("seed", range(12))
def test_crowded_samples_are_as_one_box_after_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def some(n: int, scored: bool) -> list[Row]:
        samples = np.sort(rng.integers(0, 3, n))
        corners, sides, classes = rng.integers(0, 14, (n, 2)), rng.integers(4, 12, (n, 2)), rng.integers(0, 2, n)
        scores = rng.integers(0, 9, n) / 10
        return [
            (
                int(samples[i]),
                int(classes[i]),
                *map(float, corners[i]),
                *map(float, sides[i]),
                float(scores[i]) if scored else None,
            )
            for i in range(n)
        ]

    parts = parts_of(some(20, scored=False), some(40, scored=True), some(40, scored=True))
    found, back = object_changes(parts, 0, 1, ALL), object_changes(parts, 1, 0, ALL)

    assert {name: rows.tolist() for name, rows in vars(found).items()} == slowly(parts)
    assert back.newly_missed.tolist() == found.newly_found.tolist()
    assert back.newly_false.tolist() == found.no_longer_false.tolist()
    assert sorted(back.label_changed[:, ::-1].tolist()) == sorted(found.label_changed.tolist())
