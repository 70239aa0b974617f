"""Masks of segmentation at the size at which they are drawn: fewer pixels, upright, and what hatches a part of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.objects import Flags
from reportgen.stats.pixels import Codes


def shrink(codes: Codes, n_codes: int, step: int) -> Codes:
    """A cell for each square of ``step`` × ``step`` pixels: the code of most of them, of equally many the lowest.

    Squares at the right and the lower border are cut where the image ends.
    """
    if step == 1:
        return codes
    height, width = codes.shape
    columns = -(-width // step)
    place = np.arange(width) // step * n_codes
    found = np.empty((-(-height // step), columns), codes.dtype)
    for y in range(len(found)):
        keys = codes[y * step : (y + 1) * step].astype(np.int64) + place
        counts = np.bincount(keys.ravel(), minlength=columns * n_codes)
        found[y] = counts.reshape(columns, n_codes).argmax(axis=1)
    return found


def turn_upright(codes: Codes, turned: int) -> Codes:
    """The pixels of a mask that is as its image's file stores it, as the EXIF orientation turns the image."""
    if turned in {2, 3, 7, 8}:  # the horizontal axis of the file runs backwards
        codes = codes[:, ::-1]
    if turned in {3, 4, 6, 7}:  # the vertical one
        codes = codes[::-1]
    return codes.T if turned >= 5 else codes


def surprises(codes: Codes, n_codes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where a mask is not as its neighbours let one expect, cell by cell: at the corners of its regions alone.

    A cell is expected to be as the one above where the cell to the left and the one between them are alike, else as the
    one to the left; outside of the mask all is of the code 0.

    Returns:
        The places of the others, row by row, and by how much the code of each is beyond the expected one, round the
        circle of codes (1 to ``n_codes`` - 1).
    """
    framed = np.pad(codes, ((1, 0), (1, 0)))
    above, left, between = framed[:-1, 1:], framed[1:, :-1], framed[:-1, :-1]
    expected = np.where(left == between, above, left)
    unlike = codes != expected
    beyond = (codes[unlike].astype(np.int64) - expected[unlike]) % n_codes
    return np.flatnonzero(unlike), beyond


def hatches(cells: Flags, every: int, *, down: bool) -> Iterator[tuple[int, int, int]]:
    """The diagonals of cells that lie in a part, one in ``every``: x and y of the first cell, and how many follow it.

    ``down``: from the upper left to the lower right; else from the upper right to the lower left.
    """
    height, width = cells.shape
    seen = cells if down else cells[:, ::-1]
    for shift in range(-(height - 1) // every * every, width, every):
        if shift <= -height:
            continue
        line = np.diagonal(seen, shift)
        ends = np.flatnonzero(np.diff(line.astype(np.int8), prepend=0, append=0)).tolist()
        for begin, end in zip(ends[::2], ends[1::2], strict=True):
            x, y = begin + max(shift, 0), begin + max(-shift, 0)
            yield (x if down else width - 1 - x), y, end - begin
