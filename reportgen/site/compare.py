"""The Compare page: what did the change fix, what did it break, and where?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import JudgedWords, fill, words_of
from reportgen.model import ALL, Change, Link, Verdict
from reportgen.report import Report
from reportgen.site.charts import Chart
from reportgen.site.class_measures import LabelMeasures, MetricRow, compares_labels, measures_of_classes, plan_labels
from reportgen.site.compare_cells import CellView, cells_sentence, plan_cells
from reportgen.site.compare_charts import (
    MOST_CLASSES,
    class_sentence,
    error_sentence,
    plan_classes,
    plan_confusion,
    plan_errors,
)
from reportgen.site.compare_versions import VersionsView, plan_versions
from reportgen.site.contributions import ContributionsView, made_of, plan_contributions
from reportgen.site.flip_groups import FlipGroup, FlipGroups, group_flips
from reportgen.site.label_errors import ErrorChanges, plan_error_changes
from reportgen.site.media import Thumbnails
from reportgen.site.object_pairs import ObjectsView, object_pairs, plan_objects
from reportgen.site.packing import Chunk, pack_json
from reportgen.site.pair_words import TEMPLATES, say
from reportgen.site.pairs import (
    change_texts,
    flips_of,
    overall_changes,
    set_link,
    spoken,
    unpaired_of,
    why_not_compared,
)
from reportgen.site.pixel_confusion import PixelsView, has_pixels, plan_pixels
from reportgen.site.pixel_ious import IousView, iou_pairs, plan_ious
from reportgen.site.splits import plan_splits
from reportgen.site.tiles import TileView, tile_view
from reportgen.site.traces import TraceView, plan_trace
from reportgen.site.trained import TrainedView, plan_trained
from reportgen.site.trainings import first_training, luck_text, plan_trainings
from reportgen.site.version_trends import Trends, plan_trends
from reportgen.site.words import capital

CLEAR_P = 0.05


@dataclass(frozen=True)
class OutcomeCell:
    """One kind of outcome: how many samples, their share, and the link to them, where there are any."""

    name: str  # newly_broken | newly_fixed | both_right | both_wrong
    count: str
    share: str  # "0.9% newly broken"
    verdict: Verdict
    link: Link | None


@dataclass(frozen=True)
class Outcomes:
    """What became of the samples: the four cells, and the margins "43,967" and "44,642 · 92.6%" around them."""

    cells: tuple[OutcomeCell, ...]  # both right, newly broken, newly fixed, both wrong
    rows: tuple[str, str] | None  # baseline right, wrong; null where nothing is right or wrong
    columns: tuple[str, str] | None
    chance: str  # could this be chance?


@dataclass(frozen=True)
class PairView:
    """Everything that the page says of one version held against the baseline."""

    version: str
    title: str
    prose: str
    key: str
    paired: bool  # whether the two share enough samples to compare: else there are no outcomes to show
    apart: str  # the unpaired difference, where the versions scored different samples; else empty
    split: str  # what of it goes with the samples
    made_of: Mapping[str, str]  # by attribute, what the overall change is made of; empty where it can't be told
    luck: str  # whether the change is larger than between two trainings of one version
    trust: str  # how much of what the baseline had right still is
    outcomes: Outcomes
    metrics: tuple[MetricRow, ...]
    changes: tuple[Change, ...]
    pixels: bool  # whether the page has its confusion of pixels
    class_key: str  # what to see in the chart of classes, or of errors by target
    confusion_key: str
    cells: tuple[CellView, ...]  # the largest change for the worse first
    each_label: LabelMeasures | None  # of sets of labels
    label_errors: ErrorChanges | None  # likewise
    groups: tuple[FlipGroups, ...]  # newly broken, newly fixed


@dataclass(frozen=True)
class GalleryView:
    """One kind of flip with the tiles of each of its groups, and what the group and the rest are called."""

    title: str
    mark: Verdict
    flips: FlipGroups
    groups: tuple[tuple[FlipGroup, tuple[TileView, ...]], ...]


@dataclass(frozen=True)
class CompareView:
    """The built pair, and all versions against the baseline where there is more than one."""

    baseline: str
    compared: bool  # whether any version can be compared with the baseline
    apart: bool  # whether any version scored other samples than the baseline
    pair: PairView
    each_label: bool  # whether any pair has measures of single labels
    label_errors: bool  # whether any pair has labels that go wrong together
    classes: Chart | None
    confusion: Chart | None
    pixels: tuple[tuple[PixelsView, tuple[MetricRow, ...]], ...]  # a built pair's, with each class's metrics
    errors: Chart | None
    hidden_classes: str  # how many classes the charts leave out
    galleries: tuple[GalleryView, ...]
    noun: str
    nouns: str
    samples: str  # how many there are
    versions: VersionsView | None
    trace: TraceView | None
    trends: Trends
    splits: tuple[tuple[str, Chart], ...]  # by version of other samples, its difference in parts
    trained: tuple[TrainedView, ...]  # one a version, the candidate's first; empty without training tables
    made_of: ContributionsView | None
    first_training: str  # whose samples the counts and the galleries show, where a version has several trainings
    trainings: Chart | None
    metric: str
    unit: str
    level: str  # of the intervals: "95%"
    said: JudgedWords
    objects: ObjectsView | None  # none where samples do not consist of objects
    ious: IousView | None  # none where pixels are not judged


def plan_compare(report: Report, thumbnails: Thumbnails) -> CompareView | None:
    """The page's view; none where there is one version alone."""
    if report.baseline is None:
        return None
    pair = plan_pair(report, report.candidate)
    compared = not all(why_not_compared(report, name) for _, name in report.pairs)
    return CompareView(
        baseline=report.baseline,
        compared=compared,
        apart=bool(report.unpaired),
        pair=pair,
        each_label=compares_labels(report),
        label_errors=compared and not report.label_error_changes.is_empty(),
        classes=plan_classes(report) if compared else None,
        confusion=plan_confusion(report, pair.confusion_key) if compared else None,
        pixels=tuple((one, measures_of_classes(report, one.version)) for one in plan_pixels(report))
        if compared
        else (),
        errors=plan_errors(report, pair.class_key) if compared else None,
        hidden_classes=_hidden_classes(report),
        galleries=tuple(_gallery(report, thumbnails, one) for one in pair.groups if one.n),
        noun=sentences.noun(report.outcomes, 1),
        nouns=sentences.noun(report.outcomes),
        samples=numbers.count(report.counts.n_samples),
        versions=plan_versions(report),
        trace=plan_trace(report),
        trends=plan_trends(report),
        splits=plan_splits(report),
        trained=plan_trained(report),
        made_of=plan_contributions(report) if compared else None,
        first_training=first_training(report),
        trainings=plan_trainings(report),
        metric=report.primary.label,
        unit=", points" if report.primary.unit == "rate" else "",
        level=numbers.level(report.limits.level),
        said=words_of(report.outcomes),
        objects=plan_objects(report) if compared else None,
        ious=plan_ious(report) if compared else None,
    )


def compare_chunk(report: Report) -> Chunk:
    """What the page says of each version by its name, and where the version stands among all, for the picker."""
    pairs = {name: asdict(plan_pair(report, name)) for _, name in report.pairs}
    return pack_json(
        {
            "pairs": pairs,
            "level": numbers.level(report.limits.level),
            "attributes": {one.name: i for i, one in enumerate(report.attributes)},
            "words": {**TEMPLATES, **words_of(report.outcomes).texts},
            "notes": {version.name: version.note for version in report.versions if version.note},
            "positions": {name: i for i, name in enumerate(report.outcomes.versions)},
            "objects": object_pairs(report) or iou_pairs(report),
        }
    )


def _gallery(report: Report, thumbnails: Thumbnails, flips: FlipGroups) -> GalleryView:
    broken = flips.flip == "newly_broken"
    said = words_of(report.outcomes)
    groups = tuple(
        (one, tuple(tile_view(report, thumbnails, row, set_name=flips.flip) for row in one.rows))
        for one in flips.groups
    )
    name = capital(said.newly_broken if broken else said.newly_fixed)
    return GalleryView(name, "worse" if broken else "better", flips, groups)


def _hidden_classes(report: Report) -> str:
    n = len(report.outcomes.classes)
    if n <= MOST_CLASSES:
        return ""
    return f"Of {numbers.count(n)} classes, those with most change are drawn; every class is a slice by target."


def plan_pair(report: Report, version: str) -> PairView:
    """What the page says of a version against the baseline."""
    flips = flips_of(report, version)
    cells = plan_cells(report, version)
    why, apart = why_not_compared(report, version), unpaired_of(report, version)
    level = report.limits.level
    return PairView(
        version=version,
        title=say("title", baseline=str(report.baseline), candidate=version),
        prose=_prose(report, flips["n"]),
        key=why or _key(report, flips),
        paired=not why,
        apart="" if apart is None else sentences.unpaired_text(report.outcomes, report.primary, apart, level),
        split="" if apart is None else sentences.split_text(report.outcomes, report.primary, apart, level),
        made_of=made_of(report, version),
        luck=luck_text(report, version),
        trust=_trust(report, version),
        outcomes=_outcomes(report, version, flips),
        metrics=_metrics(report, version),
        pixels=not why and has_pixels(report, version),
        changes=next(v.changes for v in report.versions if v.name == version),
        class_key=class_sentence(report, version) if report.outcomes.classes else error_sentence(report, version),
        confusion_key=cells_sentence(cells),
        cells=cells,
        each_label=None if why else plan_labels(report, version),
        label_errors=None if why else plan_error_changes(report, version),
        groups=(group_flips(report, version, "newly_broken"), group_flips(report, version, "newly_fixed")),
    )


def _prose(report: Report, n: int) -> str:
    if not n:
        return ""
    left = report.counts.n_samples - n
    said = say("same", counted=sentences.counted(report.outcomes, n))
    return f"{said} {say('left', n=numbers.count(left))}" if left else said


def _key(report: Report, flips: dict[str, int]) -> str:
    """What share changed outcome, and which way."""
    broken, fixed, n = flips["newly_broken"], flips["newly_fixed"], flips["n"]
    if not broken + fixed:
        return say("unchanged", noun=sentences.noun(report.outcomes, 1))
    return fill(
        words_of(report.outcomes).changed,
        share=numbers.rate((broken + fixed) / n),
        nouns=sentences.noun(report.outcomes),
        fixed=numbers.count(fixed),
        broken=numbers.count(broken),
    )


_NAMES = ("both_right", "newly_broken", "newly_fixed", "both_wrong")
_VERDICTS: dict[str, Verdict] = {"newly_broken": "worse", "newly_fixed": "better"}


def _outcomes(report: Report, version: str, flips: dict[str, int]) -> Outcomes:
    n = flips["n"]
    called = _outcome_words(report)
    cells = tuple(
        OutcomeCell(
            name,
            numbers.count(flips[name]),
            say("outcome", share=numbers.rate(flips[name] / n) if n else numbers.MISSING, called=called[name]),
            _VERDICTS.get(name, "unclear"),
            set_link(report, version, name, flips[name]) if flips[name] else None,
        )
        for name in _NAMES
    )
    chance = _chance(report, version, flips)
    if not report.outcomes.classes:
        return Outcomes(cells, None, None, chance)
    right, wrong = flips["both_right"] + flips["newly_broken"], flips["newly_fixed"] + flips["both_wrong"]
    now = (flips["both_right"] + flips["newly_fixed"], flips["newly_broken"] + flips["both_wrong"])
    return Outcomes(
        cells,
        (numbers.count(right), numbers.count(wrong)),
        _margin_texts(report, version, *now),
        chance,
    )


def _outcome_words(report: Report) -> dict[str, str]:
    texts = words_of(report.outcomes).texts
    return {name: texts[name] for name in _NAMES}


def _margin_texts(report: Report, version: str, right: int, wrong: int) -> tuple[str, str]:
    """How many the version gets right and wrong, with their shares: its accuracy, as everywhere, and the rest."""
    if not right + wrong:
        return numbers.count(right), numbers.count(wrong)
    accuracy = report.comparisons.filter(
        (pl.col("slice") == ALL) & (pl.col("metric") == "accuracy") & (pl.col("candidate") == version)
    )
    decimals = accuracy["decimals"][0] if accuracy.height else None
    shares = numbers.two_shares(right, wrong, 1 if decimals is None else decimals)
    return f"{numbers.count(right)} · {shares[0]}", f"{numbers.count(wrong)} · {shares[1]}"


def _chance(report: Report, version: str, flips: dict[str, int]) -> str:
    """Could the overall change be chance, in words, with the test's name and p."""
    overall = overall_changes(report).get(version)
    if overall is None or overall["p"] is None:
        return ""
    chance = float(str(overall["p"]))
    name = "chance_clear" if chance < CLEAR_P else "chance_unclear"
    return say(
        name if "mcnemar" in str(overall["method"]) else f"{name}_t",
        changed=numbers.count(flips["newly_broken"] + flips["newly_fixed"]),
        p=say("p", p=spoken(numbers.q_value(chance))),
        metric=report.primary.label,
        size=sentences.change_text(report.primary, overall, report.limits.level),
    )


def _trust(report: Report, version: str) -> str:
    """Backward trust with its plain meaning, interval and n."""
    found = report.estimates.filter(
        (pl.col("metric") == "backward_trust") & (pl.col("version") == version) & (pl.col("slice") == ALL)
    )
    if not found.height or found["value"][0] is None:
        return ""
    row = found.row(0, named=True)
    return say(
        "trust",
        counted=sentences.counted(report.outcomes, row["n"]),
        baseline=str(report.baseline),
        candidate=version,
        right=words_of(report.outcomes).right,
        share=numbers.rate(row["value"]),
        level=numbers.level(report.limits.level),
        ends=numbers.interval(row["low"], row["high"], "rate"),
    )


def _metrics(report: Report, version: str) -> tuple[MetricRow, ...]:
    """Every metric that is compared over all samples, in the report's order; those of a class stand in the charts."""
    frame = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & pl.lit(not why_not_compared(report, version))
        & (pl.col("class").is_null() | (pl.col("class") == (report.outcomes.positive or "")))
    )
    found = {row["metric"]: row for row in frame.iter_rows(named=True)}
    rows = []
    for metric in report.metrics:
        row = found.get(metric.name)
        if row is None or row["delta"] is None:
            continue
        levels, change, interval = change_texts(row, metric.unit)
        label = say("of_class", label=metric.label, name=row["class"]) if row["class"] else metric.label
        rows.append(MetricRow(label, metric.plain, levels, change, interval, numbers.count(row["n"]), row["verdict"]))
    return tuple(rows)
