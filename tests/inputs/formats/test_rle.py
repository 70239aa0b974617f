"""Run lengths are those of pycocotools: their numbers, boxes and areas."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from reportgen.inputs.formats import rle
from tests.inputs.folders import STEADY
from tests.inputs.formats.worlds import coco_results, coco_truth, read_json


def masks(seed: int, n: int) -> list[np.ndarray]:  # type: ignore[type-arg]
    """Masks of several sizes: dots, blobs, full ones and empty ones."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        height, width = rng.integers(1, 70, 2)
        share = [0.0, 0.02, 0.5, 1.0][i % 4]
        one = rng.random((height, width)) < share
        if i % 3 == 0:
            one[: height // 2 + 1, width // 3 :] = True
        made.append(np.asfortranarray(one, dtype=np.uint8))
    return made


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@STEADY
def test_texts_boxes_and_areas_equal_pycocotools(seed: int, n: int) -> None:
    """What its compressed texts hold, added up, is the mask; box and area are its own."""
    made = masks(seed, n)
    packed = [coco_mask.encode(one) for one in made]
    values, lengths, bad = rle.decode_counts([one["counts"].decode() for one in packed])
    heights = np.array([len(one) for one in made])

    assert not bad.any()
    for part, one in zip(np.split(values, np.cumsum(lengths)[:-1]), made, strict=True):
        pixels = np.repeat(np.arange(len(part)) % 2, part)
        np.testing.assert_array_equal(pixels, one.ravel(order="F"))
    np.testing.assert_array_equal(rle.areas(values, lengths), coco_mask.area(packed))
    np.testing.assert_array_equal(rle.boxes(values, lengths, heights), coco_mask.toBbox(packed))


@given(st.lists(st.text(st.characters(max_codepoint=300), max_size=30), max_size=5))
@STEADY
def test_any_text_is_read_or_told_to_be_damaged(texts: list[str]) -> None:
    """No text leads to more than it holds."""
    values, lengths, bad = rle.decode_counts(texts)

    assert len(values) == lengths.sum()
    assert not lengths[bad].any()


def test_one_damaged_text_does_not_cost_the_others() -> None:
    """Cut in the middle of a number, or of characters that no number has."""
    texts = [coco_mask.encode(one)["counts"].decode() for one in masks(3, 3)]
    values, _, bad = rle.decode_counts([texts[0], "~~", texts[1], "0`", texts[2], "o" * 14 + "0"])
    whole, _, _ = rle.decode_counts(texts)

    assert bad.tolist() == [False, True, False, True, False, True]
    np.testing.assert_array_equal(values, whole)


@pytest.mark.parametrize("packed", [True, False])
def test_masks_of_a_file_are_run_lengths_of_the_contract(tmp_path: Path, packed: bool) -> None:
    """Compressed and plain ones alike; where no box is given, box and area are the mask's, as pycocotools has it."""
    one = np.zeros((48, 64), np.uint8, order="F")
    one[12:36, 8:24] = 1
    one[20:22, 10:12] = 0
    whole = coco_mask.encode(one)
    plain = rle.decode_counts([whole["counts"].decode()])[0].tolist()
    mask = {"size": [48, 64], "counts": whole["counts"].decode() if packed else plain}
    found = coco_results()
    found[0] = {"image_id": 1, "category_id": 1, "segmentation": mask, "score": 0.75}
    truth = coco_truth()
    truth["annotations"][0]["segmentation"] = mask
    read = read_json(tmp_path, truth, v1=json.loads(json.dumps(found)))
    frame = read.detections["v1"].frame

    assert frame["mask"].to_list() == [plain, None]
    assert frame.select("left", "top", "width", "height", "area").row(0) == (8, 12, 16, 24, 16 * 24 - 4)
    assert read.truths.frame["mask"].to_list() == [plain, None, None]
    assert read.truths.frame["area"][0] == 16 * 24  # as annotated
