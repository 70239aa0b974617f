"""How wide a text gets, without asking a font: the same layout on every machine.

Widths are those of DejaVu Sans, the widest of the faces a reader is likely to have; narrower faces leave air.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "\u2026"

_REGULAR = (
    "32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 "
    "77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 "
    "63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 64 84"
)
_BOLD = (
    "35 46 52 84 70 100 87 31 46 46 52 84 38 42 38 37 70 70 70 70 70 70 70 70 70 70 40 40 84 84 84 58 100 77 76 "
    "73 83 68 68 82 84 37 37 77 64 100 84 85 73 85 77 72 68 81 77 110 77 72 73 46 37 46 84 50 50 67 72 59 72 68 "
    "44 72 71 34 34 67 34 104 71 69 72 72 49 60 48 71 65 92 65 65 58 71 37 71 84"
)
_ASCII = {
    False: {chr(32 + i): int(width) / 100 for i, width in enumerate(_REGULAR.split())},
    True: {chr(32 + i): int(width) / 100 for i, width in enumerate(_BOLD.split())},
}
_SIGNS = {"×": 0.84, "−": 0.84, "…": 1.0, "·": 0.38, "▲": 0.77, "▼": 0.77, "○": 0.87, "●": 0.87, "→": 0.84, "–": 0.5}


def widths() -> dict[str, dict[str, float]]:
    """The widths of characters in em, ``regular`` and ``bold``: what a script measures the names with that it fits."""
    return {name: {**_SIGNS, **_ASCII[bold]} for name, bold in (("regular", False), ("bold", True))}


def clean(text: str) -> str:
    """The text on one line, without the control characters that no XML may hold."""
    if text.isprintable():  # nearly every text: nothing to replace
        return text
    return (
        "".join(
            " " if c in "\t\n\r\u2028\u2029" else "\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} else c
            for c in text
        )
        .replace("\uffff", "\ufffd")
        .replace("\ufffe", "\ufffd")
    )


def width(text: str, size: float = 12, weight: int = 400) -> float:
    """The width of one line of text in px; an upper estimate."""
    known = _ASCII[weight >= 600]
    return size * sum(known.get(c) or _SIGNS.get(c) or _other(c) for c in text)


def _other(c: str) -> float:
    """The width of any other character in em: marks none, East Asian and emoji a whole one, letters as a wide one."""
    if unicodedata.combining(c) or unicodedata.category(c) in {"Mn", "Me", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(c) in {"W", "F"}:
        return 1.1
    return 0.88


def fit(text: str, room: float, size: float = 12, weight: int = 400) -> str:
    """The text, or its beginning with an ellipsis where it is wider than ``room`` px."""
    if width(text, size, weight) <= room:
        return text
    kept = ""
    for c in text:
        if width(kept + c + ELLIPSIS, size, weight) > room:
            break
        kept += c
    return kept.rstrip() + ELLIPSIS


def wrap(text: str, room: float, size: float = 12, weight: int = 400) -> tuple[str, str]:
    """The text on two lines, broken behind a space or a sign where there is one; the second line is cut if need be."""
    if width(text, size, weight) <= room:
        return text, ""
    fitting = [i for i in range(1, len(text)) if width(text[:i].rstrip(), size, weight) <= room] or [1]
    cut = max((i for i in fitting if text[i - 1] in " _-/"), default=fitting[-1])
    return text[:cut].rstrip(), fit(text[cut:].lstrip(), room, size, weight)
