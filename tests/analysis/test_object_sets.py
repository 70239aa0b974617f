"""Sets of samples by what became of their objects, against a plain count object by object."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.examples import set_rules
from reportgen.analysis.object_overlaps import found_overlaps
from reportgen.analysis.object_sets import OF_PAIR, OF_VERSION, ranked_changes, ranked_sets
from reportgen.model import Parts
from reportgen.report import Report
from tests.object_reports import objects

N = 40


@pytest.fixture(scope="module")
def report() -> Report:
    return objects(N)


@pytest.fixture(scope="module")
def parts(report: Report) -> Parts:
    assert report.outcomes.parts is not None
    return report.outcomes.parts


def ranked(scores: dict[int, float]) -> list[int]:
    return [row for row, score in sorted(scores.items(), key=lambda one: (-one[1], one[0])) if score > 0]


def test_the_largest_missed_and_the_surest_false_come_first(parts: Parts) -> None:
    assert parts.truths is not None
    for v in range(3):
        found = {name: rows.tolist() for name, rows in ranked_sets(parts, v)}
        assert tuple(found) == OF_VERSION
        missed, false = {}, {}
        for row, hit in zip(parts.truths.iter_rows(named=True), parts.found[v], strict=True):
            if hit < 0 and not row["crowd"]:
                missed[row["sample"]] = max(missed.get(row["sample"], 0), 1 + row["area"])
        for row in parts.detections[v].filter(pl.col("counts") & ~pl.col("right")).iter_rows(named=True):
            false[row["sample"]] = max(false.get(row["sample"], 0), 1 + row["score"])
        assert found["missed_large"] == ranked(missed)
        assert found["surest_false"] == ranked(false)


def test_samples_with_an_error_are_as_many_as_the_table_says(report: Report, parts: Parts) -> None:
    """Most such errors first; and likewise of changes."""
    for v, version in enumerate(report.outcomes.versions):
        own = report.object_errors.filter(pl.col("slice") == "all", pl.col("version") == version)
        counts = dict(zip(own["error"], own["n_samples"], strict=True))
        for name, rows in ranked_sets(parts, v):
            if name in counts:
                assert len(rows) == counts[name]
                errors = parts.errors[v][OF_VERSION.index(name) - 2][rows]
                assert (np.diff(errors) <= 0).all()
    table = report.object_changes.filter(pl.col("baseline") == "v3", pl.col("candidate") == "v1")
    counts = dict(zip(table["change"], table["n_samples"], strict=True))
    found = {name: len(rows) for name, rows in ranked_changes(parts, 2, 0)}
    assert tuple(found) == OF_PAIR
    assert {name: found[name] for name in counts} == counts


def test_the_largest_loss_of_overlap_comes_first(parts: Parts) -> None:
    """What is lost is lost whole; back and forth are other sets."""
    assert parts.truths is not None
    sample = parts.truths["sample"].to_list()
    overlaps = [found_overlaps(parts, v) for v in range(3)]
    for baseline, candidate in ((0, 2), (2, 0), (1, 2)):
        lost: dict[int, float] = {}
        for row, before, after in zip(sample, overlaps[baseline], overlaps[candidate], strict=True):
            if np.isfinite(before):
                lost[row] = max(lost.get(row, 0.0), before - (after if np.isfinite(after) else 0.0))
        found = dict(ranked_changes(parts, baseline, candidate))
        assert found["overlap_loss"].tolist() == ranked(lost)


def test_the_galleries_are_these_sets_and_say_their_rules(report: Report, parts: Parts) -> None:
    rules = {one.name: one for one in set_rules(report.outcomes, 0, 2)}
    totals = {one.name: one.n_total for one in report.example_sets}
    found = {**dict(ranked_sets(parts, 2)), **dict(ranked_changes(parts, 0, 2))}
    for name in ("overlap_loss", "newly_missed", "missed_large", "surest_false"):
        shown = report.examples.filter(pl.col("set") == name).sort("rank")["row"].to_list()
        assert shown == found[name].tolist()
        assert totals[name] == len(found[name]) > 0
        assert "first" in rules[name].rule
    assert rules["newly_missed"].rule.startswith("v1 finds an object here that v3 misses.")
    assert not {"overlap_loss", "newly_missed"} & {one.name for one in set_rules(report.outcomes, None, 2)}
