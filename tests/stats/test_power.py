"""Power: the stated drop shows about as often as stated, and as many samples as stated show it."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.distributions import student_quantile, student_two_sided
from reportgen.stats.intervals import difference_intervals
from reportgen.stats.power import (
    paired_n,
    smallest_clustered_drop,
    smallest_drop,
    smallest_paired_drop,
    spread_at,
    units_needed,
)
from reportgen.stats.significance import mcnemar_midp
from reportgen.stats.statistic import PairSums, sum_pair

N_WORLDS = 4_000


def share_shown(n: int, drop: float, discordance: float) -> float:
    """How often McNemar's mid-p shows a drop over n samples of which a share changes anyway."""
    broken, fixed = discordance / 2 + drop, discordance / 2
    drawn = np.random.default_rng(n).multinomial(n, [broken, fixed, 1 - broken - fixed], size=N_WORLDS)
    return float((mcnemar_midp(drawn[:, 0], drawn[:, 1]) < 0.05).mean())


@pytest.mark.parametrize(("n", "discordance"), [(60, 0.3), (200, 0.1), (800, 0.1), (5000, 0.04)])
def test_the_smallest_paired_drop_shows_about_80_times_in_100(n: int, discordance: float) -> None:
    """Drawn again and again, a drop of the stated size shows that often; half of it far more seldom."""
    drop = float(smallest_paired_drop(n, discordance))

    assert 0.77 < share_shown(n, drop, discordance) < 0.89
    assert share_shown(n, drop / 2, discordance) < 0.45


@pytest.mark.parametrize("n", [20, 60, 300])
def test_where_nothing_changes_a_drop_is_all_that_does(n: int) -> None:
    """Without a sample that changes the drop alone makes such, and it still shows as often as stated."""
    drop = float(smallest_paired_drop(n, 0.0))

    assert 0 < drop < 1
    assert 0.77 < share_shown(n, drop, 0.0) < 0.92


def test_a_handful_of_samples_shows_no_drop_at_all() -> None:
    """Three samples cannot be beyond chance, whatever happens to them."""
    assert np.isnan(smallest_paired_drop([0, 1, 3], 0.1)).all()


def test_drop_and_samples_are_each_other_s_answer() -> None:
    """So many samples show the drop, one fewer does not quite."""
    for n, discordance in ((50, 0.2), (812, 0.1), (400, 0.0)):
        drop = float(smallest_paired_drop(n, discordance))
        assert float(paired_n(drop, discordance)) == n
        assert float(paired_n(drop * 0.98, discordance)) > n


@pytest.mark.parametrize("units", [12, 40, 300])
def test_the_smallest_drop_of_a_mean_shows_about_80_times_in_100(units: int) -> None:
    """The same for what is tested by t, over samples or groups."""
    drop = float(smallest_drop(1 / np.sqrt(units), units))
    drawn = np.random.default_rng(units).normal(drop, 1, (N_WORLDS, units))
    t = drawn.mean(axis=1) / drawn.std(axis=1, ddof=1) * np.sqrt(units)

    assert (student_two_sided(t, units - 1) < 0.05).mean() == pytest.approx(0.8, abs=0.025)


def test_units_fall_with_the_square_of_the_drop() -> None:
    """Half the drop needs four times the units, and what can be shown needs no more than there are."""
    assert units_needed(0.01, 0.02, 400) == pytest.approx(4 * units_needed(0.02, 0.02, 400), rel=0.01)
    drop = float(smallest_drop(0.02, 400))
    assert units_needed(drop, 0.02, 400) == 400


def grouped_worlds(n_worlds: int, drop: float, seed: int) -> tuple[PairSums, float]:
    """Worlds of 60 groups of 10 samples, a key each, which differ in how much changes; and how much does on average."""
    rng = np.random.default_rng(seed)
    n_groups, size = 60, 10
    broken = rng.beta(2, 40, (n_worlds, n_groups)) + drop
    fixed = rng.beta(2, 40, (n_worlds, n_groups))
    drawn = rng.random((n_worlds, n_groups, size))
    right = rng.random(drawn.shape) < 0.7
    after = np.where(right, drawn >= (broken / 0.7)[:, :, None], drawn < (fixed / 0.3)[:, :, None])
    key = np.repeat(np.arange(n_worlds), n_groups * size)
    group = np.repeat(np.arange(n_worlds * n_groups), size)
    one = np.ones(key.shape)
    sums = sum_pair(key, right.ravel().astype(float), one, after.ravel().astype(float), one, n_worlds, group=group)
    return sums, float((right != after).mean())


def test_the_smallest_drop_with_groups_shows_about_80_times_in_100() -> None:
    """What one set's interval says of a drop holds of other sets with such a drop: about four of five show it."""
    sums, discordance = grouped_worlds(300, 0.0, seed=1)
    pilot = difference_intervals(sums, binary=True)
    error = float(np.mean((pilot.high - pilot.low) / 2)) / float(student_quantile(0.975, 59))
    drop = smallest_clustered_drop(error, 60, discordance, 0.0)
    found = difference_intervals(grouped_worlds(600, drop, seed=2)[0], binary=True)

    assert found.delta.mean() == pytest.approx(-drop, abs=0.003)
    assert (found.p < 0.05).mean() == pytest.approx(0.8, abs=0.05)
    assert units_needed(drop, spread_at(drop, error, discordance, 0.0), 60) == pytest.approx(60, abs=1)
