"""The example of nuclei, built: what its pages and ``report.json`` say of objects."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from PIL import Image

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.report import Report
from reportgen.site.report_json import to_report
from reportgen.site.scorecard import plan_scorecard
from reportgen.tasks import detection
from tests.oracles.test_object_errors import EXPECTED, NAMES

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "nuclei"
EXAMPLE = FOLDER / "reportgen.yaml"


@pytest.fixture(scope="module")
def report() -> Report:
    return pipeline.run(load_manifest(EXAMPLE), keep_history=False)


def test_what_is_not_defined_is_no_change_and_says_why(report: Report) -> None:
    """No nucleus is larger than 32 × 32 pixels."""
    rows = {row.label: row for row in plan_scorecard(report).rows}
    for size, none in (
        ("medium", "no object between 32 × 32 and 96 × 96 pixels"),
        ("large", "no object of 96 × 96 pixels or larger"),
    ):
        for label in (f"AP, {size} objects", f"AR, {size} objects"):
            assert rows[label].why == f"not defined: {none}"
            assert (rows[label].verdict, rows[label].word, rows[label].marks) == (None, "–", ())
    assert not rows["AP, small objects"].why
    assert rows["AP, small objects"].word == "better"


def test_error_types_and_what_they_cost_are_those_of_tidecv(report: Report) -> None:
    """In ``report.json``, which keeps its schema; the counts that pages show are those from the cut-off on."""
    written: dict[str, Any] = json.loads(json.dumps(to_report(report), default=str))
    schema = json.loads((EXAMPLE.parents[2] / "reportgen" / "site" / "report.schema.json").read_text("utf-8"))
    jsonschema.validate(written, schema)
    table = written["object_errors"]
    rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
    for version in ("otsu", "watershed"):
        own = {row["error"]: row for row in rows if row["version"] == version}
        expected = EXPECTED[f"nuclei {version}"]
        for short, kind in NAMES.items():
            row = own[detection.ERRORS[kind].name]
            assert row["n_errors_all"] == expected["counts"][short]
            assert row["gain"] * 100 == pytest.approx(expected["gains"][short], abs=1e-9)
        assert own["all_false"]["gain"] * 100 == pytest.approx(expected["without_false"], abs=1e-9)
        assert own["all_missed"]["gain"] * 100 == pytest.approx(expected["without_missed"], abs=1e-9)
        assert (own["localisation_error"]["n_errors"], own["missed_error"]["n_errors"]) == {
            "otsu": (23, 55),
            "watershed": (31, 18),
        }[version]
    changes = {row.label: (row.change, row.word) for row in plan_scorecard(report).rows}
    assert changes["Missed outright"] == ("−24.0", "better")
    assert changes["Badly placed"][1] == "no clear change"
    assert "Wrong class" not in changes  # there is one class


def test_the_smallest_slice_is_said_by_the_manifests_phrase(report: Report) -> None:
    assert [one.name for one in report.slices if one.level == 1] == ["density sparse", "density normal", "dense"]
    assert report.answer.not_tested is not None
    assert report.answer.not_tested.text.endswith("the worst gap is where nuclei are dense, with 2.")


def test_the_foreground_of_masks_has_the_iou_that_is_known_of_it(example: Callable[[str], Any]) -> None:
    """To 1e-5, from ``report.json`` of the second manifest, and as it was computed without reportgen."""
    site = example("nuclei-masks")
    table = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))["estimates"]
    rows = zip(*(table[name] for name in ("slice", "version", "metric", "value")), strict=True)
    found = {version: value for place, version, metric, value in rows if (place, metric) == ("all", "iou")}
    known = json.loads((FOLDER / "reference-masks.json").read_text(encoding="utf-8"))

    assert found == pytest.approx({"otsu": 0.70289, "watershed": 0.76146}, abs=1e-5)
    assert found == pytest.approx({name: one["all"]["iou"] for name, one in known.items()}, abs=1e-9)


def test_what_pixels_are_taken_for_stands_on_the_page_of_two_versions(example: Callable[[str], Any]) -> None:
    """Shares of the true pixels, from numpy over all masks, with the number of images that intervals are over."""
    site = example("nuclei-masks")
    page = (site.folder / "compare.html").read_text(encoding="utf-8")
    assert "nucleus called background: 22.5% → 9.2% of its pixels" in page
    assert 'not independent: intervals are over <span data-rg-pixels="n">16 images</span>.' in page
    table = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))["pixel_confusions"]
    rows = zip(*(table[name] for name in ("version", "target", "prediction", "n")), strict=True)
    found = {(version, target, said): n for version, target, said, n in rows}
    for version, folder in (("otsu", "v1_otsu"), ("watershed", "v2_watershed")):
        names = sorted(path.name for path in (FOLDER / "masks").glob("*.png"))
        true, said = (
            np.stack([np.asarray(Image.open(place / name), bool) for name in names])
            for place in (FOLDER / "masks", FOLDER / "predictions" / folder)
        )
        assert found[version, "nucleus", "nucleus"] == (true & said).sum()
        assert found[version, "nucleus", "background"] == (true & ~said).sum()
        assert found[version, "background", "nucleus"] == (~true & said).sum()
        assert found[version, "background", "background"] == (~true & ~said).sum()
