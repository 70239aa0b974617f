"""COCO's text of run lengths: each number in characters of five bits, from the third on as a difference."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Ints, ranges

_FIRST = 48  # the character of 0
_MORE, _SIGN, _BITS = 32, 16, 31
_MOST = 7  # characters of a number: 35 bits, more than any image has pixels
_BLOCK = 1 << 18  # characters that are read at once


def unpack_runs(texts: Sequence[str]) -> tuple[Ints, Ints, Flags]:
    """The run lengths of all texts one after the other, where those of each begin (and the end), which are readable.

    A text that is none, or breaks off, gives whatever it gives. Source: rleFrString of the COCO tools.
    """
    codes = [np.frombuffer(text.encode("latin-1", "replace"), np.uint8) for text in texts]
    total = np.cumsum([len(one) for one in codes])
    cuts = np.searchsorted(total, np.arange(_BLOCK, total[-1] if len(total) else 0, _BLOCK)).tolist()
    parts = [_unpack(codes[start:stop]) for start, stop in pairwise([0, *cuts, len(codes)])]
    runs, counts, readable = (np.concatenate(each) for each in zip(*parts, strict=True))
    return runs, np.concatenate([[0], np.cumsum(counts)]), readable


def _unpack(codes: Sequence[NDArray[np.uint8]]) -> tuple[Ints, Ints, Flags]:
    """The run lengths of some texts, how many each has, and which are readable."""
    sizes = np.array([len(one) for one in codes], np.int64)
    value = np.concatenate([np.empty(0, np.uint8), *codes]).astype(np.int64) - _FIRST
    ends = np.cumsum(sizes)
    some = sizes > 0
    strange = np.concatenate([[0], np.cumsum((value < 0) | (value >= 2 * _MORE))])
    readable = some & (np.diff(strange[np.concatenate([[0], ends])]) == 0)
    closing = value & _MORE == 0
    readable[some] &= closing[ends[some] - 1]
    closing[ends[some] - 1] = True  # no number goes on in the next text
    last = np.flatnonzero(closing)
    first = np.concatenate([[0], last + 1])[: len(last)]
    length = last - first + 1
    place = np.arange(len(value)) - np.repeat(first, length)
    bits = np.where(place < _MOST, (value & _BITS) << (5 * np.minimum(place, _MOST)), 0)
    numbers = np.add.reduceat(bits, first) if len(first) else bits
    negative = value[last] & _SIGN > 0
    numbers -= np.where(negative, 1 << (5 * np.minimum(length, _MOST)), 0)
    begins = np.searchsorted(last, np.concatenate([[0], ends]))
    owner = np.repeat(np.arange(len(codes)), np.diff(begins))
    readable[owner[length > _MOST]] = False
    return _undiffer(numbers, begins), np.diff(begins), readable


def _undiffer(numbers: Ints, begins: Ints) -> Ints:
    """Sums of every other number of a text: from the second, and from the third on; the first stands alone."""
    counts = np.diff(begins)
    found = numbers.copy()
    for start in (1, 2):
        own = np.maximum(counts - start + 1, 0) // 2
        at = np.repeat(begins[:-1] + start, own) + 2 * ranges(np.zeros(len(own), np.int64), own)
        sums = np.concatenate([[0], np.cumsum(numbers[at])])
        before = sums[np.cumsum(own) - own]
        found[at] = sums[1:] - np.repeat(before, own)
    return found


def pack_runs(runs: NDArray[np.integer]) -> str:
    """The text of one mask's run lengths. Source: rleToString of the COCO tools."""
    numbers = np.asarray(runs, np.int64).copy()
    numbers[3:] -= np.asarray(runs, np.int64)[1:-2]
    codes = []
    for given in numbers.tolist():
        number = given
        more = True
        while more:
            code = number & _BITS
            number >>= 5
            more = number != (-1 if code & _SIGN else 0)
            codes.append(code + _MORE * more + _FIRST)
    return bytes(codes).decode("ascii")
