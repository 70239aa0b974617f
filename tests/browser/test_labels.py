"""A report of sets of labels: labels that go wrong together, on Slices and Compare, for any version."""

from __future__ import annotations

import copy
import csv

import pytest
from PIL import Image
from playwright.sync_api import expect

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.report import Report
from reportgen.site.label_errors import plan_error_changes, plan_error_table
from tests.browser.written import DESKTOP, Visit, Written

pytestmark = [pytest.mark.browser]

N = 90
CLASSES = ("car", "bus", "<b>")
MANIFEST = """title: Labels
task: multilabel
samples: samples.csv
columns: {id: id, target: labels, media: image}
prediction_columns: {probabilities: "prob_{class}"}
attributes: [light]
versions: {v1: v1.csv, v2: v2.csv, v3: v3.csv}
baseline: v1
candidate: v3
"""


def truth_of(i: int) -> set[str]:
    return {"car", *(["bus"] if i % 2 else []), *(["<b>"] if i % 5 == 0 else [])}


def said_of(version: int, i: int) -> set[str]:
    """v1 has all right; v2 adds <b> to every third sample; v3 loses the bus beside the car in every other one."""
    found = truth_of(i)
    if version == 2 and i % 3 == 0:
        return found | {"<b>"}
    return found - {"bus"} if version == 3 and i % 4 == 1 else found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """From files, with pictures."""
    folder = tmp_path_factory.mktemp("labels")
    Image.new("L", (8, 8), 90).save(folder / "grey.png")
    (folder / "reportgen.yaml").write_text(MANIFEST)
    with (folder / "samples.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "image", "labels", "light"])
        lines.writerows(
            [f"s{i:02d}", "grey.png", "|".join(sorted(truth_of(i))), ["day", "night"][i % 7 > 3]] for i in range(N)
        )
    for version in (1, 2, 3):
        with (folder / f"v{version}.csv").open("w", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["id", *(f"prob_{name}" for name in CLASSES)])
            lines.writerows(
                [f"s{i:02d}", *(0.9 if name in said_of(version, i) else 0.1 for name in CLASSES)] for i in range(N)
            )
    return pipeline.run(load_manifest(folder / "reportgen.yaml"), keep_history=False)


@pytest.fixture(scope="module")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(report, tmp_path_factory.mktemp("site"), page="compare", ready="#compare .rg-outcomes")


def test_what_goes_wrong_together_is_told(report: Report) -> None:
    """The lost bus, worse beyond chance; and slices by label."""
    changes = plan_error_changes(report, "v3")
    assert changes is not None
    first = changes.rows[0]
    assert (first.label, first.plain, first.levels, first.n, first.verdict) == (
        "asked car and bus, got car without bus",
        "bus is lost: 0 → 23",
        "0% → 51.1%",
        "45",
        "worse",
    )
    assert changes.key.startswith("2 are more frequent beyond chance, most of all: asked car and bus") or (
        changes.key.startswith("One is more frequent beyond chance")
    )
    table = plan_error_table(report)
    assert table is not None
    assert table.versions == ("v1", "v2", "v3")
    assert [value for value, _ in table.rows[0].figures] == ["0%", "0%", "51.1%"]
    assert {"with bus", "without bus"} <= {one.name for one in report.slices}


def test_the_page_tells_them_of_any_version_that_the_report_holds_against_its_baseline(
    report: Report, written: Written, visit: Visit
) -> None:
    """v3 as built, v2 after it is chosen; of two other versions the page says that it is not told."""
    for version in ("v3", "v2"):
        page = written.open(visit, ("version", version)).page
        section = page.locator("#compare [data-rg-with=labels]")
        changes = plan_error_changes(report, version)
        assert changes is not None
        expect(section.locator("[data-rg-label-key]")).to_have_text(changes.key)
        shown = [text for row in changes.rows for text in (row.label, row.plain)]
        expect(section.locator("tbody th bdi")).to_have_text(shown)
    page = written.open(visit, ("baseline", "v2"), ("version", "v3")).page
    expect(page.locator("#compare [data-rg-pair-state]")).to_contain_text("against the report's own baseline alone")
    expect(page.locator("#compare [data-rg-with=labels]")).to_be_hidden()


def test_the_slices_page_has_every_version_side_by_side(report: Report, written: Written, visit: Visit) -> None:
    inside = written.folder.parent.as_uri() + "/"
    page = visit((written.folder / "slices.html").as_uri(), inside, viewport=DESKTOP).page
    table = plan_error_table(report)
    assert table is not None
    labels = page.locator("section[aria-labelledby=slices-labels] tbody th > bdi").all_text_contents()
    assert labels == [row.label for row in table.rows]


@pytest.mark.parametrize("form", ["folder", "single"])
def test_the_opened_example_names_its_labels(written: Written, visit: Visit, form: str) -> None:
    """Each version's: those given, missing and too many, with their scores."""
    examples = copy.copy(written)
    examples.page, examples.ready = "examples", ".rg-lightbox[open]"
    # a car and a bus: v3 leaves the bus out, v2 adds <b>
    page = examples.open(visit, ("sample", "s09"), form=form).page
    said = page.locator(".rg-lb-said")
    for version, lines in enumerate(
        [
            ["car · given0.90", "bus · missing0.10"],
            ["bus · given0.90", "car · given0.90", "<b> · too many0.90"],
            ["bus · given0.90", "car · given0.90"],
        ]
    ):
        expect(said.nth(version).locator(".rg-lb-bar")).to_have_text(lines)
    expect(said.nth(0).locator(".rg-lb-wrong")).to_have_text(["bus · missing0.10"])
