"""The Confidence page of two versions that it was not built for: what follows, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.charts import ReliabilityBin
from reportgen.site.cutoff_changes import SAME, change_row, trade_sentence
from reportgen.site.cutoff_readings import classes_of, cutoff_row, read, said
from reportgen.site.handing_over import plan_handing
from reportgen.site.reliability import average_sentence, bins_of, claim_rows, claims_key, diagram_head, was_sentence
from reportgen.site.scores import plan_scores
from tests.browser.written import AXE, DESKTOP, PHONE, RULES, Visit, Written
from tests.selection_worlds import WORLDS

pytestmark = [pytest.mark.browser]

READY = "#confidence [data-rg-follows=scores] .rg-of-pair:visible"
RISKS = """
async ([baseline, candidate]) => {
  const frame = await reportgen.charts.frame("confidence-risk-all");
  const curves = [{ role: "candidate", version: candidate }, { role: "baseline", version: baseline }];
  return JSON.parse(JSON.stringify(reportgen.riskRows.make(frame, curves)));
}
"""
LOADED = "performance.getEntriesByType('resource').map((one) => one.name.split('/').slice(-1)[0])"


def seen(page: Any, part: str) -> Any:
    """The copy of a part that is shown."""
    return page.locator(f"#confidence [data-rg-follows={part}]:visible")


def lines(page: Any, part: str) -> list[list[str]]:
    """A table of a part: the cells' texts, without what only a phone shows."""
    read = """
    (rows) => rows.map((row) => Array.from(row.children, (cell) => {
      const own = cell.cloneNode(true);
      for (const one of own.querySelectorAll(".rg-at, .rg-sign, .rg-hidden, svg")) one.remove();
      return own.textContent.replace(/\\s+/g, " ").trim();
    }))
    """
    found: list[list[str]] = seen(page, part).locator("tbody tr").evaluate_all(read)
    return found


def diagrams(page: Any) -> list[tuple[str, str, str]]:
    """Of each diagram that is shown: whose it is, its error, and its sentence."""
    found = []
    for one in seen(page, "diagrams").locator(".rg-diagram").all():
        head, figures, sentence = one.locator("h3").inner_text(), one.locator("p").first, one.locator("p").last
        found.append((head.strip(), figures.inner_text(), sentence.inner_text()))
    return found


def drawn(bins: tuple[ReliabilityBin, ...]) -> int:
    """How many lines the table of a diagram has."""
    return sum(one.n > 0 for one in bins)


def expected_diagram(report: Report, version: str) -> tuple[str, str, str]:
    """What Python has of a version over all samples."""
    head = diagram_head(report, version, ALL)
    return f"{version}, {head.where}", f"error {head.error}, {head.detail}", head.sentence


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Five classes with probabilities, v1 against v2 as built."""
    report = WORLDS["classification"](n=900)
    return Written(report, tmp_path_factory.mktemp("two"), page="confidence", ready=READY)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Twenty versions of which every fourth says how sure it is, v4 against v20 as built."""
    report = WORLDS["twenty_versions"](n=900, pair=("v4", "v20"))
    return Written(report, tmp_path_factory.mktemp("many"), page="confidence", ready="h1:visible")


def test_the_pair_turned_round_is_that_of_a_report_built_so(two: Written, visit: Visit) -> None:
    """Sentences, diagrams, scores with their changes, claims and the curves of errors, letter by letter."""
    other = WORLDS["classification"](n=900, pair=("v2", "v1"))
    found = two.open(visit, ("baseline", "v2"), ("version", "v1"))
    page = found.page

    average = f"{average_sentence(other, 'v1')} {was_sentence(other, 'v2')}"
    expect(seen(page, "key").locator("strong")).to_have_text(average)
    assert diagrams(page) == [expected_diagram(other, name) for name in ("v2", "v1")]
    for place, name in enumerate(("v2", "v1")):
        rows = seen(page, "diagrams").locator(".rg-diagram").nth(place).locator("tbody tr")
        expect(rows).to_have_count(drawn(bins_of(other, name, ALL)))
    scores = plan_scores(other)
    cells = {row.version: row.cells for row in scores.rows}
    for name, n, *own in lines(page, "scores"):
        row = next(one for one in scores.rows if one.version == name)
        told = [(f"{c.value} {c.interval}", f"{c.change} {c.change_interval}".strip()) for c in cells[name]]
        assert (n, own) == (row.n, [*(text for one in told for text in one), row.binned])
    expect(seen(page, "scores").locator("strong")).to_have_text(scores.key)
    expect(page.locator("#confidence [data-rg-pair-state]")).to_be_hidden()
    expect(seen(page, "claims").locator("strong")).to_have_text(claims_key(other, "v1"))
    claims = [
        [row.link.text, row.n, row.wrong.text if row.wrong else "", row.says, row.right, f"{row.gap} {row.interval}"]
        for row in claim_rows(other, "v1")
    ]
    assert [line[:6] for line in lines(page, "claims")] == claims
    handing = plan_handing(other)
    assert handing is not None
    panel = handing.panels[0]
    expect(seen(page, "handing").locator("strong")).to_have_text(panel.key)
    expect(seen(page, "handing").locator("[data-rg-field=others]")).to_have_text(panel.others)
    expect(seen(page, "handing").locator("[data-rg-field=detail]")).to_have_text(panel.detail)
    made: Any = page.evaluate(RISKS, ["v2", "v1"])
    assert made["table"] == [list(line) for line in panel.chart.table]
    assert {row["t"] for row in made["rows"]} == {row["t"] for row in panel.chart.rows}
    assert len(made["rows"]) == len(panel.chart.rows)
    assert found.complaints == []


@pytest.mark.parametrize("form", ["folder", "single"])
def test_another_candidate_of_the_built_baseline_is_carried(many: Written, visit: Visit, form: str) -> None:
    """No sample is loaded for it; what slices say is told of the built pair alone; and the built page comes back."""
    found = many.open(visit, form=form)
    page = found.page
    text = page.locator("#confidence").inner_text()
    page.get_by_label("Candidate").select_option("v8")
    expect(seen(page, "scores").locator(".rg-of-pair")).to_have_text("v8 against v4")

    assert diagrams(page) == [expected_diagram(many.report, name) for name in ("v4", "v8")]
    expect(seen(page, "claims")).to_contain_text("alone, the versions that the report was built with")
    expect(seen(page, "claims").locator("table")).to_be_hidden()
    cells = {row.version: row.cells for row in plan_scores(many.report).rows}
    line = next(line for line in lines(page, "scores") if line[0] == "v8")
    assert line[3] == f"{cells['v8'][0].change} {cells['v8'][0].change_interval}".strip()
    if form == "folder":
        assert not {"target.js", "prediction-0.js"} & set(page.evaluate(LOADED))
    link = seen(page, "diagrams").locator("[data-rg-sure-wrong] a")
    n = link.get_attribute("data-rg-count")
    page.get_by_label("Candidate").select_option("v20")
    expect(page.locator("#confidence .rg-of-pair:visible")).to_have_count(0)
    assert page.locator("#confidence").inner_text() == text
    page.get_by_label("Candidate").select_option("v8")
    link.click()
    expect(page.locator("#explore .rg-xp-count:visible, #explore [data-rg-count]:visible").first).to_contain_text(n)
    assert found.complaints == []


def test_a_version_that_is_never_sure_is_named(many: Written, visit: Visit) -> None:
    """Only the other one has a diagram, no change is told, and the page says why."""
    page = many.open(visit, ("baseline", "v7"), ("version", "v12")).page
    expect(seen(page, "scores").locator(".rg-of-pair")).to_have_text("v12 against v7")

    assert diagrams(page) == [expected_diagram(many.report, "v12")]
    expect(page.locator("#confidence [data-rg-pair-state]")).to_contain_text("v7 says nothing of how sure it is")
    assert {line[3] for line in lines(page, "scores")} == {""}
    expect(seen(page, "scores").locator("strong")).to_have_text("")

    for name in ("Baseline", "Candidate"):  # and where both are sure again, each has its own
        page.get_by_label(name).select_option({"Baseline": "v8", "Candidate": "v12"}[name])
    expect(seen(page, "scores").locator(".rg-of-pair")).to_have_text("v12 against v8")
    fresh = many.open(visit, ("baseline", "v8"), ("version", "v12")).page
    expect(seen(fresh, "scores").locator(".rg-of-pair")).to_have_text("v12 against v8")
    read = "all => all.map((one) => one.textContent)"
    for one in (page, fresh):
        expect(seen(one, "diagrams").locator("svg[data-rg-live]:visible")).to_have_count(2)
    tables = [seen(one, "diagrams").locator("tbody").evaluate_all(read) for one in (page, fresh)]
    assert tables[0] == tables[1]
    assert tables[0][0] != tables[0][1]


def test_only_another_pair_makes_the_parts_anew(two: Written, visit: Visit) -> None:
    """What else changes in the address, as the cut-off does, leaves them as they stand."""
    page = two.open(visit, ("baseline", "v2"), ("version", "v1")).page
    page.evaluate(
        """() => {
          const { make } = reportgen.confidenceParts;
          window.made = 0;
          reportgen.confidenceParts.make = (...given) => { window.made += 1; return make(...given); };
          reportgen.state.update({ cutoff: "0.8" });
        }"""
    )
    expect(seen(page, "diagrams")).to_be_visible()
    expect(page.locator("#confidence [data-rg-field=cutoff]")).to_have_text("0.80")

    assert page.evaluate("window.made") == 0


def test_what_cannot_be_made_is_said(many: Written, visit: Visit) -> None:
    """Where a part cannot be filled, nothing of another pair stands there, and the page says so."""
    found = many.open(visit, ("version", "v8"))
    page = found.page
    expect(seen(page, "scores").locator(".rg-of-pair")).to_have_text("v8 against v4")
    page.evaluate("() => { reportgen.confidenceParts.fill = () => { throw new Error('broken'); }; }")

    page.get_by_label("Candidate").select_option("v12")
    expect(page.locator("#confidence [data-rg-pair-state]")).to_contain_text("can")
    expect(seen(page, "scores")).to_have_count(0)

    page.get_by_label("Candidate").select_option("v20")
    expect(page.locator("#confidence [data-rg-pair-state]")).to_be_hidden()
    expect(page.locator("#confidence .rg-of-pair:visible")).to_have_count(0)
    assert found.complaints == []


CELLS = ("cutoff", "found", "found_interval", "missed", "false", "false_interval", "right", "right_interval", "n")


@pytest.mark.parametrize("world", ["classification", "grouped"])
def test_both_are_held_to_the_same_cut_off(world: str, visit: Visit, tmp_path: Path) -> None:
    """With groups and weights too: sentences, counts, differences with their intervals, as in a report built so."""
    make = WORLDS[world]
    report, other = make(n=900), make(n=900, pair=("v2", "v1"))
    written = Written(report, tmp_path, page="confidence", ready="#confidence [data-rg-cut-pair]:visible")
    klass = next(name for name in classes_of(report) if name in classes_of(other))
    for cutoff in (0.2, 0.5):
        state = [("baseline", "v2"), ("version", "v1"), ("class", klass), ("cutoff", str(cutoff))]
        found = written.open(visit, *state)
        page = found.page
        panel = page.locator("#confidence .rg-cut")
        expect(panel.locator("[data-rg-field=trade]")).to_have_text(trade_sentence(other, klass, ALL, cutoff, SAME))
        readings = [one for name in ("v1", "v2") if (one := read(other, name, klass, ALL, cutoff)) is not None]
        for one, role in zip(readings, ("candidate", "baseline"), strict=True):
            told = said(other, one, klass)
            expect(panel.locator(f"[data-rg-said={role}]")).to_contain_text(f"{told.head} {told.text}")
            expect(panel.locator(f"[data-rg-matrix={role}] caption")).to_contain_text(one.version)
        change = change_row(other, klass, ALL, cutoff, SAME)
        assert change is not None
        rows = [*(cutoff_row(other, ALL, one) for one in readings), change]
        for place, row in enumerate(rows):
            line = panel.locator("[data-rg-rows] tr").nth(place)
            for name in CELLS:
                assert line.locator(f"[data-rg-cell={name}]").text_content() == getattr(row, name), (name, place)
        assert panel.locator(".rg-chart-table thead th").nth(1).text_content().startswith("v1, found")
        expect(page.locator("#confidence-at-recall, input[value=recall]")).to_be_disabled()
        assert found.complaints == []
        found.leave()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_of_another_pair(two: Written, visit: Visit, viewport: dict[str, int]) -> None:
    """Names, order and contrast of what a script wrote, and nothing is wider than the window."""
    page = two.open(visit, ("baseline", "v2"), ("version", "v1"), viewport=viewport, color_scheme="dark").page
    expect(seen(page, "diagrams").locator("svg[data-rg-live]:visible").first).to_be_visible()
    page.evaluate(AXE)
    violations = page.evaluate(f"axe.run('#rg-main', {RULES})")["violations"]

    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in violations] == []
    width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room
