"""The Overview's verdict in Chromium: its gates on every width, on paper, in the dark, without scripts, and hostile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import builders, gated
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Visit, Written
from tests.checking.reports import PLAIN, everywhere

pytestmark = [pytest.mark.browser]

ATTACK = "</td></table></script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report with a gate in each state, beliefs and a pinned set."""
    return Written(gated.held(builders.report(n=400)), tmp_path_factory.mktemp("verdict"), page="index", ready="h1")


def shown(page: Any) -> list[str]:
    """The names of the gates that can be seen, in order."""
    names = page.locator(".rg-gate:visible .rg-gate-name > bdi").all_inner_texts()
    return [str(name) for name in names]


def test_every_gate_stands_beside_the_verdict(written: Written, visit: Visit) -> None:
    """Word, name, figure and limit of each, without scripts; what fails is said by a word and a shape, too."""
    opened = written.open(visit, java_script_enabled=False)
    page = opened.page
    gates = written.report.gates
    fails = page.locator(".rg-gate-fails")

    assert shown(page) == [gate.name for gate in gates]
    assert page.locator(".rg-answer-headline").inner_text() == "Hold"
    expect(fails.locator(".rg-gate-state")).to_contain_text("Fails")
    expect(fails.locator(".rg-track-worse")).to_have_count(1)
    expect(page.locator(".rg-gates-folded")).to_be_hidden()
    expect(page.locator("#overview-declared")).to_contain_text(gated.REFUTED.evidence)
    assert opened.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_gates_that_pass_fold_into_one_line(written: Written, visit: Visit, scripts: bool) -> None:
    """Those that fail, are near or can't tell stay; one tap or the space bar shows the rest; nothing is too wide."""
    opened = written.open(visit, java_script_enabled=scripts, viewport=PHONE)
    page = opened.page
    folded = [gate.name for gate in written.report.gates if gate.state != "passes"]

    assert shown(page) == folded
    page.locator(".rg-gates-folded", has_text="2 gates pass").click()
    assert shown(page) == [gate.name for gate in written.report.gates]
    page.locator(".rg-gates-fold").press("Space")
    assert shown(page) == folded
    expect(page.locator(".rg-gates-key")).to_be_visible()
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]") if scripts else [0, 0]
    assert widths[0] <= widths[1]
    assert opened.complaints == []


def test_paper_has_every_gate(written: Written, visit: Visit) -> None:
    """Whatever is folded on the screen is printed."""
    page = written.open(visit, viewport=PHONE).page
    page.emulate_media(media="print")

    assert shown(page) == [gate.name for gate in written.report.gates]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(written: Written, visit: Visit, scheme: str, viewport: dict[str, int]) -> None:
    """Contrast, names and order of the verdict, in both themes."""
    page = written.open(visit, color_scheme=scheme, viewport=viewport).page
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run('#rg-main', {RULES})")["violations"]

    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


def test_hostile_gates_are_text(visit: Visit, tmp_path: Path) -> None:
    """Names, rules, beliefs and pinned sets that are markup are shown and never run."""
    whole = {name: getattr(PLAIN, name) for name in ("baseline", "candidate", "slices")}
    report = replace(everywhere(ATTACK), **whole)
    opened = Written(report, tmp_path, page="index", ready="h1").open(visit)
    opened.page.wait_for_timeout(300)

    assert opened.page.locator("img[src='x']").count() == 0
    assert opened.page.locator(".rg-gate").count() == 5
    assert ATTACK in opened.page.locator(".rg-gates").inner_text()
    assert opened.complaints == []
