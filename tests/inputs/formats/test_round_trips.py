"""The same boxes, written in each format, are read as the same objects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen import columns
from reportgen.inputs.formats import voc
from reportgen.stats.mask_strings import pack_runs
from reportgen.stats.masks import encode_masks
from tests.inputs.formats.worlds import (
    FORMATS,
    FOUND,
    HEIGHT,
    IMAGES,
    TRUTHS,
    WIDTH,
    Entry,
    Thing,
    boxes,
    coco_results,
    coco_truth,
    read,
    read_json,
    write_json,
)


def need(name: str) -> None:
    """Skip the test where the format's package is not installed."""
    if name == "Pascal VOC":
        pytest.importorskip("defusedxml", reason=voc.INSTALL)


def expected(things: tuple[Thing, ...]) -> list[tuple[int, ...]]:
    """Sample and box of each."""
    return [(IMAGES.index(one.image), *one.box) for one in things]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_the_same(tmp_path: Path, name: str) -> None:
    """Boxes, classes, scores and areas of the truth and of a version, each in the format."""
    need(name)
    (tmp_path / "truth").mkdir()
    (tmp_path / "found").mkdir()
    found = read(
        FORMATS[name](tmp_path / "truth", TRUTHS, True), {"v1": FORMATS[name](tmp_path / "found", FOUND, False)}
    )
    truths, detections = found.truths.frame, found.detections["v1"].frame

    assert found.classes == ("cat", "dog")
    assert boxes(truths) == expected(TRUTHS)
    assert boxes(detections) == expected(FOUND)
    for frame, things in ((truths, TRUTHS), (detections, FOUND)):
        assert frame.schema == columns.OBJECTS
        assert [found.classes[code] for code in frame["class"]] == [one.klass for one in things]
        np.testing.assert_allclose(frame["area"].to_numpy(), [one.box[2] * one.box[3] for one in things])
    assert detections["score"].to_list() == [one.score for one in FOUND]
    assert truths["score"].null_count() == len(TRUTHS)
    assert not truths["crowd"].any()
    assert found.images.rows() == [(64, 48, True)] * 3
    assert [note.severity for note in (*found.truths.notes, *found.detections["v1"].notes)].count("degraded") == 0
    assert [one.role for one in found.inputs] == ["objects", "predictions of v1"]
    assert [one.n_rows for one in found.inputs] == [3, 2]
    assert all(len(one.sha256) == 64 for one in found.inputs)


@pytest.mark.parametrize("name", FORMATS)
def test_a_version_may_come_in_any_format(tmp_path: Path, name: str) -> None:
    """The truth in COCO, the version in the format."""
    need(name)
    (tmp_path / "found").mkdir()
    found = read(FORMATS["COCO"](tmp_path, TRUTHS, True), {"v1": FORMATS[name](tmp_path / "found", FOUND, False)})

    assert boxes(found.detections["v1"].frame) == expected(FOUND)
    assert [found.classes[code] for code in found.detections["v1"].frame["class"]] == ["cat", "cat"]


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith("table")])
def test_a_version_without_detections_is_fine(tmp_path: Path, name: str) -> None:
    """No format needs a detection, but for tables, which have a row."""
    need(name)
    (tmp_path / "truth").mkdir()
    (tmp_path / "found").mkdir()
    found = read(FORMATS[name](tmp_path / "truth", TRUTHS, True), {"v1": FORMATS[name](tmp_path / "found", (), False)})

    assert found.detections["v1"].frame.height == 0
    assert found.detections["v1"].frame.schema == columns.OBJECTS


@pytest.mark.parametrize("packed", [True, False])
def test_masks_of_a_file_are_run_lengths_of_the_contract(tmp_path: Path, packed: bool) -> None:
    """Compressed and plain ones alike; where no box is given, box and area are the mask's, as COCO's tools have it."""
    pixels = np.zeros((48, 64), bool)
    pixels[12:36, 8:24] = True
    pixels[20:22, 10:12] = False
    runs = encode_masks([pixels]).of(0)
    mask = {"size": [48, 64], "counts": pack_runs(runs) if packed else runs.tolist()}
    found: list[Entry] = coco_results()
    found[0] = {"image_id": 1, "category_id": 1, "segmentation": mask, "score": 0.75}
    truth = coco_truth()
    truth["annotations"][0]["segmentation"] = mask
    made = read_json(tmp_path, truth, v1=found)
    frame = made.detections["v1"].frame

    assert frame["mask"].to_list() == [runs.tolist(), None]
    assert frame.select("left", "top", "width", "height", "area").row(0) == (8, 12, 16, 24, 16 * 24 - 4)
    assert made.truths.frame["mask"].to_list() == [runs.tolist(), None, None]
    assert made.truths.frame["area"][0] == 16 * 24  # as annotated


@pytest.mark.parametrize("truth", [True, False])
def test_polygons_of_yolo_and_of_coco_are_the_same_masks(tmp_path: Path, truth: bool) -> None:
    """In shares and in pixels; a box is what they enclose, and a confidence may stand behind."""
    shape = [8, 12, 24, 12, 24, 36, 8, 36]
    shares = [value / (HEIGHT if i % 2 else WIDTH) for i, value in enumerate(shape)]
    root = FORMATS["YOLO"](tmp_path, (), truth)
    line = " ".join(map(str, [0, *shares, *([] if truth else [0.5])]))
    (root / "labels" / "val" / "a.txt").write_text(line + "\n")
    coco = coco_truth(TRUTHS[:1])
    coco["annotations"][0] |= {"segmentation": [shape], "bbox": [8, 12, 16, 24]}
    path, _ = write_json(tmp_path, coco)
    by_boxes, by_masks = (
        read(root, overlap=overlap) if truth else read(path, {"v1": root}, overlap=overlap)
        for overlap in ("box", "mask")
    )
    plain, side = ((made.truths if truth else made.detections["v1"]).frame for made in (by_boxes, by_masks))

    assert boxes(side) == boxes(plain) == [(0, 8, 12, 16, 24)]
    np.testing.assert_allclose(plain["polygons"].to_list()[0], [shape])
    assert "polygons" not in side.columns
    masks = side["mask"].to_list()
    assert masks == read(path, overlap="mask").truths.frame["mask"].to_list()
    assert sum(masks[0][1::2]) == 16 * 24
