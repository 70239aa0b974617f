"""Example sets: totals, rules and a fixed order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analysis.examples import SHOWN, rank_examples
from reportgen.analysis.measure import measure
from reportgen.model import Limits, Outcomes
from reportgen.tasks import classification, regression
from tests.analysis.worlds import classify, regress


def gallery(outcomes: Outcomes):  # type: ignore[no-untyped-def]
    """The sets of a world's last version against its first."""
    measured = measure(outcomes, Limits())
    task = classification if outcomes.classes else regression
    hardness = [task.hardness(side) for side in measured.sides]
    candidate = len(outcomes.versions) - 1
    return rank_examples(measured, hardness, task.flip_codes, 0 if candidate else None, candidate)


def test_sets_hold_what_they_say() -> None:
    """Totals are counts of the outcome frame, and at most 200 are kept."""
    outcomes = classify(3000)
    sets = {one.name: one for one in gallery(outcomes).sets}
    old, new = outcomes.frame["correct_0"] == 1, outcomes.frame["correct_1"] == 1

    assert sets["newly_broken"].n_total == (old & ~new).sum()
    assert sets["newly_fixed"].n_total == (~old & new).sum()
    assert sets["always_wrong"].n_total == (~old & ~new).sum()
    assert sets["surest_wrong"].n_total == (~new).sum()
    assert sets["surest_wrong"].n_shown == min(SHOWN, sets["surest_wrong"].n_total)


def test_the_surest_mistake_comes_first_and_ties_keep_the_order_of_ids() -> None:
    """Scores fall, and equal scores are in the order of rows."""
    outcomes = classify(500)
    frame = outcomes.frame.with_columns(confidence_1=outcomes.frame["confidence_1"].round(1))
    examples = gallery(Outcomes(**{**outcomes.__dict__, "frame": frame})).examples.filter(set="surest_wrong")
    keys = list(zip((-examples["score"]).to_list(), examples["row"].to_list(), strict=True))

    assert keys == sorted(keys)
    assert examples["rank"].to_list() == list(range(1, len(examples) + 1))


def test_without_confidence_the_rule_says_so() -> None:
    """No confidence: the rule names the order of ids instead of pretending."""
    rule = gallery(classify(300, confidence=False)).sets[0].rule

    assert "no confidence to rank by" in rule


def test_a_rule_holds_any_name() -> None:
    """A version that is called like a place of the template is written as it is called."""
    outcomes = replace(classify(300), versions=("{candidate}", r"\1{baseline}"))

    assert gallery(outcomes).sets[1].rule.startswith(r"{candidate} got these right, \1{baseline} gets them wrong.")


def test_one_version_has_mistakes_alone() -> None:
    """Nothing is broken or fixed with one version."""
    assert [one.name for one in gallery(classify(300, n_versions=1)).sets] == ["surest_wrong"]


def test_regression_ranks_by_the_size_of_the_error() -> None:
    """The largest error comes first, and much worse means an error that grew by more than the margin."""
    outcomes = regress(1000)
    found = gallery(outcomes)
    error = np.abs(outcomes.frame["prediction_1"] - outcomes.frame["target"]).to_numpy()
    before = np.abs(outcomes.frame["prediction_0"] - outcomes.frame["target"]).to_numpy()

    assert found.examples["row"][0] == int(np.argmax(error.astype(np.float32)))
    assert {one.name: one.n_total for one in found.sets}["newly_broken"] == int((error - before > 1.0).sum())
