"""Explore in Chromium: every choice by mouse and keys, the address, files, empty and hostile states, both forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from reportgen import numbers
from reportgen.model import Media
from reportgen.report import Report
from reportgen.site.facets import FLIPS, outcome_of
from reportgen.site.flip_groups import flip_codes
from reportgen.site.plan import EXPLORER
from tests import builders
from tests.browser.test_examples import pinned_by
from tests.browser.written import AXE, PHONE, QUICK, RULES, Visit, Written, embed, miscounted

pytestmark = [pytest.mark.browser]

State = tuple[str, str]
COUNT = "[data-rg-part=explorePage] [data-rg-count]"


class Explorer(Written):
    """A report opened at Explore."""

    def __init__(self, report: Report, folder: Path) -> None:
        super().__init__(report, folder, page="explore", ready="[data-rg-part=explorePage] [data-rg-buttons]")

    def open(self, visit: Visit, *state: State, form: str = "folder", **options: Any) -> Any:
        """The page with its first answer."""
        found = super().open(visit, *state, form=form, **options)
        if options.get("java_script_enabled", True):
            answered(found.page)
        return found


def answered(page: Page) -> None:
    """Wait until the newest request is answered in the page."""
    expect(page.locator("[data-rg-part=explorePage][data-rg-answered]")).to_have_count(1)
    page.wait_for_timeout(50)


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    """Samples without media."""
    return Explorer(builders.report(), tmp_path_factory.mktemp("explored"))


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    """Images: of 300 samples the first 200 have one."""
    folder = tmp_path_factory.mktemp("explored-images")
    builders.write_digits(folder, 200)
    return Explorer(builders.report(n=300, media=Media("image", "image", str(folder))), folder)


def framed(report: Report) -> pl.DataFrame:
    """The samples with what became of them."""
    return report.outcomes.frame.with_columns(
        pl.Series("now", outcome_of(report, report.candidate)), pl.Series("flip", flip_codes(report, report.candidate))
    )


SIX, NINE = pl.lit(0.6, pl.Float32), pl.lit(0.9, pl.Float32)
SELECTIONS: list[tuple[tuple[State, ...], Callable[[], pl.Expr]]] = [
    ((), lambda: pl.lit(True)),
    ((("a.weather", "rain"),), lambda: pl.col("a0") == 2),
    (
        (("a.weather", "rain"), ("a.weather", "fog"), ("a.time", "night")),
        lambda: (pl.col("a0") >= 1) & (pl.col("a1") == 1),
    ),
    ((("label", "car"), ("predicted", "van")), lambda: (pl.col("target") == 0) & (pl.col("prediction_2") == 3)),
    ((("said", "cyclist"), ("now", "wrong")), lambda: (pl.col("prediction_0") == 1) & (pl.col("now") == 1)),
    ((("flip", "newly_broken"), ("was", "right")), lambda: pl.col("flip") == FLIPS.index("newly_broken")),
    ((("set", "newly_fixed"),), lambda: pl.col("flip") == FLIPS.index("newly_fixed")),
    ((("confidence", "0.9..1"),), lambda: pl.col("confidence_2") >= NINE),
    ((("confidence", "..0.6"), ("q", "1")), lambda: (pl.col("confidence_2") <= SIX) & pl.col("id").str.contains("1")),
    ((("version", "v2"), ("predicted", "car")), lambda: pl.col("prediction_1") == 0),
    ((("baseline", "v2"), ("said", "car")), lambda: pl.col("prediction_1") == 0),
]


def test_scripts_find_what_stands_in_the_page(cards: Explorer, visit: Visit) -> None:
    """Before anything is chosen, every count and figure is the same with scripts and without."""
    plain = cards.open(visit, java_script_enabled=False).page
    live = cards.open(visit).page
    parts = (".rg-facet-row", ".rg-xp-versions tbody tr", "[data-rg-counts=said] tr:visible", "[data-rg-flip]")

    for part in parts:
        told = [[" ".join(text.split()) for text in page.locator(part).all_inner_texts()] for page in (plain, live)]
        assert told[0] == told[1], part
        assert told[0], part
    paths = ".rg-xp-versions tbody path:not(.rg-plot-tick)"
    drawn = [page.locator(paths).evaluate_all("all => all.map(p => p.getAttribute('d'))") for page in (plain, live)]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("form", ["folder", "single"])
def test_an_address_opens_exactly_its_samples(cards: Explorer, visit: Visit, form: str) -> None:
    """Every kind of filter, alone and together: the count, and how often each version is right, are those of Python."""
    frame = framed(cards.report)
    for state, mask in SELECTIONS if form == "folder" else SELECTIONS[2:4]:
        opened = cards.open(visit, *state, form=form)
        inside = frame.filter(mask())
        said = opened.page.locator(COUNT).first
        expect(said, str(state)).to_have_text(re.compile(f"^{inside.height:,} (of )?"))
        right = inside["correct_2"].mean()
        assert isinstance(right, float)
        here = opened.page.locator('tr[data-rg-version="2"] .rg-xp-these > :first-child')
        expect(here, str(state)).to_have_text(
            re.compile(f"^({re.escape(numbers.rate(right))}|{re.escape(numbers.rate(right, 2))}|\\d+ of \\d+)$")
        )
        assert opened.complaints == [], state
        opened.leave()


def test_choosing_values_filters_counts_and_is_undone(cards: Explorer, visit: Visit) -> None:
    """A row is a box to tick: count, chip, address and the counts under the other filters follow; z takes it back."""
    opened = cards.open(visit)
    page, frame = opened.page, cards.report.outcomes.frame
    weather = page.locator('[data-rg-facet="a.weather"]')
    row = weather.locator(".rg-facet-row").filter(has_text="rain")
    row.click()
    rain = frame.filter(pl.col("a0") == 2)
    expect(page.locator(COUNT).first).to_contain_text(
        f"{rain.height:,} of 1,200 samples · {numbers.rate(rain.height / 1200)}"
    )
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_text(re.compile("weather: rain"))
    assert page.url.endswith("#?v=1&a.weather=rain")
    expect(page.locator("[data-rg-caution]")).to_contain_text("Picked after looking")
    expect(page.locator("[data-rg-result]")).to_be_visible()
    expect(page.locator("[data-rg-means]")).to_have_text("This selection against the rest")
    fog = weather.locator(".rg-facet-row").filter(has_text="fog").locator(".rg-facet-n")
    expect(fog).to_have_text(str(frame.filter(pl.col("a0") == 1).height))
    night = page.locator('[data-rg-facet="a.time"] .rg-facet-row').filter(has_text="night").locator(".rg-facet-n")
    expect(night).to_have_text(str(rain.filter(pl.col("a1") == 1).height))

    page.locator('[data-rg-facet="a.time"] .rg-facet-row').filter(has_text="night").locator("input").press("Space")
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_count(1)
    assert page.url.endswith("#?v=1&a.weather=rain")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(COUNT).first).to_have_text("1,200 samples")
    expect(page.locator("[data-rg-caution]")).to_be_hidden()
    page.locator("[data-rg-undo]").click()
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_count(1)
    assert opened.complaints == []


@pytest.mark.parametrize("state", [("now", "wrong"), ("confidence", "0.9..1"), ("predicted", "car")])
def test_a_choice_by_the_outcome_compares_nothing(cards: Explorer, visit: Visit, state: State) -> None:
    """Who picks a version's mistakes is told that its figures follow from that; no colour says worse or better."""
    page = cards.open(visit, state).page

    expect(page.locator("[data-rg-caution]")).to_contain_text("follows from the choice")
    expect(page.locator("[data-rg-result]")).to_contain_text("Chosen by the outcome")
    expect(page.locator("[data-rg-result]")).to_have_class(re.compile("rg-xp-too_few"))
    expect(page.locator("tr.rg-worse[data-rg-version], tr.rg-better[data-rg-version]")).to_have_count(0)


RESULT = """([metric, change]) => reportgen.selection.result(
  { level: 0.8, grouped: false, support: { show: 10, test: 30, decide: 200, groups: 10 }, words: {},
    versions: [{ name: "v1" }, { name: "v2" }] },
  { metric, klass: null, baseline: 0, candidate: 1, filters: new Map() },
  { versions: [], flips: null,
    differences: [{ metric: metric.name, class: null, n: 500, units: 500, before: 0.5, after: 0.53, delta: 0.03,
                    ...change }] }, true)"""


def test_what_an_interval_without_zero_says_is_explained(cards: Explorer, visit: Visit) -> None:
    """Where its level is lower than that of the verdicts p says why; bias changes for neither better nor worse."""
    page = cards.open(visit).page
    accuracy = {"name": "accuracy", "label": "Accuracy", "unit": "rate", "higher": True, "primary": True}
    change = {"low": 0.001, "high": 0.059, "p": 0.07}
    said = page.evaluate(RESULT, [accuracy, change])
    assert said["headline"] == "No clear change from v1 to v2"
    assert said["text"].endswith("80% +0.1…+5.9 · p 0.070, below 0.05 counts · n = 500")
    assert "p 0" not in page.evaluate(RESULT, [accuracy, {**change, "low": 0.0}])["text"]
    bias = {"name": "bias", "label": "Bias", "unit": "number", "higher": False}
    said = page.evaluate(RESULT, [bias, {**change, "p": 0.01}])
    assert (said["verdict"], said["headline"]) == ("unclear", "v2 is 0.0300 above v1")


def test_every_count_opens_as_many(cards: Explorer, visit: Visit) -> None:
    """Labels, mistakes, flips of a selection: each count is a link, and the page that it opens has that many."""
    page = cards.open(visit, ("a.weather", "rain")).page
    links = page.locator(".rg-xp-where a[data-rg-count]:visible").evaluate_all(
        "all => all.map(a => [a.getAttribute('href'), Number(a.dataset.rgCount)])"
    )
    assert len(links) > 12
    assert miscounted(page, COUNT, links) == []
    (first, n), (second, own) = links[0], next(link for link in links if link[1] != links[0][1])
    (complaint,) = miscounted(page, COUNT, [(first, n), (second, n)])  # what the first one says is no answer
    assert f" says {own:,} of " in complaint


def test_every_counted_link_of_a_report_opens_as_many(example: Callable[[str], Any], visit: Visit) -> None:
    """On whatever page a link to Explore with a count stands, also in a drawer: the selection holds that many."""
    site = example("digits")
    page = visit((site.folder / "index.html").as_uri(), site.folder.parent.as_uri() + "/").page
    links: dict[str, int] = {}
    at = {path.name: [""] for path in sorted(site.folder.glob("*.html"))}
    at["slices.html"].append("#?slice=noise%3Dheavy%26contrast%3Dlow")
    at["examples.html"] += ["#?set=newly_broken&a.noise=heavy&q=1", "#?version=v1&set=wrong&predicted=8"]
    for name, states in at.items():
        for state in states:
            page.goto("about:blank")
            page.goto(f"{site.folder.as_uri()}/{name}{state}")
            page.wait_for_timeout(700)
            found = page.locator('a[data-rg-count][href*="explore.html#"]').evaluate_all(
                "all => all.map(a => [a.getAttribute('href'), Number(a.dataset.rgCount)])"
            )
            links |= dict(found)
            assert found or not state, name

    assert len(links) > 20
    page.goto(f"{site.folder.as_uri()}/explore.html")
    assert miscounted(page, COUNT, sorted(links.items())) == []


def test_a_range_by_fields_and_by_hand(cards: Explorer, visit: Visit) -> None:
    """Two fields take the ends of a range; so does a drag over the histogram, and a click takes it away."""
    opened = cards.open(visit)
    page, frame = opened.page, cards.report.outcomes.frame
    fields = page.locator('[data-rg-range="confidence"]')
    fields.locator("[data-rg-from]").fill("0.8")
    fields.locator("[data-rg-from]").press("Enter")
    sure = frame.filter(pl.col("confidence_2") >= pl.lit(0.8, pl.Float32)).height
    expect(page.locator(COUNT).first).to_have_text(re.compile(f"^{sure:,} of "))
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_text(re.compile("confidence ≥ 0.8"))
    fields.locator("[data-rg-from]").fill("much")
    fields.locator("[data-rg-from]").press("Enter")
    expect(fields.locator("[data-rg-from]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(COUNT).first).to_have_text(re.compile(f"^{sure:,} of "))

    box = page.locator('[data-rg-brush="confidence"] .rg-brush-area').bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20)
    page.mouse.up()
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_text(re.compile("confidence: 0.6…0.75"))
    within = frame.filter(pl.col("confidence_2").is_between(pl.lit(0.6, pl.Float32), pl.lit(0.75, pl.Float32))).height
    expect(page.locator(COUNT).first).to_have_text(re.compile(f"^{within:,} of "))
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    expect(page.locator(COUNT).first).to_have_text("1,200 samples")
    assert opened.complaints == []


def test_a_search_finds_values_and_ids_by_keys(cards: Explorer, visit: Visit) -> None:
    """/ leads to the field; Enter chooses what is found first; an ID is a filter of its own."""
    page = cards.open(visit).page
    page.keyboard.press("/")
    field = page.locator("#explore [data-rg-find]")
    expect(field).to_be_focused()
    page.keyboard.type("rai")
    page.keyboard.press("Enter")
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_text(re.compile("weather: rain"))
    field.fill("007")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#explore [data-rg-found] button")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("[data-rg-chips] .rg-chip").last).to_have_text(re.compile("ID: 007"))


def test_nothing_left_names_the_filter_that_emptied_it(cards: Explorer, visit: Visit) -> None:
    """No empty axis, no 0.0%: the filter is named, and a click takes it away."""
    page = cards.open(visit, ("a.weather", "rain"), ("q", "no such id")).page
    expect(page.locator("#explore [data-rg-empty]")).to_contain_text("The filter ID: no such id left none.")
    expect(page.locator("[data-rg-result]")).to_be_hidden()
    assert "NaN" not in page.locator("#explore").inner_text()

    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("#explore [data-rg-empty]")).to_be_hidden()
    expect(page.locator("#explore [data-rg-tiles] .rg-tile").first).to_be_visible()


def test_few_are_counted_and_not_a_percentage(cards: Explorer, visit: Visit) -> None:
    """Under ten samples there are counts only, and no verdict."""
    state = (("a.weather", "fog"), ("a.time", "night"), ("label", "cyclist"))
    frame = cards.report.outcomes.frame
    few = frame.filter((pl.col("a0") == 1) & (pl.col("a1") == 1) & (pl.col("target") == 1))
    assert 0 < few.height < 10
    page = cards.open(visit, *state).page

    here = page.locator('tr[data-rg-version="2"] .rg-xp-these > :first-child')
    expect(here).to_have_text(f"{few['correct_2'].sum()} of {few.height}")
    expect(page.locator("[data-rg-headline]")).to_have_text("Too few to compare")
    assert page.locator('tr[data-rg-version="2"] .rg-plot-rule').get_attribute("d") == ""


def test_unknown_parts_are_left_out_and_said(cards: Explorer, visit: Visit) -> None:
    """A link of another report opens, what this one does not have is named, and the rest holds."""
    state = (("a.weather2", "x"), ("a.weather", "storm"), ("a.weather", "rain"), ("version", "v9"), ("page", "3"))
    page = cards.open(visit, *state).page
    told = page.locator("[data-rg-told]")

    expect(told).to_contain_text("This link asks for v9; weather: storm; weather2: unknown here")
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_text(re.compile("weather: rain"))
    page.goto(cards.address(("v", "2"), ("a.weather", "rain")))
    expect(told).to_contain_text("made by a newer report")


HOSTILE = [
    "__proto__=1&constructor=x&a.__proto__=rain&toString=1",
    "a.weather=<img src=x onerror=alert(1)>&metric=</script><script>alert(1)</script>",
    "confidence=NaN..Infinity&n.x=1e999..2&order=__proto__&class=-1&v=1e9&without=__proto__",
    "q=" + "%F0%9F%A6%8A" * 200,
    "a.weather=rain" + "&a.weather=x" * 80_000,
    "%E0%A4%A&&&===",
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_addresses_are_harmless(cards: Explorer, visit: Visit, hostile: str) -> None:
    """Whatever stands in the address: the page answers, nothing runs, nothing of the page's own is changed."""
    opened = visit(f"{(cards.folder / 'explore.html').as_uri()}#?{hostile}", cards.folder.parent.as_uri() + "/")
    answered(opened.page)

    assert opened.page.locator("#explore img[src=x]").count() == 0
    assert opened.page.evaluate("Object.keys(Object.prototype).length === 0 && ({}).polluted === undefined")
    expect(opened.page.locator(COUNT).first).to_contain_text("samples")
    assert opened.complaints == []


def test_measures_are_chosen(cards: Explorer, visit: Visit) -> None:
    """Another measure and its class stand in the address, in the table and in the words."""
    page = cards.open(visit, ("a.weather", "rain")).page
    page.locator("#explore [data-rg-metric]").select_option("recall")
    expect(page.locator("#explore [data-rg-class]")).to_be_visible()
    page.locator("#explore [data-rg-class]").select_option("van")
    vans = cards.report.outcomes.frame.filter((pl.col("a0") == 2) & (pl.col("target") == 3))
    found = vans["correct_2"].mean()
    assert isinstance(found, float)

    expect(page.locator('tr[data-rg-version="2"] .rg-xp-these > :first-child')).to_have_text(
        re.compile(f"^({numbers.rate(found)}|{numbers.rate(found, 2)})$")
    )
    expect(page.locator('tr[data-rg-version="2"] .rg-xp-n')).to_have_text(numbers.count(vans.height))
    assert page.url.endswith("#?a.weather=rain&v=1&metric=recall&class=van")


def test_a_slice_is_saved_as_lines_of_a_manifest(cards: Explorer, visit: Visit) -> None:
    """A conjunction of values becomes a critical slice; anything else a pinned file."""
    page = cards.open(visit, ("a.weather", "rain"), ("a.time", "night")).page
    page.locator("[data-rg-save]").click()
    box = page.locator("[data-rg-handed] pre")
    expect(box).to_have_text("critical:\n  - where: {weather: rain, time: night}\n    why: why it must hold")
    expect(box).to_be_focused()
    page.goto(cards.address(("a.weather", "rain"), ("a.weather", "fog"), ("confidence", "0.9..")))
    expect(page.locator("[data-rg-chips] .rg-chip")).to_have_count(2)
    page.locator("[data-rg-save]").click()
    expect(box).to_contain_text("pinned:")


def test_ids_and_tables_are_saved_whole(cards: Explorer, visit: Visit, tmp_path: Path) -> None:
    """The file of IDs is what its line pins; the CSV has a line a sample, in the chosen columns."""
    page = cards.open(visit, ("flip", "newly_broken")).page
    expected = set(framed(cards.report).filter(pl.col("flip") == FLIPS.index("newly_broken"))["id"].to_list())
    with page.expect_download() as caught:
        page.locator("[data-rg-part=explorePage] [data-rg-ids]").click()
    caught.value.save_as(tmp_path / caught.value.suggested_filename)
    line = page.locator("[data-rg-handed] code").inner_text()
    assert set(pinned_by(line, sorted(expected), tmp_path)) == expected

    page.locator("[data-rg-columns] summary").click()
    page.locator("[data-rg-column-boxes] label").filter(has_text="weather").locator("input").check()
    with page.expect_download() as table:
        page.locator("[data-rg-csv]").click()
    table.value.save_as(tmp_path / "table.csv")
    read = pl.read_csv(tmp_path / "table.csv")
    assert read.columns == ["id", "label", "v1", "v3", "weather"]
    assert set(read["id"]) == expected


def test_samples_come_as_one_scrolls(images: Explorer, visit: Visit) -> None:
    """Sixteen tiles at first, forty more where the list ends; one without a picture shows its attributes."""
    opened = images.open(visit, ("order", "all"))
    page = opened.page
    tiles = page.locator("#explore [data-rg-tiles] .rg-tile")
    expect(tiles).to_have_count(16)
    page.locator("#explore [data-rg-foot]").scroll_into_view_if_needed()
    expect(tiles).to_have_count(56)
    page.locator("#explore [data-rg-next]").click()
    expect(tiles.nth(95)).to_be_attached()
    bare = page.locator("#explore [data-rg-tiles] .rg-tile:has(.rg-tile-card)").first
    expect(bare).to_contain_text("weather")
    target = tiles.first.locator("a").get_attribute("href")
    tiles.first.locator("a").click()
    expect(page.locator("dialog.rg-lightbox")).to_be_visible()
    assert target is not None
    assert "examples.html#?" in target
    assert opened.complaints == []


def test_the_clipboard_may_be_refused(cards: Explorer, visit: Visit) -> None:
    """Where nothing may be copied, the address stands below the button and is selected."""
    page = cards.open(visit, ("a.weather", "rain")).page
    page.evaluate(
        "document.execCommand = () => false; Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    page.keyboard.press("c")
    field = page.locator("textarea.rg-copy-text")

    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    assert page.evaluate("getSelection().toString()") == page.url


@pytest.mark.parametrize("kind", ["srcdoc", "blob"])
def test_a_sandboxed_frame_keeps_its_view(cards: Explorer, visit: Visit, kind: str, tmp_path: Path) -> None:
    """In a frame without an address of its own the page answers, and a hash that the host sets is followed."""
    (tmp_path / "host.html").write_text("<!doctype html><title>host</title>", encoding="utf-8")
    opened = visit((tmp_path / "host.html").as_uri(), tmp_path.as_uri() + "/")
    page = opened.page
    inside = embed(page, cards.single, kind if kind == "srcdoc" else "blob#explore?a.weather=rain")
    if kind == "srcdoc":
        inside.locator(".rg-nav a", has_text="Explore").click()
        inside.locator('[data-rg-facet="a.weather"] .rg-facet-row').filter(has_text="rain").click()
    expect(inside.locator("[data-rg-chips] .rg-chip")).to_have_text(re.compile("weather: rain"))
    expect(inside.locator(COUNT).first).to_contain_text("of 1,200 samples")
    page.frames[1].evaluate("document.execCommand = () => false")
    inside.locator("[data-rg-part=explorePage] [data-rg-link]").click()
    expect(inside.locator("textarea.rg-copy-text")).to_have_value(re.compile("#explore.*a.weather=rain"))


def tries(page: Page, name: str) -> None:
    """Choose the first value of the first filter, and look whether all is told."""
    page.locator("#explore .rg-facet-row input").first.click(force=True)
    expect(page.locator(COUNT).first, name).to_have_text(re.compile("^[\\d,]+ of "))
    answered(page)
    assert "NaN" not in page.locator("#explore").inner_text(), name


@pytest.mark.parametrize("form", ["folder", "single"])
def test_a_link_shows_another_reader_the_same_view(
    cards: Explorer, visit: Visit, serve: Callable[[Path], str], form: str
) -> None:
    """What is copied from a served report opens the same view in a fresh browser: count, chips, figures and samples."""
    base = serve(cards.folder.parent)
    file = f"{cards.folder.name}/explore.html" if form == "folder" else f"{cards.single.name}#explore"
    first = visit(f"{base}/{file}", base + "/").page
    answered(first)
    first.locator('[data-rg-facet="a.weather"] .rg-facet-row').filter(has_text="rain").click()
    first.locator('#explore [data-rg-which="right"]').click()
    expect(first.locator("#explore [data-rg-tiles] .rg-tile").first).to_be_visible()
    expect(first.locator('#explore [data-rg-which="right"]')).to_have_attribute("aria-checked", "true")
    other = visit(first.url, base + "/").page
    answered(other)
    expect(other.locator("#explore [data-rg-tiles] .rg-tile").first).to_be_visible()

    for part in ("[data-rg-count]", "[data-rg-chips]", ".rg-xp-versions tbody", "[data-rg-tiles] .rg-tile >> nth=0"):
        said = [page.locator(f"#explore {part}").first.inner_text() for page in (first, other)]
        assert said[0] == said[1], part


def test_older_links_still_open(cards: Explorer, visit: Visit) -> None:
    """Addresses as Examples had them before Explore was, without a version of the grammar."""
    state = (("set", "surest_wrong"), ("a.weather", "rain"), ("sort", "hard"), ("page", "2"), ("sample", "s00001"))
    page = cards.open(visit, *state).page
    wrong = framed(cards.report).filter((pl.col("a0") == 2) & (pl.col("now") == 1)).height

    expect(page.locator(COUNT).first).to_have_text(re.compile(f"^{wrong} of "))
    expect(page.locator("[data-rg-told]")).to_be_hidden()


def test_other_reports_have_their_page(tmp_path: Path, visit: Visit) -> None:
    """One version, no attributes, twenty versions: each answers."""
    found = {
        "one": builders.one_version(),
        "bare": builders.report(attributes=False, n=300),
        "many": builders.report(n=300, n_versions=20),
    }
    for name, report in found.items():
        opened = Explorer(report, tmp_path / name).open(visit)
        tries(opened.page, name)
        assert opened.complaints == [], name
        opened.leave()


def test_values_have_their_page(example: Callable[[str], Any], visit: Visit) -> None:
    """Of values there are no labels and no confidences; errors are counted all the same."""
    site = example("sentiment-rating")
    opened = visit((site.folder / "explore.html").as_uri(), site.folder.parent.as_uri() + "/")
    answered(opened.page)
    tries(opened.page, site.name)

    expect(opened.page.locator("#explore-said")).to_have_count(0)
    assert opened.complaints == []


def test_a_worker_is_made_of_the_pages_modules(visit: Visit, cards: Explorer) -> None:
    """Each module of the engine is told of where it stands, and the worker that is made of them is hired."""
    page = cards.open(visit).page
    script = page.evaluate("reportgen.script()")

    modules = [path for path in EXPLORER if path.startswith("js/engine/") and not path.endswith("define.js")]
    for path in modules:
        assert f"reportgen.{re.sub('_(.)', lambda m: m[1].upper(), Path(path).stem)} =" in script, path
    assert page.evaluate("reportgen.data.load('samples').then(meta => reportgen.explorer.open(meta).threaded)")


def test_the_filters_of_a_phone_open_behind_a_button(cards: Explorer, visit: Visit) -> None:
    """Under 1000 px the filters are a panel; the button says how many there are."""
    page = cards.open(visit, ("a.weather", "rain"), ("a.time", "night"), viewport=PHONE).page
    panel = page.locator(".rg-xp-choose")
    expect(panel).to_be_hidden()
    button = page.get_by_role("button", name="Filters (2)")
    button.click()
    expect(panel).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    small = "e => e.getBoundingClientRect().height < 39 ? e.outerHTML.slice(0, 120) : ''"
    seen = page.locator("#explore :is(button, summary, label):visible")
    low = [one for one in seen.evaluate_all(f"all => all.map({small})") if one]
    assert low == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explore_is_accessible(images: Explorer, visit: Visit, scheme: str) -> None:
    """A selection with everything open holds the rules of WCAG 2.2 AA that axe checks."""
    page = images.open(visit, ("a.weather", "rain"), color_scheme=scheme).page
    expect(page.locator("#explore [data-rg-tiles] .rg-tile").first).to_be_visible()
    page.locator("[data-rg-save]").click()
    for summary in page.locator("#explore details > summary").all():
        if summary.is_visible():
            summary.click()
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {RULES})")

    assert [(v["id"], v["nodes"][0]["target"]) for v in found["violations"]] == []
    assert QUICK in RULES
