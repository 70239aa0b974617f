"""What people believe, held against the evidence: the lines of ``expect``."""

from __future__ import annotations

import polars as pl

from reportgen import numbers
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.gates import spoken
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.limits import Reading, bound_of, change_of, level_of
from reportgen.analysis.sentences import (
    change_text,
    counted,
    lowered,
    not_compared,
    noun,
    opening,
    slice_link,
    value_text,
)
from reportgen.analysis.slices import slice_id
from reportgen.declarations import BeliefRule, Declarations
from reportgen.model import ALL, Belief, BeliefState, GateKind, Link, MetricInfo, Slice


def hold_beliefs(facts: Facts, declarations: Declarations) -> tuple[Belief, ...]:
    """Every line of ``expect``, in its order: confirmed, refuted or can't tell, with the evidence in a sentence."""
    return tuple(_hold(facts, rule) for rule in declarations.beliefs)


def _hold(facts: Facts, rule: BeliefRule) -> Belief:
    one = facts.slices.get(slice_id(rule.where))
    if one is None:
        return Belief(rule.text, "undecided", f"No {noun(facts.outcomes, 1)} is in {spoken(rule.where)}.")
    state, evidence = _level(facts, rule, one) if rule.limit is not None else _comparison(facts, rule, one)
    return Belief(rule.text, state, evidence, one.id, _links(facts, rule, one))


def _comparison(facts: Facts, rule: BeliefRule, one: Slice) -> tuple[BeliefState, str]:
    """Better and worse are the verdict of the paired test; not worse is confirmed where the interval holds no loss."""
    assert rule.other is not None
    forward = rule.other == facts.baseline
    candidate = rule.version if forward else rule.other
    row = _row(facts, "comparisons", rule, one, candidate)
    if row is None or row["delta"] is None:
        return "undecided", _no_pair(facts, rule, candidate)
    if row["support"] == "counts" and one.critical is None:
        return "undecided", _too_few(facts, one, row["n"])
    if not forward:
        row = _turned(row)
    reading = change_of(row, facts.limits.level, is_critical=one.critical is not None)
    verdict = row["verdict"]
    state: BeliefState = "undecided"
    if verdict in {"better", "worse"}:
        held = (verdict == "better") == (rule.relation != "worse")
        state = "confirmed" if held else "refuted"
    elif rule.relation == "not worse" and reading.is_tested and _holds_no_loss(rule.metric, reading):
        state = "confirmed"
    before, after = (value_text(rule.metric, row[k], row["decimals"]) for k in ("value_baseline", "value_candidate"))
    change = change_text(rule.metric, row, facts.limits.level)
    n = numbers.count(row["n"])
    word = {
        "better": f"{rule.version} is better",
        "worse": f"{rule.version} is worse",
        "too_few": "there are too few to tell",
    }.get(verdict, "no clear change")
    place = _place(facts, one)
    if not place and verdict not in {"better", "worse"}:
        word = word[0].upper() + word[1:]
    label = _label(rule, facts)
    return state, f"{place}{word}: {label} is {after}, against {before} of {rule.other} ({change}, n = {n})."


def _holds_no_loss(metric: MetricInfo, reading: Reading) -> bool:
    if reading.low is None or reading.high is None:
        return False
    return (
        bound_of("max_drop", 0.0, higher_is_better=metric.higher_is_better).side(reading.low, reading.high) == "within"
    )


def _turned(row: Row) -> Row:
    """The comparison seen from its other end."""
    verdict = {"better": "worse", "worse": "better"}.get(row["verdict"], row["verdict"])
    return {
        **row,
        "value_baseline": row["value_candidate"],
        "value_candidate": row["value_baseline"],
        "delta": -row["delta"],
        "low": None if row["high"] is None else -row["high"],
        "high": None if row["low"] is None else -row["low"],
        "verdict": verdict,
    }


def _level(facts: Facts, rule: BeliefRule, one: Slice) -> tuple[BeliefState, str]:
    """Confirmed where the whole interval keeps the limit, refuted where it is wholly beyond, else can't tell."""
    assert rule.limit is not None
    row = _row(facts, "estimates", rule, one, rule.version)
    label = _label(rule, facts)
    place = _place(facts, one)
    if row is None or row["value"] is None:
        why = "" if row is None or not row["reason"] else f": {row['reason']}"
        return "undecided", f"{place}{rule.version} has no {label}{why}."
    reading = level_of(row, is_critical=one.critical is not None)
    if reading.support == "counts" and not reading.is_critical:
        return "undecided", _too_few(facts, one, reading.n)
    value, n = value_text(rule.metric, reading.value), numbers.count(reading.n)
    bounds = f", {facts.level_word} {numbers.interval(reading.low, reading.high, rule.metric.unit, None, ' to ')}"
    label = label if place else label[0].upper() + label[1:]
    told = f"{place}{label} of {rule.version} is {value} (n = {n}{bounds if reading.low is not None else ''})"
    if reading.low is None or reading.high is None:
        return "undecided", f"{told}, without an interval."
    if not reading.is_tested:
        return "undecided", f"{told}: too few to tell."
    kind: GateKind = "min" if rule.relation == "at least" else "max"
    side = bound_of(kind, rule.limit, higher_is_better=kind == "min").side(reading.low, reading.high)
    states: dict[str, BeliefState] = {"within": "confirmed", "beyond": "refuted", "spans": "undecided"}
    return states[side], f"{told}{': its interval spans the limit' if side == 'spans' else ''}."


def _too_few(facts: Facts, one: Slice, n: int) -> str:
    """Said where so few samples are that no percentage is."""
    told = f"there {'is' if n == 1 else 'are'} only {counted(facts.outcomes, n)}: too few to tell."
    place = _place(facts, one)
    return f"{place}{told}" if place else told[0].upper() + told[1:]


def _row(facts: Facts, table: str, rule: BeliefRule, one: Slice, version: str) -> Row | None:
    frame: pl.DataFrame = getattr(facts, table)
    column = "candidate" if table == "comparisons" else "version"
    same = pl.col("class").is_null() if rule.klass is None else pl.col("class") == rule.klass
    name = pl.col("metric").is_in([rule.metric.name, rule.metric.name.removesuffix("_missing_as_wrong")])
    found = frame.filter((pl.col("slice") == one.id) & name & (pl.col(column) == version) & same)
    found = found.sort(pl.col("metric").str.len_chars(), descending=True)
    return found.row(0, named=True) if found.height else None


def _no_pair(facts: Facts, rule: BeliefRule, candidate: str) -> str:
    if facts.baseline is None:
        return "There is one version, and nothing to compare it with."
    apart = next((one for one in facts.unpaired if one.candidate == candidate), None)
    if apart is None and any(row["n"] for row in facts.comparisons.filter(pl.col("candidate") == candidate).to_dicts()):
        return f"{rule.metric.label} is not compared there."
    return not_compared(facts.outcomes, facts.primary, facts.baseline, candidate, apart)


def _label(rule: BeliefRule, facts: Facts) -> str:
    label = lowered(words_of(facts.outcomes).measures.get(rule.metric.name, rule.metric.label))
    return label if rule.klass is None or facts.outcomes.positive is not None else f"{label} of {rule.klass}"


def _place(facts: Facts, one: Slice) -> str:
    return "" if one.id == ALL else f"{opening(one, facts.attributes, noun(facts.outcomes))}, "


def _links(facts: Facts, rule: BeliefRule, one: Slice) -> tuple[Link, ...]:
    version = rule.version if facts.baseline is not None and rule.version != facts.baseline else rule.other
    if one.id != ALL:
        return (slice_link(one, version),)
    if rule.limit is None and version is not None:
        return (Link("compare", "What changed", (("version", version),)),)
    return ()
