"""Samples and what versions detect in them, joined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen import columns, pipeline
from reportgen.errors import InputError
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_manifest

TRUTH = {
    "images": [{"id": i, "file_name": f"{name}.png", "width": 100, "height": 80} for i, name in enumerate("abc", 1)],
    "categories": [{"id": 3, "name": "cat"}, {"id": 7, "name": "dog"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 3, "bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0, "hidden": "no"},
        {
            "id": 2,
            "image_id": 1,
            "category_id": 7,
            "bbox": [50, 50, 20, 20],
            "area": 400,
            "iscrowd": 0,
            "hidden": "yes",
        },
        {"id": 3, "image_id": 3, "category_id": 3, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0, "hidden": "no"},
    ],
}
FOUND = [
    {"image_id": 1, "category_id": 3, "bbox": [10, 10, 20, 20], "score": 0.9},
    {"image_id": 2, "category_id": 7, "bbox": [1, 1, 5, 5], "score": 0.8},
    {"image_id": 3, "category_id": 3, "bbox": [0, 0, 10, 10], "score": 0.3},
]


def join(folder: Path, more: str = "", *, samples: str = "id,weather\nc,rain\na,rain\nb,sun\n") -> Joined:
    (folder / "samples.csv").write_text(samples)
    (folder / "truth.json").write_text(json.dumps(TRUTH))
    (folder / "v1.json").write_text(json.dumps(FOUND))
    (folder / "v2.json").write_text("[]")
    (folder / "reportgen.yaml").write_text(
        f"task: detection\nsamples: samples.csv\nobjects: truth.json\nversions: {{v1: v1.json, v2: v2.json}}\n{more}"
    )
    loaded = load_manifest(folder / "reportgen.yaml")
    return pipeline.join(loaded, pipeline.scan(loaded))


def test_the_loss_of_a_sample_is_what_its_f1_lacks(tmp_path: Path) -> None:
    """One of two found; a false one where nothing is; all found: and a version without detections misses all."""
    joined = join(tmp_path, "threshold: 0.1\n")

    assert joined.frame[columns.ID].to_list() == ["a", "b", "c"]
    assert joined.frame[columns.prediction(0)].to_list() == pytest.approx([1 / 3, 1.0, 0.0])
    assert joined.frame[columns.prediction(1)].to_list() == [1.0, 0.0, 1.0]
    assert [version.n_scored for version in joined.versions] == [3, 3]
    assert joined.parts is not None
    assert joined.parts.classes == ("cat", "dog")
    assert joined.parts.cutoffs == (0.1, 0.1)
    assert joined.parts.sizes is not None
    assert joined.parts.sizes.tolist() == [[100, 80]] * 3
    assert [(one.path, one.role) for one in joined.inputs] == [
        ("samples.csv", "samples"),
        ("truth.json", "objects"),
        ("v1.json", "predictions of v1"),
        ("v2.json", "predictions of v2"),
    ]


def test_without_a_threshold_each_version_counts_from_its_best_score_on(tmp_path: Path) -> None:
    joined = join(tmp_path)

    assert joined.parts is not None
    assert joined.parts.cutoffs == (0.3, 0.0)
    assert joined.parts.counts[0].false.sum() == 1


def test_samples_that_the_truth_does_not_list_are_left_out_and_told(tmp_path: Path) -> None:
    joined = join(tmp_path, samples="id,weather\na,rain\nb,sun\nc,sun\nd,sun\n")

    assert joined.frame[columns.ID].to_list() == ["a", "b", "c"]
    assert (joined.n_samples, joined.n_excluded) == (4, 1)
    (note,) = [note for note in joined.notes if note.code == "RG385"]
    assert note.examples == ("d",)
    assert joined.parts is not None
    assert joined.parts.counts[0].right.sum() == 2


def test_trainings_of_a_version_stand_behind_the_versions(tmp_path: Path) -> None:
    (tmp_path / "again.json").write_text(json.dumps(FOUND[:1]))
    joined = join(tmp_path, "threshold: 0.1\n").runs
    assert joined == ((0,), (1,))
    manifest = (tmp_path / "reportgen.yaml").read_text().replace("v2: v2.json", "v2: {runs: [v2.json, again.json]}")
    (tmp_path / "reportgen.yaml").write_text(manifest)
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    found = pipeline.join(loaded, pipeline.scan(loaded))

    assert found.runs == ((0,), (1, 2))
    assert found.frame[columns.prediction(2)].to_list() == pytest.approx([1 / 3, 0.0, 1.0])


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        join(tmp_path, "columns: {id: id, group: drive}\n")

    assert [problem.code for problem in caught.value.problems] == ["RG301"]
