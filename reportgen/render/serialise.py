"""The one serialiser of JSON, for pages and files."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

DIGITS = 12
_ESCAPED = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def to_json(value: object, *, indent: int | None = None) -> str:
    r"""The value as JSON that may stand inside HTML: keys sorted, numbers to 12 significant digits, no NaN.

    ``< > &`` and the line separators stand as ``\uXXXX``, and so do lone surrogates, which UTF-8 cannot hold. Raises
    ``ValueError`` for a number that is not finite: whoever has one says null, and why.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        _plain(value), allow_nan=False, sort_keys=True, ensure_ascii=False, separators=separators, indent=indent
    )
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(value: object) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no place in JSON")
        rounded = float(f"{value:.{DIGITS}g}")
        return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
