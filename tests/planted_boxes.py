"""Faults planted in the annotated boxes of a report: some left out, some moved, some called otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from reportgen import pipeline
from reportgen.inputs.load import load_manifest
from reportgen.inspection.boxes import BOX_KINDS
from reportgen.model import Outcomes
from reportgen.tasks.objects import BOX, hold


@dataclass(frozen=True, eq=False)
class Planted:
    """The outcomes by the faulty annotations, and what was planted.

    ``faults`` has a row a fault: ``kind``, ``sample``, ``class`` and box (as they truly are), ``was``, the row of the
    true object, and ``object``, that of the faulty annotation (-1: it was left out).
    """

    outcomes: Outcomes
    faults: pl.DataFrame


def outcomes_of(manifest: Path) -> Outcomes:
    """The outcomes of a manifest of a detection, without anything derived from them."""
    loaded = load_manifest(manifest)
    return pipeline.make_outcomes(loaded, pipeline.join(loaded, pipeline.scan(loaded)))[0]


def mended(outcomes: Outcomes, planted: pl.DataFrame) -> Outcomes:
    """The outcomes with the faults of an example's ``planted.csv`` undone."""
    assert outcomes.parts is not None
    assert outcomes.parts.truths is not None
    assert outcomes.parts.marks is not None
    rows = {name: row for row, name in enumerate(outcomes.frame["id"])}
    marks = {name: row for row, name in enumerate(outcomes.parts.marks)}
    classes = outcomes.parts.classes
    truths = outcomes.parts.truths.to_dicts()
    for one in planted.iter_rows(named=True):
        box = dict(zip(BOX, (one["x"], one["y"], one["width"], one["height"]), strict=True))
        right = {**box, "class": classes.index(one["label"]), "area": float(box["width"] * box["height"])}
        if one["annotation"] is None:
            truths.append({"sample": rows[one["id"]], "crowd": False, "score": None, "mask": None, **right})
        else:
            truths[marks[str(one["annotation"])]].update(right)
    schema = outcomes.parts.truths.schema
    return judged(outcomes, pl.DataFrame(truths, schema=schema).sort("sample", maintain_order=True))


def judged(outcomes: Outcomes, truths: pl.DataFrame) -> Outcomes:
    """The outcomes by other true objects."""
    assert outcomes.parts is not None
    n, k = outcomes.frame.height, len(outcomes.parts.classes)
    sizes = outcomes.parts.sizes if outcomes.parts.overlap == "mask" else None
    found = [one.drop("state", "about", "right", "counts") for one in outcomes.parts.detections]
    held = [hold(truths, one, n, k, sizes=sizes) for one in found]
    parts = replace(
        outcomes.parts,
        truths=truths,
        counts=tuple(one.counts for one in held),
        judged=tuple(one.judged for one in held),
        detections=tuple(one.detections for one in held),
        cutoffs=tuple(one.cutoff for one in held),
        found=tuple(one.found for one in held),
        errors=tuple(one.errors for one in held),
        marks=pl.Series("mark", [str(i) for i in range(truths.height)], dtype=pl.String),
        attributes=None,
    )
    return replace(outcomes, parts=parts)


def plant(outcomes: Outcomes, share: float, seed: int) -> Planted:
    """The outcomes with so large a share of the annotations at fault, of each kind a third.

    Left out; moved by 0.3 to 0.45 of both sides; called another class (where there are several), drawn evenly.
    """
    assert outcomes.parts is not None
    assert outcomes.parts.truths is not None
    truths, k = outcomes.parts.truths, len(outcomes.parts.classes)
    rng = np.random.default_rng(seed)
    kinds = np.array(list(BOX_KINDS)[: 3 if k > 1 else 2])
    solid = np.flatnonzero(~truths["crowd"].to_numpy())
    rows = rng.choice(solid, round(share * len(solid)), replace=False)
    kind = kinds[np.arange(len(rows)) % len(kinds)]
    box, klass = truths.select(BOX).to_numpy().copy(), truths["class"].to_numpy().copy()
    moved, swapped, left_out = (rows[kind == name] for name in ("misplaced", "swapped", "overlooked"))
    box[moved, :2] += rng.choice([-1, 1], (len(moved), 2)) * rng.uniform(0.3, 0.45, (len(moved), 2)) * box[moved, 2:]
    klass[swapped] = (klass[swapped] + rng.integers(1, k, len(swapped))) % k if k > 1 else klass[swapped]
    keep = np.ones(truths.height, bool)
    keep[left_out] = False
    place = np.where(keep, np.cumsum(keep) - 1, -1)
    faulty = truths.with_columns(
        *(pl.Series(name, box[:, i]) for i, name in enumerate(BOX)), pl.Series("class", klass, dtype=pl.Int32)
    ).filter(pl.Series(keep))
    faults = (
        truths[rows]
        .select("sample", "class", *BOX)
        .with_columns(
            pl.Series("kind", kind, dtype=pl.String),
            pl.Series("object", place[rows], dtype=pl.Int64),
            pl.Series("was", rows, dtype=pl.Int64),
        )
    )
    return Planted(judged(outcomes, faulty), faults)


def hits(candidates: pl.DataFrame, faults: pl.DataFrame) -> np.ndarray:
    """Which fault each candidate is, -1: none; each fault once, the first candidate that is it.

    The kind has to be right, and the annotation; where none is annotated, the suggestion overlaps the box by half.
    """
    found = np.full(candidates.height, -1)
    taken: set[int] = set()
    known = faults.to_dicts()
    by_object = {(one["kind"], one["object"]): i for i, one in enumerate(known) if one["object"] >= 0}
    by_sample: dict[int, list[int]] = {}
    for i, one in enumerate(known):
        if one["object"] < 0:
            by_sample.setdefault(one["sample"], []).append(i)
    for at, row in enumerate(candidates.iter_rows(named=True)):
        if row["object"] is not None:
            which = by_object.get((row["kind"], row["object"]), -1)
        else:
            near = [i for i in by_sample.get(row["row"], []) if _overlap(row, known[i]) >= 0.5 and i not in taken]
            which = near[0] if near else -1
        if which >= 0 and which not in taken:
            found[at] = which
            taken.add(which)
    return found


def _overlap(row: dict, fault: dict) -> float:  # type: ignore[type-arg]
    a = np.array([row[f"suggested_{name}"] for name in BOX])
    b = np.array([fault[name] for name in BOX], float)
    side = np.maximum(np.minimum(a[:2] + a[2:], b[:2] + b[2:]) - np.maximum(a[:2], b[:2]), 0)
    inter = side.prod()
    return float(inter / (a[2] * a[3] + b[2] * b[3] - inter))
