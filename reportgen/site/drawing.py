"""A chart drawn: the static SVG that stands in the page, and the compiled spec that the page's Vega draws."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import vl_convert

from reportgen.site.charts.chart import Chart, Rows, Spec, with_data
from reportgen.site.charts.theme import DATA
from reportgen.site.packing import Chunk, pack_json

VEGA_LITE = "6.4"
"""The Vega-Lite that vl-convert compiles with: that of Altair's schema."""

SCRIPT = "js/charts.js"
"""What a page with a live chart has, after ``js/element.js``, ``js/numbers.js`` and ``js/data.js``."""
VEGA = ("vendor/vega-6.4.0/vega.min.js", "vendor/vega-interpreter-2.3.2/vega-interpreter.js")
"""What that loads, in this order, when it draws; in the single file they stand before it."""

_SVG = "http://www.w3.org/2000/svg"
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_FINE = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_GEOMETRY = frozenset({"transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height"})
_INHERITED = (
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "fill-opacity"),
    *("font-size", "font-weight", "text-anchor"),
)
"""What a group can say for all that stands in it."""
_DROPPED = ("font-family", "class", "aria-hidden", "aria-roledescription", "role", "style", "pointer-events")

ET.register_namespace("", _SVG)


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG text, and its narrow layout where it has one."""

    svg: str
    narrow: str


def draw(chart: Chart) -> Drawing:
    """The chart's drawing; the same chart gives the same bytes on any machine."""
    return Drawing(_svg(chart), _svg(chart.narrow) if chart.narrow else "")


def compile_vega(spec: Spec) -> dict[str, Any]:
    """The Vega spec of a chart's Vega-Lite, with its data set ``rows`` empty."""
    return dict(vl_convert.vegalite_to_vega(with_data(spec, []), vl_version=VEGA_LITE))


def chart_chunks(charts: Iterable[Chart | None]) -> dict[str, Chunk]:
    """The browser data of the charts among these that are live or wait to be, a chunk ``chart-<id>`` each.

    What waits shows nothing that stands in the page already: a script gives it rows, or asks for an alternative.
    """
    drawn = [replace(chart.waiting, rows=(), table=()) if chart.waiting else chart for chart in charts if chart]
    return {f"chart-{chart.id}": pack_json(chart_payload(chart)) for chart in drawn if chart.live}


def chart_payload(chart: Chart) -> dict[str, Any]:
    """What a live view is made of: the compiled spec of each layout, rows and table, and others by key.

    The others stand as columns, for there are many, and what is alike packs best side by side.
    """
    found: dict[str, Any] = {
        "vega": compile_vega(chart.spec),
        "shown": {DATA: chart.rows, "table": chart.table},
        "alternatives": {
            key: {"n": len(rows), DATA: _by_field(rows), "table": list(zip(*chart.tables.get(key, ()), strict=True))}
            for key, rows in chart.alternatives.items()
        },
    }
    if chart.narrow:
        found["narrow"] = compile_vega(chart.narrow.spec)
    if chart.frame:
        found["frame"] = chart.frame
    if chart.cells:
        found["cells"] = chart.cells
    return found


def _by_field(rows: Rows) -> dict[str, list[Any]]:
    """The rows field by field, null where one has no such field; null and nothing are alike to a spec."""
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def _svg(chart: Chart) -> str:
    """The SVG by vl-convert, named, with ids of its own, its numbers short and nothing that a page's policy refuses."""
    root = ET.fromstring(vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE))
    width, height = (_LONG.sub(_short, root.get(name, "")) for name in ("width", "height"))
    for element in root.iter():
        _tidy(element, chart.id)
    _prune(root)
    _unwrap(root)
    _share(root)
    root.attrib.clear()
    root.attrib |= {
        "class": "rg-chart",
        "role": "img",
        "aria-label": chart.label,
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
    }
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")  # a text or value holds "&gt;" in place of ">"


def _tidy(element: ET.Element, prefix: str) -> None:
    """Drop what the page says better or does not allow, and make ids the chart's own."""
    for name in _DROPPED:
        element.attrib.pop(name, None)
    if element.get("opacity") == "1":
        del element.attrib["opacity"]
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, f"{prefix}-{value}")
        elif value.startswith("url(#"):
            element.set(name, f"url(#{prefix}-{value[5:]}")
        elif name == "d":
            element.set(name, _FINE.sub(lambda match: _short(match, 1), value))
        elif name in _GEOMETRY:
            element.set(name, _LONG.sub(_short, value))


def _short(match: re.Match[str], decimals: int = 2) -> str:
    return f"{round(float(match[0]), decimals) + 0.0:.10g}"


def _prune(element: ET.Element) -> None:
    """Drop what draws nothing: groups without content, paths without paint."""
    for child in list(element):
        _prune(child)
        tag = child.tag.rpartition("}")[2]
        bare = tag == "path" and not {"fill", "stroke"} & set(child.attrib)
        if bare or (tag == "g" and len(child) == 0):
            element.remove(child)


def _unwrap(element: ET.Element) -> None:
    """Put the content of groups that say nothing in their place."""
    found: list[ET.Element] = []
    for child in element:
        _unwrap(child)
        if child.get("transform") == "translate(0,0)":
            del child.attrib["transform"]
        bare = child.tag.rpartition("}")[2] == "g" and not child.attrib
        found += list(child) if bare else [child]
    element[:] = found


def _share(element: ET.Element) -> None:
    """Let a group say once what most of its content says, where each has a word of its own on it."""
    for child in element:
        _share(child)
    if len(element) < 2 or element.tag.rpartition("}")[2] != "g":
        return
    for name in _INHERITED:
        values = [child.get(name) for child in element]
        if None in values:
            continue
        (usual, _), *_ = Counter(values).most_common(1)
        element.set(name, str(usual))
        for child in element:
            if child.get(name) == usual:
                del child.attrib[name]
