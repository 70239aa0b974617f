"""Data or model? in Chromium: one card at a time, chosen or by address; all of them without scripts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from reportgen.inspection import Inspection, LabelIssues
from reportgen.inspection.cards import NoCard
from tests import builders
from tests.browser.written import AXE, PHONE, RULES, Visit, Written
from tests.site.data.test_cards import CARD

pytestmark = [pytest.mark.browser]
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report with two cards, one of a slice whose name is hostile."""
    report = builders.report(n=300)
    first = report.findings[0]
    report = replace(report, findings=(first, first, replace(first, headline=HOSTILE)))
    cards = (CARD, replace(CARD, finding=3, place=HOSTILE))
    labels = LabelIssues("None.", "agreement", n_checked=300)
    without = (NoCard(1, f"It is no loss. {HOSTILE}"),)
    report = replace(report, inspection=Inspection(labels=labels, cards=cards, without_card=without))
    return Written(report, tmp_path_factory.mktemp("cards"), page="data", ready="#data-cards [data-rg-card-pick]")


@pytest.mark.parametrize("form", ["folder", "single"])
def test_a_card_is_chosen_and_stands_in_the_address(written: Written, visit: Visit, form: str) -> None:
    """The first one is shown; another one when it is picked, and again where its address is opened."""
    found = written.open(visit, form=form)
    page = found.page
    expect(page.locator("#data-card-2")).to_be_visible()
    expect(page.locator("#data-card-3")).to_be_hidden()
    page.locator("[data-rg-card-pick]").select_option("3")
    expect(page.locator("#data-card-3")).to_be_visible()
    expect(page.locator("#data-card-2")).to_be_hidden()
    expect(page.locator("#data-card-3 h3")).to_contain_text(HOSTILE)
    assert "finding=3" in page.url
    assert found.complaints == []

    again = written.open(visit, ("finding", "3"), form=form)
    expect(again.page.locator("#data-card-3")).to_be_visible()
    expect(again.page.locator("#data-card-2")).to_be_hidden()


def test_an_address_that_nobody_wrote_shows_the_first_card(written: Written, visit: Visit) -> None:
    """Whatever stands in it."""
    page = written.open(visit, ("finding", "__proto__")).page

    expect(page.locator("#data-card-2")).to_be_visible()
    expect(page.locator("#data-card-3")).to_be_hidden()


def test_without_scripts_all_cards_are_there(written: Written, visit: Visit) -> None:
    """One under the other, each with its leans in words."""
    page = written.open(visit, java_script_enabled=False).page

    expect(page.locator("#data-card-2")).to_be_visible()
    expect(page.locator("#data-card-3")).to_be_visible()
    expect(page.locator("#data-card-2 .rg-lean b").first).to_have_text("strongly towards the data")


def test_nothing_stands_in_a_readers_way(written: Written, visit: Visit) -> None:
    """No rule of axe finds anything on a phone, and the page is as wide as the window."""
    page = written.open(visit, viewport=PHONE).page
    page.evaluate(AXE)
    violations = page.evaluate(
        f"axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target))"
    )

    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
