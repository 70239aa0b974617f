"""Labels that look wrong: which are found, what correcting them would change, and what a review of them says."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from reportgen import columns
from reportgen.analysis.measure import measure
from reportgen.analysis.quality.corrections import measure_corrections
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.inspect import inspect, mark_sets
from reportgen.analysis.quality.labels import find_label_issues
from reportgen.analysis.quality.rates import rate_sets
from reportgen.analysis.quality.reviews import hold_reviewed
from reportgen.inspection import Absent, LabelIssues
from reportgen.model import Limits, Outcomes
from reportgen.tasks import classification
from tests.analysis.worlds import classify, regress


def with_probabilities(outcomes: Outcomes, *, noise: float = 0.05, seed: int = 3) -> tuple[Outcomes, np.ndarray]:
    """The world with probabilities that know the truth, and some labels replaced after the fact; which ones."""
    draw = np.random.default_rng(seed)
    frame = outcomes.frame
    true = frame[columns.TARGET].to_numpy()
    n, k = len(true), len(outcomes.classes)
    wrong = draw.random(n) < noise
    label = np.where(wrong, (true + draw.integers(1, k, n)) % k, true).astype(np.int32)
    added = [pl.Series(columns.TARGET, label)]
    for v in range(len(outcomes.versions)):
        shown = draw.normal(size=(n, k))
        shown[np.arange(n), true] += 4
        table = np.exp(shown) / np.exp(shown).sum(axis=1, keepdims=True)
        added += [pl.Series(columns.probability(c, v), table[:, c]) for c in range(k)]
        added.append(pl.Series(columns.prediction(v), table.argmax(axis=1).astype(np.int32)))
    frame = classification.outcomes(frame.with_columns(added), len(outcomes.versions))
    return replace(outcomes, frame=frame), wrong


def found(outcomes: Outcomes, given: Given | None = None) -> LabelIssues:
    """The issues, where they can be looked for."""
    issues = find_label_issues(outcomes, given or Given())
    assert isinstance(issues, LabelIssues)
    return issues


def test_planted_noise_is_found_and_ranked() -> None:
    """Most replaced labels are candidates, few others are, and the suggestion is the true label."""
    outcomes, wrong = with_probabilities(classify(2000))
    truth = classify(2000).frame[columns.TARGET].to_numpy()

    issues = found(outcomes)
    rows = issues.candidates["row"].to_numpy()

    assert issues.method == "confident learning"
    assert wrong[rows].mean() > 0.8
    assert wrong[rows].sum() > 0.8 * wrong.sum()
    right = [outcomes.classes[truth[row]] for row in rows[wrong[rows]]]
    assert (issues.candidates.filter(pl.Series(wrong[rows]))["suggestion"] == pl.Series(right)).mean() > 0.95
    assert issues.candidates["label_confidence"].is_sorted()
    assert sum(n for _, _, n in issues.kinds) == len(rows)
    assert [one.version for one in issues.noise] == list(outcomes.versions)
    (one,) = issues.sets
    assert one.rows.tolist() == rows.tolist()


def test_versions_without_probabilities_must_all_agree() -> None:
    """Only samples of which both versions say one other label are candidates."""
    outcomes = classify(400, confidence=False)

    issues = found(outcomes)

    frame = outcomes.frame[issues.candidates["row"].to_list()]
    assert issues.method == "agreement"
    assert issues.candidates.height
    assert (frame["prediction_0"] == frame["prediction_1"]).all()
    assert (frame["prediction_0"] != frame["target"]).all()
    assert issues.candidates["confidence"].null_count() == issues.candidates.height


def test_one_version_without_probabilities_says_why_not() -> None:
    """Its mistakes and wrong labels look alike."""
    assert isinstance(find_label_issues(classify(100, n_versions=1, confidence=False), Given()), Absent)


def test_labels_that_nothing_was_held_against_are_not_called_right() -> None:
    """Versions that scored different samples agree on none: that is no clean bill."""
    outcomes = classify(400, confidence=False)
    first = pl.int_range(400) < 200
    frame = outcomes.frame.with_columns(first.alias(columns.scored(0)), (~first).alias(columns.scored(1)))

    issues = find_label_issues(replace(outcomes, frame=frame), Given())

    assert isinstance(issues, Absent)
    assert issues.why == "No sample has both a label and a prediction of every version."


def test_residuals_that_all_versions_share() -> None:
    """A target far off in every version, on one side, is a candidate; one that a single version misses is not."""
    outcomes = regress(500)
    target = outcomes.frame[columns.TARGET].to_numpy().copy()
    target[[7, 40]] += 1000
    frame = outcomes.frame.with_columns(pl.Series(columns.TARGET, target))
    alone = frame[columns.prediction(0)].to_numpy().copy()
    alone[9] += 1000
    frame = frame.with_columns(pl.Series(columns.prediction(0), alone))

    issues = found(replace(outcomes, frame=frame))

    assert {7, 40} <= set(issues.candidates["row"].to_list())
    assert 9 not in issues.candidates["row"].to_list()
    assert (issues.candidates.head(2)["residual"] > 50).all()


def test_splits_that_versions_were_trained_on_are_left_out() -> None:
    """No candidate is of such a split, and the report counts what was left out."""
    outcomes, _ = with_probabilities(classify(600), noise=0.1)
    split = np.where(np.arange(600) % 3 == 0, "train", "test")
    outcomes = replace(outcomes, samples=outcomes.samples.with_columns(pl.Series("split", split)), split="split")

    issues = found(outcomes, Given(trained_splits=("train",)))

    assert issues.n_in_sample == 200
    assert issues.n_checked == 400
    assert not (issues.candidates["row"].to_numpy() % 3 == 0).any()


@pytest.mark.parametrize("metric", ["accuracy", "recall", "precision", "brier"])
def test_bounds_of_correcting_are_those_of_all_choices(metric: str) -> None:
    """Least and most equal a search through every subset of eight candidates."""
    outcomes, _ = with_probabilities(classify(300), noise=0.1)
    issues = found(outcomes)
    issues = replace(issues, candidates=issues.candidates.head(8))
    measured = measure(outcomes, Limits())
    (one,) = [m for m in classification.METRICS if m.name == metric]

    effects = measure_corrections(measured, issues, [one], 0, 1).filter(pl.col("version") == outcomes.versions[1])

    rows = issues.candidates["row"].to_list()
    chosen = chain.from_iterable(combinations(range(8), size) for size in range(9))
    values: dict[str | None, list[float]] = {name: [] for name in effects["class"]}
    for subset in chosen:
        side = measured.sides[1]
        target = side.target.copy()
        for i in subset:
            target[rows[i]] = outcomes.classes.index(issues.candidates["suggestion"][i])
        changed = replace(side, target=target, correct=(side.prediction == target).astype(np.int8))
        for name, own in values.items():
            x, w = one.terms(changed, -1 if name is None else outcomes.classes.index(name))  # type: ignore[misc]
            own.append(x.sum() / w.sum())
    for row in effects.iter_rows(named=True):
        own = values[row["class"]]
        assert row["value"] == pytest.approx(own[0])
        assert row["corrected"] == pytest.approx(own[-1])
        assert row["at_least"] == pytest.approx(min(own))
        assert row["at_most"] == pytest.approx(max(own))


def test_a_review_gives_the_precision_with_its_interval() -> None:
    """Of the reviewed candidates, those whose label was another; the present label counts where none was noted."""
    outcomes, _ = with_probabilities(classify(1000), noise=0.1)
    table = found(outcomes).candidates
    first = table.head(10)
    reviewed = pl.DataFrame(
        {
            "id": [*first["id"], "unknown"],
            "reviewed": [*first["suggestion"][:7], *first["label"][7:], "car"],
            "label": [None] * 11,
            "suggestion": [None] * 11,
        },
        schema=columns.REVIEWED,
    )

    held = hold_reviewed(outcomes, table, Given(reviewed=reviewed, reviewed_file="labels.csv"), 0.95)

    assert held is not None
    assert (held.n, held.n_unknown, held.n_candidates, held.n_wrong, held.n_suggested) == (10, 1, 10, 7, 7)
    assert held.precision == 0.7
    limits = binomtest(7, 10).proportion_ci(method="wilson")
    assert (held.low, held.high) == (pytest.approx(limits.low), pytest.approx(limits.high))
    assert held.n_corrected == 0
    assert held.from_top
    assert held.n_groups is None


def test_a_review_of_all_or_from_elsewhere_is_none_of_the_top() -> None:
    """Those from the first on that leave others are the top; without the first, or with all, they are not."""
    outcomes, _ = with_probabilities(classify(1000), noise=0.1)
    table = found(outcomes).candidates

    def held(rows: pl.DataFrame) -> bool:
        listed = rows.select("id", pl.col("suggestion").alias("reviewed"), "label", "suggestion")
        reviewed = hold_reviewed(outcomes, table, Given(reviewed=listed), 0.95)
        assert reviewed is not None
        return reviewed.from_top

    assert held(table.head(10))
    assert held(table.head(10).reverse())
    assert not held(table.slice(1, 10))
    assert not held(table)


def test_reviewed_samples_of_one_group_count_as_one() -> None:
    """Where a whole group's labels were wrong or right, the interval is that of groups, and wider."""
    outcomes, _ = with_probabilities(classify(1000), noise=0.1)
    table = found(outcomes).candidates.head(40)
    group = np.arange(1000) + 40
    group[table["row"].to_numpy()] = np.arange(40) // 5
    grouped = replace(outcomes, frame=outcomes.frame.with_columns(pl.Series(columns.GROUP, group.astype(np.int32))))
    wrong = pl.Series(np.arange(40) // 5 % 2 == 0)
    said = table.select(
        "id", pl.when(wrong).then("suggestion").otherwise("label").alias("reviewed"), "label", "suggestion"
    )

    plain, wide = (hold_reviewed(one, table, Given(reviewed=said), 0.95) for one in (outcomes, grouped))

    assert plain is not None
    assert wide is not None
    assert (wide.n_wrong, wide.n_candidates, wide.n_groups, plain.n_groups) == (20, 40, 8, None)
    assert wide.low is not None
    assert wide.high is not None
    assert plain.low is not None
    assert plain.high is not None
    assert wide.high - wide.low > 2 * (plain.high - plain.low)


def test_errors_in_a_set_stand_beside_those_elsewhere() -> None:
    """Wrong labels are taken for mistakes: the set is worse than its rest, and both add up to the whole."""
    outcomes, _ = with_probabilities(classify(2000))
    inspection = inspect(outcomes, Given())
    marked = mark_sets(outcomes, inspection.sets)

    rates = rate_sets(measure(marked, Limits()), inspection.sets)

    assert marked.frame[columns.found_set(0)].sum() == inspection.sets[0].n
    assert rates["verdict"].to_list() == ["unclear", "unclear"]  # they were found by being wrong: nothing is tested
    assert rates["p"].null_count() == 2
    for v, row in enumerate(rates.iter_rows(named=True)):
        wrong = (outcomes.frame[columns.correct(v)] == 0).sum()
        assert row["sum_x"] + row["rest"] * row["n_rest"] == pytest.approx(wrong)
        assert row["low"] < row["value"] <= row["high"]


def test_labels_that_were_mended_stay_reviewed() -> None:
    """What the list suggested then counts, though the sample is no candidate any more; the precision stays."""
    outcomes, _ = with_probabilities(classify(1000), noise=0.1)
    first = found(outcomes).candidates.head(10)
    reviewed = first.select("id", pl.col("suggestion").alias("reviewed"), "label", "suggestion")
    target = outcomes.frame["target"].to_numpy().copy()
    target[first["row"].to_numpy()] = [outcomes.classes.index(one) for one in first["suggestion"]]
    after = replace(outcomes, frame=outcomes.frame.with_columns(target=pl.Series(target)))

    held = hold_reviewed(after, found(after).candidates, Given(reviewed=reviewed), 0.8)

    assert held is not None
    assert (held.n_candidates, held.n_wrong, held.n_corrected) == (10, 10, 10)
    assert held.low == pytest.approx(binomtest(10, 10).proportion_ci(0.8, method="wilson").low)
