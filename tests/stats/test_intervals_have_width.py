"""No interval has width 0: for any samples, each is wider than rounding or not there at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.influence import AVERAGES, BOUNDS, influence
from reportgen.stats.intervals import (
    difference_intervals,
    mean_differences,
    mean_intervals,
    ratio_intervals,
)
from reportgen.stats.ranking import auroc_difference, auroc_interval
from reportgen.stats.statistic import sum_pair, sum_ratio

FLAVOURS = st.sampled_from([(), ("group",), ("weight",), ("group", "weight")])
OF_VALUES = {"rmse", "r2", "pearson_r"}


@st.composite
def samples(draw):
    """So many samples, where numbers come from, and groups and weights (or neither)."""
    n = draw(st.integers(2, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    extra = {"group": rng.integers(0, draw(st.integers(1, 8)), n), "weight": rng.uniform(0.2, 4, n)}
    return n, rng, {name: extra[name] for name in draw(FLAVOURS)}


def assert_wide(low, high):
    """Every pair of limits that is defined is more than rounding apart, and finite."""
    low, high = np.atleast_1d(low), np.atleast_1d(high)
    defined = ~np.isnan(low)
    assert (defined == ~np.isnan(high)).all()
    assert np.isfinite(low[defined]).all()
    assert np.isfinite(high[defined]).all()
    scale = np.maximum(np.abs(low[defined]), np.abs(high[defined]))
    assert (high[defined] - low[defined] > 1e-9 * scale).all()


def errors(rng, n, kind):
    """Absolute errors: of a heavy tail, of which most are 0, or all the same but one."""
    if kind == "tail":
        return rng.lognormal(0, 2, n)
    return rng.exponential(size=n) * (rng.random(n) < 0.1) if kind == "zeros" else np.where(np.arange(n) == 0, 3.0, 0.1)


@given(samples(), st.sampled_from(["tail", "zeros", "one"]), st.sampled_from([0.8, 0.95, 0.999]))
def test_errors(data, kind, level):
    """Means of errors above 0, between bounds and without, and their paired differences."""
    n, rng, extra = data
    x, y, ones, keys = errors(rng, n, kind), errors(rng, n, kind), np.ones(n), np.zeros(n, int)
    sums = sum_ratio(keys, x, ones, 1, **extra)
    for bounds in ((0.0, np.inf), (0.0, float(x.max()) + 1), (-np.inf, np.inf)):
        found = ratio_intervals(sums, binary=False, bounds=bounds, level=level)
        assert_wide(found.low, found.high)
        if not np.isnan(found.low[0]):
            assert bounds[0] <= found.low[0] <= found.value[0] <= found.high[0] <= bounds[1]
    difference = difference_intervals(sum_pair(keys, x, ones, y, ones, 1, **extra), binary=False, level=level)
    assert_wide(difference.low, difference.high)


@given(samples(), st.sampled_from([0.0, 0.02, 0.3, 1.0]))
def test_f1(data, wrong):
    """F1 of a class, which has samples that count twice, also where all of them are right or none is."""
    n, rng, extra = data
    target = rng.random(n) < 0.3
    predicted = np.where(rng.random(n) < wrong, ~target, target)
    x, w = 2.0 * (target & predicted), target.astype(float) + predicted
    found = ratio_intervals(sum_ratio(np.zeros(n, int), x, w, 1, **extra), binary=False, bounds=(0.0, 1.0))
    assert_wide(found.low, found.high)


@pytest.mark.parametrize("name", BOUNDS)
@given(data=samples(), noise=st.sampled_from([0.0, 0.05, 0.5, 1.0]))
def test_smooth_metrics(name, data, noise):
    """Class-averaged figures and those of values, also where every prediction is right; and their differences."""
    n, rng, extra = data
    weight = extra.pop("weight", None)
    if name in OF_VALUES:
        target = rng.normal(size=n)
        predictions = [target + noise * rng.normal(size=n) ** 3 for _ in range(2)]
    else:
        target = rng.choice(4, n, p=[0.6, 0.3, 0.09, 0.01])
        predictions = [np.where(rng.random(n) < noise, rng.integers(0, 4, n), target) for _ in range(2)]
    found = [influence(name, target, one, n_classes=4, weight=weight) for one in predictions]
    if any(one.reason for one in found):
        return
    keys, ones = np.zeros(n, int), np.ones(n)
    for one in found:
        sums = sum_ratio(keys, one.influence, ones, 1, **extra)
        limits = mean_intervals([one.value], sums, bounds=BOUNDS[name], trials=[one.trials], capped=name in AVERAGES)
        assert_wide(limits.low, limits.high)
    moved = sum_ratio(keys, found[1].influence - found[0].influence, ones, 1, **extra)
    difference = mean_differences([found[0].value], [found[1].value], moved, bounds=BOUNDS[name])
    assert_wide(difference.low, difference.high)


@given(samples(), st.sampled_from([0.0, 0.5, 4.0, 50.0]), st.sampled_from([0, 1, 12]))
def test_auroc(data, gap, decimals):
    """AUROC and its difference, with ties, and with scores that separate the classes."""
    n, rng, extra = data
    y = rng.integers(0, 2, n)
    scores = np.round(rng.normal(size=(2, n)) + gap * y, decimals)
    _, low, high = auroc_interval(y, scores[0], **extra)
    assert_wide(low, high)
    difference = auroc_difference(y, scores, **extra)
    assert_wide(difference.low, difference.high)
