"""The formats of numbers, held to the cases that the browser is held to as well."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import numbers
from reportgen.site import words

CASES = json.loads((Path(__file__).parent / "contract" / "numbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}{case['arguments']}")
def test_formats(case: dict[str, Any]) -> None:
    """Each case is written as the contract has it."""
    assert getattr(numbers, case["function"])(*case["arguments"]) == case["text"]


@given(st.floats(0, 1))
def test_rate_never_claims_all_or_none(value: float) -> None:
    """100% and 0% stand only for exactly all and exactly none."""
    text = numbers.rate(value)

    assert (text == "100%") == (value == 1)
    assert (text == "0%") == (value == 0)
    assert text != "0.0%"
    assert text != "100.0%"


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 5000))
def test_printed_difference_is_that_of_the_printed_ends(before: int, after: int, n: int) -> None:
    """With the decimals chosen, the ends and the difference of two rates agree to one unit of the last digit."""
    low, high = min(before, n) / n, min(after, n) / n
    places = numbers.difference_decimals(low, high, high - low, "rate")

    shown = [float(numbers.plain(100 * v, places).replace(numbers.MINUS, "-").replace(",", "")) for v in (low, high)]
    difference = float(numbers.difference(high - low, "rate", places).replace(numbers.MINUS, "-"))
    assert places in {1, 2}
    assert abs(shown[1] - shown[0] - difference) < 10.0**-places * 1.01


@given(st.floats(-1, 1), st.floats(0, 1), st.sampled_from(["rate", "number"]), st.integers(0, 3))
def test_an_end_of_a_difference_is_zero_only_where_it_is(low: float, width: float, unit: Any, decimals: int) -> None:
    """Of each end one reads on which side of 0 it is, so that no interval tells another thing than its verdict."""
    ends = numbers.difference_interval(low, low + width, unit, decimals).split(numbers.ELLIPSIS)

    for text, end in zip(ends, (low, low + width), strict=True):
        scaled = end * (100 if unit == "rate" else 1)
        side = 0 if abs(scaled) < numbers.ROUNDING else math.copysign(1, scaled)
        assert {"+": 1, ">": 1, numbers.MINUS: -1, "<": -1}.get(text[0], 0) == side


@given(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from([1, 2]))
def test_two_shares_add_up_as_printed(one: int, other: int, decimals: int) -> None:
    """The shares of two parts are 100% together in the digits that stand there, bounds ("< 0.1%") apart."""
    texts = numbers.two_shares(one, other + 1, decimals)

    if not any(text[0] in "<>" for text in texts):
        assert round(sum(float(text.removesuffix("%")) for text in texts), decimals) == 100


@pytest.mark.parametrize(
    ("level", "word", "meaning"),
    [
        (0.95, "95%", "19 of 20"),
        (0.9, "90%", "9 of 10"),
        (0.99, "99%", "99 of 100"),
        (0.8, "80%", "4 of 5"),
        (0.995, "99.5%", "199 of 200"),
        (0.683, "68.3%", "683 of 1,000"),
        (2 / 3, "66.6667%", "2 of 3"),
    ],
)
def test_a_level_and_what_it_means(level: float, word: str, meaning: str) -> None:
    """The word of a level, and of how many intervals how many hold the true value."""
    assert numbers.level(level) == word
    assert f" {meaning} such intervals" in words.level(level)


@given(st.lists(st.one_of(st.floats(-1e12, 1e12), st.integers(-(10**12), 10**12), st.sampled_from([0.5, -0.5, 1.5]))))
def test_a_column_of_wholes_is_written_as_one_by_one(values: list[float]) -> None:
    """Rounding, signs and separators are those of ``signed``; what is not known is missing."""
    assert numbers.signed_wholes([*values, math.nan]) == [*(numbers.signed(one, 0) for one in values), numbers.MISSING]
    ends = [f"{one}{numbers.ELLIPSIS}{one}" for one in numbers.signed_whole_ends(values)]
    assert ends == [numbers.difference_interval(one, one, "number", 0) for one in values]
