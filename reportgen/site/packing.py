"""Columns and values as chunks: what the browser gets, small and safe in a script.

Columns of codes stand in the smallest integers that hold them, little-endian, byte by byte: the lowest byte of every
entry, then the next one of every entry. So each byte is packed with those that are like it, which makes columns of
wide numbers a tenth to a fifth smaller. Of codes up to 15 several stand in a byte, as its digits: fewer bytes are
unpacked sooner, and packed as smaller ones. Packed chunks are gzip in base64, for they travel in classic scripts.
Columns are packed by the frequency of their bytes and by runs (``Z_RLE``): looking for longer repetitions takes twenty
times as long and makes codes larger.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns

_INTEGERS: tuple[tuple[str, type[np.unsignedinteger]], ...] = (("u8", np.uint8), ("u16", np.uint16), ("u32", np.uint32))
_FLOATS = {"f32": np.float32, "f64": np.float64}

MOST_DIGITS = 16
"""Codes are digits of a byte where there are so many at most: two of them fill it."""
MOST_DECIMALS = 6
MOST_UNITS = 2**32 - 2
EXACT = 2**53
"""Below it every whole number is a float."""

Chunk = Mapping[str, object]


def pack_codes(codes: pl.Series, n_values: int) -> Chunk:
    """Codes from -1 (missing) to n_values - 1, stored plus one in the smallest unsigned integers that hold them."""
    kind, dtype = next((kind, dtype) for kind, dtype in _INTEGERS if n_values <= np.iinfo(dtype).max)
    stored = (codes.fill_null(-1).cast(pl.Int64).to_numpy() + 1).astype(dtype)
    radix = max(2, n_values + 1)  # a byte holds so many codes of one value as of two
    if radix > MOST_DIGITS:
        return _pack(kind, stored)
    return {**_pack(kind, _digits(stored, radix)), "n": len(stored), "radix": radix}


def pack_predictions(codes: pl.Series, target: pl.Series, n_classes: int) -> Chunk:
    """Codes of classes as how far they are beyond the target's, round the circle: mostly 0, which packs well.

    Where there is no target, as the code stands.
    """
    own, true = (one.fill_null(-1).cast(pl.Int64).to_numpy() for one in (codes, target))
    beyond = np.where((own >= 0) & (true >= 0), (own - true) % n_classes, own)
    return {**pack_codes(pl.Series(beyond), n_classes), "of": "target", "classes": n_classes}


def pack_confidence(confidence: pl.Series) -> Chunk:
    """Steps of ``columns.CONFIDENCE_STEPS``, stored plus one in 16 bits; the browser makes the same Float32 of them."""
    steps = (confidence.cast(pl.Float64) * columns.CONFIDENCE_STEPS).round().cast(pl.Int64)
    return {**pack_codes(steps, columns.CONFIDENCE_STEPS + 1), "steps": columns.CONFIDENCE_STEPS}


def pack_floats(values: npt.NDArray[np.floating], kind: str) -> Chunk:
    """Floats as they are, ``f32`` or ``f64``."""
    return _pack(kind, values.astype(_FLOATS[kind]))


def pack_numbers(numbers: npt.NDArray[np.float64]) -> Chunk:
    """Numbers as people have them, NaN where missing, to the last bit and in few.

    Where all are decimals of at most ``MOST_DECIMALS`` places: whole numbers from ``least`` on, in units of
    1 / ``per``, stored plus one. Else 32 bits where no number needs more, or 64.
    """
    known = np.isfinite(numbers)
    given = numbers[known]
    if not len(given):
        return pack_floats(np.full(len(numbers), np.nan), "f32")
    with np.errstate(over="ignore", invalid="ignore"):
        for per in 10.0 ** np.arange(MOST_DECIMALS + 1):
            whole = np.round(given * per)
            least, span = whole.min(), whole.max() - whole.min()
            if span < MOST_UNITS and abs(least) < EXACT and np.array_equal(whole / per, given):
                units = np.full(len(numbers), -1, np.int64)
                units[known] = (whole - least).astype(np.int64)
                return {**pack_codes(pl.Series(units), int(span) + 1), "least": int(least), "per": int(per)}
        narrow = np.array_equal(given.astype(np.float32).astype(np.float64), given)
    return pack_floats(np.where(known, numbers, np.nan), "f32" if narrow else "f64")


def pack_ranks(scores: npt.NDArray[np.float64]) -> Chunk:
    """The place of each score among all of them, from 1, ties alike; 0 where it is NaN."""
    known = np.isfinite(scores)
    table, places = np.unique(scores[known], return_inverse=True)
    placed = np.full(len(scores), -1, np.int64)
    placed[known] = places
    return pack_codes(pl.Series(placed), len(table))


def pack_words(words: npt.NDArray[np.uint64]) -> Chunk:
    """Whole numbers of 64 bits as two of 32, which browsers have: the lower halves of all, then the upper ones."""
    halves = [words & np.uint64(0xFFFFFFFF), words >> np.uint64(32)]
    return _pack("u32", np.concatenate(halves).astype(np.uint32))


def pack_json(value: object) -> Chunk:
    """Any JSON value. Texts stand as they are: what is packed never stands in HTML."""
    packed = json.dumps(value, allow_nan=False, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return {"type": "json", "n": len(packed), "gzip": _squeeze(packed.encode())}


def pack_texts(texts: Sequence[str]) -> Chunk:
    """Many texts, of which the browser makes those that it shows."""
    listed = json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))
    return {"type": "texts", "n": len(texts), "gzip": _squeeze(listed.encode())}


def letters(chunk: Chunk) -> int:
    """How long the text is that a chunk travels in."""
    return len(str(chunk["gzip"]))


def _digits(codes: npt.NDArray[np.unsignedinteger], radix: int) -> npt.NDArray[np.uint8]:
    """Bytes with as many codes as they hold, the first one as the lowest digit; the last byte is filled up with 0."""
    each = int(np.log(256) / np.log(radix) + 1e-9)
    filled = np.zeros((-(-len(codes) // each), each), np.int64)
    filled.flat[: len(codes)] = codes
    return (filled @ radix ** np.arange(each)).astype(np.uint8)


def _pack(kind: str, values: npt.NDArray[np.generic]) -> Chunk:
    little = values.astype(values.dtype.newbyteorder("<"))
    planes = little.view(np.uint8).reshape(len(little), little.itemsize).T
    return {"type": kind, "n": len(values), "gzip": _squeeze(planes.tobytes(), zlib.Z_RLE)}


def _squeeze(data: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> str:
    """Gzip without a time, in base64."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, strategy)
    return base64.b64encode(packer.compress(data) + packer.flush()).decode()
