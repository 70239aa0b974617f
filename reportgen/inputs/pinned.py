"""Pinned sets: files of ids that the manifest names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

from reportgen.declarations import PinnedRule
from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.fields import no_column
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.tables import Table, read_table
from reportgen.inputs.values import read_ids
from reportgen.model import InputFile


@dataclass(frozen=True)
class Pinned:
    """The sets in the manifest's order, and the files that they were read from."""

    sets: tuple[PinnedRule, ...]
    inputs: tuple[InputFile, ...]


def read_pinned(loaded: LoadedManifest) -> Pinned:
    """Every pinned set of the manifest.

    A file is a table with a column of ids, under the samples' name for it or as ``id``; a ``.txt`` file has one id a
    line and no header.

    Raises:
        InputError: the problems of all files (RG2xx; RG301: no column of ids; RG303: a row without one).
    """
    problems: list[Problem] = []
    sets, inputs = [], []
    for name, path in loaded.pinned_paths.items():
        shown = loaded.shown(path)
        try:
            if path.suffix.lower() == ".txt":
                ids, digest, n_rows = _read_lines(path.read_bytes(), shown)
            else:
                table = read_table(path, f"pinned {name}", shown)
                ids, digest, n_rows = _read_column(loaded, table, name), table.sha256, table.n_rows
        except InputError as error:
            problems += error.problems
            continue
        sets.append(PinnedRule(name, tuple(dict.fromkeys(ids)), shown))
        inputs.append(InputFile(shown, digest, n_rows, f"pinned {name}"))
    if problems:
        raise InputError(problems)
    return Pinned(tuple(sets), tuple(inputs))


def _read_lines(content: bytes, shown: str) -> tuple[list[str], str, int]:
    """The lines that hold something, without the blanks around them."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte {error.start:,} is not UTF-8"
        raise stop(Problem("RG201", what, Place(shown), mend="save as UTF-8")) from None
    ids = [line.strip() for line in text.splitlines() if line.strip()]
    if not ids:
        raise stop(Problem("RG205", "no ids: the file is empty", Place(shown)))
    return ids, hashlib.sha256(content).hexdigest(), len(ids)


def _read_column(loaded: LoadedManifest, table: Table, name: str) -> list[str]:
    wanted = loaded.manifest.columns.id
    column = next((one for one in (wanted, "id") if one in table.frame.columns), None)
    if column is None:
        raise stop(no_column(table, wanted, loaded.place("pinned", name), f"pinned.{name}"))
    ids = read_ids(table, column)
    missing = ids.is_null().arg_true()
    if len(missing):
        raise stop(Problem("RG303", "no id", table.place(int(missing[0]), column), mend="leave the row out"))
    return pl.Series(ids).to_list()
