"""Samples by value, and of how many independent ones they are worth."""

import numpy as np
import pytest

from reportgen.stats.intervals import effective_n
from reportgen.stats.statistic import sum_ratio
from reportgen.stats.tally import tally


def test_unknown_values_are_left_out():
    """Counts and shares are over the samples whose value is known."""
    found = tally(np.array([0, 1, 1, -1, 3]), 4)

    assert found.n.tolist() == [1, 2, 0, 1]
    assert found.n_total == 4
    assert found.share.tolist() == [0.25, 0.5, 0, 0.25]
    assert found.design_effect() == 1


def test_weights_weigh():
    """Shares are of the weights, counts of the samples."""
    found = tally(np.array([0, 1, 1]), 2, weight=np.array([2.0, 1, 1]))

    assert found.n.tolist() == [1, 2]
    assert found.share.tolist() == [0.5, 0.5]
    assert found.counts.tolist() == [1.5, 1.5]


@pytest.mark.parametrize("weighted", [False, True])
def test_design_effect_of_two_values_is_that_of_a_proportion(weighted):
    """Of two values, n ÷ design effect is about the n of the share's own interval, groups and weights included."""
    rng = np.random.default_rng(5)
    group = rng.integers(0, 60, 1500)
    codes = (rng.random(60)[group] + rng.normal(0, 0.3, 1500) > 0.5).astype(np.int64)
    weight = rng.uniform(0.5, 2, 1500) if weighted else None

    found = tally(codes, 2, group=group, weight=weight)
    sums = sum_ratio(np.zeros(1500, np.int64), codes, np.ones(1500), 1, group=group, weight=weight)

    assert found.n_groups == 60
    assert found.design_effect() > 3
    # not to the digit: the interval counts units by Kish, so that a few large groups are few
    assert found.n_total / found.design_effect() == pytest.approx(float(effective_n(sums)[0]), rel=5e-3)


def test_whole_groups_of_one_value_count_once():
    """Where a value is the group's and not the sample's, the design effect is about the size of the groups."""
    group = np.repeat(np.arange(400), 5)
    codes = np.random.default_rng(1).integers(0, 3, 400)[group]

    assert tally(codes, 3, group=group).design_effect() == pytest.approx(5, rel=0.05)


def test_one_value_alone():
    """A value that all samples have shows no variance: groups count as one sample each."""
    found = tally(np.zeros(30, np.int64), 2, group=np.repeat(np.arange(3), 10))

    assert found.design_effect() == pytest.approx(10)


@pytest.mark.parametrize("given", ["plain", "groups", "weights", "both"])
def test_merging_is_tallying_coarser_values(given):
    """Merging values after counting gives what counting coarser values gives; dropped ones are gone."""
    rng = np.random.default_rng(2)
    codes, group, weight = rng.integers(0, 5, 300), rng.integers(0, 20, 300), rng.uniform(1, 3, 300)
    kept = {
        "group": group if given in {"groups", "both"} else None,
        "weight": weight if given in {"weights", "both"} else None,
    }
    place = np.array([0, 1, 1, -1, 0])

    merged, direct = tally(codes, 5, **kept).merged(place, 2), tally(place[codes], 2, **kept)

    assert merged.n.tolist() == direct.n.tolist()
    assert merged.w == pytest.approx(direct.w)
    assert merged.n_groups == direct.n_groups
    assert merged.design_effect() == pytest.approx(direct.design_effect())


def test_order_makes_groups_worse():
    """Of numbers that lie close within groups, cumulative shares have a larger design effect than single bins."""
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(80), 12)
    bins = np.digitize(rng.normal(size=80)[group] + 0.7 * rng.normal(size=len(group)), [-0.8, -0.2, 0.2, 0.8])
    found = tally(bins, 5, group=group)

    assert found.ordered_design_effect() > 1.5 * found.design_effect()
    assert tally(bins, 5).ordered_design_effect() == 1
