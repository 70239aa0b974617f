"""Every example's report opens clean in Chromium: folder and single file, from disk and from a server, network off."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.written import AXE, DESKTOP, PHONE, QUICK, STANDARDS
from tests.conftest import KINDS, MANIFESTS

pytestmark = [pytest.mark.browser]

FORMS = ("folder", "single file")
SINGLE = ("audit", "sentiment-rating", "weather-years")
"""Pictures, texts and tables: the single file holds the folder's pages, so these stand for all."""
OPENED = [*((name, "folder") for name in MANIFESTS), *((name, "single file") for name in SINGLE)]
READ = [
    *((name, "folder") for name in ("digits", "weather-years", *KINDS)),
    *((name, "single file") for name in SINGLE),
]
PAGES = ("#index", "#overview", "#slices", "#compare", "#examples", "#about")
JUDGED: dict[str, tuple[str, ...]] = {
    "digits": (),
    "sentiment-rating": (),
    "audit": ("data", "examples"),
    "income": ("confidence", "data", "index"),
    "weather-trainings": ("compare", "data", "explore", "index", "slices"),
    "weather-years": ("compare", "index"),
}
"""The pages that axe judges, none named: every page. The others show what those of pictures and texts don't.

Suspects and copies of pictures, cut-offs of two classes, several trainings, versions on different samples.
"""
COLOURED: dict[str, tuple[str, ...]] = {
    "digits": (),
    "sentiment-rating": ("compare", "data", "examples", "index"),
    "income": ("confidence",),
}
"""Where colours are judged, light and dark, which takes most of the time: all examples share their style sheets."""
SHORTEN = """lists => { for (const list of lists) {
  const looks = (one) => [one, ...one.querySelectorAll("[class]")].map((part) => part.getAttribute("class")).join(" ");
  const seen = new Set();
  [...list.children].forEach((one, i) => {
    const look = looks(one);
    if (i >= 12 && seen.has(look)) one.remove();
    seen.add(look);
  });
} }"""
"""Axe looks at every row for its own sake: of a list the first twelve stay, and the first of each look."""
WAITS = "e => !!e.closest('details:not([open]), dialog, .rg-drawer')"
"""Whether an element waits for the reader: in a ``details`` that opens without scripts, or in what scripts fill."""
SEEN = "e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().height > 0"
SHOWN = f"all => all.filter(e => !({WAITS})(e)).map({SEEN})"
DRAWN = f"all => all.filter(e => !({WAITS})(e)).map(e => [...e.querySelectorAll('svg.rg-chart')].filter({SEEN}).length)"
BROKEN = "all => all.filter(e => !e.complete || !e.naturalWidth).map(e => e.getAttribute('src'))"
"""With scripts off every picture is loaded with the page, out of sight or not."""
SETTLED = 250  # milliseconds: scripts are wired and live charts drawn


class References(HTMLParser):
    """What a page refers to, and the ids it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag's addresses and id."""
        del tag
        for name, value in attrs:
            if name in ("href", "src", "srcset", "action", "poster", "xlink:href") and value is not None:
                self.links.append(value)
            elif name == "id" and value is not None:
                self.ids.append(value)


def entry(site: Any, form: str) -> Path:
    """The file that a reader opens first."""
    return Path(site.folder / "index.html" if form == "folder" else site.single_file)


def views(site: Any, form: str) -> list[str]:
    """The pages of a report, each as what follows the address of its place: a file name, or a hash."""
    if form == "folder":
        return sorted(path.name for path in site.folder.glob("*.html"))
    found = References(site.single_file.read_text(encoding="utf-8")).links
    pages = dict.fromkeys(link.split("?")[0] for link in found if link.startswith("#"))
    return [f"{site.single_file.name}{page}" for page in pages if page in PAGES]


@pytest.mark.parametrize("form", FORMS)
def test_every_link_leads_somewhere(example_name: str, form: str, example: Callable[[str], Any]) -> None:
    """Each address in the static pages is a file or a place of the report, and no id stands twice on a page."""
    site = example(example_name)
    pages = sorted(site.folder.glob("*.html")) if form == "folder" else [site.single_file]
    read = {page.resolve(): References(page.read_text(encoding="utf-8")) for page in pages}
    ids = {page: set(found.ids) for page, found in read.items()}
    broken = []
    for page, found in read.items():
        for link in found.links:
            address = urlsplit(link)
            if address.scheme == "data" and form == "single file":
                continue
            target = (page.parent / unquote(address.path)).resolve() if address.path else page
            place = address.fragment.split("?")[0]
            known = ids[target] if target in read else set()
            outside = address.scheme or address.netloc or (form == "single file" and target != page)
            if outside or not target.is_file() or (place and place not in known):
                broken.append(f"{page.name}: {link[:100]}")

    assert len(pages) == (1 if form == "single file" else len(views(site, form)))
    assert broken == []
    for page, found in read.items():
        assert len(found.ids) == len(ids[page]), page.name


def complaints_of(site: Any, form: str, base: str, visit: Callable[..., Any]) -> list[str]:
    """What is not clean on the pages of a report, opened one by one on the desktop and made as narrow as a phone."""
    found = []
    for name in views(site, form):
        opened = visit(f"{base}/{name}", base + "/", viewport=DESKTOP)
        opened.page.wait_for_timeout(SETTLED)
        for size in (DESKTOP, PHONE):
            opened.page.set_viewport_size(size)
            excess = opened.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{name}: {excess} px wider than {size['width']}"] if excess > 1 else []
        twice = opened.page.evaluate(
            "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)"
        )
        headings = opened.page.locator("h1:visible").count()
        found += [f"{name}: {headings} main headings"] if headings != 1 else []
        found += [f"{name}: {said}" for said in (*(f"id {one} twice" for one in twice), *opened.complaints)]
        opened.leave()
    return found


@pytest.mark.parametrize(("name", "form"), OPENED)
def test_every_page_opens_clean_from_disk(
    name: str, form: str, example: Callable[[str], Any], visit: Callable[..., Any]
) -> None:
    """No script error, console message, violation or outside request; no id twice; never wider than the window."""
    site = example(name)

    assert len(views(site, form)) >= 4
    assert complaints_of(site, form, entry(site, form).parent.as_uri(), visit) == []


@pytest.mark.parametrize("form", FORMS)
def test_every_page_opens_clean_from_a_server(
    form: str, example: Callable[[str], Any], visit: Callable[..., Any], serve: Callable[[Path], str]
) -> None:
    """The same holds where the report is served."""
    site = example("scenes")

    assert len(views(site, form)) >= 4
    assert complaints_of(site, form, serve(entry(site, form).parent), visit) == []


def judge(address: str, visit: Callable[..., Any], *, coloured: bool) -> list[str]:
    """What axe finds on a page, whose colours it judges in both themes or in none."""
    opened = visit(address, address.rpartition("/")[0] + "/", viewport=DESKTOP)
    page = opened.page
    page.wait_for_timeout(SETTLED)
    page.locator("tbody, ul, ol, [data-rg-tiles]").evaluate_all(SHORTEN)
    page.evaluate(AXE)
    rules = f"{STANDARDS}, rules: {{'color-contrast': {{enabled: {str(coloured).lower()}}}}}"
    found = page.evaluate(f"axe.run(document, {{{rules}, {QUICK}}})")["violations"]
    if coloured:
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(SETTLED)
        found += page.evaluate(f"axe.run(document, {{runOnly: ['color-contrast'], {QUICK}}})")["violations"]
    opened.leave()
    return [f"{address} {one['id']}: {one['nodes'][0]['target']}" for one in found]


def addresses(folder: Path, pages: tuple[str, ...]) -> list[str]:
    """Of these pages, or of all."""
    return [(folder / f"{page}.html").as_uri() for page in pages] or [
        path.as_uri() for path in sorted(folder.glob("*.html"))
    ]


@pytest.mark.parametrize("name", JUDGED)
def test_every_page_is_accessible(name: str, example: Callable[[str], Any], visit: Callable[..., Any]) -> None:
    """The rules of WCAG 2.2 AA that axe can check hold on every page of the folder, and on every kind of content."""
    folder = example(name).folder
    coloured = addresses(folder, COLOURED[name]) if name in COLOURED else []
    pages = addresses(folder, JUDGED[name])

    assert set(coloured) <= set(pages)
    assert [one for page in pages for one in judge(page, visit, coloured=page in coloured)] == []


def test_the_single_file_is_accessible(example: Callable[[str], Any], visit: Callable[..., Any]) -> None:
    """The same rules hold where all pages stand in one document; its overview is judged, since each takes long."""
    assert judge(f"{example('sentiment-rating').single_file.as_uri()}#overview", visit, coloured=True) == []


@pytest.mark.parametrize(("name", "form"), READ)
def test_a_report_reads_well_with_scripts_off(
    name: str, form: str, example: Callable[[str], Any], visit: Callable[..., Any]
) -> None:
    """With scripts off the answer, every finding, the tables, the charts and the pictures can be seen."""
    site = example(name)
    report = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))
    base = entry(site, form).parent.as_uri()
    opened = visit(entry(site, form).as_uri(), base + "/", viewport=DESKTOP, java_script_enabled=False)
    page = opened.page

    for finding in report["findings"]:
        assert page.get_by_text(finding["headline"]).first.is_visible(), finding["headline"]
    assert page.locator("h1").first.is_visible()
    for view in views(site, form) if form == "folder" else [site.single_file.name]:
        page.goto(f"{base}/{view}")
        for kind in ("h1", "h2", "table", "main img"):
            shown = page.locator(kind).evaluate_all(SHOWN)
            assert all(shown), f"{view}: {shown.count(False)} of {len(shown)} {kind} hidden"
        drawn = page.locator(".rg-chart-figure").evaluate_all(DRAWN)
        assert set(drawn) <= {1}, f"{view}: {drawn} layouts of each chart fit the window"
        assert page.locator("main img").evaluate_all(BROKEN) == [], view
    assert opened.complaints == []
