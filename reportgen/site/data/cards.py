"""Data or model? The cards of evidence, one a leading finding."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection.cards import Card, Evidence
from reportgen.model import ALL, Link
from reportgen.report import Report

REACH = 96
"""How far from the middle a strong lean stands, in the drawing's pixels."""

STRENGTHS = ("slightly", "clearly", "strongly")


@dataclass(frozen=True)
class EvidenceRow:
    """One row: ``lean`` in words, and where its mark stands (0: in the middle); none where it can't be told."""

    question: str
    said: str
    rule: str
    lean: str
    at: float | None
    link: Link | None


@dataclass(frozen=True)
class CardView:
    """One card; ``name`` is what the choice above the cards calls it."""

    finding: int
    name: str
    caption: str
    gap: str
    key: str
    rows: tuple[EvidenceRow, ...]
    settle: str
    see: Link


@dataclass(frozen=True)
class WithoutCard:
    """A finding that has no card, and why."""

    name: str
    why: str


def plan_cards(report: Report) -> tuple[CardView, ...]:
    """The cards in the order of the findings."""
    return tuple(_card(report, one) for one in report.inspection.cards)


def plan_without(report: Report) -> tuple[WithoutCard, ...]:
    """The findings that have no card, in their order, and why."""
    return tuple(
        WithoutCard(f"{one.finding}. {report.findings[one.finding - 1].headline}", one.why)
        for one in report.inspection.without_card
    )


_SAYS_ITSELF = {"none", "improvement", "data", "coverage"}
"""Kinds of findings that tell of no failures: nobody looks for their card."""


def no_card_text(report: Report, finding: int) -> str:
    """Why a finding (counted from 1) that tells of failures has no card; empty where it has one."""
    if report.findings[finding - 1].kind in _SAYS_ITSELF:
        return ""
    return next((one.why for one in report.inspection.without_card if one.finding == finding), "")


def card_link(report: Report, finding: int) -> Link | None:
    """From a finding (counted from 1) to its card; none where it has none."""
    if not any(one.finding == finding for one in report.inspection.cards):
        return None
    return Link("data", "Data or model?", (("finding", str(finding)),))


def _card(report: Report, card: Card) -> CardView:
    things = sentences.noun(report.outcomes)
    failed = f"{numbers.count(card.n_failed)} {things} {card.fails}" if card.n_failed else f"{things} {card.fails}"
    among = f"{sentences.counted(report.outcomes, card.n)} {card.place.removeprefix(f'on {things} ')}"
    return CardView(
        finding=card.finding,
        name=f"{card.finding}. {report.findings[card.finding - 1].headline}",
        caption=f"{numbers.count(len(card.rows))} checks on finding {card.finding}: {failed}, of {among}.",
        gap=card.gap,
        key=_key(card),
        rows=tuple(_row(one) for one in card.rows),
        settle=card.settle,
        see=Link("overview", f"Finding {card.finding}", (("at", "findings"),)),
    )


def _key(card: Card) -> str:
    """Which checks lean which way, each by itself: leans are not added up."""
    if not card.stands and card.slice == ALL:
        return "There is no loss beyond chance, so nothing leans."
    if not card.stands:
        return "There is no more failing here than elsewhere beyond chance, so nothing leans."
    parts = [
        f"Towards {side}: {sentences.listed([_short(one) for one in leaning])}."
        for side, leaning in (("the data", card.leaning("data")), ("the model", card.leaning("model")))
        if leaning
    ]
    silent = sum(one.lean is None for one in card.rows)
    if not parts:
        parts.append("Nothing leans either way.")
    if silent:
        parts.append(f"{numbers.count(silent)} can't be told from these data.")
    return " ".join(parts)


_SHORT = {
    "seen": "how many were seen in training",
    "rarer": "how rare they are in training",
    "drift": "their mix against training",
    "labels": "labels that others contradict",
    "others": "other versions",
    "look_alikes": "look-alikes",
    "problems": "problems of the samples",
    "copies": "copies in training or another split",
    "repeats": "copies of one another",
    "trainings": "chance of training",
}


def _short(one: Evidence) -> str:
    return _SHORT[one.key]


def _row(one: Evidence) -> EvidenceRow:
    if one.lean is None:
        lean = "can't tell from these data"
    elif one.lean == 0:
        lean = "neither way"
    else:
        lean = f"{STRENGTHS[abs(one.lean) - 1]} towards the {'data' if one.lean < 0 else 'model'}"
    at = None if one.lean is None else round(one.lean / 3 * REACH, 1)
    return EvidenceRow(one.question, one.said, one.rule, lean, at, one.link)
