"""Slices as axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis import slices
from reportgen.analysis.sentences import opening, slice_state, where
from reportgen.analysis.slices import enumerate_axes, slice_id
from reportgen.model import Attribute, Limits, Outcomes, Term
from tests.analysis.worlds import classify


def test_every_value_and_every_pair_is_a_slice() -> None:
    """Three attributes and the target make their values and all pairs of values that occur."""
    outcomes = classify(600)
    axes = enumerate_axes(outcomes, Limits())

    assert [axis.attributes for axis in axes.attributes] == [("weather",), ("time",), ("brightness",), ("label",)]
    assert len(axes.pairs) == 6
    rain_night = next(s for a in axes.pairs for s in a.slices if s.id == "weather=rain&time=night")
    assert rain_night.n == outcomes.samples.filter((pl.col("weather") == "rain") & (pl.col("time") == "night")).height


def test_the_values_of_an_attribute_partition_the_samples() -> None:
    """Counts of an axis add up to the samples that have a value."""
    axes = enumerate_axes(classify(600), Limits())

    for axis in axes.shared:
        assert sum(one.n for one in axis.slices) == int((axis.keys >= 0).sum()) == 600


@pytest.mark.parametrize("dense", [slices.DENSE_CELLS, 0])
def test_groups_are_counted_by_slice(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """n_groups is the number of different groups inside, whether they are counted in a table or sorted."""
    monkeypatch.setattr(slices, "DENSE_CELLS", dense)
    outcomes = classify(600, groups=40)
    axes = enumerate_axes(outcomes, Limits())
    weather = axes.attributes[0]

    for key, one in enumerate(weather.slices):
        assert one.n_groups == len(np.unique(outcomes.frame["group"].to_numpy()[weather.keys == key]))


def test_ids_are_safe_in_an_address() -> None:
    """Names and values with separators are encoded, so that two slices never share an id."""
    assert slice_id([Term("a=b", "=", "x&y")]) == "a%3Db=x%26y"
    assert slice_id([]) == "all"


def test_a_value_that_says_little_is_shown_with_its_attribute() -> None:
    """The value rain reads alone; a bin of numbers does not."""
    axes = enumerate_axes(classify(600), Limits())

    assert axes.attributes[0].slices[0].name == "rain"
    assert axes.attributes[2].slices[0].name.startswith("brightness < ")


def test_an_attribute_is_named_with_all_its_values_or_with_none() -> None:
    """Where one value says too little alone, the others stand with their attribute too: "blur none", "blur slight"."""
    plain = Attribute("weather", "categorical", ("rain", "fog"), 0)
    blur = Attribute("blur", "categorical", ("none", "slight"), 1)
    noise = Attribute("noise", "categorical", ("none", "heavy"), 2)

    assert list(slices.shown_values([plain, blur, noise]).values()) == [
        "rain",
        "fog",
        "blur none",
        "blur slight",
        "noise none",
        "noise heavy",
    ]


def test_a_value_that_begins_as_its_attribute_does_reads_alone() -> None:
    density = Attribute("density", "categorical", ("sparse", "normal", "dense"), 0)
    age = Attribute("age", "categorical", ("aged", "none"), 1)

    assert list(slices.shown_values([density, age]).values()) == [
        "density sparse",
        "density normal",
        "dense",
        "age aged",
        "age none",
    ]


def test_predicted_labels_slice_each_version_on_its_own() -> None:
    """A version's predicted label makes slices of its own samples."""
    outcomes = classify(600)
    axes = enumerate_axes(outcomes, Limits())

    for version, axis in enumerate(axes.predicted):
        counts = np.bincount(outcomes.frame[f"prediction_{version}"].to_numpy(), minlength=3)
        assert [one.n for one in axis.slices] == counts.tolist()
        assert axis.slices[0].id == "predicted=car"


def test_too_many_pairs_leave_out_the_smallest_and_say_so(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Beyond the limit pairs with fewer than ``show`` samples are not listed, and a note counts them."""
    monkeypatch.setattr(slices, "MAX_PAIRS", 5)
    axes = enumerate_axes(classify(200), Limits(show=20))

    assert all(one.n >= 20 for axis in axes.pairs for one in axis.slices)
    assert axes.notes[0].n == 53 - sum(len(axis.slices) for axis in axes.pairs)


def lacking(n: int, attribute: int) -> Outcomes:
    """A world whose first samples lack a value of one attribute."""
    outcomes = classify(600, groups=40)
    known = outcomes.frame[f"a{attribute}"].to_numpy().copy()
    known[:n] = -1
    return replace(outcomes, frame=outcomes.frame.with_columns(pl.Series(f"a{attribute}", known)))


@pytest.mark.parametrize(("attribute", "name"), [(0, "weather"), (2, "brightness")])
def test_samples_without_a_value_are_a_slice_of_their_own(attribute: int, name: str) -> None:
    """Of words and of numbers: the last slice by the attribute, with its samples and groups; pairs have none such."""
    outcomes = lacking(70, attribute)
    axes = enumerate_axes(outcomes, Limits())
    axis = axes.attributes[attribute]
    one = axis.slices[-1]

    assert (one.id, one.name, one.n, one.origin) == (f"{name}=missing", f"{name} missing", 70, "attribute")
    assert one.n_groups == outcomes.frame["group"][:70].n_unique()
    assert np.flatnonzero(axis.keys == len(axis.slices) - 1).tolist() == list(range(70))
    assert not [one for axis in axes.pairs for one in axis.slices if "missing" in one.id]
    assert [axis.slices[-1].id for axis in axes.attributes].count(f"{name}=missing") == 1


def test_such_a_slice_is_said_and_linked_as_the_set_that_it_is() -> None:
    """In words it is samples without a value; its samples are those of the set that the Data page filters by."""
    outcomes = lacking(70, 0)
    one = enumerate_axes(outcomes, Limits()).attributes[0].slices[-1]

    assert where(one, outcomes.attributes) == "without a value of weather"
    assert opening(one, outcomes.attributes) == "Without a value of weather"
    assert slice_state(one, outcomes.attributes, None) == (("a.missing: weather", "yes"),)


def test_missing_is_told_from_a_value_of_that_name() -> None:
    """A column may hold the word itself."""
    assert Attribute("x", "categorical", ("missing", "a"), 0).missing.value == "missing value"
    assert Attribute("x", "categorical", ("a",), 0).missing.value == "missing"
