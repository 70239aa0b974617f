"""Does a version know when it is wrong? What it claims against what it delivers, and errors by how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import SEED, Measure, deciding_supports, sum_axes
from reportgen.analysis.ranks import DRAWS, RankFigure
from reportgen.analysis.slices import Axes, Axis
from reportgen.model import ALL, Family, Slice
from reportgen.stats import calibration, intervals, risk
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.support import SIGNIFICANT
from reportgen.tasks.metric import Metric, Side

METRIC = "over_confidence"
QUESTION = "is it too sure?"
LEADING = 3
"""So many slices have a diagram of their own: those on which the candidate is too sure for certain, the worst first."""

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Place:
    """A slice and which samples are in it."""

    slice: Slice
    inside: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Confidence:
    """The tables of confidence, the calibration errors among the metrics, and the families of tests.

    ``places`` are the slices that have bins, the whole first, then those on which the candidate is the most too sure.
    """

    bins: pl.DataFrame
    calibrations: pl.DataFrame
    claims: pl.DataFrame
    risks: pl.DataFrame
    figures: tuple[RankFigure, ...]
    families: tuple[Family, ...]
    places: tuple[Place, ...]


def examine_confidence(
    measure: Measure, axes: Axes, metrics: Sequence[Metric], baseline: int | None, candidate: int
) -> Confidence:
    """Everything that rests on confidence in the predicted label; empty where no version has any.

    What a version claims: every version over all samples; on slices the candidate and the baseline. Bins, risks and
    calibration errors: every version over all samples, the candidate and the baseline on the leading, declared and
    found slices. Slices that go by the target, and pinned sets, are left out: whoever picks samples by what is true of
    them finds even an honest version too sure where it is often wrong.
    """
    able = [v for v, side in enumerate(measure.sides) if side.confidence is not None]
    main = [v for v in dict.fromkeys((candidate, baseline)) if v in able]
    tables, families = [], []
    for version in able:
        table, family = _claims(measure, axes, version, on_slices=version in main)
        tables.append(table)
        families += [family] if family else []
    claims = pl.concat(tables) if tables else columns.CLAIMS.to_frame()
    places = _places(measure, axes, claims, candidate) if able else ()
    bins, calibrations, risks = [], [], []
    for version, place in _looked_at(able, main, places):
        rows = np.flatnonzero(measure.sides[version].scored & place.inside)
        if len(rows):
            bins.append(_bins(measure, version, place, rows))
            line, curve = _risk(measure, version, place, rows)
            calibrations.append(line)
            risks.append(curve)
    figures: tuple[RankFigure, ...] = ()
    if metric := next((metric for metric in metrics if metric.kind == "calibration"), None):
        figures = tuple(_figures(measure, metric, able, main, places, axes, baseline))
    return Confidence(
        pl.concat(bins) if bins else columns.CONFIDENCE_BINS.to_frame(),
        pl.concat(calibrations) if calibrations else columns.CALIBRATIONS.to_frame(),
        claims,
        pl.concat(risks) if risks else columns.RISKS.to_frame(),
        figures,
        tuple(families),
        places,
    )


def worst_claim(claims: pl.DataFrame, version: str) -> dict[str, Any] | None:
    """The line of the enumerated slice where a version is the most too sure for certain, beyond chance; or none."""
    table = _by_certainty(
        claims.filter((pl.col("version") == version) & pl.col("q").is_not_null() & (pl.col("verdict") == "too_sure"))
    )
    return table.row(0, named=True) if table.height else None


def _by_certainty(table: pl.DataFrame) -> pl.DataFrame:
    """Lines of ``columns.CLAIMS``, the one with the highest lower limit first."""
    return table.sort(["low", "slice"], descending=[True, False])


def _looked_at(able: Sequence[int], main: Sequence[int], places: Sequence[Place]) -> Iterator[tuple[int, Place]]:
    for place in places:
        yield from ((version, place) for version in (able if place.slice.id == ALL else sorted(main)))


def _by_truth(measure: Measure, axes: Axes, one: Slice) -> bool:
    """Whether a slice picks samples by what is true of them."""
    targets = {a.name for a in measure.outcomes.attributes if a.kind == "target"}
    return one.id in axes.pinned or any(term.attribute in targets for term in one.terms)


def _fair_axes(measure: Measure, axes: Axes) -> tuple[Axis, ...]:
    """The whole, and the axes whose slices do not go by the target and are no pinned sets."""
    rest = (*axes.attributes, *axes.pairs, *axes.declared)
    return (axes.whole, *(axis for axis in rest if axis.slices and not _by_truth(measure, axes, axis.slices[0])))


def _claims(measure: Measure, axes: Axes, version: int, *, on_slices: bool) -> tuple[pl.DataFrame, Family | None]:
    side = measure.sides[version]
    chosen = _fair_axes(measure, axes) if on_slices else (axes.whole,)
    correct, confidence, scored = _arrays(side)
    rights = sum_axes(measure, correct * scored, scored, chosen)
    sums = sum_axes(measure, (confidence - correct) * scored, scored, chosen)
    with np.errstate(divide="ignore", invalid="ignore"):
        delivered = rights.x / rights.w
        claimed = delivered + sums.x / sums.w
    found = intervals.mean_differences(delivered, claimed, sums, level=measure.limits.level, bounds=(0.0, 1.0))
    ids = [slice_id for axis in chosen for slice_id in axis.ids]
    k = len(ids)
    name = measure.outcomes.versions[version]
    table = pl.DataFrame(
        {
            "slice": ids,
            "version": [name] * k,
            "mean_confidence": found.value_candidate,
            "right_rate": found.value_baseline,
            "delta": found.delta,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "q": pl.Series([None] * k, dtype=pl.Float64),
            "n": sums.n,
            "n_groups": pl.Series(measure.groups_or_none(sums.units), dtype=pl.Int64),
            "method": list(found.method),
            "verdict": [""] * k,
            "support": measure.supports(sums.n, sums.units),
        },
        schema=columns.CLAIMS,
    ).with_columns(pl.col("mean_confidence", "right_rate", "delta", "low", "high", "p").fill_nan(None))
    support = deciding_supports(table, axes)
    p = table["p"].fill_null(np.nan).to_numpy()
    alone = table["slice"].is_in([ALL, *axes.declared_ids]).to_numpy()
    enumerated = np.isin(support, ("test", "decide")) & ~alone & ~np.isnan(p)
    q = np.full(k, np.nan)
    q[enumerated] = benjamini_hochberg(p[enumerated])
    words = [
        _verdict(delta, decides, own)
        for delta, decides, own in zip(found.delta.tolist(), np.where(alone, p, q).tolist(), support, strict=True)
    ]
    n_tested = int(enumerated.sum())
    return (
        table.with_columns(pl.Series("q", q).fill_nan(None), pl.Series("verdict", words, dtype=pl.String)),
        Family(METRIC, QUESTION, "", name, n_tested) if n_tested else None,
    )


def _verdict(delta: float, q: float, support: str) -> str:
    """too_sure or not_sure_enough where that is beyond chance, else unclear; too_few to tell."""
    if support not in {"test", "decide"}:
        return "too_few"
    if not q < SIGNIFICANT or delta == 0:
        return "unclear"
    return "too_sure" if delta > 0 else "not_sure_enough"


def _arrays(side: Side) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Right, confidence and scored of every sample, 0 where it was not scored."""
    assert side.confidence is not None
    return (
        side.correct.astype(np.float64),
        np.nan_to_num(side.confidence, nan=0.0).astype(np.float64),
        side.scored.astype(np.float64),
    )


def _places(measure: Measure, axes: Axes, claims: pl.DataFrame, candidate: int) -> tuple[Place, ...]:
    """The whole, the leading slices, then the declared and the found ones.

    The first leading slice is that of ``worst_claim``, whatever its size: what a sentence names is also drawn. Where
    the candidate is too sure nowhere, the one that can decide and is the nearest to it.
    """
    name = measure.outcomes.versions[candidate]
    table = _by_certainty(claims.filter((pl.col("version") == name) & pl.col("q").is_not_null()))
    beyond = table.filter(pl.col("verdict") == "too_sure")
    shown = beyond.head(LEADING) if beyond.height else table.filter(pl.col("support") == "decide").head(1)
    known = {one.id: (axis, key) for axis in axes.shared for key, one in enumerate(axis.slices)}
    declared = [one.id for axis in axes.shared for one in axis.slices if one.origin == "declared"]
    ids = dict.fromkeys([ALL, *shown["slice"], *declared, *(one.id for axis in axes.found for one in axis.slices)])
    found = []
    for slice_id in ids:
        axis, key = known[slice_id]
        one = axis.slices[key]
        if not _by_truth(measure, axes, one):
            found.append(Place(one, axis.keys == key))
    return tuple(found)


def _taken(measure: Measure, rows: Rows) -> dict[str, Any]:
    """The groups and weights of some samples, as the sums take them."""
    return {
        "group": None if measure.group is None else measure.group[rows],
        "weight": None if measure.weight is None else measure.weight[rows],
    }


def _bins(measure: Measure, version: int, place: Place, rows: Rows) -> pl.DataFrame:
    side = measure.sides[version]
    assert side.confidence is not None
    confidence = side.confidence[rows]
    code = calibration.equal_width_bins(confidence)
    bins = calibration.fill_bins(code, confidence, side.correct[rows], calibration.N_BINS, **_taken(measure, rows))
    limits = intervals.ratio_intervals(bins.rights, binary=True, level=measure.limits.level)
    k = calibration.N_BINS
    edges = np.arange(k + 1) / k
    return pl.DataFrame(
        {
            "slice": [place.slice.id] * k,
            "version": [measure.outcomes.versions[version]] * k,
            "low": edges[:-1],
            "high": edges[1:],
            "n": bins.n,
            "mean_confidence": bins.confidence,
            "n_right": bins.n_right,
            "right_rate": bins.right,
            "right_low": limits.low,
            "right_high": limits.high,
        },
        schema=columns.CONFIDENCE_BINS,
    ).with_columns(pl.col("mean_confidence", "right_rate", "right_low", "right_high").fill_nan(None))


def _risk(measure: Measure, version: int, place: Place, rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The line of ``columns.CALIBRATIONS`` and the curve of ``columns.RISKS``."""
    side = measure.sides[version]
    assert side.confidence is not None
    confidence, correct, taken = side.confidence[rows], side.correct[rows], _taken(measure, rows)
    name = measure.outcomes.versions[version]
    plug_in = None
    if len(rows) >= calibration.LEAST:
        code = calibration.equal_width_bins(confidence)
        plug_in = calibration.fill_bins(code, confidence, correct, calibration.N_BINS, **taken).plug_in
    curve = risk.risk_curve(confidence, correct == 0, **taken)
    limits = intervals.ratio_intervals(curve.sums, binary=True, level=measure.limits.level)
    area = risk.area_under(confidence, correct == 0, level=measure.limits.level, **taken)
    line = pl.DataFrame(
        {
            "slice": [place.slice.id],
            "version": [name],
            "n": [len(rows)],
            "ece_binned": pl.Series([plug_in], dtype=pl.Float64),
            "aurc": area.value,
            "aurc_low": area.low,
            "aurc_high": area.high,
        },
        schema=columns.CALIBRATIONS,
    )
    k = len(curve.share)
    table = pl.DataFrame(
        {
            "slice": [place.slice.id] * k,
            "version": [name] * k,
            "share": curve.share,
            "kept_rate": curve.kept,
            "cutoff": curve.cutoff,
            "n": curve.sums.n,
            "n_wrong": curve.n_wrong,
            "wrong_rate": limits.value,
            "low": limits.low,
            "high": limits.high,
        },
        schema=columns.RISKS,
    )
    return (
        line.with_columns(pl.col("aurc", "aurc_low", "aurc_high").fill_nan(None)),
        table.with_columns(pl.col("low", "high").fill_nan(None)),
    )


def _figures(
    measure: Measure,
    metric: Metric,
    able: Sequence[int],
    main: Sequence[int],
    places: Sequence[Place],
    axes: Axes,
    baseline: int | None,
) -> Iterator[RankFigure]:
    """The calibration error of each version and place, and its paired differences over all and declared samples."""
    if not able:
        return
    draws = calibration.Draws.of(measure.draw_keys, DRAWS, SEED)
    for place in places:
        levels = {}
        for version in able if place.slice.id == ALL else sorted(main):
            rows = np.flatnonzero(measure.sides[version].scored & place.inside)
            levels[version] = (rows, found := _error(measure, version, rows, draws))
            yield _level(measure, metric, version, place, rows, found)
        if (
            baseline is None
            or baseline not in able
            or not (place.slice.id == ALL or place.slice.id in axes.declared_ids)
        ):
            continue
        for other in levels:
            if other == baseline:
                continue
            rows = np.flatnonzero(measure.sides[baseline].scored & measure.sides[other].scored & place.inside)
            before, after = (
                levels[v][1] if len(rows) == len(levels[v][0]) else _error(measure, v, rows, draws)
                for v in (baseline, other)
            )
            yield _difference(measure, metric, (baseline, other), place, rows, before, after)


def _error(measure: Measure, version: int, rows: Rows, draws: calibration.Draws) -> calibration.CalibrationError | None:
    side = measure.sides[version]
    assert side.confidence is not None
    return calibration.calibration_error(
        side.confidence,
        side.correct,
        rows,
        draws,
        group=measure.group,
        weight=measure.weight,
        level=measure.limits.level,
    )


def _n_units(measure: Measure, rows: Rows) -> int:
    return len(rows) if measure.group is None else len(np.unique(measure.group[rows]))


def _level(
    measure: Measure,
    metric: Metric,
    version: int,
    place: Place,
    rows: Rows,
    found: calibration.CalibrationError | None,
) -> RankFigure:
    value, low, high = (np.nan,) * 3 if found is None else (found.value, found.low, found.high)
    return RankFigure(
        metric,
        place.slice.id,
        None,
        (version,),
        (value,),
        np.nan,
        low,
        high,
        np.nan,
        len(rows),
        _n_units(measure, rows),
        calibration.METHOD,
        calibration.TOO_FEW if found is None else None,
    )


def _difference(
    measure: Measure,
    metric: Metric,
    pair: tuple[int, int],
    place: Place,
    rows: Rows,
    before: calibration.CalibrationError | None,
    after: calibration.CalibrationError | None,
) -> RankFigure:
    values, numbers = (np.nan, np.nan), (np.nan,) * 4
    if before is not None and after is not None:
        values, numbers = (before.value, after.value), calibration.difference(before, after, measure.limits.level)
    return RankFigure(
        metric,
        place.slice.id,
        None,
        pair,
        values,
        *numbers,
        len(rows),
        _n_units(measure, rows),
        f"paired {calibration.METHOD}",
        calibration.TOO_FEW if before is None else None,
    )
