"""Risk and coverage: which samples are kept, what of them is wrong, and the area with its interval."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.risk import area_under, risk_curve

RNG = np.random.default_rng(5)
CONFIDENCE = RNG.random(400).round(2).astype(np.float32)  # with ties
WRONG = RNG.random(400) > CONFIDENCE


def test_a_share_keeps_every_sample_as_sure_as_its_last() -> None:
    """No tie is split: what is kept is what a cut-off of the confidence keeps, and no smaller set is enough."""
    curve = risk_curve(CONFIDENCE, WRONG)

    for k, share in enumerate(curve.share):
        kept = curve.cutoff[k] <= CONFIDENCE
        assert (curve.sums.n[k], curve.n_wrong[k]) == (kept.sum(), WRONG[kept].sum())
        assert curve.kept[k] == pytest.approx(kept.mean())
        assert kept.sum() >= share * 400 - 1e-9
        assert (curve.cutoff[k] < CONFIDENCE).sum() < share * 400
    assert curve.sums.n[-1] == 400


def test_one_confidence_keeps_all_or_nothing() -> None:
    """A version that is always as sure has one point: its error rate, at every share."""
    curve = risk_curve(np.full(50, 0.8, np.float32), np.arange(50) < 10)

    assert set(curve.sums.n) == {50}
    assert set(curve.n_wrong) == {10}
    assert set(curve.kept) == {1.0}


def test_weights_count_for_the_share() -> None:
    """A share of the weight is kept; a count stays a count."""
    weight = np.where(CONFIDENCE > 0.9, 10.0, 1.0)
    curve = risk_curve(CONFIDENCE, WRONG, weight=weight)
    kept = curve.cutoff[49] <= CONFIDENCE

    assert curve.kept[49] == pytest.approx(weight[kept].sum() / weight.sum())
    assert curve.sums.n[49] == kept.sum() < 200
    assert curve.sums.x[49] / curve.sums.w[49] == pytest.approx((weight * WRONG)[kept].sum() / weight[kept].sum())


def test_the_area_is_the_mean_risk_over_all_samples() -> None:
    """By its definition, one sample after the other."""
    found = area_under(CONFIDENCE, WRONG)
    risks = [WRONG[c <= CONFIDENCE].mean() for c in CONFIDENCE]

    assert found.value[0] == pytest.approx(np.mean(risks))
    assert found.low[0] < found.value[0] < found.high[0]


@pytest.mark.parametrize("groups", [False, True])
def test_the_areas_interval_has_the_width_of_its_spread(groups: bool) -> None:
    """Over fresh samples the area varies as the interval says, within a seventh; with groups too."""
    areas, widths = [], []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        group = np.repeat(np.arange(50), 6)
        shift = rng.normal(0, 0.25, 50)[group] if groups else 0.0
        confidence = rng.random(300).astype(np.float32)
        wrong = rng.random(300) > 0.3 + 0.6 * confidence + shift
        found = area_under(confidence, wrong, group=group if groups else None)
        areas.append(found.value[0])
        widths.append((found.high[0] - found.low[0]) / 2)

    assert np.mean(widths) / (1.99 * np.std(areas)) == pytest.approx(1, abs=0.15)
