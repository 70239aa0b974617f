"""Chromium for the browser tests, with the network cut off and everything it complains of written down."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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


ALONE = """try {
  if (!sessionStorage.getItem('tests')) { localStorage.clear(); sessionStorage.setItem('tests', 'begun'); }
} catch { /* nothing is kept where this page stands */ }
addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
"""
"""Before any script of a page: a new tab begins without what an earlier one left, and violations can be heard of."""

Windows = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    """One window of each kind a worker, ``windows(offline=True, scripts=True)``: to open one costs more than a page."""

    @functools.cache
    def window(*, offline: bool = True, scripts: bool = True) -> BrowserContext:
        context = chromium.new_context(offline=offline, java_script_enabled=scripts)
        context.add_init_script(ALONE)
        return context

    return window


@pytest.fixture
def window(windows: Windows) -> Iterator[BrowserContext]:
    """A window without the network, for a test that opens its pages itself; they are closed when it ends."""
    shared = windows()
    yield shared
    for page in shared.pages:
        page.close()


@dataclass
class Watched:
    """A page, and what went wrong on it: script errors, console errors and warnings, violations, requests that left."""

    page: Page
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Watched]


@pytest.fixture
def visit(windows: Windows) -> Iterator[Open]:
    """Opens an address in a tab of its own; ``inside`` is the prefix that every request must have."""
    pages: list[Page] = []

    def visit_address(
        address: str,
        inside: str,
        *,
        viewport: ViewportSize | None = None,
        color_scheme: Literal["light", "dark"] | None = None,
        java_script_enabled: bool = True,
    ) -> Watched:
        # an offline window refuses this machine's own server too
        page = windows(offline=inside.startswith("file:"), scripts=java_script_enabled).new_page()
        pages.append(page)
        watched = Watched(page)
        say = watched.complaints.append

        def judge_request(url: str) -> None:
            if not url.startswith((inside, "data:", "blob:")) and not url.endswith("/favicon.ico"):
                say(f"request left the site: {url[:160]}")

        def judge_failure(url: str, why: str | None) -> None:
            # a page that is left breaks off what it still loads
            if why != "net::ERR_ABORTED":
                say(f"request failed ({why}): {url[:160]}")

        page.on("pageerror", lambda error: say(f"script error: {error}"))
        page.on("console", lambda m: m.type in ("error", "warning") and say(f"console {m.type}: {m.text[:300]}"))
        page.on("request", lambda request: judge_request(request.url))
        page.on("requestfailed", lambda request: judge_failure(request.url, request.failure))
        if viewport:
            page.set_viewport_size(viewport)
        if color_scheme:
            page.emulate_media(color_scheme=color_scheme)
        page.goto(address)
        return watched

    yield visit_address
    for page in pages:
        page.close()
