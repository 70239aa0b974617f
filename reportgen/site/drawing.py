"""A chart drawn: the static SVG that stands in the page, and the compiled spec that the page's Vega draws."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import vl_convert

from reportgen.site.charts import Chart

VEGA_LITE = "6.4"
SVG = "http://www.w3.org/2000/svg"

_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_GEOMETRY = frozenset({"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "viewBox", "cx", "cy"})

ET.register_namespace("", SVG)


@dataclass(frozen=True)
class Drawing:
    """A chart as text: static SVG, the one of its narrow layout where it has one, and its compiled spec where live."""

    svg: str
    narrow: str
    vega: dict[str, Any]


def draw(chart: Chart) -> Drawing:
    """The chart's drawing; the same chart gives the same bytes on any machine."""
    narrow = _svg(chart.narrow) if chart.narrow else ""
    return Drawing(_svg(chart), narrow, compile_vega(chart) if chart.live else {})


def compile_vega(chart: Chart) -> dict[str, Any]:
    """The chart's Vega spec, with its data set named ``rows``."""
    return dict(vl_convert.vegalite_to_vega(chart.spec, vl_version=VEGA_LITE))


def chart_payload(charts: Iterable[Chart]) -> dict[str, Any]:
    """What a page's live views are made of, by chart id: compiled spec, rows by key, and the narrow layout's."""
    return {chart.id: _payload(chart) for chart in charts if chart.live}


def _payload(chart: Chart) -> dict[str, Any]:
    found: dict[str, Any] = {"vega": compile_vega(chart)}
    if chart.alternatives:
        found["alternatives"] = {key: list(rows) for key, rows in chart.alternatives.items()}
    if chart.narrow:
        found["narrow"] = _payload(chart.narrow)
    return found


def _svg(chart: Chart) -> str:
    """The SVG by vl-convert, named, with ids of its own, its numbers short and nothing in it that a page's policy refuses."""
    root = ET.fromstring(vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE))
    for element in root.iter():
        _tidy(element, chart.id)
    _prune(root)
    width, height = root.get("width", ""), root.get("height", "")
    root.attrib.clear()
    root.attrib |= {
        "class": "rg-chart",
        "role": "img",
        "aria-label": chart.label,
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
    }
    return ET.tostring(root, encoding="unicode")


def _tidy(element: ET.Element, prefix: str) -> None:
    for name in ("font-family", "class", "aria-hidden", "aria-roledescription", "role", "style"):
        element.attrib.pop(name, None)
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, f"{prefix}-{value}")
        elif value.startswith("url(#"):
            element.set(name, f"url(#{prefix}-{value[5:]}")
        elif name in _GEOMETRY:
            element.set(name, _LONG.sub(_short, value))


def _short(match: re.Match[str]) -> str:
    return f"{round(float(match[0]), 2) + 0.0:g}"


def _prune(element: ET.Element) -> None:
    """Drop what draws nothing: groups without content, paths without paint."""
    for child in list(element):
        _prune(child)
        tag = child.tag.rpartition("}")[2]
        bare = tag == "path" and not {"fill", "stroke"} & set(child.attrib)
        if bare or (tag == "g" and len(child) == 0):
            element.remove(child)


def spec_bytes(chart: Chart) -> int:
    """The size of the compiled spec as JSON."""
    return len(json.dumps(compile_vega(chart)))
