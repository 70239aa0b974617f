"""The slices as rows: what one line of the table says, and which lines stand in the page itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from reportgen import columns, numbers
from reportgen.analysis.slices import predicted_name
from reportgen.model import ALL, Attribute, Family, Limits, Link, MetricInfo, Slice, Support, Term, Verdict
from reportgen.report import Report
from reportgen.site import row_plots, words
from reportgen.site.row_plots import ChangePlot, Interval, LevelPlot, Scale

MAX_ROWS = 200
"""Rows that stand in the page; the rest is data, and the script shows it."""

USUAL_N = 50
"""Slices with fewer samples are hidden at first, where enough have as many."""

RIGHT = {"accuracy": "right", "within_tolerance": "within tolerance", "exact_match": "right"}
"""What the numerator of a metric counts, where small counts are told in words."""

Figures = Mapping[str, object]

_CHANGE = {name: columns.COMPARISONS[name] for name in ("slice", "delta", "low", "high", "verdict", "support")}


@dataclass(frozen=True)
class SliceRow:
    """One line of the table; every figure is text already, formatted from one value."""

    id: str
    name: str
    link: Link
    level: int
    tags: tuple[str, ...]  # what sets it apart: "critical", "found", "pinned", "predicted label"
    why: str  # why the manifest calls it critical
    n: str
    n_groups: str  # "12 groups"
    confirmed: str  # of a found slice: "confirmed on 406"
    support: Support
    verdict: Verdict
    levels: str  # "83.1 → 74.8%"
    level_interval: str  # "71.7…77.6"
    change: str  # "−8.3"
    change_interval: str
    q: str
    level_plot: LevelPlot
    change_plot: ChangePlot | None


BLANK = SliceRow(
    id="", name="", link=Link("slices", ""), level=0, tags=(), why="", n="", n_groups="", confirmed="",
    support="decide", verdict="too_few", levels="", level_interval="", change="", change_interval="", q="",
    level_plot=LevelPlot("", "", "", "", ""), change_plot=ChangePlot("", "", "", "", "", "too_few"),
)  # fmt: skip
"""A line without words, for the script to copy."""


@dataclass(frozen=True)
class Scales:
    """The two axes of the table."""

    level: Scale
    change: Scale | None


def usual_n(slices: Sequence[Slice]) -> int:
    """The n that a slice needs to be shown at first: 50, or none where that would leave hardly any."""
    return USUAL_N if sum(s.n >= USUAL_N for s in slices) >= 5 else 0


def is_predicted(slice_: Slice, attributes: Sequence[Attribute]) -> bool:
    """Whether the slice goes by the predicted label: a level only, never compared."""
    name = predicted_name(attributes)
    return any(term.attribute == name for term in slice_.terms)


def is_pinned(slice_: Slice, attributes: Sequence[Attribute]) -> bool:
    """Whether the slice is a set of samples that the manifest pins: no attribute tells it."""
    names = {predicted_name(attributes), *(a.name for a in attributes)}
    return any(term.attribute not in names for term in slice_.terms)


def tags_of(slice_: Slice, attributes: Sequence[Attribute]) -> tuple[str, ...]:
    """What sets a slice apart from those that are enumerated."""
    pinned = is_pinned(slice_, attributes)
    marks = {
        "critical": slice_.critical is not None,
        "found": slice_.origin == "found",
        "pinned": pinned,
        "in the manifest": slice_.origin == "declared" and slice_.critical is None and not pinned,
        "predicted label": is_predicted(slice_, attributes),
    }
    return tuple(tag for tag, is_so in marks.items() if is_so)


def define(slice_: Slice, attributes: Sequence[Attribute]) -> str:
    """The condition in a line that a program could read: ``time_of_day = "night" and weather = "rain"``."""
    return " and ".join(_define_term(term, attributes) for term in slice_.terms) or "all samples"


def _define_term(term: Term, attributes: Sequence[Attribute]) -> str:
    attribute = next((a for a in attributes if a.name == term.attribute), None)
    if attribute is None or attribute.edges is None or term.value not in attribute.values:
        return f'{term.attribute} = "{term.value}"'
    at = attribute.values.index(term.value)
    low, high = attribute.edges[at], attribute.edges[at + 1]
    last = at == len(attribute.values) - 1
    return f"{low:.15g} ≤ {term.attribute} {'≤' if last else '<'} {high:.15g}"


def estimates_of(report: Report, version: str) -> dict[str, Figures]:
    """The primary metric's estimates of a version, by slice."""
    return _by_slice(of_primary(report, report.estimates.filter(pl.col("version") == version)))


def changes_of(report: Report, version: str) -> dict[str, Figures]:
    """What the table's change column holds, by slice: the comparison with the baseline, or with the rest.

    With one version alone the question is another one: is the slice weaker than the rest of the samples?
    """
    if report.baseline is None:
        own = (pl.col("metric") == report.primary.name) & (pl.col("version") == version)
        return _by_slice(report.weaknesses.filter(own))
    pair = (pl.col("baseline") == report.baseline) & (pl.col("candidate") == version)
    return _by_slice(of_primary(report, report.comparisons.filter(pair)))


def find_family(report: Report, version: str) -> Family | None:
    """The family of tests that the change column shows."""
    baseline = report.baseline or ""
    wanted = (report.primary.name, baseline, version)
    return next((f for f in report.families if (f.metric, f.baseline, f.candidate) == wanted), None)


def of_primary(report: Report, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the primary metric, which is none of a class."""
    return frame.filter(columns.as_a_whole(report.primary.name, per_class=report.primary.per_class))


def _by_slice(frame: pl.DataFrame) -> dict[str, Figures]:
    return {row["slice"]: row for row in frame.iter_rows(named=True)}


def plan_scales(report: Report, version: str) -> Scales:
    """The axes for a version: all intervals of the slices large enough to decide, and what the others mostly show.

    A slice that differs beyond chance is on the axes with its values, however small it is; so is the change of every
    slice that the table opens with. Pinned sets, which were chosen by their outcome, would stretch the changes' axis.
    """
    slices = [s for s in report.slices if s.id != ALL]
    least = usual_n(slices)
    opening = {s.id for s in slices if s.n >= least}
    pinned = [s.id for s in slices if is_pinned(s, report.attributes)]
    unit = report.primary.unit
    estimates = of_primary(report, report.estimates).filter(
        pl.col("version").is_in([version, report.baseline or version])
    )
    changes = pl.DataFrame(list(changes_of(report, version).values()), schema=_CHANGE)
    changes = changes.filter(~pl.col("slice").is_in(pinned))
    clear = changes.filter(pl.col("verdict").is_in(["better", "worse"]))
    held = changes.filter(pl.col("slice").is_in(opening) & (pl.col("support") != "counts"))
    levels = estimates.filter(pl.col("slice").is_in(clear["slice"].to_list()))["value"].to_list()
    return Scales(
        row_plots.level_scale([*_reach(estimates, "value"), *levels], unit),
        None
        if changes.is_empty()
        else row_plots.change_scale([*_reach(changes, "delta"), *clear["delta"], *held["delta"]], unit),
    )


def _reach(frame: pl.DataFrame, name: str) -> list[float | None]:
    """The interval ends of deciding slices, and the middle 96 % of the values of the tested ones (of all, if none)."""
    deciding = frame.filter(pl.col("support") == "decide")
    tested = frame.filter(pl.col("support").is_in(["decide", "test"]))
    values = (frame if tested.is_empty() else tested)[name]
    middle = [values.quantile(share, "nearest") for share in (0.02, 0.98)]
    return [*deciding["low"].to_list(), *deciding["high"].to_list(), *middle]


def plan_row(
    slice_: Slice, report: Report, scales: Scales, before: Figures | None, after: Figures | None, change: Figures | None
) -> SliceRow:
    """The line of one slice, from the estimates of baseline and candidate and their comparison."""
    metric, limits = report.primary, report.limits
    support: Support = _support(change or after or before, slice_.n, limits)
    predicted = is_predicted(slice_, report.attributes)
    few = support == "counts"
    decimals = decimals_of(change)
    return SliceRow(
        id=slice_.id,
        name=slice_.name,
        link=Link("slices", slice_.name, (("slice", slice_.id),)),
        level=slice_.level,
        tags=tags_of(slice_, report.attributes),
        why=slice_.critical or "",
        n=numbers.count(slice_.n),
        n_groups=_groups(slice_.n_groups),
        confirmed="" if slice_.n_confirm is None else f"confirmed on {numbers.count(slice_.n_confirm)}",
        support=support,
        verdict=_verdict(change),
        levels=_few(after, metric) if few else _levels(before, after, change, metric, decimals),
        level_interval="" if few or after is None else _interval(after, metric, decimals),
        change="" if few or change is None else numbers.difference(_number(change, "delta"), metric.unit, decimals),
        change_interval=""
        if few or change is None
        else numbers.difference_interval(_number(change, "low"), _number(change, "high"), metric.unit, decimals),
        q="" if change is None or change["q"] is None else numbers.q_value(_number(change, "q")),
        level_plot=row_plots.level_plot(
            scales.level, None if few else _as_interval(before, "value"), None if few else _as_interval(after, "value")
        ),
        change_plot=None
        if scales.change is None or predicted
        else row_plots.change_plot(
            scales.change, None if few else _as_interval(change, "delta"), _verdict(change), support
        ),
    )


def _groups(n: int | None) -> str:
    return "" if n is None else f"{numbers.count(n)} group{'' if n == 1 else 's'}"


def rank_telling(report: Report, changes: Mapping[str, Figures]) -> list[Slice]:
    """The slices, most telling first: beyond chance by size of change, then the largest without, then the untested."""

    def key(slice_: Slice) -> tuple[int, float, str]:
        change = changes.get(slice_.id)
        verdict = _verdict(change)
        delta = _number(change, "delta") if change else None
        if verdict in {"better", "worse"} and delta is not None:
            return (0 if verdict == "worse" else 1, -abs(delta), slice_.id)
        return (2 if verdict == "unclear" else 3, -float(slice_.n), slice_.id)

    ranked = sorted((s for s in report.slices if s.id != ALL), key=key)
    # better ones must not crowd out the others where hundreds improved
    better = [s for s in ranked if key(s)[0] == 1]
    dropped = {s.id for s in better[MAX_ROWS // 2 :]} if len(ranked) > MAX_ROWS else set()
    return [s for s in ranked if s.id not in dropped] + [s for s in ranked if s.id in dropped]


def sort_worst_first(slices: Sequence[Slice], changes: Mapping[str, Figures], higher_is_better: bool) -> list[Slice]:
    """The slices by their change, worst first; without one, by size behind the others."""
    sign = 1 if higher_is_better else -1

    def key(slice_: Slice) -> tuple[bool, float, int, str]:
        change = changes.get(slice_.id)
        delta = _number(change, "delta") if change else None
        return (delta is None, 0.0 if delta is None else sign * delta, -slice_.n, slice_.id)

    return sorted(slices, key=key)


def _support(record: Figures | None, n: int, limits: Limits) -> Support:
    if record is not None and record["support"] in {"decide", "test", "show", "counts"}:
        return record["support"]
    return "decide" if n >= limits.decide else "test" if n >= limits.test else "show" if n >= limits.show else "counts"


def _verdict(change: Figures | None) -> Verdict:
    return "too_few" if change is None else change["verdict"]  # type: ignore[return-value]


def _number(record: Figures, name: str) -> float | None:
    value = record[name]
    return float(value) if isinstance(value, int | float) else None


def _as_interval(record: Figures | None, name: str) -> Interval | None:
    value = _number(record, name) if record else None
    if record is None or value is None:
        return None
    return Interval(value, _number(record, "low"), _number(record, "high"))


def decimals_of(change: Figures | None) -> int | None:
    """Decimals with which a comparison is printed; null where there is no difference of two versions."""
    found = None if change is None else change.get("decimals")
    return found if isinstance(found, int) else None


def _levels(
    before: Figures | None, after: Figures | None, change: Figures | None, metric: MetricInfo, decimals: int | None
) -> str:
    """Both levels: over the samples that both scored where there is a comparison, else each version's own."""
    if change is not None and "value_baseline" in change:
        ends = (_number(change, "value_baseline"), _number(change, "value_candidate"))
    else:
        ends = (_number(before, "value") if before else None, _number(after, "value") if after else None)
    shown = numbers.value(ends[1], metric.unit, decimals)
    if ends[0] is None:
        return shown
    return f"{numbers.value(ends[0], metric.unit, decimals)} → {shown}"


def _interval(record: Figures, metric: MetricInfo, decimals: int | None) -> str:
    return numbers.interval(_number(record, "low"), _number(record, "high"), metric.unit, decimals)


def _few(record: Figures | None, metric: MetricInfo) -> str:
    """The counts of a handful of samples ("6 of 8 right"), or no figure at all where a count says nothing."""
    x = _number(record, "sum_x") if record else None
    if record is None or x is None or x != int(x) or metric.name not in RIGHT:
        return words.VERDICTS["too_few"]
    return f"{numbers.count(int(x))} of {numbers.count(int(record['n']))} {RIGHT[metric.name]}"  # type: ignore[call-overload]
