"""What Overview and Compare say of past reports, repeated trainings, contributions and trends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from reportgen import columns
from reportgen.model import ALL, History, PastFigure, PastReport, RunSpread
from reportgen.report import Report
from reportgen.site.confidence import plan_confidence
from reportgen.site.contributions import key_of, made_of, plan_contributions
from reportgen.site.history import MOST_POINTS, plan_history
from reportgen.site.trainings import first_training, luck_text, plan_trainings
from reportgen.site.version_trends import Trends, plan_trends
from tests import builders, confident


@pytest.fixture(scope="module")
def report() -> Report:
    """Three versions."""
    return builders.report()


def past(day: int, value: float | None = 0.8) -> PastReport:
    """A report of that day of November."""
    figures = () if value is None else (
        PastFigure("metric", "accuracy", "Accuracy", "accuracy", "rate", value, value - 0.02, value + 0.02, 1200),
    )  # fmt: skip
    when = datetime(2026, 11, day, tzinfo=UTC)
    return PastReport(when, f"{day:064d}", "Scenes", "classification", "v1", "v3", figures, ())


def test_history_has_three_states(report: Report) -> None:
    """None kept: no part; the first: a sentence; later ones: a trend, and what changed."""
    assert plan_history(report) is None

    first = plan_history(replace(report, history=History((), past(28))))
    assert first is not None
    assert first.prose.startswith("This is the first report")
    assert first.trends == ()

    later = plan_history(replace(report, history=History((past(1, 0.7), past(2, None)), past(28))))
    assert later is not None
    assert "of 2 Nov 2026, 00:00 UTC, of the same versions by name." in later.prose
    (trend,) = later.trends
    assert [row[:3] for row in trend.chart.table] == [
        ("1 Nov 2026, 00:00 UTC", "70.0%", "68.0…72.0"),
        ("2 Nov 2026, 00:00 UTC", "–", "–"),
        ("28 Nov 2026, 00:00 UTC", "80.0%", "78.0…82.0"),
    ]


def test_a_long_history_draws_the_newest_reports(report: Report) -> None:
    """And says how many are left out."""
    view = plan_history(replace(report, history=History(tuple(past(day) for day in range(1, 25)), past(28))))

    assert view is not None
    assert len(view.trends[0].chart.table) == MOST_POINTS
    assert view.trend_prose == (
        "The candidate of each report over all that it scored. Reports stand in the order of their dates. Five older "
        "ones are not drawn. They may rest on other samples: a step is no paired difference."
    )


def test_a_gate_of_a_largest_drop_is_drawn_as_a_change(report: Report) -> None:
    """With its sign, unit and baseline, below 0 too; a past gate of that name that was a floor is another figure."""

    def gated(day: int, value: float, change: bool | None) -> PastReport:
        name, low, high = "Accuracy, all samples", value - 0.01, value + 0.01
        figure = PastFigure("gate", name, name, "accuracy", "rate", value, low, high, 1200, "passes", change)
        return replace(past(day, None), figures=(figure,))

    def both(day: int, value: float) -> PastReport:
        return replace(past(day), figures=(*past(day).figures, *gated(day, value, True).figures))

    rolled = replace(gated(1, -0.023, True), baseline="v0")
    kept = (rolled, gated(2, 0.9, False), gated(3, 0.005, None))
    view = plan_history(replace(report, history=History(kept, gated(28, 0.041, True))))

    assert view is not None
    (trend,) = view.trends
    assert trend.kind == "gate, change in points, each against its own report's baseline"
    assert [row[1:3] for row in trend.chart.table] == [
        ("−2.3 points", "−3.3…−1.3"),
        ("–", "–"),
        ("+0.5 points", "−0.5…+1.5"),
        ("+4.1 points", "+3.1…+5.1"),
    ]
    assert [row["told"] for row in trend.chart.rows] == ["−2.3", "", "+0.5", "+4.1"]
    assert [row[4:] for row in trend.chart.table] == [
        ("passes", "v0"),
        ("–", "v1"),
        ("passes", "v1"),
        ("passes", "v1"),
    ]
    assert view.trend_prose.startswith(
        "A change is over what both versions scored, each against its own report's baseline."
    )
    mixed = plan_history(replace(report, history=History((*kept, past(4)), both(28, 0.041))))
    assert mixed is not None
    assert mixed.trend_prose.startswith("The candidate of each report over all that it scored. A change is over what ")


SPREAD = RunSpread("accuracy", "v1", "v3", 3, 2, 0.05, 0.01, 3, 0.045, 6, 5, "larger")


def test_the_luck_of_training_is_said_for_each_state(report: Report) -> None:
    """Larger, within, one of them trained once, and nobody knows."""

    def said(spread: RunSpread) -> str:
        return luck_text(replace(report, spreads=(spread,)), "v3")

    assert said(SPREAD) == (
        "v3 was trained 2 times and v1 was trained 3 times; figures are means over trainings. The change of accuracy, "
        "+5.00 points, is larger than what two trainings of one version differ by, which is up to 4.5 points in 95% of "
        "cases (standard deviation between trainings 1.0 points, 3 degrees of freedom). Of the 6 pairs of a training "
        "of v1 and one of v3, v3 is better in 5."
    )
    assert "it may be the luck of training" in said(replace(SPREAD, state="within"))
    once = said(replace(SPREAD, n_runs_baseline=1, n_pairs=2))
    assert "v3 was trained 2 times and v1 once" in once
    assert once.endswith("The interval has none of the luck of v1, which was trained once.")
    alone = replace(SPREAD, n_runs_baseline=1, n_runs_candidate=1)
    unknown = said(replace(alone, spread=None, reach=None, df=0, state="unknown"))
    assert "this report can't tell luck from change" in unknown
    assert luck_text(report, "v3") == ""


def test_trainings_are_drawn_where_there_are_several(report: Report) -> None:
    """Each with its value beside the mean; and the pages say whose samples are shown."""
    assert plan_trainings(report) is None
    assert first_training(report) == ""

    runs = pl.DataFrame(
        [("v3", run, ALL, "accuracy", None, 0.8 + run / 100, 1200) for run in (1, 2)], columns.RUNS, orient="row"
    )
    versions = tuple(replace(v, runs=("a.csv", "b.csv")) if v.name == "v3" else v for v in report.versions)
    several = replace(report, runs=runs, versions=versions)
    chart = plan_trainings(several)

    assert chart is not None
    assert [(row[0], row[-1]) for row in chart.table] == [("v3", "81.0%, 82.0%")]
    assert "of v3 are those of its first training" in first_training(several)


def test_the_confidence_page_says_whose_confidences_it_shows() -> None:
    """Of a version with several trainings they are its first one's."""
    made = confident.report()
    versions = tuple(replace(v, runs=("a.csv", "b.csv")) if v.name == made.candidate else v for v in made.versions)
    several = replace(made, versions=versions)
    pages = [plan_confidence(one) for one in (made, several)]

    assert [page and page.first_training for page in pages] == ["", first_training(several)]
    assert "cut-offs" in first_training(several)


def test_contributions_are_drawn_by_every_attribute(report: Report) -> None:
    """The most telling attribute stands in the page, the others are alternatives with their sentence."""
    assert plan_contributions(report) is None

    def row(attribute: str, value: str, share: float, delta: float, verdict: str) -> tuple[object, ...]:
        part = share * delta
        ends = (part - 0.01, part + 0.01)
        return (
            attribute, value, f"{attribute}={value}", "v1", "v3", share, delta, part, *ends, 600, verdict, "decide"
        )  # fmt: skip

    table = pl.DataFrame(
        [
            row("weather", "rain", 0.5, -0.01, "unclear"),
            row("weather", "sun", 0.5, -0.05, "unclear"),
            row("time", "day", 0.5, 0.04, "better"),
            row("time", "night", 0.5, -0.1, "worse"),
        ],
        columns.CONTRIBUTIONS,
        orient="row",
    )
    made = replace(report, contributions=table)
    view = plan_contributions(made)

    assert view is not None
    assert (view.chosen, view.attributes) == ("time", ("weather", "time"))
    assert [line[:2] for line in view.chart.table] == [("day", "+2.0"), ("night", "−5.0")]
    assert set(view.chart.alternatives) == {key_of(made, "v3", name) for name in ("weather", "time")}
    assert made_of(made, "v3") == {
        "weather": "By weather, −3.00 points in all: no value of it changes beyond chance.",
        "time": "By time, −3.00 points in all: time night brings −5.00 points with 50.0% of the samples.",
    }


def test_trends_from_version_to_version_begin_with_three(report: Report) -> None:
    """The primary metric first, then every other that is not of one class; with the roles of versions."""
    trends = plan_trends(report)

    assert [one.title for one in trends.leading] == ["Accuracy"]
    assert [one.title for one in trends.others] == ["Log loss"]
    assert [line[0] for line in trends.leading[0].chart.table] == ["v1", "v2", "v3"]
    assert [row["role"] for row in trends.leading[0].chart.rows] == ["baseline", "other", "candidate"]
    assert plan_trends(builders.one_version()) == Trends()
