"""Print what masks cost: polygons, texts and overlaps beside pycocotools, and the sums of pixels.

    python tests/benchmarks/masks.py [--samples 1000]

Each sample of 640 × 480 pixels has 7 true objects and 20 detections, outlines of twenty points around one radius, drawn
once. Seconds are those of the processor, so that what else runs beside counts little.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from pycocotools import mask as tool  # type: ignore[import-untyped]

from reportgen.stats.mask_overlaps import overlap_masks
from reportgen.stats.mask_strings import unpack_runs
from reportgen.stats.masks import Masks
from reportgen.stats.objects import LEAST_OVERLAP, Detections, Truths
from reportgen.stats.pairs import Floats, Ints
from reportgen.stats.pixels import mark_boundary, sum_pixels
from reportgen.stats.polygons import Polygons, fill_polygons

HEIGHT, WIDTH = 480, 640
TRUE, DETECTED, CORNERS = 7, 20, 20
STREET = (1024, 2048)


def outlines(rng: np.random.Generator, centre: Floats, radius: Floats) -> Floats:
    """A polygon around each centre, within the image; n × corners × 2."""
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    far = radius[:, None] * rng.normal(1, 0.2, (len(radius), CORNERS))
    points = centre[:, None] + np.stack([far * np.cos(angle), far * np.sin(angle)], axis=-1)
    return points.clip(0, [WIDTH, HEIGHT]).round(2)


def fill(points: Floats) -> Masks:
    """One mask a polygon."""
    n = len(points)
    size = np.ones(n, np.int64)
    polygons = Polygons(points.reshape(-1, 2), np.arange(n + 1) * CORNERS, np.arange(n))
    return fill_polygons(polygons, HEIGHT * size, WIDTH * size)


def timed(name: str, run: Callable[[], Any], work: float | None = None) -> Any:
    """What the call returns; prints how long it takes, or how much ``work`` it does a second."""
    start = time.process_time()
    made = run()
    took = time.process_time() - start
    print(f"{name:48} " + (f"{took:8.2f} s" if work is None else f"{work / took:8.0f} megapixels a second"), flush=True)
    return made


def their_overlaps(detected: list[Any], true: list[Any], begins: tuple[Ints, Ints]) -> int:
    """How many pairs the tool finds, sample by sample."""
    found = 0
    for (d, d_end), (t, t_end) in zip(*(np.stack([one[:-1], one[1:]], axis=1).tolist() for one in begins), strict=True):
        iou = np.array(tool.iou(detected[d:d_end], true[t:t_end], [0] * (t_end - t)))
        found += int((iou >= LEAST_OVERLAP).sum())
    return found


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=1000)
    n = parser.parse_args().samples
    rng = np.random.default_rng(1)
    centre, radius = rng.uniform(0, (WIDTH, HEIGHT), (n * TRUE, 2)), np.exp(rng.normal(3.6, 0.8, n * TRUE))
    source = np.repeat(np.arange(n), DETECTED) * TRUE + rng.integers(0, TRUE, n * DETECTED)
    points = np.concatenate(
        [
            outlines(rng, centre, radius),
            outlines(rng, centre[source] + rng.normal(0, 5, (n * DETECTED, 2)), radius[source]),
        ]
    )
    print(f"Python {platform.python_version()}, numpy {np.__version__}; {len(points):,} masks in {n:,} samples")
    masks = timed("polygons", lambda: fill(points))
    lists = [one.ravel().tolist() for one in points]
    theirs = timed("polygons, pycocotools", lambda: tool.frPyObjects(lists, HEIGHT, WIDTH))
    texts = [one["counts"].decode() for one in theirs]
    runs, _, _ = timed("texts of run lengths", lambda: unpack_runs(texts))
    assert np.array_equal(runs, masks.runs)
    print(f"{'run lengths a mask':48} {len(runs) / len(masks):8.0f}")
    place = np.arange(len(masks))
    true, detected = masks.take(place[: n * TRUE]), masks.take(place[n * TRUE :])
    truths = Truths(place[: n * TRUE] // TRUE, place * 0, true.boxes, true.area * 1.0, np.zeros(n * TRUE, bool))
    sample = (place[n * TRUE :] - n * TRUE) // DETECTED
    detections = Detections(sample, sample * 0, detected.boxes, detected.area * 1.0, rng.random(n * DETECTED))
    pairs = timed("overlaps", lambda: overlap_masks(detections, truths, detected, true))
    begins = (np.arange(n + 1) * DETECTED, np.arange(n + 1) * TRUE)
    known = timed("overlaps, pycocotools", lambda: their_overlaps(theirs[n * TRUE :], theirs[: n * TRUE], begins))
    assert len(pairs) == known
    for n_classes, kind in ((1, np.uint8), (19, np.uint8), (300, np.uint16)):
        coarse = rng.integers(0, n_classes + 1, (STREET[0] // 32, STREET[1] // 32))
        codes = np.kron(coarse, np.ones((32, 32), np.int64)).astype(kind)
        moved = np.roll(codes, 5, axis=1)
        size = 5 * codes.size / 1e6

        def boundaries(codes: np.ndarray = codes) -> None:
            for _ in range(5):
                mark_boundary(codes)

        def sums(codes: np.ndarray = codes, moved: np.ndarray = moved, n_classes: int = n_classes) -> None:
            for _ in range(5):
                sum_pixels(codes, moved, n_classes)

        timed(f"boundaries of {n_classes} classes", boundaries, size)
        timed(f"sums of pixels of {n_classes} classes", sums, size)


if __name__ == "__main__":
    main()
