"""Influence values: the derivative of the metric by each sample's weight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.influence import BOUNDS, influence
from reportgen.stats.intervals import mean_intervals
from reportgen.stats.statistic import sum_ratio

OF_CLASSES = ("macro_f1", "balanced_accuracy", "mcc", "kappa")
N_CLASSES = 5


def data_for(name, seed, n=60):
    """A target and prediction that fit the metric; the last class never occurs."""
    rng = np.random.default_rng(seed)
    if name in OF_CLASSES:
        target = rng.integers(0, N_CLASSES - 1, n)
        return target, np.where(rng.random(n) < 0.5, target, rng.integers(0, N_CLASSES - 1, n)), N_CLASSES
    target = rng.normal(size=n)
    return target, target + rng.normal(size=n), None


@pytest.mark.parametrize("name", BOUNDS)
@given(seed=st.integers(0, 999), weighted=st.booleans())
def test_influence_is_the_derivative_by_a_samples_weight(name, seed, weighted):
    """A little more weight on a sample moves the value by influence · (extra / n) / weight; the mean influence is 0."""
    target, prediction, n_classes = data_for(name, seed)
    n = len(target)
    weight = np.random.default_rng(seed).uniform(0.5, 2, n) if weighted else np.ones(n)
    found = influence(name, target, prediction, n_classes=n_classes, weight=weight)
    assert found.influence.mean() == pytest.approx(0, abs=1e-12)
    for i in (0, n // 2):
        step = 1e-5 * np.eye(n)[i]
        up, down = (
            influence(name, target, prediction, n_classes=n_classes, weight=weight + sign * step).value
            for sign in (1, -1)
        )
        assert (up - down) / 2e-5 * n * weight[i] == pytest.approx(found.influence[i], abs=1e-6)


@pytest.mark.parametrize("name", BOUNDS)
@given(seed=st.integers(0, 999))
def test_value_is_within_bounds_and_order_does_not_matter(name, seed):
    """The value lies in the metric's bounds; shuffled rows give it to 1e-12, with the influence shuffled likewise."""
    target, prediction, n_classes = data_for(name, seed)
    order = np.random.default_rng(seed).permutation(len(target))
    found = influence(name, target, prediction, n_classes=n_classes)
    shuffled = influence(name, target[order], prediction[order], n_classes=n_classes)
    assert BOUNDS[name][0] <= found.value <= BOUNDS[name][1]
    assert shuffled.value == pytest.approx(found.value, abs=1e-12)
    np.testing.assert_allclose(shuffled.influence, found.influence[order], atol=1e-11)


@pytest.mark.parametrize(
    ("name", "target", "prediction", "reason"),
    [
        ("macro_f1", [], [], "no samples"),
        ("mcc", [1, 1, 1], [0, 1, 1], "only one class occurs"),
        ("mcc", [0, 1, 1], [1, 1, 1], "only one class is predicted"),
        ("kappa", [1, 1], [1, 1], "only one class occurs"),
        ("r2", [2.0, 2.0], [1.0, 3.0], "the target does not vary"),
        ("pearson_r", [1.0, 2.0], [3.0, 3.0], "the prediction does not vary"),
    ],
)
def test_undefined_is_nan_with_a_reason(name, target, prediction, reason):
    """What cannot be computed is NaN and says why, never 0."""
    codes = int if name in OF_CLASSES else float
    found = influence(name, np.array(target, codes), np.array(prediction, codes), n_classes=2)
    assert np.isnan(found.value)
    assert np.isnan(found.influence).all()
    assert found.reason == reason


def test_macro_f1_leaves_out_classes_that_do_not_occur():
    """Classes absent from target and prediction do not count; a class that is only predicted counts with an F1 of 0."""
    target, prediction = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    assert influence("macro_f1", target, prediction, n_classes=9).value == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_rare_classes_bear_few_trials():
    """990 samples of one class and 10 of the other vary like a proportion of 39.6, not of 1,000."""
    target = np.repeat([0, 1], [990, 10])
    assert influence("balanced_accuracy", target, target, n_classes=3).trials == pytest.approx(4 / (1 / 990 + 1 / 10))


@pytest.mark.parametrize("name", BOUNDS)
def test_interval_agrees_with_the_jackknife(name):
    """The standard error by influence is within a twentieth of the delete-one jackknife's."""
    target, prediction, n_classes = data_for(name, 3, n=250)
    n = len(target)
    found = influence(name, target, prediction, n_classes=n_classes)
    sums = sum_ratio(np.zeros(n, int), found.influence, np.ones(n), 1)
    got = mean_intervals([found.value], sums, bounds=BOUNDS[name])
    keep = ~np.eye(n, dtype=bool)
    left_out = np.array([influence(name, target[k], prediction[k], n_classes=n_classes).value for k in keep])
    error = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    assert (got.high[0] - got.low[0]) / 2 / 1.9695 == pytest.approx(error, rel=0.05)


def test_points_on_a_line_have_a_correlation_of_1_with_an_interval():
    """Rounding is no spread: the value is exactly 1, and its interval has width."""
    target = np.linspace(-3, 7, 300)
    for prediction, value in ((target / 3 + 0.1, 1), (-target, -1)):
        found = influence("pearson_r", target, prediction)
        assert found.value == value
        sums = sum_ratio(np.zeros(300, int), found.influence, np.ones(300), 1)
        limits = mean_intervals(np.array([found.value]), sums, bounds=BOUNDS["pearson_r"])
        assert limits.high[0] - limits.low[0] > 0.01
