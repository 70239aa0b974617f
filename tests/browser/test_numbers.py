"""numbers.js writes every number as numbers.py does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.site import words
from tests.browser.written import Blank

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.browser


def test_verdicts(blank: Blank) -> None:
    """The browser has the sign and the word of each verdict from the same table as Python."""
    page = blank()
    page.add_script_tag(path=ROOT / "assets" / "js" / "verdicts.js")
    read = "([part, names]) => Object.fromEntries(names.map((name) => [name, window.reportgen.verdicts[part](name)]))"

    for part, table in (("sign", words.SIGNS), ("word", words.VERDICTS)):
        assert page.evaluate(read, [part, list(table)]) == table


def test_formats(blank: Blank) -> None:
    """Each case of the contract gives the same text in the browser as in Python."""
    found = json.loads((ROOT / "tests" / "contract" / "numbers.json").read_text(encoding="utf-8"))
    cases = [case for case in found if "in_browser" in case]
    page = blank()
    page.add_script_tag(path=ROOT / "assets" / "js" / "numbers.js")

    written = page.evaluate("cases => cases.map((c) => window.reportgen.numbers[c.in_browser](...c.arguments))", cases)

    assert written == [case["text"] for case in cases]
