"""Findings that need no second version: weak slices, and data that was left out."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import numbers
from reportgen.analysis import grounds
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.finding_parts import COVERED, certain_loss, q_text, share_of_all, size_effect
from reportgen.analysis.sentences import counted, examples_link, lowered, noun, slice_link, unit_word, value_text
from reportgen.model import ALL, Effect, EffectRow, Finding, Link

Mark = npt.NDArray[np.bool_]

LARGEST_WEAK = 0.5
"""A slice that holds more than half of the samples is no weak spot; its small complement is a strong one."""


def find_weak(facts: Facts, taken: set[int], n: int, told: Collection[str | None] = ()) -> list[Finding]:
    """The slices on which the candidate is weaker than on the rest, most samples lost first.

    None whose mistakes are mostly in slices told before: that they got worse says it already.
    """
    table = facts.weaknesses.filter(
        (pl.col("version") == facts.candidate) & (pl.col("verdict") == "worse") & (pl.col("support") == "decide")
    )
    rows = sorted(table.iter_rows(named=True), key=lambda row: (-certain_loss(row), row["slice"]))
    found: list[Finding] = []
    covered = np.zeros(facts.outcomes.frame.height, bool)
    for before in told:
        covered |= facts.rows(before) if before is not None and before != ALL else False
    version = facts.outcomes.versions.index(facts.candidate)
    wrong = (facts.outcomes.frame[f"correct_{version}"] == 0).to_numpy()
    for row in rows:
        inside = facts.rows(row["slice"])
        if len(found) == n:
            break
        if row["slice"] in told or not facts.is_told("weak", row) or inside.sum() > LARGEST_WEAK * len(inside):
            continue
        if (inside & covered & wrong).sum() >= COVERED * max(1, (inside & wrong).sum()):
            continue
        covered |= inside
        found.append(_weakness(facts, row, inside & wrong, taken))
    return found


def _weakness(facts: Facts, row: Row, wrong: Mark, taken: set[int]) -> Finding:
    one = facts.slices[row["slice"]]
    metric = facts.primary
    decimals = facts.decimals(one.id)
    value, rest = (value_text(metric, row[end], decimals) for end in ("value", "rest"))
    if facts.is_right_or_wrong:
        first = facts.level_sentence(one, row["n"], value, f"of all others {rest}")
        link = examples_link("wrong", int(wrong.sum()), "wrong", one, facts.attributes, facts.candidate)
    else:
        by = "by " if metric.name == "mae" else ""
        first = facts.level_sentence(one, row["n"], value, f"on all others {by}{rest}")
        link = examples_link("all", row["n"], noun(facts.outcomes), one, facts.attributes, facts.candidate)
    return Finding(
        kind="weak",
        severity="watch",
        reason=share_of_all(facts, one),
        headline=f"{facts.candidate} is weak {facts.where(one)}",
        text=f"{first} The gap is beyond chance ({_p_or_q(row)}).",
        slice=one.id,
        metric=metric.name,
        effect=size_effect(
            facts,
            metric,
            row,
            [EffectRow.of(one.name, row, decimals)],
            unit=f"{unit_word(metric) or lowered(metric.label)} against the rest",
            axis=f"{lowered(metric.label)} against all others" + (", points" if metric.unit == "rate" else ""),
        ),
        links=(link, slice_link(one, facts.candidate if facts.baseline else None)),
        rows=facts.hardest(wrong, taken),
        grounds=grounds.of_weakness(facts, one),
        weight=certain_loss(row),
    )


def nothing_weak(facts: Facts) -> Finding:
    """Said where no slice of the one version is weak: none beyond chance, or none that is large enough to judge."""
    things = noun(facts.outcomes)
    large = facts.weaknesses.filter((pl.col("version") == facts.candidate) & (pl.col("support") == "decide")).height
    need = f"{numbers.count(facts.limits.decide)} {things}"
    return Finding(
        kind="none",
        severity="data",
        reason="No weak slice found" if large else "Too few to tell",
        headline="No slice stands out as weak" if large else "No slice is large enough to be judged",
        text=f"No slice of {need} or more is weaker than the rest beyond {_chance(facts)}."
        if large
        else f"A slice needs {need} to be called weak, and none has them.",
        slice=ALL,
        metric=facts.primary.name,
        effect=None,
        links=(Link("slices", "All slices"),),
        state="inconclusive" if large else "too_few",
        grounds=grounds.of_nothing(facts),
    )


def _chance(facts: Facts) -> str:
    """What no slice is beyond: chance, or where some are in their own family, what chance brings to a whole report."""
    weak = facts.weaknesses.filter((pl.col("version") == facts.candidate) & (pl.col("verdict") == "worse"))
    return "what chance brings where as much is asked as in this report" if weak.height else "chance"


def find_data_problems(facts: Facts) -> list[Finding]:
    """What was left out of the figures, the largest problem first."""
    notes = [note for note in facts.notes if note.severity == "degraded" and note.n]
    notes.sort(key=lambda note: (-(note.n or 0), note.code, note.message))
    total = facts.outcomes.frame.height
    return [
        Finding(
            kind="data",
            severity="data",
            reason="To check",
            key=" ".join(part for part in (note.code, note.file, note.column) if part),
            headline=f"{numbers.count(note.n or 0)} entries were left out or repaired",
            text=f"{note.message[0].upper()}{note.message[1:].rstrip('.')}.",
            slice=None,
            metric=None,
            effect=Effect(
                figure=numbers.count(note.n or 0),
                unit=f"beside {counted(facts.outcomes, total)} in all",
                verdict="unclear",
                kind="none",
            ),
            links=(Link("about", "All data notes", (("at", "notes"),)),),
            grounds=grounds.of_counts(facts),
            weight=float(note.n or 0),
        )
        for note in notes
    ]


def _p_or_q(row: Row) -> str:
    """The corrected p-value; of a slice that the manifest declares, which stands outside the families, its own."""
    return f"p {q_text(row['p'])}" if row["q"] is None else f"q {q_text(row['q'])}"
