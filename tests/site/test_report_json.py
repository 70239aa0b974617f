"""report.json: it keeps its schema, its tables are whole, and it says what the report says."""

from __future__ import annotations

import json

import jsonschema
import polars as pl
import pytest

from reportgen.model import ALL
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.report_json import SCHEMA, to_report
from tests import builders, gated

REPORTS = {
    "three versions": builders.report(n=300),
    "one version": builders.one_version(n=300),
    "no attributes": builders.report(n=300, attributes=False),
    "gates": gated.held(builders.report(n=300)),
    "hostile": builders.hostile("</script>\u2028 a.b[0]"),
}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_it_keeps_its_schema(report: Report) -> None:
    """Every kind of report validates, and its keys are the schema's; some are of pixels or sets of labels alone."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    written = json.loads(to_json(to_report(report)))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema)
    assert set(written) == set(schema["required"]) <= set(schema["properties"])


@pytest.mark.parametrize(
    "table", ["estimates", "comparisons", "weaknesses", "flips", "confusions", "confusion_changes"]
)
def test_tables_are_columns_of_one_length(table: str) -> None:
    """Each table has all rows of its frame in every column; with how many decimals pages print them is left out."""
    report = REPORTS["three versions"]
    columns = to_report(report)[table]

    assert {len(column) for column in columns.values()} == {getattr(report, table).height}
    assert list(columns) == [name for name in getattr(report, table).columns if name not in {"discordance", "decimals"}]


def test_what_is_not_finite_is_null() -> None:
    """NaN and infinity in a frame become null."""
    report = REPORTS["three versions"]
    broken = report.estimates.with_columns(value=pl.lit(float("nan")), high=pl.lit(float("inf")))
    found = to_report(builders.replace(report, estimates=broken))["estimates"]

    assert set(found["value"]) == {None}
    assert set(found["high"]) == {None}


def test_examples_say_what_each_version_predicted() -> None:
    """The prediction of an example is the label in the outcome frame, and correct says whether it is the target."""
    report = REPORTS["three versions"]
    examples = to_report(report)["examples"]
    first = report.examples.row(0, named=True)
    row = report.outcomes.frame.row(first["row"], named=True)

    assert examples["id"][0] == row["id"]
    for v, name in enumerate(report.outcomes.versions):
        said = examples["versions"][name]
        assert said["prediction"][0] == report.outcomes.classes[row[f"prediction_{v}"]]
        assert said["correct"][0] == (row[f"prediction_{v}"] == row["target"])
        assert said["confidence"][0] == pytest.approx(row[f"confidence_{v}"])


def test_figures_are_those_of_the_report() -> None:
    """The overall accuracy of each version is its share of right samples."""
    report = REPORTS["three versions"]
    table = pl.DataFrame(to_report(report)["estimates"]).filter(
        (pl.col("slice") == ALL) & (pl.col("metric") == "accuracy")
    )

    for v, name in enumerate(report.outcomes.versions):
        right = report.outcomes.frame[f"correct_{v}"].mean()
        assert table.filter(pl.col("version") == name)["value"].item() == pytest.approx(right)
