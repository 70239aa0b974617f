"""The section on copies and look-alikes: its heading, its key sentence, its pairs and its links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from reportgen import columns
from reportgen.inspection import Inspection
from reportgen.inspection.duplicates import Compared, Duplicates
from reportgen.inspection.sets import SampleSet
from reportgen.model import Media
from reportgen.report import Report
from reportgen.site.data.duplicates import (
    DuplicatesView,
    duplicate_cells,
    effect_rows,
    likeness_text,
    plan_duplicates,
    twin_rows,
)
from reportgen.site.media import Thumbnails
from tests import builders

FAMILY: dict[str, Any] = {
    "kind": "near",
    "n": 2,
    "first": 1,
    "second": 2,
    "how": "hash",
    "likeness": 2.0,
    "across_splits": False,
    "other_labels": False,
    "within_group": False,
    "rows": [1, 2],
    "ids": ["a", "b"],
}


def with_families(*families: dict[str, Any], copies: tuple[int, ...] = (2,), effect: float | None = -0.001) -> Report:
    """A report whose samples have these families of twins."""
    report = builders.report(n=200)
    table = pl.DataFrame([{**FAMILY, **one} for one in families], schema=columns.TWIN_FAMILIES)
    moved = [
        {"version": one, "metric": "accuracy", "class": None, "value": 0.5, "without": 0.5 + effect, "n": 200}
        for one in (report.candidate, None)
        if effect is not None
    ]
    effects = pl.DataFrame([{**one, "n_left_out": len(copies)} for one in moved], schema=columns.TWIN_EFFECTS)
    rows = pl.Series(copies, dtype=pl.Int64).to_numpy()
    sets = (SampleSet("near-copies", "near copy", "duplicates", "Is near.", rows, "exclude"),) if copies else ()
    duplicates = Duplicates((Compared("images", 200),), table, table.height, rows, effects, sets)
    samples = report.outcomes.samples.with_columns(part=pl.Series(["train", "test"] * 100))
    outcomes = replace(report.outcomes, samples=samples, split="part")
    return replace(report, outcomes=outcomes, inspection=Inspection(duplicates=duplicates))


def planned(report: Report) -> DuplicatesView:
    """The section's view."""
    view = plan_duplicates(report, Thumbnails())
    assert view is not None
    return view


def test_twins_in_two_splits_lead() -> None:
    """The heading says so, the key sentence counts them and says what leaving copies out moves."""
    report = with_families({"across_splits": True}, {"first": 3, "second": 5, "rows": [3, 5]})
    view = planned(report)

    assert view.heading == "Same content in two splits"
    assert view.key == (
        "1 pair of twins lies in different splits. "
        "Leaving the copy out moves accuracy of v3 by −0.1 points, and the change by −0.1 points."
    )
    assert [one.splits for one in view.twins] == ["test ⇄ train", ""]
    assert view.twins[0].likeness == "distance 2 of 64"
    assert [(one.name, one.families, one.across) for one in view.kinds] == [("Nearly the same", "2", "1")]
    assert [(one.text, one.count) for one in view.links] == [("See 1 near copy", 1)]
    assert ("a.near copy", "yes") in view.links[0].state
    (cell,) = duplicate_cells(report)
    assert (cell.state, cell.name, cell.value, cell.below) == (
        "check",
        "Twins across splits",
        "1 pair",
        "1.0% of 200 samples",
    )
    assert twin_rows(report) == [1, 2, 3, 5]


def test_families_of_one_group_are_told_apart() -> None:
    """They are neither counted as found nor as copies; the strip says that nothing is to be looked at."""
    report = with_families({"within_group": True}, copies=(), effect=None)
    view = planned(report)

    assert view.heading == "Copies and look-alikes"
    assert view.key == ""
    assert "1 pair more (2 samples) lies within one group each" in view.remarks
    assert [one.name for one in view.kinds] == ["Within one group"]
    assert [(one.state, one.value) for one in duplicate_cells(report)] == [("fine", "0")]


def test_nothing_found_says_what_was_compared() -> None:
    """One line, and no table."""
    view = planned(with_families(copies=(), effect=None))

    assert view.key == "No two are the same, nor nearly."
    assert view.caption.startswith("Compared 200 images: equal pixels")
    assert (view.twins, view.links, view.kinds, view.effects) == ((), (), (), ())


def test_texts_that_are_written_otherwise_are_the_same_words() -> None:
    """Only texts that are equal letter by letter are said to be exact copies."""
    report = with_families(
        {"how": "text", "likeness": None, "kind": "exact"}, {"how": "text", "likeness": None, "first": 3}
    )
    samples = report.outcomes.samples.with_columns(text=pl.Series(["a", "Yes!", "yes", "yes", *["b"] * 196]))
    media = Media("text", "text")
    report = replace(report, outcomes=replace(report.outcomes, samples=samples, media=media))

    assert [one.likeness for one in planned(report).twins] == ["the same words", "exact"]


def test_what_hardly_moves_is_said_so() -> None:
    """A change that would be printed as 0.0 is less than that; one that is none is nothing."""
    assert (
        "moves accuracy of v3 by less than 0.1 points, and the change by" in planned(with_families({}, effect=1e-5)).key
    )
    assert "moves accuracy of v3 by nothing" in planned(with_families({}, effect=0.0)).key


def test_pairs_of_one_group_are_shown_where_there_are_no_others() -> None:
    """Else they would take the place of what tells something."""
    inside = {"within_group": True, "first": 7, "second": 8, "rows": [7, 8]}

    assert twin_rows(with_families({}, inside)) == [1, 2]
    assert twin_rows(with_families(inside)) == [7, 8]


def test_larger_families_say_how_many_more() -> None:
    """Two of each are shown, at most six families."""
    report = with_families(*({"n": 4, "first": k, "second": k + 1, "rows": [k, k + 1]} for k in range(8)))
    view = planned(report)

    assert len(view.twins) == 6
    assert view.twins[0].more == "and 2 more"
    assert view.key.startswith("8 families of twins were found.")


@pytest.mark.parametrize(
    ("how", "likeness", "said"),
    [
        ("pixels", None, "exact"),
        ("text", None, "exact"),
        ("hash", 0.0, "distance 0 of 64"),
        ("pieces", 0.8333, "similarity 0.83"),
        ("vectors", 0.99712, "similarity 0.997"),
    ],
)
def test_likeness(how: str, likeness: float | None, said: str) -> None:
    """Distances count bits, similarities have as many digits as tell them apart."""
    assert likeness_text(how, likeness) == said


def test_without_the_inspection_there_is_no_section() -> None:
    """Neither a cell of the strip nor rows whose media would be needed."""
    report = builders.report(n=100)

    assert plan_duplicates(report, Thumbnails()) is None
    assert duplicate_cells(report) == ()
    assert twin_rows(report) == []


def test_figures_of_one_metric_have_equal_decimals() -> None:
    """Of a metric that is no rate, too; a difference is that of the printed ends."""
    report = builders.report(n=400)
    effects = pl.DataFrame(
        [
            {"version": "v1", "metric": "log_loss", "value": 0.83333, "without": 0.82274},
            {"version": None, "metric": "log_loss", "value": -0.08333, "without": -0.07102},
            {"version": "v1", "metric": "accuracy", "value": 0.9167, "without": 0.912},
            {"version": None, "metric": "accuracy", "value": -0.0417, "without": -0.0354},
        ]
    ).with_columns(n=pl.lit(400), n_left_out=pl.lit(7), **{"class": pl.lit(None, pl.String)})
    rows = [(row.value, row.without, row.moved) for row in effect_rows(report, effects)]

    assert rows == [
        ("0.8333", "0.8227", "−0.0106"),
        ("−0.0833", "−0.0710", "+0.0123"),
        ("91.67%", "91.20%", "−0.47"),
        ("−4.17", "−3.54", "+0.63"),
    ]
