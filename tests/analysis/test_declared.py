"""Declared slices: in place or of their own, outside the families, with all metrics; and pinned sets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.facts import Facts
from reportgen.analysis.pinned import follow_pinned
from reportgen.analysis.sentences import slice_state
from reportgen.analysis.slices import pinned_filter, pinned_name
from reportgen.declarations import BeliefRule, CriticalRule, Declarations, GateRule, PinnedRule
from reportgen.model import ALL, Attribute, Outcomes, Term
from reportgen.stats.significance import benjamini_hochberg
from reportgen.tasks.classification import METRICS
from tests.analysis.worlds import Analysed, analyse, classify, regress

ACCURACY = METRICS[0].info
NIGHT = (Term("time", "=", "night"),)
DARK = (Term("weather", "=", "rain"), Term("time", "=", "night"))
DEEP = (Term("weather", "=", "rain"), Term("time", "=", "night"), Term("label", "=", "pedestrian"))
NOWHERE = (Term("weather", "=", "fog"), Term("time", "=", "night"), Term("brightness", "in", "nothing"))
DECLARED = Declarations(
    critical=(CriticalRule(DARK, "safety case 4.2", "rainy nights"),),
    pinned=(PinnedRule("old", ("s000003", "s000001", "nobody"), "ids.csv"), PinnedRule("void", ("nobody",))),
    gates=(GateRule(ACCURACY, "max_drop", 0.02, where=NIGHT),),
    beliefs=(BeliefRule("…", "v2", "better", ACCURACY, "v1", where=DEEP),),
)


@pytest.fixture(scope="module")
def world() -> Outcomes:
    """Scenes with probabilities, so that rank metrics exist."""
    outcomes = classify(900)
    rng = np.random.default_rng(5)
    added = {}
    for v in range(2):
        scores = rng.dirichlet(np.ones(3), outcomes.frame.height)
        added |= {f"p{k}_{v}": scores[:, k] for k in range(3)}
    return replace(outcomes, frame=outcomes.frame.with_columns(**{k: pl.Series(x) for k, x in added.items()}))


@pytest.fixture(scope="module")
def declared(world: Outcomes) -> Analysed:
    """The world with its declared slices."""
    return analyse(world, declarations=DECLARED)


def test_a_slice_that_is_enumerated_anyway_is_declared_in_place(world: Outcomes, declared: Analysed) -> None:
    """Same id, samples and place; why and name are the manifest's; only critical ones say why."""
    plain = analyse(world).facts.slices
    found = declared.facts.slices
    night, dark = found["time=night"], found["weather=rain&time=night"]

    assert (night.origin, night.critical, night.name) == ("declared", None, "night")
    assert (dark.origin, dark.critical, dark.name) == ("declared", "safety case 4.2", "rainy nights")
    assert replace(dark, origin="pair", critical=None, title="") == plain["weather=rain&time=night"]
    assert list(plain) == [key for key in found if key in plain]


def test_other_ones_are_slices_of_their_own(world: Outcomes, declared: Analysed) -> None:
    """Three terms, and pinned ids: with their count of samples, after the enumerated ones."""
    frame = world.frame
    deep = declared.facts.slices["weather=rain&time=night&label=pedestrian"]
    rows = declared.facts.rows(deep.id)
    samples = world.samples.with_columns(label=frame["target"])
    expected = samples.select((pl.col("weather") == "rain") & (pl.col("time") == "night") & (pl.col("label") == 2))

    assert rows.tolist() == expected.to_series().to_list()
    assert (deep.n, deep.origin, deep.name) == (int(rows.sum()), "declared", "rain × night × pedestrian")
    assert declared.facts.slices["pinned=old"].n == 2
    assert "pinned=void" not in declared.facts.slices
    assert declared.axes.pinned == {"pinned=old"}


def test_unknown_ids_and_empty_slices_are_noted(world: Outcomes) -> None:
    """A note says how many ids no sample has, and which slice holds none."""
    fog = (Term("weather", "=", "fog"), Term("time", "=", "night"), Term("label", "=", "car"))
    empty = world.frame.filter(~((world.samples["weather"] == "fog") & (world.samples["time"] == "night")))
    kept = replace(
        world, frame=empty, samples=world.samples.filter(pl.Series(world.frame["id"].is_in(empty["id"].implode())))
    )
    notes = analyse(kept, declarations=replace(DECLARED, critical=(CriticalRule(fog, "fog"),))).facts.notes
    told = {(note.code, note.severity, note.n): note for note in notes}

    assert (
        told["RG405", "degraded", 0].message
        == "the manifest names weather = fog and time = night and label = car, and no sample is there"
    )
    assert told["RG406", "degraded", 1].message.endswith("have no sample here")
    assert told["RG406", "degraded", 1].examples == ("nobody",)


BESIDE = {"newly_broken_rate", "newly_fixed_rate", "churn_rate", "backward_trust", "fixed_per_broken"}
"""Rates that stand over all samples alone."""


@pytest.mark.parametrize(
    "slice_id", ["weather=rain&time=night", "weather=rain&time=night&label=pedestrian", "time=night"]
)
def test_all_metrics_stand_on_declared_slices(declared: Analysed, slice_id: str) -> None:
    """Those that go on no pairs, of each class, by rank; the calibration error where 300 samples bear it."""
    facts = declared.facts
    without = {"ece"} if facts.slices[slice_id].n < 300 else set()
    for table, beside in ((facts.estimates, BESIDE), (facts.comparisons, set())):
        of_all, own = (set(table.filter(pl.col("slice") == one)["metric"]) for one in (ALL, slice_id))
        assert own >= of_all - beside - without
        assert {"macro_f1", "recall", "auroc", "average_precision", "log_loss"} <= own


def test_no_figure_stands_twice(declared: Analysed) -> None:
    """A declared slice that is enumerated anyway is computed once."""
    estimates, comparisons = declared.facts.estimates, declared.facts.comparisons

    assert not estimates.filter(pl.struct("slice", "version", "metric", "class").is_duplicated()).height
    assert not comparisons.filter(pl.struct("slice", "candidate", "metric", "class").is_duplicated()).height


def test_ranks_of_a_slice_are_those_of_its_samples_alone(world: Outcomes, declared: Analysed) -> None:
    """AUROC at night is the AUROC of a report over the night's samples."""
    night = world.samples["time"] == "night"
    alone = analyse(replace(world, frame=world.frame.filter(night), samples=world.samples.filter(night))).facts
    columns = ["version", "class", "value", "low", "high", "n"]

    def aurocs(facts: Facts, slice_id: str) -> pl.DataFrame:
        found = facts.estimates.filter((pl.col("metric") == "auroc") & (pl.col("slice") == slice_id))
        return found.select(columns).sort("version", "class")

    assert aurocs(declared.facts, "time=night").height == 6
    assert aurocs(declared.facts, "time=night").equals(aurocs(alone, ALL))


def test_declared_slices_decide_by_p_and_leave_the_family(world: Outcomes, declared: Analysed) -> None:
    """They have no q; the others' q is corrected for fewer tests."""
    own = {"time=night", "weather=rain&time=night", "weather=rain&time=night&label=pedestrian", "pinned=old"}
    for facts, gone in ((declared.facts, own), (analyse(world).facts, set())):
        table = facts.comparisons.filter(pl.col("metric") == "accuracy")
        family = table.filter(pl.col("q").is_not_null())
        assert not set(family["slice"]) & gone
        assert family["q"].to_numpy() == pytest.approx(benjamini_hochberg(family["p"].to_numpy()))
        weak = facts.weaknesses.filter(pl.col("version") == "v2")
        assert not set(weak.filter(pl.col("q").is_not_null())["slice"]) & gone
    row = declared.facts.changes["weather=rain&time=night"]
    assert row["p"] < 0.05
    assert (row["q"], row["verdict"]) == (None, "worse")


def test_a_critical_slice_has_a_verdict_whatever_its_size() -> None:
    """Thirteen samples, all broken: worse where they are critical, too few where only a gate names them."""
    outcomes = classify(400, confidence=False)
    inside = (
        (outcomes.samples["weather"] == "fog") & (outcomes.samples["time"] == "night") & (outcomes.frame["target"] == 0)
    )
    terms = (Term("weather", "=", "fog"), Term("time", "=", "night"), Term("label", "=", "car"))
    frame = outcomes.frame.with_columns(
        correct_0=pl.when(inside).then(1).otherwise("correct_0").cast(pl.Int8),
        correct_1=pl.when(inside).then(0).otherwise("correct_1").cast(pl.Int8),
    )
    outcomes = replace(outcomes, frame=frame)
    key = "weather=fog&time=night&label=car"
    named, critical = (
        analyse(outcomes, declarations=one).facts.changes[key]
        for one in (
            Declarations(gates=(GateRule(ACCURACY, "max_drop", 0.02, where=terms),)),
            Declarations(critical=(CriticalRule(terms, "fog"),)),
        )
    )

    assert named["n"] == critical["n"] == int(inside.sum()) < 30
    assert (named["verdict"], critical["verdict"]) == ("too_few", "worse")


def test_pinned_sets_lead_no_finding(world: Outcomes) -> None:
    """A set chosen by what a version made of it says nothing of the version."""
    codes = analyse(world).facts.flip_codes
    assert codes is not None
    broken = tuple(world.frame["id"].filter(pl.Series(codes == 2)))
    facts = analyse(world, declarations=Declarations(pinned=(PinnedRule("broken", broken),))).facts

    assert facts.changes["pinned=broken"]["verdict"] == "worse"
    assert "pinned=broken" not in {row["slice"] for row in facts.with_verdict("worse")}


def test_the_name_of_pinned_sets_is_clear_of_columns() -> None:
    """Of the user's attributes and of the predicted label."""
    plain = Attribute("weather", "categorical", ("a", "b"), 0)

    assert pinned_name([plain]) == "pinned"
    assert pinned_name([replace(plain, name="pinned")]) == "pinned set"
    assert pinned_name([replace(plain, name="pinned"), replace(plain, name="pinned set")]) == "pinned set set"


def test_the_samples_of_a_pinned_set_have_a_filter_of_their_own(declared: Analysed) -> None:
    """Clear of the user's columns, and what the slice's links select by."""
    weather, *_ = declared.facts.attributes

    assert pinned_filter("old", [weather]) == "pinned old"
    assert pinned_filter("old", [replace(weather, name="pinned old")]) == "pinned old set"
    assert slice_state(declared.facts.slices["pinned=old"], declared.facts.attributes, None) == (
        ("a.pinned old", "yes"),
    )


def test_what_became_of_a_pinned_set() -> None:
    """Wrong in both is open, wrong then right closed, right then wrong back; the parts add up with those not scored."""
    outcomes = classify(8, confidence=False)
    frame = outcomes.frame.with_columns(
        correct_0=pl.Series([0, 0, 0, 1, 1, 1, 1, 0], dtype=pl.Int8),
        correct_1=pl.Series([0, 1, 1, 0, 1, 1, 1, 1], dtype=pl.Int8),
        scored_1=pl.Series([True] * 6 + [False, True]),
    )
    outcomes = replace(outcomes, frame=frame)
    rule = PinnedRule("old", (*frame["id"].head(7), "gone", "lost"))
    declarations = Declarations(pinned=(rule, PinnedRule("void", ("gone",))))
    one, void = follow_pinned(analyse(outcomes, declarations=declarations).facts, declarations)

    assert (one.n, one.n_unknown, one.slice) == (7, 2, "pinned=old")
    assert (one.n_open, one.n_closed, one.n_back, one.n_right, one.n_missing) == (1, 2, 1, 2, 1)
    assert [(link.text, link.count) for link in one.links] == [
        ("1 open", 1), ("2 closed", 2), ("1 back", 1), ("Slice in detail", None)
    ]  # fmt: skip
    assert one.links[0].state == (("set", "both_wrong"), ("version", "v2"), ("a.pinned old", "yes"))
    assert (void.n, void.n_unknown, void.links) == (0, 1, ())


def test_a_pinned_set_of_one_version_has_nothing_closed_or_back() -> None:
    """What is wrong is open, and what is right is right."""
    outcomes = classify(50, n_versions=1, confidence=False)
    declarations = Declarations(pinned=(PinnedRule("all", tuple(outcomes.frame["id"])),))
    (one,) = follow_pinned(analyse(outcomes, declarations=declarations).facts, declarations)
    n_right = int(outcomes.frame["correct_0"].sum())

    assert (one.n_open, one.n_closed, one.n_back, one.n_right) == (50 - n_right, 0, 0, n_right)


def test_of_values_right_is_within_the_tolerance() -> None:
    """A pinned set of a regression goes by the tolerance."""
    outcomes = regress(300)
    declarations = Declarations(pinned=(PinnedRule("all", tuple(outcomes.frame["id"])),))
    (one,) = follow_pinned(analyse(outcomes, declarations=declarations).facts, declarations)
    before, after = (outcomes.frame[f"correct_{v}"].to_numpy() == 1 for v in (0, 1))

    assert one.n_back == int((before & ~after).sum())
    assert one.n_open + one.n_closed + one.n_back + one.n_right == 300
