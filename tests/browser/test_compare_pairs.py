"""The compare page of two versions that the report was not built for.

What the browser makes of the samples is what Python writes into a report that is built for them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from reportgen import pipeline
from reportgen.inputs.load import load_text
from reportgen.report import Report
from reportgen.site.charts import Chart
from reportgen.site.compare import plan_pair
from reportgen.site.compare_charts import plan_classes, plan_confusion, plan_errors
from reportgen.site.compare_versions import plan_versions
from reportgen.site.contributions import key_of, plan_contributions
from tests import builders
from tests.browser.written import Visit, Written
from tests.conftest import MANIFESTS
from tests.selection_worlds import WORLDS, Pair

pytestmark = [pytest.mark.browser]

SWAPPED = ("v2", "v1")
N = 900
DRAWN = ("Calibration error", "Average precision")
"""The measures whose intervals take draws: the browser names them and leaves them out."""

COMPUTE = """
async ([baseline, candidate]) => {
  const { chartRows, charts, data, explorer, pairCharts, pairView } = reportgen;
  const [meta, told] = await Promise.all([data.load("samples"), data.load("compare")]);
  const [from, to] = [baseline, candidate].map((name) => meta.versions.findIndex((one) => one.name === name));
  const engine = explorer.open(meta);
  const given = { meta, data: told, found: await engine.compare(from, to), baseline: from, candidate: to };
  const composed = await engine.compose(from, to);
  const { overall, class_key, ...said } = pairView.compose(given, composed);
  const pair = { ...pairView.make(given), ...said };
  const made = { pair, classes: null, matrices: {}, made: {}, errors: null };
  for (const { attribute } of composed.made) {
    const frame = await charts.frame("compare-made-of");
    made.made[attribute] = pairCharts.contributions(composed.made, attribute, frame, told.words.rest);
  }
  if (!meta.classes.length) {
    pair.class_key = class_key;
    const rows = pairView.errorRows(given, composed.targets);
    made.errors = chartRows.diverging(rows, overall, await charts.frame("compare-errors"), candidate);
  }
  if (pair.classes.length > 1) {
    const frame = await charts.frame("compare-classes");
    made.classes = pairCharts.classRows(pair.classes, frame, pairView.decimalsOf);
  }
  for (const view of meta.classes.length ? ["change", "candidate", "baseline"] : []) {
    const frame = await charts.frame("compare-confusion");
    for (const share of [false, true]) {
      const matrix = pairCharts.confusion(pair.confusions, frame, { view, share, said: "" });
      made.matrices[`${view}-${share ? "share" : "count"}-${to}`] = matrix;
    }
  }
  return JSON.parse(JSON.stringify(made));
}
"""


@functools.cache
def world(name: str, pair: Pair | None = None) -> Report:
    """A world as its manifest has it, or built for another pair."""
    return WORLDS[name](n=N) if pair is None else WORLDS[name](n=N, pair=pair)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Written]:
    """The report of a world, written once."""

    @functools.cache
    def write(name: str) -> Written:
        report = world(name)
        return Written(report, tmp_path_factory.mktemp(name), page="compare", ready="#compare h1")

    return write


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions, v1 against v3 as built."""
    return Written(builders.report(n=600), tmp_path_factory.mktemp("three"), page="compare", ready="#compare h1")


def comparable(value: Any) -> Any:
    """A pair's view without what differs by its place: links name the pair, and which samples are shown first."""
    if isinstance(value, dict):
        kept = {key: comparable(one) for key, one in value.items() if key != "state"}
        if "state" in value:
            kept["state"] = [list(one) for one in value["state"] if one[0] not in {"version", "baseline"}]
        if "aside" in kept:
            kept["rows"] = None
        return kept
    if isinstance(value, list | tuple):
        return [comparable(one) for one in value]
    return value


def assert_same_view(found: dict[str, Any], report: Report, candidate: str) -> None:
    """Every sentence, figure, link and cell of the pair is that of Python, letter by letter."""
    expected = comparable(asdict(plan_pair(report, candidate)))
    expected["metrics"] = [row for row in expected["metrics"] if not row["label"].startswith(DRAWN)]
    made = comparable(found)

    assert {name: made[name] for name in expected} == expected


@pytest.mark.parametrize("name", ["classification", "binary", "regression", "grouped"])
def test_the_view_is_that_of_a_report_built_for_the_pair(
    folder: Callable[[str], Written], visit: Visit, name: str
) -> None:
    """With the two versions changing places: sentences, outcomes, measures, cells and groups; and the charts' rows."""
    page = folder(name).open(visit).page
    other = world(name, SWAPPED)
    found = page.evaluate(COMPUTE, list(SWAPPED))

    assert_same_view(found["pair"], other, SWAPPED[1])
    if found["classes"]:
        chart = plan_classes(other)
        assert chart is not None
        assert_same_rows(found["classes"], chart, "", "panel")
    if found["matrices"]:
        chart = plan_confusion(other, "")
        assert chart is not None
        for key, made in found["matrices"].items():
            assert_same_rows(made, chart, key, "cell", "foot")
    if found["errors"]:
        chart = plan_errors(other, "")
        assert chart is not None
        assert_same_rows(found["errors"], chart, "", "row", "overall", "axis", "worse", "measure")
    part = plan_contributions(other)
    assert part is not None
    assert tuple(found["made"]) == part.attributes
    for attribute, made in found["made"].items():
        assert_same_rows(made, part.chart, key_of(other, SWAPPED[1], attribute), "row", "axis", "head")


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its numbers to nine digits."""
    return {name: numbers_of(one) for name, one in row.items()}


def numbers_of(value: Any) -> Any:
    """A number to nine digits, and those of a list; else what it is."""
    if isinstance(value, list):
        return [numbers_of(one) for one in value]
    return float(f"{value:.9g}") if isinstance(value, int | float) and not isinstance(value, bool) else value


def assert_same_rows(made: dict[str, Any], chart: Chart, key: str, *kinds: str) -> None:
    """The rows of some kinds, to 1e-9, and the table."""
    rows, table = (chart.alternatives[key], chart.tables[key]) if key else (chart.rows, chart.table)
    expected, found = ([row for row in some if row["t"].startswith(kinds)] for some in (rows, made["rows"]))
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert rounded(ours) == rounded(theirs), key
    assert made["table"] == [list(line) for line in table]


def test_all_versions_stand_against_the_chosen_baseline(folder: Callable[[str], Written], visit: Visit) -> None:
    """Of twenty versions any two, printed as precisely as all against the same baseline; and their table."""
    pair = ("v7", "v12")
    page = folder("twenty_versions").open(visit).page

    found, report = page.evaluate(COMPUTE, list(pair))["pair"], world("twenty_versions", pair)

    assert_same_view(found, report, pair[1])
    table = plan_versions(report)
    assert table is not None
    texts = ("name", "note", "levels", "change", "interval", "n", "verdict", "chosen")
    for made, row in zip(found["versions"], table.rows, strict=True):
        assert [made[name] for name in texts] == [getattr(row, name) for name in texts]
        assert [made[name]["count"] for name in ("broken", "fixed")] == [row.broken.count, row.fixed.count]


def test_versions_of_other_samples_are_told_unpaired(visit: Visit, tmp_path: Path) -> None:
    """Where two versions share no sample the page says why nothing is paired, with the unpaired difference."""
    path = MANIFESTS["weather-years"]
    text = path.read_text(encoding="utf-8")
    turned = text.replace("baseline: v1", "baseline: v2").replace("candidate: v2", "candidate: v1")
    report, other = (pipeline.run(load_text(one, path, path.parent)) for one in (text, turned))
    page = (
        Written(report, tmp_path, page="compare", ready="#compare h1")
        .open(visit, ("baseline", "v2"), ("version", "v1"))
        .page
    )
    pair = plan_pair(other, "v1")

    assert pair.apart
    expect(page.locator("#compare [data-rg-field=key]")).to_have_text(pair.key)
    expect(page.locator("#compare [data-rg-field=apart]")).to_have_text(pair.apart)


@pytest.mark.parametrize("form", ["folder", "single"])
def test_every_part_follows_any_two_versions(three: Written, visit: Visit, form: str) -> None:
    """v3 against v2, chosen in the header: all parts are theirs, a link opens as many; and v1, v3 again after."""
    found = three.open(visit, form=form)
    page = found.page
    read = "parts => parts.map(part => part.textContent.replace(/\\s+/g, ' ').trim())"
    parts = page.locator(
        "#compare .rg-outcomes td, #compare .rg-measures td, #compare .rg-changes td, #compare .rg-caption"
    )
    before = parts.evaluate_all(read)
    page.get_by_label("Baseline").select_option("v3")
    page.get_by_label("Candidate").select_option("v2")

    expect(page.get_by_role("heading", level=1)).to_have_text("v3 against v2")
    expect(page.locator("#compare [data-rg-pair-state]")).to_be_hidden()
    expect(page.locator("#compare [data-rg-field=key]")).to_contain_text("for the better")
    expect(page.locator("#compare .rg-outcomes thead")).to_contain_text("v2 right")
    expect(page.locator("#compare .rg-outcomes tbody th").first).to_contain_text("v3 right")
    expect(page.locator("[data-rg-chart=compare-confusion] svg[data-rg-live]:visible")).to_contain_text(
        "v3 and v2 said"
    )
    page.get_by_role("radio", name="Newly fixed").check()
    expect(page.locator("#compare [data-rg-flip=newly_fixed] .rg-tile").first).to_be_visible()
    cell = page.locator("#compare [data-rg-outcome=newly_fixed]")
    count = cell.locator("[data-rg-count-text]").inner_text()
    assert count == cell.get_by_role("link").get_attribute("data-rg-count")

    page.get_by_label("Baseline").select_option("v1")
    page.get_by_label("Candidate").select_option("v3")
    expect(page.get_by_role("heading", level=1)).to_have_text("v1 against v3")
    assert parts.evaluate_all(read) == before
    page.goto(three.address(("baseline", "v3"), ("version", "v2"), form=form))
    page.reload()
    expect(cell.locator("[data-rg-count-text]")).to_have_text(count)
    cell.get_by_role("link").click()
    expect(page.locator(".rg-ex-count")).to_contain_text(count)
    assert found.complaints == []
