"""Attributes as codes: categories by their values, numbers by quantile bins."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.model import Attribute, Note

Codes = npt.NDArray[np.int32]

MAX_VALUES = 200
"""Categories kept per attribute; the rest become one value, "other (k values)"."""

FEW_NUMBERS = 10
"""A number with at most so many distinct values is a category."""

DEFAULT_BINS = 5


@dataclass(frozen=True)
class AttributeSpec:
    """What the manifest asks of one attribute."""

    column: str
    bins: int | None = None
    edges: tuple[float, ...] | None = None
    phrases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Coded:
    """Attributes with the frame of their codes (``a{i}``, Int32, -1 where missing), and what was left out."""

    attributes: tuple[Attribute, ...]
    codes: pl.DataFrame
    notes: tuple[Note, ...]


def code_attributes(samples: pl.DataFrame, specs: Sequence[AttributeSpec]) -> Coded:
    """The samples' attributes as codes, in the order of the specs; those without two values are left out and noted."""
    attributes: list[Attribute] = []
    codes: list[pl.Series] = []
    notes: list[Note] = []
    for spec in specs:
        series = samples[spec.column]
        index = len(attributes)
        coded = _code_number(series, spec, index) if _is_number(series, spec) else _code_category(series, spec, index)
        attribute, values, note = coded
        if note:
            notes.append(note)
        if len(attribute.values) < 2:
            # Degraded, since the manifest names it: a column that is only guessed is passed over before it comes here.
            message = f'attribute "{spec.column}" {_lone(attribute, spec, series)}, so it has no slices'
            notes.append(Note("RG401", "degraded", message, column=spec.column))
            continue
        attributes.append(attribute)
        codes.append(pl.Series(columns.attribute(index), values, dtype=pl.Int32))
    return Coded(tuple(attributes), pl.DataFrame(codes), tuple(notes))


def _lone(attribute: Attribute, spec: AttributeSpec, series: pl.Series) -> str:
    """Why the attribute has fewer than two values."""
    if not attribute.values:
        if series.dtype == pl.String and series.null_count() < len(series):
            asked = "bins" if spec.edges is None else "edges"
            return f'holds text such as "{series.drop_nulls()[0]}", and `{asked}` are for numbers'
        return "has no value at all"
    if attribute.edges is None or attribute.edges[0] == attribute.edges[-1]:
        return "has the same value everywhere"
    write = _writer(attribute.edges)
    low, *_, high = map(write, attribute.edges)
    return f"goes from {low} to {high}, and none of its `edges` lies between"


def code_target(target: pl.Series, name: str, classes: Sequence[str], index: int) -> tuple[Attribute, Codes]:
    """The target as an attribute: the classes, or quantile bins of the true value."""
    if classes:
        return Attribute(name, "target", tuple(classes), index), target.to_numpy().astype(np.int32)
    attribute, codes, _ = _code_number(target, AttributeSpec(name), index)
    return Attribute(name, "target", attribute.values, index, attribute.edges), codes


def code_as(attribute: Attribute, series: pl.Series) -> Codes:
    """The codes of other values of an attribute that was coded before; -1 where missing, or a value that it lacks.

    Numbers beyond the outer edges fall into the outer bins; values that are not among the most frequent ones fall, as
    they did, into the one of all others, where the attribute has it.
    """
    if attribute.edges is not None:
        numbers = series.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
        inner = np.asarray(attribute.edges[1:-1])
        return np.where(np.isfinite(numbers), np.searchsorted(inner, numbers, side="right"), -1).astype(np.int32)
    place = {value: code for code, value in enumerate(attribute.values)}
    text = spell_as(attribute, series)
    codes = text.replace_strict(list(place), list(place.values()), default=_others(attribute), return_dtype=pl.Int32)
    return pl.select(pl.when(text.is_null()).then(-1).otherwise(codes)).to_series().to_numpy().astype(np.int32)


def spell_as(attribute: Attribute, series: pl.Series) -> pl.Series:
    """Other values of a category as text, equal ones spelled as the attribute has them.

    A column of 0, 1 and 1.5 is "0.0" and "1.0" where one of 0 and 1 is "0" and "1", and true may be "True" in a table.
    """
    text = as_text(series)
    if series.dtype == pl.String:
        return text.str.to_lowercase() if set(attribute.values) <= {"true", "false"} else text
    if not series.dtype.is_numeric():
        return text
    spelled = {float(value): value for value in attribute.values if _order(value)[0] == 0}
    numbers = series.cast(pl.Float64)
    same = numbers.replace_strict(list(spelled), list(spelled.values()), default=None, return_dtype=pl.String)
    return same.fill_null(text)


def _others(attribute: Attribute) -> int:
    """The code of the value that stands for all rare ones; -1 where each stands for itself."""
    many = attribute.kind == "categorical" and len(attribute.values) > MAX_VALUES
    return len(attribute.values) - 1 if many else -1


def _is_number(series: pl.Series, spec: AttributeSpec) -> bool:
    if spec.edges is not None or spec.bins is not None:
        return True
    return series.dtype.is_numeric() and series.drop_nulls().n_unique() > FEW_NUMBERS


def _order(value: str) -> tuple[int, float, str]:
    """Numbers by size, then words by spelling: never by a locale."""
    try:
        number = float(value)
    except ValueError:
        return (1, 0.0, value)
    return (0, number, value) if math.isfinite(number) else (1, 0.0, value)


def _code_category(series: pl.Series, spec: AttributeSpec, index: int) -> tuple[Attribute, Codes, Note | None]:
    text = as_text(series)
    counts = text.drop_nulls().value_counts(name="n").sort(["n", text.name], descending=[True, False])
    found = counts[text.name].to_list()
    note = None
    kept = found
    other: list[str] = []
    if len(found) > MAX_VALUES:
        kept = found[:MAX_VALUES]
        other = [f"other ({len(found) - MAX_VALUES:,} values)"]
        looks = "; it looks like an id" if len(found) > 0.5 * len(series) else ""
        note = Note(
            "RG402",
            "degraded",
            f'attribute "{spec.column}" has {len(found):,} values: the {MAX_VALUES} most frequent are slices, '
            f"the others together are one{looks}",
            column=spec.column,
            n=len(found) - MAX_VALUES,
        )
    stated = [value for value in spec.phrases if value in kept]
    values = [*stated, *sorted((v for v in kept if v not in spec.phrases), key=_order), *other]
    place = {value: code for code, value in enumerate(values)}
    fallback = place[other[0]] if other else -1
    codes = text.replace_strict(
        pl.Series(list(place), dtype=pl.String), pl.Series(list(place.values()), dtype=pl.Int32), default=fallback
    )
    codes = pl.select(pl.when(text.is_null()).then(-1).otherwise(codes)).to_series().cast(pl.Int32)
    return (
        Attribute(spec.column, "categorical", tuple(values), index, None, int(text.null_count()), dict(spec.phrases)),
        codes.to_numpy(),
        note,
    )


def as_text(series: pl.Series) -> pl.Series:
    """The values as categories are called: whole numbers without decimals, true and false in small letters."""
    if series.dtype == pl.Boolean:
        return series.replace_strict({True: "true", False: "false"}, return_dtype=pl.String)
    if series.dtype.is_float():
        whole = bool((series.drop_nulls().drop_nans() % 1 == 0).all())
        return (series.fill_nan(None).cast(pl.Int64) if whole else series.fill_nan(None)).cast(pl.String)
    return series.cast(pl.String)


def _code_number(series: pl.Series, spec: AttributeSpec, index: int) -> tuple[Attribute, Codes, Note | None]:
    if series.dtype == pl.String:
        series = pl.Series(series.name, [None] * len(series), dtype=pl.Float64)  # not a few numbers among words
    numbers = series.cast(pl.Float64, strict=False).to_numpy()
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return (
            Attribute(spec.column, "numeric", (), index, None, len(numbers)),
            np.full(len(numbers), -1, np.int32),
            None,
        )
    edges = _edges(known, spec)
    inner = np.asarray(edges[1:-1])
    codes = np.where(np.isfinite(numbers), np.searchsorted(inner, numbers, side="right"), -1).astype(np.int32)
    whole = bool(np.all(known == np.floor(known)) and np.all(inner == np.floor(inner)))
    labels = _bin_labels(edges, whole)
    if spec.edges is None and len(inner) and not np.any((known > edges[0]) & (known < inner[0])):
        labels = (_writer(edges)(edges[0]), *labels[1:])  # the first bin holds one number alone: say it
    return (
        Attribute(
            spec.column,
            "numeric",
            labels,
            index,
            tuple(edges),
            int(np.sum(~np.isfinite(numbers))),
            dict(spec.phrases),
        ),
        codes,
        None,
    )


def _edges(known: npt.NDArray[np.float64], spec: AttributeSpec) -> list[float]:
    """Outer edges are the data's ends; inner ones the manifest's, or quantiles rounded as far as they stay apart."""
    low, high = float(known.min()), float(known.max())
    if spec.edges is not None:
        inner = [edge for edge in spec.edges if low < edge <= high]
    else:
        bins = spec.bins or DEFAULT_BINS
        # an observed value, not an interpolated one: the same for any order, and a whole number stays whole
        exact = np.unique(np.quantile(known, np.arange(1, bins) / bins, method="higher"))
        inner = sorted(set(_rounded([float(x) for x in exact if low < x <= high])))
        if not inner and low < high:
            # one number fills the lowest bins, as 0 often does: it is a bin, and the others are binned on their own
            others = known[known > low]
            inner = [float(others.min()), *_edges(others, AttributeSpec(spec.column, bins=max(2, bins - 1)))[1:-1]]
    return [low, *inner, high]


def _rounded(edges: list[float]) -> list[float]:
    """The edges with the fewest significant digits that keep them apart, two at least."""
    for digits in range(2, 8):
        short = [float(f"{edge:.{digits - 1}e}") for edge in edges]
        if len(set(short)) == len(edges) and all(
            abs(s - e) <= 0.02 * max(abs(e), 1e-300) for s, e in zip(short, edges, strict=True)
        ):
            return short
    return edges


def _bin_labels(edges: Sequence[float], whole: bool) -> tuple[str, ...]:
    """Labels as people write them: "< 25", "25–37" (whole numbers, both ends in), "0.12–0.17", "≥ 50"."""
    inner = edges[1:-1]
    text = _writer(edges)
    if not inner:
        return (f"{text(edges[0])}–{text(edges[-1])}",)
    labels = [f"< {text(inner[0])}"]
    for low, high in pairwise(inner):
        last = high - 1 if whole else high
        labels.append(text(low) if whole and last == low else f"{text(low)}–{text(last)}")
    labels.append(f"≥ {text(inner[-1])}")
    return tuple(labels)


def _writer(edges: Sequence[float]) -> Callable[[float], str]:
    """How these edges are written: whole numbers in full, others to seven digits or as many as keep them apart."""
    spec = ".0f" if all(edge.is_integer() and abs(edge) < 1e15 for edge in edges) else ".7g"
    for digits in range(8, 18):
        if len({format(edge, spec) for edge in edges}) == len(set(edges)):
            break
        spec = f".{digits}g"
    return lambda x: format(x, spec).replace("-", "\u2212")
