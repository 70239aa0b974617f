"""The words of gates, beliefs and pinned sets, as the pages, the command and a review comment print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen import numbers
from reportgen.analysis.sentences import listed
from reportgen.model import ALL, BeliefState, Gate, GateState, Link, PinnedSet

STATES: Mapping[GateState, str] = {
    "passes": "Passes",
    "near": "Passes, near limit",
    "fails": "Fails",
    "undecided": "Can't tell",
}
BELIEFS: Mapping[BeliefState, str] = {"confirmed": "Confirmed", "refuted": "Refuted", "undecided": "Can't tell"}
CAUTION = "The verdict repeats the gates and isn't a safety assessment."
NO_GATES = "No release gates set. Add them to get a verdict."

Side = Literal["below", "above"]


@dataclass(frozen=True)
class GateWords:
    """A gate's line: every part a text of its own; empty where there is nothing to say."""

    state: str  # "Fails"
    name: str
    figure: str  # "−8.3 points", "90.1%", "7"
    interval: str  # "95% −11.2…−5.4"
    n: str  # "n = 812"
    place: str  # the slice that the figure is of, where it is not all samples and the name doesn't end with it
    limit: str  # "may lose at most 3.0 points"
    reason: str  # "2 beyond doubt, 3 to watch"


def gate_words(gate: Gate, level: float, names: Mapping[str, str]) -> GateWords:
    """A gate in words.

    Args:
        gate: the judged gate.
        level: of the report's intervals, 0-1.
        names: how each slice reads, by id.
    """
    place = "" if gate.slice in {None, ALL} else names.get(gate.slice or "", gate.slice or "")
    return GateWords(
        state=STATES[gate.state],
        name=gate.name,
        figure=_figure(gate),
        interval=_interval(gate, level),
        n=f"n = {numbers.count(gate.n)}",
        place="" if gate.name.endswith(f", {place}") else place,
        limit=gate.rule,
        reason=gate.reason,
    )


def counted_link(gate: Gate) -> Link | None:
    """Where the samples are that the gate's n counts."""
    return next((link for link in gate.links if link.count is not None and link.count == gate.n), None)


def place_link(gate: Gate) -> Link | None:
    """Where the slice is that the gate's figure is of; none where that is all samples."""
    if gate.slice in {None, ALL}:
        return None
    return next((link for link in gate.links if ("slice", gate.slice) in link.state), None)


def quick_look_words(n_taken: int | None, n: int) -> str:
    """That a verdict rests on a part of the samples; empty where all were looked at."""
    if n_taken is None:
        return ""
    taken = f"{numbers.count(n_taken)} of {numbers.count(n)} samples were taken"
    return f"A quick look: {taken}, so every figure here is rougher than in the whole report."


def boundary(gate: Gate) -> tuple[float, Side]:
    """Where a gate's limit lies on the axis of its value, and on which side of it the gate fails."""
    if gate.kind == "min":
        return gate.limit, "below"
    if gate.kind == "max":
        return gate.limit, "above"
    return (-gate.limit, "below") if gate.higher_is_better else (gate.limit, "above")


def near_words(gates: Sequence[Gate]) -> str:
    """How many gates pass close to their limit, as a sentence; empty where none does."""
    n = sum(gate.state == "near" for gate in gates)
    if not n:
        return ""
    return f"{numbers.count(n)} {'gate passes' if n == 1 else 'gates pass'} near {'its' if n == 1 else 'their'} limit."


def pinned_words(one: PinnedSet) -> str:
    """What became of a pinned set: "3 open, 30 closed, 2 back, 1 right in both; n = 36"."""
    parts = (
        (one.n_open, "open"),
        (one.n_closed, "closed"),
        (one.n_back, "back"),
        (one.n_right, "right in both"),
        (one.n_missing, "not scored"),
    )
    told = listed([f"{numbers.count(n)} {word}" for n, word in parts if n] or ["no prediction to go by"])
    missing = f", {numbers.count(one.n_unknown)} not in the report" if one.n_unknown else ""
    return f"{told}; n = {numbers.count(one.n)}{missing}"


def _figure(gate: Gate) -> str:
    if gate.value is None:
        return numbers.MISSING
    if gate.unit == "count":
        return numbers.count(round(gate.value))
    if gate.kind != "max_drop":
        return numbers.value(gate.value, gate.unit, gate.decimals)
    unit = " points" if gate.unit == "rate" else ""
    return numbers.difference(gate.value, gate.unit, gate.decimals) + unit


def _interval(gate: Gate, level: float) -> str:
    if gate.unit == "count" or gate.low is None or gate.high is None:
        return ""
    form = numbers.difference_interval if gate.kind == "max_drop" else numbers.interval
    return f"{numbers.level(level)} {form(gate.low, gate.high, gate.unit, gate.decimals)}"
