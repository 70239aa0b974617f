"""The charts: every one with an axis is an Altair chart of aggregated rows, in one theme."""

from reportgen.site.charts.bars import BarRow, bars
from reportgen.site.charts.chart import Chart
from reportgen.site.charts.classes import ClassRow, classes
from reportgen.site.charts.compared_shares import ComparedShare, compared_shares
from reportgen.site.charts.confusion import ConfusionCell, ConfusionGrid, confusion
from reportgen.site.charts.contributions import ContributionRow, contributions
from reportgen.site.charts.covered import covered
from reportgen.site.charts.cutoff_curves import CutoffPoint, Rate, cutoff_curves
from reportgen.site.charts.diverging import DivergingSet, diverging
from reportgen.site.charts.effect import effect
from reportgen.site.charts.flips import FlipCounts, FlipWords, flips
from reportgen.site.charts.heatmap import HeatCell, HeatGrid, heatmap
from reportgen.site.charts.histogram import HistogramBin, histogram
from reportgen.site.charts.levels import Level, LevelRow, levels
from reportgen.site.charts.moved import MovedRow, moved
from reportgen.site.charts.object_curves import object_curves
from reportgen.site.charts.placed import PlacedShare, placed
from reportgen.site.charts.reliability import ReliabilityBin, reliability
from reportgen.site.charts.risk import RiskCurve, RiskPoint, risk
from reportgen.site.charts.shares import ShareRow, shares
from reportgen.site.charts.stacked import StackPart, stacked
from reportgen.site.charts.trainings import TrainingRow, trainings
from reportgen.site.charts.trend import TrendPoint, trend

__all__ = [
    "BarRow",
    "Chart",
    "ClassRow",
    "ComparedShare",
    "ConfusionCell",
    "ConfusionGrid",
    "ContributionRow",
    "CutoffPoint",
    "DivergingSet",
    "FlipCounts",
    "FlipWords",
    "HeatCell",
    "HeatGrid",
    "HistogramBin",
    "Level",
    "LevelRow",
    "MovedRow",
    "PlacedShare",
    "Rate",
    "ReliabilityBin",
    "RiskCurve",
    "RiskPoint",
    "ShareRow",
    "StackPart",
    "TrainingRow",
    "TrendPoint",
    "bars",
    "classes",
    "compared_shares",
    "confusion",
    "contributions",
    "covered",
    "cutoff_curves",
    "diverging",
    "effect",
    "flips",
    "heatmap",
    "histogram",
    "levels",
    "moved",
    "object_curves",
    "placed",
    "reliability",
    "risk",
    "shares",
    "stacked",
    "trainings",
    "trend",
]
