"""What a check reads: a report in memory and the same one built say the same, and a damaged one says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.checking.files import CheckFiles
from reportgen.checking.lines import gate_lines, verdict_lines
from reportgen.checking.sheet import is_report, read_sheet, sheet_of
from reportgen.errors import InputError
from reportgen.render.serialise import to_json
from reportgen.site.report_json import to_report
from tests import builders, gated
from tests.checking.reports import PLAIN


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The folder of a built report, as far as a check reads it."""
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.json").write_text(to_json(to_report(PLAIN)))
    return tmp_path / "report"


def test_both_doors_give_one_sheet(built: Path, tmp_path: Path) -> None:
    """Lines and files of a report in memory are those of the built one, to the byte."""
    sheets = [sheet_of(PLAIN), read_sheet(built), read_sheet(built / "report.json")]
    said = []
    for i, sheet in enumerate(sheets):
        files = CheckFiles(tmp_path / f"{i}.md", tmp_path / f"{i}.xml", tmp_path / f"{i}.json", "https://ci.example/")
        files.write(sheet)
        said.append((gate_lines(sheet), verdict_lines(sheet), *(path.read_bytes() for path in files.paths)))

    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(
    ("states", "undecided", "passes"),
    [
        (("passes", "near"), "fail", True),
        (("passes", "fails"), "pass", False),
        (("passes", "undecided"), "pass", True),
        (("passes", "undecided"), "fail", False),
    ],
)
def test_what_passes(states: tuple[Any, ...], undecided: Any, passes: bool) -> None:
    """One gate that fails is enough; one that can't tell counts as the manifest says."""
    gates = tuple(replace(gated.OVERALL, state=state) for state in states)
    report = replace(PLAIN, gates=gates, release=replace(gated.HOLD, undecided=undecided))

    assert sheet_of(report).passes is passes


def test_no_gates_are_nothing_to_check() -> None:
    """A check that checks nothing must not look green."""
    with pytest.raises(InputError, match=r"RG531 .*no gate is set.*reportgen init"):
        sheet_of(builders.report(n=300))


@pytest.mark.parametrize("name", ["report.html", "report/index.html"])
def test_a_page_is_no_report_to_check(name: str, tmp_path: Path) -> None:
    """Whoever names one is told what to name, not that it is no YAML."""
    page = tmp_path / name

    assert is_report(page)
    with pytest.raises(InputError, match=r"RG504 .*a page holds nothing.*the folder of a report"):
        read_sheet(page)


def drop(key: str) -> Callable[[dict[str, Any]], object]:
    """Takes a key away."""
    return lambda data: data.pop(key)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda data: data.update(schema_version=2), "RG532"),
        (lambda data: data.update(schema_version=True), "RG532"),
        (drop("schema_version"), "RG532"),
        (lambda data: data.update(generator={"name": "other"}), "RG504"),
        (drop("generator"), "RG504"),
        (drop("gates"), "RG533"),
        (drop("answer"), "RG533"),
        (lambda data: data.update(gates=7), "RG533"),
        (lambda data: data["gates"][0].update(state="fine"), "RG533"),
        (lambda data: data["gates"][0].update(value="much"), "RG533"),
        (lambda data: data["gates"][0].update(links=[{"state": 3}]), "RG533"),
        (lambda data: data.update(release=None), "RG533"),
        (lambda data: data.update(gates=[], release=None), "RG531"),
    ],
)
def test_another_form_or_damage_is_told(built: Path, spoil: Callable[[Any], object], code: str) -> None:
    """An error with a code and the file, never a fault and never a verdict."""
    data = json.loads((built / "report.json").read_text())
    spoil(data)
    (built / "report.json").write_text(json.dumps(data))

    with pytest.raises(InputError) as error:
        read_sheet(built)
    assert [problem.code for problem in error.value.problems] == [code]
    assert "report.json" in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[1]", b"7", b"[" * 100_000])
def test_what_is_no_report_is_told(built: Path, content: bytes) -> None:
    """Cut short, of another encoding, or no object: an error."""
    (built / "report.json").write_bytes(content)

    with pytest.raises(InputError, match=r"RG5(04|33) "):
        read_sheet(built)


def test_a_folder_without_a_report_is_told(tmp_path: Path) -> None:
    """Nothing that reportgen wrote stands there."""
    with pytest.raises(InputError, match=r"RG504 .*no report here"):
        read_sheet(tmp_path)


def test_files_have_places_of_their_own(tmp_path: Path) -> None:
    """Not in the report that is replaced whole, not two in one, and an address that is one."""
    report = tmp_path / "report"
    for files in (
        CheckFiles(json=report / "report.json"),
        CheckFiles(junit=tmp_path / "a", json=tmp_path / "a"),
        CheckFiles(junit=tmp_path),
    ):
        with pytest.raises(InputError, match="RG535"):
            files.refuse(report)
    for address in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "http://[x"):
        with pytest.raises(InputError, match="RG534"):
            CheckFiles(report_url=address).refuse()
    CheckFiles(summary_md=tmp_path / "a.md", report_url="../report").refuse(report)
