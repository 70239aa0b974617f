"""Saying a class from a cut-off of its score on: the rule, the counts at every cut-off, and cut-offs that match.

The rule: a score says the class where, both rounded to Float32 (to the nearest, ties to even, as ``Math.fround`` does),
the score is not below the cut-off. So a score that a file holds as the Float32 nearest to 0.7 is said at a cut-off of
0.7. The browser compares no scores: it shows the counts that are made here, for each cut-off of the grid.
``tests/contract/cutoff_rule.json`` has the cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from reportgen.stats.intervals import Differences
from reportgen.stats.statistic import Array, Floats, Ints, Sums
from reportgen.stats.stepping import Stepped, step_sums

N_CUTOFFS = 101
GRID = np.arange(N_CUTOFFS) / 100
"""0, 0.01, … 1."""

Goal = Literal["recall", "false_alarms", "cost"]
"""What two versions' cut-offs can have in common."""
GOALS: tuple[Goal, ...] = get_args(Goal)
Changes = tuple[Differences, Differences, Differences | None]
"""Of recall, false alarm rate and mean cost, in the order of ``GOALS``; no cost where the manifest has none."""

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
        return self._cutoff(self.places("recall", found))

    def with_false_alarms(self, most: Floats) -> Floats:
        """The lowest cut-off with no more false alarms than allowed; never where every one has more."""
        return self._cutoff(self.places("false_alarms", most))

    def with_cost(self, most: Floats) -> Floats:
        """The lowest cut-off that costs no more than allowed; never where every one costs more."""
        return self._cutoff(self.places("cost", most))

    def places(self, goal: Goal, amount: Floats) -> Ints:
        """The position of the score that reaches a goal, an entry an amount; −1 where none has to, or none does."""
        if goal == "recall":
            at = np.minimum(np.searchsorted(self.found, amount * (1 - ROUNDING), side="left"), len(self.cutoff) - 1)
            return np.where(amount > 0, at, -1)
        if goal == "false_alarms":
            return np.searchsorted(self.false_alarm, amount * (1 + ROUNDING), side="right") - 1
        assert self.cost is not None
        cheap = [np.flatnonzero(self.cost <= limit * (1 + ROUNDING)) for limit in amount]
        return np.array([one[-1] if len(one) else -1 for one in cheap], dtype=np.int64)

    def rates(self, at: Ints) -> tuple[Floats, Floats, Floats]:
        """Recall, false alarm rate and mean cost at positions; 0 (of cost: NaN) at −1, where nothing says the class."""
        whole = self.found[-1] + self.false_alarm[-1]
        cost = np.full(len(at), np.nan) if self.cost is None else np.where(at >= 0, self.cost[at] / whole, np.nan)
        with np.errstate(invalid="ignore", divide="ignore"):
            found, alarms = (np.where(at >= 0, one[at] / one[-1], 0.0) for one in (self.found, self.false_alarm))
        return found, alarms, cost

    def widened(self, goal: Goal, cutoff: Floats, changes: Changes) -> Changes:
        """The changes at matched cut-offs, with the luck of the match in their intervals.

        A cut-off that was chosen so that both versions reach a goal on these very samples would be another one on
        others. How far the goal may truly be off is its own interval at the cut-off; what the candidate's figures would
        be at the cut-offs for both ends of it is squared and added to each limit (Zou & Donner, Stat Med 27:1693,
        2008). The goal itself is equal by construction: it has no interval. With groups the covariance of positives and
        other samples of one group is not in it.
        """
        matched = GOALS.index(goal)
        here = np.searchsorted(-self.cutoff, -as_float32(cutoff), side="right") - 1
        total = (self.found[-1], self.false_alarm[-1], self.found[-1] + self.false_alarm[-1])[matched]
        own = changes[matched]
        assert own is not None
        level = self.rates(here)[matched]
        # where even the cheapest cut-off costs more, it is the nearest
        ends = [self.places(goal, np.nan_to_num((level - limit) * total)) for limit in (own.high, own.low)]
        if self.cost is not None and goal == "cost":
            ends = [np.where(at < 0, np.argmin(self.cost), at) for at in ends]
        rates = zip(self.rates(here), *(self.rates(at) for at in ends), strict=True)

        def widen(k: int, change: Differences, rate: Floats, low: Floats, high: Floats) -> Differences:
            if k == matched:
                none = np.full(len(rate), np.nan)
                return replace(change, low=none, high=none)
            down, up = np.fmax(rate - np.fmin(low, high), 0), np.fmax(np.fmax(low, high) - rate, 0)
            return replace(
                change,
                low=change.delta - np.hypot(change.delta - change.low, down),
                high=change.delta + np.hypot(change.high - change.delta, up),
            )

        recall, alarms, cost = (
            None if change is None else widen(k, change, *three)
            for k, (change, three) in enumerate(zip(changes, rates, strict=True))
        )
        assert recall is not None
        assert alarms is not None
        return recall, alarms, cost

    def _cutoff(self, at: Array) -> Floats:
        below = np.append(self.cutoff[1:], -np.inf)
        return np.where(at >= 0, shorten(self.cutoff[at], below[at]), NEVER)
