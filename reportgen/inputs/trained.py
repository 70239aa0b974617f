"""The tables that versions were trained on, as far as a report needs them: what slices, the target, ids and groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reportgen.errors import InputError, Problem
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
        wanted: the columns that slice, and the target's; ids and groups are read where the table has their columns.

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
        for name in (roles.id, roles.group)
    )
    return TrainingTable(table.path, table.sha256, table.n_rows, typed, ids, groups)


def _lacking(table: Table, wanted: list[str]) -> Iterable[Note]:
    lost = [name for name in wanted if name not in table.frame.columns]
    if lost:
        shown = ", ".join(f'"{name}"' for name in lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        message = f"the training table has no column {shown}: how often those values occur there isn't told"
        yield Note("RG345", "info", message, table.path, n=len(lost), examples=tuple(lost[:5]))
