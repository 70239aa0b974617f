"""Cells of CSV: what a spreadsheet would run is defused, and what is read back is what was written."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest

from reportgen.spreadsheet import GUARDED, cell, write
from tests.conftest import ROOT

CASES = json.loads((ROOT / "tests" / "contract" / "csv.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_cells_are_those_of_the_contract(case: dict[str, Any]) -> None:
    """The browser writes the same (``tests/browser/test_lists.py``)."""
    assert cell(case["value"]) == case["cell"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_empty(value: float) -> None:
    """As the browser has it."""
    assert cell(value) == ""


def test_what_is_read_back_is_what_was_written() -> None:
    """Texts of any kind survive a reader of CSV that takes the apostrophe away again."""
    texts = [case["value"] for case in CASES if isinstance(case["value"], str)]
    (read,) = csv.reader(io.StringIO(write([texts]), newline=""))

    assert [re.sub(GUARDED, r"\1", text) for text in read] == texts
