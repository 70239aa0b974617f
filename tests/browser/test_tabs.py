"""Tests that share a tab find nothing in it that an earlier one left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.written import Visit

KEEP = "() => { localStorage.setItem('kept', 'here'); sessionStorage.setItem('kept', 'here'); }"
KEPT = "() => [localStorage.getItem('kept'), sessionStorage.getItem('kept')]"

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("end", ["page.html", "about:blank", "data:text/html,elsewhere"])
def test_a_use_of_a_tab_begins_without_what_the_last_one_kept(tmp_path: Path, visit: Visit, end: str) -> None:
    """Wherever it ended; within one use everything is kept."""
    (tmp_path / "page.html").write_text("<!doctype html><title>A page</title>")
    address = (tmp_path / "page.html").as_uri()
    first = visit(address, tmp_path.as_uri())
    first.page.evaluate(KEEP)
    first.page.reload()
    assert first.page.evaluate(KEPT) == ["here", "here"]
    first.page.goto(address if end == "page.html" else end)
    first.leave()

    second = visit(address, tmp_path.as_uri())
    assert second.page is first.page
    assert second.page.evaluate(KEPT) == [None, None]
