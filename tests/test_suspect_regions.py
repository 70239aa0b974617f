"""Faults planted in annotated masks, from the files to the page, the list and back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from reportgen.analysis.acted import follow_lists, keep_sets, looked_at
from reportgen.api import Wish, build_manifest
from reportgen.inspection import Inspection, RegionIssues, SampleSet
from reportgen.model import PastReport
from tests.planted_boxes import outcomes_of

N = 30
WIDTH, HEIGHT = 160, 100
CELL, CRYSTAL, IGNORED = 10, 20, 255
"""What pixels are in the files; 0 is background."""
FAULTS = {3: "overlooked", 8: "nothing there", 12: "other class"}
"""The images of which the region on the right is annotated wrongly."""
TURNED = {3: 6, 12: 7}
"""Images that EXIF turns; masks are as they are stored."""
LEFT, RIGHT = (20, 30, 36, 30), (100, 40, 30, 40)
"""Regions of each image: left, top, width, height in its stored pixels."""

MANIFEST = """
task: segmentation
samples: samples.csv
columns: {media: file}
masks: {path: masks, classes: {cell: 10, "<b>crystal</b>": 20}, ignore: [255]}
media: {root: images/, kind: image}
tolerance: 0.2
flip_margin: 0.05
versions: {v1: v1, v2: v2}
attributes: [dish]
"""


def rectangle(mask: np.ndarray, box: tuple[int, int, int, int], value: int, grow: int = 0) -> None:
    """Draws it, larger by some pixels on each side."""
    x, y, width, height = box
    mask[y - grow : y + height + grow, x - grow : x + width + grow] = value


def write_dishes(folder: Path) -> Path:
    """A cell and a crystal an image, which both versions mark, a pixel or two off; where there is a fault, as it is."""
    for name in ("images", "masks", "v1", "v2"):
        (folder / name).mkdir(parents=True)
    for i in range(N):
        fault = FAULTS.get(i)
        exif = Image.Exif()
        exif[0x0112] = TURNED.get(i, 1)
        picture = Image.effect_noise((WIDTH, HEIGHT), 40).convert("RGB")
        picture.save(folder / "images" / f"d{i:02}.jpg", exif=exif)
        true = np.zeros((HEIGHT, WIDTH), np.uint8)
        rectangle(true, LEFT, CELL)
        true[:3] = IGNORED
        if fault != "overlooked":
            rectangle(true, RIGHT, CELL if fault == "other class" else CRYSTAL)
        Image.fromarray(true).save(folder / "masks" / f"d{i:02}.png")
        for v, name in enumerate(("v1", "v2")):
            said = np.zeros((HEIGHT, WIDTH), np.uint8)
            rectangle(said, LEFT, CELL, 2 - v)
            if fault != "nothing there":
                rectangle(said, RIGHT, CRYSTAL, 0 if fault else -1)
            Image.fromarray(said).save(folder / name / f"d{i:02}.png")
    rows = [f"d{i:02},d{i:02}.jpg,{i % 3}" for i in range(N)]
    (folder / "samples.csv").write_text("id,file,dish\n" + "\n".join(rows) + "\n")
    (folder / "reportgen.yaml").write_text(MANIFEST)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dishes(tmp_path_factory.mktemp("dishes"))


def built(folder: Path, more: str = "") -> Path:
    """The site of a manifest with these further lines."""
    (folder / "reportgen.yaml").write_text(MANIFEST + more)
    build_manifest(folder / "reportgen.yaml", {}, Wish(folder=folder / "site", force=True), lambda _stage: None)
    return folder / "site"


def read_list(site: Path) -> list[dict[str, str]]:
    """The lines of the list to review."""
    text = (site / "lists" / "suspect-regions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_report(site: Path) -> dict:  # type: ignore[type-arg]
    return json.loads((site / "report.json").read_text(encoding="utf-8"))


def test_planted_faults_are_on_the_page_in_the_list_and_in_the_report(folder: Path) -> None:
    """All three, and nothing else; the page says what correcting would change."""
    site = built(folder)
    page = (site / "data.html").read_text(encoding="utf-8")
    report = read_report(site)
    schema = Path(__file__).resolve().parent.parent / "reportgen" / "site" / "report.schema.json"
    jsonschema.validate(report, json.loads(schema.read_text(encoding="utf-8")))
    found = report["inspection"]["regions"]
    lines = read_list(site)

    assert {(int(one["id"][1:]), one["kind"]) for one in lines} == set(FAULTS.items())
    for one in lines:
        box = [int(one[name]) for name in ("x", "y", "width", "height")]
        assert box == list(RIGHT)
        assert int(one["pixels"]) == RIGHT[2] * RIGHT[3]
        assert float(one["share"]) == RIGHT[2] * RIGHT[3] / (WIDTH * HEIGHT)
    told = {one["kind"]: (one["label"], one["suggestion"], one["evidence"]) for one in lines}
    pixels = "1,200 pixels (7.5% of the image)"
    assert told == {
        "overlooked": (
            "",
            "<b>crystal</b>",
            f"both versions say <b>crystal</b>: {pixels} where nothing is annotated",
        ),
        "nothing there": (
            "<b>crystal</b>",
            "",
            f"both versions say nothing is there: {pixels} annotated as <b>crystal</b>",
        ),
        "other class": ("cell", "<b>crystal</b>", f"both versions say <b>crystal</b>: {pixels} annotated as cell"),
    }
    assert (found["n_checked"], found["n_samples"], found["reviewed"], found["silent"]) == (2 * N - 1, N, None, [])
    assert "3 regions look wrong or missing: 1 overlooked, 1 nothing there, 1 other class." in page
    assert f"beside {2 * N - 1} annotated regions" in page
    assert "Large enough are 1,080 pixels (cell) and 1,200 pixels (&lt;b&gt;crystal&lt;/b&gt;)" in page
    assert page.count("rg-suspect-crop") == 3
    assert "<b>crystal</b>" not in page
    effects = found["effects"]
    rows = [dict(zip(effects, row, strict=True)) for row in zip(*effects.values(), strict=True)]
    means = {row["version"]: row for row in rows if row["group"] == "all" and row["metric"] == "mean_iou"}
    assert means["v2"]["corrected"] > means["v2"]["value"]
    assert means["v2"]["at_least"] is None
    assert means[None]["verdict"] in {"better", "unclear"}
    assert all(row["at_least"] <= row["value"] for row in rows if row["at_least"] is not None)
    assert "Labels that look wrong" not in page


def test_a_report_with_corrected_masks_has_the_corrected_figures(folder: Path) -> None:
    """Built anew from masks that were corrected by hand: every metric of every version."""
    before = read_report(built(folder))["inspection"]["regions"]["effects"]
    kept = {}
    for i, fault in FAULTS.items():
        path = folder / "masks" / f"d{i:02}.png"
        kept[path] = path.read_bytes()
        mask = np.array(Image.open(path))
        rectangle(mask, RIGHT, 0 if fault == "nothing there" else CRYSTAL)
        Image.fromarray(mask).save(path)
    try:
        after = read_report(built(folder))
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
    figures = after["estimates"]
    whole = {
        (figures["version"][i], figures["metric"][i]): figures["value"][i]
        for i in range(len(figures["slice"]))
        if figures["slice"][i] == "all" and figures["class"][i] is None
    }
    told = 0
    for i, version in enumerate(before["version"]):
        if version is not None and before["group"][i] == "all":
            assert before["corrected"][i] == pytest.approx(whole[version, before["metric"][i]], abs=1e-11)
            told += 1
    assert told == 10
    assert after["inspection"]["regions"]["candidates"]["rank"] == []


def test_the_history_tells_whose_masks_were_mended(folder: Path) -> None:
    """One whose pixels are elsewhere, as many as before, was mended."""
    outcomes = outcomes_of(folder / "reportgen.yaml")
    rows = np.array(sorted(FAULTS))
    made = SampleSet("suspect-regions", "suspect regions", "regions", "why", rows, "relabel")
    inspection = Inspection(regions=RegionIssues("", sets=(made,)))
    kept = PastReport(
        datetime(2026, 10, 1, tzinfo=UTC), "a" * 64, "", "", None, "v2", (), (),
        n_samples=N, sets=keep_sets(outcomes, inspection), looked_at=looked_at(inspection),
    )  # fmt: skip
    path = folder / "masks" / "d08.png"
    content = path.read_bytes()
    Image.fromarray(np.roll(np.array(Image.open(path)), 1, axis=0)).save(path)
    try:
        mended = outcomes_of(folder / "reportgen.yaml")
    finally:
        path.write_bytes(content)
    for now, n in ((outcomes, 0), (mended, 1)):
        (acted,) = follow_lists(now, inspection, [kept])
        assert (acted.n_relabelled, acted.n_same, acted.n_still) == (n, 3 - n, 3 - n)


def test_the_reviewed_list_comes_back_with_its_precision(folder: Path) -> None:
    """Also when a mask was mended since; a line that somebody added is no candidate."""
    lines = read_list(built(folder))
    for one in lines:
        one["reviewed"] = "right" if one["kind"] == "nothing there" else "wrong"
    own = dict.fromkeys(lines[0], "") | {"id": "d20", "kind": "overlooked", "x": "1", "y": "5", "reviewed": "wrong"}
    with (folder / "done.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows([*lines, own | {"width": "4", "height": "4"}])
    site = built(folder, "reviewed: done.csv\n")
    page = (site / "data.html").read_text(encoding="utf-8")
    reviewed = read_report(site)["inspection"]["regions"]["reviewed"]

    assert (reviewed["n_candidates"], reviewed["n_wrong"], reviewed["n_others"]) == (3, 2, 1)
    assert reviewed["n_corrected"] == 0
    assert reviewed["precision"] == pytest.approx(2 / 3)
    assert "Of the 3 reviewed, 2 were wrong indeed (66.7%, 95% 20.8% to 93.9%)" in page

    path = folder / "masks" / "d12.png"
    content = path.read_bytes()
    mask = np.array(Image.open(path))
    rectangle(mask, RIGHT, CRYSTAL)
    Image.fromarray(mask).save(path)
    try:
        found = read_report(built(folder, "reviewed: done.csv\n"))["inspection"]["regions"]
    finally:
        path.write_bytes(content)
    assert len(found["candidates"]["rank"]) == 2
    assert (found["reviewed"]["n_candidates"], found["reviewed"]["n_wrong"]) == (3, 2)
    assert found["reviewed"]["n_corrected"] == 1


def test_with_one_version_the_page_says_what_that_means(folder: Path) -> None:
    """And without a candidate there is neither a list nor a claim."""
    manifest = MANIFEST.replace("{v1: v1, v2: v2}", "{v1: v1}")
    (folder / "alone.yaml").write_text(manifest)
    build_manifest(folder / "alone.yaml", {}, Wish(folder=folder / "alone", force=True), lambda _stage: None)
    page = (folder / "alone" / "data.html").read_text(encoding="utf-8")
    assert "The version marks a region otherwise than annotated" in page
    assert "With one version alone its own mistakes look like faults of the annotation." in page
    assert {one["kind"] for one in read_list(folder / "alone")} == set(FAULTS.values())


def test_where_nothing_looks_wrong_the_page_says_so(tmp_path: Path) -> None:
    folder = write_dishes(tmp_path / "dishes")
    for i in FAULTS:
        for side in ("masks", "v1", "v2"):
            mask = Image.open(folder / side / "d00.png").copy()
            mask.save(folder / side / f"d{i:02}.png")
    site = built(folder)
    page = (site / "data.html").read_text(encoding="utf-8")
    assert "No annotated region looks wrong." in page
    assert not (site / "lists" / "suspect-regions.csv").exists()
