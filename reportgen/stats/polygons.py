"""Polygons to masks, pixel for pixel as the COCO tools fill them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen.stats.masks import Masks, masks_of_changes
from reportgen.stats.pairs import Floats, Ints, ranges

FARTHEST = 1e8
"""No coordinate may be larger, in pixels; nor may one be missing or infinite."""

_SCALE = 5  # the tools walk along the border in fifths of a pixel
_MIDDLE = 2  # of a pixel's fifths
_BLOCK = 1 << 21  # crossings that are computed at once


@dataclass(frozen=True, eq=False)
class Polygons:
    """Polygons of three points or more, several of which may make one mask; ascending by mask."""

    points: Floats  # n × 2: x, y in pixels, those of one polygon after those of the other
    begins: Ints  # where those of each polygon begin, and the end
    mask: Ints  # to which mask each polygon belongs


def fill_polygons(polygons: Polygons, height: Ints, width: Ints) -> Masks:
    """The mask that the polygons of each make together; of given sizes, empty where a mask has no polygon.

    Source: rleFrPoly of the COCO tools, which walk along the border in fifths of a pixel, and let object and background
    change where the walk passes the middle of a column. Here those crossings alone are computed, with the same
    floating-point operations, for all edges at once.
    """
    keys, size = [], (height * width)[polygons.mask]
    before = np.concatenate([[0], np.cumsum(size)])
    for owner, position in _crossings(polygons, height[polygons.mask], width[polygons.mask]):
        kept = position < size[owner]
        keys.append(_odd_ones(before[owner[kept]] + position[kept]))
    changes = _odd_ones(np.concatenate([np.empty(0, np.int64), *keys]))
    owner = np.searchsorted(before, changes, side="right") - 1
    return _unite(owner, changes - before[owner], polygons.mask, height, width)


def _odd_ones(keys: Ints) -> Ints:
    """The keys that occur an odd number of times, ascending: two changes at one pixel are none."""
    found, counts = np.unique(keys, return_counts=True)
    return np.asarray(found[counts % 2 == 1])


def _unite(owner: Ints, position: Ints, mask_of: Ints, height: Ints, width: Ints) -> Masks:
    """The pixels that are in any polygon of a mask, from where each polygon begins and ends, ascending."""
    counts = np.bincount(owner, minlength=len(mask_of))
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    open_ = np.flatnonzero(counts % 2)  # they reach the last pixel
    size = height * width
    stride = np.concatenate([[0], np.cumsum(size + 1)])  # one more, so that no end is the next mask's beginning
    keys = np.concatenate([stride[mask_of[owner]] + position, stride[mask_of[open_]] + size[mask_of[open_]]])
    step = np.concatenate([1 - 2 * (place % 2), np.full(len(open_), -1)])
    order = np.argsort(keys, kind="stable")
    keys, depth = keys[order], np.cumsum(step[order])
    last = np.concatenate([keys[1:] != keys[:-1], [True]]) if len(keys) else np.empty(0, bool)
    keys, inside = keys[last], depth[last] > 0
    changed = np.diff(inside, prepend=False)
    mask = np.searchsorted(stride, keys, side="right") - 1
    kept = changed & (keys - stride[mask] < size[mask])
    return masks_of_changes(mask[kept], (keys - stride[mask])[kept], height, width)


def _crossings(polygons: Polygons, height: Ints, width: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Which polygon changes at which pixel, counted column by column, in blocks; sizes are those of each polygon."""
    corner = np.trunc(_SCALE * polygons.points + 0.5).astype(np.int64)
    counts = np.diff(polygons.begins)
    owner = np.repeat(np.arange(len(counts)), counts)
    following = np.arange(1, len(corner) + 1)
    following[polygons.begins[1:][counts > 0] - 1] = polygons.begins[:-1][counts > 0]
    start, stop = corner, corner[following]
    low, high = np.minimum(start[:, 0], stop[:, 0]), np.maximum(start[:, 0], stop[:, 0])
    first = np.maximum(-(-(low - _MIDDLE) // _SCALE), 0)
    last = np.minimum((high - _MIDDLE - 1) // _SCALE, width[owner] - 1)
    columns = np.maximum(last - first + 1, 0)
    for part in _blocks(columns):
        edge = np.repeat(part, columns[part])
        column = ranges(first[part], columns[part])
        row = _rows(start[edge], stop[edge], _SCALE * column + _MIDDLE)
        down = np.clip((row + 0.5) / _SCALE - 0.5, 0, height[owner[edge]])
        yield owner[edge], column * height[owner[edge]] + np.ceil(down).astype(np.int64)


def _blocks(counts: Ints) -> Iterator[Ints]:
    """Positions of what counts, a block of about so many at a time."""
    own = np.flatnonzero(counts)
    total = np.cumsum(counts[own])
    for block in np.split(own, np.searchsorted(total, np.arange(_BLOCK, total[-1] if len(total) else 0, _BLOCK))):
        if len(block):
            yield block


def _rows(start: Ints, stop: Ints, x: Ints) -> Floats:
    """In which fifth of a row the walk from ``start`` to ``stop`` passes from fifth ``x`` of a column to the next."""
    across, along = np.abs(stop[:, 0] - start[:, 0]), np.abs(stop[:, 1] - start[:, 1])
    flat = across >= along
    axis = np.where(flat, 0, 1)
    each = np.arange(len(start))
    turned = start[each, axis] > stop[each, axis]
    begin, end = np.where(turned[:, None], stop, start), np.where(turned[:, None], start, stop)
    slope = np.where(flat, end[:, 1] - begin[:, 1], end[:, 0] - begin[:, 0]) / np.where(flat, across, along)
    row = np.empty(len(start))
    step = (x - begin[:, 0])[flat]
    both = [np.trunc(begin[flat, 1] + slope[flat] * one + 0.5) for one in (step, step + 1)]
    row[flat] = np.minimum(*both)
    steep = ~flat
    row[steep] = begin[steep, 1] + _steps(begin[steep, 0], slope[steep], x[steep]) - 1
    return row


def _steps(begin: Ints, slope: Floats, x: Ints) -> Ints:
    """The first step of a steep walk that is beyond fifth ``x``: right of it, or, where the walk goes left, in it."""
    rises = slope > 0
    steps = np.ceil((x + 0.5 - begin) / slope).astype(np.int64)

    def reached(at: Ints) -> Ints:
        where = np.trunc(begin + slope * at + 0.5)
        return np.asarray(np.where(rises, where > x, where <= x))

    for _ in range(2):  # the division may be off by a step
        steps = np.where(reached(steps - 1), steps - 1, np.where(reached(steps), steps, steps + 1))
    return steps
