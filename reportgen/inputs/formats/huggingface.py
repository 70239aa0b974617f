"""Hugging Face's ``objects`` column: a row an image, its boxes and categories as lists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from reportgen.errors import Problem, stop
from reportgen.inputs.formats.given import (
    HEIGHT,
    IMAGE,
    NAMED,
    WIDTH,
    GivenObjects,
    Source,
    given_frame,
    listed,
    numbers,
    scalar_column,
    text_of,
    texts,
)

BOXES = ("bbox", "bboxes", "boxes", "box")
CLASSES = ("category", "categories", "label", "labels", "class", "category_id", "class_label")
SCORES = ("score", "scores", "confidence")
_CROWDS = ("iscrowd", "is_crowd", "crowd")
_KEYS = ("image_id", "file_name", "filename", "id", "image", "path")
COLUMN = "objects"


def is_rows(data: object) -> bool:
    """Whether the value is a list of rows with an ``objects`` key."""
    return isinstance(data, list) and bool(data) and any(isinstance(one, dict) and COLUMN in one for one in data[:100])


def in_parquet(path: Path) -> bool:
    """Whether a Parquet file has an ``objects`` column of lists."""
    try:
        dtype = pl.read_parquet_schema(path).get(COLUMN)
    except Exception:  # damaged files raise whatever the decoder meets; reading it as a table tells what
        return False
    return dtype is not None and dtype.is_nested()


def read_parquet(source: Source, content: str) -> GivenObjects:
    """The objects of a Parquet file; names of classes that its metadata keeps are used."""
    frame = pl.read_parquet(source.path, glob=False, hive_partitioning=False)
    wanted = [name for name in frame.columns if name in {COLUMN, WIDTH, HEIGHT, *_KEYS}]
    rows = frame.select(wanted).with_columns(
        pl.col(name).struct.field("path").alias(name)
        for name in wanted
        if name != COLUMN and isinstance(dtype := frame.schema[name], pl.Struct) and "path" in dict(dtype)
    )
    rows = rows.drop([name for name in rows.columns if rows.schema[name] in (pl.Binary, pl.Struct) and name != COLUMN])
    names = _names(pl.read_parquet_metadata(source.path))
    return read_rows(rows.to_dicts(), source, content, names)


def _names(metadata: Mapping[str, str]) -> dict[str, str]:
    """The names of classes in the metadata of Hugging Face's data sets, by their numbers."""
    try:
        features = json.loads(metadata.get("huggingface", "{}"))["info"]["features"][COLUMN]
    except (ValueError, KeyError, TypeError):
        return {}
    return next((names for one in _walk(features, 0) if (names := _class_names(one))), {})


def _walk(feature: object, depth: int) -> Sequence[object]:
    if depth > 6:
        return ()
    inner = feature.values() if isinstance(feature, dict) else feature if isinstance(feature, list) else ()
    return [feature, *(found for one in inner for found in _walk(one, depth + 1))]


def _class_names(feature: object) -> dict[str, str]:
    if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and isinstance(feature.get("names"), list):
        return {str(i): str(name) for i, name in enumerate(feature["names"])}
    return {}


def read_rows(
    rows: Sequence[Any], source: Source, content: str, names: Mapping[str, str] | None = None
) -> GivenObjects:
    """The objects of rows: ``objects`` holds lists of boxes and categories, or a list of objects.

    A box is x, y, width and height in pixels, as Hugging Face's guide to object detection has it.
    """
    problems: list[Problem] = []
    key = next((one for one in _KEYS if all(isinstance(row, dict) and text_of(row.get(one)) for row in rows)), None)
    if key is None:
        what = "no column names the image of every row"
        raise stop(Problem("RG373", what, source.place(), expected=f"one of {', '.join(_KEYS)}"))
    entries: list[tuple[int, dict[str, Any]]] = []
    wrong: list[int] = []
    for i, row in enumerate(rows):
        found = _unfold(row.get(COLUMN))
        if found is None:
            wrong.append(i)
        else:
            entries += [(i, one) for one in found]
    if wrong:
        named = listed("entry", [str(i + 1) for i in wrong[:NAMED]], len(wrong))
        place = source.place(wrong[0] + 1, COLUMN, rows[wrong[0]].get(COLUMN))
        expected = "{bbox: [[x, y, width, height], …], category: […]}, the lists of one length"
        problems.append(Problem("RG373", f"{named}: objects are wrong", place, expected=expected))
    boxes = [_first(one, BOXES) for _, one in entries]
    classes = texts([_first(one, CLASSES) for _, one in entries]).to_list()
    lost = [
        i
        for i, (box, name) in enumerate(zip(boxes, classes, strict=True))
        if not isinstance(box, list) or len(box) != 4 or name is None
    ]
    if lost:
        named = listed("entry", [str(entries[i][0] + 1) for i in lost[:NAMED]], len(lost))
        place = source.place(entries[lost[0]][0] + 1, COLUMN, entries[lost[0]][1])
        what = f"{named}: an object without a class, or without a box of four numbers"
        problems.append(Problem("RG373", what, place))
    drop = set(lost)
    kept = [i for i in range(len(entries)) if i not in drop]
    box = np.array([numbers(boxes[i]) for i in kept], np.float64).reshape(-1, 4)
    objects = [entries[i][1] for i in kept]
    scores = [_first(one, SCORES) for one in objects]
    keys = texts([row[key] for row in rows]).to_list()
    frame = given_frame(
        len(kept),
        {
            "image": [keys[entries[i][0]] for i in kept],
            "class": [classes[i] for i in kept],
            **dict(zip(("left", "top", "width", "height"), box.T, strict=True)),
            "area": pl.Series(numbers([_or_nan(one.get("area")) for one in objects]), dtype=pl.Float64).fill_nan(None),
            "crowd": [_first(one, _CROWDS) in (1, True) for one in objects],
            "score": [None if one is None else float(numbers([one])[0]) for one in scores],
            "row": [entries[i][0] + 1 for i in kept],
        },
    )
    images = {
        IMAGE: pl.Series(keys, dtype=pl.String),
        **{
            one: texts([row.get(one) for row in rows])
            for one in _KEYS
            if one not in {key, IMAGE} and any(text_of(row.get(one)) for row in rows)
        },
        WIDTH: pl.Series(numbers([_or_nan(row.get(WIDTH)) for row in rows]), dtype=pl.Float64),
        HEIGHT: pl.Series(numbers([_or_nan(row.get(HEIGHT)) for row in rows]), dtype=pl.Float64),
    }
    pictures = pl.DataFrame(images).fill_nan(None)
    if pictures[IMAGE].is_duplicated().any():
        twice = pictures.filter(pl.col(IMAGE).is_duplicated())[IMAGE][0]
        problems.append(Problem("RG380", f'several rows of the image "{twice}"', source.place(column=key)))
        pictures = pictures.unique(IMAGE, keep="first", maintain_order=True)
    own = {*BOXES, *CLASSES, *SCORES, *_CROWDS, "area", "id"}
    further = sorted({name for one in objects for name in one} - own)
    columns = [scalar_column(name, [one.get(name) for one in objects]) for name in further]
    return GivenObjects(
        "Hugging Face objects",
        frame,
        pictures,
        (source.shown,),
        content,
        every=True,
        attributes=pl.DataFrame([one for one in columns if one is not None]) if source.truth else pl.DataFrame(),
        categories=dict(names or {}),
        by_name=not names,
        from_zero=True,
        problems=tuple(problems),
    )


def _or_nan(value: object) -> object:
    return np.nan if value is None else value


def _first(one: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((one[name] for name in names if one.get(name) is not None), None)


def _unfold(value: object) -> list[dict[str, Any]] | None:
    """The objects of one image; None where the value is neither lists of one length nor a list of objects."""
    if value is None:
        return []
    if isinstance(value, list):
        return value if all(isinstance(one, dict) for one in value) else None
    if not isinstance(value, dict):
        return None
    lists = {name: one for name, one in value.items() if isinstance(one, list)}
    lengths = {len(one) for one in lists.values()}
    if len(lengths) > 1 or (not lists and any(one is not None for one in value.values())):
        return None
    return [{name: one[i] for name, one in lists.items()} for i in range(next(iter(lengths), 0))]
