"""Properties of average precision under weights: a selection is its own world, and draws are weights."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.matching import match_objects
from reportgen.stats.object_precision import Judged, average_precisions, drawn_precisions, judge_detections
from reportgen.stats.objects import Detections, Truths, overlap_boxes
from tests.oracles.object_worlds import make_world


def judged(truths: Truths, detections: Detections) -> Judged:
    matching = match_objects(detections, truths, overlap_boxes(detections, truths))
    return judge_detections(detections, truths, matching, 3)


def test_a_selection_by_weights_is_the_world_of_its_samples_alone() -> None:
    truths, detections = make_world(5)
    chosen = np.arange(12) % 3 != 0
    t, d = chosen[truths.sample], chosen[detections.sample]
    alone = average_precisions(
        judged(
            Truths(*(getattr(truths, name)[t] for name in ("sample", "klass", "boxes", "area", "crowd"))),
            Detections(*(getattr(detections, name)[d] for name in ("sample", "klass", "boxes", "area", "score"))),
        )
    )
    found = average_precisions(judged(truths, detections), chosen.astype(float))
    np.testing.assert_allclose(found.precision, alone.precision, atol=1e-12)
    np.testing.assert_allclose(found.recall, alone.recall, atol=1e-12)


@pytest.mark.parametrize(("n_draws", "weight"), [(9, 1), (40, 1), (40, 0.25)])
def test_draws_are_weights(n_draws: int, weight: float) -> None:
    """Few draws, and so many that they are gone through a detection at a time."""
    world = judged(*make_world(6))
    times = np.random.default_rng(0).poisson(1.0, (12, n_draws)).astype(np.uint8)
    weights = times if weight == 1 else times * weight
    drawn = drawn_precisions(world, weights, ranges=(0, 2))
    for k in range(n_draws):
        one = average_precisions(world, weights[:, k].astype(float))
        np.testing.assert_allclose(drawn[k], one.precision[[0, 2]], atol=1e-12)


def test_a_class_without_true_objects_has_no_precision_and_the_others_have_theirs() -> None:
    truths, detections = make_world(7)
    none = np.flatnonzero(truths.klass != 1)
    fewer = Truths(*(getattr(truths, name)[none] for name in ("sample", "klass", "boxes", "area", "crowd")))
    found, whole = (average_precisions(judged(one, detections)) for one in (fewer, truths))
    assert np.isnan(found.precision[:, :, 1]).all()
    np.testing.assert_array_equal(found.precision[:, :, [0, 2]], whole.precision[:, :, [0, 2]])
    assert np.isfinite(found.precision[0, :, 0]).all()


@pytest.mark.parametrize("seed", range(20))
def test_perfect_detections_have_a_precision_of_one_under_any_weights(seed: int) -> None:
    """However sums of weights are rounded, the last recall is reached."""
    truths, _ = make_world(8, crowds=0.0)
    rng = np.random.default_rng(seed)
    perfect = Detections(truths.sample, truths.klass, truths.boxes, truths.area, rng.random(len(truths)))
    weights = rng.uniform(0.5, 2, 12).round(3)
    found = average_precisions(judged(truths, perfect), weights).precision
    assert np.nanmin(found) == pytest.approx(1.0, abs=1e-9)


def test_perfect_detections_have_a_precision_of_one_and_none_have_zero() -> None:
    truths, _ = make_world(8, crowds=0.0)
    perfect = Detections(truths.sample, truths.klass, truths.boxes, truths.area, np.ones(len(truths)))
    empty = Detections(*(np.empty(0, np.int64),) * 2, np.empty((0, 4)), np.empty(0), np.empty(0))
    assert np.nanmin(average_precisions(judged(truths, perfect)).precision) == 1.0
    assert np.nanmax(average_precisions(judged(truths, empty)).precision) == 0.0
