"""Saying a class from a cut-off of its score on: the rule, the counts at every cut-off, and cut-offs that match.

The rule: a score says the class where, both rounded to Float32 (to the nearest, ties to even, as ``Math.fround`` does),
the score is not below the cut-off. So a score that a file holds as the Float32 nearest to 0.7 is said at a cut-off of
0.7. The browser compares no scores: it shows the counts that are made here, for each cut-off of the grid.
``tests/contract/cutoff_rule.json`` has the cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.stats.statistic import Array, Floats, Ints, Sums
from reportgen.stats.stepping import Stepped, step_sums

N_CUTOFFS = 101
GRID = np.arange(N_CUTOFFS) / 100
"""0, 0.01, … 1."""

NEVER = np.inf
ROUNDING = 1e-12  # of a share; what counts as equal in sums of weights
DECIMALS = (2, 3, 4)
"""A cut-off that matches has as few of them as give its counts."""


def as_float32(score: Array) -> Floats:
    """The scores as they are compared."""
    return score.astype(np.float32).astype(np.float64)


def says(score: Array, cutoff: float) -> Array:
    """Where a score says the class at a cut-off."""
    return np.asarray(as_float32(score) >= np.float64(np.float32(cutoff)))


def grid_places(score: Array) -> Ints:
    """The last cut-off of the grid that each score reaches, 0 to 100."""
    return np.searchsorted(as_float32(GRID), as_float32(score), side="right").astype(np.int64) - 1


def shorten(cutoff: Floats, below: Floats) -> Floats:
    """Each cut-off, or the number of the fewest decimals between it and the next lower score: it says the same.

    Args:
        cutoff: scores as they are compared.
        below: the next lower score of each; −∞ where there is none.
    """
    found = cutoff.copy()
    for scale in (10.0**decimals for decimals in reversed(DECIMALS)):
        for rounded in (np.floor(cutoff * scale) / scale, np.ceil(cutoff * scale) / scale):
            held = as_float32(rounded)
            found = np.where((below < held) & (held <= cutoff), rounded, found)
    return found


@dataclass(frozen=True, eq=False)
class Walk:
    """What happens at every cut-off of the grid, 0 first; counts are of samples, sums are weighted."""

    n_found: Ints
    n_missed: Ints
    n_false_alarm: Ints
    n_rest: Ints
    recall: Sums
    precision: Sums
    cost: Sums | None


def walk(
    score: Array,
    is_class: Array,
    *,
    costs: tuple[Array, Array] | None = None,
    group: Array | None = None,
    weight: Array | None = None,
) -> Walk:
    """The counts and sums at every cut-off of the grid.

    Args:
        score: of each sample, how likely it is of the class.
        is_class: whether it is.
        costs: of each sample, what it costs where the class is not said, and where it is.
        group: integer code of each sample's group.
        weight: of each sample.
    """
    step = N_CUTOFFS - 1 - grid_places(score)  # from the highest cut-off down ever more is said
    ones = np.ones(len(score))
    own = np.flatnonzero(is_class)
    found = np.cumsum(np.bincount(step[own], minlength=N_CUTOFFS))[::-1]
    said = np.cumsum(np.bincount(step, minlength=N_CUTOFFS))[::-1]

    def sums(rows: Array, x: Stepped, w: Stepped) -> Sums:
        within = (None if one is None else one[rows] for one in (group, weight))
        return _ascending(step_sums(step[rows], x, w, N_CUTOFFS, **dict(zip(("group", "weight"), within, strict=True))))

    every = np.arange(len(score))
    return Walk(
        found,
        len(own) - found,
        said - found,
        len(score) - len(own) - said + found,
        sums(own, Stepped.entering(ones[own]), Stepped.constant(ones[own])),
        sums(every, Stepped.entering(is_class.astype(np.float64)), Stepped.entering(ones)),
        None if costs is None else sums(every, Stepped(*costs), Stepped.constant(ones)),
    )


def _ascending(sums: Sums) -> Sums:
    """The same from cut-off 0 up."""
    return replace(sums, **{name: getattr(sums, name)[::-1] for name in ("n", "units", "w", "x", "ww", "xw", "xx")})


@dataclass(frozen=True, eq=False)
class Exact:
    """What happens at every cut-off that tells samples apart: their scores, the highest first. Sums of weights.

    The cut-offs that it gives are shortened: they say what one of these scores says, in as few decimals as can be.
    """

    cutoff: Floats
    found: Floats
    false_alarm: Floats
    cost: Floats | None

    @classmethod
    def of(
        cls, score: Array, is_class: Array, *, costs: tuple[Array, Array] | None = None, weight: Array | None = None
    ) -> Exact:
        """The sums where everything from a score on says the class."""
        values, place = np.unique(-as_float32(score), return_inverse=True)
        mass = np.ones(len(score)) if weight is None else weight.astype(np.float64)

        def until(one: Array) -> Floats:
            return np.cumsum(np.bincount(place, one * mass, len(values)))

        cost = None if costs is None else float((costs[0] * mass).sum()) + until(costs[1] - costs[0])
        return cls(-values, until(is_class), until(~is_class), cost)

    def with_recall(self, found: Floats) -> Floats:
        """The highest cut-off that finds as much as asked, an entry a demand; never where nothing is asked."""
        at = np.searchsorted(self.found, found * (1 - ROUNDING), side="left")
        return np.where(found > 0, self._cutoff(np.minimum(at, len(self.cutoff) - 1)), NEVER)

    def with_false_alarms(self, most: Floats) -> Floats:
        """The lowest cut-off with no more false alarms than allowed; never where every one has more."""
        at = np.searchsorted(self.false_alarm, most * (1 + ROUNDING), side="right") - 1
        return np.where(at >= 0, self._cutoff(np.maximum(at, 0)), NEVER)

    def with_cost(self, most: Floats) -> Floats:
        """The lowest cut-off that costs no more than allowed; never where every one costs more."""
        assert self.cost is not None
        found = np.full(len(most), NEVER)
        for k, limit in enumerate(most):
            cheap = np.flatnonzero(self.cost <= limit * (1 + ROUNDING))
            if len(cheap):
                found[k] = self._cutoff(cheap[-1:])[0]
        return found

    def _cutoff(self, at: Array) -> Floats:
        below = np.append(self.cutoff[1:], -np.inf)
        return shorten(self.cutoff[at], below[at])
