"""Average precision in a report: values are those of the whole world, intervals hold them, versions share draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.measure import measure
from reportgen.analysis.object_ranks import rank_objects
from reportgen.model import ALL, Limits, Outcomes, Parts
from reportgen.stats.object_precision import average_precisions
from reportgen.tasks import detection, parts, regression
from reportgen.tasks.objects import hold
from tests.oracles.object_worlds import make_world

N = 12


def frame_of(objects: object) -> pl.DataFrame:
    names = {"klass": "class"}
    data = {names.get(name, name): value for name, value in vars(objects).items() if name != "boxes"}
    boxes = dict(zip(("left", "top", "width", "height"), objects.boxes.T, strict=True))  # type: ignore[attr-defined]
    return pl.DataFrame(data | boxes)


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    truths, better = make_world(11, n_samples=N)
    rng = np.random.default_rng(0)
    worse = replace(better, boxes=better.boxes + rng.normal(0, 9, better.boxes.shape) * [1, 1, 0, 0])
    held = [hold(frame_of(truths), frame_of(one), N, 3) for one in (worse, better)]
    frame = pl.DataFrame({"id": [f"s{i:02d}" for i in range(N)], "target": np.zeros(N)}).with_columns(
        *(pl.lit(True).alias(f"scored_{v}") for v in range(2)),
        *(pl.Series(f"prediction_{v}", parts.losses(one.counts)) for v, one in enumerate(held)),
    )
    return Outcomes(
        regression.outcomes(frame, 2, 0.0),
        frame.select("id"),
        (),
        (),
        ("worse", "better"),
        tolerance=0.0,
        parts=Parts("object", ("a", "b", "c"), tuple(h.counts for h in held), tuple(h.judged for h in held)),
    )


def test_levels_and_differences_are_exact_and_lie_in_their_intervals(outcomes: Outcomes) -> None:
    found = rank_objects(measure(outcomes, Limits()), detection.METRICS, 0)
    by_key = {(f.metric.name, f.klass, f.versions): f for f in found}
    assert outcomes.parts is not None
    exact = [average_precisions(one) for one in outcomes.parts.judged]
    for v in (0, 1):
        level = by_key["ap", None, (v,)]
        assert level.values[0] == pytest.approx(np.nanmean(exact[v].precision[0]), abs=1e-12)
        assert level.low < level.values[0] < level.high
        assert by_key["ar10", None, (v,)].values[0] == pytest.approx(np.nanmean(exact[v].recall[0, :, :, 1]), abs=1e-12)
        assert by_key["ap50", 1, (v,)].values[0] == pytest.approx(exact[v].precision[0, 0, 1], abs=1e-12)
    change = by_key["ap", None, (0, 1)]
    assert change.delta == pytest.approx(change.values[1] - change.values[0], abs=1e-12)
    assert 0 < change.low < change.delta < change.high
    assert change.p < 0.05
    assert {f.slice for f in found} == {ALL}
    assert (change.n, change.method) == (N, "paired bootstrap")


def test_a_report_without_objects_has_none_of_these(outcomes: Outcomes) -> None:
    assert rank_objects(measure(replace(outcomes, parts=None), Limits()), detection.METRICS, 0) == ()
