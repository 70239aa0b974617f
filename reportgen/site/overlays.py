"""Boxes and masks over pictures: what is true and what versions detect, in the pixels of the upright picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.analysis.object_changes import changes_between
from reportgen.kept import kept
from reportgen.model import Outcomes, Parts
from reportgen.site.media import Thumb, Thumbnails
from reportgen.site.packing import Chunk, pack_json
from reportgen.stats.object_errors import Error
from reportgen.tasks.objects import BOX

Floats = npt.NDArray[np.float64]
Kind = Literal["found", "missed", "false"]

KINDS: tuple[Kind, ...] = ("found", "missed", "false")
"""What a box on a tile says of a version: a true object that it finds, one that it misses, a detection of none."""


@dataclass(frozen=True)
class Overlay:
    """The boxes of one version over a picture: for each kind that there is the outline of all of them, as an SVG path.

    ``width`` and ``height`` are those of the upright original, in whose pixels the paths are; ``masked``: they are
    masks, as far as there are any.
    """

    width: int
    height: int
    paths: tuple[tuple[Kind, str], ...]
    masked: bool = False


@dataclass(frozen=True, eq=False)
class SampleBoxes:
    """The boxes of one sample; a box is left, top, width and height, in tenths of the upright picture's pixels.

    ``true`` are the true objects (no crowds) with ``true_class``; ``found`` has a column a version: whether it finds
    each. ``said`` has the detections of each version that count, with class, score, and what is wrong with them (an
    ``Error``; ``NONE``: they are right).
    """

    width: int
    height: int
    true: Floats
    true_class: npt.NDArray[np.int64]
    found: npt.NDArray[np.bool_]
    said: tuple[Floats, ...]
    said_class: tuple[npt.NDArray[np.int64], ...]
    said_score: tuple[Floats, ...]
    said_state: tuple[npt.NDArray[np.int8], ...]


@dataclass(frozen=True)
class SampleMasks:
    """The masks of one sample as SVG paths, in the order of its boxes (``SampleBoxes``); None: an object has none.

    ``within``: no drawn border is further from the exact one, in pixels; None: they have no room, and all are None.
    """

    true: tuple[str | None, ...]
    said: tuple[tuple[str | None, ...], ...]  # of each version
    within: float | None


def has_boxes(outcomes: Outcomes) -> bool:
    """Whether the samples are pictures with objects."""
    return outcomes.media.kind == "image" and outcomes.parts is not None and outcomes.parts.truths is not None


def upright(boxes: Floats, size: tuple[int, int], turned: int) -> Floats:
    """The boxes in the pixels of a picture that was turned by an EXIF orientation.

    Args:
        boxes: n × 4: left, top, width, height in the pixels that the file stores.
        size: width and height of those pixels.
        turned: the orientation, 1 to 8.
    """
    width, height = size
    left, top = boxes[:, 0], boxes[:, 1]
    right, bottom = left + boxes[:, 2], top + boxes[:, 3]
    if turned in {2, 3, 7, 8}:  # the horizontal axis of the file runs backwards
        left, right = width - right, width - left
    if turned in {3, 4, 6, 7}:  # the vertical one
        top, bottom = height - bottom, height - top
    if turned >= 5:  # the axes change places
        left, top, right, bottom = top, left, bottom, right
    return np.stack([left, top, right - left, bottom - top], axis=1)


def overlay(
    outcomes: Outcomes, row: int, version: int, thumb: Thumb, masks: SampleMasks | None = None
) -> Overlay | None:
    """What stands over the tile of a sample; none where the task has no objects.

    ``masks``: in place of boxes, where overlaps are judged by them.
    """
    boxes = sample_boxes(outcomes, row, thumb)
    if boxes is None:
        return None
    found, false = boxes.found[:, version], boxes.said_state[version] != Error.NONE
    true, said = (None, None) if masks is None else (masks.true, masks.said[version])
    of_kind = {
        "found": outlines(boxes.true[found], masks=_where(true, found)),
        "missed": outlines(boxes.true[~found], masks=_where(true, ~found)),
        "false": outlines(boxes.said[version][false], crossed=True, masks=_where(said, false)),
    }
    paths = tuple((kind, of_kind[kind]) for kind in KINDS if of_kind[kind])
    return Overlay(boxes.width, boxes.height, paths, masked=masks is not None and masks.within is not None)


def sample_boxes(outcomes: Outcomes, row: int, thumb: Thumb) -> SampleBoxes | None:
    """The boxes of one sample in its upright picture; none where the task has no objects.

    Boxes are in the pixels that the file stores, unless the file of objects says that the image is as wide as it is
    when upright.
    """
    parts = outcomes.parts
    if parts is None or parts.truths is None:
        return None

    def placed(table: _Table, among: slice, keep: npt.NDArray[np.bool_]) -> Floats:
        return on_picture(parts, row, thumb, table.boxes[among][keep])

    truths, versions = _tables(parts)
    own = truths.of(row)
    solid = truths.keep[own]
    sides = [table.of(row) for table in versions]
    return SampleBoxes(
        *upright_size(thumb),
        placed(truths, own, solid),
        truths.klass[own][solid],
        np.stack([found[own][solid] >= 0 for found in parts.found[: len(versions)]], axis=1),
        tuple(placed(table, among, table.keep[among]) for table, among in zip(versions, sides, strict=True)),
        tuple(table.klass[among][table.keep[among]] for table, among in zip(versions, sides, strict=True)),
        tuple(table.score[among][table.keep[among]] for table, among in zip(versions, sides, strict=True)),
        tuple(table.state[among][table.keep[among]] for table, among in zip(versions, sides, strict=True)),
    )


def on_picture(parts: Parts, row: int, thumb: Thumb, boxes: Floats) -> Floats:
    """Boxes of one sample, as its files of objects have them, in tenths of its upright picture's pixels."""
    told = None if parts.sizes is None else parts.sizes[row]
    width, height = thumb.original
    is_upright = told is not None and thumb.turned >= 5 and width != height and tuple(told) == (height, width)
    return np.asarray(np.round(upright(boxes, thumb.original, 1 if is_upright else thumb.turned), 1) + 0.0)


def upright_size(thumb: Thumb) -> tuple[int, int]:
    """Width and height of the upright original."""
    width, height = thumb.original
    return (height, width) if thumb.turned >= 5 else (width, height)


def pack_boxes(outcomes: Outcomes, thumbnails: Thumbnails) -> Mapping[str, object]:
    """The boxes of every sample that has a picture, as the browser draws them, in the order of the chunk ``media``.

    A true object is ``[left, top, width, height, class, found]``, ``found`` with a bit a version; a detection is
    ``[left, top, width, height, class, score, state]``, ``state`` an ``Error``, 0: it is right.
    """
    rows = sorted(thumbnails.by_row)
    found = [sample_boxes(outcomes, row, thumbnails.by_row[row]) for row in rows]
    known = [one for one in found if one is not None]
    bits = 2 ** np.arange(len(outcomes.versions))
    return {
        "sizes": [[one.width, one.height] for one in known],
        "true": [
            [
                [*box, int(klass), int(hits @ bits)]
                for box, klass, hits in zip(one.true.tolist(), one.true_class, one.found, strict=True)
            ]
            for one in known
        ],
        "said": [[_said(one, v) for one in known] for v in range(len(outcomes.versions))],
    }


def _said(one: SampleBoxes, v: int) -> list[list[object]]:
    columns = (one.said[v].tolist(), one.said_class[v], one.said_score[v], one.said_state[v])
    return [
        [*box, int(klass), round(float(score), 4), int(state)]
        for box, klass, score, state in zip(*columns, strict=True)
    ]


def pack_changes(outcomes: Outcomes, rows: Sequence[int], first: int, second: int) -> Chunk:
    """What changed from one version to a later one in the boxes of the samples, as the browser marks it.

    ``rows`` are in the order of the chunk ``media``. For each of them ``moved`` and ``label`` have pairs of places
    among the two versions' detections, ``new`` and ``gone`` places among those of the second and of the first. What is
    newly missed and found is told by ``boxes``.
    """
    parts = outcomes.parts
    assert parts is not None
    truths, versions = _tables(parts)
    found = changes_between(parts, first, second)
    old, new = versions[first], versions[second]
    moved = np.stack([parts.found[first][found.moved], parts.found[second][found.moved]], axis=1)

    def pairs(rows_of: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.stack([old.places(rows_of[:, 0]), new.places(rows_of[:, 1])], axis=1)

    return pack_json(
        {
            "moved": _by_sample(rows, truths.sample[found.moved], pairs(moved)),
            "label": _by_sample(rows, new.sample[found.label_changed[:, 1]], pairs(found.label_changed)),
            "new": _by_sample(rows, new.sample[found.newly_false], new.places(found.newly_false)),
            "gone": _by_sample(rows, old.sample[found.no_longer_false], old.places(found.no_longer_false)),
        }
    )


def _by_sample(rows: Sequence[int], samples: npt.NDArray[np.int64], values: npt.NDArray[np.int64]) -> list[object]:
    """The values of each of the samples, which they are in the order of."""
    begins, ends = (np.searchsorted(samples, rows, side=side) for side in ("left", "right"))
    return [values[begin:end].tolist() for begin, end in zip(begins, ends, strict=True)]


@dataclass(frozen=True, eq=False)
class _Table:
    sample: npt.NDArray[np.int64]
    boxes: Floats
    klass: npt.NDArray[np.int64]
    keep: npt.NDArray[np.bool_]
    score: Floats
    state: npt.NDArray[np.int8]

    def of(self, row: int) -> slice:
        """The objects of a sample."""
        begin, end = np.searchsorted(self.sample, [row, row + 1])
        return slice(int(begin), int(end))

    def places(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where each of the rows stands among those of its sample that are kept."""
        before = np.concatenate([[0], np.cumsum(self.keep)])
        return np.asarray(before[rows] - before[np.searchsorted(self.sample, self.sample[rows])])


@kept
def _tables(parts: Parts) -> tuple[_Table, tuple[_Table, ...]]:
    """The true objects without crowds, and each version's detections that count."""
    assert parts.truths is not None
    truths = parts.truths
    none = np.zeros(truths.height, np.int8)
    return (
        _table(truths, ~truths["crowd"].to_numpy(), none),
        tuple(_table(one, one["counts"].to_numpy(), one["state"].to_numpy()) for one in parts.detections),
    )


def _table(frame: pl.DataFrame, keep: npt.NDArray[np.bool_], state: npt.NDArray[np.int8]) -> _Table:
    return _Table(
        frame["sample"].to_numpy(),
        frame.select(BOX).to_numpy(),
        frame["class"].to_numpy().astype(np.int64),
        keep,
        frame["score"].fill_null(np.nan).to_numpy(),
        state,
    )


def outlines(boxes: Floats, *, crossed: bool = False, masks: Sequence[str | None] | None = None) -> str:
    """All boxes as one path, or their masks where there are any."""
    paths = [None] * len(boxes) if masks is None else masks
    return "".join(_outline(box, mask, crossed=crossed) for box, mask in zip(boxes.tolist(), paths, strict=True))


def _outline(box: Sequence[float], mask: str | None, *, crossed: bool) -> str:
    """One box, or its mask, as a path; crossed: with a line from corner to corner of the box."""
    left, top, width, height = (f"{number:.10g}" for number in box)
    shape = f"M{left} {top}h{width}v{height}h-{width}z" if mask is None else mask
    return shape + (f"M{left} {top}l{width} {height}" if crossed else "")


def _where(paths: Sequence[str | None] | None, chosen: npt.NDArray[np.bool_]) -> list[str | None] | None:
    return None if paths is None else [path for path, kept in zip(paths, chosen.tolist(), strict=True) if kept]
