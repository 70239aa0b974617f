"""Slices by the labels that samples truly have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from reportgen.analysis.label_slices import MOST_SLICED, code_labels
from reportgen.model import Attribute, PartCounts
from reportgen.tasks.parts import count_parts
from tests.analysis.worlds import label

TRUTH = np.array([[1, 0, 1], [1, 1, 1], [0, 0, 1], [0, 1, 1]], bool)


def test_a_label_slices_with_and_without_it() -> None:
    """A label that all samples have, or none, does not; of samples that no version scored nothing is known."""
    scored = [np.array([True, True, True, False])]
    outcomes = label(TRUTH, TRUTH, scored=scored)
    assert outcomes.parts is not None
    own = Attribute("label b", "categorical", ("x", "y"), 0)
    found = code_labels(outcomes.parts, outcomes.frame, (own,))

    assert [(one.name, one.values, one.index, one.n_missing) for one in found.attributes] == [
        ("label a", ("with a", "without a"), 1, 1),
        ("label b (target)", ("with b", "without b"), 2, 1),
    ]
    assert found.codes.to_dict(as_series=False) == {"a1": [0, 0, 1, -1], "a2": [1, 0, 1, -1]}
    assert found.notes == ()


def test_of_many_labels_the_most_frequent_slice() -> None:
    n = MOST_SLICED + 3
    truth = np.tri(n + 1, n, -1, dtype=bool)  # label k in all but the first k + 1 samples
    outcomes = label(truth[:, :8], truth[:, :8])
    assert outcomes.parts is not None
    parts = replace(outcomes.parts, classes=tuple(f"c{k:02d}" for k in range(n)), counts=(counts_of(truth),))
    found = code_labels(parts, outcomes.frame, ())

    assert [one.name for one in found.attributes] == [f"label c{k:02d}" for k in range(MOST_SLICED)]
    assert [(note.code, note.n) for note in found.notes] == [("RG402", 3)]
    assert found.codes.select(pl.all().sum()).row(0) == tuple(k + 1 for k in range(MOST_SLICED))


def counts_of(truth: np.ndarray) -> PartCounts:
    """Of samples that a version has all right."""
    sample, klass = (axis.ravel() for axis in np.indices(truth.shape))
    right = truth.ravel().astype(np.int64)
    return count_parts(len(truth), sample, klass, right, right * 0, right * 0)
