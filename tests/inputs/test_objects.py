"""Objects that a manifest names: their files are found, and samples may be the images of a COCO file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from reportgen.inputs.load import load_manifest
from reportgen.inputs.objects import object_files, read_objects, read_sample_table
from reportgen.tasks.objects import detections_of, truths_of
from tests.inputs.folders import problem_of, problems_of, write
from tests.inputs.formats.worlds import coco_results, coco_truth

MANIFEST = """\
task: detection
samples: samples.csv
objects: truth.json
versions:
  v1: {predictions: v1.json}
  v2: {predictions: v2}
"""
FILES = {
    "reportgen.yaml": MANIFEST,
    "samples.csv": "id,place\na,x\nb,y\nc,x\n",
    "truth.json": json.dumps(coco_truth()),
    "v1.json": json.dumps(coco_results()),
    "v2/data.yaml": "names: [cat, dog]\n",
    "v2/labels/a.txt": "0 0.25 0.5 0.25 0.5 0.75\n",
}


def test_a_manifest_names_files_and_folders(tmp_path: Path) -> None:
    """Every path is found, and what they hold is read for the samples of the table."""
    loaded = load_manifest(write(tmp_path, FILES) / "reportgen.yaml")
    table = read_sample_table(loaded)
    found = read_objects(object_files(loaded), table.frame["id"], table.frame)

    assert loaded.objects_path == (tmp_path / "truth.json").resolve()
    assert {tmp_path / "truth.json", tmp_path / "v2"} <= set(loaded.input_paths)
    assert list(found.detections) == ["v1", "v2"]
    assert found.detections["v2"].frame.select("left", "top", "width", "height").row(0) == (8, 12, 16, 24)
    assert [(one.path, one.n_rows, one.role) for one in found.inputs] == [
        ("truth.json", 3, "objects"),
        ("v1.json", 2, "predictions of v1"),
        ("v2", 1, "predictions of v2"),
    ]
    assert len(truths_of(found.truths.frame)) == 3
    assert detections_of(found.detections["v1"].frame).score.tolist() == [0.75, 0.25]


def test_samples_may_be_the_images_of_a_coco_file(tmp_path: Path) -> None:
    """Their ids are file names, their keys columns, and the same file holds the true objects."""
    truth = coco_truth()
    for image, place in zip(truth["images"], ("x", "y", "x"), strict=True):
        image["place"] = place
        image["nested"] = {"of": "no use"}
    manifest = MANIFEST.replace("samples.csv", "truth.json").replace("objects: truth.json\n", "")
    loaded = load_manifest(
        write(tmp_path, {**FILES, "reportgen.yaml": manifest, "truth.json": json.dumps(truth)}) / "reportgen.yaml"
    )
    table = read_sample_table(loaded)
    found = read_objects(object_files(loaded), table.frame["id"], table.frame)

    assert table.frame["id"].to_list() == ["images/a.png", "images/b.png", "images/c.png"]
    assert table.frame.columns == ["id", "image_id", "file_name", "height", "place", "width"]
    assert found.truths.frame["sample"].to_list() == [0, 0, 1]

    write(tmp_path, {"reportgen.yaml": manifest + "columns: {id: id}\n"})
    assert read_sample_table(load_manifest(tmp_path / "reportgen.yaml")).frame["id"].to_list() == [1, 2, 3]


def test_attributes_and_names_are_as_the_manifest_says(tmp_path: Path) -> None:
    """Of the true objects' keys those that are named, and classes under the report's names."""
    truth = coco_truth()
    for entry, value in zip(truth["annotations"], ("none", "half", None), strict=True):
        entry |= {"occlusion": value, "attributes": {"truncated": value is None}, "id": entry["id"], "parts": [1]}
    whole = json.dumps(truth)
    spec = "{path: truth.json, format: coco, class_map: {cat: Katze}, attributes: [truncated, occlusion]}"
    manifest = MANIFEST.replace("objects: truth.json", f"objects: {spec}").replace("  v2: {predictions: v2}\n", "")
    manifest += "prediction_columns: {label_map: {1: Katze}}\n"
    write(tmp_path, {**FILES, "reportgen.yaml": manifest, "truth.json": whole})
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    found = read_objects(object_files(loaded), pl.Series("id", ["a", "b", "c"]))

    assert found.classes == ("Katze", "dog")
    assert found.truths.attributes.to_dict(as_series=False) == {
        "truncated": [False, False, True],
        "occlusion": ["none", "half", None],
    }
    assert found.detections["v1"].attributes.width == 0

    for entry in truth["annotations"]:
        del entry["occlusion"], entry["parts"]
    write(tmp_path, {"reportgen.yaml": manifest.replace(", occlusion", ""), "truth.json": json.dumps(truth)})
    files = object_files(load_manifest(tmp_path / "reportgen.yaml"))
    alone = read_objects(files, pl.Series("id", ["a", "b", "c"])).truths.attributes
    assert alone.to_dict(as_series=False) == {"truncated": [False, False, True]}

    write(tmp_path, {**FILES, "reportgen.yaml": manifest.replace("[truncated, ", "[colour, "), "truth.json": whole})
    files = object_files(load_manifest(tmp_path / "reportgen.yaml"))
    problem = problem_of(lambda: read_objects(files, pl.Series("id", ["a", "b", "c"])))
    assert (problem.code, problem.key) == ("RG396", "objects.attributes")
    assert 'there are "occlusion", "truncated"' in problem.mend


def test_trainings_of_a_version_are_read_as_versions(tmp_path: Path) -> None:
    """They stand behind the versions, under the names that notes call them by."""
    manifest = MANIFEST.replace("{predictions: v1.json}", "{runs: [v1.json, again.json]}")
    write(tmp_path, {**FILES, "reportgen.yaml": manifest, "again.json": "[]"})
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    found = read_objects(object_files(loaded), pl.Series("id", ["a", "b", "c"]))

    assert {name: one.frame.height for name, one in found.detections.items()} == {"v1": 2, "v2": 1, "v1, training 2": 0}


@pytest.mark.parametrize(
    ("before", "after", "code", "words"),
    [
        ("objects: truth.json\n", "", "RG111", "objects: missing key"),
        ("truth.json", "{path: no.json}", "RG117", '"no.json" not found'),
        ("truth.json", "{path: truth.json, form: coco}", "RG110", 'did you mean "format"?'),
        ("truth.json", "{path: truth.json, format: coko}", "RG112", 'did you mean "coco"?'),
        ("truth.json", "../truth.json", "RG116", "leaves the folder"),
        ("detection", "detecton", "RG112", 'did you mean "detection"?'),
    ],
)
def test_what_is_wrong_with_the_keys_is_told_by_line(
    tmp_path: Path, before: str, after: str, code: str, words: str
) -> None:
    """As of every other key."""
    write(tmp_path, {**FILES, "reportgen.yaml": MANIFEST.replace(before, after)})
    found = problems_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))

    assert code in {one.code for one in found}
    assert words in "\n".join(map(str, found))


def test_other_tasks_have_no_objects_and_no_folders(tmp_path: Path) -> None:
    """A classification with either is told so."""
    write(tmp_path, {**FILES, "reportgen.yaml": MANIFEST.replace("detection", "classification")})
    codes = {one.code for one in problems_of(lambda: load_manifest(tmp_path / "reportgen.yaml"))}

    assert codes == {"RG118", "RG112"}
