"""Chromium for the browser tests, with the network cut off and everything it complains of written down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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


@dataclass
class Watched:
    """A page, and what went wrong on it: script errors, console errors and warnings, violations, requests that left."""

    page: Page
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., Watched]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Opens an address; ``inside`` is the prefix that every request must have. Other options are the context's."""
    contexts: list[BrowserContext] = []

    def visit_address(address: str, inside: str, **options: Any) -> Watched:
        # an offline context refuses this machine's own server too
        context = chromium.new_context(offline=inside.startswith("file:"), **options)
        contexts.append(context)
        watched = Watched(context.new_page())
        page, say = watched.page, watched.complaints.append

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
        page.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        page.goto(address)
        return watched

    yield visit_address
    for context in contexts:
        context.close()
