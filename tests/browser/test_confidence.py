"""The confidence page in Chromium: the cut-off by keys, versions at equal terms, the address, any slice's diagram."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import expect

from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.charts.cutoff_curves import curve_rows
from reportgen.site.cutoff_changes import GOALS, change_row, trade_sentence
from reportgen.site.cutoff_chunks import cutoff_chunks
from reportgen.site.cutoff_readings import classes_of, cutoff_row, points_of, read, said, second_sentence
from reportgen.site.cutoff_words import cutoff_text
from reportgen.site.cutoffs import plan_cutoffs
from reportgen.site.reliability import diagram_head
from reportgen.stats.intervals import wilson
from tests import confident
from tests.browser.written import AXE, PHONE, RULES, Blank, Visit, Written

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Two versions of four classes; the candidate is too sure in rainy nights."""
    folder = tmp_path_factory.mktemp("confidence")
    return Written(confident.report(n=1500), folder, page="confidence", ready="#confidence [data-rg-slider]")


def grouped(plain: Report) -> Report:
    """The report with groups of three, whose shares have the intervals of a third of the samples."""
    groups = pl.Series("group", np.arange(plain.outcomes.frame.height) // 3, pl.Int32)
    table = plain.cutoffs
    for name, rest in (("recall", "n_missed"), ("precision", "n_false_alarm")):
        n = table["n_found"] + table[rest]
        low, high = wilson(table[name].to_numpy() * n.to_numpy() / 3, n.to_numpy() / 3)
        table = table.with_columns(
            pl.Series(f"{name}_low", low).fill_nan(None), pl.Series(f"{name}_high", high).fill_nan(None)
        )
    outcomes = replace(plain.outcomes, frame=plain.outcomes.frame.with_columns(groups))
    return replace(plain, cutoffs=table, outcomes=outcomes)


def unpacked(chunk: Any) -> Any:
    """The value of a packed chunk."""
    return json.loads(gzip.decompress(base64.b64decode(chunk["gzip"])))


def engine(blank: Blank) -> Any:
    """A page with the engine of cut-offs alone."""
    page = blank()
    engine = ("define", "rounding", "distributions", "intervals", "cutoffs")
    for name in ("numbers", *(f"engine/{one}" for one in engine)):
        page.add_script_tag(path=ROOT / "assets" / "js" / f"{name}.js")
    return page


def test_contract(blank: Blank) -> None:
    """The browser gives what the contract says, as Python does; limits of intervals to 1e-12."""
    cases = json.loads((ROOT / "tests" / "contract" / "cutoffs.json").read_text(encoding="utf-8"))
    page = engine(blank)

    found = page.evaluate(
        "cases => { const engine = {...reportgen.intervals, ...reportgen.cutoffs};"
        " return cases.map((c) => engine[c.in_browser](...c.arguments)); }",
        cases,
    )

    for case, given in zip(cases, found, strict=True):
        if case["function"] == "wilson":
            width = case["arguments"][1]
            assert given == pytest.approx([float(e) for e in wilson(case["x"], case["n"])], abs=1e-9 + width * 1e-8)
        else:
            assert given == case["gives"]


SAY = """
([shared, chunk, cases]) => cases.map(([slice, i, goal]) => {
  const { cutoffs } = window.reportgen;
  const [own, base] = chunk.entries[slice].map((entry, v) => cutoffs.read(shared, entry, v, i));
  const match = chunk.matches[slice][goal];
  return {
    said: [own, base].map((one) => Object.values(cutoffs.said(shared, one, shared.classes[0])).join(" ")),
    cells: [own, base].map((one) => cutoffs.cells(one, shared.slices[slice].name)),
    trade: match ? cutoffs.trade(shared, goal, match, cutoffs.entryOf(match, i)) : "",
    change: match ? cutoffs.changeCells(shared, match, cutoffs.entryOf(match, i), shared.slices[slice].name) : null,
    second: cutoffs.second(shared, [own, base], shared.classes[0], shared.slices[slice].opening),
  };
})
"""


@pytest.mark.parametrize(
    "changed", [None, grouped, confident.with_weights, confident.with_missing, confident.without_class]
)
def test_the_browser_says_what_python_says(blank: Blank, changed: Callable[[Report], Report] | None) -> None:
    """Sentences and cells at any cut-off, in any slice and for every goal are the same texts.

    With groups, weights and missing predictions too, and where no sample is of the class.
    """
    plain = confident.report(n=1500)
    report = confident.with_costs(changed(plain) if changed else plain)
    chunks = cutoff_chunks(report)
    shared, klass = unpacked(chunks["cutoffs"]), classes_of(report)[0]
    ids = [one["id"] for one in shared["slices"]]
    goals = tuple(GOALS)
    cases = list(product(range(len(ids)), (0, 5, 35, 50, 75, 95, 100), goals))
    page = engine(blank)
    given = page.evaluate(SAY, [shared, unpacked(chunks["cutoffs-0"]), cases])
    rows = page.evaluate(
        "([shared, chunk]) => window.reportgen.cutoffs.curveRows(shared, chunk.entries[0],"
        " chunk.entries[0].map((entry, v) => window.reportgen.cutoffs.read(shared, entry, v, 50)))",
        [shared, unpacked(chunks["cutoffs-0"])],
    )

    for (s, i, goal), one in zip(cases, given, strict=True):
        cutoff = shared["grid"][i]
        readings = [read(report, version, klass, ids[s], cutoff) for version in ("v2", "v1")]
        assert all(reading is not None for reading in readings)
        known = [reading for reading in readings if reading is not None]
        assert one["said"] == [f"{words.head} {words.text}" for words in (said(report, r, klass) for r in known)]
        assert one["trade"] == trade_sentence(report, klass, ids[s], cutoff, goal)
        change = change_row(report, klass, ids[s], cutoff, goal)
        assert one["change"] == (change and {name: text for name, text in vars(change).items() if name != "role"})
        assert one["second"] == second_sentence(report, klass, ids[s], cutoff)
        for cells, reading in zip(one["cells"], known, strict=True):
            expected = vars(cutoff_row(report, ids[s], reading))
            assert {name: cells[name] for name in expected if name != "role"} == {
                name: text for name, text in expected.items() if name != "role"
            }
    points = [points_of(report, version, klass, ALL) for version in ("v2", "v1")]
    expected_rows = curve_rows(points[0], points[1], (points[0][50], points[1][50]))
    assert len(rows) == len(expected_rows)
    for row, expected in zip(rows, expected_rows, strict=True):
        assert row == pytest.approx(expected, abs=1e-4)  # widths have seven digits


def test_a_matched_version_says_which_samples_it_is_over(blank: Blank) -> None:
    """Where predictions are missing its counts are of what both scored, unlike those of its own line."""
    chunks = cutoff_chunks(confident.with_missing(confident.report(n=1500)))
    page = engine(blank)
    head, where, n = page.evaluate(
        """([shared, chunk]) => {
          const { cutoffs } = window.reportgen;
          const match = chunk.matches[0].false_alarms;
          const one = cutoffs.matched(shared, chunk.entries[0][0], match, 50);
          return [cutoffs.said(shared, one, "x").head, cutoffs.cells(one, "all").where, match.n_class + match.n_other];
        }""",
        [unpacked(chunks["cutoffs"]), unpacked(chunks["cutoffs-0"])],
    )

    assert n == 1200
    assert head.endswith(", of the 1,200 samples that both scored:")
    assert where == "all, of the 1,200 samples that both scored"


def test_the_slider_goes_by_keys(written: Written, visit: Visit) -> None:
    """An arrow moves it by .01, a Page key by .1; words, table and address follow, and the change is read aloud."""
    found = written.open(visit)
    page, report = found.page, written.report
    slider = page.locator("#confidence [data-rg-slider]")
    klass = plan_cutoffs(report).start[0]  # type: ignore[union-attr]

    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.51")
    slider.press("PageUp")
    expect(page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.61")

    one = read(report, "v2", klass, ALL, 0.61)
    assert one is not None
    words = said(report, one, klass)
    line = page.locator("#confidence [data-rg-said=candidate]")
    expect(line.locator("[data-rg-field=head]")).to_have_text(words.head)
    expect(line.locator("[data-rg-field=text]")).to_have_text(words.text)
    expect(page.locator("#confidence [data-rg-matrix=candidate] [data-rg-cell=n_found]")).to_have_text(str(one.n_found))
    expect(page.locator("#confidence [data-rg-live-text]")).to_contain_text(words.text)
    assert "cutoff=0.61" in page.url
    assert slider.get_attribute("aria-valuetext") == "0.61"
    assert found.complaints == []


def test_versions_at_equal_terms(written: Written, visit: Visit) -> None:
    """Where both are to find as many, the slider is the baseline's, and the candidate stands where it matches."""
    page, report = written.open(visit).page, written.report
    klass = plan_cutoffs(report).start[0]  # type: ignore[union-attr]

    page.get_by_label("Finding as many").check()

    expect(page.locator("#confidence [data-rg-field=of]")).to_have_text("Cut-off of v1")
    trade = trade_sentence(report, klass, ALL, 0.5, "recall")
    expect(page.locator("#confidence [data-rg-field=trade]")).to_have_text(trade)
    match = report.matches.filter(
        pl.col("class") == klass, pl.col("slice") == ALL, pl.col("goal") == "recall", pl.col("cutoff_baseline") == 0.5
    ).row(0, named=True)
    head = f"v2 at {cutoff_text(match['cutoff_candidate'])}:"
    expect(page.locator("#confidence [data-rg-said=candidate] [data-rg-field=head]")).to_have_text(head)
    found = page.locator("#confidence [data-rg-matrix=candidate] [data-rg-cell=n_found]")
    expect(found).to_have_text(str(match["n_found_candidate"]))
    assert "at=recall" in page.url


@pytest.mark.parametrize("form", ["folder", "single"])
def test_the_address_restores_everything(written: Written, visit: Visit, form: str) -> None:
    """Cut-off, class, slice and goal stand in the address; what it does not know is the start."""
    night = ("slice", "time=night"), ("where", "time=night")
    state = (("cutoff", "0.8"), ("class", "van"), ("at", "false_alarms"), *night)
    found = written.open(visit, *state, form=form)
    page, report = found.page, written.report

    expect(page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.80")
    expect(page.locator("#confidence [data-rg-field=trade]")).to_have_text(
        trade_sentence(report, "van", "time=night", 0.8, "false_alarms")
    )
    expect(page.locator("#confidence [data-rg-class]")).to_have_value("3")
    expect(page.locator("#confidence [data-rg-diagram] [data-rg-field=sentence]")).to_have_text(
        diagram_head(report, "v2", "time=night").sentence
    )
    unknown = (("cutoff", "7"), ("class", "<b>"), ("slice", "__proto__"), ("at", "constructor"))
    strange = written.open(visit, *unknown, form=form)
    expect(strange.page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.50")
    assert [*found.complaints, *strange.complaints] == []


def test_any_slice_in_the_last_diagram(written: Written, visit: Visit) -> None:
    """A chosen slice changes head, sentence, table and drawing."""
    page, report = written.open(visit).page, written.report
    box = page.locator("#confidence [data-rg-diagram]")
    before = box.locator("[data-rg-layout=wide] svg").inner_html()

    page.locator("#confidence [data-rg-where]").select_option("label=cyclist")

    head = diagram_head(report, "v2", "label=cyclist")
    expect(box.locator("[data-rg-field=where]")).to_have_text(head.where)
    expect(box.locator("[data-rg-field=error]")).to_have_text(head.error)
    expect(box.locator("[data-rg-field=sentence]")).to_have_text(head.sentence)
    page.wait_for_function(
        "before => ![before, undefined].includes("
        "document.querySelector('#confidence [data-rg-diagram] svg[data-rg-live]')?.innerHTML)",
        arg=before,
    )


def test_what_the_script_writes_is_what_the_page_had(written: Written, visit: Visit) -> None:
    """Another cut-off and back leaves every text and dot as it stood without scripts."""
    selector = (
        "#confidence .rg-cut :is([data-rg-field]:not([data-rg-field=cutoff]), [data-rg-rows] [data-rg-cell],"
        " [data-rg-matrix] [data-rg-cell])"
    )
    read_texts = "parts => parts.map(part => part.textContent)"
    still = written.open(visit, java_script_enabled=False).page
    texts = still.locator(selector).evaluate_all(read_texts)
    paths = "#confidence [data-rg-dots] path", "all => all.map(p => p.getAttribute('d'))"
    dots = still.locator(paths[0]).evaluate_all(paths[1])
    page = written.open(visit, ("cutoff", "0.9")).page
    expect(page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.90")
    page.evaluate("window.reportgen.state.update({cutoff: null})")
    expect(page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.50")

    assert page.locator(selector).evaluate_all(read_texts) == texts
    assert page.locator(paths[0]).evaluate_all(paths[1]) == dots


def test_without_scripts(written: Written, visit: Visit) -> None:
    """The figures at the present cut-off and at a few others, all charts as SVG, and no control that does nothing."""
    page = written.open(visit, java_script_enabled=False).page

    assert page.locator("#confidence [data-rg-slider]").is_hidden()
    assert page.locator("#confidence select").count() == page.locator("#confidence select:not(:visible)").count()
    assert page.locator("#confidence .rg-cut-others tr").first.is_visible()
    assert page.locator("#confidence svg.rg-chart:visible").count() == len(written.report.versions) + 1 + 1 + 2


def test_names_that_a_user_gives_are_texts(tmp_path: Path, visit: Visit) -> None:
    """Names that are markup, gaps of sentences or patterns of replacement stand as they are, after a change too."""
    text = "<img src=x onerror=alert(1)>{found}$&__proto__"
    page_of = Written(confident.hostile(text), tmp_path, page="confidence", ready="#confidence [data-rg-slider]")
    found = page_of.open(visit)
    page = found.page

    page.locator("#confidence [data-rg-class]").select_option("2")

    line = page.locator("#confidence [data-rg-said=candidate]")
    expect(line.locator("[data-rg-field=head]")).to_have_text(f"{text}2 at 0.50:")
    expect(line.locator("[data-rg-field=text]")).to_contain_text(f"labelled {text}pedestrian")
    assert page.locator("img[src=x]").count() == 0
    assert found.complaints == []


def test_it_passes_the_rules_and_fits_the_phone(written: Written, visit: Visit) -> None:
    """No rule of WCAG is broken, and the page is never wider than the window."""
    for options in ({}, {"viewport": PHONE}, {"color_scheme": "dark"}):
        found = written.open(visit, **options)
        page = found.page
        page.evaluate(AXE)
        broken = page.evaluate(f"async () => (await axe.run(document, {RULES})).violations")
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in broken] == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"]
        assert found.complaints == []
        found.leave()
