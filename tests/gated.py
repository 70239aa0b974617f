"""Gates, beliefs and pinned sets made by hand, for tests of what prints them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from reportgen.model import ALL, Belief, Gate, Link, PinnedSet, Release
from reportgen.report import Report
from tests import builders

OVERALL = Gate(
    "Accuracy, all samples", "may lose at most 0.5 points", "passes", "max_drop", "overall", "accuracy", None, ALL,
    "rate", 0.005, 0.014, 0.011, 0.017, 48210,
    links=(Link("compare", "What changed"),),
)  # fmt: skip
FAILS = Gate(
    "Accuracy, every slice", "may lose at most 3.0 points", "fails", "max_drop", "every slice", "accuracy", None,
    "weather=rain", "rate", 0.03, -0.083, -0.112, -0.054, 812,
    reason="1 beyond doubt, 1 to watch", failing=("weather=rain",), watch=("weather=fog",),
    links=(Link("examples", "812 samples", (("set", "all"), ("a.weather", "rain")), 812),),
)  # fmt: skip
FLOOR = Gate(
    "Recall of pedestrian", "must be at least 88.0%", "passes", "min", "class", "recall", "pedestrian", ALL,
    "rate", 0.88, 0.901, 0.890, 0.911, 7412,
)  # fmt: skip
COUNT = Gate(
    "Newly broken, critical slices", "at most 10", "near", "max", "critical", "newly_broken", None, ALL,
    "count", 10, 7, None, None, 412,
)  # fmt: skip
ERROR = Gate(
    "Mean absolute error", "may rise by at most 0.20", "undecided", "max_drop", "overall", "mae", None, ALL,
    "number", 0.2, 0.12, -0.03, 0.27, 3200, higher_is_better=False, reason="its interval spans the limit",
)  # fmt: skip
HOLD = Release("hold", "Hold", "1 of 5 release gates fails.", "pass")
GO = Release("go", "Go", "All 3 release gates pass.", "pass")
REFUTED = Belief(
    "v3 is better where weather = rain", "refuted", "In the rain v3 loses 8.3 points (n = 812).", "weather=rain",
    (Link("slices", "Slice in detail", (("slice", "weather=rain"),)),),
)  # fmt: skip
CONFIRMED = Belief("v3 is better overall", "confirmed", "It gains 1.4 points (n = 48,210).", ALL)
PINNED = PinnedSet(
    "regressions-2026-10", "weather=rain", 36, 1, 3, 30, 2, 1,
    links=(Link("examples", "3 open", (("set", "wrong"), ("a.weather", "rain")), 3),),
)  # fmt: skip


def held(report: Report | None = None) -> Report:
    """A report (of three versions) whose verdict is Hold: a gate in each state, beliefs, and a pinned set."""
    report = report or builders.report()
    frame = report.outcomes.frame
    return replace(
        report,
        outcomes=replace(report.outcomes, frame=frame.with_columns(pinned_0=pl.int_range(frame.height) < PINNED.n)),
        gates=(OVERALL, FAILS, FLOOR, COUNT, ERROR),
        release=HOLD,
        beliefs=(REFUTED, CONFIRMED),
        pinned=(PINNED,),
    )


def passed() -> Report:
    """A report whose gates all pass."""
    return replace(builders.report(), gates=(OVERALL, FLOOR, COUNT), release=GO)
