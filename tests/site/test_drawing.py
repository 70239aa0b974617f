"""Drawings: the same bytes on any machine, nothing that a policy refuses, specs for the page's Vega."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from reportgen.site.drawing import VEGA, chart_chunks, chart_payload
from tests.site import chart_samples

ROOT = Path(__file__).resolve().parents[2]
CHARTS = {chart.id: chart for chart in chart_samples.every()}


@pytest.mark.parametrize("name", CHARTS)
def test_a_drawing_stands_in_any_page(name: str) -> None:
    """An image with a label; no style, script, address or class but its own; ids that begin with the chart's."""
    chart = CHARTS[name]
    drawing = chart_samples.drawn(chart)
    for svg, id_ in ((drawing.svg, chart.id), (drawing.narrow, f"{chart.id}-narrow")):
        if not svg:
            continue
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        assert root.get("aria-label") == chart.label
        for node in root.iter():
            assert node.get("style") is None
            assert node.get("class") in ({"rg-chart"} if node is root else {None})
            assert node.get("id", id_).startswith(id_)
            assert node.tag.rpartition("}")[2] in {"svg", "g", "path", "line", "rect", "text"}
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_groups_say_once_what_their_content_says() -> None:
    """No group stands for nothing, and none has content that says in full what all of it says."""
    for chart in CHARTS.values():
        root = ET.fromstring(chart_samples.drawn(chart).svg)
        for group in (node for node in root.iter() if node.tag.endswith("}g")):
            assert group.attrib
            fills = [child.get("fill") for child in group]
            assert len(fills) < 2 or len(set(fills)) > 1 or fills[0] is None


def test_drawings_do_not_depend_on_fonts(tmp_path: Path) -> None:
    """A machine without any font draws the same bytes."""
    (tmp_path / "fonts.conf").write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{tmp_path}</dir></fontconfig>', encoding="utf-8"
    )
    code = (
        "import hashlib, sys; from reportgen.site.drawing import draw; from tests.site import chart_samples; "
        "drawn = ''.join(d.svg + d.narrow for d in map(draw, chart_samples.every())); "
        "print(hashlib.sha256(drawn.encode()).hexdigest())"
    )
    bare = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | bare, cwd=ROOT, capture_output=True, text=True, check=True
    )

    drawn = "".join(d.svg + d.narrow for d in map(chart_samples.drawn, CHARTS.values()))
    assert done.stdout.strip() == hashlib.sha256(drawn.encode()).hexdigest()


def test_a_payload_has_its_rows_apart_from_its_specs() -> None:
    """The compiled specs carry no rows; rows and tables stand once, beside those of each alternative."""
    payload = chart_payload(CHARTS["diverging"])

    for layout in ("vega", "narrow"):
        data = {source["name"]: source for source in payload[layout]["data"]}
        assert data["rows"].get("values", []) == []
        assert "night × rain" not in str(payload[layout])
    assert payload["shown"]["rows"] == CHARTS["diverging"].rows
    assert list(payload["alternatives"]) == ["v3"]
    other = payload["alternatives"]["v3"]
    rows = CHARTS["diverging"].alternatives["v3"]
    assert other["n"] == len(rows)
    assert [{k: c[i] for k, c in other["rows"].items() if c[i] is not None} for i in range(other["n"])] == list(rows)
    assert list(zip(*other["table"], strict=True)) == list(CHARTS["diverging"].tables["v3"])


def test_only_live_charts_get_a_chunk() -> None:
    """A chunk each for what a page's scripts draw; none for the rest."""
    live = {f"chart-{chart.id}" for chart in CHARTS.values() if chart.live}

    assert set(chart_chunks([*CHARTS.values(), None])) == live
    assert "chart-bars" in live
    assert "chart-shares" not in live


def test_the_scripts_are_there() -> None:
    """Vega, its interpreter and what mounts them stand among the assets."""
    for script in VEGA:
        assert (ROOT / "assets" / script).is_file()
