"""What the evidence cannot show, in Chromium: the way there, and that nothing stands in a reader's way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from reportgen.analysis.coverage_words import gap_pointer
from tests import builders
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Visit, Written

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report with gaps, which the Overview's answer names."""
    report = builders.report(n=300)
    answer = replace(report.answer, not_tested=gap_pointer(report.coverage, report.outcomes))
    folder = tmp_path_factory.mktemp("limits")
    return Written(replace(report, answer=answer), folder, page="about", ready="#about-limits")


@pytest.mark.parametrize("form", ["folder", "single"])
def test_the_worst_gap_leads_to_the_section(written: Written, visit: Visit, form: str) -> None:
    """The Overview's line opens About at what the evidence cannot show, where the same gap stands first."""
    path: Path = written.folder / "index.html" if form == "folder" else written.single
    found = visit(path.as_uri(), written.folder.parent.as_uri() + "/", viewport=DESKTOP)
    page = found.page
    pointer = gap_pointer(written.report.coverage, written.report.outcomes)
    assert pointer is not None
    assert pointer.link is not None
    line = page.locator(".rg-answer-lines", has_text="Not tested")
    expect(line).to_contain_text(pointer.text)
    line.get_by_role("link").click()

    expect(page.locator("#about-limits h2")).to_be_in_viewport()
    expect(page.locator("#about-limits")).to_contain_text(f"The worst gap is {pointer.link.text}:")
    assert found.complaints == []


@pytest.mark.parametrize(
    "options", [{"viewport": DESKTOP}, {"viewport": PHONE}, {"viewport": DESKTOP, "color_scheme": "dark"}]
)
def test_nothing_stands_in_a_readers_way(written: Written, visit: Visit, options: dict[str, Any]) -> None:
    """No rule of axe finds anything on About, its table of the chart open, and the page is as wide as the window."""
    page = written.open(visit, **options).page
    page.locator("#about-limits summary").click()
    page.evaluate(AXE)
    violations = page.evaluate(
        f"axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target))"
    )

    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
