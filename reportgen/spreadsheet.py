"""Cells of CSV that no spreadsheet takes for formulas; the browser's twin is ``assets/js/engine/csv.js``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

Value = str | int | float | None

GUARDED = r"^'([=+\-@\t\r\n])"
"""A text that ``cell`` put an apostrophe before; its first group is what the text itself begins with."""

_RISKY = re.compile(r"[=+\-@\t\r\n]")
_QUOTED = re.compile(r'[",\r\n]')


def cell(value: Value) -> str:
    """A number as it stands; a text that a spreadsheet would run gets an apostrophe before it; nothing for none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return _number(value)
    text = f"'{value}" if _RISKY.match(value) else value
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def write(rows: Iterable[Iterable[Value]]) -> str:
    """The rows, the head first, in lines ended as RFC 4180 has it."""
    return "".join(",".join(map(cell, row)) + "\r\n" for row in rows)
