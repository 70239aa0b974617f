"""Python's figures of any selection of samples, by the functions that build the report: what the browser must say.

Requests and answers are those of the explorer in the page (``assets/js/explorer.js``), but that lists of estimates, of
differences and of values apart stand as columns, and that null stands as NaN, or as -1 for a class.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.averages import averages_with_rest
from reportgen.analysis.estimates import estimate_all
from reportgen.analysis.measure import MAX_SLICED_CLASSES, Measure, classes_of, measure
from reportgen.analysis.object_ranks import READS, figures_at
from reportgen.analysis.part_sets import changes_of, scores_of
from reportgen.analysis.ranks import Place
from reportgen.analysis.slices import Axes, Axis, found_filter, pinned_filter
from reportgen.analysis.versions import compare_all, compare_ratios
from reportgen.model import Attribute, Outcomes, Slice
from reportgen.report import Report
from reportgen.site.metric_columns import CLASS_CHUNKS, OF_CLASSES, has_terms, metrics_of
from reportgen.stats import complement, ranking
from reportgen.stats.intervals import newcombe_independent
from reportgen.stats.object_precision import average_precisions
from reportgen.stats.significance import equal_proportions
from reportgen.stats.statistic import PairSums, sum_pair
from reportgen.tasks import classification, regression
from reportgen.tasks.classification import SURE
from reportgen.tasks.metric import Flags, Floats, Metric, Side, with_classes
from reportgen.tasks.objects import hold

Request = Mapping[str, Any]
Answer = dict[str, Any]
Ints = npt.NDArray[np.int64]

BINS = 40
"""Bars of a histogram."""
APART = 12
"""Values listed that are commoner among the wrong."""
LISTED = 240
"""Samples that an answer lists, hardest first."""
ESTIMATES = {"n": "n", "units": "n_groups", "value": "value", "low": "low", "high": "high", "x": "sum_x", "w": "sum_w"}
DIFFERENCES = {
    **{"n": "n", "units": "n_groups", "before": "value_baseline", "after": "value_candidate"},
    **{name: name for name in ("delta", "low", "high", "p")},
}


@dataclass(frozen=True, eq=False)
class Coded:
    """A filter by values: a code a sample from 0 (missing) to ``size`` - 1."""

    codes: Ints
    size: int

    def counts(self, among: Flags, outcome: Ints) -> Ints:
        """How many of some samples have each code and outcome, ``counts[code * 3 + outcome]``."""
        return np.bincount(self.codes[among] * 3 + outcome[among], minlength=self.size * 3)


@dataclass(frozen=True, eq=False, repr=False)
class Explored:
    """A report, with what its figures are computed from."""

    report: Report
    measure: Measure
    metrics: tuple[Metric, ...]
    """Those of the report's metrics that every answer has, in its order: they follow from targets and predictions."""
    asked: Mapping[str, Metric]
    """Those that rest on more, by name: an answer has the one that the request names."""
    of_class: tuple[Metric, ...] = ()
    """Those of each class that rest on more: an answer has one of one class, where the request names no other."""

    @classmethod
    def of(cls, report: Report) -> Explored:
        """A built report; of a version that was trained several times, the first training, as in the page."""
        measured = replace(measure(report.outcomes, report.limits), further=())
        known = list(_told(report, measured))
        many = len(report.outcomes.classes) > MAX_SLICED_CLASSES
        of_sums = [one for one in known if not (one.needs_rows or one.counts_missing or (many and one.info.per_class))]
        metrics = tuple(one for one in of_sums if not has_terms(one))
        asked = {one.name: one for one in of_sums if has_terms(one)}
        return cls(report, measured, metrics, asked, tuple(_told_alone(report, measured)))

    def at(self, step: int) -> Explored:
        """The same where detections of every version count from so many hundredths on, each judged anew."""
        parts = self.outcomes.parts
        assert parts is not None
        assert parts.truths is not None
        sides = []
        for side, frame in zip(self.sides, parts.detections, strict=False):
            held = hold(parts.truths, frame, self.n, len(parts.classes), step / 100)
            sides.append(replace(side, parts=held.counts))
        return replace(self, measure=replace(self.measure, sides=tuple(sides)))

    @property
    def outcomes(self) -> Outcomes:
        """The samples and what became of them."""
        return self.report.outcomes

    @property
    def sides(self) -> tuple[Side, ...]:
        """Every version's arrays."""
        return self.measure.sides

    @cached_property
    def outcome(self) -> list[Ints]:
        """By version, a sample each: 0 not scored, 1 wrong, 2 right."""
        return [np.where(side.scored, 1 + side.correct.astype(np.int64), 0) for side in self.sides]

    @cached_property
    def said(self) -> list[Ints]:
        """By version, a sample each: the predicted class's code + 1, 0 where it was not scored; none for values."""
        if not self.outcomes.classes:
            return []
        return [np.where(side.scored, side.prediction.astype(np.int64) + 1, 0) for side in self.sides]

    @cached_property
    def hardness(self) -> list[npt.NDArray[np.float32]]:
        """By version, a sample each: how much it is worth looking at."""
        return [_task(self.outcomes).hardness(side) for side in self.sides]

    @cached_property
    def target(self) -> Ints:
        """A sample each: the target's code + 1; of values, the code of its bin; 0 where samples have no target."""
        own = self.label
        return np.zeros(self.n, np.int64) if own is None else self._codes(columns.attribute(own.index)) + 1

    @property
    def n(self) -> int:
        """How many samples there are."""
        return self.outcomes.frame.height

    @property
    def label(self) -> Attribute | None:
        """The target as an attribute; none where samples consist of parts."""
        return next((a for a in self.outcomes.attributes if a.kind == "target"), None)

    @cached_property
    def attributes(self) -> dict[str, Coded]:
        """The filters by attribute, by pinned set, and by what a check of the data found."""
        found = {
            f"a.{a.name}": Coded(self._codes(columns.attribute(a.index)) + 1, len(a.values) + 1)
            for a in self.outcomes.attributes
            if a.kind not in {"target", "prediction"}
        }
        for k, one in enumerate(self.report.pinned):
            if one.n:
                name = pinned_filter(one.name, self.outcomes.attributes)
                found[f"a.{name}"] = Coded(self._codes(columns.pinned(k)), 2)
        for k, checked in enumerate(self.report.inspection.sets):
            name = found_filter(checked.name, self.outcomes.attributes)
            found[f"a.{name}"] = Coded(self._codes(columns.found_set(k)), 2)
        return found

    @cached_property
    def circular(self) -> set[str]:
        """The filters of what was found by the versions' predictions, which sets no mistakes apart."""
        found = (one for one in self.report.inspection.sets if one.by_predictions)
        return {f"a.{found_filter(one.name, self.outcomes.attributes)}" for one in found}

    @cached_property
    def numbers(self) -> dict[str, Floats]:
        """The raw numbers of the binned attributes, by name; NaN where missing."""
        samples = self.outcomes.samples
        return {
            a.name: samples[a.name].cast(pl.Float64).fill_null(np.nan).to_numpy()
            for a in self.outcomes.attributes
            if a.kind == "numeric" and a.edges is not None
        }

    def _codes(self, name: str) -> Ints:
        return self.outcomes.frame[name].cast(pl.Int64).to_numpy()

    def flips(self, baseline: int, candidate: int) -> Ints:
        """What became of each sample between two versions; 0 where not both scored it."""
        outcomes = self.outcomes
        found = _task(outcomes).flip_codes(outcomes.frame, baseline, candidate, outcomes.flip_margin)
        return np.asarray(found, np.int64) + 1

    def coded(self, baseline: int | None, candidate: int) -> dict[str, Coded]:
        """Every filter by values that there is for two versions."""
        k = len(self.outcomes.classes) + 1
        found = {} if self.label is None else {"label": Coded(self.target, len(self.label.values) + 1)}
        if self.said:
            found["predicted"] = Coded(self.said[candidate], k)
        if baseline is not None:
            if self.said:
                found["said"] = Coded(self.said[baseline], k)
            found["was"] = Coded(self.outcome[baseline], 3)
            found["flip"] = Coded(self.flips(baseline, candidate), 5)
        found["now"] = Coded(self.outcome[candidate], 3)
        return found | self.attributes

    def members(self, name: str, baseline: int | None, candidate: int) -> Flags:
        """The samples of an example set."""
        flip = np.zeros(self.n, np.int64) if baseline is None else self.flips(baseline, candidate)
        flips = {"both_wrong": 1, "newly_fixed": 2, "newly_broken": 3, "both_right": 4}
        if name in flips:
            return flip == flips[name]
        made = {} if baseline is None else dict(changes_of(self.outcomes, baseline, candidate))
        made |= scores_of(self.outcomes, candidate)
        if name in made:
            return np.asarray(made[name] > 0)
        all_outcomes = np.stack(self.outcome)
        scored, now = (all_outcomes > 0).all(axis=0), self.outcome[candidate]
        if name == "always_wrong":
            return np.asarray((all_outcomes == 1).all(axis=0))
        if name == "once_right":
            return scored & (now == 1) & (all_outcomes == 2).any(axis=0)
        if name == "flip_flops":
            return scored & ((np.diff(all_outcomes, axis=0) != 0).sum(axis=0) >= 2)
        if name == "sure_wrong":
            return (now == 1) & (self.hardness[candidate] >= np.float32(SURE))
        sets = {"surest_wrong": now == 1, "wrong": now == 1, "right": now == 2, "largest_error": now > 0}
        return sets.get(name, np.ones(len(now), bool))

    def meets(self, one: Mapping[str, Any], baseline: int | None, candidate: int) -> Flags:
        """The samples that one filter leaves."""
        key = one["key"]
        if key == "set":
            return self.members(one["name"], baseline, candidate)
        if key == "q":
            text = one["text"].lower()
            return np.array([text in sample.lower() for sample in self.outcomes.frame[columns.ID]])
        if "codes" in one:
            return np.isin(self.coded(baseline, candidate)[key].codes, one["codes"])
        if key == "confidence":
            steps = self.steps(candidate)
            # to the nearest step, so that 0.9 is from 0.9 on
            low, high = one["from"] * columns.CONFIDENCE_STEPS - 1e-6, one["to"] * columns.CONFIDENCE_STEPS + 1e-6
            return (steps >= low) & (steps <= high)
        values = self.numbers[key.removeprefix("n.")]
        return (values >= one["from"]) & (values <= one["to"])

    def steps(self, version: int) -> Floats:
        """A version's confidences as steps of their grid, whole numbers; NaN where there is none."""
        confidence = self.sides[version].confidence
        assert confidence is not None
        return np.round(confidence.astype(np.float64) * columns.CONFIDENCE_STEPS)


def _task(outcomes: Outcomes) -> ModuleType:
    return classification if outcomes.classes else regression


def answers(explored: Explored, requests: Sequence[Request]) -> list[Answer]:
    """The answer to each request."""
    chosen = [_Chosen.of(explored, request) for request in requests]
    found = [one.answer() for one in chosen]
    # together, whose versions and metrics are alike: intervals are quicker found for many selections at once
    for metric in {one.metric for one in chosen}:
        metrics = [*explored.metrics, *([explored.asked[metric]] if metric in explored.asked else [])]
        asked = [i for i, one in enumerate(chosen) if one.metric == metric]
        for i, own in zip(asked, estimate(explored, [chosen[i].mask for i in asked], metrics), strict=True):
            found[i]["versions"] = own
        for pair in {chosen[i].pair for i in asked}:
            both = [i for i in asked if chosen[i].pair == pair]
            moved = compare(explored, pair, [chosen[i].mask for i in both], metrics)
            for i, own in zip(both, moved, strict=True):
                found[i]["differences"] = own
    return found


def selection(explored: Explored, request: Request) -> Flags:
    """The samples that meet every filter of a request."""
    return _Chosen.of(explored, request).mask


def _told(report: Report, measured: Measure) -> Iterator[Metric]:
    """The report's metrics; of those of parts the whole, and each class where the page tells of it."""
    n_classes = len(measured.classes)
    for _, metric in metrics_of(report, measured.sides):
        of_classes = metric.name in OF_CLASSES and n_classes <= MAX_SLICED_CLASSES
        for one in with_classes([metric], n_classes) if of_classes else [metric]:
            yield replace(one, by_class=False)


def _told_alone(report: Report, measured: Measure) -> Iterator[Metric]:
    """Of each class the metrics that the page tells of one class at a time."""
    parts = report.outcomes.parts
    told = CLASS_CHUNKS.get(parts.kind, {}) if parts else {}
    for _, metric in metrics_of(report, measured.sides):
        if metric.name in told:
            yield from list(with_classes([metric], len(measured.classes)))[1:]


def of_one_class(explored: Explored, request: Request) -> dict[str, Any]:
    """The figures of a request's metric of its class alone, and how two versions differ there."""
    chosen, klass = _Chosen.of(explored, request), request["klass"]
    metrics = [_as_whole(one, klass) for one in explored.of_class if one.name == request["metric"]]
    (versions,) = estimate(explored, [chosen.mask], metrics)
    (differences,) = compare(explored, chosen.pair, [chosen.mask], metrics)

    def own(figures: dict[str, Any]) -> dict[str, Any]:
        return {**figures, "class": np.full_like(figures["class"], klass)} if figures else {}

    return {
        "versions": [{**one, "estimates": own(one["estimates"])} for one in versions],
        "differences": own(differences),
    }


def _as_whole(metric: Metric, klass: int) -> Metric:
    """A metric of single classes as one of a class alone: no other is computed."""
    terms = metric.terms
    assert terms is not None
    return replace(metric, info=replace(metric.info, per_class=False), terms=lambda side, _: terms(side, klass))


@dataclass(frozen=True, eq=False)
class _Chosen:
    """A request with the samples that each of its filters leaves."""

    explored: Explored
    request: Request
    left: tuple[tuple[str, Flags], ...]
    """By filter, its key and the samples that it leaves."""

    @classmethod
    def of(cls, explored: Explored, request: Request) -> _Chosen:
        pair = request["baseline"], request["candidate"]
        return cls(explored, request, tuple((one["key"], explored.meets(one, *pair)) for one in request["filters"]))

    @property
    def pair(self) -> tuple[int | None, int]:
        """Baseline and candidate."""
        return self.request["baseline"], self.request["candidate"]

    @property
    def candidate(self) -> int:
        return self.pair[1]

    @property
    def metric(self) -> str:
        return str(self.request["metric"])

    def others(self, key: str) -> Flags:
        """The samples that the filters with other keys leave."""
        everyone = np.ones(self.explored.n, bool)
        return np.logical_and.reduce([everyone, *(mask for own, mask in self.left if own != key)])

    @cached_property
    def mask(self) -> Flags:
        """The selection."""
        return self.others("")

    def answer(self) -> Answer:
        """All but the estimates and differences."""
        explored, mask = self.explored, self.mask
        outcome = explored.outcome[self.candidate]
        versions = [v for v in self.pair if v is not None]
        k = len(explored.outcomes.classes) + 1
        said = [explored.said[v][mask] for v in versions] if explored.said else []
        target = explored.target[mask]
        return {
            "n": int(mask.sum()),
            "total": len(mask),
            "facets": {key: one.counts(self.others(key), outcome) for key, one in explored.coded(*self.pair).items()},
            "histograms": self.histograms(),
            "flips": self.flips(),
            "said": [np.bincount(one, minlength=k) for one in said],
            "confusions": [
                np.bincount(target * k + one, minlength=k * k) for one in said if k - 1 <= MAX_SLICED_CLASSES
            ],
            "apart": self.apart(),
            "missing": self.missing(),
            "hardest": self.hardest(),
        }

    def histograms(self) -> dict[str, dict[str, Any]]:
        """How the candidate's confidences and the wanted numbers are spread, under the other filters."""
        found = {}
        if self.explored.sides[self.candidate].confidence is not None:
            bins = self.explored.steps(self.candidate) // (columns.CONFIDENCE_STEPS // BINS)
            found["confidence"] = self._histogram("confidence", bins, np.arange(BINS + 1) / BINS)
        for name in self.request["numbers"]:
            values = self.explored.numbers[name]
            known = np.sort(values[np.isfinite(values)])
            last = len(known) - 1
            low, high = known[math.floor(0.01 * last)], known[math.ceil(0.99 * last)]
            width = (high - low) / BINS
            # what is beyond a hundredth of the samples is in the first bin or the last
            edges = [known[0], *(low + k * width for k in range(1, BINS)), known[last]]
            found[f"n.{name}"] = self._histogram(f"n.{name}", np.floor((values - low) / width), np.array(edges))
        return found

    def _histogram(self, key: str, bins: Floats, edges: Floats) -> dict[str, Any]:
        rows = self.others(key) & np.isfinite(bins)
        at = np.clip(bins[rows], 0, BINS - 1).astype(np.int64)
        outcome = self.explored.outcome[self.candidate][rows]
        return {"edges": edges, "counts": np.bincount(at * 3 + outcome, minlength=BINS * 3)}

    def flips(self) -> dict[str, int] | None:
        """How many of the selection became what; none without a baseline."""
        baseline, candidate = self.pair
        if baseline is None:
            return None
        counts = np.bincount(self.explored.flips(baseline, candidate)[self.mask], minlength=5)
        names = ("both_wrong", "newly_fixed", "newly_broken", "both_right")
        return dict(zip(names, counts[1:].tolist(), strict=True))

    def apart(self) -> dict[str, Any]:
        """The values that are commoner among the selection's wrong samples than among its right ones."""
        outcome = self.explored.outcome[self.candidate]
        n_wrong, n_right = (int((self.mask & (outcome == one)).sum()) for one in (1, 2))
        places = [
            (key, code, counts[1], counts[2])
            for key, one in self.explored.coded(*self.pair).items()
            if key == "label" or (key.startswith("a.") and key not in self.explored.circular)
            for code, counts in enumerate(one.counts(self.mask, outcome).reshape(-1, 3).tolist())
            if code
        ]
        keys, codes, wrong, right = (list(column) for column in zip(*places, strict=True))
        delta, low, high = newcombe_independent(right, n_right, wrong, n_wrong, self.explored.report.limits.level)
        with np.errstate(divide="ignore", invalid="ignore"):
            pooled = (np.array(wrong) + right) / (n_wrong + n_right)
            z = delta / np.sqrt(pooled * (1 - pooled) * (1 / np.float64(n_wrong) + 1 / np.float64(n_right)))
        commoner = np.flatnonzero(delta > 0)
        first = commoner[np.argsort(-z[commoner], kind="stable")][:APART]
        figures = {"low": low, "high": high, "p": equal_proportions(right, n_right, wrong, n_wrong)}
        counts = {"code": codes, "wrong": wrong, "right": right}
        if not len(first):
            return {}
        return {
            "key": [keys[i] for i in first],
            **{name: np.array(one, np.int64)[first] for name, one in counts.items()},
            "nWrong": np.full(len(first), n_wrong),
            "nRight": np.full(len(first), n_right),
            **{name: one[first] for name, one in figures.items()},
        }

    def missing(self) -> str | None:
        """The filter without which most samples would be left, where none are; none where no single one is to blame."""
        left = [(int(self.others(key).sum()), key) for key, _ in self.left]
        most = max(left, default=(0, None), key=lambda one: one[0])
        return most[1] if most[0] and not self.mask.any() else None

    def hardest(self) -> dict[str, Any]:
        """The first samples in the order asked for, and how many there are in each."""
        outcome = self.explored.outcome[self.candidate]
        hardness = self.explored.hardness[self.candidate]
        by_outcome = []
        for one in (1, 2, 0):
            rows = np.flatnonzero(self.mask & (outcome == one))
            by_outcome.append(rows[np.argsort(-hardness[rows], kind="stable")] if one else rows)
        orders = {"wrong": by_outcome[0], "right": by_outcome[1], "all": np.concatenate(by_outcome)}
        order = self.request["order"]
        return {
            "order": order,
            "rows": orders[order][:LISTED],
            "n": len(orders[order]),
            **{name: len(rows) for name, rows in orders.items()},
        }


def estimate(explored: Explored, masks: Sequence[Flags], metrics: Sequence[Metric]) -> list[list[dict[str, Any]]]:
    """For each selection and version, how many samples it scored, and its estimates as columns."""
    axes = [_axis(str(i), mask, rest=True) for i, mask in enumerate(masks)]
    table = estimate_all(explored.measure, Axes(axes[0], tuple(axes[1:]), (), (), ()), metrics, metrics[0], ())
    parts = table.partition_by("slice", as_dict=True, maintain_order=True)
    against = _against_rest(explored, axes, metrics)
    found = []
    for i, mask in enumerate(masks):
        inside, rest = parts[(str(i),)], parts[(f"{i} rest",)]
        own = _columns(explored, inside, ESTIMATES)
        own |= {f"rest_{name}": one for name, one in _columns(explored, rest, ESTIMATES).items() if name in _OF_REST}
        own |= {name: one[:, i] for name, one in against.items()}
        versions = inside["version"].to_numpy()
        found.append(
            [
                {
                    "scored": int((mask & side.scored).sum()),
                    "estimates": {column: values[versions == name] for column, values in own.items()},
                }
                for name, side in zip(explored.outcomes.versions, explored.sides, strict=True)
            ]
        )
    return found


_OF_REST = ("n", "units", "value", "low", "high")


def _against_rest(explored: Explored, axes: Sequence[Axis], metrics: Sequence[Metric]) -> dict[str, Floats]:
    """Selection − rest of every version, metric and class (rows) and selection (columns); NaN where it is no ratio."""
    measured, level = explored.measure, explored.report.limits.level
    rows = []
    for version, side in enumerate(explored.sides):
        for metric in metrics:
            if not measured.has(metric, version):
                continue
            for klass in classes_of(metric, side):
                if metric.averaged is not None:
                    pair = averages_with_rest(
                        measured, metric, version, [replace(a, slices=a.slices[:1]) for a in axes]
                    )
                elif metric.terms is None:
                    rows.append([np.full(len(axes), np.nan)] * 4)
                    continue
                else:
                    x, w = metric.terms(side, -1 if klass is None else klass)
                    pair = _pairs_with_rest(measured, axes, x, w)
                one = complement.compare_with_rest(
                    pair, binary=metric.kind == "binary", level=level, bounds=metric.reach
                )
                rows.append([one.delta, one.low, one.high, one.p])
    names = ("delta", "delta_low", "delta_high", "p")
    return {name: np.stack([row[j] for row in rows]) for j, name in enumerate(names)}


def _pairs_with_rest(measured: Measure, axes: Sequence[Axis], x: Floats, w: Floats) -> PairSums:
    """The rests (as baseline) beside the selections, each summed by itself: of a rest of few, no difference of sums."""
    rows = np.flatnonzero(w)
    inside = np.concatenate([axis.keys[rows] == 0 for axis in axes])
    keys = np.repeat(np.arange(len(axes)), len(rows))

    def tiled(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.tile(column[rows], len(axes))

    group, weight = (None if one is None else tiled(one) for one in (measured.group, measured.weight))
    parts = [tiled(column) * mark for mark in (~inside, inside) for column in (x, w)]
    return sum_pair(keys, *parts, len(axes), group=group, weight=weight)


def compare(
    explored: Explored, pair: tuple[int | None, int], masks: Sequence[Flags], metrics: Sequence[Metric]
) -> list[dict[str, Any]]:
    """For each selection the differences of two versions, as columns; none without a baseline."""
    if pair[0] is None:
        return [{} for _ in masks]
    names = tuple(explored.outcomes.versions[v] for v in pair if v is not None)
    two = replace(
        explored.measure,
        outcomes=replace(explored.outcomes, versions=names, runs=()),
        sides=tuple(explored.sides[v] for v in pair if v is not None),
        further=(),
    )
    axes = [_axis(str(i), mask) for i, mask in enumerate(masks)]
    parts = []
    for metric in metrics:
        if not metric.compared or not all(two.has(metric, v) for v in (0, 1)):
            continue
        if metric.kind == "influence":
            parts.append(compare_all(two, Axes(axes[0], tuple(axes[1:]), (), (), ()), [metric], 0, ())[0])
        else:
            parts.append(compare_ratios(two, metric, (0, 1), axes))
    by_slice = pl.concat(parts).partition_by("slice", as_dict=True, maintain_order=True)
    return [_columns(explored, by_slice[(str(i),)], DIFFERENCES) for i in range(len(masks))]


def rank(explored: Explored, mask: Flags, pair: tuple[int | None, int], klass: int) -> dict[str, Any]:
    """AUROC with its interval, and average precision, of one class over a selection, and what differs between versions.

    Each version's own are over the samples that it scored, the difference over those that both did; a version without
    scores has none.
    """
    able = [side.class_score(klass) is not None for side in explored.sides]
    versions = [_ranked(explored, mask, [v], klass) if able[v] else None for v in range(len(able))]
    both = [v for v in pair if v is not None and able[v]]
    difference = _ranked(explored, mask, both, klass) if len(both) == 2 else None
    return {"class": klass, "versions": versions, "difference": difference}


def _ranked(explored: Explored, mask: Flags, versions: Sequence[int], klass: int) -> dict[str, Any]:
    measured, level = explored.measure, explored.report.limits.level
    rows = np.flatnonzero(np.logical_and.reduce([mask, *(explored.sides[v].scored for v in versions)]))
    y = explored.sides[versions[0]].members(klass)[rows]
    scores = np.stack([_score(explored, v, klass)[rows] for v in versions])
    group, weight = (None if one is None else one[rows] for one in (measured.group, measured.weight))
    defined = 0 < np.count_nonzero(y) < len(rows)
    precision = [ranking.average_precision(y, score, weight=weight) if defined else np.nan for score in scores]
    if len(versions) == 1:
        limits = (np.nan,) * 3
        if defined:
            limits = ranking.auroc_interval(y, scores[0], group=group, weight=weight, level=level)
        auroc = dict(zip(("value", "low", "high"), map(np.float64, limits), strict=True))
        return {"n": len(rows), "auroc": auroc, "averagePrecision": np.float64(precision[0])}
    names = ("before", "after", "delta", "low", "high", "p")
    found = (np.nan,) * 6
    if defined:
        found = astuple(ranking.auroc_difference(y, scores, group=group, weight=weight, level=level))
    before, after = map(np.float64, precision)
    return {
        "n": len(rows),
        "auroc": dict(zip(names, map(np.float64, found), strict=True)),
        "averagePrecision": {"before": before, "after": after, "delta": after - before},
    }


def average(
    explored: Explored, mask: Flags, pair: tuple[int | None, int], metric: str, klass: int | None = None
) -> dict[str, Any]:
    """Average precision or recall of objects: of each version over a selection and its rest, and how two differ."""
    known = {
        one.name: replace(one, by_class=klass is not None) for _, one in metrics_of(explored.report, explored.sides)
    }
    found = figures_at(explored.measure, [known[metric]], pair[0], Place("", mask)) if mask.any() else ()
    figures = {one.versions: one for one in found if one.klass == klass}
    versions: list[dict[str, Any]] = []
    for v in range(len(explored.sides)):
        own = figures.get((v,))
        versions.append(
            {
                **{"n": int(mask.sum()), "units": own.units if own else 0},
                **{
                    "value": np.float64(own.values[0] if own else np.nan),
                    "low": np.float64(own.low if own else np.nan),
                },
                "high": np.float64(own.high if own else np.nan),
                "rest": {"n": int((~mask).sum()), "value": _mean(explored, v, ~mask, metric, klass)},
            }
        )
    moved = figures.get((pair[0], pair[1])) if pair[0] is not None else None
    difference = None
    if moved is not None:
        before, after = map(np.float64, moved.values)
        numbers = {name: np.float64(getattr(moved, name)) for name in ("delta", "low", "high", "p")}
        difference = {"n": moved.n, "units": moved.units, "before": before, "after": after, **numbers}
    return {"dear": False, "versions": versions, "difference": difference}


def _mean(explored: Explored, version: int, mask: Flags, metric: str, klass: int | None) -> np.float64:
    """The mean over the overlaps and the classes that have an object to find, or one class; NaN where none has."""
    read, parts = READS[metric], explored.outcomes.parts
    assert parts is not None
    weight = mask.astype(np.float64) if explored.measure.weight is None else mask * explored.measure.weight
    exact = average_precisions(parts.judged[version], weight)
    table = exact.precision if read.most is None else exact.recall[..., read.most]
    values = table[read.area, read.first : read.stop, slice(None) if klass is None else klass]
    return np.float64(np.nan if np.isnan(values).all() else np.nanmean(values))


def _score(explored: Explored, version: int, klass: int) -> Floats:
    score = explored.sides[version].class_score(klass)
    assert score is not None
    return score


def _axis(name: str, mask: Flags, *, rest: bool = False) -> Axis:
    """The selection as a slice, and its rest as a second one."""
    slices = (Slice(name, (), "attribute", int(mask.sum())), Slice(f"{name} rest", (), "attribute", int((~mask).sum())))
    return Axis(slices[: 1 + rest], np.where(mask, 0, 1 if rest else -1).astype(np.int32), "attribute", ())


def _columns(explored: Explored, table: pl.DataFrame, names: Mapping[str, str]) -> dict[str, Any]:
    """A table's figures under the names that the browser has; without groups the units are the samples."""
    places = {name: k for k, name in enumerate(explored.measure.classes)}
    table = table.with_columns(pl.col("n_groups").fill_null(pl.col("n")))
    return {
        "metric": table["metric"].to_numpy(),
        "class": np.array([-1 if name is None else places[name] for name in table["class"]], np.int64),
        **{name: table[own].cast(pl.Float64).fill_null(np.nan).to_numpy() for name, own in names.items()},
    }


def unlike(given: Any, expected: Any, where: str = "") -> Iterator[str]:
    """What differs, by its place: figures by more than 1e-9 of themselves (or 1e-12), anything else at all."""
    if isinstance(expected, list) and any(isinstance(one, Mapping | np.ndarray) for one in expected):
        given, expected = dict(enumerate(given)), dict(enumerate(expected))
    if isinstance(expected, Mapping) and isinstance(given, Mapping):
        for key in sorted(expected.keys() ^ given.keys(), key=str):
            yield f"{where}.{key}: only {'expected' if key in expected else 'given'}"
        for key in expected:
            if key in given:
                yield from unlike(given[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, np.float64) or (
        isinstance(expected, np.ndarray) and expected.dtype.kind == "f" and len(expected) == len(given)
    ):
        values, own = (np.atleast_1d(np.asarray(one, np.float64)) for one in (given, expected))
        for i in np.flatnonzero(~np.isclose(values, own, rtol=1e-9, atol=1e-12, equal_nan=True)):
            yield f"{where}.{i}: {values[i]!r} in place of {own[i]!r}"
    else:
        mine, own = (one.tolist() if isinstance(one, np.ndarray) else one for one in (given, expected))
        if mine != own:
            yield f"{where}: {mine!r} in place of {own!r}"
