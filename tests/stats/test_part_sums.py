"""Sums of parts of wholes are those of the same numbers with every zero written down."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from reportgen.stats.part_sums import Amounts, sum_part_pair, sum_parts
from reportgen.stats.statistic import PairSums, Sums, sum_pair, sum_ratio

N, WHOLES, SIZE = 40, 4, 5


def dense(rng: np.random.Generator) -> np.ndarray:
    """Samples × wholes × parts, most of them 0; the last whole is in no sample."""
    amounts = rng.integers(1, 50, (N, WHOLES, SIZE)) * (rng.random((N, WHOLES, SIZE)) < 0.2)
    amounts[:, -1] = 0
    return amounts


def sparse(amounts: np.ndarray) -> Amounts:
    """The entries that are not 0."""
    sample, whole, part = np.nonzero(amounts)
    return Amounts(sample, whole * SIZE + part, amounts[sample, whole, part], SIZE)


def assert_same(found: object, expected: object) -> None:
    """Field by field."""
    for field in dataclasses.fields(found):  # type: ignore[arg-type]
        own, other = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(own, Sums):
            assert_same(own, other)
        else:
            np.testing.assert_allclose(own, other, rtol=1e-12, err_msg=field.name)


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_zeros_need_not_be_written(seed: int, *, weighted: bool, grouped: bool) -> None:
    """Of one version and of two that do not agree on what there is; of parts that nobody has, too."""
    rng = np.random.default_rng(seed)
    first, second = dense(rng), dense(rng)
    how = {
        "group": rng.integers(0, 9, N) if grouped else None,
        "weight": rng.uniform(0.5, 2, N) if weighted else None,
    }
    parts = np.flatnonzero(rng.random(WHOLES * SIZE) < 0.7)

    def columns(amounts: np.ndarray, part: int) -> tuple[np.ndarray, np.ndarray]:
        own = amounts[:, part // SIZE].astype(float)
        return own[:, part % SIZE], own.sum(axis=1)

    keys = np.zeros(N, np.int64)
    alone = [sum_ratio(keys, *columns(first, part), 1, **how) for part in parts]
    paired = [sum_pair(keys, *columns(first, part), *columns(second, part), 1, **how) for part in parts]

    assert_same(sum_parts(sparse(first), parts, **how), Sums.concatenate(alone))
    assert_same(sum_part_pair(sparse(first), sparse(second), parts, **how), PairSums.concatenate(paired))


def test_nothing_has_no_sums() -> None:
    none = np.zeros(0, np.int64)
    found = sum_parts(Amounts(none, none, none, SIZE), np.array([3]))

    assert (found.n[0], found.w[0], found.x[0]) == (0, 0.0, 0.0)
