"""Errors of detections in a report: counts are those of the pictures, gains those of the whole world or of a slice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen import numbers
from reportgen.analysis.measure import measure
from reportgen.analysis.object_costs import TYPES, cost_objects
from reportgen.analysis.object_overlaps import EDGES, compare_overlaps, count_overlaps, found_overlaps
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.pairs import overall_changes
from reportgen.site.slice_rows import changes_of
from reportgen.stats.error_costs import error_gains
from reportgen.stats.object_errors import Error
from reportgen.stats.objects import overlap_boxes
from reportgen.summary import five_lines
from reportgen.tasks import detection
from reportgen.tasks.objects import detections_of, truths_of
from tests.object_reports import objects

VERSIONS = ("v1", "v2", "v3")
DIM = "light=dim"
DECLARED = "critical:\n  - {where: {light: dim}, why: many are}\n"


@pytest.fixture(scope="module")
def report() -> Report:
    return objects(more=DECLARED)


def test_counts_are_those_of_the_detections_that_count(report: Report) -> None:
    parts = report.outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    table = report.object_errors.filter(pl.col("slice") == ALL)
    for v, name in enumerate(VERSIONS):
        own = {row["error"]: row for row in table.filter(pl.col("version") == name).iter_rows(named=True)}
        said = parts.detections[v].filter(pl.col("counts"))
        for kind, metric in detection.ERRORS.items():
            if kind == Error.MISSED:
                continue
            wrong = said.filter(pl.col("state") == int(kind))
            assert (own[metric.name]["n_errors"], own[metric.name]["n_samples"]) == (
                len(wrong),
                wrong["sample"].n_unique(),
            )
        assert own["all_false"]["n_errors"] == said.filter(~pl.col("right")).height
        missed = (parts.found[v] < 0) & ~parts.truths["crowd"].to_numpy()
        assert own["all_missed"]["n_errors"] == missed.sum()
        assert 0 < own["missed_error"]["n_errors"] <= missed.sum()


def test_shares_and_precision_are_all_of_the_detections(report: Report) -> None:
    """In every slice; and what is missed outright is a part of what is missed."""
    values = report.estimates.filter(pl.col("class").is_null()).pivot(
        "metric", index=["slice", "version"], values="value"
    )
    false = sum(values[metric.name] for kind, metric in detection.ERRORS.items() if kind != Error.MISSED)
    assert values.height == len(VERSIONS) * (1 + 3)
    assert (values["precision"] + false).to_list() == pytest.approx([1.0] * values.height, abs=1e-12)
    assert (values["missed_error"] <= 1 - values["recall"] + 1e-12).all()


def test_gains_are_exact_and_lie_in_their_intervals(report: Report) -> None:
    parts = report.outcomes.parts
    assert parts is not None
    light = report.outcomes.samples["light"].to_numpy()
    for place, inside in ((ALL, np.ones(len(light), bool)), (DIM, light == "dim")):
        table = report.object_errors.filter(pl.col("slice") == place)
        assert table["n"].unique().to_list() == [inside.sum()]
        for v, name in enumerate(VERSIONS):
            own = table.filter(pl.col("version") == name)
            assert own["error"].to_list() == list(TYPES)
            exact = error_gains(parts.mended[v], inside.astype(float)[:, None])[0]
            assert own["gain"].to_list() == pytest.approx(exact.tolist(), abs=1e-12)
            assert (own["low"] <= own["gain"]).all()
            assert (own["gain"] <= own["high"]).all()
            if name == report.baseline:
                assert own["delta"].null_count() == own.height
                continue
            first = table.filter(pl.col("version") == report.baseline)
            assert own["delta"].to_list() == pytest.approx((own["gain"] - first["gain"]).to_list(), abs=1e-12)
            assert (own["delta_low"] <= own["delta"]).all()
            assert (own["delta"] <= own["delta_high"]).all()


def test_a_difference_is_narrower_than_two_levels_are(report: Report) -> None:
    """The versions share the draws: v2 and v1 are wrong about the same images."""
    table = report.object_errors.filter(
        pl.col("slice") == ALL, pl.col("version") == "v3", pl.col("error") == "missed_error"
    )
    first = report.object_errors.filter(
        pl.col("slice") == ALL, pl.col("version") == "v1", pl.col("error") == "missed_error"
    )
    widths = [(one["high"] - one["low"])[0] for one in (table, first)]
    assert (table["delta_high"] - table["delta_low"])[0] < sum(widths)


def test_gains_are_compared_between_any_two_versions(report: Report) -> None:
    """Against the baseline as the table of errors has it; of the others the gains' own difference, in its interval."""
    table = report.object_gain_changes
    assert table.select("baseline", "candidate").unique(maintain_order=True).rows() == [
        *(("v1", "v2"), ("v1", "v3")),
        ("v2", "v3"),
    ]
    levels = report.object_errors.filter(pl.col("slice") == ALL)
    gains = {(row["version"], row["error"]): row for row in levels.iter_rows(named=True)}
    for row in table.iter_rows(named=True):
        own, first = (gains[row[side], row["error"]] for side in ("candidate", "baseline"))
        assert row["delta"] == pytest.approx(own["gain"] - first["gain"], abs=1e-12)
        if row["baseline"] == report.baseline:
            assert [row["low"], row["high"]] == [own["delta_low"], own["delta_high"]]
        elif row["low"] is not None:
            assert row["low"] <= row["delta"] <= row["high"]
    assert table.filter(pl.col("baseline") == "v2")["low"].null_count() < len(TYPES)


def test_an_error_that_nobody_makes_has_no_interval() -> None:
    """One class: none is taken for another, and no metric is about that."""
    report = objects(n=16, n_classes=1)
    names = {one.name for one in report.metrics}
    assert {"classification_error", "both_error"}.isdisjoint(names)
    assert {"localisation_error", "duplicate_error", "background_error", "missed_error"} <= names
    none = report.object_errors.filter(pl.col("error") == "classification_error")
    assert none["gain"].to_list() == [0.0] * none.height
    assert none["low"].null_count() == none.height


def test_overlaps_are_those_of_the_boxes(report: Report) -> None:
    parts = report.outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    truths = truths_of(parts.truths)
    for v, name in enumerate(VERSIONS):
        near = overlap_boxes(detections_of(parts.detections[v]), truths)
        known = {(d, t): iou for d, t, iou in zip(near.detection, near.truth, near.iou, strict=True)}
        own = [known[d, t] if d >= 0 else np.nan for t, d in enumerate(parts.found[v].tolist())]
        assert found_overlaps(parts, v).tolist() == pytest.approx(own, nan_ok=True)
        table = report.overlaps.filter(pl.col("version") == name)
        expected, _ = np.histogram(np.array(own), EDGES)
        assert table["n"].to_list() == expected.tolist()
        assert table["share"].sum() == pytest.approx(1)
        assert table.filter(pl.col("share_low") > pl.col("share")).is_empty()
        assert table.filter(pl.col("share_high") < pl.col("share")).is_empty()


def test_placement_is_compared_where_both_find_an_object(report: Report) -> None:
    parts = report.outcomes.parts
    assert parts is not None
    first, last = found_overlaps(parts, 0), found_overlaps(parts, 2)
    both = np.isfinite(first) & np.isfinite(last)
    row = report.placements.filter((pl.col("first") == "v1") & (pl.col("second") == "v3")).row(0, named=True)
    assert row["n"] == both.sum()
    assert (row["value_first"], row["value_second"]) == pytest.approx((first[both].mean(), last[both].mean()))
    assert row["delta"] == pytest.approx(row["value_second"] - row["value_first"])
    assert row["low"] < row["delta"] < row["high"]
    assert report.placements.height == 3


def test_a_report_without_objects_has_none_of_these(report: Report) -> None:
    measured = measure(replace(report.outcomes, parts=None), report.limits)
    for table in (*cost_objects(measured, 0), count_overlaps(measured), compare_overlaps(measured)):
        assert table.is_empty()


def test_what_leads_is_of_all_classes_wherever_it_is_said(report: Report) -> None:
    """F1 stands beside that of each class in the same table; answer, slices and pairs are of the whole."""
    whole = report.comparisons.filter(
        pl.col("metric") == "f1", pl.col("class").is_null(), pl.col("candidate") == report.candidate
    )
    expected = {row["slice"]: row["delta"] for row in whole.iter_rows(named=True)}
    assert len(expected) == 1 + 3
    assert report.comparisons.filter(pl.col("metric") == "f1", pl.col("class") == "c1").height

    assert {place: row["delta"] for place, row in changes_of(report, report.candidate).items()} == expected
    assert overall_changes(report)[report.candidate]["delta"] == expected[ALL]
    said = numbers.difference(expected[ALL], "rate", whole.filter(pl.col("slice") == ALL)["decimals"][0])
    assert f"({said} points" in report.answer.sentence
    assert f"({said} points" in five_lines(report, ())[1]
