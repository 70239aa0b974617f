"""The labels of single samples, as the opened example lists them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.judged_words import words_of
from reportgen.site.label_lists import EXTRA, GIVEN, LACKING, label_chunks, list_labels
from reportgen.tasks.parts import class_begins
from tests.analysis.worlds import classify, label
from tests.site.test_payload import unpack

TRUTH = np.array([[1, 1, 0], [0, 0, 0], [0, 1, 1], [1, 0, 0]], bool)
SAID = np.array([[1, 0, 1], [0, 0, 0], [0, 1, 1], [1, 0, 0]], bool)


def test_every_true_and_every_given_label_is_listed_once() -> None:
    """What is right stands first, then what is missing, then what is too many; nothing of what was not scored."""
    outcomes = label(TRUTH, SAID, scored=[np.array([True, True, True, False])])
    assert list_labels(outcomes, [3, 0, 1, 2], float) == {
        "0": [None, [(0, GIVEN, None), (1, LACKING, None), (2, EXTRA, None)], [], [(1, GIVEN, None), (2, GIVEN, None)]]
    }
    part = words_of(outcomes).part
    assert part is not None
    assert part.each is not None
    assert [part.each[state] for state in (GIVEN, LACKING, EXTRA)] == ["given", "missing", "given wrongly"]


def test_scores_stand_beside_them_where_the_version_tells_any() -> None:
    outcomes = label(TRUTH, SAID)
    known = {columns.probability(0, 0): [0.91, 0.1, 0.2, 0.7], columns.probability(1, 0): [0.24, 0.1, 0.8, 0.1]}
    frame = outcomes.frame.with_columns(**{name: pl.Series(scores) for name, scores in known.items()})
    told = list_labels(replace(outcomes, frame=frame), [0], lambda score: round(score, 1))
    assert told == {"0": [[(0, GIVEN, 0.9), (1, LACKING, 0.2), (2, EXTRA, None)]]}


def test_of_other_reports_there_are_none() -> None:
    assert list_labels(classify(20), [0, 1], float) == {}


def test_columns_have_every_entry_by_class() -> None:
    """What the browser adds up for one label: its samples, and what the label is there, from 1."""
    outcomes = label(TRUTH, SAID, scored=[np.array([True, True, True, False])])
    assert outcomes.parts is not None
    chunks = label_chunks(outcomes)
    sample, state = (unpack(chunks[f"label-{name}-0"]) for name in ("sample", "state"))
    (begins,) = class_begins(outcomes.parts, 1)
    entries = [(k, sample[i] - 1, state[i] - 1) for k in range(3) for i in range(begins[k], begins[k + 1])]
    assert entries == [(0, 0, GIVEN), (1, 0, LACKING), (1, 2, GIVEN), (2, 0, EXTRA), (2, 2, GIVEN)]
    assert begins[-1] == len(sample)
    assert label_chunks(classify(20)) == {}
