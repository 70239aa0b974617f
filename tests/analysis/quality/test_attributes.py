"""What is odd in the attributes: missing, constant, id-like and imbalanced ones, and those that tell each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.attributes import AttributeSpec, code_attributes, code_target
from reportgen.analysis.quality.attributes import inspect_attributes, told_share
from reportgen.analysis.quality.given import Given
from reportgen.inspection import AttributeChecks
from reportgen.inspection.attributes import AttributeCheck
from reportgen.model import Outcomes
from tests.analysis.worlds import classify

N = 400


def world(**columns_of: list[object] | pl.Series) -> Outcomes:
    """Samples with these columns, each an attribute where it has two values."""
    outcomes = classify(N)
    samples = pl.DataFrame(columns_of)
    coded = code_attributes(samples, [AttributeSpec(name) for name in samples.columns])
    target, codes = code_target(outcomes.frame[columns.TARGET], "label", outcomes.classes, len(coded.attributes))
    frame = outcomes.frame.drop([name for name in outcomes.frame.columns if name[0] == "a" and name[1:].isdigit()])
    frame = pl.concat([frame, coded.codes, pl.DataFrame({columns.attribute(target.index): codes})], how="horizontal")
    return replace(outcomes, frame=frame, samples=samples, attributes=(*coded.attributes, target))


def found(outcomes: Outcomes) -> AttributeChecks:
    """What is found in all of the samples' columns."""
    return inspect_attributes(outcomes, Given(attribute_columns=tuple(outcomes.samples.columns)))


def only(outcomes: Outcomes) -> AttributeCheck:
    """What is found of the one column."""
    (one,) = found(outcomes).columns
    return one


def draws(values: list[object], seed: int = 1, share: list[float] | None = None) -> list[object]:
    """Values by chance."""
    return [values[k] for k in np.random.default_rng(seed).choice(len(values), N, p=share)]


def test_missing_values_are_a_set_of_each_column() -> None:
    """A word or a number that some samples lack; samples that lack both count once in the whole."""
    weather = draws(["rain", "sun"])
    speed: list[object] = list(np.random.default_rng(2).normal(size=N))
    for row in (5, 9, 20):
        weather[row] = None
    speed[9] = None
    speed[30] = float("nan")

    checks = found(world(weather=weather, speed=speed, whole=draws(["a", "b"], 3)))

    assert {one.key: one.rows.tolist() for one in checks.sets} == {
        "missing-weather": [5, 9, 20],
        "missing-speed": [9, 30],
    }
    assert checks.n_missing == 4
    assert [one.n_missing for one in checks.columns] == [3, 2, 0]
    assert [one.name for one in checks.sets] == ["missing: weather", "missing: speed"]


def test_a_column_that_all_lack_has_no_set() -> None:
    """It is empty, and tells no samples apart."""
    checks = found(world(nothing=pl.Series([None] * N, dtype=pl.String)))

    assert checks.sets == ()
    assert [one.shape for one in checks.columns] == ["empty"]


def test_an_attribute_that_no_column_holds_is_not_looked_at() -> None:
    """As those of the labels that samples have: there is no metadata that could be missing."""
    outcomes = world(city=draws(["Rome", "Oslo"]), weather=draws(["rain", "sun"]))
    assert [one.name for one in found(outcomes).columns] == ["city", "weather"]
    derived = replace(outcomes, samples=outcomes.samples.drop("weather"))
    assert [one.name for one in found(derived).columns] == ["city"]


def test_one_value_or_none_is_constant_and_still_a_set() -> None:
    """A mark that only some samples carry slices nothing, yet those without it can be looked at."""
    checks = found(world(mark=["yes" if row % 4 else None for row in range(N)]))

    assert [(one.shape, one.top, one.is_sliced) for one in checks.columns] == [("constant", "yes", False)]
    assert [one.n for one in checks.sets] == [100]


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([f"file-{row}.png" for row in range(N)], "id-like"),
        (list(range(1000, 1000 + N)), "id-like"),
        ([7 * row * row for row in range(N)], "varied"),
        ([row / 7 for row in range(N)], "varied"),
        ([f"kind {row % 50}" for row in range(N)], "varied"),
        (["usual"] * (N - 20) + ["rare"] * 20, "imbalanced"),
        (["usual"] * (N - 21) + ["rare"] * 21, "varied"),
        (["same"] * N, "constant"),
    ],
)
def test_shape_of_a_column(values: list[object], shape: str) -> None:
    """Words nearly all different and numbers that count up are id-like; one value for 95% or more is imbalanced."""
    assert only(world(one=values)).shape == shape


def test_variety_is_of_how_many_equal_values() -> None:
    """Two equal values are two; 95 and 5 in a hundred are hardly more than one."""
    assert only(world(one=["a", "b"] * (N // 2))).effective == pytest.approx(2)
    assert only(world(one=["a"] * (N - 20) + ["b"] * 20)).effective == pytest.approx(1 / (0.95**2 + 0.05**2))


def test_one_column_under_two_names() -> None:
    """Each tells the other, whatever the values are called."""
    weather = draws(["rain", "sun", "fog"])

    checks = found(world(weather=weather, code=[{"rain": "R", "sun": "S", "fog": "F"}[str(w)] for w in weather]))

    assert [(one.name, one.other, one.mutual, one.forth, one.back) for one in checks.pairs] == [
        ("weather", "code", True, 1.0, 1.0)
    ]


@pytest.mark.parametrize("city_first", [True, False])
def test_a_finer_column_tells_a_coarser_one(city_first: bool) -> None:
    """The city tells the country, and not the other way, whichever stands first in the table."""
    city = draws(["Oslo", "Bergen", "Paris", "Lyon"])
    country = ["NO" if name in {"Oslo", "Bergen"} else "FR" for name in city]
    both = {"city": city, "country": country}

    checks = found(world(**(both if city_first else dict(reversed(both.items())))))

    assert [(one.name, one.other, one.mutual, one.forth) for one in checks.pairs] == [("city", "country", False, 1.0)]
    assert checks.pairs[0].back < 0.7


def test_a_few_exceptions_are_borne_and_many_are_not() -> None:
    """Four of 400 that differ leave 99% told; eight do not."""
    weather = draws(["rain", "sun"])
    pairs = []
    for n in (4, 8):
        other = [("sun" if w == "rain" else "rain") if row < n else w for row, w in enumerate(weather)]
        pairs.append(found(world(weather=weather, other=other)).pairs)

    assert [len(one) for one in pairs] == [1, 0]
    assert pairs[0][0].mutual


def test_chance_tells_nothing() -> None:
    """Columns that hang on nothing, an id, and one that is nearly constant tell no other."""
    nearly = ["usual"] * (N - 3) + ["rare"] * 3
    checks = found(
        world(one=draws(["a", "b"]), other=draws(["c", "d"], 5), name=[f"s{row}" for row in range(N)], nearly=nearly)
    )

    assert checks.pairs == ()


def test_an_attribute_that_tells_the_target() -> None:
    """The label under another name is told as any other pair."""
    names = {0: "auto", 1: "bike", 2: "walker"}
    target = classify(N).frame[columns.TARGET].to_list()

    checks = found(world(kind=[names[code] for code in target]))

    assert [(one.name, one.other, one.mutual) for one in checks.pairs] == [("kind", "label", True)]


def test_told_share_judges_each_sample_by_the_others() -> None:
    """A value that one sample has tells nothing, nor do two columns as frequent; three of four tell three."""
    assert told_share(np.array([[1, 0], [0, 1]])) == 0
    assert told_share(np.array([[2, 2], [0, 4]])) == 0.5
    assert told_share(np.array([[3, 1], [0, 4]])) == pytest.approx(7 / 8)


def test_hostile_names_have_keys_of_their_own() -> None:
    """Any column name gives a key of letters, digits and hyphens, no two the same."""
    names = ["<b>a</b>", "a b", "A-b", "ü", "日本", "../../etc", "=1+1"]
    lacking = [None if row < 50 else "x" if row % 2 else "y" for row in range(N)]

    checks = found(world(**dict.fromkeys(names, lacking)))
    keys = [one.key for one in checks.sets]

    assert keys == [
        "missing-b-a-b",
        "missing-a-b",
        "missing-a-b-2",
        "missing-value",
        "missing-value-2",
        "missing-etc",
        "missing-1-1",
    ]
    assert [one.name for one in checks.sets] == [f"missing: {name}" for name in names]
