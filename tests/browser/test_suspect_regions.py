"""Crops of annotated regions that look wrong, in Chromium: they stand where the masks have them, also when turned."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from tests.browser.written import AXE, PHONE, RULES, Visit, Written
from tests.test_suspect_regions import FAULTS, HEIGHT, LEFT, RIGHT, TURNED, WIDTH, write_dishes

pytestmark = [pytest.mark.browser]

STYLES = {"overlooked": "false", "nothing there": "missed", "other class": "class"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The report of planted faults."""
    folder = write_dishes(tmp_path_factory.mktemp("dishes"))
    report = pipeline.run(load_manifest(folder / "reportgen.yaml"), keep_history=False)
    return Written(report, folder, page="data", ready="#data-regions")


def drawn(page: Page, crop: int, style: str) -> list[float]:
    """Left, top, right and bottom of paths on the screen, in pixels of the picture under them."""
    return page.evaluate(
        """([crop, style]) => {
            const svg = document.querySelectorAll("#data-regions .rg-suspect-crop")[crop];
            const image = svg.querySelector("image").getBoundingClientRect();
            const path = svg.querySelector(`.rg-region-${style}`).getBoundingClientRect();
            const scale = svg.querySelector("image").width.baseVal.value / image.width;
            return [path.left - image.left, path.top - image.top, path.right - image.left, path.bottom - image.top]
                .map((length) => length * scale);
        }""",
        [crop, style],
    )


def seen(sample: int, *boxes: tuple[int, int, int, int]) -> list[float]:
    """What is around some regions in the picture as one sees it."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x, y, width, height in boxes:
        mask[y : y + height, x : x + width] = 1
    image = Image.fromarray(mask)
    image.getexif()[0x0112] = TURNED.get(sample, 1)
    left, top, right, bottom = ImageOps.exif_transpose(image).getbbox() or (0, 0, 0, 0)
    return [left, top, right, bottom]


def clipped(box: list[float], view: str) -> list[float]:
    """What of a box is in a crop: outlines end a little beyond it."""
    left, top, width, height = (float(part) for part in view.split())
    ends = zip(box, (left, top) * 2, (left + width, top + height) * 2, strict=True)
    return [min(max(at, low), high) for at, low, high in ends]


@pytest.mark.parametrize("form", ["folder", "single"])
def test_regions_stand_over_the_picture_where_they_are(written: Written, visit: Visit, form: str) -> None:
    """Also in pictures that EXIF turns, and in the single file."""
    page = written.open(visit, form=form).page
    expect(page.locator("#data-regions .rg-suspect-crop")).to_have_count(len(FAULTS))
    names = page.locator("#data-regions .rg-suspect b:first-child").all_text_contents()
    assert set(names) == set(FAULTS.values())
    by_name = {name: sample for sample, name in FAULTS.items()}
    for i, name in enumerate(names):
        sample = by_name[name]
        assert drawn(page, i, STYLES[name]) == pytest.approx(seen(sample, RIGHT), abs=0.6)
        hatch = drawn(page, i, "hatch")
        assert hatch == pytest.approx(seen(sample, RIGHT), abs=4)
        annotated = [LEFT] if name == "overlooked" else [LEFT, RIGHT]
        box = page.locator("#data-regions .rg-suspect-crop").nth(i).get_attribute("viewBox") or ""
        parts = [clipped(seen(sample, one), box) for one in annotated]
        parts = [one for one in parts if one[0] < one[2] and one[1] < one[3]]
        if not parts:  # the other region is beyond the crop
            expect(page.locator("#data-regions .rg-suspect-crop").nth(i).locator(".rg-region-true")).to_have_count(0)
            continue
        around = [find(ends) for find, ends in zip((min, min, max, max), zip(*parts, strict=True), strict=True)]
        assert clipped(drawn(page, i, "true"), box) == pytest.approx(around, abs=0.6)
    sizes = page.evaluate(
        """async () => Promise.all([...document.querySelectorAll("#data-regions image")].map(async (one) => {
            const image = new Image();
            image.src = one.href.baseVal;
            await image.decode();
            return [image.naturalWidth, image.naturalHeight];
        }))"""
    )
    turned = [TURNED.get(by_name[name], 1) >= 5 for name in names]
    assert sizes == [[HEIGHT, WIDTH] if one else [WIDTH, HEIGHT] for one in turned]


def test_nothing_needs_a_script_and_nothing_is_wider_than_a_phone(written: Written, visit: Visit) -> None:
    page = written.open(visit, java_script_enabled=False, viewport=PHONE).page
    expect(page.locator("#data-regions .rg-suspect-crop")).to_have_count(len(FAULTS))
    spoken = page.locator("#data-regions .rg-looks a").first.get_attribute("aria-label") or ""
    assert "both versions" in spoken
    link = page.get_by_role("link", name="Review list (CSV)").first
    expect(link).to_have_attribute("download", "suspect-regions.csv")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_section_keeps_the_rules_of_accessibility(written: Written, visit: Visit, scheme: str) -> None:
    page = written.open(visit, color_scheme=scheme, viewport=PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run('#data-regions', {RULES})")
    assert [one["id"] for one in found["violations"]] == []


def test_a_crop_opens_its_sample_and_the_strip_leads_to_the_section(written: Written, visit: Visit) -> None:
    page = written.open(visit).page
    expect(page.get_by_role("link", name=re.compile("Suspect regions"))).to_have_attribute(
        "href", "data.html#data-regions"
    )
    crop = page.locator("#data-regions .rg-looks a").first
    sample = (crop.get_attribute("aria-label") or "").rpartition("sample ")[2].rstrip(")")
    crop.click()
    expect(page).to_have_url(re.compile(f"examples.html#.*sample={re.escape(sample)}"))
    expect(page.get_by_role("dialog")).to_be_visible(timeout=20_000)


def test_all_of_them_are_a_filter_of_the_examples(written: Written, visit: Visit) -> None:
    page = written.open(visit).page
    page.locator("#data-regions").get_by_role("link", name=f"See all {len(FAULTS)}").click()
    expect(page.locator(".rg-tile")).to_have_count(len(FAULTS), timeout=20_000)
