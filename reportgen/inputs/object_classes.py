"""The classes of objects: the truth's names in order, and what each version calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.errors import Problem
from reportgen.inputs.formats.given import GivenObjects, Source
from reportgen.inputs.labels import listed, match_labels, order_classes
from reportgen.inputs.values import several
from reportgen.model import Note
from reportgen.stats.objects import Detections, Truths, overlap_boxes

_INTEGER = re.compile(r"-?\d{1,9}")
_PAIRS = 50
LEAST_PAIRS = 20
"""So many overlapping boxes are asked for before they can say that classes are called by each other's names."""
FEW, MOST = 0.2, 0.8
"""Fewer of them name the true class, and at least so many would under other names: then these are what is meant."""


@dataclass(frozen=True)
class Classes:
    """The class names in order, and the name of each class that the true objects' file has, by what it calls it."""

    names: tuple[str, ...]
    known: Mapping[str, str]


def name_classes(
    given: GivenObjects, source: Source, declared: Sequence[str] | None, mapping: Mapping[str, str]
) -> Classes | Problem:
    """The classes of the true objects: every category of the file, whether it occurs or not; else the names used.

    Args:
        given: the true objects.
        source: their file.
        declared: the manifest's classes, whose order is used.
        mapping: what the file calls a class, by id or name, and its name in the report.
    """
    used = given.frame["class"].unique(maintain_order=True).to_list()
    known: dict[str, str] = {}
    if given.categories:
        known = {key: mapping.get(key, mapping.get(name, name)) for key, name in given.categories.items()}
    elif given.from_zero and declared:
        known = {str(i): name for i, name in enumerate(declared)}
    for name in used:
        if name in known:
            continue
        if name in mapping:
            known[name] = mapping[name]
        elif not given.categories and not (given.from_zero and declared):
            known[name] = name
    unknown = [name for name in used if name not in known]
    if unknown:
        n = int(given.frame["class"].is_in(unknown).sum())
        what = f"categories {listed(order_classes(unknown))} of {n:,} objects have no name"
        mend = "add them to the file's categories, or map them under objects: {class_map: …}"
        return Problem("RG379", what, source.place(column="category_id"), mend=mend)
    names = list(dict.fromkeys(known.values())) if given.categories else order_classes(known.values())
    if declared is not None:
        lost = [name for name in names if name not in declared]
        if lost:
            what = f"classes {listed(lost)} of the true objects are none of the manifest's {listed(declared)}"
            mend = "add them to `classes`, or map them under objects: {class_map: …}"
            return Problem("RG379", what, source.place(), mend=mend)
        names = list(declared)
    return Classes(tuple(names), known)


@dataclass(frozen=True)
class MatchedClasses:
    """The name of each class that a version uses, by what it calls it; ``extra``: names that no true object bears."""

    known: Mapping[str, str]
    extra: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def match_classes(
    given: GivenObjects, truth: GivenObjects, classes: Classes, source: Source, version: str, mapping: Mapping[str, str]
) -> MatchedClasses | Problem:
    """How a version's classes are read, or the problem, with the shift of ids that would fit (RG379, RG318).

    A number is a category's id, of the version's own file where that has names, else of the true objects'; a text is a
    name. Where a class could be meant by either, the format says which.
    """
    used = order_classes(given.frame["class"].unique().to_list())
    known: dict[str, str] = {}
    names: dict[str, str] = {}  # of those not yet known, what they are called
    lost: list[str] = []
    shared = not given.from_zero or truth.from_zero or min(map(_number, truth.categories), default=0) == 0
    for key in used:
        own = given.categories.get(key)
        if key in mapping:
            known[key] = mapping[key]
        elif own is not None:
            name = mapping.get(own, own)
            names[key] = name
        elif given.by_name and key in classes.names:
            known[key] = key
        elif truth.categories and key in truth.categories and shared:
            known[key] = classes.known[key]
        elif key in classes.names and not (given.from_zero and not shared):
            known[key] = key
        elif _INTEGER.fullmatch(key) and truth.categories:
            lost.append(key)
        else:
            names[key] = key
    wrong = sorted({name for name in mapping.values() if name not in classes.names})
    if wrong:
        what = f"label_map leads to {listed(wrong)}, which no true object is called: {listed(classes.names)}"
        return Problem("RG379", what, source.place(), "prediction_columns.label_map", mend="name the true classes")
    if lost:
        return _unknown(lost, used, given, truth, classes, source, version)
    where = source.place(column="category")
    result = (None if known else _numbered(names, classes, source, version)) or match_labels(
        classes.names, {*names.values(), *known.values()}, where, version
    )
    if isinstance(result, Problem):
        return result
    for key, name in names.items():
        known[key] = result.spelling.get(name, name)
    return MatchedClasses(known, result.extra, result.notes)


def _number(text: str) -> float:
    return int(text) if _INTEGER.fullmatch(text) else np.inf


def _numbered(names: Mapping[str, str], classes: Classes, source: Source, version: str) -> Problem | None:
    """The problem of numbers for classes that have names alone, where the files do not say which is which."""
    keys = [key for key, name in names.items() if key == name and _INTEGER.fullmatch(key)]
    if not keys or any(map(_INTEGER.fullmatch, classes.names)):
        return None
    what = (
        f"{version} numbers its classes {listed(keys)}, and the true objects name theirs {listed(classes.names)}: "
        "which number is which is not told"
    )
    pairs = ", ".join(f"{key}: …" for key in keys[:_PAIRS])
    mend = f"say it under prediction_columns: {{label_map: {{{pairs}}}}}"
    return Problem("RG379", what, source.place(column="category_id"), mend=mend)


def _unknown(
    lost: Sequence[str],
    used: Sequence[str],
    given: GivenObjects,
    truth: GivenObjects,
    classes: Classes,
    source: Source,
    version: str,
) -> Problem:
    """The problem of category ids that the true objects do not have, with the mapping that fits best."""
    ours = list(truth.categories)
    n = int(given.frame["class"].is_in(lost).sum())
    what = (
        f"category ids {listed(lost)} of {several(n, 'detection')} of {version} are none of the true objects' "
        f"{listed(ours)}"
    )
    words, mapping = _fit(used, ours)
    mend = (
        f"map them under prediction_columns: {{label_map: {{{lost[0]}: our name, …}}}}, or leave these detections out"
    )
    if mapping:
        pairs = ", ".join(f"{key}: {_yaml(classes.known[ours_id])}" for key, ours_id in list(mapping.items())[:_PAIRS])
        more = ", …" if len(mapping) > _PAIRS else ""
        mend = f"{words}; if that is what they mean, write prediction_columns: {{label_map: {{{pairs}{more}}}}}"
    return Problem("RG379", what, source.place(column="category_id"), mend=mend)


def _fit(used: Sequence[str], ours: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The shift, or the place in the order of ids, under which most used ids are ours; nothing below one half."""
    ids = [int(key) for key in ours if _INTEGER.fullmatch(key)]
    theirs = [int(key) for key in used if _INTEGER.fullmatch(key)]
    if not ids or not theirs:
        return "", {}
    shifts = [1, -1, min(ids) - min(theirs), max(ids) - max(theirs)]
    ways = [(f"shift by {k}", {str(one): str(one + k) for one in theirs if one + k in set(ids)}) for k in shifts]
    for first in (0, 1):
        places = {str(one): str(sorted(ids)[one - first]) for one in theirs if 0 <= one - first < len(ids)}
        ways.append((f"counting the ids in their order from {first}", places))
    moved = [way for way in ways if any(key != own for key, own in way[1].items())]
    words, best = max(moved, key=lambda way: len(way[1]), default=("", {}))
    if len(best) * 2 < len(theirs):
        return "", {}
    return f"{words} matches {len(best):,} of {len(theirs):,}", best


def _yaml(text: str) -> str:
    return text if re.fullmatch(r"\w[\w .-]*", text) and not text.endswith(" ") else f'"{text}"'


def misnamed(
    truths: Truths,
    detections: Detections,
    names: Sequence[str],
    known: Mapping[str, str],
    source: Source,
    version: str,
) -> Problem | None:
    """The problem where boxes lie on true objects, nearly all under another class's name: ids off by one, or mixed up.

    Each class of the version is held against the true class that most of its boxes lie on, by half or more.

    Args:
        truths: the true objects.
        detections: those of the version.
        names: of the classes, by code.
        known: the name of each class that the version uses, by what it calls it.
        source: the version's file.
        version: whose they are.
    """
    pairs = overlap_boxes(detections, truths, 0.5)
    n = len(names)
    if len(pairs) < LEAST_PAIRS or n < 3:
        return None
    table = np.zeros((n, n), np.int64)
    np.add.at(table, (detections.klass[pairs.detection], truths.klass[pairs.truth]), 1)
    as_named, seen, likeliest = int(np.trace(table)), table.any(axis=1), table.argmax(axis=1)
    meant = likeliest[seen]
    agree = int(table[seen, meant].sum())
    alike = len(np.unique(meant)) < max(2, len(meant))  # two classes at one place say nothing of which is which
    if alike or as_named >= FEW * len(pairs) or agree < MOST * len(pairs):
        return None
    keys = {name: key for key, name in known.items()}
    mapping = {keys[names[code]]: names[likeliest[code]] for code in np.flatnonzero(seen).tolist()}
    by = set((meant - np.flatnonzero(seen)).tolist())
    how = f"shifted by {by.pop()}" if len(by) == 1 else "called by each other's names"
    what = (
        f"of {len(pairs):,} boxes of {version} that lie on a true object, {as_named:,} name its class, and {agree:,} "
        f"do when classes are {how}"
    )
    told = ", ".join(f"{_yaml(key)}: {_yaml(name)}" for key, name in list(mapping.items())[:_PAIRS])
    more = ", …" if len(mapping) > _PAIRS else ""
    mend = (
        f"map them under prediction_columns: {{label_map: {{{told}{more}}}}}, or write the true objects' category ids"
    )
    return Problem("RG379", what, source.place(column="category_id"), mend=mend)


def codes(names: Iterable[str]) -> dict[str, int]:
    """The code of each class name."""
    return {name: code for code, name in enumerate(names)}
