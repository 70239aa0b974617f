"""Did the model see enough of these? What a slice's support in training says of its failures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.quality.cases import Background, Case, unknown
from reportgen.inspection.cards import Evidence
from reportgen.model import Limits, Link
from reportgen.stats.distributions import two_sided_z

ENOUGH = 10
"""A slice with this many times the samples in training that decide here was seen often."""

RATIOS = (0.8, 0.67, 0.5)
"""Of how often a slice occurs in training: below which ratio it leans slightly, clearly and strongly."""

_SUPPORT = Link("data", "Support", (("at", "supports"),))


@dataclass(frozen=True)
class _Support:
    """A slice in a version's training table of ``of`` samples: a row of ``columns.SUPPORTS``."""

    of: int
    n: int
    share: float
    n_here: int
    share_here: float
    ratio: float
    low: float
    high: float


def _support(background: Background, case: Case, version: int | None) -> _Support | None:
    """None where the version names no training table, or the table has not what tells the slice."""
    if version is None or background.inspection.training is None:
        return None
    name = case.outcomes.versions[version]
    table = background.inspection.training.of(name)
    found = background.supports.filter((pl.col("slice") == case.slice.id) & (pl.col("version") == name))
    if table is None or not found.height:
        return None
    row = found.row(0, named=True)
    numbers_of = (float("nan") if row[one] is None else float(row[one]) for one in ("ratio", "ratio_low", "ratio_high"))
    return _Support(table.n, int(row["n"]), row["share"], int(row["n_here"]), row["share_here"], *numbers_of)


def _lacking(case: Case, background: Background) -> list[str]:
    """The attributes that tell the slice and of which the candidate's training table has no column."""
    training = background.inspection.training
    table = None if training is None else training.of(case.outcomes.versions[case.candidate])
    return [] if table is None else [t.attribute for t in case.slice.terms if t.attribute in table.lacking]


def ask_seen(case: Case, background: Background) -> Evidence:
    """Did the model see enough of these? Counts in training: before and after, or against what decides here."""
    question = "Did the model see enough of these?"
    name = case.outcomes.versions[case.candidate]
    now = _support(background, case, case.candidate)
    lacking = _lacking(case, background)
    if lacking:
        said = f"{name}'s training table has no column {sentences.listed(lacking)}: how many it has isn't known."
        return unknown("seen", question, said, "The table with that column would tell.")
    if now is None:
        why = f"Name {name}'s training table in the manifest (trained_on), with the columns that tell this slice."
        return unknown("seen", question, f"How many of them {name} was trained on isn't known.", why)
    then = _support(background, case, case.baseline) if case.mode == "change" else None
    if then is not None and (then.n, then.of) != (now.n, now.of):
        return _seen_change(case, question, then, now)
    said = f"{numbers.count(now.n)} of {numbers.count(now.of)} samples in {name}'s training set."
    if then is not None:
        rule = "Both versions were trained on as many of them: what changed isn't how many were seen."
        return Evidence("seen", question, said, 1, rule, now.n, float(now.n), link=_SUPPORT)
    limits = case.measure.limits
    if now.n < limits.decide:
        lean, rule = (-3 if now.n == 0 else -2 if now.n < limits.test else -1), f"Fewer than {limits.decide} were seen."
    elif now.n < ENOUGH * limits.decide:
        lean, rule = 0, f"At least {limits.decide} were seen, fewer than {numbers.count(ENOUGH * limits.decide)}."
    else:
        lean, rule = 1, f"At least {numbers.count(ENOUGH * limits.decide)} were seen."
    return Evidence("seen", question, said, lean, rule, now.n, float(now.n), link=_SUPPORT)


def _seen_change(case: Case, question: str, then: _Support, now: _Support) -> Evidence:
    """How many the candidate saw against the baseline: a ratio of two counts, with the interval of its logarithm."""
    assert case.baseline is not None
    old, new = case.outcomes.versions[case.baseline], case.outcomes.versions[case.candidate]
    ratio, low, high = _ratio(now.n, then.n, case.measure.limits)
    change = f" ({numbers.signed((ratio - 1) * 100, 0)}%)" if then.n else ""
    grown = numbers.signed((now.of / then.of - 1) * 100, 0) if then.of and now.of != then.of else ""
    every = f" The whole set: {grown}%." if grown else ""
    said = f"{numbers.count(then.n)} in {old}'s training set, {numbers.count(now.n)} in {new}'s{change}.{every}"
    lean, rule = -_down(high), "It saw fewer of them."
    if not lean:
        enough = low >= RATIOS[0]
        lean = int(enough)
        rule = "It saw about as many as before, or more." if enough else "Too few to say that it saw fewer."
    return Evidence("seen", question, said, lean, rule, now.n, ratio if then.n else None, low, high, _SUPPORT)


def ask_rarer(case: Case, background: Background) -> Evidence | None:
    """Are they rarer in training than here? The share in training over the share here."""
    now = _support(background, case, case.candidate)
    if now is None:
        return None  # the row before says why
    said = (
        f"{numbers.rate(now.share)} of its training set ({numbers.count(now.n)}), "
        f"{numbers.rate(now.share_here)} of the samples here ({numbers.count(now.n_here)})."
    )
    lean, rule = -_down(now.high), "They are rarer in training."
    if not lean:
        enough = now.low >= RATIOS[0]
        lean = int(enough)
        rule = (
            "They are about as frequent in training, or more so." if enough else "Too few to say that they are rarer."
        )
    low, high = (None if np.isnan(end) else end for end in (now.low, now.high))
    return Evidence(
        "rarer", "Are they rarer in training than here?", said, lean, rule, now.n, now.ratio, low, high, _SUPPORT
    )


def _ratio(a: int, b: int, limits: Limits) -> tuple[float, float, float]:
    """The ratio a / b with the interval of its logarithm; half a count is added to both so that 0 has one, too."""
    z = two_sided_z(limits.level)
    middle = float(np.log((a + 0.5) / (b + 0.5)))
    reach = z * float(np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5)))
    return a / b if b else float("inf"), float(np.exp(middle - reach)), float(np.exp(middle + reach))


def _down(high: float) -> int:
    """How strongly a ratio leans that is below ``high`` for certain."""
    return sum(high < step for step in RATIOS)
