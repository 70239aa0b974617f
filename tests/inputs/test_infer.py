"""Manifests inferred from files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from reportgen.cli import main
from reportgen.inputs.attributes import guess_attributes
from reportgen.inputs.infer import Inferred, infer_manifest, infer_tables
from reportgen.inputs.join import join_inputs
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_text
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.tables import Table
from reportgen.pipeline import scan
from tests.inputs.folders import problem_of, write


def infer(folder: Path, files: Mapping[str, str | bytes], base: Path | None = None) -> tuple[Inferred, LoadedManifest]:
    """What the files suggest: the first is the samples, the others are versions by stem."""
    write(folder, files)
    samples, *predictions = (folder / name for name in files if name.endswith((".csv", ".jsonl")))
    inferred = infer_manifest(samples, {path.stem: path for path in predictions}, base or folder)
    return inferred, load_text(inferred.manifest_yaml, Path("reportgen.yaml"), inferred.root)


def joined(loaded: LoadedManifest) -> Joined:
    """The inputs of an inferred manifest."""
    sources = scan(loaded)
    return join_inputs(loaded, sources.samples, sources.predictions)


ROWS = range(60)


def csv(header: str, *cells: object) -> str:
    """Sixty rows, each of the cells called with its number."""
    rows = (",".join(str(cell(i)) for cell in cells) for i in ROWS)  # type: ignore[operator]
    return header + "\n" + "\n".join(rows) + "\n"


def test_a_classification_is_known_by_its_labels(tmp_path: Path) -> None:
    """Id, target, label, attributes and versions come out, and it says so."""
    samples = csv("id,weather,label", lambda i: f"s{i}", lambda i: ("rain", "sun")[i % 2], lambda i: "abc"[i % 3])
    found = csv("id,prediction,score", lambda i: f"s{i}", lambda i: "abc"[i % 3], lambda i: i / 100)
    inferred, loaded = infer(tmp_path, {"s.csv": samples, "old.csv": found, "new.csv": found})
    manifest = loaded.manifest

    assert (manifest.task, manifest.columns.id, manifest.columns.target) == ("classification", "id", "label")
    assert (manifest.prediction_columns.label, manifest.prediction_columns.score) == ("prediction", "score")
    assert [spec.column for spec in manifest.attribute_specs()] == ["weather"]
    assert (manifest.first, manifest.last) == ("old", "new")
    assert 'target: column "label" (3 values)' in inferred.statements
    assert joined(loaded).versions[0].n_scored == 60


def test_a_regression_is_known_by_its_numbers(tmp_path: Path) -> None:
    """A target with decimals and predicted numbers make a regression."""
    samples = csv("key,size,price", lambda i: f"s{i}", lambda i: i % 7, lambda i: i * 1.37)
    found = csv("key,prediction", lambda i: f"s{i}", lambda i: i * 1.31)
    _, loaded = infer(tmp_path, {"s.csv": samples.replace("price", "target"), "v.csv": found})

    assert (loaded.manifest.task, loaded.manifest.columns.id) == ("regression", "key")
    assert loaded.manifest.prediction_columns.value == "prediction"
    assert joined(loaded).frame["target"].dtype == pl.Float64


def test_where_both_tasks_are_possible_it_says_how_to_get_the_other(tmp_path: Path) -> None:
    """Labels and numbers in both files: classes are taken, the regression stands in a comment that works."""
    samples = csv("id,target,label", lambda i: i, lambda i: i / 7, lambda i: ("neg", "pos")[i % 2])
    found = csv("id,prediction,label", lambda i: i, lambda i: i / 8, lambda i: ("neg", "pos")[i % 2])
    inferred, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": found})
    other = "task: regression, columns: {target: target}, prediction_columns: {value: prediction}"

    assert (loaded.manifest.task, loaded.manifest.columns.target) == ("classification", "label")
    assert loaded.manifest.prediction_columns.label == "label"
    assert other in inferred.manifest_yaml
    assert any(other in statement for statement in inferred.statements)
    text = (
        "task: regression\nsamples: s.csv\ncolumns: {target: target}\nprediction_columns: {value: prediction}\n"
        "versions: {v: v.csv}\n"
    )
    assert joined(load_text(text, Path("m.yaml"), tmp_path)).frame["prediction_0"].to_list()[1] == 0.125


def test_the_target_is_the_column_that_agrees_with_the_predictions(tmp_path: Path) -> None:
    """A column of an unusual name is the target where the predictions repeat its values."""
    samples = csv("id,colour,species", lambda i: i, lambda i: ("red", "blue")[i % 2], lambda i: "xyz"[i % 3])
    found = csv("id,pred", lambda i: i, lambda i: "xyz"[i % 3])
    _, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": found})

    assert loaded.manifest.columns.target == "species"


def test_a_number_of_an_unusual_name_is_the_target_where_predictions_follow_it(tmp_path: Path) -> None:
    """Of two columns of numbers, the one that the predicted values go with is the truth."""
    samples = csv("id,size,price", lambda i: i, lambda i: (i * 37 % 60) / 7, lambda i: i * 1.37)
    _, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": csv("id,pred", lambda i: i, lambda i: i * 1.3 + i % 3)})

    assert (loaded.manifest.task, loaded.manifest.columns.target) == ("regression", "price")


def test_a_prediction_between_0_and_1_of_two_classes_is_a_score(tmp_path: Path) -> None:
    """A file of id and probability says which class by its threshold, though it calls the number a prediction."""
    samples = csv("id,x,label", lambda i: i, lambda i: i % 5, lambda i: i % 2)
    found = csv("id,prediction", lambda i: i, lambda i: 0.01 + i % 2 * 0.9)
    inferred, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": found})
    both = joined(loaded)

    assert 'predicted score: column "prediction"' in inferred.statements
    assert loaded.manifest.prediction_columns.label is None
    assert both.frame["prediction_0"].equals(both.frame["target"], check_names=False)


def test_a_prediction_file_that_repeats_the_truth_is_not_taken_by_it(tmp_path: Path) -> None:
    """Beside a column prediction, a column label is the truth again, even if predictions hold an extra class."""
    samples = csv("id,label", lambda i: i, lambda i: "ab"[i % 2])
    found = csv("id,label,prediction", lambda i: i, lambda i: "ab"[i % 2], lambda i: "abc"[i % 3])
    _, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": found})

    assert loaded.manifest.prediction_columns.label == "prediction"


def test_images_are_media_where_their_files_are(tmp_path: Path) -> None:
    """A column of paths is the media with the folder that they begin in; without files it is none."""
    samples = csv("id,file,label", lambda i: i, lambda i: f"{i}.png", lambda i: "ab"[i % 2])
    found = csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])
    images = {f"pics/{i}.png": b"" for i in ROWS}
    _, loaded = infer(tmp_path / "a", {"s.csv": samples, "v.csv": found, **images})
    _, without = infer(tmp_path / "b", {"s.csv": samples, "v.csv": found})

    assert (loaded.manifest.columns.media, loaded.manifest.media.kind) == ("file", "image")
    assert loaded.media_root == (tmp_path / "a" / "pics").resolve()
    assert without.manifest.columns.media is None


def test_long_texts_are_media(tmp_path: Path) -> None:
    """A column of sentences is shown as text and slices nothing."""
    samples = csv(
        "id,text,label", lambda i: i, lambda i: f"a rather long sentence about the thing with number {i}",
        lambda i: "ab"[i % 2],
    )  # fmt: skip
    _, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])})

    assert (loaded.manifest.columns.media, loaded.manifest.media.kind) == ("text", "text")
    assert loaded.manifest.attributes == []


def test_a_group_is_named_in_a_comment_only(tmp_path: Path) -> None:
    """A repeated id is offered, never taken."""
    samples = csv("id,patient_id,label", lambda i: i, lambda i: f"p{i // 4}", lambda i: "ab"[i % 2])
    inferred, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])})

    assert "# group: patient_id" in inferred.manifest_yaml
    assert loaded.manifest.columns.group is None


def test_files_elsewhere_have_paths_from_where_they_are(tmp_path: Path) -> None:
    """A manifest that cannot stand beside its files says where it belongs, and is built from there."""
    samples = csv("id,label", lambda i: i, lambda i: "ab"[i % 2])
    files = {"data/s.csv": samples, "data/p/v.csv": csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])}
    (tmp_path / "here").mkdir()
    inferred, loaded = infer(tmp_path, files, tmp_path / "here")

    assert inferred.root == (tmp_path / "data").resolve()
    assert "# Paths are relative to ../data:" in inferred.manifest_yaml
    assert loaded.shown(loaded.prediction_paths["v"]) == "p/v.csv"


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on time or hash order."""
    files = {"s.csv": csv("id,x,label", lambda i: i, lambda i: i % 5, lambda i: "ab"[i % 2]),
             "v.csv": csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])}  # fmt: skip

    assert infer(tmp_path, files)[0] == infer(tmp_path, files)[0]


def test_columns_named_by_bare_classes_are_probabilities(tmp_path: Path) -> None:
    """Where every label is a column of shares."""
    samples = csv("id,kind", lambda i: i, lambda i: ("cat", "dog")[i % 2])
    found = csv("id,cat,dog", lambda i: i, lambda i: (0.75, 0.25)[i % 2], lambda i: (0.25, 0.75)[i % 2])
    _, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": found})

    assert (loaded.manifest.columns.target, loaded.manifest.prediction_columns.probabilities) == ("kind", "{class}")
    assert joined(loaded).frame["prediction_0"].equals(joined(loaded).frame["target"], check_names=False)


def test_files_whose_ids_have_other_names_go_to_the_join(tmp_path: Path) -> None:
    """A later file may name its ids otherwise: what the first one says is inferred, and the join tells the other."""
    samples = csv("id,label", lambda i: i, lambda i: "ab"[i % 2])
    cells = (lambda i: i, lambda i: "ab"[i % 2])
    _, loaded = infer(tmp_path, {"s.csv": samples, "v1.csv": csv("id,pred", *cells), "v2.csv": csv("key,pred", *cells)})

    assert problem_of(lambda: joined(loaded)).code == "RG301"


def test_hostile_names_are_quoted(tmp_path: Path) -> None:
    """Columns that are YAML to YAML read back as they are."""
    names = ["x: y", "#z", "*a", "yes", "- b", "{c}", "\u202ee", "\u2028f"]
    samples = csv(
        ",".join(["id", "label", *names]), lambda i: i, lambda i: "ab"[i % 2], *[lambda i: i % 3] * len(names)
    )
    _, loaded = infer(tmp_path, {"s.csv": samples, "v.csv": csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])})

    assert [spec.column for spec in loaded.manifest.attribute_specs()] == names


def test_without_an_id_or_a_target_it_says_what_to_do(tmp_path: Path) -> None:
    """Nothing is made up."""
    found = csv("id,pred", lambda i: i, lambda i: "ab"[i % 2])
    no_id = {"s.csv": csv("x,label", lambda i: i % 2, lambda i: "ab"[i % 2]), "v.csv": found}
    no_target = {"s.csv": csv("id,colour", lambda i: i, lambda i: "rg"[i % 2]), "v.csv": found}

    assert problem_of(lambda: infer(tmp_path, no_id)).code == "RG336"
    assert problem_of(lambda: infer(tmp_path, no_target)).code == "RG337"


def test_two_files_of_one_stem_need_names(tmp_path: Path) -> None:
    """v1 and V1 would be one file on some systems."""
    files = {"s.csv": csv("id,label", lambda i: i, lambda i: "ab"[i % 2])}
    path = tmp_path / "v.csv"
    write(tmp_path, files)

    assert problem_of(lambda: infer_manifest(tmp_path / "s.csv", {"v1": path, "V1": path}, tmp_path)).code == "RG113"


def test_tables_in_memory_suggest_a_manifest_too() -> None:
    """Frames give the same guess as files; paths are the tables' names."""
    samples = Table(
        pl.DataFrame({"id": ROWS, "x": [i % 3 for i in ROWS], "label": ["ab"[i % 2] for i in ROWS]}), "samples", "", 60
    )
    found = Table(pl.DataFrame({"id": ROWS, "prediction": ["ab"[i % 2] for i in ROWS]}), "v1", "", 60)
    inferred = infer_tables(samples, {"v1": found})
    loaded = load_text(inferred.manifest_yaml, Path("reportgen.yaml"), inferred.root, files=False)

    assert join_inputs(loaded, samples, {"v1": found}).versions[0].n_scored == 60


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([None] * 60, "empty"),
        (["x"] * 60, "the same value everywhere"),
        ([f"u{i}" for i in ROWS], "looks like an id"),
        ([f"a long text that nobody would slice by, number {i}" for i in ROWS], "text"),
        ([[1.0]] * 60, "lists"),
        ([i % 3 for i in ROWS], None),
        ([i / 7 for i in ROWS], None),
        (["a", "b", None] * 20, None),
        ([True, False] * 30, None),
    ],
)
def test_columns_that_cannot_slice_are_left_out_with_the_reason(values: list[object], reason: str | None) -> None:
    """Empty, constant, id-like, text and list columns are no attributes; categories and numbers are."""
    names, notes = guess_attributes(pl.DataFrame({"x": values}), set())

    assert (names == ["x"]) is (reason is None)
    assert reason is None or reason in notes[0].message


def test_a_running_number_is_an_id() -> None:
    """Whole numbers that count up, or are called id, slice nothing; other whole numbers do."""
    frame = pl.DataFrame({"n": ROWS, "row_id": [i * 7 for i in ROWS], "pixels": [i * 7 for i in ROWS]})

    assert guess_attributes(frame, set())[0] == ["pixels"]


COCO = {
    "images": [{"id": i, "file_name": f"a{i}.png", "width": 64, "height": 48, "site": "ab"[i % 2]} for i in range(12)],
    "annotations": [{"id": i, "image_id": i, "category_id": 1, "bbox": [4, 4, 20, 20]} for i in range(12)],
    "categories": [{"id": 1, "name": "cell"}],
}


def test_a_coco_file_is_samples_and_objects_at_once(tmp_path: Path) -> None:
    """Its images are the samples, by file name, keys that say something slice, and the build needs no more."""
    found = [{"image_id": i, "category_id": 1, "bbox": [5, 5, 20, 20], "score": 0.9} for i in range(12)]
    write(tmp_path, {"truth.json": json.dumps(COCO), "v.json": json.dumps(found), "a0.png": b"", "a1.png": b""})
    inferred = infer_manifest(tmp_path / "truth.json", {"v": tmp_path / "v.json"}, tmp_path)
    manifest = load_text(inferred.manifest_yaml, Path("reportgen.yaml"), inferred.root).manifest

    assert (manifest.task, manifest.samples, manifest.columns.id) == ("detection", "truth.json", "file_name")
    assert [spec.column for spec in manifest.attribute_specs()] == ["site"]
    result = CliRunner().invoke(
        main, ["build", str(tmp_path / "truth.json"), f"v={tmp_path / 'v.json'}", "-o", str(tmp_path / "out")]
    )
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (report["task"], report["counts"]["n_samples"]) == ("detection", 12)


def test_images_without_a_name_are_told(tmp_path: Path) -> None:
    """Images with neither file name nor id are an error that says what to give them."""
    nameless = COCO | {"images": [{"width": 64, "height": 48}]}
    write(tmp_path, {"truth.json": json.dumps(nameless), "v.json": "[]"})

    problem = problem_of(lambda: infer_manifest(tmp_path / "truth.json", {"v": tmp_path / "v.json"}, tmp_path))
    assert (problem.code, problem.mend) == ("RG336", "give each image its file_name")
