"""Reports one after the other: each keeps a small file, and the next says what is new, standing and gone."""

from __future__ import annotations

import json
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
