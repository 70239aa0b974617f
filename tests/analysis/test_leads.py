"""What gates put first in the answer: the failure that hurts, or what would decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analysis.answer import answer
from reportgen.analysis.facts import Facts
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.leads import led_by_gates
from reportgen.analysis.sentences import slice_link
from reportgen.analysis.slices import slice_id
from reportgen.model import ALL, Answer, Gate, Link, Power, Term
from tests import gated
from tests.analysis import worlds

NIGHT_RAIN = slice_id((Term("weather", "=", "rain"), Term("time", "=", "night")))
RAIN = slice_id((Term("weather", "=", "rain"),))
BROKEN = Link("examples", "9 newly broken", (("set", "newly_broken"),), 9)


@pytest.fixture(scope="module")
def facts() -> Facts:
    """The last version loses at night in the rain."""
    return worlds.analyse(worlds.classify()).facts


def drop(facts: Facts, slice_: str, state: str = "fails") -> Gate:
    """A gate on what a slice may lose, with the figures of the table."""
    row = facts.changes[slice_]
    return replace(
        gated.FAILS, slice=slice_, state=state, value=row["delta"], low=row["low"], high=row["high"], n=row["n"],
        limit=0.01, links=(BROKEN,),
    )  # fmt: skip


def test_the_failing_gate_that_hurts_most_leads_in_whole_things(facts: Facts) -> None:
    """Its slice is named first, with how many are right now and were before; next are its broken samples."""
    flips = facts.flipped[NIGHT_RAIN]
    now, before = (flips["both_right"] + flips[name] for name in ("newly_fixed", "newly_broken"))
    gates = (drop(facts, RAIN, "passes"), replace(drop(facts, NIGHT_RAIN), name="night"), gated.OVERALL)
    said = answer(facts, derive_findings(facts), gates)

    assert said.support[0] == (
        f"In the rain at night it is worse: it gets {now} of {flips['n']} samples right; v1 got {before}."
    )
    assert len(set(said.support)) == len(said.support)
    assert said.links[0].text == "Where the gate fails"
    assert dict(said.links[0].state)["slice"] == NIGHT_RAIN
    assert said.next is not None
    assert said.next.text == "Look at the 9 newly broken in the rain at night."


def test_a_loss_of_a_class_is_told_once(facts: Facts) -> None:
    """What a gate on recall says of a class in a slice is not said again of the slice of both."""
    both = next(
        one for one in facts.slices.values() if {(t.attribute, t.value) for t in one.terms} == {
            ("time", "night"), ("label", "cyclist")
        }
    )  # fmt: skip
    night = slice_id((Term("time", "=", "night"),))
    gate = replace(gated.FLOOR, klass="cyclist", slice=night, state="fails", value=0.5, low=0.4, high=0.6, n=both.n)
    found = Answer("worse", "Worse", "", ("Cyclists at night.",), (slice_link(both, "v2", "Where it got worse"),))
    said = led_by_gates(facts, found, (gate,), ())

    assert "Cyclists at night." not in said.support
    assert [link.text for link in said.links] == ["Where the gate fails"]


def test_a_class_is_found_so_many_times(facts: Facts) -> None:
    """A floor on recall that fails is told in samples of the class, beside what the baseline found."""
    row = facts.comparison("recall", "cyclist")
    assert row is not None
    value, n = row["value_candidate"], row["n"]
    gate = replace(gated.FLOOR, klass="cyclist", state="fails", value=value, low=value - 0.01, high=value + 0.01, n=n)
    said = answer(facts, (), (replace(gate, limit=0.99, rule="at least 99.0%"),))

    assert said.support[0] == (
        f"It finds {round(value * n)} of {n} samples labelled cyclist; v1 found {round(row['value_baseline'] * n)}, "
        "at least 99.0% is asked."
    )


def test_other_failures_stand_with_figure_and_limit(facts: Facts) -> None:
    """A count beyond its limit is told as it stands in the table."""
    said = answer(facts, (), (replace(gated.COUNT, state="fails", value=12, rule="at most 10"),))

    assert said.support[0] == "Newly broken, critical slices: 12, n = 412; at most 10."


def test_what_would_decide_comes_next(facts: Facts) -> None:
    """No gate fails and one can't tell: how many more samples it lacks, where."""
    gate = replace(drop(facts, NIGHT_RAIN, "undecided"), name="Night and rain")
    few = Power(NIGHT_RAIN, "accuracy", None, "Night and rain", 60, None, 0.1, 0.01, 1200)
    said = answer(facts, derive_findings(facts), (gate,), (few, replace(few, gate="other", n_more=3)))
    whole = answer(facts, (), (gate,), (replace(few, slice=ALL, n_groups=7, n_more=40),))

    assert said.next is not None
    assert said.next.text == "About 1,200 more samples of rain × night would decide “Night and rain”."
    assert said.next.link is not None
    assert whole.next is not None
    assert whole.next.text == "About 40 more groups of samples would decide “Night and rain”."


def test_gates_that_pass_change_nothing(facts: Facts) -> None:
    """The answer is what it is without them."""
    findings = derive_findings(facts)

    assert answer(facts, findings, (gated.OVERALL, gated.FLOOR)) == answer(facts, findings)
