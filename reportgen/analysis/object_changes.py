"""What changed between two versions, object by object: newly missed and found, new and gone errors, new labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.kept import kept
from reportgen.model import Parts, Verdict
from reportgen.stats.intervals import difference_intervals
from reportgen.stats.objects import Flags, Overlaps
from reportgen.stats.pairs import Ints
from reportgen.stats.statistic import sum_pair
from reportgen.stats.support import verdict
from reportgen.tasks.objects import overlap_objects

SAME = 0.5
"""Detections of two versions that overlap by so much are about one place: the overlap at which an object is found."""
STILL = 0.75
"""Two detections of one object that overlap by less have moved: halfway from the same place to the same box or mask."""


@dataclass(frozen=True, eq=False)
class ObjectChanges:
    """The changes from one version to another, as rows of the frames of true objects and of detections, ascending.

    Of the true objects, ``newly_missed`` and ``newly_found`` are exact: their difference is by how many more objects
    are missed. A detection of the candidate stands in one of ``label_changed`` and ``newly_false`` at most.
    """

    newly_missed: Ints  # true objects that the baseline finds and the candidate does not
    newly_found: Ints  # the other way round
    moved: Ints  # true objects that both find, with detections that overlap each other by less than ``STILL``
    label_changed: Ints  # n × 2: detections of the baseline and of the candidate, of one place and two classes
    newly_false: Ints  # wrong detections of the candidate where the baseline has none that is wrong
    no_longer_false: Ints  # wrong detections of the baseline where the candidate has none that is wrong

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each, in the order in which pages name them."""
        return {name: len(rows) for name, rows in vars(self).items()}

    @property
    def back(self) -> ObjectChanges:
        """The changes the other way round: what is new is what was gone."""
        return ObjectChanges(
            self.newly_found,
            self.newly_missed,
            self.moved,
            self.label_changed[np.argsort(self.label_changed[:, 1]), ::-1],
            self.no_longer_false,
            self.newly_false,
        )


def object_changes(parts: Parts, baseline: int, candidate: int, samples: npt.NDArray[np.int64]) -> ObjectChanges:
    """The changes from ``baseline`` to ``candidate``, one by one, over the detections that count.

    Detections of the two are linked one to one: first those that find the same true object; then those of one class,
    then those of two, that overlap by ``SAME`` or more, the largest overlap first. The other way round gives
    the same links, and what is new is what was gone.

    Args:
        parts: with objects.
        baseline: a version's place.
        candidate: another one's.
        samples: the rows of the outcome frame to look at.
    """
    if baseline > candidate:
        return object_changes(parts, candidate, baseline, samples).back
    assert parts.truths is not None
    old, new = (_side(parts.detections[v], samples) for v in (baseline, candidate))
    solid = ~parts.truths["crowd"].to_numpy() & np.isin(parts.truths["sample"].to_numpy(), samples)
    found = [parts.found[v] for v in (baseline, candidate)]
    had, has = ((one >= 0) & solid for one in found)

    near = overlap_objects(old.frame, new.frame, parts.sizes if parts.overlap == "mask" else None)
    both = np.flatnonzero(had & has)
    shared = (found[0][both], found[1][both])
    still = near.iou >= STILL
    unmoved = _within(shared, (old.rows[near.detection[still]], new.rows[near.truth[still]]))

    link = np.full(len(old.rows), -1)
    place = [np.full(side.right.size, -1) for side in (old, new)]
    for one, side in zip(place, (old, new), strict=True):
        one[side.rows] = np.arange(len(side.rows))
    link[place[0][shared[0]]] = place[1][shared[1]]
    same = old.klass[near.detection] == new.klass[near.truth]
    for kind in (same, ~same):
        free = (link[near.detection] < 0) & ~np.isin(near.truth, link[link >= 0])
        pairs = near.where(kind & free & (near.iou >= SAME))
        a, b = _one_to_one(pairs)
        link[a] = b

    linked = np.flatnonzero(link >= 0)
    other = link[linked]
    wrong_old, wrong_new = ~old.right[old.rows], ~new.right[new.rows]
    changed = old.klass[linked] != new.klass[other]
    kept = wrong_old[linked] & wrong_new[other]
    told_old, told_new = np.zeros(len(old.rows), bool), np.zeros(len(new.rows), bool)
    told_old[linked[changed | kept]] = True
    told_new[other[changed | kept]] = True
    labels = np.stack([old.rows[linked[changed]], new.rows[other[changed]]], axis=1)
    return ObjectChanges(
        np.flatnonzero(had & ~has & solid),
        np.flatnonzero(has & ~had & solid),
        both[~unmoved],
        labels[np.argsort(labels[:, 1])],
        new.rows[wrong_new & ~told_new],
        old.rows[wrong_old & ~told_old],
    )


@kept
def changes_between(parts: Parts, baseline: int, candidate: int) -> ObjectChanges:
    """The changes over all samples, found once for each pair: counts, sets and marks all ask for every one."""
    if baseline > candidate:
        return changes_between(parts, candidate, baseline).back
    assert parts.truths is not None
    rows = (parts.truths["sample"], *(one["sample"] for one in parts.detections))
    n = 1 + max(int(one.max()) if len(one) else -1 for one in rows)  # type: ignore[arg-type]
    return object_changes(parts, baseline, candidate, np.arange(n))


def samples_changed(parts: Parts, baseline: int, candidate: int) -> dict[str, Ints]:
    """Of each kind of change the sample of each, ascending, by the names of ``ObjectChanges``."""
    assert parts.truths is not None
    found = changes_between(parts, baseline, candidate)
    truths, old, new = (
        one["sample"].to_numpy() for one in (parts.truths, parts.detections[baseline], parts.detections[candidate])
    )
    return {
        "newly_missed": truths[found.newly_missed],
        "newly_found": truths[found.newly_found],
        "newly_false": new[found.newly_false],
        "no_longer_false": old[found.no_longer_false],
        "label_changed": new[found.label_changed[:, 1]],
        "moved": truths[found.moved],
    }


def count_changes(measure: Measure) -> pl.DataFrame:
    """How many changes there are from each version to each other one, and which are more than their opposites.

    Gains are held against losses by their paired difference over the samples that both versions scored, whose test is
    a change's own (``difference_intervals``), and stands outside any family. Of newly found and newly missed objects it
    is recall's: per true object. Rows of ``columns.OBJECT_CHANGES``.
    """
    return pl.DataFrame(list(_counted(measure)), schema=columns.OBJECT_CHANGES, orient="row")


OPPOSITES = {"newly_missed": "newly_found", "newly_false": "no_longer_false"}
"""Losses, and the gains that make up for them."""


def _counted(measure: Measure) -> Iterator[tuple[object, ...]]:
    parts, names = measure.outcomes.parts, measure.outcomes.versions
    if parts is None or parts.truths is None:
        return
    n = len(measure.sides[0].scored)
    solid = parts.truths.filter(~pl.col("crowd"))["sample"].to_numpy()
    per = {"newly_missed": np.bincount(solid, minlength=n).astype(np.float64), "newly_false": np.ones(n)}
    for old, new in permutations(range(len(names)), 2):
        both = measure.sides[old].scored & measure.sides[new].scored
        changed = samples_changed(parts, old, new)
        decided: dict[str, tuple[float | None, Verdict]] = {}
        for loss, gain in OPPOSITES.items():
            decided |= _decide(measure, (loss, gain), [changed[one] for one in (loss, gain)], per[loss] * both)
        for change, samples in changed.items():
            yield names[old], names[new], change, len(samples), len(np.unique(samples)), *decided.get(change, _NONE)


_NONE: tuple[None, Verdict] = (None, "unclear")


def _decide(
    measure: Measure, names: tuple[str, str], samples: list[Ints], w: npt.NDArray[np.float64]
) -> dict[str, tuple[float | None, Verdict]]:
    """The p of a loss and a gain, and which of the two there is more of beyond chance."""
    x = [np.where(w > 0, np.bincount(one, minlength=len(w)), 0).astype(np.float64) for one in samples]
    one = np.zeros(len(w), np.int64)
    sums = sum_pair(one, x[0], w, x[1], w, 1, group=measure.group, weight=measure.weight)
    found = difference_intervals(sums, binary=False, level=measure.limits.level)
    p = float(found.p[0])
    said = verdict(float(found.delta[0]), p, measure.supports(sums.n, sums.units)[0], higher_is_better=True)
    beyond = said in ("better", "worse")
    other: Verdict = "unclear" if beyond else said
    own = dict.fromkeys(names, other)
    if beyond:
        own[names[said == "better"]] = said
    return {name: (None if np.isnan(p) else p, word) for name, word in own.items()}


@dataclass(frozen=True, eq=False)
class _Side:
    """The detections of a version that count: ``rows`` of its frame, and their classes; ``right`` of all its rows."""

    frame: pl.DataFrame
    rows: Ints
    klass: Ints
    right: Flags


def _side(frame: pl.DataFrame, samples: npt.NDArray[np.int64]) -> _Side:
    rows = np.flatnonzero(frame["counts"].to_numpy() & np.isin(frame["sample"].to_numpy(), samples))
    kept = frame[rows]
    return _Side(kept, rows, kept["class"].to_numpy().astype(np.int64), frame["right"].to_numpy())


def _within(pairs: tuple[Ints, Ints], known: tuple[Ints, Ints]) -> Flags:
    """Which of the pairs are among the known ones."""
    width = 1 + max((int(one.max(initial=0)) for one in (pairs[1], known[1])), default=0)
    return np.isin(pairs[0] * width + pairs[1], known[0] * width + known[1])


def _one_to_one(pairs: Overlaps) -> tuple[Ints, Ints]:
    """Of the pairs the largest, then the largest of those that are left without its two, and so on."""
    left = np.lexsort((pairs.truth, pairs.detection, -pairs.iou))
    chosen = [np.empty(0, np.int64)]
    while len(left):
        first = np.unique(pairs.detection[left], return_index=True)[1]
        second = np.unique(pairs.truth[left], return_index=True)[1]
        best = left[np.intersect1d(first, second)]
        chosen.append(best)
        taken = np.isin(pairs.detection[left], pairs.detection[best]) | np.isin(pairs.truth[left], pairs.truth[best])
        left = left[~taken]
    order = np.concatenate(chosen)
    return pairs.detection[order], pairs.truth[order]
