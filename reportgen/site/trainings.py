"""Repeated trainings of a version: each one's value, and whether a change is larger than the luck of training."""

from __future__ import annotations

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, RunSpread
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, TrainingRow, trainings
from reportgen.site.pair_words import say
from reportgen.site.pairs import decimals_of_change


def plan_trainings(report: Report) -> Chart | None:
    """Every training of the versions that have several; none where none has."""
    metric = report.primary
    rows = []
    for version in report.versions:
        table = report.runs.filter(
            (pl.col("version") == version.name)
            & columns.as_a_whole(metric.name, per_class=metric.per_class)
            & (pl.col("slice") == ALL)
        )
        if not table.height:
            continue
        mean = report.estimates.filter(
            (pl.col("version") == version.name)
            & columns.as_a_whole(metric.name, per_class=metric.per_class)
            & (pl.col("slice") == ALL)
        ).row(0, named=True)
        values = tuple(table.sort("run")["value"].drop_nulls().to_list())
        rows.append(TrainingRow(version.name, values, mean["value"], mean["low"], mean["high"], mean["n"]))
    if not rows:
        return None
    label = f"{metric.label} of each training, and the mean over the trainings of a version."
    return trainings("compare-trainings", label, rows, unit=metric.unit, level=report.limits.level)


def luck_text(report: Report, version: str) -> str:
    """Whether a version's change is larger than what two trainings of one version differ by."""
    one = next((one for one in report.spreads if one.candidate == version), None)
    if one is None:
        return ""
    if one.reach is None:
        return say("luck", baseline=one.baseline, candidate=one.candidate)
    return f"{_counted(one)} {_judged(report, one)} {_pairs(one)}{_once(one)}".strip()


def _counted(one: RunSpread) -> str:
    both = ((one.candidate, one.n_runs_candidate), (one.baseline, one.n_runs_baseline))
    trained = [f"{name} was trained {numbers.count(n)} times" for name, n in both if n > 1]
    single = [f"{name} once" for name, n in both if n == 1]
    return f"{sentences.listed([*trained, *single])}; figures are means over trainings."


def _judged(report: Report, one: RunSpread) -> str:
    metric = report.primary
    unit = f" {words.measure(metric)}" if words.measure(metric) else ""
    change = numbers.difference(one.delta, metric.unit, decimals_of_change(report, one.candidate))
    reach = numbers.difference(one.reach, metric.unit).lstrip("+")
    spread = numbers.difference(one.spread, metric.unit).lstrip("+")
    verb = "is larger than" if one.state == "larger" else "is no larger than"
    luck = "" if one.state == "larger" else ": it may be the luck of training"
    return (
        f"The change of {sentences.lowered(metric.label)}, {change}{unit}, {verb} what two trainings of one version "
        f"differ by, which is up to {reach}{unit} in {numbers.level(report.limits.level)} of cases (standard deviation "
        f"between trainings {spread}{unit}, {one.df} degrees of freedom){luck}."
    )


def _pairs(one: RunSpread) -> str:
    if one.n_pairs == 1:
        return ""
    return (
        f"Of the {numbers.count(one.n_pairs)} pairs of a training of {one.baseline} and one of {one.candidate}, "
        f"{one.candidate} is better in {numbers.count(one.n_pairs_better)}."
    )


def _once(one: RunSpread) -> str:
    once = [name for name, n in ((one.baseline, one.n_runs_baseline), (one.candidate, one.n_runs_candidate)) if n == 1]
    return f" The interval has none of the luck of {once[0]}, which was trained once." if once else ""


def first_training(report: Report) -> str:
    """Whose samples counts and galleries show, in a sentence; empty where every version is one training."""
    several = [one.name for one in report.versions if one.n_runs > 1]
    if not several:
        return ""
    whose = f"of {words.versions_text(several)} are those of {'its' if len(several) == 1 else 'their'}"
    return (
        "What is counted or shown sample by sample (flips, confusions, confidence, cut-offs, examples), AUROC, "
        f"average precision and the calibration error {whose} first training; "
        "all other figures are means over trainings."
    )
