"""Masks over tiles and the opened example in Chromium: the pixels that are drawn are those of the annotation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.stats.mask_strings import pack_runs
from reportgen.stats.masks import encode_masks
from tests.browser.test_viewer import Boxed
from tests.browser.written import TREES, Visit, Written

pytestmark = [pytest.mark.browser]

PICTURES: dict[str, tuple[tuple[int, int], int, bool]] = {
    "turned.jpg": ((60, 40), 6, False),
    "flipped.jpg": ((60, 40), 7, False),
    "mirrored.jpg": ((60, 40), 4, False),
    "upright.jpg": ((60, 40), 8, True),
    "wide.png": ((900, 9), 1, False),
    "tiny.png": ((5, 4), 1, False),
    **{f"plain{i}.png": ((60, 40), 1, False) for i in range(6)},
}
"""By file: width and height as stored, the EXIF orientation, and whether masks are upright already."""


def shapes(name: str) -> list[np.ndarray]:
    """The masks of a picture as the annotation has them: a frame with holes, a blob, scattered pixels at the border."""
    (width, height), turned, upright = PICTURES[name]
    if upright and turned >= 5:
        width, height = height, width
    rng = np.random.default_rng(len(name))
    frame = np.zeros((height, width), bool)
    frame[: height // 2 + 1, : width // 2 + 1] = True
    frame[1 : height // 4 + 1, 1 : width // 4] = frame[height // 2 - 1, width // 3] = False
    y, x = np.mgrid[:height, :width]
    blob = ((y - 0.7 * height) / (0.3 * height)) ** 2 + ((x - 0.7 * width) / (0.25 * width)) ** 2 < 1
    scattered = (rng.random((height, width)) < 0.3) & (x >= width - 12)
    scattered[-1, -1] = True
    return [frame, blob, scattered]


def seen(name: str, mask: np.ndarray) -> np.ndarray:
    """The mask in the picture as one sees it."""
    _, turned, upright = PICTURES[name]
    if upright:
        return mask
    exif = Image.Exif()
    exif[0x0112] = turned
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    image.info["exif"] = exif.tobytes()
    image.getexif().load(exif.tobytes())
    return np.asarray(ImageOps.exif_transpose(image)) > 0


def write(folder: Path, overlap: str) -> Path:
    """The manifest: the first version finds all with the true masks, the second lacks the last one and adds one."""
    (folder / "images").mkdir(parents=True)
    numbered = list(enumerate(PICTURES, 1))
    for name, ((width, height), turned, _) in PICTURES.items():
        exif = Image.Exif()
        exif[0x0112] = turned
        noise = Image.effect_noise((width, height), 60).convert("RGB")
        noise.save(folder / "images" / name, **({"exif": exif} if turned > 1 else {}))
    (folder / "samples.csv").write_text("id,file\n" + "".join(f"{name},{name}\n" for name in PICTURES))
    true: list[dict[str, Any]] = []
    for i, name in numbered:
        masks = encode_masks(shapes(name))
        for k in range(len(masks)):
            mask = {"size": [int(masks.height[k]), int(masks.width[k])], "counts": pack_runs(masks.of(k))}
            one = {"image_id": i, "category_id": 1, "bbox": masks.boxes[k].tolist(), "segmentation": mask}
            true.append({"id": len(true) + 1, "iscrowd": 0, "area": int(masks.area[k]), **one})
    truth = {
        "images": [{"id": i, "file_name": name} for i, name in numbered],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": true,
    }
    (folder / "truth.json").write_text(json.dumps(truth))
    keys = ("image_id", "category_id", "bbox", "segmentation")
    old = [{**{key: one[key] for key in keys}, "score": 0.9} for one in true]
    new = [one for i, one in enumerate(old, 1) if i % 3]
    for name, found in (("v1", old), ("v2", [*new, {**old[-3], "score": 0.95}])):
        (folder / f"{name}.json").write_text(json.dumps(found))
    (folder / "reportgen.yaml").write_text(
        "title: Cells\ntask: detection\nsamples: samples.csv\ncolumns: {id: id, media: file}\nmedia: {root: images/}\n"
        f"objects: {{path: truth.json, overlap: {overlap}}}\n"
        "versions: {v1: {predictions: v1.json}, v2: {predictions: v2.json}}\n"
    )
    return folder / "reportgen.yaml"


class Masked(Boxed):
    """A report of objects with masks, opened at a sample of the examples page."""

    def __init__(self, folder: Path, overlap: str) -> None:
        report = pipeline.run(load_manifest(write(folder, overlap)), keep_history=False)
        Written.__init__(self, report, folder, page="examples", ready="[data-rg-part=examples]")


@pytest.fixture(scope="session")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Masked:
    """Judged by masks."""
    return Masked(tmp_path_factory.mktemp("masked") / "by_masks", "mask")


@pytest.fixture(scope="session")
def boxed_masks(tmp_path_factory: pytest.TempPathFactory) -> Masked:
    """The same files, judged by boxes."""
    return Masked(tmp_path_factory.mktemp("masked") / "by_boxes", "box")


FILLED = """(stage) => {
  const svg = stage.querySelector('svg.rg-vw-boxes');
  const image = stage.querySelector('img'), own = image.getBoundingClientRect();
  const [w, h] = [image.width, image.height];
  return [...stage.querySelectorAll('.rg-vw-found > .rg-mask, .rg-vw-missed > .rg-mask')].map((path) => {
    const back = path.getScreenCTM().inverse();
    let found = '';
    for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
      const seen = new DOMPoint(own.left + (x + .5) * own.width / w, own.top + (y + .5) * own.height / h);
      found += Number(path.isPointInFill(seen.matrixTransform(back)));
    }
    return found; }); }"""


def drawn(page: Page) -> list[str]:
    """The pixels of the picture that each true object's mask covers where it stands on the screen, row by row."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return sorted(page.locator(".rg-vw-stage").first.evaluate(FILLED))


def test_masks_cover_the_pixels_of_the_annotation(masked: Masked, visit: Visit) -> None:
    """With holes, at borders, in turned, wide and tiny pictures, whole and enlarged: every pixel and no other."""
    opened = masked.look(visit, "plain0.png")
    page = opened.page
    for name in ("turned.jpg", "flipped.jpg", "mirrored.jpg", "upright.jpg", "wide.png", "tiny.png", "plain1.png"):
        page.goto(masked.address(("set", "all"), ("sample", name)))
        expect(page.locator(".rg-lb-id")).to_have_text(name)
        expected = [seen(name, mask) for mask in shapes(name)]
        size = page.locator(".rg-vw-stage img").evaluate("e => [e.height, e.width]")
        assert size == list(expected[0].shape), name
        texts = sorted("".join(str(int(pixel)) for pixel in mask.ravel()) for mask in expected)
        for key in (None, "+"):
            if key:
                page.keyboard.press(key)
            assert drawn(page) == texts, (name, key)
    rule = page.locator(".rg-mask").first.evaluate("e => getComputedStyle(e).fillRule")
    assert rule == "evenodd"
    assert opened.complaints == []


def test_masks_and_boxes_are_switched_by_themselves(boxed_masks: Masked, visit: Visit) -> None:
    """A report by boxes begins with them; B takes away what is drawn and brings it back; what is false is crossed."""
    opened = boxed_masks.look(visit, "plain5.png")
    page = opened.page
    drawn_masks = page.locator(".rg-vw-stage .rg-mask")
    lines = page.locator(".rg-vw-stage .rg-vw-found > .rg-box").first
    n = page.locator(".rg-vw-stage .rg-vw-box").count()

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()

    def pressed(name: str) -> str | None:
        return page.get_by_role("button", name=name, exact=True).first.get_attribute("aria-pressed")

    assert (pressed("Masks"), pressed("Boxes"), drawn_masks.count()) == ("false", "true", 0)
    box = lines.get_attribute("d") or ""
    press("Masks")
    assert drawn_masks.count() == n
    both = lines.get_attribute("d") or ""
    assert both.endswith(box)
    assert len(both) > len(box)
    press("Boxes")
    assert both == (lines.get_attribute("d") or "") + box
    y, x = np.nonzero(shapes("plain5.png")[1])
    signs = page.locator(".rg-vw-stage .rg-vw-right .rg-vw-mark")
    places = signs.evaluate_all("all => all.map(e => e.getAttribute('transform').match(/[\\d.]+/g).map(Number))")
    assert (x + 1 - y).max() in {a - b for a, b, *_ in places}  # where the mask is furthest to the upper right
    page.keyboard.press("b")
    expect(page.locator(".rg-vw-stage .rg-vw-box")).to_have_count(0)
    assert (pressed("Masks"), pressed("Boxes")) == ("false", "false")
    page.keyboard.press("b")
    assert (pressed("Masks"), pressed("Boxes"), drawn_masks.count()) == ("true", "false", n)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".rg-lb-id")).not_to_have_text("plain5.png")
    assert (pressed("Masks"), pressed("Boxes")) == ("true", "false")
    press("What changed")
    assert page.locator(".rg-vw-newly_missed > .rg-mask").count() == 1
    assert opened.complaints == []


def test_what_became_of_the_objects_stands_beside_the_picture(masked: Masked, visit: Visit) -> None:
    """By number and kind for each version; of many outlines the one to look at first has a label."""
    opened = masked.look(visit, "plain5.png")
    page = opened.page
    lists = page.locator(".rg-lb-kinds")
    told = lists.evaluate_all(
        "all => all.map(list => [...list.children].map(e => [...e.children].map(c => c.textContent)))"
    )
    assert told == [[["Found", "", "2"], ["Missed", "", "1"], ["Found twice", "", "1"]], [["Found", "", "3"]]]
    widths = lists.first.locator(".rg-lb-fill").evaluate_all("all => all.map(e => e.style.width)")
    assert widths == ["66.67%", "33.33%", "33.33%"]
    assert opened.complaints == []


def test_tiles_show_masks_with_scripts_and_without(masked: Masked, visit: Visit) -> None:
    """Where overlaps are judged by masks, those stand over the tiles: the same tree by Python and by the script."""
    bare = visit(masked.address(), masked.folder.parent.as_uri() + "/", java_script_enabled=False).page
    still_tiles = bare.locator("[data-rg-static] .rg-tiles").first
    assert still_tiles.locator(".rg-masks .rg-box-missed").count() > 0
    page = masked.open(visit).page
    page.evaluate(
        "html => { const t = document.createElement('template'); t.innerHTML = html; window.still = t.content; }",
        still_tiles.inner_html(),
    )
    still = page.evaluate(f"() => ({TREES})([...window.still.querySelectorAll('.rg-tile')])")
    assert len(still) > 6
    assert page.locator("[data-rg-tiles] .rg-tile").evaluate_all(TREES) == still
