"""What changed between two versions, object by object."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.object_changes import OPPOSITES, SAME, STILL, count_changes, object_changes
from reportgen.model import Limits, Parts
from reportgen.stats.mask_columns import column_of
from reportgen.stats.masks import encode_masks
from reportgen.tasks.objects import hold
from tests.analysis.worlds import analyse, detect
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


def masked(frame: pl.DataFrame, *shown: tuple[slice, slice]) -> pl.DataFrame:
    """The frame with a mask of 10 × 10 pixels an object."""
    images = []
    for part in shown:
        images.append(np.zeros((10, 10), bool))
        images[-1][part] = True
    return frame.with_columns(column_of(encode_masks(images)))


def test_masks_say_otherwise_than_their_boxes() -> None:
    """Two diagonal halves of one box are found by their own masks alone, and changed where these did."""
    row = (0, 0, 0.0, 0.0, 10.0, 10.0)
    top, low, left = np.s_[:5, :], np.s_[5:, :], np.s_[:, :5]
    truth = masked(objects((*row, None)), top)
    sides = [masked(objects((*row, 0.9)), part) for part in (top, low, left, top)]
    sizes = np.array([[10.0, 10.0]])
    held = [hold(truth, one, 1, 2, cutoff=0.1, sizes=sizes) for one in sides]
    assert [one.found.tolist() for one in held] == [[0], [-1], [-1], [0]]
    parts = Parts(
        "object",
        ("cat", "dog"),
        tuple(h.counts for h in held),
        truths=truth,
        detections=tuple(h.detections for h in held),
        found=tuple(h.found for h in held),
        sizes=sizes,
        overlap="mask",
    )

    def told(first: int, second: int) -> dict[str, int]:
        found = object_changes(parts, first, second, np.arange(1)).counts
        return {name: n for name, n in found.items() if n}

    assert told(0, 3) == {}
    assert told(0, 1) == {"newly_missed": 1, "newly_false": 1}
    assert told(1, 2) == {"newly_false": 1, "no_longer_false": 1}
    by_boxes = replace(parts, overlap="box")
    assert object_changes(by_boxes, 1, 2, np.arange(1)).counts["newly_false"] == 0


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


def test_what_there_is_more_of_beyond_chance_is_decided_as_recall_is() -> None:
    """Newly found against newly missed has the p of recall's change; of the two the larger alone gets the verdict."""
    world = analyse(detect(40), limits=Limits(test=20))
    table = count_changes(world.measure)
    rows = {(row["candidate"], row["change"]): row for row in table.iter_rows(named=True)}
    recall = world.facts.comparisons.filter(slice="all", metric="recall").row(0, named=True)

    assert [rows["v2", name]["p"] for name in ("newly_missed", "newly_found")] == pytest.approx([recall["p"]] * 2)
    assert all(rows["v2", name]["p"] is None for name in ("label_changed", "moved"))
    for loss, gain in OPPOSITES.items():
        for version in ("v1", "v2"):
            less, more = sorted((rows[version, loss], rows[version, gain]), key=lambda row: row["n"])
            clear = "worse" if more["change"] == loss else "better"
            assert less["verdict"] == "unclear"
            assert more["verdict"] == (clear if more["p"] < 0.05 else "unclear")
    assert recall["verdict"] == rows["v2", "newly_found"]["verdict"] == "unclear"  # 19 against 16
    assert rows["v2", "newly_false"]["verdict"] == "worse"  # 13 against 1
    assert rows["v1", "no_longer_false"]["verdict"] == "better"


def test_few_images_decide_nothing() -> None:
    """Below the support for a test the counts stand there without a verdict."""
    table = count_changes(analyse(detect(8)).measure)
    told = table.filter(pl.col("change").is_in([*OPPOSITES, *OPPOSITES.values()]))
    assert told["n"].sum() > 0
    assert set(told["verdict"]) == {"too_few"}
