"""Lines of ``expect``: what they say, and where one that can't be read stops being readable."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.errors import Place
from reportgen.inputs.belief_lines import GRAMMAR, BeliefLine, Unreadable, parse_belief
from tests.inputs.folders import STEADY


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("v2 is better", BeliefLine("v2", "better")),
        ("v2 is worse than v1", BeliefLine("v2", "worse", "v1")),
        ("v2 is not worse than v1 on recall of 8", BeliefLine("v2", "not worse", "v1", "recall", "8")),
        ("v2  IS Better On mae", BeliefLine("v2", "better", metric="mae")),
        (
            "v2 is better where time = night and weather=rain",
            BeliefLine("v2", "better", where=(("time", "night"), ("weather", "rain"))),
        ),
        (
            "v2 is better where sort = salt and pepper and year = 2014",
            BeliefLine("v2", "better", where=(("sort", "salt and pepper"), ("year", "2014"))),
        ),
        (
            "v2 is better where brightness = < 0.1 and width = 10–15",
            BeliefLine("v2", "better", where=(("brightness", "< 0.1"), ("width", "10–15"))),
        ),
        ("v2 accuracy is at least 0.9", BeliefLine("v2", "at least", metric="accuracy", limit=0.9)),
        ("v2 accuracy is at most 92%", BeliefLine("v2", "at most", metric="accuracy", limit=0.92)),
        ("v2 bias is at least -1.5", BeliefLine("v2", "at least", metric="bias", limit=-1.5)),
        (
            "v2 recall of full car is at least .5 where a b = c d",
            BeliefLine("v2", "at least", "", "recall", "full car", 0.5, (("a b", "c d"),)),
        ),
        ("my new model is better than the old one", BeliefLine("my new model", "better", "the old one")),
        ('"the one that is best" is worse', BeliefLine("the one that is best", "worse")),
        ("'x than y' is worse than \"on\"", BeliefLine("x than y", "worse", "on")),
        ('v2 is better where "a = b" = "c and d = e"', BeliefLine("v2", "better", where=(("a = b", "c and d = e"),))),
        ("O'Neil is better", BeliefLine("O'Neil", "better")),
    ],
)
def test_what_a_line_says(text: str, line: BeliefLine) -> None:
    """Versions, metrics, classes, numbers and conditions; names in quotes may hold the grammar's words."""
    assert parse_belief(text) == line


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 1, "the name of a version"),
        ("is better", 1, "the name of a version"),
        ("v2", 3, '"is"'),
        ("v2 better", 10, '"is"'),
        ("v2 is", 6, '"better", "worse", "not worse", "at least" or "at most"'),
        ("v2 is good", 7, '"better", "worse", "not worse", "at least" or "at most"'),
        ("v2 is not better", 11, '"worse"'),
        ("v2 is better than", 18, "the name of a version"),
        ("v2 is better on", 16, "the name of a metric"),
        ("v2 recall of is at least 1", 14, "a class"),
        ("v2 is better by far", 14, "the end of the line"),
        ("v2 is better where", 19, "the name of a column"),
        ("v2 is better where time", 24, '"="'),
        ("v2 is better where time =", 26, "a value"),
        ("v2 is better where time = night and", 36, None),
        ("v2 is better where a = b c = d", 28, '"and" between two conditions, or the end of the line'),
        ("v2 is at least 0.9", 3, "a metric after the version"),
        ("v2 accuracy is at 0.9", 19, '"least" or "most"'),
        ("v2 accuracy is at least high", 25, "a number such as 0.9 or 90%"),
        ("v2 accuracy is at least", 24, "a number such as 0.9 or 90%"),
        ("v2 accuracy is at least 0.9 or so", 29, "the end of the line"),
        ("v2 recall of 8 is better", 19, '"at least" or "at most"'),
    ],
)
def test_where_a_line_cant_be_read(text: str, position: int, expected: str | None) -> None:
    """The character and what should stand there; the problem shows the grammar."""
    found = parse_belief(text)

    if expected is None:  # a value may hold an "and" of its own
        assert found == BeliefLine("v2", "better", where=(("time", "night and"),))
        return
    assert found == Unreadable(text, position, expected)
    told = found.problem(Place("m.yaml", 3, 5), "expect[0]")
    assert (told.code, told.expected) == ("RG125", GRAMMAR)
    assert f"at its character {position:,}" in str(told)


_WORDS = st.sampled_from(
    [
        "v2",
        "is",
        "not",
        "better",
        "worse",
        "than",
        "on",
        "of",
        "where",
        "and",
        "=",
        "at",
        "least",
        "most",
        "0.9",
        "'",
        '"',
        "9%",
    ]
)


@STEADY
@given(st.text() | st.lists(_WORDS, max_size=12).map(" ".join))
@example("v2 x is at least " + "9" * 400)
def test_any_line_is_read_or_told(text: str) -> None:
    """Never another error, and the place that is told lies in the line or just behind it."""
    found = parse_belief(text)

    if isinstance(found, Unreadable):
        assert 1 <= found.position <= len(text) + 1
        assert found.expected
    else:
        assert (found.limit is None) == (found.relation in {"better", "worse", "not worse"})


_NAMES = st.text(
    st.characters(exclude_characters="\"'", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=9
)


@STEADY
@given(_NAMES, _NAMES, _NAMES, _NAMES)
def test_quoted_names_are_read_as_they_are(version: str, other: str, column: str, value: str) -> None:
    """Whatever they hold."""
    text = f'"{version}" is better than "{other}" where "{column}" = "{value}"'

    assert parse_belief(text) == BeliefLine(version, "better", other, where=((column, value),))
