"""The IoU of single samples, its spread and its change, and the sets that pixels make, against plain counts."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from reportgen import columns
from reportgen.analysis.examples import set_rules
from reportgen.analysis.measure import Measure, measure
from reportgen.analysis.object_sets import ranked
from reportgen.analysis.part_sets import changes_of, scores_of, set_names
from reportgen.analysis.pixel_overlaps import EDGES, compare_ious, count_ious, sample_ious
from reportgen.report import Report
from tests.selection_worlds import WORLDS

report = functools.cache(WORLDS["segmentation"])


def ious(whole: Report, version: int) -> list[float | None]:
    """From the confusion of each sample; None where it is not scored."""
    parts = whole.outcomes.parts
    assert parts is not None
    cells, background = parts.cells[version], len(parts.classes)
    scored = whole.outcomes.frame[columns.scored(version)].to_list()
    found: list[float | None] = []
    for row in range(len(scored)):
        own = cells.sample == row
        right = union = 0
        for true, said, n in zip(
            *(one[own].tolist() for one in (cells.target, cells.prediction, cells.n)), strict=True
        ):
            right += n if true == said < background else 0
            union += n * ((true < background) + (said < background) - (true == said < background))
        found.append((right / union if union else 1.0) if scored[row] else None)
    return found


def plain(whole: Report) -> Measure:
    """Of the report's samples, each for itself and all alike."""
    frame = whole.outcomes.frame.drop(columns.GROUP, columns.WEIGHT, strict=False)
    return measure(replace(whole.outcomes, frame=frame), whole.limits)


def test_the_iou_of_a_sample_is_that_of_its_pixels() -> None:
    whole = report()
    parts = whole.outcomes.parts
    assert parts is not None
    for v, side in enumerate(measure(whole.outcomes, whole.limits).sides):
        found = [None if np.isnan(one) else one for one in sample_ious(parts, v, side.scored).tolist()]
        assert found == pytest.approx(ious(whole, v))


def test_ranges_hold_all_samples_with_wilsons_intervals() -> None:
    whole = report()
    table = count_ious(plain(whole))
    assert table.height == len(whole.outcomes.versions) * (len(EDGES) - 1)
    for row in table.iter_rows(named=True):
        known = [one for one in ious(whole, whole.outcomes.versions.index(row["version"])) if one is not None]
        within = [one for one in known if row["low"] <= one < row["high"] or one == row["high"] == 1]
        assert row["n"] == len(within)
        assert row["share"] == pytest.approx(len(within) / len(known))
        ends = proportion_confint(len(within), len(known), method="wilson")
        assert (row["share_low"], row["share_high"]) == pytest.approx(ends, abs=1e-9)


def test_shares_honour_weights_and_groups() -> None:
    whole = report()
    measured = measure(whole.outcomes, whole.limits)
    assert measured.weight is not None
    assert whole.overlaps.equals(count_ious(measured))
    for v, name in enumerate(whole.outcomes.versions):
        known = np.array([np.nan if one is None else one for one in ious(whole, v)])
        weight = np.where(np.isnan(known), 0, measured.weight)
        for row in whole.overlaps.filter(version=name).iter_rows(named=True):
            within = (known >= row["low"]) & ((known < row["high"]) | (row["high"] == 1))
            assert row["share"] == pytest.approx(weight[within].sum() / weight.sum())
            assert row["share_low"] <= row["share"] <= row["share_high"]


def test_means_are_compared_over_the_samples_that_both_scored() -> None:
    whole = report()
    table = compare_ious(plain(whole))
    for row in table.iter_rows(named=True):
        first, second = (ious(whole, whole.outcomes.versions.index(row[name])) for name in ("first", "second"))
        both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
        change = np.array([b - a for a, b in both])
        assert row["n"] == row["n_samples"] == len(both)
        assert row["value_first"] == pytest.approx(np.mean([a for a, _ in both]))
        assert row["delta"] == pytest.approx(change.mean())
        assert row["low"] < row["delta"] < row["high"]
        half = stats.t.ppf(0.975, len(both) - 1) * change.std(ddof=1) / len(both) ** 0.5
        assert row["high"] - row["low"] == pytest.approx(2 * half, rel=0.05)
    assert whole.placements.equals(compare_ious(measure(whole.outcomes, whole.limits)))


def test_sets_rank_samples_by_their_pixels() -> None:
    whole = report()
    parts = whole.outcomes.parts
    assert parts is not None
    assert set_names(whole.outcomes) == (("most_missed", "most_false"), ("iou_loss",))
    background = len(parts.classes)
    for v in range(len(whole.outcomes.versions)):
        cells = parts.cells[v]
        for name, wrong in (
            ("most_missed", (cells.target < background) & (cells.target != cells.prediction)),
            ("most_false", (cells.prediction < background) & (cells.target != cells.prediction)),
        ):
            n = np.bincount(cells.sample[wrong], cells.n[wrong], cells.n_samples)
            order = sorted((row for row in range(len(n)) if n[row]), key=lambda row: (-n[row], row))
            assert ranked(scores_of(whole.outcomes, v)[name]).tolist() == order
    before, after = ious(whole, 0), ious(whole, 1)
    lost = {
        i: a - b
        for i, (a, b) in enumerate(zip(before, after, strict=True))
        if a is not None and b is not None and a > b
    }
    found = ranked(changes_of(whole.outcomes, 0, 1)["iou_loss"]).tolist()
    assert set(found) == set(lost)
    assert [lost[row] for row in found] == sorted(lost.values(), reverse=True)
    assert not set(ranked(changes_of(whole.outcomes, 1, 0)["iou_loss"]).tolist()) & set(found)


def test_the_report_has_these_sets_with_their_rules() -> None:
    whole = report()
    totals = {one.name: one.n_total for one in whole.example_sets}
    baseline, candidate = (whole.outcomes.versions.index(str(name)) for name in (whole.baseline, whole.candidate))
    scores = {**scores_of(whole.outcomes, candidate), **changes_of(whole.outcomes, baseline, candidate)}
    assert {name: totals[name] for name in scores} == {name: int((one > 0).sum()) for name, one in scores.items()}
    rules = {one.name: one.rule for one in set_rules(whole.outcomes, baseline, candidate)}
    assert rules["iou_loss"].startswith(f"Over all classes together, the IoU of {whole.candidate} is lower here than")
    assert "iou_loss" not in {one.name for one in set_rules(whole.outcomes, None, candidate)}
    first = whole.examples.filter(pl.col("set") == "most_missed").sort("rank")["score"].to_list()
    assert first == sorted(first, reverse=True)
