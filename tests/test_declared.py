"""From a manifest's gates, critical slices, expectations and pinned ids to the report and ``report.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

from reportgen import pipeline
from reportgen.analysis.slices import pinned_filter
from reportgen.inputs.load import load_manifest
from reportgen.model import ALL
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.media import Thumbnails
from reportgen.site.packing import pack_codes
from reportgen.site.payload import describe_samples, make_payload
from reportgen.site.report_json import SCHEMA, to_report
from reportgen.site.slice_columns import slice_columns
from tests.declared import MANIFEST, write_declared


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, Report]:
    """The samples and the report of them."""
    folder = tmp_path_factory.mktemp("declared")
    return write_declared(folder), pipeline.run(load_manifest(folder / "reportgen.yaml"))


def test_the_report_judges_what_the_manifest_declares(world: tuple[pl.DataFrame, Report]) -> None:
    """Gates, verdict, beliefs and the pinned set, each counted from the files."""
    samples, report = world
    pinned = samples.filter("pinned")
    one = report.pinned[0]

    assert [gate.state for gate in report.gates] == ["passes", "fails", "passes", "passes"]
    assert [gate.name for gate in report.gates] == [
        "Accuracy, all samples", "Accuracy, critical slices", "Recall, all samples",
        "Newly broken, rain × day × car",
    ]  # fmt: skip
    assert report.release is not None
    assert (report.release.state, report.release.sentence) == ("hold", "1 of 4 release gates fails.")
    assert [belief.state for belief in report.beliefs] == ["confirmed", "refuted", "refuted"]
    assert (one.n, one.n_unknown, one.n_missing) == (pinned.height, 1, 0)
    assert one.n_open == pinned.filter(~pl.col("v1") & ~pl.col("v2")).height
    assert one.n_closed == pinned.filter(~pl.col("v1") & pl.col("v2")).height
    assert one.n_back == pinned.filter(pl.col("v1") & ~pl.col("v2")).height
    assert one.n_right == pinned.filter(pl.col("v1") & pl.col("v2")).height


def test_gates_repeat_the_figures_of_the_tables(world: tuple[pl.DataFrame, Report]) -> None:
    """Value, interval, n and decimals are those of the line that they are about."""
    _, report = world
    critical = report.gates[1]
    table = report.comparisons.filter((pl.col("slice") == critical.slice) & (pl.col("metric") == "accuracy"))
    row = table.row(0, named=True)

    assert critical.slice == "weather=rain&time=night"
    assert (critical.value, critical.low, critical.high) == (row["delta"], row["low"], row["high"])
    assert (critical.n, critical.decimals) == (row["n"], row["decimals"])
    recall = report.gates[2]
    table = report.estimates.filter(
        (pl.col("slice") == ALL)
        & (pl.col("metric") == "recall")
        & (pl.col("class") == "van")
        & (pl.col("version") == "v2")
    )
    row = table.row(0, named=True)
    assert (recall.value, recall.low, recall.high, recall.n) == (row["value"], row["low"], row["high"], row["n"])


def test_report_json_says_so(world: tuple[pl.DataFrame, Report]) -> None:
    """It keeps its schema, and has the states, the declared slices and the file of ids."""
    _, report = world
    found: dict[str, Any] = json.loads(to_json(to_report(report)))

    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [gate["state"] for gate in found["gates"]] == ["passes", "fails", "passes", "passes"]
    assert found["release"]["state"] == "hold"
    assert found["beliefs"][1]["state"] == "refuted"
    assert found["pinned"][0]["n_unknown"] == 1
    declared = {one["id"]: one for one in found["slices"] if one["origin"] == "declared"}
    assert set(declared) == {
        "weather=rain&time=night", "time=day", "weather=rain&time=day&label=car", "pinned=old"
    }  # fmt: skip
    critical = declared["weather=rain&time=night"]
    assert (critical["critical"], critical["name"]) == ("safety case 4.2", "rainy nights")
    assert [file["role"] for file in found["inputs"]][-1] == "pinned old"
    assert "RG406" in {note["code"] for note in found["notes"]}


def test_the_browser_can_filter_by_a_pinned_set(world: tuple[pl.DataFrame, Report]) -> None:
    """The set is a filter of its own: the same name in the slices' data, in the samples' and in links."""
    samples, report = world
    name = pinned_filter("old", report.attributes)
    described: Any = describe_samples(report)["attributes"]
    catalogue: Any = slice_columns(report, 0)["attributes"]
    member = samples.sort("id")["pinned"].cast(pl.Int32) - 1

    (filter_,) = [one for one in described if one["name"] == name]
    assert filter_ == {
        "name": name, "kind": "set", "values": ["yes"], "short": ["yes"], "column": "pinned_0",
        "edges": None, "number": None, "slices": ["pinned=old"], "by_predictions": False,
    }  # fmt: skip
    assert [(one["name"], one["filters"]) for one in catalogue if one["kind"] == "pinned"] == [("pinned", [name])]
    assert make_payload(report, Thumbnails({}, {}))["pinned_0"] == pack_codes(member, 1)
    assert {dict(link.state).get(f"a.{name}") for link in report.pinned[0].links[:-1]} == {"yes"}


def test_samples_without_a_value_can_be_named(tmp_path: Path) -> None:
    """Alone and with another condition; a value called "missing" is another slice."""
    samples = (
        write_declared(tmp_path)
        .with_row_index("k")
        .select(
            "id",
            "label",
            "weather",
            time=pl.when(pl.col("k") % 4 == 0).then(pl.lit("missing")).when(pl.col("k") % 4 == 1).then("time"),
        )
    )
    samples.write_csv(tmp_path / "samples.csv")
    where, _, rest = MANIFEST.partition("critical:")
    manifest = (
        where
        + """critical:
- {where: {time: null}, why: nobody knows when}
- {where: {time: null, weather: rain}, why: nor how it rained, name: unknown rain}
gates:
- {metric: accuracy, where: {time: null}, min: 0.5}
- {metric: accuracy, where: {time: missing}, min: 0.5}
expect:
- v2 accuracy is at least 1% where weather = clear and time = null
"""
    )
    (tmp_path / "reportgen.yaml").write_text(manifest, encoding="utf-8")
    report = pipeline.run(load_manifest(tmp_path / "reportgen.yaml"))
    nothing = samples["time"].is_null()
    slices = {one.id: one for one in report.slices if one.origin == "declared"}

    assert rest
    assert {key: one.n for key, one in slices.items()} == {
        "time=missing%20value": int(nothing.sum()),
        "weather=rain&time=missing%20value": int((nothing & (samples["weather"] == "rain")).sum()),
        "weather=clear&time=missing%20value": int((nothing & (samples["weather"] == "clear")).sum()),
        "time=missing": int((samples["time"] == "missing").sum()),
    }
    assert slices["weather=rain&time=missing%20value"].name == "unknown rain"
    assert slices["weather=clear&time=missing%20value"].name == "clear × time missing"
    assert [gate.slice for gate in report.gates] == ["time=missing%20value", "time=missing"]
    assert [gate.n for gate in report.gates] == [int(nothing.sum()), int((samples["time"] == "missing").sum())]
    assert report.beliefs[0].state == "confirmed"
    catalogue: Any = slice_columns(report, 0)["attributes"]
    (time,) = [one for one in catalogue if one["name"] == "time"]
    assert dict(zip(time["values"], time["filters"], strict=True))["missing value"] == "missing: time"
    assert make_payload(report, Thumbnails({}, {}))
    jsonschema.validate(json.loads(to_json(to_report(report))), json.loads(SCHEMA.read_text(encoding="utf-8")))
