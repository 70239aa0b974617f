"""The slices page in Chromium: the same rows as in the page, search, filters, sort, the drawer, keys, both forms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from reportgen.model import Limits
from reportgen.report import Report
from tests import builders
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Blank, Visit, Written

pytestmark = [pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]
WORST = "weather=rain & time=night"


def write(report: Report, folder: Path) -> Written:
    """A report opened at the slices page."""
    return Written(report, folder, page="slices", ready="#slices [data-rg-tools]")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions, 35 slices, all of them in the page; more rows of data than the default filter shows."""
    return write(builders.report(), tmp_path_factory.mktemp("slices"))


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report with a critical slice and a found one of three terms."""
    return write(builders.report(searched=True), tmp_path_factory.mktemp("searched"))


def rows(page: Page) -> list[str]:
    """Every row of the table as a reader sees it."""
    found: list[str] = page.locator("#slices .rg-slice").evaluate_all(
        "rows => rows.map(row => row.textContent.replace(/\\s+/g, ' ').trim())"
    )
    return found


def names(page: Page) -> list[str]:
    """The names of the shown slices, in order."""
    return page.locator("#slices .rg-slice-name a").all_inner_texts()


def test_row_plots_are_those_of_the_contract(blank: Blank) -> None:
    """The browser draws each case with the same paths as Python."""
    cases = json.loads((ROOT / "tests" / "contract" / "row_plots.json").read_text(encoding="utf-8"))
    page = blank()
    for name in ("numbers.js", "engine/row_plots.js"):
        page.add_script_tag(path=ROOT / "assets" / "js" / name)

    drawn = page.evaluate(
        """cases => cases.map((c) => c.kind === "level"
          ? window.reportgen.rowPlots.level(c.scale, c.baseline, c.candidate)
          : c.kind === "scale" ? window.reportgen.rowPlots.levelScale(c.values, c.unit)
          : c.kind === "count" ? window.reportgen.rowPlots.counts(c.most, c.before, c.after)
          : window.reportgen.rowPlots.change(c.scale, c.change, c.verdict, c.support))""",
        cases,
    )

    assert drawn == [case["expected"] for case in cases]


def test_the_script_writes_every_row_as_the_page_had_it(written: Written, visit: Visit) -> None:
    """All rows, plots included, are the same with scripts and without."""
    plain = written.open(visit, java_script_enabled=False)
    live = written.open(visit, ("n", "0"))
    paths = "paths => paths.map(path => path.getAttribute('d'))"

    assert rows(live.page) == rows(plain.page)
    assert live.page.locator("#slices .rg-slice path").evaluate_all(paths) == plain.page.locator(
        "#slices .rg-slice path"
    ).evaluate_all(paths)
    assert live.complaints == []


def test_a_found_slice_and_a_critical_one_are_told_apart(searched: Written, visit: Visit) -> None:
    """Rows are the same with and without scripts; each has its tab, and its drawer says why it stands there."""
    plain = searched.open(visit, java_script_enabled=False)
    found = searched.open(visit, ("n", "0"))
    page = found.page
    assert rows(page) == rows(plain.page)
    expect(plain.page.locator("#slices")).to_contain_text("took the 2 most suspicious to the other half, and 1 held.")

    page.get_by_role("button", name="n ≥ 50").click()
    page.get_by_role("radio", name="Critical 2").check()
    expect(page.locator("#slices-count")).to_contain_text("Showing 2 of 36")
    expect(page.locator("#slices .rg-slice-name", has_text="safety case 4.2")).to_be_visible()
    small = next(one for one in searched.report.slices if one.name == "fog × cyclist")
    assert small.n < 50
    expect(page.locator(f'[data-rg-slice="{small.id}"]')).to_contain_text("few, and hard to see")
    page.get_by_role("radio", name="Found 1").check()
    expect(page.locator("#slices-count")).to_contain_text("Showing 1 of 36")
    assert names(page) == ["rain × night × pedestrian"]
    page.locator("#slices .rg-slice").first.click()
    drawer = page.get_by_role("complementary", name="rain × night × pedestrian")
    expect(drawer).to_contain_text("Slice · three attributes")
    bigger = drawer.locator(".rg-drawer-part", has_text="Is it just part of a bigger slice?")
    expect(bigger.locator("tr")).to_have_count(7)
    said = drawer.locator(".rg-drawer-part", has_text="How sure can we be?")
    expect(said).to_contain_text("Found by searching one half of the samples for where v3 got worse than v1.")
    expect(said).to_contain_text("the search had not seen")
    bigger.get_by_role("link", name="rain × night, any label").click()
    expect(page.locator(".rg-drawer .rg-drawer-why")).to_have_text("Critical: safety case 4.2")
    assert found.complaints == []


@pytest.mark.parametrize("form", ["folder", "single"])
def test_filters_narrow_the_table_and_stand_in_the_address(written: Written, visit: Visit, form: str) -> None:
    """Search, kind and size narrow together; the count says so, and a reload shows the same."""
    found = written.open(visit, form=form)
    page = found.page
    page.get_by_role("searchbox", name="Find a slice").fill("NIGHT  rain")
    expect(page.locator("#slices-count")).to_contain_text("Showing 1 of 35")
    assert names(page) == ["rain × night"]
    page.get_by_role("searchbox", name="Find a slice").fill("rain x night")
    expect(page).to_have_url(re.compile("x"))
    assert names(page) == ["rain × night"]

    page.get_by_role("searchbox", name="Find a slice").fill("night")
    page.get_by_role("radio", name="one attribute 1").check()
    expect(page.locator("#slices-count")).to_contain_text("Showing 1 of 35")
    assert "level=1" in page.url
    page.reload()
    expect(page.locator("#slices-count")).to_contain_text("Showing 1 of 35")

    assert names(page) == ["night"]
    assert found.complaints == []


def test_the_link_to_all_slices_opens_as_many(written: Written, visit: Visit) -> None:
    """The count on the Overview's link is that of the table, and each kind leaves as many as its tab says."""
    page = visit((written.folder / "index.html").as_uri(), written.folder.parent.as_uri() + "/", viewport=DESKTOP).page
    page.get_by_role("link", name="All 35 slices").click()
    expect(page.locator("#slices-count")).to_contain_text("Showing 35 of 35,")
    page.get_by_role("button", name="n ≥ 200").click()
    for tab in page.locator(".rg-switch label", has=page.locator("[name=slices-kind]")).all():
        n = tab.locator("[data-rg-n-kind]").inner_text()
        tab.locator("input").check()
        expect(page.locator("#slices-count")).to_contain_text(f"Showing {n} of 35,")


def test_a_filter_that_empties_the_table_is_named_and_removed(written: Written, visit: Visit) -> None:
    """The empty state says which filter left nothing, and takes it away."""
    page = written.open(visit, ("q", "no such slice")).page
    nothing = page.locator("[data-rg-nothing]")
    expect(nothing).to_contain_text("The search “no such slice” leaves none.")

    nothing.get_by_role("button", name="Remove it").click()

    expect(nothing).to_be_hidden()
    assert len(names(page)) > 20


def test_heads_sort_and_say_so(written: Written, visit: Visit) -> None:
    """A head sorts by its column and turns the order round; aria-sort says which; null figures stand last."""
    page = written.open(visit).page
    page.locator("th[data-rg-sort=n] button").click()
    expect(page.locator("th[data-rg-sort=n]")).to_have_attribute("aria-sort", "descending")
    sizes = [int(text) for text in page.locator("#slices .rg-slice-n span:last-of-type").all_inner_texts()]
    assert sizes == sorted(sizes, reverse=True)

    page.locator("th[data-rg-sort=name] button").click()
    expect(page.locator("th[data-rg-sort=name]")).to_have_attribute("aria-sort", "ascending")
    page.locator("th[data-rg-sort=name] button").click()
    expect(page.locator("th[data-rg-sort=name]")).to_have_attribute("aria-sort", "descending")
    assert names(page) == sorted(names(page), reverse=True)


def test_the_download_is_the_table_as_filtered(written: Written, visit: Visit) -> None:
    """The CSV has the shown slices with figures as they are, and nothing that a spreadsheet runs."""
    page = written.open(visit, ("q", "night"), ("level", "1")).page
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download CSV").click()
    lines = Path(caught.value.path()).read_text(encoding="utf-8").splitlines()
    figures = written.report.comparisons.row(
        by_predicate=(pl.col("slice") == "time=night")
        & (pl.col("candidate") == "v3")
        & (pl.col("metric") == "accuracy"),
        named=True,
    )

    assert len(lines) == 2
    cells = dict(zip(lines[0].lstrip("\ufeff").split(","), lines[1].split(","), strict=True))
    assert float(cells["delta"]) == pytest.approx(figures["delta"], rel=1e-11)
    assert cells["verdict"] == figures["verdict"]


@pytest.mark.parametrize("form", ["folder", "single"])
def test_the_drawer_tells_one_slice(written: Written, visit: Visit, form: str) -> None:
    """A row opens its drawer: figures, parents, definition and links with exact counts; Escape closes it."""
    found = written.open(visit, form=form)
    page = found.page
    page.locator("#slices .rg-slice").first.click()
    drawer = page.get_by_role("complementary", name="rain × night")
    expect(drawer).to_be_visible()
    flips = written.report.flips.filter((pl.col("slice") == WORST) & (pl.col("candidate") == "v3")).row(0, named=True)

    expect(drawer).to_contain_text("Slice · two attributes")
    expect(drawer).to_contain_text('weather = "rain" and time = "night"')
    expect(drawer.locator("h3", has_text="Is it just part of a bigger slice?")).to_be_visible()
    broken = drawer.locator("[data-rg-count]", has_text="newly broken").first
    expect(broken).to_have_text(f"{flips['newly_broken']} newly broken")
    expect(drawer.locator(".rg-tile")).to_have_count(6)
    expect(page.locator("#slices .rg-slice.rg-is-selected")).to_have_count(1)

    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert "slice=" not in page.url
    assert found.complaints == []


def test_a_link_to_samples_opens_as_many_as_it_says(written: Written, visit: Visit) -> None:
    """The count of newly broken in the drawer is the count on the page that it opens."""
    page = written.open(visit, ("slice", WORST)).page
    link = page.locator(".rg-drawer [data-rg-count]", has_text="newly broken").first
    n = int(link.get_attribute("data-rg-count") or 0)
    link.click()

    expect(page.locator(".rg-ex-count")).to_contain_text(str(n))


def test_the_address_opens_the_drawer_and_the_back_button_closes_it(written: Written, visit: Visit) -> None:
    """A drawer has its own address; going back leaves it."""
    page = written.open(visit, ("slice", WORST)).page
    expect(page.locator(".rg-drawer")).to_be_visible()
    page.locator(".rg-drawer [data-rg-slice-link]").first.click()
    expect(page.locator("#slices-drawer-name")).to_have_text("rain")

    page.go_back()

    expect(page.locator("#slices-drawer-name")).to_have_text("rain × night")


def test_keys_walk_the_rows(written: Written, visit: Visit) -> None:
    """J and K move the focus from row to row, Enter opens, Escape gives the focus back; / goes to the search."""
    page = written.open(visit).page
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("#slices .rg-slice a").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".rg-drawer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.get_by_role("radio", name="two attributes").check()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Esc close what is open")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find a slice")).to_be_focused()


def test_another_version_takes_every_part_along(written: Written, visit: Visit) -> None:
    """With v2 chosen the sentence, the table and the heatmap are those of v2 against v1."""
    page = written.open(visit, ("version", "v2")).page
    expect(page.locator("[data-rg-candidate]").first).to_have_text("v2")
    expect(page.locator("[data-rg-heat-prose]")).to_contain_text("v1 to v2")
    clear = written.report.comparisons.filter(
        (pl.col("candidate") == "v2") & pl.col("verdict").is_in(["better", "worse"])
        & (pl.col("slice") != "all") & (pl.col("metric") == "accuracy")
    ).height  # fmt: skip

    expect(page.locator("[data-rg-n-changed]")).to_have_text(str(clear))
    expect(page.locator("[data-rg-view=candidate]")).to_have_text("v2")


def test_the_heatmap_turns_to_other_attributes(written: Written, visit: Visit) -> None:
    """The pickers change what is drawn, and the address says what."""
    page = written.open(visit).page
    heat = page.locator("figure[data-rg-chart=slices-heat] svg:visible")
    expect(heat).to_contain_text("fog")
    page.locator("#slices").get_by_label("Columns").select_option(label="label")

    expect(heat).to_contain_text("pedestrian")
    assert "columns=label" in page.url
    page.get_by_role("radio", name="v3", exact=True).check()
    expect(page.locator("[data-rg-heat-prose]")).to_have_text(re.compile("^Accuracy of v3,"))
    expect(page.locator("[data-rg-heat-key]")).to_have_text("")


@pytest.mark.parametrize("hash_", ["#?slice=%E0%A4%A", "#?n=-1&sort=__proto__&level=constructor", "#?q=%00<img>&n=1e9"])
def test_a_hostile_address_does_no_harm(written: Written, visit: Visit, hash_: str) -> None:
    """Whatever stands behind the #, the page stays whole and nothing is complained of."""
    address = (written.folder / "slices.html").as_uri() + hash_
    found = visit(address, written.folder.parent.as_uri() + "/", viewport=DESKTOP)
    expect(found.page.locator("#slices [data-rg-tools]")).to_be_visible()

    assert found.complaints == []
    assert found.page.locator("img").count() == 0


@pytest.mark.parametrize(
    "options", [{"viewport": DESKTOP}, {"viewport": PHONE}, {"viewport": DESKTOP, "color_scheme": "dark"}]
)
def test_nothing_stands_in_a_readers_way(written: Written, visit: Visit, options: dict[str, Any]) -> None:
    """No rule of axe finds nothing, with the drawer closed and open, and the page is never wider than the window."""
    page = written.open(visit, **options).page
    page.evaluate(AXE)
    for state in ("", f"#?{urlencode({'slice': WORST})}"):
        page.evaluate("hash => { location.hash = hash }", state)
        if state:
            expect(page.locator(".rg-drawer .rg-tile")).to_have_count(6)
        violations = page.evaluate(
            f"axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target))"
        )
        assert violations == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1


def test_more_rows_come_when_asked_for(visit: Visit, tmp_path: Path) -> None:
    """Past 200 rows a button shows the next ones, and the count says how many match."""
    report = builders.report()
    first = report.slices[1]
    many = tuple(
        replace(first, id=f"weather={i}", terms=(replace(first.terms[0], value=str(i), shown=str(i)),))
        for i in range(250)
    )
    page = write(replace(report, slices=(*report.slices, *many)), tmp_path).open(visit).page
    expect(page.locator("#slices-count")).to_contain_text(re.compile(r"Showing 200 of \d+ that match, of 285"))

    page.get_by_role("button", name="Show more").click()

    expect(page.locator("#slices .rg-slice")).not_to_have_count(200)


def test_the_drawer_says_the_level_of_the_intervals(visit: Visit, tmp_path: Path) -> None:
    """The value and the change in the drawer name the level that the report has."""
    report = replace(builders.report(n=600), limits=Limits(level=0.8))
    page = write(report, tmp_path).open(visit, ("slice", WORST)).page
    drawer = page.get_by_role("complementary", name="rain × night")

    expect(drawer).to_contain_text("v3: 80% ")
    expect(drawer).to_contain_text("Change, 80%")
