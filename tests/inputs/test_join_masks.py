"""Samples and the masks of versions, joined: from folders of PNGs, tables of paths and files of objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reportgen import columns, pipeline
from reportgen.errors import InputError
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_manifest
from reportgen.stats.mask_strings import pack_runs
from reportgen.stats.masks import encode_masks
from tests.inputs.folders import write
from tests.inputs.pngs import save

SIZE = (6, 8)  # height, width
MASKS = "masks: {path: masks, classes: {road: 1, car: 2}, ignore: [255]}"


def mask(*boxes: tuple[int, int, int, int, int]) -> np.ndarray:
    """Boxes of a value: left, top, width, height, value."""
    pixels = np.zeros(SIZE, np.uint8)
    for left, top, width, height, value in boxes:
        pixels[top : top + height, left : left + width] = value
    return pixels


TRUE = {"a": mask((0, 0, 4, 4, 1), (6, 0, 2, 2, 2)), "b": mask(), "c": mask((0, 0, 8, 3, 2), (0, 5, 8, 1, 255))}
SAID = {"a": mask((2, 0, 4, 4, 1)), "b": mask((0, 0, 1, 1, 2)), "c": mask((0, 0, 8, 3, 2), (0, 5, 8, 1, 1))}


def pngs(folder: str, masks: dict[str, np.ndarray]) -> dict[str, bytes]:
    return {f"{folder}/{name}.png": save(pixels) for name, pixels in masks.items()}


def join(folder: Path, masks: str = MASKS, version: str = "v1", more: str = "", **files: Any) -> Joined:
    """What a manifest with these files gives; all have the usual masks of truth and version."""
    manifest = f"task: segmentation\nsamples: samples.csv\n{masks}\nversions: {{v1: {version}}}\n{more}"
    usual = {"samples.csv": "id,light\na,day\nb,day\nc,night\n", **pngs("masks", TRUE), **pngs("v1", SAID)}
    write(folder, {**usual, "reportgen.yaml": manifest, **files.pop("files", {})})
    loaded = load_manifest(folder / "reportgen.yaml")
    return pipeline.join(loaded, pipeline.scan(loaded))


def losses(joined: Joined) -> list[float | None]:
    return joined.frame[columns.prediction(0)].to_list()


def refused(folder: Path, *args: Any, **files: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        join(folder, *args, **files)
    return caught.value


LOSSES = [1 - 2 * 8 / (2 * 8 + 8 + 12), 1.0, 0.0]
"""Of a: 8 of 16 road found, 8 false, and the car of 4 missed; b has none; in c all is found but what is ignored."""


def test_pixels_of_folders_are_counted_by_class(tmp_path: Path) -> None:
    joined = join(tmp_path)

    assert losses(joined) == pytest.approx(LOSSES)
    parts = joined.parts
    assert parts is not None
    assert (parts.kind, parts.classes) == ("pixel", ("road", "car"))
    counts = parts.counts[0]
    rows = zip(
        *(getattr(counts, name).tolist() for name in ("klass", "sample", "right", "false", "missed")), strict=True
    )
    assert list(rows) == [(0, 0, 8, 8, 8), (1, 0, 0, 0, 4), (1, 1, 0, 1, 0), (1, 2, 24, 0, 0)]
    cells = parts.cells[0]
    assert int(cells.n.sum()) == 48 + 48 + 40
    assert parts.sizes is not None
    assert parts.sizes.tolist() == [[8, 6]] * 3
    assert [(one.path, one.role, one.n_rows) for one in joined.inputs] == [
        ("samples.csv", "samples", 3),
        ("masks", "masks", 3),
        ("v1", "predictions of v1", 3),
    ]


def test_paths_may_stand_in_the_sample_table_and_in_a_table_of_predictions(tmp_path: Path) -> None:
    files = {
        "samples.csv": "id,mask\na,masks/a.png\nb,masks/b.png\nc,masks/c.png\n",
        "v1.csv": "id,mask\nc,v1/c.png\na,v1/a.png\nb,\nz,v1/a.png\n",
    }
    masks = "masks: {column: mask, classes: {road: 1, car: 2}, ignore: [255]}"
    joined = join(tmp_path, masks, "v1.csv", files=files)

    assert losses(joined) == [pytest.approx(LOSSES[0]), None, 0.0]
    (version,) = joined.versions
    assert (version.n_scored, version.n_missing, version.n_invalid, version.n_unknown) == (2, 0, 1, 1)
    assert {note.code for note in joined.notes} == {"RG308", "RG317"}
    assert [one.role for one in joined.inputs] == ["samples", "masks", "masks of v1", "predictions of v1"]


def test_a_column_of_names_beneath_a_folder(tmp_path: Path) -> None:
    files = {"samples.csv": "id,file\na,a.png\nb,b.png\nc,c.png\n"}
    masks = "masks: {path: masks, column: file, classes: {road: 1, car: 2}, ignore: [255]}"
    assert losses(join(tmp_path, masks, files=files)) == pytest.approx(LOSSES)


def runs(pixels: np.ndarray, image: int, category: int, **more: Any) -> dict[str, Any]:
    """A result with the mask of some pixels."""
    masks = encode_masks([pixels])
    size = {"size": list(SIZE), "counts": pack_runs(masks.of(0))}
    return {"image_id": image, "category_id": category, "segmentation": size, **more}


def coco() -> dict[str, Any]:
    """The true masks as objects: a road of two polygons, a crowd of roads that the car lies on, in c a car."""
    images = [{"id": i, "file_name": f"{name}.jpg", "width": 8, "height": 6} for i, name in enumerate("abc", 1)]
    square = [0, 0, 2, 0, 2, 4, 0, 4]
    shifted = [x + 2 * (i % 2 == 0) for i, x in enumerate(square)]
    return {
        "images": images,
        "categories": [{"id": 1, "name": "road"}, {"id": 7, "name": "car"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 4, 4], "segmentation": [square, shifted]},
            {"id": 2, **runs(mask((6, 0, 2, 2, 1)), 1, 7), "bbox": [6, 0, 2, 2]},
            {"id": 3, **runs(mask((0, 0, 8, 3, 1)), 3, 7), "bbox": [0, 0, 8, 3]},
            {"id": 4, **runs(mask((0, 2, 8, 4, 1))[::1], 3, 1), "bbox": [0, 2, 8, 4], "iscrowd": 1},
        ],
    }


def results() -> list[dict[str, Any]]:
    """What the version marks, as two overlapping objects of one class, and a surer one of another class over both."""
    return [
        runs(mask((2, 0, 3, 4, 1)), 1, 1, score=0.2),
        runs(mask((3, 0, 3, 4, 1)), 1, 1, score=0.3),
        runs(mask((0, 0, 1, 1, 1)), 2, 1, score=0.1),
        runs(mask((0, 0, 1, 1, 1)), 2, 7, score=0.9),
        runs(mask((0, 0, 8, 3, 1)), 3, 7, score=0.9),
    ]


def test_objects_of_one_class_are_united(tmp_path: Path) -> None:
    """The surer object lies over the others, a crowd below all, and its pixels do not count."""
    files = {"truth.json": json.dumps(coco()), "v1.json": json.dumps(results())}
    joined = join(tmp_path, "masks: truth.json", "v1.json", files=files)

    assert losses(joined) == pytest.approx(LOSSES)
    assert joined.parts is not None
    assert joined.parts.classes == ("road", "car")
    assert int(joined.parts.cells[0].n.sum()) == 48 + 48 + 24
    assert [one.role for one in joined.inputs] == ["samples", "masks", "predictions of v1"]


def test_objects_against_images_and_images_against_objects(tmp_path: Path) -> None:
    """Values and category ids mean classes alike; names lead from the one to the other."""
    named = [{**one, "image_id": "abc"[one["image_id"] - 1]} for one in results()]
    files = {"truth.json": json.dumps(coco()), "v1.json": json.dumps(named)}
    more = "prediction_columns: {label_map: {7: car}}\n"
    assert losses(join(tmp_path, MASKS, "v1.json", more, files=files)) == pytest.approx(LOSSES)
    masks = "masks: {path: truth.json, classes: {road: 1, car: 7}}"
    said = pngs("v1", {name: np.where(one == 2, 7, one) for name, one in SAID.items()})
    assert losses(join(tmp_path, masks, files={**files, **said})) == pytest.approx(LOSSES)


def test_a_category_may_be_ignored_by_name(tmp_path: Path) -> None:
    files = {
        "truth.json": json.dumps(coco()),
        "v1.json": json.dumps([one for one in results() if one["category_id"] == 1]),
    }
    joined = join(tmp_path, "masks: {path: truth.json, ignore: [car]}", "v1.json", files=files)

    assert joined.parts is not None
    assert joined.parts.classes == ("road",)
    assert losses(joined)[2] == 0.0
    assert int(joined.parts.cells[0].n.sum()) == 44 + 48 + 0


def test_samples_without_a_true_mask_are_left_out_and_told(tmp_path: Path) -> None:
    files = {"samples.csv": "id,light\na,day\nb,day\nc,night\nd,night\n", **pngs("v1", {"e": SAID["a"]})}
    joined = join(tmp_path, files=files)

    assert joined.frame[columns.ID].to_list() == ["a", "b", "c"]
    assert (joined.n_samples, joined.n_excluded) == (4, 1)
    assert {note.code: note.examples for note in joined.notes} == {
        "RG357": ("d",),
        "RG308": ("e.png",),
        "RG307": ("d",),
    }
    assert joined.versions[0].n_unknown == 1


def test_trainings_stand_behind_the_versions(tmp_path: Path) -> None:
    joined = join(tmp_path, version="{runs: [v1, masks]}")
    assert joined.runs == ((0, 1),)
    assert joined.frame[columns.prediction(1)].to_list() == [0.0, 0.0, 0.0]


def photo(orientation: int, size: tuple[int, int]) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return save(np.zeros(size, np.uint8), exif=exif)


def test_a_mask_has_the_size_of_the_image_upright_or_as_stored(tmp_path: Path) -> None:
    """The report says where it is as stored; any other size is an error."""
    images = {f"images/{name}.png": photo(6, SIZE) for name in "abc"}
    files = {"samples.csv": "id,image\n" + "".join(f"{name},images/{name}.png\n" for name in "abc"), **images}
    more = "columns: {media: image}\n"
    joined = join(tmp_path, more=more, files=files)
    (note,) = [one for one in joined.notes if one.code == "RG358"]
    assert note.n == 3

    upright = {
        f"{folder}/{name}.png": save(one.T)
        for folder, masks in (("masks", TRUE), ("v1", SAID))
        for name, one in masks.items()
    }
    again = join(tmp_path, more=more, files={**files, **upright})
    assert not [one for one in again.notes if one.code == "RG358"]
    assert joined.parts is not None
    assert again.parts is not None
    assert joined.parts.masks is not None
    assert again.parts.masks is not None
    assert (joined.parts.masks.upright, again.parts.masks.upright) == (False, True)
    assert losses(again) == losses(joined)

    error = refused(tmp_path, more=more, files={**files, **upright, "images/b.png": photo(1, SIZE)})
    assert [(one.code, one.where.file) for one in error.problems] == [
        ("RG353", "masks/b.png"),
        ("RG353", "v1/b.png"),
    ]


@pytest.mark.parametrize(
    ("masks", "code", "words"),
    [
        ("", "RG111", "the folder or file of the true masks"),
        ("masks: masks", "RG111", "classes: {nucleus: 255}"),
        ("masks: {path: masks, classes: {road: 1, car: 1}}", "RG112", 'the value "1" stands twice'),
        ("masks: {path: masks, classes: {road: one}}", "RG112", "a whole number up to 65,535"),
        ("masks: {path: masks, classes: {road: 1}, ignored: [2]}", "RG110", 'did you mean "ignore"?'),
        ("masks: {path: nowhere, classes: {road: 1}}", "RG117", '"nowhere" not found'),
        ("masks: {column: nothing, classes: {road: 1}}", "RG301", 'no column "nothing"'),
        (f"{MASKS}\nclasses: [road, car]", "RG112", "name each class with the value of its pixels"),
        (MASKS.replace("car: 2", "car: 3"), "RG354", "the value 2, which is no class"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_told(tmp_path: Path, masks: str, code: str, words: str) -> None:
    error = refused(tmp_path, masks)
    assert error.problems[0].code == code
    assert words in str(error)


def test_masks_of_another_task_are_an_error(tmp_path: Path) -> None:
    join(tmp_path)
    text = (tmp_path / "reportgen.yaml").read_text().replace("segmentation", "regression")
    (tmp_path / "reportgen.yaml").write_text(text)
    with pytest.raises(InputError, match=r"RG112 .*a regression has no masks"):
        load_manifest(tmp_path / "reportgen.yaml")


def test_a_folder_of_other_samples_is_an_error(tmp_path: Path) -> None:
    error = refused(tmp_path, version="other", files=pngs("other", {"x": SAID["a"]}))
    assert [one.code for one in error.problems] == ["RG356"]
    assert "x.png" in str(error)
    error = refused(tmp_path, files={"samples.csv": "id,light\nx,day\n"})
    assert [one.code for one in error.problems] == ["RG356"]


def test_every_mask_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "masks/a.png": b"no image",
        "v1/b.png": save(np.zeros((3, 3), np.uint8)),
        "v1/c.png": save(mask((0, 0, 1, 1, 9))),
    }
    error = refused(tmp_path, files=wrong)
    assert [(one.code, one.where.file) for one in error.problems] == [
        ("RG351", "masks/a.png"),
        ("RG353", "v1/b.png"),
        ("RG354", "v1/c.png"),
    ]


def test_a_version_may_name_masks_that_no_true_mask_asks_for(tmp_path: Path) -> None:
    """Those are not read, wherever they are: missing, or beyond the manifest's folder."""
    (tmp_path / "beyond.png").write_bytes(b"secret")
    files = {
        "samples.csv": "id,light\na,day\nb,day\nc,night\nd,night\ne,night\n",
        "v1.csv": f"id,mask\na,v1/a.png\nb,v1/b.png\nc,v1/c.png\nd,gone.png\ne,{tmp_path / 'beyond.png'}\n",
    }
    joined = join(tmp_path / "inner", version="v1.csv", files=files)

    assert joined.frame[columns.ID].to_list() == ["a", "b", "c"]
    assert losses(joined) == pytest.approx(LOSSES)


def test_a_damaged_true_mask_is_told_beside_objects_of_a_version(tmp_path: Path) -> None:
    """Without it nobody says how large the version's masks should be: they are not looked at."""
    named = [{**one, "image_id": "abc"[one["image_id"] - 1]} for one in results()]
    files = {"masks/a.png": b"no image", "v1.json": json.dumps(named)}
    error = refused(tmp_path, MASKS, "v1.json", "prediction_columns: {label_map: {7: car}}\n", files=files)
    assert [(one.code, one.where.file) for one in error.problems] == [("RG351", "masks/a.png")]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda one: one.pop("segmentation"), "RG370", "it is pixels that are judged: entry 2"),
        (
            lambda one: one.update(segmentation={"size": [8, 6], "counts": pack_runs(np.array([48]))}),
            "RG388",
            "size as [height, width]",
        ),
        (lambda one: one.update(category_id=3), "RG379", 'categories "3" of 1 of the detections of v1'),
    ],
)
def test_masks_of_objects_that_do_not_fit_are_told(tmp_path: Path, change: Any, code: str, words: str) -> None:
    own = results()
    own[1]["bbox"] = [3, 0, 3, 4]
    change(own[1])
    error = refused(
        tmp_path, "masks: truth.json", "v1.json", files={"truth.json": json.dumps(coco()), "v1.json": json.dumps(own)}
    )
    assert [one.code for one in error.problems] == [code]
    assert words in str(error)


def test_images_of_unknown_size_are_told(tmp_path: Path) -> None:
    truth = coco()
    for image in truth["images"]:
        del image["width"], image["height"]
    error = refused(tmp_path, "masks: truth.json", "v1.json", files={"truth.json": json.dumps(truth), "v1.json": "[]"})
    assert [one.code for one in error.problems] == ["RG391"]
    assert '"b"' in str(error)


def test_a_quick_look_takes_some(tmp_path: Path) -> None:
    join(tmp_path)
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    joined = pipeline.join(loaded, pipeline.scan(loaded), take=2)
    assert (joined.n_taken, joined.frame.height, joined.n_excluded) == (2, 2, 1)


def test_a_truth_without_a_pixel_of_any_class_is_told(tmp_path: Path) -> None:
    joined = join(tmp_path, files=pngs("masks", dict.fromkeys("abc", mask())))

    (note,) = [one for one in joined.notes if one.code == "RG359"]
    assert (note.severity, note.n) == ("degraded", 3)
    assert note.message.startswith("no pixel of a class is annotated in any of 3 samples")
