"""Lists in Chromium: what a page lets one take away has the samples, what to do with them, and why."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from reportgen.inspection import SampleSet
from reportgen.site.lists import list_files
from tests import builders
from tests.browser.written import Visit, Written
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


def test_cells_are_those_of_the_contract(chromium: Browser) -> None:
    """Python writes the same (``tests/test_spreadsheet.py``)."""
    cases = json.loads((ROOT / "tests" / "contract" / "csv.json").read_text(encoding="utf-8"))
    page = chromium.new_page()
    page.add_script_tag(path=ROOT / "assets" / "js" / "engine" / "csv.js")

    written = page.evaluate("cases => cases.map((one) => window.reportgen.csv.cell(one.value))", cases)
    page.close()

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


def test_lists_of_the_folder_need_no_script(data: Written, visit: Visit) -> None:
    """They are files beside the page."""
    page = data.open(visit, java_script_enabled=False).page

    assert saved(page, "#data-lists tr:nth-child(2) .rg-list-file") == (
        "very-dark.csv",
        list_files(data.report)["very-dark"],
    )
