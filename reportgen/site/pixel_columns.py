"""What the browser gets of pixels beside those of each sample that are right, false and missed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.model import Parts
from reportgen.site.packing import Chunk, pack_codes
from reportgen.tasks.parts import by_sample
from reportgen.tasks.segmentation import agreed_and_counted

PIXELS = (
    *("near_right", "near_false", "near_missed"),  # a sample each, of those in the boundary of a mask
    *("area_sample", "area_right", "area_union"),  # a class and sample that has any, in the order of ``area_begins``
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


def area_begins(parts: Parts, n_versions: int) -> list[list[int]]:
    """Where the entries of each class begin in ``area_…``, and the end; by version, none where parts are no pixels."""
    if parts.kind != "pixel":
        return []
    classes = np.arange(len(parts.classes) + 1)
    return [np.searchsorted(counts.klass, classes).tolist() for counts in parts.counts[:n_versions]]


def _pack(column: npt.NDArray[np.int64]) -> Chunk:
    return pack_codes(pl.Series(column), int(column.max(initial=0)) + 1)
