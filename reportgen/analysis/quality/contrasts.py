"""A share of some samples against the same share of others, and how much of a difference a property accounts for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportgen.analysis.measure import Measure, sum_axes
from reportgen.analysis.slices import Axis
from reportgen.analysis.weaknesses import sums_with_rest
from reportgen.model import Slice
from reportgen.stats import complement, intervals
from reportgen.stats.distributions import normal_two_sided, two_sided_z
from reportgen.tasks.metric import Flags, Floats

FEWEST = 10
"""Samples on each side of a contrast, at least; with fewer nothing is said of it."""


@dataclass(frozen=True)
class Contrast:
    """The mean of a figure over the marked samples, over the others, and the difference with its interval."""

    value: float
    rest: float
    delta: float
    low: float
    high: float
    p: float
    n: int
    n_rest: int

    @property
    def known(self) -> bool:
        """Whether both sides have samples enough, and the difference an interval."""
        return min(self.n, self.n_rest) >= FEWEST and bool(np.isfinite([self.low, self.high]).all())


def contrast(measure: Measure, x: Floats, among: Flags, marked: Flags, *, binary: bool = True) -> Contrast:
    """Σx over ``among`` and ``marked``, per sample, against the same over ``among`` alone; groups and weights honoured.

    Args:
        measure: for groups, weights and the level of the interval.
        x: the figure of each sample; 0 or 1 where ``binary``.
        among: the samples that count.
        marked: on which side a sample is.
        binary: whether x is 0 or 1.
    """
    w = among.astype(np.float64)
    keys = np.where(marked, 0, -1).astype(np.int32)
    axis = Axis((Slice("marked", (), "declared", int(marked.sum())),), keys, "declared", ())
    pair = sums_with_rest(measure, np.where(among, x, 0.0), w, [axis])
    found = complement.compare_with_rest(pair, binary=binary, level=measure.limits.level)
    n = int(found.n[0])
    value, rest, delta, low, high, p = (
        float(one[0]) for one in (found.value, found.rest, found.delta, found.low, found.high, found.p)
    )
    return Contrast(value, rest, delta, low, high, p, n, int(np.count_nonzero(among)) - n)


def level_of(measure: Measure, x: Floats, among: Flags, *, binary: bool = True) -> Contrast:
    """The mean of a figure over all that count, held against 0: where there is no elsewhere to hold it against."""
    w = among.astype(np.float64)
    n = int(np.count_nonzero(among))
    axis = Axis((Slice("whole", (), "declared", n),), np.zeros(len(x), np.int32), "declared", ())
    found = intervals.ratio_intervals(
        sum_axes(measure, np.where(among, x, 0.0), w, [axis]), binary=binary, level=measure.limits.level
    )
    value, low, high = (float(one[0]) for one in (found.value, found.low, found.high))
    spread = (high - low) / (2 * two_sided_z(measure.limits.level))
    p = float(normal_two_sided(value / spread)) if spread > 0 else float("nan")
    return Contrast(value, 0.0, value, low, high, p, n, n)


@dataclass(frozen=True)
class Account:
    """How much of what a slice fails more often than the rest a property of samples accounts for.

    Of all samples, which have no rest, it is of the whole loss: what would go if samples with the property failed no
    more often than those without (the share that epidemiology calls attributable).

    ``points`` is the difference that remains to be expected if the property did the same harm everywhere: how much
    more frequent it is in the slice, times how much more often samples with it fail than others, of the slice and of
    the rest each among their own. Which cases were chosen doesn't enter: of failures that have nothing to do with the
    property it is 0, however frequent the property is.
    """

    whole: float  # how much more often the slice fails than the rest
    frequency: Contrast  # of the property: in the slice and in the rest
    harm: float  # failing with the property less failing without it
    harm_low: float
    harm_high: float
    points: float
    low: float
    high: float
    share: float  # of the whole difference
    share_low: float
    share_high: float


def account(
    measure: Measure, loss: Floats, among: Flags, inside: Flags, has: Flags, *, binary: bool = True
) -> Account | None:
    """What a property accounts for; none where too few samples have it, or lack it, to say what harm it does.

    Args:
        measure: for groups, weights and the level of the intervals.
        loss: 1 for a failure, 0 else; or, not ``binary``, what a sample adds to the loss.
        among: the samples that count.
        inside: the slice; all of them where there is no elsewhere.
        has: which samples have the property.
        binary: whether the loss is 0 or 1.
    """
    z = two_sided_z(measure.limits.level)
    alone = not (among & ~inside).any()
    if alone:
        frequency, whole = (
            level_of(measure, has.astype(np.float64), among),
            level_of(measure, loss, among, binary=binary),
        )
    else:
        frequency = contrast(measure, has.astype(np.float64), among, inside)
        whole = contrast(measure, loss, among, inside, binary=binary)
    sides = (inside,) if alone else (inside, ~inside)
    parts = [contrast(measure, loss, among & side, has, binary=binary) for side in sides]
    parts = [one for one in parts if one.known]
    if not parts or not frequency.known or not whole.known or whole.delta == 0:
        return None
    # Failures that are all alike on both sides have no spread of their own: one case more or less is the least.
    spreads: npt.NDArray[np.float64] = np.array(
        [max((one.high - one.low) / (2 * z), 0.5 / min(one.n, one.n_rest)) for one in parts]
    )
    weights = 1 / spreads**2
    harm = float(np.sum(weights * [one.delta for one in parts]) / weights.sum())
    spread = float(1 / np.sqrt(weights.sum()))
    of_frequency = (frequency.high - frequency.low) / (2 * z)
    points = frequency.delta * harm
    reach = z * float(np.hypot(frequency.delta * spread, harm * of_frequency))
    low, high = points - reach, points + reach
    # The whole difference has an interval of its own: the share's ends are those of any value in it.
    shares = [end / of for end in (low, high) for of in (whole.low, whole.high)] if whole.low > 0 else [-np.inf, np.inf]
    ends = (float(min(shares)), float(max(shares)))
    return Account(
        whole.delta,
        frequency,
        harm,
        harm - z * spread,
        harm + z * spread,
        points,
        low,
        high,
        points / whole.delta,
        *ends,
    )


def most_accounted(
    measure: Measure, loss: Floats, among: Flags, inside: Flags, has: Flags, reach: float
) -> float | None:
    """The largest share of what a slice fails more that a property could account for, whatever harm it does.

    ``reach`` is how far apart the losses of two samples can be. None where the slice does not fail more for certain.
    """
    frequency = _against_rest(measure, has.astype(np.float64), among, inside)
    whole = _against_rest(measure, loss, among, inside, binary=False)
    if not frequency.known or not whole.known or whole.low <= 0:
        return None
    return reach * max(abs(frequency.low), abs(frequency.high)) / whole.low


def _against_rest(measure: Measure, x: Floats, among: Flags, inside: Flags, *, binary: bool = True) -> Contrast:
    """The slice against the rest; where there is no rest, against 0."""
    if (among & ~inside).any():
        return contrast(measure, x, among, inside, binary=binary)
    return level_of(measure, x, among, binary=binary)
