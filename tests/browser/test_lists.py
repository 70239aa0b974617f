"""Lists in Chromium: what a page lets one take away has the samples, what to do with them, and why."""

from __future__ import annotations

import csv
import io
import json
import re
from copy import copy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Page, expect

from reportgen.inspection import SampleSet
from reportgen.report import Report
from reportgen.site.footer import inputs_digest
from reportgen.site.lists import list_files
from reportgen.site.words import moment
from tests import builders
from tests.browser.written import AXE, PHONE, RULES, Blank, Visit, Written
from tests.conftest import ROOT
from tests.inspected import inspected

pytestmark = [pytest.mark.browser]

DARK = SampleSet("very-dark", "very dark", "samples", "The image is darker than 0.3.", np.array([7, 2, 40]), "exclude")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report with labels that look wrong and three dark images, at the Data page."""
    report = inspected(builders.report(), [DARK])
    return Written(report, tmp_path_factory.mktemp("lists"), page="data", ready="#data-lists")


def saved(page: Page, target: str) -> tuple[str, str]:
    """Name and text of the file that a click on the target saves."""
    with page.expect_download() as caught:
        page.locator(target).click()
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes().decode()


def test_cells_are_those_of_the_contract(blank: Blank) -> None:
    """Python writes the same (``tests/test_spreadsheet.py``)."""
    cases = json.loads((ROOT / "tests" / "contract" / "csv.json").read_text(encoding="utf-8"))
    page = blank()
    page.add_script_tag(path=ROOT / "assets" / "js" / "engine" / "csv.js")

    written = page.evaluate("cases => cases.map((one) => window.reportgen.csv.cell(one.value))", cases)

    assert written == [case["cell"] for case in cases]


@pytest.mark.parametrize("form", ["folder", "single"])
def test_the_data_page_gives_every_list(data: Written, visit: Visit, form: str) -> None:
    """The button of the section and the table at the end: the files that Python wrote, to the byte."""
    opened = data.open(visit, form=form)
    files = list_files(data.report)

    labels = ("suspect-labels.csv", files["suspect-labels"])
    assert saved(opened.page, "#data-labels .rg-data-tools > :first-child") == labels
    assert saved(opened.page, "#data-lists tr:nth-child(1) .rg-list-file") == labels
    assert saved(opened.page, "#data-lists tr:nth-child(2) .rg-list-file") == ("very-dark.csv", files["very-dark"])
    assert [line[0] for line in csv.reader(io.StringIO(files["very-dark"]))][1:] == [
        data.report.outcomes.frame["id"][row] for row in (7, 2, 40)
    ]
    assert opened.complaints == []


def test_the_one_file_in_a_frame_of_a_host(data: Written, visit: Visit) -> None:
    """Sandboxed, as hosts of such files have it: where it may download, the list is the same."""
    host = data.folder.parent / "host.html"
    frame = f'<iframe id="it" src="{data.single.name}#data" width="1200" height="800"'
    host.write_text(f'<!doctype html>{frame} sandbox="allow-scripts allow-downloads"></iframe>', encoding="utf-8")
    page = visit(host.as_uri(), host.parent.as_uri() + "/").page
    with page.expect_download() as caught:
        page.frame_locator("#it").locator("#data-lists tr:nth-child(2) .rg-list-file").click()

    assert Path(caught.value.path()).read_bytes().decode() == list_files(data.report)["very-dark"]


def test_lists_of_the_folder_need_no_script(data: Written, visit: Visit) -> None:
    """They are files beside the page."""
    page = data.open(visit, java_script_enabled=False).page

    assert saved(page, "#data-lists tr:nth-child(2) .rg-list-file") == (
        "very-dark.csv",
        list_files(data.report)["very-dark"],
    )


PAGES = {
    "explore": "[data-rg-part=explorePage][data-rg-ready]",
    "examples": "[data-rg-part=examples]",
    "slices": "#slices [data-rg-tools]",
}
RAIN = (("a.weather", "rain"), ("a.time", "night"))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """A report of three versions at each page that makes lists."""
    written = Written(builders.report(), tmp_path_factory.mktemp("made"), page="", ready="")
    return {name: at(written, name) for name in PAGES}


def at(written: Written, page: str) -> Written:
    """The same report at another page."""
    found = copy(written)
    found.page, found.ready = page, PAGES[page]
    return found


def make(page: Page, action: str, ending: str) -> tuple[str, str]:
    """Name and text of the list that the open page's menu makes of what is selected."""
    box = page.locator(".rg-list-box:visible")
    box.locator("[data-rg-list-open]").click()
    box.locator(f"input[value={action}]").check()
    found = saved(page, f".rg-list-box [data-rg-list-save={ending}]:visible")
    expect(box.locator("[data-rg-list-said]")).to_contain_text(f"as {found[0]}.")
    return found


def lines_of(text: str) -> list[dict[str, str]]:
    """The lines of a list."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def at_night_in_the_rain(report: Report) -> pl.DataFrame:
    """Its samples, with what became of them."""
    return report.outcomes.frame.filter((pl.col("a0") == 2) & (pl.col("a1") == 1))


@pytest.mark.parametrize("form", ["folder", "single"])
@pytest.mark.parametrize("name", ["explore", "examples"])
def test_a_selection_is_a_list(report: dict[str, Written], visit: Visit, name: str, form: str) -> None:
    """Of what the address selects: every id with its label, what to do, and the selection's own words; as JSON, too."""
    state = (*RAIN, ("set", "newly_broken"))
    opened = report[name].open(visit, *state, form=form)
    classes = report[name].report.outcomes.classes
    broken = at_night_in_the_rain(report[name].report).filter((pl.col("correct_0") == 1) & (pl.col("correct_2") == 0))
    expected = {row["id"]: classes[row["target"]] for row in broken.iter_rows(named=True)}
    file, text = make(opened.page, "relabel", "csv")
    lines = lines_of(text)

    assert file == "relabel-weather-rain-time-night-newly-broken-by-v3.csv"
    assert {line["id"]: line["label"] for line in lines} == expected
    assert len(lines) == len(expected) > 5
    assert {(line["action"], line["reason"]) for line in lines} == {
        ("relabel", "weather = rain, time = night, newly broken by v3")
    }

    opened.page.keyboard.press("Escape")
    expect(opened.page.locator(".rg-list-menu:visible")).to_have_count(0)
    _, text = make(opened.page, "exclude", "json")
    found = json.loads(text)
    assert found["action"] == "exclude"
    assert found["reason"] == "weather = rain, time = night, newly broken by v3"
    assert set(found["ids"]) == set(expected)
    assert found["report"] == {
        "title": report[name].report.title,
        "candidate": "v3",
        "baseline": "v1",
        "created": moment(report[name].report.created),
        "inputs": inputs_digest(report[name].report),
    }
    assert "conditions" not in found
    query = found["selection"].partition("?")[2]
    opened.page.goto(f"{report['explore'].folder.as_uri()}/explore.html#?{query}")
    expect(opened.page.locator("[data-rg-count]").first).to_have_text(re.compile(f"^{len(expected)} of "))
    assert opened.complaints == []


@pytest.mark.parametrize("form", ["folder", "single"])
def test_a_slice_is_a_list_of_samples_to_collect_more_like(report: dict[str, Written], visit: Visit, form: str) -> None:
    """In the drawer: all its samples, and what such samples have in common; Escape closes the menu, not the drawer."""
    written = report["slices"]
    opened = written.open(visit, ("slice", "weather=rain & time=night"), form=form)
    inside = at_night_in_the_rain(written.report)
    _, text = make(opened.page, "collect", "csv")
    lines = lines_of(text)

    assert {line["id"] for line in lines} == set(inside["id"])
    assert {(line["action"], line["reason"], line["conditions"]) for line in lines} == {
        ("collect more like", "weather = rain, time = night", "weather = rain and time = night")
    }
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator(".rg-list-menu:visible")).to_have_count(0)
    expect(opened.page.locator(".rg-drawer")).to_be_visible()
    found = json.loads(make(opened.page, "collect", "json")[1])
    assert found["conditions"] == [
        {"attribute": "weather", "values": ["rain"]},
        {"attribute": "time", "values": ["night"]},
    ]
    assert found["n"] == len(found["ids"]) == inside.height
    assert opened.complaints == []


def test_a_finding_carries_its_reason_along(report: dict[str, Written], visit: Visit) -> None:
    """Its link selects the samples it speaks of; their list says so."""
    written = report["examples"]
    link = next(one for finding in written.report.findings for one in finding.links if one.page == "examples")
    page = written.open(visit, *link.state).page
    _, text = make(page, "review", "csv")
    lines = lines_of(text)

    assert len(lines) == link.count
    assert {line["reason"] for line in lines} == {"weather = rain, time = night, newly broken by v3"}


TOLD = [
    ("", "all samples", []),
    ("set=sure_wrong", "sure but wrong (v3)", []),
    ("set=both_wrong&baseline=v2", "both wrong (v2 → v3)", []),
    ("now=wrong&was=right", "v1 was right, v3 is wrong", []),
    ("flip=newly_broken&flip=both_wrong", "v1 → v3: both wrong or newly broken", []),
    ("label=car&label=van", "label = car or van", [{"attribute": "label", "values": ["car", "van"]}]),
    ("predicted=car", "v3 says = car", []),
    ("confidence=0.2..0.9", "confidence 0.2 to 0.9", []),
    ("confidence=0.2..", "confidence ≥ 0.2", []),
    ("q=7", "ID holds “7”", []),
    ("without=a.weather", "weather missing", [{"attribute": "weather", "missing": True}]),
    ("a.very dark=yes", "very dark", []),
    ("without=a.very dark", "not very dark", []),
]


def test_reasons_are_the_words_of_the_page(data: Written, visit: Visit) -> None:
    """Of every kind of filter; conditions only of what is said of samples whatever became of them."""
    page = at(data, "explore").open(visit).page
    told = page.evaluate(
        """all => reportgen.data.load("samples").then((meta) => all.map((one) => {
          const asked = reportgen.query.explore(new URLSearchParams(one), meta);
          return reportgen.lists.tell(asked, reportgen.query.facets(meta, asked.baseline, asked.candidate), meta);
        }))""",
        [state for state, _, _ in TOLD],
    )

    assert [(one["reason"], one["conditions"]) for one in told] == [(reason, more) for _, reason, more in TOLD]


def test_hostile_ids_labels_and_values_are_no_formulas(data: Written, visit: Visit) -> None:
    """In the CSV each has an apostrophe before it; the JSON has them as they are."""
    page = at(data, "explore").open(visit).page
    told = {"reason": "=cmd()", "conditions": [{"attribute": "=x", "values": ['a",b']}]}
    samples = [["=1+1", "@x"], ["</script>", None], ["-3", -3]]
    text, object_ = page.evaluate(
        """([told, samples]) => [
          reportgen.lists.csv("collect", told, samples),
          reportgen.lists.json("review", told, "#?a=b", { title: "<b>" }, samples.map((one) => one[0])),
        ]""",
        [told, samples],
    )

    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == [
        ["'=1+1", "'@x", "collect more like", "'=cmd()", "'=x = a\",b"],
        ["</script>", "", "collect more like", "'=cmd()", "'=x = a\",b"],
        ["'-3", "-3", "collect more like", "'=cmd()", "'=x = a\",b"],
    ]
    assert json.loads(object_)["ids"] == ["=1+1", "</script>", "-3"]


def test_keys_reach_the_menu_and_nothing_is_saved_of_nothing(report: dict[str, Written], visit: Visit) -> None:
    """Enter opens it at the first choice, arrows choose; of an empty selection there is no list."""
    page = report["explore"].open(visit, viewport=PHONE).page
    opener = page.locator("[data-rg-list-open]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rg-list-menu input[value=relabel]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".rg-list-menu input[value=collect]")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(AXE)
    assert page.evaluate(f"axe.run('.rg-list-box', {RULES}).then(found => found.violations.map(one => one.id))") == []
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()

    page = report["explore"].open(visit, ("q", "no such id")).page
    page.locator("[data-rg-list-open]").click()
    expect(page.locator("[data-rg-list-save=csv]")).to_be_disabled()
    expect(page.locator(".rg-list-what")).to_have_text("0 samples: ID holds “no such id”")


def test_on_a_phone_a_list_is_read_without_scrolling_sideways(data: Written, visit: Visit) -> None:
    """Its name, how many samples it has, and why each is there."""
    page = data.open(visit, viewport=PHONE).page
    box = page.locator("#data-lists .rg-scroll")
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth")
    row = page.locator(".rg-lists tbody tr").filter(has_text="very dark")
    assert len({one.bounding_box()["y"] for one in (row.locator("th"), row.locator("td").last)}) == 2  # type: ignore[index]
    page.evaluate(AXE)
    assert page.evaluate(f"axe.run('#data-lists', {RULES}).then(found => found.violations.map(one => one.id))") == []
