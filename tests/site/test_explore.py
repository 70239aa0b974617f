"""Explore before any script: every figure is the report's own, and each kind of report has its page."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from reportgen import columns, numbers
from reportgen.model import ALL, Media
from reportgen.report import Report
from reportgen.site.explore import ExploreView, plan_explore
from reportgen.site.explore_pixels import plan_pixel_rows
from reportgen.site.facets import IN_PAGE, SHOWN
from reportgen.site.media import Thumbnails
from reportgen.site.plan import plan
from tests import builders
from tests.selection_worlds import WORLDS
from tests.site import test_examples


def view_of(report: Report) -> ExploreView:
    """The page of a report without media."""
    return plan_explore(report, Thumbnails())


def regression(tolerance: float | None = 0.5) -> Report:
    """Two samples of values, the second not scored by the candidate."""
    report = test_examples.regression(tolerance)
    losses = [pl.Series(f"loss_{v}", loss) for v, loss in enumerate(([0.25, 0.0], [1.0, None]))]
    outcomes = replace(report.outcomes, frame=report.outcomes.frame.with_columns(losses))
    return replace(report, outcomes=outcomes, example_sets=())


def test_facets_count_every_value_and_what_is_wrong() -> None:
    """The label, the outcome, the flips, each attribute, what the versions say: with the counts of the frame."""
    report = builders.report()
    frame = report.outcomes.frame

    facets = {facet.key: facet for facet in view_of(report).facets}

    assert list(facets) == ["label", "now", "flip", "a.weather", "a.time", "predicted", "said"]
    for key, column in (
        ("label", "target"),
        ("a.weather", "a0"),
        ("a.time", "a1"),
        ("predicted", "prediction_2"),
    ):
        for one in facets[key].values:
            inside = frame.filter(pl.col(column) == one.code - 1)
            assert one.n == numbers.count(inside.height)
            assert one.wrong == numbers.count(inside.filter(pl.col("correct_2") == 0).height)
    most = max(one.width for one in facets["a.weather"].values)
    assert most == 100
    assert [one.value for one in facets["now"].values] == ["wrong", "right"]


def test_versions_have_the_values_of_the_estimates() -> None:
    """Value, interval and n of every version are the report's, baseline and candidate are marked."""
    report = builders.report()
    found = report.estimates.filter((pl.col("slice") == ALL) & (pl.col("metric") == "accuracy"))

    rows = view_of(report).leading

    assert [(row.name, row.kind) for row in rows] == [("v1", "baseline"), ("v2", "other"), ("v3", "candidate")]
    for row in rows:
        estimate = found.filter(pl.col("version") == row.name).row(0, named=True)
        assert row.value in {numbers.rate(estimate["value"], places) for places in (1, 2)}
        assert row.n == numbers.count(estimate["n"])
        assert row.interval


def test_counts_of_labels_mistakes_and_flips_are_those_of_the_frame() -> None:
    """What the candidate says, what it takes for what, and the flips; each links to exactly its samples."""
    report = builders.report()
    frame = report.outcomes.frame
    view = view_of(report)

    for row in view.said:
        code = builders.CLASSES.index(row.name)
        assert row.after == numbers.count(frame.filter(pl.col("prediction_2") == code).height)
        assert row.before == numbers.count(frame.filter(pl.col("prediction_0") == code).height)
        assert row.link.state == (("predicted", row.name),)
    for row in view.mistakes:
        target, said = builders.CLASSES.index(row.name), builders.CLASSES.index(row.said)
        n = frame.filter((pl.col("target") == target) & (pl.col("prediction_2") == said)).height
        assert (row.link.count, row.link.state) == (n, (("label", row.name), ("predicted", row.said)))
    assert sum(flip.link.count or 0 for flip in view.flips) == frame.height


def test_confidence_is_drawn_on_the_grid_of_the_browser() -> None:
    """Forty bins that hold every sample once, and how many of them are right and wrong."""
    view = view_of(builders.report())

    assert view.confidence is not None
    rows = [row for row in view.confidence.chart.rows if row["t"] == "row"]
    assert len(rows) == 40
    assert sum(row["n"] for row in rows) == 1200
    told = [int(text.replace(",", "")) for text in (view.confidence.n_wrong, view.confidence.n_right)]
    assert sum(told) == 1200
    assert sum(row["wrong"] for row in rows) == told[0]


def test_one_version_has_no_pair() -> None:
    """Without a baseline there is nothing before: no flips, no ring, no result."""
    view = view_of(builders.one_version())

    assert view.result is None
    assert view.flips == ()
    assert {row.before for row in view.said} == {""}
    assert {facet.key for facet in view.facets} >= {"label", "now", "predicted"}
    assert not {"flip", "said"} & {facet.key for facet in view.facets}


def test_values_have_no_labels_and_no_confidence() -> None:
    """Of values there is nothing said to count; without a tolerance nothing is right or wrong."""
    view, free = view_of(regression()), view_of(regression(None))

    assert (view.said, view.mistakes, view.confidence, view.no_confidence) == ((), (), None, "")
    assert view.judged
    assert not free.judged
    assert all(one.wrong == "" for facet in free.facets for one in facet.values)
    assert "now" not in {facet.key for facet in free.facets}
    size = next(facet for facet in view.facets if facet.key == "a.size")
    assert (size.number, size.low, size.high) == ("n.size", "-2", "1")
    assert [one.value for one in size.values] == ["< −1", "≥ −1", "missing"]


def test_no_attributes_are_said() -> None:
    """Where nothing can be chosen by but the label, the page says so."""
    view = view_of(builders.report(attributes=False))

    assert "no attributes" in view.no_attributes
    assert [facet.key for facet in view.facets] == ["label", "now", "flip", "predicted", "said"]


def test_twenty_versions_open_below() -> None:
    """With many versions the table opens with the pair alone; the others are there."""
    view = view_of(builders.report(n=300, n_versions=20))

    assert [row.kind for row in view.leading] == ["baseline", "candidate"]
    assert len(view.others) == 18


def test_many_values_open_below_the_most_frequent() -> None:
    """A long list shows its most frequent values; those beyond the page are counted."""
    report = builders.report(n=300)
    names = tuple(f"place {i}" for i in range(90))
    codes = pl.Series("a0", [i % 90 if i < 270 else 7 for i in range(300)], dtype=pl.Int32)
    first = replace(report.outcomes.attributes[0], values=names)
    outcomes = replace(
        report.outcomes,
        frame=report.outcomes.frame.with_columns(codes),
        attributes=(first, *report.outcomes.attributes[1:]),
    )

    facet = next(f for f in view_of(replace(report, outcomes=outcomes)).facets if f.key == "a.weather")

    assert facet.values[0].value == "place 7"
    assert len(facet.values) == SHOWN
    assert len(facet.values) + len(facet.more) == IN_PAGE
    assert facet.n_left == 90 - IN_PAGE


@pytest.mark.parametrize("kind", ["none", "image", "text"])
def test_the_page_stands_after_examples(kind: str) -> None:
    """Every report has the page, and its charts are live."""
    media = Media("none") if kind == "none" else Media(kind, "image" if kind == "image" else "body")  # type: ignore[arg-type]

    site = plan(builders.report(n=300, media=media))

    names = [page.name for page in site.pages]
    assert names[names.index("examples") + 1] == "explore"
    page = site.page("explore")
    assert page is not None
    assert all(f"chart-{chart.id}" in site.chunks for chart in page.charts)


def planted_pixels() -> Report:
    """Every wrong cell has 5 pixels, but roads are called cars by v1 alone; v1 has no car, few signs, v2 few others."""
    names = ("road", "car", "sign", "background")
    samples = {"v1": {"road": 12, "sign": 5, "background": 12}, "v2": {**dict.fromkeys(names, 20), "background": 4}}
    empty = ("v2", "road", "car")
    rows = [
        (*cell, 0, 50, 0.0, 0.0, 0.16, n) if cell == empty else (*cell, 5, 50, 0.1, 0.02, 0.3, n)
        for version, known in samples.items()
        for target, n in known.items()
        for cell in [(version, target, said) for said in names]
    ]
    table = pl.DataFrame(rows, columns.PIXEL_CONFUSIONS, orient="row")
    return replace(WORLDS["segmentation"](n=24), pixel_confusions=table)


def test_pixels_are_told_as_far_as_samples_bear_it() -> None:
    """Where a version has no pixel of a class, or of too few samples, it has no share; nothing is a share of some."""
    road, other, few = ("10.0%", "10.0%", "2.0…30.0, n 20"), ("–", "10.0%", "2.0…30.0, n 20"), ("", "–", "n 4")
    report = planted_pixels()

    rows = plan_pixel_rows(report)

    assert rows is not None
    assert [(row.name, row.said) for row in rows] == [
        *(("road", said) for said in ("sign", "background")),
        *(("car", said) for said in ("road", "sign", "background")),
        *(("sign", said) for said in ("road", "car", "background")),
    ]
    assert [(row.before, row.after, row.interval) for row in rows] == [road] * 2 + [other] * 6

    table = report.pixel_confusions.filter(pl.col("target").is_in(["road", "background"]))
    rows = plan_pixel_rows(replace(report, pixel_confusions=table))
    assert rows is not None
    assert [(row.before, row.after, row.interval) for row in rows] == [
        *[road] * 2,
        *[few] * 3,
        ("10.0%", "0%", "0.0…16.0, n 20"),
    ]
    assert (rows[-1].name, rows[-1].said) == ("road", "car")
