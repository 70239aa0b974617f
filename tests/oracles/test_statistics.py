"""Our statistics against the reference implementations, each method named."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sk
from statsmodels.stats.contingency_tables import cochrans_q, mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oaxaca import OaxacaBlinder
from statsmodels.stats.power import TTestPower, normal_power_het
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest
from statsmodels.stats.weightstats import DescrStatsW

from reportgen.stats.distributions import (
    binomial_half_tail,
    chi_squared_tail,
    normal_two_sided,
    student_cdf,
    student_quantile,
    student_two_sided,
)
from reportgen.stats.influence import influence
from reportgen.stats.intervals import difference_intervals, newcombe_independent, ratio_intervals, wilson
from reportgen.stats.mix import mix_and_rate
from reportgen.stats.power import POWER, smallest_drop, smallest_paired_drop, units_needed
from reportgen.stats.ranking import auroc, average_precision
from reportgen.stats.significance import benjamini_hochberg, cochran_q, equal_proportions, mcnemar_midp
from reportgen.stats.statistic import sum_pair, sum_ratio

DEGREES = np.array([1, 2, 3, 4, 7, 12, 29, 30, 77, 199, 1_000, 12_345, 100_000, 1_000_000])


@pytest.mark.parametrize("probability", [0.5, 0.5001, 0.6, 0.9, 0.95, 0.975, 0.995, 0.99999, 0.025])
def test_student_quantile(probability):
    """Quantiles of t agree with scipy.stats.t.ppf to 1e-10."""
    np.testing.assert_allclose(
        student_quantile(probability, DEGREES), stats.t.ppf(probability, DEGREES), rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("t", [-30.0, -2.5, -0.1, 0.0, 0.7, 1.96, 4.0, 12.0, 60.0])
def test_student_tails(t):
    """Tails of t agree with scipy.stats.t to 1e-10, the far ones in relative terms too."""
    np.testing.assert_allclose(student_cdf(t, DEGREES), stats.t.cdf(t, DEGREES), atol=1e-10)
    np.testing.assert_allclose(student_two_sided(t, DEGREES), 2 * stats.t.sf(abs(t), DEGREES), rtol=1e-8, atol=1e-300)


def test_normal_tails():
    """The two-sided p agrees with scipy.stats.norm, far out too."""
    z = np.linspace(-30, 30, 241)
    np.testing.assert_allclose(normal_two_sided(z), 2 * stats.norm.sf(np.abs(z)), rtol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 9, 50, 333, 10_001, 1_000_000])
def test_binomial_tail(n):
    """P(X ≤ k) and P(X = k) agree with scipy.stats.binom at 1/2."""
    k = np.unique(np.clip([0, 1, n // 3, n // 2 - int(3 * n**0.5), n // 2, n // 2 + 1, n], 0, n))
    at_most, exactly = binomial_half_tail(k, n)
    np.testing.assert_allclose(at_most, stats.binom.cdf(k, n, 0.5), atol=1e-11)
    np.testing.assert_allclose(exactly, stats.binom.pmf(k, n, 0.5), atol=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson(level):
    """Wilson's interval agrees with statsmodels' proportion_confint(method="wilson")."""
    x, n = np.array([0, 1, 5, 81, 250, 999, 7]), np.array([10, 9, 5, 263, 1000, 1000, 8])
    low, high = proportion_confint(x, n, alpha=1 - level, method="wilson")
    np.testing.assert_allclose(wilson(x, n, level), (low, high), atol=1e-12)


def test_newcombe_independent():
    """The unpaired interval agrees with statsmodels' confint_proportions_2indep(method="newcomb")."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        n1, n2 = rng.integers(2, 300, 2)
        x1, x2 = rng.integers(0, n1 + 1), rng.integers(0, n2 + 1)
        low, high = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", compare="diff")
        assert newcombe_independent(x1, n1, x2, n2)[1:] == pytest.approx((low, high), abs=1e-9)


def test_score_test_of_two_proportions():
    """The pooled score test agrees with statsmodels' proportions_ztest."""
    _, p = proportions_ztest([81, 40], [263, 90])
    assert equal_proportions(81, 263, 40, 90) == pytest.approx(p, abs=1e-12)


def test_mcnemar():
    """The mid-p is statsmodels' exact two-sided p less the probability of what was observed."""
    rng = np.random.default_rng(1)
    b, c = rng.integers(0, 60, (2, 80))
    exact = np.array([mcnemar([[5, i], [j, 5]], exact=True).pvalue for i, j in zip(b, c, strict=True)])
    expected = np.where(b == c, 1, exact - stats.binom.pmf(b, b + c, 0.5))
    np.testing.assert_allclose(mcnemar_midp(b, c), expected, atol=1e-10)
    large = mcnemar_midp(30_000, 30_500)
    assert large == pytest.approx(2 * stats.binom.cdf(30_000, 60_500, 0.5) - stats.binom.pmf(30_000, 60_500, 0.5))


def test_benjamini_hochberg():
    """Q-values agree with statsmodels' multipletests(method="fdr_bh"), ties and ends included."""
    rng = np.random.default_rng(2)
    for size in (1, 2, 17, 400):
        p = np.round(rng.random(size) ** 2, 2)
        np.testing.assert_allclose(benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1], atol=1e-12)


def test_mean_interval():
    """A mean has Student's interval, as statsmodels' DescrStatsW.tconfint_mean."""
    values = np.random.default_rng(3).gamma(2, size=40)
    got = ratio_intervals(sum_ratio(np.zeros(40, int), values, np.ones(40), 1), binary=False)
    assert (got.low[0], got.high[0]) == pytest.approx(DescrStatsW(values).tconfint_mean(), abs=1e-10)


def test_paired_difference_of_means():
    """A paired difference of means is scipy.stats.ttest_rel, interval and p."""
    first, second = np.random.default_rng(4).gamma(2, size=(2, 40))
    ones = np.ones(40)
    got = difference_intervals(sum_pair(np.zeros(40, int), first, ones, second, ones, 1), binary=False)
    expected = stats.ttest_rel(second, first)
    interval = expected.confidence_interval()
    assert got.p[0] == pytest.approx(expected.pvalue, abs=1e-10)
    assert (got.low[0], got.high[0]) == pytest.approx((interval.low, interval.high), abs=1e-10)


def classes(seed, n=400):
    """Targets and predictions of six classes, of which one occurs only as prediction, and weights."""
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 5, n)
    return target, np.where(rng.random(n) < 0.6, target, rng.integers(0, 6, n)), rng.uniform(0.2, 3, n)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_class_metrics(seed, weighted):
    """Macro-F1, balanced accuracy, MCC and kappa agree with scikit-learn, with and without weights."""
    target, prediction, weight = classes(seed)
    prediction = np.where(prediction == 5, 0, prediction) if seed % 2 else prediction
    ours = {"n_classes": 8, "weight": weight if weighted else None}
    theirs = {"sample_weight": weight if weighted else None}

    def value(name):
        return influence(name, target, prediction, **ours).value

    assert value("macro_f1") == pytest.approx(sk.f1_score(target, prediction, average="macro", **theirs), abs=1e-12)
    assert value("mcc") == pytest.approx(sk.matthews_corrcoef(target, prediction, **theirs), abs=1e-12)
    assert value("kappa") == pytest.approx(sk.cohen_kappa_score(target, prediction, **theirs), abs=1e-12)
    recall = sk.recall_score(target, prediction, labels=range(5), average="macro", **theirs)
    assert value("balanced_accuracy") == pytest.approx(recall, abs=1e-12)
    if seed % 2:  # scikit-learn warns where a class is only predicted
        assert recall == pytest.approx(sk.balanced_accuracy_score(target, prediction, **theirs), abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_value_metrics(weighted):
    """RMSE, R² and Pearson's r agree with scikit-learn and scipy, with and without weights."""
    rng = np.random.default_rng(5)
    target = rng.normal(size=200)
    prediction = target + rng.normal(size=200)
    weight = rng.uniform(0.2, 3, 200) if weighted else None

    def value(name):
        return influence(name, target, prediction, weight=weight).value

    assert value("rmse") == pytest.approx(sk.root_mean_squared_error(target, prediction, sample_weight=weight))
    assert value("r2") == pytest.approx(sk.r2_score(target, prediction, sample_weight=weight), abs=1e-12)
    correlation = np.cov(target, prediction, aweights=weight)
    expected = correlation[0, 1] / np.sqrt(correlation[0, 0] * correlation[1, 1])
    assert value("pearson_r") == pytest.approx(expected, abs=1e-12)
    if not weighted:
        assert expected == pytest.approx(stats.pearsonr(target, prediction).statistic, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("decimals", [0, 1, 12])
def test_rank_metrics(decimals, weighted):
    """AUROC and average precision agree with scikit-learn, ties and weights included."""
    rng = np.random.default_rng(6)
    y = rng.integers(0, 2, 300)
    score = np.round(y + rng.normal(size=300), decimals)
    weight = rng.uniform(0.2, 3, 300) if weighted else None
    assert auroc(y, score, weight=weight) == pytest.approx(sk.roc_auc_score(y, score, sample_weight=weight), abs=1e-12)
    expected = sk.average_precision_score(y, score, sample_weight=weight)
    assert average_precision(y, score, weight=weight) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_mix_and_rate(seed):
    """Mix and rate are statsmodels' three-fold Oaxaca-Blinder parts on kinds, the interaction shared out evenly."""
    rng = np.random.default_rng(seed)
    first = rng.random(500) < 0.6
    kinds = np.where(first, rng.choice(3, 500), rng.choice(3, 500, p=[0.2, 0.5, 0.3]))
    x = rng.normal(kinds + 0.3 * first, 1)
    found = mix_and_rate(kinds, x, first.astype(float), x, (~first).astype(float)).value
    table = np.column_stack([kinds == k for k in range(3)]).astype(float)
    model = OaxacaBlinder(x, np.column_stack([first, table]), 0, hasconst=True, swap=False)
    endowments, coefficients, interaction, _gap = model.three_fold().params

    # its groups are (False, True): candidate minus baseline, seen from the baseline
    assert found == pytest.approx([endowments + interaction / 2, coefficients + interaction / 2], abs=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 6, 19])
@pytest.mark.parametrize("x", [0.0, 0.3, 2.0, 11.0, 60.0, 900.0])
def test_chi_squared_tail(x, df):
    """The upper tail agrees with scipy.stats.chi2.sf."""
    assert chi_squared_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_cochran_q(k):
    """Q and p agree with statsmodels' cochrans_q; of two versions Q is McNemar's statistic without correction."""
    right = np.random.default_rng(k).random((k, 400)) < np.linspace(0.7, 0.8, k)[:, None]
    expected = cochrans_q(right.T.astype(int))
    assert cochran_q(right) == pytest.approx((expected.statistic, expected.pvalue))
    assert np.isnan(cochran_q(np.ones((k, 9), bool))).all()


@pytest.mark.parametrize(("n", "discordance"), [(30, 0.1), (200, 0.05), (812, 0.1), (50_000, 0.03), (40, 0.0)])
def test_power_of_paired_proportions(n, discordance):
    """A normal test with Connor's two variances has the stated power (statsmodels' normal_power_het)."""
    drop = float(smallest_paired_drop(n, discordance))
    share = discordance + drop
    found = normal_power_het(drop, n, 0.05, std_null=share**0.5, std_alternative=(share - drop**2) ** 0.5)
    assert found == pytest.approx(POWER, abs=1e-4)


@pytest.mark.parametrize("units", [10, 30, 200, 5_000])
def test_power_of_a_mean(units):
    """The smallest mean that a t-test shows, and the units that a drop needs, are those of TTestPower, near enough."""
    exact = TTestPower().solve_power(nobs=units, alpha=0.05, power=POWER)
    assert float(smallest_drop(units**-0.5, units)) == pytest.approx(exact, rel=2e-3)
    needed = TTestPower().solve_power(effect_size=0.15, alpha=0.05, power=POWER)
    assert units_needed(0.15, units**-0.5, units) == pytest.approx(needed, abs=1)
