"""Images, texts and attributes with planted problems, from the manifest to the page, report.json and the lists."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from reportgen.api import Wish, build_manifest

SOUND = 24
HOSTILE = '<script>alert("a")</script>'


@dataclass(frozen=True)
class Built:
    """A built report: its inspection, its slices, its table of problems by name, the Data page, and its folder."""

    inspection: dict[str, Any]
    slices: list[dict[str, Any]]
    rows: dict[str, list[str]]
    page: str
    folder: Path

    def ids(self, key: str) -> list[str]:
        """The ids that a check found."""
        (one,) = [one for one in self.inspection["samples"]["checks"] if one["key"] == key]
        return list(one["ids"])

    def listed(self, key: str) -> list[str]:
        """The ids of the list that one takes away."""
        with (self.folder / "lists" / f"{key}.csv").open(encoding="utf-8", newline="") as file:
            return [row["id"] for row in csv.DictReader(file)]


def photograph(seed: int, size: tuple[int, int] = (96, 72)) -> Image.Image:
    """A picture in which nothing is odd: colours of all kinds, from dark to bright, with edges."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (9, 12, 3)).astype(np.uint8)
    pixels = np.asarray(Image.fromarray(blocks).resize(size, Image.Resampling.BILINEAR)).astype(np.float64)
    return Image.fromarray(np.clip(pixels + rng.normal(0, 12, pixels.shape), 0, 255).astype(np.uint8))


def scaled(image: Image.Image, factor: float, shift: float = 0) -> Image.Image:
    """The picture with other brightness."""
    return Image.fromarray(np.clip(np.asarray(image) * factor + shift, 0, 255).astype(np.uint8))


def out_of_focus(image: Image.Image) -> Image.Image:
    """The picture so blurred that nothing but a slow fade is left."""
    fade = np.linspace(0, 110, image.width)[None, :, None]
    return Image.fromarray((np.asarray(image) * 0.25 + fade).astype(np.uint8)).filter(ImageFilter.GaussianBlur(6))


def build(folder: Path, columns: dict[str, list[Any]], manifest: str) -> Built:
    """The report of these samples, of which two versions get every fourth and every third wrong."""
    n = len(next(iter(columns.values())))
    names = [f"s{i:03}" for i in range(n)]
    label = ["car" if i % 2 else "van" for i in range(n)]
    with (folder / "samples.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "label", *columns])
        out.writerows(zip(names, label, *columns.values(), strict=True))
    for name, every in (("v1", 4), ("v2", 3)):
        said = [f"{names[i]},{label[i] if i % every else 'bus'}" for i in range(n)]
        (folder / f"{name}.csv").write_text("id,prediction\n" + "\n".join(said) + "\n", encoding="utf-8")
    (folder / "reportgen.yaml").write_text(
        "task: classification\nsamples: samples.csv\nclasses: [bus, car, van]\n"
        f"versions: {{v1: v1.csv, v2: v2.csv}}\n{manifest}",
        encoding="utf-8",
    )
    build_manifest(folder / "reportgen.yaml", {}, Wish(folder=folder / "site", force=True), lambda _stage: None)
    report = json.loads((folder / "site" / "report.json").read_text(encoding="utf-8"))
    page = (folder / "site" / "data.html").read_text(encoding="utf-8")
    return Built(report["inspection"], report["slices"], problem_rows(page), page, folder / "site")


def problem_rows(page: str) -> dict[str, list[str]]:
    """The cells of the table of problems, by its row heads; a mark that nothing was found is its label."""
    table = re.search(r'<table class="rg-table rg-problems">.*?</table>', page, re.S)
    assert table is not None
    rows = {}
    for row in re.findall(r'<tr><th scope="row".*?</tr>', table[0], re.S):
        spoken = re.sub(r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r"\1", row, flags=re.S)
        cells = re.findall(r"<t[hd].*?</t[hd]>", spoken, re.S)
        head, *rest = [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]
        rows[head] = rest
    return rows


PLANTED: dict[str, tuple[str, Callable[[Image.Image], Image.Image]]] = {
    "very-dark": ("Very dark", lambda image: scaled(image, 0.2)),
    "over-exposed": ("Over-exposed", lambda image: scaled(image, 0.04, 245)),
    "blurred": ("Blurred", out_of_focus),
    "low-information": ("Low information", lambda image: Image.new("RGB", image.size, (200, 90, 60))),
    "odd-size": ("Odd size", lambda image: image.resize((480, 360))),
    "odd-aspect-ratio": ("Odd aspect ratio", lambda image: image.resize((144, 48))),
    "grey-among-colour": ("Grey among colour", lambda image: image.convert("L").convert("RGB")),
}


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, dict[str, str]]:
    """A report of sound images and one of each problem, and the id of the sample that has it."""
    folder = tmp_path_factory.mktemp("images")
    (folder / "images").mkdir()
    files = []
    for i in range(SOUND):
        files.append(f"{i}.png")
        photograph(i).save(folder / "images" / files[-1])
    planted = {}
    for i, (key, (_, spoil)) in enumerate(PLANTED.items()):
        planted[key] = f"s{len(files):03}"
        files.append(f"{key}.png")
        spoil(photograph(100 + i)).save(folder / "images" / files[-1])
    planted["truncated-image"] = f"s{len(files):03}"
    photograph(200).save(folder / "images" / "whole.jpg")
    whole = (folder / "images" / "whole.jpg").read_bytes()
    (folder / "images" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    files.append("cut.jpg")
    planted["image-not-found"] = f"s{len(files):03}"
    files.append("nowhere.png")
    manifest = "columns: {target: label, media: image}\nmedia: {kind: image, root: images/}\nattributes: [image]\n"
    return build(folder, {"image": files}, manifest), planted


@pytest.mark.parametrize("key", [*PLANTED, "truncated-image", "image-not-found"])
def test_each_problem_of_images_is_told(images: tuple[Built, dict[str, str]], key: str) -> None:
    """Its sample alone has it: in report.json, in the list, in a row with the count and a counted link."""
    built, planted = images
    name = {"truncated-image": "Truncated", "image-not-found": "Image not found"}.get(key) or PLANTED[key][0]

    assert built.ids(key) == [planted[key]]
    assert built.listed(key) == [planted[key]]
    assert built.rows[name][0] == "1"
    assert built.rows[name][-2:] == ["too few to tell", "See 1"]


def test_the_table_of_images_says_what_was_checked_too(images: tuple[Built, dict[str, str]]) -> None:
    """A check that found nothing has its row and its mark; the strip counts the samples with any problem."""
    built, planted = images

    assert built.rows["Unreadable otherwise"] == ["0", "–", "–", "–", "", "nothing found"]
    assert built.inspection["samples"]["n_found"] == len(planted)
    assert built.inspection["samples"]["n_unlooked"] == 0
    assert "Image problems" in built.page
    assert "data-rg-count=" in built.page


def test_each_problem_of_texts_is_told(tmp_path: Path) -> None:
    """Empty, very short and repetitive texts: report.json names the ids, the page counts them and leads to them."""
    said = [f"a sentence about the thing that was seen on day {i}" for i in range(SOUND)]
    said += ["", "  ", "so good", "yes", "again and again " * 6]
    built = build(
        tmp_path, {"text": said}, "columns: {target: label, media: text}\nmedia: {kind: text}\nattributes: []\n"
    )

    assert built.ids("empty-text") == ["s024", "s025"]
    assert built.ids("very-short-text") == ["s027", "s026"]
    assert built.ids("repetitive-text") == ["s028"]
    assert {name: (cells[0], cells[-1]) for name, cells in built.rows.items()} == {
        "Empty": ("2", "See 2"),
        "Very short": ("2", "See 2"),
        "Repetitive": ("1", "See 1"),
    }
    assert "<h2>Texts</h2>" in built.page


def test_metadata_is_told_whatever_its_columns_are_called(tmp_path: Path) -> None:
    """Missing, constant, imbalanced, id-like and twice-told columns; names stand as text, never as markup."""
    n = 60
    weather = ["rain" if i % 3 else "sun" for i in range(n)]
    built = build(
        tmp_path,
        {
            HOSTILE: ["" if i < 7 else weather[i] for i in range(n)],
            "code": [{"rain": "R", "sun": "S"}[one] for one in weather],
            "site": ["Oslo"] * n,
            "rare": ["yes" if i == 9 else "no" for i in range(n)],
            "file": [f"{i}.bin" for i in range(n)],
        },
        "columns: {target: label}\n",
    )
    found = built.inspection["attributes"]

    assert {one["name"]: one["shape"] for one in found["columns"]} == {
        HOSTILE: "varied",
        "code": "varied",
        "site": "constant",
        "rare": "imbalanced",
        "file": "id-like",
    }
    assert found["missing"] == {"missing-script-alert-a-script": [f"s{i:03}" for i in range(7)]}
    assert [(one["name"], one["other"], one["mutual"]) for one in found["pairs"]] == [(HOSTILE, "code", True)]
    assert built.rows[f"Missing: {HOSTILE}"][0] == "7"
    assert built.rows[f"Missing: {HOSTILE}"][-1] == "See 7"
    assert built.rows["Missing: 4 other columns"][-1] == "nothing found"
    assert HOSTILE not in built.page
    (slice_,) = [one for one in built.slices if [term["value"] for term in one["terms"]] == ["missing"]]
    assert (slice_["terms"][0]["attribute"], slice_["n"]) == (HOSTILE, 7)
    assert "<h2>Metadata</h2>" in built.page
    assert built.inspection["samples"] is None
    assert "The manifest names no column of images or texts." in unescape(built.page)
