"""Sets of labels read from a table: a column of lists, columns of 0 and 1, or scores with thresholds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.fields import PATTERNS, classes_of, is_list, no_column, ordered
from reportgen.inputs.labels import order_classes
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_labels, read_numbers

LABELS = (
    "labels",
    "predictions",
    "predicted_labels",
    "prediction",
    "predicted",
    "pred",
    "preds",
    "label",
    "tags",
    "y_pred",
)
FLAGS = ("pred_{class}", "prediction_{class}", "predicted_{class}", "label_{class}", "is_{class}")
SEPARATORS = ("|", ";", ",")
CLASS = "{class}"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LabelSets:
    """The labels of each row of a table.

    Attributes:
        row: of each label, ascending.
        label: as text.
        known: of each row of the table, whether it says which labels there are; an empty set is known.
        classes: those that the columns name, whether or not a row has them; empty for a column of lists.
        scores: by class, of each row, 0 to 1; empty where there are none.
    """

    row: pl.Series
    label: pl.Series
    known: Flags
    classes: tuple[str, ...] = ()
    scores: Mapping[str, pl.Series] | None = None


def read_lists(table: Table, column: str) -> LabelSets:
    """The labels of a column of lists: lists, JSON, or texts between "|", ";" or ",".

    A text of one kind of sign throughout: the first of these that occurs in any. An empty text is an empty set, a null
    is no answer.
    """
    series = table.frame[column]
    if isinstance(series.dtype, pl.Array):
        series = series.cast(pl.List(series.dtype.inner))
    if series.dtype == pl.String:
        series = _split(table, column, series)
    if not isinstance(series.dtype, pl.List):
        what = f"holds {series.dtype}, not lists of labels"
        mend = 'write lists as ["a", "b"] or "a|b", or name a column a class: "is_{class}"'
        raise stop(Problem("RG341", what, table.place(column=column), expected="a list of labels", mend=mend))
    frame = pl.DataFrame({"row": pl.Series(range(len(series)), dtype=pl.Int64), "label": series})
    known = series.is_not_null().to_numpy()
    long = frame.filter(pl.col("label").list.len() > 0).explode("label")
    label = read_labels(long["label"])
    pairs = pl.DataFrame({"row": long["row"], "label": label}).filter(pl.col("label").is_not_null())
    pairs = pairs.unique(maintain_order=True)
    return LabelSets(pairs["row"], pairs["label"], known)


def _split(table: Table, column: str, series: pl.Series) -> pl.Series:
    """Texts as lists."""
    known = series.drop_nulls()
    if len(known) and known.str.strip_chars().str.starts_with("[").any():
        return pl.Series(
            column, [_parse(table, column, row, text) for row, text in enumerate(series)], dtype=pl.List(pl.String)
        )
    sign = next((one for one in SEPARATORS if known.str.contains(one, literal=True).any()), SEPARATORS[0])
    parts = series.str.split(sign).list.eval(pl.element().str.strip_chars())
    return parts.list.eval(pl.element().filter(pl.element() != ""))


def _parse(table: Table, column: str, row: int, text: str | None) -> list[str] | None:
    if text is None:
        return None
    if not text.strip():
        return []
    try:
        found = json.loads(text if '"' in text or "'" not in text else text.replace("'", '"'))
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str | int | float) for one in found):
        place = table.place(row, column, text)
        raise stop(Problem("RG341", "no list of labels", place, expected='a list such as ["a", "b"]'))
    return [one if isinstance(one, str) else f"{one:g}" for one in found]


def read_flags(table: Table, pattern: str) -> LabelSets:
    """The labels of columns of 0 and 1, one a class; a row with an empty cell says nothing."""
    columns = classes_of(table.frame.columns, pattern)
    if not columns:
        raise stop(no_column(table, pattern, table.place(), ""))
    problems: list[Problem] = []
    flags = {}
    for name, column in columns.items():
        series = table.frame[column]
        numbers = (
            series.cast(pl.Float64)
            if series.dtype == pl.Boolean
            else read_numbers(table, column, problems).fill_nan(None)
        )
        wrong = (~numbers.is_in([0.0, 1.0])).fill_null(False).arg_true()
        if len(wrong):
            row = int(wrong[0])
            more = f", and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
            mend = "where these are scores, name them as prediction_columns.probabilities"
            place = table.place(row, column, series[row])
            problems.append(Problem("RG342", f"neither 0 nor 1{more}", place, expected="0 or 1", mend=mend))
        flags[name] = numbers
    if problems:
        raise InputError(problems)
    return _of_flags(flags, {})


def read_scores(table: Table, pattern: str, thresholds: Mapping[str, float], usual: float) -> LabelSets:
    """The labels whose scores reach their thresholds.

    Args:
        table: the predictions.
        pattern: names the column of each class.
        thresholds: by class.
        usual: of classes that ``thresholds`` does not name.
    """
    columns = classes_of(table.frame.columns, pattern)
    if not columns:
        raise stop(no_column(table, pattern, table.place(), ""))
    problems: list[Problem] = []
    scores = {}
    for name, column in columns.items():
        numbers = read_numbers(table, column, problems).fill_nan(None)
        outside = ((numbers < 0) | (numbers > 1)).fill_null(False).arg_true()
        if len(outside):
            row = int(outside[0])
            more = f", and {len(outside) - 1:,} more" if len(outside) > 1 else ""
            mend = "logits? apply the sigmoid"
            place = table.place(row, column, numbers[row])
            problems.append(Problem("RG312", f"a score outside 0 to 1{more}", place, expected="0 to 1", mend=mend))
        scores[name] = numbers
    unknown = sorted(set(thresholds) - set(columns))
    if unknown:
        what = f"thresholds of classes without a column: {', '.join(unknown[:8])}"
        problems.append(Problem("RG343", what, table.place(), expected=f"one of {', '.join(list(columns)[:12])}"))
    if problems:
        raise InputError(problems)
    said = {name: (one >= thresholds.get(name, usual)).cast(pl.Float64) for name, one in scores.items()}
    return _of_flags(said, scores)


def _of_flags(flags: Mapping[str, pl.Series], scores: Mapping[str, pl.Series]) -> LabelSets:
    names = order_classes(flags)
    table = np.stack([flags[name].fill_null(np.nan).to_numpy() for name in names], axis=1)
    row, klass = np.nonzero(table == 1)
    return LabelSets(
        pl.Series("row", row, dtype=pl.Int64),
        pl.Series("label", names, dtype=pl.String).gather(klass),
        ~np.isnan(table).any(axis=1),
        tuple(names),
        {name: scores[name] for name in names} if scores else None,
    )


def choose_sets(
    table: Table,
    label: str | None,
    probabilities: str | None,
    thresholds: Mapping[str, float],
    usual: float,
    skip: Sequence[str] = (),
) -> LabelSets:
    """The predicted sets of a table: as the manifest says, else by the usual names of columns.

    Args:
        table: the predictions.
        label: a column of lists, or "pred_{class}" of columns of 0 and 1; None: not declared.
        probabilities: "prob_{class}"; None: not declared.
        thresholds: by class.
        usual: of other classes.
        skip: columns of another role.
    """
    if label is not None:
        if CLASS in label:
            return read_flags(table, label)
        if label not in table.frame.columns:
            raise stop(no_column(table, label, table.place(), "prediction_columns.label"))
        return read_lists(table, label)
    if probabilities is not None:
        return read_scores(table, probabilities, thresholds, usual)
    names = [name for name in table.frame.columns if name not in skip]
    for pattern in PATTERNS:
        if len(classes_of(names, pattern)) >= 2:
            return read_scores(table, pattern, thresholds, usual)
    for name in ordered(names, LABELS):
        if is_list(table.frame[name]) or table.frame[name].dtype == pl.String:
            return read_lists(table, name)
    for pattern in FLAGS:
        if len(classes_of(names, pattern)) >= 2:
            return read_flags(table, pattern)
    what = f"no column looks like sets of labels: the columns are {', '.join(names[:12])}"
    mend = 'name it under prediction_columns: {label: …}, {label: "pred_{class}"} or {probabilities: "prob_{class}"}'
    raise stop(Problem("RG302", what, table.place(), expected=f"a column such as {', '.join(LABELS[:4])}", mend=mend))
