"""The masks of the scenes: they are those of the annotated boxes, and the Data page finds faults planted in them."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "scenes"
IGNORED = 255
KINDS = {"missing": "overlooked", "shifted": "overlooked", "swapped": "other class"}
"""As what a digit that is left out, moved or renamed should be named, where it truly is."""


def read_table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_masks() -> dict[str, np.ndarray]:
    return {
        one["id"]: np.asarray(Image.open(FOLDER / "masks" / f"{one['id']}.png"))
        for one in read_table("samples-masks.csv")
    }


@pytest.fixture(scope="module")
def annotated() -> dict[str, list[dict[str, Any]]]:
    """The boxes of each frame."""
    truth = json.loads((FOLDER / "truth.coco.json").read_text(encoding="utf-8"))
    names = {one["id"]: Path(one["file_name"]).stem for one in truth["images"]}
    found = defaultdict(list)
    for one in truth["annotations"]:
        found[names[one["image_id"]]].append(one)
    return found


def touch(ours: list[int], theirs: list[int]) -> bool:
    """Whether two boxes share pixels."""
    sides = zip(ours[:2], ours[2:], theirs[:2], theirs[2:], strict=True)
    return all(a < b + room and b < a + length for a, length, b, room in sides)


def test_masks_are_those_of_the_annotated_boxes(annotated: dict[str, list[dict[str, Any]]]) -> None:
    """Planted faults included: no pixel of a class is beyond the boxes of the class, and none of these is without one.

    The pixels of a digit whose box no other touches end where the box does; of a few a post covers an end.
    """
    n_alone = n_exact = 0
    for name, mask in read_masks().items():
        left = mask.copy()
        boxes = annotated[name]
        for one in boxes:
            x, y, width, height = one["bbox"]
            value = IGNORED if one["iscrowd"] else one["category_id"]
            own = mask[y : y + height, x : x + width] == value
            assert own.any(), (name, one)
            part = left[y : y + height, x : x + width]
            part[own] = 0
            if not one["iscrowd"] and not any(touch(one["bbox"], other["bbox"]) for other in boxes if other is not one):
                ends = [np.flatnonzero(own.any(axis=axis))[[0, -1]].tolist() for axis in (1, 0)]
                n_alone += 1
                n_exact += ends == [[0, height - 1], [0, width - 1]]
        assert set(np.unique(left)) <= {0, IGNORED}, name

    assert n_alone > 450
    assert n_exact / n_alone > 0.9


def test_planted_faults_are_on_the_data_page(example: Callable[[str], Any]) -> None:
    """Of each kind one or two, two of them among the first three; of 21, most of which no version sees, four."""
    lists = example("scenes-masks").folder / "lists"
    with (lists / "suspect-regions.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    frames = {one["id"] for one in read_table("samples-masks.csv")}
    planted = [one for one in read_table("planted.csv") if one["id"] in frames]

    def is_named(fault: dict[str, str], line: dict[str, str]) -> bool:
        given = fault["given"] if fault["fault"] == "swapped" else ""
        said = (line["id"], line["kind"], line["label"], line["suggestion"])
        middle = [float(line[at]) + float(line[side]) / 2 for at, side in (("x", "width"), ("y", "height"))]
        inside = [
            float(fault[at]) <= one <= float(fault[at]) + float(fault[side])
            for one, at, side in zip(middle, ("x", "y"), ("width", "height"), strict=True)
        ]
        return said == (fault["id"], KINDS[fault["fault"]], given, fault["label"]) and all(inside)

    named = [[fault for fault in planted if is_named(fault, line)] for line in lines]
    found = [fault["fault"] for faults in named for fault in faults]

    assert len(planted) == 21
    assert sorted(found) == ["missing", "shifted", "swapped", "swapped"]
    assert sum(map(bool, named[:3])) == 2
    assert sum(line["kind"] == "other class" for line in lines) == 3
