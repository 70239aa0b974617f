"""Metrics that are no ratio of sums, with the influence of each sample on them, from which their intervals follow.

An estimator T of a sample is close to T + mean(influence) of another one from the same population, so that its
variance is that of a mean (the infinitesimal jackknife; Takahashi et al., Appl Intell 52:4961, 2022, for F1).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.statistic import dot, total

Floats = NDArray[np.float64]
Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Influence:
    """A metric's value and each sample's influence on it (same rows, mean 0); NaN and a reason where not defined.

    ``trials`` is the n of a proportion that varies as the mean of the classes' proportions would, were they equal: the
    rare classes keep it low. ``mean_intervals`` falls back on it where no influence is left; the interval of an average
    over classes never has more, and it is marked where they are few. Of the root mean squared error it is on how many
    squared errors that rests; else NaN.
    """

    value: float
    influence: Floats
    reason: str | None = None
    trials: float = float("nan")


AVERAGES = frozenset({"macro_f1", "balanced_accuracy"})
"""Averages over classes, of which a rare one counts as much as a common one."""
FEW_DECIDE = AVERAGES | {"rmse", "mean_iou"}
"""The figures that a few of many samples may decide, of which ``Influence.trials`` says how many do."""

PER_CLASS = 30
"""With fewer samples a class, on average, that a class does not occur says little."""

BOUNDS = {
    "macro_f1": (0.0, 1.0),
    "balanced_accuracy": (0.0, 1.0),
    "mcc": (-1.0, 1.0),
    "kappa": (-1.0, 1.0),
    "rmse": (0.0, np.inf),
    "r2": (-np.inf, 1.0),
    "pearson_r": (-1.0, 1.0),
}
"""The least and largest value of each metric of this module."""


def influence(
    name: str, target: Array, prediction: Array, *, n_classes: int | None = None, weight: Array | None = None
) -> Influence:
    """The metric ``name`` (a key of ``BOUNDS``) over samples, with their influence.

    Args:
        name: macro_f1, balanced_accuracy, mcc, kappa; or rmse, r2, pearson_r.
        target: class codes 0 to n_classes − 1, or values.
        prediction: the same for the predictions.
        n_classes: how many classes there are; classification only.
        weight: weight of each sample.
    """
    n = len(target)
    if n == 0:
        return _undefined(n, "no samples")
    weight = np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64)
    trials = float("nan")
    if name in _OF_CLASSES:
        if n_classes is None:
            raise ValueError(f"{name} needs n_classes")
        table = _Table.count(target, prediction, n_classes, weight)
        found, trials = _OF_CLASSES[name](table), table.trials(weight)
    else:
        target, prediction = np.asarray(target, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
        share = weight / weight.sum()
        found = _OF_VALUES[name](target, prediction, share)
        trials = _rests_on((prediction - target) ** 2, share) if name == "rmse" else trials
    if isinstance(found, str):
        return _undefined(n, found)
    value, slope = found
    # slope: the derivative by the sample's weight
    return Influence(value, n * weight * slope if name in _OF_CLASSES else n * slope, trials=trials)


@dataclass(frozen=True, eq=False)
class Averages:
    """An average over classes of ratios of sums, by key, and each sample's influence on that of its own key."""

    value: Floats  # NaN where no class occurs
    influence: Floats  # 0 of samples without a key
    trials: Floats  # as ``Influence.trials``


def average_ratios(
    sample: Array, klass: Array, x: Floats, w: Floats, keys: Array, n_keys: int, *, weight: Floats | None = None
) -> Averages:
    """The mean over classes of Σx / Σw, over the classes of which Σw is above 0.

    Args:
        sample: of each entry; a class has at most one entry a sample.
        klass: its class.
        x: its numerator.
        w: its denominator.
        keys: of each sample; -1: none.
        n_keys: how many keys there are.
        weight: of each sample.
    """
    n_classes = int(klass.max(initial=0)) + 1
    own = (keys[sample] >= 0) & (w > 0)
    sample, key = sample[own], keys[sample[own]]
    share = np.ones(len(sample)) if weight is None else weight[sample]
    x, w, cell = x[own] * share, w[own] * share, key * n_classes + klass[own]
    size = n_keys * n_classes
    of_w, squares = total(cell, w, size), total(cell, share**2, size)
    occurs = of_w > 0
    ratio = np.divide(total(cell, x, size), of_w, out=np.zeros(size), where=occurs)
    n_occurring = occurs.reshape(n_keys, n_classes).sum(axis=1)
    kept = keys >= 0
    n = total(keys[kept], np.ones(int(kept.sum())), n_keys)
    slope = (x - ratio[cell] * w) / (of_w[cell] * n_occurring[key])
    each = np.divide(squares, total(cell, share, size) ** 2, out=np.zeros(size), where=occurs)  # 1 over Kish's n
    with np.errstate(divide="ignore", invalid="ignore"):
        return Averages(
            ratio.reshape(n_keys, n_classes).sum(axis=1) / n_occurring,
            total(sample, n[key] * slope, len(keys)),
            n_occurring**2 / each.reshape(n_keys, n_classes).sum(axis=1),
        )


def _undefined(n: int, reason: str) -> Influence:
    return Influence(float("nan"), np.full(n, np.nan), reason)


Found = tuple[float, Floats] | str


@dataclass(frozen=True, eq=False)
class _Table:
    """Weighted totals of a confusion matrix beside the codes that it was counted from."""

    target: Array
    prediction: Array
    right: Array  # of each sample
    targets: Floats  # by class
    predictions: Floats
    hits: Floats

    @classmethod
    def count(cls, target: Array, prediction: Array, n_classes: int, weight: Floats) -> _Table:
        right = target == prediction
        return cls(
            target,
            prediction,
            right,
            total(target, weight, n_classes),
            total(prediction, weight, n_classes),
            total(target[right], weight[right], n_classes),
        )

    @property
    def total(self) -> float:
        return float(self.targets.sum())

    def trials(self, weight: Floats) -> float:
        """K² / Σ 1/n over the K classes that occur, n by Kish where weights differ.

        Where samples are too few to say that a class is not there (``PER_CLASS``), one that does not occur counts as
        one sample would, unless all but one are missing: then the selection is by class.
        """
        squares = total(self.target, weight**2, len(self.targets))
        occurs = squares > 0
        k = int(np.count_nonzero(occurs))
        unseen = len(occurs) - k if k > 1 and len(self.target) < PER_CLASS * len(occurs) else 0
        return float((k + unseen) ** 2 / ((squares[occurs] / self.targets[occurs] ** 2).sum() + unseen))

    def chance(self) -> Floats:
        """The derivative of Σ targets · predictions by each sample's weight."""
        return self.targets[self.prediction] + self.predictions[self.target]


def _macro_f1(table: _Table) -> Found:
    """The mean F1 of the classes that occur as target or prediction (scikit-learn's default labels)."""
    size = table.targets + table.predictions
    occurs = size > 0
    size = np.where(occurs, size, 1)
    f1 = np.where(occurs, 2 * table.hits / size, 0)
    loss = f1 / size
    slope = 2 * table.right / size[table.target] - loss[table.target] - loss[table.prediction]
    return float(f1[occurs].mean()), slope / occurs.sum()


def _balanced_accuracy(table: _Table) -> Found:
    """The mean recall of the classes that occur as target."""
    occurs = table.targets > 0
    size = np.where(occurs, table.targets, 1)
    recall = table.hits / size
    slope = (table.right - recall[table.target]) / size[table.target]
    return float(recall[occurs].mean()), slope / occurs.sum()


def _mcc(table: _Table) -> Found:
    """Matthews' correlation for any number of classes; Gorodkin, Comput Biol Chem 28:367, 2004."""
    s, hits = table.total, float(table.hits.sum())
    covariance = hits * s - float(dot(table.targets, table.predictions))
    of_prediction = s**2 - float(dot(table.predictions, table.predictions))
    of_target = s**2 - float(dot(table.targets, table.targets))
    if np.count_nonzero(table.targets) < 2:
        return "only one class occurs"
    if np.count_nonzero(table.predictions) < 2:
        return "only one class is predicted"
    scale = np.sqrt(of_prediction * of_target)
    value = covariance / scale
    slope = (table.right * s + hits - table.chance()) / scale
    slope -= value * (s - table.predictions[table.prediction]) / of_prediction
    slope -= value * (s - table.targets[table.target]) / of_target
    return float(value), slope


def _kappa(table: _Table) -> Found:
    """Cohen's kappa, unweighted; Cohen, Educ Psychol Meas 20:37, 1960."""
    s, hits = table.total, float(table.hits.sum())
    expected = float(dot(table.targets, table.predictions))
    if np.count_nonzero(table.targets + table.predictions) < 2:
        return "only one class occurs"
    room = s**2 - expected
    value = (hits * s - expected) / room
    chance = table.chance()
    return float(value), (table.right * s + hits - chance - value * (2 * s - chance)) / room


def _rmse(target: Floats, prediction: Floats, share: Floats) -> Found:
    """The root of the mean squared error."""
    square = (prediction - target) ** 2
    mean = float(dot(share, square))
    root = np.sqrt(mean)
    return float(root), share * (square - mean) / (2 * root if root > 0 else 1)


def _rests_on(square: Floats, share: Floats) -> float:
    """As ``intervals.rests_on``, of squared errors; NaN where all are 0."""
    parts = share * square
    spread = float(dot(parts, parts))
    return len(parts) * float(parts.sum()) ** 2 / spread * float(dot(share, share)) if spread else float("nan")


def _r2(target: Floats, prediction: Floats, share: Floats) -> Found:
    """1 − the squared error over the target's variance."""
    around = (target - dot(share, target)) ** 2
    spread = float(dot(share, around))
    if np.ptp(target) == 0:
        return "the target does not vary"
    square = (prediction - target) ** 2
    left = float(dot(share, square)) / spread
    return 1 - left, -share * (square - left * around) / spread


def _pearson_r(target: Floats, prediction: Floats, share: Floats) -> Found:
    """Pearson's correlation of target and prediction."""
    if np.ptp(target) == 0:
        return "the target does not vary"
    if np.ptp(prediction) == 0:
        return "the prediction does not vary"
    a, b = (values - dot(share, values) for values in (target, prediction))
    a, b = a / np.sqrt(dot(share, a**2)), b / np.sqrt(dot(share, b**2))
    value = float(np.clip(dot(share, a * b), -1, 1))
    if 1 - abs(value) < 1e-12:  # on a line: what is left is rounding, and no spread to take an interval from
        return math.copysign(1.0, value), np.zeros(len(a))
    return value, share * (a * b - value / 2 * (a**2 + b**2))


_OF_CLASSES: dict[str, Callable[[_Table], Found]] = {
    "macro_f1": _macro_f1,
    "balanced_accuracy": _balanced_accuracy,
    "mcc": _mcc,
    "kappa": _kappa,
}
_OF_VALUES: dict[str, Callable[[Floats, Floats, Floats], Found]] = {
    "rmse": _rmse,
    "r2": _r2,
    "pearson_r": _pearson_r,
}
