"""Hashes of ids are the same everywhere and spread evenly."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.hashing import hash_ids, mix


def test_hashes_are_fixed():
    """The hash of an id never changes: the same draws in every release, on every machine."""
    assert [f"{h:016x}" for h in hash_ids(["007", "7", "", "é"]).tolist()] == [
        "bd81ecfc21802a49",
        "828f78ceca1750e7",
        "b4b2797457a0a6e4",
        "2f19f3ef8bbf1acb",
    ]


@given(st.lists(st.text(), unique=True))
def test_each_id_has_its_own_hash_wherever_it_stands(ids):
    """Distinct ids (unpaired surrogates too) have distinct hashes that do not depend on their neighbours."""
    hashes = hash_ids(ids)
    assert len(np.unique(hashes)) == len(ids)
    assert hash_ids(ids[::-1]).tolist() == hashes.tolist()[::-1]


def test_seeds_and_salts_give_unrelated_hashes():
    """Under another seed or salt, half of the bits change on average."""
    ids = [str(i) for i in range(2000)]
    first = hash_ids(ids)
    for other in (hash_ids(ids, 1), mix(first, 1), mix(first, 2)):
        bits = np.unpackbits((first ^ other).view(np.uint8)).mean()
        assert abs(bits - 0.5) < 0.01


def test_halves_are_halves():
    """The lowest bit cuts the ids in two halves of nearly the same size."""
    assert abs((hash_ids([f"image-{i}.png" for i in range(10_000)]) & np.uint64(1)).mean() - 0.5) < 0.02
