"""Columns read for a role."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import Problem
from reportgen.inputs.tables import NULL_TOKENS, Table
from reportgen.inputs.values import HUGE, read_ids, read_labels, read_numbers, several, type_samples
from tests.inputs.folders import STEADY


def table(values: Any, dtype: Any = None) -> Table:
    """A table of one column, as if from a CSV file."""
    frame = pl.DataFrame({"x": pl.Series(values, dtype=dtype)})
    return Table(frame, "t.csv", "", frame.height, first_row=2)


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (["007", "7", " 7"], ["007", "7", " 7"]),
        ([7, 2**53 + 1, -1], ["7", "9007199254740993", "-1"]),
        ([7.0, 8.0], ["7", "8"]),
        (["NA", "-", ""], ["NA", "-", None]),
        ([True, False], ["true", "false"]),
    ],
)
def test_ids_are_text_and_only_the_empty_one_is_none(values: list[Any], ids: list[str | None]) -> None:
    """Ids are never null tokens, never rounded and never trimmed."""
    assert read_ids(table(values), "x").to_list() == ids


def test_labels_are_text_without_null_tokens() -> None:
    """Null tokens are no labels, unless the manifest's classes name them."""
    values = pl.Series(["cat", *NULL_TOKENS])

    assert read_labels(values).to_list() == ["cat", *[None] * len(NULL_TOKENS)]
    assert read_labels(values, frozenset({"-"})).to_list()[-1] == "-"
    assert read_labels(values, tokens=("",)).to_list() == ["cat", None, *NULL_TOKENS[1:]]
    assert read_labels(pl.Series([1.0, float("nan"), 2.0])).to_list() == ["1", None, "2"]
    assert read_labels(pl.Series([0.5, 1.0])).to_list() == ["0.5", "1.0"]
    assert read_labels(pl.Series([1500], dtype=pl.Duration("ms"))).to_list() == ["PT1.5S"]


def test_numbers_are_read_from_text_with_null_tokens() -> None:
    """Blanks around numbers do not count; tokens are null, NaN stays NaN."""
    problems: list[Problem] = []
    numbers = read_numbers(table([" 1.5 ", "NA", "", "-2e3", "NaN"]), "x", problems)

    assert problems == []
    assert numbers.fill_nan(99).to_list() == [1.5, None, None, -2000.0, 99.0]


@pytest.mark.parametrize(
    ("values", "code", "row"),
    [
        (["1", "x", "y"], "RG310", 3),
        (["1", "inf"], "RG311", 3),
        ([1.0, float("-inf")], "RG311", 3),
        (["1e400"], "RG311", 2),
        ([1.0, float("nan"), -1e120], "RG311", 4),
        ([[1.0]], "RG310", None),
    ],
)
def test_what_is_no_number_is_told_by_its_first_row(values: list[Any], code: str, row: int | None) -> None:
    """Words, infinities and lists are problems."""
    problems: list[Problem] = []
    read_numbers(table(values), "x", problems)

    assert [(problem.code, problem.where.row) for problem in problems] == [(code, row)]


def test_samples_are_typed_where_a_whole_column_is_numbers() -> None:
    """Numbers become numbers; codes with leading zeros, long digits and mixed columns stay text."""
    frame = pl.DataFrame(
        {
            "id": ["1", "2"],
            "whole": ["3", "NA"],
            "part": ["3", "0.5"],
            "code": ["007", "010"],
            "long": ["12345678901234567", "1"],
            "mixed": ["3", "x"],
            "none": ["", "-"],
        }
    )
    typed = type_samples(frame, {"id"})
    words = type_samples(pl.DataFrame({"area": ["NA", "EU", ""], "n": ["1", "NA", "2"]}), set(), ("",))
    assert words.to_dict(as_series=False) == {"area": ["NA", "EU", None], "n": [1, None, 2]}

    assert dict(typed.schema) == {
        "id": pl.String, "whole": pl.Int64, "part": pl.Float64, "code": pl.String, "long": pl.String,
        "mixed": pl.String, "none": pl.String,
    }  # fmt: skip
    assert typed["whole"].to_list() == [3, None]
    assert typed["none"].null_count() == 2


@STEADY
@given(st.lists(st.floats(-HUGE, HUGE), min_size=1))
def test_numbers_written_by_python_read_back_as_themselves(values: list[float]) -> None:
    """Text and number give the same floats."""
    problems: list[Problem] = []

    assert read_numbers(table([repr(value) for value in values]), "x", problems).to_list() == values
    assert problems == []


def test_nouns_agree_with_their_number() -> None:
    """One is singular."""
    assert (several(1, "sample"), several(2400, "sample")) == ("1 sample", "2,400 samples")
