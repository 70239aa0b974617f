"""The compare page as data: outcomes, cells, groups of flips, and every version."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.model import ALL, Trace
from reportgen.report import Report
from reportgen.site.compare import CompareView, compare_chunk, plan_compare, plan_pair
from reportgen.site.compare_charts import cell_key, order_classes, plan_classes, plan_confusion
from reportgen.site.flip_groups import flip_codes, group_flips
from reportgen.site.media import Thumbnails
from reportgen.site.traces import plan_trace
from tests import builders


@pytest.fixture(scope="module")
def report() -> Report:
    """Three versions; the last is better overall and worse in places."""
    return builders.report()


@pytest.fixture(scope="module")
def view(report: Report) -> CompareView:
    """The page of the built pair."""
    found = plan_compare(report, Thumbnails())
    assert found is not None
    return found


def test_one_version_has_no_page() -> None:
    """There is nothing to compare one version with."""
    assert plan_compare(builders.one_version(), Thumbnails()) is None


def test_the_four_outcomes_are_all_samples(report: Report, view: CompareView) -> None:
    """The cells add up to the samples that both versions scored, and the margins to the cells."""
    cells = {cell.name: cell.link.count if cell.link else 0 for cell in view.pair.outcomes.cells}

    assert sum(n for n in cells.values() if n is not None) == report.counts.n_samples
    assert view.pair.outcomes.rows is not None
    right = (cells["both_right"] or 0) + (cells["newly_broken"] or 0)
    assert view.pair.outcomes.rows[0] == f"{right:,}"
    assert all(cell.count == f"{cells[cell.name]:,}" for cell in view.pair.outcomes.cells)


def test_an_outcome_of_no_sample_has_no_link(report: Report) -> None:
    """There would be nothing to see behind it."""
    flips = report.flips.with_columns(newly_broken=pl.lit(0, pl.UInt32))
    view = plan_compare(replace(report, flips=flips), Thumbnails())

    assert view is not None
    assert [cell.name for cell in view.pair.outcomes.cells if cell.link is None] == ["newly_broken"]


def test_the_key_sentence_counts_both_directions(view: CompareView) -> None:
    """The sentence tells the share that changed, and how many each way."""
    cells = {cell.name: cell.count for cell in view.pair.outcomes.cells}

    assert view.pair.key.endswith(f"{cells['newly_fixed']} for the better, {cells['newly_broken']} for the worse.")


@pytest.mark.parametrize(
    ("method", "p", "expected"),
    [
        ("newcombe, mcnemar mid-p", 0.0001, "Could this be chance? No. If the versions were equally good"),
        ("newcombe, mcnemar mid-p", 0.4, "and they nearly do (McNemar's mid-p test; p = 0.40: how often"),
        ("linearised", 0.001, "(t-test of paired differences; p = 0.001: how often luck alone"),
    ],
)
def test_chance_is_told_with_the_test_that_was_made(report: Report, method: str, p: float, expected: str) -> None:
    """McNemar's test is named only where it was used."""
    changed = report.comparisons.with_columns(pl.lit(method).alias("method"), pl.lit(p).alias("p"))

    assert expected in plan_pair(replace(report, comparisons=changed), "v3").outcomes.chance


def test_the_first_cell_is_the_worst_one(report: Report) -> None:
    """The panel begins with the largest change for the worse beyond chance, in counts, interval and share."""
    changes = report.confusion_changes.with_columns(
        pl.when((pl.col("target") == "car") & (pl.col("prediction") == "van"))
        .then(pl.lit("worse"))
        .otherwise(pl.lit("unclear"))
        .alias("verdict")
    )
    row = changes.filter((pl.col("candidate") == "v3") & (pl.col("verdict") == "worse")).row(0, named=True)

    pair = plan_pair(replace(report, confusion_changes=changes), "v3")

    assert pair.cells[0].title == "car called van"
    assert pair.cells[0].counts == f"{row['n_baseline']} → {row['n_candidate']}"
    assert f"of the {row['n']:,} that truly are car" in pair.cells[0].share
    assert pair.confusion_key.startswith("One cell goes the wrong way beyond chance: car called van")


def test_a_group_counts_exactly_what_its_link_opens(report: Report) -> None:
    """Newly broken samples by (target → prediction) are those of the outcome frame; the link says how many."""
    frame = report.outcomes.frame
    groups = group_flips(report, "v3", "newly_broken")
    classes = report.outcomes.classes

    for group in groups.groups:
        target, said = (classes.index(name) for name in group.name.split(" → "))
        broken = (frame[columns.correct(0)] == 1) & (frame[columns.correct(2)] == 0)
        of_group = broken & (frame[columns.TARGET] == target) & (frame[columns.prediction(2)] == said)
        assert group.n == group.link.count == int(of_group.sum())
        assert set(group.rows) <= set(np.flatnonzero(of_group.to_numpy()).tolist())
    assert [g.n for g in groups.groups] == sorted((g.n for g in groups.groups), reverse=True)
    assert groups.n == int((flip_codes(report, "v3") == 2).sum())


def test_groups_of_another_version_carry_it_in_their_links(report: Report) -> None:
    """A link to samples of a version that is not the built candidate says which version."""
    group = group_flips(report, "v2", "newly_fixed").groups[0]

    assert ("version", "v2") in group.link.state
    assert ("version", "v3") not in group_flips(report, "v3", "newly_fixed").groups[0].link.state


def test_all_versions_stand_in_a_table(report: Report, view: CompareView) -> None:
    """Every version but the baseline has a row with its change, its flips and its slices; the built one is marked."""
    assert view.versions is not None
    assert [(row.name, row.chosen) for row in view.versions.rows] == [("v2", False), ("v3", True)]
    row = view.versions.rows[0]
    flips = report.flips.filter((pl.col("slice") == ALL) & (pl.col("candidate") == "v2")).row(0, named=True)
    assert (row.broken.count, row.fixed.count) == (flips["newly_broken"], flips["newly_fixed"])


def test_traces_stand_below_the_table_of_versions(report: Report) -> None:
    """Counts with their share, interval and n, and whether chance could make it; none without a trace."""
    rates = pl.DataFrame(
        [
            (ALL, "v3", name, None, k / 1200, k / 1300, k / 1100, 1200, None, k, 1200.0, "wilson", None, "decide")
            for name, k in (("ever_right_now_wrong_rate", 90.0), ("flip_flop_rate", 36.0))
        ],
        schema=report.estimates.schema,
        orient="row",
    )
    traced = replace(report, estimates=pl.concat([report.estimates, rates]), trace=Trace(1200, 90, 36, 30.25, 2, 2e-7))
    view = plan_trace(traced)

    assert plan_trace(report) is None
    assert view is not None
    assert [(row.count, row.share, row.interval, row.n) for row in view.rows] == [
        ("90", "7.5%", "6.9…8.2", "1,200"),
        ("36", "3.0%", "2.8…3.3", "1,200"),
    ]
    assert [(row.link and (row.link.count, row.link.state)) for row in view.rows] == [
        (90, (("set", "once_right"),)),
        (36, (("set", "flip_flops"),)),
    ]
    assert view.chance.endswith("No (Cochran's Q 30.3 with 2 degrees of freedom, p < 0.001).")
    untested = plan_trace(replace(traced, trace=Trace(1200, 90, 36, None, 2, None)))
    assert untested is not None
    assert "nothing to test" in untested.chance


def test_backward_trust_is_told_with_its_interval(report: Report) -> None:
    """Of what the baseline had right, how much the version still has."""
    row = (ALL, "v3", "backward_trust", None, 0.95, 0.93, 0.96, 1000, None, 950.0, 1000.0, "wilson", None, "decide")
    trust = pl.DataFrame([row], schema=report.estimates.schema, orient="row")

    said = plan_pair(replace(report, estimates=pl.concat([report.estimates, trust])), "v3").trust
    assert said.startswith(
        "Backward trust: of the 1,000 samples that v1 had right, v3 has 95.0% right too (95% 93.0…96.0)."
    )


def test_two_versions_need_no_table_of_versions() -> None:
    """With one version held against the baseline the page itself says it all."""
    found = plan_compare(builders.report(n_versions=2), Thumbnails())

    assert found is not None
    assert found.versions is None


def test_the_browser_gets_each_pair(report: Report) -> None:
    """The chunk has the texts of every version, those of the built one among them."""
    packed: Any = compare_chunk(report)
    chunk = json.loads(gzip.decompress(base64.b64decode(packed["gzip"])))

    assert sorted(chunk["pairs"]) == ["v2", "v3"]
    assert chunk["pairs"]["v3"]["key"] == plan_pair(report, "v3").key
    assert chunk["positions"] == {"v1": 0, "v2": 1, "v3": 2}


def test_charts_hold_every_version(report: Report) -> None:
    """The charts can switch to each version, and the matrix to counts and shares."""
    by_class, matrix = plan_classes(report), plan_confusion(report, "x")

    assert by_class is not None
    assert matrix is not None
    assert {"1", "2"} <= set(by_class.alternatives)
    assert {"change-count-1", "change-count-2", "change-share-2", "baseline-count-2"} <= set(matrix.alternatives)


def test_each_measure_of_a_class_has_its_own_n(report: Report) -> None:
    """Recall rests on the samples of a class; precision on those that a version calls so."""
    chart = plan_classes(report)

    assert chart is not None
    assert chart.head.count("n") == 2
    sizes = report.comparisons.filter((pl.col("metric") == "recall") & (pl.col("candidate") == "v3"))
    shown = {line[0]: line[3] for line in chart.table}
    assert shown == {name: f"{n:,}" for name, n in sizes.select("class", "n").iter_rows()}


def test_classes_that_are_confused_stand_together(report: Report) -> None:
    """Order follows how often classes are taken for each other; classes that are numbers keep their order."""
    rows = [
        (ALL, "v1", t, p, n) for t, p, n in (("car", "van", 50), ("cyclist", "pedestrian", 40), ("car", "cyclist", 1))
    ]
    confused = replace(report, confusions=pl.DataFrame(rows, schema=columns.CONFUSIONS, orient="row"))
    order = order_classes(confused)
    assert abs(order.index("car") - order.index("van")) == 1
    assert abs(order.index("cyclist") - order.index("pedestrian")) == 1

    digits = replace(report, outcomes=replace(report.outcomes, classes=("0", "1", "2", "10")))
    assert order_classes(digits) == ("0", "1", "2", "10")


def test_a_cell_is_known_by_its_quoted_names() -> None:
    """The key of a cell can be taken apart whatever the class names hold."""
    assert cell_key("a>b", "c d") == "a%3Eb>c%20d"


def test_a_hostile_name_changes_no_structure() -> None:
    """Names with markup stay text in every part of the page."""
    text = "</script><img src=x onerror=alert(1)>"
    found = plan_compare(builders.hostile(text), Thumbnails())

    assert found is not None
    assert found.pair.title == f"{text}0 against {text}2"
    assert len(found.pair.cells) > 0
