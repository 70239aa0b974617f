"""Every bad input ends as it should: an error or a note with its code, its place and what mends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.errors import CODES, InputError
from tests.bad_inputs.cases import CASES, Case
from tests.inputs.folders import USUAL, build, write

ROOT = Path(__file__).resolve().parent.parent.parent
ELSEWHERE = {
    "RG120",
    "RG121",
    "RG122",
    "RG123",
    "RG124",
    "RG125",
    "RG126",
    "RG200",
    "RG212",
    "RG213",
    "RG336",
    "RG337",
    "RG338",
    "RG345",
    *(f"RG{number}" for number in range(341, 344)),  # tests/inputs/test_join_labels.py
    "RG347",
    "RG348",
    "RG360",
    "RG361",
    "RG362",
    "RG363",
    "RG364",
    "RG365",
    "RG366",
    "RG367",
    "RG368",
    "RG369",
    *(f"RG{number}" for number in range(351, 360)),  # tests/inputs/test_mask_images.py, test_join_masks.py
    *(f"RG{number}" for number in range(370, 397)),  # tests/inputs/formats
}
"""Codes that manifests with files cannot end in; tests/inputs holds their cases."""


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES])
def test_a_bad_input_ends_as_it_should(case: Case, tmp_path: Path) -> None:
    """The code, the file, the line or row, the column, and the words that mend it are told."""
    write(tmp_path, {**USUAL, **case.files})
    if case.make is not None:
        case.make(tmp_path)
    if case.note:
        _expect_note(case, tmp_path)
    else:
        _expect_error(case, tmp_path)


def _expect_error(case: Case, folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        build(folder)
    problem = caught.value.problems[0]

    assert {found.code for found in caught.value.problems} == {case.code}
    assert problem.where.file.endswith(case.file or "reportgen.yaml") or case.file == ""
    assert case.line is None or problem.where.line == case.line
    assert case.row is None or problem.where.row == case.row
    assert case.column is None or problem.where.column == case.column
    for text in case.contains:
        assert text in str(caught.value)


def _expect_note(case: Case, folder: Path) -> None:
    joined = build(folder)
    notes = [note for note in joined.notes if note.code == case.code]

    assert notes
    assert notes[0].severity == case.note
    assert case.column is None or notes[0].column == case.column
    for text in case.contains:
        assert text in notes[0].message
    for version in joined.versions:
        assert version.n_scored + version.n_missing + version.n_invalid + joined.n_excluded == joined.n_samples


def test_every_code_has_a_case() -> None:
    """Each code of manifests, tables and joins ends one of the cases, here or in the tests of its module."""
    wanted = {code for code in CODES if code < "RG4"}

    assert {case.code for _, case in CASES} | ELSEWHERE == wanted


def test_the_registry_holds_every_code_and_no_other() -> None:
    """Codes in the package's source and in the registry are the same."""
    found = {
        code
        for path in (ROOT / "reportgen").rglob("*.py")
        if path.name != "errors.py"
        for code in re.findall(r'"(RG\d{3})"', path.read_text(encoding="utf-8"))
    }

    assert found == set(CODES)
