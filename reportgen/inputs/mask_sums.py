"""The masks of all samples and versions, read one sample at a time, as sums of pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reportgen.errors import InputError, Problem
from reportgen.inputs.mask_images import PixelValues, read_mask
from reportgen.inputs.pictures import own_caps
from reportgen.stats.pixels import Codes, PixelSums, SampleSums, mark_boundary, sum_pixels

THREADS = 2
_BATCH = 64


@dataclass(frozen=True, eq=False)
class MaskSources:
    """Where the masks of all samples are: a path below the resolved root each, or bytes; None: there is none."""

    root: Path
    sources: Sequence[object | None]
    values: PixelValues
    told: str = ""  # the root as errors name it


def sum_masks(
    truth: MaskSources, versions: Mapping[str, MaskSources], sizes: Sequence[tuple[int, int] | None]
) -> dict[str, SampleSums]:
    """The sums of each version, of the samples that it and the truth have a mask for.

    A sample's masks are in memory together, no more than a few samples' at once. The same inputs give the same sums.

    Args:
        truth: the true masks.
        versions: those of each version, of as many classes.
        sizes: width and height of each sample's image; None: not known, so that its masks are held against each other.

    Raises:
        InputError: every mask that cannot be used (RG351 to RG354).
    """
    n_classes = len(truth.values.classes)
    problems: list[Problem] = []
    found: dict[str, list[SampleSums]] = {name: [] for name in versions}
    rows = [row for row, source in enumerate(truth.sources) if source is not None]
    with own_caps(), ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            read = list(pool.map(partial(_sum_sample, truth=truth, versions=versions, sizes=sizes), batch))
            problems += [problem for _, wrong in read for problem in wrong]
            for name, parts in found.items():
                own = ((row, sums[name]) for row, (sums, _) in zip(batch, read, strict=True) if name in sums)
                parts.append(SampleSums.collect(own, n_classes))
    if problems:
        raise InputError(problems)
    return {name: SampleSums.join(parts, n_classes) for name, parts in found.items()}


def _sum_sample(
    row: int, *, truth: MaskSources, versions: Mapping[str, MaskSources], sizes: Sequence[tuple[int, int] | None]
) -> tuple[dict[str, PixelSums], list[Problem]]:
    """The sums of one sample by version, and what is wrong with its masks."""
    problems: list[Problem] = []
    true = _read(truth, row, sizes[row], problems)
    size = sizes[row] if true is None else (true.shape[1], true.shape[0])
    near = None if true is None else mark_boundary(true)
    sums = {}
    for name, masks in versions.items():
        predicted = None if masks.sources[row] is None else _read(masks, row, size, problems)
        if true is not None and predicted is not None:
            sums[name] = sum_pixels(true, predicted, len(truth.values.classes), near)
    return sums, problems


def _read(masks: MaskSources, row: int, size: tuple[int, int] | None, problems: list[Problem]) -> Codes | None:
    try:
        return read_mask(masks.root, masks.sources[row], masks.values, size, told=masks.told)
    except InputError as error:
        problems += error.problems
        return None
