"""Vectors of samples, as a model sees them: a list column of the sample table, or a file of their own."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.fields import is_list, no_column
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.paths import kind_of, nearest_entry
from reportgen.inputs.tables import Table, read_table
from reportgen.inputs.values import read_ids, read_numbers, several
from reportgen.model import InputFile, Note
from reportgen.stats.neighbours import MOST, usable

_ARRAYS = {".npy", ".npz"}
_SNIPPET = 'np.savez("embeddings.npz", ids=np.array(ids, dtype=str), vectors=np.asarray(vectors, dtype="float32"))'

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Embedding:
    """The vectors, a row a sample in the order asked for; NaN where a sample has none."""

    vectors: Vectors | None = None  # none: the manifest names none, or there are more samples than are compared
    inputs: tuple[InputFile, ...] = ()
    notes: tuple[Note, ...] = ()
    beyond: Vectors | None = None  # of further ids, a row an id in the order asked for; none: it has none of them


@dataclass(frozen=True, eq=False)
class _Read:
    """Vectors with the id of each, as they stand in a file or column."""

    ids: pl.Series
    vectors: Vectors
    shown: str
    column: str = ""
    input: InputFile | None = None
    notes: tuple[Note, ...] = ()


def read_embedding(
    loaded: LoadedManifest, samples: Table, wanted: Sequence[str], beyond: Sequence[str] = ()
) -> Embedding:
    """The samples' vectors; none where the manifest names neither a column nor a file of them.

    A file is ``.npy`` (a row of numbers for each row of the sample table, in its order), ``.npz`` (arrays ``ids`` and
    ``vectors``), or a table with the samples' id column (or ``id``) and either one list column or a column a number.
    Arrays are read without pickle, so that no file can run code.

    Args:
        loaded: the manifest.
        samples: the sample table.
        wanted: the ids whose vectors are asked for, in their order.
        beyond: further ids, of training tables, whose vectors are asked for where a file has them.

    Raises:
        InputError: the file cannot be read (RG2xx), or holds no vectors (RG361); lacks a column of ids (RG301), or a
            row an id (RG303); vectors differ in length, or are not one a sample (RG362); hold no or infinite numbers
            (RG363); two have one id (RG364); none is of a sample (RG365).
    """
    path, column = loaded.embeddings_path, loaded.manifest.columns.embedding
    if path is not None:
        read = _arrays(loaded, path, samples) if path.suffix.lower() in _ARRAYS else _table(loaded, path)
    elif column is not None:
        ids = read_ids(samples, loaded.manifest.columns.id)
        there, vectors = _lists(samples, column)
        read = _Read(ids.filter(there), vectors, samples.path, column)
    else:
        return Embedding()
    return _matched(read, wanted, beyond)


def _matched(read: _Read, wanted: Sequence[str], beyond: Sequence[str]) -> Embedding:
    inputs = () if read.input is None else (read.input,)
    place = {key: row for row, key in enumerate(read.ids.to_list())}
    if len(place) < len(read.ids):
        twice = read.ids.filter(read.ids.is_duplicated())
        what = f'{several(twice.n_unique(), "id")} with several vectors, such as "{twice[0]}"'
        raise stop(Problem("RG364", what, Place(read.shown), expected="one vector a sample"))
    rows = np.array([place.get(key, -1) for key in wanted], np.int64)
    n = int((rows >= 0).sum())
    if not n:
        theirs, ours = (", ".join(f'"{one}"' for one in list(ids)[:2]) for ids in (read.ids, wanted))
        what = f"no vector is of a sample: {theirs} there, and {ours} in the samples"
        raise stop(Problem("RG365", what, Place(read.shown), expected="the samples' ids"))
    if n > MOST:
        message = (
            f"{several(n, 'sample')} have a vector: nearest neighbours and nearly equal vectors are looked for among "
            f"{MOST:,} at most, and not here"
        )
        return Embedding(None, inputs, (*read.notes, Note("RG368", "info", message, read.shown, read.column, n)))
    vectors = np.full((len(wanted), read.vectors.shape[1]), np.nan, np.float32)
    vectors[rows >= 0] = read.vectors[rows[rows >= 0]]
    further = np.array([place.get(key, -1) for key in beyond], np.int64)
    others = None
    if (further >= 0).any():
        others = np.full((len(beyond), read.vectors.shape[1]), np.nan, np.float32)
        others[further >= 0] = read.vectors[further[further >= 0]]
    notes = (*read.notes, *_notes(read, wanted, rows, vectors, beyond))
    return Embedding(vectors, inputs, notes, others)


def _notes(
    read: _Read, wanted: Sequence[str], rows: npt.NDArray[np.int64], vectors: Vectors, beyond: Sequence[str]
) -> Iterator[Note]:
    lost = np.flatnonzero(rows < 0)
    if len(lost):
        message = f"{several(len(lost), 'sample')} without a vector: they have no look-alikes"
        first = tuple(wanted[row] for row in lost[:5].tolist())
        yield Note("RG366", "degraded", message, read.shown, read.column, len(lost), first)
    unknown = read.ids.filter(~read.ids.is_in([*wanted, *beyond]))
    if len(unknown) and read.input is not None:
        message = f"{several(len(unknown), 'vector')} of no sample of this report: left out"
        yield Note("RG367", "info", message, read.shown, "", len(unknown), tuple(unknown.head(5).to_list()))
    flat = np.flatnonzero((rows >= 0) & ~usable(vectors))
    if len(flat):
        message = f"{several(len(flat), 'vector')} of nothing but zeros: it has no direction, and no look-alikes"
        first = tuple(wanted[row] for row in flat[:5].tolist())
        yield Note("RG369", "info", message, read.shown, read.column, len(flat), first)


def _arrays(loaded: LoadedManifest, path: Path, samples: Table) -> _Read:
    shown = loaded.shown(path)
    if not path.is_file():
        found = f"is {kind_of(path)}" if path.exists() else "file of the embeddings not found"
        raise stop(Problem("RG200", found, Place(shown), mend=nearest_entry(path.parent, path.name)))
    before = os.stat(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    ids, array = _load(path, shown)
    after = os.stat(path)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise stop(Problem("RG213", "the file changed during the build", Place(shown), mend="build again"))
    if array.ndim != 2 or array.dtype.kind not in "fiub" or not array.size:
        what = f"vectors of shape {array.shape} and type {array.dtype}"
        raise stop(Problem("RG361", what, Place(shown), expected="a row of numbers a sample"))
    if ids is None:
        ids = read_ids(samples, loaded.manifest.columns.id)
        if len(ids) != len(array):
            what = f"{several(len(array), 'vector')} without ids, and {several(len(ids), 'row')} of samples"
            mend = f"write their ids beside them: {_SNIPPET}"
            raise stop(Problem("RG362", what, Place(shown), expected="one vector a row, in its order", mend=mend))
    elif len(ids) != len(array):
        what = f"{several(len(ids), 'id')} and {several(len(array), 'vector')}"
        raise stop(Problem("RG362", what, Place(shown), expected="one vector an id"))
    vectors = _single(array)
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(wrong):
        what = f'the vector of "{ids[int(wrong[0])]}" holds NaN or infinite numbers{_more(len(wrong))}'
        raise stop(Problem("RG363", what, Place(shown, row=int(wrong[0]) + 1), mend="leave such vectors out"))
    return _Read(ids, vectors, shown, input=InputFile(shown, digest, len(array), "embeddings"))


def _load(path: Path, shown: str) -> tuple[pl.Series | None, npt.NDArray[np.generic]]:
    """The ids, where the file has any, and the vectors."""
    try:
        found = np.load(path, allow_pickle=False)
        if isinstance(found, np.ndarray):
            return None, found
        with found:
            names = sorted(found.files)
            vectors = [name for name in names if name != "ids"]
            if len(vectors) != 1 and "vectors" not in names:
                what = f"arrays {', '.join(names) or 'of no name'}"
                raise stop(Problem("RG361", what, Place(shown), expected="arrays ids and vectors", mend=_SNIPPET))
            ids = _array_ids(found["ids"], shown) if "ids" in names else None
            return ids, found["vectors" if "vectors" in names else vectors[0]]
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())[:120]
        what = f"no array of numbers that can be read without running code ({reason})"
        raise stop(Problem("RG361", what, Place(shown), mend=f"write it anew: {_SNIPPET}")) from None


def _array_ids(array: npt.NDArray[np.generic], shown: str) -> pl.Series:
    if array.ndim != 1 or array.dtype.kind not in "USiu":
        what = f"ids of shape {array.shape} and type {array.dtype}"
        raise stop(Problem("RG361", what, Place(shown), expected="a text or whole number a vector", mend=_SNIPPET))
    if array.dtype.kind == "S":
        array = np.char.decode(array.astype(np.bytes_), "utf-8")
    return pl.Series("id", [str(one) for one in array.tolist()], dtype=pl.String)


def _table(loaded: LoadedManifest, path: Path) -> _Read:
    shown = loaded.shown(path)
    table = read_table(path, "embeddings", shown)
    wanted = loaded.manifest.columns.id
    key = next((one for one in (wanted, "id") if one in table.frame.columns), None)
    if key is None:
        raise stop(no_column(table, wanted, loaded.place("embeddings"), "embeddings"))
    ids = read_ids(table, key)
    nameless = ids.is_null().arg_true()
    if len(nameless):
        raise stop(Problem("RG303", "no id", table.place(int(nameless[0]), key), mend="leave the row out"))
    others = [name for name in table.frame.columns if name != key]
    listed = [name for name in others if is_list(table.frame[name])]
    if len(listed) > 1 or not others:
        what = f"{len(listed)} columns of lists: {', '.join(listed[:5])}" if listed else "no column beside the ids"
        expected = "one list column, or a column for each number of the vectors"
        raise stop(Problem("RG361", what, table.place(), expected=expected))
    there, vectors = _lists(table, listed[0]) if listed else _numbers(table, others)
    given = InputFile(shown, table.sha256, table.n_rows, "embeddings")
    return _Read(ids.filter(there), vectors, shown, listed[0] if listed else "", given, table.notes)


def _lists(table: Table, column: str) -> tuple[pl.Series, Vectors]:
    """Which rows have a list, and those lists as vectors."""
    series = table.frame[column]
    if series.dtype == pl.String:
        text = series.set(series.str.strip_chars().is_in(["", "null"]).fill_null(value=False), None)
        try:
            series = text.str.replace_all(r"\bNaN\b", "null").str.json_decode(pl.List(pl.Float64))
        except pl.exceptions.PolarsError:
            what = "not every value is a list of numbers"
            raise stop(Problem("RG361", what, table.place(column=column), mend='write lists as "[0.1, 0.9]"')) from None
    if isinstance(series.dtype, pl.Array):
        series = series.arr.to_list()
    if not isinstance(series.dtype, pl.List) or not series.dtype.inner.is_numeric():
        what = f"holds {table.frame.schema[column]}, not lists of numbers"
        raise stop(Problem("RG361", what, table.place(column=column), expected="a list of numbers a sample"))
    there = series.is_not_null()
    lists = series.drop_nulls()
    lengths = lists.list.len()
    if not len(lists) or not lengths[0]:
        raise stop(Problem("RG361", "no vectors: lists are empty", table.place(column=column)))
    rows = there.arg_true()
    unlike = (lengths != lengths[0]).arg_true()
    if len(unlike):
        row = int(unlike[0])
        what = f"a vector of {lengths[row]} numbers, where the first has {lengths[0]}{_more(len(unlike))}"
        raise stop(Problem("RG362", what, table.place(int(rows[row]), column), expected="vectors of one length"))
    vectors = _single(lists.explode().cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(len(lists), lengths[0]))
    _refuse_unusable(table, column, vectors, rows.to_list())
    return there, vectors


def read_vectors(table: Table, column: str) -> Vectors:
    """A list column as vectors, a row a row of the table; NaN where it has none.

    Raises:
        InputError: it holds no lists of numbers (RG361), of one length (RG362), all finite (RG363).
    """
    there, vectors = _lists(table, column)
    found = np.full((table.n_rows, vectors.shape[1]), np.nan, np.float32)
    found[there.to_numpy()] = vectors
    return found


def _numbers(table: Table, names: Sequence[str]) -> tuple[pl.Series, Vectors]:
    """Which rows have any number, and those rows as vectors."""
    problems: list[Problem] = []
    read = [read_numbers(table, name, problems).fill_nan(None) for name in names]
    if problems:
        raise InputError(problems[:5])
    frame = pl.DataFrame(read)
    there = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    vectors = _single(frame.filter(there).fill_null(np.nan).to_numpy())
    _refuse_unusable(table, None, vectors, there.arg_true().to_list())
    return there, vectors


def _single(array: npt.NDArray[np.generic]) -> Vectors:
    """The numbers in single precision; those too large for it are infinite."""
    with np.errstate(over="ignore"):
        return np.asarray(array.astype(np.float32))


def _refuse_unusable(table: Table, column: str | None, vectors: Vectors, rows: Sequence[int]) -> None:
    """Raise where a vector holds what is no finite number."""
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(wrong):
        what = f"a vector with numbers that are missing, NaN or infinite{_more(len(wrong))}"
        mend = "leave such vectors out"
        raise stop(Problem("RG363", what, table.place(rows[int(wrong[0])], column), mend=mend))


def _more(n: int) -> str:
    return f", and {n - 1:,} more" if n > 1 else ""
