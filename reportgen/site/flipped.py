"""What flipped: how many samples each way, and in which slice the broken ones are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import fill, words_of
from reportgen.model import ALL, Figures, Link, Slice
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, FlipCounts, FlipWords, ShareRow, flips, shares
from reportgen.site.overview_words import say
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
    concentration = _concentration(report, parts[0]) if parts else ""
    said = words_of(report.outcomes)
    heading = say("where_broken", n=numbers.count(whole["newly_broken"]), broken=said.broken_ones)
    noun = sentences.noun(report.outcomes)
    return FlipsView(
        prose=prose,
        n=whole["n"],
        counts={name: whole[name] for name in OUTCOMES},
        chart=replace(
            flips("overview-flips-chart", prose, counts, noun=noun),
            waiting=flips("overview-flips-chart", prose, counts, noun=noun, versions=report.outcomes.versions),
        ),
        ratio=_ratio(report),
        links=tuple(
            replace(
                set_link(report, report.candidate, name, whole[name]),
                text=say("counted", n=numbers.count(whole[name]), called=names[name]),
            )
            for name in ("newly_fixed", "newly_broken", "both_wrong")
            if whole[name] and name in names
        ),
        shares_heading=heading,
        shares=_shares_chart(report, parts, concentration or heading, names) if parts else None,
        concentration=concentration,
    )


def _shares_chart(report: Report, parts: Sequence[ShareRow], label: str, names: Mapping[str, str]) -> Chart:
    """The chart of the built pair; other pairs are shown by the same parts."""
    still, waiting = (
        shares(
            "overview-shares",
            label,
            parts,
            broken=names["newly_broken"],
            noun=sentences.noun(report.outcomes),
            follows=follows,
        )
        for follows in (False, True)
    )
    return replace(still, waiting=waiting)


def _said(report: Report, name: str, **given: str) -> str:
    """A sentence in the words of the report's kind."""
    return fill(words_of(report.outcomes).texts[name], **given)


def _names(report: Report) -> Mapping[str, str]:
    """What the outcomes that links lead to are called, after their number."""
    said = words_of(report.outcomes)
    names = {"newly_fixed": said.newly_fixed, "newly_broken": said.newly_broken}
    return {**names, "both_wrong": said.wrong_in_both} if said.kind == "labels" else names


def _chart_words(report: Report) -> FlipWords | None:
    """What the outcomes of values are called; of labels they are right and wrong."""
    if report.outcomes.classes:
        return None
    said = words_of(report.outcomes)
    return FlipWords(
        said.stayed_right, said.newly_broken, said.newly_fixed, said.stayed_wrong, said.how_broken, said.how_fixed
    )


def _prose(report: Report, whole: Figures) -> str:
    fixed, broken = whole["newly_fixed"], whole["newly_broken"]
    if not fixed and not broken:
        return say("flips_none")
    ratio = sentences.find_flip_ratio(report.estimates, report.candidate, report.limits.level, numbers.ELLIPSIS)
    names = {"candidate": report.candidate, "fixed": numbers.count(fixed), "broken": numbers.count(broken)}
    if ratio is None:
        return _said(report, "flips_counts", **names)
    if not ratio.is_clear:
        return _said(report, "flips_alike")
    return _said(report, "flips_fixed" if fixed > broken else "flips_broke", **names)


def _ratio(report: Report) -> str:
    """Fixed for each one broken, with its interval, as the estimates have it."""
    ratio = sentences.find_flip_ratio(report.estimates, report.candidate, report.limits.level, numbers.ELLIPSIS)
    if ratio is None:
        return ""
    return _said(report, "ratio", ratio=ratio.value, bounds=f" ({ratio.bounds})" if ratio.bounds else "")


def parts_of(report: Report) -> tuple[str, ...]:
    """The slice in which most of the built pair's loss is, by its first finding, and the two that it is made of."""
    first = next((one for one in report.findings if one.kind == "regression" and one.slice not in {None, ALL}), None)
    slices = {one.id: one for one in report.slices}
    known = set(report.flips["slice"])
    if first is None or first.slice not in known or first.slice not in slices:
        return ()
    one = slices[first.slice]
    return (one.id, *(parent.id for parent in _parents(one, slices, known)))


def _shares(report: Report, by_slice: Mapping[str, Figures], whole: Figures) -> tuple[ShareRow, ...]:
    """The slice in which most of the loss is, split from its parents, and everything else; the parts add up to all."""
    broken = whole["newly_broken"]
    ids = parts_of(report)
    if not broken or not ids:
        return ()
    slices = {one.id: one for one in report.slices}
    one, *others = (slices[id_] for id_ in ids)
    parents = [(parent, by_slice[parent.id]) for parent in others]
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


def _parents(one: Slice, slices: Mapping[str, Slice], known: Collection[str]) -> Sequence[Slice]:
    """The two slices of one term each that a pair is made of."""
    if one.level != 2:
        return ()
    found = [
        parent for term in one.terms for parent in slices.values() if parent.terms == (term,) and parent.id in known
    ]
    return found if len(found) == 2 else ()


def _concentration(report: Report, lead: ShareRow) -> str:
    """Concentration as a ratio, where there is enough to speak of one."""
    if lead.n < FEW or not lead.n_all:
        return ""
    ratio = lead.share / lead.share_of_all
    return say(
        "holds",
        name=words.capital(lead.name),
        share_of_all=numbers.rate(lead.share_of_all),
        nouns=sentences.noun(report.outcomes),
        share=numbers.rate(lead.share),
        broken=words_of(report.outcomes).broken_ones,
        ratio=numbers.plain(ratio, 0 if ratio >= 10 else 1),
    )
