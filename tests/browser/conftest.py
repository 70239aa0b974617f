"""Chromium for the browser tests, with the network cut off and everything it complains of written down."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium a worker."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


HEARD = """addEventListener('securitypolicyviolation', e =>
  console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));"""
"""Before any script of a page: violations can be heard of."""
ALONE = """try {{
  if (Number(sessionStorage.getItem('tests')) < {use}) {{
    localStorage.clear();
    sessionStorage.clear();
    sessionStorage.setItem('tests', '{use}');
  }}
}} catch {{ /* nothing is kept where this page stands */ }}"""
"""Likewise: a use of a tab begins without what an earlier one left, on whatever page that ended."""
KEPT = 2
"""Tabs that wait in a window: tests that compare two pages have both at once."""
SIZE: ViewportSize = {"width": 1280, "height": 720}
"""Of a tab for which none is asked."""


@dataclass
class Watched:
    """A page, and what went wrong on it: script errors, console errors and warnings, violations, requests that left."""

    page: Page
    complaints: list[str]
    leave: Callable[[], None]
    """Gives the tab back before the test ends."""


Open = Callable[..., Watched]


class Tab:
    """A tab that tests use one after the other: Chromium takes longer to open one than to draw a page in it."""

    def __init__(self, window: BrowserContext) -> None:
        self.page = page = window.new_page()
        self._inside = ""
        self._complaints: list[str] = []
        self._uses = 0
        self._first = ""
        self._devtools = window.new_cdp_session(page)
        self._devtools.send("Page.enable")
        page.on("pageerror", lambda error: self._say(f"script error: {error}"))
        page.on("console", lambda m: m.type in ("error", "warning") and self._say(f"console {m.type}: {m.text[:300]}"))
        page.on("dialog", lambda dialog: (self._say(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self._judge_request(request.url))
        page.on("requestfailed", lambda request: self._judge_failure(request.url, request.failure))

    def begin(self, inside: str) -> list[str]:
        """The complaints of a new use of the tab, whose requests must have a prefix."""
        self._inside, self._complaints = inside, []
        self._uses += 1
        if self._first:
            self._devtools.send("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self._first})
        source = {"source": ALONE.format(use=self._uses)}
        self._first = self._devtools.send("Page.addScriptToEvaluateOnNewDocument", source)["identifier"]
        return self._complaints

    def clear(self) -> None:
        """What was shown and pointed at is left for the next use."""
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)

    def _say(self, complaint: str) -> None:
        self._complaints.append(complaint)

    def _judge_request(self, url: str) -> None:
        if not url.startswith((self._inside, "data:", "blob:")) and not url.endswith("/favicon.ico"):
            self._say(f"request left the site: {url[:160]}")

    def _judge_failure(self, url: str, why: str | None) -> None:
        # a page that is left breaks off what it still loads
        if why != "net::ERR_ABORTED":
            self._say(f"request failed ({why}): {url[:160]}")


class Tabs:
    """The tabs of a worker: those in use, and those that wait in each kind of window."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._free: dict[BrowserContext, list[Tab]] = {}
        self._used: dict[Tab, BrowserContext] = {}

    @functools.cache  # noqa: B019 - as long as the worker
    def _window(self, *, offline: bool, scripts: bool) -> BrowserContext:
        """One window of each kind: to open one costs more than a tab."""
        window = self._chromium.new_context(offline=offline, java_script_enabled=scripts)
        window.add_init_script(HEARD)
        return window

    def take(self, *, offline: bool, scripts: bool) -> Tab:
        """A tab that nobody uses."""
        window = self._window(offline=offline, scripts=scripts)
        free = self._free.setdefault(window, [])
        tab = free.pop() if free else Tab(window)
        self._used[tab] = window
        return tab

    def give_back(self, *given: Tab) -> None:
        """Clear these tabs, or all, for whoever comes next; one that the test closed is forgotten."""
        for tab in given or list(self._used):
            window = self._used.pop(tab)
            free = self._free[window]
            if len(free) == KEPT:
                tab.page.close()
            elif not tab.page.is_closed():
                tab.clear()
                free.append(tab)


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Tabs:
    """The tabs that the tests of a worker share."""
    return Tabs(chromium)


@pytest.fixture
def visit(tabs: Tabs) -> Iterator[Open]:
    """Opens an address in a tab of its own; ``inside`` is the prefix that every request must have."""

    def visit_address(
        address: str,
        inside: str,
        *,
        viewport: ViewportSize | None = None,
        color_scheme: Literal["light", "dark"] | None = None,
        java_script_enabled: bool = True,
    ) -> Watched:
        # an offline window refuses this machine's own server too
        tab = tabs.take(offline=not inside.startswith("http:"), scripts=java_script_enabled)
        watched = Watched(tab.page, tab.begin(inside), lambda: tabs.give_back(tab))
        tab.page.set_viewport_size(viewport or SIZE)
        tab.page.emulate_media(media="null", color_scheme=color_scheme or "null")
        tab.page.goto(address)
        return watched

    yield visit_address
    tabs.give_back()


@pytest.fixture
def blank(visit: Open) -> Callable[[], Page]:
    """Opens an empty page without the network."""
    return lambda: visit("about:blank", "about:blank").page
