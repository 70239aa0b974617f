"""Lists to take away: their rows, in their order, with what to do and why, whatever ids and labels hold."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.inspection import LabelIssues, SampleSet
from reportgen.site.lists import HEAD, LABELS_HEAD, evidence, label_rows, labels_of, list_files, plan_lists, set_rows
from reportgen.spreadsheet import write
from tests import builders
from tests.inspected import inspected

DARK = SampleSet("very-dark", "very dark", "samples", "The image is darker than 0.3.", np.array([7, 2, 40]), "exclude")
ROW: dict[str, Any] = {
    "rank": 1,
    "row": 3,
    "id": "s3",
    "label": "1",
    "suggestion": "7",
    "n_for": 3,
    "n_versions": 3,
    "n_picked": 3,
    "label_confidence": 0.021,
    "confidence": 0.97,
    "look_alikes_for": 9,
    "n_look_alikes": 10,
    "residual": None,
}


def read(text: str) -> list[list[str]]:
    """The lines of a table."""
    return list(csv.reader(io.StringIO(text, newline="")))


def test_labels_come_in_their_order_with_what_speaks_against_them() -> None:
    """A line a candidate, most suspect first; ``reviewed`` waits for a person."""
    report = inspected(builders.report())
    labels = report.inspection.labels
    assert labels is not None
    head, *lines = read(list_files(report)["suspect-labels"])

    assert tuple(head) == LABELS_HEAD
    assert [line[:3] for line in lines] == [list(row) for row in labels.candidates.select(head[:3]).iter_rows()]
    assert {line[4] for line in lines} == {""}
    assert len(lines) > 5
    assert all(line[3] == f"all 3 versions say {line[2]}" for line in lines)


def test_any_other_set_is_a_list_too() -> None:
    """Its samples in the order in which to look at them, each with its label, what to do and why."""
    report = builders.report()
    frame, classes = report.outcomes.frame, report.outcomes.classes

    head, *lines = read(write(set_rows(report, DARK)))

    assert tuple(head) == HEAD
    assert lines == [
        [frame[columns.ID][row], classes[frame[columns.TARGET][row]], "exclude", "The image is darker than 0.3."]
        for row in (7, 2, 40)
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "all 3 versions say 7; probability of the label 0.02, of 7 0.97; 9 of 10 look-alikes are 7"),
        ({"n_for": 2}, "2 of 3 versions say 7; probability of the label 0.02, of 7 0.97; 9 of 10 look-alikes are 7"),
        ({"confidence": None, "n_look_alikes": None}, "all 3 versions say 7"),
        ({"confidence": None, "look_alikes_for": 1}, "all 3 versions say 7; 1 of 10 look-alikes is 7"),
        ({"n_for": 1, "n_versions": 1, "n_look_alikes": 0, "confidence": None}, "the version says 7"),
        ({"residual": 6.21}, "all 3 versions say about 7; the label is 6.2 usual deviations above"),
        ({"residual": -4.5}, "all 3 versions say about 7; the label is 4.5 usual deviations below"),
    ],
)
def test_evidence_is_one_plain_line(changes: dict[str, Any], said: str) -> None:
    """Who says what else, with which probability, and what look-alikes are called."""
    assert evidence({**ROW, **changes}) == said


def test_hostile_ids_and_labels_are_no_formulas() -> None:
    """Whatever a spreadsheet would run has an apostrophe before it; values of a regression stay numbers."""
    row = {**ROW, "id": "=cmd()", "label": "-x", "suggestion": '@"a,b"'}
    labels = LabelIssues("", "", pl.DataFrame([row], schema=columns.LABEL_ISSUES))
    values = LabelIssues(
        "", "", pl.DataFrame([{**row, "label": "-3.25", "suggestion": "4"}], schema=columns.LABEL_ISSUES)
    )

    assert read(write(label_rows(labels, values=False)))[1][:3] == ["'=cmd()", "'-x", '\'@"a,b"']
    assert read(write(label_rows(values, values=True)))[1][:3] == ["'=cmd()", "-3.25", "4"]


def test_samples_without_a_label() -> None:
    """They have none in the list either."""
    assert labels_of(pl.Series([1, -1, None], dtype=pl.Int32), ("a", "b")) == ["b", None, None]
    assert labels_of(pl.Series([1.5, float("nan"), None]), ()) == [1.5, None, None]


def test_the_page_names_every_list_with_its_size_and_its_samples() -> None:
    """In the order of the sets; the link leads to exactly those samples."""
    rows = plan_lists(inspected(builders.report(), [DARK]))

    assert [(row.key, row.action) for row in rows] == [("suspect-labels", "relabel"), ("very-dark", "exclude")]
    assert rows[1].reason == DARK.rule
    assert (rows[1].see.text, rows[1].see.count) == ("3", 3)
    assert rows[1].see.state == (("set", "all"), ("a.very dark", "yes"))
