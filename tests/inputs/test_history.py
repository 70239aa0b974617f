"""The history's folder: what is kept is read back, and what is no past report is left out with a note."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.inputs.history import MOST_BYTES, file_of, prepare_history, read_history, to_keep
from reportgen.inputs.load import load_manifest
from reportgen.model import PastFigure, PastFinding, PastReport
from reportgen.render.serialise import to_json
from tests.inputs.folders import MANIFEST, USUAL, problem_of, write

PAST = PastReport(
    created=datetime(2026, 11, 12, 9, tzinfo=UTC),
    inputs="a" * 64,
    title="Night scenes <b>",
    task="classification",
    baseline="v1",
    candidate="v2",
    figures=(
        PastFigure("metric", "accuracy", "Accuracy", "accuracy", "rate", 0.9, 0.88, 0.92, 812),
        PastFigure("gate", "no loss", "no loss", "newly_broken", "count", 3.0, None, None, 812, "passes"),
    ),
    findings=(PastFinding("regression", "time=night", "accuracy", "", "critical", "v2 gets worse at night"),),
)


def keep(folder: Path, *past: PastReport) -> None:
    """Each report in its file."""
    folder.mkdir(exist_ok=True)
    for one in past:
        (folder / file_of(one)).write_text(to_json(to_keep(one)), encoding="utf-8")


def test_what_is_kept_is_read_back_in_the_order_of_time(tmp_path: Path) -> None:
    """Every field survives, and the oldest comes first; of the same inputs the first one counts."""
    later = replace(PAST, created=datetime(2026, 11, 20, tzinfo=UTC), inputs="b" * 64)
    again = replace(PAST, created=datetime(2026, 11, 22, tzinfo=UTC), candidate="v9")
    keep(tmp_path, later, PAST, again)

    assert file_of(PAST) == "20261112T090000Z-aaaaaaaaaaaa.json"
    assert read_history(tmp_path, "history") == ((PAST, later), ())


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    """The first build makes it."""
    assert read_history(tmp_path / "none", "none") == ((), ())

    prepare_history(tmp_path / "a" / "b", "a/b")

    assert (tmp_path / "a" / "b").is_dir()


WHOLE = to_json(to_keep(PAST))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"kind": "another tool", "form": 1}',
        WHOLE[:-40],
        WHOLE.replace('"form":1', '"form":"1"'),
        WHOLE.replace('"value":0.9', '"value":NaN'),
        WHOLE.replace('"value":0.9', '"value":1e999'),
        WHOLE.replace('"n":812', '"n":"many"'),
        WHOLE.replace("2026-11-12T09:00:00Z", "yesterday"),
        WHOLE.replace("2026-11-12T09:00:00Z", "2026-11-12T09:00:00"),
        WHOLE.replace('"findings"', '"finding"'),
        "[" * 100_000,
        " " * MOST_BYTES + WHOLE,
        "\xff".encode("latin-1").decode("latin-1") + WHOLE,
    ],
)
def test_a_damaged_or_foreign_file_is_left_out_with_a_note(tmp_path: Path, content: str) -> None:
    """The others are read all the same."""
    keep(tmp_path, PAST)
    (tmp_path / "20260101T000000Z-0.json").write_text(content, encoding="latin-1")
    found, (note,) = read_history(tmp_path, "history")

    assert found == (PAST,)
    assert (note.code, note.severity, note.n) == ("RG541", "degraded", 1)
    assert note.examples == ("20260101T000000Z-0.json",)


def test_a_file_of_a_newer_form_is_left_out_with_a_note(tmp_path: Path) -> None:
    """It isn't damaged: a newer reportgen wrote it."""
    (tmp_path / "1.json").write_text(WHOLE.replace('"form":1', '"form":2'), encoding="utf-8")
    found, (note,) = read_history(tmp_path, "history")

    assert found == ()
    assert note.code == "RG542"


def test_only_the_newest_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a history gets, reading it stays quick; it says so."""
    monkeypatch.setattr("reportgen.inputs.history.MOST_REPORTS", 2)
    every = [replace(PAST, created=datetime(2026, 1, day, tzinfo=UTC), inputs=f"{day:064x}") for day in (1, 2, 3)]
    keep(tmp_path, *every)
    found, (note,) = read_history(tmp_path, "history")

    assert found == tuple(every[1:])
    assert (note.code, note.severity, note.n) == ("RG543", "info", 1)


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    """Of the manifest where it is there already, of the build where it cannot be made."""
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": MANIFEST + "history: samples.csv\n"})

    problem = problem_of(lambda: load_manifest(folder / "reportgen.yaml"))
    assert (problem.code, problem.key) == ("RG118", "history")
    with pytest.raises(InputError, match="RG544"):
        prepare_history(folder / "samples.csv" / "inner", "samples.csv/inner")


@pytest.mark.parametrize(
    ("text", "code"), [("../there", "RG116"), ("/there", "RG116"), (".", "RG118"), ("''", "RG116")]
)
def test_the_folder_lies_beneath_the_manifest(tmp_path: Path, text: str, code: str) -> None:
    """Neither outside nor the manifest's own."""
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": MANIFEST + f"history: {text}\n"})

    assert problem_of(lambda: load_manifest(folder / "reportgen.yaml")).code == code


def test_a_folder_that_is_yet_to_make_is_no_error(tmp_path: Path) -> None:
    """The manifest may name it before the first build."""
    folder = write(tmp_path, {**USUAL, "reportgen.yaml": MANIFEST + "history: past/reports\n"})

    assert load_manifest(folder / "reportgen.yaml").history_folder == (folder / "past" / "reports").resolve()
    assert json.loads(WHOLE)["form"] == 1
