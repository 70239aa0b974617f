"""One untrusted image made into a small, clean WebP: found inside its root, checked, decoded, shrunk, re-encoded."""

from __future__ import annotations

import hashlib
import io
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 256
"""The longest side of a thumbnail, in pixels."""
TRUE_SIDE = 64
"""Images up to this side stay as they are, pixel by pixel, without loss; the page enlarges them unsmoothed."""
MAX_PIXELS = 64_000_000
MAX_BYTES = 50_000_000
QUALITY = 75
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

# Seen only to name what was refused: none of these is ever handed to a decoder.
_REFUSED = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "PSD",
    b"SIMPLE": "FITS",
    b"%!PS": "EPS",
    b"%PDF": "PDF",
    b"\xd7\xcd\xc6\x9a": "WMF",
    b"<svg": "SVG",
    b"<?xml": "SVG",
}
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

    @property
    def name(self) -> str:
        """A file name from the content, so that no name of a user's reaches a file system or an address."""
        return f"{hashlib.sha256(self.data).hexdigest()[:20]}.webp"


class RefusedError(Exception):
    """Why there is no picture; ``reason`` is a key of ``media.REASONS``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def make_picture(root: Path, source: object) -> Picture:
    """The thumbnail of one image: a path below ``root``, its bytes, or a mapping with ``bytes`` or ``path``.

    ``root`` must be resolved. Raises ``RefusedError`` for whatever cannot or may not be shown.
    """
    data = _read(root, source)
    try:
        return _encode(data)
    except RefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError("pixels") from error
    except Exception as error:  # a decoder can raise anything on bytes made to break it
        raise RefusedError(_refusal(data, error)) from error


def _read(root: Path, source: object) -> bytes:
    """The bytes of the file, if it is a regular one inside the root and not too large."""
    if isinstance(source, Mapping):
        source = source.get("bytes") or source.get("path")
    if isinstance(source, bytes):
        if len(source) > MAX_BYTES:
            raise RefusedError("bytes")
        return source
    if not isinstance(source, str) or not source.strip():
        raise RefusedError("empty")
    path = _resolve(root, source)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError("special")
        if status.st_size > MAX_BYTES:
            raise RefusedError("bytes")
        return path.read_bytes()
    except OSError as error:
        raise RefusedError("missing") from error


def _resolve(root: Path, source: str) -> Path:
    """The file that a value of the media column names, symbolic links followed; backslashes are tried as slashes."""
    for text in (source, source.replace("\\", "/")):
        try:
            path = (root / text).resolve()
            if path.is_relative_to(root) and path.exists():
                return path
        except (OSError, ValueError, RuntimeError):  # a name too long, a NUL, a loop of links
            continue
    try:
        inside = (root / source).resolve().is_relative_to(root)
    except (OSError, ValueError, RuntimeError):
        inside = True
    raise RefusedError("missing" if inside else "outside")


def _encode(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        image.draft(None, (2 * SIDE, 2 * SIDE))  # JPEG alone: decodes at a fraction of its size
        if image.width * image.height > MAX_PIXELS:
            raise RefusedError("pixels")
        n_frames = int(getattr(image, "n_frames", 1))
        image.seek(0)
        image.load()
        flat = _upright(image)
    flat, windowed = _eight_bits(flat)
    true = max(flat.size) <= TRUE_SIDE
    flat.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    # A fresh image takes nothing along: no comment, profile, EXIF or XMP.
    clean = Image.new("RGB", flat.size, _BEHIND)
    clean.paste(flat, mask=flat.getchannel("A") if flat.mode == "RGBA" else None)
    out = io.BytesIO()
    clean.save(out, "WEBP", lossless=true, quality=100 if true else QUALITY, method=4)
    return Picture(out.getvalue(), clean.width, clean.height, true, n_frames, windowed)


def _upright(image: Image.Image) -> Image.Image:
    """The image turned as its EXIF says; broken EXIF does not cost the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # the parser of EXIF raises many things
        return image.copy()


def _eight_bits(image: Image.Image) -> tuple[Image.Image, bool]:
    """The image as RGB or RGBA, and whether its range had to be scaled to 8 bits."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        known = values[np.isfinite(values)]
        low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
        scaled = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * (255 / (high - low or 1))
        return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8)).convert("RGB"), True
    transparent = "transparency" in image.info or "A" in image.getbands() or image.mode == "La"
    return image.convert("RGBA" if transparent else "RGB"), False


def _refusal(data: bytes, error: Exception) -> str:
    """Why the bytes could not be decoded, as far as they tell."""
    head = data[:256].lstrip()
    if any(head.startswith(magic) for magic in _REFUSED) or data[:4] in {b"II*\0", b"MM\0*"} or data[4:8] == b"ftyp":
        return "format"
    if isinstance(error, UnidentifiedImageError):
        return "not_image"
    return "truncated" if "trunc" in str(error).lower() else "broken"
