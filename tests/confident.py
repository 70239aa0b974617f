"""What a made report says of confidence: its tables, counted from the outcome frame by the plainest of ways."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.model import ALL, MetricInfo, Slice
from reportgen.report import Report
from reportgen.stats.intervals import newcombe_independent, wilson
from tests import builders

ECE = MetricInfo("ece", "Calibration error", "how far confidence and being right are apart", "rate", False)
RAINY_NIGHT = "weather=rain & time=night"
SLICES = (ALL, "time=night", RAINY_NIGHT, "label=cyclist")
GRID = [round(i / 100, 2) for i in range(101)]
N_BINS = 15


def hostile(text: str) -> Report:
    """A report whose every name a user can give is ``text``."""
    return with_confidence(_honest(builders.hostile(text), 0.15))


def report(*, n: int = 4000, n_versions: int = 2, too_sure: float = 0.15, **options: bool) -> Report:
    """A report of scenes whose last version is too sure of itself in rainy nights, by ``too_sure``."""
    plain = builders.report(n=n, n_versions=n_versions, **options)
    return with_confidence(_honest(plain, too_sure))


def with_costs(plain: Report) -> Report:
    """The report with errors that cost 1 each, and a match in cost at every fifth cut-off: where it finds as many.

    Limits of the costs, and of recall where costs are matched, are made up.
    """
    steps = (pl.col("cutoff_baseline") * 20 - (pl.col("cutoff_baseline") * 20).round()).abs() < 1e-9
    recall = pl.col("delta_recall")
    found = plain.matches.filter((pl.col("goal") == "recall") & steps).with_columns(
        goal=pl.lit("cost"), recall_low=recall - 0.055, recall_high=recall + 0.055
    )
    more = pl.col("n_found_baseline") - pl.col("n_found_candidate")
    more_false = pl.col("n_false_alarm_candidate") - pl.col("n_false_alarm_baseline")
    delta = (more + more_false) / (pl.col("n_class") + pl.col("n_other"))
    unmatched = pl.when(pl.col("goal") != "cost")
    n = pl.sum_horizontal("n_found", "n_missed", "n_false_alarm", "n_rest")
    cost = (pl.col("n_missed") + pl.col("n_false_alarm")) / n
    k = len(plain.outcomes.classes)
    return replace(
        plain,
        matches=pl.concat([plain.matches, found]).with_columns(
            delta_cost=delta,
            cost_low=unmatched.then(delta - 0.01),
            cost_high=unmatched.then(delta + 0.01),
        ),
        cutoffs=plain.cutoffs.with_columns(cost=cost, cost_low=cost * 0.9, cost_high=cost * 1.1),
        outcomes=replace(plain.outcomes, costs=tuple(tuple(float(i != j) for j in range(k)) for i in range(k))),
    )


def with_weights(plain: Report) -> Report:
    """The report with weights that are all the same, so that its figures stay what they are."""
    frame = plain.outcomes.frame.with_columns(pl.lit(2.0).alias(columns.WEIGHT))
    return replace(plain, outcomes=replace(plain.outcomes, frame=frame))


def with_missing(plain: Report) -> Report:
    """The report where the first version has no score for every fifth sample: cut-offs and matches go without."""
    every = {one.id: _mask(plain, one) for one in plain.slices if one.id in SLICES}
    scored = {id_: mask & (np.arange(len(mask)) % 5 > 0) for id_, mask in every.items()}
    sides = [(v, one.name) for v, one in enumerate(plain.versions)]
    rows = [r for i, (v, s) in product(every, sides) for r in _cutoffs(plain, i, (every if v else scored)[i], v, s)]
    return replace(
        plain,
        cutoffs=_frame(columns.CUTOFFS, rows),
        matches=_frame(columns.MATCHES, [r for i, mask in scored.items() for r in _matches(plain, i, mask)]),
    )


def without_class(plain: Report) -> Report:
    """The report where versions are matched on samples of which none is of the class."""
    nothing = {name: pl.lit(None, pl.Float64) for name in ("delta_recall", "recall_low", "recall_high")}
    none = {name: pl.lit(0, pl.Int64) for name in ("n_class", "n_found_baseline", "n_found_candidate")}
    rest = pl.col("n_class") + pl.col("n_other")
    return replace(plain, matches=plain.matches.with_columns(**nothing, **none, n_other=rest))


def _honest(plain: Report, too_sure: float) -> Report:
    """The report with confidences that say how often each version is right, but for the last one in rainy nights."""
    frame = plain.outcomes.frame
    rng = np.random.default_rng(3)
    dark = _mask(plain, next(one for one in plain.slices if one.id in {RAINY_NIGHT, ALL} and one.n < frame.height))
    changed = []
    for v in range(len(plain.versions)):
        right = frame[columns.correct(v)].to_numpy() == 1
        # of each group of confidences as many are right as it says
        spread = rng.beta(np.where(right, 9.0, 6.0), np.where(right, 1.2, 3.2))
        sure = 0.3 + 0.7 * spread
        if v and v == len(plain.versions) - 1:
            sure = np.where(dark, np.minimum(0.995, sure + too_sure), sure)
        changed.append(pl.Series(columns.confidence(v), np.round(sure, 3).astype(np.float32)))
    return replace(plain, outcomes=replace(plain.outcomes, frame=frame.with_columns(changed)))


def _mask(report: Report, one: Slice) -> np.ndarray:
    frame = report.outcomes.frame
    mask = np.ones(frame.height, bool)
    for term in one.terms:
        attribute = next(a for a in report.attributes if term.value in a.values)
        mask &= frame[columns.attribute(attribute.index)].to_numpy() == attribute.values.index(term.value)
    return mask


def with_confidence(plain: Report) -> Report:
    """The report with every table of confidence, for a few slices."""
    slices = [one for one in plain.slices if one.id in SLICES]
    masks = {one.id: _mask(plain, one) for one in slices}
    sides = [(v, one.name) for v, one in enumerate(plain.versions)]
    places = list(product(masks, sides))
    errors = [_error(plain, id_, masks[id_], v, name) for id_, (v, name) in places]
    bins = [row for i, (v, s) in places for row in _bins(plain, i, masks[i], v, s)]
    return replace(
        plain,
        metrics=(*plain.metrics, ECE),
        estimates=pl.concat([plain.estimates, pl.DataFrame(errors, schema=columns.ESTIMATES, orient="row")]),
        confidence_bins=_frame(columns.CONFIDENCE_BINS, bins),
        calibrations=_frame(
            columns.CALIBRATIONS,
            [(i, s, int(masks[i].sum()), _binned(plain, masks[i], v), 0.02, 0.015, 0.025) for i, (v, s) in places],
        ),
        claims=_frame(columns.CLAIMS, [_claim(plain, i, masks[i], v, s) for i, (v, s) in places]),
        risks=_frame(columns.RISKS, [r for i, (v, s) in places for r in _risks(plain, i, masks[i], v, s)]),
        cutoffs=_frame(columns.CUTOFFS, [r for i, (v, s) in places for r in _cutoffs(plain, i, masks[i], v, s)]),
        matches=_frame(columns.MATCHES, [r for i in masks for r in _matches(plain, i, masks[i])]),
    )


def _frame(schema: pl.Schema, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row").fill_nan(None)


def _of(report: Report, mask: np.ndarray, v: int) -> tuple[np.ndarray, np.ndarray]:
    """How sure and whether right, of the samples of a slice."""
    frame = report.outcomes.frame
    return frame[columns.confidence(v)].to_numpy()[mask].astype(float), frame[columns.correct(v)].to_numpy()[mask] == 1


def _error(report: Report, id_: str, mask: np.ndarray, v: int, name: str) -> tuple[object, ...]:
    n, value = int(mask.sum()), _binned(report, mask, v)
    low, high = max(0.0, value - 0.01), value + 0.01
    return (id_, name, "ece", None, value, low, high, n, None, None, None, "bootstrap", None, "decide")


def _bins(report: Report, id_: str, mask: np.ndarray, v: int, name: str) -> list[tuple[object, ...]]:
    sure, right = _of(report, mask, v)
    rows: list[tuple[object, ...]] = []
    for i in range(N_BINS):
        low, high = i / N_BINS, (i + 1) / N_BINS
        inside = (sure > low) & (sure <= high) if i else sure <= high
        n, k = int(inside.sum()), int(right[inside].sum())
        ends = [float(x) for x in wilson(k, n)] if n else [None, None]
        mean = float(sure[inside].mean()) if n else None
        rows.append((id_, name, low, high, n, mean, k, k / n if n else None, *ends))
    return rows


def _binned(report: Report, mask: np.ndarray, v: int) -> float:
    rows = [row for row in _bins(report, "", mask, v, "") if row[4]]
    n = sum(row[4] for row in rows)  # type: ignore[misc]
    return float(sum(row[4] * abs(row[5] - row[7]) for row in rows) / n)  # type: ignore[operator]


def _claim(report: Report, id_: str, mask: np.ndarray, v: int, name: str) -> tuple[object, ...]:
    sure, right = _of(report, mask, v)
    gap = sure - right
    delta, half = float(gap.mean()), 1.96 * float(gap.std(ddof=1)) / len(gap) ** 0.5
    clear = abs(delta) > 1.2 * half
    verdict = "unclear" if not clear else "too_sure" if delta > 0 else "not_sure_enough"
    q = None if id_ == ALL else 0.004 if clear else 0.31
    support = "decide" if len(gap) >= 200 else "test"
    ends = (delta - half, delta + half, 0.003 if clear else 0.2, q, len(gap), None, "linearised", verdict, support)
    return (id_, name, float(sure.mean()), float(right.mean()), delta, *ends)


def _risks(report: Report, id_: str, mask: np.ndarray, v: int, name: str) -> list[tuple[object, ...]]:
    sure, right = _of(report, mask, v)
    rows: list[tuple[object, ...]] = []
    for i in range(1, 101):
        cutoff = float(np.sort(sure)[::-1][max(0, int(np.ceil(len(sure) * i / 100)) - 1)])
        kept = sure >= cutoff
        n, wrong = int(kept.sum()), int((~right[kept]).sum())
        low, high = wilson(wrong, n)
        rows.append((id_, name, i / 100, n / len(sure), cutoff, n, wrong, wrong / n, float(low), float(high)))
    return rows


def _scores(report: Report, mask: np.ndarray, v: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """P(class k) as the confidence leaves it, and whether the sample is of the class."""
    frame = report.outcomes.frame
    sure = frame[columns.confidence(v)].to_numpy().astype(float)
    said = frame[columns.prediction(v)].to_numpy() == k
    score = np.where(said, sure, (1 - sure) / (len(report.outcomes.classes) - 1))
    return score[mask], frame[columns.TARGET].to_numpy()[mask] == k


def _counts(score: np.ndarray, true: np.ndarray, cutoff: float) -> tuple[int, int, int, int]:
    said = score >= np.float64(np.float32(cutoff))
    return int((said & true).sum()), int((~said & true).sum()), int((said & ~true).sum()), int((~said & ~true).sum())


def _cutoffs(report: Report, id_: str, mask: np.ndarray, v: int, name: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for k, klass in enumerate(report.outcomes.classes):
        score, true = _scores(report, mask, v, k)
        for cutoff in GRID:
            found, missed, false, rest = _counts(score, true, cutoff)
            row: list[object] = [id_, name, klass, cutoff, found, missed, false, rest]
            for n in (found + missed, found + false):
                row += [found / n, *(float(x) for x in wilson(found, n))] if n else [None, None, None]
            rows.append((*row, None, None, None))
    return rows


def _matches(report: Report, id_: str, mask: np.ndarray) -> list[tuple[object, ...]]:
    if report.baseline is None:
        return []
    rows: list[tuple[object, ...]] = []
    last = len(report.versions) - 1
    for k, klass in enumerate(report.outcomes.classes):
        (base, true), (own, _) = _scores(report, mask, 0, k), _scores(report, mask, last, k)
        tried = [(float(t), *_counts(own, true, float(t))) for t in np.unique(own)]
        for goal, cutoff in product(("cutoff", "recall", "false_alarms"), GRID):
            found, missed, false, rest = _counts(base, true, cutoff)
            best: tuple[float, int, int, int, int] | None
            if goal == "cutoff":
                best = (cutoff, *_counts(own, true, cutoff))
            elif goal == "recall":
                best = max((one for one in tried if one[1] >= found), default=None)
            else:
                best = min((one for one in tried if one[3] <= false), default=None)
            if best is None:
                mine: tuple[object, ...] = (None, found, None, false, None, found + missed, false + rest, *[None] * 9)
            else:
                recall: list[float | None] = [
                    float(x) for x in newcombe_independent(found, found + missed, best[1], found + missed)
                ]
                alarms: list[float | None] = [
                    float(x) for x in newcombe_independent(false, false + rest, best[3], false + rest)
                ]
                # what is matched is held equal: it has no interval
                recall[1:] = [None, None] if goal == "recall" else recall[1:]
                alarms[1:] = [None, None] if goal == "false_alarms" else alarms[1:]
                counts = (found, best[1], false, best[3], found + missed, false + rest)
                mine = (best[0], *counts, *recall, *alarms, None, None, None)
            rows.append((id_, klass, report.baseline, report.candidate, goal, cutoff, *mine))
    return rows
