"""The tables that versions were trained on, as far as a report needs them: what slices, target, ids, content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.embeddings import Embedding, read_vectors
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.tables import Table, read_table
from reportgen.inputs.values import read_text, type_samples
from reportgen.inspection.training import TrainingTable
from reportgen.model import InputFile, Note


def read_training(
    loaded: LoadedManifest, wanted: Iterable[str]
) -> tuple[Mapping[str, TrainingTable], tuple[InputFile, ...], tuple[Note, ...]]:
    """The training tables by version, the files that were read, and notes of what they do not have.

    Args:
        loaded: the manifest; versions that name no table have none.
        wanted: the columns that slice, and the target's; ids, groups, texts and a list column of vectors are read where
            the table has their columns.

    Raises:
        InputError: the problems of all tables (RG2xx).
    """
    wanted = list(wanted)
    problems: list[Problem] = []
    notes: list[Note] = []
    files: list[InputFile] = []
    read: dict[object, TrainingTable] = {}
    found: dict[str, TrainingTable] = {}
    for name, path in loaded.trained_paths.items():
        if path not in read:
            try:
                table = read_table(path, f"training data of {name}", loaded.shown(path))
            except InputError as error:
                problems += error.problems
                continue
            read[path] = _taken(table, wanted, loaded)
            notes += [*table.notes, *_lacking(table, wanted)]
        found[name] = read[path]
        one = read[path]
        files.append(InputFile(one.path, one.sha256, one.n_rows, f"training data of {name}"))
    if problems:
        raise InputError(problems)
    return found, tuple(files), tuple(notes)


def _taken(table: Table, wanted: list[str], loaded: LoadedManifest) -> TrainingTable:
    kept = table.frame.select(name for name in wanted if name in table.frame.columns)
    typed = type_samples(kept, set(), table.null_tokens) if kept.width else kept
    roles = loaded.manifest.columns
    ids, groups = (
        read_text(table, name) if name is not None and name in table.frame.columns else None
        for name in (roles.id, roles.grouping)
    )
    text = roles.media if loaded.manifest.media is not None and loaded.manifest.media.kind == "text" else None
    texts = read_text(table, text) if text is not None and text in table.frame.columns else None
    vectors = None
    if loaded.embeddings_path is None and roles.embedding is not None and roles.embedding in table.frame.columns:
        vectors = read_vectors(table, roles.embedding)
    return TrainingTable(table.path, table.sha256, table.n_rows, typed, ids, groups, texts, vectors)


def ids_beyond(tables: Mapping[str, TrainingTable], samples: pl.Series) -> list[str]:
    """The ids of the tables that no sample has, each once, in order.

    A sample's id says nothing of a row of training: the two may be numbered each by itself.
    """
    found = [one.ids.drop_nulls() for one in tables.values() if one.ids is not None]
    if not found:
        return []
    every = pl.concat(found).unique().sort()
    return every.filter(~every.is_in(samples.implode())).to_list()


def with_vectors(
    tables: Mapping[str, TrainingTable], embedding: Embedding, ids: Sequence[str], column: str
) -> Mapping[str, TrainingTable]:
    """The tables with the vectors that a file of embeddings has of the ids; versions of one table still share one.

    Raises:
        InputError: vectors in a table's own ``column`` differ in length from the samples' (RG362).
    """
    if embedding.vectors is None:
        return {name: replace(one, vectors=None) if one.vectors is not None else one for name, one in tables.items()}
    width = embedding.vectors.shape[1]
    place = {key: row for row, key in enumerate(ids)}
    done: dict[int, TrainingTable] = {}
    for table in tables.values():
        if id(table) in done:
            continue
        done[id(table)] = table
        if table.vectors is not None and table.vectors.shape[1] != width:
            what = f"vectors of {table.vectors.shape[1]} numbers, where those of the samples have {width}"
            raise stop(Problem("RG362", what, Place(table.path), column, expected="vectors of one embedding"))
        if table.vectors is None and table.ids is not None and embedding.beyond is not None:
            rows = np.array([place.get(key, -1) for key in table.ids.to_list()], np.int64)
            vectors = np.full((table.n_rows, width), np.nan, np.float32)
            vectors[rows >= 0] = embedding.beyond[rows[rows >= 0]]
            if np.isfinite(vectors).any():
                done[id(table)] = replace(table, vectors=vectors)
    return {name: done[id(table)] for name, table in tables.items()}


def _lacking(table: Table, wanted: list[str]) -> Iterable[Note]:
    lost = [name for name in wanted if name not in table.frame.columns]
    if lost:
        shown = ", ".join(f'"{name}"' for name in lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        message = f"the training table has no column {shown}: how often those values occur there isn't told"
        yield Note("RG345", "info", message, table.path, n=len(lost), examples=tuple(lost[:5]))
