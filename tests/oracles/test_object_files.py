"""COCO files as we read them, against the COCO tools on the same files."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen.inputs.formats.given import Source
from reportgen.inputs.objects import ObjectFiles, ReadObjects, read_objects
from reportgen.stats.object_precision import average_precisions
from reportgen.stats.objects import overlap_boxes
from reportgen.stats.pairs import Floats
from reportgen.tasks.objects import detections_of, hold, overlap_objects, truths_of
from tests.oracles.object_worlds import IMAGE, draw_masks, make_world
from tests.oracles.test_object_precision import as_segmentation, figures

CATEGORIES = {3: "a", 7: "b", 20: "c"}


def write_world(folder: Path, seed: int, *, masks: bool = False) -> tuple[Path, Path]:
    """The truth and the results of a drawn world, with what files have beside boxes, in no order of images.

    ``masks``: in place of the boxes of detections, and beside those of true objects.
    """
    truths, detections = make_world(
        seed, crowds=0.15, ties=True, **({"objects": 4.0, "detected": 7.0} if masks else {})
    )
    rng = np.random.default_rng(seed)
    ids = list(CATEGORIES)
    annotations: list[dict[str, Any]] = [
        {
            "id": i + 1,
            "image_id": 100 + int(truths.sample[i]),
            "category_id": ids[truths.klass[i]],
            "bbox": truths.boxes[i].tolist(),
            "area": float(truths.area[i]),
            "iscrowd": int(truths.crowd[i]),
            "ignore": int(rng.random() < 0.2),
        }
        for i in range(len(truths))
    ]
    annotations[0]["bbox"][2] = annotations[0]["area"] = 0
    results = [
        {
            "image_id": 100 + int(detections.sample[i]),
            "category_id": ids[detections.klass[i]],
            "bbox": detections.boxes[i].tolist(),
            "score": float(detections.score[i]),
        }
        for i in range(len(detections))
    ]
    height, width = IMAGE if masks else (900, 900)
    if masks:
        _, said, true = draw_masks(seed, truths, detections)
        for some, own in ((annotations, true), (results, said)):
            for i, one in enumerate(some):
                one["segmentation"] = as_segmentation(own, i)
        for one in results:
            del one["bbox"]
    shuffled = [annotations[i] for i in rng.permutation(len(annotations))]
    images = [{"id": 100 + i, "file_name": f"{i:02}.jpg", "width": width, "height": height} for i in range(14)]
    categories = [{"id": key, "name": name} for key, name in reversed(CATEGORIES.items())]
    truth, found = folder / "truth.json", folder / "found.json"
    truth.write_text(json.dumps({"images": images, "annotations": shuffled, "categories": categories}))
    found.write_text(json.dumps(results))
    return truth, found


@pytest.mark.parametrize("seed", range(4))
def test_a_file_says_to_us_what_it_says_to_the_coco_tools(tmp_path: Path, seed: int) -> None:
    """Crowds, `ignore`, boxes without area, more than 100 detections an image, ties, and images without any."""
    truth, found = write_world(tmp_path, seed)
    read = ours(truth, found)
    truths, detections = truths_of(read.truths.frame), detections_of(read.detections["v"].frame)

    assert read.classes == ("a", "b", "c")
    assert len(detections) > 250
    expected = theirs(truth, found, "bbox")
    np.testing.assert_allclose(figures(truths, detections, overlap_boxes(detections, truths)), expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_masks_of_a_file_say_to_us_what_they_say_to_the_coco_tools(tmp_path: Path, seed: int) -> None:
    """With crowds, ties, holes, empty masks and sizes on the ends of ranges; areas not annotated are those of masks."""
    truth, found = write_world(tmp_path, seed, masks=True)
    read = ours(truth, found, overlap="mask")
    truths, detections = truths_of(read.truths.frame), detections_of(read.detections["v"].frame)
    sizes = read.images.select("width", "height").cast(float).to_numpy()
    overlaps = overlap_objects(read.detections["v"].frame, read.truths.frame, sizes)

    assert truths.crowd.any()
    assert len(overlaps) > 50
    np.testing.assert_allclose(figures(truths, detections, overlaps), theirs(truth, found, "segm"), atol=1e-9)
    held = hold(read.truths.frame, read.detections["v"].frame, 14, 3, sizes=sizes)
    precision = average_precisions(held.judged).precision[0]
    assert np.nanmean(precision) == pytest.approx(theirs(truth, found, "segm")[0], abs=1e-9)

    data = json.loads(truth.read_text())
    for one in data["annotations"]:
        del one["area"]
    truth.write_text(json.dumps(data))
    bare = ours(truth, found, overlap="mask")
    areas = [sum(one[1::2]) for one in bare.truths.frame["mask"].to_list()]
    assert bare.truths.frame["area"].to_list() == areas


def ours(truth: Path, found: Path, **options: Any) -> ReadObjects:
    """What we read of the two files."""
    files = ObjectFiles(
        Source(truth, "truth.json", truth=True), {"v": Source(found, "found.json", truth=False)}, **options
    )
    return read_objects(files, pl.Series("id", [f"{i:02}" for i in range(14)]))


def theirs(truth: Path, found: Path, kind: str) -> Floats:
    """The twelve figures of the COCO tools."""
    from pycocotools.coco import COCO  # noqa: PLC0415  # type: ignore[import-untyped]
    from pycocotools.cocoeval import COCOeval  # noqa: PLC0415  # type: ignore[import-untyped]

    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(truth))
        run = COCOeval(coco, coco.loadRes(str(found)), kind)
        run.evaluate()
        run.accumulate()
        run.summarize()
    return np.array(run.stats)
