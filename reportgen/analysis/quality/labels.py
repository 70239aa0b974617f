"""Which labels look wrong, judged by what versions that never saw them say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import in_training_split
from reportgen.inspection import Absent, SampleSet
from reportgen.inspection.labels import SUSPECT_LABELS, ClassNoise, LabelIssues
from reportgen.model import Outcomes
from reportgen.stats.confident import learn_noise
from reportgen.tasks.metric import Side, side_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FAR = 4.0
"""Robust deviations from which a residual is far out: of normal ones it is one in 16,000."""
_NORMAL = 1.4826
"""The standard deviation of normal values, in median absolute deviations."""


_WHAT = "Labels that look wrong"
_CALLED: dict[str, tuple[str, Literal["relabel", "review"]]] = {
    "confident learning": ("suspect label", "relabel"),
    "agreement": ("contradicted label", "review"),
    "shared residuals": ("suspect value", "relabel"),
}
"""How the set is called, and what one would do with its list, by the method that found it."""


def find_label_issues(outcomes: Outcomes, given: Given) -> LabelIssues | Absent:
    """The labels that look wrong, most suspect first, or why none could be looked for.

    Classification: confident learning (``stats.confident``) on the mean of the versions' probabilities; without any,
    the samples of which all versions, two or more, say one and the same other label. Regression: targets further than
    ``FAR`` robust deviations off in every version, all on one side. Samples of the splits that versions were trained on
    are left out: what a model has learnt by heart it does not doubt.
    """
    if outcomes.parts is not None:
        return Absent("Labels that look wrong", "They are looked for where a sample has one label or one value.")
    trained = in_training_split(outcomes, given)
    kept, n_in_sample = ~trained, int(np.count_nonzero(trained))
    sides = [side_of(outcomes, v) for v in range(len(outcomes.versions))]
    tables = [_probabilities(side) for side in sides] if outcomes.classes else []
    told = any(table is not None for table in tables)
    if not outcomes.classes:
        issues = _residuals(outcomes, sides, kept, n_in_sample)
    elif told:
        issues = _learned(outcomes, sides, tables, kept, n_in_sample)
    elif len(sides) > 1:
        issues = _agreed(outcomes, sides, kept, n_in_sample)
    else:
        return Absent(
            _WHAT,
            "One version without probabilities can't tell a wrong label from a mistake of its own. "
            "Add probabilities to its predictions, or a second version.",
        )
    return issues if issues.n_checked else Absent(_WHAT, _none_checked(told, n_in_sample))


def _none_checked(told: bool, n_in_sample: int) -> str:
    who = "a version that tells probabilities" if told else "every version"
    where = " outside the splits that versions were trained on" if n_in_sample else ""
    return f"No sample{where} has both a label and a prediction of {who}."


def _probabilities(side: Side) -> Floats | None:
    """Samples × classes, NaN where the version did not score the sample; none where it tells none."""
    if side.probabilities:
        table = np.stack([one.astype(np.float64) for one in side.probabilities], axis=1)
    elif side.score is not None and side.positive is not None and len(side.classes) == 2:
        table = np.stack([1 - side.score, 1 - side.score], axis=1)
        table[:, side.positive] = side.score
    else:
        return None
    table[~side.scored] = np.nan
    return table


@dataclass(frozen=True, eq=False)
class _Found:
    """Candidates in their order: rows, the suggested class or value of each, and what speaks for it."""

    rows: Ints
    suggestion: npt.NDArray[np.float64] | Ints
    extra: dict[str, object]


def _learned(
    outcomes: Outcomes,
    sides: list[Side],
    tables: list[Floats | None],
    kept: Flags,
    n_in_sample: int,
) -> LabelIssues:
    target = sides[0].target.astype(np.int64)
    usable = kept & (target >= 0)
    noise = []
    picks = np.zeros(len(target), np.int64)
    for v, table in enumerate(tables):
        if table is None:
            continue
        rows = np.flatnonzero(usable & np.isfinite(table).all(axis=1))
        if not len(rows):
            continue
        one = learn_noise(target[rows], table[rows])
        picks[rows[one.picked]] += 1
        total = max(1, int(one.joint.sum()))
        noise.append(ClassNoise(outcomes.versions[v], len(rows), one.thresholds, one.joint / total, len(one.order)))
    mean = _mean(tables)
    rows = np.flatnonzero(usable & np.isfinite(mean).all(axis=1))
    pooled = learn_noise(target[rows], mean[rows]) if len(rows) else None
    order = rows[pooled.order] if pooled is not None else rows
    own = mean[order, target[order]]
    other = mean[order].copy()
    other[np.arange(len(order)), target[order]] = -1.0
    suggestion = other.argmax(axis=1)
    extra: dict[str, object] = {
        "n_picked": picks[order],
        "label_confidence": own,
        "confidence": mean[order, suggestion],
    }
    told = sum(table is not None for table in tables)
    whose = "the version's probabilities" if told == 1 else f"the mean of {told} versions' probabilities"
    verb = "speak" if told == 1 else "speaks"
    rule = (
        f"{whose[0].upper()}{whose[1:]} {verb} against the label more than is usual for its class (confident "
        "learning); the least likely label comes first."
    )
    found = _Found(order, suggestion, extra)
    return _issues(outcomes, sides, found, "confident learning", rule, len(rows), n_in_sample, tuple(noise))


def _mean(tables: list[Floats | None]) -> Floats:
    """The mean over the versions that tell probabilities of the sample; NaN where none does."""
    known = np.stack([table for table in tables if table is not None])
    told: Flags = np.asarray(np.isfinite(known).all(axis=2))
    n: Ints = told.sum(axis=0, keepdims=True)[0][:, None]
    total: Floats = np.where(told[:, :, None], known, 0.0).sum(axis=0)
    return np.asarray(np.where(n > 0, total / np.maximum(n, 1), np.nan))


def _agreed(outcomes: Outcomes, sides: list[Side], kept: Flags, n_in_sample: int) -> LabelIssues:
    target = sides[0].target.astype(np.int64)
    scored = np.logical_and.reduce([side.scored for side in sides])
    usable = kept & (target >= 0) & scored
    said = sides[0].prediction.astype(np.int64)
    same = np.logical_and.reduce([side.prediction == said for side in sides])
    rows = np.flatnonzero(usable & same & (said != target) & (said >= 0))
    rule = f"{_all_versions(sides)} say one and the same other label. Versions that are alike can err alike."
    found = _Found(rows, said[rows], {})
    return _issues(outcomes, sides, found, "agreement", rule, int(usable.sum()), n_in_sample)


def _residuals(outcomes: Outcomes, sides: list[Side], kept: Flags, n_in_sample: int) -> LabelIssues:
    target = sides[0].target.astype(np.float64)
    scored = np.logical_and.reduce([side.scored for side in sides])
    usable = kept & scored & np.isfinite(target)
    off = np.stack([deviations(target - side.prediction, usable) for side in sides])
    least = np.where(np.all(np.sign(off) == np.sign(off[0]), axis=0), np.abs(off).min(axis=0), 0.0)
    rows = np.flatnonzero(usable & (least > FAR))
    rows = rows[np.argsort(-least[rows], kind="stable")]
    middle = np.median([side.prediction[rows] for side in sides], axis=0)
    verb = "is" if len(sides) == 1 else "are"
    rule = (
        f"{_all_versions(sides)} {verb} more than {FAR:.0f} times the usual deviation off, all on one side; "
        "the furthest comes first."
    )
    found = _Found(rows, middle, {"residual": least[rows] * np.sign(off[0][rows])})
    return _issues(outcomes, sides, found, "shared residuals", rule, int(usable.sum()), n_in_sample)


def deviations(residuals: Floats, usable: Flags) -> Floats:
    """Residuals less their median, in robust standard deviations; 0 where more than half of them are alike."""
    known = residuals[usable]
    if not len(known):
        return np.zeros(len(residuals))
    middle = np.median(known)
    spread = _NORMAL * np.median(np.abs(known - middle))
    return np.nan_to_num((residuals - middle) / spread) if spread > 0 else np.zeros(len(residuals))


def _all_versions(sides: list[Side]) -> str:
    return "The version" if len(sides) == 1 else "Both versions" if len(sides) == 2 else f"All {len(sides)} versions"


def _issues(
    outcomes: Outcomes,
    sides: list[Side],
    found: _Found,
    method: str,
    rule: str,
    n_checked: int,
    n_in_sample: int,
    noise: tuple[ClassNoise, ...] = (),
) -> LabelIssues:
    rows = found.rows
    label, suggestion = (_texts(outcomes, values) for values in (sides[0].target[rows], found.suggestion))
    scored = np.stack([side.scored[rows] for side in sides])
    agree = np.stack([side.prediction[rows] == found.suggestion for side in sides]) & scored
    table = pl.DataFrame(
        {
            "rank": np.arange(1, len(rows) + 1),
            "row": rows,
            "id": outcomes.frame[columns.ID].gather(rows),
            "label": label,
            "suggestion": suggestion,
            "n_for": agree.sum(axis=0) if outcomes.classes else scored.sum(axis=0),
            "n_versions": scored.sum(axis=0),
            **{name: found.extra.get(name) for name in ("n_picked", "label_confidence", "confidence")},
            "look_alikes_for": None,
            "n_look_alikes": None,
            "residual": found.extra.get("residual"),
        },
        schema=columns.LABEL_ISSUES,
    )
    tally = Counter(zip(label, suggestion, strict=True)) if outcomes.classes else Counter()
    kinds = tuple((a, b, n) for (a, b), n in sorted(tally.items(), key=lambda one: (-one[1], one[0])))
    sets = (SampleSet(SUSPECT_LABELS, "suspect label", "labels", rule, rows, "relabel"),) if len(rows) else ()
    return LabelIssues(
        rule,
        method,
        table,
        noise,
        kinds,
        n_checked=n_checked,
        n_in_sample=n_in_sample,
        suggested=np.asarray(found.suggestion, np.float64),
        sets=sets,
    )


def _texts(outcomes: Outcomes, values: npt.NDArray[np.generic]) -> list[str]:
    """Labels as pages write them, and values in as many digits as tell them apart."""
    if outcomes.classes:
        return [outcomes.classes[int(value)] for value in values]
    return [f"{float(value):.6g}" for value in values]
