"""Slices that nobody named: found by a search in one half of the samples, and confirmed on the other half.

Three questions are asked of the candidate: where is it wrong, where did it get worse than the baseline, and where is it
wrong and sure of itself. They are searched in the same passes, and corrected together on the other half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure
from reportgen.analysis.slices import Axes, Axis, join_terms
from reportgen.analysis.trainings import averaged_terms
from reportgen.analysis.versions import compare_ratios
from reportgen.analysis.weaknesses import against_rest
from reportgen.model import MetricInfo, Outcomes, Question, Search
from reportgen.stats import complement
from reportgen.stats.conjunctions import Found, Loss, Terms, rows_of, search
from reportgen.stats.excess import FIELDS, CertainExcess
from reportgen.stats.hashing import hash_ids
from reportgen.stats.significance import benjamini_hochberg
from reportgen.stats.statistic import Sums, sum_ratio
from reportgen.stats.support import SIGNIFICANT, verdict
from reportgen.tasks.metric import Floats, Metric, Side

Flags = npt.NDArray[np.bool_]

SEED = 20_261_128
"""The seed of the halves."""

LISTED = 200
"""How many slices the search lists for each question, best first."""

TAKEN = 10
"""How many of these at most are taken to the other half: those that tell of different samples."""


def _wrong_confidence(side: Side, _k: int) -> tuple[Floats, Floats]:
    assert side.confidence is not None
    wrong = side.scored & (side.correct == 0)
    return np.where(wrong, np.nan_to_num(side.confidence), 0.0).astype(np.float64), side.scored.astype(np.float64)


WRONG_CONFIDENCE = Metric(
    MetricInfo(
        "wrong_confidence", "Confidence where wrong", "confidence in a wrong answer, 0 for a right one", "rate", False
    ),
    "ratio",
    _wrong_confidence,
    lambda side: side.confidence is not None,
    bounds=(0.0, 1.0),
)
"""What a version that is sure of its mistakes has much of."""


@dataclass(frozen=True, eq=False)
class Discovery:
    """The axes with the found slices, what each answers (``columns.DISCOVERIES``), and a count of each search."""

    axes: Axes
    table: pl.DataFrame
    searches: tuple[Search, ...]


@dataclass(frozen=True, eq=False)
class _Asked:
    """A question with the figures that answer it."""

    question: Question
    metric: Metric
    versions: tuple[int] | tuple[int, int]  # the version, or the baseline and the version
    loss: Floats
    counted: Flags


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A slice that is taken to the other half."""

    asked: _Asked
    terms: Terms
    axis: Axis


def discover(measure: Measure, axes: Axes, primary: Metric, baseline: int | None, candidate: int) -> Discovery:
    """The slices of up to three terms that a search finds and the other half of the samples confirms.

    One- and two-way slices are enumerated anyway and tested there for a change and for weakness: of these the search
    finds only where a version is sure of its mistakes, and such a slice is no new one.
    """
    asked = _questions(measure, primary, baseline, candidate)
    confirming = halve(measure.outcomes)
    codes = [measure.outcomes.frame[columns.attribute(a.index)].to_numpy() for a in measure.outcomes.attributes]
    found, n_searched = _search(measure, asked, codes, ~confirming)
    taken = [
        _Candidate(one, terms, join_terms(measure.outcomes, terms, measure.group, confirming))
        for one, listed in zip(asked, found, strict=True)
        for terms in _tell_apart(measure, one, codes, ~confirming, listed)
    ]
    table = _confirm(measure, taken, codes, confirming)
    held = table.filter(pl.col("verdict") == "worse")
    known = {one.id for axis in axes.shared for one in axis.slices}
    new = {one.axis.slices[0].id: one.axis for one in taken if one.axis.slices[0].id not in known}
    named = held["slice"].unique(maintain_order=True).to_list()
    searches = tuple(
        Search(
            one.question,
            measure.outcomes.versions[one.versions[-1]],
            measure.outcomes.versions[one.versions[0]] if len(one.versions) > 1 else None,
            n_searched=n,
            n_taken=sum(other.asked is one for other in taken),
            n_held=held.filter(pl.col("question") == one.question).height,
        )
        for one, n in zip(asked, n_searched, strict=True)
    )
    axes = replace(axes, found=tuple(new[name] for name in named if name in new), confirming=confirming)
    return Discovery(axes, held, searches)


def halve(outcomes: Outcomes) -> Flags:
    """The half of the samples that confirms: whole groups, drawn by a hash of the group's name or of the id."""
    if columns.GROUP not in outcomes.frame.columns:
        return (hash_ids(outcomes.frame[columns.ID].to_list(), SEED) & np.uint64(1)).astype(bool)
    by_group: Flags = (hash_ids(list(outcomes.group_names), SEED) & np.uint64(1)).astype(bool)
    return np.asarray(by_group[outcomes.frame[columns.GROUP].to_numpy()])


def _questions(measure: Measure, primary: Metric, baseline: int | None, candidate: int) -> list[_Asked]:
    """What is asked: a loss a sample, larger where it is worse; its mean over trainings where there are several."""
    loss, counted = _losses(measure, primary, candidate)
    asked = [_Asked("weak", primary, (candidate,), loss - min(0.0, float(loss[counted].min(initial=0))), counted)]
    if baseline is not None and primary.compared:
        before, counted_before = _losses(measure, primary, baseline)
        both = counted & counted_before
        asked.append(_Asked("worse", primary, (baseline, candidate), np.where(both, loss - before, 0.0), both))
    if measure.outcomes.classes and WRONG_CONFIDENCE.available(measure.sides[candidate]):
        x, w = averaged_terms(measure, WRONG_CONFIDENCE, candidate, -1)
        asked.append(_Asked("sure_wrong", WRONG_CONFIDENCE, (candidate,), x, w != 0))
    return asked


def _losses(measure: Measure, primary: Metric, version: int) -> tuple[Floats, Flags]:
    """How bad each sample is, and which count; where samples consist of parts, by the share that is wrong.

    Their leading metrics are ratios whose denominators differ from sample to sample, so that a numerator says little.
    """
    if measure.outcomes.parts is not None:
        counted = measure.kept(primary, version)
        means = np.mean([side.prediction for side in measure.trainings[version]], axis=0)
        return np.where(counted, np.nan_to_num(means), 0.0), counted
    x, w = averaged_terms(measure, primary, version, -1)
    counted = np.asarray((w != 0) & np.isfinite(x))
    return np.where(counted, -x if primary.info.higher_is_better else x, 0.0), counted


def _search(
    measure: Measure, asked: Sequence[_Asked], codes: Sequence[npt.NDArray[np.int32]], half: Flags
) -> tuple[Sequence[Sequence[Found]], Sequence[int]]:
    """The listed slices of each question, and how many conjunctions were looked at; none where a half is too small."""
    if min(half.sum(), (~half).sum()) < 2 * measure.limits.test or not codes:
        return [[] for _ in asked], [0 for _ in asked]
    losses = [
        Loss(
            one.loss[half],
            one.counted[half],
            _score(measure, one, half),
            weight=None if measure.weight is None else measure.weight[half],
            levels=frozenset({1, 2, 3}) if one.question == "sure_wrong" else frozenset({3}),
            unexplained=True,
            effect=_design_effect(measure, one, half),
        )
        for one in asked
    ]
    n_values = [len(a.values) for a in measure.outcomes.attributes]
    result = search([one[half] for one in codes], n_values, losses, least=measure.limits.test, limit=LISTED)
    return result.found, result.n_searched


def _score(measure: Measure, one: _Asked, half: Flags) -> CertainExcess:
    return CertainExcess(signed=one.question == "worse", effect=_design_effect(measure, one, half))


def _design_effect(measure: Measure, one: _Asked, half: Flags) -> float:
    """By what groups widen the variance of the mean loss; 1 without groups. For ranks alone: tests have their own."""
    rows = half & one.counted
    if measure.group is None or not rows.any():
        return 1.0
    w = np.ones(int(rows.sum())) if measure.weight is None else measure.weight[rows]
    e = w * (one.loss[rows] - np.average(one.loss[rows], weights=w))
    by_group = np.bincount(measure.group[rows], e)
    return max(1.0, float((by_group**2).sum() / max((e**2).sum(), 1e-300)))


def _tell_apart(
    measure: Measure, one: _Asked, codes: Sequence[npt.NDArray[np.int32]], half: Flags, listed: Sequence[Found]
) -> list[Terms]:
    """Of the listed slices, best first, those that tell of samples which none before tells of.

    What is left of a slice without those taken before must still have a certain excess; a slice inside one that was
    taken stays, since the search lists it only where it exceeds the rest of that.
    """
    score = _score(measure, one, half)
    rows = half & one.counted
    total = _fields(measure, one, rows)
    covered = np.zeros(len(half), bool)
    taken: list[Terms] = []
    for found in listed:
        if len(taken) == TAKEN:
            break
        inside = rows & rows_of(codes, found.terms)
        if measure.group is not None and len(np.unique(measure.group[inside])) < measure.limits.groups:
            continue
        own = inside & ~covered
        is_inside = any(set(before) < set(found.terms) for before in taken)
        if taken and not is_inside:
            if own.sum() < measure.limits.test:
                continue
            if not score.of(_fields(measure, one, own), total)[0] > 0:
                continue
        covered |= inside
        taken.append(found.terms)
    return taken


def _fields(measure: Measure, one: _Asked, rows: Flags) -> Floats:
    """The fields of a set of samples, as the search has them."""
    w = np.ones(int(rows.sum())) if measure.weight is None else measure.weight[rows]
    x = w * one.loss[rows]
    found = (len(w), w.sum(), x.sum(), (w * w).sum(), (x * w).sum(), (x * x).sum(), np.maximum(x, 0).sum())
    assert len(found) == len(FIELDS)
    return np.array(found, dtype=np.float64)[:, None]


def _confirm(
    measure: Measure, taken: Sequence[_Candidate], codes: Sequence[npt.NDArray[np.int32]], confirming: Flags
) -> pl.DataFrame:
    """Every candidate tested on the other half (``columns.DISCOVERIES``), corrected over all of them together.

    A slice holds where its verdict is worse and no parent explains it: its loss differs from that of each parent
    without it, at the same false discovery rate.
    """
    if not taken:
        return columns.DISCOVERIES.to_frame()
    table = pl.concat([_figures(measure, list(of_one), confirming) for _, of_one in groupby(taken, lambda c: c.asked)])
    q = benjamini_hochberg(table["p"].fill_null(np.nan).to_numpy())
    units = table.select(pl.coalesce("n_groups_confirm", "n_confirm")).to_series()  # without groups each stands alone
    supports = measure.supports(table["n_confirm"].to_numpy(), units.to_numpy())
    words = [
        verdict(np.nan if delta is None else delta, float(q[i]), supports[i], one.asked.metric.info.higher_is_better)
        for i, (one, delta) in enumerate(zip(taken, table["delta_confirm"].to_list(), strict=True))
    ]
    worse = [i for i, word in enumerate(words) if word == "worse"]
    explained = _explained(measure, [taken[i] for i in worse], codes, confirming)
    for i, gone in zip(worse, explained, strict=True):
        words[i] = "unclear" if gone else "worse"
    return table.with_columns(pl.Series("q", q).fill_nan(None), pl.Series("verdict", words))


def _figures(measure: Measure, taken: Sequence[_Candidate], confirming: Flags) -> pl.DataFrame:
    """The candidates of one question: figures over all samples, and tests on the other half; without q and verdict."""
    asked = taken[0].asked
    axes = [one.axis for one in taken]
    halves = [replace(axis, keys=np.where(confirming, axis.keys, -1)) for axis in axes]
    names = [measure.outcomes.versions[v] for v in asked.versions]
    if len(asked.versions) == 2:
        whole = compare_ratios(measure, asked.metric, asked.versions, axes)
        tested = compare_ratios(measure, asked.metric, asked.versions, halves)
        ends = whole["value_candidate"], whole["value_baseline"]
    else:
        whole = against_rest(measure, asked.metric, asked.versions[0], axes)
        tested = against_rest(measure, asked.metric, asked.versions[0], halves, among=confirming)
        ends = whole["value"], whole["rest"]
    k = len(taken)
    return pl.DataFrame(
        {
            "slice": whole["slice"],
            "question": [asked.question] * k,
            "metric": [asked.metric.name] * k,
            "version": [names[-1]] * k,
            "baseline": [names[0] if len(names) > 1 else None] * k,
            "value": ends[0],
            "reference": ends[1],
            "delta": whole["delta"],
            "delta_confirm": tested["delta"],
            "low": tested["low"],
            "high": tested["high"],
            "p": tested["p"],
            "q": [None] * k,
            "n": whole["n"],
            "n_confirm": tested["n"],
            "n_groups_confirm": tested["n_groups"],
            "verdict": [""] * k,
        },
        schema=columns.DISCOVERIES,
    )


def _explained(
    measure: Measure, taken: Sequence[_Candidate], codes: Sequence[npt.NDArray[np.int32]], confirming: Flags
) -> list[bool]:
    """Whether a parent explains each slice, on the half that did not choose it."""
    tests = [
        [_against_parent(measure, one, parent, codes, confirming) for parent in _parents(one.terms)] for one in taken
    ]
    q = benjamini_hochberg([p for of_slice in tests for _, p in of_slice]).tolist()
    found = []
    for of_slice in tests:
        own, q = q[: len(of_slice)], q[len(of_slice) :]
        found.append(not all(delta > 0 and c < SIGNIFICANT for (delta, _), c in zip(of_slice, own, strict=True)))
    return found


def _parents(terms: Terms) -> list[Terms]:
    """Every conjunction of some of the terms, the one of none included."""
    return [tuple(term for i, term in enumerate(terms) if pattern >> i & 1) for pattern in range(2 ** len(terms) - 1)]


def _against_parent(
    measure: Measure, one: _Candidate, parent: Terms, codes: Sequence[npt.NDArray[np.int32]], confirming: Flags
) -> tuple[float, float]:
    """By how much the mean loss exceeds that of the parent's other samples, and the p of that."""
    among = confirming & one.asked.counted
    if parent:
        among = among & rows_of(codes, parent)
    keys = np.where(rows_of(codes, one.terms), 0, -1)
    w = among.astype(np.float64)
    if measure.group is None:
        everyone = np.zeros(len(keys), np.int64)
        inside, whole = (_sums(measure, one.asked.loss, w, k) for k in (keys, everyone))
        pair = complement.with_rest(inside, whole)
    else:
        pair = complement.sum_with_rest(keys, one.asked.loss, w, 1, group=measure.group, weight=measure.weight)
    found = complement.compare_with_rest(pair, binary=False, level=measure.limits.level)
    return float(found.delta[0]), float(found.p[0])


def _sums(measure: Measure, x: Floats, w: Floats, keys: npt.NDArray[np.int64]) -> Sums:
    return sum_ratio(keys, x, w, 1, weight=measure.weight)
