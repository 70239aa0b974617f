"""True objects and every version's detections, read from whichever format, as frames of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.formats import coco
from reportgen.inputs.formats.choose import read_given
from reportgen.inputs.formats.given import HEIGHT, WIDTH, Array, GivenObjects, Source, digest
from reportgen.inputs.formats.json_text import parse
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.object_boxes import check_boxes, check_scores
from reportgen.inputs.object_classes import Classes, codes, match_classes, misnamed, name_classes
from reportgen.inputs.object_images import Names, place_images, sample_names, tell_images, with_images
from reportgen.inputs.object_shapes import check_masks, check_polygons, endless_polygons, lacking_masks
from reportgen.inputs.pictures import RefusedError, measure
from reportgen.inputs.tables import Table, read_table, run_name
from reportgen.inputs.values import several
from reportgen.model import InputFile, Note, OverlapKind
from reportgen.stats.mask_columns import fill_column, masks_of
from reportgen.tasks.objects import detections_of, truths_of

Ints = npt.NDArray[np.int64]

LISTED = "listed"
_WIDEST = 1 << 24  # pixels


@dataclass(frozen=True, eq=False)
class Objects:
    """The objects of one side: the true ones, or one version's detections.

    Attributes:
        frame: of ``columns.OBJECTS``; ``mask`` is null where the file has a box alone. Where overlaps are judged by
            masks, polygons are filled, and ``area`` is that of the mask, unless a true object's is annotated. Else
            a further column ``columns.POLYGONS`` has them, where there are any.
        attributes: the same rows: what else the file says of each true object, under its own names.
        notes: what was guessed, left out, or is not read.
        marks: the same rows: what the file calls each, its id, else the entry or line.
    """

    frame: pl.DataFrame
    attributes: pl.DataFrame
    notes: tuple[Note, ...]
    marks: pl.Series


@dataclass(frozen=True, eq=False)
class ReadObjects:
    """Everything that the files of objects say, by sample.

    Attributes:
        truths: the true objects.
        detections: by version, in the manifest's order; then of versions' further trainings.
        classes: their names in the order of codes: the truth's, then those that only versions name.
        images: a row a sample: ``width`` and ``height`` in pixels (Int64; null: no file tells), and ``listed``: false
            where the truth's format lists its images, and this one is not among them: nobody said what is in it.
        inputs: the files and folders that were read.
    """

    truths: Objects
    detections: Mapping[str, Objects]
    classes: tuple[str, ...]
    images: pl.DataFrame
    inputs: tuple[InputFile, ...]


@dataclass(frozen=True, eq=False)
class ObjectFiles:
    """Where objects are, and what the manifest says of them."""

    truth: Source
    versions: Mapping[str, Source]
    format: str | None = None  # of the truth
    classes: Sequence[str] | None = None
    class_map: Mapping[str, str] = field(default_factory=dict)  # the truth's names to the report's
    label_map: Mapping[str, str] = field(default_factory=dict)  # versions' names to the report's
    attributes: Sequence[str] | None = None  # of objects; all where it is left out
    overlap: OverlapKind = "box"
    id_column: str = "id"
    media_root: Path | None = None


def object_files(loaded: LoadedManifest) -> ObjectFiles:
    """Where the manifest says that objects are; further trainings of versions follow, called as ``run_name`` does."""
    manifest = loaded.manifest
    truth = loaded.objects_path if loaded.objects_path is not None else loaded.samples_path
    spec = manifest.objects
    versions = dict(loaded.prediction_paths)
    for name, further in loaded.run_paths.items():
        versions |= {run_name(name, i): path for i, path in enumerate(further, 2)}
    return ObjectFiles(
        Source(truth, loaded.shown(truth), truth=True),
        {name: Source(path, loaded.shown(path), truth=False) for name, path in versions.items()},
        None if spec is None else spec.format,
        manifest.classes,
        {} if spec is None else spec.class_map,
        manifest.prediction_columns.label_map,
        None if spec is None else spec.attributes,
        "box" if spec is None else spec.overlap,
        manifest.columns.id,
        loaded.media_root,
    )


def read_sample_table(loaded: LoadedManifest) -> Table:
    """The sample table of a detection: a table, or the images of a COCO file, a column a key of theirs.

    A sample's id then is its file name, unless the manifest names another column; the image's own id is ``image_id``.
    """
    path, shown = loaded.samples_path, loaded.shown(loaded.samples_path)
    images = read_images(path, shown)
    if images is None:
        return read_table(path, "samples", shown)
    frame = images.frame
    chosen = "id" in loaded.manifest.columns.model_fields_set
    if not chosen and "file_name" in frame.columns:
        own = [pl.col("id").alias("image_id")] if "id" in frame.columns and "image_id" not in frame.columns else []
        frame = frame.select(pl.col("file_name").alias("id"), *own, pl.exclude("id"))
    return replace(images, frame=frame)


def read_images(path: Path, shown: str) -> Table | None:
    """The images of a COCO file as a sample table, a row an image, a column a key of theirs; None: it is no such file.

    Raises:
        InputError: it has no images (RG205), or is no JSON.
    """
    if path.suffix.lower() != ".json" or not path.is_file():
        return None
    content = path.read_bytes()
    data = parse(content, shown)
    if not coco.is_truth(data):
        return None
    frame = coco.sample_columns(data)
    if not frame.height:
        raise stop(Problem("RG205", "no rows of the samples: the file has no images", Place(shown)))
    return Table(frame, shown, digest(content), frame.height)


def read_objects(
    files: ObjectFiles, ids: pl.Series, own: pl.DataFrame | None = None, media: str | None = None
) -> ReadObjects:
    """The true objects and every version's detections.

    Args:
        files: where they are.
        ids: of the samples, in the order of the outcome frame.
        own: the samples' own columns, same rows: ``width`` and ``height`` are used where no file of objects tells them.
        media: the column of ``own`` with the samples' images.

    Raises:
        InputError: every problem of the first stage that has any: the files, then images and classes, then boxes,
            scores, masks and sizes.
    """
    truth, versions = _read_all(files)
    pictures = own[media] if own is not None and media is not None and media in own.columns else None
    names = sample_names(ids, pictures, files.id_column)
    problems: list[Problem] = []
    placed = place_images(truth, names, files.truth)
    problems += [placed.problem] if placed.problem else []
    theirs = with_images(names, truth.images, placed.rows)
    found = {name: place_images(given, theirs, files.versions[name]) for name, given in versions.items()}
    problems += [one.problem for one in found.values() if one.problem]
    classes = name_classes(truth, files.truth, files.classes, files.class_map)
    if isinstance(classes, Problem):
        raise InputError([*problems, classes])
    truth_notes = [*truth.notes, *tell_images(truth, placed, names, files.truth, "")]
    notes = {
        name: [*given.notes, *tell_images(given, found[name], names, files.versions[name], name)]
        for name, given in versions.items()
    }
    known: dict[str, Mapping[str, str]] = {}
    extra: dict[str, None] = {}
    for name, given in versions.items():
        matched = match_classes(given, truth, classes, files.versions[name], name, files.label_map)
        if isinstance(matched, Problem):
            problems.append(matched)
            continue
        known[name] = matched.known
        extra.update(dict.fromkeys(matched.extra))
        notes[name] += matched.notes
    if problems:
        raise InputError(problems)
    classes = Classes((*classes.names, *extra), classes.known)
    kept = {name: _on_samples(given, found[name].rows) for name, given in versions.items()}
    kept_truth = _on_samples(truth, placed.rows)
    sizes = _sizes([(truth, placed.rows), *((versions[name], found[name].rows) for name in versions)], len(ids))
    sizes, size_problems = _fill_sizes(sizes, [kept_truth, *kept.values()], files, own, pictures, names)
    if size_problems:
        raise InputError(size_problems)
    truths, problems = _side(kept_truth, sizes, classes, classes.known, "", truth_notes, files)
    detections: dict[str, Objects] = {}
    for name, one in kept.items():
        problems += check_scores(one.given, name)
        side, wrong = _side(one, sizes, classes, known[name], name, notes[name], files)
        problems += wrong
        detections[name] = side
    if not problems:
        for name, side in detections.items():
            wrong_classes = misnamed(
                truths_of(truths.frame),
                detections_of(side.frame),
                classes.names,
                known[name],
                files.versions[name],
                name,
            )
            problems += [wrong_classes] if wrong_classes else []
    if problems:
        raise InputError(problems)
    listed = np.ones(len(ids), bool)
    if truth.every:
        listed = np.isin(np.arange(len(ids)), placed.rows)
    images = pl.DataFrame(
        {
            WIDTH: pl.Series(sizes[:, 0]).fill_nan(None).round().cast(pl.Int64),
            HEIGHT: pl.Series(sizes[:, 1]).fill_nan(None).round().cast(pl.Int64),
            LISTED: listed,
        }
    )
    inputs = [
        InputFile(files.truth.shown, truth.content, len(truth), "objects"),
        *(
            InputFile(files.versions[name].shown, given.content, len(given), f"predictions of {name}")
            for name, given in versions.items()
        ),
    ]
    return ReadObjects(truths, detections, classes.names, images, tuple(inputs))


def _read_all(files: ObjectFiles) -> tuple[GivenObjects, dict[str, GivenObjects]]:
    """What every file holds; all that cannot be read is told at once."""
    problems: list[Problem] = []
    read: dict[str, GivenObjects] = {}
    for name, source in [("", files.truth), *files.versions.items()]:
        try:
            given = read_given(source, format=None if name else files.format, version=name, id_column=files.id_column)
        except InputError as error:
            problems += error.problems
            continue
        problems += given.problems
        read[name] = given
    if problems:
        raise InputError(problems)
    truth = read.pop("")
    if len(truth) and truth.frame["score"].null_count() < len(truth) and not truth.every:
        what = "the true objects bear scores, as the detections of a version do"
        raise stop(Problem("RG378", what, files.truth.place(column="score"), mend="name the file of the truth"))
    return truth, read


@dataclass(frozen=True, eq=False)
class _Kept:
    """The objects that lie on a sample, and which one."""

    given: GivenObjects
    sample: Ints


def _on_samples(given: GivenObjects, rows: Ints) -> _Kept:
    place = pl.DataFrame({"image": given.images["image"], "sample": pl.Series(rows, dtype=pl.Int64)})
    sample = given.frame.select("image").join(place, on="image", how="left", maintain_order="left")["sample"]
    there = (sample >= 0).fill_null(value=False)
    if there.all():
        return _Kept(given, sample.to_numpy())
    attributes = given.attributes.filter(there) if given.attributes.width else given.attributes
    return _Kept(
        replace(given, frame=given.frame.filter(there), attributes=attributes), sample.filter(there).to_numpy()
    )


def _sizes(sides: Sequence[tuple[GivenObjects, Ints]], n: int) -> Array:
    """Width and height of each sample's image, from the first file that tells them; NaN where none does."""
    sizes = np.full((n, 2), np.nan)
    for given, rows in sides:
        told = given.images.select(pl.col(WIDTH, HEIGHT).cast(pl.Float64).fill_null(np.nan)).to_numpy()
        use = (rows >= 0) & _possible(told).all(axis=1)
        new = use & ~np.isfinite(sizes[np.maximum(rows, 0)]).all(axis=1)
        sizes[rows[new]] = told[new]
    return sizes


def _possible(side: Array) -> npt.NDArray[np.bool_]:
    """Whether an image can be so wide or high; anything else is as if not told."""
    return np.asarray((side >= 1) & (side < _WIDEST))


def _fill_sizes(
    sizes: Array,
    sides: Sequence[_Kept],
    files: ObjectFiles,
    own: pl.DataFrame | None,
    pictures: pl.Series | None,
    names: Names,
) -> tuple[Array, list[Problem]]:
    """The sizes with what the samples' own columns tell, then masks, and, where shares need them, the images."""
    if (
        own is not None
        and {WIDTH, HEIGHT} <= set(own.columns)
        and all(own.schema[c].is_numeric() for c in (WIDTH, HEIGHT))
    ):
        told = own.select(pl.col(WIDTH, HEIGHT).cast(pl.Float64).fill_null(np.nan)).to_numpy()
        sizes = np.where(np.isfinite(sizes), sizes, np.where(_possible(told), told, np.nan))
    for one in sides:
        told = one.given.frame.select("mask_width", "mask_height").cast(pl.Float64).fill_null(np.nan).to_numpy()
        new = np.flatnonzero(_possible(told).all(axis=1) & ~np.isfinite(sizes[one.sample]).all(axis=1))
        sizes[one.sample[new[::-1]]] = told[new[::-1]]  # of several the first
    need = np.zeros(len(sizes), bool)
    for one in sides:
        drawn = one.given.frame["polygons"].is_not_null().to_numpy()
        need[one.sample if one.given.relative else one.sample[drawn]] = True
    lacking = np.flatnonzero(need & ~np.isfinite(sizes).all(axis=1))
    lost: list[int] = []
    for row in lacking.tolist():
        try:
            if pictures is None or files.media_root is None:
                raise RefusedError("missing")
            sizes[row] = measure(files.media_root, pictures[row])
        except RefusedError:
            lost.append(row)
    if not lost:
        return sizes, []
    named = ", ".join(f'"{names.ids[row]}"' for row in lost[:5]) + (
        f" and {len(lost) - 5:,} more" if len(lost) > 5 else ""
    )
    images = several(len(lost), "image")
    relative = next((one.given for one in sides if one.given.relative), None)
    why = f"boxes of {relative.what} are shares of the image" if relative else "polygons make masks of the image's size"
    what = f"{why}, and the size of {images} is not known: {named}"
    mend = "name the images (columns: {media: …}), or add columns width and height to the samples"
    return sizes, [Problem("RG391", what, files.truth.place(), mend=mend)]


def _side(
    kept: _Kept,
    sizes: Array,
    classes: Classes,
    known: Mapping[str, str],
    version: str,
    notes: list[Note],
    files: ObjectFiles,
) -> tuple[Objects, list[Problem]]:
    """The frames of one side, a version's or (without a name) the true objects', with what is wrong with it."""
    given, sample = kept.given, kept.sample
    whose = f"detections of {version}" if version else "true objects"
    size = sizes[sample] if len(sample) else np.empty((0, 2))
    box = given.frame.select("left", "top", "width", "height").to_numpy()
    if given.relative:
        box = box * np.concatenate([size, size], axis=1)
    problems, box_notes = check_boxes(given, box, size, whose)
    problems += check_masks(given, size, whose)
    polygons, shape_notes = check_polygons(given, whose)
    if given.relative:
        polygons = in_pixels(polygons, size)
    problems += endless_polygons(given, polygons, size, whose)
    if files.overlap == "mask":
        problems += lacking_masks(given, polygons, whose)
    if problems:
        polygons = polygons.clear(len(polygons))  # they are not filled
    height, width = np.nan_to_num(size[:, ::-1]).astype(np.int64).T
    mask = given.frame["mask"]
    area = given.frame["area"].fill_null(np.nan).to_numpy()
    own = box[:, 2] * box[:, 3]
    if files.overlap == "mask":
        mask = fill_column(mask, polygons, height, width)
        own = masks_of(mask, height, width).area.astype(np.float64)
        area = np.full(len(area), np.nan) if version else area
    attributes = given.attributes
    if files.attributes and not version:
        lost = [name for name in files.attributes if name not in attributes.columns]
        if lost:
            there = ", ".join(f'"{name}"' for name in attributes.columns[:12]) or "none"
            what = f"no true object has {', '.join(f'`{name}`' for name in lost)}"
            mend = f"there are {there}"
            problems.append(Problem("RG396", what, Place(given.files[0]), "objects.attributes", mend=mend))
        else:
            attributes = attributes.select(files.attributes)
    names = codes(classes.names)
    frame = pl.DataFrame(
        {
            "sample": pl.Series(sample, dtype=pl.Int64),
            "class": given.frame["class"].replace_strict(
                [*known], [names[name] for name in known.values()], return_dtype=pl.Int32
            ),
            **{name: box[:, k] for k, name in enumerate(("left", "top", "width", "height"))},
            "area": np.where(np.isfinite(area), area, own),
            "crowd": given.frame["crowd"],
            "score": given.frame["score"],
            "mask": mask,
        }
    ).cast(dict(columns.OBJECTS))  # type: ignore[arg-type]
    if files.overlap == "box" and polygons.null_count() < len(polygons):
        frame = frame.with_columns(polygons.alias(columns.POLYGONS))
    marks = given.marks()
    order = np.argsort(sample, kind="stable")
    if (np.diff(sample) < 0).any():
        frame, marks = frame[order], marks.gather(order)
        attributes = attributes[order] if attributes.width else attributes
    return Objects(frame, attributes, (*notes, *box_notes, *shape_notes), marks), problems


def in_pixels(polygons: pl.Series, size: Array) -> pl.Series:
    """Polygons told in shares, in pixels."""
    found: list[list[list[float]] | None] = []
    for shapes, (width, height) in zip(polygons.to_list(), size.tolist(), strict=True):
        if shapes is None:
            found.append(None)
        else:
            found.append([[x * (height if i % 2 else width) for i, x in enumerate(one)] for one in shapes])
    return pl.Series(polygons.name, found, dtype=polygons.dtype)
