"""The examples page: the sets of hard samples with their rules, and what the live gallery starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import columns, numbers
from reportgen.analysis import region_words, sentences
from reportgen.analysis.judged_words import words_of
from reportgen.model import Attribute, ExampleSet
from reportgen.report import Report
from reportgen.site.charts import Chart
from reportgen.site.charts.bars import BarRow, bars
from reportgen.site.media import Thumbnails
from reportgen.site.overlays import has_boxes
from reportgen.site.region_maps import has_regions
from reportgen.site.region_paths import SIDE
from reportgen.site.sequences import SequencesView, plan_sequences
from reportgen.site.tiles import TileView, tile_view
from reportgen.site.trainings import first_training

SHOWN = 16
"""Tiles of a set that stand in the page itself: two rows."""
CROP = (
    "Each tile shows what is around one object: the largest object that is newly missed, or the surest detection that "
    "is newly false, or the largest that is missed, or the surest that is false. Where that fills much of the picture, "
    "or nothing is wrong, the tile shows the whole picture."
)
BARS = 12
"""Values of an attribute that the chart of the selection shows, the most frequent where there are more."""


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
    wide: bool  # tiles of words need room
    crop: str  # which part of its picture a tile can show; empty where nothing is drawn over pictures
    drawn: str  # what stands over the pictures of pixels that are judged
    media: str
    spread: Chart | None  # how the first set is spread over the values of an attribute; live
    spread_words: str
    sequences: SequencesView | None  # where samples are frames
    first_training: str  # whose outcomes are shown, where a version has several trainings


def plan_examples(report: Report, thumbnails: Thumbnails) -> ExamplesView:
    """The page's view; its totals are those of the report's sets."""
    attribute = spread_attribute(report)
    return ExamplesView(
        sets=tuple(_set(report, thumbnails, one) for one in report.example_sets),
        noun=sentences.noun(report.outcomes, 1),
        nouns=sentences.noun(report.outcomes),
        n_samples=numbers.count(report.outcomes.frame.height),
        wide=report.outcomes.media.kind != "image" or report.outcomes.parts is not None,
        crop=_crop_rule(report),
        drawn=_drawn(report),
        media=next((note.message for note in thumbnails.notes if note.code == "RG463"), ""),
        spread=_spread(report, attribute) if attribute and report.example_sets else None,
        spread_words=_spread_words(report, attribute) if attribute and report.example_sets else "",
        sequences=plan_sequences(report),
        first_training=first_training(report),
    )


def _crop_rule(report: Report) -> str:
    """Which part of a picture a tile shows where it shows no whole one."""
    if has_regions(report.outcomes):
        return region_words.CROP
    return CROP if has_boxes(report.outcomes) else ""


def _drawn(report: Report) -> str:
    if not has_regions(report.outcomes):
        return ""
    parts = report.outcomes.parts
    assert parts is not None
    several = region_words.SEVERAL if len(parts.classes) > 1 else ""
    return region_words.DRAWN.format(several=several, side=numbers.count(SIDE))


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


def _spread_words(report: Report, attribute: Attribute) -> str:
    first = report.example_sets[0]
    orange = f" Orange: {words_of(report.outcomes).mark_wrong} in {report.candidate}." if _is_judged(report) else ""
    return (
        f"The {sentences.counted(report.outcomes, first.n_total)} of the set “{first.label}”, by {attribute.name}; "
        f"beside each bar, of how many in the whole report.{orange}"
    )


def _is_judged(report: Report) -> bool:
    """Whether a prediction is right or wrong at all."""
    return bool(report.outcomes.classes) or report.outcomes.tolerance is not None


def _spread(report: Report, attribute: Attribute) -> Chart:
    """How the mistakes (the first set) are spread over the classes, or over the first attribute of values.

    A bar counts the samples of the selection; beside it how many there are in the whole report.
    """
    outcomes = report.outcomes
    frame = outcomes.frame
    version = outcomes.versions.index(report.candidate)
    scored = frame[columns.scored(version)].to_numpy()
    wrong = scored & (frame[columns.correct(version)].to_numpy() == 0)
    selected = wrong if outcomes.classes else scored
    codes = frame[columns.attribute(attribute.index)].to_numpy()
    n, n_wrong, n_all = (_tally(codes, kept, len(attribute.values)) for kept in (selected, wrong, codes >= 0))
    order = list(range(len(attribute.values)))
    if len(order) > BARS:
        order = sorted(order, key=lambda code: (-int(n[code]), code))[:BARS]
    judged = _is_judged(report)
    rows = [
        BarRow(
            attribute.values[code],
            int(n[code]),
            int(n_wrong[code]) if judged else None,
            f"{numbers.count(int(n[code]))} of {numbers.count(int(n_all[code]))}",
        )
        for code in order
    ]
    total = numbers.count(frame.height)
    noun = sentences.noun(outcomes)
    return bars(
        "examples-spread",
        f"How the {numbers.count(int(selected.sum()))} {noun} of this set are spread over {attribute.name}",
        rows,
        noun=noun,
        names_to_come=[value for a in outcomes.attributes for value in a.values] + list(outcomes.classes),
        told_to_come=[f"{total} of {total}"],
    )


def spread_attribute(report: Report) -> Attribute | None:
    """What the selection is spread over at first: the classes, else the first attribute."""
    coded = [a for a in report.outcomes.attributes if a.kind != "prediction"]
    if report.outcomes.classes:
        return next((a for a in coded if a.kind == "target"), coded[0] if coded else None)
    return next((a for a in coded if a.kind != "target"), coded[0] if coded else None)


def _tally(codes: np.ndarray, kept: np.ndarray, size: int) -> np.ndarray:
    """How many of the kept samples hold each code."""
    return np.bincount(codes[kept & (codes >= 0)], minlength=size)
