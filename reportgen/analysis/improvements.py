"""The finding of what got better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import certain_loss, difference_effect, separate_stories
from reportgen.analysis.judged_words import fill, words_of
from reportgen.analysis.sentences import examples_link, find_flip_ratio, listed
from reportgen.model import ALL, Finding, Link, Slice

MOST_WORDS = 12
"""A headline is read at one glance."""


def find_improvement(facts: Facts, taken: set[int]) -> list[Finding]:
    """What got better: the whole, or else the slices that gained most, which then are the evidence."""
    told = [row for row in facts.with_verdict("better") if facts.is_told("change", row)]
    overall = facts.overall
    if overall["verdict"] != "better" and not told:
        return []
    gains = separate_stories(facts, [row for row in told if row["support"] == "decide"] or told)
    top = sorted((row for row, _ in gains), key=lambda row: (-abs(row["delta"]), row["slice"]))[:2]
    n_better = facts.tally["better"]
    lead = f"{facts.candidate} is better"
    if overall["verdict"] != "better":
        lead = f"{facts.candidate} is better in places"
    headline, top = _headline(facts, lead, top)
    gained = [facts.slices[row["slice"]] for row in top]
    flips = facts.flipped[ALL]
    assert facts.flip_codes is not None
    shown = [facts.slices[ALL]] if overall["verdict"] == "better" else gained
    inside = np.logical_or.reduce([facts.rows(one.id) for one in shown])
    return [
        Finding(
            kind="improvement",
            severity="better",
            reason=_reason(n_better),
            headline=headline,
            text=" ".join(part for part in (_ratio_sentence(facts, flips), _tally_sentence(facts)) if part),
            slice=shown[0].id,
            metric=facts.primary.name,
            effect=difference_effect(facts, [overall, *top] if overall["verdict"] == "better" else [*top, overall]),
            links=(*_fixed_links(facts, shown), Link("slices", "All slices", (("version", facts.candidate),))),
            rows=facts.hardest(inside & (facts.flip_codes == 1), taken),
            grounds=grounds.of_improvement(facts),
            weight=certain_loss(overall if overall["verdict"] == "better" else facts.changes[shown[0].id]),
        )
    ]


def _reason(n_better: int) -> str:
    if not n_better:
        return "As a whole"
    return "1 slice" if n_better == 1 else f"{numbers.count(n_better)} slices"


def _headline(facts: Facts, lead: str, top: list[Row]) -> tuple[str, list[Row]]:
    """The headline, and of the slices that gained most those that it has room to name."""
    for n in range(len(top), 0, -1):
        said = f"{lead}, most of all on {listed([facts.slices[row['slice']].name for row in top[:n]])}"
        if len(said.split()) <= MOST_WORDS:
            return said, top[:n]
    return lead, top


def _fixed_links(facts: Facts, shown: Sequence[Slice]) -> list[Link]:
    """A link to the samples that were fixed in each of the slices, which it names where there are several."""
    fixed = words_of(facts.outcomes).newly_fixed
    return [
        examples_link(
            "newly_fixed",
            n,
            f"{fixed}: {one.name}" if len(shown) > 1 else fixed,
            one,
            facts.attributes,
            facts.candidate,
        )
        for one in shown
        if (n := facts.flipped[one.id]["newly_fixed"])
    ]


def _ratio_sentence(facts: Facts, flips: Row) -> str:
    ratio = find_flip_ratio(facts.estimates, facts.candidate, facts.limits.level, " to ")
    if ratio is None or not flips["newly_broken"] or not ratio.is_clear:
        return ""
    bounds = f" ({ratio.bounds})" if ratio.bounds else ""
    template = words_of(facts.outcomes).flip_ratio
    return fill(template, candidate=facts.candidate, ratio=ratio.value, bounds=bounds)


def _tally_sentence(facts: Facts) -> str:
    n_better, n_worse, rest = (facts.tally[verdict] for verdict in ("better", "worse", "unclear"))
    total = n_better + n_worse + rest
    if not total:
        return ""
    improve = "improves" if n_better == 1 else "improve"
    gets = "gets" if n_worse == 1 else "get"
    said = f"{numbers.count(n_better)} of {numbers.count(total)} slices {improve} beyond chance"
    if not rest:
        return f"{said}, {numbers.count(n_worse)} {gets} worse."
    other = f"the other {numbers.count(rest)} can't be told apart from no change"
    return f"{said}, {numbers.count(n_worse)} {gets} worse, {other}."
