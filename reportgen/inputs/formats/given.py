"""Objects as a file gives them: images and classes are still called what the file calls them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from reportgen.errors import Place, Problem
from reportgen.model import Note

NAMED = 5
"""So many of the objects that have one fault are named; the rest are counted."""

Array = npt.NDArray[np.float64]

GIVEN = pl.Schema(
    {
        "image": pl.String(),  # what the file calls the image
        "class": pl.String(),  # what it calls the class: a name, or a category's id
        "left": pl.Float64(),  # NaN: not told, or no number; pixels, or shares of the image where it is relative
        "top": pl.Float64(),
        "width": pl.Float64(),
        "height": pl.Float64(),
        "area": pl.Float64(),  # null: not told
        "crowd": pl.Boolean(),
        "score": pl.Float64(),  # null: not told; NaN: no number
        "mask": pl.List(pl.UInt32()),  # run lengths, as in ``columns.OBJECTS``
        "mask_height": pl.Int64(),  # of the mask
        "mask_width": pl.Int64(),
        "polygons": pl.List(pl.List(pl.Float64())),  # x, y, x, y … each
        "file": pl.Int32(),  # position among the files
        "row": pl.Int64(),  # entry or line of the file, from 1; null where the file is of one object
        "mark": pl.String(),  # the annotation's own id
    }
)
"""One row an object, in the order of the file."""

IMAGE = "image"
WIDTH, HEIGHT = "width", "height"


@dataclass(frozen=True, eq=False)
class Source:
    """The file or folder that objects are read from; ``shown`` is its path as the user wrote it."""

    path: Path
    shown: str
    truth: bool  # true objects; else detections

    def place(self, row: int | None = None, column: str | None = None, value: object = None) -> Place:
        """The place of an entry of the file."""
        return Place(self.shown, row=row, column=column, value=None if value is None else short(value))


@dataclass(frozen=True, eq=False)
class GivenObjects:
    """What one file or folder holds.

    Attributes:
        what: the format's name, for notes: "COCO results".
        frame: of ``GIVEN``.
        images: a row an image that the file lists: ``image``, further texts that it is called by, and ``width`` and
            ``height`` (null: not told). Every image of ``frame`` is among them.
        every: images that are not listed were not looked at by whoever made the file.
        attributes: what else the file says of each object, same rows.
        categories: what the file calls a class, and its name, in the file's order; none where objects bear names.
        by_name: a class that is also another one's id is meant by its name.
        from_zero: classes without categories are numbers that count from 0.
        relative: coordinates are shares of the image's width and height.
        corners: the file tells two corners, from which sides were computed.
        files: as the user would write them.
        content: of the bytes that were read, as hexadecimal SHA-256.
        notes: what was guessed or is not read.
        problems: entries that cannot be read; the rest is in ``frame``.
    """

    what: str
    frame: pl.DataFrame
    images: pl.DataFrame
    files: tuple[str, ...]
    content: str
    every: bool = False
    attributes: pl.DataFrame = field(default_factory=pl.DataFrame)
    categories: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False
    from_zero: bool = False
    relative: bool = False
    corners: bool = False
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return self.frame.height

    def place(self, at: int, column: str | None = None, value: object = None) -> Place:
        """Where the object in this row of the frame stands."""
        file, row = self.frame["file"][at], self.frame["row"][at]
        return Place(self.files[file], row=row, column=column, value=None if value is None else short(value))

    def marks(self) -> pl.Series:
        """What the file calls each object: its own id, else ``entry 3``, or ``line 3 of labels/a.txt``."""
        row, file = self.frame["row"].cast(pl.String), pl.Series(list(self.files), dtype=pl.String)
        of = file.gather(self.frame["file"])
        noun = pl.select(
            pl.when(of.str.ends_with(".txt")).then(pl.lit("line ")).otherwise(pl.lit("entry "))
        ).to_series()
        where = noun + row if len(self.files) == 1 else (noun + row).fill_null("") + " of " + of
        return pl.select(pl.coalesce(self.frame["mark"], where.str.strip_prefix(" of "))).to_series().alias("mark")

    def named(self, rows: Sequence[int]) -> str:
        """The objects in these rows of the frame: ``annotations 3, 4 and 17 more``."""
        first = self.frame[list(rows[:NAMED])]
        marks = first["mark"].to_list()
        if None in marks:
            noun = "line" if self.files[first["file"][0]].endswith(".txt") else "entry"
            marks = [str(row) for row in first["row"].to_list()]
            if len(self.files) > 1:
                marks = [
                    f"{mark} of {self.files[file]}" for mark, file in zip(marks, first["file"].to_list(), strict=True)
                ]
        else:
            noun = "annotation"
        return listed(noun, marks, len(rows))


def listed(noun: str, names: Sequence[str], n: int) -> str:
    """The first of ``n`` things by name: ``entries 3, 4 and 17 more``."""
    plural = noun if n == 1 else "entries" if noun == "entry" else f"{noun}s"
    more = n - len(names)
    return f"{plural} {', '.join(names)}" + (f" and {more:,} more" if more > 0 else "")


def short(value: object) -> str:
    """The value as text, cut where it is long."""
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def given_frame(n: int, columns: Mapping[str, Any]) -> pl.DataFrame:
    """A frame of ``GIVEN`` with these columns; others are null, no object is a crowd."""
    series = []
    for name, dtype in GIVEN.items():
        if name in columns:
            found = columns[name]
            series.append(found.alias(name) if isinstance(found, pl.Series) else pl.Series(name, found, dtype=dtype))
        else:
            series.append(pl.repeat({"crowd": False, "file": 0}.get(name), n, dtype=dtype, eager=True).alias(name))
    return pl.DataFrame(series).cast(dict(GIVEN))  # type: ignore[arg-type]


def digest(content: bytes) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def digest_all(files: Iterable[tuple[str, bytes]]) -> str:
    """One SHA-256 of several files, by name and bytes, in the order given."""
    whole = hashlib.sha256()
    for name, content in files:
        whole.update(f"{name}\0{digest(content)}\n".encode())
    return whole.hexdigest()


def text_of(value: object) -> str | None:
    """An id or name as text: 7 and 7.0 are "7"; None where the value is neither number nor text."""
    if type(value) is str:
        return value or None
    if type(value) is int:
        return str(value)
    if type(value) is float:
        return str(int(value)) if value.is_integer() else str(value)
    return None


def texts(values: Sequence[object]) -> pl.Series:
    """Ids or names as texts, as ``text_of`` has them."""
    if set(map(type, values)) == {int}:
        try:
            return pl.Series(values, dtype=pl.Int64).cast(pl.String)
        except (TypeError, OverflowError, pl.exceptions.PolarsError):
            pass  # beyond 64 bits
    found = [value if type(value) is str and value else text_of(value) for value in values]
    return pl.Series([None if one is None else whole_text(one) for one in found], dtype=pl.String)


def numbers(values: Sequence[object]) -> Array:
    """The values as numbers; NaN where one is none."""
    try:
        return np.array(values, dtype=np.float64).reshape(len(values))
    except (TypeError, ValueError, OverflowError):
        return np.array([_number(value) for value in values], np.float64)


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float | str) else np.nan
    except (ValueError, OverflowError):
        return np.nan


def scalars(
    entries: Sequence[Mapping[str, Any]], without: frozenset[str], asked: Callable[[str], bool] = lambda _: True
) -> pl.DataFrame:
    """The single values that entries hold under further keys, a column each, in the order of names.

    What holds whole numbers is Int64, numbers Float64, true and false Boolean, anything else text; lists and mappings
    are left out.
    """
    keys = sorted({key for entry in entries for key in entry} - without)
    found = [scalar_column(key, [entry.get(key) for entry in entries]) for key in keys if asked(key)]
    return pl.DataFrame([one for one in found if one is not None])


def scalar_column(name: str, values: Sequence[Any]) -> pl.Series | None:
    """The values as a column of one type; None where they are lists, mappings or nothing."""
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds or kinds & {list, dict}:
        return None
    name = whole_text(name)
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds <= {int, float}:
        cells = numbers([np.nan if value is None else value for value in values])
        return pl.Series(name, cells, dtype=pl.Float64).fill_nan(None)
    words = [None if value is None else whole_text(str(value)) for value in values]
    return pl.Series(name, words, dtype=pl.String)


def whole_text(text: str) -> str:
    """The text without half characters, which no frame can hold."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def lists(values: npt.NDArray[Any] | pl.Series, lengths: npt.NDArray[np.int64]) -> pl.Series:
    """A column of lists, from all their values one after another and how many each has."""
    ends = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int64())
    inner = values.to_arrow() if isinstance(values, pl.Series) else pa.array(values)
    found = pl.from_arrow(pa.LargeListArray.from_arrays(ends, inner))
    assert isinstance(found, pl.Series)
    return found


def spread(column: pl.Series, rows: Sequence[int], n: int) -> pl.Series:
    """The column's values at these rows of ``n``, null elsewhere."""
    at = np.full(n, -1, np.int64)
    at[np.asarray(rows, np.int64)] = np.arange(len(column))
    where = pl.Series(at)
    return column.gather(where.set(where < 0, None))
