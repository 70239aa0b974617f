"""Cut-offs: the rule with its rounding, the counts on the grid, and cut-offs that match."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from reportgen.stats.cutoffs import GRID, NEVER, Exact, grid_places, says, walk

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
        k = exact.cutoff.tolist().index(cutoff)
        assert found[k] >= want
        assert k == 0 or found[k - 1] < want
    for most, cutoff in zip([5.0, 60.0], exact.with_false_alarms(np.array([5.0, 60.0])), strict=True):
        k = exact.cutoff.tolist().index(cutoff)
        assert alarms[k] <= most
        assert k + 1 == len(alarms) or alarms[k + 1] > most
    dear, cheap = exact.with_cost(np.array([1e9, -1.0]))
    assert dear == exact.cutoff[-1]
    assert cheap == NEVER
