"""The frame of every page in the browser: addresses, theme, keys, the picker, and the single file's pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reportgen.render.writer import write_folder, write_single
from reportgen.site.plan import plan
from tests import builders
from tests.browser.written import Visit, embed

pytestmark = pytest.mark.browser

FORMS = ("folder", "single")
HOSTILE = (
    "#<img src=x onerror=alert(1)>",
    "#?slice=<img src=x onerror=alert(1)>&version=nobody&__proto__=1&set=__proto__",
    "#%E0%A4%A",
    "#slices?slice=%",
    "#__proto__?constructor=1",
    "#?" + "q=" + "x" * 60_000,
    "#?find=%00&sort=%F0%9F",
)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The planted world of three versions in both forms."""
    home = tmp_path_factory.mktemp("frame")
    site = plan(builders.report(n=400))
    folder = write_folder(site, home / "report")
    return {"folder": folder / "index.html", "single": write_single(site, home / "report.html")}


def opened(visit: Visit, address: str, **options: Any) -> tuple[Page, list[str]]:
    """A page, and what it complains of."""
    watched = visit(address, address.rpartition("/")[0] or address, **options)
    return watched.page, watched.complaints


def here(written: dict[str, Path], form: str, page: str = "") -> str:
    """The address of a page in one form."""
    path = written[form]
    if form == "single":
        return path.as_uri() + (f"#{page}" if page else "")
    return (path.with_name(f"{page}.html") if page and page != "overview" else path).as_uri()


def current(page: Page) -> str:
    """What the navigation says is shown."""
    return page.locator(".rg-nav [aria-current]").inner_text()


@pytest.mark.parametrize("hash_", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("form", FORMS)
def test_no_address_breaks_a_page(visit: Visit, written: dict[str, Path], form: str, hash_: str) -> None:
    """An address that nobody of us wrote throws nothing, runs nothing, and shows the page."""
    page, errors = opened(visit, written[form].as_uri() + hash_)

    expect(page.locator("h1:visible")).to_have_count(1)
    assert page.evaluate("Object.prototype.constructor === Object && !('1' in {})")
    assert errors == []


@pytest.mark.parametrize("form", FORMS)
def test_pages_link_to_each_other(visit: Visit, written: dict[str, Path], form: str) -> None:
    """Each page link shows its page and marks itself; back returns."""
    page, errors = opened(visit, here(written, form))
    for name in ("Slices", "Compare", "Examples", "About", "Overview"):
        page.locator(".rg-nav a", has_text=name).click()
        expect(page.locator(".rg-nav [aria-current]")).to_have_text(name)
        expect(page.locator("h1:visible")).to_have_count(1)
    page.go_back()

    expect(page.locator(".rg-nav [aria-current]")).to_have_text("About")
    assert errors == []


@pytest.mark.parametrize("form", FORMS)
def test_a_place_on_another_page(visit: Visit, written: dict[str, Path], form: str) -> None:
    """The footer's glossary link opens About at the glossary."""
    page, errors = opened(visit, here(written, form))
    page.get_by_role("link", name="Glossary").last.click()

    expect(page.locator("#about-glossary")).to_be_in_viewport()
    assert current(page) == "About"
    assert errors == []


@pytest.mark.parametrize("form", FORMS)
def test_the_chosen_version_goes_along(visit: Visit, written: dict[str, Path], form: str) -> None:
    """The picker writes the address, the page says whom it is about, and the page links carry the choice."""
    page, errors = opened(visit, here(written, form))
    note = page.locator("[data-rg-pair-note]:visible")
    expect(note).to_have_count(0)
    page.get_by_role("combobox", name="Candidate").select_option("v2")

    assert "version=v2" in page.url
    expect(note).to_contain_text("You chose v2 against v1")
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.locator(".rg-nav [aria-current]")).to_have_text("About")
    expect(page.get_by_role("combobox", name="Candidate")).to_have_value("v2")
    page.wait_for_load_state("load")
    page.keyboard.press("/")
    expect(page.locator("#slices [data-rg-find]")).to_be_focused()
    expect(page.get_by_role("combobox", name="Candidate")).to_have_value("v2")
    page.get_by_role("combobox", name="Candidate").select_option("v3")
    assert "version" not in page.url
    assert errors == []


def test_the_theme_is_remembered(visit: Visit, written: dict[str, Path]) -> None:
    """The theme turns from the system's to light to dark, by button and by key, and holds on the next page."""
    page, errors = opened(visit, here(written, "folder"))
    root = page.locator("html")
    page.get_by_role("button", name="Theme").click()
    expect(root).to_have_attribute("data-theme", "light")
    page.keyboard.press("t")
    expect(root).to_have_attribute("data-theme", "dark")
    page.locator(".rg-nav a", has_text="About").click()

    expect(page.locator(".rg-nav [aria-current]")).to_have_text("About")
    expect(root).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 22)"
    page.keyboard.press("t")
    expect(root).not_to_have_attribute("data-theme", "dark")
    assert errors == []


@pytest.mark.parametrize("form", FORMS)
def test_keys(visit: Visit, written: dict[str, Path], form: str) -> None:
    """The key g and a letter go to a page, ? lists the keys, and a key can be switched off."""
    page, errors = opened(visit, here(written, form))
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.locator(".rg-nav [aria-current]")).to_have_text("About")
    page.wait_for_load_state("load")  # the new page's scripts have to listen first
    page.keyboard.press("?")
    panel = page.get_by_role("dialog", name="Keyboard")
    expect(panel).to_contain_text("go to slices")
    panel.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("o")

    assert current(page) == "About"
    assert errors == []


@pytest.mark.parametrize("form", FORMS)
def test_find_goes_to_the_search_of_slices(visit: Visit, written: dict[str, Path], form: str) -> None:
    """The find key leads from a page without a search field to the one of slices, ready to type."""
    page, errors = opened(visit, here(written, form))
    page.keyboard.press("/")

    expect(page.locator(".rg-nav [aria-current]")).to_have_text("Slices")
    expect(page.locator("#slices [data-rg-find]")).to_be_focused()
    assert errors == []


def test_without_scripts_every_page_of_the_single_file_is_shown(visit: Visit, written: dict[str, Path]) -> None:
    """With scripts off all pages stand one below the other, and no control that needs them is seen."""
    page, _ = opened(visit, written["single"].as_uri(), java_script_enabled=False)

    for section in page.locator("section.rg-page").all():
        expect(section).to_be_visible()
    expect(page.locator(".rg-tools")).to_be_hidden()
    expect(page.locator(".rg-pick:visible")).to_have_text(["Baseline v1", "Candidate v3"])


@pytest.mark.parametrize("kind", ["srcdoc", "blob"])
def test_the_single_file_works_in_a_sandboxed_frame(visit: Visit, written: dict[str, Path], kind: str) -> None:
    """Where there is neither storage nor an address of its own, pages turn and the theme changes, without an error."""
    page, errors = opened(visit, "about:blank")
    inside = embed(page, written["single"], kind)
    inside.get_by_role("button", name="Theme").click()
    expect(inside.locator("html")).to_have_attribute("data-theme", "light")
    inside.locator(".rg-nav a", has_text="About").click()

    expect(inside.locator("#about-glossary")).to_be_visible()
    expect(inside.locator("#overview-answer")).to_be_hidden()
    assert errors == []


@pytest.mark.parametrize("form", FORMS)
def test_the_margin_of_a_sheet_names_the_report(visit: Visit, written: dict[str, Path], form: str) -> None:
    """Without inline styles, the root hands title, data set and input hash to the margin boxes as one CSS string."""
    page, errors = opened(visit, here(written, form))
    page.emulate_media(media="print")

    said = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--rg-sheet')")
    title = page.locator("html").get_attribute("data-rg-sheet")
    assert said == f'"{title}"'
    assert re.fullmatch(r".+ · reportgen\.yaml · samples\.parquet · inputs [0-9a-f]{6}…[0-9a-f]{4}", str(title))
    assert errors == []
