"""The one serialiser: safe inside HTML, the same bytes always, no NaN."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.render.serialise import to_json


@pytest.mark.parametrize("text", ["</script><script>", "<!--<script>", "a & b", "\u2028\u2029", "\ud800", "naïve × −"])
def test_hostile_text_survives_without_markup(text: str) -> None:
    """No character that HTML or JavaScript could read stands raw, and the text comes back as it was."""
    written = to_json({text: text})

    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {text: text}
    written.encode()


def test_keys_are_sorted() -> None:
    """The order of a mapping does not show."""
    assert to_json({"b": 1, "a": [2.0, None]}) == '{"a":[2,null],"b":1}'


def test_levels_on_lines_of_their_own() -> None:
    """Columns and entries stand on lines of their own, and say the same."""
    value = {"table": {"n": [1, 2], "b": []}, "entries": [{"x": 1}, {"y": "<"}], "none": {}}
    written = to_json(value, depth=2)
    lines = ["{", '"entries":[', '{"x":1},', '{"y":"\\u003c"}', "],", '"none":{},']
    assert written.splitlines() == [*lines, '"table":{', '"b":[],', '"n":[1,2]', "}", "}"]
    assert json.loads(written) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value: float) -> None:
    """NaN never reaches a page."""
    with pytest.raises(ValueError, match="no place in JSON"):
        to_json([value])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_twelve_significant_digits(value: float) -> None:
    """A number comes back within its twelfth digit."""
    assert json.loads(to_json(value)) == pytest.approx(value, rel=1e-11, abs=0)
