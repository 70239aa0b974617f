"""Faults planted in annotated boxes, from the files to the page, the list and back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image

from reportgen.analysis.acted import follow_lists, keep_sets, looked_at
from reportgen.api import Wish, build_manifest
from reportgen.inspection import BoxIssues, Inspection, SampleSet
from reportgen.model import PastReport
from tests.planted_boxes import outcomes_of

N = 40
FAULTS = {3: "overlooked", 8: "badly placed", 12: "other class"}
"""The images at whose second object something is wrong with the annotation."""
BOXES = [(10.0, 10.0, 30.0, 30.0), (70.0, 40.0, 24.0, 30.0)]


MANIFEST = """
task: detection
samples: samples.csv
columns: {media: file}
objects: truth.json
media: {root: images/, kind: image}
versions: {v1: v1.json, v2: v2.json}
attributes: [house]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pets(tmp_path_factory.mktemp("pets"))


def write_pets(folder: Path) -> Path:
    """Two objects an image, a cat and a dog, which both versions find nearly exactly, in eight images of ten."""
    (folder / "images").mkdir()
    rng = np.random.default_rng(7)
    annotations: list[dict[str, Any]] = []
    said: dict[str, list[dict[str, Any]]] = {"v1": [], "v2": []}
    for i in range(N):
        Image.effect_noise((160, 100), 40).convert("RGB").save(folder / "images" / f"p{i:02}.png")
        for k, box in enumerate(BOXES):
            fault = FAULTS.get(i) if k else None
            given = [box[0] + 12, box[1] + 12, *box[2:]] if fault == "badly placed" else list(box)
            if fault != "overlooked":
                klass = 1 if fault == "other class" else k + 1
                annotations.append({"id": 100 + 2 * i + k, "image_id": i, "category_id": klass, "bbox": given})
            for name, rows in said.items():
                if fault or rng.random() < (0.75 if name == "v1" else 0.85):
                    score = 0.97 if fault else round(float(rng.uniform(0.4, 0.98)), 3)
                    near = [round(x + float(rng.normal(0, 0.5)), 1) for x in box]
                    rows.append({"image_id": i, "category_id": k + 1, "bbox": near, "score": score})
    truth = {
        "images": [{"id": i, "file_name": f"p{i:02}.png", "width": 160, "height": 100} for i in range(N)],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "<b>dog</b>"}],
        "annotations": annotations,
    }
    (folder / "truth.json").write_text(json.dumps(truth))
    for name, rows in said.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))
    rows = [f"p{i:02}.png,p{i:02}.png,{i % 4}" for i in range(N)]
    (folder / "samples.csv").write_text("id,file,house\n" + "\n".join(rows) + "\n")
    (folder / "reportgen.yaml").write_text(MANIFEST)
    return folder


def built(folder: Path, more: str = "") -> Path:
    """The site of a manifest with these further lines."""
    (folder / "reportgen.yaml").write_text(MANIFEST + more)
    wish = Wish(folder=folder / "site", force=True)
    build_manifest(folder / "reportgen.yaml", {}, wish, lambda _stage: None)
    return folder / "site"


def read_list(site: Path) -> list[dict[str, str]]:
    """The lines of the list to review."""
    text = (site / "lists" / "suspect-boxes.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_planted_faults_are_on_the_page_in_the_list_and_in_the_report(folder: Path) -> None:
    """All three, and nothing else; the page says what is not known, and what correcting would change."""
    site = built(folder)
    page = (site / "data.html").read_text(encoding="utf-8")
    report = json.loads((site / "report.json").read_text(encoding="utf-8"))
    found = report["inspection"]["boxes"]
    lines = read_list(site)

    assert {(int(one["id"][1:3]), one["kind"]) for one in lines} == set(FAULTS.items())
    by_kind = {one["kind"]: one for one in lines}
    assert (by_kind["overlooked"]["annotation"], by_kind["overlooked"]["label"]) == ("", "")
    assert by_kind["overlooked"]["suggestion"] == "<b>dog</b>"
    assert by_kind["badly placed"]["annotation"] == str(100 + 2 * 8 + 1)
    assert by_kind["other class"]["label"] == "cat"
    for name, side in zip(("x", "y", "width", "height"), BOXES[1], strict=True):
        for kind in ("overlooked", "badly placed"):
            assert float(by_kind[kind][f"suggested_{name}"]) == pytest.approx(side, abs=1.5)
        assert float(by_kind["other class"][f"suggested_{name}"]) == side  # the place is right as it is
    assert (
        by_kind["overlooked"]["evidence"]
        == "both versions say <b>dog</b> (v1 0.97, v2 0.97) where nothing is annotated"
    )
    assert found["candidates"]["kind"] == [
        {"overlooked": "overlooked", "badly placed": "misplaced", "other class": "swapped"}[one["kind"]]
        for one in lines
    ]
    assert (found["n_checked"], found["n_samples"], found["reviewed"]) == (2 * N - 1, N, None)
    assert "3 boxes look wrong or missing: 1 overlooked, 1 badly placed, 1 other class." in page
    assert "Nobody has looked at them yet" in page
    assert page.count("rg-suspect-crop") == 3
    assert "<b>dog</b>" not in page
    effects = found["effects"]
    rows = [dict(zip(effects, row, strict=True)) for row in zip(*effects.values(), strict=True)]
    f1 = {row["version"]: row for row in rows if row["group"] == "all" and row["metric"] == "f1"}
    assert f1["v1"]["corrected"] > f1["v1"]["value"]
    assert f1[None]["verdict"] in {"better", "unclear"}
    assert "Labels that look wrong" not in page


def test_the_history_tells_whose_boxes_were_mended(folder: Path) -> None:
    """A sample whose boxes or masks are others now was relabelled; in whatever order they stand they are the same."""
    outcomes = outcomes_of(folder / "reportgen.yaml")
    assert outcomes.parts is not None
    truths = outcomes.parts.truths
    assert truths is not None
    rows = np.array(sorted(FAULTS))
    made = SampleSet("suspect-boxes", "suspect boxes", "boxes", "why", rows, "relabel")
    inspection = Inspection(boxes=BoxIssues("", sets=(made,)))
    kept = PastReport(
        datetime(2026, 10, 1, tzinfo=UTC), "a" * 64, "", "", None, "v2", (), (),
        n_samples=N, sets=keep_sets(outcomes, inspection), looked_at=looked_at(inspection),
    )  # fmt: skip
    moved = truths.with_columns(left=pl.when(pl.col("sample") == 8).then(pl.col("left") + 1).otherwise(pl.col("left")))
    mask = pl.when(pl.col("sample") == 8).then(pl.lit([3, 5], pl.List(pl.UInt32)))
    masked = truths.with_columns(mask=mask.otherwise("mask"))
    for changed, n in ((truths.reverse().sort("sample", maintain_order=True), 0), (moved, 1), (masked, 1)):
        parts = replace(outcomes.parts, truths=changed)
        (acted,) = follow_lists(replace(outcomes, parts=parts), inspection, [kept])
        assert (acted.n_relabelled, acted.n_same, acted.n_still) == (n, 3 - n, 3 - n)


def test_the_reviewed_list_comes_back_with_its_precision(folder: Path) -> None:
    """Also when the annotations were mended since: what was wrong is no candidate any more, and still counts."""
    lines = read_list(built(folder))
    for one in lines:
        one["reviewed"] = "right" if one["kind"] == "badly placed" else "wrong"
    with (folder / "done.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    site = built(folder, "reviewed: done.csv\n")
    page = (site / "data.html").read_text(encoding="utf-8")
    reviewed = json.loads((site / "report.json").read_text(encoding="utf-8"))["inspection"]["boxes"]["reviewed"]

    assert (reviewed["n_candidates"], reviewed["n_wrong"], reviewed["n_corrected"]) == (3, 2, 0)
    assert reviewed["precision"] == pytest.approx(2 / 3)
    assert reviewed["low"] == pytest.approx(0.207660, abs=1e-6)
    assert "Of the 3 reviewed, 2 were wrong indeed (66.7%, 95% 20.8% to 93.9%)" in page

    truth = json.loads((folder / "truth.json").read_text())
    before = json.dumps(truth)
    swapped = next(one for one in truth["annotations"] if one["id"] == 100 + 2 * 12 + 1)
    swapped["category_id"] = 2
    (folder / "truth.json").write_text(json.dumps(truth))
    try:
        site = built(folder, "reviewed: done.csv\n")
    finally:
        (folder / "truth.json").write_text(before)
    found = json.loads((site / "report.json").read_text(encoding="utf-8"))["inspection"]["boxes"]
    assert len(found["candidates"]["rank"]) == 2
    assert (found["reviewed"]["n_candidates"], found["reviewed"]["n_wrong"]) == (3, 2)
    assert found["reviewed"]["n_corrected"] == 1
