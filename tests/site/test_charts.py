"""Charts: valid specs of aggregated rows, the look's marks for each verdict, readable colours, texts that fit."""

from __future__ import annotations

import copy
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import altair as alt
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import numbers
from reportgen.model import EffectRow
from reportgen.site.charts import (
    Chart,
    ConfusionCell,
    FlipCounts,
    FlipWords,
    confusion,
    diverging,
    flips,
    heat,
    text,
    theme,
)
from reportgen.site.charts.axis import difference_axis, level_axis
from reportgen.site.charts.confusion import View, list_cells
from reportgen.site.drawing import draw
from tests.site import chart_samples
from tests.site.chart_samples import CHANGES, HOSTILE, TINY, drawn

ROOT = Path(__file__).resolve().parents[2]
CHARTS = {chart.id: chart for chart in chart_samples.every()}
LAYOUTS = {c.id: c for chart in CHARTS.values() for c in (chart, chart.narrow) if c is not None}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_spec_is_valid_altair(name: str) -> None:
    """The whole spec, data set and theme included, validates against Altair's schema, which knows no other names."""
    spec = LAYOUTS[name].spec

    alt.LayerChart.validate(spec)

    assert list(spec["datasets"]) == ["rows"]
    assert spec["autosize"] == {"type": "none"}


def test_a_spec_that_altair_does_not_know_is_found() -> None:
    """A name too many, or a kind of mark that is none, deep in a spec."""
    for name, value in (("encodings", {}), ("mark", "blob")):
        spec = copy.deepcopy(LAYOUTS["levels"].spec)
        spec["layer"][0][name] = value
        with pytest.raises(jsonschema.ValidationError):
            alt.LayerChart.validate(spec)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def test_users_words_stand_in_data_alone() -> None:
    """No name of a slice, a class or a version is part of a spec outside its data set."""
    rows = [EffectRow("secret-slice", -0.2, -0.1, -0.05, "worse", 300)]
    chart = diverging("one", "secret-label", rows, overall=0.0, candidate="secret-version", measure="secret-measure")

    assert chart.narrow is not None
    for spec in (chart.spec, chart.narrow.spec):
        assert not [s for s in _strings({**spec, "datasets": {}}) if "secret" in s]
    assert any("secret-slice" in s for s in _strings(chart.spec["datasets"]))


def test_hostile_names_are_drawn_as_they_are() -> None:
    """Every name stands in the SVG as text, escaped and on one line, and draws its row as any other name does."""
    plain = draw(chart_samples.named(tuple(f"name {i}" for i in range(len(HOSTILE)))))
    hostile = draw(chart_samples.named(HOSTILE))

    assert hostile.svg.count("<path") == plain.svg.count("<path")
    assert "<img" not in hostile.svg
    assert "&lt;img src=x" in hostile.narrow
    for name in ("a.b", "a[0]", "__proto__", "constructor", "acc:Q", "count()", "{{ 7 * 7 }}", "🦊 vulpes", "שלום"):
        assert f">{name}</text>" in hostile.svg
    assert "line break\ufffd" in hostile.svg


def test_a_verdict_has_its_shape_and_colour() -> None:
    """Worse is an orange triangle down, better a blue one up, no clear change a grey ring: shape and colour."""
    fills = {
        one.verdict: set(re.findall(r'<path[^>]*fill="(#\w+)"', draw(diverging("d", "l", [one], overall=None)).svg))
        for one in CHANGES[1:4]
    }
    words = {theme.LIGHT["worse"], theme.LIGHT["better"]}

    assert fills["worse"] - words == {theme.LIGHT["worse-mark"]}
    assert fills["better"] - words == {theme.LIGHT["better-mark"]}
    assert fills["unclear"] - words == {theme.LIGHT["surface"]}


def test_few_samples_get_a_band_and_cut_intervals_an_arrow() -> None:
    """Below `decide` a band lies behind the rule; an interval beyond the axis ends there with an arrow head."""
    rows = {row["name"]: row for row in CHARTS["diverging"].rows if row["t"] == "row"}

    assert rows["night × rain × pedestrian"]["few"]
    assert rows["night × rain × pedestrian"]["cut_low"]
    assert not rows["night × rain"]["few"]
    assert not rows["night × rain"]["cut_low"]
    assert drawn(CHARTS["diverging"]).svg.count('stroke-width="8"') == sum(
        1 for row in rows.values() if row["few"] and row["low"] is not None
    )


def test_counts_alone_draw_no_mark() -> None:
    """A slice too small for a rate has neither mark nor figure, and one too small for a test no verdict's colour."""
    rows = {row["name"]: row for row in CHARTS["diverging"].rows if row["t"] == "row"}

    assert rows["tunnel × van"]["value"] is None
    assert rows["tunnel × van"]["n"] == "8 few"
    assert rows["tunnel"]["verdict"] == TINY.verdict == "too_few"


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8),
    st.sampled_from([90.0, 160.0, 320.0]),
)
def test_an_axis_of_differences_holds_zero_and_every_value(values: list[float], width: float) -> None:
    """0 is a tick, all values lie on the axis, and there are two to eight ticks with different labels."""
    axis = difference_axis(values, span=(0, width))

    assert 0 in axis.ticks
    assert axis.low <= min(0.0, *values)
    assert axis.high >= max(0.0, *values)
    assert 2 <= len(axis.ticks) <= 8
    assert len(set(axis.labels)) == len(axis.ticks)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_an_axis_of_rates_shows_its_ends(values: list[float]) -> None:
    """Its ends are ticks within 0 and 100, and the last label carries the unit."""
    axis = level_axis(values, "rate", span=(0, 200))

    assert (axis.ticks[0], axis.ticks[-1]) == (pytest.approx(axis.low), pytest.approx(axis.high))
    assert 0 <= axis.low <= min(values)
    assert max(values) <= axis.high <= 100
    assert axis.labels[-1].endswith("%")


def test_every_text_lies_inside_its_chart() -> None:
    """With the widest of the usual faces no text leaves its SVG, in any chart and layout."""
    outside = []
    for chart in LAYOUTS.values():
        svg = drawn(chart).svg
        width, height = (float(v) for v in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
        outside += [
            f"{chart.id}: {told}"
            for told, start, end, y in _texts(svg)
            if start < -1 or end > width + 1 or not 0 < y < height
        ]

    assert outside == []


def _texts(svg: str) -> Iterator[tuple[str, float, float, float]]:
    """Every upright text with its ends and its baseline, in px."""

    def walk(
        node: ET.Element, x: float, y: float, above: Mapping[str, str]
    ) -> Iterator[tuple[str, float, float, float]]:
        moved = re.match(r"translate\((-?[\d.]+),(-?[\d.]+)\)(.*)", node.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        said = {**above, **node.attrib}
        if node.tag.endswith("}text") and not (moved and "rotate" in moved[3]):
            size = float(said.get("font-size", "12px").removesuffix("px"))
            wide = text.width(node.text or "", size, 600 if said.get("font-weight") == "600" else 400)
            start = x - {"end": wide, "middle": wide / 2}.get(said.get("text-anchor", "start"), 0.0)
            yield node.text or "", start, start + wide, y
        for child in node:
            yield from walk(child, x, y, said)

    return walk(ET.fromstring(svg), 0.0, 0.0, {})


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_fitted_text_fits(name: str, room: float) -> None:
    """What is cut fits its room and ends with an ellipsis; what fits is left alone."""
    shown = text.fit(name, room)

    assert shown == name if text.width(name) <= room else shown.endswith("…") and text.width(shown) <= room


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_a_cleaned_text_can_stand_in_xml(name: str) -> None:
    """No control character, no lone surrogate and no line break is left."""
    cleaned = text.clean(name)

    assert ET.fromstring(ET.tostring(_element(cleaned), encoding="unicode")).text == (cleaned or None)


def _element(content: str) -> Any:
    element = ET.Element("t")
    element.text = content
    return element


@pytest.mark.parametrize(("side", "dark"), list(product(heat.SIDES, [False, True])))
def test_every_heat_cell_can_be_read(side: heat.Side, dark: bool) -> None:
    """Both lines of text on every step have a contrast of 4.5, in both themes."""
    dark_of = {**heat.dark_values(), theme.LIGHT["ink"]: theme.DARK["ink"], theme.LIGHT["ink2"]: theme.DARK["ink2"]}
    for n in range(heat.STEPS + 1):
        background = heat.cell(side, n, dark=dark)
        for light in (heat.text(side, n), heat.quiet(side, n)):
            assert heat.contrast(dark_of[light] if dark else light, background) >= 4.5, (side, n)


def test_heat_colours_can_be_told_apart() -> None:
    """Each light colour of the scale stands for one dark colour, and none is a token of the theme."""
    assert len(set(heat.cells())) == len(heat.CODES)
    assert not set(heat.dark_values()) & set(theme.LIGHT.values())
    assert heat.mix("#AD430B", 100, "#F6F5F2") == "#AD430B"
    assert heat.mix("#AD430B", 0, "#F6F5F2") == "#F6F5F2"


def test_unclear_cells_stay_pale() -> None:
    """Without a clear change a cell takes at most 22% of the colour; beyond chance it always takes some."""
    assert heat.step(8, 8, clear=True) == heat.STEPS
    assert heat.step(80, 8, clear=False) / heat.STEPS * heat.FULL <= 22
    assert heat.step(0.001, 8, clear=True) == 1


def test_the_style_sheet_has_every_colour() -> None:
    """``charts.css`` gives each token and each colour of the heat scale its dark value."""
    css = (ROOT / "assets/css/charts.css").read_text(encoding="utf-8")

    assert heat.css() in css
    for token, colour in theme.LIGHT.items():
        assert f'svg.rg-chart [fill="{colour}"] {{ fill: var(--rg-{token}); }}' in css
        assert f'svg.rg-chart [stroke="{colour}"] {{ stroke: var(--rg-{token}); }}' in css


def test_tokens_are_the_sites() -> None:
    """The charts' light and dark colours are those of ``tokens.css``; ``control`` is ``mute`` but for one digit."""
    css = (ROOT / "assets/css/tokens.css").read_text(encoding="utf-8")
    light, dark = css.split("@media (prefers-color-scheme: dark)")[:2]

    for token, colour in theme.LIGHT.items():
        assert f"--rg-{token}: {'#868A90' if token == 'control' else colour};" in light
        assert f"--rg-{token}: {theme.DARK[token]};" in dark


@pytest.mark.parametrize("name", LAYOUTS)
def test_colours_of_a_drawing_are_known_to_the_style_sheet(name: str) -> None:
    """A chart paints with tokens and the heat scale alone, so that the dark theme reaches every mark."""
    known = {*theme.LIGHT.values(), *heat.cells(), *heat.dark_values(), "none", "transparent"}

    used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn(LAYOUTS[name]).svg))

    assert used <= known


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_flips_fill_their_bars(both_right: int, broken: int, fixed: int, both_wrong: int) -> None:
    """The parts of each bar follow each other from 0 to 1, and the table's counts are the counts."""
    counts = FlipCounts(both_right, broken, fixed, both_wrong)
    chart = flips("f", "l", counts)
    bars = [row for row in chart.rows if row["t"] == "bar"]

    for y in {row["y"] for row in bars}:
        parts = sorted((row["start"], row["end"]) for row in bars if row["y"] == y)
        assert all(0 <= start < end <= 1 for start, end in parts)
        assert all(a[1] <= b[0] + 1e-9 for a, b in pairwise(parts))
    assert [line[1] for line in chart.table] == [f"{n:,}" for n in (both_right, broken, fixed, both_wrong)]


@pytest.mark.parametrize("both_right", [90_000, 3_417, 0])
def test_both_ends_of_the_bar_of_flips_are_named(both_right: int) -> None:
    """Each part that did not change has its words and its count's share, inside the bar or above it."""
    words = FlipWords("within 1.20", "much worse", "much better", "off by more", "larger", "smaller")
    chart = flips("f", "l", FlipCounts(both_right, 58, 75, 2450, words=words))
    said = " ".join(row["text"] for row in chart.rows if row["t"] in {"all", "inside", "wrong"})

    assert "within 1.20" in said
    assert "off by more" in said


def test_more_than_25_classes_are_folded() -> None:
    """The classes with most change are kept, the rest is "other", and no sample is lost."""
    names, grid = chart_samples.matrix(30)
    chart = CHARTS["confusion-many"]
    shown = [row["text"] for row in chart.rows if row["t"] == "name"]

    assert len(shown) == 25
    assert shown[-1] == "other"
    assert set(shown[:-1]) <= set(names)
    lines = [tuple(line[2:4]) for line in chart.table]
    assert sum(int(n) for n, _ in lines) == sum(cell.n_baseline for cell in grid.cells)
    assert sum(int(n) for _, n in lines) == sum(cell.n_candidate for cell in grid.cells)


def test_matrices_of_the_same_cells_are_those_of_cells_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rests on cells alone is made once of those that matrices share; drawn and listed is what else would be."""
    names, shown = chart_samples.matrix(30)
    views: tuple[View, ...] = ("change", "baseline", "candidate")
    shared = {f"{view}-{share}": replace(shown, view=view, share=share) for view in views for share in (False, True)}
    beside = [replace(shown, view="baseline", share=True, cells=shown.cells[:40])]
    apart = {key: replace(one, cells=tuple(map(replace, one.cells))) for key, one in shared.items()}
    module = import_module("reportgen.site.charts.confusion")
    fold, folded = module._fold, list[int]()

    def counted(cells: Any, kept: Any) -> Any:
        folded.append(len(cells))
        return fold(cells, kept)

    monkeypatch.setattr(module, "_fold", counted)

    once, each = (
        confusion("c", "l", one["change-False"], names, alternatives=one, beside=beside) for one in (shared, apart)
    )

    whole = len(shown.cells)
    assert folded == [whole, 40, *[whole] * 6, 40]
    assert set(once.alternatives) == set(shared)
    assert (once.rows, once.alternatives) == (each.rows, each.alternatives)
    assert (once.table, once.tables) == (each.table, each.tables)
    assert once.spec == each.spec


@pytest.mark.parametrize("n", [4, 30])
def test_what_nothing_truly_is_has_a_column_and_no_row(n: int) -> None:
    """It stands last, behind the classes that are folded, so that the diagonal stays one."""
    names, shown = chart_samples.matrix(n)
    more = [ConfusionCell(name, "ignored", 5 + i, 9) for i, name in enumerate(names)]
    grid = replace(shown, cells=(*shown.cells, *more))
    chart = confusion("c", "l", grid, [*names, "ignored"], only_called=["ignored"])
    rows, columns = ([row["text"] for row in chart.rows if row["t"] == kind] for kind in ("name", "column"))
    assert rows == columns[:-1]
    assert columns[-1] == "ignored"
    assert ("other" in rows) == (n > 25)
    places = {(row["row"], row["col"]) for row in chart.rows if row["t"] == "cell"}
    assert places == {(i, j) for i in range(len(rows)) for j in range(len(columns))}
    assert chart.frame["rows"] == len(rows)
    last = [row["text0"] for row in chart.rows if row["t"] == "cell" and row["col"] == len(rows)]
    assert len(last) == len(rows)
    assert "·" not in last[: len(rows) - (n > 25)]


def test_a_table_of_cells_is_written_column_by_column_as_one_by_one() -> None:
    """With both ends of the interval or none, and with lines that were made before."""
    names, shown = chart_samples.matrix(6)
    cells = tuple(
        replace(cell, low=None if i % 3 == 0 else cell.delta - 1200.5, high=None if i % 4 == 0 else cell.delta + 2.4)
        for i, cell in enumerate(shown.cells)
    )
    lines = list_cells(cells)
    for cell, line in zip(cells, lines, strict=True):
        counts = (numbers.count(cell.n_baseline), numbers.count(cell.n_candidate), numbers.signed(cell.delta, 0))
        assert line[:5] == (cell.target, cell.prediction, *counts)
        assert line[5] == numbers.difference_interval(cell.low, cell.high, "number", 0)
    grid = replace(shown, cells=cells)
    one, other = (confusion("c", "l", grid, names, lines=known) for known in (lines, None))
    assert (one.table, one.rows, one.frame) == (other.table, other.rows, other.frame)


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_its_table(name: str) -> None:
    """Every line of a chart's table has a cell for each head, for each alternative too, and JSON carries it all."""
    chart = CHARTS[name]

    assert chart.table
    for table in (chart.table, *chart.tables.values()):
        assert {len(line) for line in table} == {len(chart.head)}
    assert set(chart.tables) == set(chart.alternatives)
    assert json.loads(json.dumps(chart.rows, allow_nan=False)) == list(chart.rows)


@pytest.mark.parametrize("id", ["", "a b", "A", "-a", "a--b", "a.b"])
def test_an_id_can_stand_in_an_address(id: str) -> None:
    """Ids are lower-case words with hyphens."""
    with pytest.raises(ValueError, match="not a chart id"):
        Chart(id, "l", {}, (), (), ())


def test_a_text_stands_on_two_lines_before_it_is_cut() -> None:
    """It is broken behind a space or a sign; only what two lines cannot hold is cut."""
    assert text.wrap("all domains", 60) == ("all", "domains")
    assert text.wrap("movie_reviews", 60) == ("movie_", "reviews")
    assert text.wrap("short", 60) == ("short", "")
    first, second = text.wrap("a" * 40, 60)
    assert set(first) == {"a"}
    assert second.endswith(text.ELLIPSIS)
