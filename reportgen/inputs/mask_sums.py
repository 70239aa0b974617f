"""The masks of all samples and versions, read one sample at a time, as sums of pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import InputError, Problem
from reportgen.inputs.mask_images import Size
from reportgen.inputs.pictures import own_caps
from reportgen.model import PixelRegions
from reportgen.stats.connected import join_regions, measure_regions
from reportgen.stats.hashing import Hashes
from reportgen.stats.pixels import Codes, PixelSums, SampleSums, hash_pixels, mark_boundary, sum_pixels

THREADS = 2
BATCH = 64
"""Samples whose sums wait for each other."""


class SampleMasks(Protocol):
    """The masks of all samples, of one side, whatever they are read from."""

    def has(self, row: int) -> bool:
        """Whether the sample has a mask, be it one without a pixel of any class."""

    def read(self, row: int, sizes: Sequence[Size]) -> Codes:
        """The codes of the sample's pixels; ``sizes`` are those that its mask may have, none: any.

        Raises:
            InputError: the mask cannot be used.
        """


@dataclass(frozen=True, eq=False)
class SummedMasks:
    """The sums of each version, and of each sample's true mask the size, its regions and a hash of its pixels.

    ``sizes`` are width and height, n × 2; 0, as the hash, where there is no mask.
    """

    versions: Mapping[str, SampleSums]
    sizes: NDArray[np.int64]
    regions: PixelRegions
    hashes: Hashes


def sum_masks(
    truth: SampleMasks, versions: Mapping[str, SampleMasks], sizes: Sequence[Sequence[Size]], classes: Sequence[str]
) -> SummedMasks:
    """The sums of each version, of the samples that it and the truth have a mask for.

    A sample's masks are in memory together, no more than a few samples' at once. The same inputs give the same sums.

    Args:
        truth: the true masks.
        versions: those of each version.
        sizes: that each sample's mask may have; none: not known, so that its masks are held against each other alone.
        classes: their names by code; background has the code after them, and what is ignored the next one.

    Raises:
        InputError: every mask that cannot be used.
    """
    n_classes = len(classes)
    problems: list[Problem] = []
    found: dict[str, list[SampleSums]] = {name: [] for name in versions}
    rows = [row for row in range(len(sizes)) if truth.has(row)]
    true_sizes = np.zeros((len(sizes), 2), np.int64)
    hashes = np.zeros(len(sizes), np.uint64)
    regions: list[PixelRegions] = []
    with own_caps(), ThreadPoolExecutor(THREADS) as pool:
        read_one = partial(_sum_sample, truth=truth, versions=versions, sizes=sizes, classes=classes)
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            read = list(pool.map(read_one, batch))
            problems += [problem for one in read for problem in one.problems]
            true_sizes[batch] = [one.size for one in read]
            hashes[batch] = [one.hash for one in read]
            regions += [one.regions for one in read]
            for name, parts in found.items():
                own = ((row, one.sums[name]) for row, one in zip(batch, read, strict=True) if name in one.sums)
                parts.append(SampleSums.collect(own, n_classes))
    if problems:
        raise InputError(problems)
    sums = {name: SampleSums.join(parts, n_classes) for name, parts in found.items()}
    return SummedMasks(sums, true_sizes, join_regions(regions), hashes)


@dataclass(frozen=True, eq=False)
class _Sample:
    """The sums of one sample by version, what ``SummedMasks`` has of its true mask, and what is wrong with any."""

    sums: Mapping[str, PixelSums]
    size: Size
    regions: PixelRegions
    hash: int
    problems: Sequence[Problem]


def _sum_sample(
    row: int,
    *,
    truth: SampleMasks,
    versions: Mapping[str, SampleMasks],
    sizes: Sequence[Sequence[Size]],
    classes: Sequence[str],
) -> _Sample:
    n_classes = len(classes)
    problems: list[Problem] = []
    true = _read(truth, row, sizes[row], problems)
    allowed = sizes[row] if true is None else [(true.shape[1], true.shape[0])]
    near = None if true is None else mark_boundary(true)
    sums = {}
    for name, masks in versions.items() if allowed else ():  # else no size is known that their masks should have
        predicted = _read(masks, row, allowed, problems) if masks.has(row) else None
        if true is not None and predicted is not None:
            sums[name] = sum_pixels(true, predicted, n_classes, near)
    if true is None:
        return _Sample({}, (0, 0), join_regions([]), 0, problems)
    return _Sample(sums, allowed[0], measure_regions(row, true, n_classes), hash_pixels(true, classes), problems)


def _read(masks: SampleMasks, row: int, sizes: Sequence[Size], problems: list[Problem]) -> Codes | None:
    try:
        return masks.read(row, sizes)
    except InputError as error:
        problems += error.problems
        return None
