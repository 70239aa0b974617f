"""The command, as a user meets it: what it prints where, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from reportgen.cli import main

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with samples, three versions' predictions and a manifest of the first two; the working folder."""
    n = 120
    weather = ["rain", "clear", "fog"] * (n // 3)
    label = ["yes", "no"] * (n // 2)
    pl.DataFrame({"id": [f"{i:03d}" for i in range(n)], "label": label, "weather": weather}).write_csv(
        tmp_path / "samples.csv"
    )
    for version, step in (("old", 5), ("new", 7), ("third", 3)):
        said = [("no" if right == "yes" else "yes") if i % step == 0 else right for i, right in enumerate(label)]
        pl.DataFrame({"id": [f"{i:03d}" for i in range(n)], "prediction": said}).write_csv(tmp_path / f"{version}.csv")
    (tmp_path / "reportgen.yaml").write_text(
        "title: Scenes\ntask: classification\nsamples: samples.csv\ncolumns: {id: id, target: label}\n"
        "prediction_columns: {label: prediction}\nattributes: [weather]\nversions: {old: old.csv, new: new.csv}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(folder: Path) -> dict[str, object]:
    """The built report.json."""
    report: dict[str, object] = json.loads((folder / "report.json").read_text())
    return report


def test_help_needs_no_data_frame_or_chart_library() -> None:
    """``--help`` names every command and imports nothing heavy."""
    code = (
        "import sys\nfrom reportgen.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'altair', 'pyarrow', 'pydantic', 'PIL', 'rich', 'jinja2', 'vl_convert'}\n"
        "sys.exit(sorted(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 0, done.stderr
    for command in main.commands:
        assert re.search(rf"^  {command}\b", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_and_stands_in_the_readme(command: str) -> None:
    """A command explains itself, and the README shows it."""
    result = run(command, "--help")

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    assert f"reportgen {command}" in (ROOT / "README.md").read_text()


def test_stdout_is_the_path_and_stderr_the_five_lines(scenes: Path) -> None:
    """Progress in plain lines, five lines to read, and on stdout nothing but the page."""
    result = run("build", "reportgen.yaml", "-o", "out")

    assert result.exit_code == 0, result.output
    assert result.stdout == "out/index.html\n"
    lines = result.stderr.splitlines()
    assert [line.split()[0] for line in lines[-5:]] == ["Verdict", "Overall", "Worst", "Flips", "Notes"]
    assert (scenes / "out" / "index.html").is_file()


@pytest.mark.usefixtures("scenes")
def test_quiet_says_nothing_on_stderr() -> None:
    """-q leaves the path alone."""
    result = run("build", "reportgen.yaml", "-o", "out", "-q")

    assert (result.stderr, result.stdout) == ("", "out/index.html\n")


def test_files_alone_infer_a_manifest_say_so_and_save_it(scenes: Path) -> None:
    """Without a manifest one is inferred, told line by line, saved beside the report, and builds the same report."""
    (scenes / "reportgen.yaml").unlink()
    result = run("build", "samples.csv", "old.csv", "new.csv", "-o", "out")

    assert result.exit_code == 0, result.output
    assert "saved as" in result.stderr
    assert 'target: column "label" (2 values)' in result.stderr
    first = read(scenes / "out")
    assert run("build", "reportgen.yaml", "-o", "again", "-q").exit_code == 0
    second = read(scenes / "again")
    assert first["estimates"] == second["estimates"]


def test_an_own_manifest_is_never_overwritten_by_an_inferred_one(scenes: Path) -> None:
    """What stands at reportgen.yaml stays; the inferred one takes the next free name."""
    before = (scenes / "reportgen.yaml").read_text()
    result = run("build", "samples.csv", "old.csv", "new.csv", "-o", "out")

    assert (scenes / "reportgen.yaml").read_text() == before
    assert "reportgen-2.yaml" in result.stderr
    assert (scenes / "reportgen-2.yaml").is_file()


def test_predictions_on_the_command_line_replace_and_add(scenes: Path) -> None:
    """NAME=PATH replaces a version of that name, a bare path adds one named by its stem."""
    result = run("build", "reportgen.yaml", "new=third.csv", "third.csv", "-o", "out", "-q")

    assert result.exit_code == 0, result.output
    report = read(scenes / "out")
    assert [version["name"] for version in report["versions"]] == ["old", "new", "third"]
    files = {one["role"]: one["path"] for one in report["inputs"]}
    assert files["predictions of new"] == "third.csv"


def test_twenty_versions(scenes: Path) -> None:
    """Twenty prediction files make one report, the first against each other one."""
    for i in range(20):
        (scenes / f"v{i:02d}.csv").write_text((scenes / "old.csv" if i % 2 else scenes / "new.csv").read_text())
    result = run("build", "samples.csv", *(f"v{i:02d}.csv" for i in range(20)), "-o", "out", "-q")

    assert result.exit_code == 0, result.output
    report = read(scenes / "out")
    assert (len(report["versions"]), report["baseline"], report["candidate"]) == (20, "v00", "v19")


def test_a_quick_look_is_declared_on_every_page(scenes: Path) -> None:
    """--sample N stands on every page and in report.json, and the counts still add up."""
    run("build", "reportgen.yaml", "-o", "out", "--sample", "60", "-q")
    counts = read(scenes / "out")["counts"]

    assert counts["n_scored"] == 60
    assert counts["n_samples"] == sum(
        counts[k] for k in ("n_scored", "n_missing_prediction", "n_invalid", "n_excluded")
    )
    for page in (scenes / "out").glob("*.html"):
        assert re.search(r"quick look.{0,80}\b60\b", page.read_text(), re.IGNORECASE | re.DOTALL), page.name


def test_all_errors_come_at_once_with_place_and_mend(scenes: Path) -> None:
    """Two mistakes are told in one run, with line and mend; exit 2, and nothing is written."""
    text = (scenes / "reportgen.yaml").read_text().replace("title:", "titel:").replace("new.csv", "gone.csv")
    (scenes / "bad.yaml").write_text(text)
    result = run("build", "bad.yaml", "-o", "out")

    assert result.exit_code == 2
    assert "bad.yaml:1:1: titel: unknown key" in result.stderr
    assert 'did you mean "title"?' in result.stderr
    assert "Nothing was written" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (scenes / "out").exists()


def test_an_old_report_stays_when_a_build_fails(scenes: Path) -> None:
    """A failed build leaves the old report as it was."""
    run("build", "reportgen.yaml", "-o", "out", "-q")
    before = {path: path.read_bytes() for path in (scenes / "out").rglob("*") if path.is_file()}
    (scenes / "new.csv").write_text("id,prediction\n000,yes\n000,no\n")
    result = run("build", "reportgen.yaml", "-o", "out")

    assert result.exit_code == 2
    assert before == {path: path.read_bytes() for path in (scenes / "out").rglob("*") if path.is_file()}


@pytest.mark.parametrize(("parts", "slices"), [(("day", "night"), True), (("day",), False)])
def test_the_split_slices_where_there_are_several(scenes: Path, parts: tuple[str, ...], slices: bool) -> None:
    """Beside the declared attributes; About says how many samples each has, and one split alone is no fault."""
    samples = pl.read_csv(scenes / "samples.csv", schema_overrides={"id": pl.String})
    split = pl.Series("part", [parts[i % 3 % len(parts)] for i in range(samples.height)])
    samples.with_columns(split).write_csv(scenes / "samples.csv")
    text = (scenes / "reportgen.yaml").read_text().replace("target: label}", "target: label, split: part}")
    (scenes / "reportgen.yaml").write_text(text)
    result = run("build", "reportgen.yaml", "-o", "out", "-q", "--strict")

    assert result.exit_code == 0, result.stderr
    assert ("part=day" in json.dumps(read(scenes / "out")["slices"])) is slices
    about = (scenes / "out" / "about.html").read_text()
    for name in parts:
        assert f"<dt><bdi>{name}</bdi></dt><dd>{(split == name).sum()} samples</dd>" in about


def test_a_failed_build_saves_no_manifest(scenes: Path) -> None:
    """Nothing is written, as it says, however often it fails."""
    (scenes / "twice.csv").write_text("id,prediction\n000,yes\n000,no\n")
    before = set(scenes.iterdir())
    for _ in range(2):
        result = run("build", "samples.csv", "twice.csv", "-o", "out")
        assert (result.exit_code, "Nothing was written" in result.stderr) == (2, True)
    assert set(scenes.iterdir()) == before


def test_a_saved_manifest_that_cannot_be_built_there_says_where_it_can(scenes: Path) -> None:
    """Files beside the report's own folder: the manifest tells where to move it, and builds from there."""
    (scenes / "away").mkdir()
    result = run("build", "samples.csv", "old.csv", "-o", "away/out", "-q")
    saved = scenes / "away" / "reportgen.yaml"

    assert result.exit_code == 0, result.stderr
    assert f"move it to {scenes.resolve()}" in result.stderr
    assert run("build", saved.rename(scenes / "moved.yaml"), "-o", "again", "-q").exit_code == 0
    told = run("init", "samples.csv", "old.csv", "-o", "away/fresh.yaml")
    assert f"move it to {scenes.resolve()}" in told.stderr


def test_both_places_are_seen_to_before_either_is_written(scenes: Path) -> None:
    """A folder for the single file, or one output in the other, is refused with nothing written."""
    (scenes / "taken").mkdir()
    for folder, single, code in (("out", "taken", "RG512"), ("out", "out/x.html", "RG521"), ("out", "out", "RG521")):
        result = run("build", "reportgen.yaml", "-o", folder, "--single-file", single)
        assert (result.exit_code, code in result.stderr) == (2, True), result.stderr
        assert not (scenes / "out").exists()


def test_a_table_in_json_is_no_manifest(scenes: Path) -> None:
    """A list, or an object a line, is read as samples; one object is a manifest."""
    for name in ("samples", "old"):
        frame = pl.read_csv(scenes / f"{name}.csv", schema_overrides={"id": pl.String})
        frame.write_json(scenes / f"{name}.json")
        frame.write_ndjson(scenes / f"{name}-lines.json")
    for ending in (".json", "-lines.json"):
        result = run("build", f"samples{ending}", f"old{ending}", "-o", "out", "-q")
        assert result.exit_code == 0, result.stderr
    (scenes / "m.json").write_text(
        '{"task": "classification", "columns": {"target": "label"},\n'
        '"samples": "samples.csv", "versions": {"a": "old.csv"}}'
    )
    assert run("build", "m.json", "-o", "out", "-q").exit_code == 0


@pytest.mark.parametrize(("number", "ending"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_build_leaves_nothing(scenes: Path, number: int, ending: int) -> None:
    """A signal while the report is written: one line, the signal's exit code, and no temporary file or lock."""
    before = set(scenes.iterdir())
    code = (
        "import os, sys\nfrom reportgen.render import writer\nfrom reportgen.cli import main\nwrite = writer._write\n"
        f"writer._write = lambda *given: (write(*given), os.kill(os.getpid(), {int(number)}))\n"
        "main(['build', 'reportgen.yaml', '-o', 'out', '-q'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=scenes, env=environment
    )

    assert (done.returncode, done.stderr) == (ending, "Stopped; nothing was written.\n")
    assert set(scenes.iterdir()) == before


def test_no_input_is_replaced(scenes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --force neither: an output in place of an input is refused before anything is computed or saved."""
    monkeypatch.setattr("reportgen.pipeline.run", None)
    before = {path: path.read_bytes() for path in scenes.iterdir()}
    builds: list[tuple[object, ...]] = [
        ("build", "reportgen.yaml", "-o", scenes, "--force"),
        ("build", "reportgen.yaml", "--single-file", "old.csv", "--force"),
        ("build", "reportgen.yaml", "third=third.csv", "--single-file", "third.csv", "--force"),
        ("build", "samples.csv", "old.csv", "--single-file", "old.csv", "--force"),
        ("init", "samples.csv", "old.csv", "-o", "samples.csv", "--force"),
    ]
    for arguments in builds:
        result = run(*arguments)
        assert (result.exit_code, "RG519" in result.stderr) == (2, True), arguments
    assert {path: path.read_bytes() for path in scenes.iterdir()} == before


def test_no_report_among_the_media(scenes: Path) -> None:
    """A named media root holds no report; the manifest's own folder, as the root, does."""
    text = (scenes / "reportgen.yaml").read_text()
    (scenes / "images").mkdir()
    for root, ending in (("images", 2), (".", 0)):
        (scenes / "reportgen.yaml").write_text(text + f"media: {{root: {root}, kind: none}}\n")
        result = run("build", "reportgen.yaml", "-o", "images/report", "-q")
        assert (result.exit_code, "RG520" in result.stderr) == (ending, ending == 2), result.stderr


def test_strict_refuses_what_is_degraded(scenes: Path) -> None:
    """A missing prediction is noted, and an error with --strict."""
    lines = (scenes / "new.csv").read_text().splitlines()
    (scenes / "new.csv").write_text("\n".join(lines[:-3]) + "\n")

    assert run("build", "reportgen.yaml", "-o", "out", "-q").exit_code == 0
    assert read(scenes / "out")["counts"]["n_missing_prediction"] == 3
    result = run("build", "reportgen.yaml", "-o", "strict", "--strict")
    assert result.exit_code == 2
    assert not (scenes / "strict").exists()


def test_single_file_alone_writes_one_file(scenes: Path) -> None:
    """--single-file without -o leaves exactly that file."""
    before = set(scenes.iterdir())
    result = run("build", "reportgen.yaml", "--single-file", "report.html", "-q")

    assert result.stdout == "report.html\n"
    assert set(scenes.iterdir()) - before == {scenes / "report.html"}


@pytest.mark.usefixtures("scenes")
def test_init_writes_a_manifest_and_keeps_one_that_stands() -> None:
    """Init saves what it inferred, and refuses to replace a manifest without --force."""
    assert run("init", "samples.csv", "old.csv", "-o", "fresh.yaml").stdout == "fresh.yaml\n"
    refused = run("init", "samples.csv", "old.csv")
    assert refused.exit_code == 2
    assert "RG503" in refused.stderr
    assert run("init", "samples.csv", "old.csv", "--force").exit_code == 0


@pytest.mark.usefixtures("scenes")
def test_open_without_a_display_says_how_to_reach_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines to copy it or tunnel to it."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    run("build", "reportgen.yaml", "-o", "out", "-q")
    result = run("open", "out")

    assert result.exit_code == 0
    assert "scp -r" in result.stderr
    assert "ssh -L" in result.stderr


def test_open_of_nothing_is_an_error(tmp_path: Path) -> None:
    """A folder without a report is told so."""
    result = run("open", tmp_path)

    assert result.exit_code == 2
    assert "RG504" in result.stderr


@pytest.mark.usefixtures("scenes")
def test_our_own_fault_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception is shown with its traceback and called our fault."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken inside")

    monkeypatch.setattr("reportgen.api.build_manifest", fail)
    result = run("build", "reportgen.yaml")

    assert result.exit_code == 3
    assert "This is a fault of reportgen" in result.stderr


def test_terminal_escapes_in_names_are_shown_not_sent(scenes: Path) -> None:
    """An id with an escape code is printed as text."""
    (scenes / "new.csv").write_text('id,prediction\n"\x1b[2J",yes\n"\x1b[2J",no\n')
    result = run("build", "reportgen.yaml", "-o", "out")

    assert result.exit_code == 2
    assert "\x1b" not in result.stderr


def test_prediction_files_of_one_stem_are_all_read(scenes: Path) -> None:
    """Their folders name them, without a manifest; two files under one given name are refused, and none is lost."""
    for name in ("old", "new"):
        (scenes / name).mkdir()
        (scenes / f"{name}.csv").rename(scenes / name / "preds.csv")
    assert run("build", "samples.csv", "old/preds.csv", "new/preds.csv", "-o", "out", "-q").exit_code == 0
    assert [version["name"] for version in read(scenes / "out")["versions"]] == ["old", "new"]
    for command in ("build", "init"):
        refused = run(command, "samples.csv", "a=old/preds.csv", "a=new/preds.csv", "-o", "other")
        assert (refused.exit_code, "RG113" in refused.stderr) == (2, True)


def test_metrics_of_the_manifest_stand_on_pairs(scenes: Path) -> None:
    """What the manifest names is estimated and compared on pairs of attributes; other metrics are not."""
    text = (scenes / "reportgen.yaml").read_text()
    (scenes / "reportgen.yaml").write_text(text + "metrics: [accuracy, macro_f1]\n")
    run("build", "reportgen.yaml", "-o", "out", "-q")
    report = read(scenes / "out")
    pairs = {one["id"] for one in report["slices"] if one["origin"] == "pair"}

    assert pairs
    for table in (report["estimates"], report["comparisons"]):
        found = {metric for place, metric in zip(table["slice"], table["metric"], strict=True) if place in pairs}
        assert found == {"accuracy", "macro_f1"}


def test_the_level_of_the_manifest_is_that_of_every_interval(scenes: Path) -> None:
    """What the manifest asks for stands in the five lines and on the pages, and no other level."""
    text = (scenes / "reportgen.yaml").read_text()
    (scenes / "reportgen.yaml").write_text(f"{text}level: 0.8\n")
    result = run("build", "reportgen.yaml", "-o", "out")

    pages = [page.read_text() for page in (scenes / "out").glob("*.html")]
    assert all("80%" in said for said in (result.stderr, *pages))
    assert not any(word in said for said in (result.stderr, *pages) for word in (" 95% ", ">95%<", "19 of 20"))
