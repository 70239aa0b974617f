"""A pinned set in Chromium: its slice leads to its own samples, as many as are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from tests.browser.written import Visit, Written
from tests.declared import write_declared

pytestmark = [pytest.mark.browser]


def test_a_pinned_slice_leads_to_its_samples(visit: Visit, tmp_path: Path) -> None:
    """The drawer of the set counts its newly broken ones, and its link opens as many, all of them of the set."""
    samples = write_declared(tmp_path, n=400)
    report = pipeline.run(load_manifest(tmp_path / "reportgen.yaml"))
    back = samples.filter("pinned", "v1", ~samples["v2"])
    written = Written(report, tmp_path, page="slices", ready="#slices [data-rg-tools]")
    found = written.open(visit, ("slice", "pinned=old"))
    drawer = found.page.get_by_role("complementary", name="pinned old")

    expect(drawer).to_contain_text("Slice · pinned samples")
    broken = drawer.locator("[data-rg-count]", has_text="newly broken").first
    expect(broken).to_have_text(f"{back.height} newly broken")
    broken.click()
    expect(found.page.locator("#examples")).to_contain_text(f"{back.height} of ")
    expect(found.page.locator("#examples .rg-tile")).to_have_count(min(40, back.height))
    spoken = found.page.locator("#examples .rg-tile-picture").evaluate_all("all => all.map((a) => a.ariaLabel)")
    assert {text.rpartition("(sample ")[2].rstrip(")") for text in spoken} <= set(back["id"])
    assert found.complaints == []
