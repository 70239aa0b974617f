"""Flips over three versions and more, and backward trust."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.proportion import proportion_confint

from reportgen.analysis.traces import trace_versions
from reportgen.model import Outcomes
from tests.analysis.worlds import analyse, classify, regress


def rights(outcomes: Outcomes) -> np.ndarray:
    """Right or wrong, a row a version."""
    return np.stack([outcomes.frame[f"correct_{v}"].to_numpy() == 1 for v in range(len(outcomes.versions))])


@pytest.mark.parametrize("make", [classify, regress])
def test_traces_are_counted_and_tested(make) -> None:
    """Counts are those of a plain loop, Q and p statsmodels', and the rates have Wilson's interval."""
    outcomes = make(800, n_versions=4)
    trace, rates = trace_versions(analyse(outcomes).measure, 3)
    right = rights(outcomes).T.tolist()
    flops = sum(sum(a != b for a, b in pairwise(one)) >= 2 for one in right)
    expected = cochrans_q(np.array(right, int))

    assert trace is not None
    assert rates is not None
    assert trace.n == 800
    assert trace.n_ever_right_now_wrong == sum(any(one) and not one[3] for one in right)
    assert trace.n_flip_flops == flops
    assert (trace.cochran_q, trace.df, trace.p) == pytest.approx((expected.statistic, 3, expected.pvalue))
    row = rates.filter(pl.col("metric") == "flip_flop_rate").row(0, named=True)
    assert (row["low"], row["high"]) == pytest.approx(proportion_confint(flops, 800, method="wilson"))


def test_two_versions_have_no_trace() -> None:
    """Newly broken and newly fixed say it all."""
    assert trace_versions(analyse(classify(300)).measure, 1) == (None, None)


def test_only_samples_that_all_scored_have_one() -> None:
    """A sample that one version missed is in no count."""
    outcomes = classify(300, n_versions=3)
    frame = outcomes.frame.with_columns(pl.Series("scored_1", np.arange(300) < 200))
    trace, _ = trace_versions(analyse(replace(outcomes, frame=frame)).measure, 2)

    assert trace is not None
    assert trace.n == 200
    assert trace.n_ever_right_now_wrong == int(
        (rights(outcomes)[:2, :200].any(axis=0) & ~rights(outcomes)[2, :200]).sum()
    )


@pytest.mark.parametrize("options", [{"groups": 40}, {"weights": True}])
def test_cochrans_q_is_left_out_where_it_would_not_hold(options: dict[str, object]) -> None:
    """With groups or weights there are counts and rates, and no Q."""
    trace, rates = trace_versions(analyse(classify(400, n_versions=3, **options)).measure, 2)

    assert trace is not None
    assert rates is not None
    assert (trace.cochran_q, trace.p) == (None, None)
    assert set(rates["method"]) == {"wilson, design effect"}


@pytest.mark.parametrize("make", [classify, regress])
def test_backward_trust_is_what_is_still_right_of_what_was(make) -> None:
    """Both right ÷ old right, with Wilson's interval over the old right ones."""
    outcomes = make(700)
    old, new = rights(outcomes)
    table = analyse(outcomes).facts.estimates.filter(pl.col("metric") == "backward_trust")
    row = table.row(0, named=True)

    assert table.height == 1
    assert (row["n"], row["value"]) == (old.sum(), pytest.approx((old & new).sum() / old.sum()))
    assert (row["low"], row["high"]) == pytest.approx(proportion_confint((old & new).sum(), old.sum(), method="wilson"))
