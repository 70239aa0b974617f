"""One pass over every image of a run: decoded once, at its full size, for the checks of samples and for duplicates."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageStat

from reportgen.inputs.pictures import Decoded, RefusedError, decode, own_caps
from reportgen.inspection.looks import UNLOOKED, Looks
from reportgen.stats.hashing import hash_ids
from reportgen.stats.perceptual import SIDE, perceptual_hashes

BUDGET = 100_000_000_000
"""Pixels that the pass decodes at most."""
FLOOR = 30_000
"""Every image counts as so many pixels at least: what finding, opening and measuring a tiny one costs."""
SMALL = 8
"""The side of the small image that near look-ups are verified by."""
BLUR_SIDE = 64
"""Blur is judged on an image of at most this side."""
BRIGHT_PIXELS = 65_536
"""Brightness is measured on about so many pixels, on an even grid."""
_BATCH = 256
_WEIGHTS = np.array([0.241, 0.691, 0.068], np.float32) / 255**2  # of the squares of red, green and blue


@dataclass(frozen=True, eq=False)
class _Look:
    """What was seen of one image; the fields are those of ``Looks``."""

    width: int
    height: int
    grey: bool
    dark: float
    bright: float
    entropy: float
    edges: float
    tones: float
    content: bytes
    tile: NDArray[np.uint8]  # what its perceptual hash is made of

    @property
    def cost(self) -> int:
        return max(FLOOR, self.width * self.height)


def look_at(root: Path, sources: Sequence[object], ids: Sequence[str], *, budget: int = BUDGET) -> Looks:
    """What every image looks like: a path below ``root``, its bytes, or a mapping of ``bytes`` or ``path`` a sample.

    A file that several samples name is decoded once. Where the pixels of all are more than the budget, those are looked
    at whose ids come first by their hash, which hangs on no order and on no number of threads.
    """
    root = root.resolve()
    found = _Found(len(sources))
    order = np.argsort(hash_ids(ids), kind="stable").tolist()
    first: dict[object, int] = {}
    later: list[tuple[int, int]] = []
    rows: list[int] = []
    for row in order:
        source = sources[row]
        known = first.setdefault(source, row) if isinstance(source, str) else row
        if known == row:
            rows.append(row)
        else:
            later.append((row, known))
    spent = 0
    with own_caps(), ThreadPoolExecutor(_n_threads()) as pool:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            seen: list[tuple[int, _Look]] = []
            for row, look in zip(batch, pool.map(lambda row: _attempt(root, sources[row]), batch), strict=True):
                if spent >= budget:
                    break
                spent += FLOOR if isinstance(look, str) else look.cost
                if isinstance(look, str):
                    found.reasons[row] = look
                else:
                    seen.append((row, look))
            found.put(seen)
            if spent >= budget:
                break
    found.repeat(later)
    return found.looks()


def _n_threads() -> int:
    """Decoding, resizing and hashing let other threads run meanwhile."""
    return max(1, min(16, os.cpu_count() or 1))


class _Found:
    """The arrays of ``Looks`` while they fill."""

    def __init__(self, n: int) -> None:
        self.reasons: list[str] = [UNLOOKED] * n
        self.width, self.height = np.zeros(n, np.int32), np.zeros(n, np.int32)
        self.grey = np.zeros(n, np.bool_)
        self.measures = {name: np.full(n, np.nan) for name in ("dark", "bright", "entropy", "edges", "tones")}
        self.content = np.zeros((n, 32), np.uint8)
        self.phash = np.zeros(n, np.uint64)
        self.small = np.zeros((n, SMALL * SMALL), np.uint8)

    def put(self, seen: Sequence[tuple[int, _Look]]) -> None:
        """Takes what was seen of some samples."""
        if not seen:
            return
        for row, look in seen:
            self.reasons[row] = ""
            self.width[row], self.height[row], self.grey[row] = look.width, look.height, look.grey
            self.content[row] = np.frombuffer(look.content, np.uint8)
            for name, values in self.measures.items():
                values[row] = getattr(look, name)
        rows, tiles = [row for row, _ in seen], np.stack([look.tile for _, look in seen])
        self.phash[rows] = perceptual_hashes(tiles)
        parts = tiles.reshape(len(tiles), SMALL, SIDE // SMALL, SMALL, SIDE // SMALL)
        self.small[rows] = np.rint(parts.mean(axis=(2, 4))).reshape(len(tiles), -1)

    def repeat(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Gives each first sample of a pair what the second one, of the same file, has."""
        for row, known in pairs:
            self.reasons[row] = self.reasons[known]
        to, of = [row for row, _ in pairs], [known for _, known in pairs]
        for values in (
            *(self.width, self.height, self.grey, self.content, self.phash, self.small),
            *self.measures.values(),
        ):
            values[to] = values[of]

    def looks(self) -> Looks:
        """The whole."""
        return Looks(
            np.array(self.reasons, dtype=np.str_),
            self.width,
            self.height,
            self.grey,
            content=self.content,
            phash=self.phash,
            small=self.small,
            **self.measures,
        )


def _attempt(root: Path, source: object) -> _Look | str:
    try:
        return decode(root, source, _look)
    except RefusedError as error:
        return error.reason


def _look(decoded: Decoded) -> _Look:
    stored = decoded.stored
    colours, _ = decoded.colours()
    if colours.mode == "RGBA" and colours.getchannel("A").getextrema() == (255, 255):
        colours = colours.convert("RGB")  # nothing shows through: the same picture as one without
    # What a loader hands to a model: transparency is dropped, not filled.
    opaque = colours.convert("RGB") if colours.mode == "RGBA" else colours
    grey = stored if stored.mode == "L" else opaque.convert("L")
    pixels = np.asarray(opaque)
    dark, bright = (math.nan, math.nan) if decoded.deep else _brightness(pixels)
    edges, tones = _sharpness(grey)
    return _Look(
        *stored.size,
        grey=stored.mode == "L" or _is_grey(pixels),
        dark=dark,
        bright=bright,
        entropy=float(grey.entropy() if stored.mode == "L" or decoded.deep else opaque.entropy()),
        edges=edges,
        tones=tones,
        content=_content(decoded, colours),
        tile=np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.LANCZOS)),
    )


def _content(decoded: Decoded, colours: Image.Image) -> bytes:
    """SHA-256 of an image's pixels, so that the same picture has the same, whatever its file is like.

    Of more than 8 bits the values count, not what they look like; of an animation the first frame, and how many.
    """
    image = decoded.stored if decoded.deep else colours
    hashed = hashlib.sha256(f"{image.width}x{image.height} {image.mode} {decoded.n_frames}:".encode())
    hashed.update(image.tobytes())
    return hashed.digest()


def _brightness(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """The 99th and the 5th percentile of perceived brightness, 0-1.

    Source: the percentiles of cleanvision, of sqrt(0.241 R² + 0.691 G² + 0.068 B²). Those of a large image are taken
    from every k-th pixel of every k-th row: sorting millions of pixels for a percentile would cost more than decoding.
    """
    height, width = pixels.shape[:2]
    step = max(1, math.isqrt(height * width // BRIGHT_PIXELS))
    at = slice(step // 2, None, step)
    spread = pixels[at if height > step else slice(None), at if width > step else slice(None)].astype(np.float32)
    squares = np.sort((spread * spread).reshape(-1, 3) @ _WEIGHTS)
    low, high = np.percentile(np.sqrt(squares), [5, 99])
    return float(high), float(low)


def _sharpness(grey: Image.Image) -> tuple[float, float]:
    """The spread of the edges, and of the counts of the grey levels, of an image at 64 pixels."""
    ratio = max(grey.size) / BLUR_SIDE
    if ratio > 1:
        width, height = (max(1, int(side // ratio)) for side in grey.size)
        grey = grey.resize((width, height), reducing_gap=3.0)
    edges = ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).var[0]
    return math.sqrt(max(0.0, edges)), float(np.std(grey.histogram()))


def _is_grey(pixels: NDArray[np.uint8]) -> bool:
    """Whether red, green and blue are the same in every pixel; a few rows tell of most images that they are not."""
    step = max(1, len(pixels) // 32)
    return all(_equal_bands(part) for part in _parts(pixels, step))


def _parts(pixels: NDArray[np.uint8], step: int) -> Iterator[NDArray[np.uint8]]:
    yield pixels[::step]
    yield pixels


def _equal_bands(pixels: NDArray[np.uint8]) -> bool:
    return bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())
