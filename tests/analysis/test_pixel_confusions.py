"""The confusion of pixels: counts of numpy, shares of the true pixels, intervals over samples."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from reportgen.analysis.measure import measure
from reportgen.analysis.pixel_confusions import compare_pixel_confusions, count_pixel_confusions, pixel_names
from reportgen.model import PixelCells
from reportgen.site.compare import plan_compare
from reportgen.site.media import Thumbnails
from reportgen.site.pixel_confusion import MOST_TOLD, plan_pixels
from reportgen.site.report_json import to_report
from tests.selection_worlds import WORLDS

report = functools.cache(WORLDS["segmentation"])


def shares(cells: PixelCells, weight: np.ndarray, keep: np.ndarray, target: int, prediction: int) -> float:
    """The weighted share of a target's pixels that is called so, from the cells of each sample."""
    factor = weight[cells.sample] * keep[cells.sample] * cells.n * (cells.target == target)
    return float(factor[cells.prediction == prediction].sum() / factor.sum())


def test_every_cell_is_a_share_of_the_true_pixels() -> None:
    whole = report()
    measured, parts = measure(whole.outcomes, whole.limits), whole.outcomes.parts
    assert parts is not None
    assert measured.weight is not None
    names = pixel_names(parts)
    assert names == ("road", "car", "sign", "background", "ignored")
    table = count_pixel_confusions(measured)
    assert table.equals(whole.pixel_confusions)
    for row in table.iter_rows(named=True):
        v = whole.outcomes.versions.index(row["version"])
        side = measured.sides[v]
        assert side.cells is not None
        place = names.index(row["target"]), names.index(row["prediction"])
        assert row["share"] == pytest.approx(shares(side.cells, measured.weight, side.scored, *place), abs=1e-12)
        assert row["low"] < row["share"] < row["high"] or (row["n"], row["low"]) == (0, 0)
        assert row["low"] < row["high"]
    rows = table.group_by("version", "target").agg(pl.col("share").sum(), pl.col("n").sum(), pl.col("n_of").first())
    assert rows["share"].to_list() == pytest.approx([1.0] * rows.height)
    assert rows["n"].to_list() == rows["n_of"].to_list()


def test_a_cell_that_another_version_alone_fills_has_an_interval() -> None:
    """No pixel of it in n samples: the share is 0, and could be as much as that of none in Kish's n trials."""
    whole = report()
    measured = replace(measure(whole.outcomes, whole.limits), group=None, weight=None)
    old, new = measured.sides
    assert new.cells is not None
    emptied = (new.cells.target == 0) & (new.cells.prediction == 1)
    assert emptied.any()
    columns = (new.cells.sample, new.cells.target, new.cells.prediction, new.cells.n)
    cells = PixelCells(new.cells.n_samples, *(column[~emptied] for column in columns))
    table = count_pixel_confusions(replace(measured, sides=(old, replace(new, cells=cells))))
    row = table.filter(version="v2", target="road", prediction="car").row(0, named=True)
    true = np.bincount(cells.sample, cells.n * (cells.target == 0) * new.scored[cells.sample])
    n = true.sum() ** 2 / (true**2).sum()
    square = stats.t.ppf(0.975, round(16 * (n - 1)) / 16) ** 2
    assert (row["n"], row["share"], row["low"]) == (0, 0, 0)
    assert row["high"] == pytest.approx(square / (n + square), rel=1e-9)
    assert row["n_samples"] == np.count_nonzero(true)
    assert table.filter(version="v1", target="road", prediction="car")["n"].item() > 0


def test_changes_are_paired_and_over_samples() -> None:
    whole = report()
    measured = measure(whole.outcomes, whole.limits)
    both = measured.sides[0].scored & measured.sides[1].scored
    parts = whole.outcomes.parts
    assert parts is not None
    assert measured.weight is not None
    names = pixel_names(parts)
    table = compare_pixel_confusions(measured, 0)
    assert table.equals(whole.pixel_changes)
    assert table["n_samples"].max() <= both.sum()  # type: ignore[operator]
    for row in table.iter_rows(named=True):
        place = names.index(row["target"]), names.index(row["prediction"])
        for end, v in (("share_baseline", 0), ("share_candidate", 1)):
            cells = measured.sides[v].cells
            assert cells is not None
            assert row[end] == pytest.approx(shares(cells, measured.weight, both, *place), abs=1e-12)
        assert row["delta"] == pytest.approx(row["share_candidate"] - row["share_baseline"])
        assert row["low"] <= row["delta"] <= row["high"]
        better = (row["delta"] > 0) == (row["target"] == row["prediction"])
        assert row["verdict"] in {"better" if better else "worse", "unclear", "too_few"}
    assert table.group_by("target").agg(pl.col("delta").sum())["delta"].to_list() == pytest.approx([0.0] * 4, abs=1e-9)


def test_a_class_called_background_keeps_its_name() -> None:
    parts = report().outcomes.parts
    assert parts is not None
    named = type(parts)("pixel", ("background", "ignored"), parts.counts)
    assert pixel_names(named) == ("background", "ignored", "background (no class)", "ignored (no class)")


def test_the_page_has_matrices_and_each_class() -> None:
    """Three matrices of all names, the number of samples that both scored, and a line a metric and class."""
    whole = report()
    view = plan_compare(whole, Thumbnails())
    assert view is not None
    ((pixels, rows),) = view.pixels
    assert view.pair.pixels
    assert [head for head, _ in pixels.charts] == ["v2 minus v1", "v1", "v2"]
    both = whole.flips.filter(slice="all").select(pl.sum_horizontal(pl.exclude("slice", "baseline", "candidate", "n")))
    assert pixels.n == f"{both.item(0, 0)} samples"
    assert [row.label for row in rows] == [
        f"{metric}, {name}" for metric in ("IoU", "Dice", "Boundary IoU") for name in ("road", "car", "sign")
    ]
    shown = whole.comparisons.filter(slice="all", metric="iou").filter(pl.col("class") == "sign").row(0, named=True)
    assert rows[2].n == str(shown["n"])


def test_changed_cells_are_told_with_their_q() -> None:
    """As those of other confusions are."""
    table = report().pixel_changes.with_columns(pl.lit("worse").alias("verdict"), pl.lit(0.0031).alias("q"))
    (view,) = plan_pixels(replace(report(), pixel_changes=table))
    assert len(view.changes) == MOST_TOLD
    assert all(", q = 0.003, n = " in said.text for said in view.changes)


def test_report_json_has_both_tables() -> None:
    found = to_report(report())
    assert set(found["pixel_changes"]) == set(report().pixel_changes.columns)  # type: ignore[arg-type]
    assert set(found["pixel_confusions"]) == set(report().pixel_confusions.columns)  # type: ignore[arg-type]
