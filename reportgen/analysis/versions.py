"""What changed between two versions: paired differences, flips, and the confusion matrix's change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.estimates import (
    BOOTSTRAP_DRAWS,
    MAX_SLICED_CLASSES,
    Measure,
    classes_of,
    draw_keys,
    influence_values,
)
from reportgen.analysis.slices import Axes, Axis
from reportgen.model import Family, MetricInfo
from reportgen.stats import bootstrap, influence, intervals, ranking, statistic
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.support import support, verdict
from reportgen.tasks.metric import Floats, Metric, Side

QUESTION = "did it change?"

FlipCodes = Callable[[pl.DataFrame, int, int, float | None], npt.NDArray[np.int64]]


def compare_all(
    measure: Measure, axes: Axes, metrics: Sequence[Metric], primary: Metric, baseline: int
) -> tuple[pl.DataFrame, tuple[Family, ...]]:
    """Every comparison of the baseline with each other version (``columns.COMPARISONS``), and the families of tests.

    Both ends are recomputed over the samples that both versions scored.
    """
    parts, families = [], []
    for other in range(len(measure.sides)):
        if other == baseline:
            continue
        for metric in metrics:
            if not metric.compared or not all(metric.available(measure.sides[v]) for v in (baseline, other)):
                continue
            table = pl.concat(_compare_metric(measure, axes, metric, primary, baseline, other))
            table, family = _correct(table, metric.info)
            parts.append(table)
            families += [family] if family else []
    return (pl.concat(parts) if parts else columns.COMPARISONS.to_frame()), tuple(families)


def _compare_metric(
    measure: Measure, axes: Axes, metric: Metric, primary: Metric, baseline: int, other: int
) -> list[pl.DataFrame]:
    side = measure.sides[other]
    many = metric.info.per_class and len(side.classes) > MAX_SLICED_CLASSES
    if metric.name == primary.name:
        chosen: Sequence[Axis] = axes.shared
    elif metric.kind in {"auroc", "average_precision"} or many:
        chosen = (axes.whole,)
    else:
        chosen = (axes.whole, *axes.attributes)
    compare = {"influence": _influence, "auroc": _rank, "average_precision": _rank}.get(metric.kind, _ratio)
    return [
        compare(measure, metric, klass, (baseline, other), axis) for klass in classes_of(metric, side) for axis in chosen
    ]


def _both_scored(measure: Measure, pair: tuple[int, int]) -> npt.NDArray[np.bool_]:
    return measure.sides[pair[0]].scored & measure.sides[pair[1]].scored


def _ratio(measure: Measure, metric: Metric, klass: int | None, pair: tuple[int, int], axis: Axis) -> pl.DataFrame:
    assert metric.terms is not None
    both = _both_scored(measure, pair)
    (x0, w0), (x1, w1) = (metric.terms(measure.sides[v], -1 if klass is None else klass) for v in pair)
    sums = statistic.sum_pair(
        axis.keys, x0 * both, w0 * both, x1 * both, w1 * both, len(axis.slices),
        group=measure.group, weight=measure.weight,
    )
    found = intervals.difference_intervals(
        sums, binary=metric.kind == "binary", level=measure.limits.level, bounds=metric.bounds
    )
    return _frame(
        measure, metric.info, klass, pair, axis, found.value_baseline, found.value_candidate, found.delta, found.low,
        found.high, found.p, sums.n, sums.units, found.method,
    )


def _influence(measure: Measure, metric: Metric, klass: int | None, pair: tuple[int, int], axis: Axis) -> pl.DataFrame:
    both = _both_scored(measure, pair)
    first, second = (influence_values(measure, metric, v, axis, both) for v in pair)
    sums = statistic.sum_ratio(
        axis.keys, second.influence - first.influence, both.astype(float), len(axis.slices), group=measure.group
    )
    found = intervals.mean_differences(
        first.value, second.value, sums, level=measure.limits.level, bounds=influence.BOUNDS[metric.name]
    )
    return _frame(
        measure, metric.info, klass, pair, axis, first.value, second.value, found.delta, found.low, found.high,
        found.p, sums.n, sums.units, "influence values",
    )


def _rank(measure: Measure, metric: Metric, klass: int | None, pair: tuple[int, int], axis: Axis) -> pl.DataFrame:
    assert klass is not None
    rows = np.flatnonzero(_both_scored(measure, pair))
    scores = []
    for v in pair:
        score = measure.sides[v].class_score(klass)
        assert score is not None
        scores.append(score[rows])
    y = measure.sides[pair[0]].target[rows] == klass
    group = None if measure.group is None else measure.group[rows]
    weight = None if measure.weight is None else measure.weight[rows]
    found = np.full(6, np.nan)
    if 0 < y.sum() < len(y):
        if metric.kind == "auroc":
            both = ranking.auroc_difference(
                y, np.stack(scores), group=group, weight=weight, level=measure.limits.level
            )
            found[:] = both.value_baseline, both.value_candidate, both.delta, both.low, both.high, both.p
        else:
            drawn = bootstrap.average_precision_bootstrap(
                y, np.stack(scores), draw_keys(measure)[rows], weight=weight, n_draws=BOOTSTRAP_DRAWS,
                level=measure.limits.level,
            )
            found[:] = (
                drawn.value[0], drawn.value[1], drawn.delta, drawn.delta_low, drawn.delta_high, drawn.p,
            )
    method = "paired bootstrap" if metric.kind != "auroc" else "DeLong" if group is None else "Obuchowski"
    units = len(rows) if group is None else len(np.unique(group))
    return _frame(
        measure, metric.info, klass, pair, axis, *(found[i : i + 1] for i in range(6)), np.array([len(rows)]),
        np.array([units]), method,
    )


def _frame(
    measure: Measure,
    info: MetricInfo,
    klass: int | None,
    pair: tuple[int, int],
    axis: Axis,
    before: Floats,
    after: Floats,
    delta: Floats,
    low: Floats,
    high: Floats,
    p: Floats,
    n: npt.NDArray[np.int64],
    units: npt.NDArray[np.int64],
    method: str | Sequence[str],
) -> pl.DataFrame:
    k = len(axis.slices)
    grouped = measure.group is not None
    states = [support(int(n[i]), int(units[i]) if grouped else None, measure.limits) for i in range(k)]
    names = measure.outcomes.versions
    return pl.DataFrame(
        {
            "slice": axis.ids,
            "metric": [info.name] * k,
            "class": pl.Series([None if klass is None else measure.outcomes.classes[klass]] * k, dtype=pl.String),
            "baseline": [names[pair[0]]] * k,
            "candidate": [names[pair[1]]] * k,
            "value_baseline": before,
            "value_candidate": after,
            "delta": delta,
            "low": low,
            "high": high,
            "p": p,
            "q": pl.Series([None] * k, dtype=pl.Float64),
            "n": n,
            "n_groups": pl.Series(units.tolist() if grouped else [None] * k, dtype=pl.Int64),
            "method": [method] * k if isinstance(method, str) else list(method),
            "verdict": [""] * k,
            "support": states,
        },
        schema=columns.COMPARISONS,
    ).with_columns(pl.col("value_baseline", "value_candidate", "delta", "low", "high", "p").fill_nan(None))


def _correct(table: pl.DataFrame, info: MetricInfo) -> tuple[pl.DataFrame, Family | None]:
    """The table with q and verdict: the enumerated slices with support *test* are one family, Benjamini-Hochberg.

    The whole stands outside, but the classes of a per-class metric, over all samples, are a family of their own: many
    classes are many looks.
    """
    state = table["support"].to_numpy()
    tested = np.isin(state, ("test", "decide")) & table["p"].is_not_null().to_numpy()
    whole = (table["slice"] == "all").to_numpy()
    p = table["p"].fill_null(np.nan).to_numpy()
    q = np.full(len(p), np.nan)
    enumerated = tested & ~whole
    q[enumerated] = benjamini_hochberg(p[enumerated])
    if whole.sum() > 1:
        q[tested & whole] = benjamini_hochberg(p[tested & whole])
    decides = np.where(np.isfinite(q), q, np.where(whole, p, np.nan))
    delta = table["delta"].fill_null(np.nan).to_numpy()
    words = [
        verdict(float(delta[i]), float(decides[i]), state[i], higher_is_better=info.higher_is_better)
        for i in range(len(p))
    ]
    table = table.with_columns(pl.Series("q", q).fill_nan(None), pl.Series("verdict", words))
    if not enumerated.any():
        return table, None
    first = table.row(0, named=True)
    return table, Family(info.name, QUESTION, first["baseline"], first["candidate"], int(enumerated.sum()))


def count_flips(measure: Measure, axes: Axes, flip_codes: FlipCodes, baseline: int) -> pl.DataFrame:
    """The flips of every slice (``columns.FLIPS``), the baseline against each other version."""
    names = measure.outcomes.versions
    parts = []
    for other in range(len(names)):
        if other == baseline:
            continue
        codes = flip_codes(measure.outcomes.frame, baseline, other, measure.outcomes.flip_margin)
        for axis in axes.shared:
            inside = (codes >= 0) & (axis.keys >= 0)
            counts = np.bincount(
                axis.keys[inside].astype(np.int64) * 4 + codes[inside], minlength=4 * len(axis.slices)
            ).reshape(-1, 4)
            parts.append(
                pl.DataFrame(
                    {
                        "slice": axis.ids,
                        "baseline": [names[baseline]] * len(axis.slices),
                        "candidate": [names[other]] * len(axis.slices),
                        "newly_broken": counts[:, 2],
                        "newly_fixed": counts[:, 1],
                        "both_right": counts[:, 3],
                        "both_wrong": counts[:, 0],
                        "n": counts.sum(axis=1),
                    },
                    schema=columns.FLIPS,
                )
            )
    return pl.concat(parts) if parts else columns.FLIPS.to_frame()


def count_confusions(measure: Measure) -> pl.DataFrame:
    """The confusion matrix of each version over all samples (``columns.CONFUSIONS``), cells with n > 0."""
    classes = measure.outcomes.classes
    if not classes:
        return columns.CONFUSIONS.to_frame()
    names = np.array(classes, dtype=object)
    parts = []
    for version, side in zip(measure.outcomes.versions, measure.sides, strict=True):
        cells = _cells(side, side.scored, len(classes))
        target, prediction = np.nonzero(cells)
        parts.append(
            pl.DataFrame(
                {
                    "slice": ["all"] * len(target),
                    "version": [version] * len(target),
                    "target": names[target].tolist(),
                    "prediction": names[prediction].tolist(),
                    "n": cells[target, prediction],
                },
                schema=columns.CONFUSIONS,
            )
        )
    return pl.concat(parts)


def _cells(side: Side, keep: npt.NDArray[np.bool_], k: int) -> npt.NDArray[np.int64]:
    keys = side.target[keep].astype(np.int64) * k + side.prediction[keep]
    return np.bincount(keys, minlength=k * k).reshape(k, k)


def compare_confusions(measure: Measure, baseline: int) -> pl.DataFrame:
    """The change of every cell that either version fills (``columns.CONFUSION_CHANGES``), over samples both scored.

    A cell's share of its target class is a paired proportion; all cells of a pair of versions are one family.
    """
    if not measure.outcomes.classes:
        return columns.CONFUSION_CHANGES.to_frame()
    parts = [
        _confusion_changes(measure, baseline, other) for other in range(len(measure.sides)) if other != baseline
    ]
    return pl.concat(parts) if parts else columns.CONFUSION_CHANGES.to_frame()


def _confusion_changes(measure: Measure, baseline: int, other: int) -> pl.DataFrame:
    classes = measure.outcomes.classes
    k = len(classes)
    both = _both_scored(measure, (baseline, other))
    first, second = measure.sides[baseline], measure.sides[other]
    before, after = _cells(first, both, k), _cells(second, both, k)
    rows: list[dict[str, object]] = []
    p_values: list[float] = []
    for target in range(k):
        members = np.flatnonzero(both & (first.target == target))
        filled = np.flatnonzero((before[target] > 0) | (after[target] > 0))
        n = len(members)
        ones = np.ones(n)
        group = None if measure.group is None else measure.group[members]
        weight = None if measure.weight is None else measure.weight[members]
        for cell in filled:
            sums = statistic.sum_pair(
                np.zeros(n, np.int64), (first.prediction[members] == cell).astype(float), ones,
                (second.prediction[members] == cell).astype(float), ones, 1, group=group, weight=weight,
            )
            found = intervals.difference_intervals(sums, binary=True, level=measure.limits.level)
            state = support(n, None if group is None else int(sums.units[0]), measure.limits)
            p_values.append(float(found.p[0]) if state in {"test", "decide"} else np.nan)
            rows.append(
                {
                    "target": classes[target], "prediction": classes[cell],
                    "baseline": measure.outcomes.versions[baseline], "candidate": measure.outcomes.versions[other],
                    "n_baseline": int(before[target, cell]), "n_candidate": int(after[target, cell]),
                    "delta": int(after[target, cell] - before[target, cell]),
                    "low": float(found.low[0]) * n, "high": float(found.high[0]) * n, "n": n,
                    "support": state,
                }
            )
    q = benjamini_hochberg(np.array(p_values)) if p_values else np.zeros(0)
    for row, corrected in zip(rows, q, strict=True):
        delta = row["delta"]
        assert isinstance(delta, int)
        row["q"] = float(corrected) if np.isfinite(corrected) else None
        row["verdict"] = verdict(
            float(delta), float(corrected), str(row.pop("support")),
            higher_is_better=row["target"] == row["prediction"],
        )
    return pl.DataFrame(rows, schema=columns.CONFUSION_CHANGES).with_columns(pl.col("low", "high").fill_nan(None))


def estimate_flips(measure: Measure, flip_codes: FlipCodes, baseline: int) -> pl.DataFrame:
    """Each version's flip rates over all samples, as estimates: newly broken, newly fixed, churn, fixed per broken."""
    from_counts = []
    names = measure.outcomes.versions
    frame = measure.outcomes.frame
    for other in range(len(names)):
        if other == baseline:
            continue
        codes = flip_codes(frame, baseline, other, measure.outcomes.flip_margin)
        scored = codes >= 0
        marks = {"newly_broken_rate": codes == 2, "newly_fixed_rate": codes == 1}
        if measure.outcomes.classes:
            marks["churn_rate"] = scored & (measure.sides[baseline].prediction != measure.sides[other].prediction)
        for name, mark in marks.items():
            from_counts.append(_rate(measure, name, other, mark, scored))
        from_counts.append(_fixed_per_broken(measure, other, codes))
    return pl.concat(from_counts) if from_counts else columns.ESTIMATES.to_frame()


def _rate(
    measure: Measure, name: str, version: int, mark: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_]
) -> pl.DataFrame:
    sums = statistic.sum_ratio(
        np.zeros(len(mark), np.int64), mark.astype(float), among.astype(float), 1,
        group=measure.group, weight=measure.weight,
    )
    found = intervals.ratio_intervals(sums, binary=True, level=measure.limits.level)
    grouped = measure.group is not None
    return pl.DataFrame(
        {
            "slice": ["all"], "version": [measure.outcomes.versions[version]], "metric": [name], "class": [None],
            "value": found.value, "low": found.low, "high": found.high, "n": sums.n,
            "n_groups": sums.units if grouped else [None], "sum_x": sums.x, "sum_w": sums.w,
            "method": [found.method] if isinstance(found.method, str) else list(found.method),
            "reason": [None], "support": [support(int(sums.n[0]), int(sums.units[0]) if grouped else None,
                                                  measure.limits)],
        },
        schema=columns.ESTIMATES,
    ).with_columns(pl.col("value", "low", "high").fill_nan(None))


def _fixed_per_broken(measure: Measure, version: int, codes: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Newly fixed for each newly broken: the odds of the share of fixed among the flips, and of its interval's ends."""
    share = _rate(measure, "fixed_per_broken", version, codes == 1, (codes == 1) | (codes == 2))
    odds = [pl.when(pl.col(c) < 1).then(pl.col(c) / (1 - pl.col(c))).otherwise(None).alias(c)
            for c in ("value", "low", "high")]
    return share.with_columns(odds)
