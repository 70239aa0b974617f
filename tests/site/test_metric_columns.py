"""What the browser is told of metrics: how each is computed, of which versions and classes, and what it must load."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.model import Outcomes
from reportgen.report import Report
from reportgen.site.metric_columns import DERIVED, describe_metrics, has_terms, metric_chunks, metrics_of, sides_of
from reportgen.tasks import classification, regression
from tests import builders
from tests.analysis import worlds
from tests.site.test_payload import unpack

N = 300


def report_of(outcomes: Outcomes) -> Report:
    """A report that says of some outcomes which metrics there are, and has no figures of them."""
    task = classification if outcomes.classes else regression
    plain = builders.report(n=N, n_versions=len(outcomes.versions), attributes=False)
    infos = tuple(replace(metric.info, primary=metric.name == task.PRIMARY) for metric in task.METRICS)
    name = "classification" if outcomes.classes else "regression"
    return replace(plain, task=name, outcomes=outcomes, metrics=infos, examples=columns.EXAMPLES.to_frame())


def with_probabilities(outcomes: Outcomes, *versions: int) -> Outcomes:
    """The outcomes with random probabilities of these versions, in 32 bits."""
    rng = np.random.default_rng(3)
    k = len(outcomes.classes)
    tables = {v: rng.dirichlet(np.ones(k), outcomes.frame.height).astype(np.float32) for v in versions}
    added = [pl.Series(columns.probability(c, v), table[:, c]) for v, table in tables.items() for c in range(k)]
    return replace(outcomes, frame=outcomes.frame.with_columns(added))


def crowd_of(n_classes: int) -> Outcomes:
    """Outcomes of as many classes."""
    return replace(worlds.classify(N), classes=tuple(f"c{k:02d}" for k in range(n_classes)))


def described(report: Report) -> dict[str, Any]:
    """What is told of each metric, by name."""
    return {str(one["name"]): one for one in describe_metrics(report)}


def test_a_version_has_what_its_file_gives() -> None:
    """The first version has probabilities, the second labels alone; both have confidences."""
    found = described(report_of(with_probabilities(worlds.classify(N), 0)))

    assert found["accuracy"]["versions"] == found["ece"]["versions"] == [True, True]
    assert found["brier"]["versions"] == found["auroc"]["versions"] == [True, False]
    assert found["cost"]["versions"] == [False, False]


def test_classes_are_all_or_the_positive_one() -> None:
    """Of a binary task the positive one; rank columns are made of 25 classes at most, labels counted of any."""
    many = worlds.classify(N)
    binary = replace(many, classes=("no", "yes"), positive="yes")
    crowd = crowd_of(26)

    assert described(report_of(many))["recall"]["classes"] == [0, 1, 2]
    assert described(report_of(many))["accuracy"]["classes"] is None
    assert described(report_of(binary))["recall"]["classes"] == [1]
    assert described(report_of(crowd))["recall"]["classes"] == list(range(26))
    assert described(report_of(crowd))["auroc"]["classes"] == []


def test_bounds_and_kinds_are_those_of_the_intervals() -> None:
    """Infinite ones are null."""
    found = described(report_of(worlds.classify(N)))
    values = described(report_of(worlds.regress(N)))

    assert (found["accuracy"]["kind"], found["accuracy"]["bounds"]) == ("binary", [0, 1])
    assert (found["f1"]["kind"], found["f1"]["bounds"]) == ("ratio", [0, 1])
    assert (found["mcc"]["kind"], found["mcc"]["bounds"]) == ("influence", [-1, 1])
    assert (found["brier"]["kind"], found["brier"]["bounds"]) == ("ratio", [0, 2])
    assert (values["mae"]["bounds"], values["bias"]["bounds"], values["r2"]["bounds"]) == (
        [0, None], [None, None], [None, 1]
    )  # fmt: skip
    assert [one["name"] for one in values.values() if not one["compared"]] == ["bias"]


def test_what_is_not_derived_has_a_column() -> None:
    """Every ratio of sums is either derived by the browser or sent; a metric that is new here is sent."""
    for outcomes in (worlds.classify(N), worlds.regress(N)):
        report = report_of(outcomes)
        told = described(report)
        for info, metric in metrics_of(report, sides_of(report)):
            is_sum = metric.terms is not None
            assert told[info.name]["chunk"] == (is_sum and info.name not in DERIVED)
    assert {name for name, one in described(report_of(worlds.classify(N))).items() if one["chunk"]} == {
        "log_loss", "brier", "top_k_accuracy"
    }  # fmt: skip


def test_terms_are_those_of_python() -> None:
    """To the last bit, and each scored sample counts once; a version without probabilities has none."""
    outcomes = with_probabilities(crowd_of(12), 0)
    frame = outcomes.frame.with_columns(scored_0=pl.col("id") != "s000007")
    report = report_of(replace(outcomes, frame=frame))
    side = sides_of(report)[0]

    chunks = metric_chunks(report)

    sent = {metric.name: metric for _, metric in metrics_of(report, [side]) if has_terms(metric)}
    assert set(sent) == {"log_loss", "brier", "top_k_accuracy"}
    assert {name for name in chunks if name.startswith("terms-")} == {f"terms-{name}-0" for name in sent}
    for name, metric in sent.items():
        assert metric.terms is not None
        x, w = metric.terms(side, -1)
        assert (w == side.scored).all()
        assert (unpack(chunks[f"terms-{name}-0"]) == x).all(), name
    assert chunks["terms-top_k_accuracy-0"]["type"] == "u8"


def test_ranks_are_of_each_class_and_version_with_scores() -> None:
    """As Python's scores rank the samples; missing where the version has no prediction."""
    outcomes = with_probabilities(worlds.classify(N), 1)
    frame = outcomes.frame.with_columns(scored_1=pl.col("id") != "s000007")
    report = report_of(replace(outcomes, frame=frame))
    side = sides_of(report)[1]

    chunks = {name: chunk for name, chunk in metric_chunks(report).items() if name.startswith("rank-")}

    assert list(chunks) == ["rank-0-1", "rank-1-1", "rank-2-1"]
    for k in range(3):
        score = side.class_score(k)
        assert score is not None
        expected = pl.Series(np.where(side.scored, score, np.nan)).fill_nan(None).rank("dense").fill_null(0)
        assert unpack(chunks[f"rank-{k}-1"]).tolist() == expected.to_list()
        assert unpack(chunks[f"rank-{k}-1"])[7] == 0


def test_ranks_of_a_binary_task_and_of_many_classes() -> None:
    """Of the positive class alone, and none beyond 25 classes."""
    binary = replace(worlds.classify(N), classes=("no", "yes"), positive="yes")
    scored = replace(binary, frame=binary.frame.with_columns(score_0=pl.Series(np.linspace(0, 1, N))))

    assert [name for name in metric_chunks(report_of(scored)) if name.startswith("rank-")] == ["rank-1-0"]
    crowd = with_probabilities(crowd_of(26), 0)
    assert not [name for name in metric_chunks(report_of(crowd)) if name.startswith("rank-")]


def test_missing_predictions_counted_as_wrong() -> None:
    """Where one lacks a sample that figure is told as well, and that it is over every sample."""
    outcomes = worlds.classify(N)
    frame = outcomes.frame.with_columns(scored_1=pl.col("id") != "s000007")
    report = report_of(replace(outcomes, frame=frame))
    info = replace(report.metrics[0], name="accuracy_missing_as_wrong")

    found = described(replace(report, metrics=(*report.metrics, info)))

    assert [name for name, one in found.items() if one["missing"]] == ["accuracy_missing_as_wrong"]
    assert not found["accuracy_missing_as_wrong"]["chunk"]
