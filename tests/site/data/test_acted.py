"""What earlier lists led to, as the Data page says it: counts, sizes over the reports, and what was collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reportgen.inspection import Inspection, LabelIssues
from reportgen.model import Acted, History, PastReport, PastSet, SliceSize
from reportgen.report import Report
from reportgen.site.data.acted import ActedView, plan_acted
from tests import builders

SUSPECT = PastSet("suspect-labels", "suspect label", "labels", "relabel", 90, "")
TWINS = PastSet("exact-copies", "exact copy", "duplicates", "exclude", 12, "")


def day(number: int) -> datetime:
    """That day of October."""
    return datetime(2026, 10, number, tzinfo=UTC)


def past(number: int, *sets: PastSet, parts: tuple[str, ...] = ("labels", "duplicates")) -> PastReport:
    """A report of that day that gave these lists."""
    return PastReport(day(number), f"{number:064d}", "", "", None, "v2", (), (), 1000, sets, parts)


def old(number: int) -> PastReport:
    """A report of a release that kept no lists."""
    return replace(past(number), n_samples=None, sets=None, looked_at=())


def acted(number: int, n: int, kept: int, relabelled: int, excluded: int, still: int | None) -> Acted:
    """What became of the suspect labels of that day."""
    same = kept - relabelled - excluded
    return Acted(day(number), SUSPECT.key, SUSPECT.name, "relabel", n, kept, relabelled, excluded, same, still)


def planned(history: History | None) -> ActedView | None:
    """The section of a report with that history."""
    report: Report = replace(builders.report(), history=history, inspection=Inspection(labels=LabelIssues("", "")))
    return plan_acted(report)


def test_without_a_past_there_is_nothing_to_say() -> None:
    """Neither without a history, nor in its first report, nor where past reports kept no lists."""
    assert planned(None) is None
    assert planned(History((), past(9))) is None
    assert planned(History((old(1),), past(9))) is None


def test_each_list_has_its_counts_and_the_last_report_a_sentence() -> None:
    """The newest first; a list of which the history keeps a part says so."""
    rows = (acted(5, 90, 90, 40, 12, 30), acted(1, 5000, 2000, 41, 0, None))
    view = planned(History((past(1), past(5, SUSPECT)), past(9), acted=rows))
    assert view is not None

    assert view.key == "Of the 90 entries of the lists of 5 Oct 2026, 00:00 UTC, 40 were relabelled and 12 excluded."
    shown = [(row.of, row.relabelled, row.excluded, row.same, row.still) for row in view.rows]
    assert shown == [("90", "40", "12", "38", "30"), ("first 2,000 of 5,000", "41", "0", "1,959", "–")]
    assert "only these are counted" in view.prose


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "The report of 5 Oct 2026, 00:00 UTC gave no list."),
        ((acted(5, 1, 1, 0, 0, 1),), "Of the one entry of the lists of 5 Oct 2026, 00:00 UTC, none was relabelled"),
        ((acted(5, 9, 9, 0, 3, 1),), "Of the 9 entries of the lists of 5 Oct 2026, 00:00 UTC, 3 were excluded."),
    ],
)
def test_sentences_of_little(rows: tuple[Acted, ...], said: str) -> None:
    """No list, one entry, nothing done, or one thing alone."""
    view = planned(History((past(5),), past(9), acted=rows))
    assert view is not None

    assert view.key.startswith(said)


def test_sizes_go_over_the_reports() -> None:
    """A set that is gone is 0 where its part was looked at; a report that kept none, or did not look, has no point."""
    before = (old(1), past(2, SUSPECT, TWINS), past(5, replace(SUSPECT, n=41), parts=("labels",)))
    view = planned(History(before, past(9, parts=("labels",))))
    assert view is not None
    cells = {one.title: one.chart.table for one in view.trends}

    assert list(cells) == ["Suspect label"]
    assert [row[:3] for row in cells["Suspect label"]] == [
        ("2 Oct 2026, 00:00 UTC", "90", "1,000"),
        ("5 Oct 2026, 00:00 UTC", "41", "1,000"),
        ("9 Oct 2026, 00:00 UTC", "0", "1,000"),
    ]
    assert view.trends[0].chart.head == ("Report", "Value", "n")


def test_what_was_collected_is_told_of_all_and_of_slices() -> None:
    """Then and now; not where the last report did not keep it."""
    sizes = (SliceSize("time=night", "night", 80, 240),)
    view = planned(History((past(5),), past(9), sizes=sizes))
    without = planned(History((past(4), replace(past(5), n_samples=None)), past(9)))
    assert view is not None
    assert without is not None

    assert [(row.name, row.then, row.now) for row in view.grown] == [
        ("All samples", "1,000", "1,200"),
        ("night", "80", "240"),
    ]
    assert without.grown == ()
