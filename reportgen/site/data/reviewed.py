"""What people who looked again made of candidates, in a sentence: of labels and of annotated boxes alike."""

from __future__ import annotations

from reportgen import numbers
from reportgen.inspection.labels import Reviewed


def reviewed_text(reviewed: Reviewed, level: float) -> str:
    """The precision of what was reviewed, with its interval; some candidates were."""
    assert reviewed.low is not None
    assert reviewed.high is not None
    assert reviewed.precision is not None
    low, high = numbers.rate(reviewed.low), numbers.rate(reviewed.high)
    n, groups = reviewed.n_candidates, reviewed.n_groups
    several = "" if groups is None else f" in {numbers.count(groups)} group{'' if groups == 1 else 's'}"
    top = f", which {'is' if n == 1 else 'are'} the top of the list," if reviewed.from_top else ","
    said = (
        f"Of the {numbers.count(n)} reviewed{several}{top} {numbers.count(reviewed.n_wrong)} "
        f"{'was' if reviewed.n_wrong == 1 else 'were'} wrong indeed "
        f"({numbers.rate(reviewed.precision)}, {numbers.level(level)} {low} to {high})."
    )
    return f"{said} It says nothing of those further down." if reviewed.from_top else said
