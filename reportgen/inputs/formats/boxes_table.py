"""A plain table of boxes: a row an object, its columns known by their usual names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.fields import is_list
from reportgen.inputs.formats.given import (
    HEIGHT,
    IMAGE,
    WIDTH,
    Array,
    GivenObjects,
    Source,
    given_frame,
)
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_labels, read_numbers, read_text, type_samples
from reportgen.model import Note

_KEYS = ("image_id", "sample_id", "sample", "image", "file_name", "filename", "file", "imageid", "img", "id")
_CLASSES: tuple[str, ...] = (
    "label",
    "class",
    "category",
    "class_name",
    "category_name",
    "labelname",
    "name",
    "prediction",
    "pred",
)
_CLASSES += ("category_id", "class_id", "label_id")
_SCORES = ("score", "confidence", "conf", "probability", "prob")
_CROWDS = ("iscrowd", "is_crowd", "crowd", "isgroupof")
_LAYOUTS: tuple[tuple[str, tuple[str, str, str, str]], ...] = (
    ("corners", ("xmin", "ymin", "xmax", "ymax")),
    ("corners", ("x_min", "y_min", "x_max", "y_max")),
    ("corners", ("x1", "y1", "x2", "y2")),
    ("corners", ("left", "top", "right", "bottom")),
    ("centre", ("cx", "cy", "w", "h")),
    ("centre", ("x_center", "y_center", "width", "height")),
    ("sides", ("x", "y", "w", "h")),
    ("sides", ("x", "y", "width", "height")),
    ("sides", ("left", "top", "width", "height")),
    ("sides", ("bbox_x", "bbox_y", "bbox_w", "bbox_h")),
    ("sides", ("bbox_x", "bbox_y", "bbox_width", "bbox_height")),
)
_LISTS = {
    "bbox": "sides",
    "box": "sides",
    "bbox_xywh": "sides",
    "xywh": "sides",
    "bbox_xyxy": "corners",
    "xyxy": "corners",
}
_WORDS = {
    "corners": "first and last corner",
    "centre": "centre, width and height",
    "sides": "left, top, width and height",
}


def is_boxes(columns: Sequence[str]) -> bool:
    """Whether columns of these names hold boxes."""
    names = {name.lower() for name in columns}
    return any(names.issuperset(layout) for _, layout in _LAYOUTS) or bool(names & _LISTS.keys())


def read(table: Table, source: Source, id_column: str) -> GivenObjects:
    """The objects of a table; a row with an image and nothing else is an image without objects.

    Boxes are shares of the image where no number of them is beyond 1, else pixels.

    Args:
        table: the rows.
        source: the file.
        id_column: what the samples' ids are called; it comes first among the names of images.
    """
    names = {name.lower(): name for name in reversed(table.frame.columns)}
    image = _pick(names, (id_column.lower(), *_KEYS))
    kind, columns = _layout(names)
    taken = {image, *columns}
    klass = _pick({low: name for low, name in names.items() if name not in taken}, _CLASSES)
    lost = [what for what, name in (("an image", image), ("a class", klass)) if name is None]
    if image is None or klass is None:
        what = f"no column for {' and '.join(lost)} among {', '.join(table.frame.columns[:12])}"
        expected = f"columns such as {_KEYS[0]} and {_CLASSES[0]}"
        raise stop(Problem("RG373", what, table.place(), expected=expected))
    problems: list[Problem] = []
    box = _numbers(table, columns, problems)
    score_name, crowd_name = _pick(names, _SCORES), _pick(names, _CROWDS)
    score = read_numbers(table, score_name, problems).fill_nan(None) if score_name is not None else None
    crowd = read_numbers(table, crowd_name, []) == 1 if crowd_name is not None else None
    area = read_numbers(table, names["area"], problems).fill_nan(None) if "area" in names else None
    if problems:
        raise InputError(problems)
    keys, classes = read_text(table, image), read_labels(table.frame[klass], tokens=table.null_tokens)
    nameless = keys.is_null().arg_true()
    if len(nameless):
        raise stop(Problem("RG303", "no image", table.place(int(nameless[0]), image), mend="leave the row out"))
    empty = np.isnan(box).all(axis=1) & classes.is_null().to_numpy()
    lone = np.flatnonzero(classes.is_null().to_numpy() & ~empty)
    if len(lone):
        more = f", and {len(lone) - 1:,} more" if len(lone) > 1 else ""
        raise stop(Problem("RG373", f"a box without a class{more}", table.place(int(lone[0]), klass)))
    finite = box[np.isfinite(box)]
    relative = bool(len(finite)) and bool(np.abs(finite).max() <= 1.0)
    box = _sides(box, kind)
    rows = np.arange(table.n_rows)
    number = pl.Series([table.place(int(row)).row for row in rows], dtype=pl.Int64)
    frame = given_frame(
        table.n_rows,
        {
            "image": keys,
            "class": classes.cast(pl.String),
            **dict(zip(("left", "top", "width", "height"), box.T, strict=True)),
            **({} if score is None else {"score": score}),
            **({} if area is None or relative else {"area": area}),
            **({} if crowd is None else {"crowd": crowd.fill_null(value=False)}),
            "row": number,
        },
    )
    kept = pl.Series(~empty)
    used = {image, klass, score_name, crowd_name, *columns} | ({names["area"]} if "area" in names else set())
    own = table.frame.select([name for name in table.frame.columns if name not in used])
    note = (
        f"boxes are read from {', '.join(columns)} as {_WORDS[kind]}, in "
        + ("shares of the image" if relative else "pixels")
        + f'; images from "{image}", classes from "{klass}"'
    )
    images = frame.select("image").unique(maintain_order=True)
    return GivenObjects(
        "a table of boxes",
        frame.filter(kept),
        images.rename({"image": IMAGE}).with_columns(
            pl.lit(None, pl.Float64).alias(WIDTH), pl.lit(None, pl.Float64).alias(HEIGHT)
        ),
        (source.shown,),
        table.sha256,
        attributes=type_samples(own, set(), table.null_tokens).filter(kept)
        if source.truth and own.width
        else pl.DataFrame(),
        categories=_categories(table.class_names, klass),
        by_name=not klass.lower().endswith("id"),
        relative=relative,
        corners=kind == "corners",
        notes=(*table.notes, Note("RG392", "info", note, source.shown, columns[0], frame.height)),
    )


def _categories(names: Mapping[str, Sequence[str]], column: str) -> dict[str, str]:
    return {name: name for name in names.get(column, ())}


def _pick(names: Mapping[str, str], usual: Sequence[str]) -> str | None:
    return next((names[name] for name in usual if name in names), None)


def _layout(names: Mapping[str, str]) -> tuple[str, list[str]]:
    """How the boxes are told, and in which columns."""
    for kind, layout in _LAYOUTS:
        if names.keys() >= set(layout):
            return kind, [names[name] for name in layout]
    found = next(name for name in _LISTS if name in names)
    return _LISTS[found], [names[found]]


def _numbers(table: Table, columns: Sequence[str], problems: list[Problem]) -> Array:
    if len(columns) == 4:
        found = [read_numbers(table, name, problems).cast(pl.Float64).fill_null(np.nan) for name in columns]
        return np.stack([one.to_numpy() for one in found], axis=1)
    series = table.frame[columns[0]]
    if series.dtype == pl.String:
        try:
            series = series.str.json_decode(pl.List(pl.Float64))
        except pl.exceptions.PolarsError:
            what = "not every value is a list of numbers"
            mend = 'write boxes as "[10, 20, 30, 40]"'
            problems.append(Problem("RG373", what, table.place(column=columns[0]), mend=mend))
            return np.full((table.n_rows, 4), np.nan)
    if isinstance(series.dtype, pl.Array):
        series = series.arr.to_list()
    wrong = (series.list.len() != 4).fill_null(value=False).arg_true() if is_list(series) else pl.Series([0])
    if len(wrong) or not is_list(series):
        row = int(wrong[0])
        what = "a box is no list of four numbers"
        problems.append(Problem("RG373", what, table.place(row, columns[0], table.frame[columns[0]][row])))
        return np.full((table.n_rows, 4), np.nan)
    filled = [[np.nan] * 4 if one is None else [np.nan if x is None else x for x in one] for one in series.to_list()]
    return np.array(filled, np.float64).reshape(-1, 4)


def _sides(box: Array, kind: str) -> Array:
    """Left, top, width and height."""
    if kind == "corners":
        return np.concatenate([box[:, :2], box[:, 2:] - box[:, :2]], axis=1)
    if kind == "centre":
        return np.concatenate([box[:, :2] - box[:, 2:] / 2, box[:, 2:]], axis=1)
    return box
