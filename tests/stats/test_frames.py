"""Gaps between frames, and the longest runs of marked ones, against counting by hand."""

from __future__ import annotations

import statistics
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.frames import longest_runs, missing_between
from tests.inputs.folders import STEADY


def test_every_tenth_frame_has_no_gap() -> None:
    """The usual step is the sequence's own."""
    sequence = np.array([0, 0, 0, 1, 1, 1, 1])
    number = np.array([0.0, 10, 20, 0.5, 0.75, 1.0, 2.0])

    assert missing_between(sequence, number).tolist() == [0, 0, 0, 0, 0, 0, 3]


def test_two_frames_have_no_gap() -> None:
    """Their one step is the usual one; a frame alone has none either."""
    assert missing_between(np.array([0, 0, 1]), np.array([1.0, 90, 5])).tolist() == [0, 0, 0]
    assert missing_between(np.array([], int), np.array([])).tolist() == []


@STEADY
@given(st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=9, unique=True), min_size=1, max_size=5))
def test_gaps_are_those_counted_by_hand(numbers: list[list[int]]) -> None:
    """Sequence by sequence, against the median of its steps."""
    expected = []
    for own in map(sorted, numbers):
        steps = [later - earlier for earlier, later in pairwise(own)]
        usual = statistics.median_low(steps) if steps else 1
        expected += [0, *(round(step / usual) - 1 if step > 1.5 * usual else 0 for step in steps)]
    sequence = np.repeat(np.arange(len(numbers)), [len(own) for own in numbers])
    number = np.concatenate([np.sort(own) for own in numbers]).astype(float)

    assert missing_between(sequence, number).tolist() == expected


@STEADY
@given(st.lists(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12), min_size=1, max_size=5))
def test_runs_are_those_counted_by_hand(frames: list[list[tuple[bool, bool]]]) -> None:
    """Frame by frame: a run ends at an unmarked frame, at the end of its sequence and at a break."""
    expected = []
    place = 0
    for code, own in enumerate(frames):
        best, run, begin = (0, 0, 0), 0, place
        for at, (marked, broken) in enumerate(own, place):
            run = 0 if not marked else 1 if broken else run + 1
            begin = at if run == 1 else begin
            best = max(best, (run, -begin, at)) if run > best[0] else best
        if best[0]:
            expected.append([code, best[0], -best[1], best[2]])
        place += len(own)
    sequence = np.repeat(np.arange(len(frames)), [len(own) for own in frames])
    marked, breaks = (np.array([frame[k] for own in frames for frame in own]) for k in (0, 1))

    assert longest_runs(sequence, marked, breaks).tolist() == expected
