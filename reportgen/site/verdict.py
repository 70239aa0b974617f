"""The verdict at the head of the Overview: what the gates say, a row each, and each figure against its limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen import numbers
from reportgen.analysis.gate_words import (
    CAUTION,
    GateWords,
    Side,
    boundary,
    counted_link,
    gate_words,
    near_words,
    place_link,
)
from reportgen.model import Gate, GateState, Link, Release
from reportgen.report import Report

WIDTH, HEIGHT = 136, 24
PAD = 8
"""Free pixels left and right of the scale, for a mark at its end."""
_AIR = 0.22
"""Of what a track shows, as much again is free on each side: both sides of the limit can be seen."""
_MARKS: Mapping[GateState, str] = {"passes": "right", "near": "right", "fails": "wrong", "undecided": "unclear"}
_TINTS = {"go": "better", "hold": "worse", "undecided": "none"}


@dataclass(frozen=True)
class Track:
    """A gate's figure against its limit, in pixels; null where the figure has no value, or no interval.

    ``fail_left`` to ``fail_right`` is the side that fails. ``low`` and ``high`` are what the scale's ends are.
    """

    width: int
    height: int
    fail_left: float
    fail_right: float
    limit: float
    at: float | None
    left: float | None
    right: float | None
    fails: bool
    low: str
    high: str
    label: str


@dataclass(frozen=True)
class GateRow:
    """One gate as a row.

    ``counted`` leads to the samples that it counts, ``place`` to the slice that its figure is of.
    """

    state: GateState
    mark: str
    words: GateWords
    counted: Link | None
    place: Link | None
    links: tuple[Link, ...]
    track: Track


@dataclass(frozen=True)
class VerdictView:
    """The verdict with its gates, in the manifest's order. ``folded`` says how many pass, where they fold away."""

    release: Release
    tint: str
    near: str
    caution: str
    figures: str  # the head of the figures' column: "v3, with 95% interval"
    rows: tuple[GateRow, ...]
    folded: str


def plan_verdict(report: Report) -> VerdictView | None:
    """The verdict; none where the manifest has no gates."""
    release = report.release
    if release is None:
        return None
    names = {one.id: one.name for one in report.slices}
    n = sum(gate.state == "passes" for gate in report.gates)
    return VerdictView(
        release=release,
        tint=_TINTS[release.state],
        near=near_words(report.gates),
        caution=CAUTION,
        figures=f"{report.candidate}, with {numbers.level(report.limits.level)} interval",
        rows=tuple(_row(gate, gate_words(gate, report.limits.level, names)) for gate in report.gates),
        folded=f"{numbers.count(n)} {'gate passes' if n == 1 else 'gates pass'}" if n else "",
    )


def _row(gate: Gate, words: GateWords) -> GateRow:
    counted, place = counted_link(gate), place_link(gate) if words.place else None
    return GateRow(
        state=gate.state,
        mark=_MARKS[gate.state],
        words=words,
        counted=counted,
        place=None if place is None else replace(place, text=words.place),
        links=tuple(link for link in gate.links if link is not counted and link is not place),
        track=_track(gate, words),
    )


def _track(gate: Gate, words: GateWords) -> Track:
    """The scale holds the limit, the figure and its interval, with air; rates and counts stay where they can be."""
    limit, side = boundary(gate)
    known = [v for v in (gate.value, gate.low, gate.high) if v is not None]
    low, high = _ends(gate, [limit, *known])

    def at(value: float) -> float:
        return round(PAD + (value - low) / (high - low) * (WIDTH - 2 * PAD), 1)

    fail_left, fail_right = _failing(side, at(limit))
    if gate.unit == "count":
        ends = [numbers.count(round(v)) for v in (low, high)]
    else:
        form = numbers.difference_interval if gate.kind == "max_drop" else numbers.interval
        ends = form(low, high, gate.unit, gate.decimals).split(numbers.ELLIPSIS)
    figure = " ".join(part for part in (words.figure, words.interval) if part)
    return Track(
        width=WIDTH,
        height=HEIGHT,
        fail_left=fail_left,
        fail_right=fail_right,
        limit=at(limit),
        at=None if gate.value is None else at(gate.value),
        left=None if gate.low is None else at(gate.low),
        right=None if gate.high is None else at(gate.high),
        fails=gate.state == "fails",
        low=ends[0],
        high=ends[1],
        label=f"{words.name}: {figure}, limit: {words.limit}: {words.state.lower()}",
    )


def _ends(gate: Gate, shown: Sequence[float]) -> tuple[float, float]:
    low, high = min(shown), max(shown)
    air = _AIR * (high - low) or _AIR * abs(high) or (1.0 if gate.unit == "count" else 0.01)
    low, high = low - air, high + air
    if gate.kind == "max_drop":
        return low, high
    if gate.unit == "count":
        return max(0.0, float(round(low))), float(round(high)) if round(high) > max(0, round(low)) else round(low) + 1.0
    return (max(0.0, low), min(1.0, high)) if gate.unit == "rate" else (low, high)


def _failing(side: Side, limit: float) -> tuple[float, float]:
    return (PAD, limit) if side == "below" else (limit, WIDTH - PAD)
