"""The examples page as data: sets with totals, tiles of every kind, and how the first set is spread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from reportgen.model import Attribute, Media, Outcomes
from reportgen.report import Report
from reportgen.site.examples import SHOWN, plan_examples
from reportgen.site.media import Text, Thumb, Thumbnails, make_thumbnails, media_rows
from reportgen.site.tiles import short_names, tile_view
from tests import builders


def shown(report: Report) -> Thumbnails:
    return make_thumbnails(report.outcomes, *media_rows(report))


def regression(tolerance: float | None = 0.5) -> Report:
    """Values: "v1" is off by 0.25, "v2" has no prediction for the second sample."""
    plain = builders.report(n=300, n_versions=2)
    frame = pl.DataFrame(
        {
            "id": ["a", "b"],
            "target": [3.2, 1.0],
            "a0": pl.Series([1, -1], dtype=pl.Int32),
            "scored_0": [True, True],
            "prediction_0": [3.45, 1.0],
            "correct_0": pl.Series([1, 1], dtype=pl.Int8),
            "scored_1": [True, False],
            "prediction_1": [2.2, None],
            "correct_1": pl.Series([0, 0], dtype=pl.Int8),
        }
    )
    samples = pl.DataFrame({"id": ["a", "b"], "size": [-0.51, None]})
    attribute = Attribute("size", "numeric", ("< −1", "≥ −1"), 0, (-2.0, -1.0, 1.0))
    outcomes = Outcomes(frame, samples, (), (attribute,), ("v1", "v2"), tolerance=tolerance)
    return replace(plain, task="regression", outcomes=outcomes)


def test_sets_have_their_totals_and_first_samples() -> None:
    """Each set of the report stands on the page in order, with its rule, its total and its first tiles by rank."""
    report = builders.report()

    view = plan_examples(report, shown(report))

    assert [s.name for s in view.sets] == [s.name for s in report.example_sets]
    for got, wanted in zip(view.sets, report.example_sets, strict=True):
        ranked = report.examples.filter(pl.col("set") == wanted.name).sort("rank")["row"].to_list()
        assert got.total == f"{wanted.n_total:,}"
        assert [tile.row for tile in got.tiles] == ranked[:SHOWN]
        assert got.shown == f"the first {SHOWN} of {wanted.n_total:,}"
        assert all(("set", wanted.name) in tile.link.state for tile in got.tiles)


def test_spread_counts_the_first_set() -> None:
    """The chart's bars add up to the set's total, and stand beside the numbers of the whole report."""
    report = builders.report()
    frame = report.outcomes.frame

    chart = plan_examples(report, shown(report)).spread

    assert chart is not None
    assert chart.live
    assert sum(row["n"] for row in chart.rows) == report.example_sets[0].n_total
    for code, row in enumerate(chart.rows):
        wrong = frame.filter((pl.col("target") == code) & (pl.col("correct_2") == 0)).height
        assert (row["name"], row["n"], row["wrong"]) == (builders.CLASSES[code], wrong, wrong)
        assert row["text"] == f"{wrong} of {frame.filter(pl.col('target') == code).height}"


def test_nothing_to_slice_by_means_no_chart() -> None:
    """Without any attribute there is no chart, and the page stands."""
    report = builders.report(attributes=False)

    view = plan_examples(report, shown(report))

    assert view.spread is None
    assert len(view.sets) == 4


def test_tile_shows_both_versions() -> None:
    """The baseline first, then the candidate, each with what it says, whether that is right, and its confidence."""
    report = builders.report()
    row = report.examples.filter(pl.col("set") == "newly_broken")["row"][0]

    view = tile_view(report, Thumbnails(), row, set_name="newly_broken")

    assert [line.version for line in view.lines] == ["v1", "v3"]
    assert view.outcome == (True, False)
    assert view.lines[0].prediction == view.label
    assert view.lines[1].prediction != view.label
    assert view.link.state == (("set", "newly_broken"), ("sample", view.id))
    assert view.spoken.startswith(f"{view.label}: v1 right, says {view.label}; v3 wrong, says ")


def test_tile_of_another_pair_names_it_in_its_link() -> None:
    """A tile for a version that was not built as the candidate opens with that version."""
    view = tile_view(builders.report(), Thumbnails(), 0, candidate="v2")

    assert [line.version for line in view.lines] == ["v1", "v2"]
    assert ("version", "v2") in view.link.state


def test_tile_of_one_version() -> None:
    """With one version there is one line."""
    assert [line.version for line in tile_view(builders.one_version(), Thumbnails(), 0).lines] == ["v1"]


def test_tile_shows_picture_text_card_or_why_not(tmp_path: Path) -> None:
    """A tile has exactly one face: the picture, the text, the attributes, or the reason why there is none."""
    image = builders.report(n=300, media=Media("image", "image", str(tmp_path)))
    text = builders.report(n=300, media=Media("text", "body"))
    thumbnails = Thumbnails(by_row={0: Thumb("x.webp", 9, 9, n_frames=200)}, missing={1: "truncated"})

    pictured, broken, absent = (tile_view(image, thumbnails, row) for row in range(3))
    worded = tile_view(text, Thumbnails(texts={0: Text("so  it\n" + "goes " * 100, cut=False)}), 0)
    carded = tile_view(builders.report(n=300), Thumbnails(), 0)

    assert pictured.picture is not None
    assert (pictured.badge, pictured.card, pictured.missing) == ("1 of 200", (), "")
    assert (broken.missing, absent.missing) == ("image unreadable: truncated", "image not in the report")
    assert worded.text is not None
    assert worded.text.startswith("so it goes goes")
    assert worded.text.endswith("…")
    assert [name for name, _ in carded.card] == ["weather", "time"]


def test_tile_of_a_value() -> None:
    """A value has its error beside it, right within the tolerance; a missing prediction says so; numbers are exact."""
    first, second = (tile_view(regression(), Thumbnails(), row) for row in range(2))

    assert first.label == "3.20"
    assert [(line.prediction, line.right, line.aside) for line in first.lines] == [
        ("3.45", True, "+0.25"),
        ("2.20", False, "−1.00"),
    ]
    assert first.card == (("size", "−0.51"),)
    assert (second.lines[1].prediction, second.lines[1].right, second.outcome) == ("no prediction", None, ())
    assert second.card == ()


def test_values_without_tolerance_are_neither_right_nor_wrong() -> None:
    """Where nothing says what is close enough, nothing is marked."""
    view = tile_view(regression(None), Thumbnails(), 0)

    assert [line.right for line in view.lines] == [None, None]
    assert view.outcome == ()
    assert view.spoken == "3.20: v1 says 3.45; v2 says 2.20 (sample a)"


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["vader-2.5", "vader-3.3.2"], ["…2.5", "…3.3.2"]),
        (["v1", "v2"], ["v1", "v2"]),
        (["logistic regression", "gradient boosting"], ["logistic regression", "gradient boosting"]),
        (["model-a", "model-a-long"], ["…a", "…a-long"]),
        (["release-", "release-2"], ["release-", "release-2"]),
        (["resnet50augmented", "resnet50plain"], ["resnet50augmented", "resnet50plain"]),
        (["only-one-version"], ["only-one-version"]),
    ],
)
def test_long_names_are_told_apart(names: list[str], short: list[str]) -> None:
    """Names that begin alike lose whole words of what they share, never all of themselves, and only where long."""
    assert short_names(names) == short
