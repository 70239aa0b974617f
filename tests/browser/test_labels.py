"""A report of sets of labels: each label's measures, and which go wrong together, on Slices, Compare and Examples."""

from __future__ import annotations

import copy
import csv
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from PIL import Image
from playwright.sync_api import expect

from reportgen import numbers, pipeline
from reportgen.inputs.load import load_manifest
from reportgen.report import Report
from reportgen.site import class_measures
from reportgen.site.class_measures import compares_labels, plan_label_levels, plan_labels
from reportgen.site.label_errors import plan_error_changes, plan_error_table
from tests.browser.test_classes import assert_some_decimals
from tests.browser.written import DESKTOP, PHONE, Visit, Written

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
        opened = written.open(visit, ("version", version))
        section = opened.page.locator("#compare [data-rg-with=labels]")
        changes = plan_error_changes(report, version)
        assert changes is not None
        expect(section.locator("[data-rg-label-key]")).to_have_text(changes.key)
        shown = [text for row in changes.rows for text in (row.label, row.plain)]
        expect(section.locator("tbody th bdi")).to_have_text(shown)
        opened.leave()
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
    levels = plan_label_levels(report)
    assert levels is not None
    named = page.locator("section[aria-labelledby=slices-each-label] tbody th > bdi").all_text_contents()
    assert named == [row.label for row in (*levels.rows, *levels.others)]
    page.locator("section[aria-labelledby=slices-each-label]").get_by_role("link", name="How they changed").click()
    expect(page.locator("#compare-each-label")).to_be_in_viewport()


def f1_of(name: str, version: int) -> float:
    """Of one label, from the sets themselves."""
    pairs = [(name in truth_of(i), name in said_of(version, i)) for i in range(N)]
    right, wrong = sum(true and said for true, said in pairs), sum(true != said for true, said in pairs)
    return 2 * right / (2 * right + wrong)


def test_each_label_has_its_measures_in_every_version_and_their_changes(report: Report) -> None:
    """The weakest first, the largest loss first; with intervals, n and what is beyond chance."""
    levels = plan_label_levels(report)
    assert levels is not None
    assert (levels.metric, levels.versions) == ("F1", ("v1", "v2", "v3"))
    assert [row.label for row in levels.rows] == sorted(CLASSES, key=lambda name: (f1_of(name, 3), name))
    for row in levels.rows:
        assert [value for value, _ in row.figures] == [numbers.value(f1_of(row.label, v), "rate") for v in (1, 2, 3)]
    assert levels.rows[0].figures[2][1].endswith("n = 45")
    named = {row.label.partition(",")[0] for row in levels.others}
    assert named == {"Precision", "Recall", "AUROC", "Average precision"}
    assert len(levels.others) == len(named) * len(CLASSES)

    changes = plan_labels(report, "v3")
    assert changes is not None
    assert changes.key == "Beyond chance, worse: bus; better: none."
    first = changes.rows[0]
    assert (first.label, first.levels, first.verdict) == ("bus", "100% → 65.7%", "worse")
    same = plan_labels(report, "v2")
    assert same is not None
    assert [row.label for row in same.rows if row.verdict == "worse"] == ["<b>"]


def test_of_many_labels_the_most_telling_stand_in_the_tables(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_measures, "MOST_LABELS", 1)
    levels, changes = plan_label_levels(report), plan_labels(report, "v2")
    assert levels is not None
    assert changes is not None
    assert ([row.label for row in levels.rows], levels.rest[:18]) == (["bus"], "Not here: 2 of 3 l")
    assert ([row.label for row in changes.rows], changes.rest[:18]) == (["<b>"], "Not here: 2 of 3 l")


def test_labels_of_too_few_samples_stand_behind_the_others(report: Report) -> None:
    """The largest change of few samples is no news: Compare leaves it out, and Slices has its n alone, last."""
    few = replace(report, limits=replace(report.limits, show=60))  # 45 have a bus, 18 "<b>", 90 a car
    own = pl.col("class").is_in(["bus", "<b>"])
    counts = pl.when(own).then(pl.lit("counts")).otherwise(pl.col("support"))
    few = replace(few, comparisons=few.comparisons.with_columns(support=counts))
    levels, changes = plan_label_levels(few), plan_labels(few, "v3")
    assert levels is not None
    assert changes is not None
    assert [row.label for row in levels.rows] == ["car", "bus", "<b>"]
    assert levels.rows[1].figures[2] == ("–", "n = 45")
    assert [row.label for row in changes.rows] == ["car"]
    assert {row.label.partition(", ")[2] for row in changes.others} == {"car"}


def test_a_pair_without_measures_of_labels_leaves_the_section_out(report: Report, tmp_path: Path, visit: Visit) -> None:
    """As of a candidate that scored other samples: the section waits until another pair is chosen."""
    gone = (pl.col("candidate") == "v3") & pl.col("class").is_not_null()
    one = replace(report, comparisons=report.comparisons.filter(~gone))
    assert plan_labels(one, "v3") is None
    assert compares_labels(one)
    page = Written(one, tmp_path, page="compare", ready="#compare .rg-outcomes").open(visit).page
    expect(page.locator("[aria-labelledby=compare-each-label]")).to_be_hidden()
    none = replace(report, comparisons=report.comparisons.filter(pl.col("class").is_null()))
    assert not compares_labels(none)
    table = plan_label_levels(none)
    assert table is not None
    assert not table.compared


def test_the_page_has_the_measures_of_each_label_of_any_version(report: Report, written: Written, visit: Visit) -> None:
    """v3 as built, v2 after it is chosen, on a phone without scripts, too; of two others the page says so."""
    for version, options in (("v3", {"java_script_enabled": False, "viewport": PHONE}), ("v3", {}), ("v2", {})):
        state = () if options else (("version", version),)
        section = written.open(visit, *state, **options).page.locator("[aria-labelledby=compare-each-label]")
        changes = plan_labels(report, version)
        assert changes is not None
        expect(section.locator("[data-rg-each-label=key]")).to_have_text(changes.key)
        for name, rows in (("rows", changes.rows), ("others", changes.others)):
            part = section.locator(f"[data-rg-each-label={name}] tbody tr")
            assert part.locator("th > bdi").all_text_contents() == [row.label for row in rows]
            assert part.locator("td:nth-child(2)").all_text_contents() == [row.levels for row in rows]
    page = written.open(visit, ("baseline", "v2"), ("version", "v3")).page
    expect(page.locator("#compare [data-rg-pair-state]")).to_contain_text("Measures of each label")
    expect(page.locator("[aria-labelledby=compare-each-label]")).to_be_hidden()


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
            ["bus · given0.90", "car · given0.90", "<b> · given wrongly0.90"],
            ["bus · given0.90", "car · given0.90"],
        ]
    ):
        expect(said.nth(version).locator(".rg-lb-bar")).to_have_text(lines)
    expect(said.nth(0).locator(".rg-lb-wrong")).to_have_text(["bus · missing0.10"])


@pytest.mark.parametrize("form", ["folder", "single"])
@pytest.mark.parametrize("metric", ["f1", "precision", "recall", "auroc"])
def test_measures_of_one_label_follow_a_selection(written: Written, visit: Visit, form: str, metric: str) -> None:
    """Over all samples and in a slice they are the report's own, by each version."""
    explore = copy.copy(written)
    explore.page, explore.ready = "explore", "[data-rg-key]"
    for where in ("all", "light=day"):
        filters = [("a.light", "day")] if where != "all" else []
        found = explore.open(visit, ("v", "1"), ("metric", metric), ("class", "bus"), *filters, form=form)
        expect(found.page.locator("[data-rg-key]")).to_contain_text(" of bus")
        expect(found.page.locator('tr[data-rg-version="2"] .rg-xp-these')).to_contain_text("%")
        assert_some_decimals(found.page, written, where, metric, "bus")
        assert found.complaints == []
