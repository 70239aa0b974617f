"""Mask images of segmentation: which file is whose, and one read as the codes of its pixels' classes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.pictures import MAX_BYTES, MAX_PIXELS, Decoded, RefusedError, decode
from reportgen.numbers import bytes_size
from reportgen.stats.pixels import Codes

SUFFIX = ".png"

Size = tuple[int, int]
"""Width and height in pixels."""

_VALUES = 1 << 16
_STEPS = {"L;2": 85, "L;4": 17}  # by which Pillow spreads the values of two and four bits over eight
_SHOWN = 5
_WHY = {
    "empty": "no mask is named",
    "missing": "the mask image is not there",
    "outside": "the mask image is outside of the masks' folder",
    "special": "the mask is no regular file",
    "bytes": f"the mask image is larger than {bytes_size(MAX_BYTES)}",
    "pixels": f"the mask image has more than {MAX_PIXELS // 1_000_000} megapixels",
    "format": "the mask image is no PNG",
    "not_image": "the mask is no image",
    "truncated": "the mask image ends too early",
    "broken": "the mask image is damaged",
}


@dataclass(frozen=True)
class PixelValues:
    """What the values of pixels mean. Value 0 is background, unless it is a class or ignored."""

    classes: tuple[int, ...]  # the value of each class, in the order of their codes
    ignored: tuple[int, ...] = ()

    @property
    def background(self) -> int:
        """The code of pixels of no class."""
        return len(self.classes)

    @property
    def left_out(self) -> int:
        """The code of pixels that are ignored."""
        return len(self.classes) + 1

    @property
    def unknown(self) -> int:
        """The code of a value that means nothing."""
        return len(self.classes) + 2

    @cached_property
    def codes(self) -> Codes:
        """The code of every value that a pixel can have."""
        table = np.full(_VALUES, self.unknown, np.min_scalar_type(self.unknown))
        table[0] = self.background
        table[list(self.ignored)] = self.left_out
        table[list(self.classes)] = range(len(self.classes))
        return table


@dataclass(frozen=True)
class MaskFiles:
    """The mask images of a folder, by sample. ``unused``: those of no sample; paths are below the folder, with /."""

    of_sample: tuple[str | None, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class MaskImages:
    """Where the mask images of all samples are: a path below the resolved root each, or bytes; None: there is none."""

    root: Path
    sources: Sequence[object | None]
    values: PixelValues
    told: str = ""  # the root as errors name it

    def has(self, row: int) -> bool:
        """Whether the sample has a mask."""
        return self.sources[row] is not None

    def read(self, row: int, sizes: Sequence[Size]) -> Codes:
        """The codes of the sample's pixels, as ``read_mask`` has them."""
        return read_mask(self.root, self.sources[row], self.values, sizes, told=self.told)


def read_mask(root: Path, source: object, values: PixelValues, sizes: Sequence[Size] = (), *, told: str = "") -> Codes:
    """The codes of one mask image's pixels, height × width, as it is stored: what EXIF says of it does not count.

    A palette's colours do not count either: its indices are the values.

    Args:
        root: the resolved folder that it must be in.
        source: its path below the root, or its bytes.
        values: what they mean.
        sizes: those that it may have, its image's own first; none: any.
        told: the folder as errors name it.

    Raises:
        InputError: it cannot be read, is coloured, of another size, or has a value that means nothing (RG351 to RG354).
    """
    place = Place("/".join(part for part in (told, source if isinstance(source, str) else "") if part))
    try:
        found = decode(root, source, _values, upright=False)
    except RefusedError as error:
        raise stop(Problem("RG351", _WHY[error.reason], place, expected="a PNG of one value a pixel")) from error
    if found is None:
        mend = "write the class of each pixel as its grey value or its index of a palette, not as its colour"
        what = "the mask image is coloured, or transparent"
        raise stop(Problem("RG352", what, place, expected="grey values or a palette", mend=mend))
    height, width = found.shape
    if sizes and (width, height) not in sizes:
        what = f"the mask has {width} × {height} pixels, its image {sizes[0][0]} × {sizes[0][1]}"
        turned = "; it would fit the image turned by 90°" if (height, width) in sizes else ""
        raise stop(Problem("RG353", what + turned, place, mend="write masks at the size of their images, unscaled"))
    codes = np.take(values.codes, found)
    if codes.max(initial=0) == values.unknown:
        raise stop(_no_class(found, codes == values.unknown, values, place))
    return codes


def find_masks(folder: Path, names: Sequence[str]) -> MaskFiles:
    """The mask image of each sample: the PNG of its name, or of its name's stem, in the folder or below.

    Names are compared with their folders first, and without them where that finds nothing.

    Args:
        folder: of mask images.
        names: of the samples: ids, or names of their images.

    Raises:
        InputError: a sample has several files, or a file several samples (RG355).
    """
    paths = sorted(list_masks(folder))
    by_path: dict[str, list[str]] = {}
    by_stem: dict[str, list[str]] = {}
    for path in paths:
        by_path.setdefault(path[: -len(SUFFIX)], []).append(path)
        by_stem.setdefault(PurePosixPath(path).stem, []).append(path)
    problems: list[Problem] = []
    found: list[str | None] = []
    owner: dict[str, str] = {}
    for name in names:
        fitting = _fitting(name, by_path, by_stem)
        if len(fitting) > 1:
            listed = _listed(f'"{path}"' for path in fitting)
            problems.append(_shared(f'"{name}" could have several masks: {listed}', folder))
        one = fitting[0] if len(fitting) == 1 else None
        if one is not None and owner.setdefault(one, name) != name:
            problems.append(_shared(f'"{one}" could be the mask of "{owner[one]}" and of "{name}"', folder))
        found.append(one)
    if problems:
        raise InputError(problems)
    return MaskFiles(tuple(found), tuple(path for path in paths if path not in owner))


def _shared(what: str, folder: Path) -> Problem:
    return Problem("RG355", what, Place(folder.name), mend="put masks into folders as the images are, or rename them")


def list_masks(folder: Path) -> Iterator[str]:
    """The PNGs beneath a folder, as paths below it with /; without what is hidden."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _hidden(name)]
        for name in files:
            if name.lower().endswith(SUFFIX) and not _hidden(name):
                yield (Path(parent) / name).relative_to(folder).as_posix()


def _hidden(name: str) -> bool:
    """Whether it is what systems leave beside files: previews, and the other halves of files from a Mac."""
    return name.startswith(".") or name == "__MACOSX"


def _fitting(name: str, by_path: dict[str, list[str]], by_stem: dict[str, list[str]]) -> list[str]:
    """The files that a name may mean, by the closest way that finds any."""
    path = PurePosixPath(name.replace("\\", "/"))
    for text in (str(path), str(path.with_suffix("")) if path.stem else ""):
        if text in by_path:
            return by_path[text]
    for text in (path.name, path.stem):
        if text in by_stem:
            return by_stem[text]
    return []


def _values(image: Decoded) -> NDArray[np.unsignedinteger] | None:
    """The value of each pixel; None where it has colours or is transparent."""
    if image.format != "PNG":
        raise RefusedError("format")
    pixels = np.asarray(image.stored)
    if image.packed in _STEPS:
        return pixels // np.uint8(_STEPS[image.packed])
    if image.stored.mode in {"1", "L", "P"}:
        return pixels.astype(np.uint8, copy=False)
    if image.stored.mode.startswith("I"):
        return pixels.astype(np.uint16, copy=False)
    if image.packed.endswith("16B"):  # of which Pillow keeps the upper half alone
        return None
    n_colours = 1 if image.stored.mode == "LA" else 3
    grey = (pixels[..., :n_colours] == pixels[..., :1]).all() and (pixels[..., n_colours:] == 255).all()
    return np.ascontiguousarray(pixels[..., 0]) if grey else None


def _no_class(
    found: NDArray[np.unsignedinteger], wrong: NDArray[np.bool_], values: PixelValues, place: Place
) -> Problem:
    """What to say of the values that mean nothing."""
    y, x = np.unravel_index(int(wrong.argmax()), wrong.shape)
    others = np.unique(found[wrong])
    what = f"the pixel at x {x}, y {y} (counted from 0 at the top left) has the value {found[y, x]}, which is no class"
    if len(others) > 1:
        what += f"; in all, {_listed(others)} are none"
    known = f"{_listed(values.classes)} for classes, 0 for background"
    known += f", {_listed(values.ignored)} for what is ignored" if values.ignored else ""
    mend = "name the class of the value under masks.classes, or ignore it by masks.ignore"
    return Problem("RG354", what, place, expected=known, mend=mend)


def _listed(values: Iterable[object]) -> str:
    each = [str(one) for one in values]
    return ", ".join([*each[:_SHOWN], *([f"{len(each) - _SHOWN:,} more"] if len(each) > _SHOWN else [])])
