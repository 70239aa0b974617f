"""Power of gates and critical slices: what the pairs could show, and how many samples are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.analysis.facts import Facts
from reportgen.analysis.power import count_missing, find_power, smallest_drop
from reportgen.model import ALL, Gate
from reportgen.stats.power import smallest_paired_drop
from tests.analysis.worlds import analyse, classify, regress

NIGHT = "weather=rain&time=night"


def gate(on: str, *, limit: float = 0.02, kind: str = "max_drop", slice_id: str | None = None) -> Gate:
    """A gate on accuracy, undecided."""
    return Gate("Accuracy", "", "undecided", kind, on, "accuracy", None, slice_id, "rate", limit, None, None, None, 0)  # type: ignore[arg-type]


def declare(facts: Facts, slice_id: str, why: str) -> Facts:
    """The facts with one slice that the manifest calls critical."""
    axes = facts.axes
    pairs = tuple(
        replace(axis, slices=tuple(replace(s, critical=why) if s.id == slice_id else s for s in axis.slices))
        for axis in axes.pairs
    )
    return replace(facts, axes=replace(axes, pairs=pairs))


@pytest.fixture(scope="module")
def facts() -> Facts:
    """A world whose rainy nights are critical."""
    return declare(analyse(classify(3000)).facts, NIGHT, "safety case 4.2")


def test_the_whole_and_critical_slices_have_a_smallest_drop(facts: Facts) -> None:
    """Without gates: the drop that n and the observed flips could show, and no limit to hold it against."""
    whole, night = find_power(facts)
    flips = facts.flipped[NIGHT]

    assert (whole.slice, night.slice) == (ALL, NIGHT)
    discordance = (flips["newly_broken"] + flips["newly_fixed"]) / flips["n"]
    assert night.smallest_drop == pytest.approx(float(smallest_paired_drop(flips["n"], discordance)))
    assert (night.limit, night.n_more, night.gate) == (None, None, None)
    assert whole.smallest_drop is not None
    assert night.smallest_drop is not None
    assert night.smallest_drop > whole.smallest_drop


def test_a_gate_says_how_many_samples_are_missing(facts: Facts) -> None:
    """A drop of five points over all samples shows already; half a point in a slice needs more than it has."""
    powers = find_power(facts, [gate("overall", limit=0.05), gate("critical", limit=0.005)])
    whole, night = powers

    assert (whole.limit, whole.n_more, whole.gate) == (0.05, 0, "Accuracy")
    assert night.limit == 0.005
    assert night.n_more
    row = facts.changes[NIGHT]
    more = smallest_drop(row, facts.limits.level, row["n"] + night.n_more)
    assert more == pytest.approx(0.005, rel=0.01)


def test_a_gate_on_every_slice_holds_for_critical_ones_too(facts: Facts) -> None:
    """It is asked of the slice that decides it and of each critical one; the strictest limit stands."""
    powers = find_power(facts, [gate("every slice", slice_id="weather=fog"), gate("critical", limit=0.01)])

    assert {one.slice: one.limit for one in powers} == {ALL: None, "weather=fog": 0.02, NIGHT: 0.01}


def test_a_floor_has_a_distance_and_no_drop(facts: Facts) -> None:
    """How far below a floor the version's own samples could show it; it allows no drop, so none is missing."""
    whole, floor = find_power(facts, [gate("overall", kind="min", limit=0.9)])[:2]

    assert (whole.gate, floor.gate) == (None, "Accuracy")
    assert (floor.limit, floor.n_more) == (None, None)
    assert floor.smallest_drop == pytest.approx(2.8 * (0.8 * 0.2 / floor.n) ** 0.5, rel=0.15)


def test_counts_have_no_power(facts: Facts) -> None:
    """A gate on newly broken samples compares as it is."""
    counted = replace(gate("overall", kind="max"), metric="newly_broken", unit="count", limit=10)

    assert find_power(facts, [counted]) == find_power(facts)


def test_groups_are_what_is_missing() -> None:
    """With groups the standard error of the paired difference decides, and groups are counted."""
    facts = analyse(classify(3000, groups=100)).facts
    row = facts.overall
    drop = smallest_drop(row, facts.limits.level)
    assert drop is not None

    frame = facts.outcomes.frame
    assert row["discordance"] == pytest.approx((frame["correct_0"] != frame["correct_1"]).mean())
    assert count_missing(row, drop, facts.limits) == 0
    missing = count_missing(row, drop / 2, facts.limits)
    assert missing is not None
    assert smallest_drop(row, facts.limits.level, row["n"] * (1 + missing / row["n_groups"])) == pytest.approx(
        drop / 2, rel=0.02
    )


def test_errors_of_a_regression_have_a_smallest_growth() -> None:
    """What is no proportion goes by its interval: a growth of the error is a drop."""
    whole = find_power(analyse(regress()).facts)[0]

    assert whole.metric == "mae"
    assert whole.smallest_drop is not None
    assert 0 < whole.smallest_drop < 0.1


def test_a_slice_that_is_too_small_to_be_tested_lacks_samples(facts: Facts) -> None:
    """Even a drop that few samples could show needs as many as a test does, unless the slice decides anyway."""
    row = facts.changes[NIGHT] | {"n": 12, "discordance": 0.0}

    assert count_missing(row, 0.9, facts.limits) == facts.limits.test - 12
    assert count_missing(row, 0.9, facts.limits, decides=True) == 0


def test_one_version_has_nothing_to_drop_from() -> None:
    """Without a baseline there is no drop; a floor still has its distance."""
    facts = analyse(classify(1000, n_versions=1)).facts

    assert find_power(facts) == ()
    assert [one.limit for one in find_power(facts, [gate("overall", kind="min")])] == [None]
