"""Masks of segmentation over tiles and the opened example in Chromium: what is drawn are the annotation's pixels."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from tests.browser.test_viewer import Boxed
from tests.browser.written import AXE, PHONE, RULES, TREES, Visit, Written

pytestmark = [pytest.mark.browser]

ROAD, CAR, NONE, IGNORED = range(4)
CLASSES = ("road", "car")
VALUES = np.array([1, 2, 0, 255], np.uint8)
"""What the pixels of a code are in the files."""

PICTURES: dict[str, tuple[tuple[int, int], int, bool]] = {
    "turned.jpg": ((60, 40), 6, False),
    "flipped.jpg": ((60, 40), 7, False),
    "mirrored.jpg": ((60, 40), 4, False),
    "upright.jpg": ((60, 40), 8, True),
    "wide.png": ((900, 9), 1, False),
    "tiny.png": ((5, 4), 1, False),
    "empty.png": ((60, 40), 1, False),
    "unmarked.png": ((60, 40), 1, False),
    "nobody.png": ((60, 40), 1, False),
    "broad.png": ((600, 40), 1, False),
    "large.png": ((600, 400), 1, False),
    "noise.png": ((300, 200), 1, False),
    **{f"plain{i}.png": ((60, 40), 1, False) for i in range(6)},
}
"""By file: width and height as stored, the EXIF orientation, and whether masks are upright already."""


UNMARKED = {("v2", "unmarked.png"), *((side, name) for side in ("v1", "v2") for name in ("nobody.png", "broad.png"))}
"""The masks that are not there."""


def masks(name: str) -> list[np.ndarray]:
    """The true codes of a picture and those of two versions, as the files have them.

    A road with holes that a car stands on, to the borders, a region that is ignored; the second version calls part of
    the car a road, leaves part of the road out, and marks specks at the border.
    """
    (width, height), turned, upright = PICTURES[name]
    if upright and turned >= 5:
        width, height = height, width
    true = np.full((height, width), NONE, np.uint8)
    if name == "empty.png":
        said = true.copy()
        said[5:9, 5:25] = CAR
        return [true, true, said]
    if name == "noise.png":
        return list(np.random.default_rng(1).integers(0, 3, (3, height, width)).astype(np.uint8))
    if name == "large.png":
        true[200:] = ROAD
        said = true.copy()
        said[300:320, 500:530] = CAR
        said[20:24, 20:60] = said[220:224, :60] = CAR
        return [true, true, said]
    rng = np.random.default_rng(len(name))
    true[height // 2 :] = ROAD
    true[height // 2 + 1 : height // 2 + 3, 1 : width // 4] = NONE
    true[height // 4 : -1, width // 3 : width // 2] = CAR
    true[height // 3 : height // 2, width // 3 + 1 : width // 2 - 1] = NONE
    true[0, -2:] = IGNORED
    old, new = true.copy(), true.copy()
    old[height // 4 : height // 2, width // 3 : width // 2] = NONE
    new[-height // 3 :, width // 3 : width // 2 - 1] = ROAD
    new[height // 2 :, -max(width // 5, 1) :] = NONE
    specks = (rng.random(true.shape) < 0.3) & (np.arange(height)[:, None] < height // 5)
    new[specks] = CAR
    if name == "plain3.png":
        new[1:4, 2:8] = IGNORED  # of no class: neither found nor wrong
    return [true, old, new]


def seen(name: str, mask: np.ndarray) -> np.ndarray:
    """The mask in the picture as one sees it."""
    _, turned, upright = PICTURES[name]
    if upright:
        return mask
    image = Image.fromarray(mask)
    image.getexif()[0x0112] = turned
    return np.asarray(ImageOps.exif_transpose(image))


def drawn_as(name: str, mask: np.ndarray) -> np.ndarray:
    """The mask as it is drawn: of a picture that is wider than 512 pixels in squares, as most of their pixels are."""
    whole = seen(name, mask)
    step = -(-max(whole.shape) // 512)
    found = whole.copy()
    for y in range(0, whole.shape[0], step):
        for x in range(0, whole.shape[1], step):
            part = (slice(y, y + step), slice(x, x + step))
            found[part] = np.bincount(whole[part].ravel(), minlength=4).argmax()
    return found


def write(folder: Path, versions: str) -> Path:
    """The manifest: of one picture the second version has no mask, of two neither has one."""
    for name in ("images", "masks", "v1", "v2"):
        (folder / name).mkdir(parents=True)
    for name, ((width, height), turned, _) in PICTURES.items():
        exif = Image.Exif()
        exif[0x0112] = turned
        noise = Image.effect_noise((width, height), 60).convert("RGB")
        noise.save(folder / "images" / name, **({"exif": exif} if turned > 1 else {}))
        for side, mask in zip(("masks", "v1", "v2"), masks(name), strict=True):
            if (side, name) not in UNMARKED:
                Image.fromarray(VALUES[mask]).save(folder / side / f"{name.partition('.')[0]}.png")
    (folder / "samples.csv").write_text("id,file\n" + "".join(f"{name},{name}\n" for name in PICTURES))
    (folder / "reportgen.yaml").write_text(
        "title: Streets\ntask: segmentation\nsamples: samples.csv\ncolumns: {id: id, media: file}\n"
        "media: {root: images/, kind: image}\nmasks: {path: masks, classes: {road: 1, car: 2}, ignore: [255]}\n"
        f"versions: {{{versions}}}\n"
    )
    return folder / "reportgen.yaml"


class Regions(Boxed):
    """A report of segmentation, opened at a sample of the examples page."""

    def __init__(self, folder: Path, versions: str = "v1: {predictions: v1}, v2: {predictions: v2}") -> None:
        report = pipeline.run(load_manifest(write(folder, versions)), keep_history=False)
        Written.__init__(self, report, folder, page="examples", ready="[data-rg-part=examples]")


@pytest.fixture(scope="session")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Regions:
    """Two classes that adjoin, in turned, wide, tiny and empty pictures."""
    return Regions(tmp_path_factory.mktemp("regions") / "world")


FILLED = """(stage) => {
  const image = stage.querySelector('img'), own = image.getBoundingClientRect();
  const [w, h] = [image.width, image.height];
  const found = {};
  for (const node of stage.querySelectorAll('.rg-vw-region')) {
    const path = node.querySelector('.rg-mask');
    const back = path.getScreenCTM().inverse();
    const key = node.getAttribute('aria-label').split(' · ').slice(0, 2).join(' · ');
    const cells = (found[key] = found[key] || new Array(w * h).fill(0));
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
      const seen = new DOMPoint(own.left + (x + .5) * own.width / w, own.top + (y + .5) * own.height / h);
      cells[y * w + x] += Number(path.isPointInFill(seen.matrixTransform(back)));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([key, cells]) => [key, cells.join('')])); }"""


def drawn(page: Page, side: int = 0) -> dict[str, str]:
    """The pixels that the regions of each class and kind cover where they stand on the screen, row by row."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: dict[str, str] = page.locator(".rg-vw-stage").nth(side).evaluate(FILLED)
    return found


def told(cells: dict[str, np.ndarray]) -> dict[str, str]:
    return {key: "".join(map(str, one.ravel().astype(int))) for key, one in cells.items() if one.any()}


def wanted(true: np.ndarray, said: np.ndarray) -> dict[str, str]:
    """What is to be drawn of one version."""
    found = {}
    marked = said < NONE
    for k, name in enumerate(CLASSES):
        found[f"{name} · true"] = true == k
        found[f"{name} · marked"] = said == k
        found[f"{name} · missed"] = (true == k) & ~marked
        found[f"{name} · false"] = (true == NONE) & (said == k)
        found[f"{name} · taken for {CLASSES[1 - k]}"] = (true == k) & (said == 1 - k)
    return told(found)


def test_regions_cover_the_pixels_of_the_annotation(regions: Regions, visit: Visit) -> None:
    """With holes, at borders, of adjoining classes, in turned, wide and tiny pictures, whole and enlarged."""
    opened = regions.look(visit, "plain0.png")
    page = opened.page
    for name in ("turned.jpg", "flipped.jpg", "mirrored.jpg", "upright.jpg", "wide.png", "tiny.png", "plain1.png"):
        page.goto(regions.address(("set", "all"), ("sample", name)))
        expect(page.locator(".rg-lb-id")).to_have_text(name)
        true, _, new = (drawn_as(name, one) for one in masks(name))
        size = page.locator(".rg-vw-stage img").evaluate("e => [e.height, e.width]")
        assert size == list(true.shape), name
        for key in (None, "+"):
            if key:
                page.keyboard.press(key)
            assert drawn(page) == wanted(true, new), (name, key)
    assert "squares of 2 × 2 pixels" not in page.locator(".rg-vw").inner_text()
    page.goto(regions.address(("set", "all"), ("sample", "wide.png")))
    expect(page.locator(".rg-vw figcaption")).to_contain_text("Masks are drawn in squares of 2 × 2 pixels")
    assert opened.complaints == []


def test_empty_masks_and_versions_without_one_are_in_order(regions: Regions, visit: Visit) -> None:
    """What a version marks where nothing is is false; where it has no mask the page says so."""
    opened = regions.look(visit, "empty.png")
    page = opened.page
    true, _, new = masks("empty.png")
    assert drawn(page) == wanted(true, new)
    page.goto(regions.address(("set", "all"), ("sample", "unmarked.png")))
    expect(page.locator(".rg-lb-id")).to_have_text("unmarked.png")
    expect(page.locator(".rg-vw-legend")).to_contain_text("no mask")
    assert drawn(page) == told({f"{n} · true": masks("unmarked.png")[0] == k for k, n in enumerate(CLASSES)})
    expect(page.get_by_role("button", name="What changed")).to_have_count(0)
    assert opened.complaints == []


def test_where_no_version_has_a_mask_the_true_pixels_are_counted(regions: Regions, visit: Visit) -> None:
    """As they are drawn, and about so many where a square of pixels is one."""
    opened = regions.look(visit, "nobody.png")
    page = opened.page
    chips = page.locator(".rg-vw-legend button:is([data-rg-key=truth], [data-rg-key^='class '])")
    for name, about in (("nobody.png", ""), ("broad.png", "about ")):
        page.goto(regions.address(("set", "all"), ("sample", name)))
        expect(page.locator(".rg-lb-id")).to_have_text(name)
        true = drawn_as(name, masks(name)[0])
        counts = [int((true == k).sum()) for k in range(len(CLASSES))]
        assert chips.evaluate_all("all => all.map(e => e.lastElementChild.textContent)") == [
            f"{about}{n:,}" for n in (sum(counts), *counts)
        ]
    assert opened.complaints == []


def test_of_a_version_that_is_not_looked_at_the_list_is_folded(tmp_path: Path, visit: Visit) -> None:
    """Its head stands between the two others, and its pixels by class when one asks."""
    three = Regions(tmp_path / "world", ", ".join(f"v{i + 1}: {{predictions: v{1 + i % 2}}}" for i in range(3)))
    page = three.look(visit, "plain3.png").page
    lists = page.locator(".rg-lb-pixels")
    expect(lists).to_have_count(3)
    assert [one.is_visible() for one in lists.all()] == [True, False, True]
    page.get_by_text("Pixels by class").click()
    expect(lists.nth(1)).to_be_visible()


def test_pixels_are_counted_from_cells_without_what_the_truth_ignores(regions: Regions, visit: Visit) -> None:
    page = regions.open(visit).page
    true, said = np.random.default_rng(4).integers(0, 4, (2, 500))
    found = page.evaluate(
        "([t, s]) => reportgen.regions.count({ step: 3, codes: 4, true: { code: t } }, { code: s })",
        [true.tolist(), said.tolist()],
    )
    pairs = {(t, p): 9 * int(((true == t) & (said == p)).sum()) for t in range(3) for p in range(4)}
    assert {tuple(found[i : i + 2]): found[i + 2] for i in range(0, len(found), 3)} == pairs


def test_two_versions_stand_side_by_side_with_what_changed(regions: Regions, visit: Visit) -> None:
    """Newly missed and found pixels on both sides, what is newly false on the candidate's alone."""
    opened = regions.look(visit, "plain2.png")
    page = opened.page
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator(".rg-vw-stage")).to_have_count(2)
    true, old, new = (seen("plain2.png", one) for one in masks("plain2.png"))
    sides: list[dict[str, np.ndarray]] = [{}, {}]
    for k, name in enumerate(CLASSES):
        for side in sides:
            side[f"{name} · newly missed"] = (true == k) & (old == k) & (new != k)
            side[f"{name} · newly found"] = (true == k) & (old != k) & (new == k)
        sides[0][f"{name} · no longer false"] = (true == NONE) & (old == k) & (new >= NONE)
        sides[1][f"{name} · newly false"] = (true == NONE) & (old >= NONE) & (new == k)
    assert "road · newly missed" in told(sides[0])
    assert "car · newly false" in told(sides[1])
    assert [drawn(page, side) for side in (0, 1)] == [told(side) for side in sides]
    newly = page.locator(".rg-vw-legend").get_by_role("button", name=re.compile("Newly missed"))
    n = sum(int(one.sum()) for key, one in sides[0].items() if key.endswith("newly missed"))
    expect(newly).to_contain_text(str(n))
    assert opened.complaints == []


def test_what_is_drawn_is_switched_by_keyboard(regions: Regions, visit: Visit) -> None:
    """By kind, by class, by version, all at once with B; what is switched off stays so in the next sample."""
    opened = regions.look(visit, "plain0.png")
    page = opened.page
    legend = page.locator(".rg-vw-legend")

    def press(name: str) -> str | None:
        button = legend.get_by_role("button", name=re.compile(f"^{name}"))
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_be_focused()
        pressed: str | None = button.get_attribute("aria-pressed")
        return pressed

    before = drawn(page)
    assert press("Missed") == "false"
    assert set(before) - set(drawn(page)) == {key for key in before if key.endswith("missed")}
    assert press("car") == "false"
    assert all(key.startswith("road") for key in drawn(page))
    assert press("Truth") == "false"
    assert not any(key.endswith("true") for key in drawn(page))
    page.keyboard.press("b")
    assert drawn(page) == {}
    page.keyboard.press("b")
    page.locator(".rg-vw-stage").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".rg-lb-id")).to_have_text("plain1.png")
    assert all(key.startswith("road") and not key.endswith(("true", "missed")) for key in drawn(page))
    for name in ("Missed", "Truth", "car"):
        assert press(name) == "true"
    assert {"car · true", "road · missed"} <= set(drawn(page))
    assert opened.complaints == []


def test_regions_are_walked_and_told_by_class(regions: Regions, visit: Visit) -> None:
    """The arrow keys go from region to region, each with class, kind and size; the list beside has all pixels."""
    opened = regions.look(visit, "plain3.png")
    page = opened.page
    true, old, new = masks("plain3.png")
    first = page.locator(".rg-vw-stage .rg-vw-region[tabindex='0']")
    first.focus()
    label = first.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    focused = page.locator(".rg-vw-stage .rg-vw-region:focus")
    expect(focused).to_have_count(1)
    assert re.fullmatch(
        r"(road|car) · .+ · [\d,]+ pixels?(, in small patches)?", focused.get_attribute("aria-label") or ""
    )
    assert focused.get_attribute("aria-label") != label
    shown = page.locator(".rg-vw-label:not([hidden])")
    for name in ("road", "car"):  # of each class its largest region
        expect(shown.get_by_text(name, exact=True)).not_to_have_count(0)
    lists = page.locator(".rg-lb-pixels").evaluate_all(
        "all => all.map(list => [...list.children].map(e => [e.firstChild.textContent, e.lastChild.textContent]))"
    )
    for rows, said in zip(lists, (new, old), strict=True):
        counts = {"Found": int(((true == said) & (true < NONE)).sum())}
        for k, name in enumerate(CLASSES):
            counts[f"{name} missed"] = int(((true == k) & (said >= NONE)).sum())
            counts[f"{name} false"] = int(((true == NONE) & (said == k)).sum())
            counts[f"{name} taken for {CLASSES[1 - k]}"] = int(((true == k) & (said == 1 - k)).sum())
        assert {key: int(n.replace(",", "")) for key, n in rows} == {key: n for key, n in counts.items() if n}
    assert opened.complaints == []


def test_tiles_show_regions_with_scripts_and_without(regions: Regions, visit: Visit) -> None:
    """The same tree by Python and by the script, also where cells grow; and what the hatching means stands below."""
    bare = visit(regions.address(), regions.folder.parent.as_uri() + "/", java_script_enabled=False).page
    still_tiles = bare.locator("[data-rg-static] .rg-tiles").first
    assert still_tiles.locator(".rg-regions .rg-region-class").count() > 0
    expect(bare.get_by_text("Lines fall to the right where it misses pixels")).to_be_visible()
    page = regions.open(visit).page
    expect(page.get_by_text("Lines fall to the right where it misses pixels")).to_be_visible()
    page.evaluate(
        "html => { const t = document.createElement('template'); t.innerHTML = html; window.still = t.content; }",
        still_tiles.inner_html(),
    )
    still = page.evaluate(f"() => ({TREES})([...window.still.querySelectorAll('.rg-tile')])")
    assert len(still) > 6
    assert any("noise.png" in tile for tile in still)
    assert page.locator("[data-rg-tiles] .rg-tile").evaluate_all(TREES) == still


def test_sets_by_pixels_are_tabs_in_both_directions(regions: Regions, visit: Visit) -> None:
    """Each with its number, its rule and its order; the other way round by what the other version loses."""
    page = regions.open(visit).page
    ranked = regions.report.examples.filter(set="iou_loss").sort("rank")["id"].to_list()
    page.locator("[data-rg-tabs] [data-rg-set=iou_loss]").click()
    expect(page.locator("[data-rg-rule]")).to_contain_text("the IoU of v2 is lower here than that of v1")
    tiles = page.locator("[data-rg-tiles] .rg-tile a")
    expect(tiles).to_have_count(len(ranked))
    shown = [re.search(r"sample=([^&]+)", one.get_attribute("href") or "") for one in tiles.all()]
    assert [one[1] for one in shown if one] == ranked
    for one in regions.report.example_sets:
        expect(page.locator(f"[data-rg-tabs] [data-rg-set={one.name}] .rg-tab-n")).to_have_text(str(one.n_total))
    page.goto(regions.address(("set", "iou_loss"), ("baseline", "v2"), ("version", "v1")))
    expect(page.locator("[data-rg-rule]")).to_contain_text("the IoU of v1 is lower here than that of v2")
    back = [re.search(r"sample=([^&]+)", one.get_attribute("href") or "") for one in tiles.all()]
    assert not {one[1] for one in back if one} & set(ranked)


def test_a_crop_shows_the_largest_region_that_is_wrong(regions: Regions, visit: Visit) -> None:
    """Where that is small in the frame; the others show the whole picture."""
    page = regions.open(visit, ("set", "all"), ("tiles", "crop")).page
    expect(page.locator("[data-rg-crop-rule]")).to_contain_text("the largest of connected pixels")
    tile = page.locator(".rg-tile").filter(has=page.locator('[href*="large.png"]'))
    box = tile.locator(".rg-region-about").evaluate(
        "e => { const b = e.getBBox(); return [b.x, b.y, b.width, b.height]; }"
    )
    assert box == [500, 300, 30, 20]
    view = [float(x) for x in (tile.locator("svg.rg-regions").get_attribute("viewBox") or "").split()]
    assert view == [467, 280, 96, 60]
    whole = page.locator(".rg-tile").filter(has=page.locator('[href*="plain0.png"]'))
    expect(whole.locator(".rg-region-about")).to_have_count(0)


def test_a_phone_shows_them_and_nothing_is_amiss(regions: Regions, visit: Visit) -> None:
    opened = regions.look(visit, "plain4.png", viewport=PHONE)
    page = opened.page
    expect(page.locator(".rg-vw-px-true").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    words, chip = (page.locator(one).first.bounding_box() for one in (".rg-vw-words", "[data-rg-key='class road']"))
    assert words
    assert chip
    assert words["height"] < chip["height"]  # else its text would stand at the upper border
    assert abs(words["y"] + words["height"] / 2 - chip["y"] - chip["height"] / 2) < 2
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {RULES})")
    assert [one["id"] for one in found["violations"]] == []
    page.keyboard.press("Escape")
    told = page.locator(".rg-tiles .rg-tile-prediction")
    assert told.count() > 1
    assert (
        told.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
    )  # counts are whole
    assert opened.complaints == []
