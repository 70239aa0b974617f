"""Print what looking up near duplicates costs: hashes, texts and vectors.

    python tests/benchmarks/near_duplicates.py [--samples 200000]

Hashes are random, or lie in clusters as those of real pictures do; texts are sentences of made-up words, of which some
are planted again with a letter changed; vectors are random directions of 64 numbers, with near copies planted.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterable

import numpy as np

from reportgen.stats.near_hashes import near_hashes
from reportgen.stats.near_texts import near_texts
from reportgen.stats.neighbours import near_vectors
from reportgen.stats.pairs import Pairs

PLANTED = 0.025
"""The share of texts and vectors that are nearly equal to another."""
CLUSTERS = {"random": (1.0, 64), "in clusters": (0.01, 9), "in tight clusters": (0.00025, 12)}
"""Centres a hash, and how many times one of its bits is turned over."""


def hashes(n: int, centres: int, n_flips: int) -> np.ndarray:
    """Distinct hashes around the centres."""
    draw = np.random.default_rng(1)
    found = draw.integers(0, 2**63, centres, dtype=np.uint64)[draw.integers(0, centres, n)]
    for _ in range(n_flips):
        found = found ^ (np.uint64(1) << draw.integers(0, 64, n).astype(np.uint64))
    return np.unique(found)


def texts(n: int) -> list[str]:
    """Distinct sentences of about a hundred letters, and copies of some with a letter changed."""
    draw = np.random.default_rng(2)
    words = ["".join(chr(97 + c) for c in draw.integers(0, 26, draw.integers(3, 10))) for _ in range(20_000)]
    n_planted = int(n * PLANTED)
    plain = [" ".join(words[k] for k in row) for row in draw.integers(0, len(words), (n - n_planted, 14))]
    return plain + [f"{text[:40]}q{text[41:]}" for text in plain[:n_planted]]


def vectors(n: int, size: int = 64) -> np.ndarray:
    """Random directions, and copies of some with a little noise."""
    draw = np.random.default_rng(3)
    n_planted = int(n * PLANTED)
    plain = draw.normal(size=(n - n_planted, size)).astype(np.float32)
    return np.concatenate([plain, plain[:n_planted] + draw.normal(0, 0.05, (n_planted, size)).astype(np.float32)])


def timed(name: str, n: int, blocks: Iterable[Pairs]) -> None:
    """Prints how long it takes to go through all blocks, and how many pairs they have."""
    start = time.perf_counter()
    n_pairs = sum(len(block) for block in blocks)
    print(f"{name:28} {n:>9,} {n_pairs:>12,} pairs {time.perf_counter() - start:8.2f} s", flush=True)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=200_000)
    n = parser.parse_args().samples
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores")
    for kind, (share, n_flips) in CLUSTERS.items():
        made = hashes(n, max(1, int(n * share)), n_flips)
        timed(f"hashes, {kind}", len(made), near_hashes(made))
    written = texts(n)
    timed("texts", len(written), near_texts(written))
    drawn = vectors(n)
    timed("vectors of 64", len(drawn), near_vectors(drawn))


if __name__ == "__main__":
    main()
