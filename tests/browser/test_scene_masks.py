"""Masks of ten classes in Chromium: what is taken for another class, from a crop or a matrix to the pixels drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.written import DESKTOP, Visit
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

FOLDER = ROOT / "examples" / "scenes"
ONE, SEVEN = 2, 8
"""What pixels of the two digits are in the files."""


def read_mask(folder: Path, name: str) -> np.ndarray:
    return np.asarray(Image.open(folder / f"{name}.png"))


def test_a_digit_annotated_as_another_leads_from_its_crop_to_its_pixels(
    example: Callable[[str], Any], visit: Visit
) -> None:
    """A planted seven that is annotated as one: the opened example has as many pixels of it as the files."""
    site = example("scenes-masks")
    found = visit((site.folder / "data.html").as_uri(), site.folder.parent.as_uri() + "/", viewport=DESKTOP)
    page = found.page
    page.get_by_role("link", name=re.compile("^other class: .* say seven .* annotated as one")).click()
    expect(page.locator(".rg-lb-id")).to_have_text("film10-3", timeout=20_000)
    true, said = read_mask(FOLDER / "masks", "film10-3"), read_mask(FOLDER / "predictions" / "masks-v3", "film10-3")
    n = int(((true == ONE) & (said == SEVEN)).sum())
    row = page.locator(".rg-lb-pixels").first.locator("> *").filter(has_text="one taken for seven")
    expect(row).to_contain_text(f"{n:,}")
    region = page.locator(".rg-vw-stage .rg-vw-region[aria-label^='one · taken for seven']")
    expect(region).to_have_count(1)
    assert found.complaints == []


BEYOND = """(chart) => Math.max(
  ...[...chart.querySelectorAll('svg.rg-chart text')].filter((text) => text.checkVisibility())
    .map((text) => text.getBoundingClientRect().right)) - chart.getBoundingClientRect().right"""
"""How far the text that stands farthest to the right goes beyond a chart."""


def test_matrices_of_many_classes_are_seen_whole(example: Callable[[str], Any], visit: Visit) -> None:
    """The change above the two versions, every column in sight; a cell has the share that the reference counts."""
    site = example("scenes-masks")
    found = visit((site.folder / "compare.html").as_uri(), site.folder.parent.as_uri() + "/", viewport=DESKTOP)
    charts = found.page.locator("[data-rg-pixels-of='v3'] .rg-chart-figure")
    expect(charts).to_have_count(3)
    counts = json.loads((FOLDER / "reference-masks.json").read_text(encoding="utf-8"))
    shares = [counts[v]["pixels"]["nine"]["seven"] / sum(counts[v]["pixels"]["nine"].values()) for v in ("v2", "v3")]
    told = [f"{100 * (shares[1] - shares[0]):+.1f}", *(f"{100 * share:.0f}%" for share in shares)]
    for chart, text in zip(charts.all(), told, strict=True):
        assert chart.evaluate(BEYOND) <= 0
        expect(chart.locator("svg.rg-chart:visible text").get_by_text(text, exact=True).first).to_be_visible()
    change, before, after = (chart.bounding_box() for chart in charts.all())
    assert change["y"] < before["y"] == after["y"]
    assert found.complaints == []
