"""Estimates and comparisons of whole worlds: against oracles, and properties that must hold of any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sklearn import metrics as oracle
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from reportgen.analysis.estimates import estimate_all
from reportgen.analysis.versions import compare_all
from reportgen.model import Outcomes
from reportgen.stats.significance import mcnemar_midp
from reportgen.tasks.classification import METRICS
from reportgen.tasks.metric import with_missing_as_wrong
from tests.analysis.worlds import analyse, classify, regress


@pytest.fixture(scope="module")
def world() -> Outcomes:
    """A plain world of two versions."""
    return classify(3000)


def overall(estimates: pl.DataFrame, version: str, metric: str, klass: str | None = None) -> dict[str, float]:
    """One overall estimate."""
    same = pl.col("class").is_null() if klass is None else pl.col("class") == klass
    return estimates.filter(
        (pl.col("slice") == "all") & (pl.col("version") == version) & (pl.col("metric") == metric) & same
    ).row(0, named=True)


def test_classification_figures_equal_scikit_learn(world: Outcomes) -> None:
    """Accuracy, macro-F1, MCC, kappa, balanced accuracy, and each class's recall and precision."""
    estimates = analyse(world).facts.estimates
    y, p = world.frame["target"].to_numpy(), world.frame["prediction_1"].to_numpy()
    expected = {
        "accuracy": oracle.accuracy_score(y, p),
        "macro_f1": oracle.f1_score(y, p, average="macro"),
        "mcc": oracle.matthews_corrcoef(y, p),
        "kappa": oracle.cohen_kappa_score(y, p),
        "balanced_accuracy": oracle.balanced_accuracy_score(y, p),
    }

    for name, value in expected.items():
        assert overall(estimates, "v2", name)["value"] == pytest.approx(value, abs=1e-12)
    for k, klass in enumerate(world.classes):
        assert overall(estimates, "v2", "recall", klass)["value"] == pytest.approx(
            oracle.recall_score(y, p, labels=[k], average=None)[0]
        )
        assert overall(estimates, "v2", "precision", klass)["value"] == pytest.approx(
            oracle.precision_score(y, p, labels=[k], average=None)[0]
        )


def test_regression_figures_equal_scikit_learn() -> None:
    """MAE, RMSE, R² and the correlation."""
    outcomes = regress()
    estimates = analyse(outcomes).facts.estimates
    y, p = outcomes.frame["target"].to_numpy(), outcomes.frame["prediction_1"].to_numpy()
    expected = {
        "mae": oracle.mean_absolute_error(y, p),
        "rmse": oracle.root_mean_squared_error(y, p),
        "r2": oracle.r2_score(y, p),
        "pearson_r": np.corrcoef(y, p)[0, 1],
        "bias": (p - y).mean(),
    }

    for name, value in expected.items():
        assert overall(estimates, "v2", name)["value"] == pytest.approx(value, abs=1e-10)


def test_accuracy_of_every_slice_has_wilsons_interval(world: Outcomes) -> None:
    """Without groups and weights every slice's interval equals statsmodels'."""
    table = analyse(world).facts.estimates.filter(pl.col("metric") == "accuracy")

    for row in table.iter_rows(named=True):
        low, high = proportion_confint(row["sum_x"], row["sum_w"], method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-12)


def test_differences_have_mcnemars_mid_p_and_benjamini_hochbergs_q(world: Outcomes) -> None:
    """P of each slice and q of the family equal statsmodels'."""
    facts = analyse(world).facts
    rows = [row for row in facts.changes.values() if row["slice"] != "all" and row["support"] in {"test", "decide"}]
    flips = facts.flipped
    for row in rows:
        b, c = flips[row["slice"]]["newly_broken"], flips[row["slice"]]["newly_fixed"]
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
        point = 0.0 if b == c else 0.5 ** (b + c) * float(np.exp(_log_choose(b + c, min(b, c))))
        assert row["p"] == pytest.approx(min(1.0, exact - point) if b != c else row["p"], abs=1e-9)
    q = multipletests([row["p"] for row in rows], method="fdr_bh")[1]

    assert [row["q"] for row in rows] == pytest.approx(q.tolist(), abs=1e-12)


def _log_choose(n: int, k: int) -> float:
    from scipy.special import gammaln  # noqa: PLC0415

    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def test_a_version_against_itself_changes_nothing() -> None:
    """Delta 0, no verdict, no flip, whatever the metric."""
    outcomes = classify(800)
    same = outcomes.frame.with_columns(
        pl.col(f"{name}_0").alias(f"{name}_1")
        for name in ("prediction", "confidence", "correct", "loss", "scored", "invalid")
    )
    facts = analyse(replace(outcomes, frame=same)).facts

    assert facts.comparisons["delta"].drop_nulls().abs().max() == 0
    assert set(facts.comparisons["verdict"]) <= {"unclear", "too_few"}
    assert facts.flips["newly_broken"].sum() == facts.flips["newly_fixed"].sum() == 0


@pytest.mark.parametrize("options", [{}, {"groups": 60}, {"weights": True}, {"groups": 60, "weights": True}])
def test_the_order_of_rows_is_irrelevant(options: dict[str, object]) -> None:
    """Shuffled rows give the same figures to 1e-9."""
    outcomes = classify(700, **options)
    order = np.random.default_rng(0).permutation(700)
    shuffled = replace(outcomes, frame=outcomes.frame[order], samples=outcomes.samples[order])
    one, other = analyse(outcomes).facts, analyse(shuffled).facts

    assert_frame_equal(one.estimates, other.estimates, abs_tol=1e-9)
    assert_frame_equal(one.comparisons, other.comparisons, abs_tol=1e-9)
    assert_frame_equal(one.flips, other.flips)


def test_flips_account_for_the_change_in_accuracy(world: Outcomes) -> None:
    """(fixed − broken) ÷ n is the difference, and the four counts add up, in every slice."""
    facts = analyse(world).facts

    for slice_id, flip in facts.flipped.items():
        parts = flip["newly_broken"] + flip["newly_fixed"] + flip["both_right"] + flip["both_wrong"]
        assert parts == flip["n"]
        assert facts.changes[slice_id]["delta"] == pytest.approx(
            (flip["newly_fixed"] - flip["newly_broken"]) / flip["n"]
        )


def test_missing_predictions_are_compared_where_both_scored() -> None:
    """A version's value is over its own samples, a comparison over those that both scored."""
    outcomes = classify(900)
    scored = pl.Series("scored_1", np.arange(900) % 3 != 0)
    frame = outcomes.frame.with_columns(scored).with_columns(
        pl.when(pl.col("scored_1")).then(pl.col("correct_1")).otherwise(0).cast(pl.Int8).alias("correct_1"),
        pl.when(pl.col("scored_1")).then(pl.col("prediction_1")).otherwise(-1).cast(pl.Int32).alias("prediction_1"),
    )
    facts = analyse(replace(outcomes, frame=frame)).facts

    assert overall(facts.estimates, "v1", "accuracy")["n"] == 900
    assert overall(facts.estimates, "v2", "accuracy")["n"] == 600
    assert facts.overall["n"] == 600
    shared = frame.filter("scored_1")
    assert facts.overall["value_baseline"] == pytest.approx(shared["correct_0"].mean())


@pytest.mark.parametrize("groups", [None, 60])
def test_missing_predictions_counted_as_wrong_are_a_metric_of_their_own(groups: int | None) -> None:
    """Its values and difference are over all samples, on no slice; without missing predictions there is none."""
    outcomes = classify(900, groups=groups)
    whole = analyse(outcomes)
    scored = pl.Series("scored_1", np.arange(900) % 3 != 0)
    found = analyse(replace(outcomes, frame=outcomes.frame.with_columns(scored)))
    metrics = with_missing_as_wrong(METRICS[:1], found.measure.sides)
    table = compare_all(found.measure, found.axes, metrics, 0, ())[0]
    levels = estimate_all(found.measure, found.axes, metrics, metrics[0], ())
    name = "accuracy_missing_as_wrong"
    row = table.filter(pl.col("metric") == name)
    right = [outcomes.frame["correct_0"] == 1, (outcomes.frame["correct_1"] == 1) & scored]

    assert with_missing_as_wrong(METRICS[:1], whole.measure.sides) == METRICS[:1]
    assert row.select("slice", "n").rows() == [("all", 900)]
    assert row["delta"][0] == pytest.approx(right[1].mean() - right[0].mean())
    assert row["low"][0] < row["delta"][0] < row["high"][0]
    for version, mark in zip(("v1", "v2"), right, strict=True):
        level = overall(levels, version, name)
        assert (level["n"], level["value"]) == (900, pytest.approx(mark.mean()))
        if groups is None:
            assert (level["low"], level["high"]) == pytest.approx(proportion_confint(mark.sum(), 900, method="wilson"))
    if groups is None:
        b, c = int((right[0] & ~right[1]).sum()), int((~right[0] & right[1]).sum())
        assert row["method"][0] == "newcombe, mcnemar mid-p"
        assert row["p"][0] == pytest.approx(mcnemar_midp(b, c).item())


def test_groups_count_beside_samples_and_cap_verdicts() -> None:
    """N stays the number of samples; with fewer groups than the rule asks no slice has a verdict."""
    facts = analyse(classify(900, groups=8)).facts

    assert overall(facts.estimates, "v1", "accuracy")["n"] == 900
    assert overall(facts.estimates, "v1", "accuracy")["n_groups"] == 8
    assert set(facts.comparisons["verdict"]) == {"too_few"}


def test_a_slice_by_its_predicted_label_is_a_level_only(world: Outcomes) -> None:
    """Its accuracy is the label's precision, and it is in no comparison and no weakness."""
    facts = analyse(world).facts
    level = facts.estimates.filter((pl.col("slice") == "predicted=car") & (pl.col("version") == "v2")).row(
        0, named=True
    )

    assert level["value"] == pytest.approx(overall(facts.estimates, "v2", "precision", "car")["value"])
    assert not facts.comparisons.filter(pl.col("slice").str.starts_with("predicted")).height
    assert not facts.weaknesses.filter(pl.col("slice").str.starts_with("predicted")).height


def test_the_confusion_changes_add_up(world: Outcomes) -> None:
    """For each true class the changes of its cells sum to 0, and cells equal scikit-learn's matrices."""
    facts = analyse(world).facts
    table = facts.confusion_changes
    matrix = oracle.confusion_matrix(world.frame["target"], world.frame["prediction_1"])

    assert table.group_by("target").agg(pl.col("delta").sum())["delta"].to_list() == [0, 0, 0]
    for row in table.iter_rows(named=True):
        at = world.classes.index(row["target"]), world.classes.index(row["prediction"])
        assert row["n_candidate"] == matrix[at]


def test_weaknesses_compare_a_slice_with_all_others(world: Outcomes) -> None:
    """Value − rest is the difference of the two accuracies."""
    facts = analyse(world).facts
    row = facts.weaknesses.filter((pl.col("slice") == "weather=rain&time=night") & (pl.col("version") == "v2")).row(
        0, named=True
    )
    inside = ((world.samples["weather"] == "rain") & (world.samples["time"] == "night")).to_numpy()
    correct = world.frame["correct_1"].to_numpy()

    assert row["value"] == pytest.approx(correct[inside].mean())
    assert row["rest"] == pytest.approx(correct[~inside].mean())
    assert row["verdict"] == "worse"


def test_every_interval_has_width_and_holds_its_value(world: Outcomes) -> None:
    """No interval is a point, and each holds its estimate."""
    table = analyse(world).facts.estimates.filter(pl.col("low").is_not_null())

    assert (table["high"] > table["low"]).all()
    assert ((table["value"] >= table["low"] - 1e-12) & (table["value"] <= table["high"] + 1e-12)).all()


def test_the_planted_loss_is_found_and_its_parts_are_not_blamed(world: Outcomes) -> None:
    """Night in the rain is worse beyond chance."""
    facts = analyse(world).facts

    assert facts.changes["weather=rain&time=night"]["verdict"] == "worse"
    assert facts.changes["weather=fog&time=day"]["verdict"] != "worse"
