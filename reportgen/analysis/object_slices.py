"""Slices of true objects: which kinds of objects a version misses, and how sure that is.

An object is right where a version finds it, and its group is its sample: several objects of one picture are no
independent draws. Else all is as with samples: estimates, the rest, pairs of versions, and the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.attributes import AttributeSpec
from reportgen.analysis.discovery import discover
from reportgen.analysis.estimates import estimate_all
from reportgen.analysis.facts import Facts
from reportgen.analysis.flips import count_flips
from reportgen.analysis.measure import Ints, measure
from reportgen.analysis.object_attributes import code_objects, tells_pairs
from reportgen.analysis.slices import Axes, enumerate_axes
from reportgen.analysis.versions import compare_all
from reportgen.analysis.weaknesses import compare_with_rest
from reportgen.model import ALL, Family, Limits, MetricInfo, Note, Outcomes
from reportgen.report import ObjectSlices
from reportgen.tasks import regression
from reportgen.tasks.metric import Floats, Metric, Side

ONE, MORE = "(one attribute)", "(two attributes)"
"""How the families of tests are told apart."""

Named = Sequence[AttributeSpec]


def _found(side: Side, _k: int) -> tuple[Floats, Floats]:
    return side.correct.astype(np.float64), side.scored.astype(np.float64)


FOUND = Metric(
    MetricInfo("recall", "Recall", "of the true objects, the share that is found", "rate", True, primary=True),
    "binary",
    _found,
)
"""The one metric of objects: over all of them it is the recall of their samples."""


@dataclass(frozen=True, eq=False)
class SlicedObjects:
    """The slices of objects, and the facts that findings of them are derived from."""

    slices: ObjectSlices
    facts: Facts
    notes: tuple[Note, ...]


def object_outcomes(outcomes: Outcomes, own: Named) -> tuple[Outcomes, frozenset[str], tuple[Note, ...]]:
    """The outcome frame of the true objects, with the names of the attributes that are their samples', and notes.

    A row is an object that is no crowd; the rows ascend by sample, and within it stand as in their file. Its id is its
    sample's with its place among these, and its prediction the loss: 0 where the version finds it, 1 where it does not.

    Args:
        outcomes: of a detection.
        own: the columns of ``parts.attributes`` that slice.
    """
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    rows = np.flatnonzero(~parts.truths["crowd"].to_numpy())
    sample = parts.truths["sample"].to_numpy()[rows]
    coded, inherited = code_objects(outcomes, rows, own)
    ids = outcomes.frame[columns.ID].gather(sample)
    place = np.arange(len(sample)) - np.searchsorted(sample, sample) + 1
    grouped = columns.GROUP in outcomes.frame.columns
    group = outcomes.frame[columns.GROUP].gather(sample) if grouped else pl.Series(sample, dtype=pl.Int32)
    made = {
        columns.ID: ids + "#" + pl.Series(place).cast(pl.String),
        columns.TARGET: np.zeros(len(sample)),
        columns.GROUP: group,
    }
    if columns.WEIGHT in outcomes.frame.columns:
        made[columns.WEIGHT] = outcomes.frame[columns.WEIGHT].gather(sample)
    for v, found in enumerate(parts.found):
        made |= {
            columns.scored(v): outcomes.frame[columns.scored(v)].gather(sample),
            columns.invalid(v): np.zeros(len(sample), bool),
            columns.prediction(v): (found[rows] < 0).astype(np.float64),
        }
    frame = pl.concat([pl.DataFrame(made), coded.codes], how="horizontal")
    return (
        replace(
            outcomes,
            frame=regression.outcomes(frame, len(parts.found), tolerance=0.0),
            samples=pl.DataFrame({columns.ID: ids}),
            attributes=coded.attributes,
            group_names=outcomes.group_names if grouped else tuple(outcomes.frame[columns.ID]),
            tolerance=0.0,
            flip_margin=0.0,
            parts=None,
            grain="object",
            in_samples=not grouped,
        ),
        inherited,
        coded.notes,
    )


def slice_objects(
    outcomes: Outcomes, own: Named, limits: Limits, baseline: int | None, candidate: int
) -> SlicedObjects | None:
    """Everything that is told of slices of objects; none where there are no objects, or nothing to slice them by.

    Args:
        outcomes: of any task.
        own: the columns of ``parts.attributes`` that slice.
        limits: the support rule, with objects for samples and samples for groups.
        baseline: the position of the version to hold against; None where there is one version.
        candidate: the position of the version in question.
    """
    if outcomes.parts is None or outcomes.parts.truths is None:
        return None
    solid = outcomes.parts.truths.filter(~pl.col("crowd"))
    if solid.is_empty():
        return None
    objects, inherited, notes = object_outcomes(outcomes, own)
    if not objects.attributes:
        return None
    measured = measure(objects, limits, [FOUND.name])
    axes = enumerate_axes(objects, limits, tells_pairs(inherited))
    discovery = discover(measured, axes, FOUND, baseline, candidate)
    axes = discovery.axes
    families: list[Family] = []
    weak, changed = [], []
    for level, part in _by_level(axes).items():
        table, tested = compare_with_rest(measured, part, FOUND, discovery.table)
        weak.append(table)
        families += [replace(one, question=f"{one.question} {level}") for one in tested]
        if baseline is not None:
            table, tested = compare_all(measured, part, [FOUND], baseline, (), discovery.table)
            changed.append(table)
            families += [replace(one, question=f"{one.question} {level}") for one in tested]
    comparisons, flips, codes = columns.COMPARISONS.to_frame(), columns.FLIPS.to_frame(), None
    if baseline is not None:
        # each part has the whole
        comparisons = pl.concat(changed).unique(["slice", "candidate"], keep="first", maintain_order=True)
        flips = count_flips(measured, axes, regression.flip_codes, baseline)
        codes = regression.flip_codes(objects.frame, baseline, candidate, objects.flip_margin)
    facts = Facts(
        outcomes=objects,
        axes=axes,
        limits=limits,
        primary=FOUND.info,
        metrics=(FOUND.info,),
        baseline=None if baseline is None else objects.versions[baseline],
        candidate=objects.versions[candidate],
        estimates=estimate_all(measured, axes, [FOUND], FOUND, ()),
        comparisons=comparisons,
        weaknesses=pl.concat(weak),
        flips=flips,
        confusion_changes=columns.CONFUSION_CHANGES.to_frame(),
        notes=(),
        flip_codes=codes,
        hardness=solid["area"].to_numpy().astype(np.float32),  # of what is missed, a large one first
        searches=discovery.searches,
        discoveries=discovery.table,
        by_level=True,
    )
    return SlicedObjects(_told(facts, tuple(families), solid["sample"].to_numpy()), facts, (*notes, *axes.notes))


def _by_level(axes: Axes) -> dict[str, Axes]:
    """The slices of one attribute, and the others: of objects there are many attributes, and hundreds of pairs.

    Each level is a family of tests of its own, so that the many pairs don't hide what one attribute alone shows.
    """
    return {ONE: replace(axes, pairs=(), found=()), MORE: replace(axes, attributes=())}


def _told(facts: Facts, families: tuple[Family, ...], samples: Ints) -> ObjectSlices:
    """What the report says of them: not of all together, which is told of their samples."""
    part = pl.col("slice") != ALL
    return ObjectSlices(
        metric=facts.primary,
        outcomes=facts.outcomes,
        samples=samples,
        slices=tuple(one for one in facts.slices.values() if one.id != ALL),
        estimates=facts.estimates.filter(part),
        comparisons=facts.comparisons.filter(part),
        families=families,
        weaknesses=facts.weaknesses.filter(part),
        flips=facts.flips.filter(part),
        searches=facts.searches,
        discoveries=facts.discoveries,
    )
