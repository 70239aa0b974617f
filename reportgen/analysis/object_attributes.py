"""Attributes of true objects: what their boxes tell, what the annotations say, and those of their samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.attributes import DEFAULT_BINS, AttributeSpec, Coded, code_attributes
from reportgen.model import Attribute, Outcomes, Parts
from reportgen.stats.matching import RANGES
from reportgen.stats.object_places import border_gaps, find_neighbours
from reportgen.tasks.objects import BOX

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

WIDE = 1.5
"""A box whose longer side is so many times the shorter one or more is tall or wide."""
NEAR = 0.5
"""Nearer than so many times its own size (the root of width × height), a neighbour or the border is close."""
TOUCHES = 1.0
"""Pixels from the border up to which a box touches it: rounding moves a box by as much."""

CLASS, SIZE, SHARE, SHAPE, CROWDING, BORDER = "class", "size", "% of image", "shape", "crowding", "border"

PHRASES = {
    SIZE: {
        "small": "where objects are small",
        "medium": "where objects are of medium size",
        "large": "where objects are large",
    },
    SHAPE: {
        "tall": "where objects are tall",
        "square": "where objects are about as wide as tall",
        "wide": "where objects are wide",
    },
    CROWDING: {
        "overlaps another": "where objects overlap another one",
        "close to another": "where objects are close to another one",
        "apart": "where objects stand apart",
    },
    BORDER: {
        "at the border": "where objects touch the border of the image",
        "near the border": "where objects are near the border of the image",
        "off the border": "where objects are off the border of the image",
    },
}
"""What the boxes tell: the values of each attribute in their order, and how a sentence says them."""


def code_objects(outcomes: Outcomes, rows: Rows, own: Sequence[AttributeSpec]) -> tuple[Coded, frozenset[str]]:
    """The attributes of some true objects as codes, with the names of those that are the sample's.

    First the class (of several), then what the boxes tell (the size by COCO's ranges of areas; after Hoiem,
    Chodpathumwan, Dai, ECCV 2012, who hold detectors against size, shape and occlusion of objects), then what the
    annotations say, then the attributes of the samples. Of what the boxes tell, an attribute of which all objects have
    one value is left out. A name that stands further ahead is its own; a later one of the same name says whose it is.

    Args:
        outcomes: of a detection.
        rows: of ``parts.truths``, ascending.
        own: the columns of ``parts.attributes`` that slice.
    """
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    told = _tell_boxes(parts, rows)
    names = {CLASS: CLASS, **{one.name: one.name for one in told}}
    specs = [
        AttributeSpec(one.name, DEFAULT_BINS if one.name == SHARE else None, phrases=PHRASES.get(one.name, {}))
        for one in told
    ]
    for spec in own:
        assert parts.attributes is not None
        name = _clear(spec.column, names, "annotation")
        told.append(parts.attributes[spec.column].gather(rows).rename(name))
        specs.append(replace(spec, column=name))
    coded = code_attributes(pl.DataFrame(told), specs)
    attributes, codes = [], []
    klass = parts.truths["class"].gather(rows)
    if len(parts.classes) > 1:
        phrases = {name: f"where objects are labelled {name}" for name in parts.classes}
        attributes.append(Attribute(CLASS, "categorical", parts.classes, 0, phrases=phrases))
        codes.append(klass)
    for one in coded.attributes:
        attributes.append(_worded(one))
        codes.append(coded.codes[columns.attribute(one.index)])
    sample = parts.truths["sample"].gather(rows)
    inherited = []
    for one in outcomes.attributes:
        inherited.append(_clear(one.name, names, "sample"))
        code = outcomes.frame[columns.attribute(one.index)].gather(sample)
        attributes.append(replace(one, name=inherited[-1], n_missing=int((code < 0).sum())))
        codes.append(code)
    return (
        Coded(
            tuple(replace(one, index=i) for i, one in enumerate(attributes)),
            pl.DataFrame([code.alias(columns.attribute(i)).cast(pl.Int32) for i, code in enumerate(codes)]),
            coded.notes,
        ),
        frozenset(inherited),
    )


def tells_pairs(inherited: frozenset[str]) -> Callable[[Attribute, Attribute], bool]:
    """Which two attributes make slices of objects together: not two of the sample, and not a size twice."""
    same = {SIZE, SHARE}
    return lambda a, b: not {a.name, b.name} <= inherited and {a.name, b.name} != same


def _tell_boxes(parts: Parts, rows: Rows) -> list[pl.Series]:
    """What the boxes tell of each object: words, and for the share of the image its area in percent."""
    assert parts.truths is not None
    sample = parts.truths["sample"].to_numpy()
    boxes = parts.truths.select(BOX).to_numpy()
    near = find_neighbours(sample, boxes)  # crowds are neighbours, too
    sample, boxes, area = sample[rows], boxes[rows], parts.truths["area"].to_numpy()[rows]
    size = np.sqrt(boxes[:, 2] * boxes[:, 3])
    width, height = boxes[:, 2], boxes[:, 3]
    told = [
        _words(SIZE, [area < RANGES["small"][1], area < RANGES["large"][0], area >= RANGES["large"][0]]),
        _words(SHAPE, [height >= WIDE * np.maximum(width, 1e-9), width < WIDE * height, width >= WIDE * height]),
        _words(CROWDING, [near.overlapped[rows], near.gap[rows] < NEAR * size, near.gap[rows] >= NEAR * size]),
    ]
    if parts.sizes is not None and np.isfinite(parts.sizes).any():
        sizes = parts.sizes[sample]
        gap = border_gaps(boxes, sizes)
        told.append(_words(BORDER, [gap <= TOUCHES, gap < NEAR * size, gap >= NEAR * size]))
        with np.errstate(divide="ignore", invalid="ignore"):
            told.insert(1, pl.Series(SHARE, 100 * area / sizes.prod(axis=1)).fill_nan(None))
    return [one for one in told if one.drop_nulls().n_unique() > 1]


def _words(name: str, conditions: Sequence[npt.NDArray[np.bool_]]) -> pl.Series:
    """The word of the first condition that holds; null where none does."""
    words = list(PHRASES[name])
    place = np.select(conditions, np.arange(len(words)), len(words))
    return pl.Series(name, [*words, None], dtype=pl.String).gather(place)


def _worded(one: Attribute) -> Attribute:
    """The attribute with how a sentence says its values, where these are shares of the image."""
    if one.name != SHARE or one.edges is None:
        return one
    return replace(one, phrases={value: f"where objects fill {_share(value)} of the image" for value in one.values})


def _share(value: str) -> str:
    """A bin of percents in words."""
    if value.startswith("<"):
        return f"less than {value[1:].strip()}%"
    return f"{value[1:].strip()}% or more" if value.startswith("≥") else f"{value}%"


def _clear(name: str, taken: dict[str, str], whose: str) -> str:
    """A name that is not taken yet, with whose it is where it had to be changed; it is taken then."""
    found = name
    while found in taken:
        found = f"{found} ({whose})"
    taken[found] = found
    return found
