"""What a number of samples can bear, and the verdict on a change: the one place that decides mark, colour and word."""

from __future__ import annotations

import math

from reportgen.model import Limits, Support, Verdict

SIGNIFICANT = 0.05
"""A change is beyond chance below this q (or p, for overall and declared slices)."""


def support(n: int, n_groups: int | None, limits: Limits, effective: float = math.inf) -> Support:
    """What may be said of ``n`` samples: counts, show (value and interval), test (verdict, striped), or decide.

    With groups, fewer of them than ``limits.groups`` bear no verdict, however many samples there are. Nor do many
    samples of which few matter: ``effective`` is the number that the figure varies like, where that is fewer than n
    (``Influence.trials``; ``intervals.rests_on``, whose groups are to be ``n_groups``).
    """
    if n < limits.show:
        return "counts"
    if min(n, effective) < limits.test or (n_groups is not None and n_groups < limits.groups):
        return "show"
    return "test" if n < limits.decide else "decide"


def verdict(delta: float, q: float, support: Support, higher_is_better: bool) -> Verdict:
    """The word for a change: better, worse, unclear (not beyond chance), or too_few to tell.

    Args:
        delta: candidate − baseline, in the metric's unit.
        q: its false discovery rate; the overall and declared slices give p for it. NaN: no test was possible.
        support: of the samples that both versions scored.
        higher_is_better: the metric's direction.
    """
    if support in {"counts", "show"}:
        return "too_few"
    if not q < SIGNIFICANT or delta == 0 or math.isnan(delta):
        return "unclear"
    return "better" if (delta > 0) == higher_is_better else "worse"
