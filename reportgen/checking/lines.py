"""The check for a terminal: a line a gate, then the verdict, what people believe, and what is pinned."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from reportgen.analysis.gate_words import BELIEFS, CAUTION, pinned_words
from reportgen.checking.sheet import Sheet
from reportgen.errors import printable

WIDEST = 48
"""Cells that a column is filled up to; what is wider pushes the rest of its own line alone."""

_ASCII = str.maketrans({"\u2212": "-", "…": "..", "×": "x", "–": "-", "·": ";", "≥": ">=", "“": '"', "”": '"'})


def gate_lines(sheet: Sheet) -> tuple[str, ...]:
    """A line a gate, columns in line: state, name, number, interval, n, limit, and where or why."""
    rows = []
    for words in map(sheet.words, sheet.gates):
        why = "; ".join(part for part in (words.place, words.reason) if part)
        rows.append((words.state, words.name, words.figure, words.interval, words.n, words.limit, why))
    return _aligned(rows)


def verdict_lines(sheet: Sheet) -> tuple[str, ...]:
    """The verdict, and a line for each belief and each pinned set."""
    release = sheet.release
    beliefs = [(BELIEFS[one.state], f"{_one_line(one.text)}: {_one_line(one.evidence)}") for one in sheet.beliefs]
    pinned = [("Pinned", f"{_one_line(one.name)}: {pinned_words(one)}") for one in sheet.pinned]
    quick = (sheet.quick_look,) if sheet.quick_look else ()
    return (_one_line(f"{release.headline}: {release.sentence} {CAUTION}"), *quick, *_aligned([*beliefs, *pinned]))


def encodable(text: str, encoding: str | None) -> str:
    """The text as a stream of this encoding can hold it: the signs of numbers in ASCII where it lacks them."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        plain = text.translate(_ASCII)
        return plain.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")
    return text


def _aligned(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The rows as lines, each column as wide as its widest cell."""
    if not rows:
        return ()
    clean = [[_one_line(cell) for cell in row] for row in rows]
    widths = [min(WIDEST, max(map(cell_len, column))) for column in zip(*clean, strict=True)]
    return tuple(
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True) if width
        ).rstrip()
        for row in clean
    )


def _one_line(text: str) -> str:
    """The text on one line, control characters shown as escapes."""
    return printable(" ".join(text.split()))
