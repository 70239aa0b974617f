"""The plots in table rows: axes with round ends, and paths that keep to them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.site import row_plots
from reportgen.site.row_plots import Interval, Scale, Tick

CASES = json.loads((Path(__file__).resolve().parents[1] / "contract" / "row_plots.json").read_text(encoding="utf-8"))
WIDE = st.floats(-1, 1).map(lambda x: round(x, 4))


def scale_of(case: dict[str, Any]) -> Scale:
    """The axis of a case of the contract."""
    return Scale(**{**case["scale"], "ticks": tuple(Tick(**tick) for tick in case["scale"]["ticks"])})


def interval_of(found: dict[str, float] | None) -> Interval | None:
    """An interval of a case of the contract."""
    return None if found is None else Interval(**found)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_paths_are_those_of_the_contract(case: dict[str, Any]) -> None:
    """Python draws each case with the paths that the browser is held to."""
    if case["kind"] == "level":
        ends = (interval_of(case["baseline"]), interval_of(case["candidate"]))
        drawn: Any = row_plots.level_plot(scale_of(case), *ends)
    elif case["kind"] == "count":
        drawn = row_plots.count_plot(case["most"], case["before"], case["after"])
    elif case["kind"] == "scale":
        drawn = row_plots.level_scale(case["values"], case["unit"])
        ticks = [vars(tick) for tick in drawn.ticks]
        assert {**vars(drawn), "ticks": ticks} == case["expected"]
        return
    else:
        change = interval_of(case["change"])
        drawn = row_plots.change_plot(scale_of(case), change, case["verdict"], case["support"])

    assert vars(drawn) == case["expected"]


def test_a_plus_is_wider_than_a_digit() -> None:
    """Beside +100 there is no room for +50."""
    assert [tick.label for tick in row_plots.change_scale([-0.5, 1], "rate").ticks] == ["−50", "0", "+100"]


@given(st.lists(WIDE, min_size=1, max_size=6))
def test_an_axis_of_changes_holds_zero_and_every_value(values: list[float]) -> None:
    """The ends of a change axis are rounded outward, never inward, and 0 is always on it."""
    scale = row_plots.change_scale(values, "rate")

    assert scale.holds(0)
    assert all(scale.low - 1e-9 <= value <= scale.high + 1e-9 for value in values)
    assert all(row_plots.PAD <= tick.x <= scale.width - row_plots.PAD for tick in scale.ticks)


@given(st.lists(st.floats(0, 1).map(lambda x: round(x, 4)), min_size=2, max_size=6))
def test_an_axis_of_rates_stays_within_0_and_100_percent(values: list[float]) -> None:
    """No tick of an axis of rates lies outside 0 and 100 %, and its last one carries the unit."""
    scale = row_plots.level_scale(values, "rate")
    numbers = [float(tick.label.rstrip("%").replace("−", "-")) for tick in scale.ticks]

    assert scale.ticks[-1].label.endswith("%")
    assert min(numbers) >= 0
    assert max(numbers) <= 100


def test_a_version_alone_stands_in_the_middle() -> None:
    """Without a baseline the candidate's mark is on the middle line."""
    plot = row_plots.level_plot(row_plots.level_scale([0.5, 1.0], "rate"), None, Interval(0.9, 0.8, 0.95))

    assert plot.baseline_mark == ""
    assert re.search(r" 19a4\.6", plot.mark)


def test_shape_tells_worse_from_better_without_colour() -> None:
    """Worse points down, better up, and no clear change is a ring."""
    scale = row_plots.change_scale([-0.1, 0.1], "rate")
    marks = {
        verdict: row_plots.change_plot(scale, Interval(0.02, 0.0, 0.04), verdict, "decide").mark
        for verdict in ("worse", "better", "unclear")
    }

    assert marks["worse"].endswith("h10l-5 8.6z")
    assert marks["better"].endswith("h10l-5 -8.6z")
    assert "a4 4" in marks["unclear"]
