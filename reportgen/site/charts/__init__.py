"""The charts: every one with an axis is an Altair chart of aggregated rows, in one theme."""

from reportgen.site.charts.chart import Chart
from reportgen.site.charts.diverging import DivergingSet, diverging
from reportgen.site.charts.effect import effect

__all__ = ["Chart", "DivergingSet", "diverging", "effect"]
