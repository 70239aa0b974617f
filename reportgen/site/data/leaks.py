"""Samples that a training table has too: how many, the first beside their row there, what they do to figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection.training import IN_TRAINING, ContentCompared, Training, TrainingSet
from reportgen.model import Link
from reportgen.report import Report
from reportgen.site.data.duplicates import EffectRow, effect_rows, likeness_text, moved_text
from reportgen.site.data.set_rates import see_set
from reportgen.site.tiles import EXCERPT, target_text

SHOWN = 5
"""Samples in the table; the list that goes with the set has all."""


@dataclass(frozen=True)
class LeakRow:
    """One sample, and what of it stands in training."""

    sample: Link
    text: str  # empty where texts are not compared
    versions: str
    there: str  # the row's id there, or its number
    there_text: str
    likeness: str  # "by id", "exact", "the same words", "similarity 0.97"
    labels: str  # "both 7", "7 · 1"; empty where the table has no label
    differ: bool


@dataclass(frozen=True)
class LeaksView:
    """What stands in the section; ``see`` is none where no sample is in any table."""

    said: str  # of each table that was compared, what was and what was found
    see: Link | None
    moved: str
    rows: tuple[LeakRow, ...]
    effects: tuple[EffectRow, ...]


def plan_leaks(report: Report, training: Training) -> LeaksView | None:
    """The section's view; none where no table has ids or content to look for."""
    said = _compared(report, training)
    if not said:
        return None
    leaks = training.leaks
    found = next((one for one in training.sets if one.key == IN_TRAINING), None)
    see = None if found is None else see_set(report, found, f"See {sentences.counted(report.outcomes, found.n)}")
    return LeaksView(
        said=" ".join(said),
        see=see,
        moved=" ".join(moved_text(report, training.effects, leaks.height, "them")),
        rows=tuple(_row(report, row) for row in leaks.head(SHOWN).iter_rows(named=True)),
        effects=tuple(effect_rows(report, training.effects)),
    )


def leak_ways(table: TrainingSet) -> str:
    """By what samples were looked for in a table: "ids and texts"; empty where by nothing."""
    ways = (["ids"] if table.n_trained_on is not None else []) + [one.what for one in table.content]
    return sentences.listed(ways) if ways else ""


def _compared(report: Report, training: Training) -> list[str]:
    """What was looked for in each table, and what was found; once of tables of which the same is to be said."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[TrainingSet]] = {}
    for table in training.tables:
        if ways := leak_ways(table):
            limits = tuple(_limits(one) for one in table.content if one.untold or one.too_many)
            alike.setdefault((ways, _found(table), limits), []).append(table)
    said = []
    for (ways, found, limits), tables in alike.items():
        n_here = sentences.counted(report.outcomes, tables[0].n_here)
        names = sentences.listed([name for table in tables for name in table.versions])
        which = f"the training set of {names}" if len(tables) == 1 else f"each training set, of {names}"
        said += [f"Of {n_here} looked for by {ways} in {which}, {found}.", *limits]
    return said


def _found(table: TrainingSet) -> str:
    """How many samples are in a table, and by what."""
    counts = [
        (table.n_trained_on or 0, "by id"),
        *((one.n_same, f"by the same {_single(one)}") for one in table.content),
        *((one.n_near, f"by nearly the same {_single(one)}") for one in table.content),
    ]
    told = [f"{numbers.count(n)} {how}" for n, how in counts if n]
    if not told:
        return "none is in it"
    return f"{sentences.listed(told)} {'is' if sum(n for n, _ in counts) == 1 else 'are'} in it too"


def _single(one: ContentCompared) -> str:
    return one.what.removesuffix("s")


def _limits(one: ContentCompared) -> str:
    if one.untold:
        return f"By {one.what} so many are near that it doesn't tell them apart: only equal ones count."
    return f"There are too many {one.what} to compare all with all: only equal ones count."


def _row(report: Report, row: Mapping[str, Any]) -> LeakRow:
    outcomes = report.outcomes
    media, text = outcomes.media, ""
    if row["there_text"] is not None and media.column in outcomes.samples.columns:
        text = str(outcomes.samples[media.column][row["row"]] or "")
    label = target_text(outcomes, row["row"])
    labels = ""
    if row["other_label"] is not None:
        labels = f"{label} · {row['there_label']}" if row["other_label"] else f"both {label}"
    return LeakRow(
        Link("examples", row["id"], (("set", "all"), ("sample", row["id"]))),
        _short(text),
        sentences.listed(row["versions"]),
        row["there_id"] or f"row {numbers.count(row['there'] + 1)}",
        _short(row["there_text"] or ""),
        _likeness(row, text),
        labels,
        bool(row["other_label"]),
    )


def _likeness(row: Mapping[str, Any], text: str) -> str:
    if row["how"] == "id":
        return "by id"
    if row["how"] == "text" and text != row["there_text"]:
        return "the same words"
    return likeness_text(row["how"], row["likeness"])


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}{numbers.ELLIPSIS}"
