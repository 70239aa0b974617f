"""``reportgen check`` and ``build --check``, as a CI meets them: streams, exit codes, and what is written when."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from reportgen.cli import main

ROOT = Path(__file__).resolve().parents[2]
N = 300


def run(*arguments: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Samples, a version that is right in 80 of 100, one in 90, one in 60, and a manifest with gates; the folder."""
    label = ["yes", "no"] * (N // 2)
    ids = [f"{i:03d}" for i in range(N)]
    pl.DataFrame({"id": ids, "label": label, "weather": ["rain", "dry", "fog"] * (N // 3)}).write_csv(
        tmp_path / "samples.csv"
    )
    for version, wrong in (("old", 20), ("new", 10), ("bad", 40)):
        said = [("no" if right == "yes" else "yes") if i % 100 < wrong else right for i, right in enumerate(label)]
        pl.DataFrame({"id": ids, "prediction": said}).write_csv(tmp_path / f"{version}.csv")
    (tmp_path / "reportgen.yaml").write_text(
        "title: Scenes\ntask: classification\nsamples: samples.csv\ncolumns: {id: id, target: label}\n"
        "prediction_columns: {label: prediction}\nattributes: [weather]\nversions: {old: old.csv, new: new.csv}\n"
        "gates:\n  - {metric: accuracy, max_drop: 0.02}\n  - {metric: accuracy, min: 0.75}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_lines_go_to_stdout_and_progress_to_stderr(scenes: Path) -> None:
    """A line a gate and the verdict; nothing is written."""
    before = set(scenes.iterdir())
    result = run("check", "reportgen.yaml")

    assert result.exit_code == 0, result.output
    first, second, blank, verdict = result.stdout.splitlines()
    assert (first.split()[0], second.split()[0], blank) == ("Passes", "Passes", "")
    assert verdict.startswith("Go: All 2 release gates pass.")
    assert "Reading tables" in result.stderr
    assert set(scenes.iterdir()) == before


@pytest.mark.usefixtures("scenes")
def test_a_candidate_on_the_command_line_is_judged() -> None:
    """A file for a version of the manifest replaces it, and its gates fail: exit 1."""
    result = run("check", "reportgen.yaml", "new=bad.csv", "-q")

    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("Fails")
    assert "Hold: 2 of 2 release gates fail." in result.stdout


def test_a_build_that_fails_its_gates_is_written_all_the_same(scenes: Path) -> None:
    """Exit 1 with the report, the path alone on stdout, the gates on stderr; the report alone then says the same."""
    built = run("build", "reportgen.yaml", "new=bad.csv", "-o", "out", "--check", "--junit", "gates.xml", "-q")
    read = run("check", "out")

    assert (built.exit_code, built.stdout) == (1, "out/index.html\n")
    assert built.stderr == read.stdout
    assert (read.exit_code, read.stderr) == (1, "")
    assert (scenes / "gates.xml").is_file()
    assert run("build", "reportgen.yaml", "-o", "out", "--check", "-q").exit_code == 0


def test_no_gates_are_an_error_before_anything_is_computed(scenes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CI that checks nothing is not green: exit 2, for a manifest, a build and a built report."""
    text = (scenes / "reportgen.yaml").read_text()
    (scenes / "reportgen.yaml").write_text(text.split("gates:")[0])
    assert run("build", "reportgen.yaml", "-o", "out", "-q").exit_code == 0
    monkeypatch.setattr("reportgen.pipeline.run", None)
    for arguments in (("check", "reportgen.yaml"), ("check", "out"), ("build", "reportgen.yaml", "-o", "b", "--check")):
        result = run(*arguments)
        assert (result.exit_code, "RG531" in result.stderr) == (2, True), arguments
    assert not (scenes / "b").exists()


def test_what_makes_no_sense_is_refused(scenes: Path) -> None:
    """Files of a check without one, predictions for a report that is only read, a place that would be lost."""
    before = set(scenes.iterdir())
    (scenes / "out").mkdir()
    for arguments, told in (
        (("build", "reportgen.yaml", "--junit", "x.xml"), "add --check"),
        (("check", "out", "new=bad.csv"), "only read"),
        (("check", "out", "--strict"), "only read"),
        (("check", "out"), "RG504"),
        (("check", "gone"), "RG101"),
        (("check", "reportgen.yaml", "--json", "samples.csv"), "RG519"),
        (("check", "reportgen.yaml", "--json", "a", "--junit", "a"), "RG535"),
        (("build", "reportgen.yaml", "-o", "r", "--check", "--json", "r/report.json"), "RG535"),
        (("check", "reportgen.yaml", "--report-url", "javascript:x"), "RG534"),
    ):
        result = run(*arguments)
        assert (result.exit_code, told in result.stderr) == (2, True), (arguments, result.output)
    (scenes / "out").rmdir()
    assert set(scenes.iterdir()) == before


def test_a_report_is_never_overwritten_by_its_check(scenes: Path) -> None:
    """The files of a check may not take the place of a file of the report."""
    run("build", "reportgen.yaml", "-o", "out", "-q")
    before = (scenes / "out" / "report.json").read_bytes()

    assert "RG519" in run("check", "out", "--json", "out/report.json").stderr
    assert (scenes / "out" / "report.json").read_bytes() == before


@pytest.mark.usefixtures("scenes")
def test_a_summary_beside_the_report_links_into_it() -> None:
    """Without an address the links are relative to the summary."""
    Path("ci").mkdir()
    run("build", "reportgen.yaml", "new=bad.csv", "-o", "out", "--check", "--summary-md", "ci/summary.md", "-q")
    run("check", "reportgen.yaml", "--json", "ci/check.json", "-q")

    assert "(../out/index.html)" in Path("ci/summary.md").read_text()
    assert json.loads(Path("ci/check.json").read_text())["passes"] is True


def test_a_stream_that_cannot_hold_the_signs_is_no_fault(scenes: Path) -> None:
    """ASCII on stdout: the lines are told with its letters."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    code = "from reportgen.cli import main; main(['check', 'reportgen.yaml', 'new=bad.csv', '-q'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=scenes, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "-20.0 points" in done.stdout
