"""What versions were trained on: how often values occur in their training tables, beside how often they occur here."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import Slice, TrainingData
from reportgen.report import Report
from reportgen.site import words

MOST_ROWS = 12
"""Slices that the page lists; ``report.json`` has all."""


@dataclass(frozen=True)
class SupportRow:
    """One slice: how many samples of each training table are in it, with their share, and here."""

    name: str
    told: bool  # a finding speaks of it
    cells: tuple[tuple[str, str], ...]  # count and share: of each training table, and here


@dataclass(frozen=True)
class TrainedView:
    """What the training tables of the baseline and of one version hold."""

    version: str
    head: tuple[str, ...]  # whose each column is
    prose: str
    rows: tuple[SupportRow, ...]
    unseen: tuple[str, ...]  # a sentence a table that lacks values of here


def plan_trained(report: Report) -> tuple[TrainedView, ...]:
    """One view a version that is held against the baseline, the candidate first; none without training tables."""
    if not report.training:
        return ()
    versions = [name for _, name in report.pairs] or [report.candidate]
    versions.sort(key=lambda name: name != report.candidate)
    views = [_view(report, [name for name in (report.baseline, version) if name], version) for version in versions]
    return tuple(view for view in views if view is not None)


def _view(report: Report, pair: list[str], version: str) -> TrainedView | None:
    tables = [one for name in pair for one in report.training if one.version == name]
    if not tables:
        return None
    files = {one.role: one.sha256 for one in report.inputs}
    hashes = {files.get(f"training data of {one.version}") for one in tables}
    same = len(tables) == 2 and len(hashes) == 1
    shown = tables[:1] if same else tables
    told = {one.slice for one in report.findings if one.slice}
    slices = {one.id: one for one in report.slices}
    figures = {
        (row["version"], row["slice"]): row
        for row in report.supports.filter(pl.col("version").is_in([t.version for t in shown])).iter_rows(named=True)
    }
    ids = [one for one in slices if all((table.version, one) in figures for table in shown)]
    ids.sort(key=lambda one: (one not in told, -_apart(figures, shown, one), one))
    rows = tuple(_row(slices[one], one in told, [figures[t.version, one] for t in shown]) for one in ids[:MOST_ROWS])
    whose = ["both versions"] if same else [one.version for one in shown]
    lacking = [name for name in pair if name not in {one.version for one in tables}]
    return TrainedView(
        version,
        (*(f"Training of {name}" for name in whose), "Here"),
        _prose(report, shown, same=same, lacking=lacking, more=len(ids) - len(rows)),
        rows,
        tuple(_unseen(one) for one in shown if one.unseen),
    )


def _apart(figures: dict[tuple[str, str], dict[str, float]], shown: list[TrainingData], one: str) -> float:
    """How far the shares of a slice lie apart, over the training tables and here."""
    rows = [figures[table.version, one] for table in shown]
    shares = [*(row["share"] for row in rows), rows[0]["share_here"]]
    return max(shares) - min(shares)


def _row(one: Slice, told: bool, rows: list[dict[str, float]]) -> SupportRow:
    cells = [*((row["n"], row["share"]) for row in rows), (rows[0]["n_here"], rows[0]["share_here"])]
    return SupportRow(one.name, told, tuple((numbers.count(int(n)), numbers.rate(share)) for n, share in cells))


def _prose(report: Report, shown: list[TrainingData], *, same: bool, lacking: list[str], more: int) -> str:
    many = sentences.noun(report.outcomes)
    if same:
        whose = "Both versions were trained on the same table"
        said = f"{whose} of {numbers.count(shown[0].n)} {many}."
    else:
        listed = sentences.listed([f"{one.version} on {numbers.count(one.n)}" for one in shown])
        said = f"Trained on: {listed} {many}."
    if lacking:
        said += f" The manifest names no training table of {sentences.listed(lacking)}."
    said += " Slices of findings come first, then those whose shares lie furthest apart."
    return f"{said} {numbers.count(more)} more stand in report.json." if more else said


def _unseen(one: TrainingData) -> str:
    values = [f"{name} = {value}" for name, value in one.unseen]
    return f"Never seen in the training of {one.version}: {words.versions_text(values)}."
