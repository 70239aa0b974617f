"""Drift: what moved is found, what chance does is not, and groups do not make chance look like drift."""

import numpy as np
import pytest

from reportgen.stats.drift import compare_mix, compare_numbers, compare_shares, effective_sizes
from reportgen.stats.tally import tally


def test_index_is_the_textbooks():
    """Without empty values the plain index is Σ (q − p) · ln(q ÷ p), and its parts add up to it."""
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.35, 0.25])
    there, here = (tally(np.repeat(np.arange(3), (share * 1000).astype(int)), 3) for share in (p, q))

    found = compare_shares(there, here)

    assert found.plain_psi == pytest.approx(((q - p) * np.log(q / p)).sum())
    assert found.parts.sum() == pytest.approx(found.plain_psi)
    assert found.chance == pytest.approx(2 * (1 / 1000 + 1 / 1000))
    assert found.psi == pytest.approx(found.plain_psi - found.chance)
    assert found.low < found.psi < found.high


def test_direction_does_not_matter():
    """Index, test and divergence are the same from either end."""
    rng = np.random.default_rng(0)
    there, here = tally(rng.integers(0, 4, 900), 4), tally(rng.integers(0, 3, 400), 4)
    one, other = compare_shares(there, here), compare_shares(here, there)

    assert (one.psi, one.high, one.p, one.jensen_shannon) == pytest.approx(
        (other.psi, other.high, other.p, other.jensen_shannon)
    )


def test_a_value_that_one_set_lacks_counts_half_a_sample():
    """The index of a value that one set lacks is finite, and as though that set had half a sample of it."""
    there, here = tally(np.repeat([0, 1], [600, 400]), 3), tally(np.repeat([0, 1, 2], [500, 300, 200]), 3)
    p, q = np.array([600, 400, 0.5]) / 1000.5, np.array([500, 300, 200]) / 1000

    assert compare_shares(there, here).plain_psi == pytest.approx(((q - p) * np.log(q / p)).sum())


def test_rare_values_are_one():
    """Values with too few expected samples are merged, and the test has the degrees of freedom of what is left."""
    codes = np.concatenate([np.repeat([0, 1], 300), np.arange(2, 22)])
    found = compare_shares(tally(codes, 30), tally(codes, 30))

    assert (found.n_merged, found.df, found.statistic) == (20, 2, 0)
    assert found.p == 1


@pytest.mark.parametrize("here", [[], [0] * 50], ids=["nobody", "one value"])
def test_nothing_to_tell(here):
    """Without samples, or with one value alone on both sides, nothing is tested and no index is told."""
    found = compare_shares(tally(np.zeros(100, np.int64), 3), tally(np.array(here, np.int64), 3))

    assert np.isnan([found.p, found.psi]).all()


@pytest.mark.parametrize("n_values", [3, 20])
def test_chance_is_no_drift(n_values):
    """Of equal mixes about 5 in 100 are below p = 0.05, the index is 0 on average, and its interval begins at 0."""
    rng = np.random.default_rng(n_values)
    shares = rng.dirichlet(np.full(n_values, 5.0))
    found = [
        compare_shares(*(tally(rng.choice(n_values, n, p=shares), n_values) for n in (400, 250))) for _ in range(600)
    ]

    assert 0.025 < np.mean([one.p < 0.05 for one in found]) < 0.08
    assert np.mean([one.plain_psi - one.chance for one in found]) == pytest.approx(0, abs=0.3 * found[0].chance)
    assert np.mean([one.low == 0 for one in found]) > 0.9


def test_interval_of_the_index_holds():
    """The interval holds the true index of two known mixes about 19 times in 20."""
    rng = np.random.default_rng(4)
    p, q = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.25, 0.3, 0.25, 0.2])
    true = ((q - p) * np.log(q / p)).sum()
    found = [compare_shares(tally(rng.choice(4, 1500, p=p), 4), tally(rng.choice(4, 500, p=q), 4)) for _ in range(400)]

    assert 0.91 < np.mean([one.low <= true <= one.high for one in found]) < 0.99


def _grouped(rng, n_groups, size, n_values=4):
    """Samples of groups that mostly share their value, from an even mix of values."""
    group = np.repeat(np.arange(n_groups), size)
    own = rng.integers(0, n_values, n_groups)[group]
    return np.where(rng.random(len(group)) < 0.7, own, rng.integers(0, n_values, len(group))), group


@pytest.mark.parametrize("known", ["both", "here"])
def test_groups_do_not_look_like_drift(known):
    """Of equal mixes in groups about 5 in 100 are called drift, training's groups known or not; else it were most."""
    rng = np.random.default_rng(7)
    honest, blind = [], []
    for _ in range(300):
        (there, of_there), (here, of_here) = _grouped(rng, 80, 12), _grouped(rng, 50, 12)
        left = tally(there, 4, group=of_there if known == "both" else None)
        honest.append(compare_shares(left, tally(here, 4, group=of_here)).p)
        blind.append(compare_shares(tally(there, 4), tally(here, 4)).p)

    assert np.mean(np.array(blind) < 0.05) > 0.4
    assert 0.02 < np.mean(np.array(honest) < 0.05) < 0.085


def test_numbers_in_groups_do_not_look_like_drift():
    """By the design effect of cumulative shares few of equal sets of numbers are called drift; else it were most."""
    rng = np.random.default_rng(3)
    honest, blind = [], []
    for _ in range(300):
        sets = []
        for n_groups in (80, 50):
            group = np.repeat(np.arange(n_groups), 12)
            sets.append((rng.normal(size=n_groups)[group] + 0.7 * rng.normal(size=len(group)), group))
        tallies = [tally(np.digitize(x, [-0.8, -0.2, 0.2, 0.8]), 5, group=group) for x, group in sets]
        numbers = [x for x, _ in sets]
        honest.append(compare_numbers(*numbers, effective_sizes(*tallies, ordered=True), (None, None)).p)
        blind.append(compare_numbers(*numbers, np.array([960.0, 600.0]), (None, None)).p)

    assert np.mean(np.array(blind) < 0.05) > 0.3
    assert np.mean(np.array(honest) < 0.05) < 0.09


def _pairs(rng, n, weather, night_in_rain):
    """Weather and time as cells of a 3 × 2 table; how often rain is at night is a parameter."""
    sky = rng.choice(3, n, p=weather)
    night = rng.random(n) < np.where(sky == 2, night_in_rain, 0.4)
    return tally(sky * 2 + night, 6)


def test_mix_moves_only_where_the_pair_does():
    """Both attributes may move without the mix; the mix may move without either."""
    rng = np.random.default_rng(11)
    usual, wet = [0.5, 0.3, 0.2], [0.3, 0.2, 0.5]
    still = [compare_mix(_pairs(rng, 4000, usual, 0.4), _pairs(rng, 2000, wet, 0.4), (3, 2)) for _ in range(200)]
    moved = compare_mix(_pairs(rng, 4000, usual, 0.1), _pairs(rng, 2000, usual, 0.7), (3, 2))

    assert np.mean([one.p < 0.05 for one in still]) < 0.09
    assert np.mean([one.psi for one in still]) < 0.005
    assert moved.p < 1e-10
    assert moved.low > 0.1
    assert int(moved.parts.argmax()) in {4, 5}


def test_mix_of_attributes_that_moved_far():
    """A value that is rare in one set and common in the other leaves an uncertain mix, not one that seems to move."""
    rng = np.random.default_rng(12)
    still = [
        compare_mix(_pairs(rng, 600, [0.02, 0.18, 0.8], 0.4), _pairs(rng, 300, [0.8, 0.18, 0.02], 0.4), (3, 2))
        for _ in range(200)
    ]

    assert np.mean([one.p < 0.05 for one in still]) < 0.09
    assert np.mean([one.low == 0 for one in still]) > 0.97
    assert np.mean([one.plain_psi - one.chance for one in still]) == pytest.approx(0, abs=0.02)


def test_mix_of_cells_that_training_never_had_is_finite():
    """Where an empty cell keeps training from taking the shares of here, it counts half a sample."""
    there = tally(np.repeat([0, 2, 3], [300, 200, 100]), 4)
    here = tally(np.repeat([0, 1, 2, 3], [50, 400, 300, 20]), 4)
    found = compare_mix(there, here, (2, 2))

    assert np.isfinite([found.psi, found.low, found.high, found.chance]).all()
    assert found.expected.sum() == pytest.approx(1)


def test_mix_without_what_could_be_told():
    """An attribute that the other determines leaves no mix to move; nor do values that one set lacks."""
    city = np.random.default_rng(0).integers(0, 4, 800)
    nested = tally(city * 2 + city // 2, 8)
    alone = tally(np.zeros(300, np.int64), 8)

    assert np.isnan(compare_mix(nested, nested, (4, 2)).p)
    assert np.isnan(compare_mix(nested, alone, (4, 2)).p)


def test_a_full_cell_that_was_empty():
    """A combination that training never had, of values that it had, is drift of the mix and finite."""
    there = tally(np.repeat([0, 1, 2], [300, 300, 300]), 4)
    here = tally(np.repeat([0, 1, 2, 3], [200, 200, 200, 200]), 4)
    found = compare_mix(there, here, (2, 2))

    assert found.p < 1e-10
    assert np.isfinite([found.psi, found.high]).all()
    assert found.psi > 0.1
