"""Every example's report opens clean in Chromium: folder and single file, from disk and from a server, network off."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import pytest

pytestmark = [pytest.mark.browser]

FORMS = ("folder", "single file")
PAGES = ("#index", "#overview", "#slices", "#compare", "#examples", "#about")
SETTLED = 250  # milliseconds: scripts are wired and live charts drawn
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}"
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


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
    broken = []
    for page, found in read.items():
        for link in found.links:
            address = urlsplit(link)
            if address.scheme == "data" and form == "single file":
                continue
            target = (page.parent / unquote(address.path)).resolve() if address.path else page
            place = address.fragment.split("?")[0]
            known = read[target].ids if target in read else []
            outside = address.scheme or address.netloc or (form == "single file" and target != page)
            if outside or not target.is_file() or (place and place not in known):
                broken.append(f"{page.name}: {link[:100]}")

    assert len(pages) == (1 if form == "single file" else len(views(site, form)))
    assert broken == []
    for page, found in read.items():
        assert len(found.ids) == len(set(found.ids)), page.name


@pytest.mark.parametrize("scheme", ["file", "http"])
@pytest.mark.parametrize("form", FORMS)
def test_every_page_opens_clean(
    example_name: str,
    form: str,
    scheme: str,
    example: Callable[[str], Any],
    visit: Callable[..., Any],
    serve: Callable[[Path], str],
) -> None:
    """No script error, console message, violation or outside request; no id twice; never wider than the window."""
    site = example(example_name)
    folder = entry(site, form).parent
    base = folder.as_uri() if scheme == "file" else serve(folder)
    names = views(site, form)
    assert len(names) >= 4
    for name in names:
        opened = visit(f"{base}/{name}", base + "/", viewport=DESKTOP)
        opened.page.wait_for_timeout(SETTLED)
        for size in (DESKTOP, PHONE):
            opened.page.set_viewport_size(size)
            excess = opened.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert excess <= 1, f"{name}: {excess} px wider than {size['width']}"
        twice = opened.page.evaluate(
            "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)"
        )
        assert twice == [], name
        assert opened.page.locator("h1:visible").count() == 1, name
        assert opened.complaints == [], name
        opened.page.context.close()


@pytest.mark.parametrize("form", FORMS)
def test_every_page_is_accessible(
    example_name: str, form: str, example: Callable[[str], Any], visit: Callable[..., Any]
) -> None:
    """The axe rules find nothing on any page, light or dark, on a desktop or a phone."""
    site = example(example_name)
    base = entry(site, form).parent.as_uri()
    found = []
    for name in views(site, form):
        opened = visit(f"{base}/{name}", base + "/", viewport=DESKTOP)
        opened.page.wait_for_timeout(SETTLED)
        opened.page.evaluate(AXE)
        for scheme, size in (("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)):
            opened.page.emulate_media(color_scheme=scheme)
            opened.page.set_viewport_size(size)
            result = opened.page.evaluate(f"axe.run(document, {RULES})")
            found += [f"{name} {scheme} {v['id']}: {v['nodes'][0]['target']}" for v in result["violations"]]
        opened.page.context.close()

    assert found == []


@pytest.mark.parametrize("form", FORMS)
def test_a_report_reads_well_with_scripts_off(
    example_name: str, form: str, example: Callable[[str], Any], visit: Callable[..., Any]
) -> None:
    """With scripts off the answer, every finding, the tables, the charts and the pictures can be seen."""
    site = example(example_name)
    report = json.loads((site.folder / "report.json").read_text(encoding="utf-8"))
    base = entry(site, form).parent.as_uri()
    opened = visit(entry(site, form).as_uri(), base + "/", viewport=DESKTOP, java_script_enabled=False)
    page = opened.page

    for finding in report["findings"]:
        assert page.get_by_text(finding["headline"], exact=True).first.is_visible(), finding["headline"]
    assert page.locator("h1").first.is_visible()
    for name in views(site, form) if form == "folder" else [site.single_file.name]:
        page.goto(f"{base}/{name}")
        for kind in ("h1", "h2", "table", "svg.rg-chart", "main img"):
            shown = [found.is_visible() for found in page.locator(kind).all() if in_reach(found)]
            assert all(shown), f"{name}: {shown.count(False)} of {len(shown)} {kind} hidden"
        broken = [image.get_attribute("src") for image in page.locator("main img").all() if not loaded(image)]
        assert broken == [], name
    assert opened.complaints == []


def in_reach(found: Any) -> bool:
    """Whether an element stands where a reader without scripts gets to: not in a closed ``details``."""
    return not found.evaluate("e => !!e.closest('details:not([open])') || !!e.closest('template')")


def loaded(image: Any) -> bool:
    """Whether the picture arrived."""
    image.scroll_into_view_if_needed()
    return bool(image.evaluate("async e => { await e.decode().catch(() => 0); return e.naturalWidth > 0 }"))
