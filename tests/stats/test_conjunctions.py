"""The search of conjunctions finds what trying each of them finds, and prunes nothing that counts."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats import conjunctions
from reportgen.stats.conjunctions import Loss, Terms, rows_of, search
from reportgen.stats.excess import SAME, CertainExcess, Reach, Score, SliceLine, exceeds

SCORES: dict[str, Score] = {
    "certain excess": CertainExcess(),
    "signed": CertainExcess(signed=True),
    "groups": CertainExcess(effect=2.5),
    "sliceline": SliceLine(0.9),
}


class World:
    """A few attributes, some values missing, and losses: 0 and 1, −1 to 1, or any number."""

    def __init__(self, seed: int, kind: str = "binary", n: int = 400, *, weights: bool = False) -> None:
        rng = np.random.default_rng(seed)
        self.n_values = [2, 3, 4, 3]
        self.codes = [rng.integers(-1 if a == 1 else 0, m, n).astype(np.int32) for a, m in enumerate(self.n_values)]
        bad = (self.codes[0] == 1) & (self.codes[2] == 2)
        p = np.where(bad, 0.5, 0.2)
        losses = (rng.random(n) < p).astype(float)
        if kind == "signed":
            losses = losses - (rng.random(n) < 0.25)
        elif kind == "any":
            losses = losses * rng.random(n)
        self.losses = losses
        self.counted = rng.random(n) < 0.9
        self.weight = rng.uniform(0.5, 2, n) if weights else None

    def fields(self, rows: np.ndarray) -> np.ndarray:
        """The seven sums of a set of samples, added one by one."""
        rows = rows & self.counted
        w = np.ones(int(rows.sum())) if self.weight is None else self.weight[rows]
        x = w * self.losses[rows]
        sums = (len(w), w.sum(), x.sum(), (w * w).sum(), (x * w).sum(), (x * x).sum(), np.maximum(x, 0).sum())
        return np.array(sums)[:, None]

    def conjunctions(self) -> list[Terms]:
        """Every conjunction of one to three terms."""
        return [
            tuple(zip(attributes, values, strict=True))
            for level in (1, 2, 3)
            for attributes in combinations(range(len(self.codes)), level)
            for values in product(*(range(self.n_values[a]) for a in attributes))
        ]


def tried(world: World, loss: Loss, least: int, limit: int) -> list[tuple[Terms, float]]:
    """What trying every conjunction lists."""
    everyone = np.ones(len(world.losses), bool)
    total = world.fields(everyone)
    found = []
    for terms in world.conjunctions():
        sums = world.fields(rows_of(world.codes, terms))
        if sums[0, 0] < least or len(terms) not in loss.levels:
            continue
        score = float(loss.score.of(sums, total)[0])
        parents = [p for size in range(len(terms)) for p in combinations(terms, size)]
        apart = all(
            exceeds(sums, world.fields(rows_of(world.codes, p) if p else everyone), loss.effect)[0] for p in parents
        )
        if score > 0 and (apart or not loss.unexplained):
            found.append((terms, score))
    return sorted(found, key=lambda one: (-one[1], len(one[0]), one[0]))[:limit]


@pytest.mark.parametrize("unexplained", [False, True])
@pytest.mark.parametrize("weights", [False, True])
@pytest.mark.parametrize(
    ("score", "kind"),
    [(s, k) for s in SCORES for k in ("binary", "signed", "any") if (s, k) != ("sliceline", "signed")],
)
def test_it_lists_what_trying_each_conjunction_lists(score: str, kind: str, weights: bool, unexplained: bool) -> None:
    """The same slices in the same order with the same scores, for every score and kind of loss."""
    for seed in range(3):
        world = World(seed, kind, weights=weights)
        loss = Loss(world.losses, world.counted, SCORES[score], world.weight, unexplained=unexplained, effect=1.2)
        expected = tried(world, loss, least=8, limit=12)
        for prune in (True, False):
            found = search(world.codes, world.n_values, [loss], least=8, limit=12, prune=prune).found[0]
            assert [one.terms for one in found] == [terms for terms, _ in expected]
            assert [one.score for one in found] == pytest.approx([points for _, points in expected])


@given(
    st.integers(0, 10_000),
    st.sampled_from(list(SCORES)),
    st.sampled_from(["binary", "signed", "any"]),
    st.booleans(),
    st.integers(2, 40),
)
def test_no_child_scores_above_its_parents_bound(seed: int, score: str, kind: str, weights: bool, least: int) -> None:
    """The bound is one: of every conjunction, for every child that is large enough."""
    if kind == "signed" and score == "sliceline":
        kind = "binary"
    world = World(seed, kind, n=150, weights=weights)
    everyone = np.ones(len(world.losses), bool)
    total = world.fields(everyone)
    weight = 1.0 if world.weight is None else float(world.weight[world.counted].min())
    reach = Reach(least, float(world.losses[world.counted].max()), weight)
    chosen = SCORES[score]
    for terms in world.conjunctions():
        sums = world.fields(rows_of(world.codes, terms))
        if sums[0, 0] < least:
            continue
        for parent in (p for size in (1, 2) for p in combinations(terms, size)):
            bound = chosen.bound(world.fields(rows_of(world.codes, parent)), total, reach)[0]
            assert chosen.of(sums, total)[0] <= bound + 1e-9


def test_the_order_of_the_samples_does_not_matter() -> None:
    """Shuffled samples give the same slices and scores, to the last bit where losses are counted."""
    world = World(5, "signed")
    order = np.random.default_rng(1).permutation(len(world.losses))
    first, second = (
        search(
            [one[rows] for one in world.codes],
            world.n_values,
            [Loss(world.losses[rows], world.counted[rows], CertainExcess(signed=True))],
            least=8,
            limit=20,
        )
        for rows in (np.arange(len(order)), order)
    )
    assert first == second


def test_several_losses_are_searched_as_each_alone() -> None:
    """Losses of few and of many values, with other samples counted, do not disturb each other."""
    one, other = World(2, "binary"), World(2, "any")
    losses = [
        Loss(one.losses, one.counted, CertainExcess()),
        Loss(other.losses, other.counted, CertainExcess(signed=True), World(2, weights=True).weight),
        Loss(other.losses, np.ones(400, bool), SliceLine(0.9), levels=frozenset({2})),
    ]
    together = search(one.codes, one.n_values, losses, least=5, limit=10)

    assert all(together.found)
    for k, loss in enumerate(losses):
        alone = search(one.codes, one.n_values, [loss], least=5, limit=10)
        assert [f.terms for f in alone.found[0]] == [f.terms for f in together.found[k]]
        assert [f.score for f in alone.found[0]] == pytest.approx([f.score for f in together.found[k]])


def test_pruning_leaves_out_what_cannot_be_listed() -> None:
    """With a high floor most triples are never counted, and what is listed stays."""
    rng = np.random.default_rng(3)
    codes = [rng.integers(0, 4, 5000).astype(np.int32) for _ in range(5)]
    bad = (codes[0] == 1) & (codes[1] == 2)
    loss = Loss(np.where(bad, rng.random(5000) < 0.9, False).astype(float), np.ones(5000, bool), CertainExcess())
    lean, full = (search(codes, [4] * 5, [loss], least=20, limit=3, prune=prune) for prune in (True, False))

    assert lean.found == full.found
    assert lean.found[0][0].terms == ((0, 1), (1, 2))
    assert lean.n_searched[0] < full.n_searched[0] / 2


def test_large_tables_are_counted_by_the_cells_that_occur(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table beyond the limit gives the same."""
    world = World(7)
    loss = Loss(world.losses, world.counted, CertainExcess())
    dense = search(world.codes, world.n_values, [loss], least=8, limit=10)
    monkeypatch.setattr(conjunctions, "DENSE_CELLS", 1)

    assert search(world.codes, world.n_values, [loss], least=8, limit=10) == dense


def test_too_many_triples_are_searched_by_the_best_pairs_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not every triple can be afforded, the one on the attributes of the failure is among those that are."""
    rng = np.random.default_rng(4)
    codes = [rng.integers(0, 3, 3000).astype(np.int32) for _ in range(6)]
    bad = (codes[1] == 1) & (codes[3] == 0) & (codes[4] == 2)
    loss = Loss((rng.random(3000) < np.where(bad, 0.9, 0.1)).astype(float), np.ones(3000, bool), CertainExcess())
    everything = search(codes, [3] * 6, [loss], least=20, limit=5)
    monkeypatch.setattr(conjunctions, "MAX_VISITS", 3000 * 4)
    some = search(codes, [3] * 6, [loss], least=20, limit=5)

    assert some.found[0][0] == everything.found[0][0]
    assert some.found[0][0].terms == ((1, 1), (3, 0), (4, 2))
    assert some.n_searched[0] < everything.n_searched[0]


def test_a_slice_that_is_nearly_its_parent_is_no_slice_of_its_own() -> None:
    """Nine tenths of the parent's samples: the same slice, however its last tenth does."""
    parent = np.array([100, 100, 30, 100, 30, 30, 30.0])[:, None]
    child = np.array([SAME * 100, 90, 30, 90, 30, 30, 30.0])[:, None]

    assert not exceeds(child, parent, 1.0)[0]
    assert exceeds(child - np.array([1, 1, 0, 1, 0, 0, 0.0])[:, None], parent, 1.0)[0]
