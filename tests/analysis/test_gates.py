"""Release gates: every rule in every state, over figures planted in the tables of a small world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.facts import Facts
from reportgen.analysis.gates import judge, rule_text
from reportgen.declarations import BESIDE_METRICS, CriticalRule, Declarations, GateRule
from reportgen.model import ALL, Gate, Limits, MetricInfo, Term
from reportgen.tasks import classification, regression
from tests.analysis.worlds import analyse, classify, regress

METRICS: Mapping[str, MetricInfo] = {
    **{m.name: m.info for m in (*classification.METRICS, *regression.METRICS)},
    **BESIDE_METRICS,
}
NIGHT = (Term("time", "=", "night"),)
DARK = (Term("weather", "=", "rain"), Term("time", "=", "night"))
PEDESTRIAN = (Term("time", "=", "night"), Term("label", "=", "pedestrian"))
NOWHERE = (Term("weather", "=", "fog"), Term("time", "=", "night"), Term("label", "=", "cyclist"))
CRITICAL = CriticalRule(NIGHT, "safety case 4.2")


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A world whose night is critical; small, so that no figure of its own decides anything here."""
    return analyse(classify(600, confidence=False), declarations=Declarations(critical=(CRITICAL,))).facts


def rule(kind: str = "max_drop", limit: float = 0.03, metric: str = "accuracy", **more: Any) -> GateRule:
    """A gate on accuracy over all samples, with changes."""
    return GateRule(METRICS[metric], kind, limit, **more)  # type: ignore[arg-type]


def plant(facts: Facts, table: str, rows: Mapping[str, Mapping[str, Any]], metric: str = "accuracy") -> Facts:
    """The facts with the named slices' lines of a table in place of all of the metric's; the rest as in the first."""
    frame: pl.DataFrame = getattr(facts, table)
    version = pl.col("candidate" if table == "comparisons" else "version") == facts.candidate
    first = frame.filter((pl.col("metric") == metric) & version).row(0, named=True)
    lines = [{**first, "slice": name, **values} for name, values in rows.items()]
    schema = columns.COMPARISONS if table == "comparisons" else columns.ESTIMATES
    return replace(facts, **{table: pl.DataFrame(lines, schema=schema)})


def changed(
    delta: float, half: float = 0.005, n: int = 1000, support: str = "decide", q: float = 0.001
) -> dict[str, Any]:
    """A line of the comparisons: a difference with an interval of so much to either side."""
    return {
        "delta": delta, "low": delta - half, "high": delta + half, "n": n, "support": support, "q": q, "p": q,
        "discordance": 0.02,
    }  # fmt: skip


def level(value: float, half: float = 0.01, n: int = 1000, support: str = "decide") -> dict[str, Any]:
    """A line of the estimates."""
    return {"value": value, "low": value - half, "high": value + half, "n": n, "support": support}


def judged(facts: Facts, *rules: GateRule, critical: tuple[CriticalRule, ...] = ()) -> Gate:
    """The first of the gates, judged."""
    return judge(facts, Declarations(gates=rules, critical=critical))[0][0]


@pytest.mark.parametrize(
    ("row", "state", "reason"),
    [
        (changed(0.02), "passes", ""),
        (changed(-0.01), "passes", ""),
        (changed(-0.024), "near", ""),
        (changed(-0.032), "undecided", "its interval spans the limit"),
        (changed(-0.05), "fails", ""),
        (changed(-0.05, n=100, support="test"), "fails", ""),
        (changed(-0.05, n=100, support="test", q=0.06), "undecided", "only 100 samples, and the loss may be chance"),
        (changed(0.02, n=100, support="test"), "passes", ""),
        (changed(-0.05, n=20, support="show"), "undecided", "only 20 samples: too few to tell"),
        (changed(-0.05, n=1, support="counts"), "undecided", "only 1 sample: too few to tell"),
        (changed(-0.05, n=400, support="show"), "undecided", "fewer than 10 groups: too few to tell"),
        ({**changed(-0.05), "low": None, "high": None}, "undecided", "it has no interval"),
    ],
)
def test_a_drop_over_all_samples(facts: Facts, row: dict[str, Any], state: str, reason: str) -> None:
    """Fails beyond, can't tell across the limit or with few samples, is near beyond 0.7 of it, else passes."""
    gate = judged(plant(facts, "comparisons", {ALL: row}), rule())

    assert (gate.state, gate.reason) == (state, reason)
    printed = (None,) * 3 if row["support"] == "counts" else (row["delta"], row["low"], row["high"])
    assert (gate.value, gate.low, gate.high, gate.n) == (*printed, row["n"])
    assert (gate.on, gate.slice, gate.unit, gate.limit) == ("overall", ALL, "rate", 0.03)


@pytest.mark.parametrize(
    ("kind", "limit", "metric", "value", "state"),
    [
        ("min", 0.9, "accuracy", 0.95, "passes"),
        ("min", 0.9, "accuracy", 0.91, "near"),
        ("min", 0.9, "accuracy", 0.905, "undecided"),
        ("min", 0.9, "accuracy", 0.85, "fails"),
        ("max", 0.2, "mae", 0.10, "passes"),
        ("max", 0.2, "mae", 0.15, "near"),
        ("max", 0.2, "mae", 0.195, "undecided"),
        ("max", 0.2, "mae", 0.25, "fails"),
    ],
)
def test_a_floor_and_a_ceiling(facts: Facts, kind: str, limit: float, metric: str, value: float, state: str) -> None:
    """The same rule for a level, whichever way is better."""
    planted = plant(facts, "estimates", {ALL: {**level(value), "metric": metric}})

    assert judged(planted, rule(kind, limit, metric)).state == state


def test_an_error_may_rise_by_so_much(facts: Facts) -> None:
    """Where lower is better a drop is a rise."""
    states = [
        judged(plant(facts, "comparisons", {ALL: {**changed(delta), "metric": "mae"}}), rule(metric="mae")).state
        for delta in (-0.05, 0.01, 0.024, 0.03, 0.05)
    ]

    assert states == ["passes", "passes", "near", "undecided", "fails"]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (changed(-0.05, n=4, support="counts", q=0.5), "fails"),
        (changed(-0.03, n=4, support="counts"), "undecided"),
        (changed(0.03, n=4, support="counts"), "passes"),
    ],
)
def test_a_critical_slice_decides_whatever_its_size(facts: Facts, row: dict[str, Any], state: str) -> None:
    """Four samples decide where the manifest calls them critical, alone and among the critical ones."""
    planted = plant(facts, "comparisons", {"time=night": row})

    assert judged(planted, rule(where=NIGHT)).state == state
    assert judged(planted, rule(on="critical"), critical=(CRITICAL,)).state == state


def test_the_worst_of_the_critical_slices_decides(facts: Facts) -> None:
    """One that fails, before one that can't tell, before one that passes; one without samples can't tell."""
    both = (CRITICAL, CriticalRule(DARK, "wet"), CriticalRule(NOWHERE, "never seen", "cyclists in fog"))
    good, bad = changed(0.02), changed(-0.05)

    first = judged(
        plant(facts, "comparisons", {"time=night": good, "weather=rain&time=night": bad}),
        rule(on="critical"),
        critical=both,
    )
    second = judged(
        plant(facts, "comparisons", {"time=night": good, "weather=rain&time=night": good}),
        rule(on="critical"),
        critical=both,
    )
    third = judged(
        plant(facts, "comparisons", {"time=night": good, "weather=rain&time=night": good}),
        rule(on="critical"),
        critical=both[:2],
    )

    assert (first.state, first.slice, first.failing) == (
        "fails",
        "weather=rain&time=night",
        ("weather=rain&time=night",),
    )
    assert (
        first.reason == "1 of 3 critical slices fails: rain × night; 1 of 3 critical slices can't tell: cyclists in fog"
    )
    assert (second.state, second.slice) == ("undecided", None)
    assert (third.state, third.reason) == ("passes", "all 2 critical slices pass")


EVERY = rule(limit=0.02, on="every slice")
SLICES = ("weather=rain", "weather=fog", "weather=clear", "time=day")


def every(facts: Facts, *rows: dict[str, Any], night: dict[str, Any] | None = None) -> Gate:
    """The gate on every slice, with these lines for some slices and one for the critical night."""
    lines = {**dict(zip(SLICES, rows, strict=False)), "time=night": night or changed(0.01)}
    return judged(plant(facts, "comparisons", lines), EVERY, critical=(CRITICAL,))


def test_no_slice_may_lose_more_passes(facts: Facts) -> None:
    """All well within: every slice was looked at."""
    gate = every(facts, changed(0.01), changed(0.02))

    assert (gate.state, gate.reason, gate.failing, gate.watch) == ("passes", "none of 3 slices is beyond it", (), ())
    assert gate.rule == "no slice may lose more than 2.0 points"


def test_no_slice_may_lose_more_fails(facts: Facts) -> None:
    """Two beyond doubt, the one that is sure to have lost most samples first; one whose estimate alone is beyond."""
    gate = every(
        facts,
        changed(-0.05, n=300),
        changed(-0.09, half=0.06, n=40, support="test"),
        changed(-0.04, half=0.03),
        changed(0.01),
    )

    assert gate.state == "fails"
    assert gate.reason.startswith("2 beyond doubt, 1 to watch")
    assert (gate.failing, gate.watch) == (("weather=rain", "weather=fog"), ("weather=clear",))
    assert (gate.slice, gate.value, gate.n) == ("weather=rain", -0.05, 300)


@pytest.mark.parametrize(
    "row", [changed(-0.05, q=0.06), changed(-0.05, half=0.04), changed(-0.05, n=100, support="test", q=0.2)]
)
def test_a_slice_to_watch_is_no_failure(facts: Facts, row: dict[str, Any]) -> None:
    """Beyond the limit but within chance, or with an interval across it: passes near the limit, to watch."""
    gate = every(facts, row, changed(0.01))

    assert (gate.state, gate.watch) == ("near", ("weather=rain",))
    assert "1 to watch" in gate.reason


def test_slices_too_small_are_counted(facts: Facts) -> None:
    """Below test, and those that could not have shown such a loss with 80 % power."""
    few, blunt = changed(-0.5, n=12, support="show"), {**changed(0.0, half=0.1, n=250), "discordance": 0.3}
    gate = every(facts, few, blunt, changed(0.01))

    assert (gate.state, gate.n_too_small) == ("passes", 2)
    assert gate.reason == "2 slices are too small to tell"


def test_a_critical_slice_across_the_limit_leaves_the_whole_open(facts: Facts) -> None:
    """It can't tell, and so can't the gate; beyond the limit it fails, however small and whatever its q."""
    across = every(facts, changed(0.01), night=changed(-0.02, n=12, support="show"))
    beyond = every(facts, changed(0.01), night=changed(-0.09, n=12, support="show", q=0.4))

    assert (across.state, across.slice, across.reason) == (
        "undecided",
        "time=night",
        "can't tell for the critical night",
    )
    assert (beyond.state, beyond.failing) == ("fails", ("time=night",))


def test_without_a_slice_that_decides_it_cant_tell() -> None:
    """No slice has 200 samples; with less asked for, it passes."""
    outcomes = classify(150, confidence=False)
    gates = [
        judged(analyse(outcomes, limits=Limits(decide=k)).facts, rule(limit=0.9, on="every slice")) for k in (200, 40)
    ]

    assert [gate.state for gate in gates] == ["undecided", "passes"]
    assert gates[0].reason.startswith("no slice has 200 samples")


def test_a_floor_in_every_slice_is_corrected_for_their_number(facts: Facts) -> None:
    """One slice barely below fails alone and not among many; one far below fails among many."""
    barely, far, well = level(0.888, 0.01), level(0.80, 0.01), level(0.95, 0.01)
    floor = rule("min", 0.9, on="every slice")

    def state(*rows: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        lines = {**dict(zip(SLICES, rows, strict=False)), "time=night": well}
        gate = judged(plant(facts, "estimates", lines), floor, critical=(CRITICAL,))
        return gate.state, gate.failing

    assert state(barely) == ("fails", ("weather=rain",))
    assert state(barely, well, well, well) == ("near", ())
    assert state(far, well, well, well) == ("fails", ("weather=rain",))


@pytest.mark.parametrize(("limit", "state"), [(19, "fails"), (20, "near"), (28, "near"), (29, "passes")])
def test_counts_compare_as_they_are(facts: Facts, limit: int, state: str) -> None:
    """Twenty newly broken, without an interval, and however few samples there are."""
    flips = facts.flips.with_columns(newly_broken=pl.lit(20, dtype=pl.Int64), n=pl.lit(25, dtype=pl.Int64))
    gate = judged(replace(facts, flips=flips), rule("max", limit, "newly_broken"))
    inside = judged(replace(facts, flips=flips), rule("max", limit, "newly_broken", where=DARK))

    assert gate.state == inside.state == state
    assert (gate.value, gate.low, gate.high, gate.n, gate.unit) == (20, None, None, 25, "count")
    assert gate.links[0].count == 20
    assert inside.name == "Newly broken, rain × night"


def test_a_least_number_of_newly_fixed(facts: Facts) -> None:
    """A count may have a floor, too."""
    flips = facts.flips.with_columns(newly_fixed=pl.lit(20, dtype=pl.Int64))

    assert judged(replace(facts, flips=flips), rule("min", 20, "newly_fixed")).state == "passes"
    assert judged(replace(facts, flips=flips), rule("min", 21, "newly_fixed")).state == "fails"


def test_checks_of_the_predictions() -> None:
    """Missing and invalid predictions of the candidate, as a count and as a share; neither counts as the other."""
    outcomes = classify(400, confidence=False)
    rows = np.arange(400)
    frame = outcomes.frame.with_columns(
        scored_1=pl.Series(rows >= 6), invalid_1=pl.Series(rows < 2), correct_1=pl.col("correct_1")
    )
    facts = analyse(replace(outcomes, frame=frame)).facts
    found = [
        judged(facts, rule("max", limit, metric))
        for metric, limit in [
            ("missing_predictions", 3),
            ("missing_predictions", 4),
            ("invalid_predictions", 10),
            ("missing_predictions_rate", 0.005),
            ("invalid_predictions_rate", 0.05),
        ]
    ]

    assert [gate.state for gate in found] == ["fails", "near", "passes", "fails", "passes"]
    assert [gate.value for gate in found] == [4, 4, 2, 0.01, 0.005]
    assert {gate.n for gate in found} == {400}
    assert [gate.unit for gate in found] == ["count", "count", "count", "rate", "rate"]


def test_a_pass_beside_a_failure_of_its_class_says_so(facts: Facts) -> None:
    """Recall of pedestrians holds overall; at night it fails, and the pass names that."""
    recall = {"metric": "recall", "class": "pedestrian"}
    planted = plant(facts, "estimates", {ALL: {**level(0.95), **recall}})
    planted = plant(planted, "comparisons", {"time=night&label=pedestrian": changed(-0.09)})
    gates, _ = judge(
        replace(planted, axes=analyse(classify(600), declarations=Declarations(gates=(rule(where=PEDESTRIAN),))).axes),
        Declarations(gates=(rule("min", 0.9, "recall", klass="pedestrian"), rule(where=PEDESTRIAN))),
    )

    assert [gate.state for gate in gates] == ["passes", "fails"]
    assert gates[0].reason == "passes overall; fails at night × pedestrian"
    assert gates[0].name == "Recall of pedestrian, all samples"


def test_a_failure_of_another_kind_is_not_told_beside_a_pass(facts: Facts) -> None:
    """Cars found less often at night say nothing of pedestrians, nor of what is taken for one."""
    planted = plant(facts, "estimates", {ALL: {**level(0.95), "metric": "precision", "class": "pedestrian"}})
    planted = plant(planted, "comparisons", {"time=night": changed(-0.09)})
    gates, _ = judge(
        planted, Declarations(gates=(rule("min", 0.9, "precision", klass="pedestrian"), rule(where=NIGHT)))
    )

    assert [(gate.state, gate.reason) for gate in gates] == [("passes", ""), ("fails", "")]


def test_a_rate_of_flips_of_one_version_says_what_is_missing() -> None:
    """It can't tell since there is no baseline, not for want of anything in the predictions."""
    facts = analyse(classify(600, n_versions=1, confidence=False)).facts
    gates, _ = judge(facts, Declarations(gates=(rule("max", 0.1, "churn_rate"),)))

    assert (gates[0].state, gates[0].reason) == ("undecided", "there is no baseline")


def test_one_version_has_no_drop() -> None:
    """There is no baseline; a floor is judged all the same."""
    facts = analyse(classify(600, n_versions=1, confidence=False)).facts
    gates, release = judge(
        facts, Declarations(gates=(rule(), rule("max", 5, "newly_broken"), rule("min", 0.2), rule("min", 0.99)))
    )

    assert [gate.state for gate in gates] == ["undecided", "undecided", "passes", "fails"]
    assert gates[0].reason == gates[1].reason == "there is no baseline"
    assert release is not None
    assert release.state == "hold"


def test_versions_on_different_samples_cant_be_compared() -> None:
    """The drop can't tell and says why, in every slice too."""
    outcomes = classify(600, confidence=False)
    half = np.arange(600) < 300
    frame = outcomes.frame.with_columns(scored_0=pl.Series(half), scored_1=pl.Series(~half))
    facts = analyse(replace(outcomes, frame=frame)).facts
    gates, _ = judge(facts, Declarations(gates=(rule(), rule("max", 5, "newly_broken"), EVERY)))

    assert [gate.state for gate in gates] == ["undecided"] * 3
    assert "predicted no sample in common" in gates[0].reason
    assert "predicted no sample in common" in gates[1].reason


def test_a_metric_that_the_predictions_do_not_bear(facts: Facts) -> None:
    """Without confidence there is no log loss, and a slice without samples has nothing."""
    assert judged(facts, rule("max", 0.5, "log_loss")).reason == "log loss can't be computed from these predictions"
    nothing = judged(facts, rule("min", 0.5, where=NOWHERE))
    assert (nothing.state, nothing.reason, nothing.slice) == ("undecided", "no sample is there", None)
    assert nothing.name == "Accuracy, fog × night × cyclist"


def test_values_are_judged_too() -> None:
    """Of regression: the harbour's error grew, overall and in every slice."""
    facts = analyse(regress(1200)).facts
    gates, release = judge(
        facts,
        Declarations(
            gates=(
                rule(limit=0.05, metric="mae"),
                rule(limit=0.3, metric="mae", on="every slice"),
                rule("max", 5.0, "mae"),
                rule("max", 2000, "newly_broken"),
            )
        ),
    )
    assert gates[-1].name == "Got much worse, all samples"

    assert [gate.state for gate in gates] == ["fails", "fails", "passes", "passes"]
    assert gates[1].failing[0] == gates[1].slice == "district=harbour"
    assert gates[0].rule == "may rise by at most 0.05"
    assert gates[1].rule == "no slice may rise by more than 0.3"
    assert release is not None
    assert release.sentence == "2 of 4 release gates fail."


@pytest.mark.parametrize(
    ("states", "undecided", "state", "sentence"),
    [
        (["passes", "near"], "pass", "go", "All 2 release gates pass."),
        (["passes"], "pass", "go", "The one release gate passes."),
        (["passes", "fails", "passes"], "pass", "hold", "1 of 3 release gates fails."),
        (["fails", "fails", "undecided"], "pass", "hold", "2 of 3 release gates fail; 1 can't tell."),
        (["passes", "undecided"], "pass", "undecided", "1 of 2 release gates can't tell yet, none fails."),
        (["undecided"], "fail", "hold", "1 of 1 release gate can't tell yet, which counts as a failure."),
        (
            ["fails", "undecided", "undecided"],
            "fail",
            "hold",
            "1 of 3 release gates fails; 2 can't tell, which counts as failures.",
        ),
    ],
)
def test_the_verdict(facts: Facts, states: list[str], undecided: str, state: str, sentence: str) -> None:
    """Hold where one fails, or can't tell and that counts as failing; can't decide yet; go. The counts are told."""
    rows = {"passes": changed(0.01), "near": changed(-0.024), "undecided": changed(-0.03), "fails": changed(-0.09)}
    slices = dict(zip(("all", *SLICES), states, strict=False))
    planted = plant(facts, "comparisons", {key: rows[wanted] for key, wanted in slices.items()})
    terms = [() if key == "all" else (Term(*key.split("=")[:1], "=", key.split("=")[1]),) for key in slices]
    declared = Declarations(gates=tuple(rule(where=where) for where in terms), undecided=undecided)  # type: ignore[arg-type]
    gates, release = judge(planted, declared)

    assert [gate.state for gate in gates] == states
    assert release is not None
    assert (release.state, release.sentence) == (state, sentence)


def test_without_gates_there_is_no_verdict(facts: Facts) -> None:
    """Nothing to hold, nothing to say."""
    assert judge(facts, Declarations()) == ((), None)


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (rule(limit=0.005), "may lose at most 0.5 points"),
        (rule(limit=0.01), "may lose at most 1.0 point"),
        (rule(limit=0.0025), "may lose at most 0.25 points"),
        (rule(limit=0.02, on="critical"), "no critical slice may lose more than 2.0 points"),
        (rule("min", 0.95), "at least 95.0%"),
        (rule("min", 0.5, on="every slice"), "at least 50.0% in every slice"),
        (rule("max", 0.4, "log_loss"), "at most 0.4"),
        (rule("max", 1200, "newly_broken"), "at most 1,200"),
        (rule("max", 0.03, "sure_wrong_rate", on="critical"), "at most 3.0% in every critical slice"),
    ],
)
def test_limits_in_words(one: GateRule, text: str) -> None:
    """Limits are printed whole, in points, percent or as they are."""
    assert rule_text(one) == text


def test_what_a_gate_counts_is_a_link_to_exactly_those(facts: Facts) -> None:
    """The n leads to its samples, of a class to those labelled so; where it counts others, it leads nowhere."""
    dark = judged(facts, rule(where=DARK))
    found = judged(facts, rule("min", 0.5, "recall", klass="pedestrian", where=NIGHT))
    precise = judged(facts, rule("min", 0.5, "precision", klass="pedestrian"))
    fewer = judged(plant(facts, "comparisons", {ALL: changed(-0.01, n=599)}), rule())

    assert dark.links[0].count == dark.n == facts.slices[dark.slice or ""].n
    assert dict(dark.links[0].state) == {
        "set": "all", "version": facts.candidate, "a.weather": "rain", "a.time": "night",
    }  # fmt: skip
    assert found.links[0].count == found.n
    assert dict(found.links[0].state)["label"] == "pedestrian"
    for other in (precise, fewer):
        assert not [link for link in other.links if ("set", "all") in link.state]
