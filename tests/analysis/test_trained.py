"""Slices in the tables that versions were trained on, beside here."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.attributes import AttributeSpec, code_as, code_attributes
from reportgen.analysis.trained import count_training
from reportgen.model import Slice, Term
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


def test_slices_are_counted_in_each_table() -> None:
    """Of one attribute, of two, and by target; what only one side has is told."""
    world = analyse(classify(500))
    night_rain = Slice("n", (Term("weather", "=", "rain"), Term("time", "=", "night")), "pair", 99)
    slices = [*(one for axis in world.axes.attributes for one in axis.slices), night_rain]
    table = pl.DataFrame(
        {"weather": ["rain", "rain", "fog", "hail"], "time": ["night", "day", "day", "day"], "label": ["car"] * 4}
    )
    supports, (data,) = count_training(world.measure.outcomes, slices, {"v2": table}, "label")
    n = dict(supports.select("slice", "n").iter_rows())

    assert (n["weather=rain"], n["weather=clear"], n["n"], n["label=car"]) == (2, 0, 1, 4)
    assert "brightness" not in "".join(n)
    row = supports.filter(pl.col("slice") == "weather=rain").row(0, named=True)
    assert (row["share"], row["share_here"]) == (0.5, row["n_here"] / 500)
    assert data.n == 4
    assert set(data.unseen) == {("weather", "clear"), ("label", "cyclist"), ("label", "pedestrian")}
    assert data.other == (("weather", 1),)
