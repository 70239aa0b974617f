"""Did the model see enough of these? What a slice's support in training says of its failures."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis.quality.cases import Background, Case, unknown
from reportgen.inspection.cards import Evidence
from reportgen.model import Limits
from reportgen.stats.distributions import two_sided_z

ENOUGH = 10
"""A slice with this many times the samples in training that decide here was seen often."""

RATIOS = (0.8, 0.67, 0.5)
"""Of how often a slice occurs in training: below which ratio it leans slightly, clearly and strongly."""


def _support(background: Background, case: Case, version: int | None) -> tuple[int, int, float] | None:
    """Of a version's training samples those in the slice, all of them, and the slice's share here."""
    if version is None:
        return None
    name = case.outcomes.versions[version]
    table = background.supports.filter((pl.col("slice") == case.slice.id) & (pl.col("version") == name))
    if not table.height or not background.trained.get(name):
        return None
    row = table.row(0, named=True)
    return int(row["n"]), background.trained[name], float(row["share_here"])


def ask_seen(case: Case, background: Background) -> list[Evidence]:
    """Did the model see enough of these? Counts in training: before and after, or against what decides here."""
    question = "Did the model see enough of these?"
    name = case.outcomes.versions[case.candidate]
    now = _support(background, case, case.candidate)
    if now is None:
        why = f"Name {name}'s training table in the manifest (trained_on)."
        return [unknown("seen", question, f"What {name} was trained on isn't known.", why)]
    k, n, _here = now
    then = _support(background, case, case.baseline) if case.mode == "change" else None
    if then is not None and then[:2] != now[:2] and case.baseline is not None:
        return [_seen_change(case, question, then[:2], now[:2])]
    limits = case.measure.limits
    said = f"{numbers.count(k)} of {numbers.count(n)} samples in {name}'s training set ({numbers.rate(k / n)})."
    if then is not None:
        rule = "Both versions were trained on as many of them: what changed isn't how many were seen."
        return [Evidence("seen", question, said, 1, rule, k, float(k))]
    if k < limits.decide:
        lean = -3 if k == 0 else -2 if k < limits.test else -1
        return [Evidence("seen", question, said, lean, f"Fewer than {limits.decide} were seen.", k, float(k))]
    often = k >= ENOUGH * limits.decide
    rule = f"{ENOUGH * limits.decide:,} and more were seen." if often else f"{limits.decide} and more were seen."
    return [Evidence("seen", question, said, 1 if often else 0, rule, k, float(k))]


def _seen_change(case: Case, question: str, then: tuple[int, int], now: tuple[int, int]) -> Evidence:
    """How many the candidate saw against the baseline: a ratio of two counts, with the interval of its logarithm."""
    assert case.baseline is not None
    old, new = case.outcomes.versions[case.baseline], case.outcomes.versions[case.candidate]
    ratio, low, high = _ratio(now[0], then[0], case.measure.limits)
    change = f" ({numbers.signed((ratio - 1) * 100, 0)}%)" if then[0] else ""
    all_change = f"; all its samples {numbers.signed((now[1] / then[1] - 1) * 100, 0)}%" if then[1] else ""
    said = f"{numbers.count(then[0])} in {old}'s training set, {numbers.count(now[0])} in {new}'s{change}{all_change}."
    lean = _down(high)
    if lean:
        return Evidence("seen", question, said, -lean, "It saw fewer of them, beyond chance.", now[0], ratio, low, high)
    if low >= RATIOS[0]:
        return Evidence("seen", question, said, 1, "It saw about as many as before, or more.", now[0], ratio, low, high)
    return Evidence("seen", question, said, 0, "Too few to say that it saw fewer.", now[0], ratio, low, high)


def ask_rarer(case: Case, background: Background) -> Evidence | None:
    """Are they rarer in training than here? The share in training over the share here."""
    now = _support(background, case, case.candidate)
    question = "Are they rarer in training than here?"
    if now is None:
        return None  # the row before says why
    k, n, here = now
    n_here = case.outcomes.frame.height
    k_here = round(here * n_here)
    ratio, low, high = _ratio(k, k_here, case.measure.limits, n / n_here)
    said = (
        f"{numbers.rate(k / n)} of training ({numbers.count(k)}), {numbers.rate(here)} here ({numbers.count(k_here)})."
    )
    lean = _down(high)
    if lean:
        return Evidence(
            "rarer", question, said, -lean, "They are rarer in training, beyond chance.", k, ratio, low, high
        )
    if low >= RATIOS[0]:
        rule = "They are about as frequent in training, or more so."
        return Evidence("rarer", question, said, 1, rule, k, ratio, low, high)
    return Evidence("rarer", question, said, 0, "Too few to say that they are rarer.", k, ratio, low, high)


def _ratio(a: int, b: int, limits: Limits, scale: float = 1.0) -> tuple[float, float, float]:
    """A / b / scale with the interval of its logarithm; half a count is added to both so that 0 has one, too."""
    z = two_sided_z(limits.level)
    middle = float(np.log((a + 0.5) / (b + 0.5) / scale))
    reach = z * float(np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5)))
    value = a / b / scale if b else float("inf")
    return value, float(np.exp(middle - reach)), float(np.exp(middle + reach))


def _down(high: float) -> int:
    """How strongly a ratio leans that is below ``high`` for certain."""
    return sum(high < step for step in RATIOS)
