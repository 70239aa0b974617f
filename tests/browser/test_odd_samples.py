"""Samples without a value in Chromium: the slice that they are, and the samples that the Data page leads to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.written import Visit, Written
from tests.pair_worlds import WORLDS

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report of scenes of which 138 have no weather, opened at its slices."""
    report = WORLDS["scenes"]().report("v1", "v3")
    return Written(report, tmp_path_factory.mktemp("odd"), page="slices", ready="h1")


def test_a_slice_of_missing_values_opens_its_samples(written: Written, visit: Visit) -> None:
    """Its drawer defines it, and a count in it is the count of the samples that it opens."""
    found = written.open(visit, ("slice", "weather=missing"))
    drawer = found.page.locator(".rg-drawer")
    expect(drawer).to_contain_text('weather = "missing"')
    link = drawer.locator("[data-rg-count]").first
    n = int(link.get_attribute("data-rg-count") or 0)
    link.click()

    expect(found.page.locator(".rg-ex-count")).to_contain_text(f"{n} of ")
    assert 0 < n <= 138
    assert found.complaints == []


def test_the_data_page_leads_to_the_samples_without_a_value(written: Written, visit: Visit) -> None:
    """As many as it says."""
    page = visit((written.folder / "data.html").as_uri(), written.folder.as_uri() + "/").page
    page.locator("#data-samples a", has_text="See 138").click()

    expect(page.locator(".rg-ex-count")).to_contain_text("138 of 3,000")
