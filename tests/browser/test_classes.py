"""Figures of one class on the Explore page of an example: those of the report, and of any selection."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reportgen import numbers
from tests.browser.written import DESKTOP, Visit

pytestmark = pytest.mark.browser

CLASSES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def told(site: Any, page: Page, klass: str | None) -> dict[str, tuple[str, str]]:
    """The AP of each version over all samples with its interval, as precise as its differences are printed."""
    precise = json.loads(page.locator("[data-rg-decimals]").get_attribute("data-rg-decimals") or "")
    decimals = precise["ap" if klass is None else f"ap {CLASSES.index(klass)}"]
    table = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))["estimates"]
    names = ("slice", "metric", "class", "version", "value", "low", "high")
    rows = zip(*(table[name] for name in names), strict=True)
    return {
        version: (numbers.value(value, "rate", decimals), numbers.interval(low, high, "rate", decimals))
        for place, metric, own, version, value, low, high in rows
        if (place, metric, own) == ("all", "ap", klass)
    }


def assert_shown(page: Page, expected: dict[str, tuple[str, str]]) -> None:
    for at, (value, ends) in enumerate(expected.values()):
        here = page.locator(f'tr[data-rg-version="{at}"] .rg-xp-these > *')
        expect(here).to_have_text([value, ends])


def test_average_precision_of_one_class(example: Callable[[str], Any], visit: Visit) -> None:
    """Chosen in the list it is the report's own, with its interval; under a filter it is that of fewer."""
    site = example("scenes")
    address = f"{(site.folder / 'explore').as_uri()}.html#?v=1&metric=ap"
    found = visit(address, site.folder.parent.as_uri() + "/", viewport=DESKTOP)
    page = found.page
    classes = page.get_by_role("combobox", name="Class")
    assert_shown(page, told(site, page, None))
    expect(classes).to_have_value("")

    classes.select_option("seven")
    assert_shown(page, told(site, page, "seven"))
    expect(page.locator("[data-rg-key]")).to_contain_text("AP of seven")
    assert "class=seven" in page.url

    page.goto(f"{address}&class=seven&a.lighting=night")
    expect(page.locator('tr[data-rg-version="2"] .rg-xp-n')).to_have_text("72")
    expect(page.locator("[data-rg-result]")).to_contain_text("AP of seven")
    classes.select_option(label="all classes")
    expect(page.locator("[data-rg-result]")).to_contain_text("AP ")
    assert "class=" not in page.url
    assert found.complaints == []
