"""Samples, their true masks and every version's, held against each other pixel by pixel: a loss for each sample."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.drawn_masks import DrawnMasks
from reportgen.inputs.joined import Joined, JoinedSide, put_together, require_columns
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.mask_files import OpenedMasks, OpenedTruth, objects_of, open_truth, open_version
from reportgen.inputs.mask_images import Size
from reportgen.inputs.mask_sums import THREADS, SummedMasks, sum_masks
from reportgen.inputs.pictures import RefusedError, measure_both, own_caps
from reportgen.inputs.samples import Samples, read_samples, take_some
from reportgen.inputs.tables import Table, run_name
from reportgen.inputs.values import several
from reportgen.model import InputFile, Note, PartCounts, Parts, Version
from reportgen.tasks.parts import losses
from reportgen.tasks.segmentation import count_areas, count_boundaries, count_cells

Flags = npt.NDArray[np.bool_]


def join_masks(loaded: LoadedManifest, samples: Table, *, take: int | None = None) -> Joined:
    """The samples with what every version marks in them.

    A mask without a pixel of any class is one of an image in which there is nothing to mark, or in which a version
    marks nothing: both count. Samples without a true mask are left out; one without a version's mask is not scored by
    it.

    Args:
        loaded: the manifest of a segmentation.
        samples: the sample table.
        take: look at so many samples at most; counts and notes are those of the samples taken.

    Raises:
        InputError: every problem of the first stage that has any: columns, the samples, where masks are, the masks.
    """
    require_columns(loaded, samples)
    base = read_samples(loaded, samples)
    base = base if take is None else take_some(base, take)
    truth = open_truth(loaded, samples, base)
    versions = _open_all(loaded, base, truth)
    measured = _measure(loaded, base)
    sizes = _sizes(truth, measured, base)
    masks = {name: one.masks for name, one in versions.items()}
    summed = sum_masks(truth.opened.masks, masks, sizes, truth.classes)
    there = np.array([truth.opened.masks.has(row) for row in range(len(sizes))], bool)
    notes = [*truth.opened.notes, *_untold(truth, there, base), *_stored(summed, measured, base)]
    place = np.cumsum(there) - 1
    n = int(there.sum())
    left = replace(
        base,
        frame=base.frame.filter(pl.Series(there)),
        own=base.own.filter(pl.Series(there)),
        n_excluded=base.n_excluded + len(there) - n,
    )
    sides: list[JoinedSide] = []
    areas: list[PartCounts] = []
    boundaries: list[PartCounts] = []
    cells = []
    further_inputs = [*truth.opened.inputs, *filter(None, [truth.opened.images("masks")])]
    for position, (name, one) in enumerate(versions.items()):
        sums = summed.versions[name]
        own = replace(sums, sample=place[sums.sample], near_sample=place[sums.near_sample])
        areas.append(count_areas(own, n))
        boundaries.append(count_boundaries(own, n))
        cells.append(count_cells(own, n))
        sides.append(_side(name, one, position, areas[-1], there))
        images = one.images(f"masks of {name}")
        if one.inputs and images:
            further_inputs.append(images)
    return put_together(
        loaded,
        samples,
        left,
        sides,
        [owner for owner, paths in loaded.run_paths.items() for _ in paths],
        inputs=further_inputs,
        notes=notes,
        parts=Parts(
            "pixel",
            truth.classes,
            tuple(areas),
            boundaries=tuple(boundaries),
            cells=tuple(cells),
            masks=DrawnMasks(
                np.flatnonzero(there),
                truth.opened.masks,
                tuple(masks[name] for name in loaded.prediction_paths),
                tuple(tuple(one) for one in sizes),
                _are_upright(summed, measured),
            ),
            sizes=summed.sizes[there].astype(np.float64),
            regions=replace(summed.regions, sample=place[summed.regions.sample]),
            mask_hashes=summed.hashes[there],
        ),
    )


def _open_all(loaded: LoadedManifest, base: Samples, truth: OpenedTruth) -> dict[str, OpenedMasks]:
    """The masks of every version, then of versions' further trainings, called as ``run_name`` does."""
    paths = dict(loaded.prediction_paths)
    for name, further in loaded.run_paths.items():
        paths |= {run_name(name, i): path for i, path in enumerate(further, 2)}
    found: dict[str, OpenedMasks] = {}
    problems: list[Problem] = []
    for name, path in paths.items():
        try:
            found[name] = open_version(loaded, name, path, base, truth)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _measure(loaded: LoadedManifest, base: Samples) -> list[tuple[Size, ...]]:
    """The size of each sample's image: upright, and as stored where EXIF turns it; empty where it cannot be told."""
    column = loaded.manifest.columns.media
    if column is None or loaded.manifest.media.kind != "image" or column not in base.own.columns:
        return [()] * base.frame.height
    with own_caps(), ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(partial(_ways, loaded.media_root), base.own[column].to_list()))


def _ways(root: Path, source: object) -> tuple[Size, ...]:
    try:
        return tuple(dict.fromkeys(measure_both(root, source)))
    except RefusedError:
        return ()


def _sizes(truth: OpenedTruth, measured: Sequence[tuple[Size, ...]], base: Samples) -> list[Sequence[Size]]:
    """The sizes that each sample's masks may have."""
    sizes: list[Sequence[Size]] = [told or known for told, known in zip(truth.sizes, measured, strict=True)]
    objects = objects_of(truth.opened)
    if objects is None:
        return sizes
    found: list[Sequence[Size]] = list(objects.sizes(sizes))
    lost = [row for row, one in enumerate(found) if not one and objects.has(row)]
    if lost:
        named = ", ".join(f'"{base.frame[columns.ID][row]}"' for row in lost[:5])
        more = f" and {len(lost) - 5:,} more" if len(lost) > 5 else ""
        what = f"masks have the size of their image, and that of {several(len(lost), 'image')} is not known: "
        mend = "write width and height of `images`, or name the images (columns: {media: …})"
        raise stop(Problem("RG391", what + named + more, Place(truth.opened.shown), mend=mend))
    return found


def _side(name: str, opened: OpenedMasks, position: int, counts: PartCounts, there: Flags) -> JoinedSide:
    """One version beside the samples that have a true mask."""
    scored = np.array([opened.masks.has(row) for row in np.flatnonzero(there).tolist()], bool)
    invalid = np.zeros(len(scored), bool) if opened.empty is None else opened.empty[there]
    frame = pl.DataFrame(
        {
            columns.scored(position): scored,
            columns.invalid(position): invalid,
            columns.prediction(position): pl.Series(losses(counts)).set(pl.Series(~scored), None),
        }
    )
    version = Version(
        name,
        n_scored=int(scored.sum()),
        n_missing=int((~scored & ~invalid).sum()),
        n_invalid=int(invalid.sum()),
        n_unknown=opened.n_unknown,
    )
    source = opened.inputs[0] if opened.inputs else opened.images(f"predictions of {name}")
    assert isinstance(source, InputFile)
    return JoinedSide(frame, version, source, opened.notes)


def _untold(truth: OpenedTruth, there: Flags, base: Samples) -> list[Note]:
    """The note of samples without a true mask, unless a file of objects is told to lack them."""
    lost = base.frame[columns.ID].filter(pl.Series(~there))
    if len(lost) == len(there):
        mend = "name the masks of the samples: masks: {path: …}"
        raise stop(Problem("RG356", "no sample has a true mask", Place(truth.opened.shown), mend=mend))
    if not len(lost) or objects_of(truth.opened) is not None:
        return []
    message = f"{several(len(lost), 'sample')} without a true mask: left out, for nobody said what is in them"
    return [Note("RG357", "degraded", message, truth.opened.shown, "", len(lost), tuple(lost.head(5).to_list()))]


def _are_upright(summed: SummedMasks, measured: Sequence[tuple[Size, ...]]) -> bool:
    """Whether masks that fit their image either way are upright: others show that they are, and none the contrary."""
    told = [(tuple(own), sizes) for own, sizes in zip(summed.sizes.tolist(), measured, strict=True) if len(sizes) > 1]
    return any(own == sizes[0] for own, sizes in told) and all(own != sizes[1] for own, sizes in told)


def _stored(summed: SummedMasks, measured: Sequence[tuple[Size, ...]], base: Samples) -> list[Note]:
    """The note of masks that have the size of their image as it is stored, not as EXIF turns it."""
    rows = [
        row
        for row, (own, sizes) in enumerate(zip(summed.sizes.tolist(), measured, strict=True))
        if len(sizes) > 1 and tuple(own) == sizes[1]
    ]
    if not rows:
        return []
    message = (
        f"the masks of {several(len(rows), 'sample')} have the size of the image as it is stored, before EXIF turns "
        "it: taken as stored"
    )
    first = tuple(base.frame[columns.ID].gather(rows[:5]).to_list())
    return [Note("RG358", "info", message, "", "", len(rows), first)]
