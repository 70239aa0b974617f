"""Python gives what the contract with the browser says of intervals, case by case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interval_cases import Case, says

CASES = json.loads((Path(__file__).parents[1] / "contract" / "intervals.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_contract(case: Case) -> None:
    """Null is not defined."""
    gives = {name: float("nan") if one is None else one for name, one in case["gives"].items()}

    assert says(case) == pytest.approx(gives, rel=1e-12, abs=1e-14, nan_ok=True)
