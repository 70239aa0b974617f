"""A reviewed list and trained splits, from the manifest to the page and report.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.api import Wish, build_manifest
from reportgen.errors import InputError

N = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Samples of two classes; of the first six the label is the other one than both versions are sure of."""
    wrong = range(6)
    label = ["car" if (i % 2 == 0) != (i in wrong) else "van" for i in range(N)]
    seen = ["car" if i % 2 == 0 else "van" for i in range(N)]
    rows = [f"s{i:03},{label[i]},{'train' if i in (4, 5) else 'test'}" for i in range(N)]
    (tmp_path / "samples.csv").write_text("id,label,split\n" + "\n".join(rows) + "\n", encoding="utf-8")
    for name, sure in (("v1", 0.9), ("v2", 0.95)):
        said = [f"s{i:03},{sure if seen[i] == 'car' else round(1 - sure, 2)}" for i in range(N)]
        said = [f"{one},{round(1 - float(one.split(',')[1]), 2)}" for one in said]
        (tmp_path / f"{name}.csv").write_text("id,prob_car,prob_van\n" + "\n".join(said) + "\n", encoding="utf-8")
    return tmp_path


def built(folder: Path, more: str = "") -> tuple[dict, str]:  # type: ignore[type-arg]
    """report.json's inspection, and the Data page, of a manifest with these further lines."""
    manifest = (
        "task: classification\nsamples: samples.csv\ncolumns: {target: label, split: split}\n"
        "versions: {v1: v1.csv, v2: v2.csv}\n"
    )
    (folder / "reportgen.yaml").write_text(manifest + more, encoding="utf-8")
    build_manifest(folder / "reportgen.yaml", {}, Wish(folder=folder / "site", force=True), lambda _stage: None)
    report = json.loads((folder / "site" / "report.json").read_text(encoding="utf-8"))
    return report, (folder / "site" / "data.html").read_text(encoding="utf-8")


def test_what_was_reviewed_says_how_many_candidates_were_wrong(folder: Path) -> None:
    """Precision with its interval on the page and in report.json; the list is among the inputs; open rows are told."""
    (folder / "done.csv").write_text(
        "id,label,suggestion,reviewed\ns000,van,car,car\ns001,car,van,van\ns002,van,car,van\ns003,car,van,\n",
        encoding="utf-8",
    )
    report, page = built(folder, "reviewed: done.csv\n")
    found = report["inspection"]["labels"]

    assert sorted(found["candidates"]["id"]) == [f"s{i:03}" for i in range(6)]
    assert (found["reviewed"]["n_candidates"], found["reviewed"]["n_wrong"]) == (3, 2)
    assert found["reviewed"]["precision"] == pytest.approx(2 / 3)
    assert found["reviewed"]["low"] == pytest.approx(0.207660, abs=1e-6)
    assert "Of the 3 reviewed, which are the top of the list, 2 were wrong indeed (66.7%, 95% 20.8% to 93.9%)" in page
    assert ("done.csv", "reviewed labels") in {(one["path"], one["role"]) for one in report["inputs"]}
    assert [note["n"] for note in report["notes"] if note["code"] == "RG347"] == [1]


def test_samples_that_versions_were_trained_on_are_no_candidates(folder: Path) -> None:
    """They are left out of the look at labels, and the page says so."""
    report, page = built(folder, "trained_splits: [train]\n")
    found = report["inspection"]["labels"]

    assert sorted(found["candidates"]["id"]) == [f"s{i:03}" for i in range(4)]
    assert (found["n_checked"], found["n_in_sample"]) == (N - 2, 2)
    assert "Left out: 2 samples that versions were trained on" in page


def test_a_split_that_isnt_there_is_an_error(folder: Path) -> None:
    """It names the values that are."""
    with pytest.raises(InputError, match='"training" is no value of the split column "split"; expected one of test, t'):
        built(folder, "trained_splits: [training]\n")
