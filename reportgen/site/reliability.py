"""As sure as it is right? The reliability diagrams, and the slices in which a version claims more than it delivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.confidence import worst_claim
from reportgen.analysis.precision import ERROR_DECIMALS
from reportgen.model import ALL, Figures, Link, Slice, Support
from reportgen.report import Report
from reportgen.site.charts import Chart, ReliabilityBin, reliability

SHOWN_CLAIMS = 12
"""Slices that the table of claims lists; all of them are in report.json."""

CLAIM_WORDS = {
    "too_sure": "too sure",
    "not_sure_enough": "not sure enough",
    "unclear": "no clear gap",
    "too_few": "too few to tell",
}


@dataclass(frozen=True)
class DiagramHead:
    """What stands above a diagram: the version, where, its calibration error with interval and n."""

    version: str
    where: str
    error: str  # "2.43%"; empty where it is not defined
    detail: str  # "95% 2.10…2.80 · n = 48,210", or why there is no error
    too_sure: bool
    sentence: str  # what to see, with its numbers


@dataclass(frozen=True)
class Diagram:
    """One reliability diagram under its head; ``role`` is the mark of the version."""

    role: str  # baseline | candidate
    head: DiagramHead
    chart: Chart


@dataclass(frozen=True)
class ClaimRow:
    """One slice: what the candidate claims and what it delivers."""

    link: Link
    n: str
    wrong: Link | None  # the samples of the slice that the candidate gets wrong, the surest first
    support: Support
    says: str
    right: str
    gap: str
    interval: str
    q: str
    verdict: str  # too_sure | not_sure_enough | unclear | too_few
    word: str


@dataclass(frozen=True)
class ReliabilityView:
    """The section: the diagrams, what can be chosen for the last one, and the table of slices."""

    key: str
    diagrams: tuple[Diagram, ...]
    choices: tuple[tuple[str, str], ...]  # slice id and name; empty where there is nothing to choose
    chosen: str  # the id of the slice in the last diagram
    claims: tuple[ClaimRow, ...]
    claims_key: str


def plan_reliability(report: Report) -> ReliabilityView:
    """The section's view. The last diagram is the candidate's on the slice where it is most too sure."""
    worst = worst_slice(report)
    sides = ([("baseline", report.baseline)] if _has_bins(report, report.baseline) else []) + [
        ("candidate", report.candidate)
    ]
    shown = [(role, version or "") for role, version in sides if _has_bins(report, version)]
    diagrams = [_diagram(report, role, name, ALL, waits=i == 0) for i, (role, name) in enumerate(shown)]
    choices = choosable(report)
    if worst is not None:
        diagrams.append(_diagram(report, "candidate", report.candidate, worst.id, choices))
    return ReliabilityView(
        key=claim_sentence(report),
        diagrams=tuple(diagrams),
        choices=tuple((one.id, one.name) for one in choices) if worst is not None and len(choices) > 1 else (),
        chosen=worst.id if worst is not None else "",
        claims=claim_rows(report, report.candidate),
        claims_key=claims_key(report, report.candidate),
    )


def choosable(report: Report) -> tuple[Slice, ...]:
    """The slices other than the whole in which the candidate's bins are known, in the report's order."""
    known = set(report.confidence_bins.filter(pl.col("version") == report.candidate)["slice"])
    return tuple(one for one in report.slices if one.id in known and one.id != ALL)


def worst_slice(report: Report) -> Slice | None:
    """The slice in which the candidate is most too sure: the one that ``claim_sentence`` names, where it names one."""
    return _named(report) or _worst(report, choosable(report))


def _named(report: Report) -> Slice | None:
    """The slice of ``worst_claim``, where its bins are known."""
    row = worst_claim(report.claims, report.candidate)
    return next((one for one in choosable(report) if row is not None and one.id == row["slice"]), None)


def _worst(report: Report, slices: Iterable[Slice]) -> Slice | None:
    """Beyond chance the one whose gap is certain to be largest, else the largest gap where a slice can decide."""
    by_id = {one.id: one for one in slices}
    rows = report.claims.filter(
        (pl.col("version") == report.candidate)
        & pl.col("slice").is_in(list(by_id))
        & pl.col("delta").is_not_null()
        & pl.col("support").is_in(["decide", "test"])
    )
    sure = rows.filter(pl.col("verdict") == "too_sure").sort(["low", "slice"], descending=[True, False])
    if sure.height:
        return by_id[sure["slice"][0]]
    rest = rows.filter(pl.col("support") == "decide").sort(["delta", "slice"], descending=[True, False])
    return by_id[rest["slice"][0]] if rest.height else None


def where_text(report: Report, one: Slice | None) -> str:
    """Where a slice is, in a sentence: the manifest's phrases, "overall" for the whole."""
    return "overall" if one is None else sentences.where(one, report.attributes, sentences.noun(report.outcomes))


def slice_name(report: Report, id_: str) -> str:
    """What a slice is called in a heading: "all images" for the whole."""
    if id_ == ALL:
        return f"all {sentences.noun(report.outcomes)}"
    return next(one.name for one in report.slices if one.id == id_)


def _has_bins(report: Report, version: str | None) -> bool:
    return version is not None and bool(
        report.confidence_bins.filter((pl.col("version") == version) & (pl.col("slice") == ALL)).height
    )


def _diagram(
    report: Report, role: str, version: str, slice_id: str, choices: tuple[Slice, ...] = (), *, waits: bool = False
) -> Diagram:
    """A diagram; one that ``waits`` can show every version's bins over all samples."""
    where = "slice" if choices else "all"
    head = diagram_head(report, version, slice_id)
    draw = partial(
        reliability,
        f"confidence-{role}-{where}",
        head.sentence,
        bins_of(report, version, slice_id),
        noun=sentences.noun(report.outcomes),
        level=report.limits.level,
    )
    chart = draw(alternatives={str(i): bins_of(report, version, one.id) for i, one in enumerate(choices)})
    if waits and report.baseline is not None:
        chart = replace(chart, waiting=draw(alternatives={name: bins_of(report, name, ALL) for name in able(report)}))
    return Diagram(role, head, chart)


def able(report: Report) -> tuple[str, ...]:
    """The versions that say how sure they are."""
    return tuple(name for name in report.outcomes.versions if _has_bins(report, name))


def bins_of(report: Report, version: str, slice_id: str) -> tuple[ReliabilityBin, ...]:
    """The bins of a version in a slice, the least sure first."""
    rows = report.confidence_bins.filter((pl.col("version") == version) & (pl.col("slice") == slice_id)).sort("low")
    return tuple(
        ReliabilityBin(
            row["low"], row["high"], row["n"], row["mean_confidence"], row["right_rate"], row["right_low"],
            row["right_high"],
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip


def diagram_head(report: Report, version: str, slice_id: str) -> DiagramHead:
    """What stands above the diagram of a version in a slice."""
    claim = claim_of(report, version, slice_id)
    n = claim["n"] if claim else sum(one.n for one in bins_of(report, version, slice_id))
    estimate = _error_of(report, version, slice_id)
    sized = f"n = {numbers.count(n)}"
    if estimate is None or estimate["value"] is None:
        why = (estimate or {}).get("reason") or "not computed here"
        error, detail = "", f"no error told: {why} · {sized}"
    else:
        error = numbers.rate(estimate["value"], ERROR_DECIMALS)
        ends = numbers.interval(estimate["low"], estimate["high"], "rate", ERROR_DECIMALS)
        detail = f"{numbers.level(report.limits.level)} {ends} · {sized}"
    return DiagramHead(
        version=version,
        where=slice_name(report, slice_id),
        error=error,
        detail=detail,
        too_sure=bool(claim and claim["verdict"] == "too_sure" and estimate and (estimate["low"] or 0) > 0),
        sentence=_claim_text(report, version, slice_id),
    )


def _error_of(report: Report, version: str, slice_id: str) -> Figures | None:
    rows = report.estimates.filter(
        (pl.col("metric") == "ece") & (pl.col("version") == version) & (pl.col("slice") == slice_id)
    )
    return rows.row(0, named=True) if rows.height else None


def claim_of(report: Report, version: str | None, slice_id: str) -> Figures | None:
    """The row of claims of a version in a slice."""
    if version is None:
        return None
    rows = report.claims.filter((pl.col("version") == version) & (pl.col("slice") == slice_id))
    return rows.row(0, named=True) if rows.height else None


def gap_text(report: Report, claim: Figures, *, unit: bool = True) -> str:
    """How far a claim is from what is delivered, with its interval and n: "+2.4 points, 95% +2.1 to +2.8, n = 812"."""
    decimals = _decimals(claim)
    size = numbers.difference(claim["delta"], "rate", decimals)
    low, high = claim["low"], claim["high"]
    ends = numbers.difference_interval(low, high, "rate", decimals, " to ")
    points = " points" if unit else ""
    interval = "" if low is None else f", {numbers.level(report.limits.level)} {ends}"
    return f"{size}{points}{interval}, n = {numbers.count(int(claim['n']))}"


def _decimals(claim: Figures) -> int:
    ends = (claim["right_rate"], claim["mean_confidence"], claim["delta"])
    return numbers.difference_decimals(*ends, "rate")


def _claim_text(report: Report, version: str, slice_id: str) -> str:
    """What a version claims and delivers in a slice, and whether the two differ beyond chance."""
    claim = claim_of(report, version, slice_id)
    if claim is None or claim["delta"] is None:
        return f"{version}: too few {sentences.noun(report.outcomes)} to say how far its claims can be relied on."
    decimals = _decimals(claim)
    says, right = (numbers.rate(claim[key], decimals) for key in ("mean_confidence", "right_rate"))
    one = next((s for s in report.slices if s.id == slice_id and s.terms), None)
    things = sentences.noun(report.outcomes)
    opening = "Overall" if one is None else sentences.opening(one, report.attributes, things)
    ends = {
        "too_sure": "it is too sure",
        "not_sure_enough": "it is right more often than it says",
        "unclear": "no clear gap",
    }
    reads = ends.get(str(claim["verdict"]), "too few to tell")
    gap = gap_text(report, claim)
    return f"{opening} {version} says it is {says} sure on average and gets {right} right: {reads} ({gap})."


def claim_sentence(report: Report) -> str:
    """Does the candidate claim more than it delivers: on average, where most, and did the baseline?"""
    row, worst = worst_claim(report.claims, report.candidate), _named(report)
    most = "" if row is None or worst is None else f"{where_text(report, worst)} ({gap_text(report, row)})"
    said = average_sentence(report, report.candidate, most)
    was = "" if report.baseline is None else was_sentence(report, report.baseline)
    return f"{said} {was}" if was else said


def average_sentence(report: Report, version: str, most: str = "") -> str:
    """Does a version claim more than it delivers on average; ``most`` says where it is too sure."""
    claim = claim_of(report, version, ALL)
    if claim is None or claim["delta"] is None:
        return f"There are too few {sentences.noun(report.outcomes)} to say how far {version}'s claims hold."
    gap = gap_text(report, claim)
    said = {
        "too_sure": f"{version} claims more than it delivers on average ({gap})",
        "not_sure_enough": f"{version} is right more often than it claims on average ({gap})",
    }.get(str(claim["verdict"]), f"{version} is about as sure as it is right on average ({gap})")
    if most:
        said += f"{', most of all' if claim['verdict'] == 'too_sure' else ', but too sure'} {most}"
    return f"{said}."


def was_sentence(report: Report, version: str) -> str:
    """The same of a baseline; empty where it is not known."""
    claim = claim_of(report, version, ALL)
    if claim is None or claim["delta"] is None:
        return ""
    said = {"too_sure": "was too sure", "not_sure_enough": "was not sure enough"}
    how = said.get(str(claim["verdict"]), "was about as sure as it was right")
    return f"{version} {how} ({gap_text(report, claim)})."


def _tested(report: Report, version: str) -> pl.DataFrame:
    return report.claims.filter(
        (pl.col("version") == version)
        & (pl.col("slice") != ALL)
        & pl.col("delta").is_not_null()
        & pl.col("verdict").is_in(["too_sure", "not_sure_enough", "unclear"])
    )


def claims_key(report: Report, version: str) -> str:
    """In how many slices a version is too sure beyond chance."""
    rows = _tested(report, version)
    sure = rows.filter(pl.col("verdict") == "too_sure")
    m = numbers.count(rows.height)
    if not rows.height:
        return f"No slice has enough {sentences.noun(report.outcomes)} to test."
    if not sure.height:
        return f"In no slice is {version} too sure beyond chance; {m} were tested."
    verb = "slice" if sure.height == 1 else "slices"
    return f"Of {m} slices tested, {version} is too sure beyond chance in {numbers.count(sure.height)} {verb}."


def claim_rows(report: Report, version: str) -> tuple[ClaimRow, ...]:
    """The slices in which a version is too sure beyond chance, the surest first, then large ones by their gap.

    Declared slices, which stand outside the family of tests, follow those of it.
    """
    rows = (
        _tested(report, version)
        .filter((pl.col("verdict") == "too_sure") | (pl.col("support") == "decide"))
        .with_columns((pl.col("verdict") == "too_sure").alias("sure"), pl.col("q").is_not_null().alias("searched"))
        .with_columns(pl.when("sure").then("low").otherwise("delta").alias("order"))
        .sort(["sure", "searched", "order", "slice"], descending=[True, True, True, False])
    )
    by_id = {one.id: one for one in report.slices}
    known = [row for row in rows.iter_rows(named=True) if row["slice"] in by_id]
    return tuple(_claim_row(report, version, by_id[row["slice"]], row) for row in known[:SHOWN_CLAIMS])


def _wrong_link(report: Report, version: str, one: Slice) -> Link | None:
    """A link to what a version gets wrong in a slice; none where weights leave no plain count."""
    rows = report.estimates.filter(
        (pl.col("slice") == one.id) & (pl.col("version") == version) & (pl.col("metric") == "accuracy")
    )
    if not rows.height or rows["sum_w"][0] is None or rows["sum_w"][0] != rows["n"][0]:
        return None
    n = round(rows["sum_w"][0] - rows["sum_x"][0])
    return sentences.examples_link("surest_wrong", n, "wrong", one, report.attributes, None)


def _claim_row(report: Report, version: str, one: Slice, row: Figures) -> ClaimRow:
    decimals = _decimals(row)
    return ClaimRow(
        link=sentences.slice_link(one, None, one.name),
        n=numbers.count(row["n"]),
        wrong=_wrong_link(report, version, one),
        support=row["support"],
        says=numbers.rate(row["mean_confidence"], decimals),
        right=numbers.rate(row["right_rate"], decimals),
        gap=numbers.difference(row["delta"], "rate", decimals),
        interval=numbers.difference_interval(row["low"], row["high"], "rate", decimals),
        q=numbers.q_value(row["q"]),
        verdict=str(row["verdict"]),
        word=CLAIM_WORDS[str(row["verdict"])],
    )
