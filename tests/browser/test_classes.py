"""Figures of one class on the Explore page of an example: those of the report, and of any selection."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reportgen import numbers
from tests.browser.written import DESKTOP, Visit, Written
from tests.selection_worlds import WORLDS

pytestmark = pytest.mark.browser

CLASSES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def told(site: Any, page: Page, klass: str | None, metric: str = "ap") -> dict[str, tuple[str, str]]:
    """The metric of each version over all samples with its interval, as precise as its differences are printed."""
    precise = json.loads(page.locator("[data-rg-decimals]").get_attribute("data-rg-decimals") or "")
    return figures(site, "all", metric, klass, precise[metric if klass is None else f"{metric} {CLASSES.index(klass)}"])


def figures(site: Any, where: str, metric: str, klass: str | None, decimals: int) -> dict[str, tuple[str, str]]:
    """A metric of each version over a slice with its interval, by the report."""
    table = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))["estimates"]
    names = ("slice", "metric", "class", "version", "value", "low", "high")
    rows = zip(*(table[name] for name in names), strict=True)
    return {
        version: (numbers.value(value, "rate", decimals), numbers.interval(low, high, "rate", decimals))
        for place, name, own, version, value, low, high in rows
        if (place, name, own) == (where, metric, klass)
    }


def assert_shown(page: Page, expected: dict[str, tuple[str, str]]) -> None:
    for at, (value, ends) in enumerate(expected.values()):
        here = page.locator(f'tr[data-rg-version="{at}"] .rg-xp-these > *')
        expect(here).to_have_text([value, ends])


def assert_some_decimals(page: Page, site: Any, where: str, metric: str, klass: str) -> None:
    """The figures of a slice, with as many decimals as their differences here need."""
    by_decimals = [figures(site, where, metric, klass, decimals) for decimals in (1, 2)]
    for at, version in enumerate(by_decimals[0]):
        value, ends = page.locator(f'tr[data-rg-version="{at}"] .rg-xp-these > *').all_inner_texts()
        assert (value, ends.removesuffix(" · few")) in [rows[version] for rows in by_decimals]


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


def test_what_is_found_of_one_class_follows_selection_and_cut_off(example: Callable[[str], Any], visit: Visit) -> None:
    """F1 of one class over all and in a slice is that of the report; at another score its figures are others."""
    site = example("scenes")
    address = f"{(site.folder / 'explore').as_uri()}.html#?v=1&metric=f1"
    found = visit(address, site.folder.parent.as_uri() + "/", viewport=DESKTOP)
    page = found.page
    page.get_by_role("combobox", name="Class").select_option("seven")
    assert_shown(page, told(site, page, "seven", "f1"))
    expect(page.locator("[data-rg-key]")).to_contain_text("F1 of seven")
    expect(page.locator("[data-rg-curves-metric]")).to_have_text("F1 of seven")
    at_own = page.locator('tr[data-rg-version="2"] .rg-xp-these > *').all_inner_texts()

    page.goto(f"{address}&class=seven&cutoff=0.9")
    expect(page.locator('tr[data-rg-version="2"] .rg-xp-these > *').first).not_to_have_text(at_own[0])
    page.goto(f"{address}&class=seven&a.lighting=night")
    expect(page.locator("[data-rg-result]")).to_contain_text("F1 of seven")
    assert_some_decimals(page, site, "lighting=night", "f1", "seven")
    assert found.complaints == []


def test_boundary_iou_of_one_class_follows_a_selection(tmp_path: Path, visit: Visit) -> None:
    """Over all samples and in a slice it is the report's own, in one file, too."""
    written = Written(WORLDS["segmentation"](n=120), tmp_path, page="explore", ready="[data-rg-taken] details")
    for form in ("folder", "single"):
        for where in ("all", "time=day"):
            state = [
                ("v", "1"),
                ("metric", "boundary_iou"),
                ("class", "car"),
                *([("a.time", "day")] * (where != "all")),
            ]
            found = written.open(visit, *state, form=form)
            expect(found.page.locator("[data-rg-key]")).to_contain_text("Boundary IoU of car")
            assert_some_decimals(found.page, written, where, "boundary_iou", "car")
            assert found.complaints == []
