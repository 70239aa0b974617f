"""One version's columns of the outcome frame: its predictions beside the samples, and what is missing or unusable."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from reportgen import columns
from reportgen.errors import Problem, stop
from reportgen.inputs.binary import Binary
from reportgen.inputs.ids import describe_ids, match_after
from reportgen.inputs.predictions import ROW, Read
from reportgen.inputs.samples import Samples
from reportgen.inputs.values import several, told_tokens
from reportgen.model import Note, Version


def place_predictions(
    read: Read, position: int, base: Samples, classes: Sequence[str], binary: Binary | None
) -> tuple[pl.DataFrame, Version, list[Note]]:
    """One version's columns of the frame, its counts, and notes of what is missing or cannot be used."""
    known = read.frame["id"].is_in(base.all_ids.implode())
    if not known.any():
        raise stop(no_overlap(read, base))
    if not (known & read.frame["valid"]).any():
        told = _told_labels(read)
        what = f"no prediction of {read.version} can be used: all that a sample has are empty or not a number{told}"
        place = read.table.place(column=(*read.fields.used[1:], None)[0])
        raise stop(Problem("RG340", what, place, mend="see that the file holds the predictions in this column"))
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
    notes += missing_notes(read, ids, valid, n_missing, n_unknown, known)
    if n_invalid := int(invalid.sum()):
        told = _told_labels(read)
        message = f"{several(n_invalid, 'prediction')} of {read.version} empty or not a number: left out{told}"
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
    """The predicted class codes with confidence, score and probabilities, one row an id, and notes.

    Where a file has labels and probabilities that say otherwise, its labels are used, with a note.
    """
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
        # column by column: a list a row would copy all of them
        most = pl.max_horizontal(probabilities)
        if label is None:
            label = pl.coalesce(pl.when(p == most).then(k) for k, p in enumerate(probabilities)).cast(pl.Int32)
        chosen = pl.coalesce(pl.when(label == k).then(p) for k, p in enumerate(probabilities))
        if has_label:
            differs = (
                chosen < most
                if binary is None or score is None
                else ((label == codes[binary.positive]) != (score >= binary.threshold))
            )
            notes += _differing(read, frame.filter(pl.col("valid") & differs)["id"].sort())
        confidence = pl.col("score") if has_score else chosen
    elif has_score and binary is None:
        confidence = pl.col("score")
    assert label is not None
    parts = [pl.col(columns.ID), pl.col("valid"), label.alias(columns.prediction(position))]
    if confidence is not None:
        on_grid = (confidence.cast(pl.Float64) * columns.CONFIDENCE_STEPS).round() / columns.CONFIDENCE_STEPS
        parts.append(on_grid.cast(pl.Float32).alias(columns.confidence(position)))
    if score is not None:
        parts.append(score.cast(pl.Float64).alias(columns.score(position)))
    if read.classes:
        kind = read.probability_type
        parts += [p.cast(kind).alias(columns.probability(k, position)) for k, p in enumerate(probabilities)]
    return frame.select(parts), notes


def _told_labels(read: Read) -> str:
    """What to say of labels that were read as "no value"."""
    column = read.fields.label
    if column is None:
        return ""
    return told_tokens(read.table.frame[column][read.frame.filter(pl.col("label").is_null())[ROW]])


def no_overlap(read: Read, base: Samples) -> Problem:
    """The problem of predictions of which none is of a sample."""
    theirs, ours = read.frame["id"], base.all_ids
    what = f"no id of the predictions is an id of the samples: {describe_ids(theirs)} here, {describe_ids(ours)} there"
    after = match_after(ours, theirs)
    mend = f"would match after: {after}" if after else "see that both files hold the same ids"
    return Problem("RG309", what, read.table.place(column=read.fields.id), mend=mend)


def _differing(read: Read, ids: pl.Series) -> list[Note]:
    if not len(ids):
        return []
    message = f"{several(len(ids), 'label')} of {read.version} against what the probabilities say: labels are used"
    column = read.fields.label or ""
    return [Note("RG333", "info", message, read.table.path, column, len(ids), tuple(ids.head(5).to_list()))]


def missing_notes(
    read: Read, ids: pl.Series, valid: pl.Series, n_missing: int, n_unknown: int, known: pl.Series
) -> list[Note]:
    """Notes of samples without a prediction, and of predictions without a sample.

    Args:
        read: the prediction file.
        ids: of the samples.
        valid: of each sample, whether its prediction can be used; null: it has none.
        n_missing: samples without a prediction.
        n_unknown: predictions of no sample.
        known: of each prediction, whether a sample has its id.
    """
    notes = []
    hint = ""
    if n_missing and n_unknown:
        lost = ids.filter(valid.is_null())
        after = match_after(lost, read.frame["id"].filter(~known))
        hint = f"; more would match after: {after}" if after else ""
    if n_missing:
        message = f"{read.version} has no prediction for {n_missing:,} of {several(len(ids), 'sample')}{hint}"
        first = tuple(ids.filter(valid.is_null()).head(5).to_list())
        notes.append(Note("RG307", "degraded", message, read.table.path, read.fields.id, n_missing, first))
    if n_unknown:
        message = f"{several(n_unknown, 'prediction')} of {read.version} with an id that no sample has: left out"
        first = tuple(read.frame["id"].filter(~known).head(5).to_list())
        notes.append(Note("RG308", "degraded", message, read.table.path, read.fields.id, n_unknown, first))
    return notes
