"""Tables from files: CSV, JSON lines, Parquet and Arrow, with where every fault stands.

CSV values stay text until a role asks for numbers; nothing is dropped or repaired without a note.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs import delimited, lines
from reportgen.inputs.paths import kind_of, nearest_entry
from reportgen.model import Note

MAX_COLUMNS = 2_000

_CSV = {".csv", ".tsv", ".txt"}
_JSON = {".jsonl", ".ndjson", ".json"}
_PARQUET = {".parquet", ".pq"}
_ARROW = {".arrow", ".feather", ".ipc"}
NULL_TOKENS = ("", "NA", "N/A", "null", "-")
"""What means "no value" in a cell of CSV; of a format that knows its own nulls, only the empty text does."""
FORMATS = "CSV, JSONL, Parquet or Arrow IPC (.csv .tsv .jsonl .ndjson .parquet .arrow .feather .ipc)"

_PICKLES = {".pkl", ".pickle", ".pt", ".pth", ".bin", ".joblib", ".ckpt", ".sav"}
_ARRAYS = {".npy", ".npz"}
SNIPPET = (
    "import polars as pl\n"
    '  pl.DataFrame({"id": ids, "prediction": labels, "probabilities": probs.tolist()}).write_parquet("preds.parquet")'
)


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was read. ``path`` is as the user wrote it; ``first_row`` is its first row's number.

    ``rows`` holds the number of each row where blank lines stand between them. ``class_names`` are the names that a
    Parquet file keeps for whole-number labels, by column, in their order. ``null_tokens`` mean "no value" as a label.
    """

    frame: pl.DataFrame
    path: str
    sha256: str
    n_rows: int
    notes: tuple[Note, ...] = ()
    first_row: int = 1
    rows: tuple[int, ...] | None = None
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    null_tokens: tuple[str, ...] = ("",)

    def place(self, row: int | None = None, column: str | None = None, value: object = None) -> Place:
        """The place of a cell; ``row`` counts from 0 in the frame."""
        number = None if row is None else self.rows[row] if self.rows else row + self.first_row
        return Place(self.path, row=number, column=column, value=None if value is None else _short(str(value)))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"


def read_tables(
    samples: Path,
    predictions: Mapping[str, Path],
    shown: Callable[[Path], str] = str,
    *,
    runs: Mapping[str, Sequence[Path]] | None = None,
) -> tuple[Table, dict[str, Table], dict[str, tuple[Table, ...]]]:
    """The sample table, a table a version, and those of further trainings; all that cannot be read are told at once.

    Args:
        samples: the sample table's file.
        predictions: a file a version.
        runs: the files of a version's further trainings.
        shown: a path as the user wrote it.

    Raises:
        InputError: the problems of all files (RG2xx).
    """
    problems: list[Problem] = []
    tables: list[Table] = []
    further = [(name, i, path) for name, paths in (runs or {}).items() for i, path in enumerate(paths)]
    roles = [
        "samples",
        *(f"predictions of {name}" for name in predictions),
        *(f"predictions of {run_name(name, i + 2)}" for name, i, _ in further),
    ]
    for role, path in zip(roles, [samples, *predictions.values(), *(path for _, _, path in further)], strict=True):
        try:
            tables.append(read_table(path, role, shown(path)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    found: dict[str, tuple[Table, ...]] = {}
    for (name, _, _), table in zip(further, tables[1 + len(predictions) :], strict=True):
        found[name] = (*found.get(name, ()), table)
    return tables[0], dict(zip(predictions, tables[1 : 1 + len(predictions)], strict=True)), found


def run_name(version: str, run: int) -> str:
    """What one training of a version is called, the first being 1: "v2, training 3"."""
    return f"{version}, training {run}"


def read_table(path: Path, role: str, shown: str) -> Table:
    """The table in a file, of the format that its ending names.

    Args:
        path: the file.
        role: what it is for, "samples" or "predictions of NAME".
        shown: the path as the user wrote it.

    Raises:
        InputError: the file is missing, of no known format, damaged, empty or changed while it was read (RG2xx).
    """
    _refuse_kind(path, role, shown)
    before = os.stat(path)
    if not before.st_size:
        raise stop(Problem("RG205", f"no rows: the file of the {role} is empty", Place(shown)))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    table = _reader(path)(path, shown)
    after = os.stat(path)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise stop(Problem("RG213", "the file changed during the build", Place(shown), mend="build again"))
    frame, notes = plain(table.frame, shown)
    if not frame.height:
        raise stop(Problem("RG205", f"no rows of the {role}: only a header", Place(shown)))
    if frame.width > MAX_COLUMNS:
        what = f"{frame.width:,} columns"
        raise stop(Problem("RG214", what, Place(shown), expected=f"at most {MAX_COLUMNS:,}", mend="leave columns out"))
    return Table(
        frame,
        shown,
        digest,
        frame.height,
        (*table.notes, *notes),
        table.first_row,
        table.rows,
        table.class_names,
        table.null_tokens,
    )


def _refuse_kind(path: Path, role: str, shown: str) -> None:
    if not path.exists():
        mend = nearest_entry(path.parent, path.name)
        raise stop(Problem("RG200", f"file of the {role} not found", Place(shown), mend=mend))
    if not path.is_file():
        raise stop(Problem("RG212", f"is {kind_of(path)}", Place(shown), expected="a regular file"))
    ending = path.suffix.lower()
    if ending in _PICKLES | _ARRAYS:
        why = "never opened, since loading it can run code" if ending in _PICKLES else "holds no ids to join by"
        what = f"{ending} {why}"
        raise stop(Problem("RG211", what, Place(shown), expected=FORMATS, mend=f"export it once:\n  {SNIPPET}"))
    if ending not in _CSV | _JSON | _PARQUET | _ARROW:
        raise stop(Problem("RG211", f'no table format ends in "{ending}"', Place(shown), expected=FORMATS))
    if not os.access(path, os.R_OK):
        raise stop(Problem("RG200", "no permission to read", Place(shown), mend="change the file's permissions"))


@dataclass(frozen=True, eq=False)
class _Read:
    frame: pl.DataFrame
    notes: tuple[Note, ...] = ()
    first_row: int = 1
    rows: tuple[int, ...] | None = None
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    null_tokens: tuple[str, ...] = ("",)


def _reader(path: Path) -> Callable[[Path, str], _Read]:
    ending = path.suffix.lower()
    if ending in _CSV:
        return _read_csv
    if ending in _JSON:
        return _read_json
    return _read_parquet if ending in _PARQUET else _read_arrow


def _read_csv(path: Path, shown: str) -> _Read:
    content = path.read_bytes()
    _refuse_magic(content, shown)
    read = delimited.read(content, shown, "\t" if path.suffix.lower() == ".tsv" else None)
    notes = []
    if read.padded:
        names = ", ".join(f'"{name}"' for name in read.padded[:5])
        message = (
            f"{len(read.padded)} of the columns have blanks around their names: {names} are read without, as cells"
        )
        notes.append(Note("RG218", "info", message, shown, read.padded[0], len(read.padded)))
    return _Read(read.frame, tuple(notes), 2, read.rows, null_tokens=NULL_TOKENS)


def _read_json(path: Path, shown: str) -> _Read:
    content = path.read_bytes()
    _refuse_magic(content, shown)
    frame, notes, rows = lines.read(content, shown)
    return _Read(frame, notes, 1, rows)


def _refuse_magic(content: bytes, shown: str) -> None:
    """A binary table under the name of a text format is told by what it is."""
    kinds = {b"PAR1": "Parquet", b"ARROW1": "Arrow IPC", b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "gzip"}
    for magic, kind in kinds.items():
        if content.startswith(magic):
            what = f"the content is {kind}, not what the file's ending says"
            raise stop(Problem("RG211", what, Place(shown), mend="rename the file, or unpack it"))


def _read_parquet(path: Path, shown: str) -> _Read:
    def load() -> pl.DataFrame:
        return pl.read_parquet(path, glob=False, hive_partitioning=False)

    frame = _guarded(load, path, shown, "RG209", "Parquet", b"PAR1")
    frame, class_names = _named_labels(frame, pl.read_parquet_metadata(path))
    return _Read(frame, class_names=class_names)


def _named_labels(frame: pl.DataFrame, metadata: Mapping[str, str]) -> tuple[pl.DataFrame, dict[str, tuple[str, ...]]]:
    """The frame with names for the labels that Hugging Face's data sets keep as whole numbers, and those names."""
    try:
        features = json.loads(metadata.get("huggingface", "{}"))["info"]["features"]
        labels = {
            name: tuple(map(str, feature["names"]))
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return frame, {}
    found = {
        name: names
        for name, names in labels.items()
        if name in frame.columns and frame.schema[name].is_integer() and len(set(names)) == len(names)
    }
    return frame.with_columns(
        pl.col(name).replace_strict(list(range(len(names))), list(names), default=None, return_dtype=pl.String)
        for name, names in found.items()
    ), found


def _read_arrow(path: Path, shown: str) -> _Read:
    def load() -> pl.DataFrame:
        with path.open("rb") as file:
            is_file = file.read(6) == b"ARROW1"
            file.seek(0)
            content = file.read()
        return pl.read_ipc(content) if is_file else pl.read_ipc_stream(content)

    return _Read(_guarded(load, path, shown, "RG210", "Arrow IPC", b"ARROW1"))


def _guarded(
    load: Callable[[], pl.DataFrame], path: Path, shown: str, code: str, kind: str, magic: bytes
) -> pl.DataFrame:
    try:
        return load()
    except (Exception, pl.exceptions.PanicException) as error:  # damaged files raise whatever the decoder meets
        reason = re.sub(r"\s+", " ", str(error))[:200]
    with path.open("rb") as file:
        head = file.read(16)
    size = path.stat().st_size
    what = f"not a valid {kind} file of {size:,} bytes"
    if not head.startswith(magic) and b"\0" not in head:
        raise stop(
            Problem(code, f"{what}: it begins like text", Place(shown), mend="rename it to what it is, such as .csv")
        )
    mend = "write or copy it again: it looks cut short" if head.startswith(magic) else "write it again"
    raise stop(Problem(code, f"{what} ({reason})", Place(shown), mend=mend))


def plain(frame: pl.DataFrame, shown: str) -> tuple[pl.DataFrame, list[Note]]:
    """The frame with objects spread to ``object.field`` columns, categories as text, and binary columns left out."""
    notes: list[Note] = []
    for _ in range(3):
        nested = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Struct)]
        if not nested or frame.width > MAX_COLUMNS:
            break
        frame = _spread(frame, nested)
    cast: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        if dtype in (pl.Binary, pl.Object) or isinstance(dtype, pl.Struct):
            notes.append(Note("RG217", "info", f'column "{name}" holds binary or nested values: not read', shown, name))
        elif dtype in (pl.Categorical, pl.Enum):
            cast.append(pl.col(name).cast(pl.String))
        elif dtype.is_decimal():
            cast.append(pl.col(name).cast(pl.Float64))
        elif dtype == pl.Null:
            cast.append(pl.col(name).cast(pl.String))
        else:
            cast.append(pl.col(name))
    return frame.select(cast), notes


def _spread(frame: pl.DataFrame, nested: list[str]) -> pl.DataFrame:
    parts: list[pl.Series] = []
    taken = set(frame.columns)
    for series in frame.get_columns():
        if series.name not in nested:
            parts.append(series)
            continue
        for inner in series.struct.unnest().get_columns():
            name = f"{series.name}.{inner.name}"
            if name not in taken:
                taken.add(name)
                parts.append(inner.alias(name))
    return pl.DataFrame(parts)
