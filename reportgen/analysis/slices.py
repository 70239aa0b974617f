"""Slices: every value of every attribute and every pair of attributes, as axes of codes to sum over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from reportgen import columns
from reportgen.model import ALL, Attribute, Limits, Note, Origin, Outcomes, Slice, Term
from reportgen.stats.statistic import DENSE_CELLS

MAX_PAIRS = 20_000
"""Pair slices kept; where there are more, those with fewer than ``support.show`` samples are left out, and counted."""

PREDICTED = "predicted"
PINNED = "pinned"
IN_SET = "yes"
"""The value under which a pinned set's samples are filtered, in the filter of the set."""


@dataclass(frozen=True, eq=False)
class Axis:
    """Slices that partition the samples: ``keys[row]`` is the position in ``slices``, -1 where the row is in none."""

    slices: tuple[Slice, ...]
    keys: npt.NDArray[np.int32]
    origin: Origin
    attributes: tuple[str, ...]

    @cached_property
    def order(self) -> npt.NDArray[np.intp]:
        """The rows that are in a slice, by slice and then in ascending order."""
        order = np.argsort(self.keys, kind="stable")
        return order[np.searchsorted(self.keys[order], 0) :]

    @property
    def ids(self) -> list[str]:
        """The slices' ids, by key."""
        return [one.id for one in self.slices]


@dataclass(frozen=True, eq=False)
class Axes:
    """All axes: the whole, one an attribute (the target's too), one a pair; and the predicted label's, by version.

    Declared slices (critical and pinned ones that are not enumerated anyway) and found ones overlap with others: each
    is an axis of its own. Declared slices that are enumerated anyway keep their place, with the origin "declared".
    """

    whole: Axis
    attributes: tuple[Axis, ...]
    pairs: tuple[Axis, ...]
    predicted: tuple[Axis, ...]  # one a version
    notes: tuple[Note, ...]
    declared: tuple[Axis, ...] = ()
    found: tuple[Axis, ...] = ()
    confirming: npt.NDArray[np.bool_] | None = None
    """The samples that the search for the found slices did not see; none: nothing was searched."""
    again: tuple[Axis, ...] = ()
    """The declared slices that stand in ``pairs``, each once more alone: for what is not computed on every pair."""
    pinned: frozenset[str] = frozenset()
    """The ids of the declared slices that are pinned sets."""

    @cached_property
    def declared_ids(self) -> frozenset[str]:
        """The ids of all declared slices; each decides by itself, outside the families of tests."""
        return frozenset(one.id for axis in self.shared for one in axis.slices if one.origin == "declared")

    @cached_property
    def critical_ids(self) -> frozenset[str]:
        """The ids of the slices that the manifest calls critical, which decide whatever their size."""
        return frozenset(one.id for axis in self.shared for one in axis.slices if one.critical is not None)

    @property
    def shared(self) -> tuple[Axis, ...]:
        """The axes that hold the same samples for every version."""
        return (self.whole, *self.attributes, *self.pairs, *self.declared, *self.found)

    @property
    def without_found(self) -> Axes:
        """The same axes but for the found slices."""
        return replace(self, found=())

    @property
    def of_found(self) -> Axes:
        """The found slices, beside the whole."""
        return Axes(self.whole, (), (), (), (), found=self.found)

    @property
    def of_found_confirming(self) -> Axes:
        """As ``of_found``, over the samples alone that the search did not see."""
        assert self.confirming is not None or not self.found
        seen = np.zeros(1, bool) if self.confirming is None else ~self.confirming
        half = tuple(replace(axis, keys=np.where(seen, -1, axis.keys)) for axis in self.found)
        return replace(self.of_found, found=half)


def slice_id(terms: Sequence[Term]) -> str:
    """The stable id of a conjunction: ``weather=rain&time_of_day=night``, percent-encoded, in the attributes' order."""
    return "&".join(f"{quote(term.attribute, safe='')}={quote(term.value, safe='')}" for term in terms) or ALL


def enumerate_axes(
    outcomes: Outcomes, limits: Limits, pairs_of: Callable[[Attribute, Attribute], bool] = lambda _a, _b: True
) -> Axes:
    """Every value of every attribute and every pair, non-empty ones only, with their counts of samples and groups.

    ``pairs_of`` says which two attributes make pairs.
    """
    frame = outcomes.frame
    group = frame[columns.GROUP].to_numpy() if columns.GROUP in frame.columns else None
    shown = shown_values(outcomes.attributes)
    codes = [frame[columns.attribute(a.index)].to_numpy() for a in outcomes.attributes]
    n = frame.height
    whole = _axis(np.zeros(n, np.int32), [()], "all", (), group)
    singles = tuple(_single_axis(a, code, shown, group) for a, code in zip(outcomes.attributes, codes, strict=True))
    pairs = [
        _pair_axis(a, b, code_a, code_b, shown, group)
        for (a, code_a), (b, code_b) in combinations(zip(outcomes.attributes, codes, strict=True), 2)
        if pairs_of(a, b)
    ]
    pairs, notes = _limit_pairs(pairs, limits)
    predicted = (
        tuple(_predicted_axis(outcomes, version, group) for version in range(len(outcomes.versions)))
        if outcomes.classes
        else ()
    )
    return Axes(whole, singles, tuple(pairs), predicted, tuple(notes))


def shown_values(attributes: Sequence[Attribute]) -> dict[tuple[str, str], str]:
    """How each value reads alone: itself where all of its attribute's are words that no other has, else with it.

    A value that begins as its attribute does says it by itself, too: "dense", not "density dense".
    """
    owners: dict[str, int] = {}
    for attribute in attributes:
        for value in attribute.values:
            owners[value] = owners.get(value, 0) + 1
    shown = {}
    for attribute in attributes:
        alone = attribute.edges is None and all(owners[v] == 1 and _is_telling(v) for v in attribute.values)
        for value in attribute.values:
            said = owners[value] == 1 and _names(value, attribute.name)
            shown[attribute.name, value] = value if alone or said else f"{attribute.name} {value}"
    return shown


_DEGREES = frozenset(
    [
        "true",
        "false",
        "yes",
        "no",
        "none",
        "other",
        "unknown",
        "missing",
        "low",
        "middle",
        "high",
        "small",
        "medium",
        "large",
        "tiny",
        "huge",
        "light",
        "heavy",
        "weak",
        "mild",
        "strong",
        "extreme",
        "full",
        "partial",
        "half",
        "empty",
        "thin",
        "normal",
        "thick",
        "short",
        "long",
        "few",
        "many",
        "some",
        "slow",
        "fast",
        "old",
        "new",
        "left",
        "right",
        "upright",
        "top",
        "bottom",
        "good",
        "bad",
        "poor",
        "simple",
        "complex",
        "agree",
        "disagree",
    ]
)
"""Words that say how much or which side, and of what only with their attribute."""


_STEM = 4
"""Letters that a value and its attribute begin with alike where they are of one word: density and dense."""


def _names(value: str, attribute: str) -> bool:
    stem = attribute.lower()[:_STEM]
    return len(stem) == _STEM and stem.isalpha() and value.lower().startswith(stem)


def _is_telling(value: str) -> bool:
    first = value.lower().replace("_", " ").split(" ")[0] if value else ""
    return sum(c.isalpha() for c in value) >= 3 and first not in _DEGREES


def term_of(attribute: Attribute, value: str, shown: Mapping[tuple[str, str], str]) -> Term:
    """The condition that an attribute has a value; ``shown`` is what ``shown_values`` gives."""
    return Term(attribute.name, "=" if attribute.edges is None else "in", value, shown[attribute.name, value])


def join_terms(
    outcomes: Outcomes,
    terms: Sequence[tuple[int, int]],
    group: npt.NDArray[np.int32] | None,
    confirming: npt.NDArray[np.bool_],
) -> Axis:
    """The axis of one found slice: of the samples that have each of some attributes' codes."""
    shown = shown_values(outcomes.attributes)
    inside = np.logical_and.reduce(
        [outcomes.frame[columns.attribute(outcomes.attributes[a].index)].to_numpy() == code for a, code in terms]
    )
    named = tuple(term_of(outcomes.attributes[a], outcomes.attributes[a].values[code], shown) for a, code in terms)
    attributes = tuple(outcomes.attributes[a].name for a, _ in terms)
    axis = _axis(np.where(inside, 0, -1), [named], "found", attributes, group)
    (one,) = axis.slices
    return replace(axis, slices=(replace(one, n_confirm=int((inside & confirming).sum())),))


def _single_axis(
    a: Attribute, code: npt.NDArray[np.int32], shown: dict[tuple[str, str], str], group: npt.NDArray[np.int32] | None
) -> Axis:
    """The slices of one attribute's values, and that of the samples without one."""
    terms = [(term_of(a, value, shown),) for value in a.values]
    if a.kind == "target":
        return _axis(code, terms, "attribute", (a.name,), group)
    return _axis(np.where(code < 0, len(terms), code), [*terms, (a.missing,)], "attribute", (a.name,), group)


def _pair_axis(
    a: Attribute,
    b: Attribute,
    code_a: npt.NDArray[np.int32],
    code_b: npt.NDArray[np.int32],
    shown: dict[tuple[str, str], str],
    group: npt.NDArray[np.int32] | None,
) -> Axis:
    width = len(b.values)
    keys = np.where((code_a >= 0) & (code_b >= 0), code_a.astype(np.int64) * width + code_b, -1)
    terms = [(term_of(a, x, shown), term_of(b, y, shown)) for x in a.values for y in b.values]
    return _axis(keys, terms, "pair", (a.name, b.name), group)


def _axis(
    keys: npt.NDArray[np.int64] | npt.NDArray[np.int32],
    terms: Sequence[tuple[Term, ...]],
    origin: Origin,
    attributes: tuple[str, ...],
    group: npt.NDArray[np.int32] | None,
) -> Axis:
    """The axis of the keys that occur, renumbered without gaps."""
    counts = np.bincount(keys[keys >= 0], minlength=len(terms))
    groups = _count_groups(keys, group, len(terms))
    present = np.flatnonzero(counts)
    place = np.full(len(terms) + 1, -1, np.int32)
    place[present] = np.arange(len(present), dtype=np.int32)
    slices = tuple(
        Slice(slice_id(terms[k]), terms[k], origin, int(counts[k]), None if groups is None else int(groups[k]))
        for k in present.tolist()
    )
    return Axis(slices, place[keys], origin, attributes)  # place[-1] is -1


def _count_groups(
    keys: npt.NDArray[np.int64] | npt.NDArray[np.int32], group: npt.NDArray[np.int32] | None, n_keys: int
) -> npt.NDArray[np.int64] | None:
    if group is None:
        return None
    inside = keys >= 0
    n_groups = int(group.max(initial=0)) + 1
    cells = keys[inside].astype(np.int64) * n_groups + group[inside]
    if n_keys * n_groups <= DENSE_CELLS:
        occurs = np.zeros(n_keys * n_groups, bool)
        occurs[cells] = True
        return np.asarray(occurs.reshape(n_keys, n_groups).sum(axis=1), np.int64)
    return np.bincount(np.unique(cells) // n_groups, minlength=n_keys)


def _limit_pairs(pairs: list[Axis], limits: Limits) -> tuple[list[Axis], list[Note]]:
    total = sum(len(axis.slices) for axis in pairs)
    if total <= MAX_PAIRS:
        return pairs, []
    kept = []
    for axis in pairs:
        large = [k for k, one in enumerate(axis.slices) if one.n >= limits.show]
        place = np.full(len(axis.slices) + 1, -1, np.int32)
        place[large] = np.arange(len(large), dtype=np.int32)
        kept.append(replace(axis, slices=tuple(axis.slices[k] for k in large), keys=place[axis.keys]))
    left = total - sum(len(axis.slices) for axis in kept)
    message = (
        f"{left:,} pairs of values with fewer than {limits.show} samples are not listed: there are {total:,} pairs"
    )
    return kept, [Note("RG403", "info", message, n=left)]


def _predicted_axis(outcomes: Outcomes, version: int, group: npt.NDArray[np.int32] | None) -> Axis:
    """The slices by what a version says: other samples for each version, so a level only, never compared."""
    keys = outcomes.frame[columns.prediction(version)].to_numpy()
    scored = outcomes.frame[columns.scored(version)].to_numpy()
    name = predicted_name(outcomes.attributes)
    terms = [(Term(name, "=", c, f"{name} {c}"),) for c in outcomes.classes]
    return _axis(np.where(scored, keys, -1), terms, "attribute", (name,), group)


def is_missing(term: Term, attribute: Attribute) -> bool:
    """Whether a term of an attribute is that a sample has no value of it."""
    return attribute.kind != "target" and term.value not in attribute.values


def missing_set(name: str) -> str:
    """What the set of samples without a value of an attribute is called."""
    return f"missing: {name}"


def predicted_name(attributes: Sequence[Attribute]) -> str:
    """The name under which the predicted label slices, clear of the user's columns."""
    names = {a.name for a in attributes}
    name = PREDICTED
    while name in names:
        name = f"{name} label"
    return name


def pinned_name(attributes: Iterable[Attribute]) -> str:
    """The name under which pinned sets slice, clear of the user's columns and of the predicted label."""
    attributes = tuple(attributes)
    taken = {predicted_name(attributes), *(a.name for a in attributes)}
    name = PINNED
    while name in taken:
        name = f"{name} set"
    return name


def pinned_filter(name: str, attributes: Iterable[Attribute]) -> str:
    """The name under which the samples of one pinned set are filtered, clear of the user's columns."""
    attributes = tuple(attributes)
    taken = {a.name for a in attributes}
    found = f"{pinned_name(attributes)} {name}"
    while found in taken:
        found = f"{found} set"
    return found


def found_filter(name: str, attributes: Iterable[Attribute]) -> str:
    """The name under which the samples of a set that a check found are filtered, clear of the user's columns."""
    taken = {a.name for a in attributes}
    while name in taken:
        name = f"{name} (check)"
    return name
