"""The masks of segmentation once more: read one sample at a time, for those that are drawn or looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import InputError
from reportgen.inputs.mask_images import Size
from reportgen.inputs.mask_sums import BATCH, THREADS, SampleMasks
from reportgen.inputs.pictures import own_caps
from reportgen.model import PixelsOfSample, T


@dataclass(frozen=True, eq=False)
class DrawnMasks:
    """What ``model.PixelMasks`` asks for.

    Attributes:
        rows: the place in the sample table of each of the report's samples.
        truth: the true masks, by that place.
        versions: those of each version, of several trainings the first's.
        sizes: that each sample's mask may have, by that place.
        upright: masks that fit their image upright and as it is stored are upright.
    """

    rows: NDArray[np.int64]
    truth: SampleMasks
    versions: Sequence[SampleMasks]
    sizes: Sequence[Sequence[Size]]
    upright: bool

    def each(self, rows: Sequence[int], ask: Callable[[int, PixelsOfSample], T]) -> Iterator[T | None]:
        """What is asked of each sample's masks, in order, two at a time; no more than a batch of answers waits."""

        def answer(row: int) -> T | None:
            found = self.read(row)
            return None if found is None else ask(row, found)

        with own_caps(), ThreadPoolExecutor(THREADS) as pool:
            for start in range(0, len(rows), BATCH):
                yield from pool.map(answer, rows[start : start + BATCH])

    def read(self, row: int) -> PixelsOfSample | None:
        """The true codes of the sample's pixels and each version's, all of one size.

        None where a file changed since it was judged: what was counted of it stands, and is not drawn.
        """
        at = int(self.rows[row])
        try:
            true = self.truth.read(at, self.sizes[at])
            own = [(true.shape[1], true.shape[0])]
            return true, tuple(one.read(at, own) if one.has(at) else None for one in self.versions)
        except InputError:
            return None
