"""Chunks of data that a page asks for before they are there, and those that never come."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.site.plan import DATA
from tests.browser.conftest import Open
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser]

ASK = """
const ask = (name) => reportgen.data.packed(name).catch((error) => `none: ${error.message}`);
window.early = Promise.all(["late", "nobody"].map(ask));
"""
LATE = 'reportgen.data.add("late", {"x": 1});\n'


def write(page: Path, form: str, tags: str = "", body: str = "") -> str:
    """The address of a page of that form: what reads data, scripts of its own, what asks early, and a body."""
    data = "".join(f"<script>{(ROOT / 'assets' / path).read_text('utf-8')}</script>" for path in DATA)
    page.write_text(
        f'<!doctype html><html lang="en" data-rg-form="{form}"><head><meta charset="utf-8"><title>x</title>{data}{tags}'
        f"<script>{ASK}</script></head><body><p>text</p>{body}</body></html>",
        encoding="utf-8",
    )
    return page.as_uri()


def test_a_chunk_further_down_in_the_one_file(tmp_path: Path, visit: Open) -> None:
    """Who asks for it early has it when it is read; one that the file lacks is told as missing, early and later."""
    address = write(tmp_path / "report.html", "single", body=f"<script>{LATE}</script>")
    found = visit(address, tmp_path.as_uri() + "/")

    assert found.page.evaluate("window.early") == [{"x": 1}, "none: there is no nobody"]
    assert found.page.evaluate("reportgen.data.packed('late')") == {"x": 1}
    assert found.page.evaluate("reportgen.data.packed('none').catch((error) => error.message)") == "there is no none"
    assert found.complaints == []


def test_a_chunk_whose_script_the_page_has(tmp_path: Path, visit: Open) -> None:
    """It is loaded once, by the script that stands in the page; where that fails, who asks is told so."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "late.js").write_text(f"window.times = (window.times || 0) + 1;\n{LATE}", encoding="utf-8")
    tags = "".join(f'<script src="data/{name}.js" async></script>' for name in ("late", "nobody"))
    found = visit(write(tmp_path / "index.html", "folder", tags), tmp_path.as_uri() + "/")

    early = found.page.evaluate("window.early")
    assert early == [{"x": 1}, "none: data/nobody.js did not load, or is empty"]
    later = found.page.evaluate(
        "Promise.all(['late', 'nobody'].map((name) => reportgen.data.packed(name).catch(String)))"
    )
    assert later == [{"x": 1}, "Error: data/nobody.js did not load, or is empty"]
    assert found.page.evaluate("window.times") == 1
    assert [one for one in found.complaints if "nobody.js" not in one and "ERR_FILE_NOT_FOUND" not in one] == []
