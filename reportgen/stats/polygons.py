"""Polygons to masks, pixel for pixel as the COCO tools fill them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reportgen.stats.masks import Masks, masks_of_changes
from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Floats, Ints, ranges, runs

FARTHEST = 1e8
"""No coordinate may be larger, in pixels; nor may one be missing or infinite."""

_SCALE = 5  # the tools walk along the border in fifths of a pixel
_MIDDLE = 2  # of a pixel's fifths
_BLOCK = 1 << 17  # crossings that are computed at once


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
    starts = np.searchsorted(polygons.mask, np.arange(len(height) + 1))
    across = np.abs(np.diff(polygons.points[:, 0].clip(0, width.max(initial=0)), prepend=0))
    walked = np.concatenate([[0], np.cumsum(across)])[polygons.begins[starts]]
    parts = []
    for block in _blocks(np.diff(walked)):
        begin, end = block[0], block[-1] + 1
        own = slice(starts[begin], starts[end])
        edges = polygons.begins[starts[begin] : starts[end] + 1]
        some = Polygons(polygons.points[edges[0] : edges[-1]], edges - edges[0], polygons.mask[own] - begin)
        parts.append(_fill(some, height[begin:end], width[begin:end]))
    return Masks.join(parts)


def _fill(polygons: Polygons, height: Ints, width: Ints) -> Masks:
    """The masks of some polygons; few enough at once go on fast in the processor's own memory."""
    size = height * width
    whole = np.concatenate([[0], np.cumsum(size)])
    before = np.concatenate([[0], np.cumsum(size[polygons.mask])])
    changes = np.empty(0, np.int64)
    waiting: list[Ints] = []
    for owner, position in _crossings(polygons, height[polygons.mask], width[polygons.mask]):
        kept = position < size[polygons.mask[owner]]
        waiting.append(before[owner[kept]] + position[kept])
        if sum(map(len, waiting)) > max(len(changes), _BLOCK):  # so that a polygon of endless turns stays in memory
            changes, waiting = _odd_ones(np.concatenate([changes, *waiting])), []
    changes = _odd_ones(np.concatenate([changes, *waiting]))
    owner = np.searchsorted(before, changes, side="right") - 1
    mask, position = polygons.mask[owner], changes - before[owner]
    alone = np.bincount(polygons.mask, minlength=len(size))[mask] == 1
    united = _unite(owner[~alone], position[~alone], polygons.mask, size)
    found = np.sort(np.concatenate([whole[mask[alone]] + position[alone], whole[united[0]] + united[1]]))
    mask = np.searchsorted(whole, found, side="right") - 1
    return masks_of_changes(mask, found - whole[mask], height, width)


def _odd_ones(keys: Ints) -> Ints:
    """The keys that occur an odd number of times, ascending: two changes at one pixel are none."""
    keys = np.sort(keys)
    start, count = runs(keys)
    return np.asarray(keys[start[count % 2 == 1]])


def _unite(owner: Ints, position: Ints, mask_of: Ints, size: Ints) -> tuple[Ints, Ints]:
    """Which mask changes where, if it has the pixels of any of its polygons, from where these change, ascending."""
    counts = np.bincount(owner, minlength=len(mask_of))
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    open_ = np.flatnonzero(counts % 2)  # they reach the last pixel
    stride = np.concatenate([[0], np.cumsum(size + 1)])  # one more, so that no end is the next mask's beginning
    keys = np.concatenate([stride[mask_of[owner]] + position, stride[mask_of[open_]] + size[mask_of[open_]]])
    step = np.concatenate([1 - 2 * (place % 2), np.full(len(open_), -1)])
    order = np.argsort(keys, kind="stable")
    keys, depth = keys[order], np.cumsum(step[order])
    start, count = runs(keys)
    keys, inside = keys[start], depth[start + count - 1] > 0
    mask = np.searchsorted(stride, keys, side="right") - 1
    position = keys - stride[mask]
    kept = np.diff(inside, prepend=False) & (position < size[mask])
    return mask[kept], position[kept]


def _crossings(polygons: Polygons, height: Ints, width: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Which polygon changes at which pixel, counted column by column, in blocks; sizes are those of each polygon."""
    corner = np.trunc(_SCALE * polygons.points + 0.5).astype(np.int64)
    counts = np.diff(polygons.begins)
    owner = np.repeat(np.arange(len(counts)), counts)
    following = np.arange(1, len(corner) + 1)
    following[polygons.begins[1:][counts > 0] - 1] = polygons.begins[:-1][counts > 0]
    low, high = np.sort([corner[:, 0], corner[following, 0]], axis=0)
    first = np.maximum(-(-(low - _MIDDLE) // _SCALE), 0)
    last = np.minimum((high - _MIDDLE - 1) // _SCALE, width[owner] - 1)
    columns = np.maximum(last - first + 1, 0)
    across, along = np.abs(corner[following] - corner).T
    for chosen, axis, rows in ((across >= along, 0, _flat_rows), (across < along, 1, _steep_rows)):
        edge = np.flatnonzero(chosen & (columns > 0))
        start, stop = corner[edge], corner[following[edge]]
        turned = (start[:, axis] > stop[:, axis])[:, None]
        start, stop = np.where(turned, stop, start), np.where(turned, start, stop)
        slope = (stop - start)[:, 1 - axis] / (stop - start)[:, axis]
        for part in _blocks(columns[edge]):
            each = np.repeat(part, columns[edge[part]])
            column = ranges(first[edge[part]], columns[edge[part]])
            row = rows(start[each, 0], start[each, 1], slope[each], _SCALE * column + _MIDDLE)
            polygon = owner[edge[each]]
            yield polygon, column * height[polygon] + np.clip((row + _MIDDLE) // _SCALE, 0, height[polygon])


def _blocks(counts: Ints | Floats) -> Iterator[Ints]:
    """Positions of all counts, in blocks in which they sum to about ``_BLOCK``."""
    total = np.cumsum(counts)
    cuts = np.searchsorted(total, np.arange(_BLOCK, total[-1] if len(total) else 0, _BLOCK))
    return (block for block in np.split(np.arange(len(counts)), cuts) if len(block))


def _flat_rows(left: Ints, top: Ints, slope: Floats, x: Ints) -> Ints:
    """In which fifth of a row a walk to the right passes from fifth ``x`` to the next: the upper of both."""
    steps = x - left + (slope < 0)
    return np.asarray((top + slope * steps + 0.5).astype(np.int64))


def _steep_rows(left: Ints, top: Ints, slope: Floats, x: Ints) -> Ints:
    """The same of a walk downwards: the fifth before its first step that is right of ``x``, or, to the left, in it."""
    rises = slope > 0
    steps = np.ceil((x + 0.5 - left) / slope).astype(np.int64)

    def reached(at: Ints) -> Flags:
        where = (left + slope * at + 0.5).astype(np.int64)
        return np.asarray(np.where(rises, where > x, where <= x))

    steps -= reached(steps - 1)  # the division may be off by a step
    steps += ~reached(steps)
    return top + steps - 1
