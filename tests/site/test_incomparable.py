"""Two versions without a sample in common: the whole report says so, and breaks nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest

from reportgen.analysis.unpaired import compare_unpaired
from reportgen.inputs.load import load_manifest
from reportgen.model import Limits
from reportgen.pipeline import run
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.plan import plan
from reportgen.site.report_json import SCHEMA
from reportgen.stats.intervals import difference_intervals
from reportgen.stats.statistic import sum_pair
from reportgen.summary import five_lines
from reportgen.tasks.classification import METRICS
from reportgen.tasks.known import task_of
from tests.analysis.worlds import analyse, classify, detect

ACCURACY = METRICS[0]
N = 400
HALF = np.arange(N) < N // 2
APART = "v1 and v2 predicted no sample in common, so they can't be compared sample by sample."
EMPTY = "v2 has no prediction that can be used, so nothing can be compared."


def build(folder: Path, task: str, *, shared: int = 0, empty: bool = False) -> Report:
    """A report of two versions, each of its own half and ``shared`` more; ``empty``: v2's half has no targets."""
    rng = np.random.default_rng(5)
    rain = rng.random(N) < np.where(HALF, 0.2, 0.7)
    target = rng.choice(["car", "van"], N) if task == "classification" else rng.normal(20, 4, N).round(3)
    ids = pl.Series("id", [f"s{i:03d}" for i in range(N)])
    samples = pl.DataFrame({"id": ids, "target": target, "weather": np.where(rain, "rain", "clear")})
    judged = HALF | (not empty)
    samples.with_columns(pl.when(pl.Series(judged)).then("target").alias("target")).write_csv(folder / "samples.csv")
    for name, own in (("v1", np.arange(N) < N // 2 + shared), ("v2", ~HALF)):
        if task == "classification":
            wrong = rng.random(N) < np.where(rain, 0.3, 0.1)
            said = pl.Series("pred", np.where(wrong, np.where(target == "car", "van", "car"), target))
        else:
            said = pl.Series("pred", target + rng.normal(0, np.where(rain, 2.0, 1.0)))
        pl.DataFrame([ids, said]).filter(own).write_csv(folder / f"{name}.csv")
    column = "label" if task == "classification" else "value"
    manifest = folder / "reportgen.yaml"
    manifest.write_text(
        f"task: {task}\nsamples: samples.csv\ncolumns: {{id: id, target: target}}\n"
        f"prediction_columns: {{{column}: pred}}\nattributes: [weather]\n"
        "versions:\n  v1: {predictions: v1.csv}\n  v2: {predictions: v2.csv}\n"
    )
    return run(load_manifest(manifest))


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize(("empty", "why"), [(False, APART), (True, EMPTY)])
def test_every_part_says_that_nothing_is_compared(tmp_path: Path, task: str, empty: bool, why: str) -> None:
    """Answer, findings, summary, Overview and Compare tell the reason in the same words; report.json is valid."""
    report = build(tmp_path, task, empty=empty)
    site = plan(report)
    compare, overview = site.page("compare"), site.page("overview")

    assert (report.answer.state, report.answer.sentence) == ("incomparable", why)
    assert report.findings[0].kind == "none"
    assert report.findings[0].text.startswith(why)
    assert five_lines(report, ())[0].endswith(why)
    assert all(five_lines(report, ())[i].endswith("nothing to compare") for i in (2, 3))
    assert compare is not None
    assert overview is not None
    assert (compare.view.pair.key, compare.view.compared) == (why, False)
    assert all(chart.id.startswith("compare-split") for chart in compare.charts)
    assert overview.view.diverging.key == overview.view.scorecard.shared == why
    assert all(row.verdict is None for row in overview.view.scorecard.rows)
    assert not any("Differences are paired" in sentence for sentence in site.footer.sentences)
    jsonschema.validate(json.loads(to_json(site.report)), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_each_version_keeps_its_own_figures(tmp_path: Path) -> None:
    """What each scored is told with interval and n; a version that scored nothing has no figure."""
    empty = five_lines(build(tmp_path, "classification", empty=True), ())[1]

    assert empty.count("n = 200") == empty.count("95% ") == 1
    assert empty.endswith("v2 has none, n = 0")


@pytest.mark.parametrize("shared", [0, 20])
def test_versions_of_different_samples_have_an_unpaired_difference(tmp_path: Path, shared: int) -> None:
    """Answer, summary and Compare say that it is unpaired; Compare splits it by the attribute that differs most."""
    report = build(tmp_path, "classification", shared=shared)
    (one,) = report.unpaired
    compare = plan(report).page("compare")
    low, high = (round(100 * end, 1) for end in (one.low or 0, one.high or 0))

    assert one.method == "unpaired, Newcombe, independent"
    assert (one.n_baseline, one.n_candidate, one.n_shared) == (200 + shared, 200, shared)
    assert one.split is not None
    assert one.split.attribute == "weather"
    assert one.split.mix + one.split.rate == pytest.approx(one.delta)
    assert compare is not None
    assert compare.view.pair.apart in report.answer.support
    assert compare.view.pair.apart == five_lines(report, ())[1].removeprefix("Overall  ")
    assert f"95% {low:+} to {high:+}".replace("-", "−") in compare.view.pair.apart
    assert compare.view.pair.split.startswith("Split by weather: of the")


def test_one_missing_prediction_of_a_small_evaluation_leaves_it_paired() -> None:
    """Fewer than 30 shared samples are no other samples where they are most of what each version scored."""
    outcomes = classify(25)
    scored = pl.Series("scored_1", np.arange(25) > 0)
    world = analyse(replace(outcomes, frame=outcomes.frame.with_columns(scored)))

    assert compare_unpaired(world.measure, ACCURACY, 0) == ()


def test_overlapping_versions_in_groups_have_the_linearised_difference() -> None:
    """With groups, which both versions may hold samples of, the difference is that of ``difference_intervals``."""
    outcomes = classify(2000, groups=80)
    rows = np.arange(2000)
    halves = [pl.Series("scored_0", rows < 1010), pl.Series("scored_1", rows >= 1000)]
    world = analyse(replace(outcomes, frame=outcomes.frame.with_columns(halves))).measure
    (one,) = compare_unpaired(world, ACCURACY, 0)
    terms = [part for side in world.sides for part in (side.correct * side.scored, side.scored.astype(float))]
    expected = difference_intervals(sum_pair(np.zeros(2000, int), *terms, 1, group=world.group), binary=False)

    assert one.method == "unpaired, linearised"
    assert (one.delta, one.low, one.high) == pytest.approx((expected.delta[0], expected.low[0], expected.high[0]))


@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_no_difference_is_farther_than_the_metric_reaches(name: str) -> None:
    """Of a ratio between 0 and 1 the unpaired difference and its parts end at 1, where few images leave t wide."""
    outcomes = detect(6)
    halves = [pl.Series("scored_0", np.arange(6) < 3), pl.Series("scored_1", np.arange(6) >= 3)]
    world = analyse(replace(outcomes, frame=outcomes.frame.with_columns(halves)), limits=Limits(show=1)).measure
    (metric,) = (one for one in task_of(outcomes).metrics if one.name == name and not one.info.per_class)
    (one,) = compare_unpaired(world, metric, 0)

    assert metric.reach == (0, 1)
    assert (one.low, one.high) == (-1, 1)
    assert one.split is not None
    assert min(one.split.mix_low or 0, one.split.rate_low or 0) >= -1
    assert max(one.split.mix_high or 0, one.split.rate_high or 0) <= 1
