"""Columns read for a role: ids and labels as text, numbers as numbers, and what no row can be taken for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import polars as pl

from reportgen.errors import Problem
from reportgen.inputs.tables import NULL_TOKENS, Table

HUGE = 1e100
"""Beyond it sums of squares over many samples would leave a float; no measurement is so large."""

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_ZERO_LED = r"^[+-]?0\d"


def several(n: int, noun: str) -> str:
    """The number with its noun: "1 sample", "2,400 samples"."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def read_ids(table: Table, column: str) -> pl.Series:
    """The ids as text; null where there is none."""
    return read_text(table, column).alias("id")


def read_text(table: Table, column: str) -> pl.Series:
    """What a column says, as text; null where it says nothing."""
    series = _text(table.frame[column])
    return series.set(series == "", None).alias(column)


def read_labels(
    series: pl.Series, keep: frozenset[str] = frozenset(), tokens: Sequence[str] = NULL_TOKENS
) -> pl.Series:
    """The labels as text, whole numbers without decimals; null tokens are null unless they are among ``keep``."""
    return _without(_text(series), [token for token in tokens if token not in keep])


def _without(text: pl.Series, tokens: Sequence[str]) -> pl.Series:
    return text.set(text.is_in(list(tokens)).fill_null(False), None)


def told_tokens(missing: pl.Series) -> str:
    """What to say of cells that were read as "no value" though they hold a word; empty where none does."""
    if missing.dtype != pl.String or not (words := sorted(set(missing.drop_nulls()) - {""})):
        return ""
    named = " and ".join(f'"{word}"' for word in words)
    return f"; {named} was read as no value: where it is a class, name it in `classes: […]`"


def _text(series: pl.Series) -> pl.Series:
    if series.dtype == pl.String:
        return series
    if series.dtype == pl.Boolean:
        return series.replace_strict({True: "true", False: "false"}, return_dtype=pl.String)
    if series.dtype.is_float():
        known = series.fill_nan(None)
        whole = bool((known.is_null() | ((known % 1 == 0) & (known.abs() < 2**53))).all())
        return (known.cast(pl.Int64) if whole else known).cast(pl.String)
    if series.dtype == pl.Duration:
        return series.dt.to_string("iso")  # Polars casts no duration
    if series.dtype.is_nested():
        return pl.Series(series.name, [None if x is None else str(list(x)) for x in series], dtype=pl.String)
    return series.cast(pl.String)


def read_numbers(table: Table, column: str, problems: list[Problem]) -> pl.Series:
    """The numbers as Float64; null and NaN where there is none.

    A value that is no number, infinite or beyond ``HUGE`` is a problem (RG310, RG311), told by its first row.
    """
    series = table.frame[column]
    if series.dtype.is_nested() or series.dtype.is_temporal():
        what = f"holds {series.dtype}, not numbers"
        problems.append(Problem("RG310", what, table.place(column=column), expected="a column of numbers"))
        return pl.Series(column, [None] * len(series), dtype=pl.Float64)
    if series.dtype == pl.String:
        text = _without(series.str.strip_chars(), NULL_TOKENS)
        numbers = text.cast(pl.Float64, strict=False)
        wrong = (numbers.is_null() & text.is_not_null()).arg_true()
        if len(wrong):
            problems.append(_no_number(table, column, wrong))
    else:
        numbers = series.cast(pl.Float64)
    huge = (numbers.fill_nan(None).abs() > HUGE).fill_null(False).arg_true()  # infinite ones among them
    if len(huge):
        row = int(huge[0])
        what = f"{'infinite' if math.isinf(numbers[row]) else 'too large to be squared'}{_more(len(huge))}"
        place = table.place(row, column, series[row])
        problems.append(Problem("RG311", what, place, expected="finite numbers", mend="write them as missing, or clip"))
    return numbers.alias(column)


def _no_number(table: Table, column: str, rows: pl.Series) -> Problem:
    row = int(rows[0])
    value = str(table.frame[column][row])
    mend = "mend the cell, or leave it empty"
    if _DECIMAL_COMMA.fullmatch(value.strip()):
        mend = 'write decimals with "."'
    return Problem("RG310", f"not a number{_more(len(rows))}", table.place(row, column, value), mend=mend)


def _more(n: int) -> str:
    return f", and {n - 1:,} more" if n > 1 else ""


def type_samples(frame: pl.DataFrame, verbatim: set[str], tokens: Sequence[str] = NULL_TOKENS) -> pl.DataFrame:
    """The samples with null tokens as nulls, and text columns that hold only numbers as numbers.

    Columns of ``verbatim`` stay as they are; so do numbers with leading zeros or more than 15 digits, which name.
    """
    return pl.DataFrame([s if s.name in verbatim else _typed(s, tokens) for s in frame.get_columns()])


def _typed(series: pl.Series, tokens: Sequence[str]) -> pl.Series:
    if series.dtype != pl.String:
        return series.fill_nan(None) if series.dtype.is_float() else series
    text = _without(series, tokens)
    known = _without(series, NULL_TOKENS).drop_nulls()  # among numbers a null token is no word, in any format
    if not len(known) or known.str.contains(_ZERO_LED).any() or known.str.contains(r"^[+-]?\d{16,}$").any():
        return text
    whole = known.str.contains(r"^[+-]?\d+$").all()
    if known.head(1000).cast(pl.Float64, strict=False).null_count():
        return text
    numbers = series.cast(pl.Int64 if whole else pl.Float64, strict=False)
    if len(numbers) - numbers.null_count() != len(known):
        return text
    return numbers if whole else numbers.fill_nan(None)
