"""Reports one after the other: each keeps a small file, and the next says what is new, standing and gone."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import api
from reportgen.api import Wish, Written

MANIFEST = """\
title: Scenes
task: classification
samples: samples.csv
columns: {target: label}
attributes: [time, weather]
history: past
versions: {v1: v1.csv, v2: v2.csv}
"""
N = 1200


def write_inputs(folder: Path, lost: str) -> None:
    """Scenes in which v2 is better but where ``lost`` is the time of day."""
    rng = np.random.default_rng(3)
    time, weather = rng.choice(["day", "night"], N), rng.choice(["rain", "sun"], N)
    label = rng.choice(["car", "van"], N)
    ids = [f"s{i:04d}" for i in range(N)]
    hard = rng.random(N)
    pl.DataFrame({"id": ids, "label": label, "time": time, "weather": weather}).write_csv(folder / "samples.csv")
    for name, share in (("v1", np.full(N, 0.75)), ("v2", np.where(time == lost, 0.5, 0.95))):
        said = np.where(hard < share, label, np.where(label == "car", "van", "car"))
        pl.DataFrame({"id": ids, "prediction": said}).write_csv(folder / f"{name}.csv")


def build(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, day: int, **wish: Any) -> Written:
    """A report of the folder's manifest, made on that day of November."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1793491200 + 86400 * day))
    return api.build_manifest(folder / "reportgen.yaml", {}, Wish(folder / name, **wish), lambda _stage: None)


def kept(folder: Path) -> list[str]:
    """The files of the history."""
    return sorted(path.name for path in (folder / "past").glob("*"))


def read(written: Written) -> dict[str, Any]:
    """The report, for programs."""
    assert written.folder is not None
    return json.loads((written.folder / "report.json").read_text(encoding="utf-8"))


def contents(written: Written) -> dict[str, bytes]:
    """Every file of a report."""
    assert written.folder is not None
    return {path.name: path.read_bytes() for path in sorted(written.folder.rglob("*")) if path.is_file()}


def test_the_next_report_says_what_is_new_and_what_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first has no past; the second has a trend; the same inputs again change no byte and keep nothing more."""
    (tmp_path / "reportgen.yaml").write_text(MANIFEST, encoding="utf-8")
    write_inputs(tmp_path, "night")
    first = build(tmp_path, "one", monkeypatch, 1)
    page = (tmp_path / "one" / "index.html").read_text(encoding="utf-8")

    assert "This is the first report that the history keeps" in page
    assert read(first)["history"]["reports"] == []
    assert read(first)["history"]["figures"]["value"] == []
    assert len(kept(tmp_path)) == 1

    write_inputs(tmp_path, "day")
    second = build(tmp_path, "two", monkeypatch, 2)
    page = (tmp_path / "two" / "index.html").read_text(encoding="utf-8")
    history, findings = read(second)["history"], read(second)["findings"]

    assert len(kept(tmp_path)) == 2
    assert [one["created"] for one in history["reports"]] == ["2026-11-02T00:00:00Z"]
    assert {one["since"] for one in findings if one["slice"] == "time=day"} == {"new"}
    gone = {one["slice"]: one for one in history["gone"]}
    assert gone["time=night"]["state"] == "gone"
    assert gone["time=night"]["evidence"].startswith("Better now (")
    assert "Since the last report" in page
    assert "Over past reports" in page
    assert gone["time=night"]["evidence"] in page

    again = build(tmp_path, "three", monkeypatch, 2)

    assert contents(again) == contents(second)
    assert len(kept(tmp_path)) == 2


def test_quick_looks_and_builds_that_keep_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--sample is no report to compare with; --no-history reads what is there and adds nothing."""
    (tmp_path / "reportgen.yaml").write_text(MANIFEST, encoding="utf-8")
    write_inputs(tmp_path, "night")

    assert build(tmp_path, "quick", monkeypatch, 1, sample=300).report.history is None
    history = build(tmp_path, "alone", monkeypatch, 1, no_history=True).report.history
    assert history is not None
    assert history.past == ()
    assert not (tmp_path / "past").exists()


def test_a_damaged_file_is_told_in_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left out and left alone."""
    (tmp_path / "reportgen.yaml").write_text(MANIFEST, encoding="utf-8")
    write_inputs(tmp_path, "night")
    (tmp_path / "past").mkdir()
    (tmp_path / "past" / "notes.json").write_text("{", encoding="utf-8")
    written = build(tmp_path, "one", monkeypatch, 1)

    assert [note.code for note in written.notes if note.file == "past"] == ["RG541"]
    assert "notes.json" in kept(tmp_path)
    assert len(kept(tmp_path)) == 2


LABELS = """\
title: Labels
task: classification
samples: samples.csv
columns: {target: label}
attributes: [time]
history: past
versions: {v1: v1.csv, v2: v2.csv}
"""


def write_labels(folder: Path, wrong: set[int], gone: Collection[int] = (), n: int = 400) -> None:
    """Cars and vans whose label is another than both versions say where it is ``wrong``; some samples are ``gone``."""
    rows = [i for i in range(n) if i not in gone]
    true = ["car" if i % 2 else "van" for i in rows]
    other = {"car": "van", "van": "car"}
    label = [other[one] if i in wrong else one for i, one in zip(rows, true, strict=True)]
    ids = [f"s{i:04d}" for i in rows]
    time = ["night" if i % 4 == 0 else "day" for i in rows]
    pl.DataFrame({"id": ids, "label": label, "time": time}).write_csv(folder / "samples.csv")
    for v in range(2):
        said = [other[one] if i % 10 == 5 + v else one for i, one in zip(rows, true, strict=True)]
        pl.DataFrame({"id": ids, "prediction": said}).write_csv(folder / f"v{v + 1}.csv")


def data_page(folder: Path, name: str) -> str:
    """The Data page's text."""
    return (folder / name / "data.html").read_text(encoding="utf-8")


def test_what_lists_led_to_shows_in_the_next_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20 labels that look wrong 8 are corrected and 5 samples left out, then 4 more; samples are added."""
    (tmp_path / "reportgen.yaml").write_text(LABELS, encoding="utf-8")
    wrong = set(range(10, 210, 10))
    write_labels(tmp_path, wrong)
    first = build(tmp_path, "one", monkeypatch, 1)
    listed = pl.read_csv(tmp_path / "one" / "lists" / "suspect-labels.csv")

    assert set(listed["id"]) == {f"s{i:04d}" for i in wrong}
    assert "What earlier lists led to" not in data_page(tmp_path, "one")
    assert read(first)["history"]["acted"] == []

    fixed, gone = set(range(10, 90, 10)), {90, 100, 110, 120, 130}
    write_labels(tmp_path, wrong - fixed, gone, n=450)
    second = read(build(tmp_path, "two", monkeypatch, 2))
    page = data_page(tmp_path, "two")

    assert second["history"]["reports"][0]["n_samples"] == 400
    (list_,) = [one for one in second["history"]["lists"] if one["part"] == "labels"]
    assert (list_["key"], list_["action"], list_["n"]) == ("suspect-labels", "relabel", 20)
    (acted,) = [one for one in second["history"]["acted"] if one["key"] == "suspect-labels"]
    names = ("n", "n_kept", "n_relabelled", "n_excluded", "n_same", "n_still")
    assert [acted[name] for name in names] == [20, 20, 8, 5, 7, 7]
    assert "What earlier lists led to" in page
    assert "8 were relabelled and 5 excluded" in page
    assert "Suspect label, samples in each of 2 reports." in page

    write_labels(tmp_path, wrong - fixed - {140, 150, 160, 170}, gone, n=450)
    third = read(build(tmp_path, "three", monkeypatch, 3))
    acted = {
        one["created"]: (one["n"], one["n_relabelled"], one["n_excluded"], one["n_same"])
        for one in third["history"]["acted"]
        if one["key"] == "suspect-labels"
    }

    assert acted == {"2026-11-03T00:00:00Z": (7, 4, 0, 3), "2026-11-02T00:00:00Z": (20, 12, 5, 3)}
    assert list(acted) == sorted(acted, reverse=True)


def test_a_list_that_was_filled_in_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that the report gave, with its column filled, is what ``reviewed`` takes."""
    (tmp_path / "reportgen.yaml").write_text(LABELS, encoding="utf-8")
    write_labels(tmp_path, set(range(10, 210, 10)))
    build(tmp_path, "one", monkeypatch, 1)
    with (tmp_path / "one" / "lists" / "suspect-labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for i, row in enumerate(rows):
        row["reviewed"] = row["suggestion"] if i < 9 else row["label"] if i < 12 else ""
    with (tmp_path / "done.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "reportgen.yaml").write_text(LABELS + "reviewed: done.csv\n", encoding="utf-8")
    reviewed = read(build(tmp_path, "two", monkeypatch, 2))["inspection"]["labels"]["reviewed"]

    assert (reviewed["n_candidates"], reviewed["n_wrong"], reviewed["n_suggested"]) == (12, 9, 9)
