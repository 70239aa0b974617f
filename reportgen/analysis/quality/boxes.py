"""Which annotated boxes look wrong, judged by what versions that never saw them detect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import in_training_split
from reportgen.inspection import Absent, SampleSet
from reportgen.inspection.boxes import SUSPECT_BOXES, BoxIssues, BoxKind
from reportgen.model import Outcomes, Parts
from reportgen.stats.object_doubts import Doubts, doubt_objects, rank_sureness
from reportgen.stats.object_errors import FOUND
from reportgen.stats.objects import LEAST_OVERLAP, Detections, Flags, Overlaps, Truths, overlap_each
from reportgen.stats.pairs import Floats, Ints
from reportgen.tasks.objects import BOX, detections_of, overlap_objects, truths_of

FAR = 4.0
"""Robust deviations from which an overlap is odd, as for values (``labels.FAR``)."""
_NORMAL = 1.4826
"""The standard deviation of normal values, in median absolute deviations."""
LEAST_DEVIATION = 0.02
"""Of overlaps that are nearly all alike, as where annotations were taken over from a model, none is odd for less."""
FEWEST = 10
"""Of fewer overlaps nobody can say what is usual, and so none is odd."""
LESS_SURE = 0.5
"""For a box that is badly placed versions need to be half as sure: that they agree on the place speaks, too."""
INSIDE = 0.5
"""A suggested box that holds so much of another object is about two of them: it says nothing of either's place."""

WHAT = "Annotated boxes that look wrong"


def has_objects(outcomes: Outcomes) -> bool:
    """Whether the samples have annotated boxes to be looked at."""
    return outcomes.parts is not None and outcomes.parts.truths is not None


def find_box_issues(outcomes: Outcomes, given: Given, versions: Sequence[int] | None = None) -> BoxIssues | Absent:
    """The annotations that look wrong, most suspect first, or why none could be looked for.

    A detection counts by how sure it is beside those that its version has right (``rank_sureness``); of all versions
    the mean is taken, 0 where one says nothing. A candidate is as sure as objects of its class usually are that at
    least one version finds (confident learning's threshold). Overlooked: detections with no true object near.
    Swapped: another class at an overlap of 0.5 or more, surer than the object's own. Misplaced: the class is the same,
    and the overlap is less than ``FAR`` robust deviations below what is usual in every version that says so; where
    several do, their boxes overlap each other more than any of them the annotated one. A version that finds fewer than
    ``FEWEST`` objects, or whose overlaps are spread so far that none is odd, says so of no box. Samples of the splits
    that versions were trained on are left out.

    Args:
        outcomes: of a detection.
        given: what else the manifest's files tell.
        versions: positions of those that are asked; by default all.
    """
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    kept = ~in_training_split(outcomes, given)
    asked = range(len(outcomes.versions)) if versions is None else versions
    scene = _scene(parts, kept, asked)
    if not scene.solid.any():
        return Absent(WHAT, "No object is annotated on the samples that could be looked at.")
    if not any(one.right.any() for one in scene.said):
        return Absent(WHAT, "No version finds any of the annotated objects, so that none can speak against them.")
    found = [*_overlooked(scene), *_misplaced(scene), *_swapped(scene)]
    found.sort(key=lambda one: (-one.weight, one.kind, one.sample, one.object, one.box.tolist()))
    names = [outcomes.versions[v] for v in asked]
    table = _table(outcomes, parts, scene, found)
    rows = table["row"].unique(maintain_order=True).to_numpy()
    rule = _rule(len(asked))
    sets = (SampleSet(SUSPECT_BOXES, "suspect boxes", "boxes", rule, rows, "relabel"),) if len(rows) else ()
    return BoxIssues(
        rule,
        table,
        n_checked=int(scene.solid.sum()),
        n_samples=int(kept.sum()),
        n_in_sample=int((~kept).sum()),
        limits={name: limit for name, limit in zip(names, scene.limits, strict=True) if limit > LEAST_OVERLAP},
        n_found={name: int(one.right.sum()) for name, one in zip(names, scene.said, strict=True)},
        sets=sets,
    )


def _rule(n: int) -> str:
    mean = "" if n == 1 else f", the mean over {'both' if n == 2 else f'all {n}'} versions"
    return (
        "Something else is detected than is annotated, as surely as objects of the class usually are found"
        f"{mean}: an object where nothing is annotated (overlooked), in another place (badly placed), or of another "
        "class. The surest comes first."
    )


@dataclass(frozen=True, eq=False)
class _Said:
    """What one version says: its detections that count, on the samples that are looked at."""

    rows: Ints  # of its frame
    frame: pl.DataFrame  # these rows of it
    detections: Detections
    sureness: Floats
    right: Flags
    doubts: Doubts


@dataclass(frozen=True, eq=False)
class _Scene:
    truths: Truths
    solid: Flags  # of the true objects, those that are looked at: no crowds
    said: tuple[_Said, ...]
    own: Floats  # of each true object, how sure the versions that find it are; the mean, 0 where one misses it
    usual: Floats  # by class, how sure a candidate has to be
    limits: Floats  # by version, the overlap below which a box is placed oddly; NaN: not known
    sizes: Floats | None  # of images, where masks are compared


@dataclass(frozen=True, eq=False)
class _Candidate:
    kind: BoxKind
    sample: int
    object: int  # row of the true objects; -1: none
    klass: int
    box: Floats
    by: int  # whose mask is suggested; -1: a box is, or what is annotated
    detections: Ints  # by version, among those that count; -1: none
    sureness: float
    iou: float
    weight: float  # what they are ranked by


def _scene(parts: Parts, kept: Flags, versions: Sequence[int]) -> _Scene:
    assert parts.truths is not None
    truths = truths_of(parts.truths)
    solid = ~truths.crowd & kept[truths.sample]
    said, sums, limits = [], np.zeros(len(truths)), []
    for v in versions:
        one, found, limit = _ask(parts, v, truths, kept)
        said.append(one)
        sums[found >= 0] += one.sureness[found[found >= 0]]
        limits.append(limit)
    own = sums / max(1, len(versions))
    n_classes = len(parts.classes)
    seen = solid & (own > 0)
    n = np.bincount(truths.klass[seen], minlength=n_classes)
    total = np.bincount(truths.klass[seen], own[seen], minlength=n_classes)
    overall = total.sum() / max(1, n.sum())
    usual = np.where(n > 0, total / np.maximum(n, 1), overall)
    sizes = parts.sizes if parts.overlap == "mask" else None
    return _Scene(truths, solid, tuple(said), own, usual, np.array(limits), sizes)


def _ask(parts: Parts, v: int, truths: Truths, kept: Flags) -> tuple[_Said, Ints, float]:
    """What a version says, the detection among these that finds each true object (-1: none), and its limit."""
    frame = parts.detections[v]
    rows = np.flatnonzero(frame["counts"].to_numpy() & kept[frame["sample"].to_numpy()])
    own = frame[rows]
    detections = detections_of(own)
    right, about = own["right"].to_numpy(), own["about"].to_numpy()
    assert parts.truths is not None
    overlaps = overlap_objects(own, parts.truths, parts.sizes if parts.overlap == "mask" else None)
    iou = _of_found(overlaps, right, about)
    # what finds one object says nothing of the others
    free = ~right[overlaps.detection] | (about[overlaps.detection] == overlaps.truth)
    everything = np.ones(len(rows), bool)
    doubts = doubt_objects(detections, truths, overlaps.where(free), everything, everything & ~right)
    found = np.full(len(truths), -1, np.int64)
    found[about[right]] = np.flatnonzero(right)
    sureness = rank_sureness(detections.score, right)
    return _Said(rows, own, detections, sureness, right, doubts), found, _odd_below(iou)


def _of_found(overlaps: Overlaps, right: Flags, about: npt.NDArray[np.int32]) -> Floats:
    """The overlap of each detection that finds an object with it."""
    own = right[overlaps.detection] & (about[overlaps.detection] == overlaps.truth)
    return np.asarray(overlaps.iou[own])


def _odd_below(iou: Floats) -> float:
    """The overlap that is ``FAR`` robust deviations below the usual; NaN where too few are found to tell."""
    if len(iou) < FEWEST:
        return float("nan")
    middle = np.median(iou)
    return float(middle - FAR * max(_NORMAL * np.median(np.abs(iou - middle)), LEAST_DEVIATION))


def _overlooked(scene: _Scene) -> Iterator[_Candidate]:
    """Detections beside every true object, those of several versions in one place as one."""
    n = len(scene.said)
    beside = [np.flatnonzero(one.doubts.beside < LEAST_OVERLAP) for one in scene.said]
    every = list(zip(scene.said, beside, strict=True))
    version = np.repeat(np.arange(n), [len(at) for at in beside])
    place = np.concatenate(beside)
    sample = np.concatenate([one.detections.sample[at] for one, at in every])
    klass = np.concatenate([one.detections.klass[at] for one, at in every])
    boxes = np.concatenate([one.detections.boxes[at] for one, at in every])
    sureness = np.concatenate([one.sureness[at] for one, at in every])
    order = np.lexsort((place, version, -sureness, klass, sample))
    begins = np.flatnonzero(np.diff(sample[order], prepend=-1) | np.diff(klass[order], prepend=-1))
    for alike in np.split(order, begins[1:]):
        left = alike
        while len(left) and sureness[left[0]] >= scene.usual[klass[left[0]]]:
            near = overlap_each(boxes[left[0]], boxes[left]) >= FOUND
            near[0] = True
            chosen = {int(version[at]): int(at) for at in left[near][::-1]}  # the surest of each version
            members = np.array(sorted(chosen.values(), key=lambda at: version[at]))
            mean = float(sureness[members].sum() / n)
            if mean >= scene.usual[klass[left[0]]]:
                detections = np.full(n, -1, np.int64)
                detections[version[members]] = place[members]
                box, by = _suggested(scene, detections)
                at = int(sample[left[0]])
                yield _Candidate("overlooked", at, -1, int(klass[left[0]]), box, by, detections, mean, np.nan, mean)
            left = left[~near]


def _swapped(scene: _Scene) -> Iterator[_Candidate]:
    """True objects at which versions say another class, more surely than their own."""
    n = len(scene.said)
    at = np.stack([np.where(one.doubts.other >= FOUND, one.doubts.other_at, -1) for one in scene.said])
    for t in np.flatnonzero(scene.solid & (at >= 0).any(axis=0)):
        sure: dict[int, float] = {}
        for one, d in zip(scene.said, at[:, t], strict=True):
            if d >= 0:
                klass = int(one.detections.klass[d])
                sure[klass] = sure.get(klass, 0.0) + one.sureness[d] / n
        best = max(sure, key=lambda klass: (sure[klass], -klass))
        if sure[best] < scene.usual[best] or sure[best] <= scene.own[t]:
            continue
        same = [d >= 0 and one.detections.klass[d] == best for one, d in zip(scene.said, at[:, t], strict=True)]
        detections = np.where(same, at[:, t], -1)
        yield _at_object(scene, "swapped", t, best, detections, sure[best])


def _misplaced(scene: _Scene) -> Iterator[_Candidate]:
    """True objects that versions place elsewhere, and all of them in one place."""
    n = len(scene.said)
    overlap = np.stack([one.doubts.own for one in scene.said])
    at = np.stack([one.doubts.own_at for one in scene.said])
    odd = (at < 0) | (overlap < scene.limits[:, None])
    truths = scene.truths
    for t in np.flatnonzero(scene.solid & (at >= 0).any(axis=0) & odd.all(axis=0)):
        sure = sum(float(one.sureness[d]) / n for one, d in zip(scene.said, at[:, t], strict=True) if d >= 0)
        if sure < LESS_SURE * scene.usual[truths.klass[t]]:
            continue
        found = _at_object(scene, "misplaced", t, int(truths.klass[t]), at[:, t], sure)
        if _agreed(scene, at[:, t]) > overlap[:, t].max() and not _holds_another(truths, t, found.box):
            yield found


def _at_object(
    scene: _Scene, kind: BoxKind, t: int | np.intp, klass: int, detections: Ints, sureness: float
) -> _Candidate:
    """What versions say at a true object; of a class the box stays, since each version's own is a little off."""
    box, by = _suggested(scene, detections)
    own, placed = scene.truths.boxes[t], kind == "misplaced"
    if by < 0:
        iou = float(overlap_each(own, box)[0])
    else:
        doubts = scene.said[by].doubts
        iou = float((doubts.own if placed else doubts.other)[t])
    return _Candidate(
        kind,
        int(scene.truths.sample[t]),
        int(t),
        klass,
        box if placed else own,
        by if placed else -1,
        detections,
        sureness,
        iou,
        sureness * (1 - iou) if placed else sureness,
    )


def _suggested(scene: _Scene, detections: Ints) -> tuple[Floats, int]:
    """The middle of the versions' boxes, and -1; of masks, which have none, the surest version's box, and whose."""
    if scene.sizes is None:
        every = [one.detections.boxes[d] for one, d in zip(scene.said, detections, strict=True) if d >= 0]
        return np.median(every, axis=0), -1
    sure = [one.sureness[d] if d >= 0 else -1.0 for one, d in zip(scene.said, detections, strict=True)]
    by = int(np.argmax(sure))
    return scene.said[by].detections.boxes[detections[by]], by


def _agreed(scene: _Scene, detections: Ints) -> float:
    """The least overlap of what two versions say; 1 where one alone says something."""
    own = [one.frame[[int(d)]] for one, d in zip(scene.said, detections, strict=True) if d >= 0]
    if scene.sizes is None:
        boxes = np.concatenate([one.select(BOX).to_numpy() for one in own])
        pairs = [float(overlap_each(*boxes[[i, j]])[0]) for i, j in combinations(range(len(own)), 2)]
    else:
        pairs = [float(overlap_objects(a, b, scene.sizes).iou.sum()) for a, b in combinations(own, 2)]
    return min(pairs, default=1.0)


def _holds_another(truths: Truths, t: int | np.intp, box: Floats) -> bool:
    """Whether so much of another true object lies in the box that it is about two of them."""
    begin, end = np.searchsorted(truths.sample, [truths.sample[t], truths.sample[t] + 1])
    others = np.delete(np.arange(begin, end), t - begin)
    others = truths.boxes[others[~truths.crowd[others]]]
    area = others[:, 2] * others[:, 3]
    inside = np.divide(_shared(box, others), area, out=np.zeros(len(others)), where=area > 0)
    return bool((inside >= INSIDE).any())


def _shared(box: Floats, others: Floats) -> Floats:
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    return np.asarray(np.maximum(high - low, 0).prod(axis=1))


def _table(outcomes: Outcomes, parts: Parts, scene: _Scene, found: Sequence[_Candidate]) -> pl.DataFrame:
    """The candidates in their order (``columns.BOX_ISSUES``)."""
    assert parts.truths is not None
    ids = outcomes.frame[columns.ID]
    names = pl.Series(list(parts.classes), dtype=pl.String)
    objects = pl.Series([one.object if one.object >= 0 else None for one in found], dtype=pl.Int64)
    annotated = parts.truths.select(*BOX)
    suggested = np.array([one.box for one in found]).reshape(-1, 4).round(2) + 0.0
    rows = [
        [one.rows[d] if d >= 0 else -1 for one, d in zip(scene.said, each.detections, strict=True)] for each in found
    ]
    scores = [
        [float(one.detections.score[d]) if d >= 0 else None for one, d in zip(scene.said, each.detections, strict=True)]
        for each in found
    ]
    samples = [one.sample for one in found]
    return pl.DataFrame(
        {
            "rank": np.arange(1, len(found) + 1),
            "kind": [one.kind for one in found],
            "row": samples,
            "id": ids.gather(samples),
            "object": objects,
            "annotation": None if parts.marks is None else parts.marks.gather(objects),
            "label": names.gather(parts.truths["class"].gather(objects)),
            **{name: annotated[name].gather(objects) for name in BOX},
            "suggestion": [parts.classes[one.klass] for one in found],
            **{f"suggested_{name}": suggested[:, i] for i, name in enumerate(BOX)},
            "suggested_by": pl.Series([one.by if one.by >= 0 else None for one in found], dtype=pl.Int64),
            "n_for": [int((one.detections >= 0).sum()) for one in found],
            "n_versions": len(scene.said),
            "sureness": [one.sureness for one in found],
            "iou": pl.Series([one.iou for one in found], dtype=pl.Float64).fill_nan(None),
            "detections": pl.Series(rows, dtype=pl.List(pl.Int64)),
            "scores": pl.Series(scores, dtype=pl.List(pl.Float64)),
        },
        schema=columns.BOX_ISSUES,
    )
