"""Samples and predictions joined one to one by id: every sample is counted once, whatever became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.binary import Binary, choose_positive
from reportgen.inputs.changes import compare_versions
from reportgen.inputs.fields import no_column
from reportgen.inputs.ids import describe_ids, match_after
from reportgen.inputs.labels import MAX_CLASSES, listed, match_labels, order_classes, respell
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.positions import dotted
from reportgen.inputs.predictions import ROW, Read, duplicate, first_rows, read_predictions
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_ids, read_labels, read_numbers, type_samples
from reportgen.model import InputFile, Note, Version


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
        inputs: the files that were read.
        notes: what was left out, repaired or guessed.
        n_samples: rows of the sample table; for each version they are scored, missing, invalid or excluded.
        n_excluded: samples without a usable target.
    """

    frame: pl.DataFrame
    samples: pl.DataFrame
    classes: tuple[str, ...]
    group_names: tuple[str, ...]
    positive: str | None
    threshold: float | None
    versions: tuple[Version, ...]
    inputs: tuple[InputFile, ...]
    notes: tuple[Note, ...]
    n_samples: int
    n_excluded: int


def join_inputs(loaded: LoadedManifest, samples: Table, predictions: Mapping[str, Table]) -> Joined:
    """The samples joined with the predictions of every version.

    Args:
        loaded: the manifest.
        samples: the sample table.
        predictions: a table a version, in the manifest's order.

    Raises:
        InputError: every problem of the first stage that has any: columns, then the samples, then all versions.
    """
    manifest = loaded.manifest
    _require_columns(loaded, samples)
    base = _base(loaded, samples)
    classes, seen = _target_classes(loaded, samples, base)
    reads = _read_all(loaded, predictions, classes)
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
    changes = compare_versions(loaded)
    problems: list[Problem] = []
    for position, read in enumerate(reads):
        try:
            side, version, side_notes = _side(read, position, base, classes, binary)
        except InputError as error:
            problems += error.problems
            continue
        joined.append(side)
        spec = manifest.versions[read.version]
        versions.append(
            replace(
                version, note=spec.note, commit=spec.commit, config=spec.config, changes=changes.get(read.version, ())
            )
        )
        notes += [*read.table.notes, *read.notes, *side_notes]
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
        inputs=(
            InputFile(samples.path, samples.sha256, samples.n_rows, "samples"),
            *(InputFile(r.table.path, r.table.sha256, r.table.n_rows, f"predictions of {r.version}") for r in reads),
        ),
        notes=tuple(notes),
        n_samples=samples.n_rows,
        n_excluded=base.n_excluded,
    )


def _require_columns(loaded: LoadedManifest, samples: Table) -> None:
    """Raise unless every column that the manifest names in the sample table is there."""
    named: list[tuple[str, str | int, str]] = [
        ("columns", role, name) for role, name in loaded.manifest.columns.model_dump().items() if name is not None
    ]
    named += [("attributes", i, spec.column) for i, spec in enumerate(loaded.manifest.attribute_specs())]
    problems = [
        no_column(samples, name, loaded.place(part, inner), dotted((part, inner)))
        for part, inner, name in named
        if name not in samples.frame.columns
    ]
    if problems:
        raise InputError(problems)


@dataclass(frozen=True, eq=False)
class _Base:
    """The samples with a usable target, in the order of ids: contract columns and the user's own."""

    frame: pl.DataFrame
    own: pl.DataFrame
    all_ids: pl.Series
    group_names: tuple[str, ...]
    notes: tuple[Note, ...]
    n_excluded: int


def _base(loaded: LoadedManifest, samples: Table) -> _Base:
    names = loaded.manifest.columns
    problems: list[Problem] = []
    notes: list[Note] = []
    ids = read_ids(samples, names.id)
    _check_ids(samples, names.id, ids, problems)
    series = [pl.Series(ROW, range(samples.n_rows), dtype=pl.UInt32), ids]
    if loaded.manifest.task == "regression":
        target = read_numbers(samples, names.target, problems).fill_nan(None)
    else:
        target = read_labels(samples.frame[names.target], frozenset(loaded.manifest.classes or ()))
    series.append(target.alias(columns.TARGET))
    if names.weight is not None:
        series.append(_weights(samples, names.weight, problems))
    if problems:
        raise InputError(problems)
    frame = pl.DataFrame(series)
    usable = frame.filter(pl.col(columns.TARGET).is_not_null()).sort(columns.ID)
    n_excluded = frame.height - usable.height
    if not usable.height:
        what = "no sample has a target"
        raise stop(Problem("RG324", what, samples.place(column=names.target), mend="name the column of the truth"))
    if n_excluded:
        first = frame.filter(pl.col(columns.TARGET).is_null())[columns.ID].head(5).to_list()
        message = f"{n_excluded:,} samples have no target: left out"
        notes.append(Note("RG325", "degraded", message, samples.path, names.target, n_excluded, tuple(first)))
    group_names: tuple[str, ...] = ()
    if names.group is not None:
        codes, group_names = _groups(samples, names.group, usable, notes)
        usable = usable.with_columns(codes)
    own = samples.frame[usable[ROW]]
    verbatim = {name for name in (names.id, names.media, names.group) if name is not None}
    if loaded.manifest.task == "classification":
        verbatim.add(names.target)
    order = [c for c in (ROW, columns.ID, columns.TARGET, columns.GROUP, columns.WEIGHT) if c in usable.columns]
    return _Base(usable.select(order), type_samples(own, verbatim), ids, group_names, tuple(notes), n_excluded)


def _check_ids(samples: Table, column: str, ids: pl.Series, problems: list[Problem]) -> None:
    missing = ids.is_null().arg_true()
    if len(missing):
        what = "no id" + (f", and {len(missing) - 1:,} more" if len(missing) > 1 else "")
        problems.append(Problem("RG303", what, samples.place(int(missing[0]), column), mend="give each sample its id"))
    elif ids.n_unique() != len(ids):
        frame = pl.DataFrame([pl.Series(ROW, range(len(ids)), dtype=pl.UInt32), ids])
        twice = frame.filter(pl.col("id").is_duplicated())
        problems += [duplicate(samples, column, key, rows, "RG304") for key, rows in first_rows(twice)]
        n = twice["id"].n_unique()
        if n > 5:
            problems.append(Problem("RG304", f"and {n - 5:,} more ids that stand twice", samples.place(column=column)))


def _weights(samples: Table, column: str, problems: list[Problem]) -> pl.Series:
    weights = read_numbers(samples, column, problems).fill_nan(None)
    wrong = (weights.is_null() | (weights <= 0)).arg_true()
    if len(wrong) and not problems:
        row = int(wrong[0])
        what = "a weight that is not above 0" + (f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else "")
        place = samples.place(row, column, samples.frame[column][row])
        problems.append(Problem("RG326", what, place, expected="a number above 0", mend="leave the sample out instead"))
    return weights.alias(columns.WEIGHT)


def _groups(samples: Table, column: str, usable: pl.DataFrame, notes: list[Note]) -> tuple[pl.Series, tuple[str, ...]]:
    """Codes in the order of names; a sample without a group is a group of its own."""
    labels = read_labels(samples.frame[column])[usable[ROW]]
    missing = int(labels.null_count())
    if missing:
        message = f"{missing:,} samples have no group: each counts as a group of its own"
        notes.append(Note("RG327", "degraded", message, samples.path, column, missing))
    names = sorted(labels.drop_nulls().unique().to_list())
    codes = labels.replace_strict(names, list(range(len(names))), default=None, return_dtype=pl.Int32)
    if missing:
        lone = usable[columns.ID].filter(labels.is_null()).to_list()
        rank = labels.is_null().cum_sum().cast(pl.Int32) + (len(names) - 1)
        codes = codes.zip_with(labels.is_not_null(), rank)
        names += [f"(no group) {key}" for key in lone]
    return codes.alias(columns.GROUP), tuple(names)


def _target_classes(loaded: LoadedManifest, samples: Table, base: _Base) -> tuple[list[str], set[str]]:
    """The classes as far as the manifest and the target say, and those that occur."""
    manifest = loaded.manifest
    if manifest.task == "regression":
        return [], set()
    seen = set(base.frame[columns.TARGET].unique().to_list())
    if manifest.classes is None:
        return order_classes(seen), seen
    by_number = {respell(name): name for name in seen}
    declared = [name if name in seen else by_number.get(respell(name), name) for name in manifest.classes]
    unknown = order_classes(seen - set(declared))
    if unknown:
        row = base.frame.filter(pl.col(columns.TARGET) == unknown[0])[ROW][0]
        what = f"targets that are none of the classes: {listed(unknown)}"
        place = samples.place(int(row), manifest.columns.target, unknown[0])
        mend = "add them to `classes`, or leave these samples out"
        raise stop(Problem("RG321", what, place, expected=listed(declared), mend=mend))
    return declared, seen


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


def _read_all(loaded: LoadedManifest, predictions: Mapping[str, Table], classes: Sequence[str]) -> list[Read]:
    reads: list[Read] = []
    problems: list[Problem] = []
    for version, table in predictions.items():
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


def _side(
    read: Read, position: int, base: _Base, classes: Sequence[str], binary: Binary | None
) -> tuple[pl.DataFrame, Version, list[Note]]:
    """One version's columns of the frame, its counts, and notes of what is missing or cannot be used."""
    known = read.frame["id"].is_in(base.all_ids.implode())
    if not known.any():
        raise stop(_no_overlap(read, base))
    notes: list[Note] = []
    if not classes:
        prediction = read.frame.select(columns.ID, "valid", pl.col("value").alias(columns.prediction(position)))
    else:
        prediction, label_notes = code_predictions(read, position, classes, binary)
        notes += label_notes
    side = base.frame.select(columns.ID).join(prediction, on=columns.ID, how="left", maintain_order="left")
    valid = side["valid"]
    scored = valid.fill_null(False).alias(columns.scored(position))
    invalid = (~valid).fill_null(False).alias(columns.invalid(position))
    n_missing = int(valid.null_count())
    n_unknown = int((~known).sum())
    ids = base.frame[columns.ID]
    notes += _missing_notes(read, ids, valid, n_missing, n_unknown, known)
    if n_invalid := int(invalid.sum()):
        message = f"{n_invalid:,} predictions of {read.version} are empty or not a number: left out"
        first = tuple(ids.filter(invalid).head(5).to_list())
        notes.append(Note("RG317", "degraded", message, read.table.path, read.fields.label or "", n_invalid, first))
    version = Version(
        read.version,
        n_scored=int(scored.sum()),
        n_missing=n_missing,
        n_invalid=n_invalid,
        n_unknown=n_unknown,
        has_confidence=columns.confidence(position) in side.columns,
        has_probabilities=bool(read.classes),
    )
    blank = {columns.prediction(position): -1 if classes else None}
    fixed = [
        pl.when(scored).then(pl.col(name)).otherwise(pl.lit(blank.get(name))).cast(side.schema[name]).alias(name)
        for name in side.columns
        if name not in (columns.ID, "valid")
    ]
    return side.select(scored, invalid, *fixed), version, notes


def code_predictions(
    read: Read, position: int, classes: Sequence[str], binary: Binary | None
) -> tuple[pl.DataFrame, list[Note]]:
    """The predicted class codes with confidence, score and probabilities, one row an id, and notes."""
    frame = read.frame
    notes: list[Note] = []
    has_label, has_score = "label" in frame.columns, "score" in frame.columns
    codes = {name: code for code, name in enumerate(classes)}
    label = (
        pl.col("label").replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.Int32)
        if has_label
        else None
    )
    probabilities = [
        pl.col(f"p{read.classes.index(name)}") if name in read.classes else pl.lit(0.0) for name in classes
    ]
    score: pl.Expr | None = None
    confidence: pl.Expr | None = None
    if binary is not None:
        positive = codes[binary.positive]
        if read.classes:
            score = probabilities[positive]
        elif has_score:
            score = binary.probability_of_positive(read)
        if label is None and score is not None:
            label = pl.when(score >= binary.threshold).then(positive).otherwise(1 - positive).cast(pl.Int32)
        if score is not None:
            confidence = pl.when(label == positive).then(score).otherwise(1.0 - score)
    if read.classes:
        if label is None:
            label = pl.concat_list(probabilities).list.arg_max().cast(pl.Int32)
        chosen = pl.concat_list(probabilities).list.get(label.fill_null(0).cast(pl.UInt32))
        confidence = pl.col("score") if has_score else chosen
    elif has_score and binary is None:
        confidence = pl.col("score")
    assert label is not None
    parts = [pl.col(columns.ID), pl.col("valid"), label.alias(columns.prediction(position))]
    if confidence is not None:
        parts.append(confidence.cast(pl.Float32).alias(columns.confidence(position)))
    if score is not None:
        parts.append(score.cast(pl.Float64).alias(columns.score(position)))
    if read.classes:
        parts += [p.cast(pl.Float32).alias(columns.probability(k, position)) for k, p in enumerate(probabilities)]
    return frame.select(parts), notes


def _no_overlap(read: Read, base: _Base) -> Problem:
    theirs, ours = read.frame["id"], base.all_ids
    what = f"no id of the predictions is an id of the samples: {describe_ids(theirs)} here, {describe_ids(ours)} there"
    after = match_after(ours, theirs)
    mend = f"would match after: {after}" if after else "see that both files hold the same ids"
    return Problem("RG309", what, read.table.place(column=read.fields.id), mend=mend)


def _missing_notes(
    read: Read, ids: pl.Series, valid: pl.Series, n_missing: int, n_unknown: int, known: pl.Series
) -> list[Note]:
    notes = []
    hint = ""
    if n_missing and n_unknown:
        lost = ids.filter(valid.is_null())
        after = match_after(lost, read.frame["id"].filter(~known))
        hint = f"; more would match after: {after}" if after else ""
    if n_missing:
        message = f"{read.version} has no prediction for {n_missing:,} of {len(ids):,} samples{hint}"
        first = tuple(ids.filter(valid.is_null()).head(5).to_list())
        notes.append(Note("RG307", "degraded", message, read.table.path, read.fields.id, n_missing, first))
    if n_unknown:
        message = f"{n_unknown:,} predictions of {read.version} have an id that no sample has: left out"
        first = tuple(read.frame["id"].filter(~known).head(5).to_list())
        notes.append(Note("RG308", "degraded", message, read.table.path, read.fields.id, n_unknown, first))
    return notes
