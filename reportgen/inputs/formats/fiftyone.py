"""FiftyOne's exports: ``samples.json`` of a data set, or ``labels.json`` of detections; boxes are shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from reportgen.errors import Problem, stop
from reportgen.inputs.formats.given import (
    HEIGHT,
    IMAGE,
    NAMED,
    WIDTH,
    Array,
    GivenObjects,
    Source,
    given_frame,
    listed,
    numbers,
    scalars,
    short,
    text_of,
    texts,
)
from reportgen.model import Note

_OWN = frozenset(
    {
        "_id",
        "_cls",
        "label",
        "bounding_box",
        "confidence",
        "mask",
        "mask_path",
        "attributes",
        "tags",
        "iscrowd",
        "index",
    }
    | {"supercategory"}
)

Entry = Mapping[str, Any]


def is_samples(data: object) -> bool:
    """Whether the value is FiftyOne's ``samples.json``."""
    return (
        isinstance(data, dict)
        and isinstance(data.get("samples"), list)
        and any(isinstance(one, dict) and "filepath" in one for one in data["samples"][:100])
    )


def is_labels(data: object) -> bool:
    """Whether the value is FiftyOne's ``labels.json`` of detections."""
    return isinstance(data, dict) and isinstance(data.get("labels"), dict) and "images" not in data


def read_samples(data: Entry, source: Source, content: str, version: str = "") -> GivenObjects:
    """The objects of one field of the samples.

    Of several fields with detections it is the one called ``ground_truth`` (or, of detections, like the version or
    ``predictions``), else the only one whose detections bear no confidence (or bear one).
    """
    samples = [one for one in data["samples"] if isinstance(one, dict)]
    field = _field(samples, source, version)
    images, entries = [], []
    for sample in samples:
        path = text_of(sample.get("filepath"))
        if path is None:
            continue
        told = sample.get("metadata")
        size = told if isinstance(told, dict) else {}
        images.append({IMAGE: path, WIDTH: size.get("width"), HEIGHT: size.get("height")})
        value = sample.get(field)
        found = value.get("detections") if isinstance(value, dict) else None
        entries += [(path, one) for one in found or () if isinstance(found, list)]
    return _given(images, entries, source, content, {}, "FiftyOne samples")


def read_labels(data: Entry, source: Source, content: str) -> GivenObjects:
    """The objects under the keys of ``labels``; labels may be numbers, by ``classes``."""
    classes = data.get("classes")
    names = {str(i): str(name) for i, name in enumerate(classes)} if isinstance(classes, list) else {}
    entries = [
        (str(key), one) for key, value in data["labels"].items() for one in (value if isinstance(value, list) else ())
    ]
    by_number = bool(entries) and all(isinstance(one, dict) and type(one.get("label")) is int for _, one in entries)
    images: list[dict[str, Any]] = [{IMAGE: str(key), WIDTH: None, HEIGHT: None} for key in data["labels"]]
    return _given(images, entries, source, content, names if by_number else {}, "FiftyOne detections")


def _field(samples: list[dict[str, Any]], source: Source, version: str) -> str:
    """The field that holds the objects asked for."""
    scored: dict[str, bool] = {}
    for sample in samples:
        for name, value in sample.items():
            if isinstance(value, dict) and isinstance(value.get("detections"), list):
                scored.setdefault(name, False)
                scored[name] |= any(
                    isinstance(one, dict) and one.get("confidence") is not None for one in value["detections"]
                )
    liked = ["ground_truth"] if source.truth else [version, "predictions"]
    fitting = [name for name, has in scored.items() if has is not source.truth]
    chosen = next((name for name in liked if name in scored), None) or (fitting[0] if len(fitting) == 1 else None)
    if chosen is None and len(scored) == 1:
        chosen = next(iter(scored))
    if chosen is None:
        names = ", ".join(f'"{short(name)}"' for name in scored)
        what = f"several fields of detections: {names}" if scored else "no field of the samples holds detections"
        wanted = "ground_truth" if source.truth else "predictions, or as the version is"
        raise stop(Problem("RG371", what, source.place(), expected=f"one called {wanted}"))
    return chosen


def _given(
    images: list[dict[str, Any]],
    entries: list[tuple[str, Any]],
    source: Source,
    content: str,
    categories: dict[str, str],
    what: str,
) -> GivenObjects:
    problems: list[Problem] = []
    boxes: list[Array] = []
    keep: list[bool] = []
    wrong: list[int] = []
    for i, (_, one) in enumerate(entries):
        box = one.get("bounding_box") if isinstance(one, dict) else None
        if isinstance(box, list) and len(box) == 4 and text_of(one.get("label")) is not None:
            boxes.append(numbers(box))
            keep.append(True)
        else:
            keep.append(False)
            wrong.append(i)
    if wrong:
        named = listed("entry", [f"{i + 1} ({short(entries[i][0])})" for i in wrong[:NAMED]], len(wrong))
        place = source.place(wrong[0] + 1, "bounding_box", entries[wrong[0]][1])
        expected = "a label, and bounding_box: [x, y, width, height] in shares of the image"
        problems.append(Problem("RG373", f"{named}: no label, or no box", place, expected=expected))
    kept = [(i, path, one) for i, ((path, one), fine) in enumerate(zip(entries, keep, strict=True)) if fine]
    objects = [one for _, _, one in kept]
    box = np.array(boxes, np.float64).reshape(-1, 4)
    scores = [one.get("confidence") for one in objects]
    there = pl.Series([one is not None for one in scores], dtype=pl.Boolean)
    found = given_frame(
        len(kept),
        {
            "image": [path for _, path, _ in kept],
            "class": texts([one.get("label") for one in objects]),
            **dict(zip(("left", "top", "width", "height"), box.T, strict=True)),
            "crowd": [bool(one.get("iscrowd", False)) for one in objects],
            "score": pl.Series(numbers([np.nan if one is None else one for one in scores]), dtype=pl.Float64).set(
                ~there, None
            ),
            "row": [i + 1 for i, _, _ in kept],
        },
    )
    pictures = pl.DataFrame(
        {
            IMAGE: pl.Series([one[IMAGE] for one in images], dtype=pl.String),
            WIDTH: pl.Series(numbers([one[WIDTH] or np.nan for one in images]), dtype=pl.Float64),
            HEIGHT: pl.Series(numbers([one[HEIGHT] or np.nan for one in images]), dtype=pl.Float64),
        }
    ).fill_nan(None)
    attributes = scalars([{**_inner(one), **one} for one in objects], _OWN)
    return GivenObjects(
        what,
        found,
        pictures.unique(IMAGE, keep="first", maintain_order=True),
        (source.shown,),
        content,
        every=True,
        attributes=attributes if source.truth else pl.DataFrame(),
        categories=categories,
        by_name=not categories,
        relative=True,
        notes=tuple(_notes(objects, source)),
        problems=tuple(problems),
    )


def _inner(one: Entry) -> dict[str, Any]:
    """The attributes beneath a detection: bare values, or each with its value in a mapping."""
    found = one.get("attributes")
    if not isinstance(found, dict):
        return {}
    return {name: value.get("value") if isinstance(value, dict) else value for name, value in found.items()}


def _notes(objects: list[Any], source: Source) -> Iterator[Note]:
    masks = sum(1 for one in objects if one.get("mask") or one.get("mask_path"))
    if masks:
        message = f"{masks:,} of the objects have masks in FiftyOne's own form, which are not read: their boxes are"
        yield Note("RG395", "degraded", message, source.shown, "mask", masks)
