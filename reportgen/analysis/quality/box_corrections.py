"""What correcting the annotated boxes that look wrong would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.object_ranks import exact_figures
from reportgen.analysis.quality.part_effects import Corrected, group_candidates, measure_effects, with_samples
from reportgen.inspection.boxes import BOX_KINDS, BoxIssues
from reportgen.model import Parts
from reportgen.stats.object_precision import judge_again
from reportgen.tasks.metric import Metric
from reportgen.tasks.objects import BOX, Held, hold

AVERAGED = ("ap", "ap50")
"""Of the figures that need every detection those that are told."""

Ints = npt.NDArray[np.int64]


def measure_box_corrections(
    measure: Measure, boxes: BoxIssues, metrics: Sequence[Metric], baseline: int | None, candidate: int
) -> BoxIssues:
    """The candidates with what F1, precision, recall and AP would be with the suggestions in the annotations' place.

    Cut-offs stay. See ``measure_effects``.
    """
    if not boxes.candidates.height:
        return boxes
    ratios = [one for one in metrics if one.terms is not None and measure.has(one, candidate)]
    averaged = [one for one in metrics if one.name in AVERAGED]
    pair = None if baseline is None else (baseline, candidate)
    groups = group_candidates(boxes.candidates, BOX_KINDS, several=pair is not None)
    corrected = {name: _correct(measure, chosen) for name, chosen in groups.items()}
    return measure_effects(measure, boxes, ratios, pair, corrected, lambda after: _averaged(measure, after, averaged))


@dataclass(frozen=True, eq=False)
class _After(Corrected):
    held: tuple[Held, ...]


def _correct(measure: Measure, chosen: pl.DataFrame) -> _After:
    parts = measure.outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    rows = chosen["row"].unique().sort().to_numpy()
    truths = _on(corrected_truths(parts, chosen), rows)
    sizes = None if parts.overlap == "box" or parts.sizes is None else parts.sizes[rows]
    held = tuple(
        hold(truths, _on(parts.detections[v], rows), len(rows), len(parts.classes), parts.cutoffs[v], sizes)
        for v in range(len(measure.sides))
    )
    sides = tuple(
        replace(
            side, parts=with_samples(side.parts, one.counts, rows), errors=_with_errors(side.errors, one.errors, rows)
        )
        for side, one in zip(measure.sides, held, strict=True)
        if side.parts is not None
    )
    return _After(chosen.height, rows, sides, held)


def corrected_truths(parts: Parts, chosen: pl.DataFrame) -> pl.DataFrame:
    """The true objects with the suggestions of some candidates (``columns.BOX_ISSUES``) in their place.

    An annotation's area changes as that of its box; an object that was overlooked has its box's. Of masks both have
    the mask and the area that are suggested.
    """
    assert parts.truths is not None
    frame = parts.truths.select(list(columns.OBJECTS))  # polygons that are only to be drawn are not needed
    box, area = frame.select(BOX).to_numpy().copy(), frame["area"].to_numpy().copy()
    klass = frame["class"].to_numpy().copy()
    code = {name: k for k, name in enumerate(parts.classes)}
    suggested = chosen.select(f"suggested_{name}" for name in BOX).to_numpy()
    classes = np.array([code[name] for name in chosen["suggestion"]], np.int32)
    kind, at = chosen["kind"].to_numpy(), chosen["object"].fill_null(-1).to_numpy()
    swapped, placed, new = (kind == name for name in ("swapped", "misplaced", "overlooked"))
    klass[at[swapped]] = classes[swapped]
    before, wanted = (one[:, 2] * one[:, 3] for one in (box[at[placed]], suggested[placed]))
    area[at[placed]] = np.where(before > 0, area[at[placed]] * wanted / np.where(before > 0, before, 1), wanted)
    box[at[placed]] = suggested[placed]
    masks, areas = _suggested_masks(parts, chosen)
    area[at[placed]] = np.where(np.isfinite(areas[placed]), areas[placed], area[at[placed]])
    new_area = np.where(np.isfinite(areas), areas, suggested[:, 2] * suggested[:, 3])[new]
    mask = frame["mask"]
    if parts.overlap == "mask":
        every = pl.concat([mask, masks])
        source = np.arange(frame.height)
        source[at[placed]] = frame.height + np.flatnonzero(placed)
        mask = every.gather(source)
    n = int(new.sum())
    added = pl.DataFrame(
        {
            "sample": chosen["row"].filter(pl.Series(new)),
            "class": classes[new],
            **{name: suggested[new, i] for i, name in enumerate(BOX)},
            "area": new_area,
            "crowd": np.zeros(n, bool),
            "score": None,
            "mask": masks.filter(pl.Series(new)),
        },
        schema=columns.OBJECTS,
    )
    moved = frame.with_columns(mask).with_columns(
        pl.Series("class", klass),
        *(pl.Series(name, box[:, i]) for i, name in enumerate(BOX)),
        pl.Series("area", area),
        mask,
    )
    return pl.concat([moved, added]).sort("sample", maintain_order=True)


def _suggested_masks(parts: Parts, chosen: pl.DataFrame) -> tuple[pl.Series, npt.NDArray[np.float64]]:
    """The mask that each candidate suggests, and its area; null and NaN where it suggests none."""
    rows = [
        None if by is None else parts.detections[by].row(own[by], named=True)
        for by, own in chosen.select("suggested_by", "detections").iter_rows()
    ]
    masks = [None if row is None else row["mask"] for row in rows]
    areas = np.array([np.nan if row is None else row["area"] for row in rows])
    return pl.Series("mask", masks, dtype=columns.OBJECTS["mask"]), areas


def _on(frame: pl.DataFrame, rows: Ints) -> pl.DataFrame:
    """The objects on some samples, which are called by their place among them."""
    own = frame.filter(pl.col("sample").is_in(rows.tolist()))
    return own.with_columns(pl.Series("sample", np.searchsorted(rows, own["sample"].to_numpy()), dtype=pl.Int64))


def _with_errors(errors: Ints | None, new: Ints, rows: Ints) -> Ints | None:
    """The errors of each type in each sample, with those of some samples in their place."""
    if errors is None:
        return None
    found = errors.copy()
    found[:, rows] = new
    return found


def _averaged(measure: Measure, after: _After, metrics: Sequence[Metric]) -> Iterator[dict[str, object]]:
    """Average precision as it is and corrected, over all classes."""
    parts = measure.outcomes.parts
    assert parts is not None
    for v, name in enumerate(measure.outcomes.versions):
        judged = parts.judged[v]
        again = judge_again(judged, after.held[v].judged, after.rows)
        before, then = (exact_figures(one, metrics, measure.weight) for one in (judged, again))
        for metric in metrics:
            told = {"value": before[metric.name, -1], "corrected": then[metric.name, -1]}
            known = {key: value if np.isfinite(value) else None for key, value in told.items()}
            yield {"version": name, "metric": metric.name, **known}
