"""What keeps the ids of two files apart, where they would match but for their spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

import polars as pl

MOST = 20_000
"""So many ids are enough to see how the two sides differ."""


def _stem(text: str) -> str:
    return PurePosixPath(text.replace("\\", "/")).stem


_WAYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("Unicode NFC", lambda text: unicodedata.normalize("NFC", text)),
    ("stripping blanks", str.strip),
    ("ignoring case", str.casefold),
    ("dropping decimals", lambda text: text.removesuffix(".0")),
    ("dropping leading zeros", lambda text: text.lstrip("0") or "0"),
    ("the file name without folder", lambda text: PurePosixPath(text.replace("\\", "/")).name),
    ("the file name without folder and ending", _stem),
    ("the number in it", lambda text: "".join(c for c in _stem(text) if c.isdigit()).lstrip("0")),
)


def match_after(ours: pl.Series, theirs: pl.Series) -> str:
    """The change under which most ids match, and how many, as ``stripping blanks (998 of 1,000)``; empty without one.

    Changes that would give two ids one spelling do not count.
    """
    left, right = ours.head(MOST).to_list(), theirs.head(MOST).to_list()
    best, most = "", 0
    for name, change in _WAYS:
        changed = {change(text) for text in left} - {""}
        other = [change(text) for text in right]
        if len(changed) < 0.9 * len(left) or len(set(other)) < 0.9 * len(other):
            continue
        n = sum(text in changed for text in other)
        if n > most:
            best, most = name, n
    return f"{best} ({most:,} of {len(right):,})" if most >= 0.1 * len(right) and most else ""


def describe_ids(ids: pl.Series) -> str:
    """Two of the ids in quotes, to show their style."""
    return ", ".join(f'"{text}"' for text in ids.head(2).to_list())
