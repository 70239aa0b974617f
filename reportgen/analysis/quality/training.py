"""Does what versions were trained on look like the samples here, and what changed from one version's to the next's?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.attributes import as_text, spell_as
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.leaks import Matches, leaked_set, list_leaks, match_table
from reportgen.analysis.quality.support import Coded, CodedTables, column_of
from reportgen.inspection import Absent, SampleSet
from reportgen.inspection.sets import key_of
from reportgen.inspection.training import (
    CLEAR,
    THRESHOLD,
    Moved,
    Relation,
    TargetShare,
    Test,
    Training,
    TrainingChange,
    TrainingSet,
    TrainingTable,
    Unseen,
    ValueShare,
)
from reportgen.model import Attribute, Outcomes
from reportgen.stats.drift import Drift, compare_mix, compare_numbers, compare_shares, effective_sizes
from reportgen.stats.intervals import ratio_intervals
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.tally import Tally, tally

Floats = npt.NDArray[np.float64]

_ABSENT = Absent(
    "What versions were trained on",
    "The manifest names no training table. Name one as trained_on of a version: its attributes and target are enough.",
)


def look_at_training(outcomes: Outcomes, given: Given, coded: CodedTables, level: float) -> Training | Absent:
    """Each training table beside the samples here, and what changed from the baseline's to the others'.

    Every attribute that a table has a column of is held against the samples of no split that versions were trained on,
    the target among them: q is over these, and over the pairs of two of them, table by table. Index and tests are
    those of ``stats.drift``; groups of the samples here, and of a table that has their column, count in both. Samples
    that any table has too are a set, whichever version was trained on it: it flatters that one against the others.
    """
    if not given.training:
        return _ABSENT
    question = given.candidate if given.candidate in given.training else next(iter(given.training))
    tables: list[TrainingSet] = []
    matches: list[Matches] = []
    sets: tuple[SampleSet, ...] = ()
    for table in {id(one): one for one in given.training.values()}.values():
        versions = tuple(name for name, one in given.training.items() if one is table)
        sides = _Sides(outcomes, given.target, coded, table, coded.tables[versions[0]], level)
        unseen = list(_unseen(sides))
        trained_on = _trained_on(sides)
        keys: list[str | None] = [None] * len(unseen)
        if question in versions:
            own = _sets(question, unseen)
            keys = [one.key for one in own]
            sets = tuple(own)
        told = (Unseen(name, values, len(rows), key) for (name, values, rows), key in zip(unseen, keys, strict=True))
        found = _look(sides, versions, tuple(told))
        matches.append(match_table(outcomes, given, table, versions, coded.kept, trained_on))
        n_trained_on = None if trained_on is None else len(trained_on[0])
        tables.append(replace(found, n_trained_on=n_trained_on, content=matches[-1].content))
    changes = tuple(_changes(given, kinds=bool(outcomes.classes)))
    leaks = list_leaks(outcomes, given.target, matches)
    return Training(tuple(tables), changes, (*sets, *leaked_set(leaks)), leaks)


@dataclass(frozen=True, eq=False)
class _Sides:
    """One training table and the samples here, each as it is and in codes."""

    outcomes: Outcomes
    target: str  # the target's column in the table
    coded: CodedTables
    table: TrainingTable
    there: Coded
    level: float

    @property
    def here(self) -> Coded:
        return self.coded.here

    @property
    def attributes(self) -> list[Attribute]:
        """Those that the table has a column of."""
        return [a for a in self.outcomes.attributes if a.name in self.there.codes]

    def column(self, attribute: Attribute) -> pl.Series:
        """The attribute's own values in training."""
        return self.table.frame[column_of(attribute, self.target)]


_UnseenRows = tuple[str, tuple[tuple[str, int], ...], npt.NDArray[np.int64]]
"""An attribute, its values that training never has with their counts, and the samples' rows."""


def _look(sides: _Sides, versions: tuple[str, ...], unseen: tuple[Unseen, ...]) -> TrainingSet:
    outcomes, there, here = sides.outcomes, sides.there, sides.here
    pairs = [_pair(sides, a, b) for a, b in combinations(sides.attributes, 2)]
    target = next((a for a in sides.attributes if a.kind == "target"), None)
    return TrainingSet(
        versions=versions,
        n=sides.table.n_rows,
        n_here=here.people.n,
        lacking=tuple(
            a.name for a in outcomes.attributes if a.name in here.codes and a.name not in {*there.codes, *there.free}
        ),
        attributes=_corrected([_attribute(sides, a) for a in sides.attributes]),
        pairs=_corrected([one for one in pairs if one.p is not None]),
        target=() if target is None else _target_shares(sides, target),
        unseen=unseen,
        other=tuple(_other(sides)),
    )


def _tally(side: Coded, attribute: Attribute) -> Tally:
    people = side.people
    return tally(side.codes[attribute.name], len(attribute.values), group=people.group, weight=people.weight)


def _corrected(rows: Sequence[Moved]) -> tuple[Moved, ...]:
    """The rows with q over those that were tested, and whether each moved."""
    tested = [k for k, one in enumerate(rows) if one.p is not None]
    q = dict(zip(tested, benjamini_hochberg(np.array([rows[k].p for k in tested], np.float64)).tolist(), strict=True))
    return tuple(
        replace(one, q=q[k], moved=q[k] < CLEAR and (one.psi or 0) > THRESHOLD) if k in q else one
        for k, one in enumerate(rows)
    )


def _attribute(sides: _Sides, attribute: Attribute) -> Moved:
    both = _tally(sides.there, attribute), _tally(sides.here, attribute)
    shares = compare_shares(*both, level=sides.level)
    most = _most([(value,) for value in attribute.values], both, shares)
    if attribute.edges is None:
        return _moved((attribute.name,), "chi-squared", both, shares, shares, most)
    own = _numbers(sides.column(attribute))
    mine = _numbers(_column_here(sides.outcomes, attribute))[sides.coded.kept]
    known = np.isfinite(own), np.isfinite(mine)
    weight = sides.here.people.weight
    weights = None, None if weight is None else weight[known[1]]
    numbers = compare_numbers(own[known[0]], mine[known[1]], effective_sizes(*both, ordered=True), weights)
    found = _moved((attribute.name,), "Kolmogorov-Smirnov", both, shares, numbers, most)
    if not known[0].any() or not known[1].any():
        return found
    return replace(found, middles=(_median(own[known[0]], None), _median(mine[known[1]], weights[1])))


def _column_here(outcomes: Outcomes, attribute: Attribute) -> pl.Series:
    return outcomes.frame[columns.TARGET] if attribute.kind == "target" else outcomes.samples[attribute.name]


def _numbers(series: pl.Series) -> Floats:
    return series.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy().astype(np.float64)


def _median(values: Floats, weight: Floats | None) -> float:
    """The value below which half of the weight lies."""
    order = np.argsort(values, kind="stable")
    each = np.cumsum(np.ones(len(values)) if weight is None else weight[order])
    return float(values[order][np.searchsorted(each, each[-1] / 2)])


def _pair(sides: _Sides, a: Attribute, b: Attribute) -> Moved:
    k, width = len(a.values), len(b.values)
    tallies = []
    for side in (sides.there, sides.here):
        first, second = side.codes[a.name], side.codes[b.name]
        cells = first * np.int32(width) + second  # of two attributes' values there are far fewer than 2**31
        cells[(first < 0) | (second < 0)] = -1
        tallies.append(tally(cells, k * width, group=side.people.group, weight=side.people.weight))
    both = tallies[0], tallies[1]
    mix = compare_mix(*both, (k, width), level=sides.level)
    values = [(x, y) for x in a.values for y in b.values]
    return _moved((a.name, b.name), "chi-squared", both, mix, mix, _most(values, both, mix))


def _most(values: Sequence[tuple[str, ...]], tallies: tuple[Tally, Tally], drift: Drift) -> ValueShare | None:
    """The value that adds most to the index; the earlier of two alike."""
    if not len(drift.parts) or not drift.parts.max() > 0:
        return None
    k = int(drift.parts.argmax())
    there, here = tallies
    expected = None if drift.expected is None else float(drift.expected[k])
    return ValueShare(values[k], int(there.n[k]), int(here.n[k]), float(there.share[k]), float(here.share[k]), expected)


def _moved(
    names: tuple[str, ...],
    test: Test,
    tallies: tuple[Tally, Tally],
    index: Drift,
    tested: Drift,
    most: ValueShare | None,
) -> Moved:
    """The row as yet without q; ``index`` and ``tested`` are two things where the test is of numbers."""
    return Moved(
        attributes=names,
        test=test,
        n_there=tallies[0].n_total,
        n_here=tallies[1].n_total,
        psi=_finite(index.psi),
        low=_finite(index.low),
        high=_finite(index.high),
        plain_psi=_finite(index.plain_psi),
        chance=_finite(index.chance),
        jensen_shannon=_finite(index.jensen_shannon),
        statistic=_finite(tested.statistic),
        df=tested.df,
        p=_finite(tested.p),
        q=None,
        n_merged=index.n_merged,
        moved=False,
        most=most,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _target_shares(sides: _Sides, target: Attribute) -> tuple[TargetShare, ...]:
    figures = []
    for side in (sides.here, sides.there):
        codes = side.codes[target.name]
        parts = [codes == k for k in range(len(target.values))]
        found = ratio_intervals(side.people.sums(parts), binary=True, level=sides.level, bounds=(0.0, 1.0))
        n = [int(np.count_nonzero(part)) for part in parts]
        limits = [[_finite(float(v)) for v in one] for one in (found.value, found.low, found.high)]
        figures.append(list(zip(n, *limits, strict=True)))
    return tuple(
        TargetShare(value, *mine, *own) for value, mine, own in zip(target.values, figures[0], figures[1], strict=True)
    )


def _unseen(sides: _Sides) -> Iterable[_UnseenRows]:
    """Of each attribute the values that no row of training has: of categories the words themselves, of numbers bins."""
    kept = sides.coded.kept
    for a in sides.attributes:
        if a.kind == "categorical":
            own = spell_as(a, sides.column(a)).drop_nulls().unique()
            mine = as_text(sides.outcomes.samples[a.name]).gather(kept)
            new = (mine.is_not_null() & ~mine.is_in(own.to_list())).to_numpy()
            names = mine.to_numpy()
        else:
            codes, theirs = sides.here.codes[a.name], sides.there.codes[a.name]
            present = np.bincount(theirs[theirs >= 0], minlength=len(a.values)) > 0
            new = (codes >= 0) & ~present[codes]
            names = np.array(a.values, dtype=object)[codes]
        places = np.flatnonzero(new)
        if len(places):
            tallied = sorted(Counter(names[places].tolist()).items(), key=lambda one: (-one[1], one[0]))
            yield a.name, tuple(tallied), kept[places]


def _other(sides: _Sides) -> Iterable[tuple[str, int]]:
    for a in sides.attributes:
        known = sides.column(a).is_not_null().to_numpy()
        if n := int((known & (sides.there.codes[a.name] < 0)).sum()):
            yield a.name, n


ONE_NUMBERING = 0.9
"""Of the ids that both tables have so many agree in all else where they name the same things."""


def _trained_on(sides: _Sides) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """The samples that the table has too, and the first row of each there.

    Ids may be mere numbers, so that all that both tell has to agree as well.
    """
    ids = sides.table.ids
    if ids is None or not sides.attributes:
        return None
    kept = sides.coded.kept
    here = pl.DataFrame({"id": sides.outcomes.frame[columns.ID].gather(kept), "here": np.arange(len(kept))})
    there = pl.DataFrame({"id": ids, "there": np.arange(len(ids))})
    both = here.join(there, on="id", how="inner")
    a, b = (both[name].to_numpy() for name in ("here", "there"))
    codes = [(sides.here.codes[x.name][a], sides.there.codes[x.name][b]) for x in sides.attributes]
    same = np.logical_and.reduce([(x == y) & (x >= 0) for x, y in codes])
    if len(same) and same.mean() < ONE_NUMBERING:
        return None  # two numberings that happen to share numbers
    order = np.lexsort((b[same], a[same]))
    rows, first = np.unique(a[same][order], return_index=True)
    return kept[rows], b[same][order][first].astype(np.int64)


def _sets(version: str, unseen: Sequence[_UnseenRows]) -> tuple[SampleSet, ...]:
    taken: set[str] = set()
    sets = []
    for name, values, rows in unseen:
        key = key_of("unseen", name, taken, "attribute")
        listed = ", ".join(value for value, _ in values[:5]) + (
            f" and {len(values) - 5} more" if len(values) > 5 else ""
        )
        rule = f"The training set of {version} has no row with this value of {name}: {listed}."
        sets.append(SampleSet(key, f"{name} not in training", "training", rule, rows))
    return tuple(sets)


def _changes(given: Given, *, kinds: bool) -> Iterable[TrainingChange]:
    """From the baseline's table to each other version's, where they are two; with kinds of new labels, or without."""
    before = given.training.get(given.baseline or "")
    for version, table in given.training.items():
        if before is not None and given.baseline is not None and table is not before:
            found = _change(given.baseline, before, version, table, given.target)
            yield found if kinds else replace(found, relabelled=())


def _change(before: str, old: TrainingTable, after: str, new: TrainingTable, target: str) -> TrainingChange:
    plain = TrainingChange(before, after, old.n_rows, new.n_rows, "unknown")
    if not _told_apart(old) or not _told_apart(new):
        return plain
    numeric = all(one.frame[target].dtype.is_numeric() for one in (old, new) if target in one.frame.columns)
    rows = [_labelled(one, target, numeric=numeric) for one in (old, new)]
    both = rows[0].join(rows[1], on="id", how="inner")
    n_added, n_removed = new.n_rows - both.height, old.n_rows - both.height
    relation: Relation = (
        "apart"
        if not both.height
        else "same rows"
        if not n_added and not n_removed
        else "contains"
        if not n_removed
        else "within"
        if not n_added
        else "overlap"
    )
    kinds: Counter[tuple[str, str]] = Counter()
    labelled = target in old.frame.columns and target in new.frame.columns
    if labelled:
        changed = both.filter(pl.col("own").ne_missing(pl.col("own_right")))
        kinds = Counter(
            (a or "no label", b or "no label") for a, b in changed.select("label", "label_right").iter_rows()
        )
    return replace(
        plain,
        relation=relation,
        n_added=n_added,
        n_removed=n_removed,
        n_relabelled=sum(kinds.values()) if labelled else None,
        relabelled=tuple((a, b, n) for (a, b), n in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))),
    )


def _told_apart(table: TrainingTable) -> bool:
    """Whether every row has an id of its own."""
    return table.ids is not None and not table.ids.null_count() and table.ids.n_unique() == table.n_rows


def _labelled(table: TrainingTable, target: str, *, numeric: bool) -> pl.DataFrame:
    """The rows' ids with their labels as text, and as what they are compared by: 1 and 1.0 are one number."""
    assert table.ids is not None
    label = table.frame[target] if target in table.frame.columns else pl.Series([None] * table.n_rows, dtype=pl.String)
    own = label.cast(pl.Float64) if numeric else as_text(label)
    return pl.DataFrame({"id": table.ids, "label": as_text(label), "own": own})
