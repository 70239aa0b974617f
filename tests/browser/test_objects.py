"""Slices of objects in Chromium: a line leads to the samples that hold such objects, those most missed first."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.report import Report
from reportgen.site.object_slices import plan_objects
from tests.browser.written import AXE, PHONE, RULES, Visit, Written

NUCLEI = Path(__file__).resolve().parents[2] / "examples" / "nuclei" / "reportgen.yaml"
STATES = {
    "all": pl.lit(True),
    "found": pl.col("correct_1") == 1,
    "missed": pl.col("correct_1") == 0,
    "newly_found": (pl.col("correct_0") == 0) & (pl.col("correct_1") == 1),
    "newly_missed": (pl.col("correct_0") == 1) & (pl.col("correct_1") == 0),
}

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def report() -> Report:
    return pipeline.run(load_manifest(NUCLEI), keep_history=False)


@pytest.fixture(scope="module")
def gallery(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("objects")
    return Written(report, folder, page="examples", ready="[data-rg-part=examples]")


def held(report: Report, state: str, **terms: str) -> tuple[list[int], int, int]:
    """The samples that hold such objects in the page's order, how many objects there are, and how many are missed."""
    assert report.objects is not None
    frame = report.objects.outcomes.frame.with_columns(sample=report.objects.samples).filter(STATES[state])
    for name, value in terms.items():
        attribute = next(a for a in report.objects.outcomes.attributes if a.name == name)
        frame = frame.filter(pl.col(f"a{attribute.index}") == attribute.values.index(value))
    counts = frame.group_by("sample").agg(n=pl.len(), missed=(pl.col("correct_1") == 0).sum())
    ranked = counts.sort(["missed", "n", "sample"], descending=[True, True, False])
    return ranked["sample"].to_list(), frame.height, int(counts["missed"].sum())


def shown(page: Page) -> list[int]:
    return page.locator("[data-rg-tiles] .rg-tile").evaluate_all("all => all.map(one => Number(one.dataset.rgRow))")


@pytest.mark.parametrize("form", ["folder", "single"])
@pytest.mark.parametrize("state", STATES)
def test_samples_with_such_objects_are_those_of_python(
    gallery: Written, report: Report, visit: Visit, state: str, form: str
) -> None:
    """In each state, of one kind of objects: the samples, their order and the counts that the page says."""
    rows, n, missed = held(report, state, crowding="overlaps another", shape="square")
    asked = (("objects", state), ("o.crowding", "overlaps another"), ("o.shape", "square"))
    watched = gallery.open(visit, ("set", "all"), *asked, form=form)
    told = watched.page.locator("[data-rg-held]")
    expect(told).to_contain_text(f"There are {n} in {len(rows)} image")
    expect(told).to_contain_text(f"watershed misses {missed}.")
    assert shown(watched.page) == rows
    expect(watched.page.locator(".rg-ex-count")).to_have_text(f"{len(rows)} of 16 images")
    assert watched.complaints == []


def test_every_line_leads_to_as_many_images_as_it_says(gallery: Written, visit: Visit) -> None:
    """From the table of slices, one attribute at a time, and back to all images."""
    inside = gallery.folder.parent.as_uri() + "/"
    page = visit((gallery.folder / "slices.html").as_uri(), inside).page
    lines = page.locator("tr[data-rg-objects]:visible")
    told = lines.evaluate_all(
        "all => all.map(one => [one.querySelector('a').href, one.querySelector('.rg-slice-n small').textContent])"
    )
    assert len(told) >= 17
    for address, images in told:
        page.goto("about:blank")
        page.goto(address)
        n = re.sub(r" images?$", "", images)
        expect(page.locator(".rg-ex-count")).to_have_text(f"{n} of 16 images")
    page.locator("[data-rg-held] button").click()
    expect(page.locator(".rg-ex-count")).to_have_text("16 images")
    expect(page.locator("[data-rg-held]")).to_be_hidden()


def test_the_objects_asked_for_are_marked_and_tiles_crop_to_one_of_them(
    gallery: Written, report: Report, visit: Visit
) -> None:
    """On the whole picture all of them are drawn heavier; a tile that shows a part is about a missed one first."""
    rows, _, _ = held(report, "missed", crowding="overlaps another")
    state = (("set", "all"), ("objects", "missed"), ("o.crowding", "overlaps another"))
    page = gallery.open(visit, *state).page
    assert report.objects is not None
    frame = report.objects.outcomes.frame.with_columns(sample=report.objects.samples)
    at = next(a for a in report.objects.outcomes.attributes if a.name == "crowding").index
    for row in rows:
        n = frame.filter((pl.col("sample") == row) & (pl.col(f"a{at}") == 0) & (pl.col("correct_1") == 0)).height
        path = page.locator(f'[data-rg-row="{row}"] path.rg-box-missed.rg-box-about').get_attribute("d") or ""
        assert path.count("M") == n
    page = gallery.open(visit, *state, ("tiles", "crop")).page
    about = page.locator("[data-rg-tiles] path.rg-box-missed.rg-box-about")
    expect(about).to_have_count(len(rows))
    assert all((path.get_attribute("d") or "").count("M") >= 1 for path in about.all())
    assert page.locator("[data-rg-tiles] .rg-tile-part").count() >= 1


def test_what_the_address_asks_of_no_object_is_ignored(gallery: Written, visit: Visit) -> None:
    """Unknown attributes, values and states; and what no image holds is said."""
    watched = gallery.open(visit, ("set", "all"), ("objects", "lost"), ("o.colour", "red"), ("o.shape", "round"))
    expect(watched.page.locator(".rg-ex-count")).to_have_text("16 images")
    none = (("objects", "newly_missed"), ("o.shape", "tall"), ("o.border", "near the border"))
    watched = gallery.open(visit, ("set", "all"), *none)
    expect(watched.page.locator("[data-rg-empty]")).to_contain_text("No image holds such objects.")
    assert watched.complaints == []


def test_the_section_reads_without_scripts_and_on_a_phone(gallery: Written, report: Report, visit: Visit) -> None:
    """Figures and links are in the page; on a phone nothing is wider than the window; axe finds nothing."""
    inside = gallery.folder.parent.as_uri() + "/"
    slices = (gallery.folder / "slices.html").as_uri()
    plain = visit(slices, inside, java_script_enabled=False).page
    section = plain.locator("section[aria-labelledby=slices-objects]")
    told = plan_objects(report)
    assert told is not None
    expect(section).to_contain_text(told.key)
    expect(section.locator("tr[data-rg-objects]:visible").first).to_contain_text("%")
    phone = visit(slices, inside, viewport=PHONE).page
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("section[aria-labelledby=slices-objects] summary").click()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page = visit(slices, inside).page
    page.evaluate(AXE)
    assert page.evaluate(f"axe.run('section[aria-labelledby=slices-objects]', {RULES}).then(r => r.violations)") == []


def test_an_opened_example_leads_to_others_with_the_same_mistakes(
    gallery: Written, report: Report, visit: Visit
) -> None:
    """At most three links, each with the number of images that it opens."""
    page = gallery.open(visit, ("set", "all"), ("sample", "tile_02")).page
    changed = report.object_changes.filter(candidate="watershed", change="newly_false")["n_samples"].item()
    errors = report.object_errors.filter(slice="all", version="watershed")
    n = {name: errors.filter(error=name)["n_samples"].item() for name in ("localisation_error", "duplicate_error")}
    links = page.locator("[data-rg-next] a")
    expect(links).to_have_text(
        [
            f"Newly false detections in {changed} images",
            f"Badly placed in {n['localisation_error']} images",
            f"Found twice in {n['duplicate_error']} images",
        ]
    )
    links.nth(1).click()
    expect(page.locator("dialog.rg-lightbox")).to_be_hidden()
    assert len(shown(page)) == n["localisation_error"]


def test_on_a_phone_the_legend_takes_three_lines(gallery: Written, visit: Visit) -> None:
    """Of three groups of seven kinds; whose judgement the truth shows is told to those who do not see it, too."""
    watched = gallery.open(visit, ("set", "all"), ("sample", "tile_02"), viewport=PHONE)
    chips = watched.page.locator(".rg-vw-legend button")
    expect(chips).to_have_count(8)
    boxes = [one.bounding_box() for one in chips.all()]
    assert len({box["y"] for box in boxes if box is not None}) == 3
    expect(chips.first).to_have_accessible_name(re.compile(r"^Truth ?, by watershed ?12$"))
    assert (
        watched.page.evaluate(f"async () => {{ {AXE}; return (await axe.run(document, {RULES})).violations; }}") == []
    )
    assert watched.complaints == []


TEXTS = """
id => [...document.querySelectorAll(`[data-rg-chart="${id}"] svg`)].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  if (!frame.width) return [];
  return [...svg.querySelectorAll("text")].map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return [text.textContent, left - frame.left, frame.right - right, top, bottom, left, right];
  });
})
"""


def test_on_a_phone_no_word_of_the_overview_is_cut_or_runs_into_another(gallery: Written, visit: Visit) -> None:
    """The heads of the slices' chart, the captions of what flipped, and a version's errors on a line of their own."""
    page = visit((gallery.folder / "index.html").as_uri(), gallery.folder.parent.as_uri() + "/", viewport=PHONE).page
    for chart in ("overview-slices-chart", "overview-flips-chart"):
        texts = page.evaluate(TEXTS, chart)
        assert len(texts) > 4
        assert [text for text, left, right, *_ in texts if min(left, right) < -1] == []
        boxes = [(text, *box) for text, _, _, *box in texts]
        crossed = [
            (one[0], other[0])
            for i, one in enumerate(boxes)
            for other in boxes[:i]
            if min(one[4], other[4]) - max(one[3], other[3]) > 1 and min(one[2], other[2]) - max(one[1], other[1]) > 4
        ]
        assert crossed == []
    cells = page.locator(".rg-errors tbody tr").first.locator("td").all()
    boxes = [cell.bounding_box() for cell in cells]
    assert len({box["y"] for box in boxes if box is not None}) == len(cells) == 2
    expect(cells[0]).to_contain_text(re.compile("AP.*95%"))


def test_no_tab_is_cut_where_there_is_room_for_a_second_line(gallery: Written, visit: Visit) -> None:
    """Eight sets do not fit into one line of a desktop."""
    tabs = gallery.open(visit).page.locator(".rg-tabs")
    expect(tabs.get_by_role("tab")).to_have_count(8)
    assert tabs.evaluate("one => one.scrollWidth <= one.clientWidth")
    expect(tabs.get_by_role("tab").last).to_be_in_viewport(ratio=1)
