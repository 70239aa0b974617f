"""The example of scenes, built: what is said of its films, whose frames are the samples."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from reportgen import columns, pipeline
from reportgen.inputs.load import load_manifest
from reportgen.model import ALL
from reportgen.report import Report
from reportgen.site.media import make_thumbnails, media_rows
from reportgen.site.sequences import plan_sequences

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "scenes" / "reportgen.yaml"


@pytest.fixture(scope="module")
def report() -> Report:
    return pipeline.run(load_manifest(EXAMPLE), keep_history=False)


def test_every_film_is_a_sequence_and_a_group(report: Report) -> None:
    """Eight frames each; the counts of the films add up to those of the report."""
    films = report.sequences
    own = report.outcomes.frame.group_by(columns.SEQUENCE).len()

    assert own.height == films["sequence"].n_unique() == report.counts.n_groups == 36
    assert films.group_by("version").agg(pl.col("n").sum())["n"].to_list() == [report.counts.n_samples] * 3
    told = films.filter(version=report.candidate)
    flips = report.flips.filter(slice=ALL, candidate=report.candidate)
    assert told["n_newly_broken"].sum() == flips["newly_broken"].item()
    assert told["n_newly_fixed"].sum() == flips["newly_fixed"].item()


def test_the_films_that_got_worst_stand_first(report: Report) -> None:
    """With a strip for the baseline and one for the candidate, and their words."""
    view = plan_sequences(report)
    assert view is not None

    told = report.sequences.filter(version=report.candidate)
    assert told["n_newly_broken"].is_sorted(descending=True)
    assert [row.name for row in view.rows] == told["sequence"].head(6).to_list()
    for row in view.rows:
        assert row.size == "8 frames"
        assert [strip.version for strip in row.strips] == [report.baseline, report.candidate]
        assert [strip.places for strip in row.strips] == [8, 8]
    assert view.rows[0].strips[1].told.endswith(f"; {told['n_newly_broken'][0]} worse")
    assert view.shown == "the first 6 of 36 sequences"


def test_frames_of_a_film_are_no_copies(report: Report) -> None:
    """What is alike lies within one film; every frame has its picture, and nearly all a larger one."""
    found = report.inspection.duplicates
    assert found is not None
    assert found.families["within_group"].all()
    assert len(found.copies) == 0

    shown = make_thumbnails(report.outcomes, *media_rows(report))
    assert len(shown.by_row) == report.counts.n_samples
