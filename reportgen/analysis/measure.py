"""What every analysis starts from: the outcome frame as arrays, once, with groups, weights and limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.slices import Axes, Axis
from reportgen.model import Limits, Outcomes, Support
from reportgen.stats import influence
from reportgen.stats.hashing import hash_ids
from reportgen.stats.states import states_of, sum_pair_states, sum_states
from reportgen.stats.statistic import PairSums, Sums, sum_pair, sum_ratio
from reportgen.stats.support import support
from reportgen.tasks.metric import Flags, Floats, Metric, Side, side_of

Ints = npt.NDArray[np.int64]

SEED = 20_261_122
"""The seed of every draw; draws are keyed by id or group, never by position."""

MAX_SLICED_CLASSES = 25
"""Classes up to which per-class metrics are computed on every one-attribute slice; overall they always are."""


@dataclass(frozen=True, eq=False)
class Measure:
    """The arrays of every version, the groups, the weights, the limits."""

    outcomes: Outcomes
    sides: tuple[Side, ...]
    group: npt.NDArray[np.int32] | None
    weight: Floats | None
    limits: Limits
    further: tuple[tuple[Side, ...], ...] = ()  # by version, its trainings after the first; empty: one of each
    on_pairs: frozenset[str] = frozenset()
    """Names of the metrics that go on pairs of attributes too; the others stand on single attributes' slices."""

    @property
    def trainings(self) -> tuple[tuple[Side, ...], ...]:
        """Every training of each version; the first one is the version's side."""
        further = self.further or ((),) * len(self.sides)
        return tuple((side, *rest) for side, rest in zip(self.sides, further, strict=True))

    @property
    def classes(self) -> tuple[str, ...]:
        """What per-class figures are of: the classes of labels, or of the samples' parts."""
        return self.sides[0].classes

    def scored(self, version: int) -> Flags:
        """The samples that every training of a version scored."""
        return np.asarray(np.logical_and.reduce([side.scored for side in self.trainings[version]]))

    def kept(self, metric: Metric, *versions: int) -> Flags:
        """The samples on which versions are judged together: all where the metric counts missing ones."""
        if metric.counts_missing:
            return np.ones(len(self.sides[0].scored), bool)
        return np.asarray(np.logical_and.reduce([self.scored(v) for v in versions]))

    def has(self, metric: Metric, version: int) -> bool:
        """Whether every training of a version has what the metric needs."""
        return all(metric.available(side) for side in self.trainings[version])

    def has_runs(self, *versions: int) -> bool:
        """Whether any of the versions was trained several times."""
        return any(len(self.trainings[v]) > 1 for v in versions)

    @cached_property
    def draw_keys(self) -> npt.NDArray[np.uint64]:
        """What draws are keyed by: a hash of each sample's id, or of its group's name where there are groups."""
        if self.group is None:
            return hash_ids(self.outcomes.frame[columns.ID].to_list(), SEED)
        return hash_ids(list(self.outcomes.group_names), SEED)[self.group]

    def supports(
        self, n: Ints, units: Ints, *, trials: Floats | None = None, rest: Floats | None = None
    ) -> list[Support]:
        """What each number of samples (and of groups, where there are groups) can bear.

        Args:
            n: samples.
            units: samples, or groups.
            trials: the samples that the figure varies like, where those are fewer; NaN: all of them.
            rest: the units that it rests on, likewise.
        """
        few_units = np.fmin(units, np.inf if rest is None else rest)
        few = np.fmin(np.inf if trials is None else trials, np.inf if self.group is not None else few_units)
        return [
            support(int(k), int(m) if self.group is not None else None, self.limits, float(e))
            for k, m, e in zip(n, few_units, np.broadcast_to(few, len(n)), strict=True)
        ]

    def groups_or_none(self, units: Ints) -> list[int | None]:
        """The numbers of groups for a table's column: null without groups."""
        return units.tolist() if self.group is not None else [None] * len(units)


def measure(outcomes: Outcomes, limits: Limits, on_pairs: Iterable[str] = ()) -> Measure:
    """The outcome frame as arrays."""
    frame = outcomes.frame
    return Measure(
        outcomes,
        tuple(side_of(outcomes, v) for v in range(len(outcomes.versions))),
        frame[columns.GROUP].to_numpy() if columns.GROUP in frame.columns else None,
        frame[columns.WEIGHT].to_numpy() if columns.WEIGHT in frame.columns else None,
        limits,
        tuple(tuple(side_of(outcomes, at) for at in own[1:]) for own in outcomes.trainings),
        frozenset(on_pairs),
    )


def classes_of(metric: Metric, side: Side) -> Iterator[int | None]:
    """The classes a metric is computed for: none, all, or the positive one of a binary task."""
    if not metric.info.per_class:
        yield None
    elif side.positive is not None:
        yield side.positive
    else:
        yield from range(len(side.classes))


def axes_for(measure: Measure, metric: Metric, axes: Axes) -> Sequence[Axis]:
    """The slices of a metric: all for those that go on pairs, else the whole, attributes' and declared ones."""
    many = metric.info.per_class and len(measure.classes) > MAX_SLICED_CLASSES
    if metric.counts_missing or many:
        return (axes.whole,)
    if metric.on_pairs and metric.name in measure.on_pairs:
        return axes.shared
    return (axes.whole, *axes.attributes, *axes.declared, *axes.again)


def deciding_supports(table: pl.DataFrame, axes: Axes) -> list[Support]:
    """What the samples of each of a table's lines bear as a verdict: a critical slice decides whatever its size."""
    lines = table.select("slice", "support").iter_rows()
    return ["decide" if one in axes.critical_ids else own for one, own in lines]


def sum_axes(measure: Measure, x: Floats, w: Floats, chosen: Sequence[Axis]) -> Sums:
    """The sums of Σx / Σw on the slices of all axes, in order."""
    if measure.group is None and measure.weight is None and (states := states_of(x, w)) is not None:
        return sum_states([(axis.keys, len(axis.slices)) for axis in chosen], states)
    return Sums.concatenate(
        [sum_ratio(axis.keys, x, w, len(axis.slices), group=measure.group, weight=measure.weight) for axis in chosen]
    )


def sum_pair_axes(measure: Measure, x0: Floats, w0: Floats, x1: Floats, w1: Floats, chosen: Sequence[Axis]) -> PairSums:
    """The paired sums on the slices of all axes, in order; w is 0 where not both versions scored."""
    if measure.group is None and measure.weight is None and (states := states_of(x0, w0, x1, w1)) is not None:
        return sum_pair_states([(axis.keys, len(axis.slices)) for axis in chosen], states)
    return PairSums.concatenate(
        [
            sum_pair(axis.keys, x0, w0, x1, w1, len(axis.slices), group=measure.group, weight=measure.weight)
            for axis in chosen
        ]
    )


@dataclass(frozen=True, eq=False)
class Influences:
    """A smooth metric by slice (NaN and a reason where not defined), and each sample's influence on its own slice."""

    value: Floats
    influence: Floats
    reasons: list[str | None]
    trials: Floats  # as ``Influence.trials``, by slice


def influence_values(
    measure: Measure, metric: Metric, side: Side, axis: Axis, keep: npt.NDArray[np.bool_]
) -> Influences:
    """A smooth metric on every slice of an axis, with the influence of each kept sample on its slice's value."""
    if metric.averaged is not None:
        terms = metric.averaged(side)
        keys, weight = np.where(keep, axis.keys, -1), measure.weight
        found = influence.average_ratios(
            terms.sample, terms.klass, terms.x, terms.w, keys, len(axis.slices), weight=weight
        )
        nothing = [None if np.isfinite(one) else "no class occurs" for one in found.value]
        return Influences(found.value, found.influence, nothing, found.trials)
    value = np.full(len(axis.slices), np.nan)
    reasons: list[str | None] = [None] * len(axis.slices)
    trials = np.full(len(axis.slices), np.nan)
    influences = np.zeros(len(keep))
    for i, rows in enumerate(_rows_by_slice(axis, keep)):
        one = _influence(measure, metric, side, rows)
        value[i], reasons[i], trials[i] = one.value, one.reason, one.trials
        if one.reason is None:
            influences[rows] = one.influence
    return Influences(value, influences, reasons, trials)


def _influence(measure: Measure, metric: Metric, side: Side, rows: npt.NDArray[np.intp]) -> influence.Influence:
    return influence.influence(
        metric.name,
        side.target[rows],
        side.prediction[rows],
        n_classes=len(side.classes) or None,
        weight=None if measure.weight is None else measure.weight[rows],
    )


def _rows_by_slice(axis: Axis, keep: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.intp]]:
    """The kept rows of each slice, in ascending order."""
    rows = axis.order[keep[axis.order]]
    bounds = np.searchsorted(axis.keys[rows], np.arange(len(axis.slices) + 1))
    return [rows[a:b] for a, b in pairwise(bounds)]
