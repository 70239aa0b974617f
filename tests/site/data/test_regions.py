"""What the page says of annotated regions that look wrong, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from reportgen.inspection import Inspection, RegionIssues
from reportgen.site.data.regions import plan_regions, region_cells, region_evidence, suspect_region_rows
from reportgen.site.data.suspects import SHOWN
from reportgen.site.media import Thumbnails
from tests import builders

ROW: dict[str, Any] = {
    "label": "road",
    "suggestion": "car",
    "n_pixels": 1200,
    "share": 0.0375,
    "n_for": 2,
    "n_versions": 2,
    "versions": [0, 1],
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "both versions say car: 1,200 pixels (3.8% of the image) annotated as road"),
        ({"label": None}, "both versions say car: 1,200 pixels (3.8% of the image) where nothing is annotated"),
        (
            {"suggestion": None},
            "both versions say nothing is there: 1,200 pixels (3.8% of the image) annotated as road",
        ),
        (
            {"n_for": 1, "versions": [1], "n_pixels": 1, "share": 1e-6},
            "1 of 2 versions say car (v2): 1 pixel (< 0.1% of the image) annotated as road",
        ),
        (
            {"n_for": 1, "n_versions": 1, "versions": [0]},
            "the version says car: 1,200 pixels (3.8% of the image) annotated as road",
        ),
    ],
)
def test_evidence_is_one_plain_line(changes: dict[str, Any], said: str) -> None:
    """Who says what, on how many pixels, and what is annotated there."""
    assert region_evidence({**ROW, **changes}, ("v1", "v2")) == said


@pytest.mark.parametrize(
    ("least", "silent", "said"),
    [
        ({}, (), ""),
        ({"car": 1}, (), "Large enough is 1 pixel (car)."),
        ({"car": 1200, "road": 90_000}, (), "Large enough are 1,200 pixels (car) and 90,000 pixels (road)."),
        ({f"class {i}": 10 + i for i in range(7)}, (), "Large enough are, by class, 10 to 16 pixels."),
        (
            {"car": 12},
            (("v2", "pole", 0.123), ("v2", "sign", None)),
            "Large enough is 12 pixels (car). "
            "Not asked, since an IoU below 50% has too much wrong: v2 about pole (12.3%) and sign (–).",
        ),
        (
            {},
            (("v1", "pole", 0.25), ("v2", "pole", 0.123), ("v2", "sign", None)),
            "Not asked, since an IoU below 50% has too much wrong: "
            "v1 about pole (25.0%); v2 about pole (12.3%) and sign (–).",
        ),
        (
            {},
            tuple(("v1", f"class {i}", 0.25) for i in range(9)),
            "Not asked, since an IoU below 50% has too much wrong: v1 about class 0 (25.0%), class 1 (25.0%), "
            "class 2 (25.0%), class 3 (25.0%), class 4 (25.0%), class 5 (25.0%) and 3 more.",
        ),
    ],
)
def test_who_is_not_asked_about_what_is_said(least: dict[str, int], silent: Any, said: str) -> None:
    """And how large a region has to be: no candidate is then no sign that all is annotated well."""
    regions = RegionIssues("A rule.", least=least, silent=silent)
    view = plan_regions(replace(builders.report(), inspection=Inspection(regions=regions)), Thumbnails())

    assert view is not None
    assert view.words.rule == said
    assert view.counted == "No annotated region looks wrong."
    assert (view.legend, view.bounded, view.list) == ((), False, "")


def test_the_first_of_each_kind_are_shown_in_their_order() -> None:
    """A kind that stands far down in the list is on the page, too; the strip has them all."""
    kinds = ["overlooked"] * 9 + ["empty", "swapped"] * 2
    table = pl.DataFrame({"kind": kinds, "row": range(13)}).cast({"row": pl.Int64})
    regions = RegionIssues("A rule.", table, n_checked=40)
    report = replace(builders.report(), inspection=Inspection(regions=regions))

    assert suspect_region_rows(report) == [*range(SHOWN), 9, 10, 11, 12]
    (cell,) = region_cells(report)
    assert (cell.state, cell.value, cell.below, cell.section) == (
        "check",
        "13",
        "beside 40 annotated regions",
        "regions",
    )
    assert suspect_region_rows(builders.report()) == []
    assert region_cells(builders.report()) == ()
