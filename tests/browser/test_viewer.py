"""The opened example in Chromium: boxes stand where the annotation says, and one can look into the picture."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from tests.browser.written import AXE, PHONE, RULES, TREES, Visit, Written

pytestmark = [pytest.mark.browser]

Box = tuple[float, float, float, float]

PICTURES: dict[str, tuple[tuple[int, int], int, tuple[int, int], list[Box]]] = {
    "turned.jpg": ((400, 300), 6, (400, 300), [(0, 0, 40, 20), (360, 250, 40, 50), (100, 60, 30, 90)]),
    "mirrored.jpg": ((400, 300), 4, (400, 300), [(0, 0, 40, 20), (120, 40, 60, 30)]),
    "upright.jpg": ((400, 300), 8, (300, 400), [(0, 0, 20, 40), (250, 360, 50, 40)]),
    "wide.png": ((3000, 24), 1, (3000, 24), [(0, 0, 40, 24), (2990, 10, 10, 14), (1500, 3, 12, 12)]),
    "tiny.png": ((9, 7), 1, (9, 7), [(0, 0, 9, 7), (8, 6, 1, 1)]),
    "large.png": ((2400, 1600), 1, (2400, 1600), [(0, 0, 300, 200), (2300, 1500, 100, 100), (1000, 700, 40, 30)]),
    **{f"plain{i}.png": ((120, 90), 1, (120, 90), [(10, 10, 30, 20), (70, 50, 25, 30)]) for i in range(6)},
}
"""By file: stored width and height, the EXIF orientation, the size that the annotation tells, and the boxes in it."""

UPRIGHT: dict[str, tuple[tuple[int, int], list[Box]]] = {
    "turned.jpg": ((300, 400), [(280, 0, 20, 40), (0, 360, 50, 40), (150, 100, 90, 30)]),
    "mirrored.jpg": ((400, 300), [(0, 280, 40, 20), (120, 230, 60, 30)]),
    **{name: (told, boxes) for name, (_, turned, told, boxes) in PICTURES.items() if turned in (1, 8)},
}
"""Where the boxes are in the picture as one sees it, worked out by hand."""


def write(folder: Path) -> Path:
    """The manifest of a detection report of the pictures: the first version finds all, the second not the last box."""
    (folder / "images").mkdir()
    for name, ((width, height), turned, _, _) in PICTURES.items():
        exif = Image.Exif()
        exif[0x0112] = turned
        noise = Image.effect_noise((width, height), 60).convert("RGB")
        noise.save(folder / "images" / name, **({"exif": exif} if turned > 1 else {}))
    (folder / "samples.csv").write_text("id,file,kind\n" + "".join(f"{n},{n},{n[:4]}\n" for n in PICTURES))
    numbered = list(enumerate(PICTURES, 1))
    boxes = [(i, box) for i, name in numbered for box in PICTURES[name][3]]
    truth = {
        "images": [
            {"id": i, "file_name": name, "width": PICTURES[name][2][0], "height": PICTURES[name][2][1]}
            for i, name in numbered
        ],
        "categories": [{"id": 1, "name": "cell"}, {"id": 2, "name": "dirt"}],
        "annotations": [
            {"id": n, "image_id": i, "category_id": 1, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
            for n, (i, box) in enumerate(boxes, 1)
        ],
    }
    (folder / "truth.json").write_text(json.dumps(truth))
    last = {i: PICTURES[name][3][-1] for i, name in numbered}
    old = [{"image_id": i, "category_id": 1, "bbox": box, "score": 0.9} for i, box in boxes]
    new = [one for one in old if one["bbox"] != last[one["image_id"]]]
    new += [{"image_id": 12, "category_id": 2, "bbox": [2, 60, 20, 20], "score": 0.95}]
    for name, found in (("v1", old), ("v2", new)):
        (folder / f"{name}.json").write_text(json.dumps(found))
    (folder / "reportgen.yaml").write_text(
        """title: Cells
task: detection
samples: samples.csv
columns: {id: id, media: file}
media: {root: images/}
attributes: [kind]
objects: truth.json
versions: {v1: {predictions: v1.json}, v2: {predictions: v2.json}}
"""
    )
    return folder / "reportgen.yaml"


class Boxed(Written):
    """A detection report, opened at a sample of the examples page."""

    def __init__(self, folder: Path) -> None:
        report = pipeline.run(load_manifest(write(folder)), keep_history=False)
        super().__init__(report, folder, page="examples", ready="[data-rg-part=examples]")

    def look(self, visit: Visit, name: str, **options: Any) -> Any:
        """The page with a sample opened."""
        found = super().open(visit, ("set", "all"), ("sample", name), **options)
        expect(found.page.locator(".rg-vw-stage").first).to_be_visible()
        return found


@pytest.fixture(scope="session")
def boxed(tmp_path_factory: pytest.TempPathFactory) -> Boxed:
    """Pictures that are turned, wide, tiny and large, with boxes at their borders."""
    return Boxed(tmp_path_factory.mktemp("boxed"))


DRAWN = """(stage) => {
  const rect = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; };
  const all = stage.querySelectorAll('.rg-vw-found > .rg-box, .rg-vw-missed > .rg-box');
  return [rect(stage.querySelector('img')), [...all].map(rect)]; }"""


def drawn(page: Page) -> list[Box]:
    """The boxes of true objects, in the picture's pixels measured from where the picture stands on the screen."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    stage = page.locator(".rg-vw-stage").first
    (left, top, width, height), found = stage.evaluate(DRAWN)
    own = stage.locator("img").evaluate("e => [e.width, e.height]")
    kx, ky = width / own[0], height / own[1]
    return sorted(((x - left) / kx, (y - top) / ky, w / kx, h / ky) for x, y, w, h in found)


def test_boxes_stand_where_the_annotation_says(boxed: Boxed, visit: Visit) -> None:
    """In turned, wide and tiny pictures, whole and enlarged, to a tenth of their pixels or half a one of the screen."""
    opened = boxed.look(visit, "plain0.png")
    page = opened.page
    for name, (size, boxes) in UPRIGHT.items():
        page.goto(boxed.address(("set", "all"), ("sample", name)))
        expect(page.locator(".rg-lb-id")).to_have_text(name)
        image = page.locator(".rg-vw-stage img")
        assert image.evaluate("e => [e.width, e.height]") == list(size)
        for key in (None, "+", "+"):
            if key:
                page.keyboard.press(key)
            found = drawn(page)
            width = image.evaluate("e => e.getBoundingClientRect().width")
            slack = max(0.11, 0.5 * size[0] / width)
            assert len(found) == len(boxes), name
            for got, expected in zip(found, sorted(boxes), strict=True):
                assert got == pytest.approx(expected, abs=slack), (name, key)
    assert opened.complaints == []


def test_what_is_drawn_can_be_switched(boxed: Boxed, visit: Visit) -> None:
    """Truth, versions, kinds, what changed and side by side; the choice holds for the next sample, B takes all away."""
    opened = boxed.look(visit, "plain5.png")
    page = opened.page
    legend = page.locator(".rg-vw-legend")
    shapes = page.locator(".rg-vw-box")

    def kinds() -> list[str]:
        return sorted(shapes.evaluate_all("all => all.map(e => e.classList[1].slice(6))"))

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()

    assert kinds() == ["found", "missed", "nothing", "right"]
    expect(page.locator(".rg-vw-label:visible")).to_have_text(
        ["cell · missed", "dirt 0.95 · on nothing", "cell 0.90 · right"], use_inner_text=True
    )
    press("Missed 1")
    assert kinds() == ["found", "nothing", "right"]
    press("v1 2")
    assert kinds() == ["found", "nothing", "right", "right", "right"]
    page.keyboard.press("b")
    assert kinds() == []
    press("Missed 1")
    press("What changed")
    assert kinds() == ["newly_false", "newly_missed"]
    shapes.first.focus()
    page.keyboard.press("b")
    page.keyboard.press("b")
    assert kinds() == ["newly_false", "newly_missed"]
    expect(legend).to_have_text(re.compile("v1 → v2.*Newly missed.*1.*Newly false.*1"))
    press("Side by side")
    stages = page.locator(".rg-vw-stage")
    expect(stages).to_have_count(2)
    assert [one.locator(".rg-vw-box").count() for one in stages.all()] == [1, 2]
    before, after = (one.bounding_box() for one in stages.all())
    for key, name in (("ArrowLeft", "plain4.png"), ("ArrowLeft", "plain3.png"), ("ArrowRight", "plain4.png")):
        page.keyboard.press(key)  # the switch keeps the focus
        expect(page.locator(".rg-lb-id")).to_have_text(name)
    expect(stages).to_have_count(2)
    assert [one.bounding_box() for one in stages.all()] == [before, after]
    press("What changed")
    assert kinds() == ["found", "found", "found", "missed", "right", "right", "right"]
    assert page.evaluate(f"async () => {{ {AXE}; return (await axe.run(document, {RULES})).violations; }}") == []
    assert opened.complaints == []


PAINTED = """() => new Promise((resolve) => {
  const widths = [];
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    const image = document.querySelector('.rg-vw-stage img');
    if (image) widths.push(image.getBoundingClientRect().width);
    if (widths.length < 8) requestAnimationFrame(wait); else resolve(widths);
  };
  const wait = () => painted.port2.postMessage(null);
  requestAnimationFrame(() => {
    wait();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  });
})"""
"""Turns to the next sample, and tells how wide the picture is after each of the next frames."""


def test_no_frame_shows_a_picture_in_its_own_size_first(boxed: Boxed, visit: Visit) -> None:
    page = boxed.look(visit, "plain2.png").page
    widths = page.evaluate(PAINTED)
    expect(page.locator(".rg-lb-id")).not_to_have_text("plain2.png")
    width, height = PICTURES["plain2.png"][0]
    assert widths == [pytest.approx(520 * width / height, abs=0.5)] * len(widths)


def test_one_looks_into_a_picture_by_wheel_fingers_drag_and_keys(boxed: Boxed, visit: Visit) -> None:
    """The point under the pointer stays, lines keep their width, nothing around moves; at 100% a pixel is a pixel."""
    opened = boxed.look(visit, "large.png", viewport=PHONE)
    page = opened.page
    stage = page.locator(".rg-vw-stage")
    image = stage.locator("img")
    expect(image).to_have_js_property("naturalWidth", 1024)

    def seen() -> dict[str, float]:
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return image.evaluate("e => e.getBoundingClientRect().toJSON()")

    whole, box = seen(), stage.bounding_box()
    assert box is not None
    assert {side: whole[side] for side in box} == pytest.approx(box, abs=0.5)
    assert "rg-pixels" not in (image.get_attribute("class") or "")

    x, y = box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"]
    page.mouse.move(x, y)
    page.mouse.wheel(0, -100)
    zoomed = seen()
    assert zoomed["width"] == pytest.approx(1.3 * box["width"], abs=0.5)
    assert (x - zoomed["x"]) / zoomed["width"] == pytest.approx(0.75, abs=0.003)
    page.mouse.down()
    page.mouse.move(x + 20, y + 500)
    page.mouse.up()
    dragged = seen()
    assert dragged["x"] == pytest.approx(zoomed["x"] + 20, abs=0.5)
    assert dragged["y"] == pytest.approx(box["y"], abs=0.5)  # not further than to its edge

    page.get_by_role("button", name="100%").click()
    assert seen()["width"] == pytest.approx(2400, abs=0.5)
    assert "rg-pixels" in (image.get_attribute("class") or "")  # it has fewer pixels of its own
    line = page.locator(".rg-vw-box .rg-box").first
    assert line.evaluate("e => [getComputedStyle(e).vectorEffect, getComputedStyle(e).strokeWidth]") == [
        "non-scaling-stroke",
        "2px",
    ]
    stage.focus()
    left = seen()["x"]
    page.keyboard.press("ArrowRight")
    assert seen()["x"] == pytest.approx(left - 60, abs=0.5)
    expect(page.locator(".rg-lb-id")).to_have_text("large.png")
    page.keyboard.press("0")
    assert seen()["width"] == pytest.approx(box["width"], abs=0.5)

    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in places]})

    cx, cy = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers("touchStart", (cx - 30, cy), (cx + 30, cy))
    for apart in (40, 50, 60):
        fingers("touchMove", (cx - apart, cy), (cx + apart, cy))
    fingers("touchEnd")
    assert seen()["width"] == pytest.approx(2 * box["width"], rel=0.02)
    assert stage.bounding_box() == box
    assert opened.complaints == []


def test_tiles_have_the_boxes_with_scripts_and_without(boxed: Boxed, visit: Visit) -> None:
    """The tiles that stand in the page and those that the script draws are the same tree, boxes and all."""
    bare = visit(boxed.address(), boxed.folder.parent.as_uri() + "/", java_script_enabled=False).page
    assert bare.locator("[data-rg-static] .rg-tiles").first.locator(".rg-box-missed").count() > 0
    page = boxed.open(visit).page
    page.evaluate(
        "html => { const t = document.createElement('template'); t.innerHTML = html; window.still = t.content; }",
        bare.locator("[data-rg-static] .rg-tiles").first.inner_html(),
    )
    still = page.evaluate(f"() => ({TREES})([...window.still.querySelectorAll('.rg-tile')])")
    assert len(still) > 6
    assert page.locator("[data-rg-tiles] .rg-tile").evaluate_all(TREES) == still


INSIDE = """tile => {
  const rect = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; };
  return ['a', 'img', '.rg-box.rg-box-about'].map(name => rect(tile.querySelector(name))); }"""


def test_a_crop_shows_the_hardest_object_in_its_place(boxed: Boxed, visit: Visit) -> None:
    """What is newly missed, small in the frame, is large in the tile; box and picture fit each other."""
    opened = boxed.open(visit, ("set", "all"))
    page = opened.page
    page.get_by_role("radio", name="Crop").click()
    assert "tiles=crop" in page.url
    tile = page.locator(".rg-tile").filter(has=page.locator('a[aria-label*="large.png"]'))
    expect(tile.locator(".rg-tile-part")).to_be_visible()
    (left, top, width, height), (x, y, w, h), box = tile.evaluate(INSIDE)
    scale = width / 144  # three times as high as the box, in the tile's shape
    assert (w, h) == pytest.approx((2400 * scale, 1600 * scale), abs=1)
    assert (x, y) == pytest.approx((left - 948 * scale, top - 670 * scale), abs=1)
    assert box == pytest.approx((x + 1000 * scale, y + 700 * scale, 40 * scale, 30 * scale), abs=1)
    assert box[1] + box[3] < top + height

    whole = page.locator(".rg-tile").filter(has=page.locator('a[aria-label*="plain5.png"]'))
    expect(whole.locator(".rg-tile-image")).to_be_visible()
    expect(whole.locator(".rg-tile-part")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".rg-tile-part")).to_have_count(0)
    expect(page.get_by_role("radio", name="Scene")).to_be_focused()
    assert opened.complaints == []


def test_the_other_way_round_what_was_newly_missed_is_newly_found(boxed: Boxed, visit: Visit) -> None:
    """With baseline and candidate swapped each change is its opposite, in the single file too."""
    swapped = (("set", "all"), ("baseline", "v2"), ("version", "v1"), ("sample", "plain5.png"))
    opened = boxed.open(visit, *swapped, form="single")
    page = opened.page
    page.get_by_role("button", name="What changed").click()
    legend = page.locator(".rg-vw-legend")
    expect(legend).to_have_text(re.compile("v2 → v1.*Newly found.*1.*No longer false.*1"))
    assert page.locator(".rg-vw-newly_found.rg-vw-box").get_attribute("aria-label") == "cell · newly found"
    assert page.locator(".rg-vw-no_longer_false.rg-vw-box").get_attribute("aria-label") == (
        "v2: dirt 0.95 · no longer false"
    )
    assert opened.complaints == []
