"""Labels that look wrong: the most suspect samples, what is taken for what, and what correcting them would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection import LabelIssues
from reportgen.model import Link
from reportgen.report import Report
from reportgen.site.data.reviewed import how_far_reviewed, left_out_text
from reportgen.site.data.set_rates import of_the_whole, see_set
from reportgen.site.data.strip import StripCell
from reportgen.site.media import Thumbnails
from reportgen.site.tiles import TileView, tile_view

SHOWN = 6
"""Tiles in the page: one row."""
ALIKE = 3
"""Look-alikes that stand under a tile."""
KINDS = 5
"""Kinds of suspicion that are named; the rest are one row."""


@dataclass(frozen=True)
class SuspectView:
    """One candidate: its tile, and what speaks against its label."""

    tile: TileView
    label: str
    suggestion: str
    who: str  # "all 3 versions say", "2 of 3 versions say"
    figures: str  # probability of the label and of the suggestion: "0.02 · 0.97"; empty without probabilities
    alike: str = ""  # "9 of 10 look-alikes are 7"; empty without an embedding
    look_alikes: tuple[TileView, ...] = ()  # the nearest ones


@dataclass(frozen=True)
class KindRow:
    """How many candidates have one label and one suggestion; ``share`` of the largest row, 0 to 1."""

    label: str
    suggestion: str
    n: str
    share: float


@dataclass(frozen=True)
class EffectRow:
    """A metric of a version, or of the change, as the labels are and as correcting them can make it."""

    name: str
    whose: str
    value: str
    corrected: str
    span: str  # "90.1% to 93.0%"; empty where there are no bounds


@dataclass(frozen=True)
class LabelsView:
    """What stands in the section."""

    caption: str
    key: str
    in_sample: str
    suspects: tuple[SuspectView, ...]
    see_all: Link | None
    list: str  # key of the list to review; empty without one
    kinds: tuple[KindRow, ...]
    effects: tuple[EffectRow, ...]  # of the metric that leads
    more_effects: tuple[EffectRow, ...]


def plan_labels(report: Report, thumbnails: Thumbnails) -> LabelsView | None:
    """The section's view; none where no label could be looked at."""
    labels = report.inspection.labels
    if labels is None:
        return None
    table = labels.candidates.head(SHOWN)
    n = labels.candidates.height
    effects = _effects(report, labels)
    see_all = see_set(report, labels.sets[0], f"See all {numbers.count(n)}") if labels.sets else None
    many = sentences.counted(report.outcomes, labels.n_checked)
    return LabelsView(
        caption=f"{labels.rule}{_legend(labels)} Looked at: {many}.{_near_by(report)}",
        key=_key(report, labels),
        in_sample=left_out_text(labels.n_in_sample, report.outcomes, "samples"),
        suspects=tuple(_suspect(report, thumbnails, row) for row in table.iter_rows(named=True)),
        see_all=see_all,
        list=labels.sets[0].key if labels.sets else "",
        kinds=_kinds(labels),
        effects=tuple(row for row in effects if row.name == report.primary.label),
        more_effects=tuple(row for row in effects if row.name != report.primary.label),
    )


def label_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says of labels; nothing where none could be looked at."""
    labels = report.inspection.labels
    if labels is None:
        return ()
    n = labels.candidates.height
    share = numbers.rate(n / labels.n_checked) if labels.n_checked else ""
    below = f"{share} of {numbers.count(labels.n_checked)} looked at" if n else f"of {numbers.count(labels.n_checked)}"
    return (StripCell("check" if n else "fine", "Suspect labels", numbers.count(n), below, "labels"),)


def said_by(n_for: int, n: int) -> str:
    """Who says something: so many of the versions."""
    every = "the version says" if n == 1 else "both versions say" if n == 2 else f"all {n} versions say"
    return every if n_for == n else f"{n_for} of {n} versions say"


def _legend(labels: LabelIssues) -> str:
    """What the two figures under each sample are."""
    if not labels.candidates["confidence"].count():
        return ""
    return " Under each: the probability of the label, and of what is suggested."


def suspect_rows(report: Report) -> list[int]:
    """The rows whose media the section needs."""
    labels = report.inspection.labels
    if labels is None:
        return []
    rows: list[int] = labels.candidates["row"].head(SHOWN).to_list()
    return [*rows, *(near for row in rows for near in _nearest(report, row))]


def _near_by(report: Report) -> str:
    """What look-alikes are, where there are any."""
    near = report.inspection.look_alikes
    return "" if near is None else f" Look-alikes are the {near.k} nearest by the embedding."


def _nearest(report: Report, row: int) -> list[int]:
    """The look-alikes of a sample that are shown with it."""
    near = report.inspection.look_alikes
    return [] if near is None else [one for one in near.rows[row, :ALIKE].tolist() if one >= 0]


def _alike(report: Report, row: Mapping[str, object]) -> str:
    """What the labels of the look-alikes say of a candidate."""
    if row["n_look_alikes"] is None:
        return ""
    n_for, n = int(str(row["look_alikes_for"])), int(str(row["n_look_alikes"]))
    if not report.outcomes.classes:
        return f"{n_for} of {n} look-alikes are nearer to it"
    return f"{n_for} of {n} look-alikes {'is' if n_for == 1 else 'are'} {row['suggestion']}"


def _key(report: Report, labels: LabelIssues) -> str:
    n = labels.candidates.height
    if not n:
        return "No label looks wrong."
    share = numbers.rate(n / labels.n_checked)
    verb = "looks" if n == 1 else "look"
    called = "labels" if report.outcomes.classes else "values"
    said = f"{numbers.count(n)} of {numbers.count(labels.n_checked)} {called} ({share}) {verb} wrong."
    if labels.method == "agreement":
        verb = "is" if n == 1 else "are"
        said = (
            f"{numbers.count(n)} of {numbers.count(labels.n_checked)} labels ({share}) {verb} contradicted by all "
            "versions: wrong labels, or mistakes that all of them make."
        )
    return how_far_reviewed(said, labels.reviewed, report.limits.level)


def _suspect(report: Report, thumbnails: Thumbnails, row: Mapping[str, object]) -> SuspectView:
    who = said_by(int(str(row["n_for"])), int(str(row["n_versions"])))
    figures = ""
    if row["confidence"] is not None:
        own, other = (numbers.probability(float(str(row[one]))) for one in ("label_confidence", "confidence"))
        figures = f"{own} · {other}"
    tile = tile_view(report, thumbnails, int(str(row["row"])))
    near = tuple(tile_view(report, thumbnails, one) for one in _nearest(report, int(str(row["row"]))))
    return SuspectView(tile, str(row["label"]), str(row["suggestion"]), who, figures, _alike(report, row), near)


def _kinds(labels: LabelIssues) -> tuple[KindRow, ...]:
    if not labels.kinds:
        return ()
    rest = labels.kinds[KINDS:]
    n_rest = sum(one[2] for one in rest)
    most = max(labels.kinds[0][2], n_rest)
    rows = [KindRow(a, b, numbers.count(n), n / most) for a, b, n in labels.kinds[:KINDS]]
    if rest:
        rows.append(KindRow(f"{numbers.count(len(rest))} other kinds", "", numbers.count(n_rest), n_rest / most))
    return tuple(rows)


def _effects(report: Report, labels: LabelIssues) -> tuple[EffectRow, ...]:
    """Every metric that is not of one of many classes, of baseline and candidate, and its change."""
    infos = {one.name: one for one in report.metrics}
    shown = [one for one in (report.baseline, report.candidate) if one is not None]
    table = labels.effects.filter(of_the_whole(report) & (pl.col("version").is_null() | pl.col("version").is_in(shown)))
    rows = []
    for row in table.iter_rows(named=True):
        unit = infos[row["metric"]].unit if row["metric"] in infos else None
        if unit is None or row["value"] is None:
            continue
        write = numbers.difference if row["version"] is None else numbers.value
        figures = [row[name] for name in ("value", "corrected", "at_least", "at_most")]
        known = [abs(one) for one in figures if one is not None]
        decimals = None if unit == "rate" else numbers.scale_decimals(max(known))
        value, corrected, least, most = ("" if one is None else write(one, unit, decimals) for one in figures)
        span = f"{least} to {most}" if least else ""
        rows.append(EffectRow(infos[row["metric"]].label, row["version"] or "change", value, corrected, span))
    return tuple(rows)
