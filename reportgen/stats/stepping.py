"""Sums along a cut-off that moves in steps: every sample changes once, and all steps' sums come from one pass.

Step 0 is where few samples are in (the surest, or those above the highest cut-off); from its own step on
a sample is in. With groups the moments are over the groups' sums: each change adds to a group's square what
that does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.stats.statistic import Array, Floats, Ints, PairSums, Sums, total


@dataclass(frozen=True, eq=False)
class Stepped:
    """One quantity of each sample: what it is before the sample's step, and from then on."""

    before: Array
    after: Array

    @classmethod
    def constant(cls, values: Array) -> Stepped:
        """What no step changes."""
        return cls(values, values)

    @classmethod
    def entering(cls, values: Array) -> Stepped:
        """What counts only once the sample is in."""
        return cls(np.zeros(len(values)), values)

    def weighted(self, weight: Array | None) -> Stepped:
        """The same times each sample's weight."""
        before, after = self.before.astype(np.float64), self.after.astype(np.float64)
        return Stepped(before, after) if weight is None else Stepped(before * weight, after * weight)


def step_sums(
    step: Ints, x: Stepped, w: Stepped, n_steps: int, *, group: Array | None = None, weight: Array | None = None
) -> Sums:
    """The sums of Σx / Σw at every step, an entry a step; as ``sum_ratio`` would find them one by one.

    Args:
        step: of each sample, 0 to n_steps − 1; n_steps or more: never in.
        x: numerator.
        w: denominator: constant, or zero before the step.
        n_steps: how many steps.
        group: integer code of each sample's group.
        weight: of each sample.
    """
    counts = Stepped(w.before != 0, w.after != 0)
    x, w = x.weighted(weight), w.weighted(weight)
    xx, xw, ww = _squares(step, (x, w), n_steps, group)
    n = _along(step, counts.weighted(None), n_steps)
    units = n if group is None else _groups_in(step, counts, group, n_steps)
    return Sums(
        n=np.rint(n).astype(np.int64),
        units=np.rint(units).astype(np.int64),
        x=_along(step, x, n_steps),
        w=_along(step, w, n_steps),
        xx=xx,
        xw=xw,
        ww=ww,
        weighted=weight is not None,
        grouped=group is not None,
    )


def step_pair_sums(
    steps: tuple[Ints, Ints],
    x: tuple[Stepped, Stepped],
    w: Array,
    n_steps: int,
    *,
    group: Array | None = None,
    weight: Array | None = None,
) -> PairSums:
    """The paired sums of Σx / Σw of two versions at every step, each with its own step for each sample.

    Args:
        steps: of the baseline and of the candidate.
        x: their numerators.
        w: their one denominator, which no step changes.
        n_steps: how many steps.
        group: integer code of each sample's group.
        weight: of each sample.
    """
    baseline, candidate = (
        step_sums(step, one, Stepped.constant(w), n_steps, group=group, weight=weight)
        for step, one in zip(steps, x, strict=True)
    )
    cross = _products(steps, (x[0].weighted(weight), x[1].weighted(weight)), n_steps, group)
    return PairSums(
        baseline=baseline,
        candidate=candidate,
        n=baseline.n,
        units=baseline.units,
        xx=cross,
        xw=baseline.xw,
        wx=candidate.xw,
        ww=baseline.ww,
    )


def _along(step: Ints, one: Stepped, n_steps: int) -> Floats:
    """The sum at every step."""
    return np.asarray(one.before.sum() + _cumulate(step, one.after - one.before, n_steps))


def _groups_in(step: Ints, counts: Stepped, group: Array, n_steps: int) -> Floats:
    """How many groups have a sample that counts, at every step."""
    first = np.full(int(group.max(initial=0)) + 1, n_steps, np.int64)
    entering = counts.after != 0
    np.minimum.at(first, group[entering], np.minimum(step[entering], n_steps))
    first[group[counts.before != 0]] = 0
    return np.cumsum(np.bincount(first, minlength=n_steps + 1)[:n_steps]).astype(np.float64)


def _squares(
    step: Ints, values: tuple[Stepped, Stepped], n_steps: int, group: Array | None
) -> tuple[Floats, Floats, Floats]:
    """Σ aa, Σ ab and Σ bb of two quantities that change together, over samples or over groups' sums."""
    a, b = values
    change = (a.after - a.before, b.after - b.before)
    base, held = _held((step, step), values, change, group)

    def along(i: int, j: int) -> Floats:
        added = held[i] * change[j] + change[i] * held[j] + change[i] * change[j]
        return np.asarray((base[i] * base[j]).sum() + _cumulate(step, added, n_steps))

    return along(0, 0), along(0, 1), along(1, 1)


def _products(steps: tuple[Ints, Ints], values: tuple[Stepped, Stepped], n_steps: int, group: Array | None) -> Floats:
    """Σ ab of two quantities that change at steps of their own; in the same step the first one changes first."""
    change = (values[0].after - values[0].before, values[1].after - values[1].before)
    base, held = _held(steps, values, change, group)
    return np.asarray(
        (base[0] * base[1]).sum()
        + _cumulate(steps[0], change[0] * held[1], n_steps)
        + _cumulate(steps[1], held[0] * change[1], n_steps)
    )


def _held(
    steps: tuple[Ints, Ints], values: tuple[Stepped, Stepped], change: tuple[Floats, Floats], group: Array | None
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Each unit's sums before all steps; and, for each sample, its unit's sum of one as the other changes.

    Where both change at once, the sums as the sample's own change comes: samples of one group and step come in order.
    """
    first, second = values
    if group is None:
        base = (first.before, second.before)
        if steps[0] is steps[1]:
            return base, base
        earlier = steps[0] <= steps[1]
        return base, (np.where(earlier, first.after, first.before), np.where(earlier, second.before, second.after))
    n, n_groups = len(group), int(group.max(initial=-1)) + 1
    base = (total(group, first.before, n_groups), total(group, second.before, n_groups))
    if steps[0] is steps[1]:
        order = np.lexsort((steps[0], group))
        held = (np.empty(n), np.empty(n))
        for k in (0, 1):
            held[k][order] = base[k][group[order]] + _earlier(change[k][order], group[order])
        return base, held
    who = np.concatenate((group, group))
    nothing = np.zeros(n)
    order = np.lexsort((np.arange(2 * n) // n, np.concatenate(steps), who))
    seen = []
    for k, moved in enumerate(((change[0], nothing), (nothing, change[1]))):
        found = np.empty(2 * n)
        found[order] = base[k][who[order]] + _earlier(np.concatenate(moved)[order], who[order])
        seen.append(found)
    return base, (seen[0][n:], seen[1][:n])


def _earlier(change: Floats, unit: Array) -> Floats:
    """The sum of the changes before each one, within each stretch of one unit."""
    if not len(change):
        return change
    first = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    until = np.cumsum(change) - change
    return np.asarray(until - np.repeat(until[first], np.diff(np.r_[first, len(unit)])))


def _cumulate(step: Ints, added: Floats, n_steps: int) -> Floats:
    return np.cumsum(np.bincount(np.minimum(step, n_steps), added, n_steps + 1)[:n_steps])
