"""Sums along a cut-off: at every step they are what the sums of that step alone would be."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from reportgen.stats.statistic import Sums, sum_pair, sum_ratio
from reportgen.stats.stepping import Stepped, step_pair_sums, step_sums

N, STEPS = 300, 12


def shape(groups: bool, weights: bool) -> dict[str, np.ndarray | None]:
    """Groups and weights as the sums take them."""
    rng = np.random.default_rng(3)
    group, weight = rng.integers(0, 40, N), rng.uniform(0.5, 2, N)
    return {"group": group if groups else None, "weight": weight if weights else None}


def assert_same(one: Sums, many: Sums, step: int) -> None:
    """One key's sums are those of a step."""
    for field in fields(Sums):
        expected, found = getattr(one, field.name), getattr(many, field.name)
        assert (
            expected == found
            if isinstance(expected, bool)
            else np.isclose(expected[0], found[step], rtol=1e-12, atol=1e-9)
        ), field.name


@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("weights", [False, True])
def test_each_step_is_summed_as_if_alone(groups: bool, weights: bool) -> None:
    """A numerator that enters over a denominator that enters, or that stays."""
    rng = np.random.default_rng(1)
    how = shape(groups, weights)
    step, hit = rng.integers(0, STEPS + 1, N), (rng.random(N) < 0.4).astype(float)
    ones, keys = np.ones(N), np.zeros(N, np.int64)
    entering = step_sums(step, Stepped.entering(hit), Stepped.entering(ones), STEPS, **how)
    staying = step_sums(step, Stepped(0.2 * hit, hit), Stepped.constant(ones), STEPS, **how)

    for k in range(STEPS):
        inside = (step <= k).astype(float)
        assert_same(sum_ratio(keys, hit * inside, inside, 1, **how), entering, k)
        assert_same(sum_ratio(keys, np.where(step <= k, hit, 0.2 * hit), ones, 1, **how), staying, k)


@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("weights", [False, True])
def test_each_step_of_a_pair_is_summed_as_if_alone(groups: bool, weights: bool) -> None:
    """Two versions, each with its own step for each sample."""
    rng = np.random.default_rng(2)
    how = shape(groups, weights)
    steps = (rng.integers(0, STEPS + 1, N), rng.integers(0, STEPS + 1, N))
    w, keys = (rng.random(N) < 0.7).astype(float), np.zeros(N, np.int64)
    x = (Stepped.entering(w), Stepped(0.5 * w, 2 * w))
    found = step_pair_sums(steps, x, w, STEPS, **how)

    for k in range(STEPS):
        at = [np.where(step <= k, one.after, one.before) for step, one in zip(steps, x, strict=True)]
        alone = sum_pair(keys, at[0], w, at[1], w, 1, **how)
        assert_same(alone.baseline, found.baseline, k)
        assert_same(alone.candidate, found.candidate, k)
        for name in ("n", "units", "xx", "xw", "wx", "ww"):
            assert np.isclose(getattr(alone, name)[0], getattr(found, name)[k], rtol=1e-12, atol=1e-9), name
