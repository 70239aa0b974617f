"""One version's prediction file, read: ids, labels, scores, probabilities or values, and what cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportgen.errors import InputError, Problem
from reportgen.inputs.fields import Fields, choose_fields, classes_of, no_column
from reportgen.inputs.labels import order_classes, respell
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_ids, read_labels, read_numbers, several
from reportgen.model import Note

SUM_NOTED = 1e-3
SUM_REFUSED = 0.05
"""Probabilities of a sample sum to 1; noted beyond the first difference, refused beyond the second."""

GUESSED_BELOW = 0.01
"""A column called score with a larger share of negative values is another thing than a probability."""

ROW = "row"


@dataclass(frozen=True, eq=False)
class Read:
    """A prediction file that was read.

    ``frame`` has one row an id: ``row`` (of the table), ``id``, ``valid`` and, where there are any, ``label`` (text),
    ``score``, ``value`` and ``p{i}`` for ``classes[i]``.
    """

    table: Table
    version: str
    fields: Fields
    frame: pl.DataFrame
    classes: tuple[str, ...] = ()  # those that have a probability
    notes: tuple[Note, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The distinct predicted labels."""
        return self.frame["label"].drop_nulls().unique().to_list() if "label" in self.frame.columns else []

    @property
    def probability_type(self) -> type[pl.Float32 | pl.Float64]:
        """The type that the file holds probabilities in: what it says stays exact, and Float32 stays small."""
        if self.fields.listed is not None:
            types = {getattr(self.table.frame.schema[self.fields.listed], "inner", pl.Float64)}
        else:
            found = classes_of(self.table.frame.columns, self.fields.pattern or "")
            types = {self.table.frame.schema[column] for column in found.values()}
        return pl.Float32 if types == {pl.Float32} else pl.Float64


def read_predictions(loaded: LoadedManifest, table: Table, version: str, classes: Sequence[str]) -> Read:
    """The predictions of one version, one row an id.

    Args:
        loaded: the manifest.
        table: the file.
        version: whose predictions they are.
        classes: the target's labels in order; empty for regression.

    Raises:
        InputError: every problem of the file: columns (RG301, RG302), ids (RG303, RG305), numbers (RG310, RG311),
            probabilities (RG312, RG314, RG315, RG316).
    """
    mapping = loaded.manifest.prediction_columns.label_map
    fields = choose_fields(loaded, table, frozenset(classes) | frozenset(mapping))
    problems: list[Problem] = []
    notes: list[Note] = []
    series = [pl.Series(ROW, range(table.n_rows), dtype=pl.UInt32), read_ids(table, fields.id)]
    needed: list[str] = []
    if fields.value is not None:
        series.append(read_numbers(table, fields.value, problems).fill_nan(None).alias("value"))
        needed.append("value")
    if fields.label is not None:
        series.append(_labels(table, fields.label, frozenset(classes), mapping))
    if fields.score is not None and (score := _score(table, fields, problems, notes)) is not None:
        series.append(score)
        needed.append("score")
    named: tuple[str, ...] = ()
    if fields.pattern is not None or fields.listed is not None:
        named, columns = _probabilities(loaded, table, fields, classes, problems)
        series += columns
        needed += [column.name for column in columns]
    frame = pl.DataFrame(series)
    if not problems:
        notes += _check_sums(table, fields, [column for column in needed if column.startswith("p")], frame, problems)
    frame = one_an_id(table, fields, frame, problems, notes)
    if problems:
        raise InputError(problems)
    if fields.label is not None and not any(column.startswith(("p", "score")) for column in needed):
        needed.append("label")
    valid = pl.all_horizontal(pl.col(column).is_not_null() for column in needed)
    if fields.label is not None and "label" not in needed:
        valid &= pl.col("label").is_not_null()
    return Read(table, version, fields, frame.with_columns(valid=valid), named, tuple(notes))


def _labels(table: Table, column: str, keep: frozenset[str], mapping: Mapping[str, str]) -> pl.Series:
    labels = read_labels(table.frame[column], keep | frozenset(mapping), table.null_tokens).alias("label")
    return labels.replace(dict(mapping)) if mapping else labels


def _score(table: Table, fields: Fields, problems: list[Problem], notes: list[Note]) -> pl.Series | None:
    """The score; None where its column is empty, or was only guessed and holds something else than probabilities."""
    column = fields.score
    assert column is not None
    score = read_numbers(table, column, problems).fill_nan(None)
    if score.null_count() == len(score) and not problems:
        message = f'column "{column}" is empty: read without scores'
        notes.append(Note("RG334", "info", message, table.path, column, len(score)))
        return None
    share_below = float((score < 0).mean() or 0.0)  # type: ignore[arg-type]
    if fields.guessed and fields.label is not None and share_below > GUESSED_BELOW:
        low, high = float(score.min() or 0.0), float(score.max() or 0.0)  # type: ignore[arg-type]
        message = (
            f'column "{column}" is not read: it goes from {low:.4g} to {high:.4g}, so it is no probability; '
            "declare prediction_columns: {label: …, score: …} where one is meant"
        )
        notes.append(Note("RG335", "info", message, table.path, column))
        return None
    _check_range(table, column, score, problems)
    return score.alias("score")


def _check_range(table: Table, column: str, values: pl.Series, problems: list[Problem]) -> None:
    outside = ((values < 0) | (values > 1)).fill_null(False).arg_true()
    if not len(outside) or values.is_infinite().any():
        return
    low, high = float(values.min() or 0.0), float(values.max() or 0.0)  # type: ignore[arg-type]
    row = int(outside[0])
    if low >= 0 and 1.5 < high <= 100:
        mend = "percent? divide by 100"
    elif low < 0:
        mend = "logits? apply the sigmoid, or the softmax over classes"
    else:
        mend = "clip it, or name the columns to use under prediction_columns"
    more = f", and {len(outside) - 1:,} more" if len(outside) > 1 else ""
    what = f"a probability outside 0 to 1{more}"
    problems.append(Problem("RG312", what, table.place(row, column, values[row]), expected="0 to 1", mend=mend))


def _probabilities(
    loaded: LoadedManifest, table: Table, fields: Fields, classes: Sequence[str], problems: list[Problem]
) -> tuple[tuple[str, ...], list[pl.Series]]:
    """The classes that have probabilities, in order, and their columns ``p0``, ``p1``, …"""
    wanted = list(classes)
    if fields.listed is not None:
        return _listed(table, fields.listed, wanted, problems)
    assert fields.pattern is not None
    found = _by_class(loaded, table, fields.pattern, wanted)
    missing = [name for name in wanted if name not in found]
    if missing:
        if not found.keys() & set(wanted):
            problems.append(_no_class(table, fields.pattern, wanted))
        else:
            columns = ", ".join(f'"{fields.pattern.replace("{class}", name)}"' for name in missing[:10])
            there = ", ".join(f'"{name}"' for name in list(found.values())[:10])
            what = f"no column of probabilities for {len(missing)} of {len(wanted)} classes: {columns}"
            problems.append(
                Problem("RG315", what, table.place(), expected="a column for each class", mend=f"there are {there}")
            )
        return (), []
    extra = order_classes(found.keys() - set(wanted)) if _is_telling(fields.pattern) else []
    named = (*wanted, *extra)
    series = []
    for i, name in enumerate(named):
        numbers = read_numbers(table, found[name], problems).fill_nan(None)
        _check_range(table, found[name], numbers, problems)
        series.append(numbers.alias(f"p{i}"))
    return named, series


def _is_telling(pattern: str) -> bool:
    """True for a pattern that columns of another meaning hardly follow: what follows it is a class, known or not."""
    return len(pattern.replace("{class}", "")) > 2 and not pattern.startswith("score")


def _by_class(loaded: LoadedManifest, table: Table, pattern: str, wanted: Sequence[str]) -> dict[str, str]:
    mapping = loaded.manifest.prediction_columns.label_map
    by_number = {respell(name): name for name in wanted}
    result = {}
    for name, column in classes_of(table.frame.columns, pattern).items():
        meant = mapping.get(name, name)
        result[meant if meant in wanted else by_number.get(respell(meant), meant)] = column
    return result


def _no_class(table: Table, pattern: str, wanted: Sequence[str]) -> Problem:
    found = classes_of(table.frame.columns, pattern)
    if not found:
        return no_column(table, pattern, table.place(), "prediction_columns.probabilities")
    names = order_classes(found)
    what = f"columns of probabilities name {', '.join(names[:8])}, the classes are {', '.join(wanted[:8])}"
    mend = "name the columns by class"
    if len(names) == len(wanted):
        pairs = ", ".join(f"{a}: {b}" for a, b in zip(names, wanted, strict=True))
        mend = f"if that is what they mean, write prediction_columns: {{label_map: {{{pairs}}}}}"
    return Problem("RG318", what, table.place(column=found[names[0]]), mend=mend)


def _listed(
    table: Table, column: str, wanted: Sequence[str], problems: list[Problem]
) -> tuple[tuple[str, ...], list[pl.Series]]:
    series = table.frame[column]
    if series.dtype == pl.String:
        text = series.set(series.is_in(["", "null"]).fill_null(False), None).str.replace_all(r"\bNaN\b", "null")
        try:
            series = text.str.json_decode(pl.List(pl.Float64))
        except pl.exceptions.PolarsError:
            what = "not every value is a list of numbers"
            problems.append(Problem("RG310", what, table.place(column=column), mend='write lists as "[0.1, 0.9]"'))
            return (), []
    if isinstance(series.dtype, pl.Array):
        series = series.cast(pl.List(series.dtype.inner))
    if not isinstance(series.dtype, pl.List) or not (series.dtype.inner.is_numeric() or series.dtype.inner == pl.Null):
        what = f"holds {series.dtype}, not lists of numbers"
        problems.append(Problem("RG310", what, table.place(column=column), expected="a list of probabilities"))
        return (), []
    wrong = (series.list.len() != len(wanted)).fill_null(False).arg_true()
    if len(wrong):
        row = int(wrong[0])
        what = f"a list of {len(series[row])}, and {len(wanted)} classes: {', '.join(wanted[:8])}"
        mend = "declare all classes in the order of the list, as `classes: [...]`"
        problems.append(Problem("RG316", what, table.place(row, column), expected="a probability a class", mend=mend))
        return (), []
    columns = []
    for i in range(len(wanted)):
        numbers = series.list.get(i, null_on_oob=True).cast(pl.Float64).fill_nan(None)
        if numbers.is_infinite().any():
            row = int(numbers.is_infinite().fill_null(False).arg_true()[0])
            problems.append(Problem("RG311", "infinite", table.place(row, column), expected="finite numbers"))
        _check_range(table, column, numbers, problems)
        columns.append(numbers.alias(f"p{i}"))
    return tuple(wanted), columns


def _check_sums(
    table: Table, fields: Fields, columns: list[str], frame: pl.DataFrame, problems: list[Problem]
) -> list[Note]:
    if not columns:
        return []
    # a missing part makes the row invalid, which is told elsewhere
    sums = frame.select(pl.sum_horizontal(pl.col(columns), ignore_nulls=False)).to_series()
    off = (sums - 1.0).abs()
    where = fields.listed or fields.pattern or ""
    refused = (off > SUM_REFUSED).fill_null(False).arg_true()
    if len(refused):
        row = int(refused[0])
        what = f"probabilities sum to {sums[row]:.4g}" + (
            f", and {len(refused) - 1:,} more" if len(refused) > 1 else ""
        )
        problems.append(Problem("RG314", what, table.place(row, where), expected="a sum of 1", mend="normalise them"))
        return []
    n = int((off > SUM_NOTED).sum())
    if not n:
        return []
    most = float(off.max() or 0.0)  # type: ignore[arg-type]
    message = f"{several(n, 'sample')} whose probabilities do not sum to 1 (off by up to {most:.2g}): used as they are"
    return [Note("RG313", "degraded", message, table.path, where, n)]


def one_an_id(
    table: Table, fields: Fields, frame: pl.DataFrame, problems: list[Problem], notes: list[Note]
) -> pl.DataFrame:
    """The frame of ``row``, ``id`` and predictions with one row an id; rows alike are used once, others problems."""
    missing = frame["id"].is_null().arg_true()
    if len(missing):
        what = "no id" + (f", and {len(missing) - 1:,} more" if len(missing) > 1 else "")
        problems.append(Problem("RG303", what, table.place(int(missing[0]), fields.id), mend="give each row its id"))
        return frame
    if frame["id"].n_unique() == frame.height:
        return frame
    rest = [column for column in frame.columns if column != ROW]
    single = frame.unique(rest, keep="first", maintain_order=True)
    twice = single.filter(pl.col("id").is_duplicated())
    if twice.height:
        problems += [duplicate(table, fields.id, str(key), rows, "RG305") for key, rows in first_rows(twice)]
        return frame
    n = frame.height - single.height
    message = f"{several(n, 'row')} repeated, id and prediction alike: each prediction is used once"
    notes.append(Note("RG306", "degraded", message, table.path, fields.id, n))
    return single


def first_rows(twice: pl.DataFrame, most: int = 5) -> list[tuple[str, list[int]]]:
    """The first ids of a frame of ``id`` and ``row``, each with its rows."""
    grouped = twice.group_by("id", maintain_order=True).agg(pl.col(ROW)).head(most)
    return [(str(key), list(rows)) for key, rows in grouped.iter_rows()]


def duplicate(table: Table, column: str, key: str, rows: Sequence[int], code: str) -> Problem:
    """The problem of one id that stands in several rows."""
    others = ", ".join(f"{table.place(row).row:,}" for row in rows[1:6])
    what = f"the id stands again in row {others}" + (" and more" if len(rows) > 6 else "")
    return Problem(code, what, table.place(rows[0], column, key), expected="each id once", mend="keep one of them")
