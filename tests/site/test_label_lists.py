"""The labels of single samples, as the opened example lists them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.judged_words import words_of
from reportgen.site.label_lists import EXTRA, GIVEN, LACKING, list_labels
from tests.analysis.worlds import classify, label

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
    assert [part.each[state] for state in (GIVEN, LACKING, EXTRA)] == ["given", "missing", "too many"]


def test_scores_stand_beside_them_where_the_version_tells_any() -> None:
    outcomes = label(TRUTH, SAID)
    known = {columns.probability(0, 0): [0.91, 0.1, 0.2, 0.7], columns.probability(1, 0): [0.24, 0.1, 0.8, 0.1]}
    frame = outcomes.frame.with_columns(**{name: pl.Series(scores) for name, scores in known.items()})
    told = list_labels(replace(outcomes, frame=frame), [0], lambda score: round(score, 1))
    assert told == {"0": [[(0, GIVEN, 0.9), (1, LACKING, 0.2), (2, EXTRA, None)]]}


def test_of_other_reports_there_are_none() -> None:
    assert list_labels(classify(20), [0, 1], float) == {}
