"""A gate's words: figure, interval, n and limit as they stand everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analysis.gate_words import boundary, gate_words, near_words, pinned_words
from reportgen.model import Gate, PinnedSet
from tests import gated

NAMES = {"weather=rain": "rain"}


@pytest.mark.parametrize(
    ("gate", "figure", "interval"),
    [
        (gated.FAILS, "−8.3 points", "95% −11.2…−5.4"),
        (gated.FLOOR, "90.1%", "95% 89.0…91.1"),
        (gated.COUNT, "7", ""),
        (gated.ERROR, "+0.120", "95% −0.030…+0.270"),
        (replace(gated.FLOOR, value=None, low=None, high=None), "–", ""),
        (replace(gated.FAILS, decimals=2), "−8.30 points", "95% −11.20…−5.40"),
    ],
)
def test_figures(gate: Gate, figure: str, interval: str) -> None:
    """Changes are signed and in points, levels in percent, counts bare; what is not defined is a dash."""
    words = gate_words(gate, 0.95, NAMES)

    assert (words.figure, words.interval) == (figure, interval)


def test_the_place_is_named_where_it_is_not_everything() -> None:
    """The slice that decides stands by its name."""
    assert gate_words(gated.FAILS, 0.95, NAMES).place == "rain"
    assert gate_words(gated.OVERALL, 0.95, NAMES).place == ""


def test_a_slice_is_named_once() -> None:
    """A gate whose name ends with its slice, as one without a name of the manifest's does, has no place beside it."""
    alone = replace(gated.FAILS, on="overall", name="Recall of pedestrian, rain")

    assert gate_words(alone, 0.95, NAMES).place == ""
    assert gate_words(replace(alone, name="Recall of pedestrian, train"), 0.95, NAMES).place == "rain"


@pytest.mark.parametrize(
    ("gate", "limit", "side"),
    [
        (gated.FLOOR, 0.88, "below"),
        (gated.COUNT, 10, "above"),
        (gated.FAILS, -0.03, "below"),
        (gated.ERROR, 0.2, "above"),
    ],
)
def test_the_side_that_fails(gate: Gate, limit: float, side: str) -> None:
    """A floor fails below, a ceiling above, a drop on the side where the metric is worse."""
    assert boundary(gate) == (limit, side)


def test_near_gates_are_counted() -> None:
    """One gate, its limit; none, nothing."""
    near = replace(gated.FLOOR, state="near")

    assert near_words([near, gated.OVERALL]) == "1 gate passes near its limit."
    assert near_words([near, near]) == "2 gates pass near their limit."
    assert near_words([gated.OVERALL]) == ""


def test_what_became_of_a_pinned_set() -> None:
    """The parts that there are; ids that no sample has are told."""
    assert pinned_words(PinnedSet("old", "pinned=old", 36, 0, 3, 30, 2, 1)) == (
        "3 open, 30 closed, 2 back and 1 right in both; n = 36"
    )
    assert pinned_words(PinnedSet("old", "pinned=old", 3, 4, 0, 3, 0, 0)) == "3 closed; n = 3, 4 not in the report"
