"""Two versions that scored different samples: the unpaired difference, and what of it goes with the samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen import columns
from reportgen.analysis.averages import averaged_shares
from reportgen.analysis.measure import Ints, Measure
from reportgen.analysis.trainings import averaged_terms
from reportgen.model import Split, Unpaired
from reportgen.stats.complement import compare_with_rest
from reportgen.stats.intervals import Bounds
from reportgen.stats.mix import mix_and_rate, pool_kinds
from reportgen.stats.statistic import sum_pair
from reportgen.tasks.metric import Floats, Metric

Terms = tuple[Floats, Floats, Floats, Floats]
"""x and w of the baseline, then of the candidate."""


def compare_unpaired(measure: Measure, metric: Metric, baseline: int) -> tuple[Unpaired, ...]:
    """The baseline against each other version that scored other samples than it, all samples of each.

    Other samples are fewer than ``limits.test`` in common, and less than half of what either version scored: a small
    evaluation whose samples are the same stays a paired one. The method is that of a slice against its rest.
    """
    found = []
    for other, side in enumerate(measure.sides):
        first = measure.sides[baseline]
        shared = int((first.scored & side.scored).sum())
        if other == baseline or not (metric.available(first) and metric.available(side)):
            continue
        if shared < measure.limits.test and 2 * shared < min(first.scored.sum(), side.scored.sum()):
            found.append(_difference(measure, metric, baseline, other, shared))
    return tuple(found)


def _difference(measure: Measure, metric: Metric, baseline: int, other: int, shared: int) -> Unpaired:
    terms = (*_terms(measure, metric, baseline), *_terms(measure, metric, other))
    everyone = np.zeros(len(terms[0]), np.int64)
    weight = None if metric.averaged is not None else measure.weight  # which shares have already
    sums = sum_pair(everyone, *terms, 1, group=measure.group, weight=weight)
    binary = metric.kind == "binary" and not measure.has_runs(baseline, other)
    found = compare_with_rest(sums, binary=binary, level=measure.limits.level, bounds=metric.reach)
    names = measure.outcomes.versions
    return Unpaired(
        metric=metric.name,
        baseline=names[baseline],
        candidate=names[other],
        value_baseline=float(found.rest[0]),
        value_candidate=float(found.value[0]),
        delta=float(found.delta[0]),
        low=_known(found.low[0]),
        high=_known(found.high[0]),
        p=_known(found.p[0]),
        n_baseline=int(sums.baseline.n[0]),
        n_candidate=int(sums.candidate.n[0]),
        n_shared=shared,
        method=f"unpaired, {found.method}",
        split=None if metric.averaged is not None else _split(measure, terms, metric.reach),
    )


def _terms(measure: Measure, metric: Metric, version: int) -> tuple[Floats, Floats]:
    """X and w of a sample; of an average over classes, its own share of it."""
    if metric.averaged is None:
        return averaged_terms(measure, metric, version, -1)
    keys = np.where(measure.kept(metric, version), 0, -1)
    shares = averaged_shares(measure, metric, version, keys, 1)
    known = np.isfinite(shares)
    return np.where(known, shares, 0.0), known.astype(np.float64)


def _split(measure: Measure, terms: Terms, bounds: Bounds) -> Split | None:
    """The split by the attribute whose mix is largest, of those with two kinds or more that both versions scored."""
    splits = [_by_attribute(measure, terms, bounds, at) for at in range(len(measure.outcomes.attributes))]
    known = [one for one in splits if one is not None]
    if not known:
        return None
    name, (mix, rate), low, high = max(known, key=lambda one: abs(one[1][0]))
    return Split(name, len(known), mix, _known(low[0]), _known(high[0]), rate, _known(low[1]), _known(high[1]))


def _by_attribute(
    measure: Measure, terms: Terms, bounds: Bounds, at: int
) -> tuple[str, Sequence[float], Sequence[float], Sequence[float]] | None:
    """Mix and rate by one attribute; a missing value is a kind of its own."""
    attribute = measure.outcomes.attributes[at]
    kinds = measure.outcomes.frame[columns.attribute(attribute.index)].to_numpy().astype(np.int64) + 1
    counts = np.stack([_count(kinds[w != 0], len(attribute.values) + 1) for w in terms[1::2]])
    present = counts.sum(axis=0) > 0
    kinds = np.where(present, np.cumsum(present) - 1, 0)[kinds]
    pooled = pool_kinds(kinds, counts[:, present], measure.limits.show)
    if pooled.max() == 0:
        return None
    found = mix_and_rate(
        pooled, *terms, group=measure.group, weight=measure.weight, level=measure.limits.level, bounds=bounds
    )
    return attribute.name, found.value.tolist(), found.low.tolist(), found.high.tolist()


def _count(kinds: Ints, n_kinds: int) -> Ints:
    return np.bincount(kinds, minlength=n_kinds)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
