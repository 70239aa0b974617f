"""AUROC, average precision and calibration error with labels corrected and with copies left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from reportgen import columns
from reportgen.analysis.measure import Measure, measure
from reportgen.analysis.quality.copies_left_out import measure_without_copies
from reportgen.analysis.quality.corrections import measure_corrections
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.labels import find_label_issues
from reportgen.inspection import LabelIssues
from reportgen.model import Limits
from reportgen.stats.calibration import Draws, calibration_error
from reportgen.tasks import classification
from tests.analysis.worlds import classify

N = 900
METRICS = [one for one in classification.METRICS if one.needs_rows]
SCORES = {"auroc": roc_auc_score, "average_precision": average_precision_score}


@pytest.fixture(params=[{}, {"weights": True}, {"groups": 300}], ids=["plain", "weights", "groups"], scope="module")
def measured(request: pytest.FixtureRequest) -> Measure:
    """A world with probabilities that mostly know the truth, and labels of which some are wrong."""
    outcomes = classify(N, **request.param)
    draw = np.random.default_rng(3)
    frame = outcomes.frame
    true = frame[columns.TARGET].to_numpy()
    label = np.where(draw.random(N) < 0.1, (true + 1) % 3, true).astype(np.int32)
    added = [pl.Series(columns.TARGET, label)]
    for v in (0, 1):
        shown = draw.normal(size=(N, 3))
        shown[np.arange(N), true] += 3
        table = np.exp(shown) / np.exp(shown).sum(axis=1, keepdims=True)
        added += [pl.Series(columns.probability(c, v), table[:, c]) for c in range(3)]
        added.append(pl.Series(columns.prediction(v), table.argmax(axis=1).astype(np.int32)))
    frame = classification.outcomes(frame.with_columns(added), 2)
    return measure(replace(outcomes, frame=frame), Limits())


def calibration(one: Measure, version: int, target: np.ndarray, rows: np.ndarray) -> float:
    """The calibration error as the report has it, with these labels."""
    side, draws = one.sides[version], Draws.of(one.draw_keys, 10, 0)
    right = side.prediction == target
    found = calibration_error(side.confidence, right, rows, draws, group=one.group, weight=one.weight)
    assert found is not None
    return found.value


def test_labels_that_are_corrected(measured: Measure) -> None:
    """Each as scikit-learn has it from the corrected labels; there are no bounds, and no other metric is asked for."""
    issues = find_label_issues(measured.outcomes, Given())
    assert isinstance(issues, LabelIssues)
    classes, rows = measured.outcomes.classes, issues.candidates["row"].to_numpy()
    side = measured.sides[1]
    target = side.target.copy()
    target[rows] = [classes.index(one) for one in issues.candidates["suggestion"]]

    table = measure_corrections(measured, issues, METRICS, 0, 1)
    own = table.filter(pl.col("version") == measured.outcomes.versions[1])
    told = {(row["metric"], row["class"]): row for row in own.iter_rows(named=True)}

    assert set(told) == {("ece", None), *((metric, name) for metric in SCORES for name in classes)}
    assert table["at_least"].null_count() == table["at_most"].null_count() == table.height
    for (metric, name), row in told.items():
        if name is None:
            assert row["value"] == pytest.approx(calibration(measured, 1, side.target, np.arange(N)))
            assert row["corrected"] == pytest.approx(calibration(measured, 1, target, np.arange(N)))
            continue
        k = classes.index(name)
        score, weight = side.class_score(k), measured.weight
        assert row["value"] == pytest.approx(SCORES[metric](side.target == k, score, sample_weight=weight))
        assert row["corrected"] == pytest.approx(SCORES[metric](target == k, score, sample_weight=weight))


def test_copies_that_are_left_out(measured: Measure) -> None:
    """Each over the rows that stay, and the change of the two; where one class alone stays there is none."""
    copies, stay = np.arange(200), np.arange(200, N)
    effects = measure_without_copies(measured, copies, METRICS, 0, 1)
    target = measured.sides[0].target
    lonely = measure_without_copies(measured, np.flatnonzero(target != 1), METRICS, 0, 1)

    for metric, of in SCORES.items():
        own = effects.filter((pl.col("metric") == metric) & (pl.col("class") == measured.outcomes.classes[1]))
        before, after, change = own.iter_rows(named=True)
        for v, row in enumerate((before, after)):
            score = measured.sides[v].class_score(1)
            assert score is not None
            weight = None if measured.weight is None else measured.weight[stay]
            assert row["without"] == pytest.approx(of(target[stay] == 1, score[stay], sample_weight=weight))
            assert (row["n"], row["n_left_out"]) == (N, 200)
        assert change["without"] == pytest.approx(after["without"] - before["without"])
    error = effects.filter((pl.col("metric") == "ece") & (pl.col("version") == "v2"))
    assert error["without"][0] == pytest.approx(calibration(measured, 1, target, stay))
    assert lonely.filter(pl.col("metric").is_in(list(SCORES)))["without"].null_count() == 18
