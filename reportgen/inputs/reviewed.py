"""The reviewed list: labels that people gave when they looked at samples again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.fields import no_column
from reportgen.inputs.labels import respell
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.tables import Table, read_table
from reportgen.inputs.values import read_ids, read_labels, read_numbers, several
from reportgen.inspection.boxes import BOX_KINDS, BoxKind
from reportgen.inspection.regions import REGION_KINDS, RegionKind
from reportgen.model import InputFile, Note
from reportgen.spreadsheet import GUARDED

_TOLD = ("reviewed", "label", "suggestion")


@dataclass(frozen=True)
class _Parts:
    """How a list of parts of samples is to be read."""

    noun: str
    kinds: Mapping[BoxKind, str] | Mapping[RegionKind, str]  # by key, as the list calls them
    before: str  # what the columns of the box begin with
    listed: str  # the column that only candidates have filled


_PARTS = {
    "detection": _Parts("box", BOX_KINDS, "suggested_", "suggestion"),
    "segmentation": _Parts("region", REGION_KINDS, "", "pixels"),
}


@dataclass(frozen=True, eq=False)
class ReviewedList:
    """What the file holds (``columns.REVIEWED``, or ``REVIEWED_PARTS``); ``n_open`` rows of it wait to be filled in."""

    file: str
    table: pl.DataFrame
    n_open: int
    input: InputFile
    notes: tuple[Note, ...]


def read_reviewed(loaded: LoadedManifest) -> ReviewedList | None:
    """The list that the manifest names; none where it names none.

    A table with the samples' id column (or ``id``), a column ``reviewed`` with the label that a person gave, and, where
    they are known, ``label`` and ``suggestion``: what the sample had then, and what the list said. Rows without a
    reviewed label are still to be done. Of boxes and regions it is the list that the page gives, with ``wrong`` or
    ``right`` under ``reviewed`` (``columns.REVIEWED_PARTS``).

    Raises:
        InputError: the file cannot be read (RG2xx), lacks a column (RG301), a row has no id (RG303), two rows of one
            sample, or of one box, have different labels (RG305), a value of a regression or a side of a box is no
            number (RG310, RG311), or a box or region is said to be neither wrong nor right (RG360).
    """
    path = loaded.reviewed_path
    if path is None:
        return None
    table = read_table(path, "reviewed labels", loaded.shown(path))
    wanted = loaded.manifest.columns.id
    key = next((one for one in (wanted, "id") if one in table.frame.columns), None)
    if key is None:
        raise stop(no_column(table, wanted, loaded.place("reviewed"), "reviewed"))
    if "reviewed" not in table.frame.columns:
        raise stop(no_column(table, "reviewed", loaded.place("reviewed"), "reviewed"))
    parts = _PARTS.get(loaded.manifest.task or "")
    if parts is not None and "kind" not in table.frame.columns:
        raise stop(no_column(table, "kind", loaded.place("reviewed"), "reviewed"))
    told = {name: _read(loaded, table, name) for name in _TOLD} if parts is None else _read_parts(table, parts)
    schema = columns.REVIEWED if parts is None else columns.REVIEWED_PARTS
    whole = pl.DataFrame({"id": _unguarded(read_ids(table, key)), **told}, schema=schema)
    one = ["id"] if parts is None else [name for name in schema if name not in {"reviewed", "listed"}]
    nameless = whole["id"].is_null().arg_true()
    if len(nameless):
        raise stop(Problem("RG303", "no id", table.place(int(nameless[0]), key), mend="leave the row out"))
    done = whole.with_row_index("at").filter(pl.col("reviewed").is_not_null())
    unlike = done.filter((pl.col("reviewed").n_unique().over(one) > 1) & ~pl.struct(one).is_first_distinct())
    if unlike.height:
        row = unlike.row(0, named=True)
        what = f'"{row["id"]}" was reviewed before, as another label'
        if parts is not None:
            what = f'a {parts.noun} of "{row["id"]}" was reviewed before, and said to be {row["reviewed"]} now'
        raise stop(Problem("RG305", what, table.place(row["at"], key), mend="keep the row that counts"))
    done = done.drop("at").unique(one, keep="first", maintain_order=True)
    n_open = whole.height - whole["reviewed"].count()
    notes = [*table.notes]
    if not done.height:
        what = "a reviewed label" if parts is None else f"a reviewed {parts.noun}"
        message = f"no row of {table.path} has {what} yet: fill in the column and build again"
        notes.append(Note("RG347", "info", message, table.path, "reviewed", n=n_open))
    elif n_open:
        message = f"{several(n_open, 'row')} of {table.path} not reviewed yet: left out"
        notes.append(Note("RG347", "info", message, table.path, "reviewed", n=n_open))
    file = InputFile(table.path, table.sha256, table.n_rows, "reviewed labels")
    return ReviewedList(table.path, done, n_open, file, tuple(notes))


def _read_parts(table: Table, parts: _Parts) -> dict[str, pl.Series]:
    """The columns of a list of boxes or regions, by the names of ``columns.REVIEWED_PARTS``.

    Raises:
        InputError: a word under ``reviewed`` or ``kind`` that is none of those that may stand there, or a side of a box
            that is no number.
    """
    problems: list[Problem] = []
    texts = {name: _text(table, name) for name in ("reviewed", "kind", "annotation")}
    listed = _text(table, parts.listed).is_not_null().alias("listed")
    known: dict[str, dict[str, str]] = {
        "reviewed": {"wrong": "wrong", "right": "right"},
        "kind": {name: key for key, name in parts.kinds.items()},
    }
    for name, words in known.items():
        said = texts[name].str.strip_chars().str.to_lowercase()
        strange = (said.is_not_null() & ~said.is_in(list(words))).arg_true()
        if len(strange):
            where = table.place(int(strange[0]), name, texts[name][strange[0]])
            problems.append(
                Problem("RG360", f"{several(len(strange), 'row')}: no such word", where, expected=", ".join(words))
            )
        texts[name] = said.replace_strict(words, default=None, return_dtype=pl.String).alias(name)
    sides = {}
    for name, side in zip(("left", "top", "width", "height"), ("x", "y", "width", "height"), strict=True):
        column = f"{parts.before}{side}"
        there = column in table.frame.columns
        empty = pl.Series([None] * table.n_rows, dtype=pl.Float64)
        sides[name] = read_numbers(table, column, problems).fill_nan(None) if there else empty
    if problems:
        raise InputError(problems)
    return {**texts, "listed": listed, **sides}


def _text(table: Table, name: str) -> pl.Series:
    """A column as text; nulls where the table has no such column."""
    if name not in table.frame.columns:
        return pl.Series(name, [None] * table.n_rows, dtype=pl.String)
    return _unguarded(read_labels(table.frame[name], frozenset(), table.null_tokens))


def _read(loaded: LoadedManifest, table: Table, name: str) -> pl.Series:
    """A column of labels, or of values, as text; nulls where the table has no such column."""
    if name not in table.frame.columns:
        return pl.Series(name, [None] * table.n_rows, dtype=pl.String)
    if loaded.manifest.task == "regression":
        problems: list[Problem] = []
        values = read_numbers(table, name, problems)
        if problems:
            raise InputError(problems)
        return values.fill_nan(None).cast(pl.String)
    classes = frozenset(loaded.manifest.classes or ())
    return _unguarded(read_labels(table.frame[name], classes, table.null_tokens))


def match_reviewed(found: ReviewedList, classes: Sequence[str]) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The list with labels spelt as the classes are, and a note of those that are no class.

    A person may find a label wrong though none of the classes is right: it counts as wrong, and can't be corrected.
    """
    if not classes or not found.table.height:
        return found.table, ()
    known = {respell(name): name for name in classes}

    def spelt(name: str) -> pl.Expr:
        return pl.col(name).map_elements(lambda one: known.get(respell(one), one), return_dtype=pl.String)

    table = found.table.with_columns(spelt("reviewed"), spelt("label"), spelt("suggestion"))
    strange = table.filter(~pl.col("reviewed").is_in(list(classes)))["reviewed"].unique().sort().to_list()
    if not strange:
        return table, ()
    shown = ", ".join(f'"{one}"' for one in strange[:5])
    message = f"reviewed labels of {found.file} that are no class ({shown}): these labels count as wrong"
    return table, (Note("RG348", "info", message, found.file, "reviewed", len(strange), tuple(strange[:5])),)


def _unguarded(texts: pl.Series) -> pl.Series:
    """Texts without the apostrophe that keeps spreadsheets from running them."""
    return texts.str.replace(GUARDED, "$1")
