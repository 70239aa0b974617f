"""One untrusted image: found inside its root, checked, decoded. Nothing else in the package opens an image."""

from __future__ import annotations

import io
import stat
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

Made = TypeVar("Made")

MAX_PIXELS = 64_000_000
MAX_BYTES = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

_ORIENTATION = 0x0112
_TURNED = {5, 6, 7, 8}  # orientations of EXIF that swap width and height

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


class RefusedError(Exception):
    """Why there is no picture.

    ``reason``: empty, missing, outside, special, bytes, pixels, format, not_image, truncated or broken.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, eq=False)
class Decoded:
    """The pixels of an image's first frame, upright if asked for."""

    stored: Image.Image  # as the file has them
    n_frames: int
    format: str  # one of FORMATS
    packed: str  # how the file packs a pixel, as Pillow names it: "L;4" of four bits, which are scaled to eight
    size: tuple[int, int] = (0, 0)  # width and height of the pixels that the file stores, before they are turned
    turned: int = 1  # the EXIF orientation, 1 to 8: how they were turned

    def colours(self) -> tuple[Image.Image, bool]:
        """The image as RGB or RGBA with 8 bits, and whether its range had to be scaled to them."""
        image = self.stored
        if self.deep:
            values = np.asarray(image, dtype=np.float64)
            known = values[np.isfinite(values)]
            low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
            scaled = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * (255 / (high - low or 1))
            return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8)).convert("RGB"), True
        transparent = "transparency" in image.info or "A" in image.getbands() or image.mode == "La"
        return image.convert("RGBA" if transparent else "RGB"), False

    @property
    def deep(self) -> bool:
        """Whether it has more than 8 bits."""
        return self.stored.mode.startswith("I") or self.stored.mode == "F"


def decode(
    root: Path, source: object, use: Callable[[Decoded], Made], at_least: int | None = None, *, upright: bool = True
) -> Made:
    """What ``use`` makes of the pixels of one image: a path below ``root``, its bytes, or a mapping of either.

    ``root`` must be resolved; a mapping has ``bytes`` or ``path``. With ``at_least`` a JPEG is decoded at a fraction of
    its size, both of its sides still at least so long where they were: quicker, and not its real pixels. An image that
    is not to be ``upright`` stays as it is stored, whatever its EXIF says.

    Raises:
        RefusedError: for whatever cannot or may not be shown, and for whatever else ``use`` raises: the conversions of
            an image made to break its decoder can raise anything, too.
    """
    data = _read(root, source)
    try:
        return use(_decode(data, at_least, upright))
    except RefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError("pixels") from error
    except Exception as error:
        raise RefusedError(_refusal(data, error)) from error


def measure(root: Path, source: object) -> tuple[int, int]:
    """The width and height of an image, upright, from its header alone.

    Raises:
        RefusedError: for whatever may not be read, and what is no image.
    """
    return measure_both(root, source)[0]


def measure_both(root: Path, source: object) -> tuple[tuple[int, int], tuple[int, int]]:
    """The width and height of an image, upright and as the file stores it, as ``measure`` has them."""
    data = _read(root, source)
    try:
        with own_caps(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
            turned = image.getexif().get(_ORIENTATION) in _TURNED
            return (image.size[1], image.size[0]) if turned else image.size, image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError("pixels") from error
    except Exception as error:
        raise RefusedError(_refusal(data, error)) from error


@contextmanager
def own_caps() -> Iterator[None]:
    """Pillow's warning of large images is silenced: our own cap is the lower one. Enter it before any thread starts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


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


def _decode(data: bytes, at_least: int | None, upright: bool) -> Decoded:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        size = image.size
        if at_least is not None:
            image.draft(None, (at_least, at_least))
        if image.width * image.height > MAX_PIXELS:
            raise RefusedError("pixels")
        n_frames = int(getattr(image, "n_frames", 1))
        image.seek(0)
        packed = str(image.tile[0].args) if image.tile else ""
        image.load()
        shown = _upright(image) if upright else image.copy()
        return Decoded(shown, n_frames, image.format or "", packed, size, _turned(image) if upright else 1)


def _upright(image: Image.Image) -> Image.Image:
    """The image turned as its EXIF says; broken EXIF does not cost the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # the parser of EXIF raises many things
        return image.copy()


def _turned(image: Image.Image) -> int:
    """The orientation that EXIF tells, 1 where it tells none, or where it is broken."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # as above
        return 1
    return found if found in range(1, 9) else 1


def _refusal(data: bytes, error: Exception) -> str:
    """Why the bytes could not be decoded, as far as they tell."""
    head = data[:256].lstrip()
    if any(head.startswith(magic) for magic in _REFUSED) or data[:4] in {b"II*\0", b"MM\0*"} or data[4:8] == b"ftyp":
        return "format"
    if isinstance(error, UnidentifiedImageError):
        return "not_image"
    return "truncated" if "trunc" in str(error).lower() else "broken"
