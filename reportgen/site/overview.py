"""The Overview: the answer, what supports it, samples to look at, what was counted, and figures for engineers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.gate_words import NO_GATES
from reportgen.model import ALL, Figures, Finding, Link, Pointer, Unpaired, Verdict
from reportgen.numbers import Unit
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, effect
from reportgen.site.counting import DataSummary, summarise_data
from reportgen.site.data.cards import card_link, no_card_text
from reportgen.site.data.page import data_cells
from reportgen.site.data.strip import StripCell
from reportgen.site.declared import DeclaredView, plan_declared
from reportgen.site.diverged import DivergingView, plan_diverging
from reportgen.site.flipped import FlipsView, plan_flips
from reportgen.site.history import HistoryView, plan_history
from reportgen.site.looks import Look, choose_looks
from reportgen.site.media import Thumbnails
from reportgen.site.object_errors import ErrorsView, plan_errors_by_type
from reportgen.site.object_pairs import plan_object_chart, plan_overlap_chart
from reportgen.site.overview_words import say
from reportgen.site.pairs import unpaired_of, why_not_compared
from reportgen.site.pixel_ious import IousView, plan_own_ious
from reportgen.site.scorecard import Scorecard, plan_scorecard
from reportgen.site.slice_rows import changes_of, find_family
from reportgen.site.tiles import TileView, tile_view
from reportgen.site.trainings import first_training
from reportgen.site.verdict import VerdictView, plan_verdict

FINDING_TILES = 2


@dataclass(frozen=True)
class Point:
    """One line of figures beside the answer: what it is about, its key figure, and what stands behind it."""

    label: str
    verdict: Verdict | None
    figure: str
    detail: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class AnswerView:
    """The answer's panel. ``lines`` are what comes next and what was not tested, by their word.

    Where there are gates, icon, tint and headline are the verdict's, and the gates stand in place of the points.
    """

    state: str
    tint: str  # worse | better | none
    icon: str
    headline: str
    sentence: str
    support: tuple[str, ...]
    lines: tuple[tuple[str, Pointer], ...]
    links: tuple[Link, ...]
    points: tuple[Point, ...]
    verdict: VerdictView | None
    no_gates: str  # what to say where there is no verdict


@dataclass(frozen=True)
class FindingView:
    """One finding with its chart and its pictures."""

    number: int
    finding: Finding
    severity: str  # the word of its label
    reason: str  # the few words under it: why, and whether the last report had it
    chart: Chart | None
    tiles: tuple[TileView, ...]
    no_card: str = ""  # why a finding of failures has no card of evidence


@dataclass(frozen=True)
class OverviewView:
    """What stands on the Overview; parts without content are none or empty."""

    question: str
    facts: tuple[str, ...]
    answer: AnswerView
    findings: tuple[FindingView, ...]
    declared: DeclaredView | None
    pair: tuple[str, str] | None
    diverging: DivergingView | None
    looks: tuple[Look, ...]
    looks_heading: str
    examples_link: Link
    data: DataSummary
    checks: tuple[StripCell, ...]  # what was looked at of the data
    errors: ErrorsView | None  # by type; none where samples do not consist of objects
    objects: tuple[Chart, ...]  # of one version of objects: AP by size and class, and overlaps
    ious: IousView | None  # of one version of pixels
    scorecard: Scorecard
    flips: FlipsView | None
    history: HistoryView | None
    built_parts: str  # what is of the built pair whatever two versions are chosen: "The answer and the findings are"
    following_parts: str  # what is of the two that are chosen
    first_training: str  # whose samples the findings count, where a version has several trainings
    level: str  # of the intervals: "95%"
    level_words: str
    q_words: str

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart of the page."""
        found = [one.chart for one in self.findings]
        found += [self.diverging.chart] if self.diverging else []
        found += [self.flips.chart, self.flips.shares] if self.flips else []
        found += [one.chart for one in self.history.trends] if self.history else []
        found += [self.errors.counts, self.errors.gains, *self.objects] if self.errors else []
        found += [self.ious.chart] if self.ious else []
        return tuple(chart for chart in found if chart is not None)


def plan_overview(report: Report, thumbnails: Thumbnails) -> OverviewView:
    """The page's view, of the built pair; ``overview_pairs`` has what its script tells of others."""
    findings = tuple(_finding(report, thumbnails, i, one) for i, one in enumerate(report.findings, 1))
    used = {row for one in report.findings for row in one.rows[:FINDING_TILES]}
    looks = choose_looks(report, thumbnails, used)
    answer, declared, history = _answer(report), plan_declared(report), plan_history(report)
    diverging, flips = plan_diverging(report), plan_flips(report)
    built = (
        ("the answer", True),
        ("the gates", answer.verdict is not None),
        ("the findings", bool(findings)),
        ("what people believe", declared is not None),
        ("what came since the last report", history is not None),
        (f"the {sentences.noun(report.outcomes)} worth a look", bool(looks)),
    )
    following = (
        ("the figures beside the answer", bool(answer.points)),
        ("where it got worse and better", diverging is not None),
        ("the scorecard", True),
        ("what flipped", flips is not None),
    )
    return OverviewView(
        question=words.pair_title(report),
        facts=_facts(report),
        answer=answer,
        findings=findings,
        declared=declared,
        pair=None if report.baseline is None else (report.baseline, report.candidate),
        diverging=diverging,
        looks=looks,
        looks_heading=f"{words.number_word(len(looks))} {sentences.noun(report.outcomes, len(looks))} worth a look",
        examples_link=Link("examples", "All examples"),
        data=summarise_data(report),
        checks=data_cells(report),
        errors=plan_errors_by_type(report),
        ious=plan_own_ious(report),
        objects=tuple(one for one in (plan_object_chart(report), plan_overlap_chart(report)) if one is not None),
        scorecard=plan_scorecard(report),
        flips=flips,
        history=history,
        built_parts=words.capital(_named(built)),
        following_parts=f"{_named(following)} about these two",
        first_training=first_training(report),
        level=numbers.level(report.limits.level),
        level_words=words.level(report.limits.level),
        q_words=words.Q,
    )


def _named(parts: tuple[tuple[str, bool], ...]) -> str:
    """The parts that there are, as the beginning of a sentence: "the answer and the findings are"."""
    found = [name for name, is_there in parts if is_there]
    return f"{sentences.listed(found)} {'is' if len(found) == 1 else 'are'}"


def _facts(report: Report) -> tuple[str, ...]:
    """The line under the title."""
    n_classes = len(report.outcomes.classes)
    task = f"{words.capital(report.task)}, {n_classes} classes" if n_classes else words.capital(report.task)
    names = [_with_role(report, version.name) for version in report.versions]
    groups = "" if report.counts.n_groups is None else f" in {numbers.count(report.counts.n_groups)} groups"
    n = report.counts.n_samples - report.counts.n_excluded
    versions = "1 version" if len(names) == 1 else f"{len(names)} versions"
    return (
        report.title,
        task,
        sentences.counted(report.outcomes, n) + groups,
        f"{versions}: {words.versions_text(names)}",
        words.date(report.created),
    )


def _with_role(report: Report, name: str) -> str:
    if report.baseline is None:
        return name
    return name + {report.baseline: " (baseline)", report.candidate: " (candidate)"}.get(name, "")


# --- the answer --------------------------------------------------------------------------------------------------

_TINTS = {"better": "better", "worse": "worse", "worse_somewhere": "worse"}
_ICONS = {
    "better": "better",
    "worse": "worse",
    "worse_somewhere": "mixed",
    "unclear": "unclear",
    "incomparable": "unclear",
    "single": "single",
}


def _answer(report: Report) -> AnswerView:
    answer = report.answer
    lines = (("Next", answer.next), ("Not tested", answer.not_tested))
    verdict = plan_verdict(report)
    return AnswerView(
        state=answer.state,
        tint=_TINTS.get(answer.state, "none") if verdict is None else verdict.tint,
        icon=_ICONS[answer.state] if verdict is None else verdict.release.state,
        headline=answer.headline if verdict is None else verdict.release.headline,
        sentence=answer.sentence,
        support=answer.support,
        lines=tuple((word, pointer) for word, pointer in lines if pointer is not None),
        links=answer.links,
        points=() if verdict else _single_points(report) if report.baseline is None else _points(report),
        verdict=verdict,
        no_gates="" if verdict else NO_GATES,
    )


def _points(report: Report) -> tuple[Point, ...]:
    """The whole, the slices and the flips of the built pair; the levels alone where nothing could be compared."""
    metric = report.primary
    if why_not_compared(report, report.candidate):
        apart = unpaired_of(report, report.candidate)
        levels = tuple(_level_point(report, name) for name in (report.candidate, report.baseline) if name)
        return levels if apart is None else (_unpaired_point(report, apart), *levels)
    changes: Mapping[str, Figures] = changes_of(report, report.candidate)
    whole = changes[ALL]
    places = whole["decimals"]
    unit = f" {words.measure(metric)}" if words.measure(metric) else ""
    points = [
        Point(
            label=say("point_whole", metric=metric.label, nouns=sentences.noun(report.outcomes)),
            verdict=whole["verdict"],
            figure=numbers.difference(whole["delta"], metric.unit, places) + unit,
            detail=say(
                "sized",
                level=numbers.level(report.limits.level),
                ends=numbers.difference_interval(whole["low"], whole["high"], metric.unit, places),
                n=numbers.count(whole["n"]),
            ),
        )
    ]
    family = find_family(report, report.candidate)
    if family is not None and family.n_tested:
        points.append(_tally(report, changes))
    flips = flips_of(report)
    if flips is not None and flips["n"]:
        points.append(_flip_point(report, flips))
    return tuple(points)


def _tally(report: Report, changes: Mapping[str, Figures]) -> Point:
    counts = Counter(row["verdict"] for id_, row in changes.items() if id_ != ALL)
    better, worse, unclear = (counts[verdict] for verdict in ("better", "worse", "unclear"))
    return Point(
        label=say("point_slices", nouns=sentences.noun(report.outcomes)),
        verdict="worse" if worse else "better" if better else "unclear",
        figure=say("tally", worse=numbers.count(worse), better=numbers.count(better)),
        detail=say("tally_of", n=numbers.count(better + worse + unclear), unclear=numbers.count(unclear)),
        links=(Link("slices", say("all_slices"), (("n", "0"),)),),
    )


def flips_of(report: Report) -> Figures | None:
    """The flips of the built pair over all samples."""
    rows = report.flips.filter((pl.col("slice") == ALL) & (pl.col("candidate") == report.candidate))
    return rows.row(0, named=True) if rows.height else None


def _flip_point(report: Report, flips: Figures) -> Point:
    labels = {one.name: one for one in report.example_sets}
    links = tuple(
        Link(
            "examples",
            say("counted", n=numbers.count(flips[name]), called=sentences.lowered(labels[name].label)),
            (("set", name),),
            flips[name],
        )
        for name in ("newly_broken", "newly_fixed")
        if flips[name] and name in labels
    )
    changed = flips["newly_broken"] + flips["newly_fixed"]
    return Point(
        label=say("point_flips", things=words.capital(sentences.noun(report.outcomes))),
        verdict=None,
        figure=say("part_of", n=numbers.count(changed), all=numbers.count(flips["n"])),
        detail=numbers.rate(changed / flips["n"]),
        links=links,
    )


def _single_points(report: Report) -> tuple[Point, ...]:
    """The level of the one version, and how many slices are weaker than the rest."""
    points = [_level_point(report, report.candidate)]
    weak = report.weaknesses.filter(pl.col("q").is_not_null())
    if weak.height:
        n = weak.filter(pl.col("verdict") == "worse").height
        points.append(
            Point(
                label="Slices weaker than the rest",
                verdict="worse" if n else "unclear",
                figure=numbers.count(n),
                detail=f"of {numbers.count(weak.height)} tested, beyond chance",
                links=(Link("slices", "All slices", (("n", "0"),)),),
            )
        )
    return tuple(points)


def _unpaired_point(report: Report, one: Unpaired) -> Point:
    metric = report.primary
    places = numbers.difference_decimals(one.value_baseline, one.value_candidate, one.delta, metric.unit)
    unit = f" {words.measure(metric)}" if words.measure(metric) else ""
    return Point(
        label=say("point_apart", metric=metric.label, nouns=sentences.noun(report.outcomes)),
        verdict=None,
        figure=numbers.difference(one.delta, metric.unit, places) + unit,
        detail=say(
            "sized_apart",
            level=numbers.level(report.limits.level),
            ends=numbers.difference_interval(one.low, one.high, metric.unit, places),
            n_baseline=numbers.count(one.n_baseline),
            n_candidate=numbers.count(one.n_candidate),
        ),
    )


def _level_point(report: Report, version: str) -> Point:
    """A version's level over the samples that it scored, which are all of them where it is the one version."""
    metric = report.primary
    noun = sentences.noun(report.outcomes)
    row = report.estimates.filter(
        (pl.col("slice") == ALL)
        & (pl.col("metric") == metric.name)
        & (pl.col("version") == version)
        & pl.col("class").is_null()
    ).row(0, named=True)
    return Point(
        label=say(
            "point_whole" if report.baseline is None else "point_own", metric=metric.label, nouns=noun, version=version
        ),
        verdict=None,
        figure=numbers.value(row["value"], metric.unit),
        detail=say("no_level")
        if row["value"] is None
        else say(
            "sized",
            level=numbers.level(report.limits.level),
            ends=numbers.interval(row["low"], row["high"], metric.unit),
            n=numbers.count(row["n"]),
        ),
    )


# --- findings ----------------------------------------------------------------------------------------------------


def _finding(report: Report, thumbnails: Thumbnails, number: int, finding: Finding) -> FindingView:
    card = card_link(report, number)
    finding = finding if card is None else replace(finding, links=(*finding.links, card))
    return FindingView(
        number=number,
        finding=finding,
        severity=words.SEVERITIES[finding.severity],
        reason=" · ".join(part for part in (finding.reason, _since(finding)) if part),
        chart=_effect_chart(report, number, finding),
        tiles=tuple(tile_view(report, thumbnails, row) for row in finding.rows[:FINDING_TILES]),
        no_card=no_card_text(report, number),
    )


def _since(finding: Finding) -> str:
    """Whether the finding is new, or since when past reports have it: "standing since 12 Nov"."""
    if finding.since is None:
        return ""
    return "new" if finding.first_seen is None else f"standing since {words.day(finding.first_seen)}"


def _effect_chart(report: Report, number: int, finding: Finding) -> Chart | None:
    found = finding.effect
    if found is None or found.kind == "none" or not found.rows:
        return None
    unit: Unit = next((metric.unit for metric in report.metrics if metric.name == found.metric), "rate")
    return effect(
        f"finding-{number}",
        f"{finding.headline}: {found.figure} {found.unit}",
        found.rows,
        kind=found.kind,
        unit=unit,
        axis=found.axis,
        versions=(report.baseline or "", report.candidate),
        level=report.limits.level,
    )
