"""Versions that find nothing, and data in which there is nothing to find: reports like any other, told as they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.report import Report
from tests.browser.written import DESKTOP, Visit, Written

pytestmark = [pytest.mark.browser]

N = 40


def build(folder: Path, truths: Sequence[int], **versions: Sequence[int]) -> Report:
    """A detection report with one box in each of these samples, by the truth and by each version."""
    boxes = [{"image_id": i, "category_id": 1, "bbox": [10, 10, 20, 20]} for i in range(N)]
    truth = {
        "images": [{"id": i, "file_name": f"s{i:02}.png", "width": 100, "height": 80} for i in range(N)],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": [{**boxes[i], "id": i + 1, "area": 400, "iscrowd": 0} for i in truths],
    }
    (folder / "truth.json").write_text(json.dumps(truth))
    for name, rows in versions.items():
        (folder / f"{name}.json").write_text(json.dumps([{**boxes[i], "score": 0.9} for i in rows]))
    (folder / "samples.csv").write_text("id,light\n" + "".join(f"s{i:02},{'dn'[i % 2]}\n" for i in range(N)))
    listed = ", ".join(f"{name}: {name}.json" for name in versions)
    (folder / "reportgen.yaml").write_text(
        f"task: detection\nsamples: samples.csv\nattributes: [light]\nobjects: truth.json\nversions: {{{listed}}}\n"
    )
    return pipeline.run(load_manifest(folder / "reportgen.yaml"), keep_history=False)


def primary(report: Report) -> dict[str, float | None]:
    """F1 over all samples, by version."""
    whole = report.estimates.filter(slice="all", metric="f1").filter(pl.col("class").is_null())
    return dict(whole.select("version", "value").iter_rows())


CASES: dict[str, tuple[dict[str, Any], dict[str, float | None]]] = {
    "one version finds nothing": ({"truths": range(20), "v1": (), "v2": range(20)}, {"v1": 0.0, "v2": 1.0}),
    "no version finds anything": ({"truths": range(20), "v1": (), "v2": ()}, {"v1": 0.0, "v2": 0.0}),
    "nothing is annotated": ({"truths": (), "v1": range(20), "v2": range(5)}, {"v1": 0.0, "v2": 0.0}),
    "nothing at all": ({"truths": (), "v1": (), "v2": ()}, {"v1": None, "v2": None}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_page_tells_of_it(name: str, visit: Visit, tmp_path: Path) -> None:
    made, figures = CASES[name]
    report = build(tmp_path, **made)
    written = Written(report, tmp_path, page="index", ready="h1:visible")

    assert primary(report) == figures
    told = [one.message for one in report.notes if one.code == "RG359"]
    assert told == (
        []
        if made["truths"]
        else [f"no object is annotated in any of {N} samples: whatever a version finds counts as false"]
    )
    for page in sorted(written.folder.glob("*.html")):
        found = visit(page.as_uri(), written.folder.as_uri(), viewport=DESKTOP)
        found.page.wait_for_timeout(200)
        assert found.complaints == [], page.name
        found.leave()
