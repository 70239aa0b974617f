"""The compare page in Chromium: any version against the baseline, the selected cell, the galleries, both forms."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import expect

from reportgen import columns
from reportgen.model import Limits, Split, Unpaired
from reportgen.report import Report
from reportgen.site.compare import plan_pair
from tests import builders
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Visit, Written

pytestmark = [pytest.mark.browser]


def write(report: Report, folder: Path) -> Written:
    """A report opened at the compare page."""
    return Written(report, folder, page="compare", ready="#compare [data-rg-flip-tools]")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions of four classes."""
    return write(builders.report(), tmp_path_factory.mktemp("compare"))


@pytest.mark.parametrize("form", ["folder", "single"])
def test_every_part_follows_the_chosen_version(written: Written, visit: Visit, form: str) -> None:
    """Title, sentences, outcomes, measures and groups are those of v2 when v2 is chosen, and of v3 again after."""
    found = written.open(visit, form=form)
    page = found.page
    pair = plan_pair(written.report, "v2")
    page.get_by_label("Candidate").select_option("v2")

    expect(page.get_by_role("heading", level=1, name="v1 against v2")).to_be_visible()
    expect(page.locator("#compare [data-rg-field=key]")).to_have_text(pair.key)
    expect(page.locator("#compare [data-rg-field=chance]")).to_have_text(pair.outcomes.chance)
    broken = page.locator("#compare [data-rg-outcome=newly_broken]")
    expect(broken).to_contain_text(pair.outcomes.cells[1].count)
    expect(page.locator("#compare [data-rg-metrics] tbody tr").first).to_contain_text(pair.metrics[0].change)
    expect(page.locator("#compare .rg-group-head").first).to_contain_text(pair.groups[0].groups[0].text)

    page.get_by_label("Candidate").select_option("v3")
    expect(page.locator("#compare [data-rg-field=key]")).to_have_text(plan_pair(written.report, "v3").key)
    assert found.complaints == []


def test_what_the_script_writes_is_what_the_page_had(written: Written, visit: Visit) -> None:
    """Going to another version and back leaves tables and groups as they stood without scripts."""
    read = "parts => parts.map(part => part.textContent.replace(/\\s+/g, ' ').trim())"
    selector = "#compare .rg-outcomes td, #compare .rg-measures td, #compare .rg-changes td, #compare .rg-group-head"
    plain = written.open(visit, java_script_enabled=False).page.locator(selector).evaluate_all(read)
    page = written.open(visit, ("version", "v2")).page
    expect(page.get_by_role("heading", level=1)).to_have_text("v1 against v2")
    page.get_by_label("Candidate").select_option("v3")
    expect(page.get_by_role("heading", level=1)).to_have_text("v1 against v3")

    assert page.locator(selector).evaluate_all(read) == plain


def test_a_link_to_an_outcome_opens_as_many_as_it_says(written: Written, visit: Visit) -> None:
    """The number in the cell is the number of samples on the page that its link opens, for another version too."""
    page = written.open(visit, ("version", "v2")).page
    cell = page.locator("#compare [data-rg-outcome=newly_fixed]")
    pair = plan_pair(written.report, "v2")
    expect(cell).to_contain_text(pair.outcomes.cells[2].count)
    cell.get_by_role("link").click()

    expect(page.locator(".rg-ex-count")).to_contain_text(pair.outcomes.cells[2].count)


def test_the_address_selects_a_cell(written: Written, visit: Visit) -> None:
    """The panel tells the cell of the address: before and after, interval, where it is, and its samples."""
    pair = plan_pair(written.report, "v3")
    cell = next(one for one in pair.cells if one.target == "pedestrian" and one.prediction == "van")
    page = written.open(visit, ("cell", cell.key)).page
    panel = page.locator("#compare [data-rg-cell]")

    expect(panel.get_by_role("heading", level=3)).to_have_text("pedestrian called van")
    expect(panel).to_contain_text(cell.counts)
    expect(panel).to_contain_text(cell.change)
    expect(panel.locator("table tr").first).to_be_visible()
    panel.get_by_role("link", name="See all").click()
    expect(page.locator(".rg-ex-count")).to_contain_text(cell.counts.split(" → ")[1])


def test_a_click_on_the_matrix_selects_its_cell(written: Written, visit: Visit) -> None:
    """A cell of the live matrix opens in the panel, and the address says which."""
    page = written.open(visit).page
    figure = page.locator("figure[data-rg-chart=compare-confusion]")
    expect(figure.locator("svg[data-rg-live]:visible")).to_be_visible()
    pair = plan_pair(written.report, "v3")
    other = next(one for one in pair.cells[1:] if one.target != one.prediction)
    shown = figure.locator("svg[data-rg-live]:visible text", has_text=other.change.split(" ")[0]).first
    shown.click(force=True)

    expect(page).to_have_url(re.compile("cell="))
    before = page.locator("[data-rg-cell-title]").inner_text()
    figure.locator("[data-rg-layout]:visible").press("ArrowDown")
    expect(page.locator("[data-rg-cell-title]")).not_to_have_text(before)
    page.get_by_role("radio", name="Share of row").check()
    page.get_by_role("radio", name="v1", exact=True).check()
    expect(page.locator("[data-rg-when=baseline]")).to_contain_text(
        "What v1 said; share of each row.", use_inner_text=True
    )
    expect(page.locator("[data-rg-when=change]")).to_be_hidden()


def test_a_selected_cell_is_brought_into_sight(written: Written, visit: Visit) -> None:
    """Where the matrix scrolls in its box, it turns to the cell that is selected."""
    page = written.open(visit).page
    box = page.locator("figure[data-rg-chart=compare-confusion] [data-rg-layout]:visible")
    expect(box.locator("svg[data-rg-live]")).to_be_visible()
    box.evaluate("box => { box.style.width = '60px'; }")
    last = written.report.outcomes.classes[-1]
    cell = next(one for one in plan_pair(written.report, "v3").cells[1:] if one.prediction == last)
    page.evaluate("key => reportgen.state.update({ cell: key })", cell.key)

    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())


def test_one_gallery_at_a_time(written: Written, visit: Visit) -> None:
    """The switch turns from newly broken to newly fixed; without scripts both stand in the page."""
    page = written.open(visit).page
    expect(page.locator("[data-rg-flip=newly_fixed]")).to_be_hidden()
    page.get_by_role("radio", name="Newly fixed").check()
    expect(page.locator("[data-rg-flip=newly_fixed]")).to_be_visible()
    expect(page.locator("[data-rg-flip=newly_broken]")).to_be_hidden()
    assert "show=newly_fixed" in page.url

    plain = written.open(visit, java_script_enabled=False).page
    expect(plain.locator("[data-rg-flip=newly_fixed]")).to_be_visible()
    expect(plain.locator("[data-rg-flip=newly_broken]")).to_be_visible()


@pytest.mark.parametrize("state", [("cell", "%3E>>"), ("version", "__proto__"), ("view", "constructor")])
def test_a_hostile_address_does_no_harm(written: Written, visit: Visit, state: tuple[str, str]) -> None:
    """Whatever the address says, the built pair stands and nothing is complained of."""
    found = written.open(visit, state)

    expect(found.page.get_by_role("heading", level=1)).to_have_text("v1 against v3")
    assert found.complaints == []


@pytest.mark.parametrize(
    "options", [{"viewport": DESKTOP}, {"viewport": PHONE}, {"viewport": DESKTOP, "color_scheme": "dark"}]
)
def test_nothing_stands_in_a_readers_way(written: Written, visit: Visit, options: dict[str, Any]) -> None:
    """No rule of axe finds anything, and the page is never wider than the window."""
    page = written.open(visit, **options).page
    page.evaluate(AXE)
    violations = page.evaluate(
        f"axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target))"
    )

    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1


def test_a_version_of_other_samples_shows_the_unpaired_difference_alone(visit: Visit, tmp_path: Path) -> None:
    """Chosen in the header it hides what only a pair has, and another version brings it back."""
    report = builders.report()
    split = Split("weather", 2, -0.03, -0.04, -0.02, 0.01, -0.01, 0.03)
    apart = Unpaired(
        "accuracy", "v1", "v2", 0.8, 0.78, -0.02, -0.05, 0.01, 0.2, 600, 600, 0, "unpaired, linearised", split
    )
    page = write(replace(report, unpaired=(apart,)), tmp_path).open(visit).page
    section, outcomes = page.locator("[data-rg-with=apart]"), page.locator("[data-rg-outcome=both_right]")
    expect(outcomes).to_be_visible()
    expect(section).to_be_hidden()

    page.evaluate("reportgen.state.update({version: 'v2'})")
    expect(section).to_contain_text("−2.0 points, 95% −5.0 to +1.0")
    expect(section).to_contain_text("−3.0 points, 95% −4.0 to −2.0, go with which kinds of samples")
    expect(outcomes).to_be_hidden()


def test_the_scripts_say_the_level_of_the_intervals(visit: Visit, tmp_path: Path) -> None:
    """The measures of another version are headed by the level that the report has."""
    page = write(replace(builders.report(n=600), limits=Limits(level=0.8)), tmp_path).open(visit).page
    page.evaluate("reportgen.state.update({version: 'v2'})")
    expect(page.locator("[data-rg-field=version]").first).to_have_text("v2")
    expect(page.locator("[data-rg-metrics] thead")).to_contain_text("80%")


def test_what_the_change_is_made_of_follows_the_attribute_and_the_version(visit: Visit, tmp_path: Path) -> None:
    """The list chooses the attribute, the address keeps it, and chart, table and sentence follow."""
    report = builders.report()
    rows = [
        (name, value, f"{name}={value}", "v1", version, 0.5, delta, delta / 2, delta / 2 - 0.01, delta / 2 + 0.01, 600,
         "unclear" if abs(delta) < 0.02 else "better", "decide")
        for version, gain in (("v2", 0.01), ("v3", 0.05))
        for name, values in (("weather", ("rain", "sun")), ("time", ("day", "night")))
        for value, delta in ((values[0], gain), (values[1], 2 * gain))
    ]  # fmt: skip
    table = pl.DataFrame(rows, columns.CONTRIBUTIONS, orient="row")
    page = write(replace(report, contributions=table), tmp_path).open(visit).page
    section = page.locator("[data-rg-made]")
    lines = section.locator(".rg-chart-table tbody th")
    expect(lines).to_have_text(["rain", "sun"])

    section.locator("select").select_option("time")
    expect(lines).to_have_text(["day", "night"])
    expect(section.locator("[data-rg-made-key]")).to_have_text(
        "By time, +7.50 points in all: time night brings +5.00 points with 50.0% of the samples."
    )
    assert "by=time" in page.url

    page.evaluate("reportgen.state.update({version: 'v2'})")
    expect(section.locator("[data-rg-made-key]")).to_contain_text("By time, +1.5")
    expect(section.locator("svg[data-rg-live]").first).to_be_visible()
