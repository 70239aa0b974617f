"""The section on images, texts and metadata: its title, its key sentence, its rows, its tiles and its cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.inspection import AttributeChecks, Inspection, SampleChecks, SampleSet
from reportgen.inspection.attributes import AttributeCheck, Determined
from reportgen.inspection.samples import TOGETHER, Check
from reportgen.report import Report
from reportgen.site.data.attributes import attribute_cells
from reportgen.site.data.samples import SamplesView, plan_samples, sample_cells, sample_rows
from reportgen.site.media import Thumbnails
from tests import builders

RATE: dict[str, Any] = {
    "metric": "error_rate",
    "value": 0.2,
    "low": 0.1,
    "high": 0.3,
    "n": 40,
    "sum_x": 8.0,
    "rest": 0.1,
    "n_rest": 160,
    "delta": 0.1,
    "verdict": "unclear",
    "support": "test",
}
CHECKS = (
    Check("very-dark", "very dark", "It is dark.", 40, 200),
    Check("blurred", "blurred", "It is blurred.", 0, 200),
    Check("truncated-image", "truncated", "It ends early.", 4, 200, unreadable=True),
    Check("damaged-image", "damaged", "It is damaged.", 0, 200, unreadable=True),
)


def rates(report: Report, **verdicts: dict[str, Any]) -> pl.DataFrame:
    """The candidate's rate in each set."""
    rows = [{"set": key, "version": report.candidate, **RATE, **one} for key, one in verdicts.items()]
    return pl.DataFrame(rows, schema=columns.SET_RATES)


def found_set(key: str, n: int, start: int = 0) -> SampleSet:
    """A set of the next rows."""
    (name,) = [one.name for one in CHECKS if one.key == key]
    return SampleSet(key, name, "samples", f"Why {name}.", np.arange(start, start + n))


def with_images(
    *,
    together: str = "unclear",
    dark: dict[str, Any] | None = None,
    checks: tuple[Check, ...] = CHECKS,
    n_unlooked: int = 0,
    n_versions: int = 2,
) -> Report:
    """A report of 200 images, 40 of them dark and 4 truncated."""
    report = builders.report(n=200, n_versions=n_versions)
    keys = {one.key for one in checks}
    sets = tuple(one for one in (found_set("very-dark", 40), found_set("truncated-image", 4, 60)) if one.key in keys)
    samples = SampleChecks(
        "image",
        checks,
        200,
        n_unlooked,
        sets,
        44,
        rates(report, **{TOGETHER: {"verdict": together}}) if sets else columns.SET_RATES.to_frame(),
        ((report.candidate, 0.0375),),
    )
    table = rates(
        report,
        **{
            "very-dark": dark or {},
            "truncated-image": {"n": 4, "sum_x": 2.0, "support": "counts", "verdict": "too_few"},
        },
    )
    return replace(report, inspection=Inspection(samples=samples, rates=table))


def planned(report: Report) -> SamplesView:
    """The section's view."""
    view = plan_samples(report, Thumbnails())
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("together", "said"),
    [
        ("worse", "Errors are more common on problem samples."),
        ("better", "Errors are less common on problem samples."),
        ("unclear", "Errors show no clear difference on problem samples."),
        ("too_few", "Problem samples are too few to tell whether errors are more common there."),
    ],
)
def test_key_says_whether_errors_are_more_common_and_what_they_cost_at_most(together: str, said: str) -> None:
    """The verdict of all problems together, and the bound in points."""
    assert planned(with_images(together=together)).key == (
        f"{said} Without a single error there, v2 would be right 3.8 points more often."
    )


def test_rows_of_what_was_found_have_rates_and_a_counted_link() -> None:
    """A share with its interval, or a count of so few; the verdict in words; the link to the filter of the set."""
    dark, blurred, truncated, rest = planned(with_images(dark={"verdict": "worse"})).rows

    assert dark.rates is not None
    assert (dark.name, dark.n) == ("Very dark", "40")
    assert (dark.rates.value, dark.rates.span, dark.rates.rest, dark.rates.said) == (
        "20.0%",
        "10.0…30.0",
        "10.0%",
        "more errors",
    )
    assert dark.see is not None
    assert (dark.see.text, dark.see.count, dark.see.state) == (
        "See 40",
        40,
        (("set", "all"), ("a.very dark", "yes")),
    )
    assert truncated.rates is not None
    assert (truncated.rates.value, truncated.rates.span, truncated.rates.said) == ("2 of 4", "", "too few to tell")
    assert (blurred.n, blurred.rates, blurred.see) == ("0", None, None)
    assert (rest.name, rest.n, rest.rule) == ("Unreadable otherwise", "0", "Not so: damaged.")


def test_counts_are_no_sums_of_weights() -> None:
    """With weights a small set has its share, not a count that is none."""
    report = with_images()
    frame = report.outcomes.frame.with_columns(pl.lit(1.5).alias(columns.WEIGHT))
    *_, truncated, _ = planned(replace(report, outcomes=replace(report.outcomes, frame=frame))).rows

    assert truncated.rates is not None
    assert truncated.rates.value == "20.0%"


def test_what_most_have_is_one_line_and_no_row() -> None:
    """Grey among colour is said as grey."""
    grey = Check("grey-among-colour", "grey among colour", "It is grey.", 190, 200)
    view = planned(with_images(checks=(*CHECKS, grey)))

    assert view.usual == ("95.0% of the samples are grey: that is how these data are, and is no problem here.",)
    assert "Grey among colour" not in [row.name for row in view.rows]


def test_tiles_are_of_the_set_that_errs_more_and_can_be_seen() -> None:
    """The first of the dark ones; a truncated image has no picture."""
    report = with_images()

    assert planned(report).shown == "Very dark"
    assert sample_rows(report) == [0, 1, 2, 3, 4, 5]


def test_nothing_found() -> None:
    """Every check has its mark, no sentence speaks of errors, and the strip is at ease."""
    view = planned(with_images(checks=(CHECKS[1], CHECKS[3])))

    assert view.key == "No problem found in the samples."
    assert [(row.name, row.n, row.see) for row in view.rows] == [("Blurred", "0", None), ("Unreadable", "0", None)]
    assert view.tiles == ()


def test_images_beyond_the_budget_are_counted() -> None:
    """The caption says how many were not looked at."""
    assert "50 of 200 samples were not looked at" in planned(with_images(n_unlooked=50)).caption


def test_strip_looks_closer_where_errors_are_more_common() -> None:
    """Any problem with more errors beyond chance; else the figure is fine."""
    cells = [sample_cells(with_images(dark={"verdict": one}))[0] for one in ("worse", "unclear")]

    assert [(one.state, one.value, one.below) for one in cells] == [
        ("check", "44", "22.0% of samples"),
        ("fine", "44", "22.0% of samples"),
    ]


def test_one_version_has_the_same_section() -> None:
    """There is nothing to compare it with, and it errs all the same."""
    assert planned(with_images(n_versions=1)).error == "v1 wrong"


def test_metadata_alone_is_its_own_title() -> None:
    """Odd columns are rows of their own; those that lack nothing are one row."""
    report = builders.report(n=200, n_versions=2)
    missing = SampleSet("missing-speed", "missing: speed", "attributes", "It has no value of speed.", np.arange(30))
    found = AttributeChecks(
        (
            AttributeCheck("speed", 40, 30, "varied", True, "< 3", 0.4, 4.2),
            AttributeCheck("site", 1, 0, "constant", False, "Oslo", 1.0),
            AttributeCheck("rare", 2, 0, "imbalanced", True, "no", 0.97, 1.062),
            AttributeCheck("file", 200, 0, "id-like", False),
            AttributeCheck("blank", 0, 200, "empty", False),
        ),
        (
            Determined("city", "country", 1.0, 0.4, mutual=False, n=200),
            Determined("a", "b", 0.995, 1.0, mutual=True, n=9),
        ),
        200,
        30,
        (missing,),
    )
    report = replace(
        report, inspection=Inspection(attributes=found, rates=rates(report, **{"missing-speed": {"verdict": "worse"}}))
    )
    view = planned(report)

    assert view.title == "Metadata"
    assert view.key == "30 samples lack a value of an attribute."
    assert [(row.name, row.n) for row in view.rows] == [("Missing: speed", "30"), ("Missing: 3 other columns", "0")]
    assert [(row.names, row.what) for row in view.odd] == [
        (("site",), "constant"),
        (("rare",), "imbalanced"),
        (("file",), "id-like"),
        (("blank",), "empty"),
        (("city", "country"), "part of it"),
        (("a", "b"), "the same"),
    ]
    assert view.odd[1].detail == "97.0% are no: as varied as 1.06 equally frequent values."
    assert view.odd[-1].detail.startswith("For 99.5% each tells the other")
    (cell,) = attribute_cells(report)
    assert (cell.state, cell.value, cell.below) == ("check", "30", "15.0%, in 5 slice columns")


def test_nothing_to_look_at_is_no_section() -> None:
    """Neither images nor texts nor attributes."""
    report = replace(builders.report(n=50), inspection=Inspection())

    assert plan_samples(report, Thumbnails()) is None
    assert sample_cells(report) == ()
    assert attribute_cells(report) == ()


def without_tiles(report: Report) -> Report:
    """The same where no set can be seen, so that no tile writes a value."""
    samples = report.inspection.samples
    assert samples is not None
    blind = tuple(replace(one, unreadable=True) for one in samples.checks)
    return replace(report, inspection=replace(report.inspection, samples=replace(samples, checks=blind)))


def test_of_values_errors_are_larger_or_smaller() -> None:
    """A mean error is no count of errors: the words and the bound are of its size."""
    report = with_images(together="worse", dark={"metric": "mae", "value": 2.5, "rest": 1.5, "verdict": "better"})
    view = planned(without_tiles(replace(report, outcomes=replace(report.outcomes, classes=()))))

    assert view.key == (
        "Errors are larger on problem samples. Without a single error there, v2's mean error would be 0.0375 lower."
    )
    assert view.error == "v2 mean error"
    assert view.rows[0].rates is not None
    assert (view.rows[0].rates.value, view.rows[0].rates.said) == ("2.50", "smaller errors")
