"""Masks over pictures: exact where there is room, then with fewer points, then none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.model import Media, Outcomes, OverlapKind, Parts
from reportgen.site import mask_paths
from reportgen.site.mask_paths import has_masks, judged_masks, pack_masks, sample_masks
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.overlays import overlay
from reportgen.stats.mask_columns import column_of
from reportgen.stats.masks import encode_masks
from reportgen.tasks.objects import hold
from tests.tasks.test_objects import objects

SIZE = (90, 60)
THUMB = Thumb("x.webp", 45, 30, original=SIZE)
Y, X = np.mgrid[: SIZE[1], : SIZE[0]]
RING = np.zeros(SIZE[::-1], bool)
RING[10:20, 10:30] = True
RING[14:16, 14:20] = False
ROUND = (Y - 40) ** 2 + (X - 60) ** 2 < 18**2


def outcomes(overlap: OverlapKind = "mask", *, masks: bool = True) -> Outcomes:
    """One sample with a ring, a disc and an object without a mask; the version detects the ring, and a disc twice."""
    truth = objects((0, 0, 10, 10, 20, 10, None), (0, 0, 42, 22, 35, 35, None), (0, 1, 80, 0, 9, 9, None))
    found = objects((0, 0, 10, 10, 20, 10, 0.9), (0, 0, 42, 22, 35, 35, 0.8), (0, 0, 42, 22, 35, 35, 0.7))
    if masks:
        own = column_of(encode_masks([RING, ROUND, ROUND]))
        truth = truth.with_columns(pl.concat([own.head(2), pl.Series([None], dtype=own.dtype)]).alias("mask"))
        found = found.with_columns(own.alias("mask"))
    held = hold(truth, found, 1, 2, cutoff=0.1)
    frame = pl.DataFrame({"id": ["a"]})
    parts = Parts(
        "object",
        ("cat", "dog"),
        (held.counts,),
        truths=truth,
        detections=(held.detections,),
        found=(held.found,),
        sizes=np.array([SIZE], float),
        overlap=overlap,
    )
    return Outcomes(frame, frame, (), (), ("v1",), media=Media("image", "id"), parts=parts)


def test_a_mask_is_its_corners_with_holes_as_rings() -> None:
    found = sample_masks(outcomes(), 0, THUMB)
    assert found is not None
    assert found.within == 0
    assert found.true[0] == "M10 10h20v10h-20zM20 14h-6v2h6z"
    assert found.true[2] is None
    assert found.said == ((found.true[0], found.true[1], found.true[1]),)


def test_without_room_points_are_left_out_and_then_the_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = sample_masks(outcomes(), 0, THUMB)
    assert exact is not None
    lengths = {0.0: sum(len(path or "") for path in (*exact.true, *exact.said[0]))}
    for letters in (400, 300):
        monkeypatch.setattr(mask_paths, "_LEAST", letters)
        monkeypatch.setattr(mask_paths, "_MOST", letters)
        fewer = sample_masks(outcomes(), 0, THUMB)
        assert fewer is not None
        assert fewer.within is not None
        lengths[fewer.within] = sum(len(path or "") for path in (*fewer.true, *fewer.said[0]))
        assert lengths[fewer.within] <= letters < lengths[0.0]
    assert len(lengths) == 3
    monkeypatch.setattr(mask_paths, "_MOST", 50)
    none = sample_masks(outcomes(), 0, THUMB)
    assert none is not None
    assert none.within is None
    assert none.true == none.said[0] == (None,) * 3
    drawn = overlay(outcomes(), 0, 0, THUMB, none)
    assert drawn is not None
    assert drawn.masked is False
    assert dict(drawn.paths)["found"] == "M10 10h20v10h-20zM42 22h35v35h-35z"


def test_a_tile_shows_masks_where_overlaps_are_judged_by_them() -> None:
    by_masks = outcomes()
    drawn = overlay(by_masks, 0, 0, THUMB, judged_masks(by_masks, 0, THUMB))
    assert drawn is not None
    paths = dict(drawn.paths)
    assert drawn.masked
    assert paths["found"].startswith("M10 10h20v10h-20zM20 14h-6v2h6z")
    assert paths["missed"] == "M80 0h9v9h-9z"
    assert paths["false"].endswith("zM42 22l35 35")
    assert judged_masks(outcomes("box"), 0, THUMB) is None


def test_polygons_are_filled_where_they_are_drawn() -> None:
    bare = outcomes("box", masks=False)
    assert bare.parts is not None
    assert bare.parts.truths is not None
    square = [[10.0, 10, 30, 10, 30, 20, 10, 20]]
    column = pl.Series("polygons", [square, None, None], dtype=pl.List(pl.List(pl.Float64)))
    found = sample_masks(
        replace(bare, parts=replace(bare.parts, truths=bare.parts.truths.with_columns(column))), 0, THUMB
    )
    assert found is not None
    assert found.true == ("M10 10h20v10h-20z", None, None)
    assert found.said == ((None, None, None),)


def test_the_browser_gets_masks_in_the_order_of_boxes() -> None:
    made = outcomes()
    found = sample_masks(made, 0, THUMB)
    assert found is not None
    packed = pack_masks(made, Thumbnails(by_row={0: THUMB}))
    assert packed == {"true": [found.true], "said": [[found.said[0]]], "within": [0.0]}


def test_pictures_without_masks_have_none() -> None:
    bare = outcomes(masks=False)
    assert not has_masks(bare)
    assert sample_masks(bare, 0, THUMB) is None
    assert not has_masks(replace(outcomes(), media=Media("none")))
