"""What Python says of sums that the browser is given too: functions by their names there, sums as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from reportgen.stats import complement, intervals
from reportgen.stats.statistic import PairSums, Sums

Case = Mapping[str, Any]
"""``in_browser`` the function, ``arguments`` of it; null in bounds: none."""


def sums_json(sums: Sums, key: int = 0) -> dict[str, Any]:
    """One key's sums."""
    found = {field.name: getattr(sums, field.name) for field in fields(Sums)}
    return {name: one if isinstance(one, bool) else one[key].item() for name, one in found.items()}


def pair_json(pair: PairSums, key: int = 0) -> dict[str, Any]:
    """One key's paired sums."""
    own = {name: getattr(pair, name)[key].item() for name in ("n", "units", "xx", "xw", "wx", "ww")}
    return {"baseline": sums_json(pair.baseline, key), "candidate": sums_json(pair.candidate, key), **own}


def says(case: Case) -> dict[str, float]:
    """What Python gives; NaN where not defined."""
    return _FUNCTIONS[case["in_browser"]](*case["arguments"])


def _sums(given: Case) -> Sums:
    return Sums(**{name: one if isinstance(one, bool) else np.array([one]) for name, one in given.items()})


def _pair(given: Case) -> PairSums:
    ends = {name: _sums(given[name]) for name in ("baseline", "candidate")}
    return PairSums(**ends, **{name: np.array([one]) for name, one in given.items() if name not in ends})


def _how(how: Case) -> dict[str, Any]:
    bounds = how.get("bounds")
    if bounds is None:
        return {name: one for name, one in how.items() if name != "bounds"}
    low, high = bounds
    return {**how, "bounds": (-math.inf if low is None else low, math.inf if high is None else high)}


def _interval(found: intervals.Intervals) -> dict[str, float]:
    return {name: float(getattr(found, name)[0]) for name in ("value", "low", "high")}


def _difference(found: intervals.Differences) -> dict[str, float]:
    names = {"delta": "delta", "low": "low", "high": "high", "p": "p"}
    names |= {"before": "value_baseline", "after": "value_candidate"}
    return {name: float(getattr(found, own)[0]) for name, own in names.items()}


def _mean_interval(value: float, sums: Case, how: Case) -> dict[str, float]:
    trials = how.get("trials")
    given = {**_how(how), "trials": None if trials is None else [trials]}
    return _interval(intervals.mean_intervals([value], _sums(sums), **given))


def _with_rest(pair: Case, how: Case) -> dict[str, float]:
    found = complement.compare_with_rest(_pair(pair), **how)
    names = {"delta": "delta", "low": "low", "high": "high", "p": "p", "before": "rest", "after": "value"}
    return {name: float(getattr(found, own)[0]) for name, own in names.items()}


_FUNCTIONS: dict[str, Callable[..., dict[str, float]]] = {
    "ratioInterval": lambda sums, how: _interval(intervals.ratio_intervals(_sums(sums), **_how(how))),
    "meanInterval": _mean_interval,
    "meanDifference": lambda before, after, sums, how: _difference(
        intervals.mean_differences([before], [after], _sums(sums), **_how(how))
    ),
    "differenceInterval": lambda pair, how: _difference(intervals.difference_intervals(_pair(pair), **_how(how))),
    "compareWithRest": _with_rest,
}
