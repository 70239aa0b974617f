"""What the browser gets of pixels beside those of each sample that are right, false and missed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.analysis import sentences
from reportgen.analysis.pixel_confusions import pixel_names
from reportgen.model import Outcomes, Parts
from reportgen.site.packing import Chunk, pack_codes, pack_json
from reportgen.tasks.parts import by_sample
from reportgen.tasks.segmentation import agreed_and_counted

PIXELS = (
    *("near_right", "near_false", "near_missed"),  # a sample each, of those in the boundary of a mask
    *("area_sample", "area_right", "area_union"),  # a class and sample that has any, by class (``parts.class_begins``)
    *("agreed", "counted"),  # a sample each: pixels of which the class, or background, is right, and all that count
)


def pack_pixels(parts: Parts, version: int) -> dict[str, Chunk]:
    """The columns of a version by name, all stored plus one; none where parts are no pixels."""
    if parts.kind != "pixel":
        return {}
    counts = parts.counts[version]
    columns = (
        *by_sample(parts.boundaries[version]),
        *(counts.sample, counts.right, counts.right + counts.false + counts.missed),
        *agreed_and_counted(parts.cells[version]),
    )
    return {name: _pack(column) for name, column in zip(PIXELS, columns, strict=True)}


def describe_pixels(outcomes: Outcomes) -> dict[str, object] | None:
    """What pixels are by code, and the words of what is asked of those that are taken for another class; or none."""
    parts = outcomes.parts
    if parts is None or not parts.cells:
        return None
    images = sentences.noun(outcomes)
    which = f"{images[0].upper()}{images[1:]}"
    return {
        "names": list(pixel_names(parts)),
        "words": {
            "which": f"{which} in which {{candidate}} takes pixels of {{target}} for {{prediction}}.",
            "counts": "There are {n} such pixels in {samples}.",
            "order": "Those with most of them come first.",
            "all": f"Show all {images}",
        },
    }


def boundary_chunks(outcomes: Outcomes) -> dict[str, Chunk]:
    """Of the entries of ``area_…`` the pixels in the boundary of a mask alone: ``near-class-{right,union}-{v}``."""
    parts = outcomes.parts
    if parts is None or parts.kind != "pixel":
        return {}
    chunks = {}
    for v in range(len(outcomes.versions)):
        all_, near = parts.counts[v], parts.boundaries[v]
        # what has a boundary has an area
        at = np.searchsorted(all_.klass * all_.n_samples + all_.sample, near.klass * near.n_samples + near.sample)
        for name, own in (("right", near.right), ("union", near.right + near.false + near.missed)):
            column = np.zeros(len(all_.klass), np.int64)
            column[at] = own
            chunks[f"near-class-{name}-{v}"] = _pack(column)
    return chunks


def cell_chunks(outcomes: Outcomes) -> dict[str, Chunk]:
    """What pixels of each sample are taken for: ``pixel-cells``, and of each version where that is not 0 alone.

    ``pixel-cells`` names what pixels are by code, and says of each version which ``cells`` it fills (true code × names
    + what it is called, ascending) and where the entries of each begin, and the end; these are ``pixel-sample-{v}`` and
    ``pixel-n-{v}``: the samples, ascending, and how many pixels. Empty where parts are no pixels.
    """
    parts = outcomes.parts
    if parts is None or not parts.cells:
        return {}
    names = pixel_names(parts)
    told, chunks = [], {}
    for v, one in enumerate(parts.cells[: len(outcomes.versions)]):
        key = one.target * len(names) + one.prediction
        order = np.argsort(key, kind="stable")
        cells, begins = np.unique(key[order], return_index=True)
        told.append({"cells": cells.tolist(), "begins": [*begins.tolist(), len(key)]})
        chunks[f"pixel-sample-{v}"] = pack_codes(pl.Series(one.sample[order]), one.n_samples)
        chunks[f"pixel-n-{v}"] = _pack(one.n[order])
    return {"pixel-cells": pack_json({"names": list(names), "versions": told}), **chunks}


def _pack(column: npt.NDArray[np.int64]) -> Chunk:
    return pack_codes(pl.Series(column), int(column.max(initial=0)) + 1)
