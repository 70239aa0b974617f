"""What the page says of annotated boxes that look wrong: words, crops, and the verdict that hangs on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen.inspection import BoxIssues, Inspection
from reportgen.site.data.boxes import box_evidence, plan_boxes, suspect_box_rows
from reportgen.site.data.suspects import LEAST, SHAPE, SHOWN, window_around
from reportgen.site.media import Thumbnails
from tests import builders

ROW: dict[str, Any] = {
    "kind": "swapped",
    "suggestion": "dog",
    "n_for": 2,
    "n_versions": 2,
    "scores": [0.9, 0.954],
    "iou": 0.631,
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "both versions say dog (v1 0.90, v2 0.95), overlap with what is annotated 0.63"),
        ({"kind": "overlooked", "iou": None}, "both versions say dog (v1 0.90, v2 0.95) where nothing is annotated"),
        (
            {"kind": "misplaced"},
            "both versions place it elsewhere (v1 0.90, v2 0.95), overlap with what is annotated 0.63",
        ),
        ({"n_for": 1, "scores": [None, 0.5]}, "1 of 2 versions say dog (v2 0.50), overlap with what is annotated 0.63"),
    ],
)
def test_evidence_is_one_plain_line(changes: dict[str, Any], said: str) -> None:
    """Who says what, with which score, and how far it is from what is annotated."""
    assert box_evidence({**ROW, **changes}, ("v1", "v2")) == said


def test_the_first_of_each_kind_are_shown_in_their_order() -> None:
    """A kind that stands far down in the list is on the page, too."""
    kinds = ["overlooked"] * 9 + ["misplaced", "swapped"] * 2
    table = pl.DataFrame({"kind": kinds, "row": range(13)}).cast({"row": pl.Int64})
    report = replace(builders.report(), inspection=Inspection(boxes=BoxIssues("A rule.", table)))

    assert suspect_box_rows(report) == [*range(SHOWN), 9, 10, 11, 12]


@pytest.mark.parametrize(
    ("n_found", "limits", "said"),
    [
        ({}, {}, ""),
        (
            {"v1": 90, "v2": 80},
            {"v1": 0.634, "v2": 0.5},
            "Badly placed means an overlap below 0.63 (v1) and 0.50 (v2), far from what is usual there.",
        ),
        (
            {"v1": 90, "v2": 9},
            {"v1": 0.634},
            "Badly placed means an overlap below 0.63 (v1), far from what is usual there. "
            "v2 finds fewer than 10 objects: too few to know how much boxes usually overlap.",
        ),
        (
            {"v1": 90, "v2": 9, "v3": 0},
            {},
            "Whether boxes are badly placed can't be told here. "
            "v2 and v3 find fewer than 10 objects: too few to know how much boxes usually overlap. "
            "The overlaps of v1 lie so far apart that no place is odd.",
        ),
    ],
)
def test_which_versions_can_tell_a_bad_place_is_said(
    n_found: dict[str, int], limits: dict[str, float], said: str
) -> None:
    """From which overlap on, and why others can't: no candidate is then no sign that all is well placed."""
    boxes = BoxIssues("A rule.", n_found=n_found, limits=limits)
    view = plan_boxes(replace(builders.report(), inspection=Inspection(boxes=boxes)), Thumbnails())

    assert view is not None
    assert view.words.rule == said


def test_one_version_alone_is_no_plural() -> None:
    row = {**ROW, "n_for": 1, "n_versions": 1, "scores": [0.9], "kind": "misplaced"}
    assert box_evidence(row, ("v1",)).startswith("the version places it elsewhere (v1 0.90)")


@pytest.mark.parametrize(
    ("boxes", "size"),
    [
        ([[50, 50, 20, 20]], (400, 300)),
        ([[0, 0, 20, 20], [30, 5, 20, 20]], (400, 300)),  # at the corner: the window stays inside
        ([[380, 290, 20, 10]], (400, 300)),
        ([[10, 10, 380, 280]], (400, 300)),  # as large as the picture: the whole of it
        ([[2, 2, 3, 3]], (9, 7)),
        ([[1400, 2, 9, 9]], (3000, 24)),
    ],
)
def test_a_crop_holds_its_boxes_in_the_shape_of_a_tile(boxes: list[list[float]], size: tuple[int, int]) -> None:
    """It lies in the picture where that is large enough, and around it, with the picture in its middle, where not."""
    at, (width, height) = np.array(boxes, float), size
    window = window_around(at, width, height)
    left, top, wide, high = (float(part) for part in window.view_box.split())

    assert [left, top, wide, high] == [window.left, window.top, window.width, window.height]

    assert wide / high == pytest.approx(SHAPE, rel=0.01)
    assert wide >= min(LEAST, max(width, height * SHAPE)) - 0.01
    assert left <= at[:, 0].min()
    assert top <= at[:, 1].min()
    assert left + wide >= (at[:, 0] + at[:, 2]).max() - 0.02
    assert top + high >= (at[:, 1] + at[:, 3]).max() - 0.02
    for start, long, whole in ((left, wide, width), (top, high, height)):
        if long <= whole:
            assert -0.01 <= start <= whole - long + 0.01
        else:
            assert start == pytest.approx((whole - long) / 2, abs=0.01)
