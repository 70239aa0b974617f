"""The Overview: what it says is what the tests found, and parts without content are not there."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from reportgen.model import ALL, Counts, Note
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.counting import summarise_data
from reportgen.site.diverged import plan_diverging
from reportgen.site.flipped import plan_flips
from reportgen.site.looks import choose_looks
from reportgen.site.media import Thumbnails
from reportgen.site.overview import plan_overview
from reportgen.site.scorecard import PAD, WIDTH, plan_scorecard
from reportgen.tasks import regression
from tests import builders


@pytest.fixture(scope="module")
def report() -> Report:
    """Three versions, of which the last loses at night in the rain."""
    return builders.report()


def of_slices(report: Report, candidate: str) -> pl.DataFrame:
    """The candidate's comparisons of slices."""
    return report.comparisons.filter(
        (pl.col("candidate") == candidate) & (pl.col("metric") == "accuracy") & (pl.col("slice") != ALL)
    )


def test_the_question_names_the_pair(report: Report) -> None:
    """Two versions: may one replace the other; one version: how good is it."""
    assert plan_overview(report, Thumbnails()).question == "Can v3 replace v1?"
    assert plan_overview(builders.one_version(), Thumbnails()).question == "How good is v1?"


def test_one_version_has_nothing_to_compare() -> None:
    """With one version there is no chart of changes, no flips, no change in the scorecard."""
    view = plan_overview(builders.one_version(), Thumbnails())

    assert view.pair is None
    assert view.diverging is None
    assert view.flips is None
    assert view.scorecard.against == ""
    assert {row.verdict for row in view.scorecard.rows} == {None}


def test_no_attributes_no_chart_of_slices() -> None:
    """Where nothing slices there is no chart of slices, and no count of them."""
    view = plan_overview(builders.report(attributes=False), Thumbnails())

    assert view.diverging is None
    assert not [point for point in view.answer.points if "slices" in point.label]


def test_the_tally_counts_verdicts(report: Report) -> None:
    """Worse and better beside the answer are the counts of the corrected tests."""
    found = of_slices(report, "v3")
    worse = found.filter(pl.col("verdict") == "worse").height
    better = found.filter(pl.col("verdict") == "better").height
    point = next(p for p in plan_overview(report, Thumbnails()).answer.points if "slices" in p.label)

    assert point.figure == f"{worse} worse, {better} better"


def test_counts_on_links_are_those_of_the_flips(report: Report) -> None:
    """A link that counts samples counts the flips that the frame has."""
    flips = report.flips.filter((pl.col("slice") == ALL) & (pl.col("candidate") == "v3")).row(0, named=True)
    view = plan_flips(report)

    assert view is not None
    assert {link.state[0][1]: link.count for link in view.links} == {
        "newly_fixed": flips["newly_fixed"],
        "newly_broken": flips["newly_broken"],
        "both_wrong": flips["both_wrong"],
    }
    assert sum(view.counts.values()) == view.n == flips["n"]


def test_shares_add_up(report: Report) -> None:
    """The parts of the newly broken hold each of them once, and each of all samples once."""
    view = plan_flips(report)

    assert view is not None
    assert view.shares is not None
    broken, samples = (sum(int(row[column].replace(",", "")) for row in view.shares.table) for column in (1, 3))
    assert (broken, samples) == (view.counts["newly_broken"], view.n)


def test_slices_by_change(report: Report) -> None:
    """At most 5 worse, 5 unclear and 7 better, worst first; marks are the verdicts of the tests."""
    view = plan_diverging(report)
    assert view is not None
    assert view.chart is not None
    verdicts = [row[-1].split(" ", 1)[-1] for row in view.chart.table]
    values = [float(row[1].replace("−", "-")) for row in view.chart.table]
    tested = of_slices(report, "v3")

    assert values == sorted(values)
    assert 0 < verdicts.count("worse") <= 5
    assert verdicts.count("better") <= 7
    assert f"{tested.filter(pl.col('verdict') == 'worse').height} of" in view.key


def test_no_slice_got_worse(report: Report) -> None:
    """Where no test says worse, the sentence says so, and the lowest slices stand in."""
    calm = replace(report, comparisons=report.comparisons.with_columns(pl.col("verdict").replace({"worse": "unclear"})))
    view = plan_diverging(calm)

    assert view is not None
    assert view.key.startswith("No slice got worse")
    assert view.chart is not None
    assert not [row for row in view.chart.table if "worse" in row[-1]]


def test_looks_are_ruled_and_never_twice(report: Report) -> None:
    """No sample stands twice, none that a finding shows, and each has the rule that chose it."""
    used = {row for finding in report.findings for row in finding.rows}
    looks = choose_looks(report, Thumbnails(), used)
    rows = [look.tile.row for look in looks]

    assert len(rows) == len(set(rows)) == 6
    assert not used & set(rows)
    assert looks[0].rule.startswith("Surest of the ")
    assert looks[0].rule.endswith("newly broken")


def test_a_look_says_where_the_first_of_its_set_stands_above(report: Report) -> None:
    """The next one is taken where a finding shows the first, and its rule says so."""
    first = choose_looks(report, Thumbnails(), set())[0].tile.row
    look = choose_looks(report, Thumbnails(), {first})[0]

    assert look.tile.row != first
    assert look.rule.endswith("newly broken not shown above")


def test_scorecard_shares_one_scale_a_row(report: Report) -> None:
    """The lowest end and the highest end of a row stand at the ends of its axis."""
    for row in plan_scorecard(report).rows:
        assert min(mark.left for mark in row.marks) == PAD
        assert max(mark.right for mark in row.marks) == WIDTH - PAD


def test_scorecard_of_twenty_versions() -> None:
    """Baseline and candidate keep their columns; the other 18 are dots without rules."""
    card = plan_scorecard(builders.report(n=300, n_versions=20))

    assert [kind for _, kind in card.columns] == ["baseline", "candidate"]
    assert card.n_others == 18
    others = [mark for mark in card.rows[0].marks if mark.kind == "other"]
    assert len(others) == 18
    assert all(mark.left == mark.right == mark.x for mark in others)


def test_which_way_is_good() -> None:
    """Higher, lower, or nearer 0 where a value may err on either side."""
    said = [words.direction(metric.info) for metric in regression.METRICS if metric.name in {"mae", "bias", "r2"}]

    assert said == ["lower is better", "nearer 0 is better", "higher is better"]


def test_the_sum_adds_up(report: Report) -> None:
    """The parts of what was counted add up to the total, and what is missing is told."""
    missing = replace(report, counts=Counts(1200, 1100, 60, 15, 25), notes=(Note("RG200", "degraded", "left out"),))
    data = summarise_data(missing)

    assert sum(part.n for part in data.parts) == data.total.n
    assert data.key == "100 of 1,200 samples (8.3%) are not in every figure. 1 thing was left out or repaired."
    assert not data.clean
    assert summarise_data(report).clean
