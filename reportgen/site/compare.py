"""The Compare page: what did the change fix, what did it break, and where?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Change, Link, Report, Verdict
from reportgen.site import row_plots
from reportgen.site.charts import Chart
from reportgen.site.compare_charts import (
    MOST_CLASSES,
    cell_key,
    class_sentence,
    error_sentence,
    order_classes,
    plan_classes,
    plan_confusion,
    plan_errors,
)
from reportgen.site.flip_groups import FlipGroup, FlipGroups, group_flips
from reportgen.site.media import Thumbnails
from reportgen.site.row_plots import ChangePlot, Interval, Scale
from reportgen.site.slice_rows import Figures, find_family
from reportgen.site.tiles import TileView, tile_view

CLEAR_P = 0.05


@dataclass(frozen=True)
class OutcomeCell:
    """One kind of outcome: how many samples, their share, and the link to them."""

    name: str  # newly_broken | newly_fixed | both_right | both_wrong
    count: str
    share: str  # "0.9% newly broken"
    verdict: Verdict
    link: Link


@dataclass(frozen=True)
class Outcomes:
    """What became of the samples: the four cells, and the margins "43,967" and "44,642 · 92.6%" around them."""

    cells: tuple[OutcomeCell, ...]  # both right, newly broken, newly fixed, both wrong
    rows: tuple[str, str] | None  # baseline right, wrong; null where nothing is right or wrong
    columns: tuple[str, str] | None
    chance: str  # could this be chance?


@dataclass(frozen=True)
class MetricRow:
    """One metric's change over all samples."""

    label: str
    plain: str
    levels: str
    change: str
    interval: str
    n: str
    verdict: Verdict


@dataclass(frozen=True)
class CellView:
    """One cell of the confusion matrix, before and after."""

    key: str
    target: str
    prediction: str
    title: str  # "pedestrian called cyclist"
    counts: str  # "335 → 397"
    change: str  # "+62 images, 95% +31…+93, q 0.003"
    share: str  # "4.5% → 5.4% of 7,412 pedestrian"
    verdict: Verdict
    link: Link


@dataclass(frozen=True)
class PairView:
    """Everything that the page says of one version held against the baseline."""

    version: str
    title: str
    prose: str
    key: str
    outcomes: Outcomes
    metrics: tuple[MetricRow, ...]
    changes: tuple[Change, ...]
    class_key: str  # what to see in the chart of classes, or of errors by target
    confusion_key: str
    cells: tuple[CellView, ...]  # the largest change for the worse first
    groups: tuple[FlipGroups, ...]  # newly broken, newly fixed


@dataclass(frozen=True)
class VersionRow:
    """One version against the baseline, in the table of all versions."""

    name: str
    note: str
    link: Link
    levels: str
    change: str
    interval: str
    n: str
    verdict: Verdict
    plot: ChangePlot
    broken: Link
    fixed: Link
    slices: str  # "5 worse, 182 better"
    chosen: bool


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
    pair: PairView
    classes: Chart | None
    confusion: Chart | None
    errors: Chart | None
    hidden_classes: str  # how many classes the charts leave out
    galleries: tuple[GalleryView, ...]
    noun: str
    nouns: str
    versions: tuple[VersionRow, ...]
    scale: Scale
    metric: str
    unit: str
    is_regression: bool


MAX_CELLS = 2_500
"""Cells of a confusion matrix that the page can explain."""


def plan_compare(report: Report, thumbnails: Thumbnails) -> CompareView | None:
    """The page's view; none where there is one version alone."""
    if report.baseline is None:
        return None
    overall = _overall(report)
    ends = [row[name] for row in overall.values() for name in ("low", "high", "delta")]
    scale = row_plots.change_scale(ends, report.primary.unit)  # type: ignore[arg-type]
    rows = tuple(_version_row(report, name, overall[name], scale) for _, name in report.pairs if name in overall)
    pair = plan_pair(report, report.candidate)
    return CompareView(
        baseline=report.baseline,
        pair=pair,
        classes=plan_classes(report),
        confusion=plan_confusion(report, pair.confusion_key),
        errors=plan_errors(report, pair.class_key),
        hidden_classes=_hidden_classes(report),
        galleries=tuple(_gallery(report, thumbnails, one) for one in pair.groups if one.n),
        noun=sentences.noun(report.outcomes, 1),
        nouns=sentences.noun(report.outcomes),
        versions=rows if len(rows) > 1 else (),
        scale=scale,
        metric=report.primary.label,
        unit=sentences.unit_word(report.primary) or report.primary.label.lower(),
        is_regression=not report.outcomes.classes,
    )


def compare_chunk(report: Report) -> dict[str, object]:
    """What the page says of each version by its name, for the picker, and the order of the matrix' classes."""
    pairs = {name: asdict(plan_pair(report, name)) for _, name in report.pairs}
    return {
        "pairs": pairs,
        "positions": {name: i for i, name in enumerate(report.outcomes.versions)},
        "classes": list(order_classes(report)),
    }


def _gallery(report: Report, thumbnails: Thumbnails, flips: FlipGroups) -> GalleryView:
    broken = flips.flip == "newly_broken"
    noun = sentences.noun(report.outcomes)
    if report.outcomes.classes:
        title = f"Newly {'broken' if broken else 'fixed'} {noun}"
    else:
        title = f"{noun.capitalize()} with a {'larger' if broken else 'smaller'} error"
    groups = tuple(
        (one, tuple(tile_view(report, thumbnails, row, set_name=flips.flip) for row in one.rows))
        for one in flips.groups
    )
    return GalleryView(title, "worse" if broken else "better", flips, groups)


def _hidden_classes(report: Report) -> str:
    n = len(report.outcomes.classes)
    if n <= MOST_CLASSES:
        return ""
    return f"Of {numbers.count(n)} classes, those with most change are drawn; every class is a slice by target."


def plan_pair(report: Report, version: str) -> PairView:
    """What the page says of a version against the baseline."""
    flips = _flips(report, version)
    cells = _cells(report, version)
    return PairView(
        version=version,
        title=f"{report.baseline} against {version}",
        prose=_prose(report, flips["n"]),
        key=_key(report, flips),
        outcomes=_outcomes(report, version, flips),
        metrics=_metrics(report, version),
        changes=next(v.changes for v in report.versions if v.name == version),
        class_key=class_sentence(report, version) if report.outcomes.classes else error_sentence(report, version),
        confusion_key=_confusion_key(cells),
        cells=cells,
        groups=(group_flips(report, version, "newly_broken"), group_flips(report, version, "newly_fixed")),
    )


def _overall(report: Report) -> dict[str, Figures]:
    frame = report.comparisons.filter(
        (pl.col("slice") == ALL) & (pl.col("metric") == report.primary.name) & (pl.col("baseline") == report.baseline)
    )
    return {row["candidate"]: row for row in frame.iter_rows(named=True)}


def _flips(report: Report, version: str) -> dict[str, int]:
    frame = report.flips.filter(
        (pl.col("slice") == ALL) & (pl.col("baseline") == report.baseline) & (pl.col("candidate") == version)
    )
    return frame.drop("slice", "baseline", "candidate").row(0, named=True)


def _prose(report: Report, n: int) -> str:
    left = report.counts.n_samples - n
    said = f"The same {sentences.counted(report.outcomes, n)}, seen by both versions."
    return f"{said} {numbers.count(left)} that not both could be judged on are left out." if left else said


def _key(report: Report, flips: dict[str, int]) -> str:
    """What share changed outcome, and which way."""
    broken, fixed, n = flips["newly_broken"], flips["newly_fixed"], flips["n"]
    if not n:
        return "No sample has a usable prediction of both versions."
    if not broken + fixed:
        return f"No {sentences.noun(report.outcomes, 1)} changed outcome."
    share = numbers.rate((broken + fixed) / n)
    if report.outcomes.classes:
        what = f"{share} of {sentences.noun(report.outcomes)} changed outcome"
    else:
        what = f"For {share} of {sentences.noun(report.outcomes)} the error moved by more than {_margin(report)}"
    return f"{what}: {numbers.count(fixed)} for the better, {numbers.count(broken)} for the worse."


def _margin(report: Report) -> str:
    return f"{report.outcomes.flip_margin or 0:g}"


_NAMES = ("both_right", "newly_broken", "newly_fixed", "both_wrong")
_VERDICTS: dict[str, Verdict] = {"newly_broken": "worse", "newly_fixed": "better"}


def _outcomes(report: Report, version: str, flips: dict[str, int]) -> Outcomes:
    n = flips["n"]
    words = _outcome_words(report)
    cells = tuple(
        OutcomeCell(
            name,
            numbers.count(flips[name]),
            f"{numbers.rate(flips[name] / n) if n else numbers.MISSING} {words[name]}",
            _VERDICTS.get(name, "unclear"),
            _set_link(report, version, name, flips[name]),
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
        (_margin_text(now[0], n), _margin_text(now[1], n)),
        chance,
    )


def _outcome_words(report: Report) -> dict[str, str]:
    if report.outcomes.classes:
        return {name: name.replace("_", " ") for name in _NAMES}
    tolerance = f"{report.outcomes.tolerance or 0:g}"
    return {
        "both_right": f"about the same, within {tolerance}",
        "newly_broken": f"error larger by more than {_margin(report)}",
        "newly_fixed": f"error smaller by more than {_margin(report)}",
        "both_wrong": f"about the same, off by more than {tolerance}",
    }


def _margin_text(k: int, n: int) -> str:
    return f"{numbers.count(k)} · {numbers.rate(k / n) if n else numbers.MISSING}"


def _set_link(report: Report, version: str, name: str, n: int) -> Link:
    state = [("set", name)]
    if version != report.candidate:
        state.append(("version", version))
    return Link("examples", "See", tuple(state), n)


def _chance(report: Report, version: str, flips: dict[str, int]) -> str:
    """Could the overall change be chance, in words, with the test's name and p."""
    overall = _overall(report).get(version)
    if overall is None or overall["p"] is None:
        return ""
    chance = float(str(overall["p"]))
    p, clear = _spoken(numbers.q_value(chance)), chance < CLEAR_P
    method = str(overall["method"])
    metric = report.primary
    size = sentences.change_text(metric, overall)
    if "mcnemar" in method:
        changed = numbers.count(flips["newly_broken"] + flips["newly_fixed"])
        even = f"If the versions were equally good, we'd expect the {changed} changes to split about evenly"
        answer = "No." if clear else "Yes."
        tail = "" if clear else ", and they nearly do"
        return f"Could this be chance? {answer} {even}{tail} (McNemar's mid-p test, p {p}). {metric.label}: {size}."
    answer = "No" if clear else "Yes"
    return f"Could this be chance? {answer}. {metric.label}: {size} (t-test of paired differences, p {p})."


def _spoken(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"


def _metrics(report: Report, version: str) -> tuple[MetricRow, ...]:
    """Every metric that is compared over all samples, in the report's order; those of a class stand in the charts."""
    frame = report.comparisons.filter(
        (pl.col("slice") == ALL)
        & (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & (pl.col("class").is_null() | (pl.col("class") == (report.outcomes.positive or "")))
    )
    found = {row["metric"]: row for row in frame.iter_rows(named=True)}
    rows = []
    for metric in report.metrics:
        row = found.get(metric.name)
        if row is None or row["delta"] is None:
            continue
        levels, change, interval = _change_texts(row, metric.unit)
        rows.append(
            MetricRow(metric.label, metric.plain, levels, change, interval, numbers.count(row["n"]), row["verdict"])
        )
    return tuple(rows)


def _change_texts(row: Figures, unit: numbers.Unit) -> tuple[str, str, str]:
    """Both ends, the difference and its interval, with the decimals in which they agree."""
    before, after, delta = (float(str(row[name])) for name in ("value_baseline", "value_candidate", "delta"))
    decimals = numbers.difference_decimals(before, after, delta, unit)
    low, high = (None if row[name] is None else float(str(row[name])) for name in ("low", "high"))
    return (
        f"{numbers.value(before, unit, decimals)} → {numbers.value(after, unit, decimals)}",
        numbers.difference(delta, unit, decimals),
        numbers.difference_interval(low, high, unit, decimals),
    )


def _cells(report: Report, version: str) -> tuple[CellView, ...]:
    """The cells that hold a sample of either version, worst change first."""
    frame = report.confusion_changes.filter(
        (pl.col("baseline") == report.baseline)
        & (pl.col("candidate") == version)
        & ((pl.col("n_baseline") > 0) | (pl.col("n_candidate") > 0))
    )
    order = {"worse": 0, "better": 1, "unclear": 2, "too_few": 3}
    rows = sorted(
        frame.iter_rows(named=True),
        key=lambda row: (order[row["verdict"]], -abs(row["delta"]), row["target"], row["prediction"]),
    )
    # Examples counts what the version scored; the comparison, what both did
    whole = _flips(report, version)["n"] == next(v.n_scored for v in report.versions if v.name == version)
    return tuple(_cell(report, version, row, whole=whole) for row in rows[:MAX_CELLS])


def _cell(report: Report, version: str, row: Figures, *, whole: bool) -> CellView:
    target, prediction = str(row["target"]), str(row["prediction"])
    before, after, delta, n = (int(str(row[c])) for c in ("n_baseline", "n_candidate", "delta", "n"))
    ends = [None if row[c] is None else float(str(row[c])) for c in ("low", "high")]
    interval = numbers.difference_interval(ends[0], ends[1], "number", 0)
    noun = sentences.noun(report.outcomes, abs(delta))
    q = "" if row["q"] is None else f", q {_spoken(numbers.q_value(float(str(row['q']))))}"
    right = target == prediction
    title = f"{target} called {target}: right" if right else f"{target} called {prediction}"
    shares = [numbers.rate(k / n) if n else numbers.MISSING for k in (before, after)]
    state = [("set", "all" if right else "wrong"), ("label", target), ("predicted", prediction)]
    if version != report.candidate:
        state.append(("version", version))
    return CellView(
        cell_key(target, prediction),
        target,
        prediction,
        title,
        f"{numbers.count(before)} → {numbers.count(after)}",
        f"{numbers.signed(delta, 0)} {noun}, 95% {interval}{q}",
        f"{shares[0]} → {shares[1]} of the {numbers.count(n)} that truly are {target}",
        row["verdict"],  # type: ignore[arg-type]
        Link("examples", f"See all {numbers.count(after)}", tuple(state), after)
        if whole
        else Link("examples", "See them", tuple(state)),
    )


def _confusion_key(cells: Sequence[CellView]) -> str:
    worse = [c for c in cells if c.verdict == "worse"]
    better = sum(c.verdict == "better" for c in cells)
    if not cells:
        return ""
    if not worse:
        return f"No cell goes the wrong way beyond chance; {better} go the right way."
    lead = "One cell goes" if len(worse) == 1 else f"{len(worse)} cells go"
    return f"{lead} the wrong way beyond chance, most of all {worse[0].title}: {worse[0].counts}."


def _version_row(report: Report, name: str, overall: Figures, scale: Scale) -> VersionRow:
    version = next(v for v in report.versions if v.name == name)
    flips = _flips(report, name)
    levels, change, interval = _change_texts(overall, report.primary.unit)
    ends = [None if overall[c] is None else float(str(overall[c])) for c in ("delta", "low", "high")]
    drawn = None if ends[0] is None else Interval(ends[0], ends[1], ends[2])
    return VersionRow(
        name=name,
        note=version.note,
        link=Link("compare", name, (("version", name),)),
        levels=levels,
        change=change,
        interval=interval,
        n=numbers.count(int(str(overall["n"]))),
        verdict=overall["verdict"],  # type: ignore[arg-type]
        plot=row_plots.change_plot(scale, drawn, overall["verdict"], "decide"),  # type: ignore[arg-type]
        broken=_counted_link(report, name, "newly_broken", flips["newly_broken"]),
        fixed=_counted_link(report, name, "newly_fixed", flips["newly_fixed"]),
        slices=_slice_counts(report, name),
        chosen=name == report.candidate,
    )


def _counted_link(report: Report, version: str, name: str, n: int) -> Link:
    link = _set_link(report, version, name, n)
    return Link(link.page, numbers.count(n), link.state, n)


def _slice_counts(report: Report, version: str) -> str:
    """How many of the tested slices got worse and better."""
    if find_family(report, version) is None:
        return ""
    frame = report.comparisons.filter(
        (pl.col("metric") == report.primary.name) & (pl.col("candidate") == version) & (pl.col("slice") != ALL)
    )
    counts = {v: int((frame["verdict"] == v).sum()) for v in ("worse", "better")}
    return f"{numbers.count(counts['worse'])} worse, {numbers.count(counts['better'])} better"
