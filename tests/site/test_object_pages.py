"""Errors by type, changes object by object, AP and overlaps on pages: each number is that of the report's tables."""

from __future__ import annotations

import polars as pl
import pytest

from reportgen import numbers
from reportgen.analysis.object_changes import STILL
from reportgen.analysis.object_words import CHANGES, ERRORS
from reportgen.report import Report
from reportgen.site.object_errors import labels_of_errors, plan_errors_by_type
from reportgen.site.object_pairs import object_pairs, plan_object_chart, plan_object_pair, plan_objects
from reportgen.tasks import detection
from tests import builders
from tests.object_reports import objects


@pytest.fixture(scope="module")
def report() -> Report:
    return objects()


def test_errors_are_counted_linked_and_priced_in_every_version(report: Report) -> None:
    view = plan_errors_by_type(report)
    assert view is not None
    labels = [metric.info.label for metric in detection.ERRORS.values()]
    assert [row.plain for row in view.rows[:-2]] == [one.plain for one in ERRORS.values()]
    assert [row.label for row in view.rows] == [*labels, "All that is false", "All that is missed"]
    assert [line[0] for line in view.counts.table] == [*labels, "All"]
    assert view.versions == (("v1", "baseline"), ("v2", "other"), ("v3", "candidate"))
    table = {(r["version"], r["error"]): r for r in report.object_errors.iter_rows(named=True) if r["slice"] == "all"}
    for metric, row, line in zip(detection.ERRORS.values(), view.rows, view.counts.table, strict=False):
        for cell, drawn in zip(row.cells, line[1:], strict=True):
            own = table[cell.version, metric.name]
            assert cell.count == drawn == numbers.count(own["n_errors"])
            assert cell.gain == numbers.difference(own["gain"], "rate")
            if own["n_samples"]:
                assert cell.samples is not None
                assert cell.samples.count == own["n_samples"]
                assert dict(cell.samples.state)["set"] == metric.name
    states = [dict(cell.samples.state) for cell in view.rows[1].cells if cell.samples is not None]
    assert [(one.get("baseline"), one.get("version")) for one in states] == [("v3", "v1"), (None, "v2"), (None, None)]


def test_any_two_versions_have_their_changes(report: Report) -> None:
    """By the places of both; the other way round what is missed is found."""
    pairs = object_pairs(report)
    assert len(pairs) == 6
    there, back = plan_object_pair(report, "v2", "v3"), plan_object_pair(report, "v3", "v2")
    counts = [{row.name: row.count for row in one.changes} for one in (there, back)]
    assert counts[0]["newly_missed"] == counts[1]["newly_found"]
    assert counts[0]["no_longer_false"] == counts[1]["newly_false"]
    assert counts[0]["moved"] == counts[1]["moved"]
    assert [row.label for row in there.changes] == [one.label for one in CHANGES.values()]
    assert there.changes[0].plain == "v2 finds an object that v3 misses"
    assert there.changes[-1].plain.endswith(f"by less than {STILL}")
    told = report.object_changes.filter(baseline="v2", candidate="v3")
    assert [row.verdict for row in there.changes] == told["verdict"].to_list()
    assert (there.chart, plan_object_pair(report, "v1", "v3").chart) == ("1-2", "")
    row = report.placements.filter((pl.col("first") == "v2") & (pl.col("second") == "v3")).row(0, named=True)
    assert numbers.signed(row["delta"], 2) in there.placed
    assert numbers.signed(-row["delta"], 2) in back.placed
    assert there.placed.startswith(f"Of the {row['n']} objects that both find, v2 overlaps")


def test_what_mending_gives_back_stands_for_any_two_versions(report: Report) -> None:
    """The gains of both, their difference and its interval; the other way round it is turned."""
    there, back = (plan_object_pair(report, *pair).gains for pair in (("v2", "v3"), ("v3", "v2")))
    gains = {(row["version"], row["error"]): row for row in report.object_errors.filter(slice="all").rows(named=True)}
    change = report.object_gain_changes.row(
        by_predicate=(pl.col("baseline") == "v2") & (pl.col("candidate") == "v3") & (pl.col("error") == "missed_error"),
        named=True,
    )
    old, new = gains["v2", "missed_error"], gains["v3", "missed_error"]
    place = list(labels_of_errors(report)).index("missed_error")
    decimals = numbers.difference_decimals(old["gain"], new["gain"], change["delta"], "rate")
    assert there[place].counts == f"{old['n_errors_all']} → {new['n_errors_all']}"
    assert there[place].change == numbers.difference(change["delta"], "rate", decimals)
    assert there[place].interval == numbers.difference_interval(change["low"], change["high"], "rate", decimals)
    assert back[place].change == numbers.difference(-change["delta"], "rate", decimals)
    assert back[place].interval == numbers.difference_interval(-change["high"], -change["low"], "rate", decimals)
    assert len(there) == len(back) == len(plan_errors_by_type(report).rows)  # type: ignore[union-attr]


def test_average_precision_stands_by_size_and_class_with_its_change(report: Report) -> None:
    view = plan_objects(report)
    assert view is not None
    assert [line[0] for line in view.precision.table] == ["All objects", "Small", "Medium", "Large", "c0", "c1", "c2"]
    change = report.comparisons.filter(
        pl.col("metric") == "ap", pl.col("class") == "c1", pl.col("candidate") == "v3", pl.col("slice") == "all"
    ).row(0, named=True)
    line = view.precision.table[5]
    assert line[1] == numbers.value(change["value_baseline"], "rate", change["decimals"])
    assert line[5] == numbers.difference(change["delta"], "rate", change["decimals"])
    turned = view.precision.tables["2-0"][5]
    assert turned[5] == numbers.difference(-change["delta"], "rate", change["decimals"])
    assert sum(int(own[3]) for own in view.overlaps.table) == report.overlaps.filter(version="v1")["n"].sum()


def test_other_reports_have_none_of_these() -> None:
    plain = builders.report(n=300, n_versions=2)
    assert plan_errors_by_type(plain) is None
    assert plan_objects(plain) is None
    assert plan_object_chart(plain) is None
    assert object_pairs(plain) == {}
