"""Sets of labels, from the files to the counts of each sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from reportgen import columns, pipeline
from reportgen.errors import InputError
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_manifest
from reportgen.model import ALL
from reportgen.tasks.parts import by_sample

SAMPLES = "id,labels,weather\na,car|person,sun\nb,,rain\nc,person,sun\n"
FORMS = {
    "lists in text": ("v1.csv", "id,labels\na,car\nb,bus\nc,person\n", ""),
    "JSON": ("v1.csv", 'id,labels\na,"[""car""]"\nb,"[\'bus\']"\nc,"[""person""]"\n', ""),
    "0 and 1": (
        "v1.csv",
        "id,pred_car,pred_person,pred_bus\na,1,0,0\nb,0,0,1\nc,0,1,0\n",
        'prediction_columns: {label: "pred_{class}"}\n',
    ),
    "scores": (
        "v1.csv",
        "id,prob_car,prob_person,prob_bus\na,0.9,0.4,0.1\nb,0.2,0.1,0.6\nc,0.3,0.7,0.5\n",
        "threshold: 0.55\n",
    ),
    "scores with thresholds": (
        "v1.csv",
        "id,prob_car,prob_person,prob_bus\na,0.4,0.4,0.1\nb,0.2,0.1,0.6\nc,0.2,0.7,0.5\n",
        "thresholds: {car: 0.3, bus: 0.6}\n",
    ),
}


def join(folder: Path, predictions: str, more: str = "", *, samples: str = SAMPLES, name: str = "v1.csv") -> Joined:
    (folder / "samples.csv").write_text(samples)
    (folder / name).write_text(predictions)
    target = "" if "columns:" in more.replace("prediction_columns:", "") else "columns: {target: labels}\n"
    (folder / "reportgen.yaml").write_text(
        f"task: multilabel\nsamples: samples.csv\n{target}versions: {{v1: {name}}}\n{more}"
    )
    loaded = load_manifest(folder / "reportgen.yaml")
    return pipeline.join(loaded, pipeline.scan(loaded))


def counted(joined: Joined) -> list[list[int]]:
    """Right, false and missed labels by sample."""
    assert joined.parts is not None
    return [one.tolist() for one in by_sample(joined.parts.counts[0])]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(tmp_path: Path, form: str) -> None:
    name, text, more = FORMS[form]
    joined = join(tmp_path, text, more, name=name)

    assert counted(joined) == [[1, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert joined.frame[columns.prediction(0)].to_list() == pytest.approx([1 / 3, 1.0, 0.0])
    assert joined.parts is not None
    assert joined.parts.classes == ("car", "person", "bus")


def test_lists_and_columns_of_the_truth_say_the_same(tmp_path: Path) -> None:
    """Parquet's lists, and a column a class, which then does not slice."""
    predictions = "id,labels\na,car\nb,bus\nc,person\n"
    flags = "id,is_car,is_person,weather\na,1,1,sun\nb,0,0,rain\nc,0,1,sun\n"
    joined = join(tmp_path, predictions, 'columns: {target: "is_{class}"}\n', samples=flags)
    assert counted(joined) == [[1, 0, 1], [0, 1, 0], [1, 0, 0]]
    pl.DataFrame({"id": ["a", "b", "c"], "labels": [["car", "person"], [], ["person"]]}).write_parquet(
        tmp_path / "samples.parquet"
    )
    manifest = (tmp_path / "reportgen.yaml").read_text().replace("samples.csv", "samples.parquet")
    (tmp_path / "reportgen.yaml").write_text(manifest.replace('"is_{class}"', "labels"))
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    assert counted(pipeline.join(loaded, pipeline.scan(loaded))) == [[1, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_a_sample_without_an_answer_is_missing_and_one_without_a_truth_is_left_out(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a", "b", "c", "d"], "labels": [["x"], None, ["y"], ["x", "y"]]}).write_parquet(
        tmp_path / "samples.parquet"
    )
    (tmp_path / "v1.jsonl").write_text('{"id": "a", "labels": ["x"]}\n{"id": "d", "labels": null}\n')
    (tmp_path / "reportgen.yaml").write_text(
        "task: multilabel\nsamples: samples.parquet\ncolumns: {target: labels}\nversions: {v1: v1.jsonl}\n"
    )
    loaded = load_manifest(tmp_path / "reportgen.yaml")
    joined = pipeline.join(loaded, pipeline.scan(loaded))

    assert joined.frame[columns.ID].to_list() == ["a", "c", "d"]
    assert joined.frame[columns.scored(0)].to_list() == [True, False, False]
    version = joined.versions[0]
    assert (version.n_scored, version.n_missing, version.n_invalid, joined.n_excluded) == (1, 1, 1, 1)
    assert {note.code for note in joined.notes} >= {"RG325", "RG307", "RG317"}
    assert counted(joined) == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("predictions", "more", "code"),
    [
        ("id,pred_car,pred_person\na,1,0\nb,0.5,0\nc,0,1\n", 'prediction_columns: {label: "pred_{class}"}\n', "RG342"),
        ("id,prob_car,prob_person\na,1,0\nb,1.5,0\nc,0,1\n", "", "RG312"),
        ("id,prob_car,prob_person\na,1,0\nb,1,0\nc,0,1\n", "thresholds: {tram: 0.3}\n", "RG343"),
        ("id,labels\na,Car\nb,Person\nc,Car\n", "", "RG318"),
        ("id,labels\na,car\na,person\nc,car\n", "", "RG305"),
        ("id,labels\nx,car\ny,person\n", "", "RG309"),
        ("id,labels\na,[3\nb,car\n", "", "RG341"),
        ("id,score\na,1\n", "", "RG302"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, predictions: str, more: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        join(tmp_path, predictions, more)

    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_report_of_labels_has_averaged_and_per_class_figures(tmp_path: Path) -> None:
    """From the files to the estimates: against scikit-learn."""
    from sklearn import metrics as sk  # noqa: PLC0415

    rng = np.random.default_rng(4)
    names = ["bus", "car", "person"]
    truth = rng.random((400, 3)) < [0.1, 0.4, 0.6]
    score = np.clip(np.where(truth, 0.65, 0.35) + rng.normal(0, 0.25, truth.shape), 0, 1).round(4)
    ids = [f"s{i:03d}" for i in range(400)]
    sets = ["|".join(name for name, has in zip(names, row, strict=True) if has) for row in truth]
    pl.DataFrame({"id": ids, "labels": sets, "weather": ["sun", "rain"] * 200}).write_csv(tmp_path / "samples.csv")
    pl.DataFrame({"id": ids, **{f"prob_{n}": score[:, k] for k, n in enumerate(names)}}).write_csv(tmp_path / "v1.csv")
    (tmp_path / "reportgen.yaml").write_text(
        "task: multilabel\nsamples: samples.csv\ncolumns: {target: labels}\nversions: {v1: v1.csv}\n"
    )
    report = pipeline.run(load_manifest(tmp_path / "reportgen.yaml"), keep_history=False)
    overall = report.estimates.filter(pl.col("slice") == ALL)
    value = {(row["metric"], row["class"]): row["value"] for row in overall.iter_rows(named=True)}
    said = score >= 0.5

    assert value["f1", None] == pytest.approx(sk.f1_score(truth, said, average="micro"))
    assert value["exact_match", None] == pytest.approx(sk.accuracy_score(truth, said))
    assert value["hamming_loss", None] == pytest.approx(sk.hamming_loss(truth, said))
    for k, name in enumerate(names):
        assert value["recall", name] == pytest.approx(sk.recall_score(truth[:, k], said[:, k]))
        assert value["auroc", name] == pytest.approx(sk.roc_auc_score(truth[:, k], score[:, k]))
        expected = sk.average_precision_score(truth[:, k], score[:, k])
        assert value["average_precision", name] == pytest.approx(expected)
    assert report.estimates.filter((pl.col("metric") == "f1") & pl.col("low").is_null()).is_empty()


def test_a_truth_without_a_label_has_the_classes_that_versions_give(tmp_path: Path) -> None:
    joined = join(tmp_path, "id,labels\na,car\nb,bus|car\nc,\n", samples="id,labels\na,\nb,\nc,\n")

    assert joined.parts is not None
    assert joined.parts.classes == ("bus", "car")
    assert counted(joined) == [[0, 0, 0], [1, 2, 0], [0, 0, 0]]
    (note,) = [one for one in joined.notes if one.code == "RG359"]
    assert note.message == "no label is true in any of 3 samples: whatever a version finds counts as false"
