"""Masks of segmentation over pictures: as large as they can be looked at, and small enough for a page.

A report carries the true mask and every version's as codes of cells, from which tiles and the opened example draw what
is true, what a version marks, what it gets wrong and what changed. A cell is a square of pixels, one pixel where the
image is small. Only the corners of regions take room (``regions.surprises``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reportgen.model import Outcomes, PixelsOfSample
from reportgen.site.media import MAX_SAMPLES, Thumb, Thumbnails
from reportgen.site.overlays import upright_size
from reportgen.stats.pairs import Ints
from reportgen.stats.pixels import Codes
from reportgen.stats.regions import shrink, surprises, turn_upright

SIDE = 512
"""Cells of a side at most: beyond, an opened example shows nothing finer before it is enlarged."""
LETTERS = 8_000_000
"""Letters that the masks of a report may take, spread evenly over its samples; where one needs more, its cells grow."""
_MOST = 10_000  # letters of one mask, where all together have room
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


@dataclass(frozen=True, eq=False)
class RegionMap:
    """The masks of one sample upon its upright picture, as cells.

    ``width`` and ``height`` are the picture's pixels, ``step`` how many of them a cell is wide and high. ``numbers``
    are those of the true mask's text and of each version's (None: the version has no mask). ``pixels`` (by version)
    are what a sample's cells do not tell exactly (``_pixels``); None where they do, or where there is no room.
    """

    width: int
    height: int
    step: int
    true: Codes
    said: tuple[Codes | None, ...]
    numbers: tuple[Ints | None, ...]
    pixels: tuple[list[int], ...] | None

    @property
    def texts(self) -> tuple[str | None, ...]:
        """The true mask and each version's as the browser gets them."""
        return tuple(None if one is None else "".join(map(_number, one.tolist())) for one in self.numbers)


def has_regions(outcomes: Outcomes) -> bool:
    """Whether the samples are pictures whose pixels are judged."""
    return outcomes.media.kind == "image" and outcomes.parts is not None and outcomes.parts.masks is not None


def n_codes(outcomes: Outcomes) -> int:
    """How many codes a cell can have: of the classes, then background's, then that of what is ignored."""
    assert outcomes.parts is not None
    return len(outcomes.parts.classes) + 2


def region_map(outcomes: Outcomes, row: int, thumb: Thumb) -> RegionMap | None:
    """The masks of one sample; None where pixels are not judged, or its files can no longer be read."""
    if not has_regions(outcomes):
        return None
    assert outcomes.parts is not None
    assert outcomes.parts.masks is not None
    (found,) = outcomes.parts.masks.each([row], lambda row, read: _map(outcomes, row, read, thumb))
    return found


def upright_masks(outcomes: Outcomes, read: PixelsOfSample, thumb: Thumb) -> PixelsOfSample:
    """The masks of a sample as its picture is upright."""
    assert outcomes.parts is not None
    assert outcomes.parts.masks is not None
    turned = _turned(thumb, read[0], upright=outcomes.parts.masks.upright)
    return turn_upright(read[0], turned), tuple(None if one is None else turn_upright(one, turned) for one in read[1])


def _map(outcomes: Outcomes, row: int, read: PixelsOfSample, thumb: Thumb) -> RegionMap:
    width, height = upright_size(thumb)
    codes = n_codes(outcomes)
    true, said = upright_masks(outcomes, read, thumb)
    masks = [true, *said]
    letters = min(LETTERS // min(max(outcomes.frame.height, 1), MAX_SAMPLES), _MOST * len(masks))
    pixels = tuple(_pixels(outcomes, v, row) for v in range(len(outcomes.versions)))
    counts = sum(len(str(n)) + 1 for one in pixels for n in one)
    told = counts <= letters // 2
    step = max(1, -(-max(width, height) // SIDE))
    while True:
        cells = [None if one is None else shrink(one, codes, step) for one in masks]
        numbers = tuple(None if one is None else _numbers(one, codes) for one in cells)
        exact = pixels if told and step > 1 else None
        room = letters - counts if exact else letters
        if sum(_n_letters(one) for one in numbers if one is not None) <= room or step >= max(width, height):
            assert cells[0] is not None
            return RegionMap(width, height, step, cells[0], tuple(cells[1:]), numbers, exact)
        step *= 2


def _turned(thumb: Thumb, true: Codes, *, upright: bool) -> int:
    """The orientation by which a mask is to be turned: 1 where it is upright already."""
    own = (true.shape[1], true.shape[0])
    if thumb.turned >= 5 and thumb.original[0] != thumb.original[1]:
        return 1 if own == thumb.original[::-1] else thumb.turned
    return 1 if upright else thumb.turned


def _numbers(cells: Codes, codes: int) -> Ints:
    """The surprises of a mask, row by row: how many cells lie before each, and by how much it is beyond (less one)."""
    places, beyond = surprises(cells, codes)
    return np.stack([np.diff(places, prepend=-1) - 1, beyond - 1], axis=1).ravel()


def _n_letters(numbers: Ints) -> int:
    """How many letters they take."""
    found, least = len(numbers), 32
    while (longer := int(np.count_nonzero(numbers >= least))) > 0:
        found, least = found + longer, least * 32
    return found


def _number(value: int) -> str:
    """Digits of 32, the lowest first; all but the last are 32 more."""
    found = ""
    while value >= 32:
        found += _DIGITS[32 + value % 32]
        value //= 32
    return found + _DIGITS[value]


def pack_regions(outcomes: Outcomes, thumbnails: Thumbnails) -> Mapping[str, object]:
    """The masks of every sample that has a picture, in the order of the chunk ``media``; null where there are none.

    ``sizes`` has width, height and ``step``, ``true`` and ``said`` (by version) the texts of masks, and ``pixels`` (by
    version) how many pixels of each true code have which other code or, of classes, the same: true code, said code,
    pixels, and so on; null where that is to be counted from the cells.
    """
    rows = sorted(thumbnails.by_row)
    versions = range(len(outcomes.versions))
    found = list(_written(outcomes, thumbnails, rows))
    return {
        "codes": n_codes(outcomes),
        "sizes": [None if one is None else one.size for one in found],
        "true": [None if one is None else one.texts[0] for one in found],
        "said": [[None if one is None else one.texts[1 + v] for one in found] for v in versions],
        "pixels": [[None if one is None or one.pixels is None else one.pixels[v] for one in found] for v in versions],
    }


class _Written(NamedTuple):
    """What a page gets of a map: its cells would take a hundred times the room."""

    size: list[int]
    texts: tuple[str | None, ...]
    pixels: tuple[list[int], ...] | None


def _written(outcomes: Outcomes, thumbnails: Thumbnails, rows: Sequence[int]) -> Iterable[_Written | None]:
    def write(row: int, read: PixelsOfSample) -> _Written:
        one = _map(outcomes, row, read, thumbnails.by_row[row])
        return _Written([one.width, one.height, one.step], one.texts, one.pixels)

    assert outcomes.parts is not None
    assert outcomes.parts.masks is not None
    return outcomes.parts.masks.each(rows, write)


def _pixels(outcomes: Outcomes, version: int, row: int) -> list[int]:
    """The cells of a sample's confusion, without what is of no class and not marked either."""
    assert outcomes.parts is not None
    cells, background = outcomes.parts.cells[version], len(outcomes.parts.classes)
    begin, end = np.searchsorted(cells.sample, [row, row + 1])
    own = slice(int(begin), int(end))
    table = np.stack([cells.target[own], cells.prediction[own], cells.n[own]], axis=1)
    return table[(table[:, 0] < background) | (table[:, 1] < background)].ravel().tolist()
