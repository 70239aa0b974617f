"""How often slices occur in the tables that versions were trained on, beside how often they occur here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.attributes import code_as
from reportgen.analysis.quality.given import Given
from reportgen.inspection.training import TrainingTable
from reportgen.model import Attribute, Outcomes, Slice, Term
from reportgen.stats.intervals import ratio_intervals
from reportgen.stats.shares import Population, ratio_of_shares

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Coded:
    """One side of the comparison, a training table or the samples here: the codes of each attribute that it has."""

    codes: Mapping[str, Codes]  # by attribute, -1 where missing or a value that no sample here has
    people: Population
    values: Mapping[str, tuple[str, ...]]  # what the codes mean
    free: frozenset[str] = frozenset()  # attributes that tell nothing on this side: every row meets their terms

    def inside(self, terms: Sequence[Term]) -> Flags | None:
        """Which rows meet every term; none where an attribute, or its value, is not known on this side."""
        terms = [t for t in terms if t.attribute not in self.free]
        if not terms or any(t.attribute not in self.codes or t.value not in self.values[t.attribute] for t in terms):
            return None
        met = [self.codes[t.attribute] == self.values[t.attribute].index(t.value) for t in terms]
        return np.asarray(np.logical_and.reduce(met))


@dataclass(frozen=True, eq=False)
class CodedTables:
    """The samples here and every training table, by version; versions of one table share one."""

    here: Coded
    kept: npt.NDArray[np.int64]  # the samples' rows that ``here`` has: those of no split that versions were trained on
    tables: Mapping[str, Coded]


def code_tables(outcomes: Outcomes, given: Given) -> CodedTables:
    """The training tables in the codes of the attributes here; the split, which tells training apart, is none."""
    frame = outcomes.frame
    attributes = [a for a in outcomes.attributes if a.name != outcomes.split]
    free = frozenset() if outcomes.split is None else frozenset({outcomes.split})
    kept = np.flatnonzero(~in_training_split(outcomes, given))
    group = frame[columns.GROUP].to_numpy()[kept].astype(np.int64) if columns.GROUP in frame.columns else None
    weight = frame[columns.WEIGHT].to_numpy()[kept].astype(np.float64) if columns.WEIGHT in frame.columns else None
    values = {a.name: a.values for a in attributes}
    codes = {a.name: frame[columns.attribute(a.index)].to_numpy()[kept] for a in attributes}
    read: dict[int, Coded] = {}
    for table in given.training.values():
        if id(table) not in read:
            found = _code_table(attributes, table, given.target)
            read[id(table)] = Coded(found, Population(table.n_rows, _groups(table)), values, free)
    split = next((a for a in outcomes.attributes if a.name == outcomes.split), None)
    if split is not None:
        codes[split.name] = frame[columns.attribute(split.index)].to_numpy()[kept]
        values[split.name] = split.values
    here = Coded(codes, Population(len(kept), group, weight), values)
    return CodedTables(here, kept, {name: read[id(table)] for name, table in given.training.items()})


def in_training_split(outcomes: Outcomes, given: Given) -> Flags:
    """The samples of the splits that versions were trained on."""
    if outcomes.split is None or not given.trained_splits:
        return np.zeros(outcomes.frame.height, bool)
    split = outcomes.samples[outcomes.split].cast(pl.String)
    return split.is_in(list(given.trained_splits)).fill_null(value=False).to_numpy()


def column_of(attribute: Attribute, target: str) -> str:
    """The training table's column of an attribute; the target's own name may be another than the attribute's."""
    return target if attribute.kind == "target" else attribute.name


def _code_table(attributes: Sequence[Attribute], table: TrainingTable, target: str) -> dict[str, Codes]:
    names = {a.name: column_of(a, target) for a in attributes}
    return {a.name: code_as(a, table.frame[names[a.name]]) for a in attributes if names[a.name] in table.frame.columns}


def _groups(table: TrainingTable) -> npt.NDArray[np.int64] | None:
    """A code a group, in the order of their names; a row that has none is a group of its own."""
    if table.groups is None:
        return None
    ranks = table.groups.rank("dense").cast(pl.Int64)
    top = int(ranks.max() or 0)  # type: ignore[arg-type]
    alone = np.cumsum(ranks.is_null().to_numpy()) + top
    codes = np.where(ranks.is_null().to_numpy(), alone, ranks.fill_null(0).to_numpy()) - 1
    return codes.astype(np.int64)


def count_supports(tables: CodedTables, slices: Iterable[Slice], level: float) -> pl.DataFrame:
    """The slices in each training table, beside here (``columns.SUPPORTS``), as far as the table can tell.

    Shares are of all rows. Groups and weights of the samples here count in their intervals, and a training table's
    groups where it has their column; the ratio's interval takes both sides as independent.
    """
    return pl.concat([columns.SUPPORTS.to_frame(), *_count(tables, [s for s in slices if s.terms], level)])


def _count(tables: CodedTables, slices: Sequence[Slice], level: float) -> Iterable[pl.DataFrame]:
    here = [tables.here.inside(one.terms) for one in slices]
    for version, table in tables.tables.items():
        there = [table.inside(one.terms) for one in slices]
        both = [(k, x, y) for k, (x, y) in enumerate(zip(there, here, strict=True)) if x is not None and y is not None]
        told = [k for k, _, _ in both]
        parts = [x for _, x, _ in both], [y for _, _, y in both]
        if not told or not table.people.n or not tables.here.people.n:
            continue
        own, mine = (
            ratio_intervals(people.sums(part), binary=True, level=level, bounds=(0.0, 1.0))
            for people, part in zip((table.people, tables.here.people), parts, strict=True)
        )
        ratio, low, high = ratio_of_shares(own.value, own.low, own.high, mine.value, mine.low, mine.high)
        yield pl.DataFrame(
            {
                "slice": [slices[k].id for k in told],
                "version": [version] * len(told),
                "n": [int(np.count_nonzero(part)) for part in parts[0]],
                "share": own.value,
                "low": own.low,
                "high": own.high,
                "n_here": [int(np.count_nonzero(part)) for part in parts[1]],
                "share_here": mine.value,
                "low_here": mine.low,
                "high_here": mine.high,
                "ratio": ratio,
                "ratio_low": low,
                "ratio_high": high,
            },
            schema=columns.SUPPORTS,
        ).with_columns(pl.col(pl.Float64).fill_nan(None))
