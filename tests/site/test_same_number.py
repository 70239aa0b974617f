"""A figure is the same figure wherever it stands: on every page, in the summary, in report.json and in the browser."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import jsonschema
import polars as pl
import pytest

from reportgen import numbers, pipeline
from reportgen.inputs.load import load_manifest
from reportgen.render.pages import folder_files
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.object_errors import labels_of_errors
from reportgen.site.plan import plan
from reportgen.site.report_json import SCHEMA, to_report
from reportgen.site.slice_columns import version_columns
from reportgen.summary import five_lines
from tests.conftest import MANIFESTS
from tests.object_reports import objects


class Rows(HTMLParser):
    """The rows of a page's tables, each a list of its cells' texts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.text = ""
        self._inside = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.rows[-1][-1] += data

    def of(self, label: str) -> list[list[str]]:
        """The rows that begin with a measure's name, white space made even."""
        return [[" ".join(cell.split()) for cell in row] for row in self.rows if row and row[0].startswith(label)]


@dataclass(frozen=True, eq=False)
class Told:
    """A report in all the forms that tell of it."""

    report: Report
    json: dict[str, Any]
    pages: dict[str, bytes]
    lines: tuple[str, ...]


@pytest.fixture(scope="module")
def told() -> Told:
    """Weather: two versions over the same samples, in groups."""
    report = pipeline.run(load_manifest(MANIFESTS["weather"]))
    return Told(report, dict(to_report(report)), dict(folder_files(plan(report))), five_lines(report, report.notes))


def overall(table: dict[str, Any], **wanted: str) -> dict[str, Any]:
    """The row of the leading metric over all samples."""
    keys = {"slice": "all", "metric": "accuracy", "class": None} | wanted
    at = [i for i in range(len(table["slice"])) if all(table[key][i] == value for key, value in keys.items())]
    assert len(at) == 1
    return {key: values[at[0]] for key, values in table.items() if isinstance(values, list)}


def test_report_json_agrees_with_itself(told: Told) -> None:
    """The ends of the change are the versions' own values, and the change is their distance."""
    change = overall(told.json["comparisons"])
    before, after = (overall(told.json["estimates"], version=change[end]) for end in ("baseline", "candidate"))
    assert (change["value_baseline"], change["value_candidate"]) == (before["value"], after["value"])
    assert change["delta"] == pytest.approx(after["value"] - before["value"], abs=1e-11)
    assert before["n"] == after["n"] == change["n"]


def test_pages_and_summary_print_what_report_json_has(told: Told) -> None:
    """Scorecard, Compare, the answer and the summary print both ends, the change and its interval alike."""
    change = overall(told.json["comparisons"])
    leading = (pl.col("slice") == "all") & (pl.col("metric") == "accuracy")
    places = told.report.comparisons.filter(leading).row(0, named=True)["decimals"]
    before, after = (numbers.value(change[end], "rate", places) for end in ("value_baseline", "value_candidate"))
    delta = numbers.difference(change["delta"], "rate", places)
    interval = numbers.difference_interval(change["low"], change["high"], "rate", places)
    n = numbers.count(change["n"])

    (scores,) = Rows(told.pages["index.html"]).of("Accuracy")
    assert scores[1:3] == [before, after]
    assert scores[4].endswith(delta)
    assert scores[5] == interval
    assert scores[-1] == n
    for row in Rows(told.pages["compare.html"]).of("Accuracy"):
        assert row[1] == f"{before} → {after}"
        assert row[2].endswith(delta)
        assert row[3:] == [interval, n]
    sentence = " ".join(Rows(told.pages["index.html"]).text.split())
    assert told.json["answer"]["sentence"] in sentence
    for said in (told.json["answer"]["sentence"], told.lines[1]):
        assert {before, after} <= set(re.findall(r"\d+\.\d+%", said)), said
        assert delta in said
    assert f"n = {n}" in told.lines[1]


def test_the_browser_has_the_same_values(told: Told) -> None:
    """The columns that the Slices page computes with hold report.json's values, to its 12 digits."""
    change = overall(told.json["comparisons"])
    at = [one.id for one in told.report.slices].index("all")
    for end in ("baseline", "candidate"):
        columns = version_columns(told.report, change[end])
        level = overall(told.json["estimates"], version=change[end])
        for name in ("value", "low", "high"):
            assert columns[name][at] == pytest.approx(level[name], rel=1e-9)
    assert columns["delta"][at] == pytest.approx(change["delta"], rel=1e-9)
    assert columns["delta_low"][at] == pytest.approx(change["low"], rel=1e-9)
    assert columns["delta_high"][at] == pytest.approx(change["high"], rel=1e-9)


def rows_of(table: dict[str, Any]) -> list[dict[str, Any]]:
    """A table of report.json, row by row."""
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def pair_of(table: dict[str, Any], *pair: str) -> dict[Any, dict[str, Any]]:
    """What is told of two versions over all samples, by metric and class, or by type of error."""
    own = [row for row in rows_of(table) if (row["baseline"], row["candidate"]) == pair]
    rows = [row for row in own if row.get("slice", "all") == "all"]
    return {row.get("error", (row.get("metric"), row.get("class"))): row for row in rows}


def test_compare_prints_what_report_json_has_of_objects() -> None:
    """AP and AR, and what mending each type of error gives back, of the built pair."""
    report = objects()
    told = json.loads(to_json(to_report(report)))
    jsonschema.validate(told, json.loads(SCHEMA.read_text(encoding="utf-8")))
    page = Rows(dict(folder_files(plan(report)))["compare.html"])
    gains = {(row["version"], row["error"]): row for row in rows_of(told["object_errors"]) if row["slice"] == "all"}
    changes = pair_of(told["object_gain_changes"], "v1", "v3")
    assert list(changes) == list(labels_of_errors(report))
    for error, (label, _) in labels_of_errors(report).items():
        old, new, change = gains["v1", error], gains["v3", error], changes[error]
        assert change["delta"] == pytest.approx(new["delta"], abs=1e-11) == pytest.approx(new["gain"] - old["gain"])
        places = numbers.difference_decimals(old["gain"], new["gain"], change["delta"], "rate")
        printed = [
            " → ".join(numbers.difference(one["gain"], "rate", places) for one in (old, new)),
            numbers.difference(change["delta"], "rate", places),
            numbers.difference_interval(change["low"], change["high"], "rate", places),
            f"{old['n_errors_all']} → {new['n_errors_all']}",
        ]
        assert printed in [row[1:] for row in page.of(label)], error
        assert (change["n"], change["n_groups"]) == (new["n"], new["n_groups"])


def test_report_json_tells_of_versions_what_a_report_built_for_them_does() -> None:
    """Differences of objects between two versions that are not the baseline, and the other way round negated."""
    told, there, back = (to_report(objects(pair=pair)) for pair in (("v1", "v3"), ("v2", "v3"), ("v3", "v2")))
    names = ("delta", "low", "high", "p", "q", "n", "n_groups", "verdict", "support")
    for table, built in (("object_comparisons", "comparisons"), ("object_gain_changes", "object_gain_changes")):
        found = pair_of(told[table], "v2", "v3")
        ahead, turned = pair_of(there[built], "v2", "v3"), pair_of(back[built], "v3", "v2")
        assert len(found) >= 8
        for key, row in found.items():
            for name in (one for one in names if one in row):
                assert row[name] == pytest.approx(ahead[key][name], abs=1e-11), (key, name)
            for name, other in (("delta", "delta"), ("low", "high")):
                one = turned[key][other]
                assert row[name] == (None if one is None else pytest.approx(-one, abs=1e-11)), (key, name)
    assert not pair_of(told["object_comparisons"], "v3", "v2")
    assert not pair_of(told["object_comparisons"], "v1", "v2")
