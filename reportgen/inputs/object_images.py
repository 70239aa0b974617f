"""Which sample each image of a file of objects is: by the one of its names by which most are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.errors import Problem
from reportgen.inputs.formats.given import HEIGHT, IMAGE, NAMED, WIDTH, GivenObjects, Source, short
from reportgen.inputs.ids import match_after
from reportgen.inputs.values import several
from reportgen.model import Note

Ints = npt.NDArray[np.int64]

_MOST_NAMES = 12


def _plain(text: str) -> str:
    return text


def _name(text: str) -> str:
    return text.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _stem(text: str) -> str:
    name = _name(text)
    head, dot, ending = name.rpartition(".")
    return head if dot and head and not ending.isdigit() else name


def _unpadded(text: str) -> str:
    stem = _stem(text)
    return stem.lstrip("0") or "0" if stem.isascii() and stem.isdigit() else stem


_WAYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("", _plain),
    (" without folder", _name),
    (" without folder and ending", _stem),
    (" without folder, ending and leading zeros", _unpadded),
)


@dataclass(frozen=True, eq=False)
class Names:
    """What samples are called, by several names each: what the name is, and the row of the sample that bears it."""

    rows: tuple[tuple[str, Mapping[str, int]], ...]
    ids: pl.Series  # of the samples, in order

    def __len__(self) -> int:
        return len(self.ids)


def sample_names(ids: pl.Series, media: pl.Series | None, column: str = "id") -> Names:
    """The names of samples: their ids and the paths of their media, whole and in parts that tell them apart."""
    found = list(_variants(f'the samples\' "{column}"', ids, np.arange(len(ids))))
    if media is not None and media.dtype == pl.String:
        found += _variants(f'the samples\' "{media.name}"', media, np.arange(len(ids)))
    return Names(tuple(found), ids)


def with_images(names: Names, images: pl.DataFrame, rows: Ints) -> Names:
    """The names, and before them what the file of true objects calls its images; ``rows``: the sample of each."""
    found = [
        one
        for column in text_names(images)
        for one in _variants(f"the truth's {_called(column)}", images[column], rows)
    ]
    return Names((*found, *names.rows), names.ids)


def text_names(images: pl.DataFrame) -> list[str]:
    """The columns of texts that images are called by, the id first, then the file's name."""
    texts = [name for name in images.columns if images.schema[name] == pl.String and name not in {WIDTH, HEIGHT}]
    first = [name for name in (IMAGE, "file_name") if name in texts]
    return [*first, *(name for name in texts if name not in first)][:_MOST_NAMES]


def _variants(label: str, texts: pl.Series, rows: Ints) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Each way to read the names, unless two samples would share one."""
    known = [(text, row) for text, row in zip(texts.to_list(), rows.tolist(), strict=True) if text and row >= 0]
    seen: list[dict[str, int]] = []
    for words, change in _WAYS:
        found = {change(text): row for text, row in known}
        if len(found) == len(known) and found not in seen:
            seen.append(found)
            yield label + words, found


def _called(column: str) -> str:
    return "image id" if column == IMAGE else f'"{column}"'


@dataclass(frozen=True, eq=False)
class Placed:
    """The sample of each image (-1: none), by which names, and what to tell."""

    rows: Ints
    how: str
    problem: Problem | None = None


def place_images(given: GivenObjects, names: Names, source: Source) -> Placed:
    """The sample of each image of a file, by the pair of names under which most are found; of equal ones the first."""
    best = np.full(given.images.height, -1, np.int64)
    most, how = 0, ""
    for column in text_names(given.images):
        for words, texts in _readings(column, given.images[column]):
            for label, known in names.rows:
                found = [known.get(text, -1) if text is not None else -1 for text in texts]
                n = len(found) - found.count(-1)
                if n > most and n == len(set(found) - {-1}):
                    best, most, how = np.array(found, np.int64), n, f"{words} = {label}"
            if most == len(best):
                break
        if most == len(best):
            break
    if most or not len(best):
        return Placed(best, how)
    theirs = given.images[IMAGE]
    ours = names.ids
    after = match_after(ours, theirs)
    what = f"no image is a sample: {_some(theirs)} there, and {_some(ours)} in the samples"
    mend = "call images by the samples' ids, or by their files' names" + (
        f"; would match after: {after}" if after else ""
    )
    return Placed(best, "", Problem("RG381", what, source.place(), mend=mend))


def _readings(label: str, texts: pl.Series) -> Iterator[tuple[str, list[str | None]]]:
    seen: list[list[str | None]] = []
    for words, change in _WAYS:
        found = [change(text) if text is not None else None for text in texts.to_list()]
        if found not in seen:
            seen.append(found)
            yield _called(label) + words, found


def _some(names: pl.Series) -> str:
    return ", ".join(f'"{short(name)}"' for name in names.head(2).to_list())


def tell_images(given: GivenObjects, placed: Placed, names: Names, source: Source, version: str) -> Iterator[Note]:
    """What to say of a file's images: by which name they are samples, which are none, and which samples are lacking."""
    n = int((placed.rows >= 0).sum())
    if n:
        message = f"{given.what}: images are matched with samples by {placed.how} ({n:,} of {len(placed.rows):,})"
        yield Note("RG382", "info", message, source.shown, "", n)
    unknown = given.images.filter(pl.Series(placed.rows < 0, dtype=pl.Boolean))[IMAGE]
    if len(unknown):
        lost = given.frame["image"].is_in(unknown.implode()).sum()
        first = tuple(unknown.head(NAMED).to_list())
        if lost and version:
            message = (
                f"{several(int(lost), 'detection')} of {version} on {several(len(unknown), 'image')} that no sample is "
                "of: left out"
            )
            yield Note("RG383", "degraded", message, source.shown, "", int(lost), first)
        elif not version:
            message = (
                f"{several(len(unknown), 'image')} that no sample is of, with {several(int(lost), 'true object')}: "
                "left out"
            )
            yield Note("RG384", "degraded", message, source.shown, "", len(unknown), first)
    if given.every and not version:
        there = np.zeros(len(names), bool)
        there[placed.rows[placed.rows >= 0]] = True
        lacking = np.flatnonzero(~there)
        if len(lacking):
            first = tuple(str(names.ids[row]) for row in lacking[:NAMED].tolist())
            message = (
                f"{several(len(lacking), 'sample')} that the true objects' file does not name: "
                "left out, for nobody said what is in them"
            )
            yield Note("RG385", "degraded", message, source.shown, "", len(lacking), first)
