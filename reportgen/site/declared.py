"""What the manifest says beforehand, held against the evidence: what people believe, and the pinned sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reportgen import numbers
from reportgen.analysis.gate_words import BELIEFS
from reportgen.model import Belief, BeliefState, Link, PinnedSet
from reportgen.report import Report

_MARKS: Mapping[BeliefState, str] = {"confirmed": "right", "refuted": "wrong", "undecided": "unclear"}


@dataclass(frozen=True)
class BeliefRow:
    """A belief with its state's mark and word."""

    mark: str
    state: str
    belief: Belief


@dataclass(frozen=True)
class PinnedRow:
    """A pinned set: its counts by what became of it, in the order of the head, each a link where one leads there."""

    name: str
    counts: tuple[tuple[str, str, Link | None], ...]  # the word of the count, the count, and the samples
    n: str
    unknown: str  # how many ids no sample has, in words; empty for none
    links: tuple[Link, ...]


@dataclass(frozen=True)
class DeclaredView:
    """Beliefs and pinned sets; one of them may be empty."""

    beliefs: tuple[BeliefRow, ...]
    tally: str  # "1 confirmed, 1 refuted"
    pinned: tuple[PinnedRow, ...]
    heads: tuple[str, ...]
    key: str


def plan_declared(report: Report) -> DeclaredView | None:
    """The view; none where the manifest neither expects nor pins anything."""
    if not report.beliefs and not report.pinned:
        return None
    rows = tuple(_pinned(report, one) for one in report.pinned)
    counts = {state: sum(one.state == state for one in report.beliefs) for state in BELIEFS}
    return DeclaredView(
        beliefs=tuple(BeliefRow(_MARKS[one.state], BELIEFS[one.state], one) for one in report.beliefs),
        tally=", ".join(f"{numbers.count(n)} {BELIEFS[state].lower()}" for state, n in counts.items() if n),
        pinned=rows,
        heads=tuple(word for word, _, _ in rows[0].counts) if rows else (),
        key=_key(report),
    )


def _key(report: Report) -> str:
    if report.baseline is None:
        return f"Open: {report.candidate} has it wrong still."
    return (
        f"Open: {report.candidate} has it wrong still, as {report.baseline} had. "
        f"Closed: {report.baseline} had it wrong, {report.candidate} has it right. "
        f"Back: {report.baseline} had it right, {report.candidate} has it wrong again."
    )


def _pinned(report: Report, one: PinnedSet) -> PinnedRow:
    parts = [("Open", one.n_open)]
    parts += [("Closed", one.n_closed), ("Back", one.n_back)] if report.baseline is not None else []
    parts.append(("Right in both" if report.baseline is not None else "Right", one.n_right))
    if any(other.n_missing for other in report.pinned):
        parts.append(("Not scored", one.n_missing))
    many = "1 of its ids is" if one.n_unknown == 1 else f"{numbers.count(one.n_unknown)} of its ids are"
    by_text = {link.text: link for link in one.links}
    found = [(word, numbers.count(n), by_text.get(f"{numbers.count(n)} {word.lower()}")) for word, n in parts]
    used = [link for _, _, link in found if link is not None]
    return PinnedRow(
        name=one.name,
        counts=tuple((word, n, None if link is None else replace(link, text=n)) for word, n, link in found),
        n=numbers.count(one.n),
        unknown=f"{many} not among the samples" if one.n_unknown else "",
        links=tuple(link for link in one.links if link not in used),
    )
