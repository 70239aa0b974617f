"""Two versions without a sample in common: the whole report says so, and breaks nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest

from reportgen.inputs.load import load_manifest
from reportgen.model import Report
from reportgen.pipeline import run
from reportgen.render.serialise import to_json
from reportgen.site.plan import plan
from reportgen.site.report_json import SCHEMA
from reportgen.summary import five_lines

N = 400
HALF = np.arange(N) < N // 2
APART = "v1 and v2 predicted no sample in common, so nothing can be compared."
EMPTY = "v2 has no prediction that can be used, so nothing can be compared."


def build(folder: Path, task: str, *, shared: int = 0, empty: bool = False) -> Report:
    """A report of two versions, each of its own half and ``shared`` more; ``empty``: all of both, v2's null."""
    rng = np.random.default_rng(5)
    rain = rng.random(N) < np.where(HALF, 0.2, 0.7)
    target = rng.choice(["car", "van"], N) if task == "classification" else rng.normal(20, 4, N).round(3)
    ids = pl.Series("id", [f"s{i:03d}" for i in range(N)])
    samples = {"id": ids, "target": target, "weather": np.where(rain, "rain", "clear")}
    pl.DataFrame(samples).write_csv(folder / "samples.csv")
    for name, own in (("v1", np.arange(N) < N // 2 + shared), ("v2", ~HALF)):
        if task == "classification":
            wrong = rng.random(N) < np.where(rain, 0.3, 0.1)
            said = pl.Series("pred", np.where(wrong, np.where(target == "car", "van", "car"), target))
        else:
            said = pl.Series("pred", target + rng.normal(0, np.where(rain, 2.0, 1.0)))
        if empty and name == "v2":
            said = pl.Series("pred", [None] * N, dtype=said.dtype)
        table = pl.DataFrame([ids, said])
        (table if empty else table.filter(own)).write_csv(folder / f"{name}.csv")
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
    assert (report.findings[0].headline, report.findings[0].text) == ("Nothing can be compared", why)
    assert five_lines(report, ())[0] == f"Verdict  Nothing to compare: {why}"
    assert all(five_lines(report, ())[i].endswith("nothing to compare") for i in (2, 3))
    assert compare is not None
    assert overview is not None
    assert (compare.view.pair.key, compare.view.compared, compare.charts) == (why, False, ())
    assert overview.view.diverging.key == overview.view.scorecard.shared == why
    assert all(row.verdict is None for row in overview.view.scorecard.rows)
    jsonschema.validate(json.loads(to_json(site.report)), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_each_version_keeps_its_own_figures(tmp_path: Path) -> None:
    """What each scored is told with interval and n; a version that scored nothing has no figure."""
    line = five_lines(build(tmp_path, "classification"), ())[1]
    empty = five_lines(build(tmp_path, "classification", empty=True), ())[1]

    assert line.count("n = 200") == line.count("95% ") == 2
    assert empty.endswith("v2 has none, n = 0")
