"""What became of each sample over all versions, where there are three or more."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen.analysis.flips import estimate_rate
from reportgen.analysis.measure import Measure
from reportgen.model import Trace
from reportgen.stats.significance import cochran_q

LEAST = 3
"""With two versions newly broken and newly fixed say it all."""


def trace_versions(measure: Measure, candidate: int) -> tuple[Trace | None, pl.DataFrame | None]:
    """The samples that every version scored, through the versions in the manifest's order; none below three versions.

    Ever right and now wrong: wrong in the candidate, right in some other version. Flip-flops: two changes between
    right and wrong or more. Their rates are estimates, of the candidate, with intervals as all others. For values,
    right means within the tolerance. Cochran's Q takes samples as independent and alike: with groups or weights there
    is none.
    """
    sides = measure.sides
    scored = np.logical_and.reduce([side.scored for side in sides])
    if len(sides) < LEAST or not scored.any():
        return None, None
    right = np.stack([side.correct == 1 for side in sides])
    marks = {
        "ever_right_now_wrong_rate": scored & right.any(axis=0) & ~right[candidate],
        "flip_flop_rate": scored & ((right[1:] != right[:-1]).sum(axis=0) >= 2),
    }
    plain = measure.group is None and measure.weight is None
    q, p = cochran_q(right[:, scored]) if plain else (np.nan, np.nan)
    trace = Trace(
        n=int(scored.sum()),
        n_ever_right_now_wrong=int(marks["ever_right_now_wrong_rate"].sum()),
        n_flip_flops=int(marks["flip_flop_rate"].sum()),
        cochran_q=None if np.isnan(q) else q,
        df=len(sides) - 1,
        p=None if np.isnan(p) else p,
    )
    return trace, pl.concat([estimate_rate(measure, name, candidate, mark, scored) for name, mark in marks.items()])
