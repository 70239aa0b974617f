"""Cut-offs: the rule with its rounding, the counts on the grid, and cut-offs that match."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reportgen.stats.cutoffs import GRID, NEVER, Changes, Exact, as_float32, grid_places, says, shorten, walk
from reportgen.stats.intervals import Differences, difference_intervals
from reportgen.stats.statistic import sum_pair

CASES = json.loads((Path(__file__).parents[1] / "contract" / "cutoff_rule.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(11)
SCORE = RNG.random(500).round(3)
OWN = RNG.random(500) < SCORE
COSTS = (np.where(OWN, 5.0, 0.0), np.where(OWN, 0.0, 1.0))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_a_score_says_the_class_from_its_cut_off_on(case: dict[str, float]) -> None:
    """Both as Float32."""
    assert bool(says(np.array([case["score"]]), case["cutoff"])[0]) is case["says"]


def test_every_cut_off_of_the_grid_is_reached_by_its_own_score() -> None:
    """Whether the file holds 0.29 as Float64 or as Float32."""
    assert grid_places(GRID).tolist() == list(range(101))
    assert grid_places(GRID.astype(np.float32)).tolist() == list(range(101))


def test_the_walk_counts_what_each_cut_off_says() -> None:
    """The four counts add up, and are those of the rule."""
    found = walk(SCORE, OWN, costs=COSTS)

    for k, cutoff in enumerate(GRID):
        said = says(SCORE, cutoff)
        counts = [(said & OWN).sum(), (~said & OWN).sum(), (said & ~OWN).sum(), (~said & ~OWN).sum()]
        assert [found.n_found[k], found.n_missed[k], found.n_false_alarm[k], found.n_rest[k]] == counts
        assert found.recall.x[k] / found.recall.w[k] == pytest.approx(counts[0] / OWN.sum())
        assert found.cost is not None
        assert found.cost.x[k] == pytest.approx(np.where(said, COSTS[1], COSTS[0]).sum())


def test_matches_reach_their_goal_and_no_other_cut_off_does_better() -> None:
    """As many found with as few false alarms as can be; as few false alarms with as many found; no dearer."""
    exact = Exact.of(SCORE, OWN, costs=COSTS)
    found = [(says(SCORE, c) & OWN).sum() for c in exact.cutoff]
    alarms = [(says(SCORE, c) & ~OWN).sum() for c in exact.cutoff]
    asked = np.array([0.0, 1.0, 60.0, OWN.sum()])
    at = exact.with_recall(asked)

    assert at[0] == NEVER
    for want, cutoff in zip(asked[1:], at[1:], strict=True):
        k = np.flatnonzero(exact.cutoff >= np.float32(cutoff))[-1]
        assert found[k] >= want
        assert k == 0 or found[k - 1] < want
    for most, cutoff in zip([5.0, 60.0], exact.with_false_alarms(np.array([5.0, 60.0])), strict=True):
        k = np.flatnonzero(exact.cutoff >= np.float32(cutoff))[-1]
        assert alarms[k] <= most
        assert k + 1 == len(alarms) or alarms[k + 1] > most
    dear, cheap = exact.with_cost(np.array([1e9, -1.0]))
    assert says(SCORE, dear).all()
    assert cheap == NEVER


@pytest.mark.parametrize("groups", [None, 150])
def test_intervals_at_a_match_know_that_the_cut_off_was_chosen(groups: int | None) -> None:
    """Of versions that are alike, at as many found or as many false alarms, they hold 0 in nearly all of 150 draws.

    With the cut-off taken as given they would in half of them, since one sample in ten is of the class.
    """
    rng = np.random.default_rng(5)
    covered: dict[str, list[bool]] = {"recall": [], "false_alarms": []}
    fixed = []
    for _ in range(150):
        own = rng.random(900) < 0.1
        group = None if groups is None else rng.integers(0, groups, 900)
        hard = rng.normal(size=900) + (0 if group is None else 0.7 * rng.normal(size=groups)[group])
        before, after = (1 / (1 + np.exp(-(hard + 0.5 * rng.normal(size=900) + 2 * own - 1))) for _ in range(2))
        said = says(before, 0.5)
        exact = Exact.of(after, own)
        for k, (goal, reached) in enumerate(
            (
                ("recall", exact.with_recall(np.array([(said & own).sum()]))),
                ("false_alarms", exact.with_false_alarms(np.array([(said & ~own).sum()]))),
            )
        ):
            given = changes_at(said, says(after, reached[0]), own, group)
            found = exact.widened(goal, reached, given)
            told = found[1 - k]
            assert np.isnan([found[k].low[0], found[k].high[0]]).all()
            covered[goal].append(bool(told.low[0] <= 0 <= told.high[0]))
            fixed += [bool(given[1].low[0] <= 0 <= given[1].high[0])] if k == 0 else []

    assert all(np.mean(one) >= 0.9 for one in covered.values()), {name: np.mean(one) for name, one in covered.items()}
    assert np.mean(fixed) < 0.75


def changes_at(
    before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_], group: Any
) -> Changes:
    """Recall and false alarm rate of one saying less another's, each an entry."""

    def over(rows: npt.NDArray[np.bool_]) -> Differences:
        w = np.ones(int(rows.sum()))
        within = None if group is None else group[rows]
        keys = np.zeros(len(w), np.int64)
        sums = sum_pair(keys, before[rows] * w, w, after[rows] * w, w, 1, group=within)
        return difference_intervals(sums, binary=True)

    return over(own), over(~own), None


@pytest.mark.parametrize(
    ("cutoff", "below", "short"),
    [
        (0.8637, 0.8551, 0.86),
        (0.8637, 0.86, 0.863),
        (0.8637, 0.8633, 0.8637),
        (0.86378, 0.8633, 0.8637),
        (0.86378, 0.86371, 0.86378),
        (0.29, 0.2899, 0.29),
        (0.0042, -np.inf, 0.0),
        (1.0, 0.99999, 1.0),
        (0.99999, 0.9999, 0.99999),
    ],
)
def test_a_cut_off_has_as_few_decimals_as_say_the_same(cutoff: float, below: float, short: float) -> None:
    """Two to four; where four do not suffice, the score itself."""
    scores = as_float32(np.array([cutoff, below]))
    found = shorten(scores[:1], scores[1:])

    assert found[0] in {short, scores[0]}
    assert found[0] == pytest.approx(short, abs=1e-7)
    assert says(scores, found[0]).tolist() == [True, False]
