"""Findings of versions that claim more than they deliver: too sure of themselves, overall or in a slice."""

from __future__ import annotations

import polars as pl

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.confidence import worst_claim
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import certain_loss, q_text, share_of_all
from reportgen.analysis.sentences import counted, examples_link, noun, opening
from reportgen.model import ALL, Effect, EffectRow, Finding, Link, Slice

MARGIN = 0.02
"""A version is told to be too sure where it is so by more than this, for certain: two points."""


def find_too_sure(facts: Facts, taken: set[int]) -> list[Finding]:
    """The candidate claims more than it delivers: overall, or else in the slice where it is the most too sure."""
    whole = _claim(facts, facts.candidate, ALL)
    worst = worst_claim(facts.claims, facts.candidate)
    if worst is not None and not (_is_large(worst) and facts.is_told("claims", worst)):
        worst = None
    if whole is not None and _is_large(whole) and facts.is_told("claims", whole | {"q": whole["p"]}):
        return [_finding(facts, whole, worst, taken)]
    return [] if worst is None else [_finding(facts, worst, None, taken)]


def _is_large(row: Row) -> bool:
    return bool(row["verdict"] == "too_sure" and row["low"] > MARGIN)


def _claim(facts: Facts, version: str | None, slice_id: str) -> Row | None:
    table = facts.claims.filter((pl.col("version") == version) & (pl.col("slice") == slice_id))
    return table.row(0, named=True) if table.height else None


def _finding(facts: Facts, row: Row, worst: Row | None, taken: set[int]) -> Finding:
    one = facts.slices[row["slice"]]
    version = facts.outcomes.versions.index(facts.candidate)
    frame = facts.outcomes.frame
    wrong = facts.rows(one.id) & (frame[f"scored_{version}"] & (frame[f"correct_{version}"] == 0)).to_numpy()
    rows = [row] if worst is None else [row, worst]
    place = "" if one.id == ALL else f" {facts.where(one)}"
    decimals = _decimals(row)
    interval = numbers.difference_interval(row["low"], row["high"], "rate", decimals)
    return Finding(
        kind="claim",
        severity="watch",
        reason=share_of_all(facts, one),
        headline=f"{facts.candidate} claims more than it delivers{place}",
        text=" ".join(
            [_level(facts, one, row), _chance(facts, row), *([] if worst is None else [_widest(facts, worst)])]
        ),
        slice=one.id,
        metric=None,
        effect=Effect(
            figure=numbers.difference(row["delta"], "rate", decimals),
            unit=f"points too sure · {facts.level_word} {interval} · n = {numbers.count(row['n'])}",
            verdict="worse",
            kind="difference",
            rows=tuple(
                EffectRow.of(_label(facts, each), each | {"verdict": "worse"}, _decimals(each)) for each in rows
            ),
            axis="mean confidence less the share that is right, points",
        ),
        links=(
            examples_link("wrong", int(wrong.sum()), "wrong", one, facts.attributes, facts.candidate),
            Link("confidence", "Confidence and cut-offs"),
        ),
        rows=facts.hardest(wrong, taken),
        grounds=grounds.of_claim(facts),
        weight=certain_loss(row),
    )


def _decimals(row: Row) -> int:
    """With so many the two ends and their difference, as printed, agree."""
    return numbers.difference_decimals(row["right_rate"], row["mean_confidence"], row["delta"], "rate")


def _label(facts: Facts, row: Row) -> str:
    return f"all {noun(facts.outcomes)}" if row["slice"] == ALL else facts.slices[row["slice"]].name


def _level(facts: Facts, one: Slice, row: Row) -> str:
    """What it claims and what it delivers, and what the baseline did: "v2 is 93.1% sure on average and right on …"."""
    place = "" if one.id == ALL else f"{opening(one, facts.attributes, noun(facts.outcomes))}, "
    things = numbers.count(row["n"]) if noun(facts.outcomes) in place else counted(facts.outcomes, row["n"])
    decimals = _decimals(row)
    said = (
        f"{place}{facts.candidate} is {numbers.rate(row['mean_confidence'], decimals)} sure on average and gets "
        f"{numbers.rate(row['right_rate'], decimals)} of {things} right"
    )
    before = None if facts.baseline is None else _claim(facts, facts.baseline, one.id)
    if before is None or before["delta"] is None:
        return f"{said}."
    return (
        f"{said}; {facts.baseline} is {numbers.rate(before['mean_confidence'], decimals)} sure and gets "
        f"{numbers.rate(before['right_rate'], decimals)} right."
    )


def _chance(facts: Facts, row: Row) -> str:
    if row["q"] is None:
        return "The gap is beyond chance."
    n = facts.claims.filter((pl.col("version") == facts.candidate) & pl.col("q").is_not_null()).height
    return f"The gap is beyond chance: it holds after correcting for {numbers.count(n)} slices (q {q_text(row['q'])})."


def _widest(facts: Facts, worst: Row) -> str:
    one = facts.slices[worst["slice"]]
    interval = numbers.difference_interval(worst["low"], worst["high"], "rate", None, " to ")
    return (
        f"It is widest {facts.where(one)}: {numbers.difference(worst['delta'], 'rate')} points "
        f"({facts.level_word} {interval}, n = {numbers.count(worst['n'])})."
    )
