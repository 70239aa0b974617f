"""Intervals of ratios and of differences: worked examples, and what must hold for any samples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.intervals import (
    UNIT,
    difference_intervals,
    mean_differences,
    mean_intervals,
    newcombe_independent,
    newcombe_paired,
    ratio_intervals,
    wilson,
)
from reportgen.stats.statistic import sum_pair, sum_ratio

FLAVOURS = [(), ("group",), ("weight",), ("group", "weight")]


@st.composite
def versions(draw, binary=True):
    """Two versions over the same samples of three keys: (columns, groups and weights)."""
    n = draw(st.integers(2, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if binary:
        right = draw(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
        x0, x1 = (rng.random((2, n)) < right).astype(int)
        w0, w1 = (np.ones(n, int),) * 2 if draw(st.booleans()) else rng.integers(0, 2, (2, n))
        x0, x1 = x0 * w0, x1 * w1
    else:
        w0 = w1 = np.ones(n)
        x0, x1 = rng.normal(size=(2, n)) ** 2
    extra = {"group": rng.integers(0, 8, n), "weight": rng.uniform(0.2, 4, n)}
    return (rng.integers(0, 3, n), x0, w0, x1, w1), extra


def given_extra(extra, flavour):
    """Only the asked-for ones of groups and weights."""
    return {name: extra[name] for name in flavour}


# -- one proportion ---------------------------------------------------------------------------------------------------


def test_wilson_worked_example():
    """81 of 263 gives 25.5 % to 36.6 %, the worked example of Newcombe, Stat Med 17:857, 1998."""
    low, high = wilson(81, 263)
    assert round(float(low), 4) == 0.2553
    assert round(float(high), 4) == 0.3662


def test_wilson_at_the_ends():
    """None of 20 and 20 of 20 touch 0 and 1 exactly and have width; none of none is not defined."""
    low, high = wilson([0, 20, 0], [20, 20, 0])
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert high[0] == pytest.approx(0.1611, abs=5e-5)
    assert low[1] == pytest.approx(1 - 0.1611, abs=5e-5)
    assert np.isnan([low[2], high[2]]).all()


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(data=versions())
def test_proportions_have_wide_intervals_that_hold_their_value(flavour, data):
    """0 ≤ low ≤ value ≤ high ≤ 1, never of width 0, and NaN below two units (or samples at all)."""
    (keys, x, w, _, _), extra = data
    sums = sum_ratio(keys, x, w, 3, **given_extra(extra, flavour))
    got = ratio_intervals(sums, binary=True)
    defined = sums.units >= (2 if flavour else 1)
    assert (~np.isnan(got.low) == defined).all()
    value, low, high = got.value[defined], got.low[defined], got.high[defined]
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low <= value + 1e-12).all()
    assert (value <= high + 1e-12).all()
    assert (high - low > 1e-6).all()


def test_groups_of_clones_count_once():
    """Where all samples of a group agree, the interval is nearly that of one sample a group, however many there are."""
    right = np.repeat([1, 0, 1, 1, 0, 1, 1, 1, 0, 1] * 4, 25)
    group = np.repeat(np.arange(40), 25)
    ones = np.ones(1000, int)
    grouped = ratio_intervals(sum_ratio(ones * 0, right, ones, 1, group=group), binary=True)
    low, high = wilson(28, 40)
    assert grouped.method == ("wilson, design effect",)
    assert grouped.high[0] - grouped.low[0] == pytest.approx(float(high - low), rel=0.06)


def test_all_right_in_few_groups_is_no_proof():
    """1,000 right of 1,000 in 20 groups are as sure as 20 of 20 (with t for z), not as 1,000 of 1,000."""
    ones = np.ones(1000, int)
    got = ratio_intervals(sum_ratio(ones * 0, ones, ones, 1, group=np.arange(1000) % 20), binary=True)
    assert got.high[0] == 1.0
    assert got.low[0] < float(wilson(20, 20)[0])


def test_groups_that_are_all_alike_do_not_narrow():
    """Groups with exactly the same share right have no variance between them; the samples' own interval remains."""
    right, group = np.tile([1, 1, 0, 0], 50), np.repeat(np.arange(50), 4)
    ones = np.ones(200, int)
    grouped = ratio_intervals(sum_ratio(ones * 0, right, ones, 1, group=group), binary=True)
    plain = ratio_intervals(sum_ratio(ones * 0, right, ones, 1), binary=True)
    assert plain.low[0] - grouped.low[0] == pytest.approx(0, abs=0.002)
    assert grouped.low[0] < plain.low[0]


# -- other ratios -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(data=versions(binary=False))
def test_ratios_have_symmetric_intervals_with_width(flavour, data):
    """Linearised limits stand at the same distance on both sides, which is never 0."""
    (keys, x, w, _, _), extra = data
    sums = sum_ratio(keys, x, w, 3, **given_extra(extra, flavour))
    got = ratio_intervals(sums, binary=False)
    assert (~np.isnan(got.low) == (sums.units >= 2)).all()
    ok = ~np.isnan(got.low)
    np.testing.assert_allclose(got.high[ok] - got.value[ok], got.value[ok] - got.low[ok], rtol=1e-9)
    assert (got.high[ok] > got.low[ok]).all()


def test_equal_values_have_no_interval():
    """Errors that are all the same say nothing of their spread: NaN limits, named so."""
    sums = sum_ratio(np.zeros(9, int), np.full(9, 0.1), np.ones(9), 1)
    got = ratio_intervals(sums, binary=False)
    assert got.value[0] == pytest.approx(0.1)
    assert np.isnan([got.low[0], got.high[0]]).all()
    assert got.method == ("none",)


def test_equal_values_between_bounds_take_wilson():
    """An F1 of 1 from 30 samples has Wilson's interval of 30 of 30 (with t), inside the bounds."""
    got = ratio_intervals(
        sum_ratio(np.zeros(30, int), np.full(30, 2.0), np.full(30, 2.0), 1), binary=False, bounds=UNIT
    )
    assert got.high[0] == 1.0
    assert float(wilson(30, 30)[0]) - 0.01 < got.low[0] < float(wilson(30, 30)[0])


def test_bounded_ratios_stay_in_their_bounds():
    """The limits lie inside the metric's bounds around its value, farther away on the side that has more room."""
    rng = np.random.default_rng(0)
    w = rng.integers(1, 3, 12)
    x = np.where(np.arange(12) == 0, 0, w)
    got = ratio_intervals(sum_ratio(np.zeros(12, int), x, w, 1), binary=False, bounds=UNIT)
    assert got.low[0] < got.value[0] < got.high[0] < 1
    assert got.value[0] - got.low[0] > 2 * (got.high[0] - got.value[0])


def test_wilsons_scale_gives_a_proportion_wilsons_interval():
    """Of zeros and ones the scale's n is n − 1, since the variance is the sample's own; t stands for z."""
    right = np.repeat([1, 0], [43, 7])
    got = ratio_intervals(sum_ratio(np.zeros(50, int), right, np.ones(50), 1), binary=False, bounds=UNIT)
    low, high = wilson(43 * 49 / 50, 49, 0.9555238356996352)  # the level at which z is t with 49 degrees of freedom
    assert (got.low[0], got.high[0]) == pytest.approx((float(low), float(high)), abs=1e-4)


def test_errors_have_intervals_on_the_log_scale():
    """Above 0 the value is the geometric middle of its limits, which are as far off as the error says."""
    errors = np.random.default_rng(0).exponential(size=60)
    got = ratio_intervals(sum_ratio(np.zeros(60, int), errors, np.ones(60), 1), binary=False, bounds=(0.0, np.inf))
    assert got.low[0] * got.high[0] == pytest.approx(got.value[0] ** 2)
    assert np.log(got.high[0] / got.value[0]) == pytest.approx(
        2.0009953780882683 * errors.std(ddof=1) / np.sqrt(60) / errors.mean()
    )


def test_a_large_group_counts_as_few():
    """One group with half of the samples beside 20 small ones bears about the 3 degrees of freedom of four groups."""
    group = np.r_[np.zeros(100, int), np.repeat(np.arange(1, 21), 5)]
    values = np.random.default_rng(0).normal(size=200) ** 2
    keys, ones = np.zeros(200, int), np.ones(200)
    uneven = ratio_intervals(sum_ratio(keys, values, ones, 1, group=group), binary=False)
    kish = 200**2 / (100**2 + 20 * 5**2)
    totals = np.bincount(group, values - values.mean())
    half = 3.306 * np.sqrt(kish / (kish - 1) * (totals**2).sum()) / 200  # t with 2.8125 degrees of freedom
    assert uneven.high[0] - uneven.value[0] == pytest.approx(half, rel=0.01)


def test_rare_classes_keep_a_perfect_score_wide():
    """With no influence left, as many trials as the rare class bears decide the width, not the number of samples."""
    sums = sum_ratio(np.zeros(1000, int), np.zeros(1000), np.ones(1000), 1)
    wide = mean_intervals([1.0], sums, bounds=UNIT, trials=[40.0])
    narrow = mean_intervals([1.0], sums, bounds=UNIT)
    assert wide.low[0] == pytest.approx(float(wilson(40, 40)[0]), abs=1e-3)
    assert narrow.low[0] > 0.99


# -- differences ------------------------------------------------------------------------------------------------------


def test_newcombe_paired_worked_examples():
    """Three studies, with the figures that others print for method 10.

    Thallium scans: 0.011 to 0.226, worked out in Altman et al., Statistics with Confidence, 2000, p. 52. Response to
    therapy (Cavo 2012): −0.1186 to −0.0046, of the package contingencytables to Fagerland, Lydersen, Laake, Statistical
    Analysis of Contingency Tables, 2017, ch. 8. Airways (Bentur 2009), the other example there: −0.507 to −0.026, as
    confIntPairedProportion of biostatUZH gives it.
    """
    n11, n10, n01, n00 = np.array([[14, 0, 5, 22], [59, 16, 6, 80], [1, 7, 1, 12]]).T
    delta, low, high = newcombe_paired(n11, n10, n01, n00)
    assert np.round(delta, 4).tolist() == [0.122, -0.0621, -0.2857]
    assert np.round(low, 4).tolist() == [0.0115, -0.1186, -0.5069]
    assert np.round(high, 4).tolist() == [0.2265, -0.0046, -0.0256]


def test_newcombe_independent_worked_examples():
    """Method 10 for the examples (a) to (h) of Newcombe, Stat Med 17:873, 1998, table II."""
    x1, n1 = np.array([56, 9, 6, 5, 0, 0, 10, 10]), np.array([70, 10, 7, 56, 10, 10, 10, 10])
    x2, n2 = np.array([48, 3, 2, 0, 0, 0, 0, 0]), np.array([80, 10, 7, 29, 20, 10, 20, 10])
    _, low, high = newcombe_independent(x2, n2, x1, n1)
    expected = [
        (0.0524, 0.3339), (0.1705, 0.8090), (0.0582, 0.8062), (-0.0381, 0.1926),
        (-0.1611, 0.2775), (-0.2775, 0.2775), (0.6791, 1.0), (0.6075, 1.0),
    ]  # fmt: skip
    np.testing.assert_allclose(np.stack([low, high], axis=1), expected, atol=6e-5)


def square_and_add_by_roots(a, b, c, d):
    """Newcombe's paired interval from the score equations' roots, one table at a time, as the paper writes it."""
    n, z = a + b + c + d, 1.959963984540054

    def roots(x):
        return (
            np.sort(np.roots([n * n + n * z * z, -2 * x * n - n * z * z, x * x]).real)
            if x not in (0, n)
            else ((0, z * z / (n + z * z)) if x == 0 else (n / (n + z * z), 1))
        )

    (l1, u1), (l2, u2) = roots(a + c), roots(a + b)
    p1, p2 = (a + c) / n, (a + b) / n
    product = (a + b) * (c + d) * (a + c) * (b + d)
    surplus = a * d - b * c
    surplus = max(surplus - n / 2, 0) if surplus > 0 else surplus
    phi = surplus / np.sqrt(product) if product else 0
    low = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2
    high = (p2 - l2) ** 2 - 2 * phi * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2
    return p1 - p2 - np.sqrt(low), p1 - p2 + np.sqrt(high)


@given(st.tuples(*[st.integers(0, 60)] * 4).filter(any))
def test_newcombe_paired_equals_a_second_way(table):
    """The interval is the one that an independent solution by polynomial roots gives, and has width."""
    delta, low, high = newcombe_paired(*table)
    assert (float(low), float(high)) == pytest.approx(square_and_add_by_roots(*table), abs=1e-9)
    assert -1 <= low < high <= 1
    assert low <= delta <= high


@given(st.tuples(*[st.integers(0, 60)] * 4).filter(any))
def test_newcombe_paired_turns_around_with_the_versions(table):
    """Swapping baseline and candidate, or right and wrong, mirrors the interval."""
    a, b, c, d = table
    there, back, wrong = newcombe_paired(a, b, c, d), newcombe_paired(a, c, b, d), newcombe_paired(d, b, c, a)
    np.testing.assert_allclose([-there[2], -there[1]], back[1:], atol=1e-12)
    # what the candidate alone has right is what the baseline alone has wrong
    np.testing.assert_allclose(wrong, there, atol=1e-12)


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(data=versions())
def test_proportion_differences_hold_their_delta(flavour, data):
    """−1 ≤ low ≤ delta ≤ high ≤ 1, never of width 0; p within 0 and 1; delta is candidate − baseline."""
    (keys, x0, w0, x1, w1), extra = data
    pair = sum_pair(keys, x0, w0, x1, w1, 3, **given_extra(extra, flavour))
    got = difference_intervals(pair, binary=True)
    ok = ~np.isnan(got.low)
    np.testing.assert_allclose(got.delta, got.value_candidate - got.value_baseline)
    assert (got.low[ok] >= -1).all()
    assert (got.high[ok] <= 1).all()
    assert (got.low[ok] <= got.delta[ok] + 1e-12).all()
    assert (got.delta[ok] <= got.high[ok] + 1e-12).all()
    assert (got.high[ok] - got.low[ok] > 1e-9).all()
    assert ((got.p[ok] >= 0) & (got.p[ok] <= 1)).all()
    enough = (pair.baseline.units >= 2) & (pair.candidate.units >= 2)
    assert ok[enough].all()


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(data=versions())
def test_a_version_against_itself_changes_nothing(flavour, data):
    """Delta 0 and p 1, with an interval around 0."""
    (keys, x0, w0, _, _), extra = data
    got = difference_intervals(sum_pair(keys, x0, w0, x0, w0, 3, **given_extra(extra, flavour)), binary=True)
    ok = ~np.isnan(got.p)
    assert (got.delta[ok] == 0).all()
    assert (got.p[ok] == 1).all()
    assert ((got.low[ok] < 0) & (got.high[ok] > 0)).all()


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(data=versions(binary=False))
def test_errors_against_themselves_change_nothing(flavour, data):
    """Delta 0 and p 1; without a difference in any sample there is no interval."""
    (keys, x0, w0, _, _), extra = data
    got = difference_intervals(sum_pair(keys, x0, w0, x0, w0, 3, **given_extra(extra, flavour)), binary=False)
    ok = ~np.isnan(got.p)
    assert (got.delta[ok] == 0).all()
    assert (got.p[ok] == 1).all()
    assert np.isnan(got.low).all()


@given(data=versions())
def test_swapping_versions_mirrors_the_difference(data):
    """Baseline and candidate exchanged: the interval mirrored, the same p."""
    (keys, x0, w0, x1, w1), _ = data
    there = difference_intervals(sum_pair(keys, x0, w0, x1, w1, 3), binary=True)
    back = difference_intervals(sum_pair(keys, x1, w1, x0, w0, 3), binary=True)
    np.testing.assert_allclose(there.low, -back.high, atol=1e-9)
    np.testing.assert_allclose(there.p, back.p, atol=1e-9)


def test_same_denominators_take_newcombe_and_mcnemar():
    """Accuracy goes by the four cells; precision, whose denominators differ, by linearised residuals."""
    rng = np.random.default_rng(0)
    keys, ones = np.zeros(80, int), np.ones(80, int)
    x0, x1 = rng.integers(0, 2, (2, 80))
    accuracy = difference_intervals(sum_pair(keys, x0, ones, x1, ones, 1), binary=True)
    cells = [int(((x0 == i) & (x1 == j)).sum()) for i, j in ((1, 1), (1, 0), (0, 1), (0, 0))]
    assert (accuracy.low[0], accuracy.high[0]) == pytest.approx([float(v) for v in newcombe_paired(*cells)[1:]])
    assert accuracy.method == ("newcombe, mcnemar mid-p",)
    w0, w1 = rng.integers(0, 2, (2, 80))
    precision = difference_intervals(sum_pair(keys, x0 * w0, w0, x1 * w1, w1, 1), binary=True)
    assert precision.method == ("linearised",)


def test_mean_differences_are_paired_t_intervals():
    """The difference of two means by influence is Student's paired interval."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 25))
    sums = sum_ratio(np.zeros(25, int), (b - b.mean()) - (a - a.mean()), np.ones(25), 1)
    got = mean_differences([a.mean()], [b.mean()], sums)
    half = 2.0638985616280205 * (b - a).std(ddof=1) / 5
    assert got.delta[0] == pytest.approx((b - a).mean())
    assert got.high[0] - got.delta[0] == pytest.approx(half)
    assert mean_differences([1.0], [1.0], sum_ratio(np.zeros(5, int), np.zeros(5), np.ones(5), 1)).p[0] == 1


def test_perfect_precisions_over_other_samples_still_have_width():
    """Each version is right wherever it says yes, on other samples: delta 0, p 1, Wilson's intervals combined."""
    w0, w1 = np.array([1, 1, 1, 0, 0]), np.array([0, 0, 1, 1, 1])
    got = difference_intervals(sum_pair(np.zeros(5, int), w0, w0, w1, w1, 1), binary=True)
    assert (got.delta[0], got.p[0], got.method[0]) == (0, 1, "wilson, combined")
    assert got.low[0] < -0.3
    assert got.high[0] > 0.3
