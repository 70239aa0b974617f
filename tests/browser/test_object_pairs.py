"""Objects in images, and two versions that the report was not built for: the browser says of them what Python says."""

from __future__ import annotations

import functools
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import expect

from reportgen import numbers
from reportgen.report import Report
from reportgen.site.compare import plan_pair
from reportgen.site.object_pairs import plan_object_pair, plan_objects
from tests.browser.test_compare_pairs import comparable
from tests.browser.written import Visit, Written
from tests.object_reports import build_objects, objects, versions_of

pytestmark = [pytest.mark.browser]

CHOSEN = ("v3", "v2")

COMPUTE = """
async ([baseline, candidate]) => {
  const { data, explorer, pairView } = reportgen;
  const [meta, told] = await Promise.all([data.load("samples"), data.load("compare")]);
  const [from, to] = [baseline, candidate].map((name) => meta.versions.findIndex((one) => one.name === name));
  const engine = explorer.open(meta);
  const found = pairView.withAverages(meta, await engine.compare(from, to), await engine.between(from, to));
  const given = { meta, data: told, found, baseline: from, candidate: to };
  const { overall, ...said } = pairView.compose(given, await engine.compose(from, to));
  return JSON.parse(JSON.stringify({ ...pairView.make(given), ...said }));
}
"""

world = functools.cache(objects)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions, v1 against v3 as built."""
    return Written(world(), tmp_path_factory.mktemp("objects"), page="compare", ready="#compare h1")


@pytest.fixture(scope="module")
def other() -> Report:
    return world(pair=CHOSEN)


def test_another_pair_has_the_measures_of_a_report_built_for_it(written: Written, other: Report, visit: Visit) -> None:
    """Average precision and recall with their intervals, and the shares of every type of error among them."""
    found: dict[str, Any] = comparable(written.open(visit).page.evaluate(COMPUTE, list(CHOSEN)))
    expected = comparable(asdict(plan_pair(other, CHOSEN[1])))

    assert len(expected["metrics"]) == 21
    assert found["left"] == ""
    # what other kinds of reports have is none, and shares of versions with other denominators make up no change
    known = {name: one for name, one in expected.items() if one is not None and name != "made_of"}
    assert {name: found[name] for name in known} == known


def test_average_precision_by_size_and_class_is_that_of_a_report_built_for_the_pair(other: Report) -> None:
    """Levels and changes with their intervals, as lines of the chart's table; the other way round, too."""
    here, there = plan_objects(world()), plan_objects(other)
    assert here is not None
    assert there is not None
    for key, expected in (("2-1", there.precision.table), ("1-2", there.precision.tables["1-2"])):
        assert list(here.precision.tables[key]) == list(expected)
    assert all(numbers.MISSING not in line for line in there.precision.table)


def test_objects_follow_the_chosen_versions_and_links_open_as_many(
    written: Written, other: Report, visit: Visit
) -> None:
    """What changed object by object, how found boxes lie, and the sets that the counts lead to."""
    found = written.open(visit, ("baseline", CHOSEN[0]), ("version", CHOSEN[1]))
    page = found.page
    pair = plan_object_pair(other, *CHOSEN)
    expect(page.locator("[data-rg-object-placed]")).to_have_text(pair.placed)
    for row in pair.changes:
        line = page.locator(f'[data-rg-objects] [data-rg-change="{row.name}"]')
        expect(line.locator("td").first).to_contain_text(row.count)
        if row.link is not None:
            expect(line.get_by_role("link")).to_have_text(row.link.text)
    gains = page.locator("[data-rg-gains] tbody tr")
    for line, gain in zip(gains.all(), pair.gains, strict=True):
        expect(line.locator("td")).to_have_text([gain.levels, gain.change, gain.interval, gain.counts])
    assert pair.gains
    chart = plan_objects(other)
    assert chart is not None
    page.locator("[data-rg-object-chart=compare-overlaps] summary").click()
    cells = page.locator("[data-rg-object-chart=compare-overlaps] tbody tr").first.locator("th, td").all_inner_texts()
    assert cells == list(chart.overlaps.table[0])

    page.locator('[data-rg-objects] [data-rg-change="newly_missed"]').get_by_role("link").click()
    missed = next(row for row in pair.changes if row.name == "newly_missed")
    assert missed.link is not None
    expect(page.locator(".rg-ex-count")).to_contain_text(f"{missed.link.count} sample")
    expect(page.locator("[data-rg-rule]")).to_contain_text("v3 finds an object here that v2 misses.")
    assert found.complaints == []


COUNT_DRAWS = """async () => {
  const explorer = await reportgen.explorer.shared();
  const { between } = explorer;
  window.begun = window.drawn = 0;
  explorer.between = (...pair) => {
    window.begun++;
    return between(...pair).finally(() => window.drawn++);
  };
}"""


def test_of_many_versions_a_pair_without_charts_shows_none_and_is_drawn_once(tmp_path: Path, visit: Visit) -> None:
    """Of seven versions the charts of the built pairs alone are carried: no other pair has them under its names."""
    names = [f"v{k}" for k in range(1, 8)]
    truths, found = versions_of(24, 4, {name: 2.0 + k for k, name in enumerate(names)})
    samples = pl.DataFrame({"id": [f"s{i:02d}" for i in range(24)]})
    manifest = "task: detection\nsamples: samples.csv\nbaseline: v1\ncandidate: v2\n"
    report = build_objects(manifest, samples, truths, found)
    visited = Written(report, tmp_path, page="compare", ready="#compare h1").open(visit)
    page = visited.page
    charts = page.locator("#compare [data-rg-object-chart]")
    baseline = page.get_by_role("combobox", name="Baseline", exact=True)
    page.evaluate(COUNT_DRAWS)
    expect(charts.first).to_be_visible()

    for drawn in (1, 1):
        baseline.select_option("v3")
        expect(page.locator("[data-rg-field=title]")).to_contain_text("v3")
        page.wait_for_function("drawn => window.drawn === drawn", arg=drawn)  # what comes later has come
        expect(page.locator("[data-rg-objects]")).to_be_visible()
        assert [one.is_hidden() for one in charts.all()] == [True, True]
        assert page.evaluate("window.begun") == drawn
        baseline.select_option("v1")
        expect(charts.first).to_be_visible()
    assert visited.complaints == []
