"""Samples and predictions joined one to one by id: every sample is counted once, whatever became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.binary import choose_positive
from reportgen.inputs.changes import compare_versions, read_configs
from reportgen.inputs.fields import no_column
from reportgen.inputs.labels import MAX_CLASSES, match_labels, order_classes
from reportgen.inputs.manifest import LoadedManifest, Manifest
from reportgen.inputs.positions import dotted
from reportgen.inputs.predictions import ROW, Read, read_predictions
from reportgen.inputs.samples import read_samples, take_some, target_classes
from reportgen.inputs.sides import place_predictions
from reportgen.inputs.tables import Table, run_name
from reportgen.model import Change, InputFile, Note, Parts, Version


@dataclass(frozen=True, eq=False)
class Joined:
    """Samples with every version's predictions, in the order of ids.

    Attributes:
        frame: the outcome frame of ``columns.py`` before attributes and outcomes, a row a sample with a target.
        samples: the user's own columns, same rows, same order, typed.
        classes: the target's labels in the manifest's order, else by number or spelling, then those that are only
            predicted; empty for regression.
        group_names: by group code.
        positive: binary alone.
        threshold: binary alone.
        versions: in the manifest's order.
        runs: the positions in the frame of each version's trainings, the first of which is the version's own.
        inputs: the files that were read.
        notes: what was left out, repaired or guessed.
        n_samples: rows of the sample table; for each version they are scored, missing, invalid or excluded.
        n_excluded: samples without a usable target, or not taken.
        n_taken: samples that a quick look takes; none where it takes all.
        parts: what the samples consist of, in tasks that judge parts.
    """

    frame: pl.DataFrame
    samples: pl.DataFrame
    classes: tuple[str, ...]
    group_names: tuple[str, ...]
    positive: str | None
    threshold: float | None
    versions: tuple[Version, ...]
    runs: tuple[tuple[int, ...], ...]
    inputs: tuple[InputFile, ...]
    notes: tuple[Note, ...]
    n_samples: int
    n_excluded: int
    n_taken: int | None = None
    parts: Parts | None = None


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
    usable = base.frame.height
    base = base if take is None else take_some(base, take)
    further = [(name, i, table) for name, tables in (runs or {}).items() for i, table in enumerate(tables)]
    reads = _read_all(
        loaded,
        [*predictions.items(), *((run_name(name, i + 2), table) for name, i, table in further)],
        classes,
    )
    notes = [*samples.notes, *base.notes]
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
    joined: list[pl.DataFrame] = [_coded(base.frame, classes)]
    versions: list[Version] = []
    configs = read_configs(loaded)
    changes = compare_versions(manifest, configs)
    problems: list[Problem] = []
    for position, read in enumerate(reads):
        try:
            side, version, side_notes = place_predictions(read, position, base, classes, binary)
        except InputError as error:
            problems += error.problems
            continue
        joined.append(side)
        notes += [*read.table.notes, *read.notes, *side_notes]
        if position >= len(predictions):
            continue
        versions.append(described(version, manifest, changes))
    if problems:
        raise InputError(problems)
    return Joined(
        frame=pl.concat(joined, how="horizontal"),
        samples=base.own,
        classes=tuple(classes),
        group_names=base.group_names,
        positive=binary.positive if binary else None,
        threshold=manifest.threshold if binary else None,
        versions=tuple(versions),
        runs=training_positions(list(predictions), [owner for owner, _, _ in further]),
        inputs=(
            InputFile(samples.path, samples.sha256, samples.n_rows, "samples"),
            *(InputFile(r.table.path, r.table.sha256, r.table.n_rows, f"predictions of {r.version}") for r in reads),
            *dict.fromkeys(InputFile(one.path, one.sha256, None, "config") for one in configs.values()),
        ),
        notes=tuple(notes),
        n_samples=samples.n_rows,
        n_excluded=base.n_excluded,
        n_taken=base.frame.height if base.frame.height < usable else None,
    )


def described(version: Version, manifest: Manifest, changes: Mapping[str, tuple[Change, ...]]) -> Version:
    """The version with what the manifest says of it."""
    spec = manifest.versions[version.name]
    return replace(
        version,
        note=spec.note,
        commit=spec.commit,
        config=spec.config,
        changes=changes.get(version.name, ()),
        runs=() if spec.runs is None else tuple(spec.runs),
    )


def training_positions(names: Sequence[str], owners: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Where each version's trainings stand: its own first, and the further ones, of ``owners``, behind all versions."""
    return tuple(
        (position, *(len(names) + k for k, owner in enumerate(owners) if owner == name))
        for position, name in enumerate(names)
    )


def require_columns(loaded: LoadedManifest, samples: Table) -> None:
    """Raise unless every column that the manifest names in the sample table is there."""
    roles = loaded.manifest.columns.model_dump()
    if loaded.manifest.judges_parts:
        del roles["target"]  # the truth is in files of its own
    named: list[tuple[str, str | int, str]] = [
        ("columns", role, name) for role, name in roles.items() if name is not None
    ]
    named += [("attributes", i, spec.column) for i, spec in enumerate(loaded.manifest.attribute_specs())]
    problems = [
        no_column(samples, name, loaded.place(part, inner), dotted((part, inner)))
        for part, inner, name in named
        if name not in samples.frame.columns
    ]
    if problems:
        raise InputError(problems)


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
    return frame.drop(ROW).with_columns(target)


def _refuse_many(samples: Table, column: str, classes: Sequence[str]) -> None:
    if len(classes) > MAX_CLASSES:
        what = f"{len(classes):,} classes"
        mend = "if the target is a number, set task: regression"
        raise stop(Problem("RG331", what, samples.place(column=column), expected=f"at most {MAX_CLASSES:,}", mend=mend))
