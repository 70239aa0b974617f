"""Versions that were trained several times: figures are means, and a change is held against the luck of training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen import pipeline
from reportgen.analysis.measure import measure
from reportgen.model import ALL, Limits, Outcomes
from reportgen.pipeline import Analysis
from reportgen.tasks import classification, regression
from tests.analysis.worlds import classify, regress


def trained(outcomes: Outcomes, runs: tuple[tuple[int, ...], ...]) -> Outcomes:
    """The same world, in which the later positions are further trainings of the first versions."""
    return replace(outcomes, versions=outcomes.versions[: len(runs)], runs=runs)


def analysed(outcomes: Outcomes) -> Analysis:
    """The whole analysis; the first version is the baseline and the last the candidate."""
    task = classification if outcomes.classes else regression
    primary = next(metric for metric in task.METRICS if metric.name == task.PRIMARY)
    measured = measure(outcomes, Limits(), [task.PRIMARY])
    baseline = 0 if len(outcomes.versions) > 1 else None
    return pipeline.analyse(measured, task.METRICS, primary, baseline, len(outcomes.versions) - 1)


def value(table: pl.DataFrame, **where: object) -> dict[str, object]:
    """The one row."""
    return table.filter(pl.all_horizontal(pl.col(k) == v for k, v in where.items())).row(0, named=True)


@pytest.mark.parametrize("options", [{}, {"groups": 100}, {"weights": True}])
def test_a_versions_figure_is_the_mean_over_its_trainings(options: dict[str, object]) -> None:
    """Overall and on slices, of every metric that has sums or influence; the interval is wider than one training's."""
    world = classify(900, n_versions=5, **options)
    several = analysed(trained(world, ((0,), (1, 2, 3))))
    alone = {v: analysed(trained(replace(world, frame=swapped(world.frame, v)), ((0,), (1,)))) for v in (1, 2, 3)}

    for metric in ("accuracy", "macro_f1", "balanced_accuracy"):
        mean = value(several.facts.estimates, version="v2", slice=ALL, metric=metric)
        each = [value(one.facts.estimates, version="v2", slice=ALL, metric=metric)["value"] for one in alone.values()]
        assert mean["value"] == pytest.approx(np.mean(each))  # type: ignore[arg-type]
        runs = several.runs.filter((pl.col("metric") == metric) & (pl.col("slice") == ALL))["value"]
        assert runs.to_list() == pytest.approx(each)
    for place in (ALL, "time=night"):
        change = value(several.facts.comparisons, slice=place, metric="accuracy")
        each = [value(one.facts.comparisons, slice=place, metric="accuracy")["delta"] for one in alone.values()]
        assert change["delta"] == pytest.approx(np.mean(each))  # type: ignore[arg-type]
        assert change["method"] == "linearised, mean of trainings"
        assert change["low"] < change["delta"] < change["high"]  # type: ignore[operator]


def swapped(frame: pl.DataFrame, version: int) -> pl.DataFrame:
    """The frame in which version 1 is another one."""
    taken = [name for name in frame.columns if name.endswith("_1")]
    return frame.with_columns(frame[name.removesuffix("1") + str(version)].alias(name) for name in taken)


def test_equal_trainings_change_no_figure() -> None:
    """Three copies of one training: the value is its own, and the interval is that of its samples."""
    world = classify(900, n_versions=2)
    copies = [
        world.frame[name].alias(name.removesuffix("1") + str(v))
        for v in (2, 3)
        for name in world.frame.columns
        if name.endswith("_1")
    ]
    several = analysed(trained(replace(world, frame=world.frame.with_columns(copies)), ((0,), (1, 2, 3))))
    plain = analysed(world)

    for table, place in ((lambda a: a.facts.estimates, {"version": "v2"}), (lambda a: a.facts.comparisons, {})):
        one = value(table(several), slice=ALL, metric="accuracy", **place)
        other = value(table(plain), slice=ALL, metric="accuracy", **place)
        name = "value" if place else "delta"
        assert one[name] == pytest.approx(other[name])  # type: ignore[arg-type]
        assert one["n"] == other["n"]
        assert one["low"] == pytest.approx(other["low"], abs=0.004)  # type: ignore[arg-type]


def test_the_change_is_held_against_the_spread_of_trainings() -> None:
    """Larger, within, or unknown with one training of each."""
    alone = analysed(classify(400))
    (one,) = alone.spreads
    assert (one.state, one.reach, one.df) == ("unknown", None, 0)

    noisy = classify(900, n_versions=6, loss=0, gain=0.0)
    (luck,) = analysed(trained(noisy, ((0, 2, 3), (1, 4, 5)))).spreads
    assert luck.state == "within"
    assert (luck.n_runs_baseline, luck.n_runs_candidate, luck.df, luck.n_pairs) == (3, 3, 4, 9)
    assert 0 <= luck.n_pairs_better <= 9

    worse = classify(900, n_versions=6, loss=0.6, gain=0.0)  # the last version loses at night in the rain
    worse = replace(worse, frame=swapped(worse.frame, 5))
    (loss,) = analysed(trained(worse, ((0, 2, 3, 4), (1,)))).spreads
    assert loss.state == "larger"
    assert (loss.n_runs_candidate, loss.df, loss.n_pairs, loss.n_pairs_better) == (1, 3, 4, 0)


def test_values_have_trainings_too() -> None:
    """The error of a regression, lower being better; metrics from influence too."""
    found = analysed(trained(regress(600, n_versions=4), ((0, 1), (2, 3))))
    (spread,) = found.spreads
    runs = found.runs.filter(pl.col("slice") == ALL)

    assert spread.metric == "mae"
    assert {"mae", "rmse", "r2"} <= set(runs["metric"])
    mean = value(found.facts.estimates, version="v2", slice=ALL, metric="rmse")
    each = runs.filter((pl.col("metric") == "rmse") & (pl.col("version") == "v2"))["value"]
    assert mean["value"] == pytest.approx(each.mean())


def test_one_version_may_have_trainings() -> None:
    """Without a baseline nothing is compared, and the mean stands."""
    found = analysed(trained(classify(500, n_versions=3), ((0, 1, 2),)))

    assert found.spreads == ()
    assert set(found.runs["run"]) == {1, 2, 3}


def test_samples_that_a_training_missed_do_not_count() -> None:
    """The mean is over samples that every training scored."""
    world = classify(500, n_versions=3)
    frame = world.frame.with_columns(pl.Series("scored_2", np.arange(500) < 400))
    found = analysed(trained(replace(world, frame=frame), ((0,), (1, 2))))

    assert value(found.facts.estimates, version="v2", slice=ALL, metric="accuracy")["n"] == 400
    assert value(found.facts.comparisons, slice=ALL, metric="accuracy")["n"] == 400
