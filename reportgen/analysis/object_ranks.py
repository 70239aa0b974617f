"""Average precision and recall of detections, over all samples and declared slices: levels and paired differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from reportgen.analysis.measure import SEED, Measure
from reportgen.analysis.ranks import DRAWS, Place, RankFigure, places_of
from reportgen.analysis.slices import Axis
from reportgen.model import ALL, Judged
from reportgen.stats.bootstrap import bootstrap_weights, summarise_draws
from reportgen.stats.matching import RANGES
from reportgen.stats.object_precision import average_precisions, drawn_precisions, drawn_recalls
from reportgen.tasks.metric import Floats, Metric

METHOD = "bootstrap"
MOST_VERSIONS = 6
"""Up to so many versions any two are held against each other over all samples; of more, each against the baseline."""
_NONE_OF = ("to find", "of up to 32 × 32 pixels", "between 32 × 32 and 96 × 96 pixels", "of 96 × 96 pixels or larger")
"""Which objects there are none of where a figure is not defined, by range of areas."""

_ALL, _SMALL, _MEDIUM, _LARGE = range(len(RANGES))


@dataclass(frozen=True)
class Read:
    """Where a figure stands: a range of areas, thresholds, and for recall how many detections count."""

    area: int
    first: int = 0  # of the thresholds
    stop: int | None = None
    most: int | None = None


READS = {
    "ap": Read(_ALL),
    "ap50": Read(_ALL, 0, 1),
    "ap75": Read(_ALL, 5, 6),
    "ap_small": Read(_SMALL),
    "ap_medium": Read(_MEDIUM),
    "ap_large": Read(_LARGE),
    "ar1": Read(_ALL, most=0),
    "ar10": Read(_ALL, most=1),
    "ar100": Read(_ALL, most=2),
    "ar_small": Read(_SMALL, most=2),
    "ar_medium": Read(_MEDIUM, most=2),
    "ar_large": Read(_LARGE, most=2),
}


def rank_objects(
    measure: Measure, metrics: Sequence[Metric], baseline: int | None, declared: Sequence[Axis] = ()
) -> tuple[RankFigure, ...]:
    """Every level of every version, and every difference from the baseline, in a fixed order; none without objects.

    Intervals are the bootstrap's over samples, or groups, with draws that all versions share. Precision read off a
    curve that is the largest beyond each recall is too high, since chance adds to a largest value: in the samples as
    much as draws of them show, which are moved to have the value less that in their middle.
    Source: Efron, Tibshirani 1993, ch. 10 and 13. How often they hold: docs/intervals.md.
    """
    parts = measure.outcomes.parts
    wanted = [metric for metric in metrics if metric.kind == "objects"]
    if parts is None or not parts.judged or not wanted:
        return ()
    return tuple(
        figure for place in places_of(measure, declared) for figure in figures_at(measure, wanted, baseline, place)
    )


@dataclass(frozen=True, eq=False)
class _Drawn:
    """One version's figures: values and draws by metric and class (-1: the mean over classes)."""

    values: dict[tuple[str, int], float]
    draws: dict[tuple[str, int], Floats]


def figures_at(measure: Measure, metrics: Sequence[Metric], baseline: int | None, place: Place) -> Iterator[RankFigure]:
    """The levels and differences over some samples, of metrics that rest on judged objects."""
    parts = measure.outcomes.parts
    assert parts is not None
    weight, inside = measure.weight, place.inside
    units, at = np.unique(measure.draw_keys[inside], return_inverse=True)
    drawn = [_draw(judged, metrics, inside, weight, units, at) for judged in parts.judged[: len(measure.sides)]]
    n, n_units = int(inside.sum()), len(units)
    pairs = _pairs(len(drawn), baseline, place)
    for metric in metrics:
        for klass in (-1, *range(len(parts.classes))) if metric.by_class and len(parts.classes) > 1 else (-1,):
            key = (metric.name, klass)
            for versions in [(v,) for v in range(len(drawn))] + pairs:
                own = [drawn[v] for v in versions]
                values = np.array([one.values[key] for one in own])
                rows = np.stack([one.draws[key] for one in own])
                found = summarise_draws(values, rows, n_units if n_units > 1 else 0, measure.limits.level)
                paired = len(versions) == 2
                yield RankFigure(
                    metric,
                    place.slice,
                    None if klass < 0 else klass,
                    versions,
                    tuple(float(value) for value in values),
                    found.delta,
                    *((found.delta_low, found.delta_high) if paired else (float(found.low[0]), float(found.high[0]))),
                    found.p,
                    n,
                    n_units,
                    f"paired {METHOD}" if paired else METHOD,
                    f"not defined: no object {_NONE_OF[READS[metric.name].area]}" if np.isnan(values).any() else None,
                )


def _pairs(n: int, baseline: int | None, place: Place) -> list[tuple[int, int]]:
    """The versions that are held against each other, the baseline or else the earlier one first."""
    if baseline is None:
        return []
    others = [v for v in range(n) if v != baseline]
    if place.slice == ALL and n <= MOST_VERSIONS:
        return list(combinations([baseline, *others], 2))
    return [(baseline, v) for v in others]


def _draw(
    judged: Judged,
    metrics: Sequence[Metric],
    inside: npt.NDArray[np.bool_],
    weight: Floats | None,
    units: npt.NDArray[np.uint64],
    at: npt.NDArray[np.intp],
) -> _Drawn:
    own = inside.astype(np.float64) if weight is None else inside * weight
    values = exact_figures(judged, metrics, own)
    collected: dict[tuple[str, int], list[Floats]] = {}
    for weights in drawn_weights(inside, weight, units, at):
        areas = sorted({READS[metric.name].area for metric in metrics if READS[metric.name].most is None})
        curves = drawn_precisions(judged, weights, tuple(areas))
        for metric in metrics:
            read = READS[metric.name]
            by_class = (
                _means(curves[:, areas.index(read.area), read.first : read.stop])
                if read.most is None
                else drawn_recalls(judged, weights, read.area, read.most)
            )
            collected.setdefault((metric.name, -1), []).append(_means(by_class[:, :, None])[:, 0])
            for klass in range(by_class.shape[1]) if metric.by_class else ():
                collected.setdefault((metric.name, klass), []).append(by_class[:, klass])
    return _Drawn(values, {key: unbiased(np.concatenate(one), values[key]) for key, one in collected.items()})


def drawn_weights(
    inside: npt.NDArray[np.bool_], weight: Floats | None, units: npt.NDArray[np.uint64], at: npt.NDArray[np.intp]
) -> Iterator[npt.NDArray[Any]]:
    """The weight of every sample in each draw, samples × draws, some draws at a time: memory has an end.

    Args:
        inside: the samples that are drawn from; the others weigh 0.
        weight: of each sample; None: all the same.
        units: what is drawn, by key.
        at: the unit of each sample inside.
    """
    size = max(4, (1 << 26) // max(len(inside), 1) // 4 * 4)
    for first in range(0, DRAWS, size):
        times = bootstrap_weights(units, min(size, DRAWS - first), SEED, first=first)[at]
        weights = np.zeros((len(inside), times.shape[1]), np.uint8 if weight is None else np.float64)
        weights[inside] = times if weight is None else times * weight[inside, None]
        yield weights


def exact_figures(judged: Judged, metrics: Sequence[Metric], weight: Floats | None) -> dict[tuple[str, int], float]:
    """What a version has, by metric and class (-1: the mean over classes); NaN where there is nothing to find.

    Args:
        judged: the version's detections.
        metrics: of the kind ``objects``.
        weight: of each sample; 0 leaves it out.
    """
    exact = average_precisions(judged, weight)
    values: dict[tuple[str, int], float] = {}
    for metric in metrics:
        read = READS[metric.name]
        table = exact.precision if read.most is None else exact.recall[..., read.most]
        by_class = _means(table[read.area, read.first : read.stop][None])[0]
        values |= {(metric.name, klass): float(value) for klass, value in enumerate(by_class)}
        values[metric.name, -1] = float(_means(by_class[None, :, None])[0, 0])
    return values


def _means(table: Floats) -> Floats:
    """The mean over the second axis of what is defined; NaN where nothing is."""
    known = ~np.isnan(table)
    n = known.sum(axis=1)
    return np.where(n > 0, np.where(known, table, 0.0).sum(axis=1) / np.maximum(n, 1), np.nan)


def unbiased(draws: Floats, value: float) -> Floats:
    """The draws, moved to have in their middle the value less what they are above it: its bias, and their own."""
    known = draws[~np.isnan(draws)]
    return draws + 2 * (value - known.mean()) if len(known) else draws
