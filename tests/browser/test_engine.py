"""The browser's engine gives the figures of Python: intervals, differences and tests, from the same sums."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.stats import complement
from reportgen.stats.distributions import normal_quantile, student_quantile, student_two_sided
from reportgen.stats.statistic import sum_pair, sum_ratio
from tests.browser.written import Blank
from tests.interval_cases import Case, pair_json, says, sums_json

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ("engine/define.js", "engine/rounding.js", "engine/distributions.js", "engine/intervals.js")
ASK = """
cases => cases.map(({ in_browser, arguments: given }) => {
  const how = given[given.length - 1];
  if (how.bounds) how.bounds = how.bounds.map((bound, i) => bound ?? (i ? Infinity : -Infinity));
  return window.reportgen.intervals[in_browser](...given);
})
"""

pytestmark = pytest.mark.browser


def ask(blank: Blank, expression: str, argument: Any) -> Any:
    """What the engine makes of an argument, on a page of its own."""
    page = blank()
    for name in ENGINE:
        page.add_script_tag(path=ROOT / "assets" / "js" / name)
    return page.evaluate(expression, argument)


def test_contract(blank: Blank) -> None:
    """The edges, case by case."""
    cases = json.loads((ROOT / "tests" / "contract" / "intervals.json").read_text(encoding="utf-8"))

    for case, given in zip(cases, ask(blank, ASK, cases), strict=True):
        gives = {name: float("nan") if one is None else one for name, one in case["gives"].items()}
        assert given == pytest.approx(gives, rel=1e-9, abs=1e-12, nan_ok=True), case["why"]


def test_quantiles_and_tails(blank: Blank) -> None:
    """Of the normal distribution and of Student's t, from one degree of freedom to a million, at odd levels too."""
    levels = [0.5, 0.75, 0.9, 0.975, 0.9973, 0.9999, 0.01]
    degrees = [1.0, 1.0625, 2.0, 7.5, 29.0, 199.0, 1999.0, 2000.0, 123_456.0, 1e6]
    found = ask(
        blank,
        """([levels, degrees]) => { const d = window.reportgen.distributions; return [
          levels.map((p) => d.normalQuantile(p)), levels.map((p) => degrees.map((df) => d.studentQuantile(p, df))),
          degrees.map((df) => [0, 0.3, 1.96, 8, 40].map((t) => d.studentTwoSided(t, df)))]; }""",
        [levels, degrees],
    )

    assert found[0] == pytest.approx([normal_quantile(p) for p in levels], abs=1e-12)
    for p, got in zip(levels, found[1], strict=True):
        assert got == pytest.approx(student_quantile(p, degrees).tolist(), rel=1e-10, abs=1e-12)
    for df, got in zip(degrees, found[2], strict=True):
        assert got == pytest.approx(student_two_sided([0, 0.3, 1.96, 8, 40], df).tolist(), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("kind", ["plain", "grouped", "weighted", "grouped and weighted"])
def test_random_selections(blank: Blank, kind: str) -> None:
    """Of shares, of means and of ratios with denominators of their own, over a few samples or over many: to 1e-9."""
    cases = list(random_cases(kind))
    found = ask(blank, ASK, cases)

    for case, given in zip(cases, found, strict=True):
        assert given == pytest.approx(says(case), rel=1e-9, abs=1e-12, nan_ok=True), case


def random_cases(kind: str) -> Iterator[Case]:
    """Two versions' figures on 60 selections, and each selection beside its rest."""
    rng = np.random.default_rng(sum(map(ord, kind)))
    for k in range(60):
        n = int(rng.choice([2, 5, 30, 200, 3000]))
        taken = {
            "group": rng.integers(0, max(n // 6, 1), n) if "grouped" in kind else None,
            "weight": rng.choice([0.5, 1.0, 3.0], n) if "weighted" in kind else None,
        }
        level = float(rng.choice([0.9, 0.95, 0.99]))
        right = (rng.random((2, n)) < rng.choice([0.03, 0.5, 0.9, 1.0])).astype(float)
        scored = (rng.random((2, n)) < 0.9).astype(float) if k % 3 == 0 else np.ones((2, n))
        errors = rng.gamma(0.7, 2.0, (2, n))
        inside = np.where(rng.random(n) < 0.4, 0, -1)
        for binary, x, bounds in ((True, right * scored, (0.0, 1.0)), (False, errors, (0.0, None))):
            w = scored if binary else np.ones((2, n))
            keys = np.zeros(n, np.int64)
            how = {"binary": binary, "level": level, "bounds": list(bounds)}
            one = sum_ratio(keys, x[0], w[0], 1, **taken)
            pair = sum_pair(keys, x[0], w[0], x[1], w[1], 1, **taken)
            yield {"in_browser": "ratioInterval", "arguments": [sums_json(one), how]}
            yield {"in_browser": "differenceInterval", "arguments": [pair_json(pair), how]}
            if taken["group"] is None:
                part = sum_ratio(inside, x[1], w[1], 1, **taken)
                rest = complement.with_rest(part, sum_ratio(keys, x[1], w[1], 1, **taken))
            else:
                rest = complement.sum_with_rest(inside, x[1], w[1], 1, **taken)
            yield {
                "in_browser": "compareWithRest",
                "arguments": [pair_json(rest), {"binary": binary, "level": level}],
            }
        moved = sum_ratio(np.zeros(n, np.int64), rng.normal(size=n), np.ones(n), 1, group=taken["group"])
        how = {"level": level, "bounds": [0.0, 1.0]}
        few = {**how, "trials": float(n / 3), "capped": bool(k % 2)}
        yield {"in_browser": "meanInterval", "arguments": [0.7, sums_json(moved), few]}
        yield {"in_browser": "meanDifference", "arguments": [0.7, 0.65, sums_json(moved), how]}
