"""Worlds with planted failures: twelve attributes, two versions, and slices in which the candidate loses.

The candidate gains 2 points everywhere but in what is planted: by default a two-way slice with 4 % of the samples that
loses 6 points, and a three-way slice with 1.5 % that loses 8. With nothing planted the two versions are alike, sample
by sample a draw from the same odds, so that everything told of such a world is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.model import Attribute, Outcomes
from reportgen.stats.distributions import normal_quantile
from reportgen.tasks import classification

N_VALUES = (3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 8, 8)
"""How many values each of the twelve attributes has."""

CLASSES = ("car", "cyclist", "pedestrian", "truck")
LEVEL = 0.85
"""The share that the baseline has right."""

SHARED = 0.8
"""How much of what makes a sample hard is the same for both versions; about 13 % of the samples flip."""


@dataclass(frozen=True)
class Plant:
    """A slice in which the candidate loses: of how many terms, how large a share of the samples, and how much."""

    n_terms: int
    share: float
    loss: float


TWO_WAY = Plant(2, 0.04, 0.06)
THREE_WAY = Plant(3, 0.015, 0.08)


@dataclass(frozen=True, eq=False)
class World:
    """The outcomes, and of each plant its terms (attribute and code)."""

    outcomes: Outcomes
    planted: tuple[tuple[tuple[int, int], ...], ...]

    def slice_ids(self) -> tuple[str, ...]:
        """The ids of the planted slices in a report."""
        attributes = self.outcomes.attributes
        return tuple(
            "&".join(f"{attributes[a].name}={attributes[a].values[k]}" for a, k in one) for one in self.planted
        )

    def rows(self, planted: int) -> npt.NDArray[np.bool_]:
        """Which samples are in a planted slice."""
        frame = self.outcomes.frame
        return np.logical_and.reduce([frame[columns.attribute(a)].to_numpy() == k for a, k in self.planted[planted]])


def make(
    n: int,
    seed: int,
    plants: Sequence[Plant] = (TWO_WAY, THREE_WAY),
    *,
    gain: float = 0.02,
    groups: int | None = None,
) -> World:
    """A world of ``n`` samples. Without plants there is no gain either."""
    rng = np.random.default_rng(seed)
    codes = _codes(n, rng)
    planted = _place(codes, plants, rng)
    group = None if groups is None else rng.integers(0, groups, n).astype(np.int32)
    change = np.full(n, gain if plants else 0.0)
    for one, terms in zip(plants, planted, strict=True):
        inside = np.logical_and.reduce([codes[a] == k for a, k in terms])
        change[inside] = np.minimum(change[inside], -one.loss)
    hard = rng.normal(size=n)
    if group is not None:
        hard = np.sqrt(0.7) * hard + np.sqrt(0.3) * rng.normal(size=groups)[group]
    target = rng.choice(len(CLASSES), n, p=[0.4, 0.2, 0.2, 0.2]).astype(np.int32)
    made: dict[str, object] = {columns.ID: [f"s{i:07d}" for i in range(n)], columns.TARGET: target}
    if group is not None:
        made[columns.GROUP] = group
    for v, level in enumerate((np.full(n, LEVEL), LEVEL + change)):
        luck = np.sqrt(SHARED) * hard + np.sqrt(1 - SHARED) * rng.normal(size=n)
        levels, at = np.unique(level, return_inverse=True)
        right = luck < np.array([normal_quantile(one) for one in levels.tolist()])[at]
        wrong = (target + rng.integers(1, len(CLASSES), n)) % len(CLASSES)
        made |= {
            columns.scored(v): np.ones(n, bool),
            columns.invalid(v): np.zeros(n, bool),
            columns.prediction(v): np.where(right, target, wrong).astype(np.int32),
            columns.confidence(v): rng.beta(5, 1.5, n).astype(np.float32),
        }
    frame = pl.DataFrame(made).with_columns(
        *(pl.Series(columns.attribute(a), one) for a, one in enumerate(codes)),
        pl.Series(columns.attribute(len(codes)), target),
    )
    attributes = [
        Attribute(f"{chr(ord('a') + a)}", "categorical", tuple(f"{chr(ord('a') + a)}{k}" for k in range(m)), a)
        for a, m in enumerate(N_VALUES)
    ]
    outcomes = Outcomes(
        classification.outcomes(frame, 2),
        frame.select(columns.ID),
        CLASSES,
        (*attributes, Attribute("label", "target", CLASSES, len(codes))),
        ("v1", "v2"),
        group_names=() if groups is None else tuple(f"g{g}" for g in range(groups)),
    )
    return World(outcomes, planted)


def _codes(n: int, rng: np.random.Generator) -> list[npt.NDArray[np.int32]]:
    """The attributes' codes; the last three go along with an earlier one in half of the samples."""
    codes = []
    for a, m in enumerate(N_VALUES):
        own = rng.choice(m, n, p=rng.dirichlet(np.full(m, 5.0)))
        if a >= len(N_VALUES) - 3:
            own = np.where(rng.random(n) < 0.5, codes[a - 9] % m, own)
        codes.append(own.astype(np.int32))
    return codes


def _place(
    codes: Sequence[npt.NDArray[np.int32]], plants: Sequence[Plant], rng: np.random.Generator
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each plant the conjunction whose share is nearest to the one asked for, on attributes drawn for it alone."""
    free = rng.permutation(len(codes)).tolist()
    placed = []
    for plant in plants:
        own, free = sorted(free[:5]), free[5:]
        best: tuple[float, tuple[tuple[int, int], ...]] = (np.inf, ())
        for chosen in combinations(own, plant.n_terms):
            sizes = [N_VALUES[a] for a in chosen]
            keys = np.ravel_multi_index([codes[a] for a in chosen], sizes)
            shares = np.bincount(keys, minlength=int(np.prod(sizes))) / len(keys)
            for k, values in enumerate(product(*map(range, sizes))):
                away = abs(float(np.log(max(shares[k], 1e-9) / plant.share)))
                if away < best[0]:
                    best = away, tuple(zip(chosen, values, strict=True))
        placed.append(best[1])
    return tuple(placed)
