"""What one pass over every image of a run saw: why one could not be read, and what was measured of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNLOOKED = "unlooked"
"""The reason of images that the pass did not reach within its budget: nothing is known of them."""


@dataclass(frozen=True, eq=False)
class Looks:
    """One entry a sample, in the order of the samples. Where ``reasons`` is not empty, the rest of the entry is void.

    Void: 0 for sizes and hashes, false for ``grey``, NaN for measures. A measure can be NaN in a readable image, too,
    where it means nothing for it: the brightness of one with more than 8 bits, whose range nobody knows.
    Brightness is perceived brightness, 0 (black) to 1 (white).
    """

    reasons: NDArray[np.str_]  # "" where it was decoded; UNLOOKED; else a reason of ``inputs.pictures.RefusedError``
    width: NDArray[np.int32]  # in pixels, upright
    height: NDArray[np.int32]
    grey: NDArray[np.bool_]  # no pixel has a colour, however the file stores it
    dark: NDArray[np.float64]  # 99th percentile of the pixels' brightness
    bright: NDArray[np.float64]  # 5th percentile of it
    entropy: NDArray[np.float64]  # of the histogram of all bands, in bits
    edges: NDArray[np.float64]  # standard deviation of the edges of the image at 64 pixels, in grey levels
    tones: NDArray[np.float64]  # standard deviation of the counts of its 256 grey levels there
    content: NDArray[np.uint8]  # n x 32: SHA-256 of size, mode and decoded pixels
    phash: NDArray[np.uint64]  # perceptual hash; the first of its bits is the highest
    small: NDArray[np.uint8]  # n x 64: the image in 8 x 8 grey pixels, row by row

    @property
    def readable(self) -> NDArray[np.bool_]:
        """Which samples have an image that was decoded."""
        return np.asarray(self.reasons == "", np.bool_)

    @property
    def n_unlooked(self) -> int:
        """How many samples the pass did not reach."""
        return int((self.reasons == UNLOOKED).sum())

    def __len__(self) -> int:
        return len(self.reasons)
