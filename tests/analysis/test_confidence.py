"""Confidence, cut-offs and costs of whole worlds: by hand, against oracles, and where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.multitest import multipletests

from reportgen import columns
from reportgen.analysis.confidence import Confidence, examine_confidence, worst_claim
from reportgen.analysis.cutoffs import MAX_CLASSES, Cutoffs, walk_cutoffs
from reportgen.analysis.measure import Measure, measure
from reportgen.analysis.slices import enumerate_axes
from reportgen.model import ALL, Limits, Outcomes
from reportgen.stats import calibration
from reportgen.tasks import classification
from tests.analysis.worlds import analyse, classify, regress

COSTS = ((0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (10.0, 1.0, 0.0))


def with_probabilities(outcomes: Outcomes, *, seed: int = 0) -> Outcomes:
    """The world with a probability a class: each version's label is the likeliest, and its confidence that one's."""
    rng = np.random.default_rng(seed)
    frame, k = outcomes.frame, len(outcomes.classes)
    for v in range(len(outcomes.versions)):
        logits = rng.normal(0, 1, (frame.height, k))
        logits[np.arange(frame.height), frame[f"prediction_{v}"].to_numpy()] += 3
        p = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
        frame = frame.with_columns(
            *(pl.Series(f"p{c}_{v}", p[:, c]) for c in range(k)),
            pl.Series(f"confidence_{v}", p.max(axis=1)),
            pl.Series(f"prediction_{v}", p.argmax(axis=1).astype(np.int32)),
        )
    frame = frame.drop([c for c in frame.columns if c.startswith(("correct_", "loss_"))])
    return replace(outcomes, frame=classification.outcomes(frame, len(outcomes.versions)))


def binary(n: int = 1500) -> Outcomes:
    """Cars and all else, with one score: P(car); labels are what 0.5 makes of it."""
    rng = np.random.default_rng(7)
    outcomes = classify(n)
    frame = outcomes.frame.with_columns(pl.col("target").clip(0, 1))
    for v, noise in enumerate((1.4, 1.0)):
        score = 1 / (1 + np.exp(-(2 - 4 * frame["target"].to_numpy() + rng.normal(0, noise, n))))
        label = np.where(score >= 0.5, 0, 1).astype(np.int32)
        frame = frame.with_columns(
            pl.Series(f"score_{v}", score),
            pl.Series(f"prediction_{v}", label),
            pl.Series(f"confidence_{v}", np.maximum(score, 1 - score).astype(np.float32)),
        )
    frame = frame.drop([c for c in frame.columns if c.startswith(("correct_", "loss_"))])
    frame = classification.outcomes(frame, 2)
    return replace(outcomes, frame=frame, classes=("car", "other"), positive="car", threshold=0.5)


def look(outcomes: Outcomes, **bounds: int) -> tuple[Measure, Confidence, Cutoffs]:
    """What is said of confidence and cut-offs; the first version is the baseline and the last the candidate."""
    limits = Limits(**bounds)
    measured, axes = measure(outcomes, limits), enumerate_axes(outcomes, limits)
    last = len(outcomes.versions) - 1
    baseline = 0 if last else None
    metrics = classification.METRICS if outcomes.classes else ()
    found = examine_confidence(measured, axes, metrics, baseline, last)
    return measured, found, walk_cutoffs(measured, axes, found.places, baseline, last)


@cache
def scenes() -> tuple[Measure, Confidence, Cutoffs]:
    """Three classes with probabilities and costs."""
    return look(replace(with_probabilities(classify(3000)), costs=COSTS))


def test_a_claim_is_the_mean_confidence_less_the_share_that_is_right() -> None:
    """Overall and in every slice; the family is corrected as statsmodels does."""
    measured, found, _ = scenes()
    frame = measured.outcomes.frame
    night = (measured.outcomes.samples["time"] == "night").to_numpy()
    for slice_id, inside in ((ALL, np.ones(3000, bool)), ("time=night", night)):
        row = found.claims.filter((pl.col("slice") == slice_id) & (pl.col("version") == "v2")).row(0, named=True)
        claimed, right = frame["confidence_1"].to_numpy()[inside], frame["correct_1"].to_numpy()[inside]
        assert row["mean_confidence"] == pytest.approx(claimed.mean(), rel=1e-6)
        assert row["right_rate"] == pytest.approx(right.mean())
        assert row["delta"] == pytest.approx(row["mean_confidence"] - row["right_rate"])
        error = np.std(claimed - right, ddof=1) / np.sqrt(inside.sum())
        assert row["high"] - row["low"] == pytest.approx(2 * 1.961 * error, rel=1e-2)
    family = found.claims.filter((pl.col("version") == "v2") & pl.col("q").is_not_null())

    assert family["q"].to_list() == pytest.approx(multipletests(family["p"], method="fdr_bh")[1].tolist(), abs=1e-12)
    assert [one.n_tested for one in found.families] == [family.height] * 2
    assert found.claims.filter(pl.col("slice") == ALL)["q"].to_list() == [None, None]


def test_no_slice_goes_by_the_target() -> None:
    """Samples picked by what is true of them make an honest version look too sure."""
    _, found, walked = scenes()

    for table in (found.claims, found.bins, found.risks, walked.table):
        assert not table["slice"].str.contains("label=").any()


def test_the_worst_slice_leads_and_has_a_diagram_of_its_own() -> None:
    """At night in the rain the candidate is the most too sure; its rows are drawn for both versions."""
    _, found, walked = scenes()
    worst = worst_claim(found.claims, "v2")

    assert worst is not None
    assert worst["verdict"] == "too_sure"
    assert worst["slice"] == found.places[1].slice.id == "weather=rain&time=night"
    assert (
        worst["low"]
        == found.claims.filter((pl.col("version") == "v2") & (pl.col("verdict") == "too_sure"))["low"].max()
    )
    for table in (found.bins, found.risks, found.calibrations, walked.table):
        assert set(table.filter(pl.col("slice") == worst["slice"])["version"]) == {"v1", "v2"}


def test_the_worst_slice_leads_however_small_it_is() -> None:
    """A slice that is tested and does not decide has a diagram where the candidate is the most too sure in it."""
    _, found, _ = look(with_probabilities(classify(3000)), decide=2000)
    worst = worst_claim(found.claims, "v2")

    assert worst is not None
    assert worst["support"] == "test"
    assert worst["slice"] == found.places[1].slice.id
    assert worst["slice"] in set(found.bins["slice"])


def test_bins_hold_every_sample_once() -> None:
    """15 of them, each version's samples, with the share that is right inside its interval."""
    measured, found, _ = scenes()
    for v, version in enumerate(("v1", "v2")):
        bins = found.bins.filter((pl.col("slice") == ALL) & (pl.col("version") == version))
        filled = bins.filter(pl.col("n") > 0)
        assert (bins.height, bins["n"].sum()) == (15, 3000)
        assert bins["n_right"].sum() == measured.outcomes.frame[f"correct_{v}"].sum()
        assert filled.filter(~pl.col("right_rate").is_between("right_low", "right_high")).height == 0
        assert filled.filter(~pl.col("mean_confidence").is_between("low", "high")).height == 0
        assert bins.filter(pl.col("n") == 0)["right_rate"].null_count() == 15 - filled.height


def test_the_calibration_error_is_a_metric_with_a_paired_difference() -> None:
    """Levels of both versions, and the comparison, whose ends are the levels."""
    facts = analyse(with_probabilities(classify(2000))).facts
    levels = facts.estimates.filter((pl.col("metric") == "ece") & (pl.col("slice") == ALL))
    row = facts.comparison("ece")

    assert row is not None
    assert levels["n"].to_list() == [2000, 2000]
    assert (row["value_baseline"], row["value_candidate"]) == tuple(levels["value"])
    assert row["low"] <= row["delta"] <= row["high"]
    assert row["verdict"] in {"better", "worse", "unclear"}


def test_too_few_samples_have_no_calibration_error_and_a_reason() -> None:
    """Tables of counts stand all the same."""
    facts = analyse(classify(200)).facts
    levels = facts.estimates.filter((pl.col("metric") == "ece") & (pl.col("slice") == ALL))

    assert levels["value"].to_list() == [None, None]
    assert set(levels["reason"]) == {calibration.TOO_FEW}
    _, found, _ = look(classify(40))
    assert found.bins.filter(pl.col("slice") == ALL)["n"].sum() == 80
    assert found.calibrations["ece_binned"].to_list() == [None, None]


@pytest.mark.parametrize("options", [{"groups": 60}, {"weights": True}, {"groups": 60, "weights": True}])
def test_groups_and_weights_keep_the_counts_and_move_the_intervals(options: dict[str, object]) -> None:
    """N counts samples; every table is there, with intervals that hold their values."""
    outcomes = replace(with_probabilities(classify(1200, **options)), costs=COSTS)  # type: ignore[arg-type]
    _, found, walked = look(outcomes)

    assert found.claims.filter(pl.col("slice") == ALL)["n"].to_list() == [1200, 1200]
    assert found.risks.filter((pl.col("slice") == ALL) & (pl.col("share") == 1.0))["n"].to_list() == [1200, 1200]
    assert found.risks.filter(~pl.col("wrong_rate").is_between("low", "high")).height == 0
    for value in ("recall", "precision", "cost"):
        inside = walked.table.filter(pl.col(f"{value}_low").is_not_null())
        assert inside.height
        assert inside.filter(
            ~pl.col(value).is_between(pl.col(f"{value}_low") - 1e-9, pl.col(f"{value}_high") + 1e-9)
        ).is_empty()


def test_what_has_no_confidence_has_no_tables() -> None:
    """A version without confidence, and a regression: nothing, of the contract's columns."""
    for outcomes in (classify(400, confidence=False), regress(400)):
        _, found, walked = look(outcomes)
        tables = (found.bins, found.calibrations, found.claims, found.risks, walked.table, walked.matches)
        assert [one.height for one in tables] == [0] * 6
        assert (found.figures, found.families, found.places) == ((), (), ())


def test_one_version_has_levels_alone() -> None:
    """No matches, and no differences."""
    outcomes = with_probabilities(classify(900, n_versions=1))
    _, found, walked = look(outcomes)

    assert set(found.claims["version"]) == set(walked.table["version"]) == {"v1"}
    assert walked.matches.height == 0
    assert {len(figure.versions) for figure in found.figures} == {1}


def test_only_one_version_with_confidence_is_shown_alone() -> None:
    """The other one is absent, and nothing is compared."""
    outcomes = classify(900)
    _, found, walked = look(replace(outcomes, frame=outcomes.frame.drop("confidence_0")))

    assert set(found.claims["version"]) == set(found.risks["version"]) == {"v2"}
    assert {figure.versions for figure in found.figures} == {(1,)}
    assert walked.matches.height == 0


def test_a_confidence_that_never_changes_still_has_its_figures() -> None:
    """One bin, one risk at every share, and a calibration error with a width."""
    outcomes = classify(900)
    frame = outcomes.frame.with_columns(pl.lit(0.8).cast(pl.Float32).alias(f"confidence_{v}") for v in (0, 1))
    _, found, _ = look(replace(outcomes, frame=frame))
    level = next(figure for figure in found.figures if figure.versions == (1,))

    assert found.bins.filter(pl.col("n") > 0).filter(pl.col("slice") == ALL)["n"].to_list() == [900, 900]
    assert set(found.risks.filter(pl.col("slice") == ALL)["kept_rate"]) == {1.0}
    assert level.values[0] == pytest.approx(abs(0.8 - frame["correct_1"].mean()), abs=0.01)
    assert level.low < level.high


def test_missing_predictions_are_in_no_table() -> None:
    """Each version is over the samples that it scored, a match over those that both did."""
    outcomes = with_probabilities(classify(900))
    scored = np.arange(900) % 3 != 0
    _, found, walked = look(replace(outcomes, frame=outcomes.frame.with_columns(pl.Series("scored_1", scored))))
    overall = walked.table.filter((pl.col("slice") == ALL) & (pl.col("class") == "car") & (pl.col("cutoff") == 0.5))
    totals = overall.select(pl.sum_horizontal("n_found", "n_missed", "n_false_alarm", "n_rest")).to_series()

    assert found.claims.filter(pl.col("slice") == ALL)["n"].to_list() == [900, 600]
    assert totals.to_list() == [900, 600]
    assert set(
        walked.matches.filter(pl.col("slice") == ALL).select(pl.col("n_class") + pl.col("n_other"))["n_class"]
    ) == {600}


def test_every_class_has_its_cut_offs_and_their_counts_add_up() -> None:
    """101 a slice, version and class; every sample is in one of the four counts."""
    _, _, walked = scenes()
    overall = walked.table.filter(pl.col("slice") == ALL)

    assert overall.height == 101 * 2 * 3
    assert set(overall.select(pl.sum_horizontal("n_found", "n_missed", "n_false_alarm", "n_rest")).to_series()) == {
        3000
    }
    assert overall.filter(pl.col("cutoff") == 0)["recall"].to_list() == [1.0] * 6


def test_of_many_classes_those_with_the_most_errors_have_cut_offs() -> None:
    """Ten of them at the most; which ones goes by the candidate's misses and false alarms."""
    rng = np.random.default_rng(0)
    outcomes, names = classify(1200), tuple(f"c{k:02d}" for k in range(14))
    target = rng.integers(0, 14, 1200).astype(np.int32)
    wrong = np.where((target < 4) & (rng.random(1200) < 0.5), (target + 1) % 4, target).astype(np.int32)
    frame = outcomes.frame.with_columns(
        pl.Series("target", target), pl.Series("prediction_0", target), pl.Series("prediction_1", wrong)
    )
    walked = look(with_probabilities(replace(outcomes, frame=frame, classes=names)))[2]
    shown = set(walked.table.filter(pl.col("slice") == ALL)["class"])

    assert len(shown) == MAX_CLASSES
    assert {"c00", "c01", "c02", "c03"} <= shown


def test_a_binary_task_has_cut_offs_of_its_positive_class() -> None:
    """At the threshold the counts are those of the labels, and costs those of the metric."""
    outcomes = replace(binary(), costs=((0.0, 10.0), (1.0, 0.0)))
    measured, _, walked = look(outcomes)
    at = walked.table.filter((pl.col("slice") == ALL) & (pl.col("version") == "v2") & (pl.col("cutoff") == 0.5)).row(
        0, named=True
    )
    target, said = outcomes.frame["target"].to_numpy(), outcomes.frame["prediction_1"].to_numpy()
    x, w = next(m for m in classification.METRICS if m.name == "cost").terms(measured.sides[1], -1)  # type: ignore[misc]

    assert set(walked.table["class"]) == {"car"}
    assert at["n_found"] == ((target == 0) & (said == 0)).sum()
    assert at["n_missed"] == ((target == 0) & (said == 1)).sum()
    assert at["n_false_alarm"] == ((target == 1) & (said == 0)).sum()
    assert (
        at["cost"]
        == pytest.approx(x.sum() / w.sum())
        == pytest.approx((10 * at["n_missed"] + at["n_false_alarm"]) / 1500)
    )


def test_below_the_cut_off_the_likeliest_other_class_is_said_and_costs() -> None:
    """One class against the rest: what a sample costs goes by what the version would say then."""
    measured, _, walked = scenes()
    frame = measured.outcomes.frame
    p = np.stack([frame[f"p{k}_1"].to_numpy() for k in range(3)])
    target = frame["target"].to_numpy()
    other = np.where(p[0] >= p[1], 0, 1)
    said = np.where(p[2] >= np.float32(0.7), 2, other)
    at = walked.table.filter(
        (pl.col("slice") == ALL)
        & (pl.col("version") == "v2")
        & (pl.col("class") == "pedestrian")
        & (pl.col("cutoff") == 0.7)
    ).row(0, named=True)

    assert at["cost"] == pytest.approx(np.array(COSTS)[target, said].mean())


def test_matches_reach_their_goal_at_a_cut_off_of_the_candidate() -> None:
    """Counts are those of the rule at both cut-offs; the goal is met, and differences are paired ones."""
    measured, _, walked = scenes()
    frame = measured.outcomes.frame
    is_class = frame["target"].to_numpy() == 0
    scores = [frame[f"p0_{v}"].to_numpy() for v in (0, 1)]
    table = walked.matches.filter((pl.col("slice") == ALL) & (pl.col("class") == "car"))

    assert set(table["goal"]) == {"cutoff", "recall", "false_alarms", "cost"}
    for row in table.filter(pl.col("cutoff_candidate").is_not_null()).gather_every(7).iter_rows(named=True):
        said = [
            score >= np.float32(row[f"cutoff_{end}"])
            for score, end in zip(scores, ("baseline", "candidate"), strict=True)
        ]
        for one, end in zip(said, ("baseline", "candidate"), strict=True):
            assert row[f"n_found_{end}"] == (one & is_class).sum()
            assert row[f"n_false_alarm_{end}"] == (one & ~is_class).sum()
        change = (row["n_found_candidate"] - row["n_found_baseline"]) / row["n_class"]
        assert row["delta_recall"] == pytest.approx(change, abs=1e-12)
        same = {"recall": "recall", "false_alarms": "false_alarm_rate", "cost": "cost"}.get(row["goal"])
        for name in ("recall", "false_alarm_rate", "cost"):
            low, high = row[f"{name}_low"], row[f"{name}_high"]
            if name == same:  # equal by construction
                assert (low, high) == (None, None)
            elif name != "cost" or low is not None:  # costs that move nowhere alike have no interval
                assert low <= row[f"delta_{name}"] <= high
        goal = {
            "cutoff": row["cutoff_candidate"] == row["cutoff_baseline"],
            "recall": change >= 0,
            "false_alarms": row["delta_false_alarm_rate"] <= 0,
        }
        assert goal.get(row["goal"], row["delta_cost"] <= 1e-9)


def test_costs_are_a_metric_with_totals() -> None:
    """Σ over the samples of what truth and prediction cost; lower is better; without costs there is none."""
    outcomes = with_probabilities(classify(1500))
    facts = analyse(replace(outcomes, costs=COSTS)).facts
    row = facts.estimates.filter(
        (pl.col("metric") == "cost") & (pl.col("slice") == ALL) & (pl.col("version") == "v2")
    ).row(0, named=True)
    total = np.array(COSTS)[outcomes.frame["target"], outcomes.frame["prediction_1"]].sum()

    assert (row["sum_x"], row["value"]) == (pytest.approx(total), pytest.approx(total / 1500))
    assert row["low"] < row["value"] < row["high"]
    assert facts.comparison("cost") is not None
    assert "cost" not in set(analyse(outcomes).facts.estimates["metric"])


def test_the_tables_keep_their_columns() -> None:
    """Names and types are those of the contract."""
    _, found, walked = scenes()

    assert found.bins.schema == columns.CONFIDENCE_BINS
    assert found.calibrations.schema == columns.CALIBRATIONS
    assert found.claims.schema == columns.CLAIMS
    assert found.risks.schema == columns.RISKS
    assert walked.table.schema == columns.CUTOFFS
    assert walked.matches.schema == columns.MATCHES
