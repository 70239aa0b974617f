"""COCO files: true objects (images, annotations, categories), and lists of results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import polars as pl

from reportgen.errors import Problem
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
    lists,
    numbers,
    scalars,
    short,
    spread,
    text_of,
    texts,
)
from reportgen.model import Note
from reportgen.stats.mask_columns import column_of
from reportgen.stats.mask_strings import unpack_runs
from reportgen.stats.masks import Masks
from reportgen.stats.polygons import FARTHEST

_OWN = frozenset(
    {"id", "image_id", "category_id", "bbox", "area", "iscrowd", "ignore", "segmentation", "score", "attributes"}
    | {"keypoints", "num_keypoints", "category_name"}
)

Entry = Mapping[str, Any]


_BEGINS = re.compile(rb'(\xef\xbb\xbf)?\s*\{\s*"(info|licenses|images|annotations|categories|videos)"\s*:')


def begins_as_truth(path: Path) -> bool:
    """Whether a file begins as COCO files of images and annotations do: large ones are not read for it."""
    try:
        with path.open("rb") as file:
            return _BEGINS.match(file.read(4096)) is not None
    except OSError:
        return False


def is_truth(data: object) -> bool:
    """Whether the value is a COCO file of images and annotations."""
    return isinstance(data, dict) and isinstance(data.get("images"), list) and "annotations" in data


def is_results(data: object) -> bool:
    """Whether the value is a list of COCO results; an empty list is one without detections."""
    if not isinstance(data, list):
        return False
    first = next((one for one in data if isinstance(one, dict)), None)
    return not data or (first is not None and "image_id" in first and bool(first.keys() & {"bbox", "segmentation"}))


def read_truth(data: Entry, source: Source, content: str) -> GivenObjects:
    """The objects of a COCO file of images, annotations and categories."""
    problems: list[Problem] = []
    images = _entries(data, "images", source, problems)
    annotations = _entries(data, "annotations", source, problems)
    pictures = _images(images, source, problems)
    categories = _categories(data, source, problems)
    found = _objects(annotations, source, "annotations", problems, marks=True)
    strangers = (~found["image"].is_in(pictures[IMAGE].implode())).arg_true().to_list()
    if strangers:
        places = [short(name) for name in found["mark"].gather(strangers[:NAMED]).fill_null("?")]
        named = listed("annotation", places, len(strangers))
        what = f'{named}: image_id "{found["image"][strangers[0]]}" is no image of the file'
        mend = "name an image of `images`"
        problems.append(
            Problem("RG373", what, source.place(found["row"][strangers[0]], "annotations.image_id"), mend=mend)
        )
        keep = found["image"].is_in(pictures[IMAGE].implode())
        found = found.filter(keep)
    kept = [annotations[row - 1] for row in found["row"].to_list()]
    return GivenObjects(
        "COCO",
        found,
        pictures,
        (source.shown,),
        content,
        every=True,
        attributes=_attributes(kept),
        categories=categories,
        notes=tuple(_notes(kept, found, source)),
        problems=tuple(problems),
    )


def read_results(data: Sequence[Any], source: Source, content: str, what: str = "COCO results") -> GivenObjects:
    """The detections in a list of COCO results; images may be numbers and names in one file."""
    problems: list[Problem] = []
    entries = _mappings(data, source, "entries", problems)
    found = _objects(entries, source, "", problems, marks=False)
    kept = entries if found.height == len(entries) else [entries[row - 1] for row in found["row"].to_list()]
    images = pl.DataFrame({IMAGE: found["image"], "file_name": texts([entry.get("file_name") for entry in kept])})
    if images["file_name"].null_count():
        images = images.drop("file_name")
    categories = _named_categories(kept)
    return GivenObjects(
        what,
        found,
        images.unique(IMAGE, keep="first", maintain_order=True).with_columns(
            pl.lit(None, dtype=pl.Float64).alias(WIDTH), pl.lit(None, dtype=pl.Float64).alias(HEIGHT)
        ),
        (source.shown,),
        content,
        attributes=pl.DataFrame(),
        categories=categories,
        notes=tuple(_notes(kept, found, source)),
        problems=tuple(problems),
    )


def sample_columns(data: Entry) -> pl.DataFrame:
    """The images of a COCO file as samples: a column for every key that holds single values."""
    images = [one for one in data["images"] if isinstance(one, dict)]
    return scalars(images, frozenset())


def _entries(data: Entry, key: str, source: Source, problems: list[Problem]) -> list[dict[str, Any]]:
    found = data.get(key)
    if found is None and key == "annotations":
        return []
    if not isinstance(found, list):
        what = f"`{key}` is no list"
        problems.append(Problem("RG373", what, source.place(column=key), expected="a list of objects"))
        return []
    return _mappings(found, source, key, problems)


def _mappings(values: Sequence[Any], source: Source, key: str, problems: list[Problem]) -> list[dict[str, Any]]:
    """The entries; one that is no JSON object is empty, and a problem."""
    wrong = [i for i, value in enumerate(values) if type(value) is not dict]
    if wrong:
        named = listed("entry", [str(i + 1) for i in wrong[:NAMED]], len(wrong))
        value = values[wrong[0]]
        what = f"{named} of {key}: no JSON object" if key != "entries" else f"{named}: no JSON object"
        problems.append(Problem("RG373", what, source.place(wrong[0] + 1, value=value), expected="an object"))
        return [value if type(value) is dict else {} for value in values]
    return list(values)


def _categories(data: Entry, source: Source, problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    owner: dict[str, str] = {}
    for i, entry in enumerate(_entries({"categories": data.get("categories")}, "categories", source, problems), 1):
        key, name = text_of(entry.get("id")), text_of(entry.get("name"))
        if key is None or name is None:
            problems.append(Problem("RG373", "a category without id or name", source.place(i, "categories")))
        elif found.get(key, name) != name:
            what = f'category {key} is both "{found[key]}" and "{name}"'
            problems.append(Problem("RG380", what, source.place(i, "categories.id", key), mend="give each an id"))
        elif owner.get(name, key) != key:
            what = f'categories {owner[name]} and {key} are both called "{name}"'
            mend = "name them apart, or give both one id"
            problems.append(Problem("RG380", what, source.place(i, "categories.name", name), mend=mend))
        else:
            found[key], owner[name] = name, key
    return dict(sorted(found.items(), key=_by_number))


def _by_number(item: tuple[str, str]) -> tuple[int, int, str]:
    key = item[0]
    return (0, int(key), key) if key.isascii() and key.lstrip("-").isdigit() and len(key) < 19 else (1, 0, key)


def _named_categories(entries: Sequence[Entry]) -> dict[str, str]:
    """Names beside the ids of results, where every one has one, and they agree."""
    if not entries or "category_name" not in entries[0]:
        return {}
    pairs = {(text_of(e.get("category_id")), text_of(e.get("category_name"))) for e in entries}
    found = {key: name for key, name in pairs if key is not None and name is not None}
    return dict(sorted(found.items(), key=_by_number)) if len(found) == len(pairs) else {}


def _images(entries: Sequence[Entry], source: Source, problems: list[Problem]) -> pl.DataFrame:
    """A row an image, with every text that it is called by."""
    keys = texts([entry.get("id") for entry in entries])
    lost = keys.is_null().arg_true().to_list()
    if lost:
        named = listed("entry", [str(i + 1) for i in lost[:NAMED]], len(lost))
        what = f"{named} of images: no id"
        problems.append(Problem("RG373", what, source.place(lost[0] + 1, "images.id"), mend="give each image an id"))
    rows = keys.is_not_null().arg_true().to_list()
    further = sorted({k for entry in entries for k, v in entry.items() if isinstance(v, str)} - {"id"})
    columns = [keys.gather(rows).alias(IMAGE)]
    for name in further:
        if name not in {IMAGE, WIDTH, HEIGHT}:
            cells = [entries[i].get(name) for i in rows]
            columns.append(pl.Series(name, [c if isinstance(c, str) else None for c in cells], dtype=pl.String))
    for name in (WIDTH, HEIGHT):
        sides = numbers([entries[i].get(name, np.nan) for i in rows])
        columns.append(pl.Series(name, np.where(sides > 0, sides, np.nan), dtype=pl.Float64).fill_nan(None))
    frame = pl.DataFrame(columns)
    twice = frame[IMAGE].is_duplicated()
    if twice.any():
        first = frame.filter(twice)[IMAGE].unique(maintain_order=True)
        second = int((frame[IMAGE] == first[0]).arg_true()[1])
        named = listed("id", [short(one) for one in first.head(NAMED)], len(first))
        what = f"several images of one id: {named}"
        place = source.place(rows[second] + 1, "images.id", first[0])
        problems.append(Problem("RG380", what, place, mend="give each image an id of its own"))
        frame = frame.unique(IMAGE, keep="first", maintain_order=True)
    return frame


def _objects(
    entries: Sequence[Entry], source: Source, where: str, problems: list[Problem], *, marks: bool
) -> pl.DataFrame:
    """A row an entry that names an image, a class and a box or a mask; the others are problems."""
    n = len(entries)
    images, classes = (texts([entry.get(key) for entry in entries]) for key in ("image_id", "category_id"))
    masks = _Masks(entries, source, where, problems, marks=marks)
    box, shaped = _boxes(entries)
    given = np.isfinite(box).any(axis=1) | ~masks.there
    box = np.where(given[:, None], box, masks.boxes)
    keep = np.ones(n, bool)
    dot = f"{where}." if where else ""
    for key, wrong in (
        ("image_id", images.is_null().arg_true().to_list()),
        ("category_id", classes.is_null().arg_true().to_list()),
        ("bbox", np.flatnonzero(~shaped & ~(masks.there & ~np.array(["bbox" in e for e in entries], bool))).tolist()),
    ):
        new = [i for i in wrong if keep[i] and entries[i]]
        keep[wrong] = False
        if new:
            value = entries[new[0]].get(key)
            what = f"{_named(entries, new, marks=marks)}: " + (f"no {key}" if value is None else f"{key} is wrong")
            expected = "[x, y, width, height], four numbers" if key == "bbox" else "a whole number or a text"
            place = source.place(new[0] + 1, dot + key, value)
            problems.append(Problem("RG373", what, place, expected=expected))
    keep &= np.array([bool(entry) for entry in entries], bool)
    keep &= ~masks.damaged
    area = numbers([entry.get("area", np.nan) if marks else np.nan for entry in entries])  # none of results, as there
    area = np.where(np.isfinite(area), area, np.where(given, np.nan, masks.areas))
    frame = given_frame(
        n,
        {
            "image": images,
            "class": classes,
            **dict(zip(("left", "top", "width", "height"), box.T, strict=True)),
            "area": pl.Series(area).fill_nan(None),
            "crowd": np.isin(numbers([entry.get("iscrowd", 0) for entry in entries]), [1]),
            "score": _scores(entries),
            **masks.columns,
            "row": np.arange(1, n + 1),
            **({"mark": texts([entry.get("id") for entry in entries])} if marks else {}),
        },
    )
    return frame if keep.all() else frame.filter(pl.Series(keep))


def _scores(entries: Sequence[Entry]) -> pl.Series:
    found = [entry.get("score") for entry in entries]
    there = pl.Series([one is not None for one in found], dtype=pl.Boolean)
    cells = pl.Series(numbers([np.nan if one is None else one for one in found]), dtype=pl.Float64)
    return cells.set(~there, None)


def _named(entries: Sequence[Entry], rows: Sequence[int], *, marks: bool) -> str:
    """The entries by their ids, where all have one, else by their place."""
    names = texts([entries[i].get("id") for i in rows[:NAMED]]).drop_nulls().to_list() if marks else []
    if len(names) == len(rows[:NAMED]):
        return listed("annotation", [short(one) for one in names], len(rows))
    return listed("entry", [str(i + 1) for i in rows[:NAMED]], len(rows))


def _boxes(entries: Sequence[Entry]) -> tuple[Array, Any]:
    """The boxes, NaN where one is missing or holds no number, and which are lists of four."""
    found = [entry.get("bbox") for entry in entries]
    try:
        box = np.array(found, np.float64)
        if box.shape == (len(found), 4):
            return box, np.ones(len(found), bool)
    except (TypeError, ValueError, OverflowError):
        pass
    shaped = np.array([isinstance(one, list) and len(one) == 4 and _plain(one) for one in found], bool)
    box = np.full((len(found), 4), np.nan)
    for i in np.flatnonzero(shaped).tolist():
        box[i] = numbers(found[i] or ())
    return box, shaped


def _plain(values: Sequence[object]) -> bool:
    return all(value is None or isinstance(value, int | float) for value in values)


class _Masks:
    """The masks and polygons of entries, their boxes and areas, and which are damaged."""

    def __init__(
        self, entries: Sequence[Entry], source: Source, where: str, problems: list[Problem], *, marks: bool
    ) -> None:
        n = len(entries)
        self.there = np.zeros(n, bool)
        self.damaged = np.zeros(n, bool)
        self.boxes = np.full((n, 4), np.nan)
        self.areas = np.full(n, np.nan)
        self.columns: dict[str, pl.Series] = {}
        found = [entry.get("segmentation") for entry in entries]
        held = [i for i, one in enumerate(found) if one]
        if not held:
            return
        wrong: dict[str, list[int]] = {}
        runs = [i for i in held if isinstance(found[i], dict)]
        polygons = [i for i in held if isinstance(found[i], list)]
        wrong["segmentation is neither polygons nor run lengths"] = sorted(set(held) - set(runs) - set(polygons))
        self._read_runs(found, runs, n, wrong)
        self._read_polygons(found, polygons, n, wrong)
        dot = f"{where}." if where else ""
        for what, rows in wrong.items():
            if rows:
                self.damaged[rows] = True
                place = source.place(rows[0] + 1, f"{dot}segmentation", found[rows[0]])
                named = _named(entries, rows, marks=marks)
                mend = "write the masks again"
                problems.append(Problem("RG388", f"{named}: {what}", place, mend=mend))

    def _read_runs(self, found: Sequence[Any], rows: Sequence[int], n: int, wrong: dict[str, list[int]]) -> None:
        sizes = {i: _size(found[i].get("size")) for i in rows}
        wrong["a mask's size is no [height, width]"] = [i for i in rows if sizes[i] is None]
        rows = [i for i in rows if sizes[i] is not None]
        packed = [i for i in rows if isinstance(found[i].get("counts"), str)]
        plain = {i: _counts(found[i].get("counts")) for i in rows if not isinstance(found[i].get("counts"), str)}
        wrong["run lengths are no text and no list of whole numbers"] = [i for i, one in plain.items() if one is None]
        runs, begins, readable = unpack_runs([found[i]["counts"] for i in packed])
        wrong["the text of run lengths is damaged"] = [packed[k] for k in np.flatnonzero(~readable).tolist()]
        told = {i: one for i, one in plain.items() if one is not None}
        size = np.array([sizes[i] for i in (*packed, *told)], np.int64).reshape(-1, 2)
        texts_, lists_ = size[: len(packed)], size[len(packed) :]
        masks = Masks.join(
            [
                Masks(runs, begins, *texts_.T).take(np.flatnonzero(readable)),
                Masks.collect(told.values(), *lists_.T),
            ]
        )
        order = np.array([*(packed[k] for k in np.flatnonzero(readable).tolist()), *told], np.int64)
        fits = masks.fits
        wrong["run lengths do not add up to the mask's height times width"] = order[~fits].tolist()
        masks, order = masks.take(np.flatnonzero(fits)), order[fits]
        if not len(order):
            return
        self.there[order] = True
        self.boxes[order], self.areas[order] = masks.boxes, masks.area
        self.columns["mask"] = spread(column_of(masks), order.tolist(), n)
        for name, column in (("mask_height", masks.height), ("mask_width", masks.width)):
            self.columns[name] = spread(pl.Series(column, dtype=pl.Int64), order.tolist(), n)

    def _read_polygons(self, found: Sequence[Any], rows: Sequence[int], n: int, wrong: dict[str, list[int]]) -> None:
        odd = [i for i in rows if not all(isinstance(one, list) and len(one) % 2 == 0 for one in found[i])]
        wrong["a polygon is no list of x, y, x, y …"] = odd
        rows = sorted(set(rows) - set(odd))
        numbered = [i for i in rows if all(_finite(one) for one in found[i])]
        wrong["a polygon holds what is no number"] = sorted(set(rows) - set(numbered))
        rows = numbered
        if not rows:
            return
        shapes = [one for i in rows for one in found[i]]
        points = np.fromiter(chain.from_iterable(shapes), np.float64)
        lengths = np.array([len(one) for one in shapes], np.int64)
        column = lists(lists(points, lengths), np.array([len(found[i]) for i in rows], np.int64))
        self.columns["polygons"] = spread(column, rows, n)
        self.there[rows] = True
        owner = np.repeat(rows, [sum(map(len, found[i])) for i in rows])
        for k in (0, 1):
            cells, whose = points[k::2], owner[k::2]
            heads = np.flatnonzero(np.diff(whose, prepend=-1))
            if len(heads):
                low, high = np.minimum.reduceat(cells, heads), np.maximum.reduceat(cells, heads)
                self.boxes[whose[heads], k], self.boxes[whose[heads], 2 + k] = low, high - low


def _size(value: object) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2 or not all(type(one) is int and one > 0 for one in value):
        return None
    height, width = value
    return (height, width) if height * width < 2**32 else None


def _counts(value: object) -> Any:
    if not isinstance(value, list) or not all(type(one) is int and -1 <= one < 2**32 for one in value):
        return None
    return np.array(value, np.int64)


def _finite(values: Sequence[Any]) -> bool:
    """Whether all are numbers that a picture can have; a sum is NaN where one of them is."""
    if not values:
        return True
    return (
        set(map(type, values)) <= {int, float}
        and min(values) > -FARTHEST
        and max(values) < FARTHEST
        and sum(values) < 1e15
    )


def _attributes(entries: Sequence[Entry]) -> pl.DataFrame:
    """The single values of annotations beyond COCO's own keys; those under ``attributes`` stand beside the others."""
    plain = scalars(entries, _OWN)
    inner = [value if isinstance(value := entry.get("attributes"), dict) else {} for entry in entries]
    below = scalars(inner, frozenset(plain.columns))
    return pl.concat([one for one in (plain, below) if one.width], how="horizontal") if below.width else plain


def _notes(entries: Sequence[Entry], found: pl.DataFrame, source: Source) -> Iterator[Note]:
    ignored = [i for i, entry in enumerate(entries) if entry.get("ignore") and not entry.get("iscrowd")]
    if ignored:
        message = (
            f"{len(ignored):,} of the annotations bear `ignore`, which is not read, as the COCO tools do not: they "
            "count as any other; `iscrowd: 1` marks what is not to count"
        )
        yield Note("RG387", "info", message, source.shown, "annotations.ignore", len(ignored), _first(found, ignored))
    points = [i for i, entry in enumerate(entries) if entry.get("keypoints")]
    if points:
        message = f"{len(points):,} of the objects have keypoints, which are not read: their boxes are"
        yield Note("RG395", "info", message, source.shown, "keypoints", len(points), _first(found, points))
    twice = found["mark"].drop_nulls()
    twice = twice.filter(twice.is_duplicated()).unique(maintain_order=True)
    if len(twice):
        message = f"{len(twice):,} ids of annotations stand more than once: every annotation counts"
        yield Note("RG386", "degraded", message, source.shown, "annotations.id", len(twice), tuple(twice.head(5)))


def _first(found: pl.DataFrame, rows: Sequence[int]) -> tuple[str, ...]:
    first = found[list(rows[:NAMED])]
    return tuple(mark or str(row) for mark, row in zip(first["mark"], first["row"], strict=True))


def stem(name: str) -> str:
    """A file's name without folders and ending."""
    return PurePosixPath(name.replace("\\", "/")).stem
