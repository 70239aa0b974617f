"""Findings of scenarios that nobody examined."""

from __future__ import annotations

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.coverage_words import SECTION, gap_name
from reportgen.analysis.facts import Facts
from reportgen.analysis.sentences import counted, noun
from reportgen.model import Effect, Finding, Link


def find_gaps(facts: Facts) -> list[Finding]:
    """That combinations of two values have no samples although some were to be expected; none where all have some.

    To be expected: as many as a slice needs to be tested, if the two attributes had nothing to do with each other.
    Combinations that lack fewer would be missing in any set of this size.
    """
    coverage = facts.coverage
    if coverage is None or not coverage.empty or coverage.empty[0].n_expected < coverage.min_samples:
        return []
    worst = coverage.empty[0]
    things = noun(facts.outcomes)
    many = "combination of two values has" if coverage.n_empty == 1 else "combinations of two values have"
    them = "it, or it" if coverage.n_empty == 1 else "them, or they"
    share = numbers.rate(coverage.n_covered / coverage.n_combinations)
    return [
        Finding(
            kind="coverage",
            severity="data",
            reason="Not examined",
            headline=f"{numbers.count(coverage.n_empty)} {many} no {things}",
            text=(
                f"Nobody examined {them} cannot be. The largest gap is {gap_name(worst)}: about "
                f"{counted(facts.outcomes, round(worst.n_expected))} would have both if the two had nothing to do with "
                "each other."
            ),
            slice=None,
            metric=None,
            effect=Effect(
                figure=share,
                unit=f"of {numbers.count(coverage.n_combinations)} combinations of two values have the "
                f"{counted(facts.outcomes, coverage.min_samples)} that a test needs",
                verdict="unclear",
                kind="none",
            ),
            links=(Link("about", "What was not examined", SECTION),),
            grounds=grounds.of_gaps(facts),
            weight=float(worst.n_expected),
        )
    ]
