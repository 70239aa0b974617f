"""About: what was measured, how, from which files, and what this evidence cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Change, InputFile, MetricInfo, Note, Version
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.counting import DataSummary, summarise_data
from reportgen.site.glossary import Entry, glossary
from reportgen.site.limits import CoverageView, PowerView, plan_coverage, plan_power
from reportgen.site.methods import Method, used_methods
from reportgen.site.trainings import first_training

NAMED = 12
"""So many classes of which a measure is not defined are named."""
SHOWN_SPLITS = 12


@dataclass(frozen=True)
class VersionView:
    """One version: what the manifest says of it, what was scored, and what changed against the baseline."""

    version: Version
    role: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Metric:
    """One measure in words."""

    info: MetricInfo
    direction: str
    unit: str


@dataclass(frozen=True)
class AboutView:
    """What stands on the page, section by section."""

    intro: str
    index: tuple[tuple[str, str], ...]  # place on the page, title
    metrics: tuple[Metric, ...]
    attributes: tuple[tuple[str, str], ...]
    methods: tuple[Method, ...]
    support: tuple[tuple[str, str], ...]
    data: DataSummary
    splits: tuple[tuple[str, str], ...]  # by name, how many samples are from it
    inputs: tuple[InputFile, ...]
    manifest: tuple[str, str]  # path, sha256
    inferred: bool
    versions: tuple[VersionView, ...]
    limits: tuple[str, ...]
    coverage: CoverageView
    power: PowerView
    absent: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    glossary: tuple[Entry, ...]


_INDEX = (
    ("measured", "What was measured"),
    ("methods", "How"),
    ("data", "From which files"),
    ("versions", "Versions"),
    ("limits", "What this evidence can't show"),
    ("notes", "Notes on the data"),
    ("glossary", "Glossary"),
    ("keyboard", "Keyboard"),
)


def plan_about(report: Report) -> AboutView:
    """The page's view."""
    return AboutView(
        intro=_intro(report),
        index=_INDEX,
        metrics=tuple(
            Metric(one, words.direction(one), "percent, differences in points" if one.unit == "rate" else "a number")
            for one in report.metrics
        ),
        attributes=tuple(_attribute(report, i) for i in range(len(report.attributes))),
        methods=used_methods(report),
        support=_support(report),
        data=summarise_data(report),
        splits=_splits(report),
        inputs=report.inputs,
        manifest=(report.manifest_path, report.manifest_sha256),
        inferred=report.manifest_inferred,
        versions=tuple(VersionView(one, _role(report, one.name), one.changes) for one in report.versions),
        limits=_limits(report),
        coverage=plan_coverage(report),
        power=plan_power(report),
        absent=_absent(report),
        notes=report.notes,
        glossary=glossary(report),
    )


def _intro(report: Report) -> str:
    n = sentences.counted(report.outcomes, report.counts.n_samples - report.counts.n_excluded)
    versions = "one version" if len(report.versions) == 1 else f"{len(report.versions)} versions"
    return f"{report.title}: {report.task} of {n}, predicted by {versions}."


def _role(report: Report, name: str) -> str:
    if report.baseline is None:
        return "the one version"
    return {report.baseline: "baseline", report.candidate: "candidate"}.get(name, "")


_KINDS = {
    "categorical": "values",
    "numeric": "bins",
    "target": "values, the truth itself",
    "prediction": "predicted labels",
}


def _attribute(report: Report, index: int) -> tuple[str, str]:
    one = report.attributes[index]
    missing = f", {numbers.count(one.n_missing)} missing" if one.n_missing else ""
    return one.name, f"{numbers.count(len(one.values))} {_KINDS[one.kind]}{missing}"


def _splits(report: Report) -> tuple[tuple[str, str], ...]:
    """How many samples each split has, the largest first; those beyond the shown ones together."""
    if report.outcomes.split is None:
        return ()
    names = report.outcomes.samples[report.outcomes.split].cast(pl.String).fill_null("not stated").alias("split")
    found = names.value_counts(name="n").sort(["n", "split"], descending=[True, False]).rows()
    rest = found[SHOWN_SPLITS:]
    shown = [*found[:SHOWN_SPLITS], *([(f"{len(rest)} more", sum(n for _, n in rest))] if rest else [])]
    return tuple((name, sentences.counted(report.outcomes, n)) for name, n in shown)


def _support(report: Report) -> tuple[tuple[str, str], ...]:
    """The support rule, from many samples to few."""
    limits = report.limits
    group = "" if report.counts.n_groups is None else f" Fewer than {limits.groups} groups are never tested."
    return (
        (f"n ≥ {limits.decide}", "Shown, tested, and can head a finding."),
        (
            f"{limits.test} to {limits.decide - 1}",
            "Striped or shaded: tested, and heads a finding only where its whole interval lies on one side." + group,
        ),
        (f"{limits.show} to {limits.test - 1}", "Value and interval, marked few; not tested."),
        (f"n < {limits.show}", "Only counts, such as 6 of 8 right: no percentage."),
    )


def _limits(report: Report) -> tuple[str, ...]:
    """What this evidence cannot show, as far as the report itself can know."""
    noun = sentences.noun(report.outcomes)
    found = [
        f"Other {noun} than these: the figures hold for {noun} drawn as these were, not for ones of another kind.",
        f"Causes. A slice says where {report.candidate} is wrong, not why."
        if report.baseline is None
        else f"Causes. A slice says where {report.candidate} differs from {report.baseline}, not why.",
        "Whether the targets are right: a wrong target counts as the version's mistake.",
    ]
    untested = [one for one in report.slices if one.id != ALL and one.n < report.limits.test]
    if untested and report.coverage is None:
        found.append(
            f"Rare kinds of {noun}: {numbers.count(len(untested))} slices have fewer than {report.limits.test}, "
            "too few to test."
        )
    if report.counts.n_groups is None:
        found.append(
            f"Whether {noun} are independent. No group column was given; where several {noun} come from one source, "
            "the intervals are too narrow."
        )
    if report.sampled is not None:
        found.append(f"All {noun}: this is a quick look at {numbers.count(report.sampled)} of them.")
    once = [one.name for one in report.versions if one.n_runs == 1]
    if report.baseline is not None and once:
        whose = "each version" if len(once) == len(report.versions) else words.versions_text(once)
        found.append(f"The luck of training: {whose} is one training, and another one might come out differently.")
    if first := first_training(report):
        found.append(first)
    return tuple(found)


def _absent(report: Report) -> tuple[tuple[str, str], ...]:
    """What this report does not have, and what would bring it."""
    found: list[tuple[str, str]] = []
    if report.baseline is None:
        found.append(("Compare", "There is one version. Add the predictions of a second one to see what changed."))
    if not any(one.kind in {"categorical", "numeric"} for one in report.attributes):
        why = "The samples have no columns that slice. Name some under attributes in the manifest."
        found.append(("Slices by attributes", why))
    without = [one.name for one in report.versions if not one.has_confidence]
    if report.outcomes.classes and without:
        why = (
            f"No score or probabilities in the predictions of {words.versions_text(without)}, so nothing tells how sure"
        )
        mend = "Add such a column to the prediction file, and name it under prediction_columns if its name is unusual"
        found.append(("Confidence", f"{why} it was. {mend}: score, or probabilities."))
    if report.outcomes.media.kind == "none":
        why = "The samples have no media column: examples are shown as cards of their attributes."
        found.append(("Pictures or text", why))
    return (*found, *_undefined(report))


def _undefined(report: Report) -> Iterator[tuple[str, str]]:
    """The measures that could not be computed: of which versions and classes, and the reason."""
    labels = {one.name: one.label for one in report.metrics}
    empty = report.estimates.filter(pl.col("value").is_null() & (pl.col("slice") == ALL))
    told = (
        empty.group_by("metric", "reason", "version", maintain_order=True)
        .agg(pl.col("class").drop_nulls())
        .group_by("metric", "reason", "class", maintain_order=True)
        .agg("version")
    )
    for metric, reason, classes, versions in told.iter_rows():
        if metric not in labels:
            continue
        named = [*classes[:NAMED], *([f"{numbers.count(len(classes) - NAMED)} more"] if len(classes) > NAMED else [])]
        of = f" for {sentences.listed(named)}" if named else ""
        by = "" if len(versions) == len(report.versions) else f" of {sentences.listed(versions)}"
        why = (reason or "the sums it needs are empty").removeprefix("not defined: ")
        yield labels[metric], f"Not defined{of}{by}: {why}."
