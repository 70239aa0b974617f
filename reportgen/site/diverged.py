"""Where it got worse, where better: the slices of the built pair that the Overview shows, and its sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, EffectRow, Figures, Link, Report, Slice
from reportgen.site import words
from reportgen.site.charts import Chart, diverging
from reportgen.site.charts.theme import BROAD
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
        few = f"No slice has the {report.limits.test} {sentences.noun(report.outcomes)} that a test needs."
        return DivergingView("", few, None, link)
    drawn = [row for row in tested if not is_pinned(slices[row["slice"]], report.attributes)]
    rows = _chosen(drawn or tested, slices, 1 if metric.higher_is_better else -1)
    key = _key(tested, slices, rows)
    chart = diverging(
        "overview-slices-chart",
        key,
        [EffectRow.of(slices[row["slice"]].name, row, row["decimals"]) for row in rows],
        overall=changes[ALL]["delta"],
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        candidate=report.candidate,
        measure=words.measure(metric) or "change",
        width=BROAD,
        links=[Link("slices", slices[row["slice"]].name, (("slice", row["slice"]),)) for row in rows],
        level=report.limits.level,
    )
    return DivergingView(_prose(report, slices, changes[ALL], rows), key, chart, link)


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
        return f"No slice got worse: all {numbers.count(len(tested))} tested are better or show no clear change."
    first = next((row for row in rows if row["verdict"] == "worse"), None)
    most = f"; of those shown, {slices[first['slice']].name} lost most" if first else ""
    gained = f"; {numbers.count(better)} got better" if better else ""
    return (
        f"{numbers.count(len(worse))} of {numbers.count(len(tested))} tested slices got worse beyond chance"
        f"{most}{gained}."
    )


def _prose(report: Report, slices: Mapping[str, Slice], whole: Figures, rows: Sequence[Figures]) -> str:
    metric = report.primary
    crossed = any(slices[row["slice"]].level > 1 for row in rows)
    unit = f" {words.measure(metric)}" if words.measure(metric) else ""
    parts = [
        f"Change in {sentences.lowered(metric.label)} from {report.baseline} to {report.candidate} for each slice: the "
        f"{sentences.noun(report.outcomes)} that have something in common" + (" (× means both)." if crossed else "."),
        "Pale rings can't be told apart from no change;",
    ]
    if any(row["support"] != "decide" for row in rows):
        parts.append(f"a shaded band marks fewer than {report.limits.decide} {sentences.noun(report.outcomes)};")
    change = numbers.difference(whole["delta"], metric.unit, whole["decimals"])
    parts.append(f"the dotted line is all {sentences.noun(report.outcomes)}, {change}{unit}.")
    return " ".join(parts)
