"""Counts of parts, and the metrics that follow from them, against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from reportgen.model import PartCounts
from reportgen.tasks import multilabel, parts
from reportgen.tasks.metric import Side

N, K = 300, 4


def counted(truth: np.ndarray, said: np.ndarray) -> PartCounts:
    """The counts of two tables of labels, samples × classes."""
    sample, klass = (axis.ravel() for axis in np.indices(truth.shape))
    own = (truth & said, ~truth & said, truth & ~said)
    return parts.count_parts(len(truth), sample, klass, *(one.ravel().astype(np.int64) for one in own))


def side_of(counts: PartCounts, scored: np.ndarray | None = None) -> Side:
    n = counts.n_samples
    return Side(
        target=np.zeros(n),
        scored=np.ones(n, bool) if scored is None else scored,
        prediction=parts.losses(counts),
        correct=np.zeros(n, np.int8),
        confidence=None,
        score=None,
        probabilities=(),
        classes=tuple("abcd"[:K]),
        positive=None,
        tolerance=0.0,
        parts=counts,
    )


@pytest.fixture(scope="module")
def tables() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    truth = rng.random((N, K)) < [0.5, 0.2, 0.1, 0.02]
    said = truth ^ (rng.random((N, K)) < 0.15)
    truth[0] = said[0] = False
    return truth, said


@pytest.mark.parametrize(
    ("name", "score"), [("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)]
)
def test_averaged_and_per_class_figures_are_those_of_scikit_learn(tables, name, score) -> None:
    truth, said = tables
    side = side_of(counted(truth, said))
    terms = getattr(parts, name)
    x, w = terms(side, -1)
    assert x.sum() / w.sum() == pytest.approx(score(truth, said, average="micro"), abs=1e-12)
    by_class = [x.sum() / w.sum() for x, w in (terms(side, k) for k in range(K))]
    assert by_class == pytest.approx(list(score(truth, said, average=None)), abs=1e-12)


def test_exact_match_hamming_and_jaccard_are_those_of_scikit_learn(tables) -> None:
    truth, said = tables
    side = side_of(counted(truth, said))
    value = {
        metric.name: float(x.sum() / w.sum())
        for metric in multilabel.METRICS
        if metric.terms is not None
        for x, w in [metric.terms(side, -1)]
    }
    assert value["exact_match"] == pytest.approx(sk.accuracy_score(truth, said), abs=1e-12)
    assert value["hamming_loss"] == pytest.approx(sk.hamming_loss(truth, said), abs=1e-12)
    expected = sk.jaccard_score(truth, said, average="samples", zero_division=1.0)
    assert value["jaccard"] == pytest.approx(expected, abs=1e-12)


def test_a_sample_that_is_not_scored_adds_nothing(tables) -> None:
    truth, said = tables
    scored = np.arange(N) % 3 != 0
    side = side_of(counted(truth, said), scored)
    for metric in (one for one in multilabel.METRICS if one.terms is not None):
        x, w = metric.terms(side, -1)
        assert not x[~scored].any()
        assert not w[~scored].any()
        assert w[scored].any()


def test_the_loss_of_a_sample_is_what_f1_lacks_and_nothing_where_there_is_nothing(tables) -> None:
    truth, said = tables
    loss = parts.losses(counted(truth, said))
    rows = np.flatnonzero((truth | said).any(axis=1))
    expected = 1 - sk.f1_score(truth[rows], said[rows], average="samples")
    assert loss[rows].mean() == pytest.approx(expected, abs=1e-12)
    assert loss[0] == 0


def test_counts_come_in_any_order_and_repeat() -> None:
    one = np.array([1, 0, 1, 1])
    counts = parts.count_parts(3, np.array([2, 0, 2, 1]), np.array([1, 0, 1, 0]), one, 1 - one, one * 0)
    assert counts.klass.tolist() == [0, 0, 1]
    assert counts.sample.tolist() == [0, 1, 2]
    assert counts.right.tolist() == [0, 1, 2]
    assert counts.false.tolist() == [1, 0, 0]
