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
from reportgen.inputs.objects import ObjectFiles, read_objects
from reportgen.stats.objects import overlap_boxes
from reportgen.tasks.objects import detections_of, truths_of
from tests.oracles.object_worlds import make_world
from tests.oracles.test_object_precision import figures

CATEGORIES = {3: "a", 7: "b", 20: "c"}


def write_world(folder: Path, seed: int) -> tuple[Path, Path]:
    """The truth and the results of a drawn world, with what files have beside boxes, in no order of images."""
    truths, detections = make_world(seed, crowds=0.15, ties=True)
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
    shuffled = [annotations[i] for i in rng.permutation(len(annotations))]
    images = [{"id": 100 + i, "file_name": f"{i:02}.jpg", "width": 900, "height": 900} for i in range(14)]
    categories = [{"id": key, "name": name} for key, name in reversed(CATEGORIES.items())]
    truth, found = folder / "truth.json", folder / "found.json"
    truth.write_text(json.dumps({"images": images, "annotations": shuffled, "categories": categories}))
    found.write_text(json.dumps(results))
    return truth, found


@pytest.mark.parametrize("seed", range(4))
def test_a_file_says_to_us_what_it_says_to_the_coco_tools(tmp_path: Path, seed: int) -> None:
    """Crowds, `ignore`, boxes without area, more than 100 detections an image, ties, and images without any."""
    from pycocotools.coco import COCO  # noqa: PLC0415  # type: ignore[import-untyped]
    from pycocotools.cocoeval import COCOeval  # noqa: PLC0415  # type: ignore[import-untyped]

    truth, found = write_world(tmp_path, seed)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(truth))
        run = COCOeval(coco, coco.loadRes(str(found)), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    files = ObjectFiles(Source(truth, "truth.json", truth=True), {"v": Source(found, "found.json", truth=False)})
    read = read_objects(files, pl.Series("id", [f"{i:02}" for i in range(14)]))
    truths, detections = truths_of(read.truths.frame), detections_of(read.detections["v"].frame)

    assert read.classes == ("a", "b", "c")
    assert len(detections) > 250
    np.testing.assert_allclose(figures(truths, detections, overlap_boxes(detections, truths)), run.stats, atol=1e-9)
