"""The examples page: the sets of hard samples with their rules, and what the live gallery starts from."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.model import ExampleSet, Report
from reportgen.site.media import Thumbnails
from reportgen.site.tiles import TileView, tile_view

SHOWN = 16
"""Tiles of a set that stand in the page itself: two rows."""


@dataclass(frozen=True)
class SetView:
    """One set as it stands in the page before any script: its first samples, and how many there are."""

    name: str
    label: str
    rule: str
    total: str
    shown: str  # "the first 16 of 3,412"; empty where all are there
    tiles: tuple[TileView, ...]


@dataclass(frozen=True)
class ExamplesView:
    """What stands on the page. ``media`` says which samples have a picture or text in the report, and its size."""

    sets: tuple[SetView, ...]
    noun: str
    nouns: str
    n_samples: str
    media: str


def plan_examples(report: Report, thumbnails: Thumbnails) -> ExamplesView:
    """The page's view; its totals are those of the report's sets."""
    return ExamplesView(
        sets=tuple(_set(report, thumbnails, one) for one in report.example_sets),
        noun=sentences.noun(report.outcomes, 1),
        nouns=sentences.noun(report.outcomes),
        n_samples=numbers.count(report.outcomes.frame.height),
        media=next((note.message for note in thumbnails.notes if note.code == "RG463"), ""),
    )


def _set(report: Report, thumbnails: Thumbnails, one: ExampleSet) -> SetView:
    ranked = report.examples.filter(pl.col("set") == one.name).sort("rank")["row"].to_list()[:SHOWN]
    first = f"the first {numbers.count(len(ranked))} of {numbers.count(one.n_total)}"
    return SetView(
        name=one.name,
        label=one.label,
        rule=one.rule,
        total=numbers.count(one.n_total),
        shown=first if len(ranked) < one.n_total else "",
        tiles=tuple(tile_view(report, thumbnails, row, set_name=one.name) for row in ranked),
    )
