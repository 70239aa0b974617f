"""Pages of reports whose samples consist of parts: what is said of one sample, and what the browser and lists get."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from reportgen.analysis.judged_words import words_of
from reportgen.inspection import SampleSet
from reportgen.report import Report
from reportgen.site import overview_words, pair_words, slice_words
from reportgen.site.glossary import glossary
from reportgen.site.lists import set_rows
from reportgen.site.media import Thumbnails, make_thumbnails
from reportgen.site.methods import used_methods
from reportgen.site.payload import describe_samples
from reportgen.site.report_json import to_report
from reportgen.site.tiles import TileView, tile_view
from reportgen.tasks import detection
from tests import builders
from tests.analysis import worlds

N = 12
NIGHT, DAY, EMPTY = 3, 2, N - 1


@pytest.fixture(scope="module")
def report() -> Report:
    outcomes = worlds.detect(N)
    plain = builders.report(n=300, n_versions=2)
    examples = pl.DataFrame(
        {"set": ["newly_broken"], "rank": [1], "row": [NIGHT], "id": ["s003"], "score": [0.28]},
        schema=plain.examples.schema,
    )
    metrics = (replace(detection.METRICS[0].info, primary=True), *(one.info for one in detection.METRICS[1:3]))
    return replace(plain, task="detection", outcomes=outcomes, metrics=metrics, examples=examples, findings=())


def tile(report: Report, row: int) -> TileView:
    thumbnails: Thumbnails = make_thumbnails(report.outcomes, [], [])
    return tile_view(report, thumbnails, row)


def test_a_tile_says_how_many_objects_there_are_and_are_found(report: Report) -> None:
    night = tile(report, NIGHT)

    assert night.label == "4 objects"
    assert [(line.prediction, line.told, line.mark, line.aside) for line in night.lines] == [
        ("3 of 4", "3 of 4 found", "with mistakes", ""),
        ("2 of 4, 1 false", "2 of 4 found, 1 false", "with mistakes", ""),
    ]
    assert night.spoken == (
        "4 objects: v1 with mistakes, 3 of 4 found; v2 with mistakes, 2 of 4 found, 1 false (sample s003)"
    )
    assert tile(report, DAY).outcome == (False, True)


def test_where_nothing_is_a_detection_is_false_and_none_is_right(report: Report) -> None:
    empty = tile(report, EMPTY)

    assert empty.label == "no object"
    assert [(line.told, line.right) for line in empty.lines] == [("1 false", False), ("none, rightly", True)]


def test_a_sample_without_prediction_has_no_counts(report: Report) -> None:
    frame = report.outcomes.frame.with_columns(scored_1=pl.Series([i != NIGHT for i in range(N)]))
    one = tile(replace(report, outcomes=replace(report.outcomes, frame=frame)), NIGHT)

    assert one.label == "4 objects"
    assert (one.lines[1].told, one.lines[1].right) == ("no prediction", None)


def test_lists_and_report_json_have_the_counts(report: Report) -> None:
    chosen = SampleSet("dark", "dark", "samples", "Very dark.", pl.Series([NIGHT]).to_numpy())
    assert list(set_rows(report, chosen))[1][:2] == ("s003", 4)

    found: dict[str, Any] = to_report(report)["examples"]["versions"]["v2"]  # type: ignore[assignment, index]
    assert (found["right"], found["false"], found["missed"]) == ([2], [1], [2])
    assert found["prediction"] == [pytest.approx(3 / 7)]


def test_the_browser_has_the_same_words(report: Report) -> None:
    words: Any = describe_samples(report)["words"]

    assert words["part"]["many"] == "objects"
    assert words["mark_wrong"] == "with mistakes"
    assert words["sets"]["wrong"] == (
        "With mistakes",
        "{candidate} misses an object here, or detects one that isn't there.",
    )


def test_no_page_has_a_sentence_under_the_name_of_such_words() -> None:
    """They stand side by side in what the browser gets."""
    names = set(words_of(worlds.detect(N)).texts)
    for templates in (overview_words.TEMPLATES, pair_words.TEMPLATES, slice_words.TEMPLATES):
        assert not names & set(templates)


def test_about_says_what_counts_and_from_which_score_on(report: Report) -> None:
    said = {one.what: one.how for one in used_methods(report)}
    assert "0.25 for v1 and 0.25 for v2" in said["The score from which a detection counts (cut-off)"]
    assert "Newly broken and newly fixed" not in said
    fixed = replace(report, outcomes=replace(report.outcomes, threshold=0.25))
    assert (
        "From 0.25 on"
        in {one.what: one.how for one in used_methods(fixed)}["The score from which a detection counts (cut-off)"]
    )
    terms = dict(glossary(report))
    assert {"Overlap", "Found", "False detection", "Cut-off", "Worse", "Better", "All right"} <= set(terms)
    assert "Newly broken" not in terms
