"""What became of sequences of frames, against counting frame by frame."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from reportgen import columns
from reportgen.analysis.sequences import order_frames
from reportgen.model import ALL
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.report_json import SCHEMA, to_report
from tests import builders, framed


@pytest.fixture(scope="module")
def drives(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of drives."""
    return framed.report(tmp_path_factory.mktemp("framed") / "world")


def row_of(report: Report, sequence: str, version: str) -> dict[str, Any]:
    """The row of a sequence and version."""
    (row,) = [row for row in report.sequences.to_dicts() if (row["sequence"], row["version"]) == (sequence, version)]
    return row


def test_a_run_of_wrong_frames_is_told_with_its_place(drives: Report) -> None:
    """Five in a row, four of them newly broken, since one was wrong before."""
    row = row_of(drives, "drive-a", "v2")

    assert row == {
        "sequence": "drive-a", "version": "v2", "n": 12, "n_missing": 0, "n_scored": 12, "n_wrong": 5,
        "mean_loss": pytest.approx(5 / 12), "longest_run": 5, "run_first": 3, "run_last": 7, "n_newly_broken": 4,
        "n_newly_fixed": 0,
    }  # fmt: skip


def test_a_gap_ends_a_run(drives: Report) -> None:
    """Frames 3, 4 and 8 are wrong; of 5 to 7 nobody knows."""
    row = row_of(drives, "drive-b", "v2")

    assert (row["n_missing"], row["n_wrong"], row["longest_run"], row["run_first"], row["run_last"]) == (3, 3, 2, 3, 4)
    assert (row["n_newly_broken"], row["n_newly_fixed"]) == (3, 1)


def test_every_tenth_frame_makes_no_gaps(drives: Report) -> None:
    """The step is the sequence's own."""
    row = row_of(drives, "drive-c", "v2")

    assert (row["n"], row["n_missing"], row["longest_run"], row["run_first"], row["run_last"]) == (
        300,
        0,
        20,
        1000,
        1190,
    )


def test_frames_without_a_prediction_are_not_wrong(drives: Report) -> None:
    """They are not scored, and nothing is said of them."""
    row = row_of(drives, framed.HOSTILE, "v2")

    assert (row["n"], row["n_scored"], row["n_wrong"], row["longest_run"], row["run_first"]) == (6, 5, 0, 0, None)


def test_the_baseline_has_no_flips(drives: Report) -> None:
    """It would be held against itself."""
    assert row_of(drives, "drive-a", "v1")["n_newly_broken"] is None


def test_sequences_stand_by_what_the_candidate_newly_broke(drives: Report) -> None:
    """20 less those that were wrong before, 4, 3 and none."""
    assert drives.sequences["sequence"].unique(maintain_order=True).to_list() == [
        "drive-c", "drive-a", "drive-b", framed.HOSTILE,
    ]  # fmt: skip
    assert drives.sequences.schema == columns.SEQUENCES


def test_the_counts_are_those_of_the_frames(drives: Report) -> None:
    """Every sequence and version, counted from the outcome frame; what is in no sequence is a still."""
    outcomes = drives.outcomes
    order = order_frames(outcomes)
    assert order is not None
    rows = outcomes.frame.with_columns(outcomes.samples["drive"].alias("drive")).to_dicts()
    for v, version in enumerate(outcomes.versions):
        for name in outcomes.sequence_names:
            own = [row for row in rows if row["drive"] == name]
            wrong = [row for row in own if row[columns.scored(v)] and not row[columns.correct(v)]]
            told = row_of(drives, name, version)
            assert (told["n"], told["n_wrong"]) == (len(own), len(wrong))
    stills = sum(not row["drive"] for row in rows)
    assert len(order.rows) + stills == len(rows) == drives.counts.n_samples
    assert stills == len(framed.STILLS)


def test_the_groups_are_the_sequences(drives: Report) -> None:
    """Intervals are over drives; each still counts as one."""
    assert drives.counts.n_groups == len(framed.DRIVES) + len(framed.STILLS)
    overall = drives.estimates.filter(slice=ALL, metric="accuracy")
    assert set(overall["n_groups"]) == {drives.counts.n_groups}


def test_report_json_has_the_sequences(drives: Report) -> None:
    """A column each, by the contract; of a report without frames they are empty."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    written = json.loads(to_json(to_report(drives)))

    jsonschema.validate(written, schema)
    assert written["sequences"]["sequence"] == drives.sequences["sequence"].to_list()
    assert written["sequences"]["longest_run"] == drives.sequences["longest_run"].to_list()
    assert to_report(builders.one_version(n=60))["sequences"]["n"] == []
