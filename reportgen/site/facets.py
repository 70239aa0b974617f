"""The filters of Explore before any script: every value with its samples, and how many of them are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.judged_words import words_of
from reportgen.analysis.slices import IN_SET
from reportgen.model import Attribute
from reportgen.report import Report
from reportgen.site.charts import Chart, HistogramBin, histogram
from reportgen.site.flip_groups import flip_codes
from reportgen.site.marked import marked_sets
from reportgen.site.pairs import why_not_compared

SHOWN = 6
"""Values of a filter that are seen at once; the others open below them, the most frequent first."""
IN_PAGE = 60
"""Values of a filter that stand in the page; a script adds the others when they are opened."""
BINS = 40
"""Bars of a histogram."""

_OF_VERSIONS = frozenset({"now", "flip", "predicted", "said"})
"""Filters by what versions made of a sample: without a prediction there is no value to choose."""

Codes = npt.NDArray[np.int64]
Outcome = npt.NDArray[np.int64]
NONE, WRONG, RIGHT = 0, 1, 2
FLIPS = ("both_wrong", "newly_fixed", "newly_broken", "both_right")
"""By code, as the address has them."""


@dataclass(frozen=True)
class FacetValue:
    """One value of a filter: its stored code (0: missing), its samples, and both bars in hundredths of the track."""

    code: int
    value: str
    n: str
    wrong: str  # empty where nothing is right or wrong
    width: float
    wrong_width: float


@dataclass(frozen=True)
class Facet:
    """One filter. ``more`` are the values that open below the first; ``n_left`` more of them are not in the page."""

    key: str  # in the address: "label", "now", "a.weather"
    name: str
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]
    n_left: int
    number: str  # the key of its numbers, where it is a binned number: "n.area"
    low: str  # the smallest and the largest number, as the fields of the range show them
    high: str
    chart: Chart | None  # of its numbers


@dataclass(frozen=True)
class ConfidenceFacet:
    """The candidate's confidences as bars that a range is chosen on."""

    chart: Chart
    n_right: str
    n_wrong: str


def outcome_of(report: Report, version: str) -> Outcome:
    """What a version made of each sample: 0 not scored, 1 wrong, 2 right; 0 everywhere where nothing is right."""
    outcomes = report.outcomes
    v = outcomes.versions.index(version)
    if not is_judged(report):
        return np.zeros(outcomes.frame.height, dtype=np.int64)
    scored = outcomes.frame[columns.scored(v)].to_numpy()
    correct = outcomes.frame[columns.correct(v)].to_numpy().astype(np.int64)
    return np.where(scored, correct + 1, NONE)


def flip_words(report: Report) -> tuple[str, ...]:
    """What became of a sample, by code: in words."""
    return words_of(report.outcomes).moved


def is_judged(report: Report) -> bool:
    """Whether a prediction is right or wrong at all."""
    return bool(report.outcomes.classes) or report.outcomes.tolerance is not None


def plan_facets(report: Report) -> tuple[Facet, ...]:
    """The target, what the versions made of the samples, each attribute, and what the versions say."""
    outcomes, frame = report.outcomes, report.outcomes.frame
    outcome = outcome_of(report, report.candidate)
    coded = [a for a in outcomes.attributes if a.kind != "prediction"]
    target = next((a for a in coded if a.kind == "target"), None)
    found: list[Facet | None] = []

    def add(key: str, name: str, values: Sequence[str], codes: Codes, attribute: Attribute | None = None) -> None:
        found.append(_facet(report, key, name, values, codes, outcome, attribute))

    if target is not None:
        add("label", target.name, target.values, _codes(frame[columns.attribute(target.index)]))
    elif outcomes.classes:
        add("label", "label", outcomes.classes, _codes(frame[columns.TARGET]))
    if is_judged(report):
        said = words_of(report.outcomes)
        name = f"{report.candidate} is" if report.baseline else "outcome"
        add("now", name, (said.mark_wrong, said.mark_right), outcome)
    if report.baseline is not None and not why_not_compared(report, report.candidate):
        add(
            "flip",
            f"{report.baseline} → {report.candidate}",
            flip_words(report),
            flip_codes(report, report.candidate) + 1,
        )
    for attribute in coded:
        if attribute.kind != "target":
            codes = _codes(frame[columns.attribute(attribute.index)])
            add(f"a.{attribute.name}", attribute.name, attribute.values, codes, attribute)
    for one in marked_sets(report):
        add(f"a.{one.name}", one.name, (IN_SET,), frame[one.column].cast(pl.Int64).to_numpy())
    if outcomes.classes:
        add("predicted", f"{report.candidate} says", outcomes.classes, _said(report, report.candidate))
        if report.baseline is not None:
            add("said", f"{report.baseline} said", outcomes.classes, _said(report, report.baseline))
    return tuple(one for one in found if one is not None)


def plan_confidence_facet(report: Report) -> ConfidenceFacet | None:
    """The candidate's confidences, where it has any."""
    frame = report.outcomes.frame
    name = columns.confidence(report.outcomes.versions.index(report.candidate))
    if name not in frame.columns or not report.outcomes.classes:
        return None
    outcome = outcome_of(report, report.candidate)
    values = frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    known = np.isfinite(values)
    steps = np.round(values[known] * columns.CONFIDENCE_STEPS).astype(np.int64)
    bins = np.minimum(steps * BINS // columns.CONFIDENCE_STEPS, BINS - 1)
    edges = [i / BINS for i in range(BINS + 1)]
    label = f"How sure {report.candidate} is, and how many of each it has wrong"
    counts = np.bincount(bins * 3 + outcome[known], minlength=BINS * 3).reshape(BINS, 3)
    return ConfidenceFacet(
        histogram("explore-confidence", label, _bins(edges, counts), probability=True, noun=_noun(report)),
        numbers.count(int(counts[:, RIGHT].sum())),
        numbers.count(int(counts[:, WRONG].sum())),
    )


def _noun(report: Report) -> str:
    return {"image": "images", "text": "texts", "none": "samples"}[report.outcomes.media.kind]


def _codes(column: pl.Series) -> Codes:
    """Stored codes: the frame's plus one, 0 where missing."""
    return column.fill_null(-1).cast(pl.Int64).to_numpy() + 1


def _said(report: Report, version: str) -> Codes:
    v = report.outcomes.versions.index(version)
    frame = report.outcomes.frame
    return np.where(frame[columns.scored(v)].to_numpy(), _codes(frame[columns.prediction(v)]), 0)


def _facet(
    report: Report,
    key: str,
    name: str,
    values: Sequence[str],
    codes: Codes,
    outcome: Outcome,
    attribute: Attribute | None,
) -> Facet | None:
    """The filter's values in their own order; where there are many, the most frequent first. None without a value."""
    if not values:
        return None
    counts = np.bincount(codes * 3 + outcome, minlength=3 * (len(values) + 1)).reshape(-1, 3)
    totals = counts.sum(axis=1)
    order = list(range(1, len(values) + 1))
    if len(order) > SHOWN and (attribute is None or attribute.edges is None):
        order.sort(key=lambda code: (-int(totals[code]), code))
    if totals[0] and key not in _OF_VERSIONS and values != (IN_SET,):
        order.append(0)
    most = int(max(1, totals[order].max()))
    judged = is_judged(report)
    drawn = [_value(code, values, counts[code], most, judged=judged) for code in order]
    first = len(drawn) if len(drawn) <= SHOWN + 1 else SHOWN
    edges = attribute.edges if attribute is not None else None
    return Facet(
        key=key,
        name=name,
        values=tuple(drawn[:first]),
        more=tuple(drawn[first:IN_PAGE]),
        n_left=max(0, len(drawn) - IN_PAGE),
        number=f"n.{name}" if edges else "",
        low=f"{edges[0]:.6g}" if edges else "",
        high=f"{edges[-1]:.6g}" if edges else "",
        chart=_numbers_chart(report, attribute, outcome) if attribute is not None and edges else None,
    )


def _value(code: int, values: Sequence[str], counts: npt.NDArray[np.int64], most: int, *, judged: bool) -> FacetValue:
    n, wrong = int(counts.sum()), int(counts[WRONG])
    return FacetValue(
        code=code,
        value=values[code - 1] if code else "missing",
        n=numbers.count(n),
        wrong=numbers.count(wrong) if judged else "",
        width=round(100 * n / most, 2),
        wrong_width=round(100 * wrong / most, 2),
    )


def _numbers_chart(report: Report, attribute: Attribute, outcome: Outcome) -> Chart | None:
    """The attribute's numbers in bins of one width; none where they are all one."""
    samples = report.outcomes.samples
    if attribute.name not in samples.columns:
        return None
    values = samples[attribute.name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    known = np.isfinite(values)
    ordered = np.sort(values[known])
    if not len(ordered) or ordered[0] == ordered[-1]:
        return None
    # as the browser bins them (engine/columns.js): from the first to the last hundredth, the ends hold what is beyond
    last = len(ordered) - 1
    low, high = float(ordered[int(0.01 * last)]), float(ordered[int(np.ceil(0.99 * last))])
    if low == high:
        low, high = float(ordered[0]), float(ordered[-1])
    width = (high - low) / BINS
    bins = np.clip(np.floor((values[known] - low) / width), 0, BINS - 1).astype(np.int64)
    counts = np.bincount(bins * 3 + outcome[known], minlength=BINS * 3).reshape(BINS, 3)
    edges = [low + width * i for i in range(BINS + 1)]
    label = f"The numbers of {attribute.name}"
    return histogram(f"explore-a{attribute.index}", label, _bins(edges, counts), noun=_noun(report))


def _bins(edges: Sequence[float], counts: npt.NDArray[np.int64]) -> tuple[HistogramBin, ...]:
    return tuple(_each_bin(edges, counts))


def _each_bin(edges: Sequence[float], counts: npt.NDArray[np.int64]) -> Iterator[HistogramBin]:
    for i, row in enumerate(counts):
        yield HistogramBin(edges[i], edges[i + 1], int(row.sum()), int(row[WRONG]))
