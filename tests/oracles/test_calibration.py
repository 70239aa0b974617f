"""Calibration against public tools: the figures of ``make_calibration.py``, and scikit-learn's curve."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_curve

from reportgen.stats import calibration
from reportgen.stats.cutoffs import Exact, walk
from tests.oracles.make_calibration import CASES, FIGURES, N, samples

GOLD = json.loads(FIGURES.read_text(encoding="utf-8"))
UNITS = np.arange(N, dtype=np.uint64)


@pytest.mark.parametrize("case", CASES)
def test_the_plug_in_error_is_relplots(case: str) -> None:
    """15 equal-width bins; no confidence lies on an edge, which the two put in other bins."""
    confidence, right = samples(case)
    bins = calibration.fill_bins(calibration.equal_width_bins(confidence.astype(np.float32)), confidence, right, 15)

    assert bins.plug_in == pytest.approx(GOLD[case]["relplot binnedECE"], abs=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_debiased_error_is_that_of_kumar_liang_and_ma(case: str) -> None:
    """15 equal-mass bins; their mean over 100,000 draws is our formula, but for the draws."""
    confidence, right = samples(case)
    found = calibration.calibration_error(confidence, right, np.arange(N), calibration.Draws.of(UNITS, 100, 1))

    assert found is not None
    assert found.value == pytest.approx(GOLD[case]["uncertainty-calibration normal_debiased_ce"], abs=5e-5)


def test_the_bins_are_those_of_calibration_curve() -> None:
    """Mean confidence and rate of right samples of each bin that has samples."""
    confidence, right = samples("too sure")
    bins = calibration.fill_bins(calibration.equal_width_bins(confidence.astype(np.float32)), confidence, right, 15)
    rate, mean = calibration_curve(right, confidence, n_bins=15)
    filled = bins.n > 0

    np.testing.assert_allclose(bins.right[filled], rate, rtol=1e-12)
    np.testing.assert_allclose(bins.confidence[filled], mean, rtol=1e-12)


def test_counts_at_cut_offs_are_those_of_the_curves() -> None:
    """Recall and precision on the grid, and exact ones, against scikit-learn's with the same scores."""
    score, right = samples("too sure")
    score = score.astype(np.float32).astype(np.float64)
    is_class = right == 1
    found = walk(score, is_class)
    precision, recall, thresholds = precision_recall_curve(is_class, score)
    at = np.searchsorted(thresholds, np.arange(101) / 100)

    np.testing.assert_allclose(found.recall.x / found.recall.w, recall[at], rtol=1e-12)
    known = found.precision.w > 0
    np.testing.assert_allclose(found.precision.x[known] / found.precision.w[known], precision[at][known], rtol=1e-12)

    alarms, hits, scores = roc_curve(is_class, score, drop_intermediate=False)
    exact = Exact.of(score, is_class)
    np.testing.assert_allclose(exact.cutoff, scores[1:])
    np.testing.assert_allclose(exact.found / is_class.sum(), hits[1:])
    np.testing.assert_allclose(exact.false_alarm / (~is_class).sum(), alarms[1:])
