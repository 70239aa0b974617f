"""What is odd in the attributes: missing, constant, id-like, imbalanced, or another one under a new name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.analysis.slices import missing_set
from reportgen.inspection import SampleSet
from reportgen.inspection.attributes import AttributeCheck, AttributeChecks, Determined
from reportgen.inspection.sets import key_of
from reportgen.model import Attribute, Outcomes

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

MOSTLY = 0.95
"""Imbalanced: one value holds at least this share of the samples that have one."""
ALL_DIFFERENT = 0.95
"""Id-like: at least this share of a column's values are different."""
FEW = 20
"""A column of fewer values is never id-like."""
TOLD = 0.99
"""One attribute tells another: for at least this share of the samples."""
GAIN = 0.9
"""And for this share of those at least that its most frequent value does not tell already."""


def inspect_attributes(outcomes: Outcomes, given: Given) -> AttributeChecks:
    """What each column that slices, or could have, is like, and which of them tell each other.

    Attributes that no column holds, as those of the labels that samples have, are no metadata to be looked at.
    """
    of_columns = [one for one in outcomes.attributes if one.kind not in {"target", "prediction"}]
    sliced = {one.name: one for one in of_columns if one.name in outcomes.samples.columns}
    names = [*dict.fromkeys([*given.attribute_columns, *sliced])]
    ids = outcomes.frame[columns.ID].to_numpy().astype(str)
    checks, sets = [], []
    lacking = np.zeros(outcomes.frame.height, bool)
    keys: set[str] = set()
    for name in names:
        missing = _missing(outcomes, name, sliced.get(name))
        checks.append(_check(outcomes, name, missing, sliced.get(name)))
        if not missing.any() or missing.all():
            continue
        lacking |= missing
        rows = np.flatnonzero(missing)
        rule = f"It has no value of {name}."
        ordered = rows[np.argsort(ids[rows], kind="stable")].astype(np.int64)
        sets.append(SampleSet(key_of("missing", name, keys, "value"), missing_set(name), "attributes", rule, ordered))
    return AttributeChecks(
        tuple(checks), tuple(_pairs(outcomes)), outcomes.frame.height, int(lacking.sum()), tuple(sets)
    )


def _missing(outcomes: Outcomes, name: str, attribute: Attribute | None) -> Flags:
    if attribute is not None:
        return np.asarray(outcomes.frame[columns.attribute(attribute.index)].to_numpy() < 0)
    series = outcomes.samples[name]
    lacks = series.is_null()
    if series.dtype.is_float():
        lacks |= series.is_nan().fill_null(value=True)
    return np.asarray(lacks.to_numpy())


def _check(outcomes: Outcomes, name: str, missing: Flags, attribute: Attribute | None) -> AttributeCheck:
    series = outcomes.samples[name] if name in outcomes.samples.columns else None
    n_missing = int(missing.sum())
    known = series.filter(pl.Series(~missing)) if series is not None else None
    n_values = known.n_unique() if known is not None and len(known) else 0
    top, share, effective = "", 0.0, 0.0
    if attribute is not None:
        codes = outcomes.frame[columns.attribute(attribute.index)].to_numpy()
        counts = np.bincount(codes[codes >= 0], minlength=len(attribute.values))
        top, share = attribute.values[int(counts.argmax())], float(counts.max() / counts.sum())
        effective = float(counts.sum() ** 2 / (counts.astype(np.float64) ** 2).sum())
    if n_values == 0:
        return AttributeCheck(name, 0, n_missing, "empty", False)
    if n_values == 1:
        assert known is not None
        return AttributeCheck(name, 1, n_missing, "constant", attribute is not None, str(known[0]), 1.0, effective)
    id_like = known is not None and _is_id_like(known, n_values)
    shape = "id-like" if id_like else "imbalanced" if share >= MOSTLY else "varied"
    return AttributeCheck(name, n_values, n_missing, shape, attribute is not None, top, share, effective)  # type: ignore[arg-type]


def _is_id_like(known: pl.Series, n_values: int) -> bool:
    """Words nearly all different, or whole numbers all different that count up."""
    n = len(known)
    if n < FEW or not (known.dtype == pl.String or known.dtype.is_integer()):
        return False
    if known.dtype.is_integer():
        return n_values == n and int(known.max()) - int(known.min()) + 1 == n  # type: ignore[arg-type]
    return n_values >= ALL_DIFFERENT * n


def _pairs(outcomes: Outcomes) -> Iterator[Determined]:
    """The pairs of attributes, the target among them, of which one tells the other, or each does."""
    attributes = [one for one in outcomes.attributes if one.kind != "prediction"]
    codes = [outcomes.frame[columns.attribute(one.index)].to_numpy() for one in attributes]
    for (a, code_a), (b, code_b) in combinations(zip(attributes, codes, strict=True), 2):
        table = _contingency(code_a, code_b, len(a.values), len(b.values))
        n = int(table.sum())
        forth, back = told_share(table), told_share(table.T)
        tells, told = _tells(table, forth), _tells(table.T, back)
        if tells:
            yield Determined(a.name, b.name, forth, back, mutual=told, n=n)
        elif told:
            yield Determined(b.name, a.name, back, forth, mutual=False, n=n)


def _contingency(a: Codes, b: Codes, n_a: int, n_b: int) -> npt.NDArray[np.int64]:
    both = (a >= 0) & (b >= 0)
    cells = a[both].astype(np.int64) * n_b + b[both]
    return np.bincount(cells, minlength=n_a * n_b).reshape(n_a, n_b)


def told_share(table: npt.NDArray[np.int64]) -> float:
    """For which share of the samples the row tells the column, each judged by the others of its row.

    The column that most others of the row have is told; where two are as frequent there, or no other is in the row,
    none is. So an id, whose every row has one sample, tells nothing.
    """
    n = int(table.sum())
    if not n or table.shape[1] < 2:
        return 0.0
    ordered = np.sort(table, axis=1)
    most, second = ordered[:, -1], ordered[:, -2]
    return float(most[most >= second + 2].sum() / n)


def _tells(table: npt.NDArray[np.int64], share: float) -> bool:
    """Whether the share is high, and not because one column holds nearly all samples anyway."""
    n = int(table.sum())
    if not n or share < TOLD:
        return False
    without = float(table.sum(axis=0).max() / n)
    return without < 1 and (share - without) / (1 - without) >= GAIN
