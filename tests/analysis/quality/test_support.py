"""Slices in the tables that versions were trained on, beside here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.attributes import MAX_VALUES, AttributeSpec, code_as, code_attributes
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import code_tables, count_supports
from reportgen.inspection.training import TrainingTable
from reportgen.model import Outcomes, Slice, Term
from reportgen.stats.intervals import wilson
from tests.analysis.worlds import analyse, classify


@pytest.mark.parametrize(
    "series",
    [
        pl.Series("x", ["a", "b", None, "c", "a"]),
        pl.Series("x", [3, 1, 2, 3, None]),
        pl.Series("x", [1.0, 2.0, None, float("nan"), 1.0]),
        pl.Series("x", [True, False, None, True, True]),
        pl.Series("x", np.random.default_rng(1).normal(size=200)),
    ],
)
def test_the_same_values_get_the_same_codes(series: pl.Series) -> None:
    """Coded as an attribute that was made from them, they come out as they were."""
    coded = code_attributes(pl.DataFrame(series), [AttributeSpec("x")])

    assert code_as(coded.attributes[0], series).tolist() == coded.codes["a0"].to_list()


def test_other_values_fall_into_the_outer_bins_or_nowhere() -> None:
    """A number beyond the edges is in the last bin; a word that isn't known has no code."""
    numbers = code_attributes(pl.DataFrame({"x": [0.0, 1.0, 2.0]}), [AttributeSpec("x", edges=(0.0, 1.0, 2.0))])
    words = code_attributes(pl.DataFrame({"x": ["a", "b"]}), [AttributeSpec("x")])

    assert code_as(numbers.attributes[0], pl.Series([-5.0, 0.5, 1.0, 99.0, None])).tolist() == [0, 0, 1, 2, -1]
    assert code_as(words.attributes[0], pl.Series(["b", "z", None])).tolist() == [1, -1, -1]


def test_rare_values_fall_into_the_one_of_all_others() -> None:
    """An attribute of more values than are kept has one for the others; training's rare ones have it too."""
    series = pl.Series("x", [f"v{k}" for k in range(MAX_VALUES + 3) for _ in range(2 if k < MAX_VALUES else 1)])
    coded = code_attributes(pl.DataFrame(series), [AttributeSpec("x")])
    (attribute,) = coded.attributes
    others = attribute.values.index("other (3 values)")

    assert code_as(attribute, series).tolist() == coded.codes["a0"].to_list()
    assert code_as(attribute, pl.Series(["v0", "v200", "never heard of", None])).tolist() == [
        attribute.values.index("v0"),
        others,
        others,
        -1,
    ]


def test_equal_values_are_one_however_a_table_spells_them() -> None:
    """Whole numbers among fractions, and true in capitals, are what they are here."""
    numbers = code_attributes(pl.DataFrame({"x": [0, 1, 2]}), [AttributeSpec("x")]).attributes[0]
    flags = code_attributes(pl.DataFrame({"x": [True, False]}), [AttributeSpec("x")]).attributes[0]

    assert code_as(numbers, pl.Series([1.0, 1.5, None, 2.0])).tolist() == [1, -1, -1, 2]
    assert code_as(flags, pl.Series(["True", "false", None])).tolist() == [1, 0, -1]


def table(frame: pl.DataFrame, **more: pl.Series) -> TrainingTable:
    """A training table of these columns."""
    return TrainingTable("t.csv", "0", frame.height, frame, **more)


def given(outcomes: Outcomes, **tables: pl.DataFrame) -> Given:
    """The tables as a manifest's; the first version is the baseline, the last the candidate."""
    return Given(
        training={name: table(one) for name, one in tables.items()},
        target="label",
        baseline=outcomes.versions[0],
        candidate=outcomes.versions[-1],
    )


def test_slices_are_counted_in_each_table() -> None:
    """Of one attribute, of two, and by target; those of a column that the table lacks are left out."""
    world = analyse(classify(500))
    outcomes = world.measure.outcomes
    night_rain = Slice("n", (Term("weather", "=", "rain"), Term("time", "=", "night")), "pair", 99)
    slices = [*(one for axis in world.axes.attributes for one in axis.slices), night_rain]
    frame = pl.DataFrame(
        {"weather": ["rain", "rain", "fog", "hail"], "time": ["night", "day", "day", "day"], "label": ["car"] * 4}
    )
    supports = count_supports(code_tables(outcomes, given(outcomes, v2=frame)), slices, 0.95)
    n = dict(supports.select("slice", "n").iter_rows())
    row = supports.filter(pl.col("slice") == "weather=rain").row(0, named=True)

    assert (n["weather=rain"], n["weather=clear"], n["n"], n["label=car"]) == (2, 0, 1, 4)
    assert "brightness" not in "".join(n)
    assert (row["share"], row["share_here"]) == (0.5, row["n_here"] / 500)
    assert (row["low"], row["high"]) == pytest.approx(tuple(float(one) for one in wilson(2, 4)))
    assert row["ratio"] == pytest.approx(0.5 / row["share_here"])
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]


def test_groups_and_splits_count() -> None:
    """Groups widen the interval, here and where training has them; samples of a training split are not here."""
    outcomes = classify(600, groups=20)
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"weather": rng.choice(["rain", "fog"], 40).repeat(10), "label": ["car"] * 400})
    grouped = table(frame, groups=pl.Series([f"g{k}" for k in range(40) for _ in range(10)]))
    rain = [Slice("rain", (Term("weather", "=", "rain"),), "attribute", 0)]
    split = replace(
        outcomes, samples=outcomes.samples.with_columns(split=pl.Series(["train", "test"] * 300)), split="split"
    )

    plain, wide = (
        count_supports(code_tables(outcomes, Given(training={"v1": one}, target="label")), rain, 0.95).row(
            0, named=True
        )
        for one in (table(frame), grouped)
    )
    held_out = Given(training={"v1": grouped}, target="label", trained_splits=("train",))
    half = count_supports(code_tables(split, held_out), rain, 0.95).row(0, named=True)

    assert wide["high"] - wide["low"] > 2 * (plain["high"] - plain["low"])
    assert half["n_here"] == int((split.samples["weather"][1::2] == "rain").sum())
    assert half["share_here"] == pytest.approx(half["n_here"] / 300)
