"""Declared slices: those that the manifest names in critical, gates and expect, and the sets that it pins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.slices import Axes, Axis, is_missing, pinned_name, shown_values, slice_id
from reportgen.declarations import Declarations, PinnedRule
from reportgen.model import Attribute, Note, Outcomes, Slice, Term


@dataclass(frozen=True)
class _Named:
    """A conjunction that the manifest names, with what it says of it."""

    terms: tuple[Term, ...]
    why: str | None = None
    title: str = ""


def declare_slices(axes: Axes, outcomes: Outcomes, declarations: Declarations) -> Axes:
    """The axes with every slice that the manifest declares; a note for each that holds no sample.

    A slice that is enumerated anyway stays where it is and is marked: it decides by itself, outside its family. Every
    other one, and every pinned set, is an axis of its own.
    """
    named = _named(declarations)
    attributes = tuple(_marked(axis, named) for axis in axes.attributes)
    pairs = tuple(_marked(axis, named) for axis in axes.pairs)
    placed = {one.id for axis in (*attributes, *pairs) for one in axis.slices}
    again = tuple(_again(axis, k) for axis in pairs for k, one in enumerate(axis.slices) if one.id in named)
    own, notes = [], []
    for key, one in named.items():
        if key in placed:
            continue
        axis = _axis(outcomes, one.terms, _rows(outcomes, one.terms), why=one.why, title=one.title)
        if axis is None:
            message = f"the manifest names {_spoken(one.terms)}, and no sample is there"
            notes.append(Note("RG405", "degraded", message, n=0))
        else:
            own.append(axis)
    sets, pinned_notes = _pin(outcomes, declarations.pinned)
    return replace(
        axes,
        attributes=attributes,
        pairs=pairs,
        declared=(*own, *sets),
        again=again,
        pinned=frozenset(one.id for axis in sets for one in axis.slices),
        notes=(*axes.notes, *notes, *pinned_notes),
    )


def pinned_id(name: str, attributes: Iterable[Attribute]) -> str:
    """The id of a pinned set's slice."""
    return slice_id([Term(pinned_name(attributes), "=", name)])


def mark_pinned(outcomes: Outcomes, rules: Iterable[PinnedRule]) -> Outcomes:
    """The outcomes with a column ``pinned_{k}`` for each pinned set, in their order."""
    ids = outcomes.frame[columns.ID]
    added = [
        ids.is_in(pl.Series(rule.ids, dtype=pl.String).implode()).alias(columns.pinned(k))
        for k, rule in enumerate(rules)
    ]
    return replace(outcomes, frame=outcomes.frame.with_columns(added))


def _named(declarations: Declarations) -> Mapping[str, _Named]:
    """The conjunctions by id: the critical ones with why, then those that gates and beliefs are about."""
    found: dict[str, _Named] = {}
    for rule in declarations.critical:
        key = slice_id(rule.where)
        before = found.get(key)
        why = rule.why if before is None else f"{before.why}; {rule.why}"
        found[key] = _Named(rule.where, why, rule.name or (before.title if before else ""))
    for terms in (*(gate.where for gate in declarations.gates), *(belief.where for belief in declarations.beliefs)):
        if terms:
            found.setdefault(slice_id(terms), _Named(terms))
    return found


def _marked(axis: Axis, named: Mapping[str, _Named]) -> Axis:
    """The axis with the slices that are named declared in place."""
    if not any(one.id in named for one in axis.slices):
        return axis
    slices = tuple(
        replace(one, origin="declared", critical=named[one.id].why, title=named[one.id].title)
        if one.id in named
        else one
        for one in axis.slices
    )
    return replace(axis, slices=slices)


def _again(axis: Axis, key: int) -> Axis:
    """One slice of an axis as an axis of its own."""
    return Axis((axis.slices[key],), np.where(axis.keys == key, 0, -1).astype(np.int32), "declared", axis.attributes)


def _rows(outcomes: Outcomes, terms: Iterable[Term]) -> npt.NDArray[np.bool_]:
    """Which samples hold all of the terms."""
    inside = np.ones(outcomes.frame.height, bool)
    by_name = {attribute.name: attribute for attribute in outcomes.attributes}
    for term in terms:
        attribute = by_name[term.attribute]
        codes = outcomes.frame[columns.attribute(attribute.index)].to_numpy()
        inside &= codes < 0 if is_missing(term, attribute) else codes == attribute.values.index(term.value)
    return inside


def _axis(
    outcomes: Outcomes,
    terms: Iterable[Term],
    inside: npt.NDArray[np.bool_],
    *,
    why: str | None = None,
    title: str = "",
) -> Axis | None:
    """The axis of one slice; none where it holds no sample."""
    n = int(np.count_nonzero(inside))
    if not n:
        return None
    shown = shown_values(outcomes.attributes)
    terms = tuple(
        replace(term, shown=shown.get((term.attribute, term.value), term.shown or f"{term.attribute} {term.value}"))
        for term in terms
    )
    n_groups = None
    if columns.GROUP in outcomes.frame.columns:
        n_groups = len(np.unique(outcomes.frame[columns.GROUP].to_numpy()[inside]))
    one = Slice(slice_id(terms), terms, "declared", n, n_groups, critical=why, title=title)
    return Axis((one,), np.where(inside, 0, -1).astype(np.int32), "declared", tuple(term.attribute for term in terms))


def _pin(outcomes: Outcomes, rules: Iterable[PinnedRule]) -> tuple[tuple[Axis, ...], tuple[Note, ...]]:
    axes, notes = [], []
    name = pinned_name(outcomes.attributes)
    for k, rule in enumerate(rules):
        inside = outcomes.frame[columns.pinned(k)].to_numpy()
        axis = _axis(outcomes, (Term(name, "=", rule.name),), inside)
        if axis is not None:
            axes.append(axis)
        n_unknown = len(rule.ids) - int(np.count_nonzero(inside))
        if n_unknown:
            known = set(outcomes.frame[columns.ID].filter(pl.Series(inside)))
            first = tuple(list(_without(rule.ids, known))[:5])
            message = f'{n_unknown:,} of the {len(rule.ids):,} ids that "{rule.name}" pins have no sample here'
            notes.append(Note("RG406", "degraded", message, rule.file, n=n_unknown, examples=first))
    return tuple(axes), tuple(notes)


def _without(ids: Iterable[str], known: set[str]) -> Iterator[str]:
    return (one for one in ids if one not in known)


def _spoken(terms: Iterable[Term]) -> str:
    return " and ".join(f"{term.attribute} = {term.value}" for term in terms)
