"""What people who looked again made of candidates, in a sentence: of labels and of annotated boxes alike."""

from __future__ import annotations

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection.labels import Reviewed
from reportgen.model import Outcomes


def how_far_reviewed(said: str, reviewed: Reviewed | None, level: float) -> str:
    """The sentence on the candidates, with what is known of how many of them are wrong."""
    if reviewed is None or not reviewed.n_candidates:
        return f"{said} Nobody has looked at them yet, so how many are wrong isn't known."
    return f"{said} {reviewed_text(reviewed, level)}"


def left_out_text(n: int, outcomes: Outcomes, things: str) -> str:
    """How many samples are left out because versions were trained on them, or that none is known to be.

    Args:
        n: how many.
        outcomes: whose samples they are.
        things: what the samples are called where all are looked at.
    """
    if n:
        many = sentences.counted(outcomes, n)
        return f"Left out: {many} that versions were trained on: a model doesn't doubt what it has learnt by heart."
    return (
        f"It takes these {things} as ones that no version was trained on; name trained_splits in the manifest if not."
    )


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
