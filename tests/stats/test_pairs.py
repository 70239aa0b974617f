"""Pairs and the groups that they link, held against the plain way of finding either."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.pairs import Pairs, components, pairs_within, runs

N = 12
links = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda p: p[0] < p[1]), max_size=20)


def pairs_of(ends):
    """The pairs with these ends."""
    first, second = (np.array([pair[k] for pair in ends], np.int64) for k in (0, 1))
    return Pairs(first, second, np.zeros(len(ends)))


@given(links)
def test_components_are_what_can_be_reached(ends):
    """Each thing has the smallest one that it reaches, over any number of pairs."""
    reach = np.eye(N, dtype=bool)
    for one, other in ends:
        reach[one, other] = reach[other, one] = True
    for _ in range(N):
        reach = (reach.astype(int) @ reach.astype(int)) > 0

    assert components(N, pairs_of(ends)).tolist() == reach.argmax(axis=1).tolist()


@given(st.lists(st.integers(0, 4), max_size=30))
def test_pairs_within_runs_are_all_pairs_of_equal_keys(keys):
    """Every pair of positions whose keys are equal, each once."""
    ordered = np.sort(np.array(keys, np.int64))
    found = [
        pair for here, there in pairs_within(*runs(ordered)) for pair in zip(here.tolist(), there.tolist(), strict=True)
    ]
    n = len(ordered)
    expected = {(i, j) for i in range(n) for j in range(i + 1, n) if ordered[i] == ordered[j]}

    assert len(found) == len(set(found))
    assert set(found) == expected


def test_collected_pairs_stand_in_order_and_too_many_are_none():
    """Blocks in any order give the same pairs; beyond the limit there are none at all."""
    blocks = [pairs_of([(3, 4), (0, 2)]), pairs_of([(0, 1)])]
    one, other = Pairs.collect(blocks), Pairs.collect(blocks[::-1])

    assert (one.first.tolist(), one.second.tolist()) == ([0, 0, 3], [1, 2, 4])
    assert (other.first.tolist(), other.second.tolist()) == ([0, 0, 3], [1, 2, 4])
    assert Pairs.collect(blocks, most=2) is None
    assert len(Pairs.collect([])) == 0
