"""The values of the look that charts carry: tokens, sizes, and the one Altair theme.

Charts are drawn with the light tokens' exact hex values; ``assets/css/charts.css`` turns each into the dark theme's
by attribute selectors, so static and live charts follow the theme alike.
"""

from __future__ import annotations

from typing import Any

import altair as alt

LIGHT = {
    "bg": "#FAFAF8",
    "surface": "#FFFFFF",
    "sunken": "#F3F3F0",
    "line": "#E4E4DF",
    "line2": "#C9CAC4",
    "control": "#868A91",
    "ink": "#16181B",
    "ink2": "#43484E",
    "ink3": "#62676E",
    "mute": "#868A90",
    "accent": "#3F47B5",
    "worse": "#AD430B",
    "worse-mark": "#CF5F1C",
    "better": "#0A6680",
    "better-mark": "#1F86A3",
    "heat0": "#F6F5F2",
}
"""The light theme. ``control`` and ``mute`` are one colour in the light theme and two in the dark one: they differ
here in the last digit, so that a selector can tell them apart."""

DARK = {
    "bg": "#121416",
    "surface": "#191C1F",
    "sunken": "#212529",
    "line": "#2C3136",
    "line2": "#434A51",
    "control": "#7A828B",
    "ink": "#ECEEF0",
    "ink2": "#BCC2C9",
    "ink3": "#989FA8",
    "mute": "#747C85",
    "accent": "#A5ACFF",
    "worse": "#F39A62",
    "worse-mark": "#E07F42",
    "better": "#6CC3DC",
    "better-mark": "#46A9C6",
    "heat0": "#23272B",
}

DATA = "rows"
"""The name of a chart's one data set: what a live view's new rows are given to."""

BROAD = 976
"""The width of a chart that fills the desktop page, as narrow as a window of 1024 leaves it."""
WIDE = 760
"""The width of a chart that fills a column of the desktop page; below it the narrow layout stands in."""
COLUMN = 392
"""The width of a chart in a side column."""
HALF = 576
"""The width of a chart that shares the desktop page with another one."""
THIRD = 380
"""The width of one of three charts beside each other."""
PANEL = 700
"""The width of a chart beside a panel of controls."""
EFFECT = 300
"""The width of a finding's chart."""
NARROW = 328
"""The width of a phone's layout: a window of 360 less its padding, so that no text is ever scaled below 12 px."""

AXIS_SIZE = 12
NAME_SIZE = 13


def _config() -> dict[str, Any]:
    ink3 = LIGHT["ink3"]
    return {
        "font": "sans-serif",
        "background": "transparent",
        "aria": False,
        "mark": {"aria": False},
        "view": {"stroke": None, "fill": None},
        "axis": {
            "title": None,
            "aria": False,
            "domain": False,
            "ticks": False,
            "grid": True,
            "gridColor": LIGHT["line"],
            "gridWidth": 1,
            "labelColor": ink3,
            "labelFontSize": AXIS_SIZE,
            "labelPadding": 8,
            "labelLimit": 0,
            "labelOverlap": False,
            "labelBound": False,
            "labelFlush": False,
        },
        "legend": {"disable": True},
        "text": {"fontSize": AXIS_SIZE, "baseline": "middle", "fill": ink3},
        "rule": {"strokeWidth": 1.8},
        "point": {"fill": "transparent", "stroke": "transparent"},
        "scale": {"barBandPaddingInner": 0, "bandPaddingInner": 0, "bandPaddingOuter": 0},
    }


@alt.theme.register("reportgen", enable=False)
def theme() -> alt.theme.ThemeConfig:
    """The Altair theme of every chart."""
    return {"config": _config()}  # type: ignore[typeddict-item]
