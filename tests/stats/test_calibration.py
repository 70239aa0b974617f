"""Bins and the calibration error: edges, ties, what few or like samples give, and an interval that holds."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats import calibration
from reportgen.stats.calibration import Draws, calibration_error, difference, equal_mass_bins, equal_width_bins
from reportgen.stats.hashing import hash_ids


def draws(n: int, seed: int = 1, n_draws: int = 200) -> Draws:
    """Draws of n samples."""
    return Draws.of(hash_ids([f"s{i}" for i in range(n)]), n_draws, seed)


def world(n: int, seed: int, too_sure: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Confidence, and right or wrong, of a version that is too sure by so much."""
    rng = np.random.default_rng(seed)
    confidence = 0.3 + 0.7 * rng.beta(5, 1.2, n)
    return confidence, (rng.random(n) < np.clip(confidence - too_sure, 0, 1)).astype(np.int8)


def test_bins_are_open_below_and_closed_above() -> None:
    """An edge is in the bin below it, as a Float32 too; 0 is in the first bin and 1 in the last."""
    at = np.array([0, 1 / 15, 0.2, 0.2000001, 0.4, 1, 0.93333334], np.float32)

    assert equal_width_bins(at).tolist() == [0, 0, 2, 3, 5, 14, 13]


def test_bins_of_equal_mass_keep_ties_together() -> None:
    """Whole ties, in order, about alike; fewer bins where there are few values; by weight where there are weights."""
    values = np.repeat(np.linspace(0.1, 0.9, 30), 20)
    weight = np.where(values > 0.8, 100.0, 1.0)

    assert np.bincount(equal_mass_bins(values)).tolist() == [40] * 15
    assert equal_mass_bins(np.full(400, 0.7)).tolist() == [0] * 400
    assert np.bincount(equal_mass_bins(np.repeat([0.2, 0.9], [390, 10]))).tolist() == [390, 10]
    assert np.bincount(equal_mass_bins(values, weight))[-1] == 20


def test_few_samples_have_no_error() -> None:
    """15 bins of 20 samples are the least."""
    confidence, right = world(300, 1)

    assert calibration_error(confidence, right, np.arange(299), draws(300)) is None
    assert calibration_error(confidence, right, np.arange(300), draws(300)) is not None


@pytest.mark.parametrize("too_sure", [0.0, 0.05, 0.15])
def test_the_interval_holds_the_truth(too_sure: float) -> None:
    """In nine of ten fresh samples at the least; 0 of a calibrated model too, which percentiles of draws never hold."""
    n, big = 900, world(200_000, 99, too_sure)[0]
    edges = equal_mass_bins(big)
    gap = big - np.clip(big - too_sure, 0, 1)
    truth = sum(abs(gap[edges == k].mean()) / 15 for k in range(15))
    held = 0
    for seed in range(80):
        found = calibration_error(*world(n, seed, too_sure), np.arange(n), draws(n, seed, 200))
        assert found is not None
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.high > found.low
        held += found.low <= truth <= found.high

    assert held >= 71


def test_groups_make_the_interval_wider() -> None:
    """Samples that come in pairs of twins say half as much."""
    confidence, right = (np.repeat(one, 2) for one in world(1000, 3, 0.1))
    twins = np.repeat(np.arange(1000), 2)
    alone = calibration_error(confidence, right, np.arange(2000), draws(2000))
    grouped = calibration_error(
        confidence, right, np.arange(2000), Draws.of(hash_ids([f"g{g}" for g in twins]), 300, 1), group=twins
    )

    assert alone is not None
    assert grouped is not None
    assert grouped.high - grouped.low > 1.2 * (alone.high - alone.low)
    assert grouped.n_units == 1000


def test_weights_count_as_so_many_samples() -> None:
    """The value with whole weights is near that of the samples repeated."""
    confidence, right = world(1200, 4, 0.1)
    weight = np.random.default_rng(0).integers(1, 4, 1200)
    rows = np.repeat(np.arange(1200), weight)
    weighted = calibration_error(confidence, right, np.arange(1200), draws(1200), weight=weight.astype(float))
    repeated = calibration_error(confidence[rows], right[rows], np.arange(len(rows)), draws(len(rows)))

    assert weighted is not None
    assert repeated is not None
    assert weighted.value == pytest.approx(repeated.value, abs=0.01)


def test_samples_all_alike_have_an_interval_all_the_same() -> None:
    """One confidence and all right: no draw moves, and the interval has a width yet."""
    found = calibration_error(np.full(400, 0.9), np.ones(400), np.arange(400), draws(400))

    assert found is not None
    assert found.value == pytest.approx(0.1)
    assert 0 < found.high - found.low < 0.03


def test_the_order_of_samples_does_not_matter() -> None:
    """Draws go with the ids."""
    confidence, right = world(900, 6, 0.1)
    ids = hash_ids([f"s{i}" for i in range(900)])
    order = np.random.default_rng(0).permutation(900)
    one = calibration_error(confidence, right, np.arange(900), Draws.of(ids, 200, 1))
    other = calibration_error(confidence[order], right[order], np.arange(900), Draws.of(ids[order], 200, 1))

    assert one is not None
    assert other is not None
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=1e-10)


def test_many_units_are_drawn_in_bundles() -> None:
    """2,048 at most; the interval stays as wide as it is, for they are put together by chance."""
    n = 6000
    confidence, right = world(n, 7, 0.1)
    drawn = draws(n)
    found = calibration_error(confidence, right, np.arange(n), drawn)

    assert found is not None
    assert len(drawn.weights) <= calibration.MAX_UNITS
    # about 1.96 standard errors of a mean of right and wrong, for all bins are off in one direction
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.std(confidence - right) / np.sqrt(n), rel=0.2)


def test_a_version_against_itself_does_not_differ() -> None:
    """No difference, and none beyond chance."""
    confidence, right = world(900, 8, 0.1)
    one = calibration_error(confidence, right, np.arange(900), draws(900))
    assert one is not None
    delta, _, _, p = difference(one, one)

    assert (delta, p) == (0.0, 1.0)


def test_differences_are_beyond_chance_where_there_is_one() -> None:
    """Two alike are told apart in about one of twenty, a calibrated one and one that is too sure nearly always."""
    alike = apart = 0
    for seed in range(40):
        drawn = draws(1500, seed)
        honest, other, sure = (
            calibration_error(*world(1500, 3 * seed + k, by), np.arange(1500), drawn)
            for k, by in enumerate((0.0, 0.0, 0.12))
        )
        assert honest is not None
        assert other is not None
        assert sure is not None
        alike += difference(honest, other)[3] < 0.05
        delta, low, high, p = difference(honest, sure)
        assert low <= delta <= high
        apart += p < 0.05

    assert alike <= 5
    assert apart >= 38
