"""Measures of each class of what samples consist of, as lines of tables: in every version, and their changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, MetricInfo, Verdict
from reportgen.report import Report
from reportgen.site.pair_words import say
from reportgen.site.pairs import change_texts
from reportgen.site.slice_rows import Figures

MOST_LABELS = 40
"""Labels that stand in a table: where there are more, those whose leading measure changes most, or is lowest."""

MOST_VERSIONS = 6
"""Where there are more, a table has the baseline and the candidate alone."""


@dataclass(frozen=True)
class MetricRow:
    """One change over all samples, of a metric or of how often something goes wrong."""

    label: str
    plain: str
    levels: str
    change: str
    interval: str
    n: str
    verdict: Verdict


@dataclass(frozen=True)
class LabelMeasures:
    """How each label of a set is given: the leading measure label by label, and all the others below it."""

    metric: str  # the leading measure's name, as pages write it
    plain: str
    key: str  # which labels changed beyond chance
    rows: tuple[MetricRow, ...]  # by change, worst first
    others: tuple[MetricRow, ...]  # of the same labels in the same order, measure by measure
    rest: str  # how many labels are left out


@dataclass(frozen=True)
class VersionsRow:
    """One figure in every version: "68.1%" and "60.9–74.6, n = 131"."""

    label: str
    figures: tuple[tuple[str, str], ...]
    plain: str = ""


@dataclass(frozen=True)
class LabelLevels:
    """The leading measure of each label in every version, the candidate's weakest first, and all the others."""

    metric: str
    plain: str
    versions: tuple[str, ...]
    rows: tuple[VersionsRow, ...]
    others: tuple[VersionsRow, ...]
    rest: str
    compared: bool  # whether Compare tells their changes
    level: str  # of the intervals: "95%"


def measures_of_classes(report: Report, version: str) -> tuple[MetricRow, ...]:
    """The metrics of each class of parts, metric by metric; none where there is one class."""
    parts, names = report.outcomes.parts, [metric.name for metric in report.metrics]
    return () if parts is None else tuple(_named(report, _changes(report, version), names, parts.classes))


def plan_labels(report: Report, version: str) -> LabelMeasures | None:
    """The measures of each label in a version and the baseline; none where samples have no sets of several labels.

    The leading measure is the report's own where that is told of a label, else the first that is.
    """
    parts, found = report.outcomes.parts, _changes(report, version)
    own = _of_labels(report, {name for name, _ in found})
    if parts is None or not own:
        return None
    leading = own[0]
    of_label = {name: found[leading.name, name] for name in parts.classes if (leading.name, name) in found}
    worst = sorted(of_label, key=lambda name: (_delta(of_label[name]), name))
    shown = set(sorted(worst, key=lambda name: _telling(of_label[name]))[:MOST_LABELS])
    rows = [name for name in worst if name in shown and of_label[name]["support"] != "counts"]
    return LabelMeasures(
        metric=leading.label,
        plain=leading.plain,
        key=_key(of_label, worst),
        rows=tuple(_row(name, of_label[name], leading.unit) for name in rows),
        others=tuple(_named(report, found, [metric.name for metric in own[1:]], rows)),
        rest=_rest("labels_rest", report, len(rows)),
    )


def compares_labels(report: Report) -> bool:
    """Whether the measures of labels are told of any version beside the baseline."""
    told = ({metric for metric, _ in _changes(report, version)} for _, version in report.pairs)
    return any(_of_labels(report, metrics) for metrics in told)


def _telling(row: Figures) -> tuple[bool, bool, float]:
    """What stands first: what changed beyond chance, then what rests on enough samples, then the largest change."""
    return row["verdict"] not in {"worse", "better"}, row["support"] == "counts", -abs(_delta(row))


def _rest(sentence: str, report: Report, n_shown: int) -> str:
    """How many of the labels a table leaves out, and why; empty where it has all."""
    n = len(report.outcomes.parts.classes) if report.outcomes.parts else 0
    nouns = sentences.noun(report.outcomes)
    return say(sentence, n=numbers.count(n - n_shown), all=numbers.count(n), nouns=nouns) if n > n_shown else ""


def plan_label_levels(report: Report) -> LabelLevels | None:
    """The measures of each label in every version; none where samples have no sets of several labels."""
    frame = report.estimates.filter(
        (pl.col("slice") == ALL) & pl.col("class").is_not_null() & pl.col("value").is_not_null()
    )
    own = _of_labels(report, set(frame["metric"]))
    if report.outcomes.parts is None or not own:
        return None
    found = {(row["metric"], row["class"], row["version"]): row for row in frame.iter_rows(named=True)}
    names = [version.name for version in report.versions]
    if len(names) > MOST_VERSIONS:
        names = [name for name in names if name in {report.baseline, report.candidate}]

    def weakness(label: str) -> tuple[bool, float, str]:
        row = found.get((own[0].name, label, report.candidate))
        few = row is None or row["n"] < report.limits.show
        return few, 0.0 if row is None else float(row["value"]), label

    labels = sorted(report.outcomes.parts.classes, key=weakness)[:MOST_LABELS]

    def line(label: str, metric: MetricInfo, name: str) -> VersionsRow:
        cells = (found.get((metric.name, name, version)) for version in names)
        return VersionsRow(label, tuple(_level(row, metric.unit, report.limits.show) for row in cells))

    return LabelLevels(
        metric=own[0].label,
        plain=own[0].plain,
        versions=tuple(names),
        rows=tuple(line(name, own[0], name) for name in labels),
        others=tuple(
            line(say("of_class", label=metric.label, name=name), metric, name) for metric in own[1:] for name in labels
        ),
        rest=_rest("labels_stronger", report, len(labels)),
        compared=compares_labels(report),
        level=numbers.level(report.limits.level),
    )


def _of_labels(report: Report, told: Collection[str]) -> list[MetricInfo]:
    """The metrics that are told of single labels, the leading one first; none where samples have no sets of labels."""
    parts = report.outcomes.parts
    if parts is None or parts.kind != "label":
        return []
    own = [metric for metric in report.metrics if metric.name in told]
    return sorted(own, key=lambda metric: metric.name != report.primary.name)


def _level(row: Figures | None, unit: numbers.Unit, show: int) -> tuple[str, str]:
    """A measure with its interval and n; of too few samples to show one n alone."""
    if row is None:
        return numbers.MISSING, ""
    n = numbers.count(int(str(row["n"])))
    if int(str(row["n"])) < show:
        return numbers.MISSING, say("label_n", n=n)
    low, high = (None if row[name] is None else float(str(row[name])) for name in ("low", "high"))
    return numbers.value(float(str(row["value"])), unit), say(
        "label_level", ends=numbers.interval(low, high, unit), n=n
    )


def _changes(report: Report, version: str) -> Mapping[tuple[str, str], Figures]:
    """By metric and class, the change over all samples."""
    frame = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & pl.col("class").is_not_null()
        & pl.col("delta").is_not_null()
    )
    return {(row["metric"], row["class"]): row for row in frame.iter_rows(named=True)}


def _named(
    report: Report, found: Mapping[tuple[str, str], Figures], metrics: Iterable[str], classes: Sequence[str]
) -> Iterable[MetricRow]:
    known = {metric.name: metric for metric in report.metrics}
    for metric in (known[name] for name in metrics):
        for name in classes:
            row = found.get((metric.name, name))
            if row is not None and row["support"] != "counts":
                yield _row(say("of_class", label=metric.label, name=name), row, metric.unit)


def _row(label: str, row: Figures, unit: numbers.Unit) -> MetricRow:
    verdict: Verdict = row["verdict"]  # type: ignore[assignment]
    return MetricRow(label, "", *change_texts(row, unit), numbers.count(int(str(row["n"]))), verdict)


def _delta(row: Figures) -> float:
    return float(str(row["delta"]))


def _key(rows: Mapping[str, Figures], worst: Sequence[str]) -> str:
    """Which labels are given worse and better beyond chance, the largest change first."""
    worse = [name for name in worst if rows[name]["verdict"] == "worse"]
    better = [name for name in reversed(worst) if rows[name]["verdict"] == "better"]
    if not worse and not better:
        return say("labels_alike")
    return say("labels_key", worse=_listed(worse), better=_listed(better))


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return names[0] if names else say("labels_none")
    if len(names) == 2:
        return say("two", one=names[0], other=names[1])
    return say("more", one=names[0], other=names[1], n=numbers.count(len(names) - 2))
