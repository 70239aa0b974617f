"""Samples with sets of labels, and every version's sets, joined one to one by id: a loss for each sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.fields import Fields, classes_of, no_column
from reportgen.inputs.joined import Joined, JoinedSide, put_together, require_columns
from reportgen.inputs.label_sets import CLASS, LabelSets, choose_sets, read_flags, read_lists
from reportgen.inputs.labels import match_labels, order_classes
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.predictions import ROW, Read, duplicate, first_rows
from reportgen.inputs.samples import Samples, read_samples, take_some
from reportgen.inputs.sides import missing_notes, no_overlap
from reportgen.inputs.tables import Table, run_name
from reportgen.inputs.values import read_ids, several
from reportgen.model import InputFile, Note, PartCounts, Parts, Version
from reportgen.tasks.parts import count_parts, losses

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Said:
    """A prediction file: ids and sets of labels by row."""

    name: str
    table: Table
    id_column: str
    ids: pl.Series
    sets: LabelSets

    @property
    def read(self) -> Read:
        """As what is told of ids takes it."""
        return Read(self.table, self.name, Fields(self.id_column), pl.DataFrame({"id": self.ids}))


def join_labels(
    loaded: LoadedManifest,
    samples: Table,
    predictions: Mapping[str, Table],
    *,
    runs: Mapping[str, Sequence[Table]] | None = None,
    take: int | None = None,
) -> Joined:
    """The samples with the sets of labels of every version.

    Args:
        loaded: the manifest of a multilabel classification.
        samples: the sample table.
        predictions: a table a version; of several trainings the first one's.
        runs: the tables of a version's further trainings.
        take: look at so many samples at most.

    Raises:
        InputError: every problem of the first stage that has any: columns, the samples, then all versions.
    """
    manifest = loaded.manifest
    require_columns(loaded, samples)
    base = read_samples(loaded, samples)
    truth = _truth(loaded, samples)
    known = truth.known[base.frame[ROW].to_numpy()]
    base, notes = _with_truth(base, known, samples, manifest.columns.target)
    base = base if take is None else take_some(base, take)
    further = [(name, run_name(name, i + 2), one) for name, own in (runs or {}).items() for i, one in enumerate(own)]
    said = _read_all(loaded, [*predictions.items(), *((name, table) for _, name, table in further)])
    classes = manifest.classes or order_classes(_names(truth) or set().union(*(_names(one.sets) for one in said)))
    classes, spelled, label_notes = _match(classes, said)
    true = _pairs(truth, base.frame[ROW].to_numpy(), samples.n_rows, classes, {})
    problems: list[Problem] = []
    sides: list[JoinedSide] = []
    counts: list[PartCounts] = []
    for position, one in enumerate(said):
        try:
            side, own = _side(one, position, base, classes, spelled[one.name], true)
        except InputError as error:
            problems += error.problems
            continue
        sides.append(side)
        counts.append(own)
    if problems:
        raise InputError(problems)
    return put_together(
        loaded,
        samples,
        base,
        sides,
        [owner for owner, _, _ in further],
        notes=(*notes, *label_notes),
        parts=Parts("label", tuple(classes), tuple(counts)),
    )


def target_columns(target: str, names: Sequence[str]) -> set[str]:
    """The columns of the sample table that hold the truth, which do not slice."""
    return set(classes_of(names, target).values()) if CLASS in target else {target}


def _truth(loaded: LoadedManifest, samples: Table) -> LabelSets:
    target = loaded.manifest.columns.target
    if CLASS in target:
        return read_flags(samples, target)
    if target not in samples.frame.columns:
        raise stop(no_column(samples, target, loaded.place("columns", "target"), "columns.target"))
    return read_lists(samples, target)


def _with_truth(base: Samples, known: Flags, samples: Table, column: str) -> tuple[Samples, list[Note]]:
    """Without the samples of which nobody said which labels they have."""
    if known.all():
        return base, []
    lost = base.frame[columns.ID].filter(pl.Series(~known))
    if len(lost) == len(known):
        place = samples.place(column=column)
        raise stop(Problem("RG324", "no sample has a target", place, mend="name the column of the truth"))
    message = f"{several(len(lost), 'sample')} without a target: left out"
    note = Note("RG325", "degraded", message, samples.path, column, len(lost), tuple(lost.head(5).to_list()))
    kept = pl.Series(known)
    return (
        replace(base, frame=base.frame.filter(kept), own=base.own.filter(kept), n_excluded=base.n_excluded + len(lost)),
        [note],
    )


def _read_all(loaded: LoadedManifest, tables: Sequence[tuple[str, Table]]) -> list[_Said]:
    manifest = loaded.manifest
    declared = manifest.prediction_columns
    key = declared.id or manifest.columns.id
    problems: list[Problem] = []
    found: list[_Said] = []
    for name, table in tables:
        try:
            if key not in table.frame.columns:
                raise stop(no_column(table, key, table.place(), ""))
            ids = read_ids(table, key)
            _check_ids(table, key, ids)
            sets = choose_sets(
                table, declared.label, declared.probabilities, manifest.thresholds, manifest.threshold, (key,)
            )
            found.append(_Said(name, table, key, ids, sets))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _check_ids(table: Table, column: str, ids: pl.Series) -> None:
    missing = ids.is_null().arg_true()
    if len(missing):
        what = "no id" + (f", and {len(missing) - 1:,} more" if len(missing) > 1 else "")
        raise stop(Problem("RG303", what, table.place(int(missing[0]), column), mend="give each row its id"))
    if ids.n_unique() != len(ids):
        frame = pl.DataFrame([pl.Series(ROW, range(len(ids)), dtype=pl.UInt32), ids])
        twice = frame.filter(pl.col("id").is_duplicated())
        raise InputError([duplicate(table, column, one, rows, "RG305") for one, rows in first_rows(twice)])


def _names(sets: LabelSets) -> set[str]:
    """The classes of some labels, or that columns are named by."""
    return {*sets.label.unique().to_list(), *sets.classes}


def _match(classes: Sequence[str], said: Sequence[_Said]) -> tuple[list[str], dict[str, Mapping[str, str]], list[Note]]:
    """The classes with those that only versions give, how each version spells them, and notes."""
    problems: list[Problem] = []
    notes: list[Note] = []
    extra: dict[str, None] = {}
    spelled: dict[str, Mapping[str, str]] = {}
    for one in said:
        found = match_labels(classes, _names(one.sets), one.table.place(), one.name)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        notes += found.notes
        extra.update(dict.fromkeys(found.extra))
        spelled[one.name] = found.spelling
    if problems:
        raise InputError(problems)
    return [*classes, *order_classes(extra)], spelled, notes


def _pairs(sets: LabelSets, rows: Ints, n_rows: int, classes: Sequence[str], spelling: Mapping[str, str]) -> Ints:
    """Every label as sample × classes + class, ascending; of table rows that are no sample none.

    ``rows`` are the table's rows of the samples, in their order; -1: a sample without one.
    """
    place = np.full(n_rows, -1, np.int64)
    known = np.flatnonzero(rows >= 0)
    place[rows[known]] = known
    label = sets.label.replace(dict(spelling)) if spelling else sets.label
    code = label.replace_strict(list(classes), list(range(len(classes))), return_dtype=pl.Int64).to_numpy()
    sample = place[sets.row.to_numpy()]
    kept = sample >= 0
    return np.unique(sample[kept] * len(classes) + code[kept])


def _side(
    one: _Said, position: int, base: Samples, classes: Sequence[str], spelling: Mapping[str, str], true: Ints
) -> tuple[JoinedSide, PartCounts]:
    """One version's sets beside the true ones (``true``: as ``_pairs`` has them), and what is right of them."""
    ids = base.frame[columns.ID]
    n, k = len(ids), len(classes)
    known = one.ids.is_in(base.all_ids.implode())
    if not known.any():
        raise stop(no_overlap(one.read, base))
    rows = pl.DataFrame({"id": one.ids, "at": pl.Series(range(len(one.ids)), dtype=pl.Int64)})
    at = pl.DataFrame({"id": ids}).join(rows, on="id", how="left", maintain_order="left")["at"]
    row = at.fill_null(-1).to_numpy()
    usable = np.where(row >= 0, one.sets.known[row], False)
    valid = pl.Series(usable).set(at.is_null(), None)
    notes = missing_notes(one.read, ids, valid, int(at.null_count()), int((~known).sum()), known)
    invalid = (row >= 0) & ~usable
    if invalid.any():
        message = f"{several(int(invalid.sum()), 'prediction')} of {one.name} empty or not a number: left out"
        first = tuple(ids.filter(pl.Series(invalid)).head(5).to_list())
        notes.append(Note("RG317", "degraded", message, one.table.path, "", int(invalid.sum()), first))
    said = _pairs(one.sets, np.where(usable, row, -1), len(one.ids), classes, spelling)
    own = true[usable[true // k]]
    keys = np.union1d(own, said)
    right, false, missed = (
        np.isin(keys, part).astype(np.int64)
        for part in (np.intersect1d(own, said), np.setdiff1d(said, own), np.setdiff1d(own, said))
    )
    counts = count_parts(n, keys // k, keys % k, right, false, missed)
    frame = pl.DataFrame(
        {
            columns.scored(position): usable,
            columns.invalid(position): invalid,
            columns.prediction(position): pl.Series(losses(counts)).set(pl.Series(~usable), None),
        }
    )
    frame = frame.with_columns(_scores(one, row, usable, position, classes, spelling))
    version = Version(
        one.name,
        n_scored=int(usable.sum()),
        n_missing=int(at.null_count()),
        n_invalid=int(invalid.sum()),
        n_unknown=int((~known).sum()),
    )
    table = one.table
    source = InputFile(table.path, table.sha256, table.n_rows, f"predictions of {one.name}")
    return JoinedSide(frame, version, source, (*table.notes, *notes)), counts


def _scores(
    one: _Said, row: Ints, usable: Flags, position: int, classes: Sequence[str], spelling: Mapping[str, str]
) -> list[pl.Series]:
    """The scores of each class, where the file has them."""
    if one.sets.scores is None:
        return []
    by_class = {spelling.get(name, name): score for name, score in one.sets.scores.items()}
    found = []
    for klass, name in enumerate(classes):
        if name in by_class:
            values = by_class[name].gather(np.maximum(row, 0)).set(pl.Series(~usable), None)
            found.append(values.cast(pl.Float64).alias(columns.probability(klass, position)))
    return found
