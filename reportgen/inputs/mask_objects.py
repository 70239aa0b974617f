"""Masks that a file of objects holds: those of one class united, sample by sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.errors import InputError, Problem, stop
from reportgen.inputs.formats.given import HEIGHT, WIDTH, GivenObjects, Source
from reportgen.inputs.labels import listed, order_classes
from reportgen.inputs.mask_images import Size
from reportgen.inputs.object_images import Placed
from reportgen.inputs.object_shapes import check_masks, check_polygons, endless_polygons, lacking_masks
from reportgen.inputs.objects import in_pixels
from reportgen.model import Note
from reportgen.stats.mask_columns import fill_column, masks_of
from reportgen.stats.masks import decode_mask
from reportgen.stats.pixels import Codes

Ints = npt.NDArray[np.int64]

_HUGE = 1 << 24  # pixels: no side of an image is so long


@dataclass(frozen=True)
class Meanings:
    """What a file's categories mean.

    Attributes:
        n_classes: their codes are 0 to one less; background's follows, then that of what is ignored.
        ids: a category's id (or the value of a class) and the code that it means.
        names: a category's or a class's name, likewise.
        mapping: what the manifest's ``label_map`` calls another class: a category's id or name, and a class's name.
    """

    n_classes: int
    ids: Mapping[str, int]
    names: Mapping[str, int]
    mapping: Mapping[str, str]

    def code(self, key: str, given: GivenObjects) -> int | None:
        """What objects under this key of the file are; None where nothing says so."""
        own = given.categories.get(key)
        for text in (key, own):
            if text is not None and text in self.mapping:
                return self.names.get(self.mapping[text])
        if own is not None and own in self.names:
            return self.names[own]
        first, second = (self.names, self.ids) if given.by_name else (self.ids, self.names)
        return first.get(key, second.get(key))


@dataclass(frozen=True, eq=False)
class MaskObjects:
    """The objects of each sample, in the order in which their masks are laid over each other.

    Regions that are ignored (crowds among them) lie below all objects; of these the surer ones lie over the others, and
    what comes later in the file over what comes before.
    """

    given: GivenObjects  # ascending by sample
    polygons: pl.Series
    code: Ints  # of each object
    begins: Ints  # where those of each sample begin, and the end
    there: npt.NDArray[np.bool_]  # samples of which the file says what is in them
    n_classes: int
    whose: str

    def has(self, row: int) -> bool:
        """Whether the file says what is in the sample, be it nothing."""
        return bool(self.there[row])

    def read(self, row: int, sizes: Sequence[Size]) -> Codes:
        """The codes of the sample's pixels; of several sizes that its masks may have the first, or theirs.

        Raises:
            InputError: a mask is of another size (RG388).
        """
        own = slice(int(self.begins[row]), int(self.begins[row + 1]))
        frame = self.given.frame[own]
        width, height = self._size(frame, sizes)
        given = replace(self.given, frame=frame)
        size = np.tile([float(width), height], (len(frame), 1))
        polygons = in_pixels(self.polygons[own], size) if given.relative else self.polygons[own]
        problems = [*check_masks(given, size, self.whose), *endless_polygons(given, polygons, size, self.whose)]
        if problems:
            raise InputError(problems)
        codes = np.full((height, width), self.n_classes, np.min_scalar_type(self.n_classes + 1))
        sides = np.full(len(frame), height), np.full(len(frame), width)
        masks = masks_of(fill_column(frame["mask"], polygons, *sides), *sides)
        for at, code in enumerate(self.code[own].tolist()):
            codes[decode_mask(masks.of(at), height, width)] = code
        return codes

    def _size(self, frame: pl.DataFrame, sizes: Sequence[Size]) -> Size:
        own = frame.select("mask_width", "mask_height").drop_nulls().head(1).rows()
        return own[0] if own and (own[0] in sizes or not sizes) else sizes[0]

    def sizes(self, known: Sequence[Sequence[Size]]) -> list[list[Size]]:
        """Sizes of each sample's masks: as the file tells them, else as known, else those of the masks themselves."""
        found: list[list[Size]] = []
        for row, sizes in enumerate(known):
            own = self.given.frame[int(self.begins[row]) : int(self.begins[row + 1])]
            masks = own.select("mask_width", "mask_height").drop_nulls().head(1).rows()
            found.append(list(sizes) or list(masks))
        return found


def lay_out(
    given: GivenObjects, placed: Placed, n_samples: int, meanings: Meanings, source: Source, whose: str
) -> tuple[MaskObjects, list[Note]]:
    """The objects that lie on samples, in order, with notes of their polygons.

    Args:
        given: the file.
        placed: the sample of each of its images.
        n_samples: how many samples there are.
        meanings: what its categories mean.
        source: where it is.
        whose: "true objects", or "detections of v1".

    Raises:
        InputError: an object has no mask (RG370), or categories mean nothing (RG379).
    """
    images = pl.DataFrame({"image": given.images["image"], "sample": pl.Series(placed.rows, dtype=pl.Int64)})
    sample = given.frame.select("image").join(images, on="image", how="left", maintain_order="left")["sample"]
    used = order_classes(given.frame["class"].unique().to_list())
    known = {key: meanings.code(key, given) for key in used}
    lost = [key for key, code in known.items() if code is None]
    if lost:
        called = [f"{key} ({given.categories[key]})" if key in given.categories else key for key in lost]
        n = int(given.frame["class"].is_in(lost).sum())
        what = f"categories {listed(called)} of {n:,} of the {whose} are none of the classes"
        mend = "name them under masks: {classes: {…: …}}, or ignore them by masks: {ignore: […]}"
        if whose != TRUE:
            mend = "map them under prediction_columns: {label_map: {theirs: ours}}"
        raise stop(Problem("RG379", what, source.place(column="category_id"), mend=mend))
    polygons, notes = check_polygons(given, whose)
    bare = list(lacking_masks(given, polygons, whose, "it is pixels that are judged", ""))
    if bare:
        raise InputError(bare)
    code = given.frame["class"].replace_strict(used, [known[key] for key in used], return_dtype=pl.Int64).to_numpy()
    code = np.where(given.frame["crowd"].to_numpy(), meanings.n_classes + 1, code)
    at = sample.fill_null(-1).to_numpy()
    rows = np.flatnonzero(at >= 0)
    score = given.frame["score"].fill_null(0.0).fill_nan(0.0).to_numpy()
    rows = rows[np.lexsort((rows, score[rows], code[rows] <= meanings.n_classes, at[rows]))]
    there = np.ones(n_samples, bool)
    if given.every:
        there = np.isin(np.arange(n_samples), placed.rows)
    begins = np.searchsorted(at[rows], np.arange(n_samples + 1))
    laid = replace(given, frame=given.frame[rows], attributes=pl.DataFrame())
    return MaskObjects(laid, polygons.gather(rows), code[rows], begins, there, meanings.n_classes, whose), notes


TRUE = "true objects"


def told_sizes(given: GivenObjects, placed: Placed, n_samples: int) -> list[list[Size]]:
    """The size of each sample's image as the file tells it; empty where it does not."""
    found: list[list[Size]] = [[] for _ in range(n_samples)]
    sides = given.images.select(pl.col(WIDTH, HEIGHT).cast(pl.Float64).fill_null(0).fill_nan(0)).rows()
    for row, (width, height) in zip(placed.rows.tolist(), sides, strict=True):
        if row >= 0 and 1 <= width < _HUGE and 1 <= height < _HUGE:
            found[row] = [(round(width), round(height))]
    return found
