"""Where the masks of each side are: a folder of PNGs, a table that names them, or a file of objects with masks."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.fields import Fields, no_column
from reportgen.inputs.formats.choose import TABLES, read_given
from reportgen.inputs.formats.given import GivenObjects, Source, digest_all
from reportgen.inputs.labels import listed, order_classes
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.mask_images import MaskFiles, MaskImages, PixelValues, Size, find_masks, list_masks
from reportgen.inputs.mask_objects import TRUE, MaskObjects, Meanings, lay_out, told_sizes
from reportgen.inputs.mask_sums import SampleMasks
from reportgen.inputs.object_images import Names, place_images, sample_names, tell_images, with_images
from reportgen.inputs.pictures import MAX_BYTES
from reportgen.inputs.predictions import ROW, Read, one_an_id
from reportgen.inputs.samples import Samples
from reportgen.inputs.sides import missing_notes, no_overlap
from reportgen.inputs.tables import Table, read_table
from reportgen.inputs.values import read_ids, read_text, several
from reportgen.model import InputFile, Note

Flags = npt.NDArray[np.bool_]

USUAL = ("mask", "mask_path", "segmentation", "prediction", "path")
"""What a column of paths of masks is called, unless the manifest says."""

MOST_VALUE = (1 << 16) - 1


@dataclass(frozen=True, eq=False)
class OpenedMasks:
    """The masks of one side, found, and not yet read.

    Attributes:
        masks: by sample.
        inputs: the files that were read so far: a table, or a file of objects.
        shown: the folder or table as the user wrote it.
        n_unknown: masks of no sample.
        notes: what is to be told.
        empty: samples whose mask the table leaves empty.
    """

    masks: SampleMasks
    inputs: tuple[InputFile, ...]
    shown: str
    n_unknown: int = 0
    notes: tuple[Note, ...] = ()
    empty: Flags | None = None

    def images(self, role: str) -> InputFile | None:
        """The mask images that samples have, as one input; None where masks are in a file of objects."""
        if not isinstance(self.masks, MaskImages):
            return None
        used = sorted({one for one in self.masks.sources if isinstance(one, str)})
        shown = f"masks named by {self.shown}" if self.inputs else self.shown
        return InputFile(shown, digest_all(_regular(self.masks.root, used)), len(used), role)


def _regular(root: Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The contents of those that may be read and are there: a mask that a sample needs was read, or told, before."""
    for name in names:
        try:
            path = (root / name).resolve()
            status = path.stat()
        except (OSError, ValueError):
            continue
        if path.is_relative_to(root) and stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES:
            yield name, path.read_bytes()


@dataclass(frozen=True, eq=False)
class OpenedTruth:
    """The true masks, the names of their classes in order, and what versions are held against.

    Attributes:
        opened: the masks.
        classes: in the order of their codes.
        values: of pixels; None where the classes have none.
        meanings: of categories.
        sizes: of images as a file of objects tells them; empty where it does not.
        names: of samples, with what a file of objects calls them.
    """

    opened: OpenedMasks
    classes: tuple[str, ...]
    values: PixelValues | None
    meanings: Meanings
    sizes: Sequence[Sequence[Size]]
    names: Names


def open_truth(loaded: LoadedManifest, samples: Table, base: Samples) -> OpenedTruth:
    """The true masks that the manifest names.

    Raises:
        InputError: they cannot be found, or what their pixels mean is not said.
    """
    spec = loaded.manifest.masks
    assert spec is not None
    ids, media = base.frame[columns.ID], _media(loaded, base)
    path = loaded.masks_path
    if spec.column is None and path is not None and not _of_images(path):
        source = Source(path, loaded.shown(path), truth=True)
        given = _read(source, "", loaded)
        names = sample_names(ids, media, loaded.manifest.columns.id)
        placed = place_images(given, names, source)
        if placed.problem:
            raise stop(placed.problem)
        classes, known = _categories(loaded, given)
        meanings = _meanings(loaded, classes, known, given)
        masks, notes = lay_out(given, placed, len(ids), meanings, source, TRUE)
        told = (*given.notes, *tell_images(given, placed, names, source, ""), *notes)
        files = (InputFile(source.shown, given.content, len(given), "masks"),)
        return OpenedTruth(
            OpenedMasks(masks, files, source.shown, notes=told),
            classes,
            _values(loaded, known.values()),
            meanings,
            told_sizes(given, placed, len(ids)),
            with_images(names, given.images, placed.rows),
        )
    classes = tuple(spec.classes)
    if not classes:
        what, place = "what the pixels of mask images mean is not said", loaded.place("masks")
        mend = "name each class with the value of its pixels: masks: {path: …, classes: {nucleus: 255}}"
        raise stop(Problem("RG111", what, place, "masks.classes", mend=mend))
    values = _values(loaded, spec.classes.values())
    if values is None:
        raise stop(_no_values(loaded))
    if spec.column is not None:
        opened = _named(loaded, samples, base, spec.column, values)
    else:
        assert path is not None
        opened = _in_folder(path, loaded.shown(path), ids, media, values, "")
    return OpenedTruth(
        opened,
        classes,
        values,
        _meanings(loaded, classes, spec.classes, None),
        [[] for _ in range(len(ids))],
        sample_names(ids, media, loaded.manifest.columns.id),
    )


def open_version(loaded: LoadedManifest, name: str, path: Path, base: Samples, truth: OpenedTruth) -> OpenedMasks:
    """The masks of one version.

    Raises:
        InputError: they cannot be found, or do not go with the true ones.
    """
    shown = loaded.shown(path)
    ids = base.frame[columns.ID]
    if _of_images(path) or path.suffix.lower() in TABLES:
        if truth.values is None:
            raise stop(_no_values(loaded))
        if path.is_dir():
            return _in_folder(path.resolve(), shown, ids, _media(loaded, base), truth.values, name)
        return _in_table(loaded, read_table(path, f"predictions of {name}", shown), name, base, truth.values)
    source = Source(path, shown, truth=False)
    given = _read(source, name, loaded)
    placed = place_images(given, truth.names, source)
    if placed.problem:
        raise stop(placed.problem)
    masks, notes = lay_out(given, placed, len(ids), truth.meanings, source, f"detections of {name}")
    told = (*given.notes, *tell_images(given, placed, truth.names, source, name), *notes)
    n_unknown = int((placed.rows < 0).sum())
    files = (InputFile(shown, given.content, len(given), f"predictions of {name}"),)
    return OpenedMasks(masks, files, shown, n_unknown, told)


def _media(loaded: LoadedManifest, base: Samples) -> pl.Series | None:
    column = loaded.manifest.columns.media
    return base.own[column] if column is not None and column in base.own.columns else None


def _of_images(path: Path) -> bool:
    """Whether masks are to be read from PNGs beneath the path, which is no folder of images beside their labels."""
    return path.is_dir() and not (path / "labels").is_dir() and next(list_masks(path), None) is not None


def _read(source: Source, version: str, loaded: LoadedManifest) -> GivenObjects:
    given = read_given(source, version=version, id_column=loaded.manifest.columns.id)
    if given.problems:
        raise InputError(given.problems)
    return given


def _categories(loaded: LoadedManifest, given: GivenObjects) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The classes of a file of objects in order, and the category of each: as the manifest says, else all there are."""
    spec = loaded.manifest.masks
    assert spec is not None
    if spec.classes:
        return tuple(spec.classes), spec.classes
    named = given.categories or {name: name for name in order_classes(given.frame["class"].unique().to_list())}
    kept = {key: name for key, name in named.items() if not {key, name} & set(spec.ignore)}
    known: dict[str, str] = {}
    for key, name in kept.items():
        known.setdefault(name, key)
    return tuple(known), known


def _meanings(
    loaded: LoadedManifest, classes: Sequence[str], known: Mapping[str, str], given: GivenObjects | None
) -> Meanings:
    """What categories mean: those of the true objects' file by id and name, and the values of the manifest."""
    spec = loaded.manifest.masks
    assert spec is not None
    code = {name: at for at, name in enumerate(classes)}
    ids = {value: code[name] for name, value in known.items()} | dict.fromkeys(spec.ignore, len(classes) + 1)
    names = dict(code)
    for key, name in (given.categories if given is not None else {}).items():
        found = ids.get(key, ids.get(name, code.get(name)))
        if found is not None:
            ids.setdefault(key, found)
            names.setdefault(name, found)
    return Meanings(len(classes), ids, names, loaded.manifest.prediction_columns.label_map)


def _values(loaded: LoadedManifest, of_classes: Mapping[str, str] | Sequence[str] | object) -> PixelValues | None:
    """The values of pixels; None where one is no whole number up to 65,535."""
    spec = loaded.manifest.masks
    assert spec is not None
    texts = [*of_classes, *spec.ignore]  # type: ignore[misc]
    if not all(text.isascii() and text.isdigit() and int(text) <= MOST_VALUE for text in texts):
        return None
    n = len(texts) - len(spec.ignore)
    return PixelValues(tuple(map(int, texts[:n])), tuple(map(int, texts[n:])))


def _no_values(loaded: LoadedManifest) -> Problem:
    spec = loaded.manifest.masks
    assert spec is not None
    wrong = [one for one in (*spec.classes.values(), *spec.ignore) if not (one.isascii() and one.isdigit())]
    what = f"pixels of mask images have values, and {listed(wrong)} is none" if wrong else "classes have no values"
    mend = "name each class with the value of its pixels: masks: {classes: {nucleus: 255}}"
    expected = f"a whole number up to {MOST_VALUE:,}"
    return Problem("RG112", what, loaded.place("masks"), "masks.classes", expected=expected, mend=mend)


def _in_folder(
    folder: Path, shown: str, ids: pl.Series, media: pl.Series | None, values: PixelValues, version: str
) -> OpenedMasks:
    """The masks of a folder, by the samples' ids or the names of their images, whichever finds more."""
    found = _most(folder, [ids.to_list(), *([media.to_list()] if media is not None else [])])
    lost = [at for at, one in enumerate(found.of_sample) if one is None]
    whose = f" of {version}" if version else ""
    if len(lost) == len(ids):
        files = listed(found.unused[:2])
        what = f"no mask{whose} is of a sample: {files} there, and {listed(ids.head(2).to_list())} in the samples"
        mend = "call masks by the samples' ids, or as their images are called"
        raise stop(Problem("RG356", what, Place(shown), mend=mend))
    notes = []
    if found.unused:
        message = f"{several(len(found.unused), 'mask')}{whose} that no sample is of: left out"
        notes.append(Note("RG308", "degraded", message, shown, "", len(found.unused), found.unused[:5]))
    if lost and version:
        message = f"{version} has no prediction for {len(lost):,} of {several(len(ids), 'sample')}"
        notes.append(Note("RG307", "degraded", message, shown, "", len(lost), tuple(ids.gather(lost[:5]).to_list())))
    masks = MaskImages(folder.resolve(), found.of_sample, values, shown.rstrip("/"))
    return OpenedMasks(masks, (), shown, len(found.unused), tuple(notes))


def _most(folder: Path, namings: Sequence[Sequence[str | None]]) -> MaskFiles:
    best: MaskFiles | None = None
    failed: InputError | None = None
    for names in namings:
        try:
            found = find_masks(folder, [name or "" for name in names])
        except InputError as error:
            failed = failed or error
            continue
        if best is None or len(found.unused) < len(best.unused):
            best = found
    if best is None or (failed is not None and all(one is None for one in best.of_sample)):
        assert failed is not None
        raise failed
    return best


def _named(loaded: LoadedManifest, samples: Table, base: Samples, column: str, values: PixelValues) -> OpenedMasks:
    """The true masks that a column of the sample table names."""
    if column not in samples.frame.columns:
        raise stop(no_column(samples, column, loaded.place("masks", "column"), "masks.column"))
    paths = read_text(samples, column).gather(base.frame[ROW]).to_list()
    root = loaded.root if loaded.masks_path is None else loaded.masks_path
    told = "" if loaded.masks_path is None else loaded.shown(root).rstrip("/")
    return OpenedMasks(MaskImages(root.resolve(), paths, values, told), (), f"{samples.path}, column {column}")


def _in_table(loaded: LoadedManifest, table: Table, version: str, base: Samples, values: PixelValues) -> OpenedMasks:
    """The masks that a table of predictions names, one to one by id; paths begin in the manifest's folder."""
    declared = loaded.manifest.prediction_columns
    spec = loaded.manifest.masks
    key = declared.id or loaded.manifest.columns.id
    usual = [name for name in (spec.column if spec else None, *USUAL) if name is not None]
    chosen = declared.mask or next((name for name in usual if name in table.frame.columns), usual[0])
    for name, inner in ((key, "id"), (chosen, "mask")):
        if name not in table.frame.columns:
            place = loaded.place("prediction_columns", inner)
            raise stop(no_column(table, name, place, f"prediction_columns.{inner}"))
    problems: list[Problem] = []
    notes: list[Note] = []
    ids, paths = read_ids(table, key), read_text(table, chosen).alias("mask")
    frame = pl.DataFrame([pl.Series(ROW, range(table.n_rows), dtype=pl.UInt32), ids, paths])
    fields = Fields(key, label=chosen)
    frame = one_an_id(table, fields, frame, problems, notes)
    if problems:
        raise InputError(problems)
    read = Read(table, version, fields, frame.with_columns(valid=pl.col("mask").is_not_null()))
    known = frame["id"].is_in(base.all_ids.implode())
    if not known.any():
        raise stop(no_overlap(read, base))
    own = base.frame.select(columns.ID).join(
        read.frame.select(pl.col("id").alias(columns.ID), "mask", "valid"),
        on=columns.ID,
        how="left",
        maintain_order="left",
    )
    valid = own["valid"]
    n_unknown = int((~known).sum())
    notes += missing_notes(read, base.frame[columns.ID], valid, int(valid.null_count()), n_unknown, known)
    empty = (~valid).fill_null(value=False)
    if n := int(empty.sum()):
        message = f"{several(n, 'prediction')} of {version} without the path of a mask: left out"
        first = tuple(base.frame[columns.ID].filter(empty).head(5).to_list())
        notes.append(Note("RG317", "degraded", message, table.path, chosen, n, first))
    return OpenedMasks(
        MaskImages(loaded.root.resolve(), own["mask"].to_list(), values),
        (InputFile(table.path, table.sha256, table.n_rows, f"predictions of {version}"),),
        table.path,
        n_unknown,
        (*table.notes, *notes),
        empty.to_numpy(),
    )


def objects_of(opened: OpenedMasks) -> MaskObjects | None:
    """The masks as objects of a file; None where they are images."""
    return opened.masks if isinstance(opened.masks, MaskObjects) else None
