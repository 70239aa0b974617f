"""The labels of single samples: which ones a version gives rightly, lacks, and gives wrongly, with their scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.model import Outcomes, PartCounts

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


def _of_version(
    frame: pl.DataFrame, counts: PartCounts, version: int, rows: Sequence[int], as_shown: Callable[[float], float]
) -> list[list[Entry] | None]:
    found: list[list[Entry] | None] = [[] if frame[columns.scored(version)][row] else None for row in rows]
    place = np.full(frame.height, -1)
    place[list(rows)] = np.arange(len(rows))
    state = np.where(counts.right > 0, GIVEN, np.where(counts.missed > 0, LACKING, EXTRA))
    for i in np.lexsort((counts.klass, state)).tolist():
        sample, klass = int(counts.sample[i]), int(counts.klass[i])
        own = found[place[sample]] if place[sample] >= 0 else None
        if own is None:
            continue
        name = columns.probability(klass, version)
        score = frame[name][sample] if name in frame.columns else None
        own.append((klass, int(state[i]), None if score is None else as_shown(float(score))))
    return found
