"""What a change is made of: contributions add up, and stand beside the slices' own figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.contributions import concentration, find_contributions
from reportgen.model import ALL
from reportgen.tasks import classification, regression
from tests.analysis.test_trainings import trained
from tests.analysis.worlds import Analysed, analyse, classify, regress


def contributions(world: Analysed) -> pl.DataFrame:
    """Those of the world's primary metric."""
    task = classification if world.measure.outcomes.classes else regression
    metric = next(one for one in task.METRICS if one.name == task.PRIMARY)
    return find_contributions(world.measure, world.axes, metric, world.facts.comparisons)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"weights": True}, {"groups": 60}, {"weights": True, "groups": 60}])
def test_they_add_up_to_the_overall_change(seed: int, options: dict[str, object]) -> None:
    """For every attribute and pair, to rounding; shares add up to 1, also where values are missing."""
    outcomes = classify(700, n_versions=3, seed=seed, **options)
    gone = np.random.default_rng(seed).random(700) < 0.1
    known = pl.when(pl.Series(gone)).then(-1).otherwise(pl.col("a0"))
    frame = outcomes.frame.with_columns(known.cast(pl.Int32).alias("a0"))
    frame = frame.with_columns(pl.Series("scored_2", np.arange(700) < 600))
    world = analyse(replace(outcomes, frame=frame))
    table = contributions(world)
    overall = {
        row["candidate"]: row["delta"]
        for row in world.facts.comparisons.filter(
            (pl.col("metric") == "accuracy") & (pl.col("slice") == ALL)
        ).iter_rows(named=True)
    }

    assert set(table["attribute"]) == {"weather", "time", "brightness", "label"}
    for (_, candidate), part in table.group_by("attribute", "candidate"):
        assert part["contribution"].sum() == pytest.approx(overall[candidate], abs=1e-12)
        assert part["share"].sum() == pytest.approx(1)
    assert "missing" in set(table.filter(pl.col("attribute") == "weather")["value"])


def test_they_add_up_over_trainings_and_for_errors() -> None:
    """The mean over trainings is a mean over samples too, and so is the mean error."""
    for world in (analyse(trained(classify(600, n_versions=4), ((0,), (1, 2, 3)))), analyse(regress(600))):
        table = contributions(world)
        change = world.facts.overall["delta"]
        for _, part in table.group_by("attribute"):
            assert part["contribution"].sum() == pytest.approx(change, abs=1e-12)


def test_a_value_has_its_slices_figures() -> None:
    """Share times change, with the slice's interval, n and verdict."""
    world = analyse(classify())
    row = contributions(world).filter(pl.col("slice") == "time=night").row(0, named=True)
    change = world.facts.changes["time=night"]

    assert row["share"] == pytest.approx(change["n"] / 2000)
    assert row["contribution"] == pytest.approx(row["share"] * change["delta"])
    assert (row["low"], row["high"]) == pytest.approx((row["share"] * change["low"], row["share"] * change["high"]))
    assert (row["verdict"], row["n"]) == (change["verdict"], change["n"])


def test_concentration_prefers_what_is_clear() -> None:
    """The attribute that a loss sits in comes before one that has none."""
    table = contributions(analyse(classify()))
    by = {name: concentration(part) for (name,), part in table.group_by("attribute")}

    assert max(by, key=lambda name: by[name]) in {"weather", "time"}
    assert by["brightness"] < 0.1 * by["weather"]
