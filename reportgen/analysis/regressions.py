"""Findings of what got worse, or that nothing did."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import (
    certain_loss,
    chance_sentence,
    difference_effect,
    separate_stories,
    share_of_all,
)
from reportgen.analysis.judged_words import fill, words_of
from reportgen.analysis.power import smallest_drop
from reportgen.analysis.sentences import (
    change_text,
    counted,
    examples_link,
    listed,
    lowered,
    not_compared,
    noun,
    slice_link,
    split_text,
    unit_word,
    value_text,
)
from reportgen.model import ALL, Effect, Finding, Gate, Link, MetricInfo, Slice, Unpaired

CRITICAL_RATE, CRITICAL_PART = 0.01, 0.05
"""A loss in a slice is critical where even its interval's near end is a point, or 5 % of what is no rate."""


TOLD_OF = 500
"""Samples of the slice of which it is told what loss could have been noticed; of fewer in all, of all."""


def find_regressions(facts: Facts, taken: set[int], n: int, gates: Sequence[Gate] = ()) -> list[Finding]:
    """At most n slices that got worse, each with those that tell its story; the whole first where it is worse."""
    found = []
    if facts.overall["verdict"] == "worse":
        found.append(_regression(facts, facts.overall, [], taken, gates))
    worse = [
        row
        for row in facts.with_verdict("worse")
        if facts.is_told("change", row) or fails_a_gate(gates, facts.primary.name, row["slice"])
    ]
    for row, folded in separate_stories(facts, worse)[:n]:
        found.append(_regression(facts, row, folded, taken, gates))
    return found


def fails_a_gate(gates: Sequence[Gate], metric: str, slice_id: str) -> bool:
    """Whether a release gate on the metric fails in the slice."""
    return any(
        gate.state == "fails" and gate.metric == metric and slice_id in {gate.slice, *gate.failing} for gate in gates
    )


def find_critical_in_doubt(facts: Facts) -> list[Finding]:
    """The slices that the manifest calls critical and whose change can't be told, widest interval first."""
    rows = [
        facts.changes[one.id] for one in facts.slices.values() if one.critical is not None and one.id in facts.changes
    ]
    doubtful = [row for row in rows if row["verdict"] in {"unclear", "too_few"}]
    return [_in_doubt(facts, row) for row in sorted(doubtful, key=lambda row: (row["n"], row["slice"]))]


def _in_doubt(facts: Facts, row: Row) -> Finding:
    one = facts.slices[row["slice"]]
    metric = facts.primary
    few = row["verdict"] == "too_few" or row["low"] is None
    if few:
        text = _too_few_sentence(facts, one, row)
    else:
        worst = row["low"] if metric.higher_is_better else row["high"]
        loss = numbers.difference(abs(worst), metric.unit, row["decimals"]).lstrip("+")
        unit = unit_word(metric) or f"of {lowered(metric.label)}"
        rest = f"A loss of up to {loss} {unit} could hide in it." if _is_loss(metric, worst) else ""
        text = (
            f"{_first_sentence(facts, one, row)} That is within chance "
            f"({change_text(metric, row, facts.limits.level)}). {rest}"
        ).rstrip()
    return Finding(
        kind="critical",
        severity="watch",
        reason="Named critical",
        headline=f"Can't tell whether {facts.candidate} got worse {facts.where(one)}",
        text=text,
        slice=one.id,
        metric=metric.name,
        effect=None if row["low"] is None or row["support"] == "counts" else difference_effect(facts, [row]),
        links=(slice_link(one, facts.candidate),),
        state="too_few" if few else "inconclusive",
        grounds=grounds.of_change(facts, one),
    )


def _is_loss(metric: MetricInfo, delta: float) -> bool:
    return delta < 0 if metric.higher_is_better else delta > 0


def _too_few_sentence(facts: Facts, one: Slice, row: Row) -> str:
    """Counts alone, below what a share needs; then what a test needs."""
    things = noun(facts.outcomes)
    need = numbers.count(facts.limits.test)
    if row["n_groups"] is not None:
        need += f" {things} from {numbers.count(facts.limits.groups)} groups"
    said = f"There are {counted(facts.outcomes, row['n'])} {facts.where(one)}; a test needs {need}."
    if row["n"] == 1:
        said = said.replace("There are", "There is", 1)
    if not facts.is_right_or_wrong or not row["n"] or "weight" in facts.outcomes.frame.columns:
        return said
    flips = facts.flipped[one.id]
    after = flips["both_right"] + flips["newly_fixed"]
    before = flips["both_right"] + flips["newly_broken"]
    return f"{said} {facts.candidate} gets {numbers.count(after)} right, {facts.baseline} got {numbers.count(before)}."


def _regression(facts: Facts, row: Row, folded: Sequence[Row], taken: set[int], gates: Sequence[Gate]) -> Finding:
    one = facts.slices[row["slice"]]
    flips = facts.flipped[one.id]
    base, cand = facts.baseline, facts.candidate
    near = min(abs(row["low"]), abs(row["high"]))
    limit = CRITICAL_RATE if facts.primary.unit == "rate" else CRITICAL_PART * abs(row["value_baseline"])
    fails = fails_a_gate(gates, facts.primary.name, one.id)
    critical = near >= limit or one.id == ALL or fails or one.critical is not None
    falls = words_of(facts.outcomes).drops if facts.primary.higher_is_better else "is further off"
    verb = "gets worse" if facts.is_right_or_wrong else falls
    text = [_first_sentence(facts, one, row), _flip_sentence(facts, flips), chance_sentence(facts, row)]
    if folded:
        text.append(_folded_sentence(facts, folded))
    links = []
    if flips["newly_broken"]:
        label = words_of(facts.outcomes).newly_broken
        links.append(examples_link("newly_broken", flips["newly_broken"], label, one, facts.attributes, cand))
    if one.terms:
        links.append(slice_link(one, cand))
    else:
        links.append(Link("compare", "What changed", (("version", cand),)))
    assert facts.flip_codes is not None
    return (
        Finding(
            kind="regression",
            severity="critical" if critical else "watch",
            reason="Gate fails"
            if fails
            else "Named critical"
            if one.critical is not None
            else share_of_all(facts, one),
            headline=f"{cand} {verb} {facts.where(one)}",
            text=" ".join(part for part in text if part),
            slice=one.id,
            metric=facts.primary.name,
            effect=difference_effect(facts, [row] if one.id == ALL else [row, facts.overall]),
            links=tuple(links),
            rows=facts.hardest(facts.rows(one.id) & (facts.flip_codes == 2), taken),
            grounds=grounds.of_change(facts, one),
            weight=certain_loss(row),
        )
        if base
        else nothing_worse(facts)
    )


def _standing(facts: Facts, one: Slice) -> str:
    return share_of_all(facts, one) if one.critical is None else "Named critical"


def _first_sentence(facts: Facts, one: Slice, row: Row) -> str:
    metric = facts.primary
    ends = row["value_baseline"], row["value_candidate"]
    before, after = (value_text(metric, value, row["decimals"]) for value in ends)
    verb = "got" if facts.is_right_or_wrong else "was by" if metric.name == "mae" else "had"
    return facts.level_sentence(one, row["n"], after, f"{facts.baseline} {verb} {before}")


def _flip_sentence(facts: Facts, flips: Row) -> str:
    broken, fixed = numbers.count(flips["newly_broken"]), numbers.count(flips["newly_fixed"])
    return fill(words_of(facts.outcomes).flip_counts, broken=broken, fixed=fixed)


def _folded_sentence(facts: Facts, folded: Sequence[Row]) -> str:
    names = [facts.slices[row["slice"]].name for row in folded[:2]]
    if len(folded) > 2:
        names.append(f"{numbers.count(len(folded) - 2)} more")
    verb = "tells" if len(folded) == 1 else "tell"
    return f"{listed(names)} {verb} the same story."


def nothing_worse(facts: Facts) -> Finding:
    """Said where no loss was found: with what could have been noticed, or that nothing could be tested."""
    metric = facts.primary
    if not facts.n_tested and facts.overall["verdict"] == "too_few":
        return _nothing_tested(facts)
    among = min(TOLD_OF, int(facts.overall["n"]))
    smallest = smallest_drop(facts.overall, facts.limits.level, among)
    text = f"No slice got worse beyond chance: {numbers.count(facts.n_tested)} were tested."
    if worse := len(facts.with_verdict("worse")):
        looks = "slice looks" if worse == 1 else "slices look"
        text = (
            f"Of {numbers.count(facts.n_tested)} slices tested, {numbers.count(worse)} {looks} worse: not beyond what "
            "chance brings where as much is asked as in this report."
        )
    if smallest is not None:
        size = numbers.difference(smallest, metric.unit).lstrip("+")
        unit = f" {unit_word(metric)}" if unit_word(metric) else f" of {lowered(metric.label)}"
        where = f"in a slice of {TOLD_OF} {noun(facts.outcomes)}"
        if among < TOLD_OF:
            where = f"over all {counted(facts.outcomes, among)}"
        text += f" Smallest loss we could have noticed: about {size}{unit} {where}."
    return Finding(
        kind="none",
        severity="better" if facts.overall["verdict"] == "better" else "data",
        reason="No loss found",
        headline="Nothing got worse beyond chance",
        text=text,
        slice=ALL,
        metric=metric.name,
        effect=difference_effect(facts, [facts.overall]),
        links=(Link("slices", "All slices", (("version", facts.candidate),)),),
        state="inconclusive",
        grounds=grounds.of_nothing(facts),
    )


def _nothing_tested(facts: Facts) -> Finding:
    row = facts.overall
    return Finding(
        kind="none",
        severity="data",
        reason="Too few to tell",
        headline=f"There are too few {noun(facts.outcomes)} to test for a change",
        text=_too_few_sentence(facts, facts.slices[ALL], row).replace(" overall;", ";"),
        slice=ALL,
        metric=facts.primary.name,
        effect=None,
        links=(Link("slices", "All slices", (("version", facts.candidate),)),),
        state="too_few",
        grounds=grounds.of_nothing(facts),
    )


def nothing_compared(facts: Facts) -> Finding:
    """Said in the place of what got worse, where the built pair has no paired difference."""
    assert facts.baseline is not None
    apart = facts.apart
    why = not_compared(facts.outcomes, facts.primary, facts.baseline, facts.candidate, apart)
    split = "" if apart is None else split_text(facts.outcomes, facts.primary, apart, facts.limits.level)
    return Finding(
        kind="none",
        severity="data",
        reason="Not compared",
        headline="Nothing can be compared" if apart is None else "The versions were measured on different samples",
        text=f"{why} {split}".rstrip(),
        slice=None,
        metric=None if apart is None else facts.primary.name,
        effect=None if apart is None else _unpaired_effect(facts, apart),
        links=(Link("about", "All data notes", (("at", "notes"),)),),
        state="inconclusive",
        grounds=""
        if apart is None
        else f"Each version over its own {noun(facts.outcomes)}: the {noun(facts.outcomes)} can make the difference.",
    )


def _unpaired_effect(facts: Facts, one: Unpaired) -> Effect:
    metric = facts.primary
    decimals = numbers.difference_decimals(one.value_baseline, one.value_candidate, one.delta, metric.unit)
    interval = numbers.difference_interval(one.low, one.high, metric.unit, decimals)
    n = f"{numbers.count(one.n_baseline)} and {numbers.count(one.n_candidate)}"
    return Effect(
        figure=numbers.difference(one.delta, metric.unit, decimals),
        unit=f"{unit_word(metric) or lowered(metric.label)}, unpaired · {facts.level_word} {interval} · n = {n}",
        verdict="unclear",
        kind="none",
        metric=metric.name,
    )
