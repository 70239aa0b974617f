"""Frames in sequences: where numbers are missing, and how long something lasts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

WIDE = 1.5
"""A step of more than so many usual ones leaves frames out."""


def missing_between(sequence: npt.NDArray[Any], number: npt.NDArray[np.float64]) -> Ints:
    """How many frames seem to be missing before each, 0 before the first of a sequence.

    The usual step of a sequence is the (lower) median of the steps from frame to frame, so that every tenth frame of a
    video, or times in seconds, have no gaps. A step of more than ``WIDE`` usual ones is a gap. A sequence of two frames
    has none, for its one step is the usual one.

    Args:
        sequence: the code of each frame's sequence; frames stand sequence by sequence.
        number: of each frame, rising within a sequence.
    """
    missing = np.zeros(len(sequence), np.int64)
    if len(sequence) < 2:
        return missing
    step = np.diff(number)
    inner = sequence[1:] == sequence[:-1]
    where = np.flatnonzero(inner)
    if not len(where):
        return missing
    order = np.lexsort((step[where], sequence[1:][where]))
    sorted_steps, of = step[where][order], sequence[1:][where][order]
    begins = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    sizes = np.diff(np.r_[begins, len(of)])
    usual = np.repeat(sorted_steps[begins + (sizes - 1) // 2], sizes)
    wide = step[where] / usual  # the order of steps keeps the sequences in place
    missing[where + 1] = np.where(wide > WIDE, np.round(wide) - 1, 0).astype(np.int64)
    return missing


def longest_runs(sequence: npt.NDArray[Any], marked: npt.NDArray[np.bool_], breaks: npt.NDArray[np.bool_]) -> Ints:
    """The longest run of marked frames of each sequence: rows of (sequence, length, first, last), by place.

    A run ends where the next frame is not marked, is of another sequence, or ``breaks`` (frames are missing before
    it). Of runs of one length the first counts; a sequence without a marked frame has none.
    """
    n = len(marked)
    before = np.r_[False, marked[:-1] & (sequence[1:] == sequence[:-1]) & ~breaks[1:]] if n else np.zeros(0, bool)
    begins = np.flatnonzero(marked & ~before)
    ends = np.flatnonzero(marked & ~np.r_[before[1:] & marked[1:], False]) if n else begins
    length = ends - begins + 1
    order = np.lexsort((begins, -length, sequence[begins]))
    first = np.r_[True, sequence[begins][order][1:] != sequence[begins][order][:-1]] if len(order) else order
    kept = order[np.asarray(first, bool)]
    return np.column_stack([sequence[begins][kept], length[kept], begins[kept], ends[kept]]).astype(np.int64)
