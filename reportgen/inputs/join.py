"""Samples and predictions joined one to one by id: every sample is counted once, whatever became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.binary import choose_positive
from reportgen.inputs.joined import Joined, JoinedSide, put_together, require_columns
from reportgen.inputs.labels import MAX_CLASSES, match_labels, order_classes
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.predictions import Read, read_predictions
from reportgen.inputs.samples import read_samples, take_some, target_classes
from reportgen.inputs.sides import place_predictions
from reportgen.inputs.tables import Table, run_name
from reportgen.model import InputFile, Note


def join_inputs(
    loaded: LoadedManifest,
    samples: Table,
    predictions: Mapping[str, Table],
    *,
    runs: Mapping[str, Sequence[Table]] | None = None,
    take: int | None = None,
) -> Joined:
    """The samples joined with the predictions of every version.

    Args:
        loaded: the manifest.
        samples: the sample table.
        predictions: a table a version, in the manifest's order; of several trainings the first one's.
        runs: the tables of a version's further trainings; they follow the versions in the frame.
        take: look at so many samples at most; counts and notes are those of the samples taken.

    Raises:
        InputError: every problem of the first stage that has any: columns, then the samples, then all versions.
    """
    manifest = loaded.manifest
    require_columns(loaded, samples)
    base = read_samples(loaded, samples)
    classes, seen = target_classes(loaded, samples, base)
    base = base if take is None else take_some(base, take)
    further = [(name, i, table) for name, tables in (runs or {}).items() for i, table in enumerate(tables)]
    reads = _read_all(
        loaded,
        [*predictions.items(), *((run_name(name, i + 2), table) for name, i, table in further)],
        classes,
    )
    notes: list[Note] = []
    extra: list[str] = []
    if manifest.task == "classification":
        reads, extra, label_notes = _match_all(reads, classes)
        notes += label_notes
        classes = [*classes, *extra]
        _refuse_many(samples, manifest.columns.target, classes)
    binary = choose_positive(loaded, classes, reads) if len(classes) == 2 else None
    _refuse_lone_scores(reads, classes)
    notes += binary.notes if binary else ()
    if manifest.task == "classification" and len(seen) == 1:
        message = f'every sample has the target "{next(iter(seen))}": many metrics are not defined'
        notes.append(Note("RG332", "degraded", message, samples.path, manifest.columns.target))
    sides: list[JoinedSide] = []
    problems: list[Problem] = []
    for position, read in enumerate(reads):
        try:
            frame, version, side_notes = place_predictions(read, position, base, classes, binary)
        except InputError as error:
            problems += error.problems
            continue
        table = read.table
        source = InputFile(table.path, table.sha256, table.n_rows, f"predictions of {read.version}")
        sides.append(JoinedSide(frame, version, source, (*table.notes, *read.notes, *side_notes)))
    if problems:
        raise InputError(problems)
    return put_together(
        loaded,
        samples,
        replace(base, frame=_coded(base.frame, classes)),
        sides,
        [owner for owner, _, _ in further],
        notes=notes,
        classes=classes,
        positive=binary.positive if binary else None,
    )


def _read_all(loaded: LoadedManifest, predictions: Sequence[tuple[str, Table]], classes: Sequence[str]) -> list[Read]:
    reads: list[Read] = []
    problems: list[Problem] = []
    for version, table in predictions:
        try:
            reads.append(read_predictions(loaded, table, version, classes))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return reads


def _match_all(reads: Sequence[Read], classes: Sequence[str]) -> tuple[list[Read], list[str], list[Note]]:
    """The predictions with labels spelled as the target's, the classes that only they have, and notes."""
    problems: list[Problem] = []
    notes: list[Note] = []
    extra: dict[str, None] = {}
    matched: list[Read] = []
    for read in reads:
        where = read.table.place(column=read.fields.label)
        result = match_labels(classes, [*read.labels], where, read.version)
        if isinstance(result, Problem):
            problems.append(result)
            continue
        notes += result.notes
        extra.update(dict.fromkeys(result.extra))
        extra.update(dict.fromkeys(name for name in read.classes if name not in classes))
        frame = read.frame
        if result.spelling:
            frame = frame.with_columns(pl.col("label").replace(dict(result.spelling)))
        matched.append(replace(read, frame=frame))
    if problems:
        raise InputError(problems)
    return matched, order_classes(extra), notes


def _refuse_lone_scores(reads: Sequence[Read], classes: Sequence[str]) -> None:
    """A score alone decides between two classes only."""
    problems = []
    for read in reads:
        if (
            "score" in read.frame.columns
            and not read.classes
            and "label" not in read.frame.columns
            and len(classes) != 2
        ):
            what = f"a score alone cannot say which of {len(classes)} classes is predicted"
            mend = "add a column of predicted labels, or probabilities; a binary task declares classes: [no, yes]"
            problems.append(Problem("RG323", what, read.table.place(column=read.fields.score), mend=mend))
    if problems:
        raise InputError(problems)


def _coded(frame: pl.DataFrame, classes: Sequence[str]) -> pl.DataFrame:
    """The samples' contract columns, the target as codes where there are classes."""
    target = pl.col(columns.TARGET)
    if classes:
        target = target.replace_strict(list(classes), list(range(len(classes))), return_dtype=pl.Int32)
    return frame.with_columns(target)


def _refuse_many(samples: Table, column: str, classes: Sequence[str]) -> None:
    if len(classes) > MAX_CLASSES:
        what = f"{len(classes):,} classes"
        mend = "if the target is a number, set task: regression"
        raise stop(Problem("RG331", what, samples.place(column=column), expected=f"at most {MAX_CLASSES:,}", mend=mend))
