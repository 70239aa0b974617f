"""How sure against how right: the bins of a reliability diagram, and the calibration error with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.bootstrap import Hashes, bootstrap_weights
from reportgen.stats.distributions import normal_two_sided, two_sided_z
from reportgen.stats.hashing import mix
from reportgen.stats.intervals import effective_n, square_and_add, wilson
from reportgen.stats.statistic import Array, Floats, Ints, Sums, sum_ratio, total

N_BINS = 15
LEAST_A_BIN = 20
LEAST = N_BINS * LEAST_A_BIN
"""Below so many samples there is no calibration error."""

METHOD = "bootstrap, debiased"
TOO_FEW = f"fewer than {LEAST} samples"
EDGES = (np.arange(N_BINS + 1) / N_BINS).astype(np.float32)
"""Bin k holds what is above ``EDGES[k]`` and not above ``EDGES[k + 1]``, all as Float32; 0 is in the first bin."""

MAX_UNITS = 2048
"""So many units are drawn at most: where there are more samples or groups, chance puts several into one."""

_STEP = 1 / 1024
_REACH = 7  # beyond it the normal loss is below 1e-12


def equal_width_bins(confidence: NDArray[np.float32]) -> Ints:
    """The bin (0 to 14) of each confidence: (k/15, (k + 1)/15], the first one closed; Guo et al., ICML 2017."""
    return np.searchsorted(EDGES[1:-1], confidence.astype(np.float32), side="left").astype(np.int64)


def equal_mass_bins(confidence: Array, weight: Array | None = None) -> Ints:
    """The bin of each confidence, of which each has about the same share of the samples (of their weight).

    Samples of one confidence are in one bin, so that their order does not matter; there may be fewer than 15 bins.
    """
    _, tie = np.unique(confidence, return_inverse=True)
    mass = np.bincount(tie) if weight is None else np.bincount(tie, weight)
    before = np.cumsum(mass) - mass
    _, dense = np.unique((before * N_BINS // mass.sum()).astype(np.int64), return_inverse=True)
    return dense[tie].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Bins:
    """The samples of each bin: arrays of one entry a bin; NaN where there are none."""

    n: Ints
    n_right: Ints
    share: Floats  # of the weight
    confidence: Floats  # mean
    right: Floats  # rate
    rights: Sums  # what the rate is of

    @property
    def plug_in(self) -> float:
        """The calibration error as it is usually printed: the mean distance of the bins, biased away from 0."""
        return float(np.nansum(self.share * np.abs(self.confidence - self.right)))


def fill_bins(
    bins: Ints,
    confidence: Array,
    correct: Array,
    n_bins: int,
    *,
    group: Array | None = None,
    weight: Array | None = None,
) -> Bins:
    """Counts, mean confidence and the rate of right samples of each bin; means are weighted."""
    ones = np.ones(len(bins))
    rights = sum_ratio(bins, correct.astype(np.float64), ones, n_bins, group=group, weight=weight)
    factor = ones if weight is None else weight
    claimed = np.bincount(bins, factor * confidence.astype(np.float64), n_bins)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Bins(
            rights.n,
            np.bincount(bins[correct != 0], minlength=n_bins),
            rights.w / rights.w.sum(),
            claimed / rights.w,
            rights.x / rights.w,
            rights,
        )


@dataclass(frozen=True, eq=False)
class CalibrationError:
    """The debiased calibration error with its interval.

    ``centre`` is the error from which half of the draws would be as large as the figure observed, and ``draws`` are of
    the figure before it is clipped at 0: a difference goes by them.
    """

    value: float
    low: float
    high: float
    centre: float
    n: int
    n_units: int
    draws: Floats


@dataclass(frozen=True, eq=False)
class Draws:
    """Who is drawn how often: a row of ``weights`` a unit, a column a draw; ``unit`` is each sample's."""

    unit: Ints
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, hashes: Hashes, n_draws: int, seed: int) -> Draws:
        """The draws of samples, keyed by the hashes of their ids (of their groups where there are groups).

        More than 2,048 units are put together by chance, by a hash of theirs: the spread of as many bundles is the
        spread of the units (a random-groups bootstrap), at a fraction of the cost.
        """
        units, unit = np.unique(hashes, return_inverse=True)
        if len(units) > MAX_UNITS:
            units, unit = np.unique(mix(hashes, 2 * seed + 3) % np.uint64(MAX_UNITS), return_inverse=True)
        return cls(unit.astype(np.int64), bootstrap_weights(units, n_draws, seed).astype(np.float64))


def calibration_error(
    confidence: Array,
    correct: Array,
    rows: NDArray[np.intp],
    draws: Draws,
    *,
    group: Array | None = None,
    weight: Array | None = None,
    level: float = 0.95,
) -> CalibrationError | None:
    """The calibration error of 15 equal-mass bins, debiased, and its interval; None below 300 samples.

    The error is the mean distance of a bin's mean confidence from its rate of right samples (ℓ1, top label), less the
    part that chance alone adds to it: for a bin σ·E|N(d/σ, 1)| − |d|, with σ the rate's standard error (with groups
    and weights its n is divided by the design effect). Not below 0.
    Source: Kumar, Liang, Ma, NeurIPS 2019, and their ``normal_debiased_ce``, whose mean over draws is here a formula.
    The interval inverts the bootstrap: it holds every error θ from which, had the bins' distances the observed shape
    and the mean θ, the figure observed lies between the outer quantiles of the draws' (Carpenter, Stat Med 18:1741,
    1999). So it holds 0 where a calibrated model's figure would be as large; percentiles of draws, which carry the
    bias twice, would not. Where no error of 0 or more would let a figure as small as this be seen, the upper limit is
    the spread of the draws above their middle: the interval has width.

    Args:
        confidence: of every sample.
        correct: 1 for right, of every sample.
        rows: the samples to look at.
        draws: of every sample.
        group: of every sample, for the design effect.
        weight: of every sample.
        level: of the interval.
    """
    if len(rows) < LEAST:
        return None
    confidence, correct = confidence[rows].astype(np.float64), correct[rows].astype(np.float64)
    group, weight = (None if values is None else values[rows] for values in (group, weight))
    code = equal_mass_bins(confidence, weight)
    n_bins = int(code.max()) + 1
    bins, distance, error, value = _debiased(code, confidence, correct, group, weight)
    unit = draws.unit[rows]
    n_units = len(np.unique(unit if group is None else group))
    moved = _moves(code, n_bins, confidence, correct, weight, unit, draws, distance)
    drawn = _figure(distance + moved, bins.share, error)
    if n_units < 2:
        low = high = centre = np.nan
    elif float(np.ptp(moved)) < 1e-12:  # no sample differs from another of its bin
        bottom, _ = wilson(float(n_units), float(n_units), level)
        low, centre, high = value - (1 - float(bottom)), value, value + (1 - float(bottom))
    else:
        # from above: no figure of an honest version is taken for better than half of them are
        usual = float(np.median(_figure(moved, bins.share, error)))
        low, centre, high = (
            _invert(one, moved, distance, bins.share, error, quantile)
            for one, quantile in ((value, 0.5 + level / 2), (value, 0.5), (max(value, usual), 0.5 - level / 2))
        )
    value = max(value, 0.0)
    if n_units > 1:
        if high <= value:  # nearer than chance would have it, from wherever: the draws' own spread above their middle
            middle, top = np.quantile(drawn, [0.5, 0.5 + level / 2])
            high = value + float(top - middle)
        low, high = max(min(low, value), 0.0), min(max(high, value), 1.0)
    return CalibrationError(value, low, high, centre, len(rows), n_units, drawn)


def debiased_error(
    confidence: Array, correct: Array, *, group: Array | None = None, weight: Array | None = None
) -> float:
    """The value of ``calibration_error`` alone, without draws; NaN below 300 samples."""
    if len(confidence) < LEAST:
        return float("nan")
    confidence, correct = confidence.astype(np.float64), correct.astype(np.float64)
    *_, value = _debiased(equal_mass_bins(confidence, weight), confidence, correct, group, weight)
    return max(value, 0.0)


def _debiased(
    code: Ints, confidence: Array, correct: Array, group: Array | None, weight: Array | None
) -> tuple[Bins, Floats, Floats, float]:
    """The bins, the distance and the standard error of each, and the error before it is clipped at 0."""
    bins = fill_bins(code, confidence, correct, int(code.max()) + 1, group=group, weight=weight)
    distance = bins.confidence - bins.right
    error = np.sqrt(bins.right * (1 - bins.right) / effective_n(bins.rights))
    return bins, distance, error, float(np.sum(bins.share * _debias(np.abs(distance), error)))


def difference(
    baseline: CalibrationError, candidate: CalibrationError, level: float = 0.95
) -> tuple[float, float, float, float]:
    """Candidate − baseline over the same samples and draws: (delta, low, high, p).

    What chance leaves in the figures is not the same in both where one is near 0, so the interval is about the
    difference of their centres; each one's limits stand for its spread below and above, with the correlation of their
    draws (square and add: Zou, Donner, Stat Med 27:1693, 2008). It holds the delta too, which is that of the values.
    p is that of the level whose interval would end at 0.
    """
    delta = candidate.value - baseline.value
    if math.isnan(baseline.centre + candidate.centre):
        return delta, np.nan, np.nan, np.nan
    correlation = 0.0
    if np.ptp(baseline.draws) > 1e-12 and np.ptp(candidate.draws) > 1e-12:
        correlation = float(np.corrcoef(baseline.draws, candidate.draws)[0, 1])
    found = square_and_add(
        baseline.centre, (baseline.low, baseline.high), candidate.centre, (candidate.low, candidate.high), correlation
    )
    centre, low, high = (float(one) for one in found)
    if high - low < 1e-12:  # one and the same figure in every draw
        return delta, np.nan, np.nan, 1.0 if delta == 0 else np.nan
    toward = centre - low if centre > 0 else high - centre
    p = 1.0
    if centre * delta > 0 and toward > 0:
        p = float(normal_two_sided(two_sided_z(level) * abs(centre) / toward))
    return delta, min(low, delta), max(high, delta), p


def _moves(
    code: Ints,
    n_bins: int,
    confidence: Floats,
    correct: Floats,
    weight: Array | None,
    unit: Ints,
    draws: Draws,
    distance: Floats,
) -> Floats:
    """By how much each draw moves each bin's distance: one row a draw. A bin without a drawn sample stays."""
    mass = np.ones(len(code)) if weight is None else weight.astype(np.float64)
    n_units = len(draws.weights)
    cell = unit * n_bins + code
    sums = []
    for values in (mass, mass * (confidence - correct)):
        table = total(cell, values, n_units * n_bins).reshape(n_units, n_bins)
        sums.append(_draw(draws.weights, table))
    present = np.bincount(cell, minlength=n_units * n_bins).reshape(n_units, n_bins) > 0
    units = np.maximum(present.sum(axis=0), 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(sums[0] > 0, sums[1] / sums[0] - distance, 0.0)
    return np.asarray(moved * np.sqrt(units / (units - 1)))


def _draw(weights: Floats, table: Floats) -> Floats:
    """The sums of each draw, one row a draw. On whole numbers, whose sums are the same in whatever order BLAS adds."""
    largest = float(np.abs(table).sum())
    if largest == 0:
        return np.zeros((weights.shape[1], table.shape[1]))
    scale = 2.0 ** math.floor(math.log2(2.0**49 / largest))  # 8 times the sum is still exact
    return np.asarray((weights.T @ np.rint(table * scale)) / scale)


def _loss_table() -> Floats:
    at = np.arange(0, _REACH + 2 * _STEP, _STEP)
    tail = normal_two_sided(at) / 2
    return np.asarray(np.exp(-(at**2) / 2) / math.sqrt(2 * math.pi) - at * tail)


_LOSS = _loss_table()
"""The unit normal loss E max(Z − x, 0) on a grid, straight between its points (off by less than 5e-8)."""


def _debias(distance: Floats, error: Floats) -> Floats:
    """2·d − E|N(d, error)| of a distance d ≥ 0: d less what chance adds to it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        at = np.where(error > 0, np.minimum(distance / error, _REACH), _REACH) / _STEP
    whole = at.astype(np.int64)
    below = _LOSS[whole]
    return np.asarray(distance - 2 * error * (below + (at - whole) * (_LOSS[whole + 1] - below)))


def _figure(distance: Floats, share: Floats, error: Floats) -> Floats:
    """The debiased error of each row of distances, not clipped at 0."""
    return np.asarray((share * _debias(np.abs(distance), error)).sum(axis=-1))


def _invert(value: float, moved: Floats, distance: Floats, share: Floats, error: Floats, quantile: float) -> float:
    """The error θ for which ``value`` is the quantile of the draws' figures; 0 where it is below that of θ = 0."""
    plug_in = float((share * np.abs(distance)).sum())
    shape = distance / plug_in if plug_in > 0 else np.ones(len(distance))

    def beyond(theta: float) -> float:
        return float(np.quantile(_figure(theta * shape + moved, share, error), quantile)) - value

    low, high = 0.0, 1.0
    at_low, at_high = beyond(low), beyond(high)
    if at_low >= 0:
        return 0.0
    if at_high <= 0:
        return 1.0
    theta, side = low, 0
    for _ in range(100):  # the Illinois method: false position, where an end that stays counts half
        theta = (low * at_high - high * at_low) / (at_high - at_low)
        at = beyond(theta)
        if abs(at) < 1e-14 or high - low < 1e-12:
            break
        if at < 0:
            low, at_low, at_high, side = theta, at, at_high / 2 if side < 0 else at_high, -1
        else:
            high, at_high, at_low, side = theta, at, at_low / 2 if side > 0 else at_low, 1
    return theta
