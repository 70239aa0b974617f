"""Boxes over pictures stand where the annotation says, however a file's pixels are turned."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from PIL import Image, ImageOps

from reportgen.model import Media, Outcomes, Parts
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.overlays import overlay, pack_boxes, pack_changes, sample_boxes, upright
from reportgen.site.packing import pack_json
from reportgen.stats.object_errors import Error
from reportgen.tasks.objects import hold
from tests.tasks.test_objects import TRUTH, objects

SIZE = (40, 30)


def shown(turned: int, box: tuple[int, int, int, int]) -> tuple[list[int], tuple[int, int]]:
    """Where a bright box of the stored pixels stands in the upright picture, and the picture's size."""
    left, top, width, height = box
    pixels = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    pixels[top : top + height, left : left + width] = 255
    stored, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turned
    Image.fromarray(pixels).save(stored, "PNG", exif=exif)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(stored.getvalue())))
    rows, columns = np.nonzero(np.asarray(image))
    return [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1], image.size


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("box", [(3, 5, 11, 7), (0, 0, 40, 1), (39, 29, 1, 1)])
def test_boxes_turn_as_the_picture_does(turned: int, box: tuple[int, int, int, int]) -> None:
    expected, _ = shown(turned, box)
    assert upright(np.array([box], float), SIZE, turned)[0].tolist() == expected


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    said = objects((0, 0, 10, 10, 20, 20, 0.9), (0, 1, 80, 80, 5, 5, 0.7), (0, 0, 1, 1, 3, 3, 0.05))
    held = [hold(TRUTH, said, 3, 2, cutoff=0.1), hold(TRUTH, said.clear(), 3, 2, cutoff=0.1)]
    frame = pl.DataFrame({"id": ["a", "b", "c"]})
    parts = Parts(
        "object",
        ("cat", "dog"),
        tuple(h.counts for h in held),
        truths=TRUTH,
        detections=tuple(h.detections for h in held),
        found=tuple(h.found for h in held),
    )
    return Outcomes(frame, frame, (), (), ("v1", "v2"), media=Media("image", "id"), parts=parts)


def test_a_tile_has_what_is_found_missed_and_false(outcomes: Outcomes) -> None:
    drawn = overlay(outcomes, 0, 0, Thumb("x.webp", 50, 50, original=(100, 100)))
    assert drawn is not None
    assert (drawn.width, drawn.height) == (100, 100)
    assert dict(drawn.paths) == {
        "found": "M10 10h20v20h-20z",
        "missed": "M50 50h20v20h-20z",
        "false": "M80 80h5v5h-5zM80 80l5 5",
    }


def test_a_version_without_detections_misses_everything_and_an_empty_picture_has_no_box(outcomes: Outcomes) -> None:
    thumb = Thumb("x.webp", 50, 50, original=(100, 100))
    missed = overlay(outcomes, 0, 1, thumb)
    empty = overlay(outcomes, 1, 0, thumb)
    assert missed is not None
    assert empty is not None
    assert dict(missed.paths) == {"missed": "M10 10h20v20h-20zM50 50h20v20h-20z"}
    assert empty.paths == ()


def test_boxes_that_are_upright_already_stay(outcomes: Outcomes) -> None:
    assert outcomes.parts is not None
    thumb = Thumb("x.webp", 50, 100, original=(100, 50), turned=6)
    sizes = np.array([[50.0, 100.0], [np.nan, np.nan], [100.0, 50.0]])
    told = replace(outcomes, parts=replace(outcomes.parts, sizes=sizes))
    first, third = (sample_boxes(told, row, thumb) for row in (0, 2))
    assert first is not None
    assert third is not None
    assert (first.width, first.height) == (50, 100)
    assert first.true[0].tolist() == [10, 10, 20, 20]
    assert third.true[0].tolist() == [40, 0, 10, 10]


def test_the_browser_gets_each_object_with_the_versions_that_find_it(outcomes: Outcomes) -> None:
    thumbnails = Thumbnails(by_row={0: Thumb("x.webp", 50, 50, original=(100, 100))})
    assert pack_boxes(outcomes, thumbnails) == {
        "sizes": [[100, 100]],
        "true": [[[10, 10, 20, 20, 0, 1], [50, 50, 20, 20, 1, 0]]],
        "said": [[[[10, 10, 20, 20, 0, 0.9, 0], [80, 80, 5, 5, 1, 0.7, int(Error.BACKGROUND)]]], [[]]],
    }


def test_the_browser_gets_the_changes_by_their_places_in_the_sample(outcomes: Outcomes) -> None:
    packed = pack_changes(outcomes, [0, 1, 2], 0, 1)
    assert packed == pack_json(
        {"moved": [[], [], []], "label": [[], [], []], "new": [[], [], []], "gone": [[1], [], []]}
    )


def test_a_report_without_objects_has_no_boxes(outcomes: Outcomes) -> None:
    assert overlay(replace(outcomes, parts=None), 0, 0, Thumb("x.webp", 9, 9, original=(9, 9))) is None
