"""Worlds of images with objects, of which versions find some by chances that depend on what the objects are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from reportgen.analysis.attributes import AttributeSpec, code_attributes
from reportgen.analysis.object_findings import ObjectFacts
from reportgen.analysis.object_slices import SlicedObjects, slice_objects
from reportgen.model import Limits, Outcomes, Parts
from reportgen.tasks import regression
from reportgen.tasks.objects import hold
from reportgen.tasks.parts import losses
from tests.tasks.test_objects import objects

Rows = dict[str, np.ndarray]
Chance = Callable[[Rows, np.random.Generator], list[np.ndarray]]

WIDTH, HEIGHT = 640, 480


def world(
    n: int = 300,
    chance: Chance | None = None,
    *,
    seed: int = 3,
    groups: int | None = None,
    crowds: float = 0.05,
    classes: tuple[str, ...] = ("cat", "dog"),
    sizes: bool = True,
) -> Outcomes:
    """Images by light with two to nine objects each; ``chance`` gives each version's chances to find each object."""
    rng = np.random.default_rng(seed)
    sample = np.repeat(np.arange(n), rng.integers(2, 10, n))
    k = len(sample)
    side = np.exp(rng.normal(3.6, 0.7, k))
    ratio = np.exp(rng.normal(0, 0.4, k))
    box = np.stack([rng.random(k) * 560 - 4, rng.random(k) * 420 - 4, side * ratio, side / ratio], axis=1).round(1)
    klass, night = rng.integers(0, len(classes), k), rng.random(n) < 0.4
    truth = objects(*((int(s), int(c), *b, None) for s, c, b in zip(sample, klass, box.tolist(), strict=True)))
    truth = truth.with_columns(pl.Series("crowd", rng.random(k) < crowds))
    told = {"area": box[:, 2] * box[:, 3], "night": night[sample], "class": klass}
    found = [rng.random(k) < p for p in (chance(told, rng) if chance else [np.full(k, 0.6), np.full(k, 0.7)])]
    held = [
        hold(truth, truth.filter(pl.Series(one) & ~pl.col("crowd")).with_columns(score=0.9), n, len(classes), 0.5)
        for one in found
    ]
    made: dict[str, object] = {"id": [f"s{i:04d}" for i in range(n)], "target": np.zeros(n)}
    for v, one in enumerate(held):
        made |= {f"scored_{v}": [True] * n, f"invalid_{v}": [False] * n, f"prediction_{v}": losses(one.counts)}
    frame = pl.DataFrame(made)
    if groups:
        frame = frame.with_columns(pl.Series("group", rng.integers(0, groups, n), dtype=pl.Int32))
    coded = code_attributes(pl.DataFrame({"light": np.where(night, "night", "day")}), [AttributeSpec("light")])
    return Outcomes(
        pl.concat([regression.outcomes(frame, len(held), 0.0), coded.codes], how="horizontal"),
        pl.DataFrame({"id": frame["id"]}),
        (),
        coded.attributes,
        tuple(f"v{v + 1}" for v in range(len(held))),
        group_names=tuple(f"g{g}" for g in range(groups or 0)),
        tolerance=0.0,
        flip_margin=0.0,
        parts=Parts(
            "object",
            classes,
            tuple(one.counts for one in held),
            tuple(one.judged for one in held),
            truth,
            tuple(one.detections for one in held),
            tuple(one.cutoff for one in held),
            tuple(one.found for one in held),
            sizes=np.tile([float(WIDTH), float(HEIGHT)], (n, 1)) if sizes else np.full((n, 2), np.nan),
            attributes=pl.DataFrame({"hidden": rng.random(k) < 0.3}),
        ),
    )


def slice_world(outcomes: Outcomes, limits: Limits | None = None) -> SlicedObjects:
    candidate = len(outcomes.versions) - 1
    found = slice_objects(outcomes, [AttributeSpec("hidden")], limits or Limits(), 0 if candidate else None, candidate)
    assert found is not None
    return found


def small_at_night(told: Rows, _rng: np.random.Generator) -> list[np.ndarray]:
    """The second version finds more, but of small objects fewer, and at night hardly any of them."""
    small = told["area"] < 1024
    return [np.where(small, 0.6, 0.75), np.where(small, np.where(told["night"], 0.15, 0.45), 0.85)]


def of_objects(outcomes: Outcomes, found: SlicedObjects) -> ObjectFacts:
    return ObjectFacts(found.facts, outcomes, found.slices.samples)
