"""A figure against a limit: which side its interval lies on, when it is near, and how sure many figures are."""

from __future__ import annotations

import pytest

from reportgen.analysis.limits import NEAR, Bound, Reading, bound_of, is_near, q_beyond

FLOOR, CEILING = Bound(0.9, is_floor=True), Bound(0.1, is_floor=False)


@pytest.mark.parametrize(
    ("bound", "low", "high", "side"),
    [
        (FLOOR, 0.91, 0.95, "within"),
        (FLOOR, 0.90, 0.95, "within"),
        (FLOOR, 0.89, 0.95, "spans"),
        (FLOOR, 0.85, 0.90, "spans"),
        (FLOOR, 0.80, 0.89, "beyond"),
        (CEILING, 0.02, 0.09, "within"),
        (CEILING, 0.02, 0.10, "within"),
        (CEILING, 0.02, 0.11, "spans"),
        (CEILING, 0.10, 0.11, "spans"),
        (CEILING, 0.11, 0.12, "beyond"),
    ],
)
def test_where_an_interval_lies(bound: Bound, low: float, high: float, side: str) -> None:
    """Wholly within (touching is within), on both sides, or wholly beyond."""
    assert bound.side(low, high) == side


@pytest.mark.parametrize(
    ("kind", "higher", "bound"),
    [
        ("min", True, Bound(0.03, is_floor=True)),
        ("max", False, Bound(0.03, is_floor=False)),
        ("max_drop", True, Bound(-0.03, is_floor=True)),
        ("max_drop", False, Bound(0.03, is_floor=False)),
    ],
)
def test_a_drop_goes_the_way_in_which_the_metric_is_worse(kind: str, higher: bool, bound: Bound) -> None:
    """A drop of accuracy is a floor under the difference, a drop of an error is a ceiling over it."""
    assert bound_of(kind, 0.03, higher_is_better=higher) == bound  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "limit", "value", "low", "near"),
    [
        ("max_drop", 0.03, -0.022, -0.03, True),
        ("max_drop", 0.03, -0.021, -0.03, False),
        ("max_drop", 0.03, 0.05, 0.04, False),
        ("max_drop", 0.0, 0.0, 0.0, False),
        ("max", 10, 8, None, True),
        ("max", 10, 7, None, False),
        ("max", 0, 0, None, False),
        ("min", 0.9, 0.92, 0.9004, True),
        ("min", 0.9, 0.92, 0.9006, False),
        ("min", 0.9, None, None, False),
    ],
)
def test_near_a_limit(kind: str, limit: float, value: float | None, low: float | None, near: bool) -> None:
    """A drop or a ceiling used up beyond 0.7, a floor that reads as the interval's end does."""
    bound = bound_of(kind, limit, higher_is_better=True)  # type: ignore[arg-type]

    assert NEAR == 0.7
    assert is_near(kind, limit, bound, Reading("all", value, low, 0.95), "rate") is near  # type: ignore[arg-type]


def test_a_rise_near_its_limit() -> None:
    """An error may rise by 0.1, and rose by 0.08."""
    bound = bound_of("max_drop", 0.1, higher_is_better=False)

    assert is_near("max_drop", 0.1, bound, Reading("all", 0.08, 0.06, 0.1), "number")
    assert not is_near("max_drop", 0.1, bound, Reading("all", -0.08, -0.1, -0.06), "number")


def test_many_figures_are_corrected_together() -> None:
    """An end that touches the bound has p 0.05; among more figures q rises; what is within, or unknown, has 1."""
    touching = Reading("a", 0.85, 0.80, 0.90)

    assert q_beyond([touching], FLOOR, 0.95) == pytest.approx([0.05])
    assert q_beyond([touching, Reading("b", 0.95, 0.93, 0.97), Reading("c")], FLOOR, 0.95) == pytest.approx(
        [0.15, 1, 1]
    )
    assert q_beyond([Reading("a", 0.15, 0.10, 0.2)], CEILING, 0.95) == pytest.approx([0.05])
    assert q_beyond([], FLOOR, 0.95) == []
