"""What findings are derived from: the figures, looked up by slice and version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.sentences import article, counted, lowered, noun, opening, where
from reportgen.analysis.slices import Axes
from reportgen.model import ALL, Attribute, Coverage, Limits, MetricInfo, Note, Outcomes, Search, Slice, Unpaired
from reportgen.stats.significance import select_families

Row = dict[str, Any]

Family = Literal["change", "weak", "found", "confusion", "sure", "claims"]
"""What findings are chosen from: slices that changed, are weak, were found; confusions; sure but wrong; too sure."""

FINDINGS_LEVEL = 0.01
"""The chance that all families together bring a finding where there is nothing to find.

Each family of tests is corrected by itself, and its marks and words go by that. A report has several families, and its
findings are the first that is read of it: they count the families as well. The change of the whole, and what the
manifest declares, are tests of their own at the usual level.
"""


@dataclass(frozen=True, eq=False)
class Facts:
    """The computed parts of a report, with look-ups; ``baseline`` is None where there is one version.

    ``flip_codes`` and ``hardness`` are the candidate's, one entry a row of the outcome frame.
    """

    outcomes: Outcomes
    axes: Axes
    limits: Limits
    primary: MetricInfo
    metrics: Sequence[MetricInfo]
    baseline: str | None
    candidate: str
    estimates: pl.DataFrame
    comparisons: pl.DataFrame
    weaknesses: pl.DataFrame
    flips: pl.DataFrame
    confusion_changes: pl.DataFrame
    notes: Sequence[Note]
    flip_codes: npt.NDArray[np.int64] | None
    hardness: npt.NDArray[np.float32]
    unpaired: Sequence[Unpaired] = ()
    claims: pl.DataFrame = field(default_factory=columns.CLAIMS.to_frame)
    searches: tuple[Search, ...] = ()
    discoveries: pl.DataFrame = field(default_factory=columns.DISCOVERIES.to_frame)
    coverage: Coverage | None = None
    by_level: bool = False
    """Slices of one attribute are a family of tests, and those of several another one; else all are one."""
    beside: Mapping[str, float] = field(default_factory=dict)
    """The least q of each family of tests of other facts of the same report: findings count these families as well."""

    @property
    def attributes(self) -> Sequence[Attribute]:
        """The attributes, for the words of slices."""
        return self.outcomes.attributes

    @property
    def is_right_or_wrong(self) -> bool:
        """Whether the primary metric counts right samples, so that sentences can say "gets 74.8% right"."""
        return self.primary.name == "accuracy"

    @cached_property
    def slices(self) -> dict[str, Slice]:
        """Every slice that is the same for all versions, by id."""
        return {one.id: one for axis in self.axes.shared for one in axis.slices}

    @cached_property
    def _places(self) -> dict[str, tuple[npt.NDArray[np.int32], int]]:
        return {one.id: (axis.keys, k) for axis in self.axes.shared for k, one in enumerate(axis.slices)}

    def where(self, one: Slice) -> str:
        """Where a slice is, in words."""
        return where(one, self.attributes, noun(self.outcomes))

    def level_sentence(self, one: Slice, n: int, value: str, other: str) -> str:
        """How good the candidate is in a slice, place first, and ``other`` after it.

        "When strongly rotated, v3 gets 77.4% of 558 images right; v2 got 84.4%."
        """
        place = "" if one.id == ALL else f"{opening(one, self.attributes, noun(self.outcomes))}, "
        if self.is_right_or_wrong:
            samples = numbers.count(n) if noun(self.outcomes) in place else counted(self.outcomes, n)
            return f"{place}{self.candidate} gets {value} of {samples} right; {other}."
        level = f"has {article(self.label)} {self.label} of {value}"
        size = f"is off by {value} on average" if self.primary.name == "mae" else level
        return f"{place}{self.candidate} {size} (n = {numbers.count(n)}); {other}."

    @property
    def level_word(self) -> str:
        """The level of every interval: "95%"."""
        return numbers.level(self.limits.level)

    @property
    def label(self) -> str:
        """The primary metric's label inside a sentence."""
        return lowered(self.primary.label)

    def rows(self, slice_id: str) -> npt.NDArray[np.bool_]:
        """Which samples are in a slice."""
        keys, key = self._places[slice_id]
        return np.asarray(keys == key)

    @property
    def _own(self) -> pl.Expr:
        return columns.as_a_whole(self.primary.name, per_class=self.primary.per_class)

    @cached_property
    def changes(self) -> dict[str, Row]:
        """The primary metric's comparison of the built pair, by slice."""
        table = self.comparisons.filter(self._own & (pl.col("candidate") == self.candidate))
        return {row["slice"]: row for row in table.iter_rows(named=True)}

    @property
    def is_compared(self) -> bool:
        """Whether the built pair has a paired difference: not where no sample, or next to none, was scored by both."""
        return self.apart is None and ALL in self.changes and self.overall["delta"] is not None

    @property
    def apart(self) -> Unpaired | None:
        """The built pair's unpaired difference, where its versions scored different samples."""
        return next((one for one in self.unpaired if one.candidate == self.candidate), None)

    @property
    def overall(self) -> Row:
        """The primary metric's comparison over all samples."""
        return self.changes[ALL]

    def decimals(self, slice_id: str) -> int | None:
        """With how many decimals the primary metric of a slice is printed; null: the usual."""
        row = None if self.baseline is None else self.changes.get(slice_id)
        found: int | None = None if row is None else row["decimals"]
        return found

    @cached_property
    def flipped(self) -> dict[str, Row]:
        """The candidate's flips, by slice."""
        table = self.flips.filter(pl.col("candidate") == self.candidate)
        return {row["slice"]: row for row in table.iter_rows(named=True)}

    def level(self, slice_id: str = ALL, version: str | None = None) -> Row:
        """The primary metric's estimate of a version (the candidate's) on a slice."""
        return next(row for row in self._levels.get(version or self.candidate, []) if row["slice"] == slice_id)

    @cached_property
    def _levels(self) -> dict[str, list[Row]]:
        table = self.estimates.filter(self._own)
        return {version: table.filter(pl.col("version") == version).to_dicts() for version in self.outcomes.versions}

    def comparison(self, metric: str, klass: str | None = None) -> Row | None:
        """The overall comparison of another metric of the built pair."""
        return self.comparison_in(metric, klass, ALL)

    def comparison_in(self, metric: str, klass: str | None, slice_id: str) -> Row | None:
        """The comparison of a metric of the built pair in a slice."""
        same = pl.col("class").is_null() if klass is None else pl.col("class") == klass
        of_pair = (pl.col("metric") == metric) & (pl.col("candidate") == self.candidate)
        table = self.comparisons.filter(of_pair & (pl.col("slice") == slice_id) & same)
        return table.row(0, named=True) if table.height else None

    @property
    def n_tested(self) -> int:
        """How many slices were tested for a change of the primary metric; declared and found ones count too."""
        return self.tally.total() - self.tally["too_few"]

    def n_tested_with(self, slice_id: str) -> int:
        """How many of these are in the family of tests of a slice."""
        more = self._is_of_more(slice_id)
        return sum(self._is_of_more(row["slice"]) == more for row in self.enumerated(self.changes.values()))

    def _is_of_more(self, slice_id: object) -> bool:
        """Whether a slice is of the family of those of several attributes, where these are one of their own."""
        return self.by_level and slice_id in self.slices and self.slices[str(slice_id)].level > 1

    @cached_property
    def tally(self) -> Counter[str]:
        """How many slices have each verdict on the primary metric's change; declared and found ones count too."""
        return Counter(row["verdict"] for id_, row in self.changes.items() if id_ != ALL)

    def enumerated(self, rows: Iterable[Row]) -> list[Row]:
        """Of some rows those of the family of enumerated slices: not the whole, declared and found ones."""
        apart = {ALL, *self._found}
        return [row for row in rows if row["q"] is not None and row["slice"] not in apart]

    @cached_property
    def _found(self) -> frozenset[str]:
        return frozenset(one.id for axis in self.axes.found for one in axis.slices)

    def is_told(self, family: Family, row: Row) -> bool:
        """Whether a row is a finding where all families of tests are counted together: see ``FINDINGS_LEVEL``.

        What stands outside the families has no q, and decides by itself. A slice that was found is of the family of
        found ones, whatever it was found for.
        """
        if row["q"] is None:
            return True
        found = "found" if row.get("slice") in self._found else family
        name = f"{found} of more" if found != "found" and self._is_of_more(row.get("slice")) else found
        return bool(row["q"] < self._told_below.get(name, 0.0))

    @cached_property
    def _told_below(self) -> dict[str, float]:
        return select_families({**self.least_q, **self.beside}, FINDINGS_LEVEL)

    @cached_property
    def least_q(self) -> dict[str, float]:
        """The least q of each family that has any test."""
        weak = self.weaknesses.filter(pl.col("version") == self.candidate)
        sure = None if self.baseline is None else self.comparison("sure_wrong_rate")
        cells = self.confusion_changes.filter(pl.col("candidate") == self.candidate)
        claims = self.claims.filter((pl.col("version") == self.candidate) & (pl.col("verdict") != "too_few"))
        changes, weaknesses = self.enumerated(self.changes.values()), self.enumerated(weak.iter_rows(named=True))
        families: dict[str, list[float | None]] = {
            "change": [row["q"] for row in changes if not self._is_of_more(row["slice"])],
            "change of more": [row["q"] for row in changes if self._is_of_more(row["slice"])],
            "weak": [row["q"] for row in weaknesses if not self._is_of_more(row["slice"])],
            "weak of more": [row["q"] for row in weaknesses if self._is_of_more(row["slice"])],
            "found": [*self.discoveries["q"], *(1.0 for one in self.searches if one.n_taken)],
            "confusion": cells["q"].to_list(),
            "sure": [] if sure is None else [sure["p"]],
            "claims": [row["p"] if row["slice"] == ALL else row["q"] for row in claims.iter_rows(named=True)],
        }
        known = {name: [q for q in values if q is not None] for name, values in families.items()}
        return {name: min(values) for name, values in known.items() if values}

    def with_verdict(self, verdict: str) -> list[Row]:
        """The slices with a verdict, in the order of ids; small ones only where the interval excludes 0.

        Without pinned sets: they may have been chosen by what a version made of them.
        """
        apart = {ALL, *self.axes.pinned}
        found = [
            row
            for row in self.changes.values()
            if row["slice"] not in apart
            and row["verdict"] == verdict
            and row["low"] is not None
            and (row["low"] > 0 or row["high"] < 0)
        ]
        return sorted(found, key=lambda row: str(row["slice"]))

    def hardest(self, mark: npt.NDArray[np.bool_], taken: set[int], n: int = 2) -> tuple[int, ...]:
        """The hardest marked samples, none that is taken, one a group at most; they are taken then."""
        rows = np.flatnonzero(mark)
        group = self.outcomes.frame[columns.GROUP].to_numpy() if columns.GROUP in self.outcomes.frame.columns else None
        chosen: list[int] = []
        seen: set[int] = set()
        for row in rows[np.argsort(-self.hardness[rows], kind="stable")]:
            if len(chosen) == n:
                break
            if int(row) in taken or (group is not None and int(group[row]) in seen):
                continue
            chosen.append(int(row))
            if group is not None:
                seen.add(int(group[row]))
        taken.update(chosen)
        return tuple(chosen)
