"""Search of all conjunctions of up to three attribute values: sums by joint codes, ranked and pruned by bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.stats.excess import FIELDS, N, Reach, Score, W, X, exceeds

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int32]

BLOCK = 1 << 17
"""Samples counted at a time: their keys stay in the processor's cache."""

DENSE_CELLS = 1 << 22
"""Cells of the largest table that is counted directly; of a larger one only the cells that occur are."""

MAX_VISITS = 1_500_000_000
"""Samples looked at over all triples of attributes, about 15 s; of more triples only the most telling are searched."""

SPARSE = 0.5
"""Where less than this part of the samples is in slices that may have a listed child, only these are gone through."""

FEW = 3
"""Up to so many different losses are counted as states, which is exact and quicker than adding them up."""

Terms = tuple[tuple[int, int], ...]
"""A conjunction: (attribute, code), attributes ascending."""


@dataclass(frozen=True, eq=False)
class Loss:
    """What a search goes by: a loss a sample, and how slices are ranked and chosen by it."""

    values: Floats
    counted: Flags  # the samples that have a loss
    score: Score  # ranks the slices
    weight: Floats | None = None
    levels: frozenset[int] = frozenset({1, 2, 3})  # of how many terms a listed slice may be
    unexplained: bool = False  # list only slices whose loss certainly exceeds that of every parent without them
    effect: float = 1.0  # design effect of groups on the variance of a mean loss


@dataclass(frozen=True)
class Found:
    """A conjunction with its score, the number of its samples, and their mean loss."""

    terms: Terms
    score: float
    n: int
    mean: float


@dataclass(frozen=True)
class Result:
    """The best slices of each loss, best first, and of how many conjunctions the sums were made."""

    found: tuple[tuple[Found, ...], ...]
    n_searched: tuple[int, ...]


def search(
    codes: Sequence[Codes],
    n_values: Sequence[int],
    losses: Sequence[Loss],
    *,
    least: int,
    limit: int,
    prune: bool = True,
) -> Result:
    """The best conjunctions of one to three terms, for several losses in the same passes over the samples.

    Level by level: a table of sums for each attribute, each pair, each triple. What cannot lead to a listed slice is
    left out: a conjunction of fewer than ``least`` samples, and one whose bound is below the last slice of a full list
    (so the lists are those of a search that prunes nothing). Equal scores stand in the order of their terms.

    Args:
        codes: of each attribute, a code a sample; −1 where it has no value, which is in no slice.
        n_values: how many values each attribute has.
        losses: what to search by, at least one.
        least: samples that a slice must have, at least 2.
        limit: how many slices to list for each loss.
        prune: without, the same slices are found more slowly.
    """
    table = _Table(codes, n_values, losses)
    lists = [_List(q, loss, table.total[q], table.reach(q, least), limit) for q, loss in enumerate(losses)]
    parents: dict[tuple[int, ...], Floats] = {(): table.total}
    for level in (1, 2):
        for attributes in combinations(range(len(codes)), level):
            parents[attributes] = sums = table.sums(table.keys(attributes), prod(table.shape(attributes)))
            values = np.unravel_index(np.arange(sums.shape[2]), table.shape(attributes))
            for one in lists:
                one.offer(attributes, values, sums, parents, table)
    if any(3 in loss.levels for loss in losses):
        chosen = _affordable(parents, lists, len(codes), table.n)
        for a, b in combinations(range(len(codes)), 2):
            thirds = [c for c in range(b + 1, len(codes)) if chosen is None or (a, b, c) in chosen]
            _search_triples(table, lists, parents, (a, b), thirds, prune=prune)
    return Result(tuple(one.best() for one in lists), tuple(one.n_searched for one in lists))


def rows_of(codes: Sequence[Codes], terms: Terms) -> Flags:
    """Which samples a conjunction holds."""
    return np.asarray(np.logical_and.reduce([codes[a] == value for a, value in terms]))


def _search_triples(
    table: _Table,
    lists: Sequence[_List],
    parents: Mapping[tuple[int, ...], Floats],
    pair: tuple[int, int],
    thirds: Sequence[int],
    *,
    prune: bool,
) -> None:
    """Offers the triples of a pair of attributes with each of some others, by samples that may be in a listed one."""
    keys = table.keys(pair)
    n_keys = prod(table.shape(pair))
    for c in thirds:
        kept, rows, sub = np.arange(n_keys), None, keys
        if prune:
            sides = [_alive(lists, parents[side]) for side in (pair, (pair[0], c), (pair[1], c))]
            if not all(side.any() for side in sides):
                continue
            kept = np.flatnonzero(sides[0])
            if parents[pair][0, N, kept].sum() < SPARSE * table.n:
                place = np.full(n_keys + 1, -1, np.int32)
                place[kept] = np.arange(len(kept), dtype=np.int32)
                sub = place[keys]
                rows = np.flatnonzero(sub >= 0)
                sub = sub[rows]
            else:
                kept = np.arange(n_keys)
        third = table.column(c) if rows is None else table.column(c)[rows]
        width = table.n_values[c] + 1  # the last one for samples that lack a value
        joint = sub.astype(np.int64) * width + third
        cells = np.arange((len(kept) + 1) * width)
        if len(cells) * table.n_states > DENSE_CELLS:
            cells, joint = np.unique(joint, return_inverse=True)
        sums = table.sums(joint, len(cells), rows=rows)
        inside = (cells % width < width - 1) & (cells // width < len(kept))
        cells, sums = cells[inside], sums[:, :, inside]
        values = (*np.divmod(kept[cells // width], table.n_values[pair[1]]), cells % width)
        for one in lists:
            one.offer((*pair, c), values, sums, parents, table)


def _alive(lists: Sequence[_List], sums: Floats) -> Flags:
    """Which slices of a table may have a child that some list takes."""
    return np.asarray(np.logical_or.reduce([one.alive(sums) for one in lists if 3 in one.loss.levels]))


def _affordable(
    parents: Mapping[tuple[int, ...], Floats], lists: Sequence[_List], n_attributes: int, n: int
) -> set[tuple[int, ...]] | None:
    """The triples of attributes to search: all (None), or where that costs too much those with the best pairs."""
    if comb(n_attributes, 3) * n <= MAX_VISITS:
        return None
    pairs = list(combinations(range(n_attributes), 2))
    rank = dict.fromkeys(pairs, len(pairs))
    for one in lists:
        best = [one.highest(parents[pair]) for pair in pairs]
        for place, i in enumerate(sorted(range(len(pairs)), key=lambda i: (-best[i], pairs[i]))):
            rank[pairs[i]] = min(rank[pairs[i]], place)
    triples = combinations(range(n_attributes), 3)
    ordered = sorted(triples, key=lambda t: (sorted(rank[side] for side in combinations(t, 2)), t))
    return set(ordered[: max(1, MAX_VISITS // n)])


class _Table:
    """Sums by key, for all losses at once: losses of few values as counted states, the others added up."""

    def __init__(self, codes: Sequence[Codes], n_values: Sequence[int], losses: Sequence[Loss]) -> None:
        self.n = len(losses[0].values)
        self.n_values = n_values
        self._codes = codes
        self._losses = losses
        self._added: list[Floats] = []
        self._plans: list[dict[int, int]] = []
        state = np.zeros(self.n, np.int64)
        for loss in losses:
            few = loss.weight is None and len(values := np.unique(loss.values[loss.counted])) <= FEW
            self._plans.append({} if few else self._add(loss))
            code = np.searchsorted(values, loss.values) if few else 0
            state = state * (FEW + 1) + np.where(loss.counted, code, FEW)
        _, first, dense = np.unique(state, return_index=True, return_inverse=True)
        self.n_states = len(first)
        self._state = dense.astype(np.int32)
        pairs = zip(losses, self._plans, strict=True)
        self._by_state = np.stack([_fields_of_states(loss, first, added=bool(plan)) for loss, plan in pairs])
        self.total = self.sums(np.zeros(self.n, np.int32), 1)

    def reach(self, q: int, least: int) -> Reach:
        """What bounds the children of any slice, for one of the losses."""
        loss = self._losses[q]
        most = float(loss.values[loss.counted].max(initial=0))
        return Reach(least, most, 1.0 if loss.weight is None else float(loss.weight[loss.counted].min(initial=1.0)))

    def column(self, a: int) -> Codes:
        """An attribute's codes as keys; what has no value has the key after the last."""
        return np.where(self._codes[a] < 0, self.n_values[a], self._codes[a])

    def keys(self, attributes: tuple[int, ...]) -> Codes:
        """The joint codes of an attribute or a pair; what lacks a value has the key after the last."""
        if len(attributes) == 1:
            return self.column(attributes[0])
        (a, b), (first, second) = attributes, (self._codes[i] for i in attributes)
        size = self.n_values[b]
        return np.where((first < 0) | (second < 0), self.n_values[a] * size, first * size + second)

    def shape(self, attributes: tuple[int, ...]) -> tuple[int, ...]:
        """How many values each of the attributes has."""
        return tuple(self.n_values[a] for a in attributes)

    def sums(self, keys: NDArray[np.integer[Any]], n_keys: int, *, rows: NDArray[np.intp] | None = None) -> Floats:
        """The fields of every key (loss × field × key) below ``n_keys``; the keys are of ``rows`` where given."""
        counts = np.zeros((n_keys + 1) * self.n_states, np.int64)
        added = [np.zeros(len(counts)) for _ in self._added]
        for start in range(0, len(keys), BLOCK):
            part: Any = slice(start, start + BLOCK)
            block = keys[part].astype(np.int64)
            part = part if rows is None else rows[part]
            block *= self.n_states
            block += self._state[part]
            counts += np.bincount(block, minlength=len(counts))
            for sums, values in zip(added, self._added, strict=True):
                sums[:] += np.bincount(block, values[part], len(counts))
        shape = (n_keys + 1, self.n_states)
        out: Floats = self._by_state @ counts.reshape(shape)[:n_keys].T.astype(np.float64)
        totals = [column.reshape(shape)[:n_keys].sum(axis=1) for column in added]
        for q, plan in enumerate(self._plans):
            for field, which in plan.items():
                out[q, field] = totals[which]
        return out

    def _add(self, loss: Loss) -> dict[int, int]:
        """Columns to add up for a loss of many values: where each field stands that no count gives."""
        w = np.where(loss.counted, 1.0 if loss.weight is None else loss.weight, 0.0)
        x = np.where(loss.counted, w * loss.values, 0.0)
        named = {"x": x, "xw": x * w, "xx": x * x, "loss": np.maximum(x, 0)}
        if loss.weight is not None:
            named |= {"w": w, "ww": w * w}
        plan = {}
        for name, column in named.items():
            known = next((k for k, other in enumerate(self._added) if np.array_equal(other, column)), None)
            if known is None:
                known = len(self._added)
                self._added.append(column)
            plan[FIELDS.index(name)] = known
        return plan


def _fields_of_states(loss: Loss, first: NDArray[np.intp], *, added: bool) -> Floats:
    """What one sample of each state adds to each field (field × state); of a loss that is added up, to n, w and ww."""
    counted = loss.counted[first].astype(np.float64)
    values = np.where(loss.counted[first] & (not added), loss.values[first], 0.0)
    return np.stack([counted, counted, values, counted, values, values**2, np.maximum(values, 0)])


class _List:
    """The best slices of one loss so far."""

    def __init__(self, q: int, loss: Loss, total: Floats, reach: Reach, limit: int) -> None:
        self.q = q
        self.loss = loss
        self.total = total
        self.reach = reach
        self.limit = limit
        self.n_searched = 0
        self.floor = 0.0  # the score that a slice must reach to be listed
        self._kept: list[Found] = []

    def offer(
        self,
        attributes: tuple[int, ...],
        values: Sequence[NDArray[np.intp]],
        table_sums: Floats,
        parents: Mapping[tuple[int, ...], Floats],
        table: _Table,
    ) -> None:
        """Lists those of a table's slices that are among the best; ``values`` are their codes, by attribute."""
        sums = table_sums[self.q]
        large = np.flatnonzero(sums[N] >= self.reach.least)
        self.n_searched += len(large)
        if len(attributes) not in self.loss.levels or not len(large):
            return
        score = self.loss.score.of(sums[:, large], self.total)
        listed = (score > 0) & (score >= self.floor)
        if self.loss.unexplained and listed.any():
            listed[listed] = self._is_unexplained(attributes, values, sums, large[listed], parents, table)
        for key, points in zip(large[listed].tolist(), score[listed].tolist(), strict=True):
            terms = tuple((a, int(column[key])) for a, column in zip(attributes, values, strict=True))
            self._kept.append(Found(terms, points, int(sums[N, key]), float(sums[X, key] / sums[W, key])))
        if len(self._kept) > 4 * self.limit:
            self._cut()

    def alive(self, table_sums: Floats) -> Flags:
        """Which slices of a table may have a child that is listed."""
        bound = self.loss.score.bound(table_sums[self.q], self.total, self.reach)
        return np.asarray((bound > 0) & (bound >= self.floor * (1 - 1e-9)))  # a bound may be the floor but for rounding

    def highest(self, table_sums: Floats) -> float:
        """The best score in a table, of slices large enough."""
        sums = table_sums[self.q]
        return float(np.max(self.loss.score.of(sums, self.total)[sums[N] >= self.reach.least], initial=-np.inf))

    def best(self) -> tuple[Found, ...]:
        """The listed slices, best first."""
        self._cut()
        return tuple(self._kept)

    def _cut(self) -> None:
        self._kept.sort(key=lambda one: (-one.score, len(one.terms), one.terms))
        del self._kept[self.limit :]
        if len(self._kept) == self.limit:
            self.floor = max(self.floor, self._kept[-1].score)

    def _is_unexplained(
        self,
        attributes: tuple[int, ...],
        values: Sequence[NDArray[np.intp]],
        sums: Floats,
        keys: NDArray[np.intp],
        parents: Mapping[tuple[int, ...], Floats],
        table: _Table,
    ) -> Flags:
        """Whether each slice's loss certainly exceeds that of every parent without it, the whole among these."""
        apart = np.ones(len(keys), bool)
        for size in range(len(attributes)):
            for which in combinations(range(len(attributes)), size):
                side = tuple(attributes[i] for i in which)
                at = np.ravel_multi_index([values[i][keys] for i in which], table.shape(side)) if which else 0
                parent = parents[side][self.q][:, np.broadcast_to(at, len(keys))]
                apart &= exceeds(sums[:, keys], parent, self.loss.effect)
        return apart
