"""Masks in memory, worlds of them, and faults planted in the annotated regions: left out, invented, moved, renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from reportgen.model import Outcomes, Parts, PixelsOfSample, T
from reportgen.stats.connected import join_regions, measure_regions, split_regions
from reportgen.stats.masks import decode_mask
from reportgen.stats.pixels import SampleSums, sum_pixels
from reportgen.tasks import parts, regression
from reportgen.tasks.segmentation import count_areas, count_boundaries, count_cells
from tests.planted_boxes import outcomes_of

Mask = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True, eq=False)
class Held:
    """Masks in memory, in the place of files."""

    true: Sequence[Mask]
    said: Sequence[Sequence[Mask | None]]  # by version
    upright: bool = False
    gone: bool = False

    def read(self, row: int) -> PixelsOfSample | None:
        """What the files of a sample hold."""
        return None if self.gone else (self.true[row], tuple(one[row] for one in self.said))

    def each(self, rows: Sequence[int], ask: Callable[[int, PixelsOfSample], T]) -> Iterator[T | None]:
        """What is asked of each sample's masks."""
        for row in rows:
            found = self.read(row)
            yield None if found is None else ask(row, found)


def judged(
    true: Sequence[Mask], said: Sequence[Sequence[Mask | None]], classes: Sequence[str], like: Outcomes | None = None
) -> Outcomes:
    """The outcomes of masks; ``said`` by version. ``like``: whose samples they are, by default nobody's."""
    n, k = len(true), len(classes)
    sums = [
        SampleSums.collect(((i, sum_pixels(true[i], one, k)) for i, one in enumerate(own) if one is not None), k)
        for own in said
    ]
    areas = tuple(count_areas(one, n) for one in sums)
    found = Parts(
        "pixel",
        tuple(classes),
        areas,
        boundaries=tuple(count_boundaries(one, n) for one in sums),
        cells=tuple(count_cells(one, n) for one in sums),
        masks=Held(true, said),
        sizes=np.array([[one.shape[1], one.shape[0]] for one in true], np.float64),
        regions=join_regions([measure_regions(i, one, k) for i, one in enumerate(true)]),
    )
    names = ["id", "target"] if like is None else [one for one in like.frame.columns if not _of_version(one)]
    samples = pl.DataFrame({"id": [f"s{i:02d}" for i in range(n)], "target": np.zeros(n)}) if like is None else None
    frame = (like.frame if samples is None else samples).select(names)  # type: ignore[union-attr]
    frame = frame.with_columns(
        *(pl.Series(f"scored_{v}", [one is not None for one in own]) for v, own in enumerate(said)),
        *(pl.Series(f"prediction_{v}", parts.losses(one)) for v, one in enumerate(areas)),
    )
    frame = regression.outcomes(frame, len(said), 0.2)
    if like is not None:
        return replace(like, frame=frame, parts=found)
    split = pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("train")).otherwise(pl.lit("test")).alias("split")
    versions = tuple(f"v{v + 1}" for v in range(len(said)))
    return Outcomes(frame, frame.select("id", split), (), (), versions, tolerance=0.2, flip_margin=0.05, parts=found)


def _of_version(name: str) -> bool:
    return name.startswith(("scored_", "prediction_", "correct_", "invalid_"))


def nuclei() -> Outcomes:
    """The example of nuclei, pixel by pixel, its masks in memory."""
    outcomes = outcomes_of(Path(__file__).resolve().parent.parent / "examples" / "nuclei" / "masks.yaml")
    assert outcomes.parts is not None
    assert outcomes.parts.masks is not None
    read = [one for row in range(outcomes.frame.height) if (one := outcomes.parts.masks.read(row)) is not None]
    said = [[masks[1][v] for masks in read] for v in range(len(outcomes.versions))]
    return judged([one[0] for one in read], said, outcomes.parts.classes, outcomes)


CLASSES = ("cell", "crystal")
BACKGROUND, IGNORED = len(CLASSES), len(CLASSES) + 1
SIZE = (150, 200)


def blobs(n: int, seed: int, n_versions: int = 2) -> Outcomes:
    """Discs of two classes that stand apart; each version draws them a little otherwise, and errs by itself at times.

    Of the discs each version leaves out one of twelve, and calls as many otherwise.
    """
    rng = np.random.default_rng(seed)
    true, said = [], [list[Mask | None]() for _ in range(n_versions)]
    for _ in range(n):
        discs = [
            (x + rng.uniform(-4, 4), y + rng.uniform(-4, 4), rng.uniform(9, 15), int(rng.integers(2)))
            for x in range(25, SIZE[1], 50)
            for y in range(25, SIZE[0], 50)
            if rng.random() < 0.7
        ]
        true.append(draw(discs))
        true[-1][:4, :30] = IGNORED
        for own in said:
            found = [one for one in discs if rng.random() > 1 / 12]
            off = rng.normal(0, (0.7, 0.7, 0.5), (len(found), 3))
            renamed = rng.random(len(found)) < 1 / 12
            own.append(
                draw(
                    [
                        (x + dx, y + dy, r + dr, 1 - k if other else k)
                        for (x, y, r, k), (dx, dy, dr), other in zip(found, off.tolist(), renamed, strict=True)
                    ]
                )
            )
    return judged(true, said, CLASSES)


def draw(discs: Sequence[tuple[float, float, float, int]]) -> Mask:
    """The mask of discs: x, y, radius and class of each."""
    found = np.full(SIZE, BACKGROUND, np.uint8)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    for left, top, radius, klass in discs:
        found[(x - left) ** 2 + (y - top) ** 2 <= radius**2] = klass
    return found


@dataclass(frozen=True, eq=False)
class Fault:
    """What is wrong: the pixels whose annotation changed, and the kind that a candidate there should be of."""

    sample: int
    kind: str
    pixels: np.ndarray[Any, np.dtype[np.bool_]]
    seen: bool  # every version marks half of them or more as they truly are


def plant(outcomes: Outcomes, share: float, seed: int) -> tuple[Outcomes, list[Fault]]:
    """The outcomes with so large a share of the annotated regions at fault, of each kind alike.

    Left out; moved by its own width, to where nothing is (then nothing is there, and the object is overlooked: two
    faults); called another class, where there are several. Regions of fewer pixels than a quarter of the usual are not
    touched.
    """
    assert outcomes.parts is not None
    masks = outcomes.parts.masks
    assert isinstance(masks, Held)
    k = len(outcomes.parts.classes)
    rng = np.random.default_rng(seed)
    true = [one.copy() for one in masks.true]
    every = []
    for i, codes in enumerate(true):
        regions, klass = split_regions(np.minimum(codes, k), k)
        every += [(i, decode_mask(regions.of(j), *codes.shape), int(klass[j])) for j in range(len(regions))]
    usual = np.median([pixels.sum() for _, pixels, _ in every])
    large = [at for at, (_, pixels, _) in enumerate(every) if pixels.sum() >= usual / 4]
    chosen = rng.choice(large, round(share * len(large)), replace=False)
    kinds = ("left out", "moved", "renamed")[: 3 if k > 1 else 2]
    faults: list[Fault] = []

    def fault(i: int, kind: str, pixels: np.ndarray, code: int) -> None:
        seen = all(one[i] is not None and np.mean(one[i][pixels] == code) >= 0.5 for one in masks.said)
        faults.append(Fault(i, kind, pixels, bool(seen)))

    for at, which in enumerate(chosen):
        i, pixels, klass = every[which]
        kind = kinds[at % len(kinds)]
        if kind == "renamed":
            true[i][pixels] = (klass + 1) % k
            fault(i, "swapped", pixels, klass)
            continue
        true[i][pixels] = k
        fault(i, "overlooked", pixels, klass)
        free = np.roll(pixels, round(2 * np.sqrt(pixels.sum() / np.pi)) + 4, int(rng.integers(2)))
        if kind == "moved" and (true[i][free] == k).all() and not (free & pixels).any():
            true[i][free] = klass
            fault(i, "empty", free, k)
    return judged(true, masks.said, outcomes.parts.classes, outcomes), faults


def hits(candidates: pl.DataFrame, faults: Sequence[Fault]) -> np.ndarray:
    """Which fault each candidate is, -1: none; each fault once: of its kind, and most of its pixels are the fault's."""
    found = np.full(candidates.height, -1)
    for at, row in enumerate(candidates.iter_rows(named=True)):
        for j, one in enumerate(faults):
            if one.sample == row["row"] and one.kind == row["kind"] and j not in found:
                region = decode_mask(np.array(row["mask"], np.int64), *one.pixels.shape)
                if (region & one.pixels).sum() >= region.sum() / 2:
                    found[at] = j
    return found
