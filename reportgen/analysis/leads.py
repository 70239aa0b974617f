"""What the gates put before everything else in the answer: the failure that hurts most, or what would decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen import numbers
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.gate_words import boundary, gate_words
from reportgen.analysis.sentences import change_text, counted, noun, opening, slice_link
from reportgen.model import ALL, Answer, Gate, Link, Pointer, Power


def led_by_gates(facts: Facts, found: Answer, gates: Sequence[Gate], powers: Sequence[Power]) -> Answer:
    """The answer with the gates' lead before its own: the worst failure in whole things, and what comes next.

    Where none fails and some can't tell, what comes next is what would decide one of them.
    """
    failing = [gate for gate in gates if gate.state == "fails"]
    if failing:
        worst = max(failing, key=lambda gate: (_excess(gate), -gates.index(gate)))
        lead = _failure(facts, worst)
        # what the gate fails for is told once: not the answer's own loss again, where it is one of the gate's
        told = {worst.slice, *worst.failing, _of_class(facts, worst)}
        is_told = any(name == "slice" and key in told for link in found.links for name, key in link.state)
        return replace(
            found,
            support=(lead.sentence, *(() if is_told else found.support)),
            links=(*((lead.link,) if lead.link else ()), *(() if is_told else found.links)),
            next=lead.next or found.next,
        )
    step = _deciding(facts, [gate for gate in gates if gate.state == "undecided"], powers)
    return found if step is None else replace(found, next=step)


def loss_sentence(facts: Facts, row: Row) -> str:
    """A loss inside a slice, in whole things where they are counts: "At night it is worse: it gets 71 of 131 …"."""
    one = facts.slices[row["slice"]]
    place = opening(one, facts.attributes, noun(facts.outcomes))
    if facts.is_right_or_wrong and not _is_weighted(facts):
        flips = facts.flipped[one.id]
        after = flips["both_right"] + flips["newly_fixed"]
        before = flips["both_right"] + flips["newly_broken"]
        return (
            f"{place} it is worse: it gets {numbers.count(after)} of {counted(facts.outcomes, flips['n'])} right; "
            f"{facts.baseline} got {numbers.count(before)}."
        )
    change = change_text(facts.primary, row, facts.limits.level)
    return f"{place} it is worse: {change} (n = {numbers.count(row['n'])})."


@dataclass(frozen=True)
class _Lead:
    sentence: str
    link: Link | None
    next: Pointer | None


def _excess(gate: Gate) -> float:
    """What is certain to lie beyond the limit, in the samples that it stands for."""
    limit, side = boundary(gate)
    if gate.value is None:
        return 0.0
    low, high = (gate.value if end is None else end for end in (gate.low, gate.high))
    beyond = limit - high if side == "below" else low - limit
    return beyond if gate.unit == "count" else beyond * gate.n


def _failure(facts: Facts, gate: Gate) -> _Lead:
    one = facts.slices.get(gate.slice or ALL)
    version = facts.candidate if facts.baseline is not None else None
    link = None if one is None or one.id == ALL else slice_link(one, version, "Where the gate fails")
    hard = (link for link in gate.links if link.page == "examples" and ("set", "all") not in link.state)
    samples = next(hard, None)
    place = "" if one is None or one.id == ALL else f" {facts.where(one)}"
    step = Pointer("Look at the ", samples, f"{place}.") if samples else None
    return _Lead(_told(facts, gate), link, step)


def _of_class(facts: Facts, gate: Gate) -> str | None:
    """The slice of a recall gate's own samples, which are its place's of one class: right there is found there."""
    if gate.metric != "recall" or gate.klass is None:
        return None
    place = facts.slices[gate.slice or ALL].terms
    targets = {a.name for a in facts.attributes if a.kind == "target"}
    for one in facts.slices.values():
        more = [(term.attribute in targets, term.value) for term in one.terms if term not in place]
        if more == [(True, gate.klass)] and len(one.terms) == len(place) + 1:
            return one.id
    return None


def _told(facts: Facts, gate: Gate) -> str:
    """The failure as a sentence; in whole things where its figure counts some."""
    row = facts.changes.get(gate.slice or "")
    if gate.kind == "max_drop" and gate.metric == facts.primary.name and gate.klass is None and row is not None:
        return loss_sentence(facts, row)
    if gate.metric == "recall" and gate.klass is not None and gate.value is not None and not _is_weighted(facts):
        return _recognised(facts, gate)
    words = gate_words(gate, facts.limits.level, {one.id: one.name for one in facts.slices.values()})
    figure = ", ".join(part for part in (words.figure, words.interval, words.n) if part)
    return f"{words.name}{f' ({words.place})' if words.place else ''}: {figure}; {words.limit}."


def _recognised(facts: Facts, gate: Gate) -> str:
    """How many of a class are found: "On images labelled 7 it finds 71 of 131; v1 found 110"."""
    one = facts.slices[gate.slice or ALL]
    n, assigned = gate.n, f"labelled {gate.klass}"
    row = facts.comparison_in(gate.metric, gate.klass, one.id)
    ends = (gate.value, None)
    if gate.kind == "max_drop" and row is not None:
        ends = (row["value_candidate"], row["value_baseline"])
    elif row is not None and row["n"] == n:
        ends = (gate.value, row["value_baseline"])
    now, before = (None if end is None else numbers.count(round(end * n)) for end in ends)
    things = counted(facts.outcomes, n)
    place = "It" if one.id == ALL else f"{opening(one, facts.attributes, noun(facts.outcomes))} it"
    against = f"; {facts.baseline} found {before}" if before is not None else ""
    asked = "" if gate.kind == "max_drop" else f", {gate.rule} is asked"
    return f"{place} finds {now} of {things} {assigned}{against}{asked}."


def _deciding(facts: Facts, undecided: Sequence[Gate], powers: Sequence[Power]) -> Pointer | None:
    """How many more samples would decide a gate that can't tell, of the one that lacks fewest; none if unknown."""
    names = {gate.name for gate in undecided}
    lacking = [one for one in powers if one.gate in names and one.n_more]
    if not lacking:
        return None
    least = min(lacking, key=lambda one: (one.n_more or 0, one.slice, one.gate or ""))
    things = noun(facts.outcomes) if least.n_groups is None else f"groups of {noun(facts.outcomes)}"
    told = f"About {numbers.count(least.n_more or 0)} more {things}"
    one = facts.slices[least.slice]
    if one.id == ALL:
        return Pointer(f"{told} would decide “{least.gate}”.")
    link = slice_link(one, facts.candidate if facts.baseline is not None else None, one.name)
    return Pointer(f"{told} of ", link, f" would decide “{least.gate}”.")


def _is_weighted(facts: Facts) -> bool:
    return "weight" in facts.outcomes.frame.columns
