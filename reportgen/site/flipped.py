"""What flipped: how many samples each way, and in which slice the broken ones are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ALL, Figures, Link, Report, Slice
from reportgen.site import words
from reportgen.site.charts import Chart, FlipCounts, FlipWords, ShareRow, flips, shares
from reportgen.site.pairs import set_link, why_not_compared

FEW = 5
"""Fewer broken samples in a slice than this are not called a concentration."""
OUTCOMES = ("both_right", "newly_fixed", "newly_broken", "both_wrong")


@dataclass(frozen=True)
class FlipsView:
    """The flips of the built pair; ``shares`` is none where nothing broke or no slice got worse."""

    prose: str
    n: int
    counts: Mapping[str, int]  # OUTCOMES
    chart: Chart
    ratio: str
    links: tuple[Link, ...]
    shares_heading: str
    shares: Chart | None
    concentration: str


def plan_flips(report: Report) -> FlipsView | None:
    """The page's part; none where there is one version, or the pair could not be compared."""
    pair = report.flips.filter(pl.col("candidate") == report.candidate)
    by_slice = {row["slice"]: row for row in pair.iter_rows(named=True)}
    whole = by_slice.get(ALL)
    if report.baseline is None or whole is None or why_not_compared(report, report.candidate):
        return None
    names = _names(report)
    counts = FlipCounts(
        whole["both_right"],
        whole["newly_broken"],
        whole["newly_fixed"],
        whole["both_wrong"],
        (report.baseline, report.candidate),
        _chart_words(report),
    )
    prose = _prose(report, whole)
    parts = _shares(report, by_slice, whole)
    concentration = _concentration(report, parts[0], names) if parts else ""
    heading = f"Where the {numbers.count(whole['newly_broken'])} {names['newly_broken']} are"
    noun = sentences.noun(report.outcomes)
    return FlipsView(
        prose=prose,
        n=whole["n"],
        counts={name: whole[name] for name in OUTCOMES},
        chart=flips("overview-flips-chart", prose, counts, noun=noun),
        ratio=_ratio(report),
        links=tuple(
            replace(
                set_link(report, report.candidate, name, whole[name]),
                text=f"{numbers.count(whole[name])} {names[name]}",
            )
            for name in ("newly_fixed", "newly_broken", "both_wrong")
            if whole[name] and name in names
        ),
        shares_heading=heading,
        shares=shares("overview-shares", concentration or heading, parts, broken=names["newly_broken"], noun=noun)
        if parts
        else None,
        concentration=concentration,
    )


def _names(report: Report) -> Mapping[str, str]:
    if report.outcomes.classes:
        return {"newly_fixed": "newly fixed", "newly_broken": "newly broken", "both_wrong": "wrong in both"}
    return {"newly_fixed": "much better", "newly_broken": "much worse"}


def _chart_words(report: Report) -> FlipWords | None:
    """What the outcomes of values are called; of labels they are right and wrong."""
    if report.outcomes.classes:
        return None
    margin, tolerance = sentences.margin_text(report.outcomes), sentences.tolerance_text(report.outcomes)
    return FlipWords(
        f"within {tolerance}",
        "much worse",
        "much better",
        "off by more",
        f"error larger by over {margin}",
        f"error smaller by over {margin}",
    )


def _prose(report: Report, whole: Figures) -> str:
    fixed, broken = whole["newly_fixed"], whole["newly_broken"]
    done = ("fixed", "broke") if report.outcomes.classes else ("improved", "worsened")
    if not fixed and not broken:
        return "Nothing flipped: every sample that both scored came out alike."
    ratio = sentences.find_flip_ratio(report.estimates, report.candidate, report.limits.level, numbers.ELLIPSIS)
    if ratio is None:
        return (
            f"One total can hide both: {report.candidate} {done[0]} {numbers.count(fixed)} and {done[1]} "
            f"{numbers.count(broken)}."
        )
    if not ratio.is_clear:
        both = "fixes and breaks" if report.outcomes.classes else "much better and much worse"
        return f"One total can hide both: {both} can't be told apart in number."
    more, less = done if fixed > broken else done[::-1]
    return f"One total can hide both: {report.candidate} {more} more than it {less}."


def _ratio(report: Report) -> str:
    """Fixed for each one broken, with its interval, as the estimates have it."""
    ratio = sentences.find_flip_ratio(report.estimates, report.candidate, report.limits.level, numbers.ELLIPSIS)
    if ratio is None:
        return ""
    verbs = "fixed for each one broken" if report.outcomes.classes else "much better for each one much worse"
    return f"{ratio.value} {verbs}{f' ({ratio.bounds})' if ratio.bounds else ''}."


def _shares(report: Report, by_slice: Mapping[str, Figures], whole: Figures) -> tuple[ShareRow, ...]:
    """The slice in which most of the loss is, split from its parents, and everything else; the parts add up to all."""
    broken = whole["newly_broken"]
    first = next((one for one in report.findings if one.kind == "regression" and one.slice not in {None, ALL}), None)
    slices = {one.id: one for one in report.slices}
    if not broken or first is None or first.slice not in by_slice or first.slice not in slices:
        return ()
    one = slices[first.slice]
    parents = _parents(one, slices, by_slice)
    inside = by_slice[one.id]
    cut = [(one.name, inside["newly_broken"], inside["n"])]
    if len(parents) == 2:
        left, right = parents
        for (mine, row), (other, _) in ((left, right), (right, left)):
            cut.append(
                (f"{mine.name}, not {other.name}", row["newly_broken"] - inside["newly_broken"], row["n"] - inside["n"])
            )
    rest = (broken - sum(k for _, k, _ in cut), whole["n"] - sum(n for _, _, n in cut))
    cut.append(("everything else", *rest))
    return tuple(
        ShareRow(label, k, broken, n, whole["n"], stands_out=i == 0) for i, (label, k, n) in enumerate(cut) if n or k
    )


def _parents(
    one: Slice, slices: Mapping[str, Slice], by_slice: Mapping[str, Figures]
) -> Sequence[tuple[Slice, Figures]]:
    """The two slices of one term each that a pair is made of."""
    if one.level != 2:
        return ()
    found = [
        (parent, by_slice[parent.id])
        for term in one.terms
        for parent in slices.values()
        if parent.terms == (term,) and parent.id in by_slice
    ]
    return found if len(found) == 2 else ()


def _concentration(report: Report, lead: ShareRow, names: Mapping[str, str]) -> str:
    """Concentration as a ratio, where there is enough to speak of one."""
    if lead.n < FEW or not lead.n_all:
        return ""
    ratio = lead.share / lead.share_of_all
    return (
        f"{words.capital(lead.name)} holds {numbers.rate(lead.share_of_all)} of the {sentences.noun(report.outcomes)} "
        f"and {numbers.rate(lead.share)} of the {names['newly_broken']}: "
        f"{numbers.plain(ratio, 0 if ratio >= 10 else 1)} times its share."
    )
