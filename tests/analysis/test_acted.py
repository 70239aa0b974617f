"""What earlier lists led to: who was relabelled, who is gone, who is as before, told by hashes alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis import acted
from reportgen.analysis.acted import follow_lists, keep_sets, looked_at, unpack
from reportgen.inputs.history import read_history, to_keep
from reportgen.inspection import Inspection, LabelIssues, SampleSet
from reportgen.model import Acted, Outcomes, PastReport
from reportgen.render.serialise import to_json
from tests.analysis.worlds import classify, regress

WHEN = datetime(2026, 10, 1, tzinfo=UTC)


def found(*sets: tuple[str, list[int]]) -> Inspection:
    """An inspection whose checks of labels found these rows."""
    made = tuple(SampleSet(key, key, "labels", "why", np.array(rows), "relabel") for key, rows in sets)
    return Inspection(labels=LabelIssues("", "", sets=made))


def past(outcomes: Outcomes, inspection: Inspection, created: datetime = WHEN) -> PastReport:
    """What the history keeps of a report of it."""
    return PastReport(
        created, "a" * 64, "", "", None, "v2", (), (),
        n_samples=outcomes.frame.height, sets=keep_sets(outcomes, inspection), looked_at=looked_at(inspection),
    )  # fmt: skip


def changed(outcomes: Outcomes, relabelled: list[int], gone: list[int]) -> Outcomes:
    """The outcomes with other labels in some rows, in another order, and without some rows."""
    frame = outcomes.frame.with_row_index("at")
    other = (pl.col(columns.TARGET) + 1) % max(1, len(outcomes.classes))
    frame = frame.with_columns(
        pl.when(pl.col("at").is_in(relabelled))
        .then(other)
        .otherwise(columns.TARGET)
        .cast(pl.Int32)
        .alias(columns.TARGET)
    )
    return replace(outcomes, frame=frame.filter(~pl.col("at").is_in(gone)).reverse().drop("at"))


def test_each_sample_of_a_list_is_relabelled_gone_or_as_it_was() -> None:
    """Whatever else changed, and in whatever order the samples come; of those as they were, who is found again."""
    then = classify(400)
    listed = [5, 9, 12, 30, 77, 100]
    report = past(then, found(("suspect-labels", listed)))
    now = changed(then, [5, 9, 200], [12, 300, 301])
    again = now.frame[columns.ID].to_list()
    still = [again.index(then.frame[columns.ID][row]) for row in (30, 77)]

    (one,) = follow_lists(now, found(("suspect-labels", still)), [report])

    assert one == Acted(WHEN, "suspect-labels", "suspect-labels", "relabel", 6, 6, 2, 1, 3, 2)


def test_a_set_that_is_gone_is_empty_where_its_part_was_looked_at() -> None:
    """Elsewhere nobody knows who would be in it."""
    outcomes = classify(100)
    report = past(outcomes, found(("twins", [1, 2])))

    assert [one.n_still for one in follow_lists(outcomes, found(), [report])] == [0]
    assert [one.n_still for one in follow_lists(outcomes, Inspection(), [report])] == [None]
    assert report.size_of("twins", "labels") == 2
    assert report.size_of("others", "labels") == 0
    assert report.size_of("others", "samples") is None


def test_labels_are_told_by_their_names_and_values_by_their_digits() -> None:
    """Other codes for the same classes change nothing; a value that moved is another label."""
    then = classify(50)
    names = then.classes
    turned = {code: len(names) - 1 - code for code in range(len(names))}
    frame = then.frame.with_columns(pl.col(columns.TARGET).replace(turned))
    now = replace(then, classes=tuple(reversed(names)), frame=frame)
    values = regress(50)
    moved = values.frame.with_columns(
        pl.col(columns.TARGET) + pl.when(pl.int_range(pl.len()) == 3).then(0.001).otherwise(0.0)
    )

    (one,) = follow_lists(now, found(), [past(then, found(("x", [1, 2, 3])))])
    assert (one.n_relabelled, one.n_same) == (0, 3)
    (one,) = follow_lists(replace(values, frame=moved), found(), [past(values, found(("x", [1, 2, 3])))])
    assert (one.n_relabelled, one.n_same) == (1, 2)


def test_no_text_of_a_user_is_kept_and_long_lists_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten bytes a sample; of a list the first ones, and of later lists what room is left."""
    monkeypatch.setattr(acted, "MOST_A_SET", 4)
    monkeypatch.setattr(acted, "MOST", 6)
    outcomes = classify(100)
    inspection = found(("a", [9, 8, 7, 6, 5, 4]), ("b", [1, 2, 3]), ("c", [50]))
    kept = keep_sets(outcomes, inspection)
    text = to_json(to_keep(past(outcomes, inspection)))

    assert [(one.n, len(unpack(one.kept)[0])) for one in kept] == [(6, 4), (3, 2), (1, 0)]
    assert not any(f'"{name}"' in text for name in [*outcomes.frame[columns.ID][:20], *outcomes.classes])
    followed = follow_lists(outcomes, found(), [past(outcomes, inspection)])
    assert [(one.key, one.n, one.n_kept) for one in followed] == [("a", 6, 4), ("b", 3, 2)]


def test_hashes_hold_what_they_say() -> None:
    """Six bytes of an id and four of a label with its id: two samples of one class have unlike hashes."""
    outcomes = classify(100)
    rows = np.flatnonzero(outcomes.frame[columns.TARGET].to_numpy() == 0)[:5].tolist()
    ids, labels = unpack(keep_sets(outcomes, found(("x", rows)))[0].kept)

    assert int(ids.max()) < 2**48
    assert int(labels.max()) < 2**32
    assert len(set(ids.tolist())) == len(set(labels.tolist())) == 5


def test_reports_of_earlier_releases_have_no_lists(tmp_path: Path) -> None:
    """They are read as ever, and nothing is said of lists that they did not keep."""
    outcomes = classify(100)
    old = past(outcomes, found(("x", [1])))
    kept: dict[str, Any] = dict(to_keep(old))
    for name in ("sets", "n_samples", "looked_at"):
        del kept["report"][name]
    (tmp_path / "old.json").write_text(to_json(kept), encoding="utf-8")

    (read,), notes = read_history(tmp_path, "history")

    assert notes == ()
    assert (read.sets, read.n_samples) == (None, None)
    assert follow_lists(outcomes, found(), [read]) == ()


@pytest.mark.parametrize("kept", ["AAAA", "!", "AAAAAAAAAAAAAA==" * 3, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
def test_a_damaged_list_makes_a_damaged_file(tmp_path: Path, kept: str) -> None:
    """It is left out with a note, as any other damage is."""
    outcomes = classify(100)
    whole = past(outcomes, found(("x", [1])))
    (one,) = whole.sets or ()
    damaged = replace(whole, sets=(replace(one, kept=kept),))
    (tmp_path / "x.json").write_text(to_json(to_keep(damaged)), encoding="utf-8")
    read, (note,) = read_history(tmp_path, "history")

    assert read == ()
    assert note.code == "RG541"
