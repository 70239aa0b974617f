"""``reportgen check`` on the examples: how it ends, and that its files are what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from click.testing import CliRunner, Result

from reportgen.checking.markdown import MOST
from reportgen.cli import main
from tests.checking.test_markdown import rendered

ENDINGS = {
    "digits": (1, "Hold"),  # a slice loses more than it may
    "income": (1, "Hold"),
    "nuclei": (0, "Go"),
    "scenes": (0, "Can't decide yet"),  # none fails, most can't tell
    "nuclei-instances": (0, "Can't decide yet"),
    "nuclei-masks": (0, "Go"),
    "sentiment": (0, "Go"),
    "sentiment-rating": (1, "Hold"),  # none fails, one can't tell, and its manifest counts that as a failure
    "weather": (0, "Can't decide yet"),  # none fails, some can't tell
}
FILES = ("--summary-md", "--junit", "--json")


def check(source: Path, folder: Path) -> tuple[Result, list[Path]]:
    """The command on a manifest or a report, in this process, with its files in a folder."""
    paths = [folder / name for name in ("check.md", "check.xml", "check.json")]
    options = [str(part) for pair in zip(FILES, paths, strict=True) for part in pair]
    given = ["check", str(source), "-q", "--report-url", "https://ci.example/7/", *options]
    return CliRunner().invoke(main, given), paths


def test_how_a_check_of_an_example_ends(example_name: str, example: Callable[[str], Any], tmp_path: Path) -> None:
    """Exit code, verdict and a line a gate; the Markdown renders, and JUnit and JSON agree with the exit code."""
    result, (markdown, junit, programs) = check(example(example_name).folder, tmp_path)
    if example_name not in ENDINGS:  # an example of something else, without gates: nothing to check is not green
        assert (result.exit_code, "RG531" in result.stderr, markdown.exists()) == (2, True, False)
        return
    code, verdict = ENDINGS[example_name]
    lines = result.stdout.splitlines()
    said = json.loads(programs.read_text(encoding="utf-8"))
    suite = ET.parse(junit).getroot()[0]
    page = rendered(markdown.read_text(encoding="utf-8"))
    n = len(said["gates"])

    assert (result.exit_code, lines[n], lines[n + 1].split(":")[0]) == (code, "", verdict), result.output
    assert (said["passes"], said["release"]["headline"]) == (code == 0, verdict)
    assert [line.split("  ")[0] for line in lines[:n]] == [gate["words"]["state"] for gate in said["gates"]]
    assert int(suite.get("tests", "")) == n == len(page.named("tr")) - 1
    assert (int(suite.get("failures", "")) > 0) is (code == 1)
    assert len(markdown.read_text(encoding="utf-8")) < MOST
    links = [one["href"] or "" for one in page.named("a")]
    assert links
    assert all(link.startswith("https://ci.example/7/") for link in links)


def test_a_manifest_and_its_report_say_the_same(example: Callable[[str], Any], tmp_path: Path) -> None:
    """What is computed anew and what is read from the built report agree in every byte, and nothing else is written."""
    site = example("weather")
    before = {path: path.stat().st_mtime_ns for path in site.folder.rglob("*")}
    said = []
    for name, source in (("computed", site.manifest), ("read", site.folder)):
        (tmp_path / name).mkdir()
        result, paths = check(source, tmp_path / name)
        said.append((result.exit_code, result.stdout, *(path.read_bytes() for path in paths)))

    assert said[0] == said[1]
    assert {path: path.stat().st_mtime_ns for path in site.folder.rglob("*")} == before
    assert sorted(path.name for path in (tmp_path / "read").iterdir()) == ["check.json", "check.md", "check.xml"]
