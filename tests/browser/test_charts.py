"""Live charts show what static ones show, mark by mark, and follow new rows under both policies."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reportgen.render.environment import FOLDER_POLICY, single_policy
from reportgen.render.serialise import to_json
from reportgen.site.charts import Chart
from reportgen.site.drawing import SCRIPT, VEGA, chart_chunks
from reportgen.site.plan import DATA
from tests.site import chart_samples

pytestmark = [pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]
CHARTS = [replace(chart, live=True) for chart in chart_samples.every()]
NAMES = [chart.id for chart in CHARTS]
HEAD = ("js/theme.js", "js/element.js", "js/state.js", "js/numbers.js", "js/keys.js", "js/later.js", *DATA)
STYLES = ("css/tokens.css", "css/base.css", "css/charts.css")
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

MARKS = """
box => {
  const svg = box.querySelector("svg"), at = svg.getBoundingClientRect();
  const bare = [null, "", "none", "transparent"];
  const says = (e, name) => e.closest(`[${name}]`)?.getAttribute(name) ?? null;
  const painted = (e, name) => (bare.includes(says(e, name)) ? "" : says(e, name));
  return [...svg.querySelectorAll("path, rect, line, text")].map(e => {
    const r = e.getBoundingClientRect();
    return {tag: e.tagName, text: e.tagName === "text" ? e.textContent : "", fill: painted(e, "fill"),
            stroke: painted(e, "stroke"), bold: says(e, "font-weight") === "600",
            x: r.x - at.x, y: r.y - at.y, width: r.width, height: r.height};
  }).filter(m => m.tag === "text" ? m.text : (m.fill || m.stroke) && (m.width || m.height));
}
"""
"""Everything that is painted: its kind, text and colours, and where it stands in its SVG."""


def macro() -> Any:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["draw"] = chart_samples.drawn
    return environment.get_template("parts/chart.html").module


def body(charts: list[Chart]) -> str:
    drawn = "".join(str(macro().chart(chart)) for chart in charts)
    return f'<body><main class="rg-wrap rg-main" id="rg-main"><h1>Charts</h1>{drawn}</main>'


@functools.cache
def chunks(charts: tuple[Chart, ...]) -> dict[str, Any]:
    """What both forms load of charts, compiled once."""
    return chart_chunks(charts)


def write_folder(folder: Path, charts: list[Chart]) -> Path:
    """A page of charts as the folder form has it: scripts, styles and data beside it."""
    for path in (*HEAD, SCRIPT, *VEGA, *STYLES, "js/main.js"):
        target = folder / "assets" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / "assets" / path).read_bytes())
    (folder / "data").mkdir()
    for name, chunk in chunks(tuple(charts)).items():
        (folder / "data" / f"{name}.js").write_text(f"reportgen.data.add({to_json(name)},{to_json(chunk)});\n", "utf-8")
    links = "".join(f'<link rel="stylesheet" href="assets/{path}">' for path in STYLES)
    scripts = "".join(f'<script src="assets/{path}" defer></script>' for path in (*HEAD, SCRIPT, "js/main.js"))
    vega = " ".join(f"assets/{path}" for path in VEGA)
    page = folder / "index.html"
    page.write_text(
        f'<!doctype html><html lang="en" data-rg-form="folder" data-rg-drawing="{vega}">'
        '<head><meta charset="utf-8"><title>Charts</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{FOLDER_POLICY}">{links}{scripts}</head>'
        f"{body(charts)}</body></html>",
        encoding="utf-8",
    )
    return page


def write_single(folder: Path, charts: list[Chart]) -> Path:
    """The same page as one file, everything inlined and allowed by its hash."""
    data = [f"reportgen.data.add({to_json(name)},{to_json(one)});\n" for name, one in chunks(tuple(charts)).items()]
    scripts = [*((ROOT / "assets" / path).read_text("utf-8") for path in (*HEAD, *VEGA, SCRIPT)), *data]
    scripts.append((ROOT / "assets/js/main.js").read_text("utf-8"))
    style = "".join((ROOT / "assets" / path).read_text("utf-8") for path in STYLES)
    page = folder / "charts.html"
    page.write_text(
        f'<!doctype html><html lang="en" data-rg-form="folder"><head><meta charset="utf-8"><title>Charts</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{single_policy(scripts, [style])}">'
        f"<style>{style}</style></head>{body(charts)}"
        f"{''.join(f'<script>{script}</script>' for script in scripts)}</body></html>",
        encoding="utf-8",
    )
    return page


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One page of every chart in both forms."""
    folder = tmp_path_factory.mktemp("charts")
    return {"folder": write_folder(folder, CHARTS), "single file": write_single(folder, CHARTS)}


def marks(page: Any, name: str, layout: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.locator(f'[data-rg-chart="{name}"] [data-rg-layout="{layout}"]').evaluate(MARKS)
    return found


def differences(still: list[dict[str, Any]], live: list[dict[str, Any]]) -> list[str]:
    """Where two drawings are not the same: another count, kind, text or colour, or more than 1 px apart."""
    if len(still) != len(live):
        return [f"{len(still)} marks, live {len(live)}"]
    found = []
    for one, other in zip(_ordered(still), _ordered(live), strict=True):
        same = all(one[key] == other[key] for key in ("tag", "text", "fill", "stroke", "bold"))
        near = all(math.isclose(one[key], other[key], abs_tol=1) for key in ("x", "y", "width", "height"))
        if not (same and near):
            found.append(f"{one} live {other}")
    return found


def _ordered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda m: (m["tag"], m["text"], m["fill"], m["stroke"], round(m["y"]), round(m["x"])))


def live(page: Any, size: dict[str, int], layout: str) -> None:
    """Waits until Vega has drawn every chart in the layout of a window size, with the rows that it was built with."""
    page.set_viewport_size(size)
    page.evaluate(
        "ids => ids.forEach((id) => { reportgen.charts.setKey(id, 'x'); reportgen.charts.setKey(id, ''); })",
        [one.id for one in CHARTS],
    )
    for chart in CHARTS:
        if layout == "narrow" and not chart.narrow:
            continue
        box = page.locator(f'[data-rg-chart="{chart.id}"] [data-rg-layout="{layout}"] svg[data-rg-live]')
        box.wait_for(state="visible")


@pytest.mark.parametrize("form", ["folder", "single file"])
@pytest.mark.parametrize(("layout", "size"), [("wide", WIDE), ("narrow", PHONE)])
def test_static_and_live_charts_agree(
    pages: dict[str, Path], form: str, layout: str, size: dict[str, int], visit: Callable[..., Any]
) -> None:
    """Each live chart has the marks of its static SVG: as many, of the same kind, text and colour, within 1 px."""
    address = pages[form].as_uri()
    inside = pages[form].parent.as_uri() + "/"
    still = visit(address, inside, viewport=size, java_script_enabled=False)
    opened = visit(address, inside, viewport=size)
    live(opened.page, size, layout)
    wrong = {}
    for chart in CHARTS:
        if layout == "narrow" and not chart.narrow:
            continue
        of = [marks(one.page, chart.id, layout) for one in (still, opened)]
        assert len(of[0]) > 3, chart.id
        wrong[chart.id] = differences(*of)

    assert {name: found[:2] for name, found in wrong.items() if found} == {}
    assert opened.complaints == []


def test_a_live_chart_follows_new_rows(tmp_path: Path, pages: dict[str, Path], visit: Callable[..., Any]) -> None:
    """After other rows were set, each chart shows what a static drawing of those rows shows, and so does its table."""
    changed = {}
    for chart in CHARTS:
        rows = next(iter(chart.alternatives.values()), chart.rows[1:])
        changed[chart.id] = chart.with_rows(rows)
    expected = write_folder(tmp_path, list(changed.values()))
    still = visit(expected.as_uri(), tmp_path.as_uri() + "/", viewport=WIDE, java_script_enabled=False)
    opened = visit(pages["folder"].as_uri(), pages["folder"].parent.as_uri() + "/", viewport=WIDE)
    live(opened.page, WIDE, "wide")
    wrong = {}
    for chart in CHARTS:
        key = next(iter(chart.alternatives), None)
        call = f"setKey({json.dumps(chart.id)}, {json.dumps(key)})"
        if key is None:
            call = f"set({json.dumps(chart.id)}, {json.dumps(changed[chart.id].rows)})"
        opened.page.evaluate(f"() => reportgen.charts.{call}")
        wrong[chart.id] = differences(*(marks(one.page, chart.id, "wide") for one in (still, opened)))
        if key is not None:
            first = opened.page.locator(f'[data-rg-chart="{chart.id}"] tbody tr').first.locator("th, td")
            assert tuple(first.all_text_contents()) == chart.tables[key][0]

    assert {name: found[:2] for name, found in wrong.items() if found} == {}
    assert opened.complaints == []


def test_rows_of_a_script_fill_the_table(pages: dict[str, Path], visit: Callable[..., Any]) -> None:
    """A chart that is given rows shows their fields in its table, counts written as counts."""
    opened = visit(pages["folder"].as_uri(), pages["folder"].parent.as_uri() + "/", viewport=WIDE)
    row = {"t": "row", "row": 0, "name": "tram", "zero": 0, "n": 12345, "wrong": 6, "text": "6 of 12,345"}

    opened.page.evaluate("row => reportgen.charts.set('bars', [row])", row)

    cells = opened.page.locator('[data-rg-chart="bars"] tbody').locator("th, td")
    cells.first.wait_for(state="attached")
    opened.page.wait_for_timeout(200)
    assert cells.all_text_contents() == ["tram", "12,345", "6"]


def test_a_cell_is_chosen_and_clicked(pages: dict[str, Path], visit: Callable[..., Any]) -> None:
    """The chosen cell is framed in the accent colour; a click on a cell tells its key."""
    opened = visit(pages["folder"].as_uri(), pages["folder"].parent.as_uri() + "/", viewport=WIDE)
    page = opened.page
    live(page, WIDE, "wide")
    page.evaluate(
        "() => { window.clicked = []; reportgen.charts.onSelect('heat', { open: key => window.clicked.push(key) }); }"
    )

    page.evaluate("() => reportgen.charts.select('heat', 'night weather 1')")
    svg = page.locator('[data-rg-chart="heat"] [data-rg-layout="wide"] svg')
    assert svg.locator('[stroke="#3F47B5"]').count() == 1
    page.evaluate("() => reportgen.charts.select('heat', '')")
    assert svg.locator('[stroke="#3F47B5"]').count() == 0
    svg.get_by_text("−29.8").first.click()

    assert page.evaluate("() => window.clicked") == ["day weather 0"]
    box = page.locator('[data-rg-chart="heat"] [data-rg-layout="wide"]')
    box.press("ArrowRight")
    box.press("ArrowRight")
    assert svg.locator('[stroke="#3F47B5"]').count() == 1
    box.press("Enter")
    assert len(page.evaluate("() => window.clicked")) == 2
    assert page.locator('[data-rg-chart="heat"] [data-rg-said]').inner_text()


def test_a_layout_that_comes_into_sight_is_drawn(pages: dict[str, Path], visit: Callable[..., Any]) -> None:
    """When the window turns, the other layout is drawn with the rows that were set meanwhile."""
    opened = visit(pages["folder"].as_uri(), pages["folder"].parent.as_uri() + "/", viewport=WIDE)
    page = opened.page
    live(page, WIDE, "wide")
    page.evaluate("() => reportgen.charts.setKey('diverging', 'v3')")

    page.set_viewport_size(PHONE)
    narrow = page.locator('[data-rg-chart="diverging"] [data-rg-layout="narrow"] svg[data-rg-live]')
    narrow.wait_for(state="visible")

    assert narrow.get_by_text("worse in v3").count() == 1
    assert narrow.get_by_text("night × rain").count() == 0


def test_nothing_of_vega_is_left_on_the_page(pages: dict[str, Path], visit: Callable[..., Any]) -> None:
    """Neither Vega nor a view can be reached from the window, and every live chart keeps its role and its sentence."""
    opened = visit(pages["folder"].as_uri(), pages["folder"].parent.as_uri() + "/", viewport=WIDE)
    live(opened.page, WIDE, "wide")

    left = opened.page.evaluate(
        "() => [typeof window.vega, typeof window.VEGA_DEBUG, typeof reportgen.vega, typeof reportgen.vegaInterpreter]"
    )
    assert left == ["undefined"] * 4
    for chart in CHARTS:
        svg = opened.page.locator(f'[data-rg-chart="{chart.id}"] [data-rg-layout="wide"] svg')
        assert (svg.get_attribute("role"), svg.get_attribute("aria-label")) == ("img", chart.label)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_can_be_seen_in_both_themes(pages: dict[str, Path], scheme: str, visit: Callable[..., Any]) -> None:
    """No text of a chart has the colour of the page behind it, and dark charts use no light colour."""
    opened = visit(pages["folder"].as_uri(), pages["folder"].parent.as_uri() + "/", viewport=WIDE, color_scheme=scheme)
    live(opened.page, WIDE, "wide")
    fills = opened.page.evaluate(
        "() => [...new Set([...document.querySelectorAll('svg.rg-chart text')].map(e => getComputedStyle(e).fill))]"
    )

    ink = "rgb(22, 24, 27)" if scheme == "light" else "rgb(236, 238, 240)"
    assert ink in fills
    assert ("rgb(22, 24, 27)" in fills) == (scheme == "light")


def test_a_chart_without_its_data_stays_as_it_was_built(tmp_path: Path, visit: Callable[..., Any]) -> None:
    """Where the data cannot be had the static SVG stays, with its role and its table."""
    page = write_folder(tmp_path, CHARTS[:1])
    (tmp_path / "data" / f"chart-{CHARTS[0].id}.js").write_text("", encoding="utf-8")

    opened = visit(page.as_uri(), tmp_path.as_uri() + "/", viewport=WIDE)
    opened.page.wait_for_timeout(300)

    svg = opened.page.locator('[data-rg-layout="wide"] svg')
    assert svg.get_attribute("aria-label") == CHARTS[0].label
    assert svg.get_attribute("data-rg-live") is None
    assert opened.page.locator("tbody tr").count() == len(CHARTS[0].table)
