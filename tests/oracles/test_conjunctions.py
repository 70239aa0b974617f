"""SliceLine's score as an option: the same slices with the same scores as its reference implementation."""

from __future__ import annotations

import numpy as np
import pytest
from sliceline.slicefinder import Slicefinder

from reportgen.stats.conjunctions import Loss, search
from reportgen.stats.excess import SliceLine


@pytest.mark.parametrize("alpha", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("kind", ["wrong", "error"])
@pytest.mark.parametrize("seed", range(4))
def test_the_same_slices_as_sliceline(seed: int, kind: str, alpha: float) -> None:
    """Of one to three terms: the same best slices, each with the same score, size, sum and mean of its losses."""
    rng = np.random.default_rng(seed)
    n, n_values = 3000, [2, 3, 4, 3, 5]
    codes = [rng.integers(0, m, n).astype(np.int32) for m in n_values]
    bad = ((codes[0] == 1) & (codes[2] == 3)) | ((codes[1] == 0) & (codes[3] == 2) & (codes[4] == 1))
    loss = (rng.random(n) < np.where(bad, 0.5, 0.15)).astype(float)
    if kind == "error":
        loss = loss * rng.exponential(size=n)
    finder = Slicefinder(alpha=alpha, k=12, max_l=3, min_sup=20, verbose=False)
    finder.fit(np.stack(codes, axis=1), loss)
    theirs = {
        tuple((a, int(value)) for a, value in enumerate(row) if value is not None): figures
        for row, figures in zip(finder.top_slices_, finder.top_slices_statistics_, strict=True)
    }
    found = search(codes, n_values, [Loss(loss, np.ones(n, bool), SliceLine(alpha))], least=20, limit=12).found[0]

    assert found
    assert {one.terms for one in found} == set(theirs)
    for one in found:
        figures = theirs[one.terms]
        assert one.score == pytest.approx(figures["slice_score"], rel=1e-9)
        assert one.n == figures["slice_size"]
        assert one.mean == pytest.approx(figures["slice_average_error"], rel=1e-9)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
