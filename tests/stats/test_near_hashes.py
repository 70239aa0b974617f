"""Near hashes are exactly those of comparing all with all."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats import near_hashes as module
from reportgen.stats.near_hashes import distances, near_hashes
from reportgen.stats.pairs import Pairs

ORACLE = Path(__file__).parent.parent / "oracles" / "hash_distances.json"


def clustered(seed, n, n_clusters, n_flips):
    """Distinct hashes around a few centres, each with some of its bits turned over."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**63, n_clusters, dtype=np.uint64)[rng.integers(0, n_clusters, n)]
    for _ in range(n_flips):
        hashes = hashes ^ (np.uint64(1) << rng.integers(0, 64, n).astype(np.uint64))
    return np.unique(hashes)


def compared(hashes, within):
    """The near pairs, found by comparing all with all."""
    first, second = np.nonzero(np.bitwise_count(hashes[:, None] ^ hashes[None, :]) <= within)
    above = first < second
    return list(zip(first[above].tolist(), second[above].tolist(), strict=True))


def found(hashes, within):
    """The near pairs by look-up, in order, with their distances."""
    pairs = Pairs.collect(near_hashes(hashes, within))
    return list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)), pairs.likeness


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 9999),
    n=st.integers(0, 300),
    n_clusters=st.integers(1, 6),
    n_flips=st.integers(0, 8),
    within=st.sampled_from([0, 1, 3, 4, 7]),
)
def test_no_pair_is_missed_and_none_is_false(seed, n, n_clusters, n_flips, within):
    """Exactly the pairs of comparing all with all, each once, with the bits that differ."""
    hashes = clustered(seed, n, n_clusters, n_flips)
    ends, likeness = found(hashes, within)

    assert ends == compared(hashes, within)
    assert all(hashes[i] ^ hashes[j] for i, j in ends)
    assert [bin(int(hashes[i] ^ hashes[j])).count("1") for i, j in ends] == likeness.tolist()


@pytest.mark.parametrize("enough", [1, 10**12])
def test_finer_tables_and_long_runs_find_the_same(monkeypatch, enough):
    """However fine the tables are, and whether runs are compared as blocks of a matrix or step by step."""
    hashes = clustered(3, 2500, 2, 4)
    expected = compared(hashes, 4)
    monkeypatch.setattr(module, "_ENOUGH", enough)
    monkeypatch.setattr(module, "_SORTING", 0)
    monkeypatch.setattr(module, "_LARGE", 64)
    monkeypatch.setattr(module, "_BLOCK", 1000)

    assert found(hashes, 4)[0] == expected


def test_the_order_of_hashes_does_not_count():
    """Shuffled hashes give the same pairs of hashes."""
    hashes = clustered(5, 800, 3, 5)
    shuffled = np.random.default_rng(0).permutation(hashes)

    def named(values):
        return {frozenset((int(values[i]), int(values[j]))) for i, j in found(values, 4)[0]}

    assert named(hashes) == named(shuffled)


def test_distances_are_those_of_imagehash():
    """Distances between hashes of pictures, and which are near, are what imagehash 4.3.2 says."""
    told = json.loads(ORACLE.read_text(encoding="utf-8"))
    hashes = np.array([int(text, 16) for text in told["phash"]], np.uint64)
    theirs = np.array(told["distance"])

    assert (distances(hashes[:, None], hashes[None, :]) == theirs).all()
    names, first = np.unique(hashes, return_index=True)
    expected = {
        (i, j): theirs[first[i], first[j]]
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if theirs[first[i], first[j]] <= 4
    }
    ends, likeness = found(names, 4)
    assert expected
    assert dict(zip(ends, likeness.tolist(), strict=True)) == expected
