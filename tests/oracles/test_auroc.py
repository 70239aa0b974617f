"""AUROC's variances against published implementations: pROC, and the function of Obuchowski's clinic.

The patients are DeLong's (DeLong, DeLong, Clarke-Pearson, Biometrics 44:837, 1988): 43 with ovarian cancer, whether
surgery failed, and three measures, as the SAS/STAT User's Guide prints them ("Comparing Receiver Operating
Characteristic Curves"). The figures were computed from them with pROC 1.18.0 in R 4.2.2, whose own documented example
(aSAH: Z = 2.20898, p = 0.02718) it gave too; and, in groups of three patients in order, with ``doAUCcluster`` of iMRMC,
which follows Obuchowski, Biometrics 53:567, 1997.
"""

import numpy as np
import pytest

from reportgen.stats.ranking import auroc_difference, delong

ALBUMIN = (
    "3.0 3.2 3.9 2.8 3.2 0.9 2.5 1.6 3.8 3.7 3.2 3.8 4.1 3.6 4.3 3.6 2.3 4.2 4.0 3.5 3.8 3.0 4.5 3.7 3.1 4.1 4.3 4.3 "
    "3.2 2.6 3.3 1.7 3.7 3.3 4.2 3.5 2.9 2.1 2.8 4.0 3.3 3.7 3.6"
)
PROTEIN = (
    "5.8 6.3 6.8 4.8 5.8 4.0 5.7 5.6 5.7 6.7 5.4 6.6 6.6 5.7 7.0 6.7 4.4 7.6 6.6 5.8 6.8 4.7 7.4 7.4 6.6 8.2 7.0 6.5 "
    "5.1 4.7 6.8 4.0 6.1 6.3 7.7 6.2 5.7 4.8 6.2 7.0 5.7 6.9 6.6"
)
RISK = "10 5 3 6 3 5 8 5 5 6 4 6 5 5 4 4 6 4 6 6 7 8 5 5 6 6 5 4 5 6 6 7 5 7 6 5 9 7 8 7 6 5 5"
FAILED = "0 1 1 0 1 0 0 1 1 1 1 1 1 1 1 0 1 0 0 1 1 0 1 1 1 1 1 1 1 1 0 0 1 1 1 1 0 1 0 1 1 1 1"


def patients():
    """Whether surgery failed; and the K-G score (turned, so that more is better), albumin and total protein."""
    albumin, protein, risk, failed = (np.array(part.split(), float) for part in (ALBUMIN, PROTEIN, RISK, FAILED))
    return failed, np.stack([10 - risk, albumin, protein])


def test_delong_equals_proc():
    """AUROCs, variances and covariances of the three measures are those that pROC's auc, var and cov give."""
    values, covariance = delong(*patients())
    assert values == pytest.approx([0.725806451612903, 0.736559139784946, 0.647849462365591], abs=1e-13)
    expected = np.array(
        [
            [0.0105722832732458, 0.00503705981073307, 0.00481929729133163],
            [0.00503705981073307, 0.00859224179008258, 0.00774452927646216],
            [0.00481929729133163, 0.00774452927646216, 0.0100094773611943],
        ]
    )
    np.testing.assert_allclose(covariance, expected, atol=1e-14)


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [(0, 1, 0.910206347201035), (0, 2, 0.456139707507474), (1, 2, 0.111828210120696)],
)
def test_delongs_test_equals_proc(first, second, p):
    """The p of a paired difference is that of pROC's roc.test(method="delong")."""
    failed, measures = patients()
    assert auroc_difference(failed, measures[[first, second]]).p == pytest.approx(p, abs=1e-12)


def test_groups_equal_obuchowskis_function():
    """With patients in groups of three, the covariance of K-G score and albumin is that of doAUCcluster."""
    failed, measures = patients()
    _, covariance = delong(failed, measures[:2], group=np.arange(43) // 3)
    expected = [[0.018660715886300, 0.011202994860826], [0.011202994860826, 0.012289574272526]]
    np.testing.assert_allclose(covariance, expected, atol=1e-14)
