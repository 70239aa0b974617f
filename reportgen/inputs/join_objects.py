"""Samples, their true objects and every version's detections, held against each other: a loss for each sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.inputs.formats.given import HEIGHT, WIDTH
from reportgen.inputs.joined import Joined, JoinedSide, put_together, require_columns
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.objects import LISTED, Objects, ReadObjects, object_files, read_objects
from reportgen.inputs.samples import Samples, read_samples, take_some
from reportgen.inputs.tables import Table
from reportgen.model import InputFile, OverlapKind, Parts, Version
from reportgen.tasks.objects import Held, hold
from reportgen.tasks.parts import losses

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def join_objects(loaded: LoadedManifest, samples: Table, *, take: int | None = None) -> Joined:
    """The samples with what every version detects in them.

    A sample without a true object is one in which there is nothing to find, and one without detections is one in which
    a version finds nothing: both count. Samples that the file of true objects does not list are left out.

    Args:
        loaded: the manifest of a detection.
        samples: the sample table.
        take: look at so many samples at most; counts and notes are those of the samples taken.

    Raises:
        InputError: every problem of the first stage that has any: columns, the samples, the files of objects.
    """
    manifest = loaded.manifest
    require_columns(loaded, samples)
    base = read_samples(loaded, samples)
    base = base if take is None else take_some(base, take)
    files = object_files(loaded)
    read = read_objects(files, base.frame[columns.ID], base.own, manifest.columns.media)
    base, read = _listed_alone(base, read)
    n, n_classes = base.frame.height, len(read.classes)
    cutoff = manifest.threshold if "threshold" in manifest.model_fields_set else None
    sizes = read.images.select(WIDTH, HEIGHT).cast(pl.Float64).fill_null(np.nan).to_numpy()
    masked = sizes if files.overlap == "mask" else None
    truth = read.truths.frame
    held = {name: hold(truth, one.frame, n, n_classes, cutoff, masked) for name, one in read.detections.items()}
    further = [owner for owner, paths in loaded.run_paths.items() for _ in paths]
    return put_together(
        loaded,
        samples,
        base,
        [_side(name, one, v, read.inputs[v + 1]) for v, (name, one) in enumerate(held.items())],
        further,
        inputs=read.inputs[:1],
        notes=[note for one in (read.truths, *read.detections.values()) for note in one.notes],
        parts=_parts(read, list(held.values()), sizes, files.overlap),
    )


def _side(name: str, held: Held, version: int, source: InputFile) -> JoinedSide:
    """One version beside the samples, every one of which it scored."""
    loss = losses(held.counts)
    n = len(loss)
    frame = pl.DataFrame(
        {
            columns.scored(version): np.ones(n, bool),
            columns.invalid(version): np.zeros(n, bool),
            columns.prediction(version): loss,
        }
    )
    return JoinedSide(frame, Version(name, n_scored=n, n_missing=0, n_invalid=0, n_unknown=0), source)


def _parts(read: ReadObjects, held: list[Held], sizes: Floats, overlap: OverlapKind) -> Parts:
    return Parts(
        "object",
        read.classes,
        tuple(one.counts for one in held),
        judged=tuple(one.judged for one in held),
        truths=read.truths.frame,
        detections=tuple(one.detections for one in held),
        cutoffs=tuple(one.cutoff for one in held),
        found=tuple(one.found for one in held),
        errors=tuple(one.errors for one in held),
        mended=tuple(one.mended for one in held),
        sizes=sizes,
        overlap=overlap,
        attributes=read.truths.attributes,
        marks=read.truths.marks,
    )


def _listed_alone(base: Samples, read: ReadObjects) -> tuple[Samples, ReadObjects]:
    """Without the samples of which nobody said what is in them."""
    listed = read.images[LISTED]
    if listed.all():
        return base, read
    place = np.where(listed.to_numpy(), np.cumsum(listed.to_numpy()) - 1, -1)
    sides: Mapping[str, Objects] = {name: _moved(one, place) for name, one in read.detections.items()}
    base = replace(
        base,
        frame=base.frame.filter(listed),
        own=base.own.filter(listed),
        n_excluded=base.n_excluded + int((~listed).sum()),
    )
    return base, replace(read, truths=_moved(read.truths, place), detections=sides, images=read.images.filter(listed))


def _moved(objects: Objects, place: Rows) -> Objects:
    """The objects on the samples that are left, by their new rows."""
    rows = place[objects.frame["sample"].to_numpy()]
    kept = pl.Series(rows >= 0)
    attributes = objects.attributes.filter(kept) if objects.attributes.width else objects.attributes
    frame = objects.frame.with_columns(pl.Series("sample", rows, dtype=pl.Int64)).filter(kept)
    marks = objects.marks.filter(kept)
    return replace(objects, frame=frame, attributes=attributes, marks=marks)
