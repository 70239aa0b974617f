"""Any two versions against each other, on every page: the pickers, and what the browser makes for a pair not built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from tests.browser.written import PHONE, Visit, Written

pytestmark = pytest.mark.browser

FORMS = ("folder", "single")
PAIR = "(({baseline, candidate, built}) => [baseline, candidate, built])(reportgen.versions.pair())"
BUILT = ["v1", "v3", True]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions, v1 against v3 as built, opened at the front page."""
    report = builders.report(n=400)
    return Written(report, tmp_path_factory.mktemp("three"), page="index", ready="h1:visible")


def picked(page: Page, side: str) -> Any:
    """The picker of one side."""
    return page.get_by_role("combobox", name=side, exact=True)


@pytest.mark.parametrize("form", FORMS)
def test_any_two_versions_are_chosen(three: Written, visit: Visit, form: str) -> None:
    """Both sides have all versions; one chosen on the other side too changes places with it; links carry both."""
    found = three.open(visit, form=form)
    page = found.page
    picked(page, "Baseline").select_option("v2")
    assert page.evaluate(PAIR) == ["v2", "v3", False]
    picked(page, "Candidate").select_option("v2")
    assert page.evaluate(PAIR) == ["v3", "v2", False]
    note = page.locator("[data-rg-pair-note]:visible")
    expect(note).to_contain_text("You chose v2 against v3")
    note.get_by_role("link", name="Slices").click()

    expect(page.locator(".rg-nav [aria-current]")).to_have_text("Slices")
    assert page.evaluate(PAIR) == ["v3", "v2", False]
    expect(picked(page, "Baseline")).to_have_value("v3")
    picked(page, "Baseline").select_option("v1")
    picked(page, "Candidate").select_option("v3")
    assert "version" not in page.url
    assert "baseline" not in page.url
    assert page.evaluate(PAIR) == BUILT
    assert found.complaints == []


@pytest.mark.parametrize(
    ("state", "pair"),
    [
        ({"baseline": "__proto__", "version": "<img src=x>"}, BUILT),
        ({"baseline": "v3"}, BUILT),  # a version against itself
        ({"version": "v1"}, BUILT),
        ({"baseline": "nobody", "version": "v2"}, ["v1", "v2", False]),
        ({"baseline": "v3", "version": "v1"}, ["v3", "v1", False]),
    ],
    ids=str,
)
def test_names_that_are_none_are_the_built_ones(
    three: Written, visit: Visit, state: dict[str, str], pair: list[object]
) -> None:
    """What no version is called, and a version against itself, falls back; nothing breaks."""
    found = three.open(visit, *state.items())

    assert found.page.evaluate(PAIR) == pair
    assert found.complaints == []


def test_without_scripts_the_built_pair_is_told(three: Written, visit: Visit) -> None:
    """The header says baseline and candidate as text, without pickers."""
    page = three.open(visit, java_script_enabled=False).page

    expect(page.locator(".rg-pair .rg-pick:visible")).to_have_text(["Baseline v1", "Candidate v3"])
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.locator("[data-rg-pair-note]:visible")).to_have_count(0)


def test_long_names_fit_the_phone(tmp_path: Path, visit: Visit) -> None:
    """The pickers give way to the page, however the versions are called."""
    report = builders.hostile("a version that somebody gave a whole sentence for its name")
    page = Written(report, tmp_path, page="index", ready="h1:visible").open(visit, viewport=PHONE).page

    for side in ("Baseline", "Candidate"):
        box = picked(page, side).bounding_box()
        assert box["width"] >= 44
        assert box["x"] + box["width"] <= PHONE["width"]
