"""Sequences of frames in Chromium: the strips are Python's, and one walks from an opened frame to its neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import framed
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Visit, Written

pytestmark = [pytest.mark.browser]

STRIPS = """all => all.map(one => ({
  name: one.querySelector('.rg-sq-name').innerText,
  who: [...one.querySelectorAll('.rg-sq-row:not(.rg-sq-reach) .rg-sq-who')].map(e => e.textContent.trim()),
  told: [...one.querySelectorAll('.rg-sq-told')].map(e => e.textContent),
  strips: [...one.querySelectorAll('svg.rg-sq-strip')].map(svg => [
    ...['width', 'height', 'viewBox', 'aria-label'].map(name => svg.getAttribute(name)),
    ...[...svg.querySelectorAll('path')].map(path => [path.getAttribute('class'), path.getAttribute('d')])]),
}))"""
"""What strips are made of, as data that can be compared."""


class Frames(Written):
    """A report of drives, opened at the examples page."""

    def __init__(self, folder: Path, report: Any = None) -> None:
        report = report or framed.report(folder / "world")
        super().__init__(report, folder, page="examples", ready="[data-rg-part=examples]")

    def look(self, visit: Visit, id_: str, *state: tuple[str, str], **options: Any) -> Any:
        """The page with a frame opened."""
        found = self.open(visit, *state, ("sample", id_), **options)
        expect(found.page.locator("[data-rg-id]")).to_have_text(id_)
        return found


@pytest.fixture(scope="session")
def drives(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """Four drives and two stills."""
    return Frames(tmp_path_factory.mktemp("drives"))


@pytest.fixture(scope="session")
def errors(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """Values over times in seconds, with errors of many sizes."""
    folder = tmp_path_factory.mktemp("errors")
    return Frames(folder, framed.values(folder / "world"))


def opened(page: Page, id_: str) -> None:
    """Wait until that frame is open."""
    expect(page.locator("[data-rg-id]")).to_have_text(id_)


@pytest.mark.parametrize("form", ["folder", "single"])
@pytest.mark.parametrize("world", ["drives", "errors"])
def test_strips_and_words_are_those_of_python(
    world: str, form: str, visit: Visit, request: pytest.FixtureRequest
) -> None:
    """What scripts draw is what stands in the page without them: paths, counts, order and the sentence to be seen."""
    written: Frames = request.getfixturevalue(world)
    bare = written.open(visit, java_script_enabled=False).page
    live = written.open(visit, form=form)
    expect(live.page.locator(".rg-sq-track").first).to_be_visible()

    fixed, drawn = (page.locator("#examples-sequences .rg-sq").evaluate_all(STRIPS) for page in (bare, live.page))
    keys = [page.locator("[data-rg-sequence-key]").text_content() for page in (bare, live.page)]

    assert drawn == fixed
    assert len(fixed) == len(written.report.outcomes.sequence_names)
    assert keys[0] == keys[1]
    assert live.complaints == []


def test_the_first_sequences_stand_without_scripts(drives: Frames, visit: Visit) -> None:
    """By what is newly broken, with their counts in words."""
    page = drives.open(visit, java_script_enabled=False).page
    section = page.locator("#examples-sequences")

    assert section.locator(".rg-sq-name bdi").all_text_contents() == ["drive-c", "drive-a", "drive-b", framed.HOSTILE]
    expect(section.locator(".rg-sq").nth(1).locator(".rg-sq-told").nth(1)).to_have_text(
        "5 of 12 wrong, 5 in a row (3–7); 4 newly broken"
    )
    expect(section.locator("[data-rg-sequence-key]")).to_have_text(
        "2 of 4 sequences have 3 frames or more in a row wrong in v2; the longest run is 20 frames, in drive-c "
        "(1000–1190). 2 have more frames newly broken than newly fixed; most are in drive-a: 4 of 12."
    )
    expect(section.locator("[data-rg-sequence-more]")).to_be_hidden()


def test_one_steps_through_the_neighbours_of_a_frame(drives: Frames, visit: Visit) -> None:
    """By keys and buttons, in the gallery's set or not; previous and next of the gallery go on from where one left."""
    found = drives.look(visit, "drive-a-7", ("set", "newly_broken"))
    page = found.page
    where = page.locator(".rg-sq-where")
    place = page.locator("[data-rg-place]")
    expect(where).to_have_text("Frame 8 of 12 of drive-a, number 7")
    at = place.text_content()
    assert at is not None

    page.keyboard.press(".")
    opened(page, "drive-a-8")
    expect(where).to_have_text("Frame 9 of 12 of drive-a, number 8")
    expect(place).to_have_text(f"beside {at}")
    page.locator("[data-rg-frame=after]").click()
    opened(page, "drive-a-9")
    expect(page.locator(".rg-lb-none")).to_have_text("no image")
    expect(page.locator(".rg-sq-still[aria-current] .rg-sq-faceless")).to_have_text("no image")
    for key, id_ in ((",", "drive-a-8"), ("<", "drive-a-7"), ("<", "drive-a-6")):
        page.keyboard.press(key)
        opened(page, id_)
    page.locator("[data-rg-frame=before-wrong]").click()
    opened(page, "drive-a-5")
    page.locator(".rg-sq-still").first.click()
    opened(page, "drive-a-3")
    page.locator("[data-rg-frame=before]").click()
    opened(page, "drive-a-2")
    expect(page.locator("[data-rg-frame=before-wrong]")).to_be_disabled()
    page.keyboard.press("<")
    opened(page, "drive-a-2")
    order = [drives.report.outcomes.frame["id"][row] for row in ranked(page)]
    page.keyboard.press("ArrowRight")
    opened(page, order[order.index("drive-a-3") + 1])
    assert found.complaints == []


def ranked(page: Page) -> list[int]:
    """The rows of the tiles behind the opened sample."""
    return [
        int(one)
        for one in page.locator("[data-rg-tiles] .rg-tile").evaluate_all("all => all.map(e => e.dataset.rgRow)")
    ]


def test_the_strip_is_a_slider(drives: Frames, visit: Visit) -> None:
    """It has the focus and keeps it, says each frame and what the versions made of it, and a click goes there."""
    found = drives.look(visit, "drive-b-4", ("set", "all"))
    page = found.page
    slider = page.locator(".rg-lb-frames [role=slider]")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", "Frame 5 of 12 (number 4): v2 wrong, v1 right")
    for key, id_, now in (
        ("ArrowRight", "drive-b-8", "6"),
        ("End", "drive-b-14", "12"),
        ("Home", "drive-b-0", "1"),
        ("PageUp", "drive-b-13", "11"),
        ("ArrowLeft", "drive-b-12", "10"),
    ):
        page.keyboard.press(key)
        opened(page, id_)
        expect(slider).to_be_focused()
        expect(slider).to_have_attribute("aria-valuenow", now)
    strip = page.locator(".rg-lb-frames svg.rg-sq-strip").first  # 15 places
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 6.2 / 15, box["y"] + 10)  # in the gap, nearest to what is before
    opened(page, "drive-b-4")
    expect(page.locator(".rg-sq-where")).to_contain_text("3 frames missing between the first and the last")
    assert found.complaints == []


def test_a_mark_of_several_frames_leads_to_the_worst(drives: Frames, visit: Visit) -> None:
    """300 frames on 120 places: a mark says how many are wrong, and a click opens one that the candidate has wrong."""
    found = drives.open(visit)
    page = found.page
    long = page.locator(".rg-sq").first
    strip = long.locator("svg.rg-sq-strip").nth(1)
    expect(strip).to_have_attribute("viewBox", "0 0 120 26")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * 40.5 / 120  # frames 101 to 103: numbers 1000 to 1020
    page.mouse.move(x, box["y"] + 10)
    expect(long.locator(".rg-sq-look")).to_have_text(
        "Frames 101–103 (numbers 1000–1020): v1 0 of 3 wrong, v2 3 of 3 wrong"
    )
    page.mouse.click(x, box["y"] + 10)
    opened(page, "drive-c-1000")
    expect(page.locator(".rg-sq-where")).to_have_text(
        "Frame 101 of 300 of drive-c, number 1000 (a mark of the strip holds up to 3)"
    )
    expect(page.locator("[data-rg-place]")).to_contain_text("Surest mistakes")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.rg-lightbox")).to_be_hidden()
    assert found.complaints == []


def test_a_still_has_no_sequence(drives: Frames, visit: Visit) -> None:
    """Nothing of frames stands below it, and the keys do nothing."""
    page = drives.look(visit, "still-1", ("set", "all")).page

    expect(page.locator(".rg-lb-frames")).to_be_hidden()
    page.keyboard.press(".")
    opened(page, "still-1")


def test_sequences_follow_the_order_and_the_versions_that_are_chosen(drives: Frames, visit: Visit) -> None:
    """By name, by the longest run, and held the other way round; the address says so."""
    page = drives.open(visit).page
    names = page.locator(".rg-sq-name bdi")
    page.locator("[data-rg-sequence-by]").select_option("name")
    expect(names).to_have_text([framed.HOSTILE, "drive-a", "drive-b", "drive-c"])
    assert "seq=name" in page.url
    page.locator("[data-rg-sequence-by]").select_option("broken")
    expect(names.first).to_have_text("drive-c")
    assert "seq" not in page.url

    swapped = drives.open(visit, ("baseline", "v2"), ("version", "v1")).page
    expect(swapped.locator(".rg-sq-told").nth(1)).to_contain_text("40 newly broken")
    expect(swapped.locator("[data-rg-sequence-key]")).to_have_text(
        "In none of 4 sequences are 3 frames in a row wrong in v1. 1 has more frames newly broken than newly fixed; "
        "most are in drive-c: 40 of 300."
    )


def test_times_and_errors_are_told_with_their_sizes(errors: Frames, visit: Visit) -> None:
    """A frame in seconds, an error in the target's unit, the mean of a sequence."""
    page = errors.look(visit, "flight-3", ("set", "all")).page

    expect(page.locator(".rg-sq-where")).to_have_text("Frame 4 of 10 of flight, at 0.12 s")
    expect(page.locator(".rg-lb-frames [role=slider]")).to_have_attribute(
        "aria-valuetext", "Frame 4 of 10 (0.12 s): v2 more than 1.00 off (error 4.0), v1 within 1.00 (error 0.5)"
    )
    expect(page.locator(".rg-lb-frames .rg-sq-told").first).to_contain_text("mean error")


def test_the_keys_are_listed(drives: Frames, visit: Visit) -> None:
    """Those of frames are told apart from those of the gallery."""
    page = drives.open(visit).page
    page.keyboard.press("?")

    listed = page.locator("[data-rg-keys]")
    expect(listed).to_contain_text("in a sample that is a frame, the frame before or after")
    expect(listed).to_contain_text("in a frame, the one before or after that is wrong")
    expect(listed).to_contain_text("in a sample, the previous or next")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_strips_are_accessible_and_keep_to_the_width(drives: Frames, visit: Visit, size: Any, scheme: str) -> None:
    """Axe finds nothing on the page or in an opened frame, and nothing is wider than the window."""
    page = drives.open(visit, viewport=size, color_scheme=scheme).page
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
    page.locator(".rg-sq-strip").nth(3).click()
    expect(page.locator(".rg-lb-frames")).to_be_visible()
    page.wait_for_timeout(200)
    found += page.evaluate(f"axe.run(document, {RULES})")["violations"]

    assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    body = page.locator(".rg-lb-body")
    assert body.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
