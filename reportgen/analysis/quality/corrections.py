"""What correcting the labels that look wrong would change: in every metric, at least and at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure, classes_of, influence_values
from reportgen.analysis.quality.moved_sums import MovedSums
from reportgen.analysis.quality.row_values import is_dear, row_value
from reportgen.analysis.slices import Axis
from reportgen.inspection.labels import LabelIssues
from reportgen.model import ALL, Slice
from reportgen.tasks.metric import Metric, Side


def measure_corrections(
    measure: Measure,
    labels: LabelIssues,
    metrics: Sequence[Metric],
    baseline: int | None,
    candidate: int,
) -> pl.DataFrame:
    """What each metric is, what it would be with every suggestion taken, and its bounds (``columns.LABEL_EFFECTS``).

    The bounds are over all choices of candidates to correct: any of them may be right as it is. Of a ratio of sums
    they are exact (Dinkelbach, "On nonlinear fractional programming", Management Science 13, 1967); other metrics have
    none. The change between baseline and candidate is told of metrics that are means over the same samples. Of a
    version with several trainings it is the first one's.
    """
    rows = labels.candidates["row"].to_numpy()
    if not len(rows):
        return columns.LABEL_EFFECTS.to_frame()
    moved = [_corrected(side, rows, labels, measure) for side in measure.sides]
    classes = {code for one in moved for code in (*one.before.target[rows], *one.after.target[rows])}
    found: list[dict[str, object]] = []
    for metric in metrics:
        if is_dear(metric, measure) or metric.counts_missing:
            continue
        for v, sides in enumerate(moved):
            if not measure.has(metric, v):
                continue
            n = int(np.count_nonzero(sides.before.scored[rows]))
            told = {"version": measure.outcomes.versions[v], "metric": metric.name, "n": n}
            if metric.kind == "influence":
                found.append({**told, **_smooth(measure, metric, sides)})
                continue
            for klass in classes_of(metric, sides.before):
                if klass is not None and klass not in classes:
                    continue
                name = None if klass is None else sides.before.classes[klass]
                if metric.needs_rows:
                    found.append({**told, "class": name, **_by_rows(measure, metric, sides, klass)})
                    continue
                one = _sums(measure, metric, sides, rows, -1 if klass is None else klass)
                found.append({**told, "class": name, **one.row()})
        pair = () if baseline is None else (baseline, candidate)
        if (
            pair
            and metric.compared
            and metric.terms is not None
            and metric.kind != "influence"
            and all(measure.has(metric, v) for v in pair)
        ):
            both = np.logical_and.reduce([moved[v].before.scored for v in pair])
            before, after = (_sums(measure, metric, moved[v], rows, -1, both) for v in pair)
            found += _change(before, after, metric.name)
    return pl.DataFrame(found, schema=columns.LABEL_EFFECTS) if found else columns.LABEL_EFFECTS.to_frame()


@dataclass(frozen=True, eq=False)
class _Sides:
    """A version judged by the labels as they are, and with every suggestion in their place."""

    before: Side
    after: Side


def _corrected(side: Side, rows: npt.NDArray[np.int64], labels: LabelIssues, measure: Measure) -> _Sides:
    target = side.target.copy()
    if side.classes:
        code = {name: k for k, name in enumerate(side.classes)}
        target[rows] = [code[one] for one in labels.candidates["suggestion"]]
        correct = side.prediction == target
    else:
        target[rows] = labels.suggested
        tolerance = measure.outcomes.tolerance or 0.0
        correct = np.abs(np.nan_to_num(side.prediction - target, nan=np.inf)) <= tolerance
    return _Sides(side, replace(side, target=target, correct=(correct & side.scored).astype(np.int8)))


def _sums(
    measure: Measure,
    metric: Metric,
    sides: _Sides,
    rows: npt.NDArray[np.int64],
    klass: int,
    among: npt.NDArray[np.bool_] | None = None,
) -> MovedSums:
    """The sums over all samples, or ``among`` some of them."""
    assert metric.terms is not None
    weight = np.ones(len(sides.before.scored)) if measure.weight is None else measure.weight
    weight = weight if among is None else weight * among
    (x, w), (x1, w1) = (
        tuple(part * weight for part in metric.terms(side, klass)) for side in (sides.before, sides.after)
    )
    return MovedSums(float(x.sum()), float(w.sum()), (x1 - x)[rows], (w1 - w)[rows])


def _change(before: MovedSums, after: MovedSums, metric: str) -> Iterator[dict[str, object]]:
    """The change between two versions, where correcting a label leaves what both are divided by."""
    if before.w != after.w or before.dw.any() or after.dw.any() or not before.w > 0:
        return
    change = (after.x - before.x) / before.w
    moves = (after.dx - before.dx) / before.w
    yield {
        "version": None,
        "metric": metric,
        "class": None,
        "value": change,
        "corrected": change + moves.sum(),
        "at_least": change + moves[moves < 0].sum(),
        "at_most": change + moves[moves > 0].sum(),
        "n": len(moves),
    }


def _smooth(measure: Measure, metric: Metric, sides: _Sides) -> dict[str, object]:
    """A metric that is no ratio of sums, as it is and with every suggestion taken."""
    whole = Axis((Slice(ALL, (), "all", 0),), np.zeros(len(sides.before.scored), np.int32), "all", ())
    value, corrected = (
        float(influence_values(measure, metric, side, whole, side.scored).value[0])
        for side in (sides.before, sides.after)
    )
    return {"class": None, **_unbounded(value, corrected)}


def _by_rows(measure: Measure, metric: Metric, sides: _Sides, klass: int | None) -> dict[str, object]:
    """A metric that needs the rows, as it is and with every suggestion taken."""
    return _unbounded(*(row_value(measure, metric, side, side.scored, klass) for side in (sides.before, sides.after)))


def _unbounded(value: float, corrected: float) -> dict[str, object]:
    known = {"value": value, "corrected": corrected}
    told = {name: one if np.isfinite(one) else None for name, one in known.items()}
    return {**told, "at_least": None, "at_most": None}
