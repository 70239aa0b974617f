"""The answer in one sentence: better, worse somewhere, or can't tell."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import numbers
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.sentences import change_text, counted, not_compared, noun, slice_link, unpaired_text, value_text
from reportgen.model import ALL, Answer, AnswerState, Finding, Link


def answer(facts: Facts, findings: Sequence[Finding]) -> Answer:
    """The answer over the built pair, or the level of the one version."""
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
        support.append(_loss(facts, row))
        links.append(slice_link(one, facts.candidate, "Where it got worse"))
        support.append(_next(facts, worst))
    support.append(_not_tested(facts))
    state, headline = _state(overall["verdict"], worse=worst is not None)
    return Answer(state, headline, _sentence(facts, overall), tuple(s for s in support if s), tuple(links))


def _incomparable(facts: Facts, baseline: str) -> Answer:
    why = not_compared(facts.outcomes, facts.primary, baseline, facts.candidate, facts.apart)
    step = f"Next: have both versions predict the same {noun(facts.outcomes)}."
    if facts.apart is None:
        return Answer("incomparable", "Nothing to compare", why, (step,))
    told = unpaired_text(facts.outcomes, facts.primary, facts.apart)
    links = (Link("compare", "What of it goes with the samples", (("version", facts.candidate),)),)
    return Answer("incomparable", "Measured on different samples", why, (told, step), links)


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
        label = facts.primary.label
        level = f"{label[0].lower() + label[1:]} is {after}, against {before} by {facts.baseline}"
    return f"{word}: {level} ({change_text(facts.primary, row)})."


def _loss(facts: Facts, row: Row) -> str:
    """The worst confirmed loss, in whole things where they are counts."""
    one = facts.slices[row["slice"]]
    place = facts.where(one)
    place = place[0].upper() + place[1:]
    weighted = "weight" in facts.outcomes.frame.columns
    if facts.is_right_or_wrong and not weighted:
        flips = facts.flipped[one.id]
        after = flips["both_right"] + flips["newly_fixed"]
        before = flips["both_right"] + flips["newly_broken"]
        return (
            f"{place} it is worse: it gets {numbers.count(after)} of {counted(facts.outcomes, flips['n'])} right; "
            f"{facts.baseline} got {numbers.count(before)}."
        )
    return f"{place} it is worse: {change_text(facts.primary, row)} (n = {numbers.count(row['n'])})."


def _next(facts: Facts, worst: Finding) -> str:
    link = next((one for one in worst.links if one.page == "examples"), None)
    assert worst.slice is not None
    place = facts.where(facts.slices[worst.slice])
    if link is None:
        return f"Next: collect more {noun(facts.outcomes)} {place} to size the loss."
    return f"Next: look at the {link.text} {place}."


def _not_tested(facts: Facts) -> str:
    """How many slices are too small to have shown a change, with the largest of them."""
    few = [facts.slices[row["slice"]] for row in facts.changes.values() if row["support"] in {"show", "counts"}]
    if not few:
        return ""
    worst = min(few, key=lambda one: (one.level, one.n, one.id))
    many = "slice has" if len(few) == 1 else "slices have"
    return (
        f"Not tested: {numbers.count(len(few))} {many} fewer than {facts.limits.test} {noun(facts.outcomes)}, "
        f"such as {worst.name} with {numbers.count(worst.n)}."
    )


def _single(facts: Facts, findings: Sequence[Finding]) -> Answer:
    row = facts.level()
    value = value_text(facts.primary, row["value"])
    interval = numbers.interval(row["low"], row["high"], facts.primary.unit, None, " to ")
    n = counted(facts.outcomes, row["n"])
    if facts.is_right_or_wrong:
        sentence = f"{facts.candidate} classifies {value} of {n} right (95% {interval})."
    else:
        label = facts.primary.label
        sentence = f"{facts.candidate} has a {label[0].lower() + label[1:]} of {value} on {n} (95% {interval})."
    weak = next((f for f in findings if f.kind == "weak" and f.slice), None)
    support: list[str] = []
    links: list[Link] = []
    if weak is not None and weak.slice is not None:
        support.append(weak.text)
        links.append(slice_link(facts.slices[weak.slice], None, "The weakest slice"))
    support.append("There is one version, so nothing is compared: add a second one's predictions to see what changed.")
    return Answer("single", value, sentence, tuple(support), tuple(links))
