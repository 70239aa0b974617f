"""Reports that tests write in both forms and open at a page, and the rules of axe that they are held to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import axe_playwright_python
from playwright.sync_api import expect

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
Visit = Callable[..., Any]


class Written:
    """A report written in both forms, opened at one of its pages; ``ready`` is what the page's script shows first."""

    def __init__(self, report: Report, folder: Path, *, page: str, ready: str) -> None:
        self.report = report
        self.page = page
        self.ready = ready
        site = plan(report)
        self.folder = write_folder(site, folder / "report")
        self.single = write_single(site, folder / "report.html")

    def address(self, *state: tuple[str, str], form: str = "folder") -> str:
        """Where the page stands, in a state."""
        query = f"?{urlencode(state)}" if state else ""
        if form == "single":
            return f"{self.single.as_uri()}#{self.page}{query}"
        return f"{(self.folder / self.page).as_uri()}.html#{query}"

    def open(self, visit: Visit, *state: tuple[str, str], form: str = "folder", **options: Any) -> Any:
        """The page in a state, its script at work."""
        inside = self.folder.parent.as_uri() + "/"
        found = visit(self.address(*state, form=form), inside, **{"viewport": DESKTOP, **options})
        if options.get("java_script_enabled", True):
            expect(found.page.locator(self.ready)).to_be_visible()
        return found
