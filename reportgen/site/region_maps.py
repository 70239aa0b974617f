"""Masks of segmentation over pictures: as large as they can be looked at, and small enough for a page.

A report carries the true mask and every version's as codes of cells, from which tiles and the opened example draw what
is true, what a version marks, what it gets wrong and what changed. A cell is a square of pixels, one pixel where the
image is small. Only the corners of regions take room (``regions.surprises``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reportgen.inputs.pictures import own_caps
from reportgen.model import Outcomes
from reportgen.site.media import MAX_SAMPLES, THREADS, Thumb, Thumbnails
from reportgen.site.overlays import upright_size
from reportgen.stats.pixels import Codes
from reportgen.stats.regions import shrink, surprises, turn_upright

SIDE = 512
"""Cells of a side at most: beyond, an opened example shows nothing finer before it is enlarged."""
LETTERS = 8_000_000
"""Letters that the masks of a report may take, spread evenly over its samples; where one needs more, its cells grow."""
_LEAST, _MOST = 2_000, 20_000  # letters of one sample
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_BATCH = 64


@dataclass(frozen=True, eq=False)
class RegionMap:
    """The masks of one sample upon its upright picture, as cells.

    ``width`` and ``height`` are the picture's pixels, ``step`` how many of them a cell is wide and high. ``texts`` are
    the true mask and each version's as the browser gets them (None: the version has no mask).
    """

    width: int
    height: int
    step: int
    true: Codes
    said: tuple[Codes | None, ...]
    texts: tuple[str | None, ...]


def has_regions(outcomes: Outcomes) -> bool:
    """Whether the samples are pictures whose pixels are judged."""
    return outcomes.media.kind == "image" and outcomes.parts is not None and outcomes.parts.masks is not None


def n_codes(outcomes: Outcomes) -> int:
    """How many codes a cell can have: of the classes, then background's, then that of what is ignored."""
    assert outcomes.parts is not None
    return len(outcomes.parts.classes) + 2


@lru_cache(maxsize=256)
def region_map(outcomes: Outcomes, row: int, thumb: Thumb) -> RegionMap | None:
    """The masks of one sample; None where pixels are not judged, or its files can no longer be read."""
    if not has_regions(outcomes):
        return None
    with own_caps():
        return _map(outcomes, row, thumb)


def _map(outcomes: Outcomes, row: int, thumb: Thumb) -> RegionMap | None:
    assert outcomes.parts is not None
    assert outcomes.parts.masks is not None
    found = outcomes.parts.masks.read(row)
    if found is None:
        return None
    width, height = upright_size(thumb)
    turned = _turned(thumb, found[0], upright=outcomes.parts.masks.upright)
    codes = n_codes(outcomes)
    letters = min(max(LETTERS // min(max(outcomes.frame.height, 1), MAX_SAMPLES), _LEAST), _MOST)
    masks = [None if one is None else turn_upright(one, turned) for one in (found[0], *found[1])]
    step = max(1, -(-max(width, height) // SIDE))
    while True:
        cells = [None if one is None else shrink(one, codes, step) for one in masks]
        texts = tuple(None if one is None else write_cells(one, codes) for one in cells)
        if sum(len(text or "") for text in texts) <= letters or step >= max(width, height):
            assert cells[0] is not None
            return RegionMap(width, height, step, cells[0], tuple(cells[1:]), texts)
        step *= 2


def _turned(thumb: Thumb, true: Codes, *, upright: bool) -> int:
    """The orientation by which a mask is to be turned: 1 where it is upright already."""
    own = (true.shape[1], true.shape[0])
    if thumb.turned >= 5 and thumb.original[0] != thumb.original[1]:
        return 1 if own == thumb.original[::-1] else thumb.turned
    return 1 if upright else thumb.turned


def write_cells(cells: Codes, codes: int) -> str:
    """The surprises of a mask, row by row: how many cells lie before each, and by how much it is beyond (less one).

    A number stands as digits of 32, the lowest first; all but its last digit are 32 more.
    """
    places, beyond = surprises(cells, codes)
    gaps = np.diff(places, prepend=-1) - 1
    return "".join(_number(one) for one in np.stack([gaps, beyond - 1], axis=1).ravel().tolist())


def _number(value: int) -> str:
    found = ""
    while value >= 32:
        found += _DIGITS[32 + value % 32]
        value //= 32
    return found + _DIGITS[value]


def pack_regions(outcomes: Outcomes, thumbnails: Thumbnails) -> Mapping[str, object]:
    """The masks of every sample that has a picture, in the order of the chunk ``media``; null where there are none.

    ``sizes`` has width, height and ``step``, ``true`` and ``said`` (by version) the texts of ``write_cells``, and
    ``pixels`` (by version) how many pixels of each true code have which other code or, of classes, the same: true code,
    said code, pixels, and so on.
    """
    rows = sorted(thumbnails.by_row)
    assert outcomes.parts is not None
    versions = range(len(outcomes.versions))
    found = list(_maps(outcomes, thumbnails, rows))
    return {
        "codes": n_codes(outcomes),
        "sizes": [None if one is None else [one.width, one.height, one.step] for one in found],
        "true": [None if one is None else one.texts[0] for one in found],
        "said": [[None if one is None else one.texts[1 + v] for one in found] for v in versions],
        "pixels": [_pixels(outcomes, v, rows) for v in versions],
    }


def _maps(outcomes: Outcomes, thumbnails: Thumbnails, rows: Sequence[int]) -> Iterable[RegionMap | None]:
    with own_caps(), ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            yield from pool.map(lambda row: _map(outcomes, row, thumbnails.by_row[row]), batch)


def _pixels(outcomes: Outcomes, version: int, rows: Sequence[int]) -> list[list[int]]:
    """The cells of each sample's confusion, without what is rightly of no class."""
    assert outcomes.parts is not None
    cells, background = outcomes.parts.cells[version], len(outcomes.parts.classes)
    begins, ends = (np.searchsorted(cells.sample, rows, side=side).tolist() for side in ("left", "right"))
    table = np.stack([cells.target, cells.prediction, cells.n], axis=1)
    kept = (cells.target != background) | (cells.prediction != background)
    return [table[begin:end][kept[begin:end]].ravel().tolist() for begin, end in zip(begins, ends, strict=True)]
