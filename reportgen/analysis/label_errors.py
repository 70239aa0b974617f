"""Which labels go wrong together: of two that belong together one is lost, or one is given beside another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.versions import both_scored
from reportgen.model import PartCounts, Support
from reportgen.stats import intervals
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.statistic import PairSums, Sums, sum_pair, sum_ratio
from reportgen.stats.support import support, verdict

Flags = npt.NDArray[np.bool_]

KINDS = ("lost", "added")
MOST_LABELS = 200
"""Labels that are paired with each other, the most frequent ones: pairs grow with their square."""


@dataclass(frozen=True, eq=False)
class _Labels:
    """Which samples truly have each label, and to which a version gives it; labels × samples."""

    true: Flags
    given: Flags
    scored: Flags


@dataclass(frozen=True, eq=False)
class _Cells:
    """Samples of one true label, once for each error that they could have: beside it a label is lost, or added."""

    kind: npt.NDArray[np.int64]  # of the cells, places in KINDS
    label: npt.NDArray[np.int64]  # of the cells, the label that goes wrong
    key: npt.NDArray[np.int64]  # of the rows, places in the cells
    sample: npt.NDArray[np.int64]  # of the rows


def count_label_errors(measure: Measure) -> pl.DataFrame:
    """How often a label goes wrong beside a true one, for each version (``columns.LABEL_ERRORS``).

    Lost: of the samples that truly have both, those that are given the one and not the other ("asked A and B, got A").
    Added: of the samples that truly have the one and not the other, those that are given the other.
    A pair stands for every version where any version has the error at all.
    """
    sides = _read(measure)
    if not sides:
        return columns.LABEL_ERRORS.to_frame()
    names = measure.classes
    parts = [columns.LABEL_ERRORS.to_frame()]
    for beside, cells in _walk(sides):
        for version, side in enumerate(sides):
            keep = side.scored[cells.sample]
            key, sample = cells.key[keep], cells.sample[keep]
            wrong = _wrong(cells, key, sample, beside, side)
            sums = _sum(measure, key, sample, wrong, len(cells.label))
            found = intervals.ratio_intervals(sums, binary=True, level=measure.limits.level)
            instead = wrong & ~side.given[beside, sample] & (cells.kind[key] == 1)
            parts.append(
                pl.DataFrame(
                    {
                        "version": [measure.outcomes.versions[version]] * len(cells.label),
                        "kind": [KINDS[kind] for kind in cells.kind],
                        "label": [names[label] for label in cells.label],
                        "beside": [names[beside]] * len(cells.label),
                        "value": found.value,
                        "low": found.low,
                        "high": found.high,
                        "n": sums.n,
                        "n_groups": None if measure.group is None else sums.units,
                        "n_wrong": _count(key, wrong, len(cells.label)),
                        "n_instead": _count(key, instead, len(cells.label)),
                        "method": list(found.method),
                    },
                    schema=columns.LABEL_ERRORS,
                )
            )
    return pl.concat(parts).with_columns(pl.col("value", "low", "high").fill_nan(None))


def compare_label_errors(measure: Measure, baseline: int) -> pl.DataFrame:
    """How each of these errors changed (``columns.LABEL_ERROR_CHANGES``), over samples that both versions scored.

    Each is a paired proportion; all of a pair of versions are one family, of those with enough samples to test.
    """
    sides = _read(measure)
    others = [other for other in range(len(sides)) if other != baseline]
    return pl.concat(
        [columns.LABEL_ERROR_CHANGES.to_frame(), *(_changes(measure, sides, baseline, other) for other in others)]
    )


def _changes(measure: Measure, sides: Sequence[_Labels], baseline: int, other: int) -> pl.DataFrame:
    both = both_scored(measure, (baseline, other))
    first, second = sides[baseline], sides[other]
    kinds: list[str] = []
    labels: list[int] = []
    besides: list[int] = []
    counts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    parts: list[PairSums] = []
    for beside, cells in _walk((first, second)):
        keep = both[cells.sample]
        key, sample = cells.key[keep], cells.sample[keep]
        before, after = (_wrong(cells, key, sample, beside, side) for side in (first, second))
        ones = np.ones(len(key))
        group = None if measure.group is None else measure.group[sample]
        weight = None if measure.weight is None else measure.weight[sample]
        parts.append(sum_pair(key, before, ones, after, ones, len(cells.label), group=group, weight=weight))
        counts.append((_count(key, before, len(cells.label)), _count(key, after, len(cells.label))))
        kinds += [KINDS[kind] for kind in cells.kind]
        labels += cells.label.tolist()
        besides += [beside] * len(cells.label)
    if not parts:
        return columns.LABEL_ERROR_CHANGES.to_frame()
    sums = PairSums.concatenate(parts)
    found = intervals.difference_intervals(sums, binary=True, level=measure.limits.level)
    units = [None] * len(kinds) if measure.group is None else sums.units.tolist()
    states: list[Support] = [support(n, u, measure.limits) for n, u in zip(sums.n.tolist(), units, strict=True)]
    tested = np.array([state in {"test", "decide"} for state in states])
    q = benjamini_hochberg(np.where(tested, found.p, np.nan))
    names = measure.classes
    return pl.DataFrame(
        {
            "kind": kinds,
            "label": [names[label] for label in labels],
            "beside": [names[label] for label in besides],
            "baseline": [measure.outcomes.versions[baseline]] * len(kinds),
            "candidate": [measure.outcomes.versions[other]] * len(kinds),
            "value_baseline": found.value_baseline,
            "value_candidate": found.value_candidate,
            "delta": found.delta,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "q": q,
            "n": sums.n,
            "n_groups": None if measure.group is None else sums.units,
            "n_baseline": np.concatenate([one for one, _ in counts]),
            "n_candidate": np.concatenate([one for _, one in counts]),
            "support": states,
            "verdict": [
                verdict(float(delta), float(corrected), state, higher_is_better=False)
                for delta, corrected, state in zip(found.delta, q, states, strict=True)
            ],
            "method": list(found.method),
        },
        schema=columns.LABEL_ERROR_CHANGES,
    ).with_columns(pl.col("value_baseline", "value_candidate", "delta", "low", "high", "p", "q").fill_nan(None))


def _read(measure: Measure) -> tuple[_Labels, ...]:
    """Every version's labels; none where samples have no sets of labels."""
    parts = measure.outcomes.parts
    if parts is None or parts.kind != "label":
        return ()
    sides = [(side.parts, side.scored) for side in measure.sides]
    return tuple(_Labels(*_flags(counts, len(measure.classes)), scored) for counts, scored in sides if counts)


def _flags(counts: PartCounts, n_classes: int) -> tuple[Flags, Flags]:
    true, given = (np.zeros((n_classes, counts.n_samples), bool) for _ in range(2))
    true[counts.klass, counts.sample] = (counts.right + counts.missed) > 0
    given[counts.klass, counts.sample] = (counts.right + counts.false) > 0
    return true, given


def _walk(sides: Sequence[_Labels]) -> Iterator[tuple[int, _Cells]]:
    """Label after label, the errors that any of these versions makes beside it, with the samples that could have them.

    The truth of a sample is known from the versions that scored it.
    """
    true = np.logical_or.reduce([side.true for side in sides])
    frequent = np.argsort(-true.sum(axis=1), kind="stable")[:MOST_LABELS]
    for beside in np.sort(frequent):
        members = np.flatnonzero(true[beside])
        there = true[:, members]
        wrong = np.zeros((len(KINDS), len(true)), bool)
        for side in sides:
            scored, given = side.scored[members], side.given[:, members]
            kept = given[beside] & scored
            wrong[0] |= (there & ~given & kept).any(axis=1)
            wrong[1] |= (~there & given & scored).any(axis=1)
        wrong[:, beside] = False
        wrong[:, np.setdiff1d(np.arange(len(true)), frequent)] = False
        kind, label = np.nonzero(wrong)
        if not len(label):
            continue
        asked = np.where(kind[:, None] == 0, there[label], ~there[label])
        key, place = np.nonzero(asked)
        yield int(beside), _Cells(kind, label, key, members[place])


def _wrong(
    cells: _Cells, key: npt.NDArray[np.int64], sample: npt.NDArray[np.int64], beside: int, side: _Labels
) -> Flags:
    given = side.given[cells.label[key], sample]
    return np.where(cells.kind[key] == 0, ~given & side.given[beside, sample], given)


def _sum(
    measure: Measure, key: npt.NDArray[np.int64], sample: npt.NDArray[np.int64], wrong: Flags, n_cells: int
) -> Sums:
    group = None if measure.group is None else measure.group[sample]
    weight = None if measure.weight is None else measure.weight[sample]
    return sum_ratio(key, wrong, np.ones(len(key)), n_cells, group=group, weight=weight)


def _count(key: npt.NDArray[np.int64], flags: Flags, n_cells: int) -> npt.NDArray[np.int64]:
    return np.bincount(key[flags], minlength=n_cells).astype(np.int64)
