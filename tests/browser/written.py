"""Reports that tests write in both forms and open at a page, and the rules of axe that they are held to."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import axe_playwright_python
from playwright.sync_api import FrameLocator, Page, expect

from reportgen.render.writer import write_folder, write_single
from reportgen.report import Report
from reportgen.site.plan import plan

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
QUICK = "resultTypes: ['violations'], preload: false"
STANDARDS = "runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']"
RULES = f"{{{STANDARDS}, {QUICK}}}"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TREES = """all => all.slice(0, 16).map(tile => {
  const flat = (node) => node.nodeType === 3 ? node.data.trim() : [node.localName,
    Object.fromEntries([...node.attributes].map(a => [a.name, a.value]).filter(([k]) => k !== "href").sort()),
    [...node.childNodes].filter(n => n.nodeType === 1 || (n.nodeType === 3 && n.data.trim())).map(flat)];
  return JSON.stringify(flat(tile)); })"""
"""What tiles are made of, as text that can be compared."""
OPEN = """async ([place, links]) => {
  const wrong = [];
  const said = () => document.querySelector(place).textContent.trim();
  const answered = () => document.querySelector(place).closest("[data-rg-answered]").dataset.rgAnswered;
  const asked = () => String(window.reportgen.state.read());
  for (const [state, begins] of links) {
    const before = [asked(), answered()];
    location.hash = state;
    dispatchEvent(new Event("hashchange")); // heard at once: no answer from here on is that of an earlier state
    const until = performance.now() + 5000;
    const waits = () => asked() !== before[0] && answered() === before[1];
    while (waits() && performance.now() < until) await new Promise(requestAnimationFrame);
    if (waits()) wrong.push(`${state} is not answered`);
    else if (!said().startsWith(begins)) wrong.push(`${state} says ${said()}, not ${begins}`);
  }
  return wrong;
}"""
"""Opens one state of a page after the other: in the page, where each takes a tenth of what it takes from without."""
Visit = Callable[..., Any]
Blank = Callable[[], Page]


def miscounted(page: Page, place: str, links: Iterable[tuple[str, int]]) -> list[str]:
    """Of addresses with counts, those after whose opening the place on this page says another count."""
    expect(page.locator("[data-rg-answered]")).to_be_visible()
    found: list[str] = page.evaluate(OPEN, [place, [[link.partition("#")[2], f"{n:,} "] for link, n in links]])
    return found


EMBED = """([text, source]) => new Promise((loaded) => {
  const frame = document.createElement('iframe');
  Object.assign(frame, { sandbox: 'allow-scripts', width: 1300, height: 800, onload: () => loaded() });
  if (source === 'srcdoc') frame.srcdoc = text;
  else frame.src = URL.createObjectURL(new Blob([text], { type: 'text/html' })) + source.slice('blob'.length);
  document.body.append(frame);
})"""


def embed(page: Page, file: Path, source: str) -> FrameLocator:
    """A sandboxed frame that shows a single file, once its scripts have run; ``source``: srcdoc, or blob and a hash."""
    page.evaluate(EMBED, [file.read_text(encoding="utf-8"), source])
    return page.frame_locator("iframe")


class Written:
    """A report, written in each form when it is asked for; ``ready`` is what the page's script shows first."""

    def __init__(self, report: Report, folder: Path, *, page: str, ready: str) -> None:
        self.report = report
        self.page = page
        self.ready = ready
        self._place = folder
        self._site = plan(report)

    @functools.cached_property
    def folder(self) -> Path:
        """Where the folder stands."""
        return write_folder(self._site, self._place / "report")

    @functools.cached_property
    def single(self) -> Path:
        """Where the single file stands."""
        return write_single(self._site, self._place / "report.html")

    def address(self, *state: tuple[str, str], form: str = "folder") -> str:
        """Where the page stands, in a state."""
        query = f"?{urlencode(state)}" if state else ""
        if form == "single":
            return f"{self.single.as_uri()}#{self.page}{query}"
        return f"{(self.folder / self.page).as_uri()}.html#{query}"

    def open(self, visit: Visit, *state: tuple[str, str], form: str = "folder", **options: Any) -> Any:
        """The page in a state, its script at work."""
        inside = self._place.as_uri() + "/"
        found = visit(self.address(*state, form=form), inside, **{"viewport": DESKTOP, **options})
        if options.get("java_script_enabled", True):
            expect(found.page.locator(self.ready)).to_be_visible()
        return found
