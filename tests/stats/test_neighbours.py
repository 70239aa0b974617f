"""Neighbours and near vectors are exactly those of all cosines, computed in double precision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats import neighbours as module
from reportgen.stats.neighbours import near_vectors, neighbours, usable
from reportgen.stats.pairs import Pairs


def planted(seed, n, width):
    """Vectors around a few directions, of any length, some of them near copies and some without a direction."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(6, width))
    found = (centres[rng.integers(0, 6, n)] + 0.5 * rng.normal(size=(n, width))) * rng.uniform(0.01, 100, (n, 1))
    found[1::7] = found[::7][: len(found[1::7])] * 3 + 0.001
    found[2::11] = 0
    found[3::13, 0] = np.nan
    return found.astype(np.float32)


def cosines(vectors):
    """All cosines; NaN where a vector has no direction."""
    x = vectors.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    return x @ x.T


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 9999), n=st.integers(1, 60), width=st.sampled_from([2, 16, 100]), k=st.integers(1, 12))
def test_the_nearest_are_those_of_all_cosines(seed, n, width, k):
    """The k largest cosines of each row, nearest first, itself and vectors without a direction left out."""
    vectors = planted(seed, n, width)
    found = neighbours(vectors, np.arange(n), k)
    whole = cosines(vectors)
    np.fill_diagonal(whole, np.nan)
    for row in range(n):
        expected = np.sort(whole[row][np.isfinite(whole[row])])[::-1][:k]
        m = len(expected)
        near = found.rows[row, :m]

        assert found.similarity[row, :m] == pytest.approx(expected, abs=1e-6)
        assert whole[row, near] == pytest.approx(expected, abs=1e-6)
        assert len(set(near.tolist())) == m
        assert (found.rows[row, m:] == -1).all()
        assert np.isnan(found.similarity[row, m:]).all()


def test_equally_near_ones_stand_in_order():
    """Ties go by position, whatever the number of copies."""
    vectors = np.ones((50, 4), np.float32)
    found = neighbours(vectors, np.array([0, 30]), 5)

    assert found.rows.tolist() == [[1, 2, 3, 4, 5], [0, 1, 2, 3, 4]]


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 9999), n=st.integers(0, 90), width=st.sampled_from([3, 64, 120]))
def test_near_vectors_are_all_pairs_above_the_least(seed, n, width):
    """Exactly the pairs of comparing all with all, short vectors and long ones."""
    vectors = planted(seed, n, width)
    pairs = Pairs.collect(near_vectors(vectors, 0.95))
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    whole = np.triu(cosines(vectors), 1) if n else np.zeros((0, 0))
    surely = set(zip(*(ends.tolist() for ends in np.nonzero(whole >= 0.95 + 1e-6)), strict=True))
    perhaps = set(zip(*(ends.tolist() for ends in np.nonzero(whole >= 0.95 - 1e-6)), strict=True))

    assert surely <= found <= perhaps


@pytest.mark.parametrize("n_first", [0, 1, 40, 90])
def test_near_vectors_across_are_those_of_all_that_lie_across(monkeypatch, n_first):
    """Of one of the first with one of the others, and no other pair, however small the blocks are."""
    vectors = planted(2, 90, 100)
    vectors[[3, 50]] = 0
    monkeypatch.setattr(module, "_ROWS", 7)
    monkeypatch.setattr(module, "_COLUMNS", 16)
    every, across = (Pairs.collect(near_vectors(vectors, 0.95, n)) for n in (None, n_first))
    pairs, found = (set(zip(one.first.tolist(), one.second.tolist(), strict=True)) for one in (every, across))

    assert pairs
    assert found == {(i, j) for i, j in pairs if i < n_first <= j}


def test_blocks_do_not_count(monkeypatch):
    """The same pairs and neighbours, however small the blocks are."""
    vectors = planted(4, 300, 100)
    pairs, near = Pairs.collect(near_vectors(vectors)), neighbours(vectors, np.arange(300), 7)
    monkeypatch.setattr(module, "_ROWS", 7)
    monkeypatch.setattr(module, "_COLUMNS", 64)
    again, nearer = Pairs.collect(near_vectors(vectors)), neighbours(vectors, np.arange(300), 7)

    assert len(pairs)
    assert (pairs.first == again.first).all()
    assert (pairs.second == again.second).all()
    assert (near.rows == nearer.rows).all()
    assert np.array_equal(near.similarity, nearer.similarity, equal_nan=True)


def test_vectors_without_a_direction():
    """Zeros, infinities and NaN have no direction; the largest numbers do."""
    vectors = np.array([[0, 0], [np.nan, 1], [np.inf, 1], [3e38, 3e38], [1, 1]], np.float32)

    assert usable(vectors).tolist() == [False, False, False, True, True]
    assert neighbours(vectors, np.arange(5), 1).rows[:, 0].tolist() == [-1, -1, -1, 4, 3]
