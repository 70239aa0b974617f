"""The cut-offs: figures and sentences of Python, which the browser's are held to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site import cutoff_chunks, cutoff_words
from reportgen.site.cutoff_changes import change_row, trade_sentence
from reportgen.site.cutoff_readings import cutoff_row, read, said, second_sentence
from reportgen.site.cutoffs import dot_paths, plan_cutoffs
from reportgen.stats.distributions import two_sided_z
from reportgen.stats.intervals import wilson
from tests import confident

CASES = json.loads((Path(__file__).parents[1] / "contract" / "cutoffs.json").read_text(encoding="utf-8"))
GIVES = [case for case in CASES if case["function"] in {"cutoff_text", "dot_paths"}]


@pytest.fixture(scope="module")
def report() -> Report:
    """Two versions of four classes."""
    return confident.report()


@pytest.mark.parametrize("case", GIVES, ids=lambda case: f"{case['function']} {case['arguments']}")
def test_contract(case: dict[str, Any]) -> None:
    """Python gives what the contract says, as the browser does."""
    given = {"cutoff_text": cutoff_words.cutoff_text, "dot_paths": dot_paths}[case["function"]](*case["arguments"])

    assert given == (tuple(case["gives"]) if isinstance(case["gives"], list) else case["gives"])


@pytest.mark.parametrize("case", [case for case in CASES if case["function"] == "wilson"], ids=str)
def test_the_width_of_an_interval_is_z_squared_by_n(case: dict[str, Any]) -> None:
    """The contract's width is that of its n, and Wilson's limits give it back."""
    p, width = case["arguments"]

    assert p == case["x"] / case["n"]
    assert width == pytest.approx(two_sided_z(0.95) ** 2 / case["n"], rel=1e-8)
    low, high = (float(end) for end in wilson(case["x"], case["n"]))
    assert cutoff_chunks._width(p, low, high) == pytest.approx(width, rel=1e-6)


def test_gaps_are_filled_once() -> None:
    """A name that looks like a gap, or like a pattern of replacement, stands as it is."""
    assert cutoff_words.fill("head", version="{cutoff}", cutoff="$&0.5", both="") == "{cutoff} at $&0.5:"


def test_sentences(report: Report) -> None:
    """What is said of a cut-off, word for word."""
    view = plan_cutoffs(report)

    assert view is not None
    assert view.start == ("cyclist", ALL)
    assert [f"{one.head} {one.text}" for one in view.said] == [
        "v2 at 0.50: of 363 samples labelled cyclist it finds 304 (83.7%, 95% 79.6…87.2) and misses 59. "
        "Of its 487 alarms 304 are right (62.4%, 95% 58.0…66.6), 183 are false.",
        "v1 at 0.50: of 363 samples labelled cyclist it finds 301 (82.9%, 95% 78.7…86.4) and misses 62. "
        "Of its 493 alarms 301 are right (61.1%, 95% 56.7…65.3), 192 are false.",
    ]
    assert view.trade == (
        "Held against v1 at the same cut-off, v2 finds 3 more (+0.8 points, 95% −4.6…+6.3, n = 363, no clear "
        "difference) and raises 9 fewer false alarms (−0.2 points of the other samples, 95% −1.3…+0.8, n = 3,637, no "
        "clear difference). "
        "v2 raises no more false alarms than v1's 192 from a cut-off of 0.1506 on: there it finds 4 more "
        "(+1.1 points, 95% −4.3…+6.5, n = 363, no clear difference)."
    )
    assert view.second == (
        "In the rain at night, of 48 samples labelled cyclist it finds 23 (47.9%, 95% 34.5…61.7) and misses 25. "
        "v1 finds 36 (75.0%, 95% 61.2…85.1)."
    )
    assert [(dots.well, dots.ill) for dots in view.dots] == [
        ("84 are found", "16 missed"),
        ("62 are right", "38 false"),
    ]
    assert trade_sentence(report, "cyclist", ALL, 0.5, "recall").startswith(
        "v2 finds no fewer than v1 up to a cut-off of "
    )


def test_costs(report: Report) -> None:
    """With costs there is one more goal, a column of the table, and what else changes at no higher cost."""
    costly = confident.with_costs(report)

    view = plan_cutoffs(costly)

    assert view is not None
    assert [name for name, _ in view.goals] == ["cutoff", "recall", "false_alarms", "cost"]
    assert view.costs
    assert (view.rows[0].cost, view.rows[0].cost_interval) == ("0.0605", "0.0545…0.0666")
    assert trade_sentence(costly, "cyclist", ALL, 0.5, "cost") == (
        "v2 costs no more than v1 down to a cut-off of 0.693: there it finds as many (0.0 points, 95% −5.5…+5.5, "
        "n = 363, no clear difference) and raises 36 fewer false alarms (−1.0 points of the other samples, 95% "
        "−2.0…−0.01, n = 3,637)."
    )
    assert trade_sentence(costly, "cyclist", ALL, 0.52, "cost") == ""


def test_a_change_has_a_cost(report: Report) -> None:
    """As version lines have: none of too few samples; where costs are matched there is no interval of it."""
    costly = confident.with_costs(report)
    few = replace(costly, limits=replace(costly.limits, show=4001))

    same, matched, none = (
        change_row(one, "cyclist", ALL, 0.5, goal)
        for one, goal in ((costly, "cutoff"), (costly, "cost"), (few, "cutoff"))
    )

    assert same is not None
    assert (same.cost, same.cost_interval) == ("−0.0030", "−0.0130…+0.0070")
    assert matched is not None
    assert (matched.cost, matched.cost_interval) == ("−0.0090", "")
    assert none is not None
    assert (none.cost, none.cost_interval) == ("–", "")


def test_what_is_matched_has_no_interval(report: Report) -> None:
    """It is held equal: neither an interval nor a verdict, in words and in the table."""
    as_many = change_row(report, "cyclist", ALL, 0.5, "recall")
    alarms = change_row(report, "cyclist", ALL, 0.5, "false_alarms")

    assert as_many is not None
    assert (as_many.found, as_many.found_interval) == ("0.0 points", "")
    assert as_many.false_interval.count("…") == 1
    assert alarms is not None
    assert alarms.false_interval == "0.0 points\nn = 3,637"
    assert alarms.found_interval
    assert " there it finds as many (0.0 points, n = 363) and raises " in trade_sentence(
        report, "cyclist", ALL, 0.5, "recall"
    )


def test_a_change_where_none_are_of_the_class(report: Report) -> None:
    """Nothing is found or missed, and the other samples have their change all the same."""
    bare = confident.without_class(report)

    change = change_row(bare, "cyclist", ALL, 0.5, "cutoff")

    assert change is not None
    assert (change.found, change.found_interval, change.missed, change.n) == ("–", "", "–", "0")
    assert change.false_interval == "−0.2 points\n−1.3…+0.8,\nn = 4,000"
    assert "v2 finds as many (n = 0, none are here) and raises 9 fewer" in trade_sentence(
        bare, "cyclist", ALL, 0.5, "cutoff"
    )
    unasked = replace(bare, matches=bare.matches.with_columns(cutoff_candidate=pl.lit(None, pl.Float64)))
    assert trade_sentence(unasked, "cyclist", ALL, 0.5, "recall") == (
        "v1 finds none here: v2 finds no fewer at any cut-off."
    )


def test_a_change_is_a_line_of_the_table(report: Report) -> None:
    """After the two versions: differences with intervals and n, at one cut-off or at two that match; of few counts."""
    view = plan_cutoffs(report)
    few = replace(report, limits=replace(report.limits, show=60))

    assert view is not None
    assert view.note.endswith(
        "A change has no share of alarms right: the two versions' alarms are not the same samples; compare the "
        "intervals of their two lines. What the versions are matched in has no interval: the cut-off is chosen to hold "
        "it equal."
    )
    assert [row.role for row in view.rows[:3]] == ["candidate", "baseline", "change"]
    assert view.rows[2].right == "–"
    change = view.rows[2]
    assert (change.cutoff, change.found, change.found_interval, change.n) == ("0.50", "+0.8 points", "−4.6…+6.3", "363")
    assert (change.missed, change.false) == ("3 fewer", "9 fewer")
    assert change.false_interval == "−0.2 points\n−1.3…+0.8,\nn = 3,637"
    matched = change_row(report, "cyclist", ALL, 0.5, "false_alarms")
    assert matched is not None
    assert matched.cutoff == "0.50 → 0.1506"
    small = change_row(few, "cyclist", confident.RAINY_NIGHT, 0.5, "cutoff")
    assert small is not None
    assert (small.found, small.found_interval, small.n) == ("13 fewer", "", "48")
    assert "finds 13 fewer (n = 48, too few for an interval)" in trade_sentence(
        few, "cyclist", confident.RAINY_NIGHT, 0.5, "cutoff"
    )


def test_a_change_says_which_samples_it_is_over(report: Report) -> None:
    """Where predictions are missing, versions' lines count all that each scored, and their change what both did."""
    apart = confident.with_missing(report)

    view = plan_cutoffs(apart)

    assert view is not None
    candidate, baseline, change = view.rows[:3]
    assert (candidate.n, baseline.n, change.n) == ("363", "280", "280")
    assert candidate.where == baseline.where == "all samples"
    assert change.where == "all samples, of the 3,200 samples that both scored"
    assert view.trade.startswith(
        "Held against v1 at the same cut-off, of the 3,200 samples that both scored, v2 finds "
    )
    assert " on, of the 3,200 samples that both scored: there it finds " in view.trade
    assert view.second.endswith(" v1 finds 28 of 37 (75.7%, 95% 59.9…86.6).")


def test_with_weights_a_match_is_of_weighted_shares(report: Report) -> None:
    """Matching goes by weighted sums: counts may go another way, and no sentence claims that they do not."""
    matches = report.matches.with_columns(n_false_alarm_candidate=pl.col("n_false_alarm_candidate") + 5)
    weighted = confident.with_weights(replace(report, matches=matches))

    view = plan_cutoffs(weighted)

    assert view is not None
    assert [label for _, label in view.goals] == [
        "At the same cut-off",
        "Finding as many, by weight",
        "At as many false alarms, by weight",
    ]
    assert trade_sentence(weighted, "cyclist", ALL, 0.5, "false_alarms") == (
        "By weight, v2 raises false alarms of no larger a share of the other samples than v1 from a cut-off of 0.1506 "
        "on: there it finds 4 more (+1.1 points by weight, 95% −4.3…+6.5, n = 363, no clear difference) and raises "
        "5 more false alarms (0.0 points by weight of the other samples, n = 3,637)."
    )
    assert trade_sentence(weighted, "cyclist", ALL, 0.5, "recall").startswith(
        "By weight, v2 finds no smaller a share than v1 up to a cut-off of "
    )


def test_a_cut_off_that_nothing_passes(report: Report) -> None:
    """Where a version raises no alarm, no share of alarms is told, and the candidate may reach the goal nowhere."""
    view = read(report, "v2", "cyclist", confident.RAINY_NIGHT, 1.0)

    assert view is not None
    assert view.n_said == 0
    assert view.right is None
    assert "it finds none: it raises no alarm." in said(report, view, "cyclist").text
    nowhere = replace(report, matches=report.matches.with_columns(cutoff_candidate=pl.lit(None, pl.Float64)))
    assert trade_sentence(nowhere, "cyclist", ALL, 0.5, "recall") == ("At no cut-off does v2 do as well as v1 in this.")


def test_few_samples_have_counts_alone(report: Report) -> None:
    """Below the manifest's `show` there is no percentage: "23 of 48"."""
    strict = replace(report, limits=replace(report.limits, show=60))

    one = read(strict, "v2", "cyclist", confident.RAINY_NIGHT, 0.5)

    assert one is not None
    assert cutoff_row(strict, confident.RAINY_NIGHT, one).found == "23 of 48"
    assert "%" not in second_sentence(strict, "cyclist", confident.RAINY_NIGHT, 0.5).split(".")[0]


def test_a_version_alone_has_no_trade() -> None:
    """One version: its own line, no goals, and no dashed curve."""
    view = plan_cutoffs(confident.report(n=600, n_versions=1))

    assert view is not None
    assert [one.role for one in view.said] == ["candidate"]
    assert view.goals == ()
    assert "A change" not in view.note
    assert view.trade == ""
    assert {len(line) for line in view.chart.table} == {5}


def test_nothing_to_choose_without_scores(report: Report) -> None:
    """Versions that say how sure they are of one label alone have no cut-offs: no section, no data."""
    bare = replace(report, cutoffs=report.cutoffs.clear(), matches=report.matches.clear())

    assert plan_cutoffs(bare) is None
    assert cutoff_chunks.cutoff_chunks(bare) == {}


def test_widths_stand_in_the_data_only_where_groups_do(report: Report) -> None:
    """Without groups or weights the browser needs the counts alone; with them the interval's width as well."""
    groups = pl.Series("group", np.arange(report.outcomes.frame.height) // 3, pl.Int32)
    grouped = replace(report, outcomes=replace(report.outcomes, frame=report.outcomes.frame.with_columns(groups)))
    rows = report.cutoffs.filter(pl.col("slice") == ALL, pl.col("version") == "v2", pl.col("class") == "van")

    plain, wide = (cutoff_chunks._entry(one, rows.sort("cutoff")) for one in (report, grouped))

    assert plain is not None
    assert wide is not None
    assert set(plain) == {"n_class", "n_other", "found", "false"}
    assert set(wide) == {*plain, "recall_width", "precision_width"}
    assert wide["recall_width"][50] == pytest.approx(two_sided_z(0.95) ** 2 / plain["n_class"], rel=1e-6)  # type: ignore[index,operator]


def test_the_first_cut_off_is_the_manifests(report: Report) -> None:
    """The section begins at the threshold and the class that the manifest names."""
    binary = replace(report, outcomes=replace(report.outcomes, positive="van", threshold=0.3))

    view = plan_cutoffs(binary)

    assert view is not None
    assert (view.start, view.cutoff) == (("van", ALL), "0.30")
