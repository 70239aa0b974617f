"""What a tile shows of a sample's pixels: the outlines of what is true, and what a version gets wrong, hatched.

``assets/js/engine/regions.js`` draws the same in the browser; a test holds both to each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from reportgen.kept import kept
from reportgen.model import Outcomes
from reportgen.site.mask_paths import ring
from reportgen.site.media import Thumb
from reportgen.site.region_maps import RegionMap, n_codes, region_map
from reportgen.stats.masks import encode_masks
from reportgen.stats.objects import Flags
from reportgen.stats.outlines import trace_masks
from reportgen.stats.pixels import Codes
from reportgen.stats.regions import hatches, shrink

SIDE = 160
"""Cells of a side of a tile at most: hardly less than one of its pixels each."""
LETTERS = 10_000
"""Letters that the paths of a tile may take: where they need more, its cells grow."""
EVERY = 7
"""Cells from one line of a hatching to the next."""
WRONG = ("missed", "false", "class")
"""What a version gets wrong: pixels of a class that it leaves out, of none that it marks, and of another class."""


@dataclass(frozen=True)
class RegionOverlay:
    """The paths over a picture, each behind the class of its style; in the pixels of the upright original."""

    width: int
    height: int
    paths: tuple[tuple[str, str], ...]


@kept
def region_overlay(outcomes: Outcomes, row: int, version: int, thumb: Thumb) -> RegionOverlay | None:
    """What stands over the tile of a sample; none where its pixels are not judged."""
    found = region_map(outcomes, row, thumb)
    if found is None:
        return None
    own = max(1, -(-max(found.true.shape) // SIDE))
    while True:
        paths = _paths(found, version, own, n_codes(outcomes))
        if sum(len(path) for _, path in paths) <= LETTERS or own >= max(found.true.shape):
            return RegionOverlay(found.width, found.height, paths)
        own *= 2


def _paths(found: RegionMap, version: int, own: int, codes: int) -> tuple[tuple[str, str], ...]:
    """The paths of a tile of which a cell is ``own`` × ``own`` of the map's."""
    step = own * found.step
    true = shrink(found.true, codes, own)
    outline = "".join(_outline(true == code, step, found.width, found.height) for code in range(codes - 2))
    paths = [("under", outline), ("true", outline)]
    said = found.said[version]
    if said is not None:
        wrong = wrong_cells(true, shrink(said, codes, own), codes)
        for kind in WRONG:
            cells = accompanied(wrong[kind])
            paths.append((kind, _outline(cells, step, found.width, found.height)))
            paths.append(("hatch", "".join(hatching(kind, cells, step))))
    return tuple((name, path) for name, path in paths if path)


def crop_paths(
    true: Codes, region: Flags, kind: str, codes: int, part: tuple[float, float, float, float]
) -> tuple[tuple[str, str], ...]:
    """What stands over a part of a picture that is about one region: the true outlines, and the region, hatched.

    Args:
        true: the codes of the upright picture's pixels.
        region: its pixels.
        kind: how it is hatched, one of ``WRONG``.
        codes: how many codes there are.
        part: left, top, width and height in pixels.
    """
    height, width = true.shape
    left, top, wide, high = part
    step = max(1, -(-round(max(wide, high)) // SIDE))
    while True:
        x, y = (max(0, int(low) // step - 2) for low in (left, top))  # further than the part, whose border is none
        own = (slice(y * step, int(top + high) + 3 * step), slice(x * step, int(left + wide) + 3 * step))
        beside = ((y, 0), (x, 0))
        cells = np.pad(shrink(true[own], codes, step), beside, constant_values=codes - 1)
        about = np.pad(shrink(region[own].astype(np.uint8), 2, step), beside) > 0
        outline = "".join(_outline(cells == code, step, width, height) for code in range(codes - 2))
        paths = (
            ("region-under", outline),
            ("region-true", outline),
            (f"region-{kind}", _outline(about, step, width, height)),
            ("region-hatch", "".join(hatching(kind, about, step))),
        )
        if sum(len(path) for _, path in paths) <= LETTERS or step >= max(true.shape):
            return tuple((name, path) for name, path in paths if path)
        step *= 2


def wrong_cells(true: Codes, said: Codes, codes: int) -> dict[str, npt.NDArray[np.bool_]]:
    """Which cells are wrong in which way; what the truth ignores is not."""
    background = codes - 2
    marked = said < background
    return {
        "missed": (true < background) & ~marked,
        "false": (true == background) & marked,
        "class": (true < background) & marked & (true != said),
    }


def accompanied(cells: Flags) -> npt.NDArray[np.bool_]:
    """Those of the cells that have another beside them, above or below: any other is hardly a pixel of a tile."""
    framed = np.pad(cells, 1)
    beside = framed[1:-1, :-2] | framed[1:-1, 2:] | framed[:-2, 1:-1] | framed[2:, 1:-1]
    return np.asarray(cells & beside)


def _outline(cells: Flags, step: int, width: int, height: int) -> str:
    """The rings around cells, as large as the picture where they are cut by its border."""
    if not cells.any():
        return ""
    outlines = trace_masks(encode_masks([cells]))
    points = np.minimum(outlines.points * step, [width, height])
    steps = np.diff(points, axis=0, prepend=points[:1])
    ends = outlines.begins.tolist()
    return "".join(
        part for begin, end in pairwise(ends) for part in ring(points[begin].tolist(), steps[begin + 1 : end].tolist())
    )


def hatching(kind: str, cells: Flags, step: int, every: int = EVERY) -> Iterator[str]:
    """The lines by which a kind is told from others: down for what is missed, up for a wrong class, both for false."""
    if kind != "class":
        for x, y, n in hatches(cells, every, down=True):
            yield f"M{x * step} {y * step}l{n * step} {n * step}"
    if kind != "missed":
        for x, y, n in hatches(cells, every, down=False):
            yield f"M{(x + 1) * step} {y * step}l{-n * step} {n * step}"
