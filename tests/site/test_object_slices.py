"""The section of slices of objects: its lines are the report's figures, and its links lead to such objects."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.render.serialise import to_json
from reportgen.report import ObjectSlices, Report
from reportgen.site.kind_payload import describe_kinds
from reportgen.site.object_slices import MAX_PAIRS, ObjectsView, plan_objects
from reportgen.site.report_json import SCHEMA, to_report
from tests import builders

NUCLEI = Path(__file__).resolve().parents[2] / "examples" / "nuclei"


@pytest.fixture(scope="module")
def report() -> Report:
    return pipeline.run(load_manifest(NUCLEI / "reportgen.yaml"), keep_history=False)


@pytest.fixture(scope="module")
def objects(report: Report) -> ObjectSlices:
    assert report.objects is not None
    return report.objects


@pytest.fixture(scope="module")
def view(report: Report) -> ObjectsView:
    found = plan_objects(report)
    assert found is not None
    return found


def overlapping() -> list[tuple[str, int]]:
    """The nuclei whose box shares some area with another one's, from the file: image, and place in it."""
    truth = json.loads((NUCLEI / "truth.coco.json").read_text(encoding="utf-8"))
    found = []
    for image in truth["images"]:
        boxes = [one["bbox"] for one in truth["annotations"] if one["image_id"] == image["id"]]
        for i, (x, y, w, h) in enumerate(boxes):
            others = (other for j, other in enumerate(boxes) if j != i)
            if any(x < a + c and a < x + w and y < b + d and b < y + h for a, b, c, d in others):
                found.append((image["sample_id"], i + 1))
    return found


def test_nuclei_that_overlap_are_those_of_the_file_and_splitting_finds_them(
    report: Report, objects: ObjectSlices
) -> None:
    """The example's point, end to end: of what overlaps, ``otsu`` finds next to none, and ``watershed`` most."""
    ids = {f"{sample}#{place}" for sample, place in overlapping()}
    frame = objects.outcomes.frame.filter(pl.col("id").is_in(list(ids)))
    row = objects.comparisons.filter(pl.col("slice") == "crowding=overlaps%20another").row(0, named=True)
    assert row["n"] == len(ids) == frame.height
    assert row["n_groups"] == len({sample for sample, _ in overlapping()})
    assert row["value_baseline"] == pytest.approx(frame["correct_0"].mean())
    assert row["value_candidate"] == pytest.approx(frame["correct_1"].mean())
    assert row["verdict"] == "better"
    assert row["value_baseline"] < 0.2
    assert row["value_candidate"] > 0.6
    assert report.outcomes.parts is not None
    assert objects.outcomes.frame["correct_1"].sum() == report.outcomes.parts.counts[1].right.sum()


def test_lines_by_one_attribute_stand_in_its_order_with_objects_and_images(view: ObjectsView) -> None:
    (crowding,) = [one for one in view.table.by_one if one.name == "crowding"]
    assert [row.name for row in crowding.rows] == ["overlaps another", "close to another", "apart"]
    assert (crowding.rows[0].n, crowding.rows[0].n_groups) == ("54", "11 images")
    assert crowding.rows[0].levels == "14.81% → 62.96%"
    assert crowding.rows[0].link.state == (
        ("set", "all"),
        ("version", "watershed"),
        ("objects", "all"),
        ("o.crowding", "overlaps another"),
        ("tiles", "crop"),
    )
    assert "share" in crowding.text or "shares" in crowding.text


def test_the_axes_are_those_of_slices_by_one_attribute_and_of_clear_changes(
    view: ObjectsView, report: Report, objects: ObjectSlices
) -> None:
    """The many others, of few objects each, do not stretch them."""
    clear = set(objects.comparisons.filter(pl.col("verdict").is_in(["better", "worse"]))["slice"])
    leading = tuple(one for one in objects.slices if one.level <= 1 or one.id in clear)
    own = pl.col("slice").is_in([one.id for one in leading])
    without = plan_objects(
        replace(
            report,
            objects=replace(
                objects,
                slices=leading,
                estimates=objects.estimates.filter(own),
                comparisons=objects.comparisons.filter(own),
            ),
        )
    )
    assert without is not None
    assert len(leading) < len(objects.slices)
    assert without.table.scales == view.table.scales
    change = view.table.scales.change
    assert change is not None
    deciding = objects.comparisons.filter(own & (pl.col("support") == "decide"))
    assert deciding.height
    assert all(change.holds(value) for value in [*deciding["low"], *deciding["high"]])


def test_the_key_counts_what_the_tables_say(view: ObjectsView, objects: ObjectSlices) -> None:
    tested = objects.comparisons.filter(pl.col("q").is_not_null()).height
    better = objects.comparisons.filter(pl.col("verdict") == "better").height
    start = f"Of {tested} kinds tested, watershed finds {better} more often than otsu and none less often"
    assert view.key.startswith(start)
    one = objects.comparisons.filter(pl.col("q").is_not_null() & ~pl.col("slice").str.contains("&")).height
    assert f"the {one} tests by one attribute, and for the {tested - one} by two" in view.note
    assert [f.n_tested for f in objects.families if f.baseline] == [one, tested - one]


def test_of_many_pairs_the_most_telling_stand_in_the_page(view: ObjectsView, objects: ObjectSlices) -> None:
    more = sum(one.level > 1 for one in objects.slices)
    assert len(view.table.by_more.rows) == MAX_PAIRS < more
    assert view.table.by_more.text.endswith(f"the {MAX_PAIRS} most telling of {more}")
    shown = {row.id for row in view.table.by_more.rows}
    clear = objects.comparisons.filter(pl.col("verdict") == "better")["slice"]
    assert {one for one in clear if "&" in one} <= shown


def test_a_report_without_objects_has_no_such_section() -> None:
    report = builders.report(n=300)
    assert plan_objects(report) is None
    assert describe_kinds(report) is None
    assert to_report(report)["objects"] is None


def test_report_json_has_the_tables_and_keeps_its_schema(report: Report, objects: ObjectSlices) -> None:
    written = json.loads(to_json(to_report(report)))
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert written["objects"]["n"] == 154
    assert len(written["objects"]["estimates"]["slice"]) == 2 * len(written["objects"]["slices"])
    assert "all" not in written["objects"]["estimates"]["slice"]
    assert np.all(np.diff(objects.samples) >= 0)
