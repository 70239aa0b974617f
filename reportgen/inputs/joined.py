"""What every join ends in: samples with every version's predictions, and how the parts are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportgen.errors import InputError
from reportgen.inputs.changes import compare_versions, read_configs
from reportgen.inputs.fields import no_column
from reportgen.inputs.manifest import LoadedManifest, Manifest
from reportgen.inputs.positions import dotted
from reportgen.inputs.predictions import ROW
from reportgen.inputs.samples import Samples
from reportgen.inputs.tables import Table
from reportgen.inputs.values import several
from reportgen.model import Change, InputFile, Note, Parts, Version


@dataclass(frozen=True, eq=False)
class Joined:
    """Samples with every version's predictions, in the order of ids.

    Attributes:
        frame: the outcome frame of ``columns.py`` before attributes and outcomes, a row a sample with a target.
        samples: the user's own columns, same rows, same order, typed.
        classes: the target's labels in the manifest's order, else by number or spelling, then those that are only
            predicted; empty for regression, and where samples consist of parts.
        group_names: by group code.
        sequence_names: by code of the sequence that samples are frames of; empty where there are none.
        positive: binary alone.
        threshold: binary alone.
        versions: in the manifest's order.
        runs: the positions in the frame of each version's trainings, the first of which is the version's own.
        inputs: the files that were read.
        notes: what was left out, repaired or guessed.
        n_samples: rows of the sample table; for each version they are scored, missing, invalid or excluded.
        n_excluded: samples without a usable target, or not taken.
        n_taken: samples that a quick look takes; none where it takes all.
        parts: what the samples consist of, in tasks that judge parts.
    """

    frame: pl.DataFrame
    samples: pl.DataFrame
    classes: tuple[str, ...]
    group_names: tuple[str, ...]
    positive: str | None
    threshold: float | None
    versions: tuple[Version, ...]
    runs: tuple[tuple[int, ...], ...]
    inputs: tuple[InputFile, ...]
    notes: tuple[Note, ...]
    n_samples: int
    n_excluded: int
    n_taken: int | None = None
    parts: Parts | None = None
    sequence_names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class JoinedSide:
    """One version, or one further training of it, beside the samples.

    Attributes:
        frame: its columns of the outcome frame, a row a sample.
        version: its counts; of a further training nobody reads them.
        input: its file.
        notes: what is to be told of it.
    """

    frame: pl.DataFrame
    version: Version
    input: InputFile
    notes: Sequence[Note] = ()


def put_together(
    loaded: LoadedManifest,
    samples: Table,
    base: Samples,
    sides: Sequence[JoinedSide],
    further: Sequence[str],
    *,
    inputs: Sequence[InputFile] = (),
    notes: Sequence[Note] = (),
    classes: Sequence[str] = (),
    positive: str | None = None,
    parts: Parts | None = None,
) -> Joined:
    """The samples with every version's predictions.

    Args:
        loaded: the manifest.
        samples: the sample table.
        base: its samples, with a target that the outcome frame can hold.
        sides: the versions in the manifest's order, then their further trainings.
        further: whose these further trainings are.
        inputs: files that the truth was read from, beside the sample table.
        notes: what is to be told of no version alone.
        classes: of the one label that a sample has.
        positive: of a binary classification.
        parts: what the samples consist of.

    Raises:
        InputError: a version's config cannot be read.
    """
    manifest = loaded.manifest
    configs = read_configs(loaded)
    changes = compare_versions(manifest, configs)
    own = sides[: len(sides) - len(further)]
    return Joined(
        frame=pl.concat([base.frame.drop(ROW), *(side.frame for side in sides)], how="horizontal"),
        samples=base.own,
        classes=tuple(classes),
        group_names=base.group_names,
        sequence_names=base.sequence_names,
        positive=positive,
        threshold=None if positive is None else manifest.threshold,
        versions=tuple(_described(side.version, manifest, changes) for side in own),
        runs=_training_positions([side.version.name for side in own], further),
        inputs=(
            InputFile(samples.path, samples.sha256, samples.n_rows, "samples"),
            *inputs,
            *(side.input for side in sides),
            *dict.fromkeys(InputFile(one.path, one.sha256, None, "config") for one in configs.values()),
        ),
        notes=(
            *samples.notes,
            *base.notes,
            *_empty(base, parts),
            *notes,
            *(note for side in sides for note in side.notes),
        ),
        n_samples=samples.n_rows,
        n_excluded=base.n_excluded,
        n_taken=base.frame.height if base.taken else None,
        parts=parts,
    )


def _empty(base: Samples, parts: Parts | None) -> tuple[Note, ...]:
    """The note of a truth that has nothing of any sample."""
    if parts is None or any((one.right + one.missed).any() for one in parts.counts):
        return ()
    n = base.frame.height
    what = {"label": "label is true", "object": "object is annotated", "pixel": "pixel of a class is annotated"}
    message = f"no {what[parts.kind]} in any of {several(n, 'sample')}: whatever a version finds counts as false"
    return (Note("RG359", "degraded", message, n=n),)


def _described(version: Version, manifest: Manifest, changes: Mapping[str, tuple[Change, ...]]) -> Version:
    """The version with what the manifest says of it."""
    spec = manifest.versions[version.name]
    return replace(
        version,
        note=spec.note,
        commit=spec.commit,
        config=spec.config,
        changes=changes.get(version.name, ()),
        runs=() if spec.runs is None else tuple(spec.runs),
    )


def _training_positions(names: Sequence[str], owners: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Where each version's trainings stand: its own first, and the further ones, of ``owners``, behind all versions."""
    return tuple(
        (position, *(len(names) + k for k, owner in enumerate(owners) if owner == name))
        for position, name in enumerate(names)
    )


def require_columns(loaded: LoadedManifest, samples: Table) -> None:
    """Raise unless every column that the manifest names in the sample table is there."""
    roles = loaded.manifest.columns.model_dump()
    if loaded.manifest.judges_parts:
        del roles["target"]  # the truth is in files of its own
    named: list[tuple[str, str | int, str]] = [
        ("columns", role, name) for role, name in roles.items() if name is not None
    ]
    named += [("attributes", i, spec.column) for i, spec in enumerate(loaded.manifest.attribute_specs())]
    problems = [
        no_column(samples, name, loaded.place(part, inner), dotted((part, inner)))
        for part, inner, name in named
        if name not in samples.frame.columns
    ]
    if problems:
        raise InputError(problems)
