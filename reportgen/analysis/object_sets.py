"""Sets of samples by what became of their objects: by type of error, by what changed, and those hard to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from reportgen.analysis.object_changes import samples_changed
from reportgen.analysis.object_overlaps import found_overlaps
from reportgen.kept import kept
from reportgen.model import Parts
from reportgen.stats.object_errors import Error
from reportgen.tasks import detection

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

OF_VERSION = ("missed_large", "surest_false", *(metric.name for metric in detection.ERRORS.values()))
OF_PAIR = (
    "overlap_loss", "newly_missed", "newly_found", "newly_false", "no_longer_false", "label_changed", "moved"
)  # fmt: skip
"""Names of the sets of one version, and of those that need two."""


def has_sets(parts: Parts | None) -> bool:
    """Whether the report has these sets: its samples consist of objects that were held against each other."""
    return parts is not None and parts.truths is not None and bool(parts.errors)


@kept
def scores_of(parts: Parts, version: int) -> Mapping[str, Floats]:
    """By set of a version what ranks the samples, the largest first; above 0: the sample is in the set.

    How many errors of each type it has; 1 and the area of its largest missed object; 1 and the score of its surest
    false detection.
    """
    assert parts.truths is not None
    n = parts.counts[version].n_samples
    truths, said = parts.truths, parts.detections[version]
    missed = (parts.found[version] < 0) & ~truths["crowd"].to_numpy()
    false = said["counts"].to_numpy() & ~said["right"].to_numpy()
    return {
        "missed_large": _largest(n, truths["sample"].to_numpy()[missed], 1 + truths["area"].to_numpy()[missed]),
        "surest_false": _largest(n, said["sample"].to_numpy()[false], 1 + said["score"].to_numpy()[false]),
        **{
            metric.name: parts.errors[version][kind - 1].astype(np.float64)
            for kind, metric in detection.ERRORS.items()
            if kind != Error.NONE
        },
    }


@kept
def changes_of(parts: Parts, baseline: int, candidate: int) -> Mapping[str, Floats]:
    """The same of sets of two versions: changes of each kind, and the largest loss of overlap of one object."""
    n = parts.counts[candidate].n_samples
    changed = samples_changed(parts, baseline, candidate)
    return {
        "overlap_loss": overlap_losses(parts, baseline, candidate),
        **{name: np.bincount(changed[name], minlength=n).astype(np.float64) for name in OF_PAIR[1:]},
    }


def overlap_losses(parts: Parts, baseline: int, candidate: int) -> Floats:
    """How much overlap (intersection over union) each sample loses from one version to the other, 0 to 1; 0: none.

    Of objects the largest loss of a single one that the baseline finds: where the candidate finds it no more, all of
    the overlap that the baseline had.
    """
    assert parts.truths is not None
    before, after = (found_overlaps(parts, v) for v in (baseline, candidate))
    lost = np.nan_to_num(before) - np.nan_to_num(after)
    had = np.isfinite(before)
    return _largest(parts.counts[candidate].n_samples, parts.truths["sample"].to_numpy()[had], lost[had])


def _largest(n: int, sample: Rows, values: Floats) -> Floats:
    """The largest value of each sample, 0 where it has none above."""
    found = np.zeros(n)
    np.maximum.at(found, sample, values)
    return found


def ranked_sets(parts: Parts, version: int) -> Iterator[tuple[str, Rows]]:
    """The rows of each set of a version, as it ranks them; ties in the order of ids."""
    yield from ((name, ranked(scores)) for name, scores in scores_of(parts, version).items())


def ranked_changes(parts: Parts, baseline: int, candidate: int) -> Iterator[tuple[str, Rows]]:
    """The rows of each set of two versions, likewise."""
    yield from ((name, ranked(scores)) for name, scores in changes_of(parts, baseline, candidate).items())


def ranked(scores: Floats) -> Rows:
    """The rows above 0, the largest first, ties in their order."""
    rows = np.flatnonzero(scores > 0)
    return rows[np.argsort(-scores[rows], kind="stable")]
