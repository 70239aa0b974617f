"""What pixels are taken for, in the browser: of any two versions and of any selection, as Python has it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image
from playwright.sync_api import expect

from reportgen import numbers
from reportgen.analysis.pixel_confusions import compare_pixel_confusions, count_pixel_confusions
from reportgen.site.class_measures import MetricRow
from reportgen.site.compare import plan_compare
from reportgen.site.explore_pixels import plan_pixel_rows
from reportgen.site.media import Thumbnails
from reportgen.site.pixel_ious import iou_pairs, plan_ious
from tests.browser.test_explorer import explored, start
from tests.browser.written import DESKTOP, Blank, Visit, Written
from tests.conftest import ROOT
from tests.selection_requests import draw_requests
from tests.selection_worlds import WORLDS
from tests.selections import selection
from tests.site.test_explore import planted_pixels

pytestmark = pytest.mark.browser

CHANGES = "async () => window.written((await window.explorer.compare(1, 0)).pixels)"
OPEN = "async () => { window.explorer = window.reportgen.explorer.open(await window.reportgen.data.load('samples')); }"
TAKEN = """
async (wishes) => {
  const found = [];
  for (const wish of wishes) {
    await window.explorer.ask(wish);
    found.push(await window.explorer.taken());
  }
  return window.written(found);
}
"""
DRAW = """
async (found) => {
  const meta = await reportgen.data.load("samples");
  const view = { asked: { filters: new Map() }, facets: [] };
  await reportgen.explorePixels.pixels(document.body, meta).draw(view, { taken: async () => found }, () => true);
}
"""
SHARES = {"n": "n", "of": "n_of", "share": "share", "low": "low", "high": "high", "samples": "n_samples"}
MOVED = {
    **{"before": "n_baseline", "after": "n_candidate", "of": "n_of", "was": "share_baseline", "is": "share_candidate"},
    **{name: name for name in ("delta", "low", "high", "q", "verdict")},
    "samples": "n_samples",
}


def assert_same(found: list[dict[str, Any]], names: list[str], expected: pl.DataFrame, columns: dict[str, str]) -> None:
    """The same cells with the same figures, to 1e-9."""
    table = expected.sort("target", "prediction")
    own = sorted(found, key=lambda one: (names[one["target"]], names[one["prediction"]]))
    cells = [(names[one["target"]], names[one["prediction"]]) for one in own]
    assert cells == table.select("target", "prediction").rows()
    for name, column in columns.items():
        given = [one[name] for one in own]
        if column == "verdict":
            assert given == table[column].to_list()
        else:
            values = table[column].cast(pl.Float64).fill_null(float("nan")).to_list()
            assert [float(one) for one in given] == pytest.approx(values, rel=1e-9, abs=1e-12, nan_ok=True), name


def test_pixels_of_any_versions_and_selections(blank: Blank) -> None:
    """Masks of three classes in drives, with weights: the change back, and shares of random selections."""
    world = explored("segmentation")
    wishes = [one for one in draw_requests(world, 60) if selection(world, one).any()][::3]
    page = start(blank, world)
    page.evaluate(OPEN)
    moved = json.loads(page.evaluate(CHANGES))
    found = json.loads(page.evaluate(TAKEN, wishes))

    assert_same(moved["changes"], moved["names"], compare_pixel_confusions(world.measure, 1), MOVED)
    assert len(found) >= 10
    for wish, given in zip(wishes, found, strict=True):
        mask = selection(world, wish)
        sides = tuple(replace(side, scored=side.scored & mask) for side in world.sides)
        asked = [v for v in (wish["baseline"], wish["candidate"]) if v is not None]
        outcomes = replace(world.outcomes, versions=tuple(world.outcomes.versions[v] for v in asked), runs=())
        chosen = replace(world.measure, outcomes=outcomes, sides=tuple(sides[v] for v in asked))
        table = count_pixel_confusions(chosen)
        for v, own in zip(asked, given["versions"], strict=True):
            version = world.outcomes.versions[v]
            assert_same(own, given["names"], table.filter(pl.col("version") == version), SHARES)


def test_the_page_shows_what_it_would_had_it_been_built_for_the_pair(tmp_path: Path, visit: Visit) -> None:
    """Matrices, their tables and sentence, and what is told of each class, the other way round; then as built again."""
    world = functools.partial(WORLDS["segmentation"], n=120)
    written = Written(world(), tmp_path, page="compare", ready="#compare h1")
    views = [plan_compare(report, Thumbnails()) for report in (world(pair=("v2", "v1")), written.report)]
    ((expected, turned),), ((built, by_class),) = (view.pixels for view in views if view is not None)
    found = written.open(visit, ("baseline", "v2"), ("version", "v1"))
    block = found.page.locator("[data-rg-pixels-live]")

    def assert_shown(view: Any) -> None:
        expect(block.locator("h3 bdi")).to_have_text([head for head, _ in view.charts])
        expect(block.locator("[data-rg-pixels=n]")).to_have_text(view.n)
        expect(block.locator("[data-rg-pixels=told] li bdi")).to_have_text([one.text for one in view.changes])
        for figure, (_, chart) in zip(block.locator("[data-rg-chart]").all(), view.charts, strict=True):
            drawn = figure.locator("svg:visible text")
            cells = [row["text0"] for row in chart.rows if row["t"] == "cell"]
            expect(drawn.filter(has_text="Full colour")).to_have_text(
                next(row["text"] for row in chart.rows if row["t"] == "foot")
            )
            assert [text for text in drawn.all_text_contents() if text in cells] == cells
            lines = figure.locator(".rg-chart-table tbody tr")
            assert [line.locator("th, td").all_text_contents() for line in lines.all()] == [
                list(line) for line in chart.table
            ]

    def assert_spread(key: str) -> None:
        view, pair = plan_ious(written.report), iou_pairs(written.report)[key]
        assert view is not None
        assert isinstance(pair, dict)
        section = found.page.locator("[data-rg-object-chart=compare-ious]")
        expect(section.locator("[data-rg-object-placed]")).to_have_text(pair["placed"])
        lines = section.locator(".rg-chart-table tbody tr").all()
        table = view.chart.tables[key] if pair["chart"] else view.chart.table
        assert [line.locator("th, td").all_text_contents() for line in lines] == [list(line) for line in table]

    def assert_classes(rows: Sequence[MetricRow]) -> None:
        lines = block.locator("[data-rg-pixels=classes] tbody tr")
        expect(lines).to_have_count(len(rows))
        for line, row in zip(lines.all(), rows, strict=True):
            for text in (row.label, row.levels, row.change, row.interval, row.n):
                expect(line).to_contain_text(text)

    assert_shown(expected)
    assert_classes(turned)
    assert {row.label.split(", ")[0] for row in turned} == {"IoU", "Dice", "Boundary IoU"}
    assert_spread("1-0")
    found.page.get_by_role("combobox", name="Baseline", exact=True).select_option("v1")
    found.page.get_by_role("combobox", name="Candidate", exact=True).select_option("v2")
    assert_shown(built)
    assert_classes(by_class)
    assert_spread("0-1")
    assert found.complaints == []


@pytest.mark.parametrize("form", ["folder", "single"])
def test_explore_tells_what_the_pixels_of_a_selection_are_taken_for(
    example: Callable[[str], Any], visit: Visit, form: str
) -> None:
    """Of images of one density shares of the true pixels, from numpy over their masks; of all as without scripts."""
    site, folder = example("nuclei-masks"), ROOT / "examples" / "nuclei"
    page_of = {
        "folder": f"{(site.folder / 'explore').as_uri()}.html#",
        "single": f"{site.single_file.as_uri()}#explore",
    }
    inside = site.folder.parent.as_uri() + "/"
    still = visit(page_of[form], inside, java_script_enabled=False).page.locator("[data-rg-taken] tbody tr")
    found = visit(page_of[form], inside, viewport=DESKTOP)
    rows = found.page.locator("[data-rg-taken] .rg-xp-taken tbody tr")
    expect(found.page.locator("[data-rg-taken] details")).to_be_visible()
    assert rows.all_text_contents() == still.all_text_contents()

    samples = pl.read_csv(folder / "samples.csv").filter(density="normal")
    said = {True: "nucleus", False: "background"}
    wrong = []
    for true in (True, False):
        shares = []
        for version in ("v1_otsu", "v2_watershed"):
            masks = [
                [np.asarray(Image.open(place / f"{id_}.png"), bool) for id_ in samples["id"]]
                for place in (folder / "masks", folder / "predictions" / version)
            ]
            truth, own = (np.concatenate([one.ravel() for one in side]) for side in masks)
            shares.append(float((own[truth == true] != true).mean()))
            n = int((own[truth == true] != true).sum())
        wrong.append((n, f"{said[true]} → {said[not true]}{' → '.join(numbers.rate(one) for one in shares)}"))
    found.page.goto(f"{page_of[form]}?v=1&a.density=normal")
    expect(found.page.locator(".rg-xp-count b")).to_have_text(str(samples.height))
    for row, (_, text) in zip(rows.all(), sorted(wrong, reverse=True), strict=True):
        expect(row).to_contain_text(text)
        expect(row).to_contain_text(f", n {samples.height}")
    found.page.locator("[data-rg-taken] summary").click()
    expect(found.page.locator("[data-rg-taken-all] tbody tr")).to_have_count(4)
    assert found.complaints == []


def wrong_pixels(samples: pl.DataFrame, folder: str) -> dict[str, int]:
    """By image, how many pixels of nuclei a version calls background, from numpy; those with most first."""
    place = ROOT / "examples" / "nuclei"
    found = {}
    for id_ in samples["id"]:
        truth, said = (
            np.asarray(Image.open(one / f"{id_}.png"), bool)
            for one in (place / "masks", place / "predictions" / folder)
        )
        found[id_] = int((truth & ~said).sum())
    return dict(sorted(found.items(), key=lambda one: -one[1]))


@pytest.mark.parametrize("form", ["folder", "single"])
def test_a_mistake_of_pixels_leads_to_the_images_that_have_most_of_it(
    example: Callable[[str], Any], visit: Visit, form: str
) -> None:
    """From all images and from those of one density; by the candidate, and by the other version once it is chosen."""
    site, samples = example("nuclei-masks"), pl.read_csv(ROOT / "examples" / "nuclei" / "samples.csv")
    start = {
        "folder": f"{(site.folder / 'explore').as_uri()}.html#",
        "single": f"{site.single_file.as_uri()}#explore",
    }[form]
    inside = site.folder.parent.as_uri() + "/"
    versions = {"watershed": "v2_watershed", "otsu": "v1_otsu"}
    still = visit(start, inside, java_script_enabled=False).page.locator("[data-rg-taken] tbody tr a")
    for asked, version, chosen in (
        ("", "watershed", samples),
        ("&a.density=normal", "watershed", samples.filter(density="normal")),
        ("&baseline=watershed&version=otsu", "otsu", samples),
    ):
        expected = {id_: n for id_, n in wrong_pixels(chosen, versions[version]).items() if n}
        found = visit(f"{start}?v=1{asked}", inside, viewport=DESKTOP)
        page = found.page
        link = page.locator("[data-rg-taken] tbody tr a").filter(has_text="nucleus → background")
        expect(page.locator("[data-rg-taken] details")).to_be_visible()  # the answer has come
        expect(link).to_have_attribute("data-rg-count", str(len(expected)))
        if not asked:
            rest = still.filter(has_text="nucleus → background")
            expect(rest).to_have_attribute("data-rg-count", str(len(expected)))
        link.click()
        held = page.locator("[data-rg-held]")
        expect(held).to_contain_text(f"Images in which {version} takes pixels of nucleus for background.")
        counted = f"{len(expected)} image{'s' if len(expected) > 1 else ''}"
        expect(held).to_contain_text(f"There are {sum(expected.values()):,} such pixels in {counted}.")
        tiles = page.locator("[data-rg-part=examples] [data-rg-tiles] .rg-tile")
        expect(tiles).to_have_count(len(expected))
        ids = samples["id"].to_list()
        rows = tiles.evaluate_all("all => all.map((one) => Number(one.dataset.rgRow))")
        assert [expected[ids[row]] for row in rows] == list(expected.values())
        held.get_by_role("button").click()
        expect(held).to_be_hidden()
        assert found.complaints == []


def test_an_opened_image_leads_to_those_with_the_same_mistake(example: Callable[[str], Any], visit: Visit) -> None:
    """What most of its wrong pixels are taken for comes first; turned to, the next image has its own."""
    site, samples = example("nuclei-masks"), pl.read_csv(ROOT / "examples" / "nuclei" / "samples.csv")
    expected = {id_: n for id_, n in wrong_pixels(samples, "v2_watershed").items() if n}
    address = f"{(site.folder / 'examples').as_uri()}.html#?set=all&sample={next(iter(expected))}"
    found = visit(address, site.folder.parent.as_uri() + "/", viewport=DESKTOP)
    page = found.page
    links = page.locator("[data-rg-next] a").filter(has_text="taken for")
    expect(links).to_have_count(2)
    link = links.filter(has_text=f"nucleus taken for background in {len(expected)} images")
    expect(link).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(link).to_have_count(1)
    link.click()
    expect(page.locator("[data-rg-held]")).to_contain_text(
        f"Images in which watershed takes pixels of nucleus for background. There are {sum(expected.values()):,} such"
    )
    expect(page.locator("[data-rg-part=examples] [data-rg-tiles] .rg-tile")).to_have_count(len(expected))
    assert found.complaints == []


@pytest.mark.parametrize("form", ["folder", "single"])
def test_a_change_of_pixels_on_compare_leads_to_its_images(
    example: Callable[[str], Any], visit: Visit, form: str
) -> None:
    """Of the built pair, and the other way round; only a mistake does, of the version that is the candidate."""
    site = example("nuclei-masks")
    start = {
        "folder": f"{(site.folder / 'compare').as_uri()}.html#",
        "single": f"{site.single_file.as_uri()}#compare",
    }[form]
    for asked, version in (("", "watershed"), ("?baseline=watershed&version=otsu", "otsu")):
        found = visit(f"{start}{asked}", site.folder.parent.as_uri() + "/", viewport=DESKTOP)
        told = found.page.locator("[data-rg-pixels=told] li:visible")
        mistake = told.filter(has_text="nucleus called background")
        expect(mistake.get_by_role("link")).to_have_text("See them")
        right = told.filter(has_text="nucleus rightly called nucleus")
        expect(right).to_have_count(1)
        expect(right.get_by_role("link")).to_have_count(0)
        assert ["rightly" in text for text in told.all_inner_texts()] == [False, False, True]  # mistakes first
        mistake.get_by_role("link").click()
        held = found.page.locator("[data-rg-held]")
        expect(held).to_contain_text(f"Images in which {version} takes pixels of nucleus for background.")
        assert found.complaints == []


@pytest.mark.parametrize(
    "asked", [(("is", "cell"), ("called", "background")), (("is", "nucleus"), ("called", "nucleus"))]
)
def test_what_is_no_mistake_of_pixels_is_not_asked_for(example: Callable[[str], Any], visit: Visit, asked: Any) -> None:
    """Unknown names, and what is right."""
    site = example("nuclei-masks")
    state = "&".join(f"{key}={value}" for key, value in asked)
    address = f"{(site.folder / 'examples').as_uri()}.html#?set=all&{state}"
    found = visit(address, site.folder.parent.as_uri() + "/", viewport=DESKTOP)
    expect(found.page.locator(".rg-ex-count")).to_have_text("16 images")
    expect(found.page.locator("[data-rg-held]")).to_be_hidden()
    assert found.complaints == []


def test_explore_tells_of_pixels_without_scripts_what_it_tells_with_them(tmp_path: Path, visit: Visit) -> None:
    """Of few samples no share; then cells that one version alone fills, and classes that one has nothing of."""
    written = Written(WORLDS["segmentation"](n=14), tmp_path, page="explore", ready="[data-rg-taken] details")
    still = written.open(visit, java_script_enabled=False).page.locator("[data-rg-taken] tbody tr").all_text_contents()
    found = written.open(visit)
    rows = found.page.locator("[data-rg-taken] .rg-xp-taken tbody tr")
    assert rows.all_text_contents() == still
    assert {"–" in text for text in still} == {True, False}

    report = planted_pixels()
    names = ["road", "car", "sign", "background"]
    versions = [
        [
            {name: row[column] for name, column in SHARES.items()}
            | {name: names.index(row[name]) for name in ("target", "prediction")}
            for row in report.pixel_confusions.filter(version=version).iter_rows(named=True)
        ]
        for version in ("v1", "v2")
    ]
    found.page.evaluate(DRAW, {"names": names, "versions": versions})
    planned = plan_pixel_rows(report)
    assert planned is not None
    assert rows.all_text_contents() == [
        f"{row.name} → {row.said}{row.before and row.before + ' → '}{row.after} {row.interval}" for row in planned
    ]
    expect(found.page.locator("[data-rg-taken-note]")).to_have_text("4 more, each of no more pixels.")
    found.page.locator("[data-rg-taken] summary").click()
    lines = found.page.locator("[data-rg-taken-all] tbody tr")
    expect(lines).to_have_count(16)
    for at, line in (
        (1, ["road", "car", "10.0% → 0%", "0.0…16.0", "20"]),
        (4, ["car", "road", "– → 10.0%", "2.0…30.0", "20"]),
    ):
        assert lines.nth(at).locator("th, td").all_text_contents() == line
    assert found.complaints == []


def test_samples_that_changed_are_shown_whichever_way_they_did(example: Callable[[str], Any], visit: Visit) -> None:
    """The built pair has none that got worse; the other way round all that changed did, and they can be seen."""
    site = example("nuclei-masks")
    address = f"{(site.folder / 'compare').as_uri()}.html#?baseline=watershed&version=otsu"
    page = visit(address, site.folder.parent.as_uri() + "/", viewport=DESKTOP).page
    worse = page.locator("#compare [data-rg-flip=newly_broken]")
    expect(page.locator("[data-rg-outcome=newly_broken] [data-rg-count-text]")).to_have_text("7")
    expect(worse.get_by_role("heading", level=3)).to_contain_text("7")
    expect(worse.locator(".rg-tile").first).to_be_visible()
