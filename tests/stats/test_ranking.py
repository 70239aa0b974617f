"""AUROC with DeLong's and Obuchowski's variances, held to their definitions over all pairs."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportgen.stats.intervals import wilson
from reportgen.stats.ranking import auroc, auroc_difference, auroc_interval, average_precision, delong


@st.composite
def scored(draw, n_versions=2):
    """Targets with two of each class at least, and scores with ties."""
    n = draw(st.integers(6, 50))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y = rng.integers(0, 2, n)
    y[:4] = [0, 0, 1, 1]
    return y, np.round(rng.normal(size=(n_versions, n)) + 0.7 * y, draw(st.sampled_from([0, 1, 8])))


def kernel(y, score):
    """1 where the positive (row) scores above the negative (column), 1/2 where they tie."""
    gap = score[y == 1][:, None] - score[y == 0][None, :]
    return (gap > 0) + 0.5 * (gap == 0)


def delong_by_pairs(y, scores):
    """AUROCs and covariance as DeLong 1988 defines them: from the structural components of all pairs."""
    kernels = [kernel(y, score) for score in scores]
    of_positives = np.cov([k.mean(axis=1) for k in kernels])
    of_negatives = np.cov([k.mean(axis=0) for k in kernels])
    m, n = kernels[0].shape
    return np.array([k.mean() for k in kernels]), of_positives / m + of_negatives / n


def obuchowski_by_pairs(y, scores, group):
    """The covariance as Obuchowski 1997 defines it: sums of the components over clusters."""
    kernels = [kernel(y, score) for score in scores]
    m, n = kernels[0].shape
    clusters = np.unique(group)
    n_positive, n_negative = (len(np.unique(group[y == kind])) for kind in (1, 0))
    tens, ones = [], []
    for k in kernels:
        theta, v10, v01 = k.mean(), k.mean(axis=1), k.mean(axis=0)
        tens.append([(v10[group[y == 1] == c] - theta).sum() for c in clusters])
        ones.append([(v01[group[y == 0] == c] - theta).sum() for c in clusters])
    tens, ones = np.array(tens), np.array(ones)
    s10 = n_positive / ((n_positive - 1) * m) * tens @ tens.T
    s01 = n_negative / ((n_negative - 1) * n) * ones @ ones.T
    s11 = len(clusters) / (len(clusters) - 1) * tens @ ones.T
    return s10 / m + s01 / n + (s11 + s11.T) / (m * n)


@given(scored())
def test_delong_equals_its_definition(data):
    """The O(n log n) AUROCs and covariances are those of all pairs, ties counting half."""
    y, scores = data
    values, covariance = delong(y, scores)
    expected_values, expected = delong_by_pairs(y, scores)
    np.testing.assert_allclose(values, expected_values, atol=1e-12)
    np.testing.assert_allclose(covariance, expected, atol=1e-12)


@given(scored(), st.integers(0, 99))
def test_clustered_variance_equals_its_definition(data, seed):
    """With groups the covariance is Obuchowski's; with groups of one it is DeLong's."""
    y, scores = data
    group = np.random.default_rng(seed).integers(0, 8, len(y))
    assume(len(np.unique(group[y == 1])) > 1)
    assume(len(np.unique(group[y == 0])) > 1)
    np.testing.assert_allclose(delong(y, scores, group=group)[1], obuchowski_by_pairs(y, scores, group), atol=1e-12)
    np.testing.assert_allclose(delong(y, scores, group=np.arange(len(y)))[1], delong(y, scores)[1], atol=1e-12)


@given(scored(1), st.integers(0, 99))
def test_whole_weights_are_repeats(data, seed):
    """A sample of weight 3 enters AUROC and average precision as three samples would."""
    y, scores = data
    weight = np.random.default_rng(seed).integers(1, 4, len(y))
    repeated_y, repeated = np.repeat(y, weight), np.repeat(scores[0], weight)
    assert auroc(y, scores[0], weight=weight) == pytest.approx(auroc(repeated_y, repeated))
    assert average_precision(y, scores[0], weight=weight) == pytest.approx(average_precision(repeated_y, repeated))


@given(scored(), st.integers(0, 99))
def test_row_order_does_not_matter(data, seed):
    """Shuffled rows give the same values and limits."""
    y, scores = data
    order = np.random.default_rng(seed).permutation(len(y))
    there, back = auroc_difference(y, scores), auroc_difference(y[order], scores[:, order])
    assert [back.low, back.high, back.p] == pytest.approx([there.low, there.high, there.p], abs=1e-9, nan_ok=True)
    assert average_precision(y[order], scores[0][order]) == pytest.approx(average_precision(y, scores[0]), abs=1e-12)


@given(scored())
def test_intervals_hold_their_values(data):
    """0 ≤ low ≤ AUROC ≤ high ≤ 1 and −1 ≤ low ≤ delta ≤ high ≤ 1, never of width 0."""
    y, scores = data
    value, low, high = auroc_interval(y, scores[0])
    assert 0 <= low <= value + 1e-12
    assert value <= high + 1e-12 <= 1 + 1e-9
    assert high - low > 1e-6
    difference = auroc_difference(y, scores)
    if not np.isnan(difference.low):
        assert -1 <= difference.low <= difference.delta + 1e-12
        assert difference.delta <= difference.high + 1e-12 <= 1 + 1e-9
        assert difference.high - difference.low > 1e-6


def test_a_version_against_itself():
    """Delta 0, p 1 and no interval, since no sample differs."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 60)
    score = rng.normal(size=60) + y
    got = auroc_difference(y, np.stack([score, score]))
    assert (got.delta, got.p) == (0, 1)
    assert np.isnan([got.low, got.high]).all()


def test_perfect_scores_have_width():
    """At an AUROC of 1 the interval is Wilson's with as many trials as the rarer class has samples (or groups)."""
    y = np.repeat([0, 1], [30, 12])
    score = np.arange(42.0)
    assert auroc_interval(y, score)[1:] == pytest.approx([float(v) for v in wilson(12, 12)])
    group = np.arange(42) % 6
    assert auroc_interval(y, score, group=group)[1] == pytest.approx(float(wilson(6, 6)[0]))
    both = auroc_difference(y, np.stack([score, score]))
    assert both.low < 0 < both.high
    assert both.p == 1


def test_one_class_is_not_defined():
    """Without positives, or without negatives, everything is NaN; one of a kind has a value without interval."""
    score = np.array([0.1, 0.4, 0.3])
    for y in (np.zeros(3), np.ones(3)):
        assert np.isnan(auroc(y, score))
        assert np.isnan(auroc_interval(y, score)).all()
        assert np.isnan(auroc_difference(y, np.stack([score, score])).p)
    assert np.isnan(average_precision(np.zeros(3), score))
    value, low, high = auroc_interval(np.array([0, 1, 0]), score)
    assert value == 1
    assert np.isnan([low, high]).all()
