"""What people believe, held against planted figures: confirmed, refuted or can't tell, each with its evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.beliefs import hold_beliefs
from reportgen.analysis.facts import Facts
from reportgen.declarations import BeliefRule, Declarations
from reportgen.model import ALL, Belief, MetricInfo, Term
from reportgen.tasks import classification, regression
from tests.analysis.test_gates import changed, level, plant
from tests.analysis.worlds import analyse, classify, regress

METRICS: dict[str, MetricInfo] = {m.name: m.info for m in (*classification.METRICS, *regression.METRICS)}
NIGHT = (Term("time", "=", "night"),)


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A small world, whose figures the tests plant."""
    return analyse(classify(600, n_versions=3, confidence=False)).facts


def held(facts: Facts, relation: str, metric: str = "accuracy", **more: Any) -> Belief:
    """A belief of the candidate, against the baseline unless a limit is given."""
    values = {"version": facts.candidate, "other": None if "limit" in more else facts.baseline, **more}
    rule = BeliefRule("as it stands", values.pop("version"), relation, METRICS[metric], **values)  # type: ignore[arg-type]
    (belief,) = hold_beliefs(facts, Declarations(beliefs=(rule,)))
    return belief


@pytest.mark.parametrize(
    ("delta", "verdict", "better", "worse", "not_worse"),
    [
        (0.05, "better", "confirmed", "refuted", "confirmed"),
        (-0.05, "worse", "refuted", "confirmed", "refuted"),
        (0.002, "unclear", "undecided", "undecided", "undecided"),
        (0.005, "unclear", "undecided", "undecided", "confirmed"),
        (-0.05, "too_few", "undecided", "undecided", "undecided"),
    ],
)
def test_comparisons_go_by_the_verdict(
    facts: Facts, delta: float, verdict: str, better: str, worse: str, not_worse: str
) -> None:
    """Not worse is confirmed where the interval holds no loss, though nothing is beyond chance."""
    support = "show" if verdict == "too_few" else "decide"
    planted = plant(facts, "comparisons", {ALL: {**changed(delta, support=support), "verdict": verdict}})

    assert [held(planted, one).state for one in ("better", "worse", "not worse")] == [better, worse, not_worse]


def test_the_baseline_may_be_the_subject(facts: Facts) -> None:
    """That v1 is worse than v3 is the comparison from its other end, its ends and signs turned."""
    row = {**changed(0.05), "verdict": "better", "value_baseline": 0.8, "value_candidate": 0.85, "decimals": 1}
    planted = plant(facts, "comparisons", {ALL: row})
    belief = held(planted, "worse", version="v1", other="v3")

    assert belief.state == "confirmed"
    assert belief.evidence == (
        "v1 is worse: accuracy is 80.0%, against 85.0% of v3 (−5.0 points, 95% −5.5 to −4.5, n = 1,000)."
    )


@pytest.mark.parametrize(
    ("relation", "limit", "states"),
    [
        ("at least", 0.9, {0.95: "confirmed", 0.91: "confirmed", 0.905: "undecided", 0.85: "refuted"}),
        ("at most", 0.9, {0.95: "refuted", 0.895: "undecided", 0.89: "confirmed", 0.85: "confirmed"}),
    ],
)
def test_levels_go_by_the_whole_interval(facts: Facts, relation: str, limit: float, states: dict[float, str]) -> None:
    """Confirmed wholly on the right side, refuted wholly on the other, else can't tell."""
    found = {
        value: held(plant(facts, "estimates", {ALL: level(value)}), relation, limit=limit).state for value in states
    }

    assert found == states


def test_the_evidence_of_a_level(facts: Facts) -> None:
    """Value, n and interval in a sentence that begins with its place."""
    rows = {ALL: level(0.95), "time=night": level(0.905)}
    planted = plant(facts, "estimates", rows)
    night = held(planted, "at least", limit=0.9, where=NIGHT)

    assert held(planted, "at least", limit=0.9).evidence == "Accuracy of v3 is 95.0% (n = 1,000, 95% 94.0 to 96.0)."
    assert night.evidence == (
        "At night, accuracy of v3 is 90.5% (n = 1,000, 95% 89.5 to 91.5): its interval spans the limit."
    )
    assert (night.slice, night.text) == ("time=night", "as it stands")
    assert night.links[0].state == (("slice", "time=night"), ("version", "v3"))


def test_a_class_is_named(facts: Facts) -> None:
    """A metric that each class has says of which."""
    planted = plant(
        facts, "comparisons", {ALL: {**changed(0.05), "metric": "recall", "class": "car", "verdict": "better"}}
    )

    assert "recall of car is" in held(planted, "better", "recall", klass="car").evidence
    assert held(planted, "better", "recall", klass="cyclist").state == "undecided"


def test_too_few_cant_tell(facts: Facts) -> None:
    """Below test no level is held to a limit; below show there is not even a percentage."""
    few = plant(facts, "estimates", {ALL: level(0.98, n=12, support="show")})
    fewest = plant(facts, "estimates", {"time=night": level(0.98, n=1, support="counts")})
    changes = plant(facts, "comparisons", {ALL: {**changed(-0.5, n=8, support="counts"), "verdict": "too_few"}})

    assert held(few, "at least", limit=0.9).evidence.endswith("(n = 12, 95% 97.0 to 99.0): too few to tell.")
    one = held(fewest, "at least", limit=0.9, where=NIGHT)
    assert (one.state, one.evidence) == ("undecided", "At night, there is only 1 sample: too few to tell.")
    assert held(changes, "worse").evidence == "There are only 8 samples: too few to tell."
    assert held(few, "at least", limit=0.9).state == "undecided"


def test_where_nothing_is_nothing_can_be_told(facts: Facts) -> None:
    """A slice without samples, a metric that the predictions do not bear, and a version without baseline."""
    nowhere = (Term("weather", "=", "fog"), Term("time", "=", "night"), Term("label", "=", "cyclist"))

    assert held(facts, "better", where=nowhere).evidence == "No sample is in fog × night × cyclist."
    assert held(facts, "at least", "log_loss", limit=0.1).evidence == "v3 has no log loss."
    assert held(facts, "better", "log_loss").evidence == "Log loss is not compared there."


def test_versions_on_different_samples() -> None:
    """Nothing is confirmed or refuted, and the evidence says why."""
    outcomes = classify(600, confidence=False)
    half = np.arange(600) < 300
    frame = outcomes.frame.with_columns(scored_0=pl.Series(half), scored_1=pl.Series(~half))
    belief = held(analyse(replace(outcomes, frame=frame)).facts, "better")

    assert belief.state == "undecided"
    assert "predicted no sample in common" in belief.evidence


def test_of_values_less_is_better() -> None:
    """The harbour's error grew: worse, and its error is at least something."""
    facts = analyse(regress(1500)).facts
    harbour = (Term("district", "=", "harbour"),)

    assert held(facts, "worse", "mae", where=harbour).state == "confirmed"
    assert held(facts, "not worse", "mae", where=harbour).state == "refuted"
    assert held(facts, "at most", "mae", limit=0.5, where=harbour).state == "refuted"
