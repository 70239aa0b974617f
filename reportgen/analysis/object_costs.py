"""Errors of detections by type: how many each version has, and what mending them would add to average precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.object_ranks import drawn_weights, unbiased
from reportgen.analysis.ranks import Place, places_of
from reportgen.analysis.slices import Axis
from reportgen.model import ALL
from reportgen.stats.bootstrap import summarise_draws
from reportgen.stats.error_costs import error_gains
from reportgen.stats.object_errors import Error
from reportgen.tasks import detection
from reportgen.tasks.metric import Floats
from reportgen.tasks.parts import by_sample

ALL_FALSE, ALL_MISSED = "all_false", "all_missed"
TYPES = (*(detection.ERRORS[kind].name for kind in Error if kind != Error.NONE), ALL_FALSE, ALL_MISSED)
"""In the order of ``error_gains``."""

_Gains = tuple[Floats, Floats]
"""Of one version: the gains by type, and types × draws."""


def cost_objects(
    measure: Measure, baseline: int | None, declared: Sequence[Axis] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The errors of every version (``columns.OBJECT_ERRORS``), and how gains differ between any two.

    The second table is ``columns.OBJECT_GAIN_CHANGES``; neither has a row where the report has no objects.

    Counts are of the detections that count, as on pages; gains are over all detections, as average precision is.
    Intervals are the bootstrap's, with the draws of ``rank_objects``, which all versions share: less the bias that they
    show.
    """
    parts = measure.outcomes.parts
    if parts is None or not parts.mended:
        return columns.OBJECT_ERRORS.to_frame(), columns.OBJECT_GAIN_CHANGES.to_frame()
    rows: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    for place in places_of(measure, declared):
        units, at = np.unique(measure.draw_keys[place.inside], return_inverse=True)
        found = [_gains(measure, v, place.inside, units, at) for v in range(len(measure.sides))]
        rows += _rows(measure, baseline, place, found, len(units))
        if place.slice == ALL:
            changes += _changes(measure, baseline, found, _counted(measure, place, len(units)), len(units))
    return (
        pl.DataFrame(rows, schema=columns.OBJECT_ERRORS, orient="row"),
        pl.DataFrame(changes, schema=columns.OBJECT_GAIN_CHANGES, orient="row"),
    )


def _changes(
    measure: Measure, baseline: int | None, found: Sequence[_Gains], counted: tuple[object, ...], n_units: int
) -> Iterator[tuple[object, ...]]:
    names = measure.outcomes.versions
    first = [] if baseline is None else [baseline]
    for b, c in combinations([*first, *(v for v in range(len(names)) if v not in first)], 2):
        for k, error in enumerate(TYPES):
            change = _change(found[b], found[c], k, n_units, measure.limits.level)
            yield names[b], names[c], error, *change, *counted


def _counted(measure: Measure, place: Place, n_units: int) -> tuple[object, ...]:
    """How many samples and groups a place has, and what they can bear."""
    n = int(place.inside.sum())
    support = measure.supports(np.array([n]), np.array([n_units]))[0]
    return n, measure.groups_or_none(np.array([n_units]))[0], support


def _rows(
    measure: Measure, baseline: int | None, place: Place, found: Sequence[_Gains], n_units: int
) -> Iterator[tuple[object, ...]]:
    parts = measure.outcomes.parts
    assert parts is not None
    inside, counted = place.inside, _counted(measure, place, n_units)
    for v, name in enumerate(measure.outcomes.versions):
        counts = _counts(measure, v)[:, inside]
        for k, error in enumerate(TYPES):
            n_errors_all = parts.mended[v][k + 1].n_errors
            gain, low, high = _level(
                found[v], k, n_units if n_errors_all and found[v][1][k].any() else 0, measure.limits.level
            )
            change: tuple[float | None, ...] = (None, None, None)
            if baseline is not None and v != baseline:
                change = _change(found[baseline], found[v], k, n_units, measure.limits.level)
            yield (
                place.slice,
                name,
                error,
                int(counts[k].sum()),
                int((counts[k] > 0).sum()),
                n_errors_all,
                gain,
                low,
                high,
                *change,
                *counted,
            )


def _gains(
    measure: Measure,
    version: int,
    inside: npt.NDArray[np.bool_],
    units: npt.NDArray[np.uint64],
    at: npt.NDArray[np.intp],
) -> _Gains:
    parts = measure.outcomes.parts
    assert parts is not None
    mended, weight = parts.mended[version], measure.weight
    once = inside.astype(np.float64) if weight is None else inside * weight
    values = error_gains(mended, once[:, None])[0]
    drawn = [error_gains(mended, weights) for weights in drawn_weights(inside, weight, units, at)]
    draws = np.concatenate(drawn).T
    return values, np.stack([unbiased(one, value) for one, value in zip(draws, values, strict=True)])


def _level(gains: _Gains, kind: int, n_units: int, level: float) -> tuple[float | None, ...]:
    values, draws = gains
    found = summarise_draws(values[[kind]], draws[[kind]], n_units if n_units > 1 else 0, level)
    return _known(values[kind], found.low[0], found.high[0])


def _change(old: _Gains, new: _Gains, kind: int, n_units: int, level: float) -> tuple[float | None, ...]:
    values, draws = (np.stack([old[i][kind], new[i][kind]]) for i in (0, 1))
    found = summarise_draws(values, draws, n_units if n_units > 1 else 0, level)
    return _known(found.delta, found.delta_low, found.delta_high)


def _known(*numbers: float) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(one) else float(one) for one in numbers)


def _counts(measure: Measure, version: int) -> npt.NDArray[np.int64]:
    """Errors of each type in each sample: types × samples."""
    parts = measure.outcomes.parts
    assert parts is not None
    _, false, missed = by_sample(parts.counts[version])
    return np.stack([*parts.errors[version], false, missed])
