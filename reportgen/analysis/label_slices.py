"""Slices by the labels that samples truly have: an attribute a label, with it and without it."""

from __future__ import annotations

import numpy as np
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.attributes import Coded
from reportgen.model import Attribute, Note, Parts

MOST_SLICED = 12
"""Labels that slice, the most frequent ones: all pairs of attributes are slices, too."""


def code_labels(parts: Parts, frame: pl.DataFrame, taken: tuple[Attribute, ...]) -> Coded:
    """The attributes "label A" of the most frequent labels that some samples have and some lack; ``taken`` come first.

    The truth is known of the samples that any version scored; of the others the value is missing.
    """
    known = np.logical_or.reduce([frame[columns.scored(v)].to_numpy() for v in range(len(parts.counts))])
    true = np.zeros((len(parts.classes), frame.height), bool)
    for counts in parts.counts:
        has = (counts.right + counts.missed) > 0
        true[counts.klass[has], counts.sample[has]] = True
    found = true.sum(axis=1)
    kept = [k for k in np.argsort(-found, kind="stable").tolist() if 0 < found[k] < known.sum()]
    names = {attribute.name for attribute in taken}
    attributes: list[Attribute] = []
    codes: list[pl.Series] = []
    for k in sorted(kept[:MOST_SLICED]):
        index = len(taken) + len(attributes)
        name = f"label {parts.classes[k]}"
        while name in names:
            name = f"{name} (target)"
        names.add(name)
        values = (f"with {parts.classes[k]}", f"without {parts.classes[k]}")
        told = {value: value for value in values}
        attributes.append(Attribute(name, "categorical", values, index, None, int((~known).sum()), told))
        coded = np.where(known, np.where(true[k], 0, 1), -1)
        codes.append(pl.Series(columns.attribute(index), coded, dtype=pl.Int32))
    left = len(kept) - len(attributes)
    message = f"slices go by the {MOST_SLICED} most frequent labels: there are {numbers.count(len(kept))}"
    notes = (Note("RG402", "info", message, n=left),) if left else ()
    return Coded(tuple(attributes), pl.DataFrame(codes), notes)
