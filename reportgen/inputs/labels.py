"""The classes: the target's labels, the predictions' labels matched to them, and what they are where they differ."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.errors import Place, Problem
from reportgen.model import Note

MAX_CLASSES = 1_000
_WHOLE = re.compile(r"([+-]?)(\d+)\.0+")
_INTEGER = re.compile(r"[+-]?\d+")


@dataclass(frozen=True)
class Matched:
    """How predicted labels are read: by ``spelling`` where they are written otherwise; ``extra`` no sample has."""

    spelling: Mapping[str, str]
    extra: tuple[str, ...]
    notes: tuple[Note, ...]


def order_classes(labels: Iterable[str]) -> list[str]:
    """The labels by number where all are whole numbers, else by spelling."""
    names = set(labels)
    if names and all(_INTEGER.fullmatch(name) for name in names):
        return sorted(names, key=lambda name: (int(name), name))
    return sorted(names)


def respell(label: str) -> str:
    """The label without needless decimals: "1.0" is "1"."""
    match = _WHOLE.fullmatch(label)
    return f"{match[1].replace('+', '')}{match[2]}" if match else label


def match_labels(classes: Sequence[str], predicted: Iterable[str], where: Place, version: str) -> Matched | Problem:
    """How a version's labels are read as classes, or the problem with the mapping that is likely meant (RG318).

    Args:
        classes: the target's labels, in order.
        predicted: the version's distinct labels.
        where: the prediction column.
        version: whose they are, for notes.
    """
    known = set(classes)
    unknown = order_classes(set(predicted) - known)
    by_number = {respell(name): name for name in classes}
    spelling = {name: by_number[respell(name)] for name in unknown if respell(name) in by_number}
    unknown = [name for name in unknown if name not in spelling]
    notes: list[Note] = []
    if spelling:
        first, meant = next(iter(spelling.items()))
        message = f'labels of {version} differ from the target\'s in decimals only ("{first}" is read as "{meant}")'
        notes.append(Note("RG319", "info", message, where.file, where.column or "", len(spelling)))
    if not unknown:
        return Matched(spelling, (), tuple(notes))
    matched = bool(spelling) or bool(set(predicted) & known)
    mapping = _likely(classes, unknown, matched=matched)
    if mapping or not matched:
        return _mismatch(classes, unknown, mapping, where)
    some = ", ".join(f'"{name}"' for name in unknown[:5])
    message = f"{version} predicts {some}, which no sample has as its target: an extra class"
    notes.append(Note("RG320", "degraded", message, where.file, where.column or "", len(unknown), tuple(unknown[:5])))
    return Matched(spelling, tuple(unknown), tuple(notes))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_\-\s]+", " ", unicodedata.normalize("NFKC", name)).split()).casefold()


def _likely(classes: Sequence[str], unknown: Sequence[str], *, matched: bool) -> dict[str, str]:
    by_plain = {_plain(name): name for name in classes}
    mapping = {name: by_plain[_plain(name)] for name in unknown if _plain(name) in by_plain}
    if mapping or matched:
        return mapping
    if all(name.isdigit() for name in unknown):  # indices for names, in the usual order: the sorted one
        top = max(int(name) for name in unknown)
        if top < len(classes):
            return {str(i): name for i, name in enumerate(classes)}
        if top == len(classes) and "0" not in unknown:
            return {str(i + 1): name for i, name in enumerate(classes)}
    if all(_INTEGER.fullmatch(name) for name in classes) and len(unknown) == len(classes):
        return dict(zip(sorted(unknown), classes, strict=True))
    return {}


def _mismatch(classes: Sequence[str], unknown: Sequence[str], mapping: Mapping[str, str], where: Place) -> Problem:
    what = f"predicted labels {listed(unknown)} are none of the target's {listed(classes)}"
    if not mapping:
        near = [name for one in unknown[:3] for name in difflib.get_close_matches(one, classes, n=1)]
        hint = f' (is "{unknown[0]}" "{near[0]}"?)' if near else ""
        mend = f"see that both name the same classes, or map them under prediction_columns: {{label_map: …}}{hint}"
        return Problem("RG318", what, where, mend=mend)
    pairs = ", ".join(f"{_yaml(a)}: {_yaml(b)}" for a, b in list(mapping.items())[:50])
    mend = f"if that is what they mean, write prediction_columns: {{label_map: {{{pairs}}}}}"
    return Problem("RG318", what, where, mend=mend)


def listed(names: Sequence[str], most: int = 8) -> str:
    """The names in quotes, the first few of many."""
    text = ", ".join(f'"{name}"' for name in names[:most])
    return text + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _yaml(text: str) -> str:
    return text if re.fullmatch(r"\w[\w .-]*", text) and not text.endswith(" ") else f'"{text}"'
