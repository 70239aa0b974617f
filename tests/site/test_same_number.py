"""A figure is the same figure wherever it stands: on every page, in the summary, in report.json and in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from reportgen import numbers, pipeline
from reportgen.inputs.load import load_manifest
from reportgen.render.pages import folder_files
from reportgen.report import Report
from reportgen.site.plan import plan
from reportgen.site.report_json import to_report
from reportgen.site.slice_columns import version_columns
from reportgen.summary import five_lines
from tests.conftest import MANIFESTS


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
