"""PNG files of given pixels, also of kinds that Pillow does not write."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image


def save(pixels: np.ndarray, mode: str | None = None, **given: object) -> bytes:
    """The bytes of a PNG."""
    image = Image.fromarray(pixels)
    if mode is not None:
        image = image.convert(mode)
    file = io.BytesIO()
    image.save(file, "PNG", **given)
    return file.getvalue()


def pack(bits: int, kind: int, row: bytes, width: int, height: int = 1) -> bytes:
    """A PNG of one row, as its bits are; with a larger ``height`` it promises more."""
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" + row)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
