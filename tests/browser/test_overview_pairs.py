"""The Overview of two versions that it was not built for.

What follows in the page is what Python writes into a report that is built for them; the answer and the findings stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from reportgen.report import Report
from reportgen.site.charts import Chart
from reportgen.site.diverged import plan_diverging
from reportgen.site.flipped import parts_of, plan_flips
from reportgen.site.media import Thumbnails
from reportgen.site.overview import plan_overview
from reportgen.site.scorecard import plan_scorecard
from tests import builders, gated, pair_worlds, selection_worlds
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Visit, Written

pytestmark = [pytest.mark.browser]

MAKE = """
async () => {
  await reportgen.later(document.querySelector("#overview").dataset.rgOnDemand);
  const data = await reportgen.data.load("overview");
  const { charts, chartRows, flipCharts, overviewParts, wording } = reportgen;
  const view = await overviewParts.make(data);
  const { slices, flips, names } = view;
  const say = (name, given) => wording.fill(data.words[name], { ...names, ...given });
  const made = { slices: null, flips: null, shares: null };
  if (slices.rows.length) {
    const rows = slices.rows.map((row) => ({ ...row, label: row.one.name }));
    const frame = await charts.frame("overview-slices-chart");
    made.slices = chartRows.diverging(rows, slices.whole.delta, frame, names.candidate);
  }
  if (flips) {
    made.flips = flipCharts.flips(flips.counts, await charts.frame("overview-flips-chart"), { data, say, pair: names });
    if (flips.parts.length) made.shares = flipCharts.shares(flips.parts, await charts.frame("overview-shares"));
  }
  return JSON.parse(JSON.stringify({ view, made }));
}
"""
LOADED = "performance.getEntriesByType('resource').map((one) => one.name.split('/').slice(-1)[0])"
ANSWER = ".rg-answer-headline, .rg-answer-sentence, #overview-findings .rg-findings"
HEAVY = ("vega.min.js", "explorer.js", "samples.js", "target.js", "slices.js")


def selected(name: str) -> Callable[[str, str], Report]:
    """A world of whole reports, built for any two of its versions."""
    return lambda baseline, candidate: selection_worlds.WORLDS[name](n=900, pair=(baseline, candidate))


def planted(name: str) -> Callable[[str, str], Report]:
    """A planted world of three versions, built for any two of them."""
    return pair_worlds.WORLDS[name]().report


CASES = [
    # name, the world, the built pair, the pair that is chosen
    ("labels back", selected("classification"), ("v1", "v2"), ("v2", "v1")),
    ("binary back", selected("binary"), ("v1", "v2"), ("v2", "v1")),
    ("values back", selected("regression"), ("v1", "v2"), ("v2", "v1")),
    ("groups back", selected("grouped"), ("v1", "v2"), ("v2", "v1")),
    ("groups and weights", planted("drives"), ("v1", "v3"), ("v2", "v3")),
    ("costs", planted("weights"), ("v1", "v3"), ("v3", "v2")),
    ("carried", planted("drives"), ("v1", "v3"), ("v1", "v2")),
    ("twenty", selected("twenty_versions"), ("v1", "v20"), ("v7", "v12")),
]


@pytest.mark.parametrize(("world", "built", "chosen"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_what_follows_is_that_of_a_report_built_for_the_pair(
    world: Callable[[str, str], Report],
    built: tuple[str, str],
    chosen: tuple[str, str],
    visit: Visit,
    tmp_path: Path,
) -> None:
    """Points, slices, scorecard and flips: every figure, sentence, link, mark and row of a chart."""
    report = world(*built)
    other = replace(world(*chosen), findings=report.findings)  # the slices that flips are cut by are the built pair's
    written = Written(report, tmp_path, page="index", ready="#overview [data-rg-follows=scorecard]:not([hidden])")
    found = written.open(visit, ("baseline", chosen[0]), ("version", chosen[1]))
    made = found.page.evaluate(MAKE)
    view, charts = made["view"], made["made"]

    card = asdict(plan_scorecard(other))
    for own, row in zip(view["card"].pop("rows"), card.pop("rows"), strict=True):
        assert numbered(own) == numbered(row)
    assert numbered(view["card"]) == numbered(card)
    points = [asdict(one) for one in plan_overview(other, Thumbnails()).answer.points]
    assert stated(view["points"]) == stated(points)
    diverging = plan_diverging(other)
    assert diverging is not None
    assert (view["slices"]["prose"], view["slices"]["key"]) == (diverging.prose, diverging.key)
    assert_same(charts["slices"], diverging.chart, "row", "overall", "axis", "worse", "better", "measure")
    flips = plan_flips(other)
    assert (view["flips"] is None) == (flips is None)
    if flips is not None:
        for name in ("prose", "ratio", "shares_heading"):
            assert view["flips"][name] == getattr(flips, name)
        assert stated(view["flips"]["links"]) == stated([asdict(one) for one in flips.links])
        assert_same(charts["flips"], flips.chart)
        if set(parts_of(report)) <= {one.id for one in other.slices}:  # else a search found it for one pair alone
            assert view["flips"]["concentration"] == flips.concentration
            assert_same(charts["shares"], flips.shares, "row")
    assert found.complaints == []


def assert_same(made: dict[str, Any] | None, chart: Chart | None, *kinds: str) -> None:
    """The rows of some kinds, or all of them, and the table."""
    assert (made is None) == (chart is None)
    if made is None or chart is None:
        return
    drawn = (chart.waiting or chart).rows
    expected, found = ([row for row in rows if not kinds or row["t"] in kinds] for rows in (drawn, made["rows"]))
    assert numbered(found) == numbered(expected)
    assert made["table"] == [list(line) for line in chart.table]


def numbered(value: Any) -> Any:
    """The value with its numbers to nine digits, tuples as lists."""
    if isinstance(value, dict):
        return {name: numbered(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [numbered(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, int | float) and not isinstance(value, bool) else value


def stated(value: Any) -> Any:
    """Links without the versions that they name, which go by what was built."""
    if isinstance(value, dict):
        kept = {name: stated(one) for name, one in value.items() if name != "state"}
        if "state" in value:
            kept["state"] = [list(one) for one in value["state"] if one[0] not in {"version", "baseline"}]
        return kept
    return [stated(one) for one in value] if isinstance(value, list | tuple) else value


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions, v1 against v3 as built, with samples to look at, beliefs and no gates."""
    return Written(builders.report(n=600), tmp_path_factory.mktemp("three"), page="index", ready="h1:visible")


def read(page: Any) -> list[str]:
    """Every text of the parts that follow, as it is seen."""
    texts: list[str] = page.locator("[data-rg-follows]:visible").all_inner_texts()
    return texts


@pytest.mark.parametrize("form", ["folder", "single"])
def test_another_pair_is_chosen_and_the_built_one_again(three: Written, visit: Visit, form: str) -> None:
    """Each part says of which two it is; the answer and the findings stay; nothing is loaded before; links select."""
    found = three.open(visit, form=form)
    page = found.page
    before, answer = read(page), page.locator(ANSWER).all_inner_texts()
    if form == "folder":
        assert not set(HEAVY) & set(page.evaluate(LOADED))
    assert page.locator(".rg-of-pair:visible").count() == 0

    page.get_by_label("Baseline").select_option("v2")
    expect(page.locator("#overview-scorecard .rg-of-pair:visible")).to_have_text("v3 against v2")
    own = page.locator("[data-rg-follows]:visible .rg-of-pair")
    assert own.count() == 4
    assert set(own.all_inner_texts()) == {"v3 against v2"}
    stays = page.locator(".rg-answer-words .rg-of-pair, #overview-findings .rg-of-pair, #overview-looks .rg-of-pair")
    assert set(stays.all_inner_texts()) == {"v3 against v1"}
    expect(page.locator("[data-rg-pair-note]:visible")).to_contain_text("The answer, the findings and the")
    assert page.locator(ANSWER).all_inner_texts() == answer
    expect(page.locator("#overview-slices svg[data-rg-live]:visible")).to_contain_text("worse in v3")
    expect(page.locator("#overview-flips svg[data-rg-live]:visible").first).to_contain_text("right in v2, wrong in v3")
    link = page.locator("#overview-flips [data-rg-links]:visible a").first
    n = link.get_attribute("data-rg-count")
    assert link.inner_text().startswith(f"{int(n):,} ")

    page.get_by_label("Baseline").select_option("v1")
    expect(page.locator(".rg-of-pair:visible")).to_have_count(0)
    assert read(page) == before
    page.get_by_label("Baseline").select_option("v2")
    link.click()
    expect(page.locator(".rg-ex-count:visible")).to_contain_text(f"{int(n):,} samples")
    assert found.complaints == []


def test_gates_stay_those_of_the_built_pair(visit: Visit, tmp_path: Path) -> None:
    """Where there are gates no figures stand beside them, and the note names them."""
    report = gated.held(builders.report(n=400))
    written = Written(report, tmp_path, page="index", ready="#overview-scorecard .rg-of-pair:visible")
    page = written.open(visit, ("baseline", "v3"), ("version", "v1")).page

    expect(page.locator("[data-rg-pair-note]:visible")).to_contain_text("The answer, the gates, the findings")
    assert page.locator(".rg-gate:visible").count() == len(report.gates)
    assert page.locator(".rg-gates-box .rg-of-pair").count() == 0
    assert page.locator("[data-rg-follows=points]").count() == 0


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_of_another_pair(three: Written, visit: Visit, viewport: dict[str, int]) -> None:
    """Names, order and contrast of what a script wrote, and nothing is wider than the window."""
    page = three.open(visit, ("baseline", "v2"), viewport=viewport, color_scheme="dark").page
    expect(page.locator("#overview-flips svg[data-rg-live]:visible").first).to_be_visible()
    page.evaluate(AXE)
    violations = page.evaluate(f"axe.run('#rg-main', {RULES})")["violations"]

    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in violations] == []
    width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room
