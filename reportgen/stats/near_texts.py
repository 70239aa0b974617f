"""Nearly equal texts: found by MinHash, told by the exact share of their pieces that they have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.hashing import Hashes, mix
from reportgen.stats.pairs import Ints, Pairs, pairs_within, ranges, runs

LEAST = 0.8
"""Texts are near where so much of their pieces, in either, are in both (Jaccard)."""
PIECE = 5
"""A piece is so many characters in a row; a text that is no longer has none, and is near to no other."""
MOST_CHARACTERS = 10_000
"""Of a longer text its beginning is compared."""

_BANDS = 20
_ROWS = 5  # of a band: two texts of Jaccard 0.8 are in one bucket of some band with 1 - (1 - 0.8^5)^20 = 0.9996
_N_HASHES = _BANDS * _ROWS
_UNLIKELY = 0.2  # below the least by so much, five standard errors of 100 hashes, estimates are not looked into
_SEED = 0x5EED
_FULL = 2_000
_PASS = 250_000  # characters at a time, so that they stay in the cache
_BLOCK = 2_000_000

Codes = NDArray[np.uint32]

_BLANKS = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """The text without what does not tell texts apart: case, blanks, punctuation, and forms of one character (NFKC).

    A text of nothing but such characters keeps them.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _BLANKS.sub(" ", plain).strip() or " ".join(plain.split())


def near_texts(texts: Sequence[str], least: float = LEAST, n_first: int | None = None) -> Iterator[Pairs]:
    """Pairs of texts whose pieces of ``PIECE`` characters have a Jaccard of ``least`` or more, with that, in blocks.

    MinHash in bands finds the candidates (Broder, SEQUENCES 1997; Leskovec, Rajaraman, Ullman, Mining of Massive
    Datasets, ch. 3): of the pairs at 0.8 it misses 1 in 2,500, of more alike ones fewer. Each candidate's Jaccard is
    then computed from the pieces themselves, so that no pair is false. In a bucket of more than ``_FULL`` texts each is
    compared with the ``_FULL`` that follow it in the order of their hashes.

    Args:
        texts: normalised and distinct ones.
        least: 0.7 or more; the bands are made for 0.8.
        n_first: pairs of one of so many first texts with one of the others, and no other pairs; none: all pairs. Texts
            are distinct on either side then, and the same on both is a pair of 1.
    """
    if len(texts) < 2:
        return
    cut = [text[:MOST_CHARACTERS] for text in texts]
    signatures = _signatures(cut)
    long = np.array([len(text) >= PIECE for text in cut])
    for here, there in _candidates(signatures, np.flatnonzero(long), least, n_first):
        yield from _verified(cut, here, there, least)


def _pieces(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """A hash of each piece of each text, one text after the other, and how many each has."""
    lengths = np.array([len(text) for text in texts], np.int64)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    counts = np.maximum(lengths - (PIECE - 1), 0)
    starts = np.cumsum(lengths) - lengths
    at = ranges(starts, counts)
    hashes = np.zeros(len(at), np.uint64)
    for step in range(PIECE):
        hashes = mix(hashes ^ codes[at + step], _SEED + step)
    return hashes, counts


def _passes(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Ranges of texts that together have about ``_PASS`` characters."""
    ends = np.cumsum([len(text) for text in texts])
    start = 0
    while start < len(texts):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _PASS, side="right")))
        yield start, stop
        start = stop


def _signatures(texts: Sequence[str]) -> Codes:
    """The least value of each of the hash functions over a text's pieces: texts × functions; without pieces: 0.

    A function is the upper half of a product with an odd number (Dietzfelbinger et al., J Algorithms 25:19, 1997).
    """
    salts = np.arange(_N_HASHES, dtype=np.uint64)
    factors = mix(salts, _SEED) | np.uint64(1)
    shifts = mix(salts, _SEED + 1)
    found = np.zeros((len(texts), _N_HASHES), np.uint32)
    for start, stop in _passes(texts):
        hashes, counts = _pieces(texts[start:stop])
        has = counts > 0
        if not has.any():
            continue
        begins = (np.cumsum(counts) - counts)[has]
        rows = start + np.flatnonzero(has)
        for k in range(_N_HASHES):
            values = ((hashes * factors[k] + shifts[k]) >> np.uint64(32)).astype(np.uint32)
            found[rows, k] = np.minimum.reduceat(values, begins)
    return found


def _candidates(signatures: Codes, rows: Ints, least: float, n_first: int | None = None) -> Iterator[tuple[Ints, Ints]]:
    """Pairs that share a bucket of some band, each once, unless their signatures make it more than unlikely."""
    buckets = np.empty((_BANDS, len(rows)), np.uint64)
    for band in range(_BANDS):
        key = np.zeros(len(rows), np.uint64)
        for k in range(band * _ROWS, (band + 1) * _ROWS):
            key = mix(key ^ signatures[rows, k].astype(np.uint64), band + 1)
        buckets[band] = key
    for band in range(_BANDS):
        order = np.argsort(buckets[band], kind="stable")
        start, length = runs(buckets[band][order])
        again = length > 1
        for step, (here, there) in enumerate(pairs_within(start[again], length[again]), 1):
            if step > _FULL:
                break
            one, other = order[here], order[there]
            if n_first is not None:
                across = (rows[one] < n_first) != (rows[other] < n_first)
                one, other = one[across], other[across]
            seen = np.zeros(len(one), bool)
            for earlier in range(band):
                seen |= buckets[earlier][one] == buckets[earlier][other]
            one, other = rows[one[~seen]], rows[other[~seen]]
            for at in range(0, len(one), _BLOCK // _N_HASHES):
                part = slice(at, at + _BLOCK // _N_HASHES)
                a, b = one[part], other[part]
                likely = (signatures[a] == signatures[b]).mean(axis=1) >= least - _UNLIKELY
                if likely.any():
                    yield np.minimum(a[likely], b[likely]), np.maximum(a[likely], b[likely])


def _verified(texts: Sequence[str], here: Ints, there: Ints, least: float) -> Iterator[Pairs]:
    """Those of the pairs whose Jaccard is the least or more."""
    sizes = np.array([len(texts[i]) + len(texts[j]) for i, j in zip(here.tolist(), there.tolist(), strict=True)])
    parts = np.cumsum(sizes) // _BLOCK
    for part in np.unique(parts):
        a, b = here[parts == part], there[parts == part]
        found = _jaccards(texts, a, b)
        near = found >= least - 1e-12
        if near.any():
            yield Pairs(a[near], b[near], found[near])


def _jaccards(texts: Sequence[str], here: Ints, there: Ints) -> NDArray[np.float64]:
    used, place = np.unique(np.concatenate([here, there]), return_inverse=True)
    hashes, counts = _pieces([texts[i] for i in used.tolist()])
    owner = np.repeat(np.arange(len(used)), counts)
    order = np.lexsort((hashes, owner))
    hashes, owner = hashes[order], owner[order]
    fresh = np.ones(len(hashes), bool)
    fresh[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
    hashes, counts = hashes[fresh], np.bincount(owner[fresh], minlength=len(used))
    begins = np.cumsum(counts) - counts
    one, other = place[: len(here)], place[len(here) :]
    pair = np.concatenate([np.repeat(np.arange(len(here)), counts[side]) for side in (one, other)])
    at = np.concatenate([ranges(begins[side], counts[side]) for side in (one, other)])
    order = np.lexsort((hashes[at], pair))
    pair, ordered = pair[order], hashes[at][order]
    both = (ordered[1:] == ordered[:-1]) & (pair[1:] == pair[:-1])
    shared = np.bincount(pair[1:][both], minlength=len(here))
    return np.asarray(shared / (counts[one] + counts[other] - shared))
