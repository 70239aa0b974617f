"""Where it got worse, where better: the slices of the built pair that the Overview shows, and its sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from reportgen import columns, numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, EffectRow, Figures, Link, Slice
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, diverging
from reportgen.site.charts.theme import BROAD
from reportgen.site.overview_words import say
from reportgen.site.pairs import why_not_compared
from reportgen.site.slice_rows import changes_of, is_pinned

MAX_WORSE, MAX_UNCLEAR, MAX_BETTER = 5, 5, 7
LOWEST = 5


@dataclass(frozen=True)
class DivergingView:
    """The chart of slices by change with its caption; ``chart`` is none where no slice could be tested."""

    prose: str
    key: str
    chart: Chart | None
    link: Link


def plan_diverging(report: Report) -> DivergingView | None:
    """The part's view; none where there is one version, or where nothing slices."""
    slices = {one.id: one for one in report.slices if one.id != ALL}
    if report.baseline is None or not slices:
        return None
    metric = report.primary
    changes: Mapping[str, Figures] = changes_of(report, report.candidate)
    tested = [
        row
        for id_, row in changes.items()
        if id_ in slices and row["support"] in {"decide", "test"} and row["delta"] is not None
    ]
    n = len(slices)
    link = Link("slices", f"All {numbers.count(n)} slices" if n > 1 else "The slice", (("n", "0"),), n)
    if why := why_not_compared(report, report.candidate):
        return DivergingView("", why, None, link)
    if not tested:
        few = say("slices_untested", test=str(report.limits.test), nouns=sentences.noun(report.outcomes))
        return DivergingView("", few, None, link)
    drawn = [row for row in tested if not is_pinned(slices[row["slice"]], report.attributes)]
    rows = _chosen(drawn or tested, slices, 1 if metric.higher_is_better else -1)
    key = _key(tested, slices, rows)
    draw = partial(
        diverging,
        "overview-slices-chart",
        key,
        [EffectRow.of(slices[row["slice"]].name, row, row["decimals"]) for row in rows],
        overall=changes[ALL]["delta"],
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        candidate=report.candidate,
        measure=words.measure(metric) or "change",
        width=BROAD,
        level=report.limits.level,
    )
    links = [Link("slices", slices[row["slice"]].name, (("slice", row["slice"]),)) for row in rows]
    waiting = draw(versions=report.outcomes.versions, others=_longest(report, slices))
    chart = replace(draw(links=links), waiting=waiting)
    return DivergingView(_prose(report, slices, changes[ALL], rows), key, chart, link)


def _longest(report: Report, slices: Mapping[str, Slice]) -> tuple[str, str, str, str]:
    """What the columns must hold for any two versions: a slice's name, its change, its interval and n, as text."""
    metric = report.primary
    frame = report.comparisons.filter(columns.as_a_whole(metric.name, per_class=metric.per_class))
    far = -max((abs(v) for name in ("low", "high") for v in frame[name].drop_nulls()), default=1.0)
    decimals = 1 + max((int(v) for v in frame["decimals"].drop_nulls()), default=1)
    return (
        max((one.name for one in slices.values()), key=len),
        numbers.difference(far, metric.unit, decimals),
        numbers.difference_interval(far, far, metric.unit, decimals),
        numbers.count(report.counts.n_samples),
    )


def _chosen(tested: Sequence[Figures], slices: Mapping[str, Slice], sign: int) -> list[Figures]:
    """At most 5 worse, 5 without clear change and 7 better, from the worst to the best; ``tested`` without pinned sets.

    Those were chosen by what a version made of them, so that their change says little of what it would do elsewhere.

    Of those beyond chance the ones whose loss or gain is certain for most samples; of the others those that a worse
    slice is made of, then the largest. Where none is worse, the lowest stand in.
    """

    def certain(row: Figures) -> float:
        return float(min(abs(row["low"]), abs(row["high"])) * row["n"])

    by: dict[str, list[Figures]] = {"worse": [], "unclear": [], "better": []}
    for row in tested:
        by.get(row["verdict"], by["unclear"]).append(row)
    worse = sorted(by["worse"], key=lambda row: (-certain(row), row["slice"]))[:MAX_WORSE]
    better = sorted(by["better"], key=lambda row: (-certain(row), row["slice"]))[:MAX_BETTER]
    terms = {term for row in worse for term in slices[row["slice"]].terms}

    def telling(row: Figures) -> tuple[bool, int, int, str]:
        one = slices[row["slice"]]
        return (not (one.level == 1 and one.terms[0] in terms), one.level, -row["n"], row["slice"])

    if worse:
        unclear = sorted(by["unclear"], key=telling)[:MAX_UNCLEAR]
    else:
        unclear = sorted(by["unclear"], key=lambda row: (sign * row["delta"], row["slice"]))[:LOWEST]
    return sorted([*worse, *unclear, *better], key=lambda row: (sign * row["delta"], row["slice"]))


def _key(tested: Sequence[Figures], slices: Mapping[str, Slice], rows: Sequence[Figures]) -> str:
    """The sentence with what to see; it claims what the marks show."""
    worse = [row for row in tested if row["verdict"] == "worse"]
    better = sum(row["verdict"] == "better" for row in tested)
    if not worse:
        return say("slices_none_worse", n=numbers.count(len(tested)))
    first = next((row for row in rows if row["verdict"] == "worse"), None)
    return say(
        "slices_worse",
        worse=numbers.count(len(worse)),
        n=numbers.count(len(tested)),
        most=say("slices_most", name=slices[first["slice"]].name) if first else "",
        gained=say("slices_gained", better=numbers.count(better)) if better else "",
    )


def _prose(report: Report, slices: Mapping[str, Slice], whole: Figures, rows: Sequence[Figures]) -> str:
    metric = report.primary
    crossed = any(slices[row["slice"]].level > 1 for row in rows)
    nouns = sentences.noun(report.outcomes)
    unit = f" {words.measure(metric)}" if words.measure(metric) else ""
    change = numbers.difference(whole["delta"], metric.unit, whole["decimals"])
    parts = [
        say(
            "slices_change",
            metric=sentences.lowered(metric.label),
            baseline=str(report.baseline),
            candidate=report.candidate,
            nouns=nouns,
            crossed=say("slices_crossed" if crossed else "slices_plain"),
        ),
        say("slices_rings"),
    ]
    if any(row["support"] != "decide" for row in rows):
        parts.append(say("slices_band", decide=str(report.limits.decide), nouns=nouns))
    parts.append(say("slices_whole", nouns=nouns, change=f"{change}{unit}"))
    return " ".join(parts)
