"""The Explore page before any script: all samples, as every filter sees them, and what the versions make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import JudgedWords, words_of
from reportgen.model import ALL, Figures, Link
from reportgen.report import Report
from reportgen.site import row_plots, words
from reportgen.site.charts import Chart
from reportgen.site.explore_pixels import PixelRow, plan_pixel_rows
from reportgen.site.facets import (
    FLIPS,
    ConfidenceFacet,
    Facet,
    flip_words,
    is_judged,
    plan_confidence_facet,
    plan_facets,
)
from reportgen.site.media import Thumbnails
from reportgen.site.object_curves import plan_object_curves
from reportgen.site.pairs import change_texts, decimals_of_change, flips_of, overall_changes, why_not_compared
from reportgen.site.row_plots import CountPlot, Interval, LevelPlot, Scale
from reportgen.site.scorecard import kind_of
from reportgen.site.tiles import TileView, tile_view
from reportgen.site.trainings import first_training

SHOWN = 16
"""Tiles that stand in the page: four rows."""
ROWS = 8
"""Labels, or mistakes, that the right column shows at once."""
VERSIONS = 6
"""With more versions the table opens with baseline and candidate alone."""


@dataclass(frozen=True)
class VersionRow:
    """One version over all samples; ``plot`` is none where it has no value, and ``why`` says so."""

    at: int  # its place in the manifest
    name: str
    kind: str  # baseline | other | candidate
    value: str
    interval: str
    n: str
    plot: LevelPlot | None
    why: str


@dataclass(frozen=True)
class CountRow:
    """How many samples get a label, or how often one is taken for another: before (none: one version), and now."""

    name: str
    said: str  # what it is taken for; empty where the row is of a label
    before: str
    after: str
    plot: CountPlot
    link: Link


@dataclass(frozen=True)
class FlipRow:
    """One kind of flip: its words, its count and the samples."""

    name: str
    word: str
    sign: str  # worse | better, or none
    link: Link


@dataclass(frozen=True)
class ResultView:
    """The change over all samples, as the callout says it."""

    verdict: str
    headline: str
    text: str


@dataclass(frozen=True)
class ExploreView:
    """What stands on the page. ``level`` is that of the intervals: "95%"."""

    noun: str
    nouns: str
    n: str
    metric: str
    plain: str
    level: str
    baseline: str | None
    candidate: str
    judged: bool
    words: JudgedWords
    labelled: bool  # classes, not values
    cutoffs: Chart | None  # the primary metric by the score from which detections count, which can be moved
    facets: tuple[Facet, ...]
    confidence: ConfidenceFacet | None
    no_confidence: str  # why there is none
    no_attributes: str
    scale: Scale
    leading: tuple[VersionRow, ...]
    others: tuple[VersionRow, ...]  # versions that open below, where there are many
    result: ResultView | None
    said: tuple[CountRow, ...]
    mistakes: tuple[CountRow, ...]
    pixels: tuple[PixelRow, ...] | None  # what they are taken for; none where samples are not judged by pixels
    flips: tuple[FlipRow, ...]
    set_label: str
    set_rule: str
    set_total: str
    tiles: tuple[TileView, ...]
    wide: bool
    first_training: str
    decimals: Mapping[str, int]  # of figures over all samples that are compared, by metric and class: "recall 3"

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart of the page."""
        own = (self.confidence.chart,) if self.confidence else ()
        own = own if self.cutoffs is None else (*own, self.cutoffs)
        return (*own, *(facet.chart for facet in self.facets if facet.chart is not None))


def plan_explore(report: Report, thumbnails: Thumbnails) -> ExploreView:
    """The page's view: every figure is the report's own, over all samples."""
    facets = plan_facets(report)
    scale, rows = _versions(report)
    many = len(rows) > VERSIONS
    first = report.example_sets[0] if report.example_sets else None
    confidence = plan_confidence_facet(report)
    return ExploreView(
        noun=sentences.noun(report.outcomes, 1),
        nouns=sentences.noun(report.outcomes),
        n=numbers.count(report.outcomes.frame.height),
        metric=report.primary.label,
        plain=report.primary.plain,
        level=numbers.level(report.limits.level),
        baseline=report.baseline,
        candidate=report.candidate,
        judged=is_judged(report),
        words=words_of(report.outcomes),
        labelled=bool(report.outcomes.classes),
        cutoffs=plan_object_curves(report),
        facets=facets,
        confidence=confidence,
        no_confidence="" if confidence or not report.outcomes.classes else _no_confidence(report),
        no_attributes="" if any(facet.key.startswith("a.") for facet in facets) else _no_attributes(report),
        scale=scale,
        leading=tuple(row for row in rows if not many or row.kind != "other"),
        others=tuple(row for row in rows if many and row.kind == "other"),
        result=_result(report),
        said=tuple(_said(report)),
        mistakes=tuple(_mistakes(report)),
        pixels=plan_pixel_rows(report),
        flips=tuple(_flips(report)),
        set_label=first.label if first else "",
        set_rule=first.rule if first else "",
        set_total=numbers.count(first.n_total) if first else "",
        tiles=_tiles(report, thumbnails, first.name) if first else (),
        wide=report.outcomes.media.kind != "image" or report.outcomes.parts is not None,
        first_training=first_training(report),
        decimals=_decimals(report),
    )


def _decimals(report: Report) -> dict[str, int]:
    """With how many decimals each figure over all samples is printed on every page."""
    compared = report.comparisons.filter((pl.col("slice") == ALL) & pl.col("decimals").is_not_null())
    parts = report.outcomes.parts
    codes = {name: k for k, name in enumerate(report.outcomes.classes if parts is None else parts.classes)}
    return {
        row["metric"] if row["class"] is None else f"{row['metric']} {codes.get(row['class'], -1)}": row["decimals"]
        for row in compared.sort("metric", "class").iter_rows(named=True)
    }


def _no_confidence(report: Report) -> str:
    return (
        f"{report.candidate} has no confidences, so there is none to choose by. Add a probability for each class to "
        "its predictions and build again."
    )


def _no_attributes(report: Report) -> str:
    return (
        f"The {sentences.noun(report.outcomes)} have no attributes to choose by. Name some in the manifest and build "
        "again."
    )


def _versions(report: Report) -> tuple[Scale, list[VersionRow]]:
    """The primary metric of every version over all samples, on one axis."""
    metric = report.primary
    frame = report.estimates.filter(
        (pl.col("slice") == ALL) & (pl.col("metric") == metric.name) & pl.col("class").is_null()
    )
    found = {row["version"]: row for row in frame.iter_rows(named=True)}
    ends = [row[name] for row in found.values() for name in ("low", "value", "high")]
    scale = row_plots.level_scale(ends, metric.unit)
    places = [] if report.baseline is None else [decimals_of_change(report, name) for name in report.outcomes.versions]
    decimals = max((p for p in places if p is not None), default=None)
    return scale, [
        _version(report, v, found.get(name), scale, decimals) for v, name in enumerate(report.outcomes.versions)
    ]


def _version(report: Report, at: int, row: Figures | None, scale: Scale, decimals: int | None) -> VersionRow:
    name, unit = report.outcomes.versions[at], report.primary.unit
    known = row is not None and row["value"] is not None
    return VersionRow(
        at=at,
        name=name,
        kind=kind_of(report, name),
        value=numbers.value(row["value"], unit, decimals) if row and known else numbers.MISSING,
        interval=numbers.interval(row["low"], row["high"], unit, decimals) if row and known else "",
        n=numbers.count(row["n"]) if row else "0",
        plot=row_plots.level_plot(scale, None, Interval(row["value"], row["low"], row["high"]))
        if row and known
        else None,
        why="" if known or row is None else row["reason"] or "",
    )


def _result(report: Report) -> ResultView | None:
    """The candidate's change over all samples; none without a baseline, or where the pair is not compared."""
    row = None if report.baseline is None else overall_changes(report).get(report.candidate)
    if row is None or why_not_compared(report, report.candidate):
        return None
    verdict, n = str(row["verdict"]), int(str(row["n"]))
    levels, delta, interval = change_texts(row, report.primary.unit)
    unit = f" {words.measure(report.primary)}" if words.measure(report.primary) else ""
    said = {
        "worse": f"{report.candidate} is worse than {report.baseline}",
        "better": f"{report.candidate} is better than {report.baseline}",
        "unclear": f"No clear change from {report.baseline} to {report.candidate}",
        "too_few": f"Too few {sentences.noun(report.outcomes)} to tell",
    }[verdict]
    level = numbers.level(report.limits.level)
    text = f"{levels}: {delta}{unit}, {level} {interval} · n = {numbers.count(n)}"
    return ResultView(verdict, said, text)


def _counts(report: Report, keys: Sequence[str], version: str) -> dict[tuple[str, ...], int]:
    """The cells of a version's confusion matrix over all samples, summed over what is not in the keys."""
    found: dict[tuple[str, ...], int] = {}
    cells = report.confusions.filter((pl.col("slice") == ALL) & (pl.col("version") == version))
    for row in cells.iter_rows(named=True):
        key = tuple(row[name] for name in keys)
        found[key] = found.get(key, 0) + row["n"]
    return found


def _said(report: Report) -> Iterable[CountRow]:
    """How many samples each label is given by the baseline and the candidate, the most given first."""
    outcomes = report.outcomes
    if not outcomes.classes:
        return
    after, before = (_tally(report, name) for name in (report.candidate, report.baseline))
    order = sorted(range(len(outcomes.classes)), key=lambda k: (-max(after[k], before[k]), k))[:ROWS]
    most = max([1, *after, *before])
    for k in order:
        name = outcomes.classes[k]
        yield _row(report, name, "", before[k], after[k], most, (("predicted", name),))


def _tally(report: Report, version: str | None) -> list[int]:
    """How many samples a version gives each label."""
    outcomes = report.outcomes
    if version is None:
        return [0] * len(outcomes.classes)
    v = outcomes.versions.index(version)
    given = outcomes.frame.filter(pl.col(columns.scored(v)))[columns.prediction(v)].value_counts()
    counts = dict(zip(given[given.columns[0]].to_list(), given["count"].to_list(), strict=True))
    return [int(counts.get(k, 0)) for k in range(len(outcomes.classes))]


def _mistakes(report: Report) -> Iterable[CountRow]:
    """What is taken for what most often in the candidate, and how often it was in the baseline."""
    if not report.outcomes.classes:
        return
    after = _counts(report, ("target", "prediction"), report.candidate)
    before = _counts(report, ("target", "prediction"), report.baseline) if report.baseline else {}
    wrong = [cell for cell in after if cell[0] != cell[1]]
    top = sorted(wrong, key=lambda cell: (-after[cell], cell))[:ROWS]
    most = max([1, *chain.from_iterable((after[cell], before.get(cell, 0)) for cell in top)])
    for cell in top:
        state = (("label", cell[0]), ("predicted", cell[1]))
        yield _row(report, cell[0], cell[1], before.get(cell, 0), after[cell], most, state)


def _row(
    report: Report, name: str, said: str, before: int, after: int, most: int, state: tuple[tuple[str, str], ...]
) -> CountRow:
    held = before if report.baseline else None
    return CountRow(
        name=name,
        said=said,
        before="" if held is None else numbers.count(held),
        after=numbers.count(after),
        plot=row_plots.count_plot(most, held, after),
        link=Link("explore", numbers.count(after), state, after),
    )


def _flips(report: Report) -> Iterable[FlipRow]:
    """What became of the samples that both versions scored; nothing where they are not compared."""
    if report.baseline is None or why_not_compared(report, report.candidate):
        return
    counts = flips_of(report, report.candidate)
    named = dict(zip(FLIPS, flip_words(report), strict=True))
    for name in ("newly_broken", "newly_fixed", "both_wrong", "both_right"):
        sign = {"newly_broken": "worse", "newly_fixed": "better"}.get(name, "")
        link = Link("explore", numbers.count(counts[name]), (("flip", name),), counts[name])
        yield FlipRow(name, named[name], sign, link)


def _tiles(report: Report, thumbnails: Thumbnails, name: str) -> tuple[TileView, ...]:
    ranked = report.examples.filter(pl.col("set") == name).sort("rank")["row"].to_list()[:SHOWN]
    return tuple(tile_view(report, thumbnails, row, set_name=name) for row in ranked)
