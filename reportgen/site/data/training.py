"""What versions were trained on, beside what they are tested on here, and what changed between their training sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.inspection.training import (
    IN_TRAINING,
    THRESHOLD,
    Moved,
    TargetShare,
    Training,
    TrainingChange,
    TrainingSet,
    Unseen,
)
from reportgen.model import Link, Slice
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.charts import Chart, ComparedShare, MovedRow, compared_shares, moved
from reportgen.site.data.leaks import LeaksView, leak_ways, plan_leaks
from reportgen.site.data.set_rates import see_set
from reportgen.site.data.strip import StripCell

CLASSES = 12
"""Classes that the chart shows; of more, those that differ most and one row of all others."""
ATTRIBUTES = 12
"""Attributes that the chart shows, those that moved most; with as many pairs that moved as ``PAIRS``."""
PAIRS = 6
SUPPORTS = 12
"""Slices in the table of what training holds; ``report.json`` has all."""


@dataclass(frozen=True)
class ClassesView:
    """The shares of the target's classes, or of its bins, here and in training."""

    title: str
    caption: str
    key: str
    version: str
    chart: Chart


@dataclass(frozen=True)
class UnseenRow:
    """Values of an attribute that training never has: which, how many samples, and what that means for errors."""

    attribute: str
    values: str
    link: Link
    error: str
    interval: str
    rest: str


@dataclass(frozen=True)
class DriftView:
    """How far the attributes lie apart; ``lacking``: what could not be compared, for one side lacks it."""

    caption: str
    key: str
    lacking: str
    chart: Chart | None
    error: str  # the head over the unseen values' errors
    unseen: tuple[UnseenRow, ...]


@dataclass(frozen=True)
class SupportRow:
    """One slice: count and share in each training table and here, and how often it is there for once here."""

    name: str
    told: bool  # a finding speaks of it
    cells: tuple[tuple[str, str], ...]
    ratio: str
    ends: str


@dataclass(frozen=True)
class SupportsView:
    """What the training tables of baseline and candidate hold of each slice, and what changed between them."""

    title: str
    caption: str
    key: str
    head: tuple[str, ...]
    ratio: str  # the head over the ratios
    rows: tuple[SupportRow, ...]


@dataclass(frozen=True)
class TrainingView:
    """The sections; each is none where the tables lack what it is of."""

    classes: ClassesView | None
    drift: DriftView
    leaks: LeaksView | None
    supports: SupportsView

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of all sections."""
        found = (self.classes.chart if self.classes else None, self.drift.chart)
        return tuple(chart for chart in found if chart is not None)


def plan_training(report: Report) -> TrainingView | None:
    """The sections' view: of the candidate's table, or the first that there is; none without any."""
    training = report.inspection.training
    if training is None:
        return None
    one, version = _shown(report, training)
    drift, leaks = _drift(report, one, version), plan_leaks(report, training)
    return TrainingView(_classes(report, one, version), drift, leaks, _supports(report, training))


def training_cells(report: Report) -> tuple[StripCell, ...]:
    """What the strip says: attributes that moved, and samples with a value that training never has."""
    training = report.inspection.training
    if training is None:
        return ()
    one, version = _shown(report, training)
    n_moved = sum(each.moved for each in (*one.attributes, *one.pairs))
    new = [each.rows for each in training.sets if each.key != IN_TRAINING]
    n_unseen = len(np.unique(np.concatenate(new))) if new else 0
    compared = f"of {numbers.count(len(one.compared))} compared with the training set of {version}"
    pairs = sum(each.moved for each in one.pairs)
    below = compared + (f", {numbers.count(pairs)} of them a mix of two" if pairs else "")
    return (
        StripCell("check" if n_moved else "fine", "Attributes that moved", numbers.count(n_moved), below, "drift"),
        StripCell(
            "check" if n_unseen else "fine",
            "Never seen in training",
            numbers.count(n_unseen),
            f"of {sentences.counted(report.outcomes, one.n_here)} have a value new to {version}",
            "drift",
        ),
        *_leaks(report, training),
    )


def _leaks(report: Report, training: Training) -> tuple[StripCell, ...]:
    looked = [one for one in training.tables if leak_ways(one)]
    if not looked:
        return ()
    n = training.leaks.height
    names = words.versions_text([name for one in looked for name in one.versions])
    ways = {leak_ways(one): None for one in looked}
    below = f"of {sentences.counted(report.outcomes, looked[0].n_here)}, by {', or by '.join(ways)}, for {names}"
    return (StripCell("check" if n else "fine", "Also in training", numbers.count(n), below, "leaks"),)


def _shown(report: Report, training: Training) -> tuple[TrainingSet, str]:
    found = training.of(report.candidate) or training.tables[0]
    return found, report.candidate if report.candidate in found.versions else found.versions[0]


def _classes(report: Report, one: TrainingSet, version: str) -> ClassesView | None:
    rows = [row for row in one.target if row.here is not None and row.there is not None]
    if not rows:
        return None
    target = next(a for a in report.attributes if a.kind == "target")
    found = next(each for each in one.attributes if each.attributes == (target.name,))
    ordered = bool(target.edges)
    title = f"Values of {target.name}" if ordered else "Classes"
    kinds = "bin" if ordered else "class"
    shown = [_share(row) for row in rows]
    if len(shown) > CLASSES:
        shown = _largest(shown)
    elif not ordered:
        shown.sort(key=lambda row: -row.here)
    key = _target_key(found)
    many = sentences.noun(report.outcomes)
    chart = compared_shares(
        "data-classes", f"{title}: {key}", shown, level=report.limits.level, kinds=words.capital(kinds)
    )
    return ClassesView(title, f"Share of the {many} of each {kinds}", key, version, chart)


def _share(row: TargetShare) -> ComparedShare:
    assert row.here is not None
    assert row.there is not None
    return ComparedShare(
        row.value,
        row.n_here,
        row.here,
        row.here_low,
        row.here_high,
        row.n_there,
        row.there,
        row.there_low,
        row.there_high,
    )


def _largest(rows: Sequence[ComparedShare]) -> list[ComparedShare]:
    """Those that differ most, the most frequent first, and one row of all others, which has no interval."""
    ranked = sorted(rows, key=lambda row: (-abs(row.here - row.there), row.name))
    kept, rest = ranked[: CLASSES - 1], ranked[CLASSES - 1 :]
    others = ComparedShare(
        f"{numbers.count(len(rest))} other",
        sum(row.n_here for row in rest),
        min(1.0, sum(row.here for row in rest)),
        None,
        None,
        sum(row.n_there for row in rest),
        min(1.0, sum(row.there for row in rest)),
        None,
        None,
    )
    return [*sorted(kept, key=lambda row: (-row.here, row.name)), others]


def _target_key(found: Moved) -> str:
    if found.q is None:
        return "Too few to tell whether they differ."
    if not found.clear or found.most is None:
        return f"No clear difference (q {_q(found.q)})."
    most = found.most
    size = "Not the same mix" if found.moved else "A small difference beyond chance"
    return f"{size}: {most.values[0]} {numbers.rate(most.there)} in training, {numbers.rate(most.here)} here."


def _q(q: float) -> str:
    text = numbers.q_value(q)
    return text if text.startswith("<") else f"= {text}"


def _drift(report: Report, one: TrainingSet, version: str) -> DriftView:
    clear = sorted(one.attributes, key=_order)
    pairs = sorted((each for each in one.pairs if each.moved), key=_order)
    shown = sorted([*clear[:ATTRIBUTES], *pairs[:PAIRS]], key=_order)
    left = len(clear) + len(pairs) - len(shown)
    key = _drift_key(one, [each for each in (*pairs, *clear) if each.moved])
    chart = None
    if one.compared:
        chart = moved(
            "data-drift",
            key,
            [_moved_row(each) for each in shown],
            threshold=THRESHOLD,
            level=report.limits.level,
            noun=sentences.noun(report.outcomes),
        )
    caption = (
        f"How far the {sentences.counted(report.outcomes, one.n)} that {version} was trained on lie from the "
        f"{numbers.count(one.n_here)} here: the population stability index less what chance gives; 0 is the same."
    )
    if any(each.moved for each in pairs):
        caption += " Of a pair, the first share is what the two would make of each other as they do in training."
    caption += f" {numbers.count(left)} more stand in report.json." if left else ""
    lacking = ""
    if one.lacking:
        columns = "column" if len(one.lacking) == 1 else "columns"
        lacking = f"The training table has no {columns} {words.versions_text(one.lacking)}: not compared."
    if one.other:
        named = [f"{name} ({numbers.count(n)})" for name, n in one.other]
        lacking += f" Rows of training with a value that no sample here has: {words.versions_text(named)}."
    rows = [each for each in one.unseen if each.key is not None]
    error = "mean absolute error" if not report.outcomes.classes else "wrong"
    return DriftView(
        caption=caption,
        key=key,
        lacking=lacking.strip(),
        chart=chart,
        error=f"{report.candidate}: {error}",
        unseen=tuple(_unseen_row(report, each) for each in rows),
    )


def _order(one: Moved) -> tuple[bool, bool, float, tuple[str, ...]]:
    return (not one.moved, one.psi is None, -(one.psi or 0.0), one.attributes)


def _moved_row(one: Moved) -> MovedRow:
    name = " × ".join(one.attributes)
    told, shares = _told(one)
    return MovedRow(name, one.psi, one.low, one.high, one.moved, told, one.n_there, one.n_here, one.q, shares)


def _told(one: Moved) -> tuple[str, str]:
    """What moved most, and how far: "rain" and "16.1% → 17.5%", "median" and "4.7 → 5.1"."""
    if one.q is None:
        return "too few to tell", ""
    if not one.clear:
        return "no clear change", ""
    if one.middles is not None and one.middles[0] != one.middles[1]:
        decimals = numbers.scale_decimals(max(map(abs, one.middles)))
        before, after = (numbers.plain(v, decimals) for v in one.middles)
        if before != after:
            return "median", f"{before} → {after}"
    if one.most is None:
        return "", ""
    first = one.most.there if one.most.expected is None else one.most.expected
    return " × ".join(one.most.values), f"{numbers.rate(first)} → {numbers.rate(one.most.here)}"


def _drift_key(one: TrainingSet, found: Sequence[Moved]) -> str:
    n = len(one.compared)
    if not n:
        return "Nothing could be compared."
    if found:
        names = words.versions_text([" × ".join(each.attributes) for each in found])
        verb = "has" if len(found) == 1 else "have"
        mix = "the mix of " if len(found) == 1 and len(found[0].attributes) == 2 else ""
        return f"{words.capital(mix)}{names} {verb} moved."
    small = sum(each.clear for each in one.attributes)
    if small:
        verb = "differs" if small == 1 else "differ"
        counts = f"{numbers.count(small)} of {numbers.count(n)}"
        return f"Nothing moved much: {counts} {verb} beyond chance, all below {THRESHOLD}."
    return (
        "No clear change in the one that was compared." if n == 1 else f"No clear change in any of {numbers.count(n)}."
    )


def _unseen_row(report: Report, one: Unseen) -> UnseenRow:
    rates = report.inspection.rates.filter((pl.col("set") == one.key) & (pl.col("version") == report.candidate))
    row = rates.row(0, named=True) if rates.height else {"value": None, "low": None, "high": None, "rest": None}
    unit = "rate" if report.outcomes.classes else "number"
    found = next(each for each in report.inspection.sets if each.key == one.key)
    values = [f"{value} ({numbers.count(n)})" for value, n in one.values]
    return UnseenRow(
        one.attribute,
        words.versions_text(values),
        see_set(report, found, numbers.count(found.n)),
        numbers.value(row["value"], "rate" if unit == "rate" else "number"),
        numbers.interval(row["low"], row["high"], "rate" if unit == "rate" else "number"),
        numbers.value(row["rest"], "rate" if unit == "rate" else "number"),
    )


def _supports(report: Report, training: Training) -> SupportsView:
    pair = [name for name in (report.baseline, report.candidate) if name and training.of(name)]
    pair = pair or [training.tables[0].versions[0]]
    shown = pair[:1] if len(pair) == 2 and training.of(pair[0]) is training.of(pair[1]) else pair
    table = report.supports.filter(pl.col("version").is_in(shown))
    figures = {(row["version"], row["slice"]): row for row in table.iter_rows(named=True)}
    told = {one.slice for one in report.findings if one.slice}
    slices = {one.id: one for one in report.slices}
    ids = [one for one in slices if all((name, one) in figures for name in shown)]
    ids.sort(key=lambda one: (one not in told, -_apart([figures[name, one] for name in shown]), one))
    rows = [_support_row(slices[one], one in told, [figures[name, one] for name in shown]) for one in ids[:SUPPORTS]]
    both = len(pair) == 2 and len(shown) == 1
    whose = [f"Training of {name}" for name in (["both"] if both else shown)]
    title = (
        f"What changed between the training sets of {shown[0]} and {shown[1]}"
        if len(shown) == 2
        else "Slices in training"
    )
    caption = "Slices of findings come first, then those whose shares lie furthest apart."
    if len(shown) == 2:
        caption = f"Whole tables are counted, so nothing is tested between the two. {caption}"
    untold = sorted(
        {t.attribute for name in told for t in slices[name].terms}
        & {name for one in pair for name in _lacks(training, one)}
    )
    if untold:
        columns = "column" if len(untold) == 1 else "columns"
        caption += f" Slices by {sentences.listed(untold)} can't be counted: the training table has no such {columns}."
    if len(ids) > len(rows):
        caption += f" {numbers.count(len(ids) - len(rows))} more stand in report.json."
    ratio = f"{whose[-1] if len(shown) == 2 else 'Training'} ÷ here"
    return SupportsView(
        title, caption, trained_text(report, training, report.candidate), (*whose, "Here"), ratio, tuple(rows)
    )


def _lacks(training: Training, version: str) -> tuple[str, ...]:
    """The attributes of which a version's table has no column."""
    table = training.of(version)
    return () if table is None else table.lacking


def _apart(rows: Sequence[Mapping[str, float]]) -> float:
    """How far the shares of a slice lie apart: between the two tables, or between the one and here."""
    return abs(rows[0]["share"] - (rows[1]["share"] if len(rows) == 2 else rows[0]["share_here"]))


def _support_row(one: Slice, told: bool, rows: Sequence[Mapping[str, float]]) -> SupportRow:
    cells = [*((row["n"], row["share"]) for row in rows), (rows[0]["n_here"], rows[0]["share_here"])]
    last = rows[-1]
    ratio = numbers.MISSING if last["ratio"] is None else numbers.plain(last["ratio"], 2)
    fine = 2 if last["ratio_high"] is None or last["ratio_high"] >= 0.01 else 4  # the ends of nearly nothing
    return SupportRow(
        one.name,
        told,
        tuple((numbers.count(int(n)), numbers.rate(share)) for n, share in cells),
        ratio,
        numbers.interval(last["ratio_low"], last["ratio_high"], "number", fine)
        if last["ratio_high"] is not None
        else "",
    )


def trained_text(report: Report, training: Training, version: str) -> str:
    """What a version was trained on, and what of it is new since the baseline, in a sentence or two."""
    noun = sentences.noun(report.outcomes)
    own, old = training.of(version), training.of(report.baseline)
    change = next((one for one in training.changes if one.after == version), None)
    if change is not None:
        return f"{_change_text(change, noun)}{_relabelled_text(change)}"
    if own is not None and own is old and version != report.baseline:
        return f"Both versions were trained on the same table of {numbers.count(own.n)} {noun}."
    named = [
        f"{name} was trained on {numbers.count(one.n)} {noun}"
        for name, one in ((report.baseline, old), (version, own))
        if one
    ]
    if version == report.baseline or report.baseline is None:
        named = named[-1:]
    lacking = [name for name, one in ((report.baseline, old), (version, own)) if name and one is None]
    said = f"{sentences.listed(named)}." if named else ""
    return f"{said} The manifest names no training table of {sentences.listed(lacking)}.".strip() if lacking else said


def _change_text(one: TrainingChange, noun: str) -> str:
    old, new = numbers.count(one.n_before), numbers.count(one.n_after)
    if one.n_added is None or one.n_removed is None:
        return (
            f"{one.before} was trained on {old} {noun}, {one.after} on {new}; no ids tell which of them are the same."
        )
    added = numbers.count(one.n_added)
    kept = numbers.count(one.n_before - one.n_removed)
    return {
        "same rows": f"{one.before} and {one.after} were trained on the same {old} {noun}.",
        "contains": f"{one.after} was trained on all {old} {noun} of {one.before}, and on {added} more.",
        "within": f"{one.after} was trained on {new} of the {old} {noun} of {one.before}: {_left_out(one)}.",
        "overlap": f"Of the {old} {noun} that {one.before} was trained on, {one.after} has {kept}: {_left_out(one)} "
        f"and {added} {'is' if one.n_added == 1 else 'are'} new.",
        "apart": f"None of the {old} {noun} that {one.before} was trained on is among the {new} of {one.after}.",
    }[one.relation]


def _left_out(one: TrainingChange) -> str:
    n = one.n_removed or 0
    return f"{numbers.count(n)} {'was' if n == 1 else 'were'} left out"


def _relabelled_text(one: TrainingChange) -> str:
    if not one.n_relabelled:
        return "" if one.n_relabelled is None or one.relation == "apart" else " No label changed."
    verb = "was" if one.n_relabelled == 1 else "were"
    said = f" {numbers.count(one.n_relabelled)} of those in both {verb} relabelled"
    if not one.relabelled:
        return f"{said}."
    before, after, n = one.relabelled[0]
    return f"{said}, most often {before} → {after} ({numbers.count(n)})."
