"""The nearest samples of each by an embedding, and what their labels say of labels that look wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.inspection import LabelIssues, LookAlikes
from reportgen.model import Outcomes
from reportgen.stats.neighbours import neighbours

K = 10
"""So many look-alikes a sample."""


def find_look_alikes(given: Given) -> LookAlikes | None:
    """The ``K`` nearest samples of each by cosine; none where there are no vectors."""
    if given.vectors is None:
        return None
    found = neighbours(given.vectors, np.arange(len(given.vectors)), min(K, max(1, len(given.vectors) - 1)))
    return LookAlikes(found.rows, found.similarity)


def with_look_alikes(labels: LabelIssues, look_alikes: LookAlikes, outcomes: Outcomes) -> LabelIssues:
    """The candidates with how many of their look-alikes have the suggested label, or a value nearer to it."""
    table = labels.candidates
    if not table.height:
        return labels
    near = look_alikes.rows[table["row"].to_numpy()]
    target = outcomes.frame[columns.TARGET].to_numpy()
    theirs, own = target[near], target[table["row"].to_numpy()][:, None]
    suggested = labels.suggested[:, None]
    known = near >= 0
    speak = theirs == suggested if outcomes.classes else np.abs(theirs - suggested) < np.abs(theirs - own)
    n = known.sum(axis=1)
    counted = pl.DataFrame({"look_alikes_for": (speak & known).sum(axis=1), "n_look_alikes": n, "any": n > 0}).select(
        pl.when(pl.col("any")).then(pl.col(name)).alias(name) for name in ("look_alikes_for", "n_look_alikes")
    )
    return replace(labels, candidates=table.with_columns(counted.get_columns()).cast(columns.LABEL_ISSUES))
