"""The attributes of samples whose manifest names none."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

import polars as pl

from reportgen.model import Note

MAX_CATEGORIES = 200
LONG_TEXT = 40
MAX_ATTRIBUTES = 30
ALL_DIFFERENT = 10
"""From so many samples on, words that are all different name the samples."""


def guess_attributes(samples: pl.DataFrame, taken: AbstractSet[str]) -> tuple[list[str], list[Note]]:
    """The columns that slice, in the table's order, and a note for each that could have and does not.

    Args:
        samples: the user's columns, numbers typed as numbers.
        taken: columns that have another role (id, target, media, group, weight).
    """
    names: list[str] = []
    notes: list[Note] = []
    for series in samples.get_columns():
        if series.name in taken:
            continue
        reason = _no_attribute(series)
        if reason is None and len(names) == MAX_ATTRIBUTES:
            reason = f"beyond the first {MAX_ATTRIBUTES}"
        if reason is None:
            names.append(series.name)
        else:
            message = f'column "{series.name}" is no attribute: {reason}'
            notes.append(Note("RG338", "info", message, column=series.name))
    return names, notes


def _no_attribute(series: pl.Series) -> str | None:
    """Why the column does not slice; None where it does."""
    if series.dtype.is_nested() or series.dtype.is_temporal():
        return "it holds lists" if series.dtype.is_nested() else "it holds times"
    known = series.drop_nulls()
    if series.dtype.is_float():
        known = known.drop_nans()
    if not len(known):
        return "it is empty"
    n_values = known.n_unique()
    if n_values == 1:
        return "it has the same value everywhere"
    if series.dtype.is_float() or (series.dtype.is_numeric() and not _looks_like_id(series, n_values, len(known))):
        return None
    if n_values == len(known) >= ALL_DIFFERENT and not is_long(known):
        return f"it looks like an id, {n_values:,} values"
    if n_values > MAX_CATEGORIES or (n_values > 20 and n_values > 0.5 * len(known)):
        kind = "its values look like text" if is_long(known) else "it looks like an id"
        return f"{kind}, {n_values:,} values"
    return None


def _looks_like_id(series: pl.Series, n_values: int, n: int) -> bool:
    """True for whole numbers that name samples: all different, and called so or counting up."""
    if n_values < n or n < 20 or not series.dtype.is_integer():
        return False
    named = re.search(r"(^|_)(id|index|idx|key|number|no)$|^unnamed", series.name, re.IGNORECASE) or not series.name
    span = int(series.max()) - int(series.min()) + 1  # type: ignore[arg-type]
    return bool(named) or span == n


def is_long(series: pl.Series) -> bool:
    """True for texts of more than a few words on average."""
    return series.dtype == pl.String and float(series.str.len_chars().mean() or 0.0) > LONG_TEXT  # type: ignore[arg-type]
