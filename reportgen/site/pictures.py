"""One untrusted image made into a small or a larger clean WebP: decoded, shrunk, re-encoded."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image

from reportgen.inputs.pictures import Decoded, decode

SIDE = 256
"""The longest side of a thumbnail, in pixels."""
TRUE_SIDE = 64
"""Images up to this side stay as they are, pixel by pixel, without loss; the page enlarges them unsmoothed."""
LARGE_SIDE = 1024
"""The longest side of a picture to look into, in pixels."""
QUALITY = 75
_BEHIND = (201, 202, 196)  # what shows through transparency: white marks and black marks both stand out on it


@dataclass(frozen=True)
class Picture:
    """A thumbnail: its WebP bytes, its size, and what became of the original on the way."""

    data: bytes
    width: int
    height: int
    true: bool  # the original's own pixels
    n_frames: int  # more than one: the first is shown
    windowed: bool  # more than 8 bits: scaled from its own minimum to its own maximum
    original: tuple[int, int] = (0, 0)  # width and height of the pixels that the file stores
    turned: int = 1  # the EXIF orientation that they were turned by

    @property
    def name(self) -> str:
        """A file name from the content, so that no name of a user's reaches a file system or an address."""
        return f"{hashlib.sha256(self.data).hexdigest()[:20]}.webp"


def make_picture(root: Path, source: object) -> Picture:
    """The thumbnail of one image: a path below ``root``, its bytes, or a mapping with ``bytes`` or ``path``.

    ``root`` must be resolved. Raises ``RefusedError`` for whatever cannot or may not be shown.
    """
    return decode(root, source, partial(_encode, side=SIDE), at_least=2 * SIDE)


def make_larger(root: Path, source: object) -> Picture:
    """The same image to look into: shrunk to ``LARGE_SIDE`` where it is larger, never enlarged."""
    return decode(root, source, partial(_encode, side=LARGE_SIDE), at_least=2 * LARGE_SIDE)


def _encode(decoded: Decoded, side: int) -> Picture:
    flat, windowed = decoded.colours()
    true = max(flat.size) <= TRUE_SIDE
    flat.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A fresh image takes nothing along: no comment, profile, EXIF or XMP.
    clean = Image.new("RGB", flat.size, _BEHIND)
    clean.paste(flat, mask=flat.getchannel("A") if flat.mode == "RGBA" else None)
    out = io.BytesIO()
    clean.save(out, "WEBP", lossless=true, quality=100 if true else QUALITY, method=4)
    return Picture(
        out.getvalue(), clean.width, clean.height, true, decoded.n_frames, windowed, decoded.size, decoded.turned
    )
