"""Regions of pixels that hang together: of one key, also over corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.model import PixelRegions
from reportgen.stats.masks import Masks, masks_of_changes
from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Floats, Ints, Pairs, components, ranges
from reportgen.stats.pixels import Codes

Keys = NDArray[np.integer[Any]]


def measure_regions(sample: int, codes: Codes, n_classes: int) -> PixelRegions:
    """How large the regions of each class are in the mask of one sample.

    Args:
        sample: its row.
        codes: of its pixels.
        n_classes: classes; background has this code, and what is ignored the next one: neither has regions.
    """
    inside = np.minimum(codes, codes.dtype.type(n_classes))
    start, stop, klass = _runs(inside.T, n_classes)  # row by row, as pixels stand in memory
    root = components(len(start), _touching(start, stop, klass, codes.shape[1]))
    area = np.bincount(root, stop - start, len(root)).astype(np.int64)
    first = np.flatnonzero(area)
    size = codes.size + 1
    found, n = np.unique(klass[first] * size + area[first], return_counts=True)
    return PixelRegions(np.full(len(n), sample), *np.divmod(found, size), n.astype(np.int64))


def join_regions(parts: Sequence[PixelRegions]) -> PixelRegions:
    """Those of all parts, whose samples ascend from one to the next."""
    none = np.empty(0, np.int64)
    names = [field.name for field in fields(PixelRegions)]
    return PixelRegions(*(np.concatenate([none, *(getattr(part, name) for part in parts)]) for name in names))


def regions_on(regions: PixelRegions, samples: Flags) -> PixelRegions:
    """Those on some of the samples."""
    own = samples[regions.sample]
    return PixelRegions(*(getattr(regions, field.name)[own] for field in fields(regions)))


def usual_areas(regions: PixelRegions, share: float, n_classes: int) -> Floats:
    """By class the largest area such that regions as large or larger hold ``share`` of its pixels.

    Specks count by their pixels, and so for little. Infinite where a class has no region. Source: N50 and N90 of
    assembled genomes, Lander et al., Nature 409:860, 2001.
    """
    found = np.full(n_classes, np.inf)
    order = np.lexsort((-regions.area, regions.klass))
    klass, area = regions.klass[order], regions.area[order]
    pixels = area * regions.n[order]
    begins = np.searchsorted(klass, np.arange(n_classes + 1)).tolist()
    for k, (begin, end) in enumerate(pairwise(begins)):
        if begin < end:
            held = np.cumsum(pixels[begin:end])
            found[k] = area[begin + int(np.searchsorted(held, share * held[-1]))]
    return found


def split_regions(
    keys: Keys, none: int, at: tuple[int, int] = (0, 0), whole: tuple[int, int] | None = None
) -> tuple[Masks, Ints]:
    """One mask a region of pixels that have one key and touch, be it at a corner; and the key of each.

    Regions come in the order of their first pixel, column by column. Runs of pixels are linked, not pixels: time and
    memory go by the runs.

    Args:
        keys: of the pixels, height × width.
        none: the key of pixels that are of no region.
        at: row and column of the first pixel in the image that the masks are of.
        whole: height and width of that image; by default the keys are all of it.
    """
    height = keys.shape[0]
    start, stop, key = _runs(keys, none)
    root = components(len(start), _touching(start, stop, key, height))
    first = np.flatnonzero(root == np.arange(len(root)))
    place = np.empty(len(root), np.int64)
    place[first] = np.arange(len(first))
    region = place[root]
    order = np.argsort(region, kind="stable")
    shape = keys.shape if whole is None else whole
    column, row = np.divmod(start, height)
    begin = (column + at[1]) * shape[0] + row + at[0]
    masks = _collect(region[order], begin[order], (begin + stop - start)[order], len(first), shape)
    return masks, key[first]


def _runs(keys: Keys, none: int) -> tuple[Ints, Ints, Ints]:
    """Where each run of one key begins and ends down a column, as a place column by column, and its key."""
    flat = keys.ravel(order="F")
    begins = flat[1:] != flat[:-1]
    begins[keys.shape[0] - 1 :: keys.shape[0]] = True  # no run goes over the end of a column
    start = np.concatenate([[0], np.flatnonzero(begins) + 1])[: len(flat)]
    stop = np.append(start[1:], len(flat))[: len(start)]
    own = flat[start] != none
    return start[own], stop[own], flat[start[own]].astype(np.int64)


def _touching(start: Ints, stop: Ints, key: Ints, height: int) -> Pairs:
    """The pairs of runs of one key in columns side by side of which one begins no later than the other ends."""
    low = np.maximum(start + height - 1, (start // height + 1) * height)  # in the next column, from one pixel above
    first = np.searchsorted(stop, low, side="right")
    last = np.searchsorted(start, np.minimum(stop + height, (start // height + 2) * height - 1), side="right")
    n = np.maximum(last - first, 0)
    left, right = np.repeat(np.arange(len(start)), n), ranges(first, n)
    same = key[left] == key[right]
    return Pairs(left[same], right[same], np.empty(0))


def _collect(region: Ints, start: Ints, stop: Ints, n: int, shape: tuple[int, ...]) -> Masks:
    """The masks of runs that ascend by region and place; one that begins where another ends goes on with it."""
    height, width = shape
    new = np.ones(len(start), bool)
    new[1:] = (region[1:] != region[:-1]) | (start[1:] != stop[:-1])
    ends = np.append(new[1:], True)[: len(new)]
    change = np.stack([start[new], stop[ends]], axis=1).ravel()
    mask = np.repeat(region[new], 2)
    within = change < height * width
    size = np.ones(n, np.int64)
    return masks_of_changes(mask[within], change[within], height * size, width * size)
