"""The metrics of pixels, against scikit-learn's over all pixels."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk

from reportgen.stats.influence import average_ratios
from reportgen.stats.pixels import SampleSums, sum_pixels
from reportgen.tasks import parts, segmentation
from reportgen.tasks.metric import Side

N, K, IGNORED = 40, 3, 4


def draw(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Masks of three classes and background, some pixels ignored by the truth and some by the version."""
    rng = np.random.default_rng(seed)
    true = rng.choice(K + 2, (N, 9, 12), p=[0.3, 0.2, 0.05, 0.4, 0.05]).astype(np.uint8)
    said = np.where(rng.random(true.shape) < 0.3, rng.choice(K + 2, true.shape), true).astype(np.uint8)
    true[0] = said[0] = K
    return true, said


def side_of(true: np.ndarray, said: np.ndarray, scored: np.ndarray | None = None) -> Side:
    sums = SampleSums.collect(((i, sum_pixels(true[i], said[i], K)) for i in range(N)), K)
    counts = segmentation.count_areas(sums, N)
    return Side(
        target=np.zeros(N),
        scored=np.ones(N, bool) if scored is None else scored,
        prediction=parts.losses(counts),
        correct=np.zeros(N, np.int8),
        confidence=None,
        score=None,
        probabilities=(),
        classes=("road", "car", "sign"),
        positive=None,
        tolerance=0.0,
        parts=counts,
        boundaries=segmentation.count_boundaries(sums, N),
        cells=segmentation.count_cells(sums, N),
    )


def value(side: Side, name: str, klass: int = -1) -> float:
    metric = next(one for one in segmentation.METRICS if one.name == name)
    assert metric.terms is not None
    x, w = metric.terms(side, klass)
    return float(x.sum() / w.sum())


def test_figures_are_those_of_scikit_learn_over_all_pixels() -> None:
    """What the truth ignores is left out; what a version ignores is missed, and of no class."""
    true, said = draw()
    kept = true != IGNORED
    flat, given = true[kept], said[kept]
    side = side_of(true, said)
    classes = list(range(K))
    for name, score in (("iou", sk.jaccard_score), ("dice", sk.f1_score)):
        assert [value(side, name, k) for k in classes] == pytest.approx(
            list(score(flat, given, labels=classes, average=None)), abs=1e-12
        )
        assert value(side, name) == pytest.approx(score(flat, given, labels=classes, average="micro"), abs=1e-12)
    assert value(side, "pixel_accuracy") == pytest.approx(sk.accuracy_score(flat, given), abs=1e-12)


def test_boundaries_alone_make_the_boundary_iou() -> None:
    """The sums over samples of what ``sum_pixels`` counts of each image."""
    true, said = draw()
    both = union = 0
    for i in range(N):
        one = sum_pixels(true[i], said[i], K)
        both, union = both + one.near_both, union + one.near_union
    side = side_of(true, said)
    assert [value(side, "boundary_iou", k) for k in range(K)] == pytest.approx((both / union).tolist(), abs=1e-12)
    assert value(side, "boundary_iou") == pytest.approx(both.sum() / union.sum(), abs=1e-12)


def test_a_sample_that_is_not_scored_adds_nothing() -> None:
    scored = np.arange(N) % 3 != 0
    side = side_of(*draw(), scored)
    for metric in segmentation.METRICS:
        if metric.terms is not None:
            x, w = metric.terms(side, -1)
            assert not x[~scored].any()
            assert not w[~scored].any()
            assert w[scored].any()
        else:
            assert metric.averaged is not None
            assert scored[metric.averaged(side).sample].all()


def test_an_empty_mask_that_is_rightly_empty_loses_nothing() -> None:
    assert side_of(*draw()).prediction[0] == 0


def average(side: Side, weight: np.ndarray, keys: np.ndarray, n_keys: int = 1):
    metric = next(one for one in segmentation.METRICS if one.name == "mean_iou")
    assert metric.averaged is not None
    own = metric.averaged(side)
    return average_ratios(own.sample, own.klass, own.x, own.w, keys, n_keys, weight=weight)


def test_mean_iou_is_the_mean_of_the_classes_that_occur() -> None:
    true, said = draw()
    side = side_of(true, said)
    keys = np.arange(N) % 2
    found = average(side, np.ones(N), keys, 2)
    for key in (0, 1):
        kept = (true != IGNORED) & (keys == key)[:, None, None]
        expected = sk.jaccard_score(true[kept], said[kept], labels=list(range(K)), average="macro")
        assert found.value[key] == pytest.approx(expected, abs=1e-12)
    true[true == 2], said[said == 2] = K, K  # the third class is nowhere
    assert average(side_of(true, said), np.ones(N), np.zeros(N, int)).value[0] == pytest.approx(
        np.mean([value(side_of(true, said), "iou", k) for k in (0, 1)]), abs=1e-12
    )
    assert np.isnan(average(side, np.ones(N), np.where(np.arange(N) == 0, 0, -1)).value[0])


def test_the_influence_of_a_sample_is_the_slope_by_its_weight() -> None:
    """A little more weight on one sample moves the average by its influence ÷ n; they add up to 0."""
    side = side_of(*draw(3))
    weight = np.random.default_rng(1).uniform(0.5, 2, N)
    keys = np.zeros(N, int)
    found = average(side, weight, keys)
    assert found.influence.sum() == pytest.approx(0, abs=1e-9)
    step = 1e-5
    for i in (0, 1, 7, 39):
        ends = [average(side, weight + sign * step * (np.arange(N) == i), keys).value[0] for sign in (1, -1)]
        slope = (ends[0] - ends[1]) / (2 * step)
        assert found.influence[i] == pytest.approx(N * weight[i] * slope, rel=1e-5, abs=1e-9)


def test_the_interval_of_mean_iou_is_as_wide_as_resampling_says() -> None:
    side = side_of(*draw(4))
    found = average(side, np.ones(N), np.zeros(N, int))
    rng = np.random.default_rng(2)
    drawn = [
        average(side, rng.multinomial(N, np.full(N, 1 / N)) + 1e-12, np.zeros(N, int)).value[0] for _ in range(800)
    ]
    assert found.influence.std() / np.sqrt(N) == pytest.approx(np.std(drawn), rel=0.1)
