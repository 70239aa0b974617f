"""Hashes of ids: what is drawn at random goes by a sample's id, never by its position."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]


def hash_ids(ids: Sequence[str], seed: int = 0) -> Hashes:
    """A 64-bit hash of each id (BLAKE2b of its UTF-8 bytes), the same on every machine and in every process."""
    start = blake2b(digest_size=8, salt=seed.to_bytes(16, "little"))
    digests = bytearray()
    for name in ids:
        state = start.copy()
        state.update(name.encode("utf-8", "surrogatepass"))
        digests += state.digest()
    return np.frombuffer(bytes(digests), dtype="<u8").astype(np.uint64)


def mix(hashes: Hashes, salt: int | Hashes) -> Hashes:
    """Fresh 64-bit hashes for a salt, as good as independent of those of any other salt; broadcasts.

    Source: the SplitMix64 finaliser; Steele, Lea, Flood, OOPSLA 2014.
    """
    z = hashes + np.asarray(salt, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z
