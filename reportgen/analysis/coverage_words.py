"""The words of coverage and power: what the Overview and About say of what the samples cannot show."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen import numbers
from reportgen.analysis.sentences import counted, lowered, noun
from reportgen.model import Combination, Coverage, Link, MetricInfo, Outcomes, Pointer, Power

SECTION = (("at", "limits"),)
"""The state of About that shows the section of what the evidence cannot show."""


def gap_pointer(coverage: Coverage | None, outcomes: Outcomes) -> Pointer | None:
    """How many combinations of two values lack samples, and the worst gap, linked; none where there is no gap."""
    worst = None if coverage is None else worst_gap(coverage)
    if coverage is None or worst is None:
        return None
    n = coverage.n_combinations - coverage.n_covered
    which = f"combinations of two values {'has' if n == 1 else 'have'}"
    none = f", {numbers.count(coverage.n_empty)} of them none" if coverage.n_empty else ""
    return Pointer(
        f"{numbers.count(n)} of {numbers.count(coverage.n_combinations)} {which} fewer than "
        f"{enough(coverage, outcomes, 'or')}{none}; the worst gap is ",
        Link("about", gap_name(worst), SECTION),
        f" with {numbers.count(worst.n) if worst.n else 'none'}.",
    )


def coverage_sentence(coverage: Coverage | None, outcomes: Outcomes) -> str:
    """How many of all combinations of two values have enough samples, how many too few and how many none."""
    if coverage is None:
        return "Fewer than two attributes slice, so there are no combinations of values to cover."
    total = numbers.count(coverage.n_combinations)
    needs = f"the {enough(coverage, outcomes, 'and')} that a slice needs to be tested"
    if coverage.n_covered == coverage.n_combinations:
        said = f"All {total} combinations of two values have {needs}."
    else:
        share = numbers.rate(coverage.n_covered / coverage.n_combinations)
        rest = [
            f"{numbers.count(n)} {'has' if n == 1 else 'have'} {what}"
            for n, what in ((coverage.n_few, "fewer"), (coverage.n_empty, "none"))
            if n
        ]
        verb = "has" if coverage.n_covered == 1 else "have"
        said = (
            f"Of {total} combinations of two values, {numbers.count(coverage.n_covered)} ({share}) {verb} {needs}; "
            f"{' and '.join(rest)}."
        )
    if coverage.n_triples:
        three, all_three = coverage.n_triples_covered or 0, coverage.n_triples
        if three == all_three:
            return f"{said} So do all {numbers.count(all_three)} combinations of three."
        share = numbers.rate(three / all_three)
        said += f" Of {numbers.count(all_three)} combinations of three, {numbers.count(three)} ({share}) have as many."
    return said


def gap_sentence(coverage: Coverage | None, outcomes: Outcomes) -> str:
    """The worst gap with what would be expected of it; empty where there is none."""
    worst = None if coverage is None else worst_gap(coverage)
    if worst is None:
        return ""
    has = "no " + noun(outcomes, 1) if worst.n == 0 else counted(outcomes, worst.n)
    about = max(1, round(worst.n_expected))
    return (
        f"The worst gap is {gap_name(worst)}: it has {has}, and about {counted(outcomes, about)} would be expected if "
        "the two had nothing to do with each other."
    )


def empty_note(outcomes: Outcomes) -> str:
    """What a combination without samples means."""
    things = noun(outcomes)
    return (
        f"None among these {things} means unexamined, or impossible: the {things} can't tell which. "
        "Those that would be expected most often come first."
    )


def worst_gap(coverage: Coverage) -> Combination | None:
    """The combination that lacks most samples against what is expected, of those with none and those with too few."""
    first = [*coverage.empty[:1], *coverage.few[:1]]
    return max(first, key=lambda one: one.n_expected - one.n, default=None)


def gap_name(one: Combination) -> str:
    """A combination as a slice of it would be named: "night × fog"."""
    return " × ".join(term.shown or term.value for term in one.terms)


def enough(coverage: Coverage, outcomes: Outcomes, joint: str = "and") -> str:
    """What a slice needs to be tested: "30 images", "30 images and 10 groups"."""
    groups = "" if coverage.min_groups is None else f" {joint} {coverage.min_groups} groups"
    return f"{coverage.min_samples} {noun(outcomes)}{groups}"


def drop_text(metric: MetricInfo, drop: float | None) -> str:
    """The size of a loss: "2.4 points", "0.12"; a dash where none can be computed."""
    if drop is None:
        return numbers.MISSING
    size = numbers.difference(drop, metric.unit).lstrip("+")
    return f"{size} points" if metric.unit == "rate" else size


def missing_text(one: Power, outcomes: Outcomes) -> str:
    """What a slice lacks to show the drop that its gate allows: "1,310 more images", "enough"."""
    if one.n_more is None:
        return numbers.MISSING
    if one.n_more == 0:
        return "enough"
    if one.n_groups is not None:
        return f"{numbers.count(one.n_more)} more group{'' if one.n_more == 1 else 's'}"
    return f"{numbers.count(one.n_more)} more {noun(outcomes, one.n_more)}"


def power_sentence(
    powers: tuple[Power, ...], metrics: Mapping[str, MetricInfo], names: Mapping[str, str], outcomes: Outcomes
) -> str:
    """What to see in the table of power: the slice that lacks most for its gate, else the smallest drop of the whole.

    ``names`` is how each slice reads, by id.
    """
    lacking = [one for one in powers if one.n_more]
    if lacking:
        most = max(lacking, key=lambda one: (one.n_more or 0, one.slice))
        gated = sum(one.n_more is not None for one in powers)
        verb = "lacks" if len(lacking) == 1 else "lack"
        return (
            f"{numbers.count(len(lacking))} of {numbers.count(gated)} {verb} {noun(outcomes)} to show the loss that "
            f"{'its' if len(lacking) == 1 else 'their'} gate allows. The largest lack is in "
            f"{names.get(most.slice, most.slice)}: {missing_text(most, outcomes)} would show a loss of "
            f"{drop_text(metrics[most.metric], most.limit)}."
        )
    if any(one.n_more is not None for one in powers):
        return f"Every one has enough {noun(outcomes)} to show the loss that its gate allows."
    first = next((one for one in powers if one.smallest_drop is not None), None)
    if first is None:
        return ""
    metric = metrics[first.metric]
    return (
        f"Over {names.get(first.slice, first.slice)} (n = {numbers.count(first.n)}) a loss of "
        f"{drop_text(metric, first.smallest_drop)} or more in {lowered(metric.label)} would show."
    )
