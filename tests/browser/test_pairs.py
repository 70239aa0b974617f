"""Any two versions against each other, on every page: the pickers, and what the browser makes for a pair not built."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reportgen.analysis.versions import QUESTION
from reportgen.report import Report
from reportgen.site.slice_columns import version_columns
from reportgen.site.slices import plan_slices, slice_chunks
from tests import builders
from tests.browser.written import PHONE, Visit, Written
from tests.pair_worlds import WORLDS

pytestmark = pytest.mark.browser

FORMS = ("folder", "single")
SLICES = """
async () => {
  const data = await reportgen.sliceData.open();
  const { after, key, catalogue } = await data.pair();
  return JSON.stringify({ after, key, tested: catalogue.n_tested, ids: data.slices.map((one) => one.id) });
}
"""
HEAT = """
async ([rows, columns, view]) => {
  const data = await reportgen.sliceData.open();
  const { before, after, catalogue } = await data.pair();
  return reportgen.sliceHeat.make(catalogue, data.slices, before, after, rows, columns, view);
}
"""
BACK = """
async () => {
  const data = await reportgen.sliceData.open();
  const { after } = await data.pair();
  return [reportgen.sliceMade.mirrored(data.catalogue, await data.figures("v3")), after];
}
"""
PAIR = "(({baseline, candidate, built}) => [baseline, candidate, built])(reportgen.versions.pair())"
BUILT = ["v1", "v3", True]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three versions, v1 against v3 as built, opened at the front page."""
    report = builders.report(n=400)
    return Written(report, tmp_path_factory.mktemp("three"), page="index", ready="h1:visible")


def picked(page: Page, side: str) -> Any:
    """The picker of one side."""
    return page.get_by_role("combobox", name=side, exact=True)


@pytest.mark.parametrize("form", FORMS)
def test_any_two_versions_are_chosen(three: Written, visit: Visit, form: str) -> None:
    """Both sides have all versions; one chosen on the other side too changes places with it; links carry both."""
    found = three.open(visit, form=form)
    page = found.page
    picked(page, "Baseline").select_option("v2")
    assert page.evaluate(PAIR) == ["v2", "v3", False]
    picked(page, "Candidate").select_option("v2")
    assert page.evaluate(PAIR) == ["v3", "v2", False]
    note = page.locator("[data-rg-pair-note]:visible")
    expect(note).to_contain_text("You chose v2 against v3")
    note.get_by_role("link", name="Slices").click()

    expect(page.locator(".rg-nav [aria-current]")).to_have_text("Slices")
    expect(picked(page, "Baseline")).to_have_value("v3")
    assert page.evaluate(PAIR) == ["v3", "v2", False]
    picked(page, "Baseline").select_option("v1")
    picked(page, "Candidate").select_option("v3")
    assert "version" not in page.url
    assert "baseline" not in page.url
    assert page.evaluate(PAIR) == BUILT
    assert found.complaints == []


@pytest.mark.parametrize(
    ("state", "pair"),
    [
        ({"baseline": "__proto__", "version": "<img src=x>"}, BUILT),
        ({"baseline": "v3"}, BUILT),  # a version against itself
        ({"version": "v1"}, BUILT),
        ({"baseline": "nobody", "version": "v2"}, ["v1", "v2", False]),
        ({"baseline": "v3", "version": "v1"}, ["v3", "v1", False]),
    ],
    ids=str,
)
def test_names_that_are_none_are_the_built_ones(
    three: Written, visit: Visit, state: dict[str, str], pair: list[object]
) -> None:
    """What no version is called, and a version against itself, falls back; nothing breaks."""
    found = three.open(visit, *state.items())

    assert found.page.evaluate(PAIR) == pair
    assert found.complaints == []


def test_without_scripts_the_built_pair_is_told(three: Written, visit: Visit) -> None:
    """The header says baseline and candidate as text, without pickers."""
    page = three.open(visit, java_script_enabled=False).page

    expect(page.locator(".rg-pair .rg-pick:visible")).to_have_text(["Baseline v1", "Candidate v3"])
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.locator("[data-rg-pair-note]:visible")).to_have_count(0)


def test_long_names_fit_the_phone(tmp_path: Path, visit: Visit) -> None:
    """The pickers give way to the page, however the versions are called."""
    report = builders.hostile("a version that somebody gave a whole sentence for its name")
    page = Written(report, tmp_path, page="index", ready="h1:visible").open(visit, viewport=PHONE).page

    for side in ("Baseline", "Candidate"):
        box = picked(page, side).bounding_box()
        assert box["width"] >= 44
        assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize("name", WORLDS)
def test_slices_are_those_of_a_report_that_was_built_so(tmp_path: Path, visit: Visit, name: str) -> None:
    """Of a report built for another pair: every column of every slice, to 1e-9, the axes and the key sentence."""
    world = WORLDS[name]()
    written, other = Written(world.report("v1", "v3"), tmp_path, page="slices", ready="h1"), world.report("v2", "v3")
    found = written.open(visit, ("baseline", "v2"), ("version", "v3"))
    made: Any = json.loads(found.page.evaluate(SLICES))
    expected: Any = json.loads(json.dumps(version_columns(other, "v3")))
    searched = [one.id for report in (written.report, other) for one in report.slices if one.origin == "found"]

    at = {slice_id: i for i, slice_id in enumerate(made["ids"])}
    kept = [(i, at[one.id]) for i, one in enumerate(other.slices) if one.id not in searched]
    columns = [name for name, column in expected.items() if name not in {"found", "scales", "searched"}]
    for column in columns:
        own, theirs = ([made["after"][column][i] for _, i in kept], [expected[column][i] for i, _ in kept])
        assert filled(own) == pytest.approx(filled(theirs), rel=1e-9, abs=1e-12, nan_ok=True), column
    assert len(kept) == len(made["ids"]) - len(set(searched))
    family = next(f for f in other.families if (f.question, f.baseline, f.candidate) == (QUESTION, "v2", "v3"))
    assert made["tested"] == {"v3": family.n_tested}
    assert made["key"] == unpacked(other)["keys"]["v3"]
    if not searched:
        assert made["after"]["scales"] == expected["scales"]
    expect(found.page.locator("[data-rg-slices-key]")).to_have_text(made["key"])
    expect(found.page.locator("th [data-rg-baseline]")).to_have_text("v2")
    assert found.complaints == []


def test_the_change_back_is_the_change_turned_round(tmp_path: Path, visit: Visit) -> None:
    """What the report carries of a pair, seen from the other side, is what the samples give of the two that way."""
    written = Written(WORLDS["drives"]().report("v1", "v3"), tmp_path, page="slices", ready="h1")
    turned, made = written.open(visit, ("baseline", "v3"), ("version", "v1")).page.evaluate(BACK)

    for column, values in turned.items():
        if column != "decimals":  # over all samples they are those of all pairs with the same baseline
            assert filled(values) == pytest.approx(filled(made[column]), rel=1e-9, abs=1e-12, nan_ok=True), column


def test_the_counts_of_a_slice_lead_to_its_samples(tmp_path: Path, visit: Visit) -> None:
    """The drawer tells of the chosen pair, says that the slice was not found for it, and its links select as many."""
    written = Written(WORLDS["scenes"]().report("v1", "v3"), tmp_path, page="slices", ready="h1")
    (one,) = (one for one in written.report.slices if one.origin == "found")
    found = written.open(visit, ("baseline", "v2"), ("version", "v3"), ("slice", one.id))
    drawer = found.page.locator(".rg-drawer")
    expect(drawer).to_contain_text("Accuracy, v2 → v3")
    expect(drawer).to_contain_text("It was not found for its change from v2, so that is shown and was not tested.")
    link = drawer.locator("[data-rg-count]").first
    n = link.get_attribute("data-rg-count")
    link.click()

    expect(found.page.locator(".rg-ex-count")).to_contain_text(f"{n} of ")
    expect(found.page.locator("[data-rg-rule]")).to_contain_text("v2 got these right, v3 gets them wrong")
    assert found.complaints == []


@pytest.mark.parametrize("name", ["drives", "prices"])
def test_heatmaps_are_those_of_a_report_that_was_built_so(tmp_path: Path, visit: Visit, name: str) -> None:
    """Cells, colours, texts, the table's lines and the sentence, in each view that the other report carries."""
    world = WORLDS[name]()
    written = Written(world.report("v1", "v3"), tmp_path, page="slices", ready="h1")
    heat = plan_slices(world.report("v2", "v3")).heat
    assert heat is not None
    page = written.open(visit, ("baseline", "v2"), ("version", "v3")).page
    for key in [key for key in heat.chart.alternatives if key.endswith("-2")][:9]:
        rows, columns, view, _ = key.split("-")
        made: Any = page.evaluate(HEAT, [int(rows), int(columns), view])
        wanted = [dict(row) for row in heat.chart.alternatives[key] if row["t"] == "cell"]
        own = [row for row in made["rows"] if row["t"] == "cell"]
        for row in (*wanted, *own):
            row["reach"] = round(row.get("reach", 0))
            if name == "prices" or view != "change":  # full colour is that of what the built pair shows
                row.pop("heat")

        assert own == wanted
        assert [tuple(line) for line in made["table"]] == list(heat.chart.tables[key])
        if view == "change":
            assert made["key"] == heat.keys[f"{rows}-{columns}-2"]


def filled(column: list[float | None]) -> list[float]:
    """The column with NaN where there is nothing."""
    return [float("nan") if one is None else one for one in column]


def unpacked(report: Report) -> Any:
    """What the browser reads of the slices."""
    chunk: Any = slice_chunks(report, plan_slices(report))["slices"]
    return json.loads(gzip.decompress(base64.b64decode(chunk["gzip"])))
