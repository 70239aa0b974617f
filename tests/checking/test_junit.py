"""The JUnit XML of a check, as parsers read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import junitparser
import pytest

from reportgen.checking.junit import to_junit
from reportgen.checking.sheet import sheet_of
from tests import gated
from tests.checking.reports import HOSTILE, PLAIN, everywhere


def test_a_case_a_gate() -> None:
    """Failures where gates fail, skipped where they can't tell, and counts that are those of the cases."""
    suites = ET.fromstring(to_junit(sheet_of(PLAIN)))
    cases = suites.findall("testsuite/testcase")

    assert [case.get("name") for case in cases] == [gate.name for gate in PLAIN.gates]
    assert [[child.tag for child in case] for case in cases] == [
        ["system-out"], ["failure"], ["system-out"], ["system-out"], ["skipped"],
    ]  # fmt: skip
    for suite in (suites, suites[0]):
        assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["5", "1", "0", "1"]
    failure = suites.find("testsuite/testcase/failure")
    assert failure is not None
    assert "−8.3 points 95% −11.2…−5.4 n = 812; may lose at most 3.0 points" in failure.get("message", "")


def test_the_file_agrees_with_the_exit_code() -> None:
    """Where a gate that can't tell counts as failing, it is a failure."""
    strict = replace(PLAIN, release=replace(gated.HOLD, undecided="fail"))
    suite = ET.fromstring(to_junit(sheet_of(strict)))[0]

    assert (suite.get("failures"), suite.get("skipped")) == ("2", "0")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_well_formed(text: str) -> None:
    """Markup is text, and what XML cannot hold is left out; names stay apart."""
    parsed = ET.fromstring(to_junit(sheet_of(everywhere(text))))
    names = [case.get("name", "") for case in parsed.iter("testcase")]

    assert len(set(names)) == 5
    assert all(name and all(c.isprintable() or c in "\u202e" for c in name) for name in names)


def test_a_junit_library_reads_it(tmp_path: Path) -> None:
    """junitparser, as CI tools use it, finds the same cases and results."""
    (tmp_path / "gates.xml").write_text(to_junit(sheet_of(PLAIN)), encoding="utf-8")
    parsed = junitparser.JUnitXml.fromfile(str(tmp_path / "gates.xml"))
    results = {case.name: [type(result).__name__ for result in case.result] for suite in parsed for case in suite}

    assert (parsed.tests, parsed.failures, parsed.errors, parsed.skipped) == (5, 1, 0, 1)
    assert results[gated.FAILS.name] == ["Failure"]
    assert results[gated.ERROR.name] == ["Skipped"]
    assert results[gated.FLOOR.name] == []
