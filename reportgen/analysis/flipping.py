"""Findings of flips that the change as a whole hides."""

from __future__ import annotations

import polars as pl

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import COVERED
from reportgen.analysis.judged_words import fill, words_of
from reportgen.analysis.sentences import counted, examples_link, noun
from reportgen.model import ALL, Effect, Finding, Link

LEAST_BROKEN = 0.01
"""Newly broken samples are told of themselves where for certain more than one in a hundred is."""


def find_hidden_flips(facts: Facts, taken: set[int]) -> list[Finding]:
    """That many samples broke although the whole shows no clear change, or got better; none where few did.

    A loss of the whole tells it already. Their number is certain; how many of them another training would break too is
    not known.
    """
    if facts.overall["verdict"] == "worse" or facts.flip_codes is None:
        return []
    row = _newly_broken(facts)
    if row is None or row["low"] is None or row["low"] < LEAST_BROKEN:
        return []
    flips = facts.flipped[ALL]
    broken, fixed, n = flips["newly_broken"], flips["newly_fixed"], flips["n"]
    things = noun(facts.outcomes)
    words = words_of(facts.outcomes)
    hides = "The gain" if facts.overall["verdict"] == "better" else "No clear change"
    said = fill(
        words.hidden_counts,
        baseline=str(facts.baseline),
        candidate=facts.candidate,
        broken_counted=counted(facts.outcomes, broken),
        broken=numbers.count(broken),
        fixed=numbers.count(fixed),
        n=numbers.count(n),
    )
    share = f"{facts.level_word} {numbers.interval(row['low'], row['high'], 'rate')}"
    where = _concentration(facts, broken)
    links = [
        examples_link(
            "newly_broken",
            broken,
            words.newly_broken,
            facts.slices[ALL],
            facts.attributes,
            facts.candidate,
        )
    ]
    links.append(Link("compare", "What changed", (("version", facts.candidate),)))
    return [
        Finding(
            kind="flips",
            severity="watch",
            reason="Hidden in the whole",
            headline=f"{hides} hides {things} that {facts.candidate} {words.hidden_verb}",
            text=" ".join(part for part in (said, where) if part),
            slice=ALL,
            metric="newly_broken_rate",
            effect=Effect(
                figure=numbers.rate(row["value"]),
                unit=f"{words.share_broken} · {share} · n = {numbers.count(n)}",
                verdict="unclear",
                kind="none",
                metric="newly_broken_rate",
            ),
            links=tuple(links),
            rows=facts.hardest(facts.flip_codes == 2, taken),
            grounds=grounds.of_flips(facts),
            weight=float(row["low"] * n),
        )
    ]


def _newly_broken(facts: Facts) -> Row | None:
    table = facts.estimates.filter(
        (pl.col("metric") == "newly_broken_rate") & (pl.col("version") == facts.candidate) & (pl.col("slice") == ALL)
    )
    return table.row(0, named=True) if table.height else None


def _concentration(facts: Facts, broken: int) -> str:
    """Where they are, if one attribute's value holds most of them and far fewer of all samples."""
    total = facts.slices[ALL].n
    best = max(
        (
            (facts.flipped[one.id]["newly_broken"] / broken / (one.n / total), one)
            for one in facts.slices.values()
            if one.level == 1 and one.id in facts.flipped and facts.flipped[one.id]["newly_broken"] >= COVERED * broken
        ),
        key=lambda item: (item[0], item[1].id),
        default=None,
    )
    if best is None or best[0] < 2:
        return ""
    ratio, one = best
    share = numbers.rate(facts.flipped[one.id]["newly_broken"] / broken, 0)
    broken_ones = words_of(facts.outcomes).broken_ones
    return (
        f"{share} of the {broken_ones} are {facts.where(one)}, which holds {numbers.rate(one.n / total, 0)} of all: "
        f"{numbers.plain(ratio, 1)} times its share."
    )
