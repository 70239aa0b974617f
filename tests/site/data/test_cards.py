"""What a card of evidence says: leans in words and drawings, by themselves and never added up."""

from __future__ import annotations

from dataclasses import replace

from reportgen.inspection import Inspection
from reportgen.inspection.cards import Card, Evidence, NoCard
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.data.cards import REACH, card_link, no_card_text, plan_cards, plan_without
from tests import builders

ROWS = (
    Evidence("labels", "Are the labels wrong?", "6 of 86.", -3, "More here.", 86, 0.3, 0.1, 0.5),
    Evidence("problems", "Are the images bad?", "None.", 1, "Nothing of the kind.", 86),
    Evidence("others", "Do other versions fail on them, too?", "10 of 86.", 0, "No clear difference.", 86),
    Evidence("trainings", "Is it one unlucky training run?", "Only one.", None, "Train again."),
)
CARD = Card(
    finding=2,
    slice="weather=fog",
    place="in fog",
    fails="newly broken by v2",
    n=300,
    n_failed=86,
    stands=True,
    gap="Newly broken less newly fixed: +20.0 points here, +1.0 points elsewhere, a gap of +19.0 points.",
    delta=0.19,
    low=0.13,
    high=0.25,
    rows=ROWS,
    settle="Review them.",
)


def with_cards(*cards: Card) -> Report:
    """A report of three findings, with these cards."""
    report = builders.report(n=300)
    findings = tuple(replace(report.findings[0], headline=f"v2 gets worse, {name}") for name in ("one", "two", "three"))
    return replace(report, findings=findings, inspection=Inspection(cards=cards))


def test_each_lean_has_its_words_and_its_place() -> None:
    """Left is the data, right the model; what can't be told has no mark at all."""
    (view,) = plan_cards(with_cards(CARD))

    assert [(row.lean, row.at) for row in view.rows] == [
        ("strongly towards the data", -REACH),
        ("slightly towards the model", REACH / 3),
        ("neither way", 0),
        ("can't tell from these data", None),
    ]


def test_the_key_sentence_names_rows_and_adds_nothing_up() -> None:
    """Which checks lean which way, and how many can't be told."""
    (view,) = plan_cards(with_cards(CARD))

    assert view.key == (
        "Towards the data: labels that others contradict. Towards the model: problems of the samples. "
        "1 can't be told from these data."
    )
    assert view.name == "2. v2 gets worse, two"
    assert view.caption == "4 checks on finding 2: 86 samples newly broken by v2, of 300 samples in fog."


def test_where_nothing_is_to_be_explained_nothing_leans() -> None:
    """The slice fails no more than the rest, and the card says so."""
    rows = tuple(replace(row, lean=None) for row in ROWS)
    (view,) = plan_cards(with_cards(replace(CARD, stands=False, rows=rows)))

    (whole,) = plan_cards(with_cards(replace(CARD, stands=False, rows=rows, slice=ALL)))

    assert view.key.startswith("There is no more failing here than elsewhere")
    assert whole.key == "There is no loss beyond chance, so nothing leans."
    assert {row.at for row in view.rows} == {None}


def test_findings_without_a_card_say_why() -> None:
    """All of them on the Data page; on the overview those that tell of failures."""
    report = with_cards(CARD)
    weak, better = replace(report.findings[0], kind="weak"), replace(report.findings[0], kind="improvement")
    without = (NoCard(1, "The version chose them."), NoCard(2, "A gain has no failures."))
    report = replace(
        report, findings=(weak, better), inspection=Inspection(cards=(replace(CARD, finding=3),), without_card=without)
    )

    assert [(one.name, one.why) for one in plan_without(report)] == [
        (f"1. {weak.headline}", "The version chose them."),
        (f"2. {better.headline}", "A gain has no failures."),
    ]
    assert [no_card_text(report, k) for k in (1, 2)] == ["The version chose them.", ""]


def test_a_finding_leads_to_its_card_if_it_has_one() -> None:
    """By its number, as the address has it."""
    report = with_cards(CARD)
    link = card_link(report, 2)

    assert link is not None
    assert (link.page, link.state) == ("data", (("finding", "2"),))
    assert card_link(report, 1) is None
