"""Release gates: each rule of the manifest held against the figures of the tables, and the verdict of all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.facts import Facts
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.limits import Bound, Reading, bound_of, change_of, is_near, level_of, q_beyond
from reportgen.analysis.sentences import examples_link, listed, lowered, not_compared, noun, slice_link
from reportgen.analysis.slices import slice_id
from reportgen.declarations import CHECK_RATES, CHECKS, FLIP_RATES, FLIPS, Declarations, GateRule
from reportgen.model import ALL, Gate, GateState, Link, Release, Slice, Term, UndecidedCounts
from reportgen.stats.support import SIGNIFICANT

Row = dict[str, Any]

_OF_TARGET = {"recall", "false_negative_rate"}
"""Metrics of a class whose n counts the samples that are of it."""
SHOWN = 3
"""Slices that a reason names."""

FINDS = {"recall", "false_negative_rate", "f1", "accuracy"}
"""Metrics that fall where samples of a class are not found, accuracy among the samples of that class."""


def judge(facts: Facts, declarations: Declarations) -> tuple[tuple[Gate, ...], Release | None]:
    """Every gate of the manifest, in its order, and what they say together; no verdict without gates."""
    judge_one = _Judge(facts, declarations)
    gates = tuple(judge_one.gate(rule) for rule in declarations.gates)
    gates = tuple(_beside_failures(facts, gate, gates) for gate in gates)
    return gates, _release(gates, declarations.undecided) if gates else None


def _release(gates: Sequence[Gate], undecided: UndecidedCounts) -> Release:
    """Hold where a gate fails; else can't decide where one can't tell, which the manifest may count as failing."""
    states = [gate.state for gate in gates]
    n_fails, n_undecided = states.count("fails"), states.count("undecided")
    of = f"of {numbers.count(len(gates))} release {'gate' if len(gates) == 1 else 'gates'}"
    if n_fails:
        told = [f"{n_fails} {of} {'fails' if n_fails == 1 else 'fail'}"]
    elif n_undecided:
        told = [f"{n_undecided} {of} can't tell yet"]
    elif len(gates) == 1:
        told = ["The one release gate passes"]
    else:
        told = [f"All {numbers.count(len(gates))} release gates pass"]
    if n_fails and n_undecided:
        told.append(f"{n_undecided} can't tell")
    if n_undecided and undecided == "fail":
        told[-1] += f", which counts as {'a failure' if n_undecided == 1 else 'failures'}"
    elif n_undecided and not n_fails:
        told[-1] += ", none fails"
    sentence = "; ".join(told) + "."
    if n_fails or (n_undecided and undecided == "fail"):
        return Release("hold", "Hold", sentence, undecided)
    if n_undecided:
        return Release("undecided", "Can't decide yet", sentence, undecided)
    return Release("go", "Go", sentence, undecided)


@dataclass(frozen=True)
class _Found:
    """What a rule came to, before it is dressed as a gate."""

    state: GateState
    reading: Reading
    reason: str = ""
    failing: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    n_too_small: int = 0


class _Judge:
    """Judges one gate after another over the same figures."""

    def __init__(self, facts: Facts, declarations: Declarations) -> None:
        self.facts = facts
        self.critical = {slice_id(one.where): one.name or spoken(one.where) for one in declarations.critical}

    def gate(self, rule: GateRule) -> Gate:
        """The gate, judged."""
        if rule.is_count or rule.metric.name in CHECK_RATES:
            found = self._count(rule)
        elif rule.on == "overall":
            found = self._one(rule, self._reading(rule, slice_id(rule.where)))
        elif rule.on == "critical":
            found = self._critical(rule)
        else:
            found = self._every(rule)
        return self._dressed(rule, found)

    # --- one value -------------------------------------------------------------------------------------------------

    def _one(self, rule: GateRule, reading: Reading) -> _Found:
        """Fails if the whole interval is beyond the limit, can't tell if it spans it, else passes."""
        if reading.value is None:
            return _Found("undecided", reading, reading.reason or self._why_none(rule))
        if reading.low is None or reading.high is None:
            return _Found("undecided", reading, "it has no interval")
        if not reading.is_tested:
            return _Found("undecided", reading, self._too_few(reading))
        bound = self._bound(rule)
        match bound.side(reading.low, reading.high):
            case "spans":
                return _Found("undecided", reading, "its interval spans the limit")
            case "within":
                near = self._is_near(rule, bound, reading)
                return _Found("near" if near else "passes", reading)
        if rule.kind == "max_drop" and not reading.decides and not _is_beyond_chance(reading.q):
            return _Found("undecided", reading, f"{self._only(reading)}, and the loss may be chance")
        return _Found("fails", reading)

    def _count(self, rule: GateRule) -> _Found:
        """Counts compare as they are; a share of all predictions is no estimate, and does so too."""
        reading = self._counted(rule)
        if reading.value is None:
            return _Found("undecided", reading, reading.reason)
        bound = self._bound(rule)
        if bound.excess(reading.value) > 0:
            return _Found("fails", reading)
        near = rule.kind == "max" and self._is_near(rule, bound, reading)
        return _Found("near" if near else "passes", reading)

    # --- many slices -----------------------------------------------------------------------------------------------

    def _critical(self, rule: GateRule) -> _Found:
        """The worst of the critical slices decides: one that fails, else one that can't tell, else the nearest."""
        ids = list(self.critical)
        found = self._worst_first(rule, [self._one(rule, self._reading(rule, one)) for one in ids])
        failing = [one for one in found if one.state == "fails"]
        open_ = [one for one in found if one.state == "undecided"]
        worst = found[0]
        told = (
            [f"{_of(len(failing), len(ids), 'critical')} {_fails(failing)}: {self._names(failing)}"] if failing else []
        )
        told += [f"{_of(len(open_), len(ids), 'critical')} can't tell: {self._names(open_)}"] if open_ else []
        if not told and len(ids) > 1:
            told = [f"all {numbers.count(len(ids))} critical slices pass"]
        return replace(worst, reason="; ".join(told), failing=tuple(one.reading.slice for one in failing))

    def _every(self, rule: GateRule) -> _Found:
        """No slice may be beyond the limit.

        It fails where one with enough samples to be tested, and beyond chance after correction, has its whole interval
        beyond; a critical slice decides whatever its size. It can't tell where a critical slice can't, or where no
        slice has enough samples to decide; else it passes, and says what it could not see.
        """
        bound = self._bound(rule)
        readings = [self._reading(rule, one) for one in self._enumerated(rule)]
        if not readings:
            return _Found("undecided", Reading(ALL), self._why_none(rule))
        tested = [one for one in readings if one.is_tested]
        corrected = self._corrected(rule, bound, tested)
        found = [_within_many(bound, one, q) for one, q in zip(tested, corrected, strict=True)]
        found = self._worst_first(rule, found)
        failing = [one for one in found if one.state == "fails"]
        open_ = [one for one in found if one.state == "undecided" and one.reading.is_critical]
        watch = [one for one in found if one.state != "fails" and one not in open_ and _is_past(bound, one.reading)]
        deciding = [one for one in found if one.reading.decides and one.reading.value is not None]
        n_small = self._too_small(rule, readings, failing)
        told = [f"{numbers.count(len(failing))} beyond doubt"] if failing else []
        told += [f"{numbers.count(len(watch))} to watch"] if watch else []
        text = [", ".join(told)] if told else []
        if open_:
            text.append(f"can't tell for the critical {self._names(open_)}")
        if n_small:
            text.append(f"{numbers.count(n_small)} {'slice is' if n_small == 1 else 'slices are'} too small to tell")
        if not deciding and not failing:
            text.insert(0, f"no slice has {numbers.count(self.facts.limits.decide)} {noun(self.facts.outcomes)}")
        if not text:
            text = [f"none of {numbers.count(len(readings))} slices is beyond it"]
        state: GateState = "passes"
        if failing:
            state = "fails"
        elif open_ or not deciding:
            state = "undecided"
        worst = (failing or open_ or deciding or found or [_Found("undecided", readings[0])])[0]
        if state == "passes" and (watch or self._is_near(rule, bound, worst.reading)):
            state = "near"
        return _Found(
            state,
            worst.reading,
            "; ".join(text),
            tuple(one.reading.slice for one in failing),
            tuple(one.reading.slice for one in watch),
            n_small,
        )

    def _corrected(self, rule: GateRule, bound: Bound, readings: Sequence[Reading]) -> list[float | None]:
        """What each slice's q is: the table's for a drop; for a level, of lying beyond the limit."""
        if rule.kind == "max_drop":
            return [one.q for one in readings]
        return list(q_beyond(readings, bound, self.facts.limits.level))

    def _too_small(self, rule: GateRule, readings: Sequence[Reading], failing: Sequence[_Found]) -> int:
        """How many slices could not have shown such a loss: too few samples for a test, or for one with power."""
        out = {one.reading.slice for one in failing}
        return sum(
            1
            for one in readings
            if one.slice not in out
            and not one.is_critical
            and (
                not one.is_tested
                or (rule.kind == "max_drop" and (one.smallest_drop is None or one.smallest_drop > rule.limit))
            )
        )

    def _worst_first(self, rule: GateRule, found: Iterable[_Found]) -> list[_Found]:
        """Those that fail first, by how much is certain to be beyond the limit, in the samples it stands for.

        Then those that can't tell, and those that pass, by how far their estimate lies beyond the limit.
        """
        order = {"fails": 0, "undecided": 1, "near": 2, "passes": 3}
        bound = self._bound(rule)

        def key(one: _Found) -> tuple[int, float, str]:
            reading = one.reading
            if reading.value is None or reading.low is None or reading.high is None:
                return order[one.state], math.inf, reading.slice
            if one.state == "fails":
                near = bound.excess(reading.high if bound.is_floor else reading.low)
                return order[one.state], -near * reading.n, reading.slice
            return order[one.state], -bound.excess(reading.value), reading.slice

        return sorted(found, key=key)

    # --- where the figures come from -------------------------------------------------------------------------------

    def _bound(self, rule: GateRule) -> Bound:
        return bound_of(rule.kind, rule.limit, higher_is_better=rule.metric.higher_is_better)

    def _reading(self, rule: GateRule, slice_id: str) -> Reading:
        """The figure of a rule in a slice, from the table that holds it."""
        facts = self.facts
        one = facts.slices.get(slice_id)
        if one is None:
            return Reading(slice_id, reason=f"no {noun(facts.outcomes, 1)} is there")
        critical = one.critical is not None
        rows = self._changes if rule.kind == "max_drop" else self._levels
        row = rows.get((slice_id, _table_name(rule, rows), rule.klass))
        if row is None:
            return Reading(slice_id, n=one.n, reason=self._why_none(rule))
        if rule.kind == "max_drop":
            return change_of(row, facts.limits.level, is_critical=critical)
        return level_of(row, is_critical=critical)

    def _counted(self, rule: GateRule) -> Reading:
        facts = self.facts
        name = rule.metric.name
        if name in FLIPS:
            place = slice_id(rule.where)
            row = facts.flipped.get(place)
            if row is None:
                reason = self._no_pair() if place in facts.slices else f"no {noun(facts.outcomes, 1)} is there"
                return Reading(place, reason=reason)
            if not row["n"]:
                return Reading(place, reason=self._no_pair())
            return Reading(place, float(row[name]), n=row["n"])
        frame = facts.outcomes.frame
        v = facts.outcomes.versions.index(facts.candidate)
        invalid = frame[columns.invalid(v)]
        count = int(invalid.sum() if name.startswith("invalid") else (~frame[columns.scored(v)] & ~invalid).sum())
        return Reading(ALL, count if name in CHECKS else count / frame.height, n=frame.height)

    def _enumerated(self, rule: GateRule) -> list[str]:
        """The slices that a rule for every slice looks at: those with a figure, no found and no pinned ones."""
        facts = self.facts
        rows = self._changes if rule.kind == "max_drop" else self._levels
        name = _table_name(rule, rows)
        return [
            one.id
            for one in facts.slices.values()
            if one.id != ALL
            and one.origin != "found"
            and one.id not in facts.axes.pinned
            and ((one.id, name, rule.klass) in rows or one.critical is not None)
        ]

    @cached_property
    def _levels(self) -> dict[tuple[str, str, str | None], Row]:
        table = self.facts.estimates.filter(pl.col("version") == self.facts.candidate)
        return {(row["slice"], row["metric"], row["class"]): row for row in table.iter_rows(named=True)}

    @cached_property
    def _changes(self) -> dict[tuple[str, str, str | None], Row]:
        table = self.facts.comparisons.filter(pl.col("candidate") == self.facts.candidate)
        return {(row["slice"], row["metric"], row["class"]): row for row in table.iter_rows(named=True)}

    def _why_none(self, rule: GateRule) -> str:
        """Why the tables have no figure of a rule."""
        between = rule.kind == "max_drop" or rule.metric.name in FLIP_RATES
        if between and (self.facts.baseline is None or not self.facts.is_compared):
            return self._no_pair()
        if rule.metric.name not in {one.name for one in self.facts.metrics}:
            return f"{lowered(rule.metric.label)} can't be computed from these predictions"
        return f"{lowered(rule.metric.label)} is not computed there"

    def _no_pair(self) -> str:
        facts = self.facts
        if facts.baseline is None:
            return "there is no baseline"
        told = not_compared(facts.outcomes, facts.primary, facts.baseline, facts.candidate, facts.apart)
        return told.rstrip(".")

    # --- words -----------------------------------------------------------------------------------------------------

    def _is_near(self, rule: GateRule, bound: Bound, reading: Reading) -> bool:
        unit = "number" if rule.is_count else rule.metric.unit
        return is_near(rule.kind, rule.limit, bound, reading, unit)

    def _only(self, reading: Reading) -> str:
        return f"only {numbers.count(reading.n)} {noun(self.facts.outcomes, reading.n)}"

    def _too_few(self, reading: Reading) -> str:
        groups = self.facts.limits.groups
        if reading.n >= self.facts.limits.test:
            return f"fewer than {numbers.count(groups)} groups: too few to tell"
        return f"{self._only(reading)}: too few to tell"

    def _names(self, found: Sequence[_Found]) -> str:
        slices = self.facts.slices
        keys = [one.reading.slice for one in found[:SHOWN]]
        names = [slices[key].name if key in slices else self.critical[key] for key in keys]
        if len(found) > SHOWN:
            names.append(f"{numbers.count(len(found) - SHOWN)} more")
        return listed(names)

    def _dressed(self, rule: GateRule, found: _Found) -> Gate:
        facts = self.facts
        reading = found.reading
        if found.state == "undecided" and reading.support == "counts":  # so few that there is no percentage of them
            reading = replace(reading, value=None, low=None, high=None)
        links = self._links(rule, found)
        by_class = rule.klass is not None and facts.outcomes.positive is None
        on = rule.on if rule.on != "overall" else "slice" if rule.where else "class" if by_class else "overall"
        return Gate(
            name=rule.name or self._name(rule),
            rule=rule_text(rule),
            state=found.state,
            kind=rule.kind,
            on=on,
            metric=rule.metric.name,
            klass=rule.klass,
            slice=reading.slice if reading.slice in facts.slices else None,
            unit="count" if rule.is_count else rule.metric.unit,
            limit=rule.limit,
            value=reading.value,
            low=reading.low,
            high=reading.high,
            n=reading.n,
            higher_is_better=rule.metric.higher_is_better,
            decimals=reading.decimals,
            reason=found.reason,
            failing=found.failing,
            watch=found.watch,
            n_too_small=found.n_too_small,
            links=links,
        )

    def _name(self, rule: GateRule) -> str:
        """The name of a gate that the manifest gives none: "Recall of pedestrian, night"."""
        label = words_of(self.facts.outcomes).measures.get(rule.metric.name, rule.metric.label)
        if rule.klass is not None and self.facts.outcomes.positive is None:
            label = f"{label} of {rule.klass}"
        one = self.facts.slices.get(slice_id(rule.where))
        place = {
            "overall": one.name if rule.where and one else spoken(rule.where) or f"all {noun(self.facts.outcomes)}",
            "every slice": "every slice",
            "critical": "critical slices",
        }[rule.on]
        return f"{label}, {place}"

    def _links(self, rule: GateRule, found: _Found) -> tuple[Link, ...]:
        """Where the evidence is: the samples that a count counts, the slices that decide, or what changed."""
        facts = self.facts
        one = facts.slices.get(found.reading.slice)
        name = rule.metric.name
        if one is None:
            return ()
        if name in CHECKS or name in CHECK_RATES:
            return (Link("about", "All data notes", (("at", "notes"),)),)
        links = []
        if (counted := self._counted_slice(rule, one)) and counted.n == found.reading.n:
            things = noun(facts.outcomes, counted.n)
            links.append(examples_link("all", counted.n, things, counted, facts.attributes, facts.candidate))
        row = facts.flipped.get(one.id)
        if one.id not in facts.axes.pinned and row is not None:
            flip = name if name in FLIPS else "newly_broken" if rule.kind == "max_drop" else ""
            if flip and row[flip]:
                said = words_of(facts.outcomes)
                label = said.newly_fixed if flip == "newly_fixed" else said.newly_broken
                links.append(examples_link(flip, row[flip], label, one, facts.attributes, facts.candidate))
        version = facts.candidate if facts.baseline is not None else None
        if rule.on == "overall" and one.id != ALL:
            links.append(slice_link(one, version))
        if rule.on != "overall":
            own = () if one.id == ALL else (one.id,)
            named = dict.fromkeys((*own, *(*found.failing, *found.watch)[:SHOWN]))
            links += [slice_link(facts.slices[key], version, facts.slices[key].name) for key in named]
        if not links and facts.baseline is not None:
            links.append(Link("compare", "What changed", (("version", facts.candidate),)))
        return tuple(links)

    def _counted_slice(self, rule: GateRule, one: Slice) -> Slice | None:
        """The slice whose samples the gate's n counts, where terms say which: of a class, its samples in the slice."""
        facts = self.facts
        if one.id in facts.axes.pinned:
            return None
        if rule.klass is None:
            return one
        if rule.metric.name not in _OF_TARGET or not facts.outcomes.classes:
            return None
        target = next((a.name for a in facts.attributes if a.kind == "target"), None)
        held = {(term.attribute, term.value) for term in one.terms} | {(target, rule.klass)}
        return next(
            (other for other in facts.slices.values() if {(t.attribute, t.value) for t in other.terms} == held), None
        )


def _within_many(bound: Bound, reading: Reading, q: float | None) -> _Found:
    if reading.value is None or reading.low is None or reading.high is None:
        return _Found("undecided", reading, reading.reason)
    side = bound.side(reading.low, reading.high)
    if side == "beyond" and (reading.is_critical or _is_beyond_chance(q)):
        return _Found("fails", reading)
    return _Found("passes" if side == "within" else "undecided", reading)


def rule_text(rule: GateRule) -> str:
    """The limit in words: "may lose at most 3.0 points", "at least 95.0% in every slice"."""
    metric = rule.metric
    if rule.is_count:
        return f"at {'least' if rule.kind == 'min' else 'most'} {numbers.count(int(rule.limit))}"
    places = _limit_decimals(rule)
    if rule.kind == "max_drop":
        size = numbers.plain(rule.limit * (100 if metric.unit == "rate" else 1), places)
        unit = " point" if size.rstrip("0") == "1." else " points"
        size += unit if metric.unit == "rate" else ""
        verb = "lose" if metric.higher_is_better else "rise by"
        return {
            "overall": f"may {verb} at most {size}",
            "every slice": f"no slice may {verb} more than {size}",
            "critical": f"no critical slice may {verb} more than {size}",
        }[rule.on]
    limit = numbers.value(rule.limit, metric.unit, places)
    way = "least" if rule.kind == "min" else "most"
    place = {"overall": "", "every slice": " in every slice", "critical": " in every critical slice"}[rule.on]
    return f"at {way} {limit}{place}"


def _limit_decimals(rule: GateRule) -> int:
    """As many decimals as the limit has, one at least: a limit is printed whole."""
    scaled = rule.limit * (100 if rule.metric.unit == "rate" else 1)
    return next((k for k in range(1, 6) if abs(round(scaled, k) - scaled) < 1e-9 * max(1.0, abs(scaled))), 6)


def _table_name(rule: GateRule, rows: dict[tuple[str, str, str | None], Row]) -> str:
    """The metric's name in the tables; one with missing counted as wrong is the plain one where none is missing."""
    name = rule.metric.name
    if (ALL, name, rule.klass) in rows:
        return name
    return name.removesuffix("_missing_as_wrong")


def spoken(terms: Sequence[Term]) -> str:
    """The values of a slice that no sample is in, joined as names are; empty for the whole."""
    return " × ".join(term.value for term in terms)


def _is_beyond_chance(q: float | None) -> bool:
    return q is not None and q < SIGNIFICANT


def _is_past(bound: Bound, reading: Reading) -> bool:
    return reading.value is not None and bound.excess(reading.value) > 0


def _of(part: int, whole: int, kind: str) -> str:
    return f"{numbers.count(part)} of {numbers.count(whole)} {kind} slice{'' if whole == 1 else 's'}"


def _fails(found: Sequence[object]) -> str:
    return "fails" if len(found) == 1 else "fail"


def _beside_failures(facts: Facts, gate: Gate, gates: Sequence[Gate]) -> Gate:
    """A pass of a class beside a failure of the same class in a slice says so: "passes overall; fails at night"."""
    klass = _class_of(facts, gate, gate.slice)
    if klass is None or gate.state not in {"passes", "near"}:
        return gate
    width = _width(facts, gate.slice or ALL)
    failing = {
        key: facts.slices[key]
        for other in gates
        if other.state == "fails"
        for key in (*other.failing, *([other.slice] if other.slice else []))
        if key in facts.slices
        and _is_kin(gate, other)
        and _class_of(facts, other, key) == klass
        and _width(facts, key) > width
    }
    if not failing:
        return gate
    named = [one.name for one in failing.values()][:SHOWN]
    told = f"passes overall; fails at {listed(named)}"
    return replace(gate, reason=f"{told}; {gate.reason}" if gate.reason else told)


def _is_kin(one: Gate, other: Gate) -> bool:
    """Whether a failure of one gate says something of what the other is about."""
    return one.metric == other.metric or {one.metric, other.metric} <= FINDS


def _width(facts: Facts, key: str) -> int:
    """How many terms a slice has besides the target's."""
    target = {a.name for a in facts.attributes if a.kind == "target"}
    return sum(term.attribute not in target for term in facts.slices[key].terms)


def _class_of(facts: Facts, gate: Gate, key: str | None) -> str | None:
    """The class that a gate is about in a slice: its own, or the target's value that the slice holds."""
    if gate.klass is not None:
        return gate.klass
    target = next((a.name for a in facts.attributes if a.kind == "target"), None)
    one = facts.slices.get(key or ALL)
    return next((t.value for t in one.terms if t.attribute == target), None) if one and facts.outcomes.classes else None
