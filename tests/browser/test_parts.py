"""A report of objects in images, in the browser: its scripts say of each sample what Python says of it."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import expect

from reportgen import numbers, pipeline
from reportgen.inputs.joined import Joined
from reportgen.inputs.load import load_text
from reportgen.inputs.tables import Table
from reportgen.model import Version
from reportgen.render.writer import write_folder
from reportgen.report import Report
from reportgen.site.media import make_thumbnails
from reportgen.site.plan import plan
from reportgen.site.tiles import tile_view
from tests.analysis.worlds import detect
from tests.browser.conftest import Open
from tests.browser.written import Written
from tests.selection_worlds import WORLDS
from tests.selections import Explored, answers, average, selection

N = 60
MANIFEST = """title: Objects
task: regression
samples: samples.csv
columns: {id: id, target: truth}
attributes: [light]
versions: {v1: v1.csv, v2: v2.csv}
"""

TILES = """() => [...document.querySelectorAll("[data-rg-tiles]:not([hidden]) .rg-tile")].map((tile) => [
  Number(tile.dataset.rgRow), tile.querySelector("a").getAttribute("aria-label"),
  tile.querySelector(".rg-tile-label").textContent,
  ...[...tile.querySelectorAll(".rg-tile-prediction")].flatMap((one) => [one.textContent, one.title]),
])"""


@pytest.fixture(scope="module")
def report() -> Report:
    """The world of ``detect``, whole."""
    world = detect(N)
    assert world.parts is not None
    joined = Joined(
        world.frame.drop("a0", "correct_0", "correct_1"),
        world.samples,
        (),
        (),
        None,
        None,
        tuple(Version(name, N, 0, 0, 0, has_confidence=False) for name in world.versions),
        ((0,), (1,)),
        (),
        (),
        N,
        0,
        parts=world.parts,
    )
    loaded = load_text(MANIFEST, Path("reportgen.yaml"), Path(), files=False)
    table = Table(world.samples, "samples", "0" * 64, N)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "join_inputs", lambda *_, **__: joined)
        made = pipeline.run(loaded, sources=pipeline.Sources(table, {}), keep_history=False)
    return replace(made, task="detection")


@pytest.fixture(scope="module")
def site(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("objects") / "report"
    write_folder(plan(report), folder)
    return folder


def said(report: Report, row: int) -> list[object]:
    """What Python says on the tile of a sample."""
    tile = tile_view(report, make_thumbnails(report.outcomes, []), row)
    return [row, tile.spoken, tile.label, *(text for line in tile.lines for text in (line.prediction, line.told))]


@pytest.mark.parametrize("page", ["examples.html#?set=all", "explore.html#?v=1&order=all"])
def test_tiles_say_what_python_says(report: Report, site: Path, visit: Open, page: str) -> None:
    watched = visit(f"{site.as_uri()}/{page}", site.as_uri())
    watched.page.wait_for_selector("[data-rg-tiles]:not([hidden]) .rg-tile")

    tiles = watched.page.evaluate(TILES)

    assert len(tiles) >= 12
    assert tiles == [said(report, tile[0]) for tile in tiles]
    assert watched.complaints == []


SHOWS = """([version, value]) => Math.abs(
  parseFloat(document.querySelector(`tr[data-rg-version="${version}"] .rg-xp-these b`).textContent) - value) < 0.051"""


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report of objects of three classes, opened at Explore."""
    return Written(WORLDS["objects"](), tmp_path_factory.mktemp("classes"), page="explore", ready="h1:visible")


@pytest.mark.parametrize("form", ["folder", "single"])
def test_average_precision_of_the_whole_is_the_reports(objects: Written, visit: Open, form: str) -> None:
    """Each version's with its interval, and the change in the callout, as the report has them; then of a selection."""
    found = objects.open(visit, ("metric", "ap"), form=form)
    page, report = found.page, objects.report
    expect(page.locator("[data-rg-note]")).to_be_hidden(timeout=30_000)

    levels = report.estimates.filter(pl.col("class").is_null(), slice="all", metric="ap")
    change = report.comparisons.filter(pl.col("class").is_null(), slice="all", metric="ap", candidate="v2")
    row = change.row(0, named=True)
    for one in levels.iter_rows(named=True):
        line = page.locator(f'tr[data-rg-version="{report.outcomes.versions.index(one["version"])}"]')
        told = numbers.rate(one["value"], row["decimals"])
        expect(line.locator(".rg-xp-these")).to_contain_text(told)
        expect(line.locator(".rg-xp-these")).to_contain_text(
            numbers.interval(one["low"], one["high"], "rate", row["decimals"])
        )
    limits = numbers.difference_interval(row["low"], row["high"], "rate", row["decimals"])
    expect(page.locator("[data-rg-result]")).to_contain_text(limits)

    page.evaluate("reportgen.state.update({ 'a.time': 'night' })")
    expect(page.locator(".rg-xp-versions thead .rg-xp-these").first).to_contain_text("these")
    expect(page.locator("[data-rg-note]")).to_be_hidden(timeout=30_000)
    world = Explored.of(report)
    wish = {"baseline": 0, "candidate": 1, "filters": [{"key": "a.time", "codes": [2]}]}
    expected = average(world, selection(world, wish), (0, 1), "ap")["versions"][1]
    line = page.locator('tr[data-rg-version="1"]')
    shown = [float(text.rstrip("%")) / 100 for text in line.locator("b, .rg-xp-rest span").all_inner_texts()]
    assert shown == pytest.approx([expected["value"], expected["rest"]["value"]], abs=0.0005)
    assert found.complaints == []


def test_a_cut_off_moves_f1_of_all_and_of_a_selection(objects: Written, visit: Open) -> None:
    """The address sets it, keys move it, and a button gives each version's own back."""
    found = objects.open(visit, ("cutoff", "0.5"), ("a.time", "night"))
    page, world = found.page, Explored.of(objects.report)
    wish = {"baseline": 0, "candidate": 1, "metric": "f1", "filters": [{"key": "a.time", "codes": [2]}]}
    wish |= {"order": "all", "numbers": []}

    def shows(explored: Explored) -> None:
        for v, own in enumerate(answers(explored, [wish])[0]["versions"]):
            place = own["estimates"]["metric"].tolist().index("f1")
            page.wait_for_function(SHOWS, arg=[v, 100 * float(own["estimates"]["value"][place])])

    shows(world.at(50))
    expect(page.locator("[data-rg-scope]")).to_contain_text("stay as they are at each version's own cut-off")
    slider = page.get_by_role("slider", name="A detection counts from a score of")
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"cutoff=0\.51"))
    shows(world.at(51))
    drawn = page.locator("[data-rg-curves] [data-rg-chart]")
    expect(drawn.locator("tbody tr").nth(10)).to_contain_text(re.compile(r"^0\.50"))
    page.get_by_role("button", name="each version's own").click()
    shows(world)
    assert "cutoff" not in page.url
    page.locator("[data-rg-metric]").select_option("ap")
    expect(slider).to_be_hidden()
    assert found.complaints == []


def test_the_opened_example_counts_what_is_found_missed_and_false(site: Path, visit: Open) -> None:
    page = visit(f"{site.as_uri()}/examples.html#?set=newly_broken&sample=s003", site.as_uri()).page
    page.wait_for_selector("dialog.rg-lightbox[open]")

    text = page.locator("dialog.rg-lightbox[open]").inner_text()

    assert "4 objects: 2 found, 2 missed, 1 false" in text
    assert "v1: 3 of 4 found. v2: 2 of 4 found, 1 false." in text
    assert "with mistakes" in text


def test_tables_have_counts(report: Report, site: Path, visit: Open, tmp_path: Path) -> None:
    """The file of Examples has them, and so has the table of Explore."""
    page = visit(f"{site.as_uri()}/examples.html#?set=newly_broken", site.as_uri()).page
    page.wait_for_selector("[data-rg-tiles] .rg-tile")
    with page.expect_download() as download:
        page.get_by_role("button", name="Table", exact=True).click()
    download.value.save_as(tmp_path / "table.csv")
    lines = list(csv.reader((tmp_path / "table.csv").read_text(encoding="utf-8-sig").splitlines()))
    heads = [f"{version} {what}" for version in ("v1", "v2") for what in ("right", "false", "missed")]
    assert lines[0] == ["id", "objects", *heads]
    assert ["s003", "4", "3", "0", "1", "2", "1", "2"] in lines
    assert len(lines) == 1 + report.flips.filter(pl.col("slice") == "all")["newly_broken"][0]

    other = visit(f"{site.as_uri()}/explore.html", site.as_uri()).page
    other.wait_for_selector(".rg-xp-list td")
    assert other.locator(".rg-xp-list th").all_inner_texts() == ["id", "objects", *heads]
