"""What the columns of files without a manifest are taken for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from reportgen.errors import Problem, stop
from reportgen.inputs.attributes import guess_attributes, is_long
from reportgen.inputs.binary import usual_positive
from reportgen.inputs.fields import (
    LISTS,
    guess_label,
    guess_pattern,
    guess_score,
    guess_value,
    is_list,
    is_number,
    is_share,
    ordered,
    share_of,
)
from reportgen.inputs.guess_frames import guess_frames, told_frames
from reportgen.inputs.labels import order_classes
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_ids, read_labels, several, type_samples
from reportgen.model import Note

IDS = (
    "id",
    "sample_id",
    "image_id",
    "example_id",
    "uid",
    "uuid",
    "key",
    "file_name",
    "filename",
    "file",
    "path",
    "name",
)
TARGETS = (
    "target", "label", "y", "y_true", "truth", "ground_truth", "gt", "class", "true_label", "labels", "category",
    "answer", "rating", "outcome",
)  # fmt: skip
MEDIA = (
    "image",
    "image_path",
    "file_name",
    "filename",
    "file",
    "path",
    "img",
    "thumbnail",
    "text",
    "sentence",
    "content",
)
IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")
BY_SCORE = 0.6
"""A score alone agrees with any two labels, but less than labels do."""

CORRELATED = 0.5
"""A number of an unusual name is the target where the predictions follow it at least so closely."""

FEW_VALUES = 50
"""A target with no more distinct values than this can be classes, where the predictions hold the same ones."""


@dataclass(frozen=True)
class Guess:
    """What the columns were taken for."""

    task: str
    id: str
    target: str | None  # None where the file holds the true objects, too
    media: str | None
    media_kind: str
    media_root: Path | None
    prediction_id: str | None  # where it differs
    prediction_columns: dict[str, str]
    positive: str | None
    attributes: list[str]
    left_out: list[Note]
    group_like: list[str]
    frames: tuple[str, str] | None  # the columns of sequences and of frames
    others: list[str]  # other manifests that would do, as comments
    statements: list[str]


def guess_columns(samples: Table, tables: Sequence[Table], folder: Path) -> Guess:
    """What the columns of a sample table and its prediction files are taken for.

    Raises:
        InputError: no id (RG336) or no target (RG337) is found.
    """
    frame = samples.frame
    key, prediction_id = _guess_id(samples, tables)
    statements = [f'id: column "{key}" ({several(samples.n_rows, "sample")})']
    if prediction_id != key:
        statements.append(f'id of the predictions: column "{prediction_id}"')
    names = [name for name in frame.columns if name != key]
    target, task, others = _guess_target(samples, key, names, tables, prediction_id)
    labels = read_labels(frame[target], tokens=samples.null_tokens)
    n_values = labels.drop_nulls().n_unique()
    what = several(n_values, "value") if task == "classification" else "a number"
    statements.append(f'target: column "{target}" ({what})')
    statements.append(f"task: {task}{_why(task, tables)}")
    prediction_columns, told = _guess_predictions(task, tables, prediction_id, frozenset(labels.drop_nulls().unique()))
    statements += told
    classes = order_classes(labels.drop_nulls().unique()) if task == "classification" else []
    positive = usual_positive(classes) or classes[1] if len(classes) == 2 else None
    if positive is not None:
        statements.append(f'positive class: "{positive}"')
    media, kind, media_root = guess_media(frame, [name for name in names if name != target], folder)
    if media is not None:
        statements.append(f'media: column "{media}" ({"images" if kind == "image" else "text"})')
    taken = {name for name in (key, target, media) if name is not None}
    frames = guess_frames(samples, names, taken)
    statements += told_frames(samples, frames)
    taken |= set(frames or ())
    truths = [name for name in ordered(names, TARGETS[:9]) if name not in taken]
    attributes, left_out = guess_attributes(type_samples(frame, taken, samples.null_tokens), taken | set(truths))
    left_out += [
        Note("RG338", "info", f'column "{name}" is no attribute: it looks like another target', column=name)
        for name in truths
    ]
    statements.append(f"attributes: {', '.join(attributes) or 'none'}")
    statements += [f"left out: {note.message}" for note in left_out]
    statements += others
    return Guess(
        task, key, target, media, kind, media_root, prediction_id if prediction_id != key else None,
        prediction_columns, positive, attributes, left_out, group_like(frame, taken), frames, others, statements,
    )  # fmt: skip


def _guess_id(samples: Table, tables: Sequence[Table]) -> tuple[str, str]:
    """The column of samples, and the one of predictions, that hold the ids: unique, and shared by most rows."""
    candidates = _id_candidates(samples)
    shared: list[tuple[float, int, str, str]] = []
    for rank, name in enumerate(candidates):
        ours = read_ids(samples, name)
        for other in _id_candidates(tables[0]) if tables else [name]:
            share = float(read_ids(tables[0], other).is_in(ours.implode()).mean() or 0.0) if tables else 1.0  # type: ignore[arg-type]
            if share > 0.5 or (name == other and share > 0):
                shared.append((-share, rank + (name != other), name, other))
    if shared:
        return min(shared)[2:]
    both = [name for name in candidates if all(name in table.frame.columns for table in tables)]
    if both:  # the join says why none of them matches
        return both[0], both[0]
    unique = ", ".join(candidates) or "none"
    what = f"no column names the samples in both files: unique in the samples are {unique}"
    mend = 'give both files a column "id", or write a manifest with columns: {id: …}'
    raise stop(Problem("RG336", what, samples.place(), mend=mend))


def _id_candidates(table: Table) -> list[str]:
    names = table.frame.columns
    usual = ordered(names, IDS)
    rest = [name for name in names if name not in usual and not table.frame.schema[name].is_nested()]
    unique = [name for name in rest if _is_unique(table.frame[name])]
    return [name for name in usual if _is_unique(table.frame[name]) or name.casefold() == "id"] + unique


def _is_unique(series: pl.Series) -> bool:
    if series.dtype.is_nested() or series.dtype.is_float():
        return False
    return series.null_count() == 0 and series.n_unique() == len(series)


def _guess_target(
    samples: Table, key: str, names: Sequence[str], tables: Sequence[Table], prediction_id: str
) -> tuple[str, str, list[str]]:
    """The target, its task, and what else the files would allow.

    A column of labels that the predictions repeat makes a classification; otherwise a number that they hold, too, makes
    a regression. Usual names come first, then the column that agrees best with the predictions.
    """
    frame = samples.frame
    predicted = [_without(table, prediction_id) for table in tables]
    usual = ordered(names, TARGETS)
    labelled = [name for name in usual if _agrees(frame[name], predicted)]
    numeric = [name for name in usual if is_number(frame[name]) and _is_continuous(frame[name]) and _values(predicted)]
    if not labelled and not numeric:
        shares = {name: _agrees(frame[name], predicted) for name in names if name not in usual}
        labelled = sorted((name for name in shares if shares[name] > BY_SCORE), key=lambda name: -shares[name])
        numeric = [] if labelled else [n for n in usual if is_number(frame[n]) and _values(predicted)]
        if not labelled and not usual:
            numeric = _correlated(samples, key, names, tables, prediction_id)
    if labelled:
        value = _values(predicted)
        others = [
            f"for a regression: task: regression, columns: {{target: {name}}}, prediction_columns: {{value: {value}}}"
            for name in numeric[:1]
        ]
        return labelled[0], "classification", others
    if numeric:
        return numeric[0], "regression", []
    if usual:
        few = read_labels(frame[usual[0]]).n_unique() <= FEW_VALUES
        return usual[0], "classification" if few or not is_number(frame[usual[0]]) else "regression", []
    what = f"no column looks like the target: the columns are {', '.join(names[:12])}"
    mend = 'call it "target", or write a manifest with columns: {target: …}'
    raise stop(Problem("RG337", what, samples.place(), mend=mend))


def _without(table: Table, key: str) -> pl.DataFrame:
    """The columns but for the id; a later file may name its own otherwise, which the join tells."""
    return table.frame.drop(key, strict=False)


def _agrees(series: pl.Series, predicted: Sequence[pl.DataFrame]) -> float:
    """How much the predictions repeat the column's values: the share of labels, or the columns of probabilities."""
    if series.dtype.is_nested():
        return 0.0
    labels = frozenset(read_labels(series).drop_nulls().unique().head(1001))
    if not labels or len(labels) > 1000 or len(labels) > max(FEW_VALUES, 0.2 * len(series)):
        return 0.0
    best = 0.0
    for frame in predicted[:1]:
        pattern = guess_pattern(frame, frame.columns, labels)
        if pattern is not None and any(pattern.replace("{class}", label) in frame.columns for label in labels):
            best = 1.0
        label = guess_label(frame, frame.columns, labels)
        if label is not None:
            best = max(best, share_of(frame[label], labels))
        if len(labels) == 2 and guess_score(frame, frame.columns, labels) is not None:
            best = max(best, BY_SCORE)
    return best if best >= 0.5 else 0.0


def _correlated(
    samples: Table, key: str, names: Sequence[str], tables: Sequence[Table], prediction_id: str
) -> list[str]:
    """Columns of numbers that the predicted numbers follow, the closest first."""
    value = _values([_without(table, prediction_id) for table in tables])
    numbers = [name for name in names if is_number(samples.frame[name]) and _is_continuous(samples.frame[name])]
    if value is None or not numbers:
        return []
    ours = pl.DataFrame([read_ids(samples, key), *(_floats(samples.frame[n], f"x{i}") for i, n in enumerate(numbers))])
    theirs = pl.DataFrame([read_ids(tables[0], prediction_id), _floats(tables[0].frame[value], "value")])
    both = ours.join(theirs.unique("id", keep="first", maintain_order=True), on="id")
    found = both.select(pl.corr(f"x{i}", "value").abs().fill_nan(0).fill_null(0) for i in range(len(numbers))).row(0)
    close = [(-r, i) for i, r in enumerate(found) if r > CORRELATED]
    return [numbers[i] for _, i in sorted(close)]


def _floats(series: pl.Series, name: str) -> pl.Series:
    return read_labels(series).cast(pl.Float64, strict=False).fill_nan(None).alias(name)


def _is_continuous(series: pl.Series) -> bool:
    """True for numbers that are no codes of classes: with decimals, or many of them."""
    numbers = read_labels(series).drop_nulls().cast(pl.Float64, strict=False).drop_nulls()
    return bool(((numbers % 1) != 0).any()) or numbers.n_unique() > FEW_VALUES


def _values(predicted: Sequence[pl.DataFrame]) -> str | None:
    return guess_value(predicted[0], predicted[0].columns) if predicted else None


def _why(task: str, tables: Sequence[Table]) -> str:
    if not tables:
        return ""
    return ", since the predictions hold " + ("labels" if task == "classification" else "numbers")


def _guess_predictions(
    task: str, tables: Sequence[Table], prediction_id: str, labels: frozenset[str]
) -> tuple[dict[str, str], list[str]]:
    """The columns of the predictions, where all files agree; empty where each is to be guessed by itself."""
    found = [_columns_of(task, _without(table, prediction_id), labels) for table in tables]
    if not found:
        return {}, []
    same = {key: value for key, value in found[0].items() if all(one.get(key) == value for one in found)}
    told = [f'predicted {key}: column "{value}"' for key, value in same.items()]
    return (same if all(one == same for one in found) else {}), told


def _columns_of(task: str, frame: pl.DataFrame, labels: frozenset[str]) -> dict[str, str]:
    if task == "regression":
        value = guess_value(frame, frame.columns)
        return {} if value is None else {"value": value}
    result: dict[str, str] = {}
    label, score = guess_label(frame, frame.columns, labels), guess_score(frame, frame.columns, labels)
    if label is not None and label != score:
        result["label"] = label
    if score is not None and is_number(frame[score]) and is_share(frame[score]):
        result["score"] = score
    if (pattern := guess_pattern(frame, frame.columns, labels)) is not None:
        result["probabilities"] = pattern
    elif lists := [name for name in ordered(frame.columns, LISTS) if is_list(frame[name])]:
        result["probabilities"] = lists[0]
    return result


def guess_media(frame: pl.DataFrame, names: Sequence[str], folder: Path) -> tuple[str | None, str, Path | None]:
    """The column of media, its kind, and for images the folder that its paths begin in."""
    texts = [name for name in frame.columns if frame.schema[name] == pl.String]
    for name in [*ordered(texts, MEDIA), *(n for n in texts if n.casefold() not in MEDIA)]:
        paths = frame[name].drop_nulls().head(50).to_list()
        if paths and sum(path.lower().endswith(IMAGE_ENDINGS) for path in paths) > 0.8 * len(paths):
            root = _image_root(paths, folder)
            if root is not None:
                return name, "image", root
    long = [name for name in names if name in texts and is_long(frame[name].drop_nulls())]
    best = [*ordered(long, ("text", "sentence", "content", "document", "prompt", "input")), *long]
    return (best[0], "text", None) if best else (None, "none", None)


def _image_root(paths: Sequence[str], folder: Path) -> Path | None:
    """The folder beneath which most of the paths exist: the table's own, or one of its folders."""
    try:
        inner = sorted(entry for entry in folder.iterdir() if entry.is_dir())[:50]
    except OSError:
        inner = []
    for root in (folder, *inner):
        there = sum(not Path(path).is_absolute() and (root / path).is_file() for path in paths if "\0" not in path)
        if there > 0.5 * len(paths):
            return root
    return None


def group_like(frame: pl.DataFrame, taken: AbstractSet[str]) -> list[str]:
    """Columns named like an id whose values repeat: samples that belong together."""
    found = []
    for name in frame.columns:
        if name in taken or frame.schema[name].is_nested() or frame.schema[name].is_float():
            continue
        n_values = frame[name].drop_nulls().n_unique()
        named = re.search(r"(_id|_uuid|_key)$|^(patient|subject|user|drive|session|video|document|group)", name, re.I)
        if named and 10 <= n_values < 0.9 * frame.height:
            found.append(name)
    return found
