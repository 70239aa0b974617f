"""The oracle of the browser's figures gives, of the report's own slices, what stands in the report."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.slices import is_missing
from reportgen.model import ALL, Slice
from tests.selection_worlds import WORLDS
from tests.selections import DIFFERENCES, ESTIMATES, Explored, Request, answers, rank, unlike

Figures = Mapping[tuple[str, str | None], np.ndarray]
SMALL = ("classification", "binary", "regression", "grouped", "segmentation", "labels", "grouped_labels")
explored = functools.cache(lambda world: Explored.of(WORLDS[world]()))


def request(*filters: dict[str, Any], metric: str = "", numbers: tuple[str, ...] = ()) -> Request:
    """A request of the second version against the first."""
    return {
        **{"baseline": 0, "candidate": 1, "metric": metric, "order": "wrong"},
        **{"filters": list(filters), "numbers": list(numbers)},
    }


def by_value(world: Explored) -> list[tuple[Slice, Request]]:
    """The report's slices by the values of one attribute, each with the filter that gives its samples.

    The metrics that only come where they are asked for take turns.
    """
    metrics = cycle([*world.asked, ""])
    found = []
    for one in world.report.slices:
        attribute = next(
            (a for a in world.report.attributes if one.level == 1 and a.name == one.terms[0].attribute), None
        )
        if attribute is not None:
            key = "label" if attribute.kind == "target" else f"a.{attribute.name}"
            missing = is_missing(one.terms[0], attribute)  # which has the code 0
            code = 0 if missing else attribute.values.index(one.terms[0].value) + 1
            found.append((one, request({"key": key, "codes": [code]}, metric=next(metrics))))
    return found


def stands(table: pl.DataFrame, names: Mapping[str, str]) -> Figures:
    """A table's figures by metric and class; without groups the units are the samples."""
    table = table.with_columns(pl.col("n_groups").fill_null(pl.col("n")))
    figures = table.select(pl.col(own).cast(pl.Float64).fill_null(np.nan) for own in names.values()).to_numpy()
    return dict(zip(table.select("metric", "class").rows(), figures, strict=True))


def told(world: Explored, figures: Mapping[str, Any], names: Mapping[str, str]) -> Figures:
    """An answer's figures likewise."""
    classes = [None if k < 0 else world.measure.classes[k] for k in figures["class"]]
    rows = np.stack([figures[column] for column in names], axis=1)
    return dict(zip(zip(figures["metric"], classes, strict=True), rows, strict=True))


@pytest.mark.parametrize("name", SMALL)
def test_a_value_of_an_attribute_has_the_figures_of_its_slice(name: str) -> None:
    """Levels, differences and flips, of every metric and class, and the rest beside it, stand in the report."""
    world = explored(name)
    report, found = world.report, by_value(world)

    assert len(found) >= 9
    for (one, wish), answer in zip(found, answers(world, [wish for _, wish in found]), strict=True):
        assert answer["n"] == one.n
        names = pl.col("metric").is_in([*(metric.name for metric in world.metrics), wish["metric"]])
        of_class = [metric.name for metric in world.metrics if metric.info.per_class or metric.by_class]
        names &= pl.col("class").is_null() | pl.col("metric").is_in(of_class)
        for version, own in zip(world.outcomes.versions, answer["versions"], strict=True):
            figures = own["estimates"]
            table = stands(report.estimates.filter(names, slice=one.id, version=version), ESTIMATES)
            assert not list(unlike(told(world, figures, ESTIMATES), table))
            weak = report.weaknesses.filter(slice=one.id, version=version).row(0, named=True)
            at = figures["metric"].tolist().index(report.primary.name)
            against = [figures[column][at] for column in ("rest_value", "delta", "delta_low", "delta_high", "p")]
            assert against == pytest.approx([weak[k] for k in ("rest", "delta", "low", "high", "p")], rel=1e-9)
        table = stands(report.comparisons.filter(names, slice=one.id, candidate="v2"), DIFFERENCES)
        assert not list(unlike(told(world, answer["differences"], DIFFERENCES), table))
        flips = report.flips.filter(slice=one.id, candidate="v2").row(0, named=True)
        assert answer["flips"] == {key: flips[key] for key in answer["flips"]}


@pytest.mark.parametrize("name", SMALL)
def test_no_filter_leaves_the_whole(name: str) -> None:
    """The whole has the report's figures, too, of metrics that count missing predictions; its rest has none."""
    world = explored(name)
    (answer,) = answers(world, [request(numbers=("brightness",))])

    assert (answer["n"], answer["total"], answer["missing"]) == (len(world.target), len(world.target), None)
    for version, own in zip(world.outcomes.versions, answer["versions"], strict=True):
        names = [(one.name, one.info.per_class) for one in world.metrics]
        table = world.report.estimates.filter(slice=ALL, version=version)
        for metric, klass, value, low, rest in zip(
            *(own["estimates"][c] for c in ("metric", "class", "value", "low", "rest_n")), strict=True
        ):
            if klass < 0 and (metric, False) in names:
                figures = table.filter(pl.col("class").is_null(), metric=metric).row(0, named=True)
                assert (value, low) == pytest.approx((figures["value"], figures["low"]), rel=1e-12)
            assert rest == 0
    for one in answer["facets"].values():
        assert one.sum() == answer["n"]
    numbers = world.numbers["brightness"]
    assert answer["histograms"]["n.brightness"]["counts"].sum() == np.isfinite(numbers).sum()
    if world.outcomes.classes:
        cells = world.report.confusions.filter(slice=ALL, version="v2")
        assert answer["confusions"][1].reshape(len(world.outcomes.classes) + 1, -1)[:, 1:].sum() == cells["n"].sum()


@pytest.mark.parametrize("name", SMALL)
def test_sets_are_the_example_sets(name: str) -> None:
    """Each set has as many samples as its gallery, and the mistakes come in the gallery's order."""
    world = explored(name)
    sets = world.report.example_sets
    found = answers(world, [request({"key": "set", "name": one.name}) for one in sets])

    assert [answer["n"] for answer in found] == [one.n_total for one in sets]
    first = world.report.examples.filter(set="surest_wrong")["row"].to_list()
    if first:
        assert answers(world, [request()])[0]["hardest"]["rows"][: len(first)].tolist() == first


def test_a_facet_counts_under_the_other_filters() -> None:
    """By hand: its own filter does not count, and each value's wrong and right are the candidate's."""
    world = explored("classification")
    frame = world.outcomes.frame
    chosen = [
        {"key": "a.weather", "codes": [3]},
        {"key": "now", "codes": [1]},
        {"key": "confidence", "from": 0.5, "to": 1.0},
    ]
    (answer,) = answers(world, [request(*chosen)])

    sure = frame.filter((pl.col("confidence_1") >= 0.5) & pl.col("scored_1"))
    wrong = sure.filter(pl.col("correct_1") == 0)
    assert answer["n"] == wrong.filter(pl.col("a0") == 2).height
    assert answer["facets"]["a.weather"].tolist()[1::3] == [
        wrong.filter(pl.col("a0") == k - 1).height for k in range(4)
    ]
    rain = sure.filter(pl.col("a0") == 2)
    assert answer["facets"]["now"].tolist() == [0, 0, 0, 0, answer["n"], 0, 0, 0, rain.height - answer["n"]]
    bars = answer["histograms"]["confidence"]
    assert (
        bars["counts"].sum()
        == frame.filter((pl.col("a0") == 2) & pl.col("scored_1") & (pl.col("correct_1") == 0)).height
    )


def test_what_left_none_is_named() -> None:
    """The filter without which most samples would be left; none where no single one is to blame."""
    world = explored("classification")
    right, wrong = {"key": "now", "codes": [2]}, {"key": "set", "name": "wrong"}
    nobody = {"key": "q", "text": "no such id"}
    found = answers(world, [request(right, wrong), request(right, nobody), request(right, wrong, nobody)])

    assert [(answer["n"], answer["missing"]) for answer in found] == [(0, "set"), (0, "q"), (0, None)]


@pytest.mark.parametrize("name", ["classification", "binary", "grouped", "labels", "grouped_labels"])
def test_ranks_of_the_whole_are_the_reports(name: str) -> None:
    """AUROC with its interval and its paired difference, and average precision, of every class."""
    world = explored(name)
    levels = world.report.estimates.filter(slice=ALL, version="v2")
    moved = world.report.comparisons.filter(slice=ALL, metric="auroc", candidate="v2")
    everyone = np.ones(world.outcomes.frame.height, bool)

    for klass, label in enumerate(world.measure.classes):
        if world.outcomes.positive not in (None, label):
            continue
        found = rank(world, everyone, (0, 1), klass)
        auroc, precision = (
            levels.filter(pl.col("metric") == m, pl.col("class") == label) for m in ("auroc", "average_precision")
        )
        own = found["versions"][1]
        limits = auroc.select(pl.col("value", "low", "high").fill_null(np.nan)).row(0)
        assert tuple(own["auroc"].values()) == pytest.approx(limits, rel=1e-12, nan_ok=True)
        assert own["averagePrecision"] == pytest.approx(precision["value"].fill_null(np.nan)[0], rel=1e-12, nan_ok=True)
        assert own["n"] == world.outcomes.frame[columns.scored(1)].sum()
        if name == "binary":  # the first version gives labels alone
            assert (found["versions"][0], found["difference"]) == (None, None)
        else:
            names = ("value_baseline", "value_candidate", "delta", "low", "high", "p")
            figures = moved.filter(pl.col("class") == label).select(pl.col(names).fill_null(np.nan)).row(0)
            given = tuple(found["difference"]["auroc"].values())
            assert given == pytest.approx(figures, rel=1e-12, nan_ok=True)
