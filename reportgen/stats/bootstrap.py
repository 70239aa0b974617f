"""The bootstrap, for what has no formula: average precision. Draws are keyed by id, so that rows have no order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.hashing import mix
from reportgen.stats.intervals import wilson
from reportgen.stats.ranking import average_precision

Floats = NDArray[np.float64]
Array = NDArray[Any]
Hashes = NDArray[np.uint64]

N_CELLS = 1024
"""Into so many cells of neighbouring ranks (of whole ties) the samples are put for the draws at most."""

_CUTS = np.round(np.cumsum([np.exp(-1) / factorial(k) for k in range(7)]) * 2**16).astype(np.uint16)
_LARGEST = len(_CUTS)
_RUN = 255 // _LARGEST  # so many weights add up without leaving a byte
_BLOCK_BYTES = 1 << 25
_FLAT = 1e-12  # what no sum of shares is nearer than to another one, but for its rounding

Each = Callable[[Callable[[int], Floats], Iterable[int]], Iterable[Floats]]
"""``map``, or that of a pool of threads."""


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Values with percentile limits, an entry a version; the second − the first with its own, NaN with one version."""

    value: Floats
    low: Floats
    high: Floats
    delta: float
    delta_low: float
    delta_high: float
    p: float


def bootstrap_weights(hashes: Hashes, n_draws: int, seed: int, *, first: int = 0) -> NDArray[np.uint8]:
    """How often each unit is drawn: Poisson(1), shape (units, n_draws), keyed by the unit's hash, draw and seed.

    Units with the same hash (the samples of a group) are drawn together. The probabilities are rounded to 1/65,536.
    Source: Hanley, MacGibbon, Comput Methods Programs Biomed 83:57, 2006.

    Args:
        hashes: of the ids, or of the groups.
        n_draws: how many draws.
        seed: other seeds give other draws.
        first: number of the first draw, a multiple of 4 (four draws share one 64-bit hash).
    """
    seeded = seed_hashes(hashes, seed)
    salts = np.arange(1, -(-n_draws // 4) + 1, dtype=np.uint64) + np.uint64(first // 4)
    drawn = np.empty((len(hashes), 4 * len(salts)), dtype=np.uint8)
    for start in range(0, len(hashes), 1024):  # blocks that stay in the cache
        words = mix(seeded[start : start + 1024, None], salts)
        uniform = words.astype("<u8", copy=False).view("<u2")
        target = drawn[start : start + 1024]
        target[:] = 0
        for cut in _CUTS:
            target += (uniform >= cut).view(np.uint8)
    return drawn[:, :n_draws]


def seed_hashes(hashes: Hashes, seed: int) -> Hashes:
    """The hashes that draws are made of, ``mix(seeded, k)`` for the k-th four of them, from 1: the browser draws so."""
    return mix(hashes, 2 * seed + 1)


def average_precision_bootstrap(
    targets: Sequence[Array],
    scores: Sequence[Array],
    hashes: Hashes,
    *,
    weight: Array | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
    each: Each = map,
) -> list[Bootstrap]:
    """For each target the average precision of each version, its percentile interval, and the paired difference.

    The values are exact. All targets and versions share the draws, which are made on up to 1,024 cells of neighbouring
    ranks and moved by what the cells change of the value (less than the cells' width, 1/1,024). p is two-sided: twice
    the share of draws on the far side of no difference, and not below 2 / (n_draws + 1).
    An interval without width (AP is 1 in every draw) is replaced by Wilson's with the smaller of the numbers of
    positive and of negative units; a difference without spread has NaN limits. Fewer than two units: NaN limits.
    Source: Efron, Tibshirani 1993, ch. 13.

    Args:
        targets: of each class, 1 (or True) for its positives.
        scores: of each class, one row a version, two at most for a difference.
        hashes: of the samples' ids; of their groups where there are groups.
        weight: of each sample.
        n_draws: how many draws.
        level: of the intervals.
        seed: of the draws.
        each: maps a function over the blocks of draws; numpy frees the interpreter's lock, so threads help.
    """
    units, at = np.unique(hashes, return_inverse=True)
    problems = [(y, score) for y, versions in zip(targets, scores, strict=True) for score in versions]
    layouts = [_Layout.of(y, score, at, weight) for y, score in problems]
    values = np.array([average_precision(y, score, weight=weight) for y, score in problems])
    drawn = _draw(layouts, values, units, n_draws, seed, each)
    found, first = [], 0
    for y, versions in zip(targets, scores, strict=True):
        own = slice(first, first := first + len(versions))
        pairs = min(len(np.unique(at[y != 0])), len(np.unique(at[y == 0]))) if len(units) > 1 else 0
        found.append(summarise_draws(values[own], drawn[own], pairs, level))
    return found


def _draw(layouts: Sequence[_Layout], values: Floats, units: Hashes, n_draws: int, seed: int, each: Each) -> Floats:
    """Average precision of each layout in each draw, moved by what the cells change of the value."""
    size = max(4, min(256, _BLOCK_BYTES // max(len(units), 1) // 4 * 4))

    def block(first: int) -> Floats:
        weights = bootstrap_weights(units, min(size, n_draws - first), seed, first=first)
        return np.stack([layout.average_precision(weights) for layout in layouts])

    drawn = np.concatenate(list(each(block, range(0, n_draws, size))), axis=1)
    once = np.ones((len(units), 1), dtype=np.uint8)
    drawn += (values - [layout.average_precision(once)[0] for layout in layouts])[:, None]
    return drawn


def summarise_draws(values: Floats, drawn: Floats, pairs: int, level: float) -> Bootstrap:
    """What the draws say of one figure's versions, each a row.

    Args:
        values: of each version, over the samples as they are.
        drawn: versions × draws.
        pairs: what the figure rests on, for an interval that has no width: of a rank metric the smaller number of
            positive and negative units.
        level: of the intervals.
    """
    if np.isnan(values).any() or pairs == 0 or drawn.size == 0:
        nothing = np.full(len(values), np.nan)
        return Bootstrap(values, nothing, nothing, _second_less_first(values), np.nan, np.nan, np.nan)
    low, high = _percentiles(np.clip(drawn, 0, 1), level)
    low, high = np.minimum(low, values), np.maximum(high, values)
    flat = ~(high - low > _FLAT)
    low[flat], high[flat] = wilson(values[flat] * pairs, pairs, level)
    return Bootstrap(values, low, high, *_difference(values, drawn, level))


def _second_less_first(values: Floats) -> float:
    return float(values[1] - values[0]) if len(values) == 2 else float("nan")


def _difference(values: Floats, drawn: Floats, level: float) -> tuple[float, float, float, float]:
    """(delta, low, high, p) of the second − the first."""
    delta = _second_less_first(values)
    if np.isnan(delta):
        return delta, np.nan, np.nan, np.nan
    draws = drawn[1] - drawn[0]
    draws = draws[~np.isnan(draws)]
    if len(draws) == 0 or np.ptp(draws) < _FLAT:
        return delta, np.nan, np.nan, 1.0 if abs(delta) < _FLAT else np.nan
    low, high = _percentiles(draws[None, :], level)
    beyond = 1 + min(int((draws <= _FLAT).sum()), int((draws >= -_FLAT).sum()))
    return delta, min(float(low[0]), delta), max(float(high[0]), delta), float(min(2 * beyond / (len(draws) + 1), 1))


def _percentiles(draws: Floats, level: float) -> tuple[Floats, Floats]:
    quantile = np.nanquantile if np.isnan(draws).any() else np.quantile  # the same, and several times as fast
    low, high = quantile(draws, [0.5 - level / 2, 0.5 + level / 2], axis=1)
    return low, high


@dataclass(frozen=True, eq=False)
class _Layout:
    """The samples of one version from the highest score down, in short runs of one cell and class."""

    rows: Array  # unit of each sample, in order
    weight: Floats | None  # in the same order
    starts: Array  # of the runs
    stops: Array
    bins: Array  # 2 · cell + class of each stretch of runs, ascending
    first_runs: Array  # of each stretch
    n_cells: int

    @classmethod
    def of(cls, y: Array, score: Array, unit: Array, weight: Array | None) -> _Layout:
        _, tie = np.unique(-score, return_inverse=True)
        # ties without positives add nothing but to what has been seen: they join the next tie that has some
        has_positives = np.bincount(tie, y != 0) > 0
        tie = (np.cumsum(has_positives) - has_positives)[tie]
        sizes = np.bincount(tie)
        if len(sizes) <= N_CELLS:  # exact
            cell: Array = tie
        else:
            cell_of_tie = (np.cumsum(sizes) - sizes) * N_CELLS // len(y)
            _, cell = np.unique(cell_of_tie[tie], return_inverse=True)
        code = 2 * cell + (y != 0)
        # by unit within a cell, so that the order of the rows does not matter
        order = np.lexsort((unit, code))
        bins, first = np.unique(code[order], return_index=True)
        lengths = np.diff(np.r_[first, len(y)])
        n_runs = -(-lengths // _RUN)
        first_runs = np.cumsum(n_runs) - n_runs
        within = np.arange(n_runs.sum()) - np.repeat(first_runs, n_runs)
        starts = np.repeat(first, n_runs) + within * _RUN
        stops = np.minimum(starts + _RUN, np.repeat(first + lengths, n_runs))
        return cls(
            unit[order],
            None if weight is None else np.asarray(weight, dtype=np.float64)[order],
            starts,
            stops,
            bins,
            first_runs,
            int(cell.max()) + 1,
        )

    def average_precision(self, drawn: NDArray[np.uint8]) -> Floats:
        """Average precision of the cells in each draw; NaN where no positive was drawn."""
        sums = np.zeros((2 * self.n_cells, drawn.shape[1]))
        runs = self._run_sums(drawn)
        long = len(runs) > len(self.bins)
        sums[self.bins] = np.add.reduceat(runs.astype(np.float64), self.first_runs, axis=0) if long else runs
        hits = sums[1::2]
        seen = np.cumsum(sums[::2] + hits, axis=0)
        found = np.cumsum(hits, axis=0)
        total = found[-1].copy()
        found /= np.where(seen > 0, seen, 1)  # now the precision
        with np.errstate(invalid="ignore"):
            return np.asarray(np.einsum("ij,ij->j", hits, found) / total)

    def _run_sums(self, drawn: NDArray[np.uint8]) -> Array:
        kind = np.uint8 if self.weight is None else np.float64
        sums = np.zeros((len(self.starts), drawn.shape[1]), dtype=kind)
        for step in range(int((self.stops - self.starts).max())):
            on = np.flatnonzero(self.starts + step < self.stops)
            at = self.starts[on] + step
            part = drawn[self.rows[at]]
            sums[on] += part if self.weight is None else part * self.weight[at, None]
        return sums
