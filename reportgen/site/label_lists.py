"""The labels of single samples: which ones a version gives rightly, lacks, and gives wrongly, with their scores.

For the opened example as lists, and as columns for what is computed of one label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.model import Outcomes, PartCounts
from reportgen.site.packing import Chunk, pack_codes

GIVEN, LACKING, EXTRA = range(3)
"""What a label is in a list; in this order they stand there."""

Entry = tuple[int, int, float | None]
"""The code of a label, what it is, and its score; null: the version tells none."""


def list_labels(
    outcomes: Outcomes, rows: Sequence[int], as_shown: Callable[[float], float]
) -> dict[str, list[list[Entry] | None]]:
    """By position of the version, one list a row: its true and its given labels; null where it was not scored.

    Empty where samples have no sets of labels.

    Args:
        outcomes: of any task.
        rows: of the outcome frame.
        as_shown: what is kept of a score.
    """
    parts = outcomes.parts
    if parts is None or parts.kind != "label":
        return {}
    return {
        str(v): _of_version(outcomes.frame, parts.counts[v], v, rows, as_shown) for v in range(len(outcomes.versions))
    }


def label_chunks(outcomes: Outcomes) -> dict[str, Chunk]:
    """Of each version its entries, by class as ``parts.begins`` has them: ``label-sample-{v}`` and ``label-state-{v}``.

    A sample ascends within its class. A state is the place of what the label is, from 1: given, lacking, extra.
    """
    parts = outcomes.parts
    if parts is None or parts.kind != "label":
        return {}
    found = {}
    for v in range(len(outcomes.versions)):
        counts = parts.counts[v]
        found[f"label-sample-{v}"] = pack_codes(pl.Series(counts.sample), counts.n_samples)
        found[f"label-state-{v}"] = pack_codes(pl.Series(_states(counts)), EXTRA + 1)
    return found


def _states(counts: PartCounts) -> npt.NDArray[np.int64]:
    """What the label of each entry is; no entry is of a label that a sample neither has nor is given."""
    return np.where(counts.right > 0, GIVEN, np.where(counts.missed > 0, LACKING, EXTRA))


def _of_version(
    frame: pl.DataFrame, counts: PartCounts, version: int, rows: Sequence[int], as_shown: Callable[[float], float]
) -> list[list[Entry] | None]:
    found: list[list[Entry] | None] = [[] if frame[columns.scored(version)][row] else None for row in rows]
    place = np.full(frame.height, -1)
    place[list(rows)] = np.arange(len(rows))
    state = _states(counts)
    here = np.flatnonzero(place[counts.sample] >= 0)
    scores = _scores(frame, version, rows, set(counts.klass[here].tolist()))
    for i in here[np.lexsort((counts.klass[here], state[here]))].tolist():
        at, klass = int(place[counts.sample[i]]), int(counts.klass[i])
        own = found[at]
        if own is not None:
            score = scores[klass][at] if klass in scores else None
            own.append((klass, int(state[i]), None if score is None else as_shown(score)))
    return found


def _scores(
    frame: pl.DataFrame, version: int, rows: Sequence[int], classes: Iterable[int]
) -> dict[int, list[float | None]]:
    """The scores of some labels on the rows, of those that the version has any of."""
    named = {klass: columns.probability(klass, version) for klass in classes}
    known = {klass: name for klass, name in named.items() if name in frame.columns}
    return {klass: frame[name][list(rows)].cast(pl.Float64).to_list() for klass, name in known.items()}
