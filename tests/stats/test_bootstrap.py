"""The bootstrap of average precision: draws by id, shared between versions, quick."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.bootstrap import average_precision_bootstrap, bootstrap_weights
from reportgen.stats.hashing import hash_ids
from reportgen.stats.ranking import average_precision


def hashes(n):
    """Hashes of n ids."""
    return hash_ids([f"id-{i}" for i in range(n)])


def scored(n, seed=0):
    """A target and the scores of two versions, the second better."""
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.3).astype(int)
    return y, np.stack([y + rng.normal(size=n) * 1.2, y + rng.normal(size=n)])


def bootstrap_of(y, scores, units, **options):
    """The bootstrap of one target."""
    return average_precision_bootstrap([y], [scores], units, **options)[0]


def test_weights_are_poisson():
    """Mean and variance are 1, and 0, 1 and 2 come as often as they should."""
    drawn = bootstrap_weights(hashes(4000), 200, seed=3)
    assert drawn.shape == (4000, 200)
    assert drawn.mean() == pytest.approx(1, abs=0.005)
    assert drawn.var() == pytest.approx(1, abs=0.01)
    assert np.bincount(drawn.ravel())[:3] / drawn.size == pytest.approx([0.3679, 0.3679, 0.1839], abs=0.003)
    assert abs(np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]) < 0.06
    assert abs(np.corrcoef(drawn[0], drawn[1])[0, 1]) < 0.25


def test_weights_belong_to_the_id():
    """A unit's draws do not depend on its neighbours, nor on the blocks they are made in; another seed changes them."""
    units = hashes(50)
    whole = bootstrap_weights(units, 40, seed=1)
    np.testing.assert_array_equal(bootstrap_weights(units[::-1], 40, seed=1), whole[::-1])
    np.testing.assert_array_equal(bootstrap_weights(units, 12, seed=1, first=8), whole[:, 8:20])
    assert (bootstrap_weights(units, 40, seed=2) != whole).any()


@given(st.integers(0, 99), st.booleans(), st.booleans())
def test_draws_are_what_resampling_would_give(seed, weighted, tied):
    """Each draw's average precision is that of the samples weighted by their draws, while cells hold single ties."""
    n = 60
    y, scores = scored(n, seed)
    scores = np.round(scores, 1 if tied else 9)
    weight = np.random.default_rng(seed).uniform(0.5, 2, n) if weighted else None
    got = bootstrap_of(y, scores, hashes(n), weight=weight, n_draws=40, seed=5)
    drawn = bootstrap_weights(hashes(n), 40, seed=5)
    factor = np.ones(n) if weight is None else weight
    expected = np.array([[average_precision(y, score, weight=factor * draw) for draw in drawn.T] for score in scores])
    np.testing.assert_allclose(got.low, np.minimum(np.nanquantile(expected, 0.025, axis=1), got.value), atol=1e-12)
    np.testing.assert_allclose(got.high, np.maximum(np.nanquantile(expected, 0.975, axis=1), got.value), atol=1e-12)
    low, high = np.quantile(expected[1] - expected[0], [0.025, 0.975])
    assert got.delta_low == pytest.approx(min(low, got.delta))
    assert got.delta_high == pytest.approx(max(high, got.delta))


def test_row_order_does_not_matter():
    """Shuffled rows give the same limits to the last bit."""
    y, scores = scored(9000)
    order = np.random.default_rng(1).permutation(9000)
    there = bootstrap_of(y, scores, hashes(9000), n_draws=40)
    back = bootstrap_of(y[order], scores[:, order], hashes(9000)[order], n_draws=40)
    assert back.low.tolist() == there.low.tolist()
    assert (back.delta_low, back.delta_high, back.p) == (there.delta_low, there.delta_high, there.p)


def test_cells_change_nothing_that_one_could_see():
    """With more samples than cells the limits agree with plain resampling to a hundredth of the interval's width."""
    y, scores = scored(12_000)
    got = bootstrap_of(y, scores[:1], hashes(12_000), n_draws=60, seed=2)
    drawn = bootstrap_weights(hashes(12_000), 60, seed=2)
    exact = [average_precision(y, scores[0], weight=draw.astype(float)) for draw in drawn.T]
    low, high = np.quantile(exact, [0.025, 0.975])
    assert got.low[0] == pytest.approx(low, abs=(high - low) / 100)
    assert got.high[0] == pytest.approx(high, abs=(high - low) / 100)
    assert got.value[0] == pytest.approx(average_precision(y, scores[0]), abs=1e-12)


def test_targets_share_their_draws_and_nothing_else():
    """Several targets at once, in threads, have the limits that each has alone."""
    y, scores = scored(600)
    other = (np.arange(600) % 5 == 0).astype(int)
    with ThreadPoolExecutor(2) as pool:
        both = average_precision_bootstrap([y, other], [scores, scores[::-1]], hashes(600), n_draws=600, each=pool.map)
    alone = [
        bootstrap_of(y, scores, hashes(600), n_draws=600),
        bootstrap_of(other, scores[::-1], hashes(600), n_draws=600),
    ]
    for one, same in zip(both, alone, strict=True):
        assert one.low.tolist() == same.low.tolist()
        assert (one.delta, one.delta_low, one.delta_high, one.p) == (
            same.delta,
            same.delta_low,
            same.delta_high,
            same.p,
        )


def test_groups_are_drawn_together():
    """Samples that share a hash are drawn together, so that repeats of a sample do not narrow the interval."""
    y, scores = scored(300)
    once = bootstrap_of(y, scores, hashes(300), n_draws=200)
    copies = bootstrap_of(np.tile(y, 5), np.tile(scores, 5), np.tile(hashes(300), 5), n_draws=200)
    np.testing.assert_allclose(copies.low, once.low, atol=1e-12)
    np.testing.assert_allclose(copies.high, once.high, atol=1e-12)


def test_nothing_has_width_0():
    """A perfect version has Wilson's interval; a version against itself p 1 and none; one class nothing at all."""
    y = np.repeat([0, 1], [20, 8])
    perfect = np.arange(28.0)
    got = bootstrap_of(y, np.stack([perfect, perfect]), hashes(28), n_draws=100)
    assert got.high.tolist() == [1, 1]
    assert (got.low < 0.7).all()
    assert (got.delta, got.p) == (0, 1)
    assert np.isnan([got.delta_low, got.delta_high]).all()
    none = bootstrap_of(y * 0, perfect[None, :], hashes(28))
    assert np.isnan([none.value[0], none.low[0], none.delta]).all()


def test_a_better_version_is_found_better():
    """A clear difference has an interval beyond 0 and a small p, never below 2 / 1,001."""
    y, scores = scored(4000)
    got = bootstrap_of(y, scores - [np.zeros(4000), -y], hashes(4000))
    assert 0 < got.delta_low < got.delta < got.delta_high
    assert got.p == pytest.approx(2 / 1001)


@pytest.mark.slow
def test_a_hundred_thousand_samples_take_seconds():
    """Two versions, 1,000 draws and 100,000 samples: a few seconds on one core, generously held to 12 of its own."""
    y, scores = scored(100_000)
    units = hashes(100_000)
    start = time.process_time()
    bootstrap_of(y, scores, units)
    assert time.process_time() - start < 12
