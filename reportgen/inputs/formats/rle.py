"""COCO's run lengths of masks: the compressed texts as numbers, and the box and area of many masks at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reportgen.inputs.formats.given import Array

Ints = npt.NDArray[np.int64]

_LONGEST = 13  # characters of one number: 60 bits are enough for any image


def decode_counts(texts: Sequence[str]) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """The run lengths in compressed texts, one after another, how many each text holds, and which texts are damaged.

    A number is written in groups of five bits, the lowest first, a sixth bit saying that more follow, 48 added; from
    the fourth number on it is the difference to the one before the last. A damaged text has no run.
    Source: the format of pycocotools (``rleFrString``).
    """
    sizes = np.array([len(text) for text in texts], np.int64)
    raw = np.frombuffer("".join(texts).encode("latin-1", "replace"), np.uint8).astype(np.int64) - 48
    owner = np.repeat(np.arange(len(texts)), sizes)
    bad = np.zeros(len(texts), bool)
    bad[owner[(raw < 0) | (raw > 63)]] = True
    more = (raw & 32) > 0
    ends = np.flatnonzero(~more)
    last = np.cumsum(sizes) - 1
    bad[(sizes > 0) & more[np.minimum(last, max(len(raw) - 1, 0))] if len(raw) else sizes > 0] = True
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    width = ends - starts + 1
    if not bad.any():
        bad[owner[ends[width > _LONGEST]]] = True
    if bad.any():
        kept = np.flatnonzero(~bad)
        values, some, worse = decode_counts([texts[i] for i in kept.tolist()])
        lengths = np.zeros(len(texts), np.int64)
        lengths[kept], bad[kept] = some, worse
        return values, lengths, bad
    place = np.arange(len(raw)) - np.repeat(starts, width)
    numbers = np.add.reduceat((raw & 31) << (5 * place), starts) if len(starts) else starts
    numbers = np.where(raw[ends] & 16, numbers - (np.int64(1) << (5 * width)), numbers)
    lengths = np.bincount(owner[ends], minlength=len(texts)).astype(np.int64)
    return _summed(numbers, lengths), lengths, bad


def _summed(numbers: Ints, lengths: Ints) -> Ints:
    """The numbers of each text with the differences added up: of every second one, but for the first."""
    first = np.cumsum(lengths) - lengths
    within = np.arange(len(numbers)) - np.repeat(first, lengths)
    result = numbers.copy()
    for begin in (1, 2):
        chain = np.flatnonzero((within >= begin) & (within % 2 == begin % 2))
        if len(chain):
            total = np.cumsum(numbers[chain])
            heads = np.flatnonzero(within[chain] == begin)
            before = total[heads] - numbers[chain][heads]
            result[chain] = total - np.repeat(before, np.diff(np.append(heads, len(chain))))
    return result


def areas(values: Ints, lengths: Ints) -> Array:
    """The pixels of each mask."""
    within = np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    return np.bincount(owner, np.where(within % 2, values, 0), minlength=len(lengths)).astype(np.float64)


def boxes(values: Ints, lengths: Ints, heights: Ints) -> Array:
    """The box around each mask: left, top, width, height; nothing but 0 for an empty one."""
    owner = np.repeat(np.arange(len(lengths)), lengths)
    first = np.cumsum(lengths) - lengths
    within = np.arange(len(values)) - first[owner]
    total = np.cumsum(values)
    ends = total - (total[first[owner]] - values[first[owner]])
    found = np.zeros((len(lengths), 4))
    runs = np.flatnonzero((within % 2 == 1) & (values > 0))
    if not len(runs):
        return found
    whose = owner[runs]
    height = heights[whose]
    low, high = ends[runs] - values[runs], ends[runs] - 1
    left, right = low // height, high // height
    crosses = left != right
    top, bottom = np.where(crosses, 0, low % height), np.where(crosses, height - 1, high % height)
    heads = np.flatnonzero(np.diff(whose, prepend=-1))
    there = whose[heads]
    x, y = np.minimum.reduceat(left, heads), np.minimum.reduceat(top, heads)
    found[there] = np.stack(
        [x, y, np.maximum.reduceat(right, heads) - x + 1, np.maximum.reduceat(bottom, heads) - y + 1], axis=1
    )
    return found
