"""Objects judged by their masks: what is lacking or damaged is named, and the report says masks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reportgen.inputs.join_objects import join_objects
from reportgen.inputs.load import load_manifest
from reportgen.inputs.objects import read_sample_table
from reportgen.stats.mask_strings import pack_runs
from reportgen.stats.masks import encode_masks
from tests.inputs.folders import problem_of

SIZE = (32, 24)  # width, height


def rle(left: int, top: int, width: int, height: int, size: tuple[int, int] = SIZE) -> dict[str, Any]:
    """The run lengths of a rectangle."""
    pixels = np.zeros(size[::-1], bool)
    pixels[top : top + height, left : left + width] = True
    return {"size": [size[1], size[0]], "counts": pack_runs(encode_masks([pixels]).of(0))}


def world(folder: Path, change: Callable[[dict[str, Any], list[Any]], None] = lambda *_: None) -> Path:
    """A manifest of twelve images with two objects each, all of which one version detects."""
    truth: dict[str, Any] = {
        "images": [{"id": i, "file_name": f"{i}.png", "width": SIZE[0], "height": SIZE[1]} for i in range(1, 13)],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": [],
    }
    found = []
    for i in range(1, 13):
        for k, box in enumerate(([2, 2, 10, 8], [16, 10, 12, 9])):
            one = {"image_id": i, "category_id": 1, "bbox": box, "segmentation": rle(*box)}
            truth["annotations"].append({"id": 100 * i + k, "iscrowd": 0, "area": box[2] * box[3], **one})
            found.append({**one, "score": 0.9 - 0.02 * i})
        Image.new("L", SIZE, 8 * i).save(folder / f"{i}.png")
    change(truth, found)
    (folder / "truth.json").write_text(json.dumps(truth))
    (folder / "v1.json").write_text(json.dumps(found))
    (folder / "reportgen.yaml").write_text(
        "task: detection\nsamples: truth.json\nobjects: {path: truth.json, overlap: mask}\n"
        "columns: {media: file_name}\nversions: {v1: {predictions: v1.json}}\n"
    )
    return folder / "reportgen.yaml"


def test_objects_without_masks_are_counted_and_what_mends_it_is_told(tmp_path: Path, reportgen: Any) -> None:
    """Of the truth and of the version at once."""

    def change(truth: dict[str, Any], found: list[Any]) -> None:
        del truth["annotations"][3]["segmentation"]
        for one in found:
            del one["segmentation"]

    done = reportgen("build", world(tmp_path, change).name, "-o", "out", cwd=tmp_path)
    told = " ".join(done.stderr.split())
    assert done.returncode == 2
    assert "RG370" in told
    assert "1 of the true objects lack a mask, and overlaps are to be those of masks: annotation 201" in told
    assert "none of the 24 detections of v1 has a mask" in told
    assert "entries 1, 2, 3, 4, 5 and 19 more" in told
    assert "take objects: {overlap: box}" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (rle(2, 2, 10, 8, (32, 20)), "annotation 101: a mask of 32 × 20 pixels on an image of 32 × 24"),
        (rle(2, 2, 10, 8, (24, 32)), "write size as [height, width]"),
        (
            {"size": [24, 32], "counts": [700, 60]},
            "annotation 101: run lengths do not add up to the mask's",
        ),
        ([[1, 1, 5, 5]], "1 of the true objects lack a mask, and overlaps are to be those of masks: annotation 101"),
        ([[1, 2, 3]], "annotation 101: a polygon is no list of x, y, x, y"),
        ([[0, 0, 32, 24] * 200_000], "annotation 101: polygons that go across their image 399,999 times"),
    ],
)
def test_a_mask_that_cannot_be_is_an_error_and_names_its_annotation(tmp_path: Path, mask: Any, words: str) -> None:
    """Another size than the image's, runs that do not add up, too few points, and points that nobody drew."""

    def change(truth: dict[str, Any], _: list[Any]) -> None:
        truth["annotations"][1]["segmentation"] = mask

    loaded = load_manifest(world(tmp_path, change))
    problem = problem_of(lambda: join_objects(loaded, read_sample_table(loaded)))
    assert words in str(problem)


def test_a_polygon_that_crosses_itself_is_used_and_told(tmp_path: Path, reportgen: Any) -> None:
    """With the annotation's id; figures and methods are those of masks."""

    def change(truth: dict[str, Any], _: list[Any]) -> None:
        truth["annotations"][1]["segmentation"] = [[16, 10, 28, 19, 28, 10, 16, 19]]

    manifest = world(tmp_path, change)
    done = reportgen("build", manifest.name, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    (note,) = [one for one in report["notes"] if one["code"] == "RG390"]
    assert (note["severity"], note["n"], note["examples"]) == ("degraded", 1, ["101"])

    table = report["estimates"]
    rows = zip(table["value"], table["metric"], table["slice"], strict=True)
    ap = next(value for value, metric, place in rows if (metric, place) == ("ap", "all"))
    assert report["overlap"] == "mask"
    assert 0.9 < ap < 1  # by its box the object would be found at any overlap
    about = (tmp_path / "out" / "about.html").read_text()
    assert "The pixels that their masks share" in about
    assert "their boxes share" not in about
