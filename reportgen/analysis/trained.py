"""How often each slice occurs in the table that a version was trained on, beside how often it occurs here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.attributes import code_as
from reportgen.model import Attribute, Outcomes, Slice, TrainingData


def count_training(
    outcomes: Outcomes, slices: Iterable[Slice], tables: Mapping[str, pl.DataFrame], target: str
) -> tuple[pl.DataFrame, tuple[TrainingData, ...]]:
    """The slices in each training table (``columns.SUPPORTS``), and of each table what is on one side alone.

    Args:
        outcomes: the samples here, and what the codes of their attributes mean.
        slices: the slices to count; those that need a column that a table lacks are left out.
        tables: by version, the training table's columns that slice.
        target: the target's column.
    """
    slices = [one for one in slices if one.terms]
    n_here = outcomes.frame.height
    parts = [columns.SUPPORTS.to_frame()]
    found = []
    for version, table in tables.items():
        codes = {
            a.name: code_as(a, table[name])
            for a in outcomes.attributes
            if (name := target if a.kind == "target" else a.name) in table.columns
        }
        counted = [one for one in slices if all(term.attribute in codes for term in one.terms)]
        n = [_count(outcomes.attributes, codes, one) for one in counted]
        parts.append(
            pl.DataFrame(
                {
                    "slice": [one.id for one in counted],
                    "version": [version] * len(counted),
                    "n": n,
                    "share": [k / table.height for k in n],
                    "n_here": [one.n for one in counted],
                    "share_here": [one.n / n_here for one in counted],
                },
                schema=columns.SUPPORTS,
            )
        )
        found.append(_sides(outcomes, version, table, codes, target))
    return pl.concat(parts), tuple(found)


def _count(attributes: Sequence[Attribute], codes: Mapping[str, npt.NDArray[np.int32]], one: Slice) -> int:
    by_name = {a.name: a for a in attributes}
    inside = [codes[t.attribute] == by_name[t.attribute].values.index(t.value) for t in one.terms]
    return int(np.logical_and.reduce(inside).sum())


def _sides(
    outcomes: Outcomes,
    version: str,
    table: pl.DataFrame,
    codes: Mapping[str, npt.NDArray[np.int32]],
    target: str,
) -> TrainingData:
    """Values that samples here have and no training sample has, and how many training samples have values not here."""
    unseen: list[tuple[str, str]] = []
    other: list[tuple[str, int]] = []
    for a in outcomes.attributes:
        if a.name not in codes:
            continue
        here = outcomes.frame[columns.attribute(a.index)].to_numpy()
        there = np.bincount(codes[a.name][codes[a.name] >= 0], minlength=len(a.values))
        present = np.bincount(here[here >= 0], minlength=len(a.values))
        unseen += [(a.name, value) for k, value in enumerate(a.values) if present[k] and not there[k]]
        column = table[target if a.kind == "target" else a.name]
        if n := int(((codes[a.name] < 0) & column.is_not_null().to_numpy()).sum()):
            other.append((a.name, n))
    return TrainingData(version, table.height, tuple(unseen), tuple(other))
