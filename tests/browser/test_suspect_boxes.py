"""Crops of annotated boxes that look wrong, in Chromium: the picture is there, and boxes stand where they should."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from tests.browser.written import AXE, PHONE, RULES, Visit, Written
from tests.test_suspect_boxes import BOXES, FAULTS, write_pets

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The report of planted faults."""
    folder = write_pets(tmp_path_factory.mktemp("pets"))
    report = pipeline.run(load_manifest(folder / "reportgen.yaml"), keep_history=False)
    return Written(report, folder, page="data", ready="#data-boxes")


def drawn(page: Page, crop: int, kind: str) -> list[float]:
    """Left, top, right and bottom of an outline on the screen, in pixels of the picture under it."""
    return page.evaluate(
        """([crop, kind]) => {
            const svg = document.querySelectorAll("#data-boxes .rg-suspect-crop")[crop];
            const image = svg.querySelector("image").getBoundingClientRect();
            const path = svg.querySelector(`.rg-box-${kind}`).getBoundingClientRect();
            const scale = svg.querySelector("image").width.baseVal.value / image.width;
            return [path.left - image.left, path.top - image.top, path.right - image.left, path.bottom - image.top]
                .map((length) => length * scale);
        }""",
        [crop, kind],
    )


@pytest.mark.parametrize("form", ["folder", "single"])
def test_boxes_stand_over_the_picture_where_they_are_annotated(written: Written, visit: Visit, form: str) -> None:
    """Also in the single file; the picture is loaded, and the crop is as large as its tile."""
    page = written.open(visit, form=form).page
    crops = page.locator("#data-boxes .rg-suspect-crop")
    expect(crops).to_have_count(len(FAULTS))
    sizes = page.evaluate(
        """async () => Promise.all([...document.querySelectorAll("#data-boxes image")].map(async (one) => {
            const image = new Image();
            image.src = one.href.baseVal;
            await image.decode();
            return [image.naturalWidth, image.naturalHeight];
        }))"""
    )
    assert sizes == [[160, 100]] * len(FAULTS)
    names = page.locator("#data-boxes .rg-suspect b:first-child").all_text_contents()
    for i, name in enumerate(names):
        left, top, width, height = BOXES[1]
        if name != "overlooked":
            off = 12 if name == "badly placed" else 0
            at = [left + off, top + off, left + off + width, top + off + height]
            assert drawn(page, i, "annotated") == pytest.approx(at, abs=1)
        # each version's own, a little off
        assert drawn(page, i, "suggested") == pytest.approx([left, top, left + width, top + height], abs=3)
    assert set(names) == set(FAULTS.values())


def test_nothing_needs_a_script_and_nothing_is_wider_than_a_phone(written: Written, visit: Visit) -> None:
    page = written.open(visit, java_script_enabled=False, viewport=PHONE).page
    expect(page.locator("#data-boxes .rg-suspect-crop")).to_have_count(len(FAULTS))
    spoken = page.locator("#data-boxes .rg-looks a").first.get_attribute("aria-label") or ""
    assert "both versions" in spoken
    expect(page.get_by_role("link", name="Review list (CSV)").first).to_have_attribute("download", "suspect-boxes.csv")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_section_keeps_the_rules_of_accessibility(written: Written, visit: Visit, scheme: str) -> None:
    page = written.open(visit, color_scheme=scheme, viewport=PHONE).page
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run('#data-boxes', {RULES})")
    assert [one["id"] for one in found["violations"]] == []


def test_a_crop_opens_its_sample(written: Written, visit: Visit) -> None:
    page = written.open(visit).page
    crop = page.locator("#data-boxes .rg-looks a").first
    sample = (crop.get_attribute("aria-label") or "").rpartition("sample ")[2].rstrip(")")
    crop.click()
    expect(page).to_have_url(re.compile(f"examples.html#.*sample={re.escape(sample)}"))
    expect(page.get_by_role("dialog")).to_be_visible(timeout=20_000)
