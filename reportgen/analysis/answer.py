"""The answer in one sentence: better, worse somewhere, or can't tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.coverage_words import gap_pointer
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.leads import led_by_gates, loss_sentence
from reportgen.analysis.sentences import (
    change_text,
    counted,
    lowered,
    not_compared,
    noun,
    slice_link,
    unpaired_text,
    value_text,
)
from reportgen.model import ALL, Answer, AnswerState, Finding, Gate, Link, Pointer, Power, Slice


def answer(
    facts: Facts, findings: Sequence[Finding], gates: Sequence[Gate] = (), powers: Sequence[Power] = ()
) -> Answer:
    """The answer over the built pair, or the level of the one version; a gate that fails leads it.

    ``powers`` say how many more samples a gate that can't tell lacks.
    """
    return led_by_gates(facts, _answer(facts, findings), gates, powers)


def _answer(facts: Facts, findings: Sequence[Finding]) -> Answer:
    if facts.baseline is None:
        return _single(facts, findings)
    if not facts.is_compared:
        return _incomparable(facts, facts.baseline)
    overall = facts.overall
    worst = next((f for f in findings if f.kind == "regression" and f.slice not in {None, ALL}), None)
    links = []
    support = []
    if worst is not None and worst.slice is not None:
        one = facts.slices[worst.slice]
        row = facts.changes[one.id]
        support.append(loss_sentence(facts, row))
        links.append(slice_link(one, facts.candidate, "Where it got worse"))
    missed = next((f for f in findings if f.kind == "newly_missed"), None)
    if missed is not None:
        support.append(f"{missed.headline}.")
        links.append(replace(missed.links[-1], text="Which objects"))
    state, headline = _state(overall["verdict"], worse=worst is not None or missed is not None)
    return Answer(
        state,
        headline,
        _sentence(facts, overall),
        tuple(support),
        tuple(links),
        next=_next(facts, worst)
        if worst is not None
        else Pointer("Look at the ", missed.links[0], ".")
        if missed is not None
        else None,
        not_tested=_not_tested(facts),
    )


def _incomparable(facts: Facts, baseline: str) -> Answer:
    why = not_compared(facts.outcomes, facts.primary, baseline, facts.candidate, facts.apart)
    step = Pointer(f"Have both versions predict the same {noun(facts.outcomes)}.")
    if facts.apart is None:
        return Answer("incomparable", "Nothing to compare", why, next=step, not_tested=_not_tested(facts))
    told = unpaired_text(facts.outcomes, facts.primary, facts.apart, facts.limits.level)
    links = (Link("compare", "What of it goes with the samples", (("version", facts.candidate),)),)
    return Answer("incomparable", "Measured on different samples", why, (told,), links, step, _not_tested(facts))


def _state(verdict: str, *, worse: bool) -> tuple[AnswerState, str]:
    if verdict == "worse":
        return "worse", "Worse"
    if worse:
        return "worse_somewhere", "Better overall, worse in places" if verdict == "better" else "Worse in places"
    if verdict == "better":
        return "better", "Better"
    return "unclear", "Can't tell yet"


def _sentence(facts: Facts, row: Row) -> str:
    before, after = (value_text(facts.primary, row[k], row["decimals"]) for k in ("value_baseline", "value_candidate"))
    word = {
        "better": f"{facts.candidate} is better overall",
        "worse": f"{facts.candidate} is worse overall",
        "too_few": "There are too few samples to compare",
    }.get(row["verdict"], f"No clear change overall from {facts.baseline} to {facts.candidate}")
    if facts.is_right_or_wrong:
        level = f"{after} of {noun(facts.outcomes)} are classified right, against {before} by {facts.baseline}"
    else:
        metric = facts.primary
        level = f"{lowered(metric.label)} ({metric.plain}) is {after}, against {before} by {facts.baseline}"
    change = change_text(facts.primary, row, facts.limits.level)
    return f"{word}: {level} ({change}).{_both_ends(facts, row)}"


def _both_ends(facts: Facts, row: Row) -> str:
    """Which samples the two values are over, where that is not all of them."""
    frame = facts.outcomes.frame
    total = frame.height
    if row["n"] == total:
        return ""
    scored = [columns.scored(facts.outcomes.versions.index(row[end])) for end in ("baseline", "candidate")]
    if facts.outcomes.parts is not None and frame.select(pl.all_horizontal(scored).sum()).item() > row["n"]:
        part = words_of(facts.outcomes).part
        assert part is not None
        which = f"{counted(facts.outcomes, row['n'])} with {part.many}, true or told"
        return f" Both values are over the {which}, of {numbers.count(total)}."
    return f" Both values are over the {counted(facts.outcomes, row['n'])} that both scored, of {numbers.count(total)}."


def _next(facts: Facts, worst: Finding) -> Pointer:
    """What settles the worst loss: its broken samples, or more of its kind."""
    place = facts.where(facts.slices[worst.slice or ALL])
    link = next((one for one in worst.links if one.page == "examples"), None)
    if link is None:
        return Pointer(f"Collect more {noun(facts.outcomes)} {place} to size the loss.")
    return Pointer("Look at the ", link, f" {place}.")


def _not_tested(facts: Facts) -> Pointer | None:
    """How many combinations of two values lack samples, and the worst gap; of one attribute, how many values do."""
    return gap_pointer(facts.coverage, facts.outcomes) if facts.coverage is not None else _small_slices(facts)


def _small_slices(facts: Facts) -> Pointer | None:
    """How many slices are too small to have shown a change, and the smallest of them."""
    few = [
        facts.slices[row["slice"]]
        for row in facts.changes.values()
        if row["support"] in {"show", "counts"} and row["slice"] not in facts.axes.pinned
    ]
    if not few:
        return None
    worst = min(few, key=lambda one: (one.n, one.id))
    many = "slice has" if len(few) == 1 else "slices have"
    return Pointer(
        f"{numbers.count(len(few))} {many} fewer than {facts.limits.test} {noun(facts.outcomes)}; the worst gap is ",
        slice_link(worst, facts.candidate, _gap_text(facts, worst)),
        f", with {numbers.count(worst.n)}.",
    )


def _gap_text(facts: Facts, one: Slice) -> str:
    """A slice in a sentence: by the manifest's phrase where it has one."""
    said = facts.where(one)
    return one.name if said == f"in {one.name}" else said


def _single(facts: Facts, findings: Sequence[Finding]) -> Answer:
    row = facts.level()
    value = value_text(facts.primary, row["value"])
    interval = f"{facts.level_word} {numbers.interval(row['low'], row['high'], facts.primary.unit, None, ' to ')}"
    n = counted(facts.outcomes, row["n"])
    if facts.is_right_or_wrong:
        sentence = f"{facts.candidate} classifies {value} of {n} right ({interval})."
    else:
        metric = facts.primary
        sentence = f"{metric.label} of {facts.candidate} ({metric.plain}) is {value} on {n} ({interval})."
    weak = next((f for f in findings if f.kind == "weak" and f.slice), None)
    support: list[str] = []
    links: list[Link] = []
    if weak is not None and weak.slice is not None:
        support.append(weak.text)
        links.append(slice_link(facts.slices[weak.slice], None, "The weakest slice"))
    support.append("There is one version, so nothing is compared: add a second one's predictions to see what changed.")
    return Answer("single", value, sentence, tuple(support), tuple(links), not_tested=_not_tested(facts))
