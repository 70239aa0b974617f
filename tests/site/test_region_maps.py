"""Masks of segmentation over pictures: the cells that a page gets, how much room they take, and what a tile shows."""

from __future__ import annotations

import gc
import re
import weakref
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen.analysis import pixel_sets
from reportgen.model import Media, Outcomes, Parts
from reportgen.site import region_maps
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.region_maps import has_regions, pack_regions, region_map
from reportgen.site.region_paths import LETTERS, region_overlay, wrong_cells
from reportgen.stats.pixels import SampleSums, sum_pixels
from reportgen.tasks.segmentation import count_areas, count_cells
from tests.planted_regions import Held

ROAD, CAR, NONE, IGNORED = range(4)
CODES = 4
DIGITS = region_maps._DIGITS

Mask = np.ndarray


def street(height: int = 24, width: int = 40) -> Mask:
    """A road with a car on it, a hole in this, and a corner that is ignored."""
    codes = np.full((height, width), NONE, np.uint8)
    codes[height // 2 :] = ROAD
    codes[height // 2 - 4 : height // 2 + 4, 5:20] = CAR
    codes[height // 2 - 2 : height // 2, 8:12] = NONE
    codes[:3, -3:] = IGNORED
    return codes


def outcomes(held: Held) -> Outcomes:
    n = len(held.true)
    cells, areas = [], []
    for said in held.said:
        sums = ((i, sum_pixels(held.true[i], one, 2)) for i, one in enumerate(said) if one is not None)
        collected = SampleSums.collect(sums, 2)
        cells.append(count_cells(collected, n))
        areas.append(count_areas(collected, n))
    parts = Parts("pixel", ("road", "car"), tuple(areas), cells=tuple(cells), masks=held)
    frame = pl.DataFrame({"id": [f"s{i}" for i in range(n)]})
    versions = tuple(f"v{v + 1}" for v in range(len(held.said)))
    return Outcomes(frame, frame, (), (), versions, media=Media("image", "id"), parts=parts)


def thumb(mask: Mask, turned: int = 1) -> Thumb:
    height, width = mask.shape
    return Thumb("x.webp", width, height, original=(width, height), turned=turned)


def read(text: str, height: int, width: int) -> Mask:
    """The mask of a text, as the browser reads it."""
    numbers, value, unit = [], 0, 1
    for letter in text:
        digit = DIGITS.index(letter)
        value += digit % 32 * unit
        unit *= 32
        if digit < 32:
            numbers.append(value)
            value, unit = 0, 1
    found = np.zeros((height + 1, width + 1), int)
    beyond = dict(zip(np.cumsum(np.array(numbers[::2]) + 1) - 1, np.array(numbers[1::2]) + 1, strict=True))
    for i, (y, x) in enumerate(np.ndindex(height, width)):
        expected = found[y, x + 1] if found[y + 1, x] == found[y, x] else found[y + 1, x]
        found[y + 1, x + 1] = (expected + beyond.get(i, 0)) % CODES
    return found[1:, 1:]


def test_the_browser_gets_every_pixel_of_a_small_picture() -> None:
    true = street()
    said = np.roll(true, 3, axis=1)
    made = outcomes(Held([true, true], [[said, None], [true, said]]))
    packed = pack_regions(made, Thumbnails(by_row={0: thumb(true), 1: thumb(true)}))
    assert packed["codes"] == CODES
    assert packed["sizes"] == [[40, 24, 1]] * 2
    texts = packed["said"]
    assert isinstance(texts, list)
    assert texts[0][1] is None
    for text, mask in ((texts[0][0], said), (texts[1][0], true), (texts[1][1], said)):
        assert np.array_equal(read(text, *mask.shape), mask)
    assert packed["pixels"] == [[None, None]] * 2  # cells that are pixels tell it


def large(n: int = 1) -> tuple[Outcomes, Thumbnails, list[Mask]]:
    """Pictures of which a cell is three pixels wide, and their true mask, a version's, and one that is noise."""
    true = street(700, 1500)
    noise = np.random.default_rng(3).integers(0, 3, true.shape).astype(np.uint8)
    said = np.roll(true, 30, axis=1)
    made = outcomes(Held([true] * n, [[said] * n, [None] * n, [noise] * n]))
    return made, Thumbnails(by_row=dict.fromkeys(range(n), thumb(true))), [true, said, noise]


def test_what_larger_cells_do_not_tell_exactly_is_told_by_number() -> None:
    made, thumbnails, (true, said, _) = large()
    packed = pack_regions(made, thumbnails)
    pixels = packed["pixels"]
    assert isinstance(pixels, list)
    assert pixels[1] == [[]]
    told = {tuple(pixels[0][0][i : i + 2]): pixels[0][0][i + 2] for i in range(0, len(pixels[0][0]), 3)}
    pairs = {(t, p): int(((true == t) & (said == p)).sum()) for t in range(3) for p in range(4)}
    assert (NONE, IGNORED) in {pair for pair, n in pairs.items() if n}
    assert told == {pair: n for pair, n in pairs.items() if n and min(pair) < NONE}


@pytest.mark.parametrize("budget", [120, 500, 1_500, 20_000])
def test_all_that_masks_take_is_within_the_budget_of_a_report(monkeypatch: pytest.MonkeyPatch, budget: int) -> None:
    """Numbers, too: where they would take more than half of it they are counted from the cells."""
    monkeypatch.setattr(region_maps, "LETTERS", 3 * budget)
    made, thumbnails, _ = large(3)
    packed = pack_regions(made, thumbnails)
    pixels = packed["pixels"]
    assert isinstance(pixels, list)
    texts = [text for side in (packed["true"], *packed["said"]) for text in side if text]  # type: ignore[misc]
    counts = [len(str(n)) + 1 for version in pixels for one in version for n in one or ()]
    assert 0 < sum(map(len, texts)) + sum(counts) <= 3 * budget
    assert (pixels[0][0] is None) == (budget == 120)


def test_each_mask_has_its_letters_where_all_together_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """More versions do not make cells larger."""
    true = np.full((100, 300), NONE, np.uint8)
    true[::8, ::8] = ROAD
    few, many = (region_map(outcomes(Held([true], [[true]] * n)), 0, thumb(true)) for n in (1, 8))
    assert few is not None
    assert many is not None
    assert (few.step, many.step) == (1, 1)
    monkeypatch.setattr(region_maps, "LETTERS", 9_000)
    crowded = region_map(outcomes(Held([true], [[true]] * 8)), 0, thumb(true))
    assert crowded is not None
    assert crowded.step > 1


@pytest.mark.parametrize("turned", [3, 6, 7])
def test_masks_as_stored_are_turned_with_their_image_and_upright_ones_are_not(turned: int) -> None:
    stored = street()
    found = region_map(outcomes(Held([stored], [[stored]])), 0, thumb(stored, turned))
    assert found is not None
    upright = found.true
    assert (found.width, found.height) == upright.shape[::-1]
    assert not np.array_equal(upright, stored)
    again = outcomes(Held([upright], [[upright]], upright=True))
    kept = region_map(again, 0, thumb(stored, turned))
    assert kept is not None
    assert np.array_equal(kept.true, upright)


def test_a_large_picture_has_larger_cells_and_few_letters_larger_ones_still(monkeypatch: pytest.MonkeyPatch) -> None:
    true = street(700, 1500)
    found = region_map(outcomes(Held([true], [[true]])), 0, thumb(true))
    assert found is not None
    assert (found.step, found.true.shape) == (3, (234, 500))
    noise = np.random.default_rng(1).integers(0, 3, (300, 400)).astype(np.uint8)
    made = outcomes(Held([noise], [[true[:300, :400]]]))
    coarse = region_map(made, 0, thumb(noise))
    assert coarse is not None
    assert coarse.step > 1
    assert sum(len(text or "") for text in coarse.texts) <= 2 * region_maps._MOST
    monkeypatch.setattr(region_maps, "_MOST", 100)
    least = region_map(outcomes(Held([noise], [[noise]])), 0, thumb(noise))
    assert least is not None
    assert sum(len(text or "") for text in least.texts) <= 200


def test_a_tile_shows_what_is_true_and_what_is_wrong() -> None:
    true = street()
    said = true.copy()
    said[12:16, 30:40] = CAR  # road taken for a car
    said[20:, :4] = NONE  # missed
    said[:2, :10] = ROAD  # false
    said[:3, -3:] = CAR  # ignored: no mistake
    said[5, 30] = CAR  # alone
    made = outcomes(Held([true], [[said]]))
    found = region_overlay(made, 0, 0, thumb(true))
    assert found is not None
    assert [name for name, _ in found.paths] == ["under", "true", "missed", "hatch", "false", "hatch", "class", "hatch"]
    paths = {name: path for name, path in found.paths if name != "hatch"}
    assert paths["missed"] == "M0 20h4v4h-4z"
    assert paths["false"] == "M0 0h10v2h-10z"
    assert paths["class"] == "M30 12h10v4h-10z"
    hatched = [path for name, path in found.paths if name == "hatch"]
    assert [bool(re.search(r"l[1-9]", path)) for path in hatched] == [True, True, False]
    assert ["l-" in path for path in hatched] == [False, True, True]
    wrong = wrong_cells(true, said, CODES)
    assert {kind: int(cells.sum()) for kind, cells in wrong.items()} == {"missed": 16, "false": 21, "class": 40}


def test_what_tiles_show_keeps_no_report_alive() -> None:
    """And is drawn once for all pages of one."""
    true = street()
    made = outcomes(Held([true], [[np.roll(true, 3, axis=1)]]))
    assert region_overlay(made, 0, 0, thumb(true)) is region_overlay(made, 0, 0, thumb(true))
    assert pixel_sets.scores_of(made, 0) is pixel_sets.scores_of(made, 0)
    alive = weakref.ref(made)
    del made
    gc.collect()
    assert alive() is None


def test_the_paths_of_a_tile_are_few_whatever_is_in_it() -> None:
    noise = np.random.default_rng(2).integers(0, 3, (2, 150, 160)).astype(np.uint8)
    found = region_overlay(outcomes(Held([noise[0]], [[noise[1]]])), 0, 0, thumb(noise[0]))
    assert found is not None
    assert 0 < sum(len(path) for _, path in found.paths) <= LETTERS


def test_empty_masks_and_versions_without_one_are_in_order() -> None:
    empty = np.full((6, 8), NONE, np.uint8)
    made = outcomes(Held([empty, street()], [[empty, None]]))
    bare = region_overlay(made, 0, 0, thumb(empty))
    assert bare is not None
    assert bare.paths == ()
    alone = region_overlay(made, 1, 0, thumb(street()))
    assert alone is not None
    assert [name for name, _ in alone.paths] == ["under", "true"]


def test_pictures_whose_masks_are_gone_have_none() -> None:
    true = street()
    made = outcomes(Held([true], [[true]], gone=True))
    assert region_overlay(made, 0, 0, thumb(true)) is None
    assert pack_regions(made, Thumbnails(by_row={0: thumb(true)}))["sizes"] == [None]
    assert has_regions(made)
    assert not has_regions(replace(made, media=Media("none")))
