"""Worlds of true and detected objects, from a seed: crowds, dense and empty images, and areas on the ranges' ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.stats.masks import Masks, encode_masks
from reportgen.stats.objects import Detections, Truths

SIDES = (32.0, 96.0)
"""Squares of these sides lie on the ends of the ranges of areas."""
IMAGE = (380, 420)
"""Height and width of every image: some boxes go over its borders."""


def make_world(
    seed: int,
    *,
    n_samples: int = 12,
    n_classes: int = 3,
    objects: float = 6.0,
    detected: float = 12.0,
    crowds: float = 0.06,
    ties: bool = False,
) -> tuple[Truths, Detections]:
    """True objects, and detections of which most are these, moved, called otherwise or found twice.

    Args:
        seed: of the draws.
        n_samples: images; some are empty.
        n_classes: how many classes.
        objects: a sample, on average.
        detected: a sample, on average; one sample has fifteen times as many.
        crowds: share of the true objects that are crowds.
        ties: scores come in twenty steps; else no two are equal.
    """
    rng = np.random.default_rng(seed)
    true = np.sort(rng.integers(0, n_samples, rng.poisson(objects * n_samples)))
    sides = np.exp(rng.normal(3.9, 0.8, (len(true), 2)))
    exact = rng.random(len(true)) < 0.2
    sides[exact] = rng.choice(SIDES, exact.sum())[:, None]
    boxes = np.concatenate([rng.random((len(true), 2)) * 400, sides], axis=1).round(1)
    share = np.where(exact, 1.0, rng.uniform(0.5, 1.0, len(true)))
    truths = Truths(
        true, rng.integers(0, n_classes, len(true)), boxes, sides.prod(axis=1) * share, rng.random(len(true)) < crowds
    )
    many = np.full(n_samples, detected)
    many[rng.integers(n_samples)] *= 15
    sample = np.repeat(np.arange(n_samples), rng.poisson(many) * (rng.random(n_samples) < 0.9))
    begins = np.searchsorted(true, sample)
    counts = np.searchsorted(true, sample, side="right") - begins
    near = (rng.random(len(sample)) < 0.75) & (counts > 0)
    source = begins + (rng.random(len(sample)) * counts).astype(np.int64)
    found = np.concatenate([rng.random((len(sample), 2)) * 400, np.exp(rng.normal(3.9, 0.8, (len(sample), 2)))], axis=1)
    klass = rng.integers(0, n_classes, len(sample))
    if near.any():
        own = boxes[source[near]]
        spread = rng.choice([0.0, 0.05, 0.2], (near.sum(), 1))
        found[near] = own + rng.normal(0, 1, (near.sum(), 4)) * spread * own[:, [2, 3, 2, 3]]
        called = np.where(rng.random(near.sum()) < 0.85, truths.klass[source[near]], klass[near])
        klass[near] = called
    found[:, 2:] = np.maximum(found[:, 2:], 1.0)
    found = found.round(1)
    score = rng.integers(1, 20, len(sample)) / 20 if ties else rng.permutation(len(sample)) / (len(sample) + 1.0)
    return truths, Detections(sample, klass, found, found[:, 2] * found[:, 3], score)


def draw_masks(seed: int, truths: Truths, detections: Detections) -> tuple[Detections, Masks, Masks]:
    """The detections with the areas of their masks, these, and those of the true objects.

    Masks are ellipses in the boxes, some with a hole, rectangles where the area lies on the end of a range, and empty
    where a box lies beyond the image.
    """
    rng = np.random.default_rng(seed)
    found = encode_masks([_ellipse(box, rng.random(), False) for box in detections.boxes])
    exact = np.isin(truths.area, np.square(SIDES))
    true = encode_masks([_ellipse(box, rng.random(), whole) for box, whole in zip(truths.boxes, exact, strict=True)])
    return replace(detections, area=found.area.astype(float)), found, true


def _ellipse(box: np.ndarray, draw: float, whole: bool) -> np.ndarray:
    """The pixels of the ellipse in a box, or of the box; one of four has a hole."""
    left, top, width, height = box
    image = np.zeros(IMAGE, bool)
    y, x = np.ogrid[: IMAGE[0], : IMAGE[1]]
    y, x = 2 * (y + 0.5 - top) / height - 1, 2 * (x + 0.5 - left) / width - 1
    square = y**2 + x**2 if not whole else np.maximum(abs(y), abs(x))
    image[(square <= 1) & ((square > 0.2) | (draw > 0.25))] = True
    return image
