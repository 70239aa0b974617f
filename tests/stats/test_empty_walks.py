"""A cut-off that moves over no sample at all: a class that none is of, with groups and without."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.cutoffs import N_CUTOFFS, walk


@pytest.mark.parametrize("groups", [False, True])
def test_a_class_without_samples(groups: bool) -> None:
    """Nothing is found or missed; what is said is all false alarm."""
    score = np.array([0.1, 0.5, 0.9])
    found = walk(score, np.zeros(3, bool), group=np.array([0, 0, 1]) if groups else None)

    assert found.n_found.tolist() == found.n_missed.tolist() == [0] * N_CUTOFFS
    assert found.n_false_alarm[0] == 3
    assert found.recall.n.tolist() == found.recall.units.tolist() == [0] * N_CUTOFFS
    assert found.precision.x.tolist() == [0] * N_CUTOFFS
