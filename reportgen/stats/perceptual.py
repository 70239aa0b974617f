"""Perceptual hashes of images: 64 bits that small changes of an image leave alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 32
"""The side of the grey image that a hash is made of."""
LOW = 8
"""So many of the lowest frequencies in each direction make the hash: 64 bits."""

_TURN = np.cos(np.pi * np.arange(1, SIDE + 1) / (2 * SIDE))


def perceptual_hashes(tiles: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The hash of each grey image (n x 32 x 32), its first bit the highest.

    A bit says whether one of the 8 x 8 lowest frequencies of the discrete cosine transform is above their median.
    Source: pHash as imagehash computes it (``phash`` with its defaults), whose bits these are.
    """
    transformed = _cosines(_cosines(tiles.astype(np.float64), axis=1), axis=2)
    low = transformed[:, :LOW, :LOW].reshape(len(tiles), LOW * LOW)
    bits = low > np.median(low, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8").ravel().astype(np.uint64)


def _cosines(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """The unnormalised DCT-II along an axis of 32, by a real Fourier transform.

    A product with the matrix of cosines gives the same but for its last digits. Those decide the bits of an image that
    is flat or symmetric, most of whose frequencies are 0 exactly: a sum of 32 products leaves 1e-13 there, of either
    sign. This is the way of the transform that imagehash calls, with the same roundings.
    """
    x = np.moveaxis(values, axis, -1)
    odd, even = x[..., 1:-1:2], x[..., 2:-1:2]
    spectrum = np.empty((*x.shape[:-1], SIDE // 2 + 1), np.complex128)
    spectrum[..., 0], spectrum[..., -1] = 2 * x[..., 0], 2 * x[..., -1]
    spectrum[..., 1:-1] = (odd + even) + 1j * (even - odd)
    wave = np.fft.irfft(spectrum, SIDE, axis=-1, norm="forward")
    up = np.arange(1, SIDE // 2)
    down = SIDE - up
    ahead = _TURN[up - 1] * wave[..., down] + _TURN[down - 1] * wave[..., up]
    behind = _TURN[up - 1] * wave[..., up] - _TURN[down - 1] * wave[..., down]
    found = np.empty_like(wave)
    found[..., 0] = wave[..., 0]
    found[..., up], found[..., down] = 0.5 * (ahead + behind), 0.5 * (ahead - behind)
    found[..., SIDE // 2] = wave[..., SIDE // 2] * _TURN[SIDE // 2 - 1]
    return np.moveaxis(found, -1, axis)
